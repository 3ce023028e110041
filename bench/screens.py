"""The screens that must stay usable however much a clinic has: one list, for the benchmark and for the tests.

An address has places such as `{guide}` for the rows of the clinic that `places()` finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clinic.models import ConsultationRequest, Price, Provider, User
from education.models import Edition, Guide, Image, MistakeReport, Page, Source, State

EDITOR, REVIEWER, FRONT_DESK, OWNER = "editor", "reviewer", "frontdesk", "owner"


@dataclass(frozen=True)
class Screen:
    """What it is called, where it is, and who looks at it: an account, or nobody for a public page."""

    name: str
    path: str
    who: str = ""

    @property
    def is_public(self) -> bool:
        return not self.who

    @property
    def is_file(self) -> bool:
        """Whether it has all there is, for another program: its length grows with the clinic."""
        return "/export." in self.path


PUBLIC = (
    Screen("home", "/"),
    Screen("guides", "/guides/"),
    Screen("guide", "/guides/{slug}/"),
    Screen("page", "/guides/{slug}/side-effects/"),
    Screen("whole guide", "/guides/{slug}/all/"),
    Screen("sources", "/guides/{slug}/sources/"),
    Screen("sources as a table", "/guides/{slug}/sources.csv"),
    Screen("before you book", "/guides/{slug}/check/"),
    Screen("plan", "/guides/{slug}/plan/"),
    Screen("editions", "/guides/{slug}/editions/"),
    Screen("editions of a day", "/guides/{slug}/editions/?on={day}"),
    Screen("permalink", "/guides/{slug}/editions/1/"),
    Screen("changes", "/guides/{slug}/editions/{number}/changes/"),
    Screen("changes since the first", "/guides/{slug}/editions/{number}/changes/?since=1"),
    Screen("code of a leaflet", "/e/{code}/"),
    Screen("form for a mistake", "/guides/{slug}/mistake/"),
    Screen("prices", "/prices/"),
    Screen("prices of a day", "/prices/?on={day}"),
    Screen("providers", "/providers/"),
    Screen("provider", "/providers/{provider_slug}/"),
    Screen("form for a request", "/consultation/"),
    Screen("search", "/search/?q=bruise"),
    Screen("search, two words", "/search/?q=skin+treatment"),
    Screen("search, a letter wrong", "/search/?q=treatmnt"),
    Screen("site map", "/sitemap.xml"),
    Screen("feed", "/feed.xml"),
)
EDUCATION, CLINIC = "/admin/education", "/admin/clinic"
OF_GUIDE = EDUCATION + "/guide/{guide}"
DESKS = tuple(Screen(f"desk of the {who}", "/admin/", who) for who in (EDITOR, REVIEWER, FRONT_DESK, OWNER))
LISTS = (
    Screen("list of guides", f"{EDUCATION}/guide/", EDITOR),
    Screen("list of guides, searched", f"{EDUCATION}/guide/?q=guide", EDITOR),
    Screen("list of editions", f"{EDUCATION}/edition/", REVIEWER),
    Screen("list of editions of a guide", f"{EDUCATION}/edition/?guide__id__exact={{guide}}", REVIEWER),
    Screen("list of sources", f"{EDUCATION}/source/", EDITOR),
    Screen("list of sources that are due", f"{EDUCATION}/source/?due=soon", EDITOR),
    Screen("list of sources, searched", f"{EDUCATION}/source/?q=skin", EDITOR),
    Screen("list of terms", f"{EDUCATION}/term/", EDITOR),
    Screen("list of images", f"{EDUCATION}/image/", EDITOR),
    Screen("list of patients' words", f"{EDUCATION}/synonym/", EDITOR),
    Screen("list of mistakes", f"{EDUCATION}/mistakereport/", REVIEWER),
    Screen("list of mistakes, searched", f"{EDUCATION}/mistakereport/?q=skin", REVIEWER),
    Screen("list of mistakes of a guide", f"{EDUCATION}/mistakereport/?edition__guide__id__exact={{guide}}", REVIEWER),
    Screen("list of requests", f"{CLINIC}/consultationrequest/", FRONT_DESK),
    Screen("list of new requests", f"{CLINIC}/consultationrequest/?state__exact=new", FRONT_DESK),
    Screen("list of requests, searched", f"{CLINIC}/consultationrequest/?q=visitor-1-7", FRONT_DESK),
    Screen("list of requests, by phone", f"{CLINIC}/consultationrequest/?q=202-555", FRONT_DESK),
    Screen("list of requests, last page", f"{CLINIC}/consultationrequest/?p={{last}}", FRONT_DESK),
    Screen("list of prices", f"{CLINIC}/price/", EDITOR),
    Screen("list of prices of a guide", f"{CLINIC}/price/?guide__id__exact={{guide}}", EDITOR),
    Screen("list of providers", f"{CLINIC}/provider/", EDITOR),
    Screen("list of accounts", f"{CLINIC}/user/", OWNER),
    Screen("audit log", f"{EDUCATION}/auditline/", OWNER),
    Screen("audit log of one kind", f"{EDUCATION}/auditline/?what__exact=edition.published", OWNER),
    Screen("audit log of a person", f"{EDUCATION}/auditline/?made_by__id__exact={{editor}}", OWNER),
    Screen("audit log, searched", f"{EDUCATION}/auditline/?q=editor", OWNER),
    Screen("audit log of a month", f"{EDUCATION}/auditline/?made_at__year={{year}}&made_at__month={{month}}", OWNER),
)
WORK = (
    Screen("guide's screen", f"{OF_GUIDE}/change/", EDITOR),
    Screen("guide's history", f"{OF_GUIDE}/history/", EDITOR),
    Screen("screen to begin a guide", f"{EDUCATION}/guide/begin/", EDITOR),
    Screen("screen to submit a guide", f"{OF_GUIDE}/submit/", EDITOR),
    Screen("writing screen", f"{OF_GUIDE}/pages/{{page}}/", EDITOR),
    Screen("saved texts of a page", f"{OF_GUIDE}/pages/{{page}}/versions/", EDITOR),
    Screen("edition's screen", f"{EDUCATION}/edition/{{edition}}/change/", REVIEWER),
    Screen("review screen", f"{EDUCATION}/edition/{{waiting}}/change/", REVIEWER),
    Screen("preview of an edition", f"{EDUCATION}/edition/{{waiting}}/preview/", REVIEWER),
    Screen("source's screen", f"{EDUCATION}/source/{{source}}/change/", EDITOR),
    Screen("image's screen", f"{EDUCATION}/image/{{image}}/change/", EDITOR),
    Screen("mistake's screen", f"{EDUCATION}/mistakereport/{{report}}/change/", REVIEWER),
    Screen("request's screen", f"{CLINIC}/consultationrequest/{{request}}/change/", FRONT_DESK),
    Screen("price's screen", f"{CLINIC}/price/{{price}}/change/", EDITOR),
    Screen("screen of a new price", f"{CLINIC}/price/add/", EDITOR),
    Screen("provider's screen", f"{CLINIC}/provider/{{provider}}/change/", EDITOR),
    Screen("account's screen", f"{CLINIC}/user/{{editor}}/change/", OWNER),
)
EXPORTS = (
    Screen("requests as a table", f"{CLINIC}/consultationrequest/export.csv", OWNER),
    Screen("audit log as a table", f"{EDUCATION}/auditline/export.csv", OWNER),
    Screen("audit log as lines", f"{EDUCATION}/auditline/export.jsonl", OWNER),
)
SCREENS = (*PUBLIC, *DESKS, *LISTS, *WORK, *EXPORTS)


def places() -> dict[str, Any]:
    """Return the rows that the screens are looked at with: of the first guide, and the first of each other kind."""
    guide = Guide.objects.order_by("pk")[0]
    last = guide.editions.order_by("-number")[0]
    waiting = next(one for one in Edition.objects.with_state().order_by("pk") if one.state is State.IN_REVIEW)
    day = last.made_at.date()
    return {
        "guide": guide.pk,
        "slug": guide.slug,
        "number": last.number,
        "code": last.code,
        "edition": last.pk,
        "waiting": waiting.pk,
        "day": day,
        "year": day.year,
        "month": day.month,
        "page": guide.pages.get(kind=Page.Kind.SIDE_EFFECTS).pk,
        "source": _first(Source),
        "image": _first(Image),
        "report": _first(MistakeReport),
        "request": _first(ConsultationRequest),
        "last": -(-ConsultationRequest.objects.count() // 50),
        "price": _first(Price),
        "provider": _first(Provider),
        "provider_slug": Provider.objects.order_by("pk")[0].slug,
        "editor": User.objects.get(username=EDITOR).pk,
    }


def _first(model: Any) -> int:
    return int(model.objects.order_by("pk").values_list("pk", flat=True)[0])
