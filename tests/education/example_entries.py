"""One good entry of each kind, as data, citing the source that every example guide has."""

from __future__ import annotations

from typing import Any

CITED = ["trial-2020"]
KEY_FACT = {"label": "How many sessions", "value": "A trial used 4.", "headline": True, "sources": CITED}
BENEFIT = {
    "claim": "Less pain",
    "evidence": "some",
    "finding": "In a trial, 6 in 10 felt less.",
    "sources": CITED,
}
SIDE_EFFECT = {
    "name": "Numb skin", "frequency": "common", "figure": "", "duration": "A few hours", "action": "Wait.",
    "sources": CITED,
}  # fmt: skip
CONTRAINDICATION = {
    "condition": "Cold allergy", "question": "Does cold give you hives?", "advice": "do-not-book",
    "why": "Cold can make your throat swell.", "sources": CITED,
}  # fmt: skip
CARE_STEP = {"from_day": -1, "to_day": -1, "text": "Eat as usual.", "ask_prescriber": False, "sources": CITED}
QUESTION = {"question": "Does it hurt?", "answer": "It can sting.", "sources": CITED}

ON_PAGE: dict[str, dict[str, Any]] = {
    "overview": KEY_FACT,
    "benefits": BENEFIT,
    "side-effects": SIDE_EFFECT,
    "contraindications": CONTRAINDICATION,
    "preparation": CARE_STEP,
    "recovery": CARE_STEP,
    "questions": QUESTION,
}
