"""The crash drill in short, and what drills are made of: table and exit code tell of a loss, forms as browsers have."""

from __future__ import annotations

import math
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from bench import drill
from bench.drills import crash
from bench.drills.browsing import Answer
from bench.drills.clock import nights
from bench.drills.outcome import Outcome
from bench.drills.place import Place, PostgreSQLPlace, SQLitePlace
from bench.drills.site import Site
from bench.results import Line, Section
from config.check import services

FORM = """
<form action="/a/"><input name="token" value="1"></form>
<form action="/b/"><input name="base" value="7"><input type="checkbox" name="on" checked><input type="submit" name="go">
<input type="radio" name="pick" value="yes"><select name="kind"><option value="x">X<option value="y" selected>Y</select>
<textarea name="markdown">
One &amp; two</textarea></form>
"""


def test_a_loss_stands_in_the_table_and_makes_the_exit_code_1(monkeypatch, capsys):
    lost = Outcome("crash", "server killed", times=3, accepted=12, lost=["the saved text x1 is gone"])
    monkeypatch.setattr(drill, "drilled", lambda place, options, rows: rows.append(("SQLite", lost)))
    assert drill.main(["--database", "sqlite"]) == 1
    printed = capsys.readouterr().out
    assert "SQLite, crash, server killed: the saved text x1 is gone" in printed
    assert "Nothing was lost." not in printed
    lost.lost.clear()
    assert drill.main(["--database", "sqlite"]) == 0
    assert "Nothing was lost." in capsys.readouterr().out


def test_what_was_lost_on_each_database_is_written_with_the_table(monkeypatch):
    found = iter([("SQLite", []), ("PostgreSQL", ["edition 7 is there in half"])])

    def drilled(place: object, options: object, rows: list) -> None:
        name, lost = next(found)
        rows += [(name, Outcome("crash", "killed", times=3, accepted=1200, lost=lost)), (name, Outcome("lock", "held"))]

    wrote: dict[str, Section] = {}
    monkeypatch.setattr(drill, "drilled", drilled)
    monkeypatch.setattr(drill, "chosen", lambda name: iter([None, None]))
    monkeypatch.setattr(drill, "write", wrote.__setitem__)
    assert drill.main(["--times", "3", "--write"]) == 1
    assert wrote["drill"].lines == [
        Line("lost on SQLite, of 1,200 accepted during 3 drills", "0", "0", True),
        Line("lost on PostgreSQL, of 1,200 accepted during 3 drills", "1", "0", False),
    ]
    assert wrote["drill"].command == 'make drill ARGS="--times 3"'
    assert "PostgreSQL  crash  killed" in wrote["drill"].text


@pytest.fixture
def place(tmp_path) -> Iterator[Place]:
    """A place on the database of this run, with a cache of its own: who signs in here counts for no other test."""

    def make(data: Path) -> Place:
        if connection.vendor == "sqlite":
            return SQLitePlace(data)
        return PostgreSQLPlace(data, services(os.environ) | {"CACHE_URL": f"filecache://{data}/cache"})

    with drill.place_of_its_own(make) as found:
        yield found


@pytest.mark.stored
def test_who_kills_server_worker_and_publisher_while_people_write_loses_nothing(place, monkeypatch):
    # How soon it is back is for `make drill` to judge: a busy machine is no fault of what is tested.
    monkeypatch.setattr(crash, "LONGEST_RESTART_SECONDS", math.inf)
    site = Site(place)
    try:
        site.start()
        outcomes = list(crash.drill(site, 3, random.Random(), lambda *_: None))
    finally:
        site.stop()
    assert [sentence for one in outcomes for sentence in one.lost] == []
    assert [one.times for one in outcomes] == [1, 1, 1]
    assert all(one.accepted for one in outcomes)


def test_a_form_is_sent_as_a_browser_would_send_it():
    form = Answer(200, FORM, "/").form("markdown")
    assert form.action == "/b/"
    assert form.values == [("base", "7"), ("on", "on"), ("kind", "y"), ("markdown", "One & two")]
    assert form.open == [("pick", "yes")]
    assert form.filled(markdown="Three")[-1] == ("markdown", "Three")
    with pytest.raises(LookupError):
        Answer(200, FORM, "/").form("missing")


def test_the_nights_are_those_in_which_the_clocks_change():
    assert [(night.day, night.refused) for night in nights(2027)] == [
        ("2027-02-02", ""),
        ("2027-03-14", "02:30"),
        ("2027-11-07", "01:30"),
    ]


def test_help_has_an_example(capsys):
    with pytest.raises(SystemExit) as end:
        drill.main(["--help"])
    assert end.value.code == 0
    assert "make drill" in capsys.readouterr().out
