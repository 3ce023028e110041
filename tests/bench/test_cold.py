"""No page asks the database more often than it may, and what costs too much is seen."""

from __future__ import annotations

import math
import os

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import cold, cold_site
from config.ready import until_changed

CHEAP, DEAR = {"queries": 8, "first_ms": 9.0, "ms": 4.9}, {"queries": 9, "first_ms": 1.0, "ms": 1.0}
SLOW = {"queries": 1, "first_ms": 5.1, "ms": 5.1}


@pytest.mark.parametrize(
    ("page", "cost", "missed"),
    [
        ("/", CHEAP, False),
        ("/", DEAR, True),
        ("/", SLOW, True),
        ("/prices/", SLOW, True),
        ("/guides/mesotherapy/", SLOW, True),
        ("/guides/mesotherapy/side-effects/", SLOW, True),
        # Others are counted and not timed.
        ("/guides/mesotherapy/all/", SLOW, False),
        ("/guides/mesotherapy/all/", DEAR, True),
        ("/guides/mesotherapy/editions/1/", SLOW, False),
        ("/prices/?procedure=mesotherapy", SLOW, False),
        ("/consultation/", DEAR, True),
        ("/search/?q=bruise", SLOW, False),
        ("/search/?q=bruise", DEAR, True),
    ],
)
def test_a_page_that_costs_too_much_is_named(page, cost, missed):
    lines = cold.judged({"/guides/": CHEAP, page: cost})
    assert any(page in line.what and line.met is False for line in lines) is missed


def test_a_slow_start_is_named(monkeypatch):
    seconds = iter([9.0, 1.9, 1.9, 2.1, 2.1, 2.1, 30.0, 4.9, 4.9, 4.9, 5.1, 5.1])
    monkeypatch.setattr(cold, "seconds_to_start", lambda command, environment: next(seconds))
    lines = cold.started({})
    assert [line.met for line in lines] == [False, True]
    assert lines[1].measured == "4.90 s"


def test_no_page_of_the_sample_asks_more_often_than_it_may(db, client, settings, monkeypatch):
    settings.SAMPLE_STAFF_PASSWORD = "harbor-lantern-meadow"
    call_command("load_sample")
    asked = queries_of(client)
    assert len(asked) > 50
    often = {page: count for page, count in asked.items() if count > cold.MOST_QUERIES}
    assert often == {}
    # As in a worker, once each page has been made.
    same = until_changed.Standing(os.urandom(8), math.inf)
    monkeypatch.setattr(until_changed, "standing", lambda: same)
    queries_of(client)
    assert {page for page, count in queries_of(client).items() if count and cold.is_quick(page)} == set()


def queries_of(client: Client) -> dict[str, int]:
    asked = {}
    for page in cold_site.pages():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200, page
        asked[page] = len(queries)
    return asked
