"""Saving and checking sources: which numbers one source alone has, and what a check needs to say."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from education import actions
from education.actions.dates import months_after
from education.models import Source, SourceCheck
from education.rules import NotPermitted
from tests import builders

THREE_MARCH = "2026-03-03 15:00+00:00"


@pytest.fixture
def source(cast) -> Source:
    return builders.source("fda-2023", title="A warning", doi="10.1000/AbC", pmid="123")


def _refused(**given) -> tuple[str, str]:
    with pytest.raises(actions.Refused) as refusal:
        actions.check_source(**given)
    return refusal.value.field, str(refusal.value)


# Refusals


@pytest.mark.parametrize("who", ["front_desk", "outsider"])
def test_only_editors_and_reviewers_check_a_source(source, cast, who):
    with pytest.raises(NotPermitted, match="does not let you record a check of a source"):
        actions.check_source(source, by=cast[who], outcome="current")
    assert source.checks.count() == 1


def test_somebody_who_has_left_checks_nothing(source):
    left = builders.person("left", "Editors", is_active=False)
    with pytest.raises(NotPermitted):
        actions.check_source(source, by=left, outcome="current")


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"outcome": ""}, "outcome", "Choose what you found"),
        ({"outcome": "fine"}, "outcome", "Choose what you found"),
        ({"outcome": "superseded"}, "note", "Say what happened"),
        ({"outcome": "withdrawn", "note": " \n"}, "note", "Say what happened"),
        ({"outcome": "current", "note": "x" * 601}, "note", "has 601 characters; 600 is the most"),
        ({"outcome": "current", "next_check": date(2026, 3, 2)}, "next_check", "This day is past"),
        ({"outcome": "withdrawn", "note": "Gone.", "next_check": date(2026, 3, 2)}, "next_check", "This day is past"),
        ({"outcome": "current", "next_check": date(2031, 3, 4)}, "next_check", "more than 5 years away"),
    ],
)
def test_a_check_that_says_too_little_is_refused_at_its_field(source, cast, given, field, said):
    with time_machine.travel(THREE_MARCH, tick=False):
        where, message = _refused(source=source, by=cast["author"], **given)
    assert where == field
    assert said in message
    assert source.checks.count() == 1


@pytest.mark.parametrize(("name", "value"), [("doi", "10.1000/aBc"), ("doi", " 10.1000/AbC "), ("pmid", "123")])
def test_a_number_that_another_source_has_is_refused_and_that_source_is_named(source, cast, name, value):
    new = Source(key="new", title="The same", strength="trial", **{name: value})
    with pytest.raises(actions.Refused, match=r"The source “fda-2023” has this .* already: A warning") as refusal:
        actions.save_source(new, by=cast["author"])
    assert refusal.value.field == name
    other = builders.source("other")
    setattr(other, name, value)
    with pytest.raises(actions.Refused, match="fda-2023"):
        actions.save_source(other, by=cast["author"])
    assert set(Source.objects.values_list("key", flat=True)) == {"fda-2023", "other"}
    assert SourceCheck.objects.count() == 2


DOI, PMID = {"doi": "10.1000/Ab<c>"}, {"pmid": "123"}
PAGE = {"url": "https://Example.org/a/?b=1"}


@pytest.mark.parametrize(
    ("there", "typed", "said"),
    [
        (DOI, {"url": "https://doi.org/10.1000/aB%3Cc%3E"}, "this DOI"),
        (DOI, {"url": "http://dx.doi.org/10.1000/ab<C>#part"}, "this DOI"),
        (DOI, {"url": "https://www.doi.org/10.1000/ab%3Cc%3E/?from=mail"}, "this DOI"),
        ({"url": "https://doi.org/10.1000/aB%3Cc%3E"}, DOI, "this DOI"),
        ({"url": "https://doi.org/10.1000/1"}, {"url": "http://dx.doi.org/10.1000/1"}, "this DOI"),
        (PMID, {"url": "https://pubmed.ncbi.nlm.nih.gov/123/"}, "this PubMed number"),
        (PMID, {"url": "http://www.ncbi.nlm.nih.gov/pubmed/123?dopt=Abstract"}, "this PubMed number"),
        ({"url": "https://pubmed.ncbi.nlm.nih.gov/123"}, PMID, "this PubMed number"),
        (PAGE, {"url": "https://example.ORG/a?b=1"}, "this web address"),
        (PAGE, {"url": "HTTPS://example.org/a/?b=1"}, "this web address"),
        ({"url": "https://[x/"}, {"url": "https://[x/"}, "this web address"),
    ],
    ids=str,
)
def test_the_same_work_is_found_by_its_address_and_refused_at_the_field_that_says_so(cast, there, typed, said):
    builders.source("there", title="The one there", **there)
    other = builders.source("other")
    for row in (Source(key="new", title="New", strength="trial", **typed), other):
        for name, value in typed.items():
            setattr(row, name, value)
        with pytest.raises(actions.Refused, match=f"“there” has {said} already: The one there") as refusal:
            actions.save_source(row, by=cast["author"])
        assert refusal.value.field in typed
    assert Source.objects.count() == 2


@pytest.mark.parametrize(
    ("there", "typed"),
    [
        (DOI, {"url": "https://doi.org/10.1000/aB"}),
        (DOI, {"url": "https://example.org/10.1000/Ab<c>"}),
        (PMID, {"url": "https://pubmed.ncbi.nlm.nih.gov/1234/"}),
        (PMID, {"url": "https://www.ncbi.nlm.nih.gov/pmc/123/"}),
        (PMID, {"pmid": "9123"}),
        (PAGE, {"url": "https://example.org/A?b=1"}),
        (PAGE, {"url": "https://example.org/a?b=2"}),
        (PAGE, {"url": "https://example.org/a?b=1#c"}),
        ({"url": "https://nhs.example/"}, {"url": "https://nhs.example"}),
    ],
    ids=str,
)
def test_another_work_and_the_home_of_a_whole_site_are_no_twins(cast, there, typed):
    builders.source("there", **there)
    actions.save_source(Source(key="new", title="New", strength="trial", **typed), by=cast["author"])
    assert Source.objects.count() == 2


def test_twins_that_are_there_already_can_still_be_corrected(cast):
    for key in ("a", "b"):
        Source(key=key, title=key, strength="trial", url="https://example.org/x").save()
    row = Source.objects.get(key="a")
    row.title, row.url = "A", "https://EXAMPLE.org/x/"
    actions.save_source(row, by=cast["author"])
    row.url = "https://example.org/y"
    actions.save_source(row, by=cast["author"])
    row.url = "https://example.org/x"
    with pytest.raises(actions.Refused, match="The source “b”"):
        actions.save_source(row, by=cast["author"])


# What is kept


@pytest.mark.parametrize(
    "changed",
    [{"title": "Another"}, {"doi": "10.1000/2"}, {"doi": ""}, {"pmid": "9"}, {"url": "https://example.org/b"}],
    ids=str,
)
def test_what_may_be_another_work_is_checked_by_who_saved_it(cast, changed):
    with time_machine.travel("2025-03-03 15:00+00:00", tick=False):
        row = builders.source("old", doi="10.1000/1", pmid="1", url="https://example.org/a", check_again_months=6)
    for name, value in changed.items():
        setattr(row, name, value)
    with time_machine.travel(THREE_MARCH, tick=False):
        actions.save_source(row, by=cast["author"])
        actions.save_source(row, by=cast["author"])
    latest, first = row.checks.all()
    assert (latest.outcome, latest.made_by, latest.next_check) == ("current", cast["author"], date(2026, 9, 3))
    assert first.made_by != cast["author"]


@pytest.mark.parametrize(
    "changed",
    [
        {"doi": "10.1000/A"}, {"url": "https://EXAMPLE.org/a/"}, {"title": "a trial OF cold "},
        {"authors": "B", "year": 1999, "note": "C", "publisher": "D", "check_again_months": 2, "strength": "survey"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_the_same_work_written_otherwise_is_no_check(cast, changed):
    row = builders.source("old", doi="10.1000/a", url="https://example.org/a")
    for name, value in changed.items():
        setattr(row, name, value)
    actions.save_source(row, by=cast["author"])
    assert row.checks.count() == 1


@pytest.mark.parametrize("outcome", ["superseded", "withdrawn"])
def test_a_source_that_no_longer_stands_stays_so_whatever_is_corrected(source, cast, outcome):
    actions.check_source(source, by=cast["author"], outcome=outcome, note="Gone.")
    source.title, source.doi = "Another", "10.1000/2"
    actions.save_source(source, by=cast["author"])
    assert [check.outcome for check in source.checks.all()] == [outcome, "current"]


def test_a_source_that_nobody_ever_checked_is_not_checked_by_a_change(cast):
    Source(key="plain", title="Plain", strength="trial").save()
    row = Source.objects.get(key="plain")
    row.title = "Plainer"
    actions.save_source(row, by=cast["author"])
    assert not row.checks.exists()


def test_a_source_keeps_its_own_numbers_and_sources_without_numbers_do_not_meet(source, cast):
    source.title = "A warning, corrected"
    actions.save_source(source, by=cast["author"])
    for key in ("a", "b"):
        actions.save_source(Source(key=key, title=key, strength="trial"), by=cast["author"])
    assert Source.objects.get(pk=source.pk).title == "A warning, corrected"


def test_whoever_adds_a_source_has_checked_it_and_saving_it_as_it_is_is_no_check(cast):
    with time_machine.travel(THREE_MARCH, tick=False):
        new = Source(key="new", title="New", strength="trial", check_again_months=6)
        actions.save_source(new, by=cast["author"])
        check = new.checks.get()
        assert (check.outcome, check.next_check, check.made_at) == ("current", date(2026, 9, 3), timezone.now())
        assert (check.made_by, check.made_by_name, check.made_by_role) == (cast["author"], "Ada Author", "editor")
        actions.save_source(new, by=cast["author"])
    assert new.checks.count() == 1


@pytest.mark.parametrize("who", ["author", "reviewer", "owner"])
def test_a_source_that_stands_is_due_again_after_its_months(source, cast, who):
    with time_machine.travel(THREE_MARCH, tick=False):
        check = actions.check_source(source, by=cast[who], outcome="current", note=" Read it again. ")
    assert (check.next_check, check.note, check.made_by) == (date(2028, 3, 3), "Read it again.", cast[who])


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(2031, 3, 3)])
def test_the_next_day_may_be_today_and_may_be_five_years_away(source, cast, day):
    with time_machine.travel(THREE_MARCH, tick=False):
        assert actions.check_source(source, by=cast["author"], outcome="current", next_check=day).next_check == day


@pytest.mark.parametrize("outcome", ["superseded", "withdrawn"])
def test_a_source_that_no_longer_stands_needs_no_next_day(source, cast, outcome):
    assert actions.check_source(source, by=cast["author"], outcome=outcome, note="Gone.").next_check is None
    later = timezone.localdate() + timedelta(days=9)
    check = actions.check_source(source, by=cast["author"], outcome=outcome, note="Gone.", next_check=later)
    assert check.next_check == later


def test_the_months_are_those_on_record_and_not_those_of_a_form(source, cast):
    source.check_again_months = 1
    with time_machine.travel(THREE_MARCH, tick=False):
        assert actions.check_source(source, by=cast["author"], outcome="current").next_check == date(2028, 3, 3)


def test_a_check_is_logged_once_it_is_kept(source, cast, caplog, django_capture_on_commit_callbacks):
    with caplog.at_level(logging.INFO, "education"):
        with django_capture_on_commit_callbacks() as callbacks:
            actions.check_source(source, by=cast["author"], outcome="withdrawn", note="Private words.")
        assert caplog.messages == []
        for callback in callbacks:
            callback()
    # What makes pages anew stands before whatever else waits, so that one from before this test comes along.
    assert caplog.messages[-1] == f"source {source.pk} checked by account {cast['author'].pk}: withdrawn"
    assert "Private words." not in caplog.text


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 5), 12, date(2027, 12, 5)),
        (date(2026, 6, 30), 60, date(2031, 6, 30)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day, months, later):
    assert months_after(day, months) == later
