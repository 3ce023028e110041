"""What the drills are made of: table and exit code tell of a loss, and forms are sent as browsers send them."""

from __future__ import annotations

import pytest

from bench import drill
from bench.drills.browsing import Answer
from bench.drills.clock import nights
from bench.drills.outcome import Outcome

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
