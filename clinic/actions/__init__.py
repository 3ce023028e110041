"""Verbs of clinic: the only code that writes its tables."""

from clinic.actions.digest import Digest, readers, send_digests
from clinic.actions.facts import LINES, LOGO_LIMITS, LOGOS, NO_COLOUR, logo_path, save_clinic, save_information_page
from clinic.actions.first_owner import make_first_owner, new_owner_link, why_not_first_owner
from clinic.actions.invitations import (
    NO_LINK,
    accept_invitation,
    invitation_of,
    invite,
    invite_again,
    withdraw_invitation,
)
from clinic.actions.people import (
    close_sample_accounts,
    make_owner,
    make_sample_account,
    note_password_set,
    save_account,
    set_roles,
)
from clinic.actions.places import save_location
from clinic.actions.prices import PAIRS, add_price, change_price, end_price, faults, fill_in_pairs, keep_price
from clinic.actions.providers import PHOTO_LIMITS, save_provider
from clinic.actions.requests import (
    Gone,
    add_note,
    ask,
    assign,
    book,
    close,
    contact,
    note_exported,
    note_opened,
    reopen,
)
from clinic.actions.retention import UNTOUCHED_KEPT, Purged, erase, erase_again, look_after, purge
from clinic.actions.sign_in import reset_second_step, send_new_password_later, set_password, tell_of_change
from clinic.actions.sign_in_log import note_second_step_failed

__all__ = [
    "LINES", "LOGOS", "LOGO_LIMITS", "NO_COLOUR", "NO_LINK", "PAIRS", "PHOTO_LIMITS", "UNTOUCHED_KEPT", "Digest",
    "Gone", "Purged", "accept_invitation", "add_note", "add_price", "ask", "assign", "book", "change_price", "close",
    "close_sample_accounts", "contact", "end_price", "erase", "erase_again", "faults", "fill_in_pairs",
    "invitation_of", "invite", "invite_again", "keep_price", "logo_path", "look_after", "make_first_owner",
    "make_owner", "make_sample_account", "new_owner_link", "note_exported", "note_opened", "note_password_set",
    "note_second_step_failed", "purge", "readers", "reopen", "reset_second_step", "save_account", "save_clinic",
    "save_information_page", "save_location", "save_provider", "send_digests", "send_new_password_later",
    "set_password", "set_roles", "tell_of_change", "why_not_first_owner", "withdraw_invitation",
]  # fmt: skip
