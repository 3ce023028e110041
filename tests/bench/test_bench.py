"""All benchmarks at once: nobody who only asks for help starts them."""

from __future__ import annotations

import subprocess

import pytest

import bench.__main__ as all_of_them
from config.bootstrap import CHECKOUT


@pytest.fixture
def run(monkeypatch):
    """What was run, and what each gives back: 1 for the first, 0 for the others."""
    found = []

    def one(arguments):
        found.append(arguments)
        return 1 if len(found) == 1 else 0

    monkeypatch.setattr(all_of_them, "BENCHMARKS", (one, one))
    return found


@pytest.mark.parametrize("arguments", [["--help"], ["--seconds", "1"]])
def test_help_and_an_option_that_there_is_not_run_nothing(run, arguments, capsys):
    with pytest.raises(SystemExit):
        all_of_them.main(arguments)
    assert not run


def test_one_missed_target_does_not_keep_the_others_from_running_and_is_the_exit_code(run):
    assert all_of_them.main([]) == 1
    assert run == [["--write"], ["--write"]]


def test_make_passes_on_what_is_asked_of_every_benchmark():
    shown = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "bench", "ARGS=--help"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.rstrip().endswith(" bench --help")
