"""Amounts are exact, written as the clinic's locale writes them, and sums say how they came about."""

from __future__ import annotations

import ast
import inspect
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clinic import money
from clinic.money import Cost

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=3)
COUNTS = st.integers(min_value=0, max_value=200)


def usd(low: str, high: str = "") -> Cost:
    return Cost(Decimal(low), Decimal(high or low), "USD")


def test_no_amount_is_a_float():
    """Neither a literal nor a conversion: a sum of money is exact or it is wrong."""
    tree = ast.parse(inspect.getsource(money))
    assert not [one for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, float)]
    assert not [one for one in ast.walk(tree) if isinstance(one, ast.Name) and one.id in ("float", "round")]


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        ("1800", "USD", "en-us", "$1,800"),
        ("1800.000", "USD", "en-us", "$1,800"),
        ("1800.5", "USD", "en-us", "$1,800.50"),
        ("0", "USD", "en-us", "$0"),
        ("1800", "JPY", "en-us", "¥1,800"),
        ("12.5", "KWD", "en-us", "KWD\u00a012.500"),
        ("12.345", "KWD", "en-us", "KWD\u00a012.345"),
        ("12", "KWD", "en-us", "KWD\u00a012"),
        ("1800", "EUR", "de", "1.800\u00a0€"),
        ("1800.5", "EUR", "de", "1.800,50\u00a0€"),
        ("1800", "GBP", "en-gb", "£1,800"),
        ("1800", "USD", "ar", "\u200f1,800\u00a0US$"),
        ("9999999999.999", "KWD", "en-us", "KWD\u00a09,999,999,999.999"),
    ],
)
def test_an_amount_is_written_as_the_clinics_locale_writes_it(amount, currency, language, shown, settings):
    settings.LANGUAGE_CODE = language
    with translation.override(language):
        assert money.written(Decimal(amount), currency) == shown


def test_a_locale_that_nobody_knows_writes_as_english_does(settings):
    settings.LANGUAGE_CODE = "xx-none"
    assert money.written(Decimal(300), "USD") == "$300"


@pytest.mark.parametrize(("words", "shown"), [("en", "12.500\u00a0KWD"), ("ar", "\u200f12.500\u00a0د.ك.\u200f")])
def test_among_words_of_another_language_a_currency_is_a_code(words, shown, settings):
    settings.LANGUAGE_CODE = "ar"
    with translation.override(words):
        assert money.written(Decimal("12.5"), "KWD") == shown


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3)])
def test_a_currency_has_its_digits(currency, digits):
    assert money.digits(currency) == digits
    smallest = Decimal(1).scaleb(-digits)
    assert money.fits(smallest, currency)
    assert not money.fits(smallest / 10, currency)


def test_a_fixed_cost_is_one_amount_and_a_range_two():
    assert str(usd("80")) == "$80"
    assert str(usd("80", "80.000")) == "$80"
    assert str(usd("300", "500")) == "$300 to $500"


def test_a_whole_course_and_its_upkeep_say_how_they_came_about():
    session = usd("300", "500")
    course, upkeep = money.course(session, 6, 10), money.upkeep(session, 2, 4)
    assert (str(course), course.how) == ("$1,800 to $5,000", "6 to 10 sessions × $300 to $500")
    assert (str(upkeep), upkeep.how) == ("$600 to $2,000", "2 to 4 sessions × $300 to $500")
    assert str(course + upkeep) == "$2,400 to $7,000"
    three = money.upkeep(session, 2, 4, years=3)
    assert (str(three), three.how) == ("$1,800 to $6,000", "3 years × 2 to 4 sessions a year × $300 to $500")
    one = money.course(usd("80"), 1, 1)
    assert (str(one), one.how) == ("$80", "1 session × $80")


@pytest.mark.parametrize(
    ("wanted", "total", "how"),
    [
        (None, "$1,500", "1 course of 6 sessions × $1,500"),
        (1, "$1,500", "1 course of 6 sessions × $1,500"),
        (6, "$1,500", "1 course of 6 sessions × $1,500"),
        (7, "$3,000", "2 courses of 6 sessions × $1,500"),
    ],
)
def test_where_whole_courses_are_sold_they_are_counted_whole(wanted, total, how):
    found = money.courses(usd("1500"), 6, wanted)
    assert (str(found), found.how) == (total, how)


def test_two_currencies_are_never_added():
    with pytest.raises(ValueError, match="USD and EUR"):
        usd("1") + Cost(Decimal(1), Decimal(1), "EUR")


@given(AMOUNTS, AMOUNTS, COUNTS, COUNTS)
def test_a_product_is_the_sum_of_as_many_prices(one, other, least, more):
    low, high = sorted((one, other))
    session, most = Cost(low, high, "KWD"), least + more
    found = money.course(session, least, most)
    assert (found.low, found.high) == (sum([low] * least, Decimal(0)), sum([high] * most, Decimal(0)))
    assert found.low <= found.high


@given(AMOUNTS, COUNTS, st.integers(min_value=1, max_value=20))
def test_years_of_upkeep_are_as_many_single_years(amount, count, years):
    session = Cost(amount, amount, "KWD")
    single = money.upkeep(session, count, count)
    assert money.upkeep(session, count, count, years).low == sum([single.low] * years, Decimal(0))


@given(AMOUNTS, st.sampled_from(["USD", "JPY", "KWD"]))
def test_what_is_written_loses_nothing_that_the_currency_has(amount, currency):
    rounded = amount.quantize(Decimal(1).scaleb(-money.digits(currency)))
    figures = "".join(one for one in money.written(rounded, currency) if one.isdigit() or one == ".")
    assert Decimal(figures) == rounded
    assert Decimal(money.plain(amount)) == amount
