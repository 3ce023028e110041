"""What search engines and other sites are told: one address a page, since when it reads so, and only what is live."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from clinic.views import machines
from education import actions
from education.models import Page
from tests import builders, profiles, public
from tests.education.example_entries import CONTRAINDICATION
from tests.html import Page as Read
from tests.html import get, page

AT = "/guides/cold-therapy/"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def clinic(cast):
    return public.whole_clinic(cast["owner"])


def site_map(client, path: str = "/sitemap.xml") -> dict[str, ElementTree.Element]:
    """Return what the site map names, by path."""
    root = ElementTree.fromstring(get(client, path).content)
    assert root.tag == f"{MAP}urlset"
    return {(one.findtext(f"{MAP}loc") or "").removeprefix("http://localhost:8000"): one for one in root}


def links(read: Read, kind: str) -> list[str | None]:
    return [one.get("href") for tag, one in read.elements if tag == "link" and one.get("rel") == kind]


def shared(read: Read) -> dict[str, Any]:
    """Return what a page says to sites on which somebody shares it."""
    return {str(one["property"]): one["content"] for one in read.with_attribute("property")}


def is_kept_from_search(read: Read) -> bool:
    return any(one["name"] == "robots" and "noindex" in str(one["content"]) for one in read.with_attribute("name"))


# The site map


def test_everything_in_the_site_map_answers_at_the_address_that_it_calls_its_own(client, clinic, cast, settings):
    guide = builders.guide(cast["author"])
    builders.page(guide, cast["author"], Page.Kind.CONTRAINDICATIONS, "[[entries]]", entries=[CONTRAINDICATION])
    builders.published(guide, cast)
    profiles.provider(cast["author"])
    found = site_map(client)
    assert {"/", "/guides/", AT, f"{AT}side-effects/", f"{AT}all/", f"{AT}sources/", f"{AT}editions/"} <= set(found)
    assert {f"{AT}check/", "/providers/robin-sample/", "/prices/", "/about/"} <= set(found)
    assert not {f"{AT}plan/", f"{AT}mistake/", f"{AT}editions/1/", "/search/", "/e/"} & set(found)
    for path in found:
        read = page(get(client, path))
        assert links(read, "canonical") == [f"{settings.SITE_URL}{path}"]
        assert not is_kept_from_search(read)
        assert "noindex" not in get(client, path).headers.get("X-Robots-Tag", "")


def test_a_guide_without_reasons_has_no_self_check_in_it(client, live):
    get(client, f"{AT}check/", 404)
    assert f"{AT}check/" not in site_map(client)


def test_a_page_has_the_day_since_which_patients_read_it_as_the_list_of_editions_says_it(client, live, time_machine):
    for one in (f"{AT}", f"{AT}side-effects/", f"{AT}all/"):
        changed = datetime.fromisoformat(site_map(client)[one].findtext(f"{MAP}lastmod") or "")
        shown = page(get(client, f"{AT}editions/")).with_attribute("datetime")
        assert changed in [datetime.fromisoformat(str(time["datetime"])) for time in shown]
        if one != f"{AT}editions/":
            meta = shared(page(get(client, one)))
            assert meta["article:modified_time"] == timezone.localdate(changed).isoformat()


def test_a_review_that_changes_nothing_moves_no_date_and_a_return_from_the_archive_does(
    client, live, cast, time_machine
):
    def changed() -> datetime:
        return datetime.fromisoformat(site_map(client)[AT].findtext(f"{MAP}lastmod") or "")

    first = changed()
    time_machine.move_to(timezone.now().replace(microsecond=0) + timedelta(days=9), tick=False)
    actions.confirm(live, by=cast["reviewer"], judged=live.content_hash)
    assert changed() == first
    actions.archive_guide(live.guide, by=cast["author"], reason="Nobody writes it.")
    assert AT not in site_map(client)
    time_machine.shift(3600)
    actions.reopen_guide(live.guide, by=cast["author"])
    assert changed() == timezone.now()


def test_a_planned_edition_changes_nothing_before_its_moment(client, live, cast, time_machine):
    builders.page(live.guide, cast["author"], Page.Kind.RECOVERY, "Rest.")
    coming = builders.approved(live.guide, cast, what_changed="A page.")
    soon = (timezone.now() + timedelta(days=3)).replace(microsecond=0)
    actions.publish(coming, by=cast["author"], live_from=soon)
    assert f"{AT}recovery/" not in site_map(client)
    time_machine.move_to(soon, tick=False)
    changed = site_map(client)[f"{AT}recovery/"].findtext(f"{MAP}lastmod")
    assert datetime.fromisoformat(changed or "") == soon
    actions.withdraw(coming, by=cast["author"], reason="Wrong.")
    assert not [path for path in site_map(client) if path.startswith(AT)]


def test_translations_name_each_other_page_by_page(client, live, cast, settings):
    facts = {"title": "العلاج", "slug": "cold-ar", "language": "ar", "translation_of": live.guide}
    arabic = builders.guide(cast["author"], **facts)
    builders.page(arabic, cast["author"], Page.Kind.RECOVERY, "Rest.")
    assert not list(site_map(client)[AT].iter(f"{XHTML}link"))
    builders.published(arabic, cast)
    found = site_map(client)
    for rest in ("", "side-effects/", "all/"):
        wanted = {
            language: f"{settings.SITE_URL}/guides/{slug}/{rest}"
            for language, slug in (("en", "cold-therapy"), ("ar", "cold-ar"))
        }
        for slug in ("cold-therapy", "cold-ar"):
            named = list(found[f"/guides/{slug}/{rest}"].iter(f"{XHTML}link"))
            assert {one.get("hreflang"): one.get("href") for one in named} == wanted
            assert {one.get("rel") for one in named} == {"alternate"}
    assert not list(found["/guides/cold-ar/recovery/"].iter(f"{XHTML}link"))


def test_more_addresses_than_one_file_may_name_stand_in_several(client, live, monkeypatch, settings):
    whole = list(site_map(client))
    monkeypatch.setattr(machines, "MOST_IN_SITE_MAP", 4)
    root = ElementTree.fromstring(get(client, "/sitemap.xml").content)
    assert root.tag == f"{MAP}sitemapindex"
    parts = [(one.findtext(f"{MAP}loc") or "").removeprefix(settings.SITE_URL) for one in root]
    named = [path for part in parts for path in site_map(client, part)]
    assert named == whole
    assert all(len(site_map(client, part)) <= 4 for part in parts)
    for number in (0, len(parts) + 1):
        get(client, f"/sitemap-{number}.xml", 404)


def test_the_site_map_costs_the_same_however_much_there_is(client, live, cast, django_assert_num_queries):
    with django_assert_num_queries(4):
        get(client, "/sitemap.xml")
    builders.published(builders.guide(cast["author"], title="Second", slug="second"), cast)
    with django_assert_num_queries(4):
        get(client, "/sitemap.xml")


def test_robots_may_read_what_says_that_it_is_not_for_search(client, settings):
    lines = get(client, "/robots.txt").content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert lines[-1] == f"Sitemap: {settings.SITE_URL}/sitemap.xml"
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    assert closed == ["/admin/", "/accounts/"]


# One address a page


@pytest.mark.parametrize(
    ("asked", "own"),
    [
        ("/prices/?on=2001-01-01&procedure=x", "/prices/"),
        ("/providers/?language=es", "/providers/"),
        ("/consultation/?guide=cold-therapy", "/consultation/"),
        (f"{AT}?utm_source=x", AT),
        (f"{AT}side-effects/?q=%22%3E%3Cb", f"{AT}side-effects/"),
        (f"{AT}editions/?on=2001-01-01", f"{AT}editions/"),
        (f"{AT}editions/1/", f"{AT}all/"),
    ],
)
def test_what_stands_behind_an_address_makes_no_other_page(client, clinic, live, settings, asked, own):
    read = page(get(client, asked))
    assert links(read, "canonical") == [f"{settings.SITE_URL}{own}"]
    assert shared(read)["og:url"] == f"{settings.SITE_URL}{own}"


def test_an_edition_that_no_longer_counts_is_kept_from_search_and_has_no_address_for_it(client, live, cast):
    builders.next_edition(live.guide, cast, "More.")
    superseded = page(get(client, f"{AT}editions/1/"))
    assert is_kept_from_search(superseded)
    assert links(superseded, "canonical") == []


@pytest.mark.looks
def test_every_page_is_either_for_search_at_one_address_or_not(site):
    for one in site.pages:
        read = Read(one.html)
        own = links(read, "canonical")
        assert len(own) == (0 if is_kept_from_search(read) else 1), str(one)
        if one.view == "404" or one.state.startswith(("fault", "left", "removed", "nothing to")):
            assert own == [], str(one)
        for address in own:
            assert re.fullmatch(r"http://localhost:\d+/[\w./-]*", str(address)), str(one)


# What a shared link shows


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "website"), (AT, "article"), (f"{AT}side-effects/", "article"), ("/providers/robin-sample/", "profile")],
)
def test_a_shared_link_shows_what_the_page_says(client, clinic, cast, live, settings, path, kind):
    profiles.provider(cast["author"])
    read = page(get(client, path))
    said = shared(read)
    assert said["og:type"] == kind
    assert said["og:title"] == read.title
    assert said["og:url"] == f"{settings.SITE_URL}{path}"
    assert said["og:site_name"] == "Test Clinic"
    assert "og:locale" not in said  # everybody takes it for English
    assert get(client, said["og:image"].removeprefix(settings.SITE_URL))["Content-Type"] == "image/png"
    if kind == "article":
        # The overview shows it; the other pages are of the guide that it sums up.
        assert said["og:description"] in page(get(client, AT)).text
