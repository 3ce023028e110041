"""The self-check's questions: the gravest first, each with its sources, as many as the style sheet can follow."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from education.selfcheck import MOST_FOLLOWED, cited, questions
from tests.education.example_entries import CONTRAINDICATION

TOOLS_CSS = Path(settings.BASE_DIR) / "static" / "css" / "tools.css"
SOURCES = [{"key": "trial-2020", "number": 7}, {"key": "old-2001", "number": 2}]


def reason(condition: str, advice: str = "tell-us-first", *sources: str) -> dict:
    return {**CONTRAINDICATION, "condition": condition, "advice": advice, "sources": list(sources)}


def test_reasons_not_to_book_come_first_and_the_order_of_the_list_stays():
    asked = questions([reason("a"), reason("b", "do-not-book"), reason("c"), reason("d", "do-not-book")], SOURCES)
    assert [(one.number, one.condition, one.stops) for one in asked] == [
        (1, "b", True),
        (2, "d", True),
        (3, "a", False),
        (4, "c", False),
    ]


def test_a_question_names_its_sources_by_number_and_leaves_out_what_the_edition_has_not():
    asked = questions([reason("a", "do-not-book", "trial-2020", "old-2001", "gone")], SOURCES)
    assert [(one.key, one.number) for one in asked[0].references] == [("old-2001", 2), ("trial-2020", 7)]
    assert cited(asked) == {"trial-2020", "old-2001"}


def test_the_style_sheet_follows_every_question_up_to_the_limit_and_none_beyond():
    css = " ".join(TOOLS_CSS.read_text(encoding="utf-8").split())
    for number in range(1, MOST_FOLLOWED + 1):
        assert f".check:has(.y{number}:checked, .u{number}:checked) .a{number}" in css
        assert f".check:has(.y{number}:checked) .a{number} .if-unsure" in css
        assert f".check:has(.u{number}:checked) .a{number} .if-yes" in css
    assert max(int(number) for number in re.findall(r"\.[yua](\d+)\b", css)) == MOST_FOLLOWED
    asked = questions([reason(f"n{number}") for number in range(MOST_FOLLOWED + 1)], SOURCES)
    assert [one.is_followed for one in asked] == [True] * MOST_FOLLOWED + [False]
