"""Checks of words that can mislead: promises, and numbers that go out of date."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from django.utils.translation import gettext as _

from education.quality.examples import entry, fine, found, guide, text, world
from education.quality.finding import ERROR, INFORMATION, WARNING
from education.quality.negation import is_affirmed, is_asked, is_cautioned, is_denied, is_question
from education.quality.registry import Remark, check
from education.quality.subject import Subject

SPOKEN_OF_REACH = 60  # characters
HARMS = ("side-effect", "contraindication")
_PROMISES = re.compile(
    r"\b(?:"
    r"safe(?:ly)?,? (?:and|&) (?:(?:[a-z]+ly|very|quite|also|more|so) )?effective(?:ly)?"
    r"|effective(?:ly)?,? (?:and|&) (?:(?:[a-z]+ly|very|quite|also|more|so) )?safe(?:ly)?"
    r"|painless(?:ly|ness)?|pain[- ‑]free(?! (?:days?|hours?|time|periods?)\b)"
    r"|risk[- ‑]free|free (?:of|from) (?:any |all )?risks?"
    r"|(?<!found )(?<!showed )(?<!saw )(?<!reported )(?<!at )(?:no|zero|without(?: any)?) (?:real |known |such )?risks?"
    r"(?![- ‑]free| (?:factors?|groups?|scores?|of bias|(?:was|were) (?:found|seen|reported))\b)"
    r"|(?:completely|totally|entirely|perfectly|absolutely|fully|always|100 ?%|100 percent) safe(?:ly)?"
    r"|(?:no|zero|without|without any) (?:real )?down[- ‑]?time"
    r"|permanent(?:ly)? (?:[a-z-]+ )?results?|results? (?:is|are|will be|can be|may be) permanent"
    r"|guarantee(?:s|d|ing)?"
    r"|melt(?:s|ed|ing)? (?:away )?(?:[a-z]+ ){0,3}?fat|fat[- ]melting|fat (?:just )?melts?(?: away)?"
    r"|the (?:very )?best(?! (?:(?:\w+ ){0,2}for you|suited|known|studied|tested|understood|described"
    r"|available evidence|evidence|proof|data|stud(?:y|ies)|sources?|interests?|ways?|times?|person|people|places?"
    r"|things?|position|moment|day|to|you can|we can|guess|estimate|of (?:both|intentions))\b)"
    r"|most reliable(?! (?:evidence|information|data|stud(?:y|ies)|sources?|way to (?:know|tell))\b)"
    r"|permanently (?:remov|destroy|eliminat|reduc|kill|dissolv|melt)[a-z]* (?:[a-z]+ ){0,3}?(?:fat|wrinkles|cellulite)"
    r"|miracles?|miraculous(?:ly)?"
    r"|(?:clinically|scientifically|medically)[- ]proven|proven (?:clinically|scientifically|medically)"
    r")\b",
    re.IGNORECASE,
)
# "Rest until you are pain-free" promises nothing.
_AWAITED = re.compile(r"\b(?:until|till|once|when|if|while|before) (?:[\w'’-]+ ){0,5}\Z", re.IGNORECASE)


@check(
    "words.promise",
    ERROR,
    INFORMATION,
    rule="No promise: safe and effective, completely safe, painless, pain-free, risk-free, no risk, no downtime, "
    "permanent results, guaranteed, melts fat, the best, most reliable, miracle, clinically or scientifically "
    "proven, with their inflections. Denied, warned of or asked about, they are none. In a side effect or a reason not "
    "to have it they are shown only; so they are in quotation marks with a citation after them in the same sentence, "
    "and in an entry with sources where the sentence names who says it.",
    serves="FTC; FDA letters 2010",
    override=True,
    examples=[
        found(ERROR, text("cost", "The results are guaranteed.")),
        found(ERROR, guide(summary="A painless treatment with permanent results.")),
        found(ERROR, text("cost", "It is completely safe and has no risks.")),
        found(ERROR, entry("benefits", 1, claim="It melts away your fat")),
        found(INFORMATION, text("cost", "One clinic says “no downtime” [@shop-article].")),
        found(INFORMATION, entry("side-effects", 1, action="It is said to be painless. It can hurt.")),
        fine(text("cost", "No treatment is risk-free, and we cannot guarantee a result.")),
        fine(text("cost", "Safe and effective? Nobody knows.")),
        fine(text("cost", "Is it painless? It can leave permanent scars. Ask who is best suited to treat you.")),
    ],
)
def words_promise(subject: Subject) -> Iterator[Remark]:
    if not subject.is_english:
        return
    for passage in (one.folded for one in subject.passages):
        marked: dict[tuple[str, int | None], dict[str, None]] = {}
        reported = [(-1, len(passage.text))] if passage.entry_kind in HARMS else list(passage.attributed)
        for start, sentence in passage.sentences:
            end = start + len(sentence)
            after = passage.text[end : end + SPOKEN_OF_REACH]
            for match in _PROMISES.finditer(sentence):
                if _promises(sentence, match, after):
                    place = start + match.start()
                    level = INFORMATION if _is_inside(reported, place) else ERROR
                    marked.setdefault((level, passage.line_at(place)), {})[match[0]] = None
        for (level, line), phrases in marked.items():
            named = ", ".join(f"“{phrase}”" for phrase in phrases)
            if level == ERROR:
                message = _("A promise: {phrases}. Say what studies found, or quote who says so, with the source.")
            else:
                message = _("{phrases}: shown as what others say, or beside a harm. Check that it reads so.")
            yield Remark(level, message.format(phrases=named), passage.place, line, passage.entry)


def _promises(sentence: str, match: re.Match[str], after: str) -> bool:
    start = match.start()
    if is_question(sentence) or is_denied(sentence, start, match.end()) or is_cautioned(sentence, start):
        return False
    if is_asked(sentence, start):
        return is_affirmed(after)
    before = sentence[max(0, start - SPOKEN_OF_REACH) : start]
    return not (match[0].lower().endswith("free") and _AWAITED.search(before))


def _is_inside(stretches: list[tuple[int, int]], place: int) -> bool:
    nearest = bisect_right(stretches, place, key=lambda one: one[0]) - 1
    return nearest >= 0 and place < stretches[nearest][1]


_TELEPHONE = re.compile(
    r"(?<![\w.,/–-])(?:"
    r"(?:\+?1[ .‑-]?)?(?:\(\d{3}\) ?|\d{3}[ .‑-])\d{3}[ .‑-]\d{4}"
    r"|\+\d{1,3}(?:[ .()‑-]{0,2}\d){6,12}"
    r")(?![\w/–-])"
)
_CALLED = re.compile(
    r"\b(?:call|phone|ring|text|telephone|tel|fax|dial)\b\.?:?[^\d.+]{0,20}?"
    r"(?P<number>(?:\+|\((?=\d{1,5}\)))?\d(?:[ .()‑-]{0,2}\d){6,13})(?![\w/])",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}")
_RECORD = re.compile(r"\b(?:PMID|PMC|DOI|ISBN|ISSN)\b:? ?[\w./-]+", re.IGNORECASE)
FEWEST_DIGITS = 7
SHORTEST_LINE = 6


@check(
    "clinic.phone",
    WARNING,
    rule="No telephone number and no address of the clinic stands in the text: the site adds today's beside care "
    "cards. 911 and other emergency numbers of three digits are none.",
    serves="house rule",
    examples=[
        found(WARNING, text("cost", "Call us on (555) 010-0199.")),
        found(WARNING, text("cost", "[Call us](tel:+15550100199).")),
        found(WARNING, world(own_numbers=("12 Harbor Street",)), text("cost", "You pay at 12 Harbor Street.")),
        fine(text("cost", "Call 911. In 2025, 10,581 people paid 1-2 weeks later (PMID 12345678).")),
    ],
)
def clinic_phone(subject: Subject) -> Iterator[Remark]:
    own = [pattern for number in subject.world.own_numbers if (pattern := _own(number))]
    message = _(
        "“{number}” can go out of date, and editions never change. Take it out: the site adds today's contacts."
    )
    for passage in subject.passages:
        told: dict[int | None, str] = {}
        searched = _RECORD.sub(lambda match: " " * len(match[0]), passage.text)
        for match in (one for pattern in (*own, _TELEPHONE, _CALLED) for one in pattern.finditer(searched)):
            number = (match.groupdict().get("number") or match[0]).strip()
            if not _DAY.fullmatch(number):
                told.setdefault(passage.line_at(match.start()), number)
        for line, number in told.items():
            yield Remark(WARNING, message.format(number=number), passage.place, line, passage.entry)
    for page, html in subject.pages:
        numbers = {link.href[4:]: link for link in html.links if link.href.lower().startswith("tel:")}
        for number, link in numbers.items():
            if sum(map(str.isdigit, number)) >= FEWEST_DIGITS and not _TELEPHONE.search(link.text):
                lines = enumerate(page.markdown.split("\n"), 1)
                line = next((at for at, words in lines if f"]({link.href}" in words), None)
                yield Remark(WARNING, message.format(number=number), page.slug, line)


def _own(number: str) -> re.Pattern[str] | None:
    """Return what finds one of the clinic's numbers however it is grouped, or a line of its address."""
    digits = re.sub(r"\D", "", number)
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\W\d_]{3}", number):
        return re.compile(rf"(?<!\d)(?:\((?=\d{{1,5}}\)))?{'[ .()/‑-]{0,3}'.join(digits)}(?!\d)")
    line = " ".join(number.split())
    return re.compile(rf"(?<!\w){re.escape(line)}(?!\w)", re.IGNORECASE) if len(line) >= SHORTEST_LINE else None
