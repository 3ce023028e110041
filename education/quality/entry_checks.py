"""Checks of entries: each rests on a source, and says what its kind has to say."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from education.entries import KIND_NAMED, Evidence
from education.quality.examples import entry, fine, found
from education.quality.finding import ERROR, INFORMATION, WARNING
from education.quality.registry import Remark, check
from education.quality.subject import Entry, Subject

OWN_INSTRUCTION = "clinic-instruction"
COMMERCIAL = "commercial-article"
LONGEST_NAME = 60


@check(
    "entry.unsourced",
    ERROR,
    rule="Every key fact, benefit, side effect, contraindication and care step has a source, and only a care step may "
    "rest on nothing but the clinic's own instruction.",
    serves="IPDAS citations; DISCERN 4; FTC substantiation",
    examples=[
        found(ERROR, entry("benefits", 1, sources=[])),
        found(ERROR, entry("preparation", 1, sources=[])),
        found(ERROR, entry("overview", 1, sources=["our-instruction"])),
        fine(entry("preparation", 1, sources=["our-instruction"])),
        fine(entry("overview", 1, sources=["our-instruction", "trial"])),
    ],
)
def entry_unsourced(subject: Subject) -> Iterator[Remark]:
    for one in subject.entries("key-fact", "benefit", "side-effect", "contraindication", "care-step"):
        if not one.sources:
            message = _("“{name}” has no source. Choose the source that it comes from, or take it out.")
        elif one.values["kind"] != "care-step" and _strengths(subject, one) == {OWN_INSTRUCTION}:
            message = _(
                "“{name}” rests on the clinic's own instruction only. Choose a source from outside the clinic, "
                "or take it out."
            )
        else:
            continue
        yield Remark(ERROR, message.format(name=_name(one)), one.page.slug, entry=one.number)


@check(
    "source.weak",
    WARNING,
    rule="A benefit rests on more than articles of clinics and companies, or the clinic's own instruction.",
    serves="FTC; DISCERN 8",
    examples=[
        found(WARNING, entry("benefits", 1, sources=["shop-article"])),
        fine(entry("benefits", 1, sources=["shop-article", "trial"])),
    ],
)
def source_weak(subject: Subject) -> Iterator[Remark]:
    for one in subject.entries("benefit"):
        strengths = _strengths(subject, one)
        if strengths and strengths <= {COMMERCIAL, OWN_INSTRUCTION}:
            message = _(
                "The benefit “{name}” rests on articles of clinics or companies only. Add a study or a review, "
                "or say why there is none."
            )
            yield Remark(WARNING, message.format(name=_name(one)), one.page.slug, entry=one.number)


@check(
    "benefit.evidence",
    ERROR,
    rule="Each benefit says how good its evidence is; “none found” is an answer.",
    serves="CDC 11",
    examples=[found(ERROR, entry("benefits", 1, evidence="")), fine(entry("benefits", 1, evidence="none-found"))],
)
def benefit_evidence(subject: Subject) -> Iterator[Remark]:
    for one in subject.entries("benefit"):
        if one.values["evidence"] not in Evidence.values:
            message = _("The benefit “{name}” does not say how good the evidence is. Choose it; “none found” is one.")
            yield Remark(ERROR, message.format(name=_name(one)), one.page.slug, entry=one.number)


@check(
    "fact.conflict",
    INFORMATION,
    rule="Two key facts that share a label and differ are both shown, with their sources.",
    serves="DISCERN 8; CDC 11",
    examples=[
        found(INFORMATION, entry("overview", 2, label="How long it takes", value="1 hour")),
        fine(entry("overview", 2, label="How long it takes", value="20 minutes")),
    ],
)
def fact_conflict(subject: Subject) -> Iterator[Remark]:
    facts: dict[str, list[Entry]] = {}
    for one in subject.entries("key-fact"):
        facts.setdefault(one.values["label"].casefold().strip(), []).append(one)
    for same in facts.values():
        if len({one.values["value"].strip() for one in same}) > 1:
            message = _("The key facts about “{name}” differ. All of them are shown, each with its sources.")
            yield Remark(INFORMATION, message.format(name=_name(same[0])), same[0].page.slug, entry=same[0].number)


@check(
    "effect.frequency",
    WARNING,
    rule="Each side effect says how often it comes and how long it lasts, or that this is not known.",
    serves="CDC 18, 20",
    examples=[
        found(WARNING, entry("side-effects", 1, frequency="")),
        found(WARNING, entry("side-effects", 1, duration="")),
        fine(entry("side-effects", 1, frequency="not-known", duration="Not known")),
    ],
)
def effect_frequency(subject: Subject) -> Iterator[Remark]:
    for one in subject.entries("side-effect"):
        missing = []
        if not one.values["frequency"]:
            missing.append(_("how often it comes"))
        if not one.values["duration"].strip():
            missing.append(_("how long it lasts"))
        if missing:
            message = _("The side effect “{name}” does not say {missing}. Fill it in, or say that it is not known.")
            text = message.format(name=_name(one), missing=_(" and ").join(missing))
            yield Remark(WARNING, text, one.page.slug, entry=one.number)


def _strengths(subject: Subject, one: Entry) -> set[str]:
    """Return how strong the sources of an entry are, as far as the guide has them."""
    return {subject.sources[key].strength for key in one.sources if key in subject.sources}


def _name(one: Entry) -> str:
    name = KIND_NAMED[one.values["kind"]].title_of(one.values)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
