"""What an edition's screen shows to somebody who reviews it, and of the reviews that were made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from education.commented import comment_places, mark_of
from education.forms import ReviewForm, initial_of
from education.models import Edition, Review, ReviewDraft, State
from education.quality.questions import (
    ACTIONABILITY,
    ANSWERS,
    FLOOR,
    GOAL,
    JUDGEMENT,
    QUESTIONS,
    UNDERSTANDABILITY,
    Score,
    as_before,
    known,
    scores,
    scores_on_record,
)
from education.rules import Verb, decisions_open_to

AS_BEFORE, REMOVE = "as-before", "remove-"
NAMES = {UNDERSTANDABILITY: "Understandability", ACTIONABILITY: "Actionability", JUDGEMENT: "Judgement"}


@dataclass(frozen=True)
class DecisionButton:
    """A button that ends a review. `name` is the verb as an address can have it."""

    verb: Verb
    label: str
    explained: str

    @property
    def name(self) -> str:
        return str(self.verb)


BUTTONS = (
    DecisionButton(
        Verb.APPROVE,
        "Approve this edition",
        "You say with your name that patients can rely on this text. It is not public before it is published.",
    ),
    DecisionButton(
        Verb.CONFIRM,
        "Confirm: reviewed again, nothing to change",
        "Patients see today as the date of the last review, and the next date is set anew.",
    ),
    DecisionButton(
        Verb.RETURN,
        "Return it to the editors",
        "The editors read your note and your comments, change the guide, and submit it again. No question has to be "
        "answered.",
    ),
)


@dataclass(frozen=True)
class Written:
    """The review that a person is writing, as the screen shows it."""

    form: ReviewForm
    draft: ReviewDraft | None
    buttons: list[DecisionButton]
    before: Review | None
    urgent: bool

    @property
    def returning(self) -> DecisionButton | None:
        """The button that returns the edition, where that is possible."""
        return next((one for one in self.buttons if one.verb is Verb.RETURN), None)

    @property
    def passing(self) -> DecisionButton:
        """The button that says that patients can rely on it."""
        return next(one for one in self.buttons if one.verb is not Verb.RETURN)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """What is wrong: the id of what to go to, and the words. Open questions are one line."""
        return self.form.lines_of_errors(known(self.draft.answers if self.draft else {}), urgent=self.urgent)

    @property
    def comments(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The comments so far, each with what the button that removes it is called."""
        return [(f"{REMOVE}{mark_of(one)}", one) for one in (self.draft.comments if self.draft else [])]

    @property
    def scores(self) -> list[str]:
        return score_lines(self.draft.answers if self.draft else {})

    @property
    def answered(self) -> int:
        return len(known(self.draft.answers)) if self.draft else 0

    @property
    def asked(self) -> int:
        return len(QUESTIONS)


@dataclass(frozen=True)
class Decided:
    """A review on record, with what it found."""

    review: Review
    urgent: bool

    @property
    def scores(self) -> list[str]:
        return [_in_words(one) for one in scores_on_record(self.review.answers).values()]

    @property
    def answers(self) -> list[tuple[str, str, str]]:
        """What was asked, about what, and the answer in words."""
        return [
            (row.get("asked", ""), NAMES.get(row.get("about", ""), ""), ANSWERS.get(row.get("answer", ""), ""))
            for row in self.review.answers
        ]

    @property
    def unasked(self) -> bool:
        """Whether somebody approved or confirmed it without answering any question."""
        decisions = (Review.Decision.APPROVED, Review.Decision.CONFIRMED)
        return self.review.decision in decisions and not self.review.answers

    @property
    def only_these(self) -> bool:
        """Whether others were not asked, because it could not wait."""
        return self.urgent and self.review.decision == Review.Decision.APPROVED and len(self.answers) < len(QUESTIONS)


def draft_of(edition: Edition, person: Any) -> ReviewDraft | None:
    """Return what this person noted on an edition so far."""
    return ReviewDraft.objects.filter(edition=edition, person=person).first()


def last_review(edition: Edition) -> Review | None:
    """Return the guide's latest review with an answer that can be given again, and its edition; it may be a return."""
    reviews = Review.objects.filter(edition__guide=edition.guide_id).exclude(answers=[])
    newest_first = reviews.select_related("edition").order_by("-id")
    return next((one for one in newest_first if as_before(one.answers)), None)


def new_form(
    edition: Edition, person: Any, sent: QueryDict | None = None, *, button: str = "", place: str = ""
) -> ReviewForm:
    """Return the form of a review: with what was sent, or with what was kept. `place`: where a comment begins."""
    initial = {**initial_of(draft_of(edition, person)), "judged": edition.content_hash, "place": place}
    return ReviewForm(sent, initial=initial, places=comment_places(edition), button=button, auto_id="id_review_%s")


def written(
    edition: Edition, person: Any, form: ReviewForm | None, *, place: str = "", wanted: bool = True
) -> Written | None:
    """Return the review that this person can write now, or None.

    `form`: the one that was sent; `place`: what the next comment is to be tied to; `wanted`: whether it is opened
    where nothing was written yet. A return alone, after an approval, asks no questions: it is a step.
    """
    verbs = decisions_open_to(person, edition)
    draft = draft_of(edition, person)
    if not {Verb.APPROVE, Verb.CONFIRM}.intersection(verbs) or not (wanted or form or draft):
        return None
    return Written(
        form or new_form(edition, person, place=place),
        draft,
        [one for one in BUTTONS if one.verb in verbs],
        last_review(edition),
        bool(edition.urgent_reason) and Verb.APPROVE in verbs,
    )


def approval(edition: Edition, reviews: Iterable[Review], person: Any) -> str:
    """Return who approved an edition that is on its way to patients, and when, in a sentence; else an empty text."""
    approved = [one for one in reviews if one.decision == Review.Decision.APPROVED]
    if not approved or edition.state not in (State.APPROVED, State.SCHEDULED):
        return ""
    last = max(approved, key=lambda one: one.pk)
    who = "You" if last.made_by_id == person.pk else last.made_by_name
    at = timezone.localtime(last.made_at)
    when = (
        f"at {date_format(at, 'H:i')}" if at.date() == timezone.localdate() else f"on {date_format(at, 'j M Y, H:i')}"
    )
    return f"{who} approved this {when}."


def decided(edition: Edition, reviews: Iterable[Review]) -> list[Decided]:
    """Return the reviews of an edition with what each found."""
    return [Decided(one, bool(edition.urgent_reason)) for one in reviews]


def score_lines(answers: Mapping[str, str]) -> list[str]:
    """Return the scores of answers by id, each in a sentence."""
    return [_in_words(one) for one in scores(answers).values()]


def _in_words(score: Score) -> str:
    points = "point" if score.of == 1 else "points"
    said = f"{NAMES[score.about]}: {score.points} of {score.of} {points}, {score.percent} per cent."
    return f"{said} This is under {FLOOR}; the goal is {GOAL}." if score.is_low else said
