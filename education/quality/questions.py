"""What a person who reviews is asked, because no machine can judge it, and what the answers come to in points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

UNDERSTANDABILITY, ACTIONABILITY, JUDGEMENT = "understandability", "actionability", "judgement"
YES, NO, NOT_APPLICABLE = "yes", "no", "not-applicable"
ANSWERS: Mapping[str, str] = {YES: "Yes", NO: "No", NOT_APPLICABLE: "Does not apply"}
# Per cent of the points that apply, after the user's guide of the PEMAT: what to reach, and what to stay above.
GOAL, FLOOR = 100, 80
NOTE = "note"


@dataclass(frozen=True)
class Question:
    """`serves` names the criterion that it stands for. The id keeps its meaning for good: answers on record have it."""

    id: str
    about: str
    asked: str
    serves: str
    answers: tuple[str, ...] = (YES, NO, NOT_APPLICABLE)


def _pemat(about: str, number: int, asked: str) -> Question:
    return Question(f"pemat-{number}", about, asked, f"PEMAT {number}")


# The items of the PEMAT-P that a machine cannot judge, in our own words.
_UNDERSTANDING = (
    (1, "Can a reader tell at once what this guide is for?"),
    (2, "Is everything in it needed, with nothing that leads away from its purpose?"),
    (3, "Are the words those of everyday talk?"),
    (4, "Is each medical word there for a reason, and explained where it first comes up?"),
    (5, "Do the sentences say who does what?"),
    (6, "Is each number easy to grasp?"),
    (10, "Does one thing follow from the other, in an order that makes sense to a patient?"),
    (12, "Do boxes, lists or bold words draw the eye to what matters most?"),
    (15, "Is there a picture or a drawing wherever it would help?"),
    (16, "Do the pictures support the text, and not lead away from it?"),
    (17, "Does each picture have a title or a caption that is clear?"),
    (18, "Is each picture easy to make out, without clutter?"),
)
_ACTING = (
    (20, "Does it name at least one thing that a reader can do?"),
    (21, "Does it speak to the reader as “you” where something is to be done?"),
    (22, "Is each thing to do split into small, clear steps?"),
    (23, "Does it offer something to use, such as a checklist, wherever that would help to act?"),
    (24, "Where something has to be worked out, does it show how, with simple steps or an example?"),
    (25, "Does it say how to use its tables, charts or drawings in order to act?"),
    (26, "Is there a picture wherever it would make the steps easier to follow?"),
)
ACCURACY = Question(
    "accuracy",
    JUDGEMENT,
    "Is the medicine right, as far as my training lets me judge?",
    "clinical accuracy within my scope",
    (YES, NO),
)
QUESTIONS: Sequence[Question] = (
    *(_pemat(UNDERSTANDABILITY, number, asked) for number, asked in _UNDERSTANDING),
    *(_pemat(ACTIONABILITY, number, asked) for number, asked in _ACTING),
    Question("main-message", JUDGEMENT, "Does the main message stand at the top?", "CDC 2"),
    Question("words-and-numbers", JUDGEMENT, "Are the chances of harm put in words and in numbers?", "CDC 20"),
    Question("respect", JUDGEMENT, "Would a person who decides against it feel respected?", "DISCERN 15"),
    ACCURACY,
)
QUESTION: Mapping[str, Question] = {one.id: one for one in QUESTIONS}


@dataclass(frozen=True)
class Score:
    """Points over the questions that apply: one for each yes."""

    about: str
    points: int
    of: int

    @property
    def percent(self) -> int:
        """The share in whole per cent, rounded down, so that no score looks better than it is."""
        return self.points * 100 // self.of

    @property
    def is_low(self) -> bool:
        return self.percent < FLOOR


@dataclass(frozen=True)
class Objection:
    """Why answers do not carry an approval. `about`: the id of a question, or `NOTE`."""

    about: str
    words: str


def known(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that can still be given to the questions of today, in the order of these."""
    return {one.id: answers[one.id] for one in QUESTIONS if answers.get(one.id) in one.answers}


def scores(answers: Mapping[str, str]) -> dict[str, Score]:
    """Return the scores for understandability and actionability, of answers by id; without a point to get, none."""
    return _scores((QUESTION[id_].about, answer) for id_, answer in known(answers).items())


def scores_on_record(rows: Iterable[Mapping[str, str]]) -> dict[str, Score]:
    """Return the scores of answers as a review keeps them, be they to questions that are no longer asked."""
    return _scores((row.get("about", ""), row.get("answer", "")) for row in rows)


def _scores(answered: Iterable[tuple[str, str]]) -> dict[str, Score]:
    points: dict[str, list[bool]] = {UNDERSTANDABILITY: [], ACTIONABILITY: []}
    for about, answer in answered:
        if about in points and answer in (YES, NO):
            points[about].append(answer == YES)
    return {about: Score(about, sum(found), len(found)) for about, found in points.items() if found}


def on_record(answers: Mapping[str, str]) -> list[dict[str, str]]:
    """Return answers as a review keeps them: with the words that were asked."""
    return [
        {"id": id_, "about": QUESTION[id_].about, "asked": QUESTION[id_].asked, "answer": answer}
        for id_, answer in known(answers).items()
    ]


def as_before(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the answers of a review that can be given again: to questions that are asked in the same words.

    Whether the medicine is right has to be judged each time.
    """
    same = {row["id"]: row["answer"] for row in rows if _is_asked(row) and row["id"] != ACCURACY.id}
    return known(same)


def _is_asked(row: Mapping[str, str]) -> bool:
    question = QUESTION.get(row.get("id", ""))
    return question is not None and question.asked == row.get("asked") and "answer" in row


def asked_before(*, urgent: bool) -> Sequence[Question]:
    """Return the questions to be answered before an approval. `urgent`: only the medicine has to be judged."""
    return (ACCURACY,) if urgent else QUESTIONS


def objection(answers: Mapping[str, str], *, note: str, urgent: bool) -> Objection | None:
    """Return why these answers do not carry an approval, or None. `urgent`: as `asked_before` takes it."""
    given = known(answers)
    for question in asked_before(urgent=urgent):
        if question.id not in given:
            return Objection(question.id, "Answer this question, or return the edition.")
    if given[ACCURACY.id] == NO:
        return Objection(
            ACCURACY.id, "You say that the medicine is not right. Return the edition, and say what is wrong."
        )
    low = [f"{one.about} is at {one.percent} per cent" for one in scores(given).values() if one.is_low]
    if low and not note:
        said = " and ".join(low).capitalize()
        return Objection(NOTE, f"{said}, which is under {FLOOR}. Say why you approve it all the same, or return it.")
    return None
