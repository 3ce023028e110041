"""The database that a restore would take the place of: is anything in it, and what does it know of erased requests."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.migrations.recorder import MigrationRecorder

from clinic.backup.tables import DERIVED, LEFT_OUT, MADE_BY_MIGRATE
from clinic.models import ErasedRequest

IN_USE = "something uses this database now. Stop every server, timer and other program that does, then restore again."
# The search's own index, of which models know nothing.
INDEX = "education_searchindex"


@contextlib.contextmanager
def elsewhere(**changes: Any) -> Iterator[None]:
    """Have everything in this process use another database for a while: settings of the connection, by name."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    before = wrapper.settings_dict
    wrapper.close()
    wrapper.settings_dict = {**before, **changes}
    try:
        yield
    finally:
        wrapper.close()
        wrapper.settings_dict = before


class Place:
    """A database, and the way in which another one takes its place. One kind for each sort of database."""

    def is_empty(self) -> bool:
        """Whether nobody has written anything here yet. A database that cannot be read is not empty."""
        made = {apps.get_model(label)._meta.db_table for label in (*MADE_BY_MIGRATE, *LEFT_OUT, *DERIVED)}
        made.add(MigrationRecorder.Migration._meta.db_table)
        tables = [name for name in connection.introspection.table_names() if not name.startswith(INDEX)]
        with connection.cursor() as cursor:
            for name in set(tables) - made:
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(name)} LIMIT 1")  # noqa: S608  # names that the database gave
                if cursor.fetchone():
                    return False
        return True

    def erased_keys(self) -> set[str]:
        """Return the keys of the requests that were erased here, by any machine; none where that cannot be read."""
        try:
            return set(ErasedRequest.objects.values_list("key", flat=True))
        except DatabaseError:
            return set()

    def refuse_in_use(self) -> None:
        """Raise Refusal while somebody else uses the database, as far as that can be told."""
        raise NotImplementedError

    @contextlib.contextmanager
    def beside(self) -> Iterator[None]:
        """Have everything use an empty database beside this one, which is gone afterwards unless it took its place."""
        raise NotImplementedError
        yield

    def remove_built(self) -> None:
        """Remove what a restore built beside this database and was killed before it was done."""
        raise NotImplementedError

    def swap(self, aside: Path) -> str:
        """Put the database beside in the place of this one, in one step, while `beside()` goes on.

        `aside` is a free name for a folder. Returns where this one is from now on, empty where there was none. Raises
        Refusal, with nothing changed, while somebody else uses it.
        """
        raise NotImplementedError
