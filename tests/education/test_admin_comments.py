"""A reviewer's comments on the editor's screens: where they lead, how they are answered, what a submission says."""

from __future__ import annotations

import re

import pytest
from django.db import OperationalError
from django.test import Client

from education import actions
from education.models import CommentReply, Guide, Page, Review
from tests import builders
from tests.education.commented import BRUISES, NAUSEA, TEXT, of_three_kinds, returned
from tests.education.desk import page_of, page_url, signed_in, url, written


@pytest.fixture
def review(guide, cast) -> Review:
    return of_three_kinds(guide, cast)


@pytest.fixture
def author(cast) -> Client:
    return signed_in(cast["author"])


@pytest.fixture
def page(guide) -> Page:
    return page_of(guide, Page.Kind.SIDE_EFFECTS)


def reply_url(review: Review, number: int = 1) -> str:
    return url("education_comment_reply", review.edition.guide_id, review.pk, number)


def guide_url(guide: Guide) -> str:
    return url("education_guide_change", guide.pk)


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def section(html: str, start: str, end: str) -> str:
    return html.split(start)[1].split(end)[0]


# Refusals


@pytest.mark.parametrize("who", ["reviewer", "front_desk", "outsider"])
def test_only_those_who_write_pages_answer(who, review, cast):
    assert signed_in(cast[who]).post(reply_url(review), {"done": "on"}).status_code == 403
    assert not CommentReply.objects.exists()


def test_somebody_who_is_signed_out_sees_the_answer_again(review):
    response = Client().post(reply_url(review), {"words": "My long answer."})
    assert response.status_code == 403
    assert b"My long answer." in response.content


def test_an_answer_is_sent_not_asked_for(review, author):
    assert author.get(reply_url(review)).status_code == 405


def test_a_review_of_another_guide_and_a_comment_that_is_not_there_are_not_found(review, cast, author):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    assert author.post(url("education_comment_reply", other.pk, review.pk, 1)).status_code == 404
    assert author.post(reply_url(review, 4)).status_code == 404


def test_after_a_submission_an_answer_is_refused_and_what_was_typed_stays(review, guide, cast, author):
    builders.submitted(guide, cast["author"], "Again.")
    response = author.post(reply_url(review), {"words": "My long answer."})
    assert response.status_code == 409
    assert "no longer to be worked on" in response.content.decode()
    assert b"My long answer.</textarea>" in response.content
    assert b"<title>Error:" in response.content


def test_an_answer_that_is_too_long_is_refused_and_kept_whole(review, author):
    typed = "word " * 201
    response = author.post(reply_url(review), {"words": typed})
    assert "the most is 1000" in response.content.decode()
    assert typed.strip() in response.content.decode()
    assert "Is it not two days?" in response.content.decode()


