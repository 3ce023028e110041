"""The checks of pages, entries, sources and links: each finding names its place, and stands there once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from education.quality import ERROR, INFORMATION, WARNING, Finding, blocking
from education.quality.document import findings_of
from education.quality.example_guide import IN_ORDER
from education.quality.examples import Another, Text, WorldWith, entry, guide, source
from education.quality.passages import of_markdown
from education.snapshot import SnapshotPage


def _report(name: str, *changes) -> list[Finding]:
    case = IN_ORDER
    for change in changes:
        case = change.applied(case)
    return [one for one in findings_of(case) if one.check == name]


def _on_cost(name: str, markdown: str) -> list[Finding]:
    return [one for one in _report(name, Text("cost", markdown)) if one.place == "cost"]


def _lines(name: str, markdown: str) -> list[tuple[str, int | None]]:
    return [(one.level, one.line) for one in _on_cost(name, markdown)]


def test_passages_have_the_lines_of_their_words():
    text = (
        '# One [@a]\n\nTwo **three**\nfour. Five\\*\n- six\n    - se_ve_n [eight](/x/ "no")\n1. nine\n\n> ten\n\n'
        "| a | b |\n|---|---|\n| c | [@d] |\n\nEleven\n======\n\n[[entries]]\n\n---\n: twelve\n<https://example.org>\n"
    )
    found = [(one.kind, one.words, one.line_at(), one.level) for one in of_markdown(text, "p")]
    assert found == [
        ("heading", "One", 1, 0),
        ("paragraph", "Two three four. Five*", 3, 0),
        ("item", "six", 5, 0),
        ("item", "se_ve_n eight", 6, 1),
        ("item", "nine", 7, 0),
        ("paragraph", "ten", 9, 0),
        ("cell", "a", 11, 0),
        ("cell", "b", 11, 0),
        ("cell", "c", 13, 0),
        ("cell", "", 13, 0),
        ("heading", "Eleven", 15, 0),
        ("definition", "twelve", 21, 0),
    ]
    (paragraph,) = [one for one in of_markdown(text, "p") if one.words.startswith("Two")]
    assert [(paragraph.line_at(start), words) for start, words in paragraph.sentences] == [
        (3, "Two three four."),
        (4, "Five*"),
    ]


def test_headings_are_named_with_their_lines_and_one_fault_is_not_told_twice():
    assert _lines("heading.order", "## A\n\n#### B [@review]\n\n#### C\n\nText\n\nD\n=\n\n### E") == [
        (ERROR, 3),
        (ERROR, 9),
    ]


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("\n".join("- a" for _ in range(8)), [1]),
        ("\n\n".join("- a" for _ in range(8)), [1]),
        ("!!! do\n" + "\n".join("    - a" for _ in range(8)), [2]),
        ("- a\n" + "\n".join("    - b" for _ in range(7)) + "\n- c", []),
        ("- a\n" + "\n".join("    - b" for _ in range(8)) + "\n- c", [2]),
        ("- a\n- b\n- c\n- d\n\n## Next\n\n- e\n- f\n- g\n- h", []),
        ("- a\n- b\n- c\n- d\n\n1. e\n2. f\n3. g\n4. h", []),
    ],
)
def test_long_lists_are_counted_level_by_level(markdown, lines):
    assert _lines("list.long", markdown) == [(INFORMATION, line) for line in lines]


def test_a_broken_link_is_named_once_with_its_line():
    text = "One.\n\nSee [the list](/no/) and\n[the list](/no/?a=1#b), [a list](/prices/#x)."
    assert _lines("link.broken", text) == [(ERROR, 3), (ERROR, 4)]


@pytest.mark.parametrize("words", ["click here", "Here", "read more…", "**this link**", "Link"])
def test_the_words_of_a_link_say_where_it_leads(words):
    assert _lines("link.broken", f"See [{words}](/prices/).") == [(ERROR, 1)]
    outside = _lines("link.broken", f"See [{words}](https://example.org/).")
    assert outside == [(ERROR, 1), (INFORMATION, None)]


def test_a_link_that_says_nothing_and_leads_nowhere_is_told_for_both():
    found = _on_cost("link.broken", "[Click here](/no-such-page/) or [here](#none).")
    assert [one.level for one in found] == [ERROR] * 4
    assert ["does not say where" in one.message for one in found] == [True, False] * 2


def test_links_within_the_page_to_terms_and_sources_are_no_broken_ones():
    text = (
        "A [trial](term:trial) [@trial]: [its words](#term-trial), [its source](#source-trial), [b](#cost-b).\n\n## B"
    )
    assert _lines("link.broken", text) == []


def test_a_long_dont_list_names_its_items_and_a_nested_item_is_none():
    text = "Hello.\n\n!!! dont\n    - pay **now**\n        - in coins\n    - Don’t sign\n    - hurry"
    (finding,) = _on_cost("callout.many", text)
    assert finding.line == 3
    assert "“pay now" in finding.message
    assert "“hurry”" in finding.message
    assert "sign" not in finding.message


def test_sources_are_listed_once_for_the_whole_guide():
    late, never = source("trial", due=date(2026, 2, 1)), source("review", due=None)
    found = _report("source.overdue", late, never, source("shop-article", due=None))
    assert [(one.level, one.place) for one in found] == [(WARNING, ""), (WARNING, "")]
    assert "“trial” (due Feb. 1, 2026)" in found[0].message
    assert "“review”" in found[1].message
    assert "shop-article" not in "".join(one.message for one in found)


@pytest.mark.parametrize(
    ("due", "today", "level"),
    [
        (date(2024, 2, 29), date(2025, 2, 28), WARNING),
        (date(2024, 2, 29), date(2025, 3, 1), ERROR),
        (date(2025, 5, 5), date(2026, 5, 4), WARNING),
        (date(2025, 5, 5), date(2026, 5, 5), ERROR),
        (date(2025, 5, 5), date(2025, 5, 6), WARNING),
    ],
)
def test_a_source_is_very_late_a_year_after_it_was_due(due, today, level):
    assert [one.level for one in _report("source.overdue", WorldWith({"today": today}), source("label", due=due))] == [
        level
    ]


def test_a_source_that_only_an_entry_cites_is_looked_at():
    (finding,) = _report("source.status", source("label", status="withdrawn"))
    assert (finding.level, finding.override) == (ERROR, True)


def test_each_source_that_no_longer_stands_has_a_line_and_a_reason_of_its_own():
    changes = [source("label", status="withdrawn"), source("trial", status="superseded")]
    withdrawn, superseded = found = _report("source.status", *changes, source("review", status="current"))
    assert [(one.level, one.place, one.about) for one in found] == [(ERROR, "", "label"), (WARNING, "", "trial")]
    assert [one.key for one in found] == ["source.status label", "source.status trial"]
    reasons = {"source.status": "for all", "source.status label": "No other tells of it."}
    assert blocking(found, reasons=reasons, owner=True) == (superseded,)
    assert blocking(found, reasons=reasons, owner=False) == (withdrawn, superseded)


def test_an_entry_is_named_by_its_number():
    found = _report("entry.unsourced", entry("overview", 2, sources=[]), entry("preparation", 2, sources=[]))
    assert [(one.place, one.entry) for one in found] == [("overview", 2), ("preparation", 2)]


def test_a_question_needs_no_source():
    question = {"kind": "question", "question": "Does it hurt?", "answer": "It can.", "sources": []}
    page = SnapshotPage("questions", "questions", "Questions", "", (question,))
    case = replace(IN_ORDER, snapshot=replace(IN_ORDER.snapshot, pages=(*IN_ORDER.snapshot.pages, page)))
    assert [one for one in findings_of(case) if one.level in (ERROR, WARNING)] == []


def test_an_unknown_level_of_evidence_is_an_error():
    assert [one.entry for one in _report("benefit.evidence", entry("benefits", 1, evidence="splendid"))] == [1]


def test_the_grade_leaves_out_the_glossary_and_shows_what_to_change():
    page = Text(
        "cost", "We treat alopecia. " + "Individual alopecia considerations determine expenditure immediately. " * 7
    )
    term = replace(IN_ORDER.snapshot.terms[0], key="alopecia", term="alopecia")
    (finding,) = [one for one in _report("reading.grade", page, guide(terms=(term,))) if one.place == "cost"]
    assert (finding.level, finding.override) == (ERROR, True)
    assert "Individual alopecia considerations" in finding.message
    assert "immediately" in finding.message
    assert "Words of the glossary are not counted: alopecia." in finding.message


def test_a_short_page_is_not_graded():
    short = Text("cost", "Individual considerations determine expenditure immediately.")
    assert "cost" not in [one.place for one in _report("reading.grade", short)]


def test_every_longer_page_shows_its_grade_its_longest_sentences_and_its_hardest_words():
    page = Text("cost", "You pay on the day. " * 9 + "Ask your insurer about everything that you can think of.")
    (finding,) = [one for one in _report("reading.grade", page) if one.place == "cost"]
    assert finding.level == INFORMATION
    assert "The longest sentences: “Ask your insurer about everything that you can think of.”" in finding.message
    assert "The hardest words: insurer, everything" in finding.message
    assert "aim for" not in finding.message


def test_the_guide_shows_its_grade_its_longest_sentences_and_its_hardest_words():
    whole = next(one for one in _report("reading.grade") if one.place == "")
    for words in ("Grade over all pages: ", "The longest sentences: ", "The hardest words: "):
        assert words in whole.message


def test_missing_glyphs_are_named_with_their_unicode_names():
    (finding,) = _on_cost("glyph.missing", "漢 and 😀 and 漢.")
    assert "漢 (CJK UNIFIED IDEOGRAPH-6F22), 😀 (GRINNING FACE)" in finding.message


def test_a_page_that_cannot_be_read_is_not_also_called_empty():
    case = Text("cost", "[@no-such-key]").applied(IN_ORDER)
    checks = [one.check for one in findings_of(case) if one.place == "cost"]
    assert "text.problem" in checks
    assert "page.empty" not in checks


def test_an_advice_guide_needs_no_page_of_a_procedure():
    pages = (SnapshotPage("other", "think", "Think", "Take your time. [The rest](/)"),)
    case = replace(
        IN_ORDER,
        snapshot=replace(IN_ORDER.snapshot, pages=pages, images=()),
        world=replace(IN_ORDER.world, kind="advice"),
    )
    assert [one.check for one in findings_of(case) if one.level != INFORMATION] == []


def test_every_fault_of_a_page_with_two_addresses_is_told():
    assert {one.place for one in _report("page.address", Another("other", "cost"), Another("other", "cost"))} == {
        "cost"
    }


@pytest.mark.parametrize(
    "piece",
    [
        "miracle “",
        "stop the ",
        "avoid a, ",
        "safe? ",
        "« a " * 9,
        "..",
        "](",
        "[@",
        "| ",
        "- a\n",
        "+1 ",
        "a",
        "is only ",
        "# a\n",
        "“miracle” [@trial] ",
    ],
)
@pytest.mark.parametrize("line", [60_000, 3_000])
def test_a_page_of_the_greatest_length_passes_through_every_check(piece, line):
    text = "\n\n".join([(piece * line)[:line].rstrip()] * (60_000 // line))[:60_000]
    assert findings_of(Text("cost", text).applied(IN_ORDER))
