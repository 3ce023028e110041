"""What importing over a guide shows beforehand of its texts, and what it says of sources that no longer stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from education.actions.exporting import export_guide
from education.actions.importing import WouldChange, import_guide
from education.models import Source
from tests import builders
from tests.education.sourced import checked


@pytest.fixture
def folder(guide, tmp_path) -> Path:
    """The guide as it is, as files."""
    export_guide(guide, tmp_path / "cold")
    return tmp_path / "cold"


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def told(folder: Path, cast) -> str:
    with pytest.raises(WouldChange) as caught:
        import_guide(folder, by=cast["author"])
    return "\n".join(caught.value.changes.lines())


def test_the_lines_of_a_text_that_change_are_shown_as_they_are_and_as_they_would_be(folder, guide, cast):
    lines = ["One stays.", "Two is about ice.", "Three goes.", "Four\u0020\u0020is wide.", "", "Five stays."]
    builders.write(guide, cast["author"], "overview", "\n".join(lines))
    lines[1:4] = ["Two is about snow.", "Four is wide.", "", "Quite another sentence stands here."]
    page = folder / "01-overview.md"
    head = page.read_text(encoding="utf-8").split("+++")[1]
    page.write_text(f"+++{head}+++\n" + "\n".join(lines), encoding="utf-8")
    assert told(folder, cast).split("\n")[1:] == [
        "  text, in lines: 2 changed, 1 new, 1 gone",
        "    “Two is about ice.” → “Two is about snow.”",
        "    gone: “Three goes.”",
        "    other spaces: “Four is wide.”",
        "    new: “Quite another sentence stands here.”",
    ]


def test_of_a_long_text_the_first_lines_that_change_are_shown_each_shortened(folder, guide, cast):
    builders.write(guide, cast["author"], "overview", "\n\n".join(f"Line {number} is old." for number in range(30)))
    page = folder / "01-overview.md"
    head = page.read_text(encoding="utf-8").split("+++")[1]
    text = "\n\n".join(f"Line {number} is {'new, ' * 40}" for number in range(30))
    page.write_text(f"+++{head}+++\n{text}", encoding="utf-8")
    lines = told(folder, cast).split("\n")
    assert (len(lines), lines[-1]) == (23, "    and 10 more")
    assert max(map(len, lines)) < 200


def test_other_empty_lines_are_a_change_too(folder, guide, cast):
    builders.write(guide, cast["author"], "overview", "One.\n\nTwo.")
    export_guide(guide, folder.parent / "two")
    edit(folder.parent / "two", "01-overview.md", "One.\n\nTwo.", "One.\n\n\nTwo.")
    assert told(folder.parent / "two", cast) == "Page “Overview”\n  text: other empty lines"


def test_what_a_folder_says_of_a_sources_status_changes_no_source_that_is_here_and_is_said(folder, cast, capsys):
    edit(folder, "library.toml", "[[sources]]", '[[sources]]\nstatus = "withdrawn"\nstatus_note = "Gone."')
    call_command("import_guide", str(folder), by="author")
    assert "says that the source “trial-2020” is withdrawn: “Gone.” Here it is current." in capsys.readouterr().out
    assert Source.objects.with_check().get().status == "current"


def test_a_status_that_a_source_has_here_too_is_not_worth_a_word(guide, tmp_path, cast):
    checked("trial-2020", cast["author"])
    export_guide(guide, tmp_path / "cold")
    done = import_guide(tmp_path / "cold", by=cast["author"])
    assert (done.changes.rows, done.changes.doubts) == ((), ())


def test_a_new_source_that_no_longer_stands_is_told_with_what_was_found(folder, cast):
    status = 'status = "superseded"\nstatus_note = "A newer trial."'
    new = f'[[sources]]\nkey = "old-2001"\ntitle = "Old"\nstrength = "trial"\n{status}\n\n'
    edit(folder, "library.toml", "[[sources]]", f"{new}[[sources]]")
    edit(folder, "guide.toml", "Cold therapy", "Ice")
    assert "Source old-2001\n  new, superseded: “A newer trial.”" in told(folder, cast)
