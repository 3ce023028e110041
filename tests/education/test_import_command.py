"""The command that imports: what it says, what it asks, and when it changes nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from education import actions
from education.actions.exporting import export_guide
from education.models import Guide


@pytest.fixture
def folder(guide, tmp_path) -> Path:
    export_guide(guide, tmp_path / "cold")
    return tmp_path / "cold"


@pytest.fixture
def changed(folder) -> str:
    text = (folder / "guide.toml").read_text(encoding="utf-8")
    (folder / "guide.toml").write_text(text.replace("Cold therapy", "Ice"), encoding="utf-8")
    return str(folder)


def answer(monkeypatch, *lines: str) -> None:
    stdin = io.StringIO("".join(lines))
    stdin.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", stdin)


def test_without_a_terminal_and_without_yes_the_changes_are_listed_and_not_made(changed, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(CommandError, match=r"(?s)title: “Cold therapy” → “Ice”.*--yes.*Nothing was imported") as caught:
        call_command("import_guide", changed, by="author")
    assert caught.value.returncode == 1
    assert Guide.objects.get().title == "Cold therapy"


@pytest.mark.parametrize("line", ["n\n", "\n", ""])
def test_at_a_terminal_anything_but_yes_changes_nothing(line, changed, monkeypatch, capsys):
    answer(monkeypatch, line)
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_guide", changed, by="author")
    assert "Import? [y/N]" in capsys.readouterr().out
    assert Guide.objects.get().title == "Cold therapy"


def test_at_a_terminal_yes_makes_the_changes(changed, monkeypatch, capsys):
    answer(monkeypatch, "y\n")
    call_command("import_guide", changed, by="author")
    assert "title: “Cold therapy” → “Ice”" in capsys.readouterr().out
    assert Guide.objects.get().title == "Ice"


def test_with_yes_nobody_is_asked_and_it_is_shown_all_the_same(changed, capsys):
    call_command("import_guide", changed, by="author", yes=True)
    assert "title: “Cold therapy” → “Ice”" in capsys.readouterr().out
    assert Guide.objects.get().title == "Ice"


def test_what_is_saved_while_somebody_thinks_is_shown_before_it_is_overwritten(
    changed, guide, cast, monkeypatch, capsys
):
    class Slow(io.StringIO):
        def isatty(self):
            return True

        def readline(self, *args):
            if not self.tell():
                actions.save_guide(guide, by=cast["colleague"], title="Snow")
            return super().readline(*args)

    monkeypatch.setattr("sys.stdin", Slow("y\nn\n"))
    with pytest.raises(CommandError):
        call_command("import_guide", changed, by="author")
    assert "Look again.\nThis would change:\nThe guide\n  title: “Snow” → “Ice”" in capsys.readouterr().out
    assert Guide.objects.get().title == "Snow"


def test_nothing_to_change_is_said(folder, cast, capsys):
    call_command("import_guide", str(folder), by="author")
    assert "nothing to change" in capsys.readouterr().out
