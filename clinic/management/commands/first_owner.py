"""`manage.py first_owner`: a new link by which a site without an owner gets one."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone

from clinic import actions
from education.actions import Refused

EPILOG = """example:
  python manage.py first_owner

A start prints such a link by itself. It opens a page on which the owner's account is made, and works once; a new one
ends the one before it. Where somebody owns the site already there is none.
"""
FORGOTTEN = "Who forgot the password gets a new one with: python manage.py changepassword NAME"


class Command(BaseCommand):
    help = "Print a link that works once and for a day: whoever opens it makes the owner's account of this site."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        layout = argparse.RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, epilog=EPILOG, formatter_class=layout, **kwargs)

    def handle(self, **options: Any) -> str:
        try:
            secret, until = actions.new_owner_link()
        except Refused as refusal:
            raise CommandError(f"{refusal} {FORGOTTEN}") from refusal
        return "\n".join(
            [
                "  This site has no owner. Open this link to make the owner's account:",
                f"    {settings.SITE_URL}{reverse('clinic:first-owner', args=[secret])}",
                f"  It works once, until {format_date(timezone.localtime(until), 'j F Y, H:i')}. Keep it to yourself.",
                "  A new one: .venv/bin/python manage.py first_owner",
            ]
        )
