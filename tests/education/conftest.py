"""The whole record, made once for the tests of a module."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from education.models import Guide
from tests import builders
from tests.education.whole_record import whole_record
from tests.kept import made_once


@pytest.fixture(scope="module")
def _record_and_pictures(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[Guide, Path]]:
    media = tmp_path_factory.mktemp("pictures")
    with made_once(django_db_blocker, media, lambda: whole_record(builders.cast())) as made:
        yield made, media


@pytest.fixture
def record(_record_and_pictures, db, settings) -> Guide:
    """A guide that has a row in every table of the record; the module's other tests see it too."""
    made, media = _record_and_pictures
    shutil.copytree(media, settings.MEDIA_ROOT, dirs_exist_ok=True)
    return Guide.objects.get(pk=made.pk)
