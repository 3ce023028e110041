"""`manage.py load_sample`: fills an empty database with the sample clinic."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic import sample
from clinic.models import Clinic, User
from education.guide_files import MalformedFile


class Command(BaseCommand):
    help = (
        "Fill an empty database with the sample clinic (local mode only). `make run` does this by itself. "
        "Example: python manage.py load_sample"
    )

    def handle(self, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The sample clinic is for trying Plainleaf. Set PLAINLEAF_MODE=local to load it.")
        if not settings.SAMPLE_STAFF_PASSWORD:
            raise CommandError("SAMPLE_STAFF_PASSWORD is not set. Run `make run`, which makes one, or set it in .env.")
        if User.objects.exists() or Clinic.objects.exists():
            raise CommandError("The database is not empty, so nothing was loaded. Name an empty one in DATA_DIR.")
        try:
            with warnings_only("education", "clinic"):
                sample.load(
                    settings.BASE_DIR / "sample", password=settings.SAMPLE_STAFF_PASSWORD, say=self.stdout.write
                )
        except MalformedFile as error:
            raise CommandError(f"The sample cannot be read. {error} Nothing was loaded.") from error


@contextmanager
def warnings_only(*names: str) -> Iterator[None]:
    """Keep these loggers to warnings: a line for each of a hundred rows helps nobody on a first start."""
    loggers = {logging.getLogger(name): logging.getLogger(name).level for name in names}
    try:
        for logger in loggers:
            logger.setLevel(logging.WARNING)
        yield
    finally:
        for logger, level in loggers.items():
            logger.setLevel(level)
