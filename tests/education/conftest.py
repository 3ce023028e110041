"""The whole record, made once for the tests of a module: to make it takes far longer than to look at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.test import override_settings

from education.models import Guide
from tests import builders
from tests.education.whole_record import whole_record


@pytest.fixture(scope="module")
def _made_once(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[int, Path]]:
    """The record's guide, by its id, and the folder of its pictures, for modules whose tests are all rolled back.

    It stands in a transaction around the transactions of the tests: what a test does is taken back to here.
    """
    media = tmp_path_factory.mktemp("pictures")
    at_once = patch("clinic.actions.sign_in._start", lambda work: work())
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), at_once, ExitStack() as making:
        making.enter_context(transaction.atomic())
        making.callback(transaction.set_rollback, True)
        made = whole_record(builders.cast()).pk
        connection.check_constraints()  # PostgreSQL drops no trigger while checks are waiting
        around = making.pop_all()
    yield made, media
    with django_db_blocker.unblock():
        around.close()


@pytest.fixture
def record(_made_once, db, settings) -> Guide:
    """A guide that has a row in every table of the record; the module's other tests see it too."""
    made, media = _made_once
    shutil.copytree(media, settings.MEDIA_ROOT, dirs_exist_ok=True)
    return Guide.objects.get(pk=made)
