"""Prices are added, changed, ended and kept; what was charged on a day that is over never changes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from clinic.models import MOST_SESSIONS, Clinic, Currency, Price, PriceEnd
from clinic.money import digits, fits
from clinic.rules import require_permission
from education.actions import ChangedMeanwhile, Refused
from education.actions.auditing import audit
from education.actions.signing import locked_guide, log_once_kept, signature
from education.canonical import canonical_line
from education.models import What

logger = logging.getLogger(__name__)

DAY = timedelta(days=1)
# Nobody plans a price further ahead, and a slip of the year shows at once.
FURTHEST = timedelta(days=2 * 366)
HIGHEST = Decimal(10**10)
# Of each the first is filled in with the second where it is left empty.
PAIRS = (("amount_to", "amount_from"), ("sessions_to", "sessions_from"), ("upkeep_to", "upkeep_from"))
LONGEST = {"what": 120, "included": 400, "not_included": 400, "note": 400}
# What a price says: all that somebody types but its first day.
SAID = (
    *("what", "unit", "sessions_in_course", "amount_from", "amount_to", "currency", "included", "not_included"),
    *("location", "note", "sessions_from", "sessions_to", "upkeep_from", "upkeep_to", "source", "position"),
)


@transaction.atomic
def add_price(price: Price, *, by: Any) -> Price:
    """Add a price that is charged from its first day on, by default from today, in the clinic's currency by default.

    Raises NotPermitted, and Refused for a day that is over, for figures that contradict each other, and where the same
    thing has a price on one of its days already.
    """
    _require(by)
    if price.guide_id is None:
        raise Refused("Choose the guide to the procedure that this is a price of.", "guide")
    locked_guide(price.guide_id)
    today = timezone.localdate()
    _fill_in(price, today)
    _judge(price, today)
    _require_one_price(price, price.valid_from, None, today)
    return _added(price, by, What.PRICE_ADDED)


@transaction.atomic
def change_price(price: Price, new: Price, *, by: Any, from_day: date | None = None, seen: int | None = None) -> Price:
    """End a price the day before `from_day`, by default today, and add `new` in its place; return the new one.

    `seen`: the id of the newest end that this person looked at, 0 for none. Raises NotPermitted, and Refused for what
    `add_price` refuses, for a price that ended or was changed already, and where nothing would change.
    """
    _require(by)
    price, today = _held(price, seen)
    _require_open(price, today)
    new.guide, new.replaces, new.valid_from = price.guide, price, from_day or today
    _fill_in(new, today)
    _judge(new, today)
    _require_unreplaced(price, today)
    if price.last_day is not None and new.valid_from > price.last_day + DAY:
        raise Refused(
            f"This price ends on {_shown(price.last_day)}. Choose a day until {_shown(price.last_day + DAY)}, or take "
            "its end back first.",
            "valid_from",
        )
    if all(getattr(new, name) == getattr(price, name) for name in SAID):
        raise Refused("Nothing is different from the price as it is. Change what is to be new.")
    _require_one_price(new, new.valid_from, None, today, but=price)
    _ended(price, new.valid_from - DAY, by)
    return _added(new, by, What.PRICE_CHANGED)


@transaction.atomic
def end_price(price: Price, *, by: Any, last_day: date, seen: int | None = None) -> PriceEnd:
    """Say which day is a price's last. With yesterday it ends at once; one that has not begun is then taken back.

    `seen` as for `change_price`. Raises NotPermitted, and Refused for a day before yesterday and for a price that has
    ended.
    """
    _require(by)
    price, today = _held(price, seen)
    _require_open(price, today)
    if last_day < today - DAY:
        raise Refused(
            "That day is over, and what was charged on it stays on record. Choose yesterday, or a later day.",
            "last_day",
        )
    _require_near(last_day, today, "last_day")
    if last_day == price.last_day:
        raise Refused(f"This price ends on {_shown(last_day)} already. Choose another day.", "last_day")
    if last_day >= price.valid_from:
        _require_one_price(price, price.valid_from, last_day, today, field="last_day")
    audit(What.PRICE_ENDED, price, by=by, named=price.guide.slug)
    return _ended(price, last_day, by)


@transaction.atomic
def keep_price(price: Price, *, by: Any, seen: int | None = None) -> PriceEnd:
    """Take a planned end back, so that the price goes on. `seen` as for `change_price`.

    Raises NotPermitted, and Refused for a price that has ended or has no end, and where another one follows it.
    """
    _require(by)
    price, today = _held(price, seen)
    _require_open(price, today)
    if price.last_day is None:
        raise Refused("This price has no end that could be taken back.")
    _require_one_price(price, price.valid_from, None, today)
    audit(What.PRICE_KEPT, price, by=by, named=price.guide.slug)
    return _ended(price, None, by)


def faults(price: Price) -> Iterator[tuple[str, str]]:
    """Yield what contradicts itself in what a price says: a field, and a sentence on what to do."""
    if not any(one.isalnum() for one in price.what):
        yield "what", "Say what the price is for, such as the area: Face."
    yield from _faults_of_amounts(price)
    for name, longest in LONGEST.items():
        if len(getattr(price, name)) > longest:
            yield name, f"This has {len(getattr(price, name))} characters; {longest} is the most. Make it shorter."
    course, session = price.unit == Price.Unit.COURSE, price.unit == Price.Unit.SESSION
    if price.unit not in Price.Unit.values:
        yield "unit", "Choose what the price is for: a session, a whole course or a consultation."
    if course and not 1 <= (price.sessions_in_course or 0) <= MOST_SESSIONS:
        yield "sessions_in_course", f"Say how many sessions the course has, from 1 to {MOST_SESSIONS}."
    if not course and price.sessions_in_course is not None:
        yield "sessions_in_course", "Only the price of a whole course has a number of sessions in it. Leave this empty."
    yield from _faults_of_numbers(price, "sessions", 1, session)
    yield from _faults_of_numbers(price, "upkeep", 0, session)
    if price.source_id and price.sessions_from is None and price.upkeep_from is None:
        yield "source", "You named a source and no numbers of sessions that come from it. Fill them in, or take it out."


def _faults_of_amounts(price: Price) -> Iterator[tuple[str, str]]:
    if price.currency not in Currency.values:
        yield "currency", "Choose a currency of the list."
        return
    sound = True
    for name in ("amount_from", "amount_to"):
        if fault := _fault_of_amount(getattr(price, name), price.currency):
            sound = False
            yield name, fault
    if sound and price.amount_to < price.amount_from:
        yield "amount_to", "The highest amount is less than the lowest. Leave it empty where there is one price only."


def _fault_of_amount(amount: Decimal | None, currency: str) -> str:
    if amount is None or not amount.is_finite() or amount < 0:
        return "Write an amount, such as 300, or 0 where it costs nothing."
    if amount >= HIGHEST:
        return "This is more than Plainleaf can add up. Write a smaller amount."
    if not fits(amount, currency):
        count = digits(currency)
        most = f"at most {count} digits after the point" if count else "no digits after the point"
        return f"An amount in {currency} has {most}. Round it, or choose another currency."
    return ""


def _faults_of_numbers(price: Price, name: str, least: int, session: bool) -> Iterator[tuple[str, str]]:
    first, last = getattr(price, f"{name}_from"), getattr(price, f"{name}_to")
    if first is None and last is None:
        return
    if not session:
        yield f"{name}_from", "These numbers belong to the price of one session. Leave them empty here."
    elif first is None:
        yield f"{name}_from", "Write the lowest number too."
    elif not least <= first <= MOST_SESSIONS:
        yield f"{name}_from", f"Write a number from {least} to {MOST_SESSIONS}."
    elif last is not None and not first <= last <= MOST_SESSIONS:
        yield f"{name}_to", f"Write a number from {first} to {MOST_SESSIONS}, or leave this empty."


def _require(by: Any) -> None:
    require_permission(by, "add_price", "add, change or end a price")


def _held(price: Price, seen: int | None) -> tuple[Price, date]:
    """Return the price as it is now, its guide's row held, and today. Raises ChangedMeanwhile."""
    guide = locked_guide(price.guide_id)
    # The clock is read with the row in hand: whoever waited for it must not judge by the day before.
    today = timezone.localdate()
    fresh = Price.objects.with_last_day().get(pk=price.pk)
    fresh.guide = guide
    if seen is not None and (fresh.end or 0) != seen:
        by = price.ends.latest("pk").made_by_name
        raise ChangedMeanwhile(
            f"{by} changed this price, or when it ends, after you opened this screen. How it stands now is shown "
            "here: look at it, then send this again if it is still right."
        )
    return fresh, today


