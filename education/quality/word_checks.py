"""Checks of words that can mislead or harm: promises, advice to stop a medicine, numbers that go out of date."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from django.utils.translation import gettext as _

from education.quality.examples import entry, fine, found, guide, text, world
from education.quality.finding import ERROR, INFORMATION, WARNING
from education.quality.negation import (
    is_affirmed,
    is_asked,
    is_cautioned,
    is_denied,
    is_negated,
    is_question,
    is_referred,
    is_spoken_of,
)
from education.quality.passages import with_leads
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


_MEDICINE = (
    r"(?:medicines?|medications?|meds|tablets?|pills?|capsules?|doses?|(?:blood[- ])?thinners?|anticoagulants?"
    # With alcohol, or of the street, they are none.
    r"|(?<!recreational )(?<!street )(?<!illegal )(?<!illicit )(?<!alcohol and )(?<!alcohol or )drugs?"
    r"(?! (?:and|or) alcohol)"
    r"|aspirin|ibuprofen|naproxen|diclofenac|celecoxib|meloxicam|ketorolac|NSAIDs?|acetaminophen|paracetamol"
    r"|Advil|Motrin|Nurofen|Aleve|Tylenol|Excedrin|Celebrex|anti[- ]?inflammator(?:y|ies)|pain[- ]?killers?"
    r"|pain relievers?|opioids?|warfarin|heparin|enoxaparin|clopidogrel|prasugrel|ticagrelor|apixaban|rivaroxaban"
    r"|dabigatran|edoxaban|Coumadin|Lovenox|Plavix|Brilinta|Eliquis|Xarelto|Pradaxa|antiplatelets?"
    r"|insulin|metformin|semaglutide|liraglutide|tirzepatide|Ozempic|Wegovy|Mounjaro|GLP-1s?|statins?|steroids?"
    r"|corticosteroids?|prednisone|prednisolone|cortisone|isotretinoin|Accutane|tretinoin|retinoids?|antidepressants?|SSRIs?"
    r"|SNRIs?|MAOIs?|lithium|sedatives?|antihistamines?|antibiotics?|beta[- ]?blockers?|ACE inhibitors?|diuretics?"
    r"|methotrexate|immunosuppressants?|levothyroxine|hormones?|(?:o?estrogen)s?|HRT|contraceptives?|birth control"
    r"|inhalers?)"
)
_NAMED = re.compile(rf"\b{_MEDICINE}\b", re.IGNORECASE)
_GAP = (
    r"(?:(?!(?:if|when|while|before|after|until|unless|because|and|or|but|to|for|with|by|from|about)\b)[\w'’-]+ ){0,5}?"
)
_STOP = (
    r"(?:stop(?:ping)?|quit(?:ting)?|skip(?:ping)?|discontinu(?:e|ing)|ceas(?:e|ing)|(?:halt|suspend|interrupt)(?:ing)?"
    r"|omit(?:ting)?|(?:halv|paus)(?:e|ing)|withhold(?:ing)?|hold off(?: on)?|leav(?:e|ing) out|giv(?:e|ing) up"
    r"|(?:go|be)(?:ing)? off|com(?:e|ing) off|wean(?:ing)? (?:yourself )?off|cut(?:ting)? out|miss(?:ing)?"
    r"|tak(?:e|ing) a break from|(?:reduce|lower|cut)(?= your (?:\w+ )?dose\b))"
)
_SMOKING = r"(?: (?:taking|using|to))? (?:smok|drink|vap|alcohol|nicotine|cigar|tobacco)"
# "Avoid side effects of the drug" and "avoid mixing medicines" leave none out, "avoid alcohol and aspirin" does.
_SHUN = (
    r"(?:(?:avoid(?:ing)?|go(?:ing)? without|do(?:ing)? without|(?:stay(?:ing)?|keep(?:ing)?) (?:off|away from)"
    r"|(?:refrain(?:ing)?|abstain(?:ing)?) from|steer clear of)(?: (?:taking|using|(?:the )?use of))?)"
)
_NO_THING = (
    r"(?:if|when|while|before|after|until|unless|because|to|for|with|by|from|about|of|side|more|too|extra|double"
    r"|another|high|higher|large|larger|take|use|bring|tell|ask|keep|have|start|continue|list|eat|drink|\w+ing)\b"
)
_OTHER_THINGS = (
    rf"(?:(?:(?!{_NO_THING})[\w'’-]+ ){{0,2}}(?!{_NO_THING})[\w'’-]+(?:,|,? (?:and|or)) ){{0,4}}"
    r"(?:(?:all|any|some|most|many|certain) (?:kinds|types|forms) of )?"
)
_SHUNNED = (
    rf"(?:(?!(?:{_NO_THING}|(?:and|or|but)\b))[\w'’-]+ ){{0,4}}?{_MEDICINE}\b"
    r"(?![- ](?:interactions?|allerg\w+|errors?|mistakes?|(?:mis|ab)use|addiction|reactions?|overdose\w*|problems?"
    r"|spikes?|resistance|levels?)\b)"
)
# "Hold the tablet under your tongue" leaves nothing out.
_HELD = (
    r"(?:(?:your|any|all|the|these|those|this|that|other|daily|morning|evening|regular|usual|next|last|prescribed|oral"
    rf"|dose of|doses of|[\w'’-]+-(?:thinning|clotting)) ){{0,4}}{_MEDICINE}\b"
    r"(?! (?:(?:in|with|between) \w+ (?:hands?|mouth|cheeks?|fingers?)|under|up|against|at|still|steady)\b)"
)
# "Stop any of the following a week before: aspirin"; "stop if it hurts: ask for a tablet" lists nothing.
_LISTED = (
    rf"(?:{_STOP}|{_SHUN}|hold(?:ing)?|(?:do not|don['’]t|never|must not|should not) (?:take|use))(?!{_SMOKING})"
    r"(?: (?:taking|using|any|all|both|each|of|the|these|those|your|following|medicines?|medications?|things?|products?"
    r"|drugs?|supplements?|for|at|least|before|after|until|on|in|a|an|one|two|three|four|five|six|seven|ten|\d{1,3}|days?"
    r"|weeks?|hours?|months?|treatment|visit|appointment|procedure|injections?)){0,14}:"
    rf"(?: (?!(?:take|keep|bring|continue|tell|ask|call|start|use|not)\b)[^\s.:;?!]+){{0,25}}? {_MEDICINE}\b"
)
_STOP_IT = re.compile(
    rf"\b(?:{_STOP}|avoid(?:ing)?)(?: taking| using)? (?:it|them)\b(?! if you)|\bleave (?:it|them) out\b"
    r"|\bdo not (?:take|use) (?:it|them)\b(?! (?:if|with|together|on)\b)",
    re.IGNORECASE,
)
_STOPS = re.compile(
    rf"\b{_STOP}(?!{_SMOKING})(?: (?!working|being){_GAP}{_MEDICINE}\b(?! (?:from )?working)"
    r"|(?<=stop) taking\b(?! (?:photos?|pictures?|part)\b))"
    rf"|\bhold(?:ing)? {_HELD}"
    rf"|\bleav(?:e|ing) {_GAP}{_MEDICINE} (?:out\b(?! of\b)|at home\b)|\bput(?:ting)? {_GAP}{_MEDICINE} on hold\b"
    rf"|\b(?:take your last (?:[\w'’-]+ ){{0,3}}?{_MEDICINE}|last dose of {_GAP}{_MEDICINE} (?:is|should be))\b"
    rf"|\b(?P<shunned>{_SHUN} {_OTHER_THINGS}{_SHUNNED})"
    rf"|\b(?:do not|don['’]t|never|must not|mustn['’]t|should not|shouldn['’]t) (?:take|taking|use|using) "
    rf"(?!more|too|extra|double|another){_GAP}{_MEDICINE}\b"
    rf"|\b{_LISTED}"
    rf"|\b(?:do not|don['’]t|never|must not|should not) (?:[\w'’-]+,? ){{1,6}}?or (?:take|taking|use|using) "
    rf"(?!more|too|extra|double|another){_GAP}{_MEDICINE}\b"
    rf"|\b{_STOP}{_SMOKING}\w*(?: [\w'’-]+,?){{0,3}}?,? (?:and|or) (?:(?:taking|using) {_GAP})?{_MEDICINE}\b"
    rf"|(?:\A|(?<=[,;:] )|(?<=\band ))no (?:more )?{_MEDICINE}(?: (?:and|or) [\w'’-]+)?"
    r"(?= (?:for (?:[\w-]+ ){1,4}?(?:hours?|days?|weeks?|months?)|(?:\w+ ){1,2}?(?:days?|weeks?) (?:before|after)"
    r"|(?:before|after|until|within|on the day|that day)\b))"
    rf"|(?:\A|(?<=[,;:] )|(?<=please )|(?<=should )|(?<=must ))(?:take|use) no (?:more )?{_GAP}{_MEDICINE}\b"
    rf"|\b{_MEDICINE}(?: \([^()]{{0,40}}\))?(?::| -) (?:please |you (?:should|must) )?{_STOP}\b(?!{_SMOKING})"
    rf"|\b{_MEDICINE} (?:(?:should|must|may|can|is to|are to) ?(?:not|n['’]t)|cannot|(?:is|are) not to)"
    r" be (?:taken|used)\b(?! (?:together|with|by|in|more)\b)"
    rf"|\b{_MEDICINE} (?:[\w'’-]+ )?(?:should|must|has to|have to|needs? to|ought to|is to|are to) be "
    r"(?:stopped|paused|skipped|discontinued|withheld|held|suspended|avoided|left out)\b"
    rf"|\b{_MEDICINE} (?:to|you (?:should|must|have to|need to)) (?:stop|pause|skip|avoid|hold|withhold|leave out)\b",
    re.IGNORECASE,
)
# "Some clinics avoid steroids", "it helps to avoid tablets".
_OF_OTHERS = re.compile(
    r"\b(?:clinics|people|patients|who|they|we|others|some|many|most|studies|trials|helps?)"
    r"(?: (?:you|also|often|usually|to))? \Z",
    re.IGNORECASE,
)


@check(
    "medicine.stop",
    ERROR,
    rule="No page and no care step tells a patient to stop, hold, avoid or leave out a medicine; in a care step, which "
    "a plan repeats, nobody may pass it. A sentence that denies it, asks, sends the reader to a clinician (ask, tell, "
    "talk to, check with, call) or leaves the decision to one does not; to name one is not enough. Smoking and alcohol "
    "are no medicines.",
    serves="clinical safety",
    override=True,
    examples=[
        found(ERROR, text("preparation", "Stop taking aspirin a week before.")),
        found(ERROR, entry("preparation", 1, text="Come off your blood thinners.")),
        found(ERROR, text("preparation", "Do not take your heart medicine that day.")),
        found(ERROR, text("preparation", "Avoid aspirin for 7 days.")),
        found(ERROR, text("preparation", "Hold your warfarin for 3 days.")),
        found(ERROR, text("preparation", "Stop the pills that your doctor prescribed.")),
        found(ERROR, text("preparation", "Stop:\n\n- aspirin")),
        fine(text("preparation", "Do not stop taking aspirin on your own.")),
        fine(text("preparation", "Ask the person who prescribed it whether to stop your blood thinner.")),
        fine(text("preparation", "If you can, stop smoking and skip alcohol.")),
        fine(text("preparation", "Avoid the sun and alcohol. Hold a cold pack to the skin.")),
    ],
)
def medicine_stop(subject: Subject) -> Iterator[Remark]:
    for passage, lead in with_leads(one.folded for one in subject.passages if subject.is_english):
        is_page = passage.entry_kind != "care-step"
        for number, (start, sentence) in enumerate(passage.sentences):
            whole = sentence if number or not lead else f"{lead} {sentence}"
            led = len(whole) - len(sentence)
            match = next((one for one in _told(whole) if one.end() > led), None)
            if match is None or is_question(sentence) or is_referred(whole):
                continue
            message = _(
                "“{words}” tells a patient to leave out a medicine. Write “Ask the person who prescribed it”, "
                "and never to stop."
            )
            line = passage.line_at(start + max(0, match.start() - led))
            yield Remark(ERROR, message.format(words=match[0]), passage.place, line, passage.entry, passable=is_page)


def _told(sentence: str) -> Iterator[re.Match[str]]:
    """Yield the words that tell the reader to leave out a medicine."""
    yield from (one for one in _STOPS.finditer(sentence) if _tells(sentence, one))
    for one in _STOP_IT.finditer(sentence):
        before = sentence[max(0, one.start() - 2 * SPOKEN_OF_REACH) : one.start()]
        if _NAMED.search(before) and not _OF_OTHERS.search(before) and _tells(sentence, one):
            yield one


def _tells(sentence: str, match: re.Match[str]) -> bool:
    """Return whether the words of the match tell the reader to do so."""
    start = match.start()
    before = sentence[max(0, start - SPOKEN_OF_REACH) : start]
    if is_negated(sentence, start) or is_spoken_of(before):
        return False
    return not (match.groupdict().get("shunned") and _OF_OTHERS.search(before))


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
