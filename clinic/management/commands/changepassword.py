"""`manage.py changepassword`: somebody's new password. Unlike Django's own it leaves a line in the audit log."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic import actions
from clinic.management.typed_password import typed_password
from clinic.models import User

EPILOG = """example:
  python manage.py changepassword ada.park

Asks for the password twice. All open sign-ins of the account end, its person is told by mail, and the audit log has a
line. The second step stays: `reset_second_factor` removes it.
"""


class Command(BaseCommand):
    help = "Give an account another password, for a person who forgot theirs and gets no mail."
    requires_migrations_checks = True

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        layout = argparse.RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, epilog=EPILOG, formatter_class=layout, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the name with which the person signs in")

    def handle(self, *, username: str, **options: Any) -> str:
        account = User.objects.filter(username=username).first()
        if account is None:
            raise CommandError(f"No account has the username “{username}”. The owner sees all of them in the admin.")
        actions.set_password(account, typed_password(self, account))
        told = f"{account.email} is told by mail" if account.email else "the account has no address, so nobody was told"
        return f"The password of {username} is changed, and all open sign-ins have ended: {told}."
