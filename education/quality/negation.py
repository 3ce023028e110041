"""Whether an English sentence denies, asks or leaves to another person what it seems to say."""

from __future__ import annotations

import re

# So many words of the clause before a phrase are read for a negation.
_REACH = 8
_LONGEST_WORD = 20

_CLAUSE = re.compile(r"[,;:()–—]|\s-\s|\b(?:and|but|so|because|yet|while|although|though|which|then)\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"\bnot\b(?! only| just| merely| simply)|\bno\b(?! doubt| question| wonder| longer)|n['’]t\b"
    r"|\bcannot\b|\bwithout\b(?! doubt| question)"
    r"|\b(?:never|none|nobody|nothing|neither|nor|hardly|unlikely|unproven|lacks?|lacking)\b"
    r"|\b(?:far from|rather than|instead of)\b",
    re.IGNORECASE,
)
_BE = r"(?:is|are|was|were|has|have|had|can|could|will|would|should|may|might|must|does|do|did)"
# Words that carry a denial on to what follows: "not shown to be", "no guarantee of", "none of these treatments is".
_CARRIES = (
    r"(?:an?|the|any|all|every|each|such|real|good|full|firm|of|or|to|for|be|been|being|get|gets|give|gives|bring|brings"
    r"|offer|offers|make|makes|lead|leads|you|us|we|they|it|this|these|those|them|there|here|yet|ever|always|one|that|if"
    r"|whether|as|honest|proof|proofs|evidence|proven|proved|shown|found|known|tested|approved|sold|enough|sure|certain"
    r"|know|mean|means|say|says|claim|claims|show|shows|prove|proves|think|believe|expect|promises?|promised|guarantees?"
    r"|guaranteed|treatments?|methods?|procedures?|injections?|products?|devices?|medicines?|stud(?:y|ies)|trials?"
    r"|doctors?|clinics?|providers?|people|person|patients?|everyone|everybody|results?|painless|safe|effective"
    rf"|permanent|pain-free|risk-free|called|thought|considered|expected|(?!only)[a-z]+ly|{_BE})"
)
_TELLS_THAT = (
    r"(?:know|knows|known|mean|means|say|says|claim|claims|show|shows|shown|prove|proves|proven|proof|evidence|think"
    r"|believe|sure|certain|found|find|promise|promises|guarantee|guarantees|clear) (?:[a-z]+ly |yet |for sure )?"
    r"(?:that|if|whether)"
)
# What stands between the denial and the phrase; nothing else may.
_CARRIED = rf"(?: {_CARRIES}){{0,8}}?(?: {_TELLS_THAT}(?: [\w'’-]+){{0,6}})?[ \"'“‘«]*\Z"
_DENIES = re.compile(
    rf"(?:\b(?:not(?! only| just| merely| simply)|cannot|never|nobody|nothing|none|neither|nor|hardly|unlikely|unproven"
    rf"|no one)|n['’]t){_CARRIED}"
    rf"|\b(?:no|nor|neither)(?! doubt| question| wonder| longer| other| more| need)"
    rf"(?: (?!(?:other|else|means|needed)\b)[\w'’-]+){{0,5}}? (?:{_BE}|offers?|gives?|shows?|proves?|found|promises"
    rf"|guarantees|exists?){_CARRIED}"
    rf"|\bno(?! doubt| question| wonder| longer| other){_CARRIED}"
    r"|(?:\b(?:not|never|cannot)|n['’]t) (?:(?:found|shown|proved|approved|call|called|trust|believe|rely on|fall for)"
    r"(?: [\w'’-]+){0,5}|tell (?:you|people) that(?: [\w'’-]+){0,5})[ \"'“‘«]*\Z"
    r"|\b(?:nobody|no one) (?:should|can|may) tell you that(?: [\w'’-]+){0,5}\Z"
    r"|\b(?:little|weak|poor|lack of) (?:good )?(?:proof|evidence) that(?: [\w'’-]+){0,5}\Z"
    r"|\b(?:without(?! doubt| question)|far from|rather than|instead of|lacks?|lacking)"
    r"(?: (?:an?|the|any|real|full|good|being|proof|evidence|guarantees?|promises?|of)){0,4}?"
    rf"(?: {_TELLS_THAT}(?: [\w'’-]+){{0,6}})?[ \"'“‘«]*\Z",
    re.IGNORECASE,
)
# "Claims that it melts fat are false."
_CLAIM = re.compile(
    r"\b(?:claims?|ideas?|beliefs?|promises?|statements?|myths?|rumou?rs?) (?:that|of)\b[^.;:?!]{0,80}\Z", re.IGNORECASE
)
_IS_FALSE = re.compile(
    r"[^.;:?!]{0,80}?\b(?:is|are|was|were|has|have) (?:(?:(?:not|never)|(?:not|never) been) (?:proven|proved|shown|true"
    r"|supported|backed|correct|right)|(?:(?:simply|often|also) )?(?:false|wrong|untrue|misleading|unproven|unfounded"
    r"|unsupported|a myth|myths))\b",
    re.IGNORECASE,
)
# "Ask what the guarantee covers", "ask whether it is painless"; "ask about our painless care" tells.
_ASK_WHETHER = re.compile(r"\bask(?:ing)? (?:[\w'’-]+ ){0,4}?(?:whether|if) (?:[\w'’-]+ ){0,6}\Z", re.IGNORECASE)
_ASK_WHAT = re.compile(
    r"\bask(?:ing)? (?:[\w'’-]+ ){0,4}?what (?:an?|the|their|any|this|that|such an?) guarantees?\Z", re.IGNORECASE
)
_CAUTION = re.compile(r"\b(?:beware|wary|careful|cautious|suspicious|avoid|distrust|walk away)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"[\"'“‘«]?(?:is|are|was|were|will|would|can|could|do|does|did|should|may|might|must|have|has|am"
    r"|what|which|who|how|when|where)\b",
    re.IGNORECASE,
)


# "Safe and effective?" asks; "Safe and effective? Yes!" does not.
_BEFORE_ASKED = re.compile(r"[\s\"'“‘«]*(?:(?:so|and|but|really|an?|the)\b ?)*", re.IGNORECASE)
_YES = re.compile(
    r"[\s\"'“‘«–—-]*(?:yes|yeah|absolutely|definitely|certainly|of course|sure|indeed|you bet)\b", re.IGNORECASE
)
# "Tell us if you stop", "ask whether you should stop", "about stopping", "avoid stopping".
_SPOKEN_OF = re.compile(
    r"\b(?:if|whether|about|unless)(?: (?:you|to|we|they|and|or|when|should|must|may|can|need|have|it is safe))* ?\Z"
    r"|\bavoid(?:ing)? \Z",
    re.IGNORECASE,
)
_PERSON = (
    r"(?:doctors?|physicians?|pharmacists?|GP|nurses?|surgeons?|specialists?|clinicians?|cardiologists?|dentists?"
    r"|providers?|practitioners?|professionals?|care team|prescribers?|person who (?:has )?prescribed)\b"
)
_LINK = r"(?!(?:if|when|whether|before|after|that|who|to|until|how|what|which|you|stop)\b)[\w'’-]+,? "
_REFERS = re.compile(
    r"\b(?:ask(?:ing)?|tell(?:ing)?|(?:talk|speak)(?:ing)? (?:to|with)|check(?:ing)? with|call(?:ing)?|consult(?:ing)?"
    rf"|contact(?:ing)?) (?:{_LINK}){{0,5}}?{_PERSON}"
    rf"|\bunless (?:{_LINK}){{0,3}}?{_PERSON}"
    rf"|\b(?:if|only when|only after|only once) (?:{_LINK}){{0,3}}?{_PERSON}"
    r" (?:says?|said|tells?|told|agrees?|agreed|decides?|decided|advises?|advised|approves?|asks?)\b"
    rf"|\b{_PERSON} (?:(?:will|must|should|can|may|has to) )?(?:decides?|to decide)\b(?! (?:that|you|to)\b)"
    rf"|\b{_PERSON} (?:can|will|may) (?:tell|help|advise|say)\b (?:you )?(?:decide )?"
    r"(?:whether|if|which|what|when|how)\b"
    r"|\b(?:the (?:person|people|one) who|whoever) (?:\w+ )?prescribe[ds]?\b",
    re.IGNORECASE,
)


def is_denied(sentence: str, start: int, end: int) -> bool:
    """Return whether the sentence denies or asks about the very phrase from `start` to `end`.

    A negation of something else does not count: "no other clinic offers painless care".
    """
    before = _before(sentence, start)
    first = max(0, start - _REACH * _LONGEST_WORD)
    if _DENIES.search(before) or _ASK_WHETHER.search(f"{before} ") or _ASK_WHAT.search(sentence, first, end):
        return True
    near = sentence[first:start]
    return _CLAIM.search(near) is not None and _IS_FALSE.match(sentence, end) is not None


def is_referred(sentence: str) -> bool:
    """Return whether the sentence sends the reader to a clinician or leaves the decision to one."""
    return any(not is_negated(sentence, match.start()) for match in _REFERS.finditer(sentence))


def is_negated(sentence: str, start: int) -> bool:
    """Return whether a negation stands before the phrase at `start`, in the same clause and near it."""
    return _NEGATION.search(_before(sentence, start)) is not None


def is_cautioned(sentence: str, start: int) -> bool:
    """Return whether the sentence warns of the phrase at `start`, as in "be wary of anyone who guarantees"."""
    return _CAUTION.search(_before(sentence, start)) is not None


def is_question(sentence: str) -> bool:
    """Return whether a sentence asks something, as in "Is it painless?"; "Want a miracle?" tells."""
    return ends_in_question(sentence) and _ASKS.match(sentence) is not None


def ends_in_question(sentence: str) -> bool:
    """Return whether a sentence ends with a question mark."""
    return sentence.rstrip("\"'”’») ￼").endswith("?")


def is_asked(sentence: str, start: int) -> bool:
    """Return whether the phrase at `start` begins a question, as in "Safe and effective?"."""
    return ends_in_question(sentence) and _BEFORE_ASKED.fullmatch(sentence, 0, start) is not None


def is_affirmed(after: str) -> bool:
    """Return whether the words after a question answer yes."""
    return _YES.match(after) is not None


def is_spoken_of(before: str) -> bool:
    """Return whether what follows these words is spoken of and not told to do, as after "tell us if you"."""
    return _SPOKEN_OF.search(before) is not None


def _before(sentence: str, start: int) -> str:
    clause = _CLAUSE.split(sentence[max(0, start - _REACH * _LONGEST_WORD) : start])[-1]
    return " ".join(clause.split()[-_REACH:])
