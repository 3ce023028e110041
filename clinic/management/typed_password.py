"""A password that somebody types twice at a terminal."""

from __future__ import annotations

import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from clinic.models import User

TRIES = 3


def typed_password(command: BaseCommand, account: User) -> str:
    """Ask for a new password of an account until it is typed twice and good enough. Raises CommandError after TRIES."""
    for _ in range(TRIES):
        password = getpass.getpass(f"New password of {account.username}: ")
        if password != getpass.getpass("The same password again: "):
            command.stderr.write("The two passwords differ. Type both again.")
            continue
        try:
            validate_password(password, account)
        except ValidationError as error:
            command.stderr.write("\n".join(error.messages))
        else:
            return password
    raise CommandError("Nothing was changed: no password was good enough.")
