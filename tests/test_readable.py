"""Whatever is only read answers while somebody else holds the database: it waits for nobody, or not for long."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from config.patience import SECONDS_BEFORE_A_FILE
from tests import builders, fuzzing, profiles, public
from tests.clinic import asking
from tests.clinic.test_concurrency import nobody_can_write

WRITES = re.compile(r"\s*(BEGIN IMMEDIATE|INSERT|UPDATE|DELETE|SELECT .* FOR (NO KEY )?UPDATE)", re.DOTALL)
# They begin to set up a second step, whose secret the session has to keep.
BEGINNINGS = {"mfa_activate_totp", "mfa_add_webauthn"}
EXPORTS = ("/admin/clinic/consultationrequest/export.csv", "/admin/education/auditline/export.csv")


class Waits:
    """Takes note of each statement that would wait for longer than somebody wants to look at an empty page."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if WRITES.match(sql) and self.seconds() > SECONDS_BEFORE_A_FILE:
            self.found.append(sql[:120])
        return execute(sql, *more)

    def seconds(self) -> float:
        """Return for how long a statement would wait now, asked past Django."""
        if connection.vendor == "postgresql":
            row = connection.connection.execute("SELECT setting FROM pg_settings WHERE name = 'lock_timeout'")
        else:
            row = connection.connection.execute("PRAGMA busy_timeout")
        return int(row.fetchone()[0]) / 1000


@pytest.mark.parametrize("who", ["owner", "front_desk", None])
def test_no_page_that_is_read_waits_for_somebody_who_writes(live, cast, who):
    public.whole_clinic(cast["owner"])
    public.place(cast["owner"])
    profiles.provider(cast["owner"])
    builders.price(live.guide, cast["author"])
    builders.reported(live)
    row = asking.request()
    client = Client(raise_request_exception=False)
    if who:
        client.force_login(cast[who])
    waits, wrong, answered = Waits(), {}, 0
    for name, path in sorted(one for one in set(fuzzing.patterns()) if one[0] not in BEGINNINGS):
        value = str(row.pk) if "consultationrequest" in path else "1" if "admin" in path else "cold-therapy"
        with connection.execute_wrapper(waits):
            answer = client.get(fuzzing.filled(path, value))
            b"".join(answer) if answer.streaming else answer.content
        answered += answer.status_code == 200
        if waits.found:
            wrong[name], waits.found = waits.found, []
    assert wrong == {}
    assert answered > 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", EXPORTS)
def test_a_file_that_needs_a_line_of_the_audit_log_is_refused_in_a_sentence_while_nobody_can_write(path):
    client = Client(raise_request_exception=False)
    client.force_login(builders.cast()["owner"])
    with nobody_can_write():
        answer = client.get(path)
    assert answer.status_code == 503
    assert "The site cannot do this just now." in answer.content.decode()
    assert client.get(path).status_code == 200
