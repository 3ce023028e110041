"""Empties the tables after a test that committed, as Django's flush does and in a small part of its time."""

from __future__ import annotations

from typing import Any

from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction

from education.triggers import drop_triggers


def empty_tables(*_: Any) -> None:
    """Delete every row, those of the record too, and make anew what a migration leaves, numbered from one.

    PostgreSQL makes new files for each table that it truncates, and for each of its indexes, however few rows there
    were. The triggers are among what is made anew.
    """
    assert not connection.in_atomic_block, "a transactional test in a module that keeps what it made once"
    with transaction.atomic():
        drop_triggers()
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        emptied = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables]
        numbered_anew = connection.ops.sequence_reset_by_name_sql(no_style(), connection.introspection.sequence_list())
        with connection.cursor() as cursor:
            for statement in (*emptied, *numbered_anew):
                cursor.execute(statement)
        connection.check_constraints()  # PostgreSQL makes no trigger while checks are waiting
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
