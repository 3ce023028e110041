"""verify_editions says what it found and changes nothing; rerender_editions only adds."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from education import snapshot
from education.actions import rendering, submission
from education.management import over_editions
from education.management.commands import rerender_editions
from education.models import Edition, EditionPage, Guide, Rendering
from education.rendering import RENDERER_VERSION, Problem, Rendered
from tests import builders
from tests.education.whole_record import breaks, tamper, whole_record

NEWER = RENDERER_VERSION + 1


@pytest.fixture
def guide(cast) -> Guide:
    """A guide of three editions: withdrawn, cancelled and returned, live and confirmed."""
    return whole_record(cast)


def _edition(guide: Guide, number: int) -> Edition:
    return guide.editions.get(number=number)


# The command


def _verify(*arguments: str) -> tuple[str, str, int]:
    """Return what verify_editions wrote, its last words when it failed, and its exit code."""
    out = io.StringIO()
    try:
        call_command("verify_editions", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error), error.returncode
    return out.getvalue(), "", 0


def test_a_record_in_order_gives_one_line_and_exit_code_0(guide):
    assert _verify() == ("Editions checked: 3. All in order.\n", "", 0)


def test_a_break_gives_a_line_each_and_exit_code_1(guide):
    edition = _edition(guide, 2)
    tamper(edition, code="22222222")
    tamper(edition.pages.first().renderings.get(), html="x")
    out, said, code = _verify()
    assert code == 1
    assert said == "Editions checked: 3. Places that do not hold: 2."
    lines = out.splitlines()
    assert lines[0].startswith(f"Edition {edition.pk} (cooling, edition 2): its chain hash gives the code")
    assert lines[1].startswith("Rendering ")
    assert len(lines) == 2


def test_one_guide_alone_can_be_checked(guide, cast):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    builders.submitted(other, cast["author"])
    tamper(_edition(guide, 2), code="22222222")
    assert _verify("--guide", "heat") == ("Editions checked: 1. All in order.\n", "", 0)
    assert _verify("--guide", "cooling")[2] == 1
    assert _verify()[1] == "Editions checked: 4. Places that do not hold: 1."


def test_an_unknown_guide_is_refused_with_those_there_are(guide):
    for command in ("verify_editions", "rerender_editions"):
        with pytest.raises(CommandError, match=r"There is no guide “no-such”. Name one of these: cooling."):
            call_command(command, "--guide", "no-such")


def test_an_empty_record_is_in_order(db):
    assert _verify() == ("Editions checked: 0. All in order.\n", "", 0)


def test_checking_only_reads_and_takes_as_long_for_each_edition_as_for_the_one_before(guide, cast):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            call_command("verify_editions", stdout=io.StringIO())
        assert {query["sql"].split()[0] for query in captured.captured_queries} <= {"SELECT", "DECLARE"}
        return len(captured)

    counts = [queries()]
    for text in ("Fourth.", "Fifth."):
        builders.next_edition(guide, cast, text)
        counts.append(queries())
    assert counts[2] - counts[1] == counts[1] - counts[0]


@pytest.mark.parametrize("command", ["verify_editions", "rerender_editions"])
def test_help_has_an_example(command, capsys):
    with pytest.raises(SystemExit):
        call_command(command, "--help")
    assert f"Example: {command} --" in capsys.readouterr().out


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_nowhere_else(guide, monkeypatch):
    monkeypatch.setattr(over_editions, "REDRAW_SECONDS", 0)
    terminal = Terminal()
    call_command("verify_editions", stdout=terminal, no_color=True)
    assert "Checking edition 2 of 3, about " in terminal.getvalue()
    assert re.search(r"Checking row (\d+) of \1, about 0 s left", terminal.getvalue())
    assert terminal.getvalue().endswith("\r\x1b[KEditions checked: 3. All in order.\n")
    tamper(_edition(guide, 2), code="22222222")
    with pytest.raises(CommandError):
        call_command("verify_editions", stdout=terminal, no_color=True)
    assert "\r\x1b[KEdition " in terminal.getvalue()


# Rendering anew


def _rerender(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rerender_editions", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def newer_renderer(monkeypatch) -> Callable[[], None]:
    """Raise the renderer's version when called; its HTML begins with a mark, and it gives up on “Insist”."""
    real = snapshot.render

    def newer(markdown: str, **facts: Any) -> Rendered:
        if "Insist" in markdown:
            return Rendered(problems=(Problem(1, "This is too much."),))
        return replace(real(markdown, **facts), html=f"<b>2</b>{real(markdown, **facts).html}")

    def install() -> None:
        monkeypatch.setattr(snapshot, "render", newer)
        for module in (rendering, submission, rerender_editions):
            monkeypatch.setattr(module, "RENDERER_VERSION", NEWER)

    return install


def test_with_todays_renderer_there_is_nothing_to_do(guide):
    assert _rerender("--dry-run") == f"To be rendered: 0 of 9 pages by renderer version {RENDERER_VERSION}.\n"
    assert _rerender() == f"Rendered: 0 of 9 pages by renderer version {RENDERER_VERSION}.\n"


def test_a_newer_renderer_adds_and_the_newest_is_served_and_no_row_changes(guide, newer_renderer, monkeypatch):
    before = list(Rendering.objects.order_by("pk").values())
    newer_renderer()
    assert _rerender("--dry-run") == f"To be rendered: 9 of 9 pages by renderer version {NEWER}.\n"
    assert Rendering.objects.count() == 9
    assert _rerender() == f"Rendered: 9 of 9 pages by renderer version {NEWER}.\n"
    assert list(Rendering.objects.order_by("pk").values())[:9] == before
    assert all(page.html.startswith("<b>2</b>") for page in EditionPage.objects.with_html())
    assert _rerender() == f"Rendered: 0 of 9 pages by renderer version {NEWER}.\n"
    monkeypatch.undo()
    assert breaks(guide) == []


def test_one_guide_alone_can_be_rendered(guide, cast, newer_renderer):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    builders.submitted(other, cast["author"])
    newer_renderer()
    assert _rerender("--guide", "heat") == f"Rendered: 3 of 3 pages by renderer version {NEWER}.\n"
    assert _rerender("--dry-run") == f"To be rendered: 9 of 12 pages by renderer version {NEWER}.\n"


def test_a_renderer_that_gives_up_on_a_page_leaves_the_whole_edition_as_it_was(guide, cast, newer_renderer):
    builders.next_edition(guide, cast, "Insist.")
    newer_renderer()
    out = io.StringIO()
    with pytest.raises(CommandError, match="Editions that keep their older renderings: 1 of 4") as failure:
        call_command("rerender_editions", stdout=out)
    assert failure.value.returncode == 1
    assert "(cooling, edition 4): Page “after-effects” gives no HTML: This is too much." in out.getvalue()
    assert f"Rendered: 9 of 12 pages by renderer version {NEWER}." in out.getvalue()
    assert not Rendering.objects.filter(renderer_version=NEWER, edition_page__edition__number=4).exists()
    assert guide.editions.get(number=4).pages.with_html().get(kind="side-effects").html
