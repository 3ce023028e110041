"""The sample clinic, loaded once for the tests of a module."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests import builders
from tests.kept import made_once


def _load() -> None:
    with override_settings(SAMPLE_STAFF_PASSWORD=builders.PASSWORD):
        call_command("load_sample")


@pytest.fixture(scope="module")
def _sample_and_pictures(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    media = tmp_path_factory.mktemp("pictures")
    with made_once(django_db_blocker, media, _load):
        yield media


@pytest.fixture
def sample(_sample_and_pictures, db, settings) -> None:
    """Let the test see the sample clinic, with a password to load it again; the module's other tests see it too."""
    settings.SAMPLE_STAFF_PASSWORD = builders.PASSWORD
    shutil.copytree(_sample_and_pictures, settings.MEDIA_ROOT, dirs_exist_ok=True)
