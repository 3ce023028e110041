"""Two windows of one reviewer on one edition: neither takes away what the other kept."""

from __future__ import annotations

import pytest

from education.models import Edition, Review, ReviewDraft
from education.quality.questions import NO
from tests import builders
from tests.education.desk import hidden, signed_in, url
from tests.education.reviewed import decide, press


@pytest.fixture
def edition(guide, cast) -> Edition:
    return builders.submitted(guide, cast["author"])


def in_second_window(edition, cast, button, **sent):
    """Keep a note in one window, then press a button in another that was opened before and whose note is empty."""
    press(cast["reviewer"], edition, "keep", note="Too long for a leaflet.", noted="")
    return decide(cast["reviewer"], edition, button, note="", noted="", **sent)


@pytest.mark.parametrize("button", ["comment", "keep", "as-before", "remove-x"])
def test_a_second_window_leaves_the_note_of_the_first(button, edition, cast):
    in_second_window(edition, cast, button, words="Say how long.")
    assert ReviewDraft.objects.get().note == "Too long for a leaflet."


def test_a_decision_in_a_second_window_takes_the_note_that_is_kept(edition, cast):
    in_second_window(edition, cast, "return")
    assert Review.objects.get().note == "Too long for a leaflet."


def test_a_second_window_that_is_refused_shows_the_note_that_is_kept(edition, cast):
    response = in_second_window(edition, cast, "approve", accuracy=NO)
    assert response.context["written"].form["note"].value() == "Too long for a leaflet."


def test_a_note_that_was_changed_takes_the_place_of_the_one_before_an_empty_one_too(edition, cast):
    press(cast["reviewer"], edition, "keep", note="Too long.", noted="")
    press(cast["reviewer"], edition, "keep", note="Too long.\r\nMuch.", noted="Too long.")
    assert ReviewDraft.objects.get().note == "Too long.\nMuch."
    shown = signed_in(cast["reviewer"]).get(url("education_edition_change", edition.pk))
    assert hidden(shown, "noted") == "Too long.\nMuch."
    press(cast["reviewer"], edition, "keep", note="", noted="Too long.\nMuch.")
    assert ReviewDraft.objects.get().note == ""
