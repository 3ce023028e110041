"""The check of words that can harm: advice to stop a medicine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from education.quality.examples import entry, fine, found, text
from education.quality.finding import ERROR
from education.quality.negation import is_negated, is_question, is_referred, is_spoken_of
from education.quality.passages import with_leads
from education.quality.registry import Remark, check
from education.quality.subject import Subject

SPOKEN_OF_REACH = 60  # characters
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
    r"|tak(?:e|ing) a break from|(?:reduce|lower|cut)(?= your (?:\w+ )?dose\b)|ditch(?:ing)?|lay(?:ing)? off"
    r"|cut(?:ting)? (?:back|down) on"
    # A drop of it, or a tablet that is dropped into water, leaves nothing out.
    rf"|drop(?:ping)?(?= (?!(?:of|in|off|by|an?|one)\b)(?:[\w'’-]+ ){{0,3}}?{_MEDICINE}\b"
    r"(?![^.;]{0,30}\b(?:in|into|off|at)\b)))"
)
_FOR_A_TIME = (
    r"(?= (?:for (?:[\w-]+ ){1,4}?(?:hours?|days?|weeks?|months?)|(?:\w+ ){1,2}?(?:days?|weeks?) (?:before|after)"
    r"|(?:before|after|until|within|on the day|that day)\b))"
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
    rf"|\b(?:do not|don['’]t|never|must not|mustn['’]t|should not|shouldn['’]t|(?<=you )(?<!why you )"
    r"(?<!that you )(?:may not|cannot|can['’]t)) (?:take|taking|use|using) "
    rf"(?!more|too|extra|double|another){_GAP}{_MEDICINE}\b"
    rf"|\b{_LISTED}"
    rf"|\b(?:do not|don['’]t|never|must not|should not) (?:[\w'’-]+,? ){{1,6}}?or (?:take|taking|use|using) "
    rf"(?!more|too|extra|double|another){_GAP}{_MEDICINE}\b"
    rf"|\b{_STOP}{_SMOKING}\w*(?: [\w'’-]+,?){{0,3}}?,? (?:and|or) (?:(?:taking|using) {_GAP})?{_MEDICINE}\b"
    rf"|(?:\A|(?<=[,;:] )|(?<=\band ))no (?:more )?{_MEDICINE}(?: (?:and|or) [\w'’-]+)?{_FOR_A_TIME}"
    rf"|\b{_STOP}(?!{_SMOKING})(?: taking| using)? {_OTHER_THINGS}(?:(?:your|any|all|the|other|daily) ){{0,2}}"
    rf"{_MEDICINE}\b(?! (?:is|are|was|will|can|may|works?|stays?|lists?)\b)"
    rf"|(?:\A|(?<=[,;:] )|(?<=please )|(?<=should )|(?<=must ))(?:take|use) no (?:more )?{_GAP}{_MEDICINE}\b"
    rf"|\b{_MEDICINE}(?: \([^()]{{0,40}}\))?(?::| -) (?:please |you (?:should|must) )?"
    rf"(?:(?:{_STOP}|avoid)\b(?!{_SMOKING})|(?:none|nothing|not){_FOR_A_TIME})"
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
