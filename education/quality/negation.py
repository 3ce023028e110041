"""Whether an English sentence denies or asks what it seems to say."""

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
_CAUTION = re.compile(r"\b(?:beware|wary|careful|cautious|suspicious|avoid|distrust|walk away)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"[\"'“‘«]?(?:is|are|was|were|will|would|can|could|do|does|did|should|may|might|must|have|has|am"
    r"|what|which|who|how|when|where)\b",
    re.IGNORECASE,
)


def is_negated(sentence: str, start: int) -> bool:
    """Return whether a negation stands before the phrase at `start`, in the same clause and near it."""
    return _NEGATION.search(_before(sentence, start)) is not None


def is_cautioned(sentence: str, start: int) -> bool:
    """Return whether the sentence warns of the phrase at `start`, as in "be wary of anyone who guarantees"."""
    return _CAUTION.search(_before(sentence, start)) is not None


def is_question(sentence: str) -> bool:
    """Return whether a sentence asks something, as in "Is it painless?"; "Want a miracle?" tells."""
    return sentence.rstrip("\"'”’») ￼").endswith("?") and _ASKS.match(sentence) is not None


def _before(sentence: str, start: int) -> str:
    clause = _CLAUSE.split(sentence[max(0, start - _REACH * _LONGEST_WORD) : start])[-1]
    return " ".join(clause.split()[-_REACH:])
