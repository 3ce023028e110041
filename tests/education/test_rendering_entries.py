"""Entries as patients read them: in words first, with their sources, and never a word of HTML from anybody."""

from __future__ import annotations

import pytest
from django.utils import translation

from education.entries import Frequency
from education.rendering import Entries
from education.rendering.entries import days_in_words, how_often
from education.rendering.plain_text import plain_text as words_of
from education.snapshot import Snapshot, SnapshotPage, SnapshotSource
from tests.education.example_library import REFERENCE, rendered

FACT = {"kind": "key-fact", "label": "Sessions", "value": "3 to 15", "headline": True, "sources": ["fda-2023"]}
BENEFIT = {
    "kind": "benefit",
    "claim": "Less fat",
    "evidence": "little",
    "finding": "37 had it.",
    "sources": ["fda-2023"],
}
EFFECT = {
    "kind": "side-effect", "name": "Bruise", "frequency": "common", "figure": "72 in 100 with one product.",
    "duration": "A few days", "action": "Cool it.", "sources": ["nhs-right", "fda-2023"],
}  # fmt: skip
REASON = {
    "kind": "contraindication", "condition": "Pregnancy", "question": "Are you pregnant?", "advice": "do-not-book",
    "why": "Nobody has tested it.", "sources": ["fda-2023"],
}  # fmt: skip
STEP = {"kind": "care-step", "from_day": -7, "to_day": -7, "text": "Ask.", "ask_prescriber": True, "sources": []}
QUESTION = {"kind": "question", "question": "Does it hurt?", "answer": "It can.\n\nTell us.", "sources": ["fda-2023"]}
EVERY = (FACT, BENEFIT, EFFECT, REASON, STEP, QUESTION)
SCRIPT = "<script>alert(1)</script>"


def _html(*rows: dict, text: str = "", box: bool = False) -> str:
    page = rendered(text, entries=Entries(rows, box))
    assert page.problems == ()
    return page.html


@pytest.mark.parametrize("entry", EVERY, ids=lambda entry: entry["kind"])
def test_no_text_of_an_entry_becomes_html(entry):
    choices = ("kind", "evidence", "frequency", "advice")
    sly = {name: SCRIPT if isinstance(value, str) and name not in choices else value for name, value in entry.items()}
    html = _html(sly)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_the_entries_stand_where_the_text_says_and_under_its_heading():
    html = _html(QUESTION, text="Before\n\n## What people ask\n\n[[entries]]\n\n## After\n\nText")
    assert html.index("What people ask") < html.index("Does it hurt?") < html.index("After")
    assert "<h3" in html[html.index("What people ask") : html.index("Does it hurt?")]
    assert ">Questions</h2>" not in html


def test_entries_without_a_place_end_the_page_under_a_heading_of_their_own():
    html = _html(QUESTION, text="## First\n\nText")
    assert html.index(">Questions</h2>") < html.index("Does it hurt?</h3>")


def test_a_page_of_entries_alone_needs_no_second_title():
    assert ">Questions</h2>" not in _html(QUESTION)
    assert "Does it hurt?</h2>" in _html(QUESTION)


def test_every_id_on_the_page_is_there_once_whatever_the_text_says():
    html = _html(QUESTION, QUESTION, text="## Does it hurt?\n\n[[entries]]\n\n## Does it hurt?\n\nText")
    ids = [piece.split('"')[0] for piece in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_sources_of_entries_are_numbered_with_those_of_the_text_in_reading_order():
    page = rendered("One [@nhs-right].\n\n[[entries]]\n\nTwo [@fda-2023].", entries=Entries((BENEFIT,)))
    assert [(one.key, one.number) for one in page.citations] == [("nhs-right", 1), ("fda-2023", 2), ("fda-2023", 2)]
    assert REFERENCE.format(key="fda-2023", count=1, number=2) in page.html
    assert REFERENCE.format(key="fda-2023", count=2, number=2) in page.html


def test_the_references_of_an_entry_stand_by_number():
    page = rendered("One [@nhs-right].\n\n[[entries]]", entries=Entries((EFFECT,)))
    assert [one.number for one in page.citations] == [1, 1, 2]


def test_a_source_that_the_library_has_not_is_left_out():
    assert "reference" not in _html({**BENEFIT, "sources": ["no-such"]})


def test_a_benefit_says_how_good_the_evidence_is_before_it_says_anything_else():
    text = words_of(_html(BENEFIT))
    assert text.index("Little evidence") < text.index("Less fat") < text.index("37 had it.")


@pytest.mark.parametrize(
    ("frequency", "words"),
    [
        (Frequency.VERY_COMMON, "Very common: at least 1 in 10 people"),
        (Frequency.COMMON, "Common: between 1 and 10 in 100 people"),
        (Frequency.UNCOMMON, "Uncommon: between 1 and 10 in 1,000 people"),
        (Frequency.RARE, "Rare: fewer than 1 in 1,000 people"),
        (Frequency.NOT_KNOWN, "Not known"),
        ("", "Not stated"),
    ],
)
def test_how_often_is_said_in_words_and_numbers(frequency, words):
    assert how_often(frequency) == words


def test_a_side_effect_is_a_row_of_a_table_and_each_cell_says_what_it_is_about():
    html = _html(EFFECT)
    assert html.count('<th scope="col">') == 4
    assert html.count('<th scope="row">') == 1
    assert html.count("data-label=") == 3
    assert "role=" not in html
    text = words_of(html)
    for said in ("Bruise", "72 in 100 with one product.", "A few days", "Cool it."):
        assert said in text


def test_what_is_not_stated_is_said_plainly():
    text = words_of(_html({**EFFECT, "duration": "", "action": "", "figure": ""}))
    assert "Not stated" in text
    assert "Ask us if it worries you." in text


def test_reasons_against_it_are_grouped_by_what_to_do_the_gravest_first():
    first = {**REASON, "condition": "Blood thinners", "advice": "tell-us-first"}
    text = words_of(_html(first, REASON))
    order = ("Do not book", "Pregnancy", "Are you pregnant?", "Tell us first", "Blood thinners")
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)


