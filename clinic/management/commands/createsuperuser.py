"""`manage.py createsuperuser`: one more owner. Unlike Django's own it leaves a line in the audit log."""

from __future__ import annotations

import argparse
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic import actions
from clinic.management.typed_password import typed_password
from clinic.models import User
from education.actions import Refused

EPILOG = """examples:
  python manage.py createsuperuser --username ada.park --email ada@clinic.example
  DJANGO_SUPERUSER_PASSWORD=… python manage.py createsuperuser --noinput --username ada.park --email ada@clinic.example

Makes an account that owns the site. The link that `first_owner` prints does the same, and asks for the name that the
record shows. With --noinput the password comes from DJANGO_SUPERUSER_PASSWORD; without it, `changepassword` sets one.
"""


class Command(BaseCommand):
    help = "Make an account that owns the site, from a terminal or a script."
    requires_migrations_checks = True

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        layout = argparse.RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, epilog=EPILOG, formatter_class=layout, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True, help="the name with which the person signs in")
        parser.add_argument("--email", required=True, help="where mail to the person goes")
        parser.add_argument("--noinput", "--no-input", action="store_true", help="ask for nothing")

    def handle(self, *, username: str, email: str, noinput: bool, **options: Any) -> str:
        account = User(username=User.normalize_username(username), email=email)
        password = os.environ.get("DJANGO_SUPERUSER_PASSWORD") if noinput else ""
        try:
            account.full_clean(exclude=["password"])
            if password:
                validate_password(password, account)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        account.set_password(password if noinput else typed_password(self, account))
        try:
            actions.make_owner(account)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        return f"{username} owns this site now. The name that patients and the record see is set in the admin."
