"""What a reader's page takes from an edition: its own sources and words, as the stored HTML names them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from education.models import Edition, Page
from education.reading import (
    Reference,
    first_sentence,
    live_guides,
    reading_of_edition,
    reading_of_working_copy,
    references,
)
from education.working_copy import contents
from tests import builders
from tests.education.sourced import checked, published, sourced

Kind = Page.Kind


@pytest.fixture
def guide(cast):
    return sourced(cast)


@pytest.fixture
def edition(guide, cast) -> Edition:
    published(guide, cast)
    return Edition.objects.select_related("guide").get()


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>[@trial-2020] #source-trial-2020</p>",
        '<a href="/guides/x/#source-trial-2020">x</a>',
        '<a href="#chapter-x">x</a>',
        '<p>&lt;a href="#source-trial-2020"&gt;</p>',
        '<a href="#source-Trial">x</a>',
        '<img alt="a &quot; href=&quot;#source-x" src="/x">',
    ],
)
def test_what_is_no_link_to_a_source_or_term_is_no_reference(html):
    assert list(references(html)) == []


def test_references_come_in_reading_order_whatever_the_order_of_their_attributes():
    html = (
        '<p><a class="term" href="#term-numb">numb</a> <a href="#source-b-1" id="ref-x-b-1-1">[1]</a>'
        '<a id="ref-x-a-1" href="#source-a">[2]</a><a href="#source-b-1" id="ref-x-b-1-2">[1]</a></p>'
    )
    assert list(references(html)) == [
        Reference("term", "numb", ""),
        Reference("source", "b-1", "ref-x-b-1-1"),
        Reference("source", "a", "ref-x-a-1"),
        Reference("source", "b-1", "ref-x-b-1-2"),
    ]


def test_a_page_lists_the_sources_of_its_entries_too_and_no_others(edition):
    cited = {
        page.kind: [source["key"] for source in reading_of_edition(edition).sources_of([page])]
        for page in reading_of_edition(edition).pages
    }
    assert cited == {
        Kind.OVERVIEW: ["trial-2020"],
        Kind.BENEFITS: ["old-2001"],
        Kind.PREPARATION: [],
        Kind.SIDE_EFFECTS: ["trial-2020"],
        Kind.EVIDENCE: ["trial-2020", "old-2001"],
    }


def test_a_page_explains_the_words_that_it_marks(edition):
    reading = reading_of_edition(edition)
    explained = {page.kind: [term["key"] for term in reading.terms_of([page])] for page in reading.pages}
    assert {kind: words for kind, words in explained.items() if words} == {Kind.SIDE_EFFECTS: ["numbness"]}


def test_a_term_and_a_source_with_one_key_are_told_apart(guide, cast):
    builders.term("trial-2020", term="trial", plain_meaning="A test.")
    builders.write(guide, cast["author"], Kind.PREPARATION, "Join a [trial](term:trial-2020).")
    reading = reading_of_edition(published(guide, cast))
    named = {
        page.kind: (len(reading.sources_of([page])), [term["key"] for term in reading.terms_of([page])])
        for page in reading.pages
    }
    assert named[Kind.PREPARATION] == (0, ["trial-2020"])
    assert named[Kind.OVERVIEW] == (1, [])


def test_the_ways_back_from_a_source_lead_to_each_reference_in_reading_order(edition):
    reading = reading_of_edition(edition)
    overview = reading.page("overview")
    anchors = [one.anchor for one in references(overview.html)]
    assert len(anchors) > 1
    assert [source["back"] for source in reading.sources_of([overview])] == [anchors]


@pytest.mark.parametrize(("named", "ways"), [(4, 4), (5, 4)])
def test_a_source_that_is_named_everywhere_offers_the_first_ways_back_alone(guide, cast, named, ways):
    builders.write(guide, cast["author"], Kind.PREPARATION, "\n\n".join(["Rest [@old-2001]."] * named))
    reading = reading_of_edition(published(guide, cast))
    (source,) = reading.sources_of([reading.page("preparation")])
    assert source["back"] == [f"ref-preparation-old-2001-{number}" for number in range(1, ways + 1)]


def test_the_preview_lists_what_the_page_will_list_with_its_standing_of_today(guide, edition, cast):
    checked("old-2001", cast["author"], note="Taken back.")
    preview, _ = reading_of_working_copy(guide, contents(guide.pages.kept()))
    read = reading_of_edition(edition)
    for one, other in zip(preview.pages, read.pages, strict=True):
        shown = [(source["key"], source["number"], source["standing"]) for source in preview.sources_of([one])]
        assert shown == [(row["key"], row["number"], row["standing"]) for row in read.sources_of([other])]
    assert [source["standing"].note for source in preview.sources] == ["", "Taken back."]


@pytest.mark.parametrize("only", [None, "overview"])
def test_readers_get_stored_html_and_what_it_was_made_from_stays_in_the_database(edition, only):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        reading_of_edition(edition, only=only)
    # Whether a page has entries is asked, and not what they are.
    brought = ('"markdown"', '"entries",', '"entries" FROM')
    assert not [query for query in asked if any(name in query["sql"] for name in brought)]


def test_only_sources_that_no_longer_stand_are_doubtful_and_only_on_their_pages(edition, cast):
    checked("old-2001", cast["author"])
    reading = reading_of_edition(edition)
    doubtful = {page.kind: reading.context(page)["doubtful"] for page in reading.pages}
    assert {kind for kind, found in doubtful.items() if found} == {Kind.BENEFITS, Kind.EVIDENCE}
    assert [source["key"] for source in reading.whole_context()["doubtful"]] == ["old-2001"]


# Guides in a list


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", ""),
        ("  ", "  "),
        ("No full stop", "No full stop"),
        ("One. Two.", "One."),
        ("About 0.5 mm, says Dr. Example. Two.", "About 0.5 mm, says Dr. Example."),
        ("Does it help? Nobody knows.", "Does it help?"),
        ("هل يؤلم؟ نعم.", "هل يؤلم؟ نعم."),
    ],
)
def test_a_summary_in_a_list_is_its_first_sentence(text, first):
    assert first_sentence(text) == first


def test_without_a_live_guide_there_is_no_group(guide):
    assert live_guides() == []


def test_live_guides_stand_in_groups_by_the_alphabet(cast, edition, django_assert_num_queries):
    for title, slug in (("Zinc", "zinc"), ("Arnica", "arnica")):
        builders.published(builders.guide(cast["author"], title=title, slug=slug), cast)
    with django_assert_num_queries(1):
        groups = live_guides()
        found = [(group.kind, [(one.title, one.guide.slug) for one in group.editions]) for group in groups]
    titles = {edition.title, "Zinc", "Arnica"}
    assert [kind for kind, _ in found] == [kind for kind in ("procedure", "advice") if kind in dict(found)]
    assert {title for _, guides in found for title, _ in guides} == titles
    assert all(guides == sorted(guides) for _, guides in found)


def test_a_page_knows_its_place_in_the_guide(edition):
    reading = reading_of_edition(edition)
    assert [reading.context(page)["number"] for page in reading.pages] == [*range(1, len(reading.pages) + 1)]
