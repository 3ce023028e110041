"""After a save that was acknowledged no reader gets an older page, however many save and read at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from bench import freshness
from bench.drills.outcome import Progress
from bench.drills.place import Place


@pytest.fixture
def place(django_db_blocker) -> Iterator[Place]:
    name = "postgresql" if connection.vendor == "postgresql" else "sqlite"
    with freshness.places(name) as found:
        yield found[0]


@pytest.mark.stored
def test_no_answer_is_older_than_what_was_kept_when_it_was_asked_for(place):
    count = freshness.measured(place, writers=3, saves=40, readers=8, said=Progress(place.name))
    assert (count.stale, count.failed) == (0, 0)
    assert count.saves == 120
    # Readers must have come between the savings, on the slowest machine too.
    assert count.reads > count.saves
    assert count.unchanged
    # What another machine kept from before would stand for the rest of the minute, and a last question ends after it.
    assert len(count.elsewhere) == (0 if place.on_own_disk else 12)


def test_a_stale_answer_stands_in_the_lines_and_makes_the_exit_code_1(monkeypatch, capsys):
    count = freshness.Count(reads=10, stale=1, kept={"writer-0": 3}, elsewhere=[0.2, 1.4])
    monkeypatch.setattr(freshness, "measured", lambda place, **_: count)
    assert freshness.main(["--database", "sqlite"]) == 1
    printed = capsys.readouterr().out
    assert "stale answers on SQLite, of 10 during 3 saves: 1; target 0: missed." in printed
    assert "1400 ms; target at most 1000 ms: missed." in printed
    count.stale = 0
    count.elsewhere.clear()
    assert freshness.main(["--database", "sqlite"]) == 0


def test_help_has_an_example(capsys):
    with pytest.raises(SystemExit) as end:
        freshness.main(["--help"])
    assert end.value.code == 0
    assert "make bench-freshness" in capsys.readouterr().out
