"""The quality report: every check by its examples, what blocks a submission, and the documentation of it all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from education import quality
from education.management.commands import document_checks
from education.quality import CHECKS, ERROR, INFORMATION, WARNING, Finding, SourceState, World
from education.quality.document import case_of, findings_of
from education.quality.example_guide import IN_ORDER
from education.quality.registry import Check, Remark, check

ROOT = Path(__file__).resolve().parent.parent.parent
IDS = {
    *("pages.none", "page.empty", "page.address", "page.kind", "text.problem", "text.gap"),
    *("summary.missing", "pages.missing", "benefit.harm.balance", "entry.unsourced", "source.overdue", "source.weak"),
    *("source.status", "benefit.evidence", "fact.conflict", "effect.frequency", "carecard.missing", "action.missing"),
    *("reading.grade", "sentence.long", "voice.passive", "words.promise", "medicine.stop", "heading.order"),
    *("list.long", "list.outside", "image.alt", "link.broken", "callout.many", "dates", "clinic.phone"),
    *("glyph.missing", "funding"),
    "numbers.arithmetic",
}
OVERRIDES = {"source.overdue", "source.status", "reading.grade", "words.promise", "medicine.stop"}
EXAMPLES = [
    pytest.param(one, example, id=f"{one.id}-{number}-{example.level or 'passes'}")
    for one in CHECKS.values()
    for number, example in enumerate(one.examples, 1)
]
BASE = findings_of(IN_ORDER)


def _finding(level: str, *, name: str = "some.check", place: str = "", override: bool = False) -> Finding:
    return Finding(name, level, "Do this.", "a yardstick", place, override=override)


# The register


def test_every_check_is_registered():
    assert set(CHECKS) == IDS


def test_the_owner_may_pass_those_errors_that_the_table_names():
    assert {one.id for one in CHECKS.values() if one.override} == OVERRIDES


@pytest.mark.parametrize("one", CHECKS.values(), ids=lambda one: one.id)
def test_a_check_says_what_it_asks_and_serves_and_shows_both_outcomes(one: Check):
    assert one.rule.endswith(".")
    assert one.serves
    assert set(one.levels) <= {ERROR, WARNING, INFORMATION}
    assert {example.level for example in one.examples} == {*one.levels, ""}


def test_two_checks_cannot_share_an_id():
    with pytest.raises(ValueError, match="dates"):
        check("dates", ERROR, rule="Another.", serves="x", examples=[])(lambda subject: iter(()))
    assert set(CHECKS) == IDS


@pytest.mark.parametrize(("one", "example"), EXAMPLES)
def test_an_example_gives_what_it_is_an_example_of(one, example):
    findings = [finding for finding in findings_of(case_of(example)) if finding.check == one.id]
    if example.level:
        assert example.level in [finding.level for finding in findings]
    else:
        always = {finding.level for finding in BASE if finding.check == one.id}
        assert {finding.level for finding in findings} <= always
    for finding in findings:
        assert finding.level in one.levels
        assert finding.message.endswith((".", "?"))
        assert finding.yardstick == one.serves
        is_step = (
            finding.check == "medicine.stop" and finding.entry is not None
        )  # a plan repeats it: nobody may pass it
        assert finding.override == (one.override and finding.level == ERROR and not is_step)


def test_the_guide_in_order_passes_every_check():
    assert {(one.check, one.level) for one in BASE} == {("reading.grade", INFORMATION)}


@pytest.mark.parametrize("language", ["de", "ar", "es"])
def test_a_guide_in_another_language_is_not_judged_by_english_words(language):
    snapshot = IN_ORDER.snapshot
    pages = tuple(
        replace(page, markdown="Stop taking aspirin. Painless! Multiply the price. It is said.\n\n!!! dont\n    - eat")
        if page.slug == "cost"
        else page
        for page in snapshot.pages
    )
    findings = findings_of(replace(IN_ORDER, snapshot=replace(snapshot, language=language, pages=pages)))
    assert [(one.check, one.level) for one in findings] == [("reading.grade", INFORMATION)]


# The report


def test_errors_come_first_then_warnings_each_by_page(monkeypatch):
    def look(subject):
        for place in ("recovery", "", "overview"):
            for level in (INFORMATION, WARNING, ERROR):
                yield Remark(level, "Do this.", place)
        yield Remark(ERROR, "Do this.", "recovery")

    monkeypatch.setattr(quality.registry, "CHECKS", {"x": Check("x", ("E",), "Rule.", "y", (), False, look)})
    found = findings_of(IN_ORDER)
    assert [(one.level, one.place) for one in found] == [
        (level, place) for level in (ERROR, WARNING, INFORMATION) for place in ("", "overview", "recovery")
    ]


def test_a_line_of_the_report_is_kept_as_json_with_all_it_says():
    finding = Finding("page.empty", ERROR, "Write its text.", "PEMAT 1", "recovery", 3, 2, override=True, about="trial")
    assert finding.as_json() == {
        "check": "page.empty",
        "level": ERROR,
        "message": "Write its text.",
        "yardstick": "PEMAT 1",
        "place": "recovery",
        "line": 3,
        "entry": 2,
        "override": True,
        "about": "trial",
    }
    assert finding.key == "page.empty recovery trial"
    assert replace(finding, about="").key == "page.empty recovery"
    assert replace(finding, place="").key == "page.empty trial"
    assert replace(finding, place="", about="").key == "page.empty"


def test_errors_and_warnings_are_picked_by_level():
    findings = [_finding(level) for level in (WARNING, ERROR, INFORMATION)]
    assert [one.level for one in quality.errors(findings)] == [ERROR]
    assert [one.level for one in quality.warnings(findings)] == [WARNING]


def test_a_warning_wants_a_reason_of_everybody_and_some_errors_of_the_owner():
    plain, passable = _finding(ERROR), _finding(ERROR, override=True)
    warning, information = _finding(WARNING), _finding(INFORMATION)
    findings = (plain, passable, warning, information)
    assert quality.needs_reason(findings, owner=False) == (warning,)
    assert quality.needs_reason(findings, owner=True) == (passable, warning)


@pytest.mark.parametrize(
    ("level", "override", "owner", "reason", "stops"),
    [
        (ERROR, False, False, "because", True),
        (ERROR, False, True, "because", True),
        (ERROR, True, False, "because", True),
        (ERROR, True, True, "", True),
        (ERROR, True, True, "  \n", True),
        (ERROR, True, True, "because", False),
        (WARNING, False, False, "", True),
        (WARNING, False, True, " ", True),
        (WARNING, False, False, "because", False),
        (INFORMATION, False, False, "", False),
    ],
)
def test_what_stops_a_submission(level, override, owner, reason, stops):
    finding = _finding(level, place="recovery", override=override)
    reasons = {"some.check recovery": reason, "some.check": "for the guide", "some.check cost": "for another page"}
    assert (finding in quality.blocking([finding], reasons=reasons, owner=owner)) == stops


def test_a_reason_for_another_place_does_not_count():
    finding = _finding(WARNING, place="recovery")
    assert quality.blocking([finding], reasons={"some.check": "because"}, owner=True) == (finding,)


def test_the_world_has_a_plain_default_for_each_thing():
    world = World(date(2026, 1, 1))
    assert world.is_procedure
    assert world.state_of("any") == SourceState(None, "current")
    assert world.resolves("/anywhere/")
    assert world.unprintable("漢") == ""


# The documentation


def test_the_documentation_of_the_checks_is_up_to_date():
    out = StringIO()
    call_command("document_checks", check=True, stdout=out)
    assert "is up to date" in out.getvalue()


def test_the_documentation_names_every_check_with_its_rule():
    text = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    for one in CHECKS.values():
        assert f"## {one.id}\n\n{one.rule}\n" in text


def test_an_old_documentation_is_told_and_written_anew(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(document_checks, "document", lambda: "What is checked\n")
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="not up to date"):
        call_command("document_checks", check=True)
    call_command("document_checks", stdout=StringIO())
    assert (tmp_path / "docs" / "checks.md").read_text(encoding="utf-8") == "What is checked\n"
    call_command("document_checks", check=True, stdout=StringIO())
    out = StringIO()
    call_command("document_checks", "--print", stdout=out)
    assert out.getvalue() == "What is checked\n"
