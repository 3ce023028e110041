"""What a reviewer is asked, and what the answers come to."""

from __future__ import annotations

import pytest

from education.quality.questions import (
    ACCURACY,
    ACTIONABILITY,
    JUDGEMENT,
    NO,
    NOT_APPLICABLE,
    NOTE,
    QUESTION,
    QUESTIONS,
    UNDERSTANDABILITY,
    YES,
    as_before,
    known,
    objection,
    on_record,
    scores,
    scores_on_record,
)

ALL_YES = {one.id: YES for one in QUESTIONS}


def of(about: str) -> list[str]:
    return [one.id for one in QUESTIONS if one.about == about]


def answered(*, no: tuple[str, ...] = (), unasked: tuple[str, ...] = ()) -> dict[str, str]:
    return {**ALL_YES, **dict.fromkeys(no, NO), **dict.fromkeys(unasked, NOT_APPLICABLE)}


def test_every_criterion_that_only_a_person_can_judge_is_asked_once():
    understanding = [f"pemat-{number}" for number in (*range(1, 7), 10, 12, *range(15, 19))]
    assert of(UNDERSTANDABILITY) == understanding
    assert of(ACTIONABILITY) == [f"pemat-{number}" for number in range(20, 27)]
    assert of(JUDGEMENT) == ["main-message", "words-and-numbers", "respect", "accuracy"]
    assert len(QUESTION) == len(QUESTIONS) == len({one.asked for one in QUESTIONS})
    for one in QUESTIONS:
        assert one.serves
        assert one.asked.endswith("?")


# Scores


def test_a_score_is_the_share_of_yes_among_what_applies():
    answers = answered(no=("pemat-1",), unasked=("pemat-15", "pemat-16", "pemat-17", "pemat-18", "pemat-24"))
    found = scores(answers)
    assert (found[UNDERSTANDABILITY].points, found[UNDERSTANDABILITY].of) == (7, 8)
    assert found[UNDERSTANDABILITY].percent == 87
    assert (found[ACTIONABILITY].points, found[ACTIONABILITY].of, found[ACTIONABILITY].percent) == (6, 6, 100)
    assert set(found) == {UNDERSTANDABILITY, ACTIONABILITY}


def test_without_a_question_that_applies_there_is_no_score():
    assert scores({}) == {}
    assert scores({"respect": YES, "accuracy": NO}) == {}
    assert set(scores(answered(unasked=tuple(of(ACTIONABILITY))))) == {UNDERSTANDABILITY}


@pytest.mark.parametrize(("no", "percent", "low"), [(1, 80, False), (2, 60, True)])
def test_eighty_per_cent_is_the_floor(no, percent, low):
    ids = of(ACTIONABILITY)
    score = scores(answered(no=tuple(ids[:no]), unasked=tuple(ids[5:])))[ACTIONABILITY]
    assert (score.percent, score.is_low) == (percent, low)


def test_a_question_that_is_no_longer_asked_breaks_nothing():
    answers = {"pemat-1": YES, "pemat-99": NO, "pemat-2": "perhaps"}
    assert known(answers) == {"pemat-1": YES}
    assert scores(answers)[UNDERSTANDABILITY].of == 1
    assert [row["id"] for row in on_record(answers)] == ["pemat-1"]


def test_a_score_on_record_counts_what_was_asked_then():
    rows = [
        {"id": "pemat-99", "about": UNDERSTANDABILITY, "asked": "Is it short?", "answer": NO},
        {"id": "pemat-1", "about": UNDERSTANDABILITY, "asked": "Is it clear?", "answer": YES},
        {"id": "x", "about": "gone", "asked": "?", "answer": YES},
        {},
    ]
    assert scores_on_record(rows)[UNDERSTANDABILITY].percent == 50


def test_the_record_has_the_words_that_were_asked():
    [row] = on_record({"accuracy": YES})
    assert row == {"id": "accuracy", "about": JUDGEMENT, "asked": ACCURACY.asked, "answer": YES}


def test_answers_of_before_count_for_the_same_words_alone_and_never_for_accuracy():
    rows = on_record(answered(no=("pemat-3",)))
    rows[0]["asked"] = "In other words?"
    again = as_before([*rows, {"id": "pemat-1"}])
    assert "pemat-1" not in again
    assert "accuracy" not in again
    assert again["pemat-3"] == NO
    assert len(again) == len(QUESTIONS) - 2


# What stands in the way of an approval


def test_the_first_open_question_stands_in_the_way():
    found = objection({**ALL_YES, "pemat-5": "", "respect": ""}, note="Fine.", urgent=False)
    assert found
    assert found.about == "pemat-5"


def test_an_urgent_correction_needs_the_one_on_accuracy_alone():
    assert objection({"accuracy": YES}, note="", urgent=True) is None
    found = objection({**ALL_YES, "accuracy": NOT_APPLICABLE}, note="", urgent=True)
    assert found
    assert found.about == "accuracy"


@pytest.mark.parametrize("urgent", [True, False])
def test_nobody_approves_what_they_call_wrong_whatever_the_note_says(urgent):
    found = objection(answered(no=("accuracy",)), note="All the same.", urgent=urgent)
    assert found
    assert found.about == "accuracy"
    assert "Return the edition" in found.words


def test_a_low_score_needs_a_note():
    answers = answered(no=tuple(of(ACTIONABILITY)[:2]))
    found = objection(answers, note="", urgent=False)
    assert found
    assert (found.about, found.words.split(",")[0]) == (NOTE, "Actionability is at 71 per cent")
    assert objection(answers, note="It is a leaflet on one fact.", urgent=False) is None
    assert objection(ALL_YES, note="", urgent=False) is None
