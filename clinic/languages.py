"""Languages that people speak: a code for each, and its name in the language of the page."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

# Those that people at a clinic are likely to speak, by ISO 639 and, where one is written in two ways, its script.
CODES = (
    *("am", "ar", "hy", "ase", "bn", "bs", "bg", "my", "yue", "zh", "hr", "cs", "da", "nl", "en", "fil", "fi", "fr"),
    *("ka", "de", "el", "gu", "ht", "ha", "he", "hi", "hmn", "hu", "ig", "id", "it", "ja", "kn", "kk", "km", "ko"),
    *("ku", "lo", "lt", "ml", "mr", "ne", "no", "om", "ps", "fa", "pl", "pt", "pa", "ro", "ru", "sm", "sr", "sk"),
    *("sl", "so", "es", "sw", "sv", "ta", "te", "th", "ti", "tr", "uk", "ur", "uz", "vi", "yi", "yo"),
)


def name_of(code: str) -> str:
    """Return a language's name in the language of the page, such as Spanish; its code where nobody knows it."""
    return _names(get_language() or "en").get(code, code)


def choices() -> list[tuple[str, str]]:
    """Return every code with its name, by the alphabet of the page's language."""
    names = _names(get_language() or "en")
    return sorted(((code, names[code]) for code in CODES), key=lambda one: one[1].casefold())


@cache
def _names(language: str) -> dict[str, str]:
    try:
        known = Locale.parse(language, sep="-").languages
    except (UnknownLocaleError, ValueError):
        known = Locale("en").languages
    english = Locale("en").languages
    return {code: known.get(code) or english[code] for code in CODES}
