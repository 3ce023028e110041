"""The self-check: the reasons not to have a treatment as questions. What is answered stays in the browser."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from education.entries import Advice
from education.rendering import Citation

# As many as the style sheet follows one by one; the advice of any further one stands there whatever is answered.
MOST_FOLLOWED = 60
_SEVERITY = [advice.value for advice in Advice]


@dataclass(frozen=True)
class Asked:
    """A reason as a question. `number` is counted from 1, `references` lead to the sources below."""

    number: int
    condition: str
    question: str
    why: str
    advice: str
    references: tuple[Citation, ...]

    @property
    def stops(self) -> bool:
        """Whether yes means: do not book. Otherwise it means: tell us first. Not being sure always means that."""
        return self.advice == Advice.DO_NOT_BOOK

    @property
    def is_followed(self) -> bool:
        """Whether the style sheet shows its advice only to whoever it concerns."""
        return self.number <= MOST_FOLLOWED


def questions(reasons: Iterable[Mapping[str, Any]], sources: Iterable[Mapping[str, Any]]) -> list[Asked]:
    """Return the reasons as they are asked: those against booking first, else in their order.

    `sources` are the edition's, with their numbers. A key that is not among them is left out.
    """
    numbers = {source["key"]: source["number"] for source in sources}
    in_order = sorted(reasons, key=lambda reason: _SEVERITY.index(reason["advice"]))
    return [
        Asked(
            number=number,
            references=_references(number, reason["sources"], numbers),
            **{name: reason[name] for name in ("condition", "question", "why", "advice")},
        )
        for number, reason in enumerate(in_order, start=1)
    ]


def _references(question: int, keys: Iterable[str], numbers: Mapping[str, int]) -> tuple[Citation, ...]:
    cited = sorted((numbers[key], key) for key in keys if key in numbers)
    return tuple(Citation(key, number, f"ref-{question}-{key}") for number, key in cited)


def cited(asked: Iterable[Asked]) -> set[str]:
    """Return the keys of the sources that the questions rest on."""
    return {reference.key for one in asked for reference in one.references}
