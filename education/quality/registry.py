"""The register of checks: what each is called, asks and serves, with examples, and the report that runs them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from education.quality.examples import Example
from education.quality.finding import ERROR, LEVELS, Finding, World
from education.quality.subject import Subject
from education.rendering import Rendered
from education.snapshot import Snapshot


@dataclass(frozen=True)
class Remark:
    """What a check says about one place; the register adds what is the same for all remarks of the check.

    `passable`: false where nobody may pass it, though the owner may pass other errors of the check.
    """

    level: str
    message: str
    place: str = ""
    line: int | None = None
    entry: int | None = None
    about: str = ""
    passable: bool = True


@dataclass(frozen=True)
class Check:
    """A check: its id, its levels, its rule in one sentence, the yardsticks that it serves, and its examples."""

    id: str
    levels: tuple[str, ...]
    rule: str
    serves: str
    examples: tuple[Example, ...]
    override: bool
    look: Callable[[Subject], Iterator[Remark]]

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """Yield the lines of the report that this check gives, each once."""
        for remark in dict.fromkeys(self.look(subject)):
            yield Finding(
                self.id,
                remark.level,
                remark.message,
                self.serves,
                remark.place,
                remark.line,
                remark.entry,
                override=self.override and remark.passable and remark.level == ERROR,
                about=remark.about,
            )


CHECKS: dict[str, Check] = {}


def check(
    name: str, *levels: str, rule: str, serves: str, examples: Sequence[Example], override: bool = False
) -> Callable[[Callable[[Subject], Iterator[Remark]]], Callable[[Subject], Iterator[Remark]]]:
    """Register the decorated function as a check. `override`: its errors may be passed by the owner, with a reason."""

    def register(look: Callable[[Subject], Iterator[Remark]]) -> Callable[[Subject], Iterator[Remark]]:
        if name in CHECKS:
            raise ValueError(f"Two checks are called {name}.")
        CHECKS[name] = Check(name, levels, rule, serves, tuple(examples), override, look)
        return look

    return register


def report(snapshot: Snapshot, rendered: Sequence[Rendered], world: World) -> tuple[Finding, ...]:
    """Return the findings of every check: errors first, then warnings; in each, the whole guide first, then by page.

    `rendered` has the snapshot's pages in their order.
    """
    subject = Subject(snapshot, rendered, world)
    order = {page.slug: number for number, page in reversed(list(enumerate(snapshot.pages)))}
    found = [finding for check in CHECKS.values() for finding in check.findings(subject)]
    return tuple(sorted(found, key=lambda one: (LEVELS.index(one.level), order.get(one.place, -1))))
