"""SQLite as Plainleaf uses it: what a connection that failed means for the requests after it."""

from __future__ import annotations

import pytest
from django.db import OperationalError, close_old_connections, connection

from clinic.models import InformationPage

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own")


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_could_only_read_is_not_kept_for_the_next_request():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    before = connection.connection
    try:
        with pytest.raises(OperationalError, match="readonly"):
            InformationPage(slug="one", title="One", markdown="Text.").save()
        close_old_connections()
        assert connection.connection is not before
        InformationPage(slug="one", title="One", markdown="Text.").save()
    finally:
        # Or nothing else could be written in this process.
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_one_that_failed_at_nothing_is_kept():
    connection.ensure_connection()
    before = connection.connection
    close_old_connections()
    assert connection.connection is before
