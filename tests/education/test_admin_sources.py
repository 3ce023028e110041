"""The screens of sources: the list, what a source's screen tells, and recording a check."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from education import actions
from education.actions.identity import bare_doi, bare_pmid
from education.models import Source, SourceCheck
from tests import builders
from tests.education.desk import facts, signed_in, url
from tests.education.sourced import check_due, checked, published, sourced
from tests.html import Page

LIST = "education_source_changelist"


@pytest.fixture
def guide(cast):
    return sourced(cast)


@pytest.fixture
def old(guide) -> Source:
    return Source.objects.get(key="old-2001")


@pytest.fixture
def author(cast) -> Client:
    return signed_in(cast["author"])


def added(author: Client, **sent):
    sent = {"key": "new", "title": "New", "strength": "trial", "check_again_months": 24, **sent}
    return author.post(url("education_source_add"), sent)


# Numbers that are pasted


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("10.1000/182", "10.1000/182"),
        ("https://doi.org/10.1000/182", "10.1000/182"),
        ("http://dx.doi.org/10.1000/182", "10.1000/182"),
        ("HTTPS://DOI.ORG/10.1000/Ab", "10.1000/Ab"),
        ("doi.org/10.1000/182", "10.1000/182"),
        ("doi:10.1000/182", "10.1000/182"),
        ("DOI: 10.1000/182.", "10.1000/182"),
        ("https://doi.org/10.1000/a%3Cb%3E", "10.1000/a<b>"),
        ("10.1000/a%3Cb", "10.1000/a%3Cb"),
        ("https://example.org/10.1000/182", "https://example.org/10.1000/182"),
        ("182", "182"),
    ],
)
def test_a_doi_is_taken_out_of_what_people_paste(typed, bare):
    assert bare_doi(typed) == bare


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("123", "123"),
        ("PMID: 123", "123"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "123"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/123", "123"),
        ("https://example.org/123/", "https://example.org/123/"),
        ("PMC123", "PMC123"),
    ],
)
def test_a_pubmed_number_is_taken_out_of_what_people_paste(typed, bare):
    assert bare_pmid(typed) == bare


@pytest.mark.parametrize("sent", [{"doi": "https://example.org/182"}, {"doi": "10.1/x y"}, {"pmid": "PMC123"}], ids=str)
def test_what_is_no_number_is_refused_at_its_field_and_stays(author, sent):
    response = added(author, **sent)
    ((name, value),) = sent.items()
    assert list(response.context["adminform"].form.errors) == [name]
    assert f'value="{value}"' in response.content.decode()


@pytest.mark.parametrize(
    ("there", "typed"),
    [({"doi": "10.1000/Ab"}, {"doi": "https://doi.org/10.1000/aB"}), ({"pmid": "123"}, {"pmid": "PMID: 123"})],
    ids=str,
)
def test_a_number_that_another_source_has_is_refused_once_at_its_field_with_a_link_to_that_source(author, there, typed):
    twin = builders.source("there", title="The one there", **there)
    response = added(author, **typed)
    ((name, errors),) = response.context["adminform"].form.errors.items()
    assert name in typed
    assert len(errors) == 1
    assert "The source “there” has this" in errors[0]
    assert Page(response.content.decode()).link("The one there") == url("education_source_change", twin.pk)
    assert not Source.objects.filter(key="new").exists()


def test_an_address_that_another_source_has_is_refused_at_its_field_with_a_link_to_that_source(author):
    twin = builders.source("there", title="The one there", pmid="123")
    response = added(author, url="https://pubmed.ncbi.nlm.nih.gov/123/")
    ((name, errors),) = response.context["adminform"].form.errors.items()
    assert (name, len(errors)) == ("url", 1)
    assert "The source “there” has this PubMed number already" in errors[0]
    assert Page(response.content.decode()).link("The one there") == url("education_source_change", twin.pk)


def test_a_changed_title_counts_as_a_check_and_the_screen_says_so_before_and_after(author, old):
    address = url("education_source_change", old.pk)
    assert "counts as a check by you" in author.get(address).content.decode()
    assert "counts as a check" not in author.get(url("education_source_add")).content.decode()
    said = author.post(address, facts(author, address, title="An old trial, corrected"), follow=True)
    assert "Your change counts as a check of “old-2001” by you." in said.content.decode()
    said = author.post(address, facts(author, address, publisher="Another"), follow=True)
    assert "Your change counts" not in said.content.decode()
    assert old.checks.count() == 2


def test_a_pasted_doi_is_stored_bare_and_pasting_it_again_is_no_change(author):
    assert added(author, doi="https://doi.org/10.1000/Ab", pmid="PMID 7").status_code == 302
    source = Source.objects.get(key="new")
    assert (source.doi, source.pmid, source.checks.count()) == ("10.1000/Ab", "7", 1)
    address = url("education_source_change", source.pk)
    response = author.post(address, facts(author, address, doi="doi:10.1000/Ab", check_again_months=12))
    assert response.status_code == 302
    source.refresh_from_db()
    assert (source.doi, source.check_again_months) == ("10.1000/Ab", 12)


def test_no_browser_cuts_a_pasted_address(author):
    page = Page(author.get(url("education_source_add")).content.decode())
    fields = {one["name"]: one for one in page.with_attribute("name")}
    assert "maxlength" not in fields["doi"]
    assert "maxlength" not in fields["pmid"]
    assert fields["key"]["maxlength"] == "60"


# The list


def test_the_list_says_how_each_stands_when_it_is_due_and_how_many_guides_use_it(author, cast, old):
    today = timezone.localdate()
    check_due("trial-2020", cast["author"], today + timedelta(days=9))
    checked("old-2001", cast["author"])
    Source(key="plain", title="Plain", strength="trial").save()
    rows = {row.key: row for row in author.get(url(LIST)).context["cl"].result_list}
    assert {key: row.guides_using for key, row in rows.items()} == {"old-2001": 1, "plain": 0, "trial-2020": 1}
    shown = Page(author.get(url(LIST)).content.decode()).text
    assert "Withdrawn – 1 guide" in shown
    assert "Never checked now no guide" in shown
    assert f"Current {today + timedelta(days=9):%-d %b %Y} 1 guide" in shown


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "a trial of cold"}, {"trial-2020"}),
        ({"q": "old-2001"}, {"old-2001"}),
        ({"q": "Somebody"}, {"plain"}),
        ({"q": "https://doi.org/10.1000/Ab"}, {"plain"}),
        ({"q": "PMID: 77"}, {"plain"}),
        ({"status": "withdrawn"}, {"old-2001"}),
        ({"status": "superseded"}, set()),
        ({"status": "current"}, {"trial-2020"}),
        ({"status": "never"}, {"plain"}),
        ({"due": "overdue"}, {"plain"}),
        ({"due": "soon"}, {"plain", "trial-2020"}),
        ({"strength__exact": "regulator"}, {"plain"}),
    ],
    ids=lambda value: str(sorted(value.items() if isinstance(value, dict) else value)),
)
def test_sources_are_searched_and_sifted(author, cast, old, asked, found):
    plain = {"title": "Plain", "authors": "Somebody", "doi": "10.1000/ab", "pmid": "77", "strength": "regulator"}
    Source(key="plain", **plain).save()
    check_due("trial-2020", cast["author"], timezone.localdate())
    checked("old-2001", cast["author"])
    assert {row.key for row in author.get(url(LIST), asked).context["cl"].result_list} == found


def test_sources_are_found_while_somebody_chooses_them_for_an_entry(author, old):
    asked = {"term": "old-2", "app_label": "education", "model_name": "benefit", "field_name": "sources"}
    found = author.get(url("autocomplete"), asked)
    assert [row["text"] for row in found.json()["results"]] == ["old-2001: An old trial"]


def test_the_list_and_a_sources_screen_cost_the_same_however_much_there_is(author, cast, guide, old):
    published(guide, cast)
    costs = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as one:
            author.get(url(LIST))
        with CaptureQueriesContext(connection) as two:
            author.get(url("education_source_change", old.pk))
        costs.append((len(one), len(two)))
        for number in range(4):
            published(sourced(cast, slug=f"more-{turn}-{number}", title=f"More {number}"), cast)
            builders.source(f"more-{turn}-{number}")
            actions.check_source(old, by=cast["author"], outcome="current")
    assert costs[0] == costs[1]


# A source's screen


def test_a_sources_screen_tells_how_it_stands_where_it_is_used_and_who_looked(author, cast, guide, old):
    published(guide, cast)
    checked("old-2001", cast["reviewer"], note="Taken <b>back</b>.")
    twin = builders.source("twin", title="an OLD trial")
    response = author.get(url("education_source_change", old.pk))
    read = Page(response.content.decode())
    today = f"{timezone.localdate():%-d %b %Y}"
    assert f"Withdrawn since {today}: Taken <b>back</b>." in read.text
    assert f"Last checked on {today} by Rae Reviewer." in read.text
    assert f"{today}, Rae Reviewer (nurse): It was withdrawn or retracted, or is gone. Taken <b>back</b>." in read.text
    assert read.link("Cold therapy: Benefits").endswith(f"#page-{guide.pages.get(kind='benefits').pk}")
    assert read.link("Cold therapy, edition 1") == url("education_edition_change", guide.editions.get().pk)
    assert "Key fact: How long" in read.text
    assert read.link("an OLD trial") == url("education_source_change", twin.pk)
    assert read.link("Record a check") == url("education_source_check", old.pk)


def test_a_reviewer_may_record_a_check_and_changes_nothing_else(cast, old):
    read = Page(signed_in(cast["reviewer"]).get(url("education_source_change", old.pk)).content.decode())
    assert read.link("Record a check")
    assert not [one for one in read.with_attribute("name") if one["name"] == "title"]


def test_who_may_only_look_sees_no_way_to_check(old):
    looker = builders.person("looker")
    looker.user_permissions.add(Permission.objects.get(codename="view_source"))
    read = Page(signed_in(looker).get(url("education_source_change", old.pk)).content.decode())
    assert "How it stands" in read.text
    assert "Record a check" not in read.text


# Recording a check


@pytest.mark.parametrize("who", ["front_desk", "outsider"])
def test_the_screen_of_checks_is_closed_to_staff_without_a_role_in_guides(cast, old, who):
    client = signed_in(cast[who])
    address = url("education_source_check", old.pk)
    assert client.get(address).status_code == client.post(address, {"outcome": "current"}).status_code == 403
    assert old.checks.count() == 1


def test_a_visitor_is_sent_to_the_sign_in_and_a_source_that_is_not_there_is_not_found(author, old):
    assert "login" in Client().get(url("education_source_check", old.pk))["Location"]
    assert author.get(url("education_source_check", 999)).status_code == 404
    assert author.put(url("education_source_check", old.pk)).status_code == 405


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "fine"}, "outcome"),
        ({"outcome": "withdrawn", "note": ""}, "note"),
        ({"outcome": "current", "next_check": "2020-01-01"}, "next_check"),
        ({"outcome": "current", "next_check": "soon"}, "next_check"),
        ({"outcome": "current", "note": "x" * 700}, "note"),
    ],
    ids=str,
)
def test_a_refused_check_says_why_at_the_field_and_keeps_what_was_typed(author, old, sent, field):
    response = author.post(url("education_source_check", old.pk), {"note": "My words", **sent} if sent else {})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    read = Page(response.content.decode())
    assert read.title.startswith("Error:")
    assert "There is a problem" in read.text
    assert [href for href, _ in read.links if href.startswith(f"#id_{field}")]
    assert response.context["form"]["note"].value() == sent.get("note", "My words" if sent else None)
    assert old.checks.count() == 1


def test_a_database_that_cannot_write_loses_nothing(author, old, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(actions, "check_source", full)
    response = author.post(url("education_source_check", old.pk), {"outcome": "withdrawn", "note": "My words"})
    assert response.status_code == 503
    assert b"My words" in response.content
    assert b"could not save this just now" in response.content


def test_what_somebody_typed_whose_sign_in_ran_out_is_shown(old):
    response = Client().post(url("education_source_check", old.pk), {"outcome": "withdrawn", "note": "My words"})
    assert response.status_code == 403
    assert b"My words" in response.content
    assert old.checks.count() == 1


def test_the_screen_says_for_how_many_places_the_check_counts(author, cast, guide, old):
    address = url("education_source_check", old.pk)
    assert "2 places in 1 guide." in Page(author.get(address).content.decode()).text
    published(guide, cast)
    assert "4 places in 1 guide." in Page(author.get(address).content.decode()).text
    idle = builders.source("idle")
    assert "nothing cites it now" in author.get(url("education_source_check", idle.pk)).content.decode()


def test_the_screen_says_when_a_source_that_stands_is_due_again(old):
    with time_machine.travel("2026-03-03 15:00+00:00", tick=False):
        read = Page(
            signed_in(builders.person("ed", "Editors")).get(url("education_source_check", old.pk)).content.decode()
        )
    assert "a source that stands is due again on 3 Mar 2028." in read.text


def test_a_check_is_recorded_with_its_note_and_day(author, cast, old):
    day = timezone.localdate() + timedelta(days=99)
    sent = {"outcome": "superseded", "note": "See the newer trial.", "next_check": day.isoformat()}
    response = author.post(url("education_source_check", old.pk), sent, follow=True)
    assert response.redirect_chain == [(url("education_source_change", old.pk), 302)]
    assert "The check of “old-2001” is recorded: superseded." in response.content.decode()
    latest = SourceCheck.objects.filter(source=old).first()
    assert (latest.outcome, latest.note, latest.next_check) == ("superseded", "See the newer trial.", day)
    assert latest.made_by == cast["author"]
