"""Counts the syllables of an English word by its spelling, with a small table of exceptions."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# What the rules below get wrong and patient guides use, by number of syllables.
_BY_COUNT = {
    1: "aren't weren't clothes once rein worse",
    2: "business cashier cement colonel cushion every evening iron ironed junior leopard lion naked pigeon poem poet "
    "rugged sacred science senior soldier someone vacuum wednesday wicked",
    3: "anyone behavior behaviour businesses cereal chocolate comfortable element everyday everyone everything "
    "everywhere moreover nausea parliament recipe rehearsal suicide sciences scientist supplement implement complement "
    "vegetable european microbe",
    4: "apostrophe diabetes everybody scientific nauseated uncomfortable epitome ibuprofen",
    5: "extraordinary",
}
EXCEPTIONS = {word: count for count, words in _BY_COUNT.items() for word in words.split()}

_VOWELS = re.compile("[aeiouy]+")
_CONSONANT = "(?<=[b-df-hj-np-tv-xz])"

# Letters that stand for no vowel of their own are taken out first.
_SILENT = re.compile(
    r"(?<=q)u|(?<=g)u(?=[ei])"
    # "lifetime", "something": the e that ends the first part of a compound
    r"|(?<=\bsom)e(?=[b-z])|(?<=\b(?:hom|lif|tim|bas|car|saf|fac|sid|not|lik|fir))e(?=[b-df-hj-np-tv-z][a-z]{2})"
    r"|(?<=\b(?:ther|wher))e(?=[b-df-hj-np-tv-z])|(?<=\bher)e(?=by|after|in\b)|(?<=\bfor)e(?=head|see|most|cast)"
    # "safely", "movement", "careful", "safety", but not "rely", "settlement", "implement"
    r"|(?<=[aeiouy][b-df-hj-kmnp-tv-xz])e(?=(?:ly|ful|fully|less|lessly|ness|ment|ments|some|ty)\b)"
    r"|(?<=[aeiouy]l)e(?=(?:ly|ful|fully|less)\b)|(?<=[aeiouy][nr][b-df-hj-kmp-tv-xz])e(?=(?:ly|ful|fully|less|ness)\b)"
    # "made", "bruise", but not "needle"; "centre", "fibre"
    r"|(?<=[b-df-hj-km-np-tv-xz])(?<![bcgt]r)e\b|(?<=[aeiouyrl]l)e\b|(?<=[gq]u)e(?=s?\b)"
    # "times", but not "faces", "bandages", "needles"
    r"|(?<=[bdfkmnprtvw])e(?=s\b)|(?<=th)e(?=s\b)|(?<=ph)e(?=s\b)|(?<=[aeiouy]l)e(?=s\b)"
    # "bruised", but not "treated", "needed"
    r"|(?<=[b-cf-hj-np-su-xz])(?<![b-df-hj-km-np-tv-xz]l)e(?=d\b)"
)
# Vowels side by side that belong to two syllables, and endings that are one more.
_HIATUS = re.compile(
    r"[aeiouy]ing(?:s|ly)?\b"
    r"|(?<![ae])ey(?=[aou])|(?<=[aou])y(?=[aeou](?!s?\b|d\b))|(?<=[aou])y(?=er|ee|or|al)"
    r"|i(?=er\b|ers\b|est\b|et)"
    r"|(?<![tc])i(?=en(?:ts?|tly|ce?s?|cy|cd)\b)"
    r"|(?<![cts])ia|(?<=[cts])ia(?!l|ls|n|ns|lly|\b|s\b|lty|lties|list|lists)"
    r"|(?<![cgtsxln])io(?!us)|(?<![cgtx])ious|(?<=[ln])io(?!ns?\b|us|r)|(?<=[st])io(?!n|us)"
    r"|iu|(?<!p)eo(?!us)(?<!geo)|\bgeo|(?<=\bp)eo(?!p)"
    r"|(?<!g)ua(?!\b)(?=[ltr])|(?<![g])ue(?=nt|nc|l\b|ls\b)|ui(?=ds?\b|n(?!g)|ti|ty)"
    r"|(?<=\bcr)ea(?=t(?!ure))|(?<=\bproc)rea|(?<=r)ea(?=lit|list)|(?<=\bid)ea|(?<=\bth)ea(?=t)|\barea|mea(?=b)"
    r"|(?<=[aeiouy][cdrs])ea\b|(?<=rh)oea\b|(?<=rh)ea\b|(?<=[cdrn])ea(?=l\b)(?<=[aeiouy][cn]ea)"
    r"|oi(?=c|d\b|ds\b)(?<=[rt]oi)|ao|ii|eum\b|eus\b|(?<=s)eu(?=m)|\bhy(?=a)|(?<=\bantic)oa|(?<=\bcontr)ai"
    r"|(?<=\br)e(?=o|u|in|im|act|app|ass|adj|att|ali|ent|exa|eva)|(?<=\bpr)e(?=o|ex|em|en|ap)"
    r"|(?<=\bco)o(?=p[^s]|r)|(?<=\bd)ea(?=ct)"
    rf"|(?<=s)ms?\b|thm|{_CONSONANT}n't\b"
)
_ABBREVIATION = re.compile(r"(?:[^\W\d_]\.)+")
_PARTS = re.compile(r"[a-z]+(?:'[a-z]+)?")


def syllables(word: str) -> int:
    """Return the syllables of a word: at least 1, the sum of its parts for a word with hyphens.

    A number counts as one syllable, an abbreviation such as U.S. as one for each letter.
    """
    if any(character.isdigit() for character in word):
        return 1
    if _ABBREVIATION.fullmatch(word):
        return word.count(".")
    plain = unicodedata.normalize("NFKD", word.lower().replace("’", "'"))
    parts = _PARTS.findall("".join(one for one in plain if not unicodedata.combining(one)))
    return sum(map(_of_part, parts)) or 1


@lru_cache(maxsize=20_000)
def _of_part(word: str) -> int:
    for form in (word, word.removesuffix("'s"), word.removesuffix("s")):
        if form in EXCEPTIONS:
            return EXCEPTIONS[form]
    word = word.removesuffix("'s")
    left = _SILENT.sub("", word)
    count = len(_VOWELS.findall(left)) + len(_HIATUS.findall(left))
    return max(count, 1)
