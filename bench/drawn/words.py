"""Words, drawn as often as in a language: the first of the list in nearly every page, the last in hardly any."""

from __future__ import annotations

import random
from itertools import accumulate

# The most usual words of a guide, then rarer ones; the rest is made up.
REAL = (
    *("treatment", "skin", "doctor", "needle", "injection", "swelling", "pain", "week", "day", "medicine", "clinic"),
    *("bruise", "bruising", "infection", "hair", "loss", "cost", "safe", "depth", "cold", "therapy", "numb"),
    *("numbness", "side", "effects", "pregnant", "pregnancy", "blood", "thinner", "redness", "itching", "scar"),
)
ENDS = ("ban", "dor", "fin", "gel", "kum", "lat", "mor", "nix", "pol", "rast", "sund", "tiv", "war", "zen")
MADE_UP = [f"{first}{second}{third}" for first in "bdfgklmnprst" for second in ("a", "e", "io") for third in ENDS]
VOCABULARY = [*REAL, *MADE_UP, *(f"{one}{two}" for one in MADE_UP[:60] for two in MADE_UP[:60])]
# Added up, as each draw needs them.
WEIGHTS = list(accumulate(1 / (rank + 5) for rank in range(len(VOCABULARY))))


def words(draw: random.Random, length: int) -> str:
    """Return so many words with spaces between."""
    return " ".join(draw.choices(VOCABULARY, cum_weights=WEIGHTS, k=length))
