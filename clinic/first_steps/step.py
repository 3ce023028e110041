"""What a step of a new clinic is, and where it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Way:
    """Where a step is done. Without an address it is words alone: the person, or this site, has no such screen."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Check:
    """One of the things that going live asks for, in words."""

    done: bool
    words: str


@dataclass(frozen=True)
class Step:
    """A step: what it is for, whether it is done, how it stands in words, and where it is done."""

    title: str
    purpose: str
    done: bool
    stands: str
    ways: tuple[Way, ...] = ()
    checks: tuple[Check, ...] = ()
    optional: bool = False
    is_going_live: bool = False

    @property
    def state(self) -> str:
        return "Done" if self.done else "Optional" if self.optional else "To do"


@dataclass(frozen=True)
class FirstSteps:
    """The steps of a new clinic, in the order in which they are best done."""

    steps: tuple[Step, ...]

    @property
    def needed(self) -> list[Step]:
        return [step for step in self.steps if not step.optional]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.needed)

    @property
    def all_done(self) -> bool:
        return self.done == len(self.needed)

    @property
    def is_open(self) -> bool:
        """Whether more is missing than what whoever runs the server does at the end."""
        return any(not step.done and not step.is_going_live for step in self.needed)


def way_to(person: Any, words: str, name: str, *args: Any, permission: str, after: str = "") -> Way:
    """Return the way to a screen of the admin; its words alone for a person who may not use it."""
    try:
        address = reverse(f"admin:{name}", args=args) + after if person.has_perm(permission) else ""
    except NoReverseMatch:
        address = ""
    return Way(words, address)


def listed(words: Iterable[str]) -> str:
    """Return the words as a list in a sentence."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
