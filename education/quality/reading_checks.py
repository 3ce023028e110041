"""Checks of how the guide reads: grade, long sentences, passive voice, sums left to the reader. English only."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.quality.examples import fine, found, guide, text
from education.quality.finding import ERROR, INFORMATION, WARNING
from education.quality.passages import CITATION
from education.quality.registry import Remark, check
from education.quality.subject import Subject
from education.readability import Readability, measure, words_of

AIM, LIMIT = 6, 8  # grades
FEWEST_WORDS = 30
MOST_WORDS, MOST_SENTENCES = 20, 3
SHORTENED = 90
MOST_NAMED = 3
_BEFORE_CITATION = re.compile(rf"\s*{CITATION}")


@check(
    "reading.grade",
    WARNING,
    ERROR,
    INFORMATION,
    rule="Each page of at least 30 words has a Flesch–Kincaid grade of at most 6; above 8 is an error. Each heading, "
    "list item and cell ends a sentence, and words of the glossary are not counted. The grade of each page and over "
    "all pages is shown always, with the longest sentences and the hardest words.",
    serves="AMA/NIH; NHS; PEMAT 3",
    override=True,
    examples=[
        found(
            WARNING,
            text(
                "cost",
                "The price of the treatment depends on the number of visits that you need, and on the size of the "
                "area. Before you decide, ask for the price of the whole course, and what it costs to see somebody "
                "later.",
            ),
        ),
        found(
            ERROR,
            text(
                "cost",
                "Please read this. Expenditure is determined individually following consultation, considering "
                "anticipated complexity, necessary appointments and supplementary medication. Comprehensive "
                "documentation of anticipated expenditure is available immediately following consultation, including "
                "individual cancellation conditions.",
            ),
        ),
        found(INFORMATION, guide(language="de")),
        fine(text("cost", "You pay 50 dollars. You can pay in parts. " * 5)),
    ],
)
def reading_grade(subject: Subject) -> Iterator[Remark]:
    everything = "\n".join(html.text for _page, html in subject.pages)
    if not subject.is_english:
        yield Remark(INFORMATION, _("The reading grade cannot be measured for this language."))
        return
    terms = [term.term for term in subject.snapshot.terms]
    whole = measure(everything, terms)
    if whole.words:
        grade = _("Grade over all pages: {grade}.").format(grade=f"{whole.grade:.1f}")
        yield Remark(INFORMATION, " ".join([grade, *_named(whole), *_left_out(everything, terms)]))
    for page, html in subject.pages:
        measured = measure(html.text, terms)
        if measured.words >= FEWEST_WORDS:
            level = ERROR if measured.grade > LIMIT else WARNING if measured.grade > AIM else INFORMATION
            yield Remark(level, " ".join([*_graded(measured), *_left_out(html.text, terms)]), page.slug)


def _graded(measured: Readability) -> Iterator[str]:
    grade = f"{measured.grade:.1f}"
    if measured.grade <= AIM:
        yield _("Reading grade {grade}.").format(grade=grade)
        yield from _named(measured)
        return
    yield _("Reading grade {grade}; aim for {aim} or below.").format(grade=grade, aim=AIM)
    yield _("Part the longest sentences: {sentences}.").format(sentences=_quoted(measured.longest))
    if measured.hardest:
        yield _("Find plainer words for: {words}.").format(words=", ".join(measured.hardest))


def _named(measured: Readability) -> Iterator[str]:
    yield _("The longest sentences: {sentences}.").format(sentences=_quoted(measured.longest))
    if measured.hardest:
        yield _("The hardest words: {words}.").format(words=", ".join(measured.hardest))


def _left_out(text: str, terms: Collection[str]) -> Iterator[str]:
    if met := sorted(term for term in terms if term.casefold() in text.casefold()):
        yield _("Words of the glossary are not counted: {terms}.").format(terms=", ".join(met))


@check(
    "sentence.long",
    INFORMATION,
    rule="A sentence has at most 20 words, a paragraph at most 3 sentences.",
    serves="NHS how we write",
    examples=[
        found(INFORMATION, text("cost", f"You pay {'one and ' * 10}two.")),
        found(INFORMATION, text("cost", "You pay. We thank you. You go. You rest.")),
        fine(text("cost", "You pay. We thank you. You go.\n\nYou rest.")),
    ],
)
def sentence_long(subject: Subject) -> Iterator[Remark]:
    if not subject.is_english:
        return
    for page, passages in subject.by_page:
        long = [
            (passage.line_at(start), sentence)
            for passage in passages
            for start, sentence in passage.sentences
            if len(words_of(sentence)) > MOST_WORDS
        ]
        heavy = [one for one in passages if one.kind == "paragraph" and len(one.sentences) > MOST_SENTENCES]
        said = []
        if long:
            message = ngettext(
                "{count} sentence has more than {most} words: {sentences}.",
                "{count} sentences have more than {most} words: {sentences}.",
                len(long),
            )
            first = _quoted(tuple(sentence for _line, sentence in long[:MOST_NAMED]))
            said.append(message.format(count=len(long), most=MOST_WORDS, sentences=first))
        if heavy:
            message = ngettext(
                "{count} paragraph has more than {most} sentences (in line {lines}).",
                "{count} paragraphs have more than {most} sentences (in lines {lines}).",
                len(heavy),
            )
            lines = ", ".join(str(one.line_at()) for one in heavy)
            said.append(message.format(count=len(heavy), most=MOST_SENTENCES, lines=lines))
        if said:
            places = [line for line, _sentence in long if line] + [line for one in heavy if (line := one.line_at())]
            said.append(_("Part what is long."))
            yield Remark(INFORMATION, " ".join(said), page.slug, min(places, default=None))


_PARTICIPLES = (
    "been begun bitten bled blown born borne bought bound broken brought built burnt caught chosen cut dealt done "
    "drawn driven drunk eaten fed felt fought found forgotten forgiven frozen given grown heard held hidden hit hurt "
    "kept known laid led left lent lost made meant met paid put read ridden risen run said seen sent set sewn shaken "
    "shown shut sold sought spent split spoken spread stolen struck stuck sworn taken taught thought thrown told torn "
    "understood undone woken won worn woven written"
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|am)(?: (?:not|never|also|often|usually|always|sometimes|only|first"
    rf"|then|now|still|just|\w+ly))* (?P<participle>\w+ed|{'|'.join(_PARTICIPLES.split())})\b",
    re.IGNORECASE,
)
# Adjectives that look like participles, and words that end in -ed.
_NO_PARTICIPLES = {
    *("bed", "concerned", "excited", "hundred", "indeed", "interested", "involved", "married", "naked", "need"),
    *("pleased", "red", "relaxed", "sacred", "scared", "supposed", "tired", "used", "wicked", "worried"),
}


@check(
    "voice.passive",
    INFORMATION,
    rule="Sentences say who does what; likely passive ones are counted.",
    serves="PEMAT 5; CDC 6",
    examples=[
        found(INFORMATION, text("cost", "The price is agreed before you begin.")),
        fine(text("cost", "We agree on the price before you begin. You may be tired.")),
    ],
)
def voice_passive(subject: Subject) -> Iterator[Remark]:
    if not subject.is_english:
        return
    for page, passages in subject.by_page:
        passive = [
            (passage.line_at(start), sentence)
            for passage in passages
            for start, sentence in passage.sentences
            if any(one["participle"].lower() not in _NO_PARTICIPLES for one in _PASSIVE.finditer(sentence))
        ]
        if passive:
            message = ngettext(
                "{count} sentence is likely passive: {sentences}. Say who does it.",
                "{count} sentences are likely passive: {sentences}. Say who does it.",
                len(passive),
            )
            examples = _quoted(tuple(sentence for _line, sentence in passive[:MOST_NAMED]))
            line = next((line for line, _sentence in passive if line), None)
            yield Remark(INFORMATION, message.format(count=len(passive), sentences=examples), page.slug, line)


_SUM = re.compile(
    r"\bmultipl(?:y|ying) (?:the|your|this|that|it|them|these|by|\d|sessions?|prices?|costs?)\b|\bmultiplied by\b"
    r"|\badd(?:ing)? up (?:the|your|all|what|each|how|these|those|both)\b"
    r"|\badd (?:them|these|those|both) (?:up|together)\b"
    r"|\btimes (?:the|your) (?:number|prices?|costs?)\b|\b(?:number|prices?|costs?) times\b"
    r"|\bwork(?:ing)? out (?:the|your|what|how much)\b|\bdivide (?:the|your|this|that|it|by|\d)"
    r"|\b(?:sessions?|visits?|treatments?|prices?|costs?) ?[×x*] ?\w"
    r"|^(?:please )?calculate\b|\byou (?:can |should |must |need to |have to |will need to )?calculate\b",
    re.IGNORECASE,
)


@check(
    "numbers.arithmetic",
    WARNING,
    rule="The reader is not asked to calculate: the price of a course stands in the price list.",
    serves="PEMAT 7; CDC 17",
    examples=[
        found(WARNING, text("cost", "Multiply the price by the number of visits.")),
        found(WARNING, text("cost", "You pay: sessions × price.")),
        fine(text("cost", "Germs can multiply. The [price list](/prices/) has the price of a whole course.")),
    ],
)
def numbers_arithmetic(subject: Subject) -> Iterator[Remark]:
    if not subject.is_english:
        return
    for passage in subject.passages:
        told: dict[int | None, str] = {}
        for start, sentence in passage.sentences:
            if match := _SUM.search(sentence):
                told.setdefault(passage.line_at(start + match.start()), sentence)
        for line, sentence in told.items():
            message = _("{sentence} asks the reader to calculate. Give the result, or link to the price list.")
            yield Remark(WARNING, message.format(sentence=_quoted((sentence,))), passage.place, line, passage.entry)


def _quoted(sentences: Collection[str]) -> str:
    whole = (_BEFORE_CITATION.sub("", one).strip() for one in sentences)
    return ", ".join(f"“{one}”" if len(one) <= SHORTENED else f"“{one[: SHORTENED - 1].rstrip()}…”" for one in whole)