def _require_open(price: Price, today: date) -> None:
    state = price.state_on(today)
    if state == Price.State.TAKEN_BACK:
        raise ChangedMeanwhile("This price was taken back before it began. Add one like it instead.")
    if state == Price.State.ENDED and price.last_day:
        raise ChangedMeanwhile(
            f"This price ended on {_shown(price.last_day)}, and what was charged stays on record. Add one like it "
            "instead."
        )


def _require_unreplaced(price: Price, today: date) -> None:
    after = Price.objects.open(today).filter(replaces=price.pk).first()
    if after:
        raise ChangedMeanwhile(
            f"{after.made_by_name} changed this price already: “{after.what}” takes its place on "
            f"{_shown(after.valid_from)}. Change that one, or take it back first."
        )


def _fill_in(price: Price, today: date) -> None:
    price.what = canonical_line(price.what)
    price.currency = price.currency or Clinic.current().currency
    price.valid_from = price.valid_from or today
    fill_in_pairs(price)


def fill_in_pairs(price: Price) -> None:
    """Take the lowest for the highest too, where only that was given."""
    for last, first in PAIRS:
        if getattr(price, last) is None:
            setattr(price, last, getattr(price, first))


def _judge(price: Price, today: date) -> None:
    for field, sentence in faults(price):
        raise Refused(sentence, field)
    if price.valid_from < today:
        raise Refused("That day is over, and a price says what was charged. Choose a day from today on.", "valid_from")
    _require_near(price.valid_from, today, "valid_from")


