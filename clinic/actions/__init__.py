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
from clinic.actions.requests import Gone, add_note, ask, assign, book, close, contact, reopen
from clinic.actions.retention import UNTOUCHED_KEPT, Purged, erase, look_after, purge

__all__ = [
    "LINES", "LOGOS", "LOGO_LIMITS", "NO_COLOUR", "UNTOUCHED_KEPT", "Gone", "Purged", "add_note", "ask", "assign",
    "book", "close", "close_sample_accounts", "contact", "erase", "logo_path", "look_after", "purge", "reopen",
    "save_account", "save_clinic", "save_information_page",
]  # fmt: skip
