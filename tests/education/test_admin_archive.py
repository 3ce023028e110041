"""The screens that put a guide into the archive and bring it back, and the list that sets archived guides apart."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from education import actions
from education.models import Archiving, Reopening
from tests import builders
from tests.education.desk import signed_in, url
from tests.html import Page

REASON = "We <b>stopped</b> offering it."


def screen(person, guide, name="change"):
    return signed_in(person).get(url(f"education_guide_{name}", guide.pk))


def archive(person, guide, **sent):
    return signed_in(person).post(url("education_guide_archive", guide.pk), sent)


def words(response) -> str:
    return Page(response.content.decode()).text


def listed(person, guide, **asked) -> str:
    response = signed_in(person).get(url("education_guide_changelist"), asked)
    return words(response) if guide.title in response.content.decode().partition('id="result_list"')[2] else ""


# What is refused


@pytest.mark.parametrize("name", ["archive", "reopen"])
@pytest.mark.parametrize("who", ["front_desk", "outsider"])
def test_nobody_else_gets_there(live, guide, cast, name, who):
    client = signed_in(cast[who])
    for answer in (client.get, client.post):
        assert answer(url(f"education_guide_{name}", guide.pk)).status_code == 403
    assert not Archiving.objects.exists()


def test_without_a_reason_the_screen_comes_back(live, guide, cast):
    response = archive(cast["author"], guide, reason=" ")
    assert "Error: " in response.content.decode().partition("</title>")[0]
    assert "Give the reason. Patients will read it where the guide was." in words(response)
    assert not Archiving.objects.exists()


def test_an_edition_under_way_is_told_on_both_screens(live, guide, cast):
    builders.write(guide, cast["author"], "side-effects", "Other words.")
    builders.submitted(guide, cast["author"])
    said = "Edition 2 is in review. Have a reviewer decide on it, or take it back."
    opened = screen(cast["author"], guide)
    assert said in words(opened)
    assert "Put into the archive …" not in words(opened)
    assert said in words(screen(cast["author"], guide, "archive"))
    response = archive(cast["author"], guide, reason=REASON)
    assert response.status_code == 409
    assert said in words(response)
    assert REASON in Page(response.content.decode()).text
    assert not Archiving.objects.exists()


def test_a_second_time_is_refused_and_says_who_was_first(live, guide, cast):
    archive(cast["reviewer"], guide, reason=REASON)
    response = archive(cast["author"], guide, reason="Mine.")
    assert response.status_code == 409
    assert "Rae Reviewer put it there." in words(response)
    client = signed_in(cast["author"])
    client.post(url("education_guide_reopen", guide.pk))
    response = client.post(url("education_guide_reopen", guide.pk))
    assert response.status_code == 409
    assert "not in the archive" in words(response)


def test_a_database_that_cannot_write_loses_no_word(live, guide, cast, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(actions, "archive_guide", refuse)
    response = archive(cast["author"], guide, reason=REASON)
    assert response.status_code == 503
    assert REASON in words(response)


# What is done


def test_a_guide_goes_into_the_archive_from_its_screen_and_comes_back(live, guide, cast):
    assert "Put into the archive …" in words(screen(cast["author"], guide))
    asked = words(screen(cast["author"], guide, "archive"))
    assert "Patients read edition 1 now." in asked
    response = archive(cast["author"], guide, reason=REASON)
    assert response["Location"] == url("education_guide_change", guide.pk)
    assert Archiving.objects.get().reason == REASON
    opened = screen(cast["reviewer"], guide)
    assert f"put there by Ada Author: {REASON}" in words(opened)
    assert b"We &lt;b&gt;stopped&lt;/b&gt;" in opened.content
    assert "Submit: The guide is in the archive. Bring it back first." in words(screen(cast["author"], guide))
    assert "as in edition 1" in words(opened)
    assert "Withdraw edition 1" in words(opened)
    asked = words(screen(cast["reviewer"], guide, "reopen"))
    assert "Patients will read edition 1 again at once" in asked
    response = signed_in(cast["reviewer"]).post(url("education_guide_reopen", guide.pk))
    assert response["Location"] == url("education_guide_change", guide.pk)
    assert Reopening.objects.get().made_by == cast["reviewer"]
    assert "Live: edition 1" in words(screen(cast["author"], guide))


def test_the_screens_tell_what_a_guide_that_was_never_live_has_to_lose(guide, cast):
    assert "Patients never saw this guide." in words(screen(cast["author"], guide, "archive"))
    archive(cast["author"], guide, reason=REASON)
    assert "No edition of it will be live." in words(screen(cast["author"], guide, "reopen"))


def test_an_archived_edition_s_screen_says_what_can_be_done(live, guide, cast):
    archive(cast["author"], guide, reason=REASON)
    said = words(signed_in(cast["author"]).get(url("education_edition_change", live.pk)))
    assert "Patients read it until the guide went into the archive." in said
    assert "Bring the guide back from the archive first, or withdraw this edition." in said
    assert "Withdraw edition 1 …" in said


def test_submitting_an_archived_guide_is_refused_on_its_screen(live, guide, cast):
    archive(cast["author"], guide, reason=REASON)
    response = signed_in(cast["author"]).get(url("education_guide_submit", guide.pk))
    assert "The guide is in the archive. Bring it back first." in words(response)


def test_the_list_sets_archived_guides_apart_once_there_are_any(live, guide, cast):
    author = cast["author"]
    other = builders.guide(author, title="Heat", slug="heat")
    assert "In the archive" not in listed(author, guide)
    archive(author, guide, reason=REASON)
    assert not listed(author, guide)
    assert listed(author, other)
    assert "In the archive since" in listed(author, guide, archive="archived")
    assert not listed(author, other, archive="archived")
    assert listed(author, guide, archive="all")
    assert listed(author, other, archive="all")
    assert "In use" in listed(author, other)
