"""Sessions that end for good 12 hours after the sign-in, or with the browser, whatever is done meanwhile."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

BEGUN = "begun"


class SessionStore(DatabaseStore):
    """Django's sessions in the database begin anew with each save; these keep the moment at which they began."""

    @classmethod
    def get_model_class(cls) -> Any:
        # Django's own table, which is called by the name of the module otherwise.
        return DatabaseStore.get_model_class()

    @property
    def begun(self) -> float:
        """When somebody signed in, or before that, when the first thing was kept: seconds since 1970."""
        return float(self.get(BEGUN, 0))

    def cycle_key(self) -> None:
        """Take a new key, as at each sign-in and each change of the password: the 12 hours begin."""
        super().cycle_key()
        self[BEGUN] = time.time()

    def save(self, must_create: bool = False) -> None:
        begun = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the stubs leave it out
        begun.setdefault(BEGUN, time.time())
        super().save(must_create=must_create)

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        begun = self.begun or time.time()
        return datetime.fromtimestamp(begun + self.get_session_cookie_age(), UTC)

    def get_expire_at_browser_close(self) -> bool:
        return True
