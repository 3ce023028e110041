"""Reporting a mistake: the form, every way in which it is refused, and that nothing typed is lost."""

from __future__ import annotations

import logging

import pytest
from django.db import OperationalError
from django.test import Client

from education import actions
from education.actions.visitors import MOST_FROM_ONE
from education.forms import About
from education.models import LONGEST_REPORT, MistakeReport
from tests import builders
from tests.education.reporting import ABOUT, AT, WORDS, opened, send
from tests.html import get, page

SCRIPT = "\"'></textarea><script>alert(1)</script>"


@pytest.fixture
def person(live) -> Client:
    return Client()


def refused(response, *said: str, status: int = 200):
    """Assert that the form came back with these words and with what was typed, and that nothing was kept."""
    assert response.status_code == status
    read = page(response)
    assert read.title.startswith("Error: Report a mistake")
    for words in said:
        assert words in read.text
    assert not MistakeReport.objects.exists()
    return read


# Who gets nothing


@pytest.mark.parametrize("send", [Client.get, Client.post])
def test_a_guide_that_was_never_live_has_no_form(guide, cast, send):
    builders.submitted(guide, cast["author"])
    for path in (AT, "/guides/nothing/mistake/", f"{AT}sent/x/"):
        assert send(Client(), path).status_code == 404


def test_of_a_withdrawn_guide_no_report_can_be_begun(person, live, cast):
    actions.withdraw(live, by=cast["author"], reason="Wrong dose.")
    assert "Wrong dose." in page(get(person, ABOUT, 410)).text


def test_a_former_address_leads_to_the_form_of_today(person, guide, cast):
    actions.save_guide(guide, by=cast["author"], slug="cold")
    response = get(person, AT, 301)
    assert response["Location"] == "/guides/cold/mistake/"


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(person, method):
    assert getattr(person, method)(AT).status_code == 405


def test_a_browser_that_keeps_no_cookies_is_told_so(live):
    response = Client(enforce_csrf_checks=True).post(AT, {"words": WORDS})
    assert response.status_code == 403
    assert "your browser keeps no cookies for this site" in page(response).text


# What is refused


def test_an_empty_report_is_refused(person):
    read = refused(send(person, opened(person), words=" \r\n ", email="ada@example.org"), "Write what is wrong.")
    assert 'value="ada@example.org"' in read.markup
    assert read.link("Write what is wrong.") == "#id_words"


def test_a_report_that_is_too_long_is_refused_and_whole_in_the_answer(person):
    words = "é" * (LONGEST_REPORT + 1)
    read = refused(send(person, opened(person), words=words), "Write at most 2000 characters. You wrote 2001.")
    assert words in read.markup
    assert "maxlength" not in read.markup.partition('name="email"')[0]


