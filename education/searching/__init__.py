"""The search over what is live: what is indexed, what somebody asks, and the two databases that answer."""

from education.searching.asking import LONGEST_EXPRESSION, MOST_CHARACTERS, Asked, Wanted, asked, expression
from education.searching.choosing import index
from education.searching.finding import Found, find
from education.searching.folding import Folded, folded, folded_in_place, words_of
from education.searching.index import Hit
from education.searching.rows import GUIDE, PAGE, entries_of, words_in
from education.searching.vocabulary import Within

__all__ = [
    "GUIDE", "LONGEST_EXPRESSION", "MOST_CHARACTERS", "PAGE", "Asked", "Folded", "Found", "Hit", "Wanted", "Within",
    "asked", "entries_of", "expression", "find", "folded", "folded_in_place", "index", "words_in", "words_of",
]  # fmt: skip
