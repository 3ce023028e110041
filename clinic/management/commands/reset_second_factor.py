"""`manage.py reset_second_factor`: lets somebody sign in again who lost their phone, passkeys and recovery codes."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic import actions
from clinic.models import User
from education.actions import Refused

EPILOG = """example:
  python manage.py reset_second_factor ada.park

Removes the apps, passkeys and recovery codes of this account. The person signs in with the password alone, and is led
to set up a new second step. They are told by mail. Owners do the same for others in the admin, on the account's screen.
"""


class Command(BaseCommand):
    help = "Remove the second step at sign-in of an account, for a person who lost it."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        layout = argparse.RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, epilog=EPILOG, formatter_class=layout, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the name with which the person signs in")

    def handle(self, *, username: str, **options: Any) -> str:
        account = User.objects.filter(username=username).first()
        if account is None:
            raise CommandError(f"No account has the username “{username}”. The owner sees all of them in the admin.")
        try:
            removed = actions.reset_second_step(account)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        told = f"{account.email} is told by mail" if account.email else "the account has no address, so nobody was told"
        return f"Removed {removed} of {username}: {told}. The next sign-in needs the password alone."
