"""In which language the fixed words of a page are, and how words in another one say so."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils.translation import get_language, to_locale

# What the templates are written in. Any variety of it needs no catalogue.
SOURCE = "en"


def language_of_words(language: str) -> str:
    """Return the language of the fixed words around a text: the text's own, else the site's, else the source's.

    The project speaks a language when it is written in it, or has a compiled catalogue for it in LOCALE_PATHS. One
    that came while the site runs is seen after the next start.
    """
    return next((one for one in (language, settings.LANGUAGE_CODE) if _is_spoken(one)), SOURCE)


def _is_spoken(language: str) -> bool:
    folders = tuple(str(folder) for folder in settings.LOCALE_PATHS)
    return _primary(language) == SOURCE or _has_catalogue(language, folders)


@cache
def _has_catalogue(language: str, folders: tuple[str, ...]) -> bool:
    # As Django looks for it: that of pt serves pt-br too.
    return bool(language) and any(gettext.find("django", folder, [to_locale(language)]) for folder in folders)


def direction_of(language: str) -> str:
    """Return the direction of writing, `rtl` or `ltr`."""
    return "rtl" if _primary(language) in settings.LANGUAGES_BIDI else "ltr"


def marks_of_text(language: str) -> Mapping[str, str]:
    """Return the attributes that a text in this language carries among fixed words: none where they share one."""
    return _marks(language, get_language() or "")


def marks_of_words(language: str) -> Mapping[str, str]:
    """Return the attributes that fixed words carry inside a text in this language: none where they share one."""
    return _marks(get_language() or "", language)


def _marks(inside: str, around: str) -> Mapping[str, str]:
    """Return `lang` and `dir`. A text whose language is not said is taken to be in that of what stands around it."""
    return {"lang": inside, "dir": direction_of(inside)} if inside and around and inside != around else {}


def _primary(language: str) -> str:
    return language.lower().partition("-")[0]
