"""Verbs of clinic: the only code that writes its tables."""

from clinic.actions.digest import Digest, readers, send_digests
from clinic.actions.facts import LINES, LOGO_LIMITS, LOGOS, NO_COLOUR, logo_path, save_clinic, save_information_page
from clinic.actions.first_owner import make_first_owner, new_owner_link, why_not_first_owner
from clinic.actions.people import close_sample_accounts, save_account
from clinic.actions.places import save_location
from clinic.actions.prices import PAIRS, add_price, change_price, end_price, faults, fill_in_pairs, keep_price
from clinic.actions.providers import PHOTO_LIMITS, save_provider
from clinic.actions.requests import Gone, add_note, ask, assign, book, close, contact, reopen
from clinic.actions.retention import UNTOUCHED_KEPT, Purged, erase, erase_again, look_after, purge

__all__ = [
    "LINES", "LOGOS", "LOGO_LIMITS", "NO_COLOUR", "PAIRS", "PHOTO_LIMITS", "UNTOUCHED_KEPT", "Digest", "Gone",
    "Purged", "add_note", "add_price", "ask", "assign", "book", "change_price", "close", "close_sample_accounts",
    "contact", "end_price", "erase", "erase_again", "faults", "fill_in_pairs", "keep_price", "logo_path",
    "look_after", "make_first_owner", "new_owner_link", "purge", "readers", "reopen", "save_account", "save_clinic",
    "save_information_page", "save_location", "save_provider", "send_digests", "why_not_first_owner",
]  # fmt: skip
