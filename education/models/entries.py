"""Entries: the structured rows of a page's working copy, one model for each kind."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from education.entries import FIRST_DAY, KIND_NAMED, LAST_DAY, Advice, Evidence, Frequency, canonical_entry
from education.models.guides import Page
from education.models.library import Source
from education.models.text import CanonicalCharField, CanonicalTextField

DAYS = [
    MinValueValidator(FIRST_DAY, f"The earliest day is {FIRST_DAY}, a year before the treatment."),
    MaxValueValidator(LAST_DAY, f"The latest day is {LAST_DAY}, two years after the treatment."),
]


class EntryQuerySet(models.QuerySet["Entry"]):
    def in_order(self) -> EntryQuerySet:
        """Return the entries as they stand on their pages, with their sources."""
        return self.order_by("page", "position", "id").prefetch_related("sources")


class Entry(models.Model):
    """What all kinds share. An entry stands on a page of its kind, which the action that writes it looks after."""

    kind: str  # a name in education.entries

    page = models.ForeignKey(Page, models.PROTECT, related_name="%(class)s_entries")
    position = models.PositiveIntegerField()
    sources = models.ManyToManyField(Source, related_name="%(class)s_entries", blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["page", "position", "id"]

    def __str__(self) -> str:
        return KIND_NAMED[self.kind].title_of(vars(self))

    def as_data(self) -> dict[str, Any]:
        """Return the entry as an edition keeps it. Reads the sources."""
        return canonical_entry(KIND_NAMED[self.kind], vars(self), [source.key for source in self.sources.all()])


class KeyFact(Entry):
    """A fact about the procedure. Facts that share a label show a disagreement."""

    kind = "key-fact"

    label = CanonicalCharField(max_length=120)
    value = CanonicalCharField(max_length=400)
    headline = models.BooleanField(default=False)

    class Meta(Entry.Meta):
        constraints = [models.CheckConstraint(condition=~Q(label="") & ~Q(value=""), name="key_fact_is_complete")]


class Benefit(Entry):
    """What people hope for, and how good the evidence is."""

    kind = "benefit"

    claim = CanonicalCharField(max_length=400)
    evidence = models.CharField(max_length=20, choices=Evidence.choices)
    finding = CanonicalTextField(max_length=600, blank=True)

    class Meta(Entry.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(claim=""), name="benefit_has_a_claim"),
            models.CheckConstraint(condition=Q(evidence__in=Evidence.values), name="benefit_states_its_evidence"),
        ]


class SideEffect(Entry):
    """What can go wrong, how often, how long, and what to do. An empty frequency is one not written yet."""

    kind = "side-effect"

    name = CanonicalCharField(max_length=200)
    frequency = models.CharField(max_length=20, choices=Frequency.choices, blank=True)
    figure = CanonicalCharField(max_length=400, blank=True)
    duration = CanonicalCharField(max_length=200, blank=True)
    action = CanonicalTextField(max_length=400, blank=True)

    class Meta(Entry.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="side_effect_has_a_name"),
            models.CheckConstraint(condition=Q(frequency__in=["", *Frequency.values]), name="side_effect_frequency"),
        ]


class Contraindication(Entry):
    """Who should not have it, or should talk first; the plain question is what a patient is asked."""

    kind = "contraindication"

    condition = CanonicalCharField(max_length=200)
    question = CanonicalCharField(max_length=300)
    advice = models.CharField(max_length=20, choices=Advice.choices)
    why = CanonicalTextField(max_length=600)

    class Meta(Entry.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(condition="") & ~Q(question="") & ~Q(why=""), name="contraindication_is_complete"
            ),
            models.CheckConstraint(condition=Q(advice__in=Advice.values), name="contraindication_advice"),
        ]


class CareStep(Entry):
    """What to do from one day to another, counted from the day of treatment; before it the days are negative."""

    kind = "care-step"

    from_day = models.SmallIntegerField(validators=DAYS)
    to_day = models.SmallIntegerField(validators=DAYS)
    text = CanonicalTextField(max_length=600)
    ask_prescriber = models.BooleanField(default=False)

    class Meta(Entry.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="care_step_has_a_text"),
            models.CheckConstraint(
                condition=Q(from_day__gte=FIRST_DAY, to_day__lte=LAST_DAY, to_day__gte=F("from_day")),
                name="care_step_days_in_order",
            ),
        ]


class Question(Entry):
    """What patients ask, and the clinic's answer."""

    kind = "question"

    question = CanonicalCharField(max_length=300)
    answer = CanonicalTextField(max_length=3000)

    class Meta(Entry.Meta):
        constraints = [models.CheckConstraint(condition=~Q(question="") & ~Q(answer=""), name="question_has_an_answer")]


ENTRY_MODELS: dict[str, type[Entry]] = {
    model.kind: model for model in (KeyFact, Benefit, SideEffect, Contraindication, CareStep, Question)
}
