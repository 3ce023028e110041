"""Checks of the guide as a whole: its pages, its facts, what a patient must find in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from education.quality.examples import FirstEntries, entry, fine, found, guide, text, without, world
from education.quality.finding import ERROR, WARNING
from education.quality.registry import Remark, check
from education.quality.subject import Subject
from education.readability import words_of

FEWEST_HEADLINES = 3
MOST_UNEQUAL = 2  # the longer of two pages has at most so many times the words of the shorter

# A procedure guide's pages and their names, as the admin has them.
NEEDED = {
    "overview": gettext_noop("Overview"),
    "benefits": gettext_noop("Benefits"),
    "contraindications": gettext_noop("Who should not have it"),
    "preparation": gettext_noop("Preparation"),
    "side-effects": gettext_noop("Side effects"),
}
WANTED = {
    "alternatives": gettext_noop("Alternatives"),
    "recovery": gettext_noop("Recovery"),
    "cost": gettext_noop("Cost"),
    "evidence": gettext_noop("Evidence"),
}
_DOING_NOTHING = re.compile(
    r"\bnothing\b|\bno (?:other )?treatment\b|\bwithout (?:any )?treatment\b"
    r"|\b(?:not|never) (?:having|to have|have|be) "
    r"|\bleav(?:e|ing) (?:it|things|your)\b|\b(?:watch and )?wait(?:ing)?\b|\buntreated\b|\bnot treat",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)


@check(
    "summary.missing",
    ERROR,
    rule="The guide has a summary, and a procedure guide at least 3 key facts in the box of the overview.",
    serves="PEMAT 11; CDC 1, 2, 10",
    examples=[
        found(ERROR, guide(summary="")),
        found(ERROR, FirstEntries("overview", 2)),
        fine(world(kind="advice"), FirstEntries("overview", 0)),
    ],
)
def summary_missing(subject: Subject) -> Iterator[Remark]:
    if not subject.snapshot.summary.strip():
        yield Remark(ERROR, _("The guide has no summary. Say in one paragraph what it is about."))
    headlines = sum(bool(one.values["headline"]) for one in subject.entries("key-fact"))
    overview = subject.page_of("overview")
    if subject.world.is_procedure and overview and headlines < FEWEST_HEADLINES:
        message = _("The box of the overview has {count} key facts. Put at least {fewest} there.")
        yield Remark(ERROR, message.format(count=headlines, fewest=FEWEST_HEADLINES), overview[0].slug)


@check(
    "pages.missing",
    ERROR,
    WARNING,
    rule="A procedure guide has an overview and pages on benefits, who should not have it, preparation and side "
    "effects; it should also have alternatives (doing nothing among them), recovery, cost and evidence.",
    serves="IPDAS options; DISCERN 12, 14",
    examples=[
        found(ERROR, without("benefits")),
        found(WARNING, without("evidence")),
        found(WARNING, text("alternatives", "You can use heat, or a cream.")),
        fine(world(kind="advice"), without("benefits", "evidence")),
    ],
)
def pages_missing(subject: Subject) -> Iterator[Remark]:
    if not subject.world.is_procedure or not subject.pages:
        return
    for level, kinds in ((ERROR, NEEDED), (WARNING, WANTED)):
        missing = [_(name) for kind, name in kinds.items() if subject.page_of(kind) is None]
        if missing:
            message = _("These pages are missing: {pages}. A patient needs them to decide. Add them.")
            yield Remark(level, message.format(pages=", ".join(missing)))
    alternatives = subject.page_of("alternatives")
    if alternatives and subject.is_english and not _DOING_NOTHING.search(alternatives[1].text):
        message = _("The alternatives leave out doing nothing. Say what happens if a person has no treatment.")
        yield Remark(WARNING, message, alternatives[0].slug)


@check(
    "benefit.harm.balance",
    WARNING,
    rule="Benefits and side effects are told in comparable detail: the longer page has at most twice the words of the "
    "shorter.",
    serves='IPDAS "equal detail"; CDC 19; DISCERN 10, 11',
    examples=[
        found(WARNING, FirstEntries("side-effects", 0), text("side-effects", "Your skin may feel cold.")),
        found(WARNING, FirstEntries("benefits", 0), text("benefits", "You may feel less pain.")),
        fine(text("benefits", "It may help a little, for some hours. It may not help you at all.")),
    ],
)
def benefit_harm_balance(subject: Subject) -> Iterator[Remark]:
    benefits, harms = subject.page_of("benefits"), subject.page_of("side-effects")
    if benefits is None or harms is None:
        return
    counts = {page.slug: len(words_of(html.text)) for page, html in (benefits, harms)}
    shorter, longer = sorted((benefits[0], harms[0]), key=lambda page: counts[page.slug])
    # An empty page is an error of its own.
    if 0 < counts[shorter.slug] * MOST_UNEQUAL < counts[longer.slug]:
        message = _(
            "“{shorter}” has {few} words and “{longer}” has {many}. Tell benefits and harms in like detail: "
            "the longer page should have at most twice as many words."
        )
        yield Remark(
            WARNING,
            message.format(
                shorter=shorter.title, few=counts[shorter.slug], longer=longer.title, many=counts[longer.slug]
            ),
            shorter.slug,
        )


@check(
    "carecard.missing",
    WARNING,
    rule="A procedure guide has at least one emergency and one urgent care card.",
    serves="CDC 14; PEMAT 20",
    examples=[
        found(WARNING, text("recovery", "Rest for a day.")),
        found(WARNING, text("recovery", '!!! urgent "Call a doctor the same day if"\n    - the skin turns white')),
        fine(world(kind="advice"), text("recovery", "Rest for a day.")),
    ],
)
def carecard_missing(subject: Subject) -> Iterator[Remark]:
    there = {card.level for _page, html in subject.pages for card in html.care_cards}
    missing = [level for level in ("emergency", "urgent") if level not in there]
    if subject.world.is_procedure and subject.pages and missing:
        message = _("No page says when to get help in this way: {levels}. Add a care card with !!! and that word.")
        yield Remark(WARNING, message.format(levels=", ".join(missing)))


@check(
    "action.missing",
    WARNING,
    rule="The preparation page of a procedure guide has at least one care step and speaks to “you”.",
    serves="PEMAT 20–23",
    examples=[
        found(WARNING, FirstEntries("preparation", 0)),
        found(
            WARNING,
            text("preparation", "The skin has to be clean."),
            entry("preparation", 1, text="A list of all medicines."),
        ),
        fine(text("preparation", "Tell us what you hope for.")),
    ],
)
def action_missing(subject: Subject) -> Iterator[Remark]:
    preparation = subject.page_of("preparation")
    if not subject.world.is_procedure or preparation is None:
        return
    page, html = preparation
    if not page.entries:
        yield Remark(WARNING, _("The preparation has no care step. Add what a patient should do, and when."), page.slug)
    elif subject.is_english and not _ADDRESSED.search(html.text):
        yield Remark(WARNING, _("The preparation does not speak to the reader. Write “you” and “your”."), page.slug)


@check(
    "dates",
    ERROR,
    rule="The review interval is set; the date of the next review comes from it at approval.",
    serves="NHS; HON",
    examples=[found(ERROR, world(review_interval_months=None)), fine(world(review_interval_months=24))],
)
def dates(subject: Subject) -> Iterator[Remark]:
    if not subject.world.review_interval_months:
        yield Remark(ERROR, _("The guide has no review interval. Say after how many months it is to be reviewed."))


@check(
    "funding",
    ERROR,
    rule="The guide says who wrote it and who pays for it.",
    serves="IPDAS funding; HON transparency",
    examples=[found(ERROR, guide(written_by="")), found(ERROR, guide(funding=" ")), fine(guide(funding="A charity."))],
)
def funding(subject: Subject) -> Iterator[Remark]:
    if not subject.snapshot.written_by.strip():
        yield Remark(ERROR, _("The guide does not say who wrote it. Fill in “written by”."))
    if not subject.snapshot.funding.strip():
        yield Remark(ERROR, _("The guide does not say who pays for it. Fill in “who pays”."))
