"""What the sample clinic charges."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from clinic import actions
from clinic.models import Location, Price, User
from education.actions import Refused
from education.guide_files import Key, Row, read_tables
from education.models import Guide, Source

FILE = "prices.toml"
AMOUNTS = ("amount_from", "amount_to")
# What stands for another row, by the key or address of that row.
NAMED = {"guide": (Guide, "slug"), "location": (Location, "slug"), "source": (Source, "key")}
_TEXT, _NUMBER = Key(str, longest=400), Key(int)
KEYS = {
    "guide": Key(str, True),
    "what": Key(str, True, longest=120),
    "unit": Key(str, True, choices=tuple(Price.Unit.values)),
    "amount_from": Key(str, True),
    "amount_to": Key(str),
    **dict.fromkeys(("included", "not_included", "note"), _TEXT),
    **dict.fromkeys(("location", "source"), Key(str)),
    **dict.fromkeys(
        ("sessions_in_course", "sessions_from", "sessions_to", "upkeep_from", "upkeep_to"),
        _NUMBER,
    ),
}


def load(folder: Path, *, by: User) -> None:
    """Make the prices of `prices.toml`, charged from today on. Raises MalformedFile."""
    for position, row in enumerate(read_tables(folder / FILE, {"prices": KEYS})["prices"]):
        price = Price(**{name: _value(row, name) for name in row.values}, position=position)
        try:
            actions.add_price(price, by=by)
        except Refused as refusal:
            raise row.refuse(refusal.field, str(refusal)) from refusal


def _value(row: Row, name: str) -> Any:
    value = row.values[name]
    if name in AMOUNTS:
        try:
            return Decimal(value)
        except InvalidOperation:
            raise row.refuse(name, f'expected “{name}” to be an amount in quotation marks, such as "300".') from None
    if name not in NAMED:
        return value
    model, key = NAMED[name]
    found = model._default_manager.filter(**{key: value}).first()
    if found is None:
        raise row.refuse(name, f"there is no {model._meta.verbose_name} “{value}”; expected one of this clinic.")
    return found