def test_an_answer_stays_when_the_database_cannot_write(review, author, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(actions, "reply_to_comment", full)
    response = author.post(reply_url(review), {"words": "My long answer."})
    assert "could not save this just now" in response.content.decode()
    assert b"My long answer.</textarea>" in response.content


def test_somebody_else_s_answer_is_shown_before_it_is_gone_over(review, author, cast):
    actions.reply_to_comment(review, 1, by=cast["colleague"], words="Hers.")
    first = author.post(reply_url(review), {"words": "His.", "seen": ""})
    assert "Somebody else answered while you were writing: “Hers.”" in first.content.decode()
    assert b'name="seen" value="Hers."' in first.content
    author.post(reply_url(review), {"words": "His.", "seen": "Hers."})
    assert CommentReply.objects.get().words == "His."


def test_the_script_hears_why_an_answer_was_refused(review, author, cast):
    actions.reply_to_comment(review, 1, by=cast["colleague"], words="Hers.")
    sent = {"words": "His.", "seen": ""}
    response = author.post(reply_url(review), sent, headers={"Accept": "application/json"})
    assert response.status_code == 409
    assert response.json()["seen"] == "Hers."
    assert "Somebody else answered" in response.json()["said"]


# The guide's screen


def test_a_guide_without_comments_says_nothing_of_them(guide, author):
    assert 'id="comments"' not in shown(author, guide_url(guide))


def test_each_comment_leads_to_its_place_and_the_pages_say_how_many_they_have(review, guide, page, author):
    html = shown(author, guide_url(guide))
    board = section(html, 'id="comments"', "</section>")
    assert "Rae Reviewer returned edition 1" in board
    assert "See my comments." in board
    assert "3 of 3 still open" in board
    assert f'href="{page_url(page)}?line=5#id_markdown">Side effects: Under “Bruises”</a>' in board
    assert f'href="{page_url(page)}#entry-2">Side effects: Side effect “Nausea”</a>' in board
    assert "<strong>The whole guide</strong>" in board
    assert "numbness for a day" in board
    assert "2 comments" in section(html, f'id="page-{page.pk}"', "</li>")
    assert "comment" not in section(html, f'id="page-{page_of(guide, "preparation").pk}"', "</li>")


def test_what_changed_or_is_gone_is_said(review, guide, page, cast, author):
    builders.write(guide, cast["author"], "side-effects", "All new.", entries=[BRUISES])
    board = section(shown(author, guide_url(guide)), 'id="comments"', "</section>")
    assert "These words have changed since." in board
    assert "This entry is gone." in board
    actions.remove_page(page, by=cast["author"])
    board = section(shown(author, guide_url(guide)), 'id="comments"', "</section>")
    assert board.count("This page was removed since.") == 2
    assert f'href="{guide_url(guide)}#page-{page.pk}"' in board


def test_an_answer_is_saved_and_counted(review, guide, page, author):
    response = author.post(reply_url(review), {"done": "on", "words": "Two days, yes.", "seen": ""})
    assert response["Location"] == f"{guide_url(guide)}#comment-1"
    board = section(shown(author, guide_url(guide)), 'id="comments"', "</section>")
    assert "2 of 3 still open" in board
    assert "Two days, yes.</textarea>" in board
    assert re.search(r'id="id_reply_1_done" checked', board)
    author.post(reply_url(review, 2), {"words": "See the trial."})
    assert "2 comments, none open" in section(shown(author, guide_url(guide)), f'id="page-{page.pk}"', "</li>")


def test_the_script_hears_how_far_a_comment_is(review, author):
    sent = {"words": "Two  days.", "seen": ""}
    answer = author.post(reply_url(review), sent, headers={"Accept": "application/json"}).json()
    assert answer == {"said": "Saved.", "seen": "Two  days.", "state": "answered"}


def test_a_reviewer_reads_the_comments_and_answers_and_has_no_form(review, guide, cast):
    actions.reply_to_comment(review, 1, by=cast["author"], words="Two days, yes.")
    board = section(shown(signed_in(cast["reviewer"]), guide_url(guide)), 'id="comments"', "</section>")
    assert "Two days, yes." in board
    assert "<form" not in board


# The screen of a page


def test_a_page_shows_its_own_comments_and_leads_to_their_places(review, page, author):
    html = shown(author, page_url(page))
    aside = section(html, '<aside class="page-comments"', "</aside>")
    assert "What Rae Reviewer said of this page" in aside
    assert 'href="#id_markdown" data-line="5"' in aside
    assert "Name a source for rare." in aside
    assert "read it aloud" not in aside
    entry = section(html, 'id="entry-2"', "</fieldset>")
    assert 'id="about-entry-2"' in entry
    assert "Name a source for rare." in entry
    assert "Name a source" not in section(html, 'id="entry-1"', "</fieldset>")


def test_the_forms_of_the_answers_stand_outside_the_form_of_the_page(review, page, author):
    html = shown(author, page_url(page))
    assert "data-reply" not in section(html, 'id="page-form"', "</form>")
    assert html.count("data-reply hidden") == 2


def test_a_page_without_comments_has_no_aside(review, guide, author):
    assert "page-comments" not in shown(author, page_url(page_of(guide, "preparation")))


def test_the_comments_follow_what_is_typed_and_not_yet_saved(review, page, author):
    entry = {f"entry-{row}-{name}": value for row, one in enumerate([NAUSEA, BRUISES]) for name, value in one.items()}
    entry |= {"entry-0-sources": "trial-2020", "entry-1-sources": "trial-2020"}
    typed = written(page, title="", markdown=f"More.\n\n{TEXT}", entry=["0", "1"], with_entries="side-effect", **entry)
    html = author.post(page_url(page), typed).content.decode()
    assert 'data-line="7"' in section(html, '<aside class="page-comments"', "</aside>")
    assert 'id="about-entry-2"' in section(html, 'id="entry-1"', "</fieldset>")


def test_the_screens_ask_the_database_as_often_for_many_comments_as_for_few(
    review, guide, page, cast, author, django_assert_num_queries, django_assert_max_num_queries
):
    addresses = (guide_url(guide), page_url(page))
    counts = []
    for address in addresses:
        author.get(address)
        with django_assert_max_num_queries(60) as seen:
            author.get(address)
        counts.append(len(seen))
    returned(guide, cast, *({"entry": 1 + number % 2, "words": f"No. {number}"} for number in range(9)), {"line": 5})
    newest = Review.objects.latest("id")
    for number in range(1, 10):
        actions.reply_to_comment(newest, number, by=cast["author"], words="Yes.")
    for address, count in zip(addresses, counts, strict=True):
        author.get(address)
        with django_assert_num_queries(count):
            author.get(address)


# Submitting


def test_what_is_open_is_named_before_a_submission_and_stops_nothing(review, guide, cast, author):
    actions.reply_to_comment(review, 2, by=cast["author"], done=True)
    address = url("education_guide_submit", guide.pk)
    html = shown(author, address)
    reminder = section(html, 'aria-labelledby="open-comments"', "</section>")
    assert f'href="{guide_url(guide)}#comment-1"' in reminder
    assert "Is it not two days?" in reminder
    assert "Name a source" not in reminder
    seen = re.search(r'name="seen" value="(\w+)"', html)
    assert seen
    sent = author.post(address, {"what_changed": "Two days.", "seen": seen[1]})
    assert sent.status_code == 302
    answered = section(shown(author, sent["Location"]), 'id="answered-comments"', "</section>")
    assert "Is it not two days?" in answered
    assert answered.count('<span class="state">not marked as done</span>') == 2
    assert answered.count('<span class="state">done</span>') == 1


def test_with_every_comment_dealt_with_nothing_is_named(review, guide, cast, author):
    for number in (1, 2, 3):
        actions.reply_to_comment(review, number, by=cast["author"], words="Yes.")
    assert "Comments still open" not in shown(author, url("education_guide_submit", guide.pk))


def test_an_edition_without_comments_before_it_says_nothing_of_them(live, author):
    assert "answered-comments" not in shown(author, url("education_edition_change", live.pk))


def test_what_a_reviewer_typed_cannot_leave_its_place(guide, page, cast, author):
    evil = "<script>alert(1)</script>"
    returned(guide, cast, {"words": evil, "quote": evil, "place": evil, "title": evil})
    actions.reply_to_comment(Review.objects.get(), 1, by=cast["author"], words=f"</textarea>{evil}")
    pages = [shown(author, guide_url(guide)), shown(author, page_url(page))]
    edition = builders.submitted(guide, cast["author"], "Again.")
    pages.append(shown(author, url("education_edition_change", edition.pk)))
    for html in pages:
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html
