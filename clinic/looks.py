"""How a colour turned out, measured and in words, for whoever chose it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from clinic.brand import DARK, LEAST_FOR_CONTROLS, LEAST_FOR_TEXT, LIGHT, Scheme, Tokens, alike, contrast, tokens

FAULTS = {LIGHT: "too light for words on paper", DARK: "too dark for words on a dark screen"}


@dataclass(frozen=True)
class Sample:
    """One use of the colour where it is hardest to see, and how well it can be seen there."""

    kind: str
    title: str
    colour: str
    ground: str
    least: float

    @property
    def ratio(self) -> str:
        """The measured contrast in words. Rounded down, so that it never sounds like enough when it is not."""
        measured = math.floor(contrast(self.colour, self.ground) * 10) / 10
        return f"{measured:.1f} : 1, at least {self.least:g} is needed"


@dataclass(frozen=True)
class Look:
    """A colour by light or in the dark: what became of it, and samples."""

    name: str
    verdict: str
    scheme: Scheme
    tokens: Tokens
    samples: tuple[Sample, ...]


def looks(colour: str) -> list[Look]:
    """Return how a brand colour, `#rrggbb`, looks on light and on dark screens."""
    return [
        _look("On a light screen", colour, LIGHT, "darker"),
        _look("On a dark screen", colour, DARK, "lighter"),
    ]


def outcome(colour: str) -> str:
    """Return in a sentence what became of a brand colour, `#rrggbb`, and why."""
    shades = {fault: tokens(colour, scheme).accent for scheme, fault in FAULTS.items()}
    changed = [f"{fault}, so links there use {shade}" for fault, shade in shades.items() if shade != colour]
    return f"Your colour {colour} is {' and '.join(changed) or 'used as it is'}."


def _look(name: str, colour: str, scheme: Scheme, change: str) -> Look:
    made = tokens(colour, scheme)
    verdict = f"Your colour can be read, so it is used as it is: {colour}."
    if made.accent != colour:
        verdict = f"Your colour is {FAULTS[scheme]}, so links and buttons use a {change} shade of it: {made.accent}."
    if alike(made.accent, scheme.emergency):
        verdict += " It is close to the red of what to do in an emergency, so patients may take one for the other."
    hardest = min(scheme.surfaces, key=lambda ground: contrast(made.accent, ground))
    faintest = min((scheme.ink, scheme.soft, made.accent), key=lambda ink: contrast(ink, made.accent_tint))
    samples = (
        Sample("link", "A link in a text", made.accent, hardest, LEAST_FOR_TEXT),
        Sample("button", "The words on a button", made.on_accent, made.accent, LEAST_FOR_TEXT),
        Sample("focus", "The ring around what the keyboard has reached", made.accent, hardest, LEAST_FOR_CONTROLS),
        Sample("wash", "Words on a faint ground of your colour", faintest, made.accent_tint, LEAST_FOR_TEXT),
    )
    return Look(name, verdict, scheme, made, samples)
