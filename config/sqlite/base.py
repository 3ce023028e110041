"""Django's SQLite backend without the JSON_VALID check on JSON columns, and without a connection that failed once.

Connections set `trusted_schema=OFF`, so that a doctored database file runs no function from its own schema. The
SQLite of Debian 12 (3.40) counts JSON_VALID among those and then refuses to write any table with a JSON column.
Django itself writes these columns through `json.dumps`, and the record's are covered by hashes.
"""

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    data_type_check_constraints = {
        name: check for name, check in base.DatabaseWrapper.data_type_check_constraints.items() if name != "JSONField"
    }

    def is_usable(self) -> bool:
        """Whether the next request may use this connection: not after an error.

        One that was opened while the file could only be read would refuse to write for as long as it is kept.
        """
        return not self.errors_occurred
