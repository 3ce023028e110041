"""Saves one page about the clinic again and again, with the next number in it, and says so once each is kept.

`bench/freshness.py` runs several of these at once, beside a server that knows nothing of them.
"""

from __future__ import annotations

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from clinic.actions import save_information_page  # noqa: E402  # the apps must be ready first
from clinic.models import InformationPage, User  # noqa: E402

SECONDS_BETWEEN = 0.02


def main(slug: str, saves: int) -> None:
    owner = User.objects.filter(is_superuser=True).order_by("pk").first()
    page = InformationPage.objects.filter(slug=slug).first() or InformationPage(slug=slug)
    for number in range(1, saves + 1):
        page.title = page.markdown = f"{slug}: number {number}."
        save_information_page(page, by=owner)
        print(number, flush=True)
        time.sleep(SECONDS_BETWEEN)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
