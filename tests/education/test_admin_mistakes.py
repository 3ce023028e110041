"""The inbox of reports of mistakes: who may enter, how one is read, answered and closed, that nothing typed is lost."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import OperationalError
from django.test import Client

from education import actions
from education.models import MistakeReport
from education.newsroom import MOST_REPORTS, work_of
from tests import builders
from tests.education.desk import page_of, page_url, signed_in, url
from tests.html import Page

READER = "ada@example.org"
WORDS = "It says ten days.\nMy doctor says twelve."
PAYLOAD = "\"'></title></textarea></iframe><script>alert(1)</script><img src=x onerror=alert(1)>"
LIST = "education_mistakereport_changelist"


@pytest.fixture
def report(live) -> MistakeReport:
    return builders.reported(live, WORDS, page="side-effects", email=READER)


def at(report: MistakeReport, step: str = "") -> str:
    return url("education_mistakereport_step", report.pk, step) if step else _change(report)


def _change(report: MistakeReport) -> str:
    return url("education_mistakereport_change", report.pk)


def read(client: Client, address: str, status: int = 200) -> Page:
    response = client.get(address)
    assert response.status_code == status
    return Page(response.content.decode())


# Who may


@pytest.mark.parametrize("who", ["front_desk", "outsider"])
def test_the_front_desk_sees_nothing_of_it(report, cast, who):
    client = signed_in(cast[who])
    for address in (url(LIST), at(report), url("education_mistakereport_history", report.pk)):
        assert client.get(address).status_code == 403, address
    for step in ("answer", "close"):
        assert client.post(at(report, step), {"answer": "x", "outcome": "mended"}).status_code == 403
    assert "mistake" not in read(client, url("index")).text.lower()
    assert work_of(cast[who]).mistakes == []


def test_a_visitor_is_sent_to_the_sign_in_page(report):
    for address in (url(LIST), at(report)):
        assert "login" in Client().get(address)["Location"]


def test_who_may_look_only_reads_and_is_offered_nothing(report):
    looker = builders.person("looker")
    names = ("view_mistakereport", "view_guide", "view_edition")
    looker.user_permissions.add(*Permission.objects.filter(codename__in=names))
    client = signed_in(looker)
    shown = read(client, at(report))
    assert "My doctor says twelve." in shown.text
    assert "What you can do" not in shown.text
    for step in ("answer", "close"):
        assert client.post(at(report, step), {"answer": "x", "outcome": "mended"}).status_code == 403


def test_nobody_adds_changes_or_deletes_a_report_by_hand(report, cast, rf):
    request = rf.get("/")
    request.user = cast["owner"]
    screens = admin.site.get_model_admin(MistakeReport)
    assert not screens.has_add_permission(request)
    assert not screens.has_change_permission(request)
    assert not screens.has_delete_permission(request)
    assert "delete_selected" not in screens.get_actions(request)
    client = signed_in(cast["owner"])
    assert client.post(url("education_mistakereport_delete", report.pk), {"post": "yes"}).status_code == 403


def test_what_is_not_there_answers_404_and_a_get_takes_no_step(report, cast):
    client = signed_in(cast["owner"])
    for number in ("999999", "9" * 18):
        assert client.get(f"/admin/education/mistakereport/{number}/change/").status_code == 404
    for number in ("0", "x", "9" * 30):
        assert client.get(f"/admin/education/mistakereport/{number}/change/").status_code in (302, 404)
    assert client.post(at(report, "delete")).status_code == 404
    assert client.get(at(report, "close")).status_code == 405


# The list


def test_the_inbox_shows_where_each_report_stands(report, live, cast, django_assert_max_num_queries):
    closed = builders.reported(live, "Commas.")
    actions.close_report(closed, by=cast["author"], outcome="no-mistake")
    client = signed_in(cast["reviewer"])
    shown = read(client, url(LIST))
    assert shown.text.index("It says ten days. My doctor says twelve.") < shown.text.index("Commas.")
    assert "Cold therapy 1 Side effects just now New" in shown.text
    assert "Closed: We looked, and it is right as it is" in shown.text
    assert READER not in shown.text
    for number in range(5):
        builders.reported(live, f"More {number}.")
    with django_assert_max_num_queries(9):
        client.get(url(LIST))
    assert "Commas." not in read(client, url(LIST) + "?state__exact=new").text
    assert "Commas." in read(client, url(LIST) + "?q=commas").text


# One report


def test_the_words_stand_beside_the_page_as_it_was_read(report, live, guide, cast):
    builders.next_edition(guide, cast, "Numb for two days.")
    client = signed_in(cast["author"])
    shown = read(client, at(report))
    assert "It says ten days. My doctor says twelve." in shown.text
    assert f"The reader wants an answer at {READER}" in shown.text
    assert shown.link("See it as it was read") == "/guides/cold-therapy/editions/1/#chapter-side-effects"
    assert shown.link("Write this page") == page_url(page_of(guide, "side-effects"))
    assert shown.link("edition 1") == url("education_edition_change", live.pk)
    frame = next(one["srcdoc"] for one in shown.with_attribute("srcdoc"))
    assert "for a day" in str(frame)
    assert "two days" not in str(frame)
    assert client.get(shown.link("See it as it was read")).status_code == 200


def test_of_a_report_on_the_whole_guide_the_guide_is_offered(live, guide, cast):
    report = builders.reported(live)
    shown = read(signed_in(cast["author"]), at(report))
    assert shown.link("Open the guide") == url("education_guide_change", guide.pk)
    assert "no answer can be sent" in shown.text
    assert "Record this answer" in shown.text
    assert not shown.with_attribute("srcdoc")


def test_a_reviewer_who_may_not_write_is_led_to_the_guide(report, guide, cast):
    shown = read(signed_in(cast["reviewer"]), at(report))
    assert shown.link("Open the guide") == url("education_guide_change", guide.pk)
    assert "Write this page" not in shown.text


def test_a_report_s_screen_costs_a_fixed_number_of_queries(report, live, cast, django_assert_max_num_queries):
    client = signed_in(cast["author"])
    for number in range(4):
        builders.reported(live, f"More {number}.")
    with django_assert_max_num_queries(20):
        client.get(at(report))


def test_a_script_in_a_report_is_text_on_every_screen(live, cast):
    report = builders.reported(live, PAYLOAD, page="side-effects")
    client = signed_in(cast["owner"])
    refused = client.post(at(report, "answer"), {"answer": PAYLOAD * 30})
    actions.answer_report(report, by=cast["author"], answer=PAYLOAD)
    addresses = (url("index"), url(LIST), at(report), url("education_edition_change", live.pk))
    for response in (refused, *(client.get(address) for address in addresses)):
        assert "<script>alert" not in response.content.decode()
        assert "<img src=x" not in response.content.decode()


# Answer and close


def test_an_answer_and_an_outcome_are_asked_for_and_nothing_typed_is_lost(report, cast):
    client = signed_in(cast["author"])
    for step, said in (("answer", "Write the answer."), ("close", "Choose what came of this report.")):
        response = client.post(at(report, step), {"answer": " "})
        shown = Page(response.content.decode())
        assert shown.title.startswith("Error: Report of a mistake")
        assert said in shown.text
    long = "x" * 2001
    response = client.post(at(report, "answer"), {"answer": long})
    assert f"{long}</textarea>" in response.content.decode()
    assert "at most 2000 characters" in response.content.decode()
    assert report.answer == ""


def test_a_report_is_answered_and_closed_and_the_screen_tells_who_did_what(
    report, cast, django_capture_on_commit_callbacks
):
    client, reviewer = signed_in(cast["author"]), signed_in(cast["reviewer"])
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(at(report, "answer"), {"answer": "You are right."}, follow=True)
    assert response.redirect_chain == [(at(report), 302)]
    assert "The answer is recorded." in response.content.decode()
    assert mail.outbox[0].to == [READER]
    response = reviewer.post(at(report, "close"), {"outcome": "will-mend"}, follow=True)
    shown = Page(response.content.decode())
    assert "By Ada Author on" in shown.text
    assert "sent by mail" in shown.text
    assert "We will mend it in the next edition. By Rae Reviewer on" in shown.text
    assert READER not in shown.text
    assert "What you can do" not in shown.text


def test_whoever_is_too_late_is_told_and_shown_what_they_typed(report, cast):
    client = signed_in(cast["author"])
    actions.answer_report(report, by=cast["reviewer"], answer="Mine.")
    response = client.post(at(report, "answer"), {"answer": "A whole hour of work"})
    assert response.status_code == 409
    assert "Rae Reviewer has answered this report already" in response.content.decode()
    assert "A whole hour of work" in response.content.decode()
    actions.close_report(report, by=cast["reviewer"], outcome="mended")
    assert client.post(at(report, "close"), {"outcome": "no-report"}).status_code == 409
    assert MistakeReport.objects.get().outcome == "mended"


@pytest.mark.parametrize("step", ["answer", "close"])
def test_while_the_database_is_locked_what_was_typed_stays(report, cast, step, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("education.models.MistakeReport.save", locked)
    response = signed_in(cast["author"]).post(at(report, step), {"answer": "My words", "outcome": "mended"})
    assert response.status_code == 503
    assert "What you typed is still here" in response.content.decode()
    assert ("My words</textarea>" if step == "answer" else 'value="mended" checked') in " ".join(
        response.content.decode().replace(" required", "").replace(' id="id_close_outcome_0"', "").split()
    )


def test_an_answer_typed_after_the_sign_in_ran_out_is_shown(report):
    response = Client().post(at(report, "answer"), {"answer": "A whole hour of work"})
    assert response.status_code == 403
    assert "A whole hour of work</textarea>" in response.content.decode()


# Where else it shows


def test_the_first_screen_names_what_waits(report, live, cast):
    for who in ("author", "reviewer", "owner"):
        shown = read(signed_in(cast[who]), url("index"))
        assert shown.link("Cold therapy, edition 1: Side effects") == at(report)
        assert "My doctor" not in shown.text
        assert "Nothing waits for you." not in shown.text
    actions.answer_report(report, by=cast["author"], answer="Yes.")
    assert "answered, to be closed" in read(signed_in(cast["author"]), url("index")).text
    actions.close_report(report, by=cast["author"], outcome="mended")
    assert "Nothing waits for you." in read(signed_in(cast["author"]), url("index")).text
    for _ in range(MOST_REPORTS + 3):
        builders.reported(live)
    assert len(work_of(cast["author"]).mistakes) == MOST_REPORTS
    assert read(signed_in(cast["author"]), url("index")).link("All reports of mistakes") == url(LIST)


def test_an_edition_s_screen_lists_what_was_reported_on_it(report, live, guide, cast):
    later = builders.next_edition(guide, cast, "Numb for two days.")
    client = signed_in(cast["author"])
    shown = read(client, url("education_edition_change", live.pk))
    assert shown.link("It says ten days. My doctor says twelve.") == at(report)
    assert READER not in shown.text
    assert "Reports of mistakes None." in read(client, url("education_edition_change", later.pk)).text
