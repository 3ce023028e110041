"""Addresses of education's public pages (design: a contract; tests and links rely on them)."""

from django.urls import path, register_converter

from education.views import codes, editions, guides, leaflets, mistakes, search, tools


class Digest:
    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Number:
    """A number of an edition: no sign, no leading zero, small enough for any database."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Digest, "digest")
register_converter(Number, "number")

app_name = "education"
urlpatterns = [
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:guide>/", guides.guide, name="guide"),
    path("guides/<slug:guide>/all/", guides.whole, name="whole"),
    path("guides/<slug:guide>/sources/", guides.sources, name="sources"),
    path("guides/<slug:guide>/sources.csv", guides.sources_csv, name="sources-csv"),
    path("guides/<slug:guide>/sources.json", guides.sources_json, name="sources-json"),
    path("guides/<slug:guide>/leaflet.pdf", leaflets.leaflet, name="leaflet"),
    path("guides/<slug:guide>/check/", tools.check, name="check"),
    path("guides/<slug:guide>/plan/", tools.plan, name="plan"),
    path("guides/<slug:guide>/plan.ics", tools.plan_ics, name="plan-ics"),
    path("guides/<slug:guide>/editions/", editions.editions, name="editions"),
    path("guides/<slug:guide>/editions/<number:number>/", editions.edition, name="edition"),
    path("guides/<slug:guide>/editions/<number:number>/changes/", editions.changes, name="changes"),
    path(
        "guides/<slug:guide>/editions/<number:number>/leaflet.pdf",
        leaflets.leaflet_of_edition,
        name="edition-leaflet",
    ),
    path("guides/<slug:guide>/mistake/", mistakes.mistake, name="mistake"),
    path("guides/<slug:guide>/mistake/sent/", mistakes.mistake_sent, name="mistake-sent"),
    path("guides/<slug:guide>/<slug:page>/", guides.page, name="page"),
    path("e/", codes.code_form, name="code-form"),
    path("e/<str:code>/", codes.code, name="code"),
    path("search/", search.search, name="search"),
    path("images/<digest:digest>.webp", guides.image, name="image"),
    path("images/<digest:digest>-<number:width>.webp", guides.smaller_image, name="smaller-image"),
]
