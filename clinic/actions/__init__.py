"""Verbs of clinic: the only code that writes its tables."""

from clinic.actions.facts import (
    LINES,
    LOGO_LIMITS,
    LOGOS,
    NO_COLOUR,
    logo_path,
    save_clinic,
    save_information_page,
)
from clinic.actions.people import close_sample_accounts, save_account
from clinic.actions.prices import PAIRS, add_price, change_price, end_price, faults, fill_in_pairs, keep_price

__all__ = [
    "LINES", "LOGOS", "LOGO_LIMITS", "NO_COLOUR", "PAIRS", "add_price", "change_price", "close_sample_accounts",
    "end_price", "faults", "fill_in_pairs", "keep_price", "logo_path", "save_account", "save_clinic",
    "save_information_page",
]  # fmt: skip
