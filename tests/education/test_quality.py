"""The quality report: what blocks a submission, and that each line says where and what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from education import quality
from education.quality import ERROR, INFORMATION, WARNING, Finding
from education.snapshot import Snapshot, SnapshotPage

SNAPSHOT = Snapshot(
    title="Cold therapy",
    summary="What it is.",
    language="en",
    written_by="The clinic",
    funding="The clinic pays.",
    pages=(
        SnapshotPage("overview", "overview", "Overview", "Cold cools the skin."),
        SnapshotPage("recovery", "recovery", "Recovery", "Rest for a day."),
    ),
)


def _report(snapshot: Snapshot) -> tuple[Finding, ...]:
    return quality.report(snapshot, snapshot.rendered()[0])


def _errors(snapshot: Snapshot) -> list[tuple[str, str, int | None]]:
    return [(one.check, one.place, one.line) for one in quality.errors(_report(snapshot))]


def _with_text(text: str) -> Snapshot:
    return replace(SNAPSHOT, pages=(SNAPSHOT.pages[0], replace(SNAPSHOT.pages[1], markdown=text)))


def test_a_guide_without_pages_is_an_error():
    assert ("pages.none", "", None) in _errors(replace(SNAPSHOT, pages=()))


@pytest.mark.parametrize("text", ["", "   \n\n"])
def test_an_empty_page_is_an_error(text):
    assert ("page.empty", "recovery", None) in _errors(_with_text(text))


def test_a_page_that_cannot_be_read_is_not_also_called_empty():
    errors = _errors(_with_text("[@no-such-key]"))
    assert ("text.problem", "recovery", 1) in errors
    assert "page.empty" not in [check for check, _, _ in errors]


def test_two_pages_at_one_address_are_an_error_that_is_named_once():
    twin = replace(SNAPSHOT.pages[1], kind="other", title="More")
    assert (
        _errors(replace(SNAPSHOT, pages=(*SNAPSHOT.pages, twin, twin))).count(("page.address", "recovery", None)) == 1
    )


def test_two_pages_of_a_kind_are_an_error_but_others_may_be_many():
    twin = replace(SNAPSHOT.pages[1], slug="after", title="After")
    both = [("page.kind", "recovery", None), ("page.kind", "after", None)]
    assert _errors(replace(SNAPSHOT, pages=(*SNAPSHOT.pages, twin))) == both
    others = [replace(twin, kind="other", slug=f"more-{number}") for number in range(3)]
    assert _errors(replace(SNAPSHOT, pages=(*SNAPSHOT.pages, *others))) == []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("One.\n\nTwo [@no-such].", 3, "no source with the key “no-such”. Correct the key, or add the source first."),
        ("[cold](term:no-such)", 1, "no term with the key “no-such”. Correct the key, or add the term"),
        ("\n\n\n![](image:no-such)", 4, "no image with the key “no-such”. Correct the key, or add the image"),
        ("[x](javascript:alert(1))", 1, "."),
    ],
)
def test_what_the_renderer_complains_of_is_an_error_with_page_and_line(text, line, says):
    findings = [one for one in quality.errors(_report(_with_text(text))) if one.check == "text.problem"]
    assert [(one.place, one.line) for one in findings] == [("recovery", line)]
    assert says in findings[0].message


def test_a_guide_in_order_has_no_errors():
    assert _errors(SNAPSHOT) == []


def test_errors_come_first_then_warnings_each_in_the_order_it_was_found(monkeypatch):
    def check(snapshot, rendered):
        for level in (INFORMATION, WARNING, ERROR, WARNING):
            yield Finding(level, level, "m", "y")

    monkeypatch.setattr(quality, "CHECKS", (check, check))
    found = quality.report(SNAPSHOT, ())
    assert [one.level for one in found] == [ERROR] * 2 + [WARNING] * 4 + [INFORMATION] * 2
    assert [one.level for one in quality.errors(found)] == [ERROR] * 2


def test_a_line_of_the_report_is_kept_as_json_with_all_it_says():
    (finding,) = [one for one in _report(_with_text("")) if one.check == "page.empty"]
    assert finding.as_json() == {
        "check": "page.empty",
        "level": ERROR,
        "message": "The page “Recovery” is empty. Write its text, or remove the page.",
        "yardstick": finding.yardstick,
        "place": "recovery",
        "line": None,
    }


def test_every_error_says_what_to_do_and_which_yardstick_asks_for_it():
    broken = replace(
        SNAPSHOT, pages=(*_with_text("[@no]").pages, SNAPSHOT.pages[0], replace(SNAPSHOT.pages[0], markdown=""))
    )
    findings = [*_report(broken), *_report(replace(SNAPSHOT, pages=()))]
    checks = {finding.check for finding in findings if finding.level == ERROR}
    assert checks >= {"pages.none", "page.empty", "page.address", "text.problem"}
    for finding in findings:
        assert finding.message.endswith((".", "?"))
        assert finding.yardstick
