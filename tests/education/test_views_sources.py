"""The sources that readers see: the edition's words, how each stands today, and every claim that rests on it."""

from __future__ import annotations

import csv
import io

import pytest
import time_machine

from education import actions
from education.models import Page, Source
from tests import builders, public
from tests.education import sourced
from tests.html import get, page

Kind = Page.Kind


@pytest.fixture
def two_sources(cast):
    """A guide that is live and rests on two sources, in texts and entries."""
    with time_machine.travel("2026-03-03 15:00+00:00", tick=False):
        made = sourced.sourced(cast)
        return sourced.published(made, cast)


@pytest.mark.parametrize(
    ("facts", "href"),
    [
        ({"url": "https://example.org/a?b=1&c=2"}, "https://example.org/a?b=1&c=2"),
        ({"url": "javascript:alert(1)", "pmid": "123"}, "https://pubmed.ncbi.nlm.nih.gov/123/"),
        ({"url": "javascript:alert(1)"}, None),
        ({"url": "//example.org"}, None),
        ({"pmid": "123/../x"}, "https://pubmed.ncbi.nlm.nih.gov/123%2F..%2Fx/"),
        ({}, None),
    ],
)
def test_a_source_links_to_a_web_address_or_to_none(client, guide, cast, facts, href):
    builders.source("linked", title="The linked one", year=None, **facts)
    builders.write(guide, cast["author"], Kind.PREPARATION, "Rest [@linked].")
    builders.published(guide, cast)
    for path in ("preparation/", "all/", "sources/", "editions/1/"):
        read = page(get(client, f"/guides/cold-therapy/{path}"))
        assert [link for link, words in read.links if words == "The linked one"] == ([href] if href else [])
        assert "no date" in read.text


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_the_table_of_sources_is_a_formula(client, guide, cast, title):
    builders.source("sly", title=f"{title}", note=f"{title} too")
    row = guide.pages.get(kind=Kind.PREPARATION)
    step = {"from_day": 0, "text": f"{title} you", "sources": ["sly"]}
    facts = {"title": row.title, "slug": row.slug, "markdown": "Rest [@sly]."}
    actions.save_page(row, by=cast["author"], base=None, entries=[step], **facts)
    sourced.published(guide, cast)
    response = get(client, "/guides/cold-therapy/sources.csv")
    assert "cold-therapy-edition-1-sources.csv" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert {row[1] for row in rows} == {"key", "trial-2020", "sly"}
    assert any("you" in cell for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_the_list_of_sources_says_what_each_supports_and_how_strong_it_is(client, live):
    read = page(get(client, "/guides/cold-therapy/sources/"))
    assert "Kind of source: Trial" in read.text
    used = [href for href, words in read.links if words in ("Overview", "Side effects")]
    assert used == [
        "/guides/cold-therapy/#ref-overview-trial-2020-1",
        "/guides/cold-therapy/side-effects/#ref-side-effects-trial-2020-1",
    ]
    for href in used:
        path, _, anchor = href.partition("#")
        assert anchor in page(get(client, path)).ids
    rows = get(client, "/guides/cold-therapy/sources.json").json()
    assert rows["edition"] == 1
    assert [row["key"] for row in rows["sources"]] == ["trial-2020"]


def test_a_reference_is_found_when_the_address_has_capitals(client, guide, cast):
    row = guide.pages.get(kind=Kind.SIDE_EFFECTS)
    actions.save_page(row, by=cast["author"], base=None, title=row.title, slug="Side_Effects-", markdown=row.markdown)
    builders.published(guide, cast)
    page(get(client, "/guides/cold-therapy/Side_Effects-/"))
    read = page(get(client, "/guides/cold-therapy/sources/"))
    path, _, anchor = next(href for href, words in read.links if words == "Side effects").partition("#")
    assert anchor in page(get(client, path)).ids


def test_while_its_sources_stand_no_page_says_anything_of_today(client, two_sources):
    for path in public.of_guide(two_sources):
        assert b"Today:" not in get(client, path).content
        assert b"A source of this page" not in get(client, path).content


@pytest.mark.parametrize(
    ("outcome", "notice", "today"),
    [
        ("withdrawn", "A source of this page has been withdrawn.", "Today: this source has been withdrawn."),
        (
            "superseded",
            "A source of this page is out of date: a newer one has taken its place.",
            "Today: a newer source has taken the place of this one.",
        ),
    ],
)
def test_a_source_that_no_longer_stands_is_marked_wherever_it_is_listed(
    client, two_sources, cast, outcome, notice, today
):
    before = two_sources.snapshot().content_hash()
    with time_machine.travel("2026-04-05 15:00+00:00", tick=False):
        sourced.checked("old-2001", cast["author"], outcome, "See <b>the journal</b>.")
        at = "/guides/cold-therapy/"
        for path in (f"{at}benefits/", f"{at}evidence/", f"{at}all/"):
            read = page(get(client, path))
            assert notice in read.text, path
            assert read.link("See source 2") == "#source-old-2001"
        for path in (f"{at}benefits/", f"{at}evidence/", f"{at}all/", f"{at}sources/", f"{at}editions/1/"):
            read = page(get(client, path))
            assert f"{today} Our note, since April 5, 2026: See <b>the journal</b>." in read.text, path
            assert read.text.count("Today:") == 1
        for path in (at, f"{at}side-effects/", f"{at}preparation/"):
            read = page(get(client, path))
            assert "A source of this page" not in read.text
            assert "Today:" not in read.text
    assert two_sources.snapshot().content_hash() == before == two_sources.content_hash


def test_an_older_edition_shows_how_its_sources_stand_today(client, two_sources, cast):
    guide = two_sources.guide
    actions.remove_page(guide.pages.get(kind=Kind.EVIDENCE), by=cast["author"])
    actions.remove_page(guide.pages.get(kind=Kind.BENEFITS), by=cast["author"])
    sourced.published(guide, cast)
    sourced.checked("trial-2020", cast["author"])
    assert "Today: this source has been withdrawn." in page(get(client, "/guides/cold-therapy/editions/1/")).text


def test_back_to_the_text_leads_to_the_reference_even_from_an_entry(client, two_sources):
    read = page(get(client, "/guides/cold-therapy/benefits/"))
    assert ("#ref-benefits-old-2001-1", "Back to the text, where source 2 is named") in read.links


def test_each_place_that_names_a_source_has_its_own_way_back(client, two_sources):
    read = page(get(client, "/guides/cold-therapy/"))
    assert "Back to the text: 1, where source 1 is named 2, where source 1 is named" in read.text
    for number in (1, 2):
        anchor = read.link(f"{number}, where source 1 is named").removeprefix("#")
        assert anchor == f"ref-overview-trial-2020-{number}"
        assert read.ids[anchor] == 1


@pytest.mark.parametrize(("publisher", "shown"), [("Product label", 1), ("product LABEL", 1), ("Maker", 2)])
def test_a_publisher_that_is_the_kind_of_source_is_not_said_twice(client, guide, cast, publisher, shown):
    builders.source("label", title="Leaflet", year=None, strength="product-label", publisher=publisher)
    builders.write(guide, cast["author"], Kind.PREPARATION, "Rest [@label].")
    builders.published(guide, cast)
    text = page(get(client, "/guides/cold-therapy/preparation/")).text.lower()
    assert text.count("product label") + text.count("maker") == shown


def test_the_list_of_sources_has_every_claim_with_its_kind_and_when_somebody_looked(client, two_sources, cast):
    with time_machine.travel("2026-04-05 15:00+00:00", tick=False):
        actions.check_source(Source.objects.get(key="old-2001"), by=cast["author"], outcome="current")
    read = page(get(client, "/guides/cold-therapy/sources/"))
    assert "Last checked by the clinic on April 5, 2026. To be checked again by April 5, 2028." in read.text
    assert "Last checked by the clinic on March 3, 2026. To be checked again by March 3, 2028." in read.text
    assert "Benefit: Less pain (Benefits)" in read.text
    assert "Key fact: How long: It takes you an hour. (Evidence)" in read.text
    assert "Text of the page Side effects" in read.text
    for href in [href for href, _ in read.links if "#ref-" in href]:
        path, _, anchor = href.partition("#")
        assert anchor in page(get(client, path)).ids


def test_a_source_that_nobody_checked_says_so(client, guide, cast):
    Source(key="plain", title="Plain", strength="trial").save()
    builders.write(guide, cast["author"], Kind.PREPARATION, "Rest [@plain].")
    sourced.published(guide, cast)
    assert "Not checked yet since it was added." in page(get(client, "/guides/cold-therapy/sources/")).text
    row = get(client, "/guides/cold-therapy/sources.json").json()["sources"][-1]
    assert [row[name] for name in ("key", "status", "last_checked", "check_again_by")] == [
        "plain", "not checked", None, None,
    ]  # fmt: skip


def test_machines_get_every_claim_too_as_a_row_each_or_under_its_source(client, two_sources, cast):
    with time_machine.travel("2026-04-05 15:00+00:00", tick=False):
        sourced.checked("old-2001", cast["author"])
        actions.check_source(Source.objects.get(key="trial-2020"), by=cast["author"], outcome="current", note="Ours.")
    rows = list(csv.DictReader(io.StringIO(get(client, "/guides/cold-therapy/sources.csv").content.decode())))
    assert [(row["key"], row["page"], row["entry_kind"], row["claim"]) for row in rows] == [
        ("trial-2020", "Overview", "", ""),
        ("trial-2020", "Overview", "key-fact", "How many sessions: A trial used 4."),
        ("trial-2020", "Side effects", "", ""),
        ("trial-2020", "Side effects", "side-effect", "Numb skin"),
        ("trial-2020", "Evidence", "", ""),
        ("old-2001", "Evidence", "key-fact", "How long: It takes you an hour."),
        ("old-2001", "Benefits", "benefit", "Less pain"),
    ]
    last = rows[-1]
    assert (last["status"], last["status_note"], last["status_since"]) == (
        "withdrawn", "The journal took it back.", "2026-04-05",
    )  # fmt: skip
    assert (last["last_checked"], last["check_again_by"]) == ("2026-04-05", "")
    assert (last["strength"], last["strength_label"]) == ("trial", "Trial")
    assert last["address"] == "/guides/cold-therapy/benefits/#benefits--1"
    nested = get(client, "/guides/cold-therapy/sources.json").json()["sources"]
    assert [(row["key"], row["status"], len(row["claims"])) for row in nested] == [
        ("trial-2020", "current", 5), ("old-2001", "withdrawn", 2),
    ]  # fmt: skip
    # A note on a source that stands is for staff.
    assert (nested[0]["status_note"], nested[0]["check_again_by"]) == ("", "2028-04-05")
    assert nested[1]["claims"][1] == {
        "page": "Benefits",
        "entry_kind": "benefit",
        "entry_kind_label": "Benefit",
        "claim": "Less pain",
        "address": "/guides/cold-therapy/benefits/#benefits--1",
    }
