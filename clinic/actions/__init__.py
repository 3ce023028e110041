"""Verbs of clinic: the only code that writes its tables."""

from clinic.actions.facts import LINES, LOGO_LIMITS, LOGOS, NO_COLOUR, logo_path, save_clinic, save_information_page
from clinic.actions.first_owner import make_first_owner, new_owner_link, why_not_first_owner
from clinic.actions.people import close_sample_accounts, save_account
from clinic.actions.places import save_location
from clinic.actions.prices import PAIRS, add_price, change_price, end_price, faults, fill_in_pairs, keep_price
from clinic.actions.providers import PHOTO_LIMITS, save_provider

__all__ = [
    "LINES", "LOGOS", "LOGO_LIMITS", "NO_COLOUR", "PAIRS", "PHOTO_LIMITS", "add_price", "change_price",
    "close_sample_accounts", "end_price", "faults", "fill_in_pairs", "keep_price", "logo_path", "make_first_owner",
    "new_owner_link", "save_account", "save_clinic", "save_information_page", "save_location", "save_provider",
    "why_not_first_owner",
]  # fmt: skip
