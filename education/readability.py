"""How hard an English text is to read: words, sentences, syllables, and the Flesch–Kincaid grade."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from education.syllables import syllables

SHOWN = 5
HARD = 3  # syllables

# A number with its marks, an abbreviation such as U.S., or letters with hyphens and apostrophes inside.
_WORD = re.compile(r"\d+(?:[.,:]\d+)*(?:-?[^\W\d_]+)?|(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’\-‐‑][^\W_]+)*")
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]￼]*+(?=\s)")
# Words whose full stop ends no sentence. After "etc." and "p.m." a capital letter decides, after "no." a number.
_ABBREVIATED = re.compile(
    r"(?<![^\W_])(?:(?:dr|mr|mrs|ms|prof|st|vs|fig|approx|incl|al|jr|sr|vol|ca|cf)"
    r"|(?P<number>no)|(?P<open>etc|[ap]\.m)|(?:[^\W\d_]\.)+[^\W\d_])\Z",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"\s+[^\W\d_a-z]")
_DIGIT = re.compile(r"\s+\d")
_LONGEST_ABBREVIATION = 12


@dataclass(frozen=True)
class Readability:
    """The measure of a text. `longest` are its longest sentences, `hardest` its words with the most syllables."""

    words: int
    sentences: int
    syllables: int
    grade: float
    longest: tuple[str, ...] = ()
    hardest: tuple[str, ...] = ()


def measure(text: str, leave_out: Collection[str] = ()) -> Readability:
    """Return the measure of an English text, in which each line ends a sentence.

    Grade is Flesch–Kincaid's: 0.39 · words / sentences + 11.8 · syllables / words − 15.59 (Kincaid, Fishburne, Rogers
    and Chissom 1975, Derivation of New Readability Formulas for Navy Enlisted Personnel, Research Branch Report 8-75).
    `leave_out`: words and phrases that are not counted, in the singular, whatever their case; plurals are left out
    too. A text without words has grade 0.
    """
    phrases = _Phrases(leave_out)
    counted: list[tuple[int, str]] = []
    hard: dict[str, int] = {}
    words = total = 0
    for line in text.split("\n"):
        for start, end in sentence_spans(line):
            sentence = line[start:end]
            left = phrases.without(words_of(sentence))
            if not left:
                continue
            counted.append((len(left), sentence))
            words += len(left)
            for word in left:
                count = syllables(word)
                total += count
                if count >= HARD:
                    hard[word.lower()] = count
    if not words:
        return Readability(0, 0, 0, 0.0)
    grade = 0.39 * words / len(counted) + 11.8 * total / words - 15.59
    by_length = sorted(counted, key=lambda one: -one[0])
    longest = list(dict.fromkeys(sentence for _, sentence in by_length))[:SHOWN]
    hardest = sorted(hard, key=lambda word: -hard[word])[:SHOWN]
    return Readability(words, len(counted), total, grade, tuple(longest), tuple(hardest))


def words_of(text: str) -> list[str]:
    """Return the words of a text; numbers such as 45.5 and words with a hyphen are one each."""
    return _WORD.findall(text)


def sentence_spans(line: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a line begins and ends; abbreviations and decimals end none."""
    start = 0
    for stop in _STOP.finditer(line):
        if line[stop.start()] == "." and _is_abbreviation(line, stop):
            continue
        if line[start : stop.end()].strip():
            yield _trimmed(line, start, stop.end())
        start = stop.end()
    if line[start:].strip():
        yield _trimmed(line, start, len(line))


def _is_abbreviation(line: str, stop: re.Match[str]) -> bool:
    match = _ABBREVIATED.search(line[max(0, stop.start() - _LONGEST_ABBREVIATION) : stop.start()])
    if stop[0] != "." or match is None:
        return False
    if match["number"]:
        return bool(_DIGIT.match(line, stop.end()))
    return not (match["open"] and _CAPITAL.match(line, stop.end()))


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    piece = line[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


class _Phrases:
    """Words and phrases to leave out of a count."""

    def __init__(self, phrases: Collection[str]) -> None:
        by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            *before, last = [word.lower() for word in words_of(phrase)] or [""]
            for form in _forms(last):
                whole = (*before, form)
                by_first.setdefault(whole[0], []).append(whole)
        self._by_first: Mapping[str, list[tuple[str, ...]]] = {
            first: sorted(wholes, key=len, reverse=True) for first, wholes in by_first.items() if first
        }

    def without(self, words: list[str]) -> list[str]:
        lowered = [word.lower() for word in words]
        kept: list[str] = []
        place = 0
        while place < len(words):
            wholes = self._by_first.get(lowered[place], ())
            length = next((len(one) for one in wholes if tuple(lowered[place : place + len(one)]) == one), 0)
            if not length:
                kept.append(words[place])
            place += length or 1
        return kept


def _forms(word: str) -> tuple[str, ...]:
    """Return a word and its simple plurals."""
    plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}es"
    return (word, f"{word}s", plural) if word else ()