def _require_near(day: date, today: date, field: str) -> None:
    if day > today + FURTHEST:
        raise Refused("This day is more than two years away. Choose an earlier one.", field)


def _require_one_price(
    price: Price, first: date, last: date | None, today: date, *, but: Price | None = None, field: str = "what"
) -> None:
    """Raise Refused where the same thing has another price on one of these days."""
    for other in Price.objects.open(today).filter(guide=price.guide_id):
        if other.pk in (price.pk, but and but.pk) or not price.is_same_offer(other):
            continue
        if (other.last_day is None or other.last_day >= first) and (last is None or other.valid_from <= last):
            raise Refused(
                f"There is a price of “{other.what}” already, charged from {_shown(other.valid_from)} on. Change that "
                "one, or end it first.",
                field,
            )


def _ended(price: Price, last_day: date | None, by: Any) -> PriceEnd:
    end = PriceEnd(price=price, last_day=last_day, **signature(by, timezone.now()))
    end.save()
    log_once_kept(logger, "price %s: last day set to %s by account %s", price.pk, last_day or "none", by.pk)
    return end


def _added(price: Price, by: Any, what: What) -> Price:
    for name, value in signature(by, timezone.now()).items():
        setattr(price, name, value)
    price.save()
    audit(what, price, by=by, named=price.guide.slug)
    log_once_kept(logger, "price %s added by account %s", price.pk, by.pk)
    return price


def _shown(day: date) -> str:
    return date_format(day, "F j, Y")
