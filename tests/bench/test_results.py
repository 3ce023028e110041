"""The file of what was measured: a command writes its own section alone; targets are those of the code."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from bench import leaflet, search, weight
from bench.results import RESULTS, SECTIONS, Line, Section, missed, printed, processor, replaced, version_of, written
from bench.serving import BESIDE_PEERS, TARGETS

ROOT = Path(__file__).resolve().parent.parent.parent
LINES = [Line("speed", "0.8", "at least 0.9", False), Line("beside", "3", "", None), Line("lost", "0", "0", True)]
SECTION = Section("make bench-serving", ["Python 3.11.7", "Django 5.2.19"], LINES, "a  table\n")


def test_a_section_says_when_where_and_how_it_was_measured_beside_the_targets():
    assert written(SECTION, today=date(2026, 11, 28), machine="2 × X, 24 GB, Debian") == (
        "`make bench-serving`, 2026-11-28, on 2 × X, 24 GB, Debian; Python 3.11.7, Django 5.2.19.\n\n"
        "| What | Measured | Target | |\n|---|---|---|---|\n"
        "| speed | 0.8 | at least 0.9 | missed |\n| beside | 3 | – | not judged |\n| lost | 0 | 0 | met |\n"
        "\n```\na  table\n```\n"
    )


def test_a_section_takes_the_place_of_the_one_before_and_leaves_the_others():
    once = replaced(replaced("", "search", "first search\n"), "serving", "first serving\n")
    assert re.findall(r"^## (.+)$", once, re.MULTILINE) == ["Serving", "Search"]
    again = replaced(once, "search", "second search\n")
    assert "first search" not in again
    assert again.replace("second search", "first search") == once
    assert again.count("# What was measured") == 1
    assert "\n\n\n" not in again


def test_a_section_that_no_command_writes_any_more_goes():
    assert "old" not in replaced("# What\n\n## Gone\n\nold\n", "search", "new\n")


def test_what_is_missed_is_printed_and_makes_it_fail():
    assert printed(LINES).splitlines() == [
        "speed: 0.8; target at least 0.9: missed.",
        "beside: 3.",
        "lost: 0; target 0: met.",
    ]
    assert missed(LINES)
    assert not missed(LINES[1:])


def test_the_machine_is_named_where_linux_does_not_tell(tmp_path):
    told = tmp_path / "cpuinfo"
    told.write_text("processor\t: 0\nmodel name\t: Fast 9000 @ 3.00GHz\n")
    assert processor(told) == "Fast 9000 @ 3.00GHz"
    assert processor(tmp_path / "nothing")


def test_a_programs_version_is_read_whatever_it_says_around_it(tmp_path):
    program = tmp_path / "wrk"
    program.write_text('#!/bin/sh\necho "wrk debian/4.1.0-3 [epoll]" >&2\nexit 1\n')
    program.chmod(0o755)
    assert version_of([str(program)]) == "wrk 4.1.0"


def test_the_targets_of_the_file_are_those_of_the_commands():
    known = {target.what: target.words or "–" for target in (*TARGETS, *BESIDE_PEERS)}
    known |= {line.what: line.target for line in (weight.painted(None), search.judged("SQLite", 10_000, 1.0))}
    known |= {line.what: line.target for line in leaflet.judged({sheet: {"ms": 1.0} for sheet in leaflet.SHEETS})}
    text = RESULTS.read_text(encoding="utf-8")
    assert set(re.findall(r"^## (.+)$", text, re.MULTILINE)) <= set(SECTIONS.values())
    rows = re.findall(r"^\| (.+?) \| .+? \| (.+?) \| \w", text, re.MULTILINE)
    assert rows
    assert [(what, target) for what, target in rows if known.get(what, target) != target] == []


def test_a_document_that_tells_how_fast_it_is_leads_to_what_was_measured():
    figures = re.compile(r"\d[\d,.]* (?:requests a second|req/s)|\d times (?:as fast|faster)|Wagtail")
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    telling = [path for path in documents if figures.search(path.read_text(encoding="utf-8"))]
    assert telling
    assert [path.name for path in telling if "bench/results.md" not in path.read_text(encoding="utf-8")] == []
