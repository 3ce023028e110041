"""Texts made to hang a parser: the renderer refuses them, and the report looks no further."""

from __future__ import annotations

from dataclasses import replace

import pytest

from education import quality
from education.quality.example_guide import IN_ORDER
from education.quality.passages import of_markdown

HARD = {
    "spaces in a heading": "# x" + " " * 59_990 + "y",
    "tabs in a heading": "# x" + "\t" * 10_000 + "y",
    "bars": "|" * 59_999 + "x",
    "beyond the limit": "# x" + " " * 150_000 + "y",
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_a_text_that_the_renderer_refuses_is_reported_as_refused_and_not_examined(text):
    pages = tuple(replace(page, markdown=text) if page.slug == "cost" else page for page in IN_ORDER.snapshot.pages)
    snapshot = replace(IN_ORDER.snapshot, pages=pages)
    findings = quality.report(snapshot, snapshot.rendered()[0], IN_ORDER.world)
    assert [one.check for one in findings if one.place == "cost"] == ["text.problem"]


@pytest.mark.parametrize(
    ("line", "words"),
    [("## Cost ##", "Cost"), ("#Cost", "Cost"), ("###### A # b", "A # b"), ("# x" + " " * 100 + "y", "x y")],
)
def test_a_heading_is_read_without_its_marks(line, words):
    assert [(one.kind, one.text) for one in of_markdown(line, "cost")] == [("heading", words)]


@pytest.mark.parametrize("line", ["|---|:-:|", "| - |", "|", "---"])
def test_a_rule_of_a_table_has_no_words(line):
    assert list(of_markdown(f"a\n\n{line}", "cost"))[1:] == []
