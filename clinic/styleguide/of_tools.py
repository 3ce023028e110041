"""Made-up questions and plans for the style guide: what a patient does with a guide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

from clinic.styleguide import made
from clinic.styleguide.labels import LONG, MISSING, RIGHT_TO_LEFT, SHORT
from education.planning import planned
from education.selfcheck import Asked

Examples = Mapping[str, Mapping[str, Any]]

DAY = date(2026, 3, 3)
GUIDE = SimpleNamespace(slug="example")
ARABIC_QUESTION, ARABIC_WHY = "هل أنت حامل؟", "لم يجربه أحد على الحوامل."


def _asked(question: str, advice: str = "do-not-book", number: int = 1, **facts: Any) -> Asked:
    texts = {"condition": "Pregnancy", "why": "Nobody has tested it.", "references": (), **facts}
    return Asked(number=number, question=question, advice=advice, **texts)


def _session(*steps: tuple[int, int, str, bool], number: int = 1) -> Any:
    rows = [{"from_day": start, "to_day": end, "text": text, "ask_prescriber": ask} for start, end, text, ask in steps]
    return planned(rows, [DAY] * number).sessions[-1]


def _edition(title: str, language: str = "en") -> Any:
    return SimpleNamespace(title=title, language=language, guide=GUIDE)


LONG_QUESTION = "Is one of these true for you, or was it ever, as far as you know or were told? " * 4
PAGES = (("How to prepare", "#main"), ("Recovery", "#main"))
NONE = {"reasons": (), "steps": (), "pages_of_reasons": (), "pages_of_steps": ()}

TOOLS: Mapping[str, Examples] = {
    "check_question": {
        SHORT: {"asked": _asked("Are you pregnant?"), "language": "en"},
        LONG: {"asked": _asked(LONG_QUESTION, "tell-us-first"), "language": "en"},
        RIGHT_TO_LEFT: {"asked": _asked(ARABIC_QUESTION), "language": "ar"},
    },
    "check_answers": {
        SHORT: {"questions": [_asked("Are you pregnant?", number=99)], "level": 3, "language": "en"},
        LONG: {
            "questions": [
                _asked("", "tell-us-first", 99, condition=made.LONG_TITLE, why="It may be worse for you. " * 15)
            ],
            "level": 3,
            "language": "en",
        },
        RIGHT_TO_LEFT: {
            "questions": [_asked("", number=99, condition="الحمل", why=ARABIC_WHY)],
            "level": 3,
            "language": "ar",
        },
    },
    "plan_session": {
        SHORT: {
            "session": _session((-7, -7, "Ask what you want to know.", False), (1, 2, "Rest.", False)),
            "count": 1,
            "today": DAY,
            "signs": "#main",
            "language": "en",
        },
        "Long, one of several": {
            "session": _session(
                *((day, day + 5, "Look at the skin and feel it. " * 12, True) for day in (-30, 0, 60)), number=3
            ),
            "count": 12,
            "today": DAY,
            "signs": "#main",
            "language": "en",
        },
        MISSING: {"session": _session(), "count": 1, "today": DAY, "signs": "#main", "language": "en"},
        RIGHT_TO_LEFT: {
            "session": _session((-7, -1, ARABIC_WHY, True), (0, 0, ARABIC_WHY, False)),
            "count": 1,
            "today": DAY,
            "signs": "#main",
            "language": "ar",
        },
    },
    "before_you_book": {
        SHORT: {"checks": {"editions": (_edition("Cold therapy"),)}},
        "Long, of many": {"checks": {"editions": (_edition(made.LONG_TITLE), _edition("Heat")), "are_more": True}},
        RIGHT_TO_LEFT: {"checks": {"editions": (_edition("العلاج بالبرودة", "ar"),)}},
    },
    "tool_links": {
        SHORT: {"guide": GUIDE, "tools": SimpleNamespace(**{**NONE, "reasons": (1,), "steps": (1,)})},
        "Long, on the plan": {
            "guide": GUIDE,
            "here": "plan",
            "tools": SimpleNamespace(
                **{**NONE, "reasons": (1,), "steps": (1,), "pages_of_steps": ((made.LONG_TITLE, "#main"), *PAGES)}
            ),
        },
        MISSING: {"guide": GUIDE, "tools": SimpleNamespace(**{**NONE, "steps": (1,)})},
        RIGHT_TO_LEFT: {
            "guide": GUIDE,
            "here": "check",
            "language": "ar",
            "tools": SimpleNamespace(**{**NONE, "reasons": (1,), "pages_of_reasons": (("موانع العلاج", "#main"),)}),
        },
    },
}
