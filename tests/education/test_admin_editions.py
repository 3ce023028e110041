"""An edition's screen: reading, judging, publishing, withdrawing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from education import actions
from education.admin import editions
from education.models import Cancellation, Edition, Publication, Review, State, Withdrawal
from education.quality import Finding
from tests import builders
from tests.education.desk import hidden, signed_in, url
from tests.education.example_entries import SIDE_EFFECT
from tests.education.reviewed import decide, press
from tests.html import Page

NOVEMBER = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


@pytest.fixture
def edition(guide, cast) -> Edition:
    return builders.submitted(guide, cast["author"])


def take(person, edition, step, **sent):
    return signed_in(person).post(url("education_edition_step", edition.pk, step), sent)


def state_of(edition) -> State:
    return Edition.objects.with_state().get(pk=edition.pk).state


def screen(person, edition):
    return signed_in(person).get(url("education_edition_change", edition.pk))


def page_text(markup):
    return Page(markup).text


def with_reasons(pk, reasons):
    edition = Edition.objects.with_state().select_related("guide").get(pk=pk)
    edition.reasons = reasons
    return edition


def test_a_reviewer_who_saw_another_content_approves_nothing_and_keeps_the_note(edition, cast):
    response = decide(cast["reviewer"], edition, judged="f" * 64, note="My careful note.")
    assert response.status_code == 409
    assert b"The screen showed another content" in response.content
    assert b"My careful note.</textarea>" in response.content
    assert state_of(edition) == State.IN_REVIEW


def test_without_the_hash_of_what_was_seen_nothing_is_approved(edition, cast):
    assert decide(cast["reviewer"], edition, judged="").status_code == 409
    assert not Review.objects.exists()


def test_returning_needs_a_reason(edition, cast):
    response = press(cast["reviewer"], edition, "return", note="  ")
    assert b"Say what should be changed" in response.content
    assert b"<title>Error:" in response.content
    assert state_of(edition) == State.IN_REVIEW


def test_a_reviewer_who_was_slower_than_another_is_told_and_keeps_what_was_typed(edition, cast):
    actions.approve(edition, by=cast["second_reviewer"], judged=edition.content_hash)
    response = decide(cast["reviewer"], edition, note="My careful note.")
    shown = response.content.decode()
    assert response.status_code == 409
    assert "Edition 1 is approved" in shown
    assert "<dd>My careful note.</dd>" in shown
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "step"),
    [
        ("author", "approve"),
        ("colleague", "return"),
        ("reviewer", "take-back"),
        ("author", "confirm"),
    ],
)
def test_a_step_that_belongs_to_the_other_role_is_403_with_a_sentence(who, step, edition, cast):
    send = take if step == "take-back" else decide
    response = send(cast[who], edition, step, note="x")
    assert response.status_code == 403
    assert b"Only " in response.content
    assert state_of(edition) == State.IN_REVIEW


@pytest.mark.parametrize("step", ["publish", "schedule", "cancel"])
def test_an_edition_in_review_can_be_neither_published_nor_cancelled_nor_confirmed(step, edition, cast):
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    assert take(cast["owner"], edition, step, day=day, time="09:30").status_code == 409
    assert decide(cast["owner"], edition, "confirm").status_code == 409
    assert not Publication.objects.exists()


def test_only_what_is_possible_is_a_form_and_the_rest_is_one_line_of_reason(edition, cast):
    for who, steps, decisions in (
        ("reviewer", [], ["approve", "return"]),
        ("author", ["take-back"], []),
        ("colleague", ["take-back"], []),
    ):
        context = screen(cast[who], edition).context
        assert [one.name for one in context["steps"]] == steps
        written = context["written"]
        assert [one.name for one in (written.buttons if written else [])] == decisions
        shown = {verb for verb, _ in context["reasons_why_not"]}
        assert {"publish", "cancel", "withdraw", "confirm"} <= shown
        assert "approve" in shown or who == "reviewer"


def test_the_form_to_approve_carries_the_hash_of_the_text_on_the_screen(edition, cast):
    response = screen(cast["reviewer"], edition)
    assert hidden(response, "judged") == edition.content_hash
    assert decide(cast["reviewer"], edition, judged=hidden(response, "judged")).status_code == 302
    assert state_of(edition) == State.APPROVED


def test_an_edition_goes_its_whole_way_by_the_buttons_of_the_screen(edition, cast):
    author, reviewer = cast["author"], cast["reviewer"]
    decide(reviewer, edition, note="Sound.")
    take(author, edition, "publish")
    assert state_of(edition) == State.LIVE
    decide(reviewer, edition, "confirm")
    assert edition.reviews.filter(decision="confirmed").exists()
    address = url("education_edition_withdraw", edition.pk)
    assert b"This is for good" in signed_in(author).get(address).content
    assert not Withdrawal.objects.exists()
    signed_in(author).post(address, {"reason": "A number was wrong."})
    assert state_of(edition) == State.WITHDRAWN
    shown = screen(author, edition).content.decode()
    for said in ("Sound.", "Rae Reviewer", "A number was wrong.", edition.content_hash, edition.chain_hash):
        assert said in shown


def test_publishing_twice_makes_one_publication(edition, cast):
    actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    assert take(cast["author"], edition, "publish").status_code == 302
    assert take(cast["author"], edition, "publish").status_code == 409
    assert Publication.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "time", "said"),
    [
        ("2027-03-14", "02:30", "this time does not exist"),
        ("2027-11-07", "01:30", "this time comes twice"),
        ("2026-11-21", "09:30", "This day has passed"),
        ("2026-11-22", "09:59", "That moment has passed"),
        ("2029-11-22", "09:30", "more than two years ahead"),
        ("9999-12-31", "23:59", "more than two years ahead"),
        ("0001-01-01", "00:00", "This day has passed"),
        ("tomorrow", "09:30", "year-month-day"),
        ("2026-12-01", "25:00", "hours and minutes"),
        ("2026-12-01", "", "Choose the time"),
        ("", "09:30", "Choose the day"),
    ],
)
def test_a_moment_that_cannot_be_is_a_form_error_and_what_was_typed_stays(day, time, said, edition, cast):
    with time_machine.travel(NOVEMBER, tick=False):
        actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
        response = take(cast["author"], edition, "schedule", day=day, time=time)
        shown = response.content.decode()
    assert said in shown
    assert f'value="{day or time}"' in shown
    assert not Publication.objects.exists()


def test_an_edition_is_scheduled_by_the_clinics_clock_and_cancelled(edition, cast, settings):
    with time_machine.travel(NOVEMBER, tick=False):
        actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
        assert settings.TIME_ZONE in screen(cast["author"], edition).content.decode()
        assert take(cast["author"], edition, "schedule", day="2027-03-14", time="03:00").status_code == 302
        assert Publication.objects.get().live_from == datetime(2027, 3, 14, 7, 0, tzinfo=UTC)
        assert state_of(edition) == State.SCHEDULED
        assert take(cast["reviewer"], edition, "cancel").status_code == 302
        assert state_of(edition) == State.APPROVED
    assert Cancellation.objects.count() == 1


def test_withdrawing_needs_a_reason_and_a_published_edition(edition, cast):
    author = signed_in(cast["author"])
    address = url("education_edition_withdraw", edition.pk)
    assert author.post(address, {"reason": "Too early."}).status_code == 409
    actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    actions.publish(edition, by=cast["author"])
    assert b"Patients will read it" in author.post(address, {"reason": " "}).content
    assert not Withdrawal.objects.exists()


def test_what_was_typed_is_kept_when_the_database_cannot_write(edition, cast, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(actions.reviewing, "locked_edition", full)
    response = decide(cast["reviewer"], edition, "return", note="My careful note.")
    assert response.status_code == 503
    assert b"My careful note.</textarea>" in response.content


def test_the_screen_shows_what_the_edition_changes_and_names_what_is_carried_over(live, guide, cast):
    builders.write(guide, cast["author"], "side-effects", "You can get numbness for two days.")
    builders.write(guide, cast["author"], "preparation", "Not meant.")
    ticked = [guide.pages.get(kind="side-effects").pk]
    second = builders.submitted(guide, cast["author"], "Side effects.", ticked=ticked)
    context = screen(cast["reviewer"], second).context
    assert [shown.title for shown in context["changed_pages"]] == ["Side effects"]
    assert [page.title for page in context["carried_over"]] == ["Overview", "Preparation"]
    assert [shown.title for shown in context["changed_facts"]] == ["Term “numbness”"]


def with_side_effect(guide, cast, **changes):
    row = guide.pages.get(kind="side-effects")
    facts = {"title": row.title, "slug": row.slug, "markdown": row.markdown}
    entries = [{**SIDE_EFFECT, "sources": ["trial-2020"], **changes}]
    actions.save_page(row, by=cast["author"], base=None, entries=entries, **facts)


def test_each_reason_stands_beside_what_it_was_given_for(guide, cast):
    with_side_effect(guide, cast, frequency="")
    reasons = {"effect.frequency side-effects": "<b>Nobody</b> has counted it."}
    edition = builders.submitted(guide, cast["author"], reasons=reasons)
    response = screen(cast["reviewer"], edition)
    [warnings] = [level for level in response.context["report"].levels if level.name == "W"]
    assert [(item.key, item.reason) for item in warnings.items] == list(reasons.items())
    shown = response.content.decode()
    assert "<strong>Reason given:</strong> &lt;b&gt;Nobody&lt;/b&gt; has counted it." in shown
    assert "<strong>Side effects, entry 1</strong>" in shown
    assert "The owner" not in page_text(shown)
    assert 'name="reason-' not in shown


def test_an_error_that_the_owner_passed_is_marked_as_such(guide, cast):
    builders.write(guide, cast["author"], "preparation", "This treatment is risk-free.")
    reasons = {"words.promise preparation": "It quotes a law."}
    edition = builders.submitted(guide, cast["owner"], reasons=reasons)
    assert "The owner passed this error. The reason given: It quotes a law." in page_text(
        screen(cast["reviewer"], edition).content.decode()
    )


def test_a_report_of_long_ago_is_shown_with_what_it_has(guide, cast, monkeypatch):
    row = {
        "check": "old.check",
        "level": "W",
        "message": "Look here.",
        "yardstick": "PEMAT 1",
        "place": "",
        "line": None,
    }
    monkeypatch.setattr(Finding, "as_json", lambda finding: {**row, "gone": 1})
    edition = builders.submitted(guide, cast["author"])
    monkeypatch.setattr(editions, "edition_or_404", lambda pk: with_reasons(pk, {"old": "Because."}))
    text = page_text(screen(cast["reviewer"], edition).content.decode())
    assert "The guide: Look here." in text
    assert "old.check Serves PEMAT 1." in text
    assert "Other reasons given old Because." in text


def test_changed_entries_are_told_and_after_publication_a_link_leads_to_what_patients_read(live, guide, cast):
    with_side_effect(guide, cast)
    second = builders.approved(guide, cast, what_changed="Effects.")
    response = screen(cast["reviewer"], second)
    [page] = response.context["changed_pages"]
    assert [(one.title, one.words) for one in page.entries] == [("Side effect “Numb skin”", "new")]
    assert "Source: added: A trial of cold" in page_text(response.content.decode())
    assert "Numb skin" in response.context["preview"]
    changes = "/guides/cold-therapy/editions/2/changes/"
    assert changes not in response.content.decode()
    actions.publish(second, by=cast["author"])
    assert f'<a href="{changes}">' in screen(cast["reviewer"], second).content.decode()


def test_staff_read_the_whole_edition_as_patients_will_and_patients_do_not_yet(edition, cast, client):
    shown = signed_in(cast["reviewer"]).get(url("education_edition_preview", edition.pk))
    assert b"Cold therapy cools the skin" in shown.content
    assert b"no-store" in shown["Cache-Control"].encode()
    assert client.get(edition.get_absolute_url()).status_code == 404
    assert "Cold therapy cools the skin" in screen(cast["reviewer"], edition).content.decode()


def test_who_else_wrote_and_that_nobody_else_approved_is_on_the_screen(guide, cast, settings):
    builders.write(guide, cast["colleague"], "side-effects", "You can get numbness for two days.")
    edition = builders.submitted(guide, cast["author"])
    assert "Also wrote: Cleo Colleague" in screen(cast["reviewer"], edition).content.decode()
    settings.REVIEW_BY_SECOND_PERSON = False
    both = builders.person("both", "Editors", "Reviewers")
    actions.take_back(edition, by=cast["author"])
    alone = builders.submitted(guide, both)
    decide(both, alone)
    assert "the same person who submitted it" in screen(both, alone).content.decode()


def test_editions_are_found_by_their_title_and_by_the_code_on_a_leaflet(edition, cast):
    other = builders.submitted(builders.guide(cast["author"], title="Heat", slug="heat"), cast["author"])
    for words, found in (("heat", other), (edition.code, edition), ("cold", edition)):
        listed = signed_in(cast["reviewer"]).get(url("education_edition_changelist"), {"q": words})
        assert [one.pk for one in listed.context["cl"].result_list] == [found.pk]
