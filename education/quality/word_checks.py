"""Checks of words that can mislead or harm: promises, advice to stop a medicine, numbers that go out of date."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from django.utils.translation import gettext as _

from education.quality.examples import entry, fine, found, guide, text, world
from education.quality.finding import ERROR, INFORMATION, WARNING
from education.quality.negation import is_cautioned, is_negated, is_question
from education.quality.passages import CITATION, Passage
from education.quality.registry import Remark, check
from education.quality.subject import Subject

SPOKEN_OF_REACH = 60  # characters
HARMS = ("side-effect", "contraindication")
_PROMISES = re.compile(
    r"\b(?:"
    r"(?:safe|safely),? (?:and|&) (?:effective|effectively)|(?:effective|effectively) (?:and|&) (?:safe|safely)"
    r"|painless(?:ly|ness)?"
    r"|risk[- ‑]free|free (?:of|from) (?:any |all )?risks?"
    r"|(?:no|zero|without|without any) (?:real )?down[- ‑]?time"
    r"|permanent(?:ly)? (?:[a-z-]+ )?results?|results? (?:is|are|will be|can be|may be) permanent"
    r"|guarantee(?:s|d|ing)?"
    r"|melt(?:s|ed|ing)? (?:away )?(?:[a-z]+ ){0,3}?fat|fat[- ]melting|fat (?:just )?melts?(?: away)?"
    r"|the (?:very )?best(?! (?:(?:\w+ ){0,2}for you|suited|known|studied|tested|understood|described"
    r"|available evidence|evidence|proof|data|stud(?:y|ies)|sources?|interests?|ways?|times?|person|people|places?"
    r"|things?|position|moment|day|to|you can|we can|guess|estimate|of (?:both|intentions))\b)"
    r"|most reliable(?! (?:evidence|information|data|stud(?:y|ies)|sources?|way to (?:know|tell))\b)"
    r"|miracles?|miraculous(?:ly)?"
    r"|clinically[- ]proven|proven clinically"
    r")\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|»[^«»]*«|„[^„“”]*[“”]|‘[^‘’]*’(?!\w)")


@check(
    "words.promise",
    ERROR,
    INFORMATION,
    rule="No promise: safe and effective, painless, risk-free, no downtime, permanent results, guaranteed, melts fat, "
    "the best, most reliable, miracle, clinically proven, with their inflections. Denied, warned of or asked about, "
    "they are none; in a side effect or a reason not to have it, and in quotation marks with a citation after them, "
    "they are shown only.",
    serves="FTC; FDA letters 2010",
    override=True,
    examples=[
        found(ERROR, text("cost", "The results are guaranteed.")),
        found(ERROR, guide(summary="A painless treatment with permanent results.")),
        found(ERROR, entry("benefits", 1, claim="It melts away your fat")),
        found(INFORMATION, text("cost", "One clinic says “no downtime” [@shop-article].")),
        found(INFORMATION, entry("side-effects", 1, action="It is said to be painless. It can hurt.")),
        fine(text("cost", "No treatment is risk-free, and we cannot guarantee a result.")),
        fine(text("cost", "Is it painless? It can leave permanent scars. Ask who is best suited to treat you.")),
    ],
)
def words_promise(subject: Subject) -> Iterator[Remark]:
    if not subject.is_english:
        return
    for passage in subject.passages:
        marked: dict[tuple[str, int | None], dict[str, None]] = {}
        reported = _reported(passage)
        for start, sentence in passage.sentences:
            for match in _PROMISES.finditer(sentence):
                if _promises(sentence, match):
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


def _promises(sentence: str, match: re.Match[str]) -> bool:
    start = match.start()
    return not (is_question(sentence) or is_negated(sentence, start) or is_cautioned(sentence, start))


def _reported(passage: Passage) -> list[tuple[int, int]]:
    """Return the stretches that tell of a harm, or are a quotation with its source after it."""
    if passage.entry_kind in HARMS:
        return [(-1, len(passage.text))]
    last = len(passage.text) if passage.sourced else passage.text.rfind(CITATION)
    return [quoted.span() for quoted in _QUOTED.finditer(passage.text) if quoted.end() <= last]


def _is_inside(stretches: list[tuple[int, int]], place: int) -> bool:
    nearest = bisect_right(stretches, place, key=lambda one: one[0]) - 1
    return nearest >= 0 and place < stretches[nearest][1]


_MEDICINE = (
    r"(?:medicines?|medications?|meds|drugs?|tablets?|pills?|capsules?|doses?|(?:blood[- ])?thinners?|anticoagulants?"
    r"|aspirin|ibuprofen|naproxen|diclofenac|NSAIDs?|warfarin|heparin|clopidogrel|apixaban|rivaroxaban|dabigatran"
    r"|insulin|metformin|statins?|steroids?|prednisone|prednisolone|cortisone|isotretinoin|antidepressants?"
    r"|antibiotics?|beta[- ]blockers?|pain[- ]?killers?|pain relievers?|hormones?|contraceptives?|birth control"
    r"|inhalers?)"
)
_GAP = (
    r"(?:(?!(?:if|when|while|before|after|until|unless|because|and|or|but|to|for|with|by|from|about)\b)[\w'’-]+ ){0,5}?"
)
_STOP = (
    r"(?:stop(?:ping)?|quit(?:ting)?|paus(?:e|ing)|skip(?:ping)?|discontinu(?:e|ing)|ceas(?:e|ing)|halt(?:ing)?"
    r"|suspend(?:ing)?|interrupt(?:ing)?|withhold(?:ing)?|hold off(?: on)?|leav(?:e|ing) out|com(?:e|ing) off"
    r"|go(?:ing)? off)"
)
_SMOKING = r"(?: (?:taking|using|to))? (?:smok|drink|vap|alcohol|nicotine|cigar|tobacco)"
_STOPS = re.compile(
    rf"\b{_STOP}(?!{_SMOKING})(?: (?!working|being){_GAP}{_MEDICINE}\b(?! (?:from )?working)"
    r"|(?<=stop) taking\b(?! (?:photos?|pictures?|part)\b))"
    rf"|\b(?:do not|don['’]t|never|must not|mustn['’]t|should not|shouldn['’]t|avoid) (?:take|taking|use|using) "
    rf"(?!more|too|extra|double|another){_GAP}{_MEDICINE}\b"
    rf"|\b{_MEDICINE} (?:[\w'’-]+ )?(?:should|must|has to|have to|needs? to|ought to|is to|are to) be "
    r"(?:stopped|paused|skipped|discontinued|withheld|suspended|left out)\b"
    rf"|\b{_MEDICINE} to (?:stop|pause|skip|leave out)\b",
    re.IGNORECASE,
)
_PRESCRIBER = re.compile(
    r"\bprescriber|\b(?:who|whoever) (?:\w+ )?prescrib"
    r"|\b(?:doctors?|physicians?|pharmacists?|GP|nurses?|surgeons?|specialists?|clinicians?|cardiologists?|dentists?"
    r"|providers?|practitioners?|professionals?|care team)\b",
    re.IGNORECASE,
)
# "Stop the pills that your doctor prescribed" names nobody to ask.
_ONLY_ORIGIN = re.compile(
    r"\b(?:(?:that|which) )?(?:your|a|the) \w+ (?:has |have )?(?:prescribed|ordered|gave you)\b"
    r"|\b(?:prescribed|ordered) by (?:your|a|the) \w+",
    re.IGNORECASE,
)
# "Tell us if you stop", "ask whether you should stop", "about stopping".
_SPOKEN_OF = re.compile(
    r"\b(?:if|whether|about|unless)(?: (?:you|to|we|they|and|or|when|should|must|may|can|need|have|it is safe))* ?\Z",
    re.IGNORECASE,
)


@check(
    "medicine.stop",
    ERROR,
    rule="No page and no care step tells a patient to stop or leave out a medicine. A sentence that denies it, "
    "asks, or names the prescriber (doctor, nurse, pharmacist …) does not; smoking and alcohol are no medicines.",
    serves="clinical safety",
    override=True,
    examples=[
        found(ERROR, text("preparation", "Stop taking aspirin a week before.")),
        found(ERROR, entry("preparation", 1, text="Come off your blood thinners.")),
        found(ERROR, text("preparation", "Do not take your heart medicine that day.")),
        found(ERROR, text("preparation", "Stop the pills that your doctor prescribed.")),
        fine(text("preparation", "Do not stop taking aspirin on your own.")),
        fine(text("preparation", "Ask the person who prescribed it whether to stop your blood thinner.")),
        fine(text("preparation", "If you can, stop smoking and skip alcohol.")),
    ],
)
def medicine_stop(subject: Subject) -> Iterator[Remark]:
    if not subject.is_english:
        return
    for passage in subject.passages:
        for start, sentence in passage.sentences:
            match = next((one for one in _STOPS.finditer(sentence) if _tells(sentence, one.start())), None)
            if match is None or is_question(sentence) or _PRESCRIBER.search(_ONLY_ORIGIN.sub("", sentence)):
                continue
            message = _(
                "“{words}” tells a patient to leave out a medicine. Write “Ask the person who prescribed it”, "
                "and never to stop."
            )
            line = passage.line_at(start + match.start())
            yield Remark(ERROR, message.format(words=match[0]), passage.place, line, passage.entry)


def _tells(sentence: str, start: int) -> bool:
    """Return whether the words at `start` tell the reader to do so."""
    return not is_negated(sentence, start) and not _SPOKEN_OF.search(sentence[max(0, start - SPOKEN_OF_REACH) : start])


_TELEPHONE = re.compile(
    r"(?<![\w.,/–-])(?:"
    r"(?:\+?1[ .‑-]?)?(?:\(\d{3}\) ?|\d{3}[ .‑-])\d{3}[ .‑-]\d{4}"
    r"|\+\d{1,3}(?:[ .()‑-]{0,2}\d){6,12}"
    r")(?![\w/–-])"
)
_CALLED = re.compile(
    r"\b(?:call|phone|ring|text|telephone|tel|fax|dial)\b\.?:?[^\d.+]{0,20}"
    r"(?P<number>[+(]?\d(?:[ .()‑-]{0,2}\d){6,13})(?![\w/])",
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
        return re.compile(rf"(?<!\d){'[ .()/‑-]{0,3}'.join(digits)}(?!\d)")
    line = " ".join(number.split())
    return re.compile(rf"(?<!\w){re.escape(line)}(?!\w)", re.IGNORECASE) if len(line) >= SHORTEST_LINE else None