def test_line_ends_of_a_browser_count_once(person):
    assert send(person, opened(person), words="a\r\n" * (LONGEST_REPORT // 2)).status_code == 303
    assert MistakeReport.objects.get().words == "\n".join("a" * (LONGEST_REPORT // 2))


@pytest.mark.parametrize(
    "email", ["ada", "ada@", "a b@example.org", "ada@example.org\x00", f"{'a' * 60}@{'b.' * 130}org"]
)
def test_an_address_that_no_mail_can_go_to_is_refused(person, email):
    read = refused(send(person, opened(person), email=email), "or leave it empty.")
    assert "My doctor" in read.text


def test_a_page_sent_too_quickly_too_late_or_unsigned_is_refused_and_can_be_sent_again(person):
    for carried, after in ((opened(person), 0), (opened(person), 90_000), ({**opened(person), "page": "x"}, 30)):
        response = send(person, carried, after=after)
        refused(response, "What you typed is still here: send it again.")
        form = response.context["form"]
        again = {"page": form["page"].value(), "about": form["about"].value()}
        assert send(person, again, after=after + 30).status_code == 303
        MistakeReport.objects.all().delete()


def test_whoever_fills_in_the_field_for_machines_is_asked_to_empty_it(person):
    carried = opened(person)
    refused(send(person, carried, website="https://spam.example"), "Empty it, and send again.")
    assert send(person, carried, website="").status_code == 303


@pytest.mark.parametrize("about", ["", "x", "\x00", "a:b:c"])
def test_a_form_whose_guide_cannot_be_told_is_refused_once(person, about):
    response = send(person, {**opened(person), "about": about})
    refused(response, "The form could not be checked.")
    form = response.context["form"]
    again = {"page": form["page"].value(), "about": form["about"].value()}
    assert send(person, again).status_code == 303
    assert MistakeReport.objects.get().page == "side-effects"


def test_a_form_of_another_guide_or_of_an_edition_nobody_read_is_refused(person, cast, live):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    unread = builders.submitted(other, cast["author"])
    carried = opened(person)
    for edition in (unread.pk, live.pk + 999):
        refused(send(person, {**carried, "about": About(edition, "").signed()}), "could not be checked")
    elsewhere = builders.published(builders.guide(cast["author"], title="Warm", slug="warm"), cast)
    refused(send(person, {**carried, "about": About(elsewhere.pk, "").signed()}), "could not be checked")


def test_after_too_many_reports_a_reader_is_told_what_to_do(person):
    for _ in range(MOST_FROM_ONE):
        assert send(person, opened(person)).status_code == 303
    MistakeReport.objects.all().delete()
    read = refused(send(person, opened(person)), "try again later, or call us", status=429)
    assert "My doctor" in read.text


def test_behind_a_proxy_a_forged_address_does_not_help(person, settings):
    settings.PROXY_COUNT = 1
    for number in range(MOST_FROM_ONE + 1):
        person.defaults["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{number}, 203.0.113.7"
        response = send(person, opened(person))
    assert response.status_code == 429


def test_while_the_database_is_locked_what_was_typed_stays_and_is_kept_once_later(person, monkeypatch, caplog):
    carried = opened(person)

    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("education.views.mistakes.report_mistake", locked)
    read = refused(send(person, carried), "wait a minute, then send again", status=503)
    assert "My doctor" in read.text
    monkeypatch.undo()
    assert send(person, carried, after=60).status_code == 303
    assert "My doctor" not in caplog.text


@pytest.mark.parametrize("field", ["words", "email", "website", "page", "about"])
def test_a_script_that_is_typed_is_shown_as_text(person, field):
    carried = opened(person)
    response = send(
        person, {**carried, **{field: SCRIPT}}, **({field: SCRIPT} if field not in carried else {"words": ""})
    )
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("name", ["\x00", "nothing-here", "overview'--", "x" * 9999, "🙂"])
def test_a_page_that_the_guide_has_not_is_left_out(person, name):
    response = person.get(AT, {"page": name})
    assert response.status_code == 200
    assert "What you report on The whole guide" in page(response).text


# What is kept


def test_a_report_is_kept_with_its_edition_and_page(person, live):
    response = send(person, opened(person), email="Ada@example.org")
    report = MistakeReport.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"{AT}sent/?report={report.key}"
    assert (report.edition, report.page, report.words) == (live, "side-effects", WORDS)
    assert (report.email, report.state) == ("Ada@example.org", "new")


@pytest.mark.parametrize(("path", "kept"), [(AT, ""), (f"{AT}?page=overview", "overview"), (f"{AT}?page=x", "")])
def test_a_report_may_be_on_any_page_or_on_the_whole_guide(person, path, kept):
    assert send(person, opened(person, path), path).status_code == 303
    assert MistakeReport.objects.get().page == kept


def test_a_double_click_or_a_reload_is_one_report(person, mailoutbox):
    carried = opened(person)
    answers = [send(person, carried, after=30 + number) for number in range(MOST_FROM_ONE + 2)]
    assert {answer["Location"] for answer in answers} == {answers[0]["Location"]}
    assert MistakeReport.objects.count() == 1


def test_a_report_stays_on_the_edition_that_was_read(person, live, guide, cast):
    carried = opened(person)
    builders.next_edition(guide, cast, "Numb for two days.")
    assert send(person, carried).status_code == 303
    assert MistakeReport.objects.get().edition == live


def test_what_was_typed_is_kept_even_if_the_guide_moved_or_was_withdrawn_meanwhile(person, live, guide, cast):
    first, second = opened(person), opened(person)
    actions.save_guide(guide, by=cast["author"], slug="cold")
    assert send(person, first)["Location"].startswith("/guides/cold/mistake/sent/")
    actions.withdraw(live, by=cast["author"], reason="Wrong.")
    response = send(person, second)
    assert response.status_code == 303
    assert "We have your report" in page(get(person, response["Location"])).text
    assert MistakeReport.objects.count() == 2


def test_nothing_that_a_reader_typed_is_logged(person, caplog):
    with caplog.at_level(logging.DEBUG):
        send(person, opened(person), email="ada@example.org")
        send(person, opened(person), email="ada")
    assert "ada" not in caplog.text
    assert "doctor" not in caplog.text
