"""What is known of sources: how they stand today, where they are used, what waits, and which claims rest on them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from education import actions
from education.actions.identity import perhaps_same
from education.claims import supported
from education.models import Page, Source
from education.sources import guides_using, places, source_work, standings, uses
from tests import builders
from tests.education.example_entries import ON_PAGE
from tests.education.sourced import check_due, checked, published, sourced

Kind = Page.Kind


@pytest.fixture
def guide(cast):
    return sourced(cast)


# How they stand today


def test_a_source_that_nobody_checked_has_no_standing_and_no_keys_cost_nothing(db, django_assert_num_queries):
    Source(key="plain", title="Plain", strength="trial").save()
    assert standings(["plain", "no-such"]) == {}
    with django_assert_num_queries(0):
        assert standings([]) == {}


def test_the_latest_check_counts_and_a_status_is_dated_from_when_it_began(guide, cast):
    # The guide's own first check is of today; the clock below runs after it, as clocks do.
    later = [timezone.now() + timedelta(days=days) for days in (1, 2, 3, 4)]
    for moment, outcome, note in zip(
        later,
        ("withdrawn", "withdrawn", "current", "superseded"),
        ("Gone.", "Still gone.", "", "A newer trial."),
        strict=True,
    ):
        with time_machine.travel(moment, tick=False):
            checked("old-2001", cast["reviewer"], outcome, note)
        stands = standings(["old-2001", "trial-2020"])["old-2001"]
        assert (stands.status, stands.note, stands.checked_at) == (outcome, note, moment)
        assert stands.since == (later[0] if outcome == "withdrawn" else moment)
        assert stands.is_doubtful is (outcome != "current")
    assert stands.check_due is None
    assert standings(["trial-2020"])["trial-2020"].status == "current"


def test_checks_of_the_same_outcome_as_long_ago_begin_anew(guide, cast):
    moments = [timezone.now() + timedelta(days=days) for days in (1, 2, 3)]
    for moment, outcome in zip(moments, ("withdrawn", "current", "withdrawn"), strict=True):
        with time_machine.travel(moment, tick=False):
            checked("old-2001", cast["reviewer"], outcome)
    assert standings(["old-2001"])["old-2001"].since == moments[2]


def test_the_standings_of_many_sources_cost_one_query(cast, django_assert_num_queries):
    found = [builders.source(f"more-{number}").key for number in range(9)]
    with django_assert_num_queries(1):
        assert len(standings(found)) == 9


# Where they are used


def _named(used):
    return [
        (use.title, use.edition.number if use.edition else None, use.in_text, [entry.title for entry in use.entries])
        for use in used
    ]


def test_a_source_that_nothing_names_is_used_nowhere(guide):
    builders.source("trial-2020-b")
    assert uses(["trial-2020-b", "no-such"]) == {"trial-2020-b": [], "no-such": []}
    assert uses([]) == {}


def test_uses_are_the_texts_and_entries_of_kept_pages(guide, cast):
    found = uses(["trial-2020", "old-2001"])
    assert _named(found["trial-2020"]) == [
        ("Overview", None, True, ["How many sessions"]),
        ("Side effects", None, True, ["Numb skin"]),
        ("Evidence", None, True, []),
    ]
    assert _named(found["old-2001"]) == [
        ("Overview", None, False, ["How long"]),
        ("Benefits", None, False, ["Less pain"]),
    ]
    assert [use.places for use in found["trial-2020"]] == [2, 2, 1]
    actions.remove_page(guide.pages.get(kind=Kind.BENEFITS), by=cast["author"])
    assert _named(uses(["old-2001"])["old-2001"]) == [("Overview", None, False, ["How long"])]


def test_a_key_that_only_begins_as_another_or_is_written_as_text_is_no_use(guide, cast):
    builders.source("trial")
    builders.write(guide, cast["author"], Kind.PREPARATION, r"Eat \[@trial] and [@trial-2020] as usual.")
    assert uses(["trial"])["trial"] == []


def test_live_editions_use_what_they_were_made_with_and_others_nothing(guide, cast):
    live = published(guide, cast)
    actions.remove_page(guide.pages.get(kind=Kind.BENEFITS), by=cast["author"])
    assert _named(uses(["old-2001"])["old-2001"]) == [
        ("Overview", None, False, ["How long"]),
        ("Overview", 1, False, ["How long"]),
        ("Benefits", 1, False, ["Less pain"]),
    ]
    assert ("Evidence", 1, True, []) in _named(uses(["trial-2020"])["trial-2020"])
    actions.withdraw(live, by=cast["author"], reason="Wrong.")
    assert _named(uses(["old-2001"])["old-2001"]) == [("Overview", None, False, ["How long"])]


@pytest.mark.parametrize("kind", ON_PAGE)
def test_an_entry_of_every_kind_is_a_use(cast, kind):
    guide = builders.guide(cast["author"])
    builders.source("used")
    row = guide.pages.filter(kind=kind).first() or builders.page(guide, cast["author"], kind, "Text.")
    text = {"title": row.title, "slug": row.slug, "markdown": "Text."}
    entry = {**ON_PAGE[kind], "sources": ["used"]}
    actions.save_page(row, by=cast["author"], base=None, entries=[entry], **text)
    (use,) = uses(["used"])["used"]
    assert (use.page, use.in_text, len(use.entries)) == (row.pk, False, 1)
    assert guides_using(["used"]) == {"used": {guide.pk}}


def test_guides_that_use_a_source_are_counted_once_be_it_written_or_live(guide, cast):
    other = sourced(cast, slug="heat", title="Heat")
    builders.source("idle")
    assert guides_using(["trial-2020", "idle"]) == {"trial-2020": {guide.pk, other.pk}, "idle": set()}
    published(guide, cast)
    for page in guide.pages.kept():
        actions.remove_page(page, by=cast["author"])
    assert guides_using(["old-2001"]) == {"old-2001": {guide.pk, other.pk}}
    assert guides_using([]) == {}


def test_uses_cost_the_same_however_many_guides_and_sources(guide, cast, django_assert_num_queries):
    published(guide, cast)
    for number in range(3):
        published(sourced(cast, slug=f"more-{number}", title=f"More {number}"), cast)
    many = [builders.source(f"many-{number}").key for number in range(30)]
    with django_assert_num_queries(9):
        assert len(uses(["old-2001"])["old-2001"]) == 16
    with django_assert_num_queries(9):
        assert len(uses([*many, "old-2001"])["old-2001"]) == 16
    with django_assert_num_queries(8):
        guides_using([*many, "old-2001"])


@pytest.mark.parametrize(
    ("facts", "same"),
    [
        ({"title": "A TRIAL of cold"}, True),
        ({"title": "B", "url": "https://example.org/A"}, True),
        ({"title": "B", "doi": "10.1000/ABC"}, True),
        ({"title": "B", "pmid": "12"}, True),
        ({"title": "B", "url": "http://dx.doi.org/10.1000/ABC"}, True),
        ({"title": "A trial of cold, again"}, False),
        ({"title": "B"}, False),
        ({"title": ""}, False),
    ],
    ids=str,
)
def test_the_same_title_address_or_number_makes_sources_perhaps_the_same(cast, facts, same):
    there = builders.source("there", title="A trial of cold", url="https://example.org/a", doi="10.1000/abc", pmid="12")
    assert list(perhaps_same(Source(key="new", strength="trial", **facts))) == ([there] if same else [])
    assert list(perhaps_same(there)) == []


# What waits


def test_a_source_that_is_not_due_for_a_month_waits_for_nobody(guide, cast):
    today = timezone.localdate()
    check_due("trial-2020", cast["author"], today + timedelta(days=31))
    assert source_work().due == []
    check_due("trial-2020", cast["author"], today + timedelta(days=30))
    (due,) = source_work().due
    assert (due.source.key, due.by, due.is_overdue) == ("trial-2020", today + timedelta(days=30), False)


def test_never_checked_comes_first_then_the_longest_overdue(guide, cast):
    Source(key="plain", title="Plain", strength="trial").save()
    today = timezone.localdate()
    check_due("trial-2020", cast["author"], today + timedelta(days=9))
    check_due("old-2001", cast["author"], today)
    assert [(one.source.key, one.is_overdue) for one in source_work().due] == [
        ("plain", False), ("old-2001", False), ("trial-2020", False),
    ]  # fmt: skip
    tomorrow = timezone.now() + timedelta(days=1)
    assert [one.is_overdue for one in source_work(tomorrow).due] == [False, True, False]


def test_a_withdrawn_source_without_a_next_day_is_not_due_again(guide, cast):
    checked("old-2001", cast["author"])
    later = timezone.now() + timedelta(days=4000)
    assert [one.source.key for one in source_work(later).due] == ["trial-2020"]


def test_claims_wait_that_rest_on_a_source_which_no_longer_stands(guide, cast):
    checked("old-2001", cast["author"], "superseded")
    (doubt,) = source_work().doubts
    assert doubt.source.key == "old-2001"
    assert [place.title for place in doubt.places] == ["Overview", "Benefits"]
    builders.source("idle")
    checked("idle", cast["author"])
    assert len(source_work().doubts) == 1
    checked("old-2001", cast["author"], "current")
    assert source_work().doubts == []


def test_withdrawn_sources_come_before_superseded_ones(guide, cast):
    checked("old-2001", cast["author"], "superseded")
    checked("trial-2020", cast["author"], "withdrawn")
    assert [doubt.source.key for doubt in source_work().doubts] == ["trial-2020", "old-2001"]


def _places(key):
    return [
        (place.title, place.entry and (place.entry.title, place.entry.number), place.is_written, bool(place.live))
        for place in places(uses([key])[key])
    ]


def test_a_place_that_is_written_and_live_is_one_place_and_a_text_is_one_too(guide, cast):
    published(guide, cast)
    assert _places("trial-2020") == [
        ("Overview", None, True, True),
        ("Overview", ("How many sessions", 1), True, True),
        ("Side effects", None, True, True),
        ("Side effects", ("Numb skin", 1), True, True),
        ("Evidence", None, True, True),
    ]
    assert _places("old-2001")[0] == ("Overview", ("How long", 2), True, True)


def test_what_is_only_written_or_only_live_is_a_place_of_its_own(guide, cast):
    published(guide, cast)
    row = guide.pages.get(kind=Kind.BENEFITS)
    text = {"title": row.title, "slug": row.slug, "markdown": row.markdown}
    entries = [
        {**ON_PAGE[Kind.BENEFITS], "claim": claim, "sources": ["old-2001"]} for claim in ("New", "Twice", "Twice")
    ]
    actions.save_page(row, by=cast["author"], base=None, entries=entries, **text)
    assert _places("old-2001")[1:] == [
        ("Benefits", ("New", 1), True, False),
        ("Benefits", ("Twice", 2), True, False),
        ("Benefits", ("Twice", 3), True, False),
        ("Benefits", ("Less pain", 1), False, True),
    ]


def test_entries_with_one_title_are_places_of_their_own_written_or_live(guide, cast):
    row = guide.pages.get(kind=Kind.BENEFITS)
    text = {"title": row.title, "slug": row.slug, "markdown": row.markdown}
    twice = [{**ON_PAGE[Kind.BENEFITS], "sources": ["old-2001"]}] * 2
    actions.save_page(row, by=cast["author"], base=None, entries=twice, **text)
    published(guide, cast)
    assert [place[1:] for place in _places("old-2001")[1:]] == [
        (("Less pain", 1), True, True), (("Less pain", 2), True, True),
    ]  # fmt: skip


def test_what_waits_costs_one_query_or_eleven(guide, cast, django_assert_num_queries):
    published(guide, cast)
    with django_assert_num_queries(1):
        source_work()
    for key in ("old-2001", "trial-2020"):
        checked(key, cast["author"])
    with django_assert_num_queries(11):
        assert len(source_work().doubts) == 2


# Which claims rest on them


def test_every_claim_and_text_of_an_edition_stands_under_its_sources(guide, cast):
    edition = published(guide, cast)
    found = {
        row["key"]: [(claim.page, claim.kind, claim.words, claim.url) for claim in row["claims"]]
        for row in supported(edition)
    }
    at = "/guides/cold-therapy/"
    assert found["trial-2020"] == [
        ("Overview", "", "", f"{at}#ref-overview-trial-2020-1"),
        ("Overview", "key-fact", "How many sessions: A trial used 4.", f"{at}#overview--1"),
        ("Side effects", "", "", f"{at}side-effects/#ref-side-effects-trial-2020-1"),
        ("Side effects", "side-effect", "Numb skin", f"{at}side-effects/#side-effects--1"),
        ("Evidence", "", "", f"{at}evidence/#ref-evidence-trial-2020-1"),
    ]
    # A fact that is not in the overview's box is found where all facts are.
    assert found["old-2001"] == [
        ("Evidence", "key-fact", "How long: It takes you an hour.", f"{at}evidence/#evidence--2"),
        ("Benefits", "benefit", "Less pain", f"{at}benefits/#benefits--1"),
    ]


def test_without_an_evidence_page_every_fact_is_found_on_the_overview(guide, cast):
    actions.remove_page(guide.pages.get(kind=Kind.EVIDENCE), by=cast["author"])
    edition = published(guide, cast)
    facts = [claim for row in supported(edition) for claim in row["claims"] if claim.kind == "key-fact"]
    assert {claim.page for claim in facts} == {"Overview"}
    assert len(facts) == 2


def test_a_place_whose_stored_html_has_no_reference_leads_to_the_page(guide, cast):
    edition = published(guide, cast)
    page = edition.pages.get(kind=Kind.BENEFITS)
    page.renderings.create(renderer_version=99, html="<p>Other</p>", text="", sha256="", made_at=timezone.now())
    (benefit,) = [claim for row in supported(edition) for claim in row["claims"] if claim.kind == "benefit"]
    assert benefit.url == "/guides/cold-therapy/benefits/"


def test_the_claims_of_an_edition_cost_two_queries(guide, cast, django_assert_num_queries):
    edition = type(published(guide, cast)).objects.select_related("guide").get()
    with django_assert_num_queries(2):
        supported(edition)