def test_a_group_without_reasons_is_not_shown():
    assert "Tell us first" not in _html(REASON)


def test_steps_stand_by_day_with_the_treatment_day_marked_though_it_has_none():
    after = {**STEP, "from_day": 1, "to_day": 2, "text": "Rest.", "ask_prescriber": False}
    html = _html(after, STEP)
    text = words_of(html)
    order = ("1 week before", "Ask.", "The day of treatment", "1 to 2 days after", "Rest.")
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert html.count('class="treatment-day"') == 1


def test_the_treatment_day_holds_its_own_steps():
    html = _html({**STEP, "from_day": 0, "to_day": 0, "text": "Come washed."})
    assert html.count('class="treatment-day"') == 1
    assert html.index("The day of treatment") < html.index("Come washed.")


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (-14, -14, "2 weeks before"),
        (-28, -14, "4 to 2 weeks before"),
        (-7, -1, "7 to 1 days before"),
        (-28, -1, "From 4 weeks before to 1 day before"),
        (-1, 1, "From 1 day before to 1 day after"),
        (1, 6, "1 to 6 days after"),
        (7, 84, "1 to 12 weeks after"),
        (1, 84, "From 1 day after to 12 weeks after"),
        (0, 0, "The day of treatment"),
        (0, 84, "From the day of treatment to 12 weeks after"),
        (1, 1, "1 day after"),
        (15, 15, "15 days after"),
    ],
)
def test_days_are_said_in_words(start, end, words):
    assert days_in_words(start, end) == words


def test_a_step_that_touches_medicines_sends_to_the_prescriber():
    assert "Ask the person who prescribed it first." in _html(STEP)
    assert "prescribed" not in _html({**STEP, "ask_prescriber": False})


def test_an_answer_keeps_its_paragraphs():
    html = _html(QUESTION)
    assert "<p>It can.</p>" in html
    assert "<p>Tell us.</p>" in html


def test_facts_that_share_a_label_and_differ_stand_side_by_side_as_a_disagreement():
    html = _html(FACT, {**FACT, "label": "Price"}, {**FACT, "value": "6 to 10", "sources": ["nhs-right"]})
    text = words_of(html)
    assert html.count('class="disagreement"') == 1
    assert text.count("Sessions") == 1
    assert text.index("Sources differ") < text.index("3 to 15") < text.index("6 to 10") < text.index("Price")


def test_facts_that_share_a_label_and_agree_are_no_disagreement():
    assert "disagreement" not in _html(FACT, {**FACT, "sources": ["nhs-right"]})


def test_the_box_opens_the_overview_when_its_text_does_not_say_where():
    html = _html(FACT, text="Text\n\n## More\n\nText", box=True)
    assert html.index(">Key facts</h2>") < html.index("<p>Text</p>")


def test_labels_are_in_the_language_of_the_page_and_texts_as_they_were_written():
    with translation.override("de"):
        assert "Less fat" in _html(BENEFIT)


def _guide(*kinds: str) -> Snapshot:
    facts = (FACT, {**FACT, "label": "Price", "headline": False})
    pages = tuple(SnapshotPage(kind, kind, kind, "Text.", facts if kind == "overview" else ()) for kind in kinds)
    source = SnapshotSource("fda-2023", "Warning", "", "", None, "", "", "", "", "regulator")
    return Snapshot("Title", "Summary", "en", "The clinic", "The clinic", pages, (source,))


def test_the_overview_shows_the_headline_facts_and_the_evidence_page_all():
    rendered, _ = _guide("overview", "evidence").rendered()
    assert ["Sessions" in page.text for page in rendered] == [True, True]
    assert ["Price" in page.text for page in rendered] == [False, True]


def test_without_an_evidence_page_the_overview_shows_all():
    rendered, _ = _guide("overview", "other").rendered()
    assert ["Price" in page.text for page in rendered] == [True, False]


def test_an_evidence_page_without_an_overview_shows_nothing():
    rendered, _ = _guide("evidence").rendered()
    assert rendered[0].text == "Text."
