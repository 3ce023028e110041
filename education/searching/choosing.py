"""Which index this site's database has."""

from __future__ import annotations

from django.db import connection

from education.searching.index import Index
from education.searching.postgresql import PostgresqlIndex
from education.searching.sqlite import SqliteIndex


def index() -> Index:
    """Return the search of the database that the site uses."""
    return PostgresqlIndex() if connection.vendor == "postgresql" else SqliteIndex()
