"""Amounts of money: exact, written as the clinic's locale writes them, and added up with a sentence on how."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberPattern, get_currency_precision, parse_pattern
from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))
_LETTERS_MEET_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


def digits(currency: str) -> int:
    """Return how many digits after the point a currency has: 2 for USD, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def fits(amount: Decimal, currency: str) -> bool:
    """Return whether an amount has no more digits after the point than its currency."""
    return amount == amount.quantize(Decimal(1).scaleb(-digits(currency)))


def plain(amount: Decimal) -> str:
    """Return an amount as machines take it, without needless zeros: 300, 12.5."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def written(amount: Decimal, currency: str) -> str:
    """Return an amount as the clinic's locale writes it. A whole one has no digits after the point: $1,800."""
    return _written(amount, currency, settings.LANGUAGE_CODE, _among_foreign_words())


# A price list says each amount several times, and the next reader is told the same.
@lru_cache(maxsize=2048)
def _written(amount: Decimal, currency: str, language: str, among_foreign_words: bool) -> str:
    locale = _locale(language)
    pattern = locale.currency_formats["standard"]
    text = _applied(pattern, amount, currency, locale)
    if among_foreign_words and any(one.isalpha() and not one.isascii() for one in text):
        # A sign of letters would be a word of another language there, a code is one of none.
        with_code = parse_pattern(pattern.pattern.replace("¤", "¤¤"))
        text = _applied(with_code, amount, currency, locale)
    if among_foreign_words:
        # Marks for a line from right to left, which this one is not.
        text = text.translate(_MARKS)
    # A code of letters, where a locale has no sign for the currency, needs a space: KWD 12.5.
    return _LETTERS_MEET_DIGITS.sub("\u00a0", text)


def _applied(pattern: NumberPattern, amount: Decimal, currency: str, locale: Locale) -> str:
    pattern = copy(pattern)
    shown = 0 if amount == amount.to_integral_value() else digits(currency)
    pattern.frac_prec = (shown, shown)
    return pattern.apply(amount, locale, currency=currency, currency_digits=False)


def _among_foreign_words() -> bool:
    """Return whether the page's fixed words are in another language than the clinic's own."""
    own = settings.LANGUAGE_CODE
    return (get_language() or own).partition("-")[0] != own.partition("-")[0]


@cache
def _locale(language: str) -> Locale:
    for code in (language, language.partition("-")[0]):
        try:
            return Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@dataclass(frozen=True)
class Cost:
    """What something costs, from one amount to another of one currency, and how that was worked out.

    Of a fixed cost the two are the same.
    """

    low: Decimal
    high: Decimal
    currency: str
    how: str = ""

    def __str__(self) -> str:
        low, high = written(self.low, self.currency), written(self.high, self.currency)
        return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}

    def __add__(self, other: Cost) -> Cost:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added.")
        return Cost(self.low + other.low, self.high + other.high, self.currency)

    def times(self, least: int, most: int, counted: str) -> Cost:
        """Return this cost so many times; `counted` is the number in words, such as “6 to 10 sessions”."""
        how = _("%(count)s × %(cost)s") % {"count": counted, "cost": self}
        return Cost(self.low * least, self.high * most, self.currency, how)


def course(session: Cost, least: int, most: int) -> Cost:
    """Return what a whole course costs of so many sessions, each at this cost."""
    return session.times(least, most, sessions(least, most))


def upkeep(session: Cost, least: int, most: int, years: int = 1) -> Cost:
    """Return what keeping the result costs for so many years, with so many sessions in each."""
    if years == 1:
        return session.times(least, most, sessions(least, most))
    counted = _("%(years)s × %(sessions)s a year") % {"years": _years(years), "sessions": sessions(least, most)}
    return session.times(least * years, most * years, counted)


def courses(one: Cost, in_course: int, wanted: int | None = None) -> Cost:
    """Return what it costs where whole courses alone are sold, each at this cost, for so many sessions or for one."""
    count = 1 if wanted is None else -(-wanted // in_course)
    values = {"count": count, "sessions": sessions(in_course, in_course)}
    counted = ngettext("%(count)d course of %(sessions)s", "%(count)d courses of %(sessions)s", count) % values
    return one.times(count, count, counted)


def sessions(least: int, most: int) -> str:
    """Return a number of sessions in words: 1 session, 6 to 10 sessions."""
    if least == most:
        return ngettext("%(count)d session", "%(count)d sessions", most) % {"count": most}
    return _("%(least)d to %(most)d sessions") % {"least": least, "most": most}


def _years(count: int) -> str:
    return ngettext("%(count)d year", "%(count)d years", count) % {"count": count}
