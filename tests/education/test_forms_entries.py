"""The entries of a page as its screen sends them: read in order, judged in plain words, nothing dropped unseen."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from education.actions import EntryRefused
from education.entries import KIND_NAMED, KINDS, Frequency
from education.forms import EntryForms, typed_entries
from education.forms.entry import HELP, REQUIRED, in_words
from tests import builders

BENEFIT = KIND_NAMED["benefit"]
STEP = KIND_NAMED["care-step"]


def sent(kind: Any, *rows: dict[str, Any], **more: str) -> QueryDict:
    """Return what a screen sends: rows in this order, each with its fields."""
    data = QueryDict(mutable=True)
    data["with_entries"] = kind.name
    for at, row in enumerate(rows):
        number = str(row.pop("row", at))
        data.appendlist("entry", number)
        for name, value in row.items():
            data[f"entry-{number}-{name}"] = value
    data.update(more)
    return data


def read(kind: Any, *rows: dict[str, Any], judged: bool = True) -> EntryForms:
    found = EntryForms.sent(kind, sent(kind, *rows), judged=judged)
    assert found is not None
    return found


def faults(kind: Any, *rows: dict[str, Any]) -> list[str]:
    entries = read(kind, *rows)
    assert not entries.is_valid()
    return [fault.message for fault in entries.faults]


def step(**more: Any) -> dict[str, Any]:
    return {"from_day": "0", "text": "Rest.", **more}


def claim(text: str, **more: Any) -> dict[str, Any]:
    return {"claim": text, "evidence": "little", **more}


@pytest.fixture
def trial(db):
    return builders.source()


# Refusals


@pytest.mark.parametrize(
    ("kind", "row", "said"),
    [
        (BENEFIT, {"finding": "x"}, "Benefit 1, Benefit that people hope for: Write the benefit that people hope for."),
        (BENEFIT, {"claim": "x"}, "Benefit 1, Evidence: Choose how good the evidence is."),
        (BENEFIT, claim("x", evidence="superb"), "Benefit 1, Evidence: Select a valid choice."),
        (BENEFIT, claim("x" * 401), "at most 400 characters (it has 401)"),
        (STEP, {"text": "x"}, "Care step 1, From day: Say on which day it begins."),
        (STEP, step(from_day="1.5"), "Write a whole number of days, such as -7, 0 or 14."),
        (STEP, step(from_day="-366"), "greater than or equal to -365"),
        (STEP, step(to_day="731"), "less than or equal to 730"),
        (STEP, step(from_day="2", to_day="1"), "Care step 1, To day: The last day comes before the first."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(kind, row, said):
    assert any(said in message for message in faults(kind, row)), faults(kind, row)


def test_each_fault_names_the_entry_by_its_place_and_leads_to_its_field():
    entries = read(BENEFIT, claim("fine", row=7), {"claim": "gone", "removed": "1", "row": 3}, {"claim": "x", "row": 5})
    assert not entries.is_valid()
    assert [(fault.place, fault.message) for fault in entries.faults] == [
        ("id_entry-5-evidence", "Benefit 2, Evidence: Choose how good the evidence is.")
    ]


def test_every_unknown_source_is_named_with_the_one_that_may_be_meant(trial):
    found = faults(BENEFIT, claim("x", sources="trail-2020, trial-2020"), claim("y", sources="zzzzzz"))
    assert len(found) == 2
    assert found[0].startswith(
        "Benefit 1, Sources: There is no source with the key “trail-2020”. Did you mean “trial-2020”?"
    )
    assert "Benefit 2, Sources: There is no source with the key “zzzzzz”. Correct it" in found[1]


def test_a_source_may_be_wrong_beside_another_field(trial):
    assert len(faults(BENEFIT, {"claim": "x", "sources": "nobody-1999"})) == 2


def test_what_the_action_refuses_is_shown_at_its_entry(trial):
    entries = read(BENEFIT, {}, claim("a"), claim("b"))
    assert entries.is_valid()
    entries.refuse(EntryRefused("Not like this.", 2, "claim"))
    assert [fault.message for fault in entries.faults] == ["Benefit 3, Benefit that people hope for: Not like this."]


@pytest.mark.parametrize("rows", [["x"], ["1234567"], ["-1"], ["١"], [""], ["0 0"]])
def test_a_row_that_no_screen_numbers_is_left_out(rows):
    data = QueryDict(mutable=True)
    data["with_entries"] = "benefit"
    data.setlist("entry", rows)
    found = EntryForms.sent(BENEFIT, data)
    assert found is not None
    assert found.rows == []


# What is read


def test_a_screen_without_entries_says_nothing_about_them():
    assert EntryForms.sent(BENEFIT, QueryDict("title=x&entry=0&entry-0-claim=x")) is None


def test_rows_are_read_in_the_order_in_which_they_stand(trial):
    entries = read(BENEFIT, claim("b", row=9), claim("a", row=2, sources="[@trial-2020]; trial-2020"))
    assert entries.is_valid()
    assert entries.as_entries() == [
        {"kind": "benefit", "claim": "b", "evidence": "little", "finding": "", "sources": []},
        {"kind": "benefit", "claim": "a", "evidence": "little", "finding": "", "sources": ["trial-2020"]},
    ]


def test_a_row_that_stands_twice_counts_once():
    data = sent(BENEFIT, claim("a"))
    data.appendlist("entry", "0")
    found = EntryForms.sent(BENEFIT, data)
    assert found is not None
    assert len(found.rows) == 1


def test_an_empty_entry_is_none_and_a_removed_one_goes():
    entries = read(BENEFIT, {}, claim("gone", removed="1"), {"claim": "  ", "evidence": ""}, claim("stays"))
    assert entries.is_valid()
    assert [one["claim"] for one in entries.as_entries()] == ["stays"]


def test_a_removed_entry_need_not_be_right():
    assert read(BENEFIT, {"claim": "half", "removed": "1"}).is_valid()


def test_an_entry_of_day_0_alone_is_not_empty():
    assert any("Write what to do." in message for message in faults(STEP, {"from_day": "0"}))


def test_a_single_day_needs_no_last_one_and_opens_without():
    entries = read(STEP, step(from_day="-3"))
    assert entries.is_valid()
    (row,) = entries.as_entries()
    assert (row["from_day"], row["to_day"]) == (-3, -3)
    assert EntryForms.saved(STEP, [row]).rows[0].typed["to_day"] is None
    assert EntryForms.saved(STEP, [{**row, "to_day": 4}]).rows[0].typed["to_day"] == 4


def test_texts_are_read_as_they_are_stored():
    entries = read(BENEFIT, claim("  e\u0301 ", finding="one\r\n\r\ntwo \r\n"))
    assert entries.is_valid()
    assert (entries.as_entries()[0]["claim"], entries.as_entries()[0]["finding"]) == ("é", "one\n\ntwo")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_is_saved_as_it_was_opened(kind, trial):
    row: dict[str, Any] = {"kind": kind.name, "sources": ["trial-2020"]}
    for field in kind.fields:
        value = field.choices.values[0] if field.choices else "Text" if field.kind is str else field.kind(3)
        row[field.name] = value
    opened = EntryForms.saved(kind, [row]).rows[0]
    typed = {name: value for name, value in opened.typed.items() if value not in (None, False)}
    entries = read(kind, typed)
    assert entries.is_valid(), entries.faults
    assert entries.as_entries() == [row]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_required_field_says_in_words_what_is_missing(kind):
    required = {(kind.name, field.name) for field in kind.fields if field.required and field.name != "to_day"}
    assert required == {place for place in REQUIRED if place[0] == kind.name}


def test_every_help_text_belongs_to_a_field():
    fields = {(kind.name, field.name) for kind in KINDS for field in kind.fields}
    assert set(HELP) <= fields
    assert set(REQUIRED) <= fields


def test_frequencies_are_offered_with_their_numbers():
    labels = dict(EntryForms.saved(KIND_NAMED["side-effect"], []).empty.fields["frequency"].choices)
    assert labels["rare"] == "Rare: fewer than 1 in 1,000 people"
    assert labels["not-known"] == str(Frequency.NOT_KNOWN.label)


# What the buttons do


def titles(entries: EntryForms) -> list[str]:
    return [row.title for row in entries.rows if not row.is_removed]


@pytest.mark.parametrize(
    ("button", "order", "focus"),
    [
        ("up 2", ["a", "c", "b"], "up"),
        ("up 1", ["b", "a", "c"], "down"),
        ("down 0", ["b", "a", "c"], "down"),
        ("down 1", ["a", "c", "b"], "up"),
        ("up 0", ["a", "b", "c"], "down"),
        ("down 2", ["a", "b", "c"], "up"),
    ],
)
def test_an_entry_moves_and_its_button_keeps_the_focus_where_it_has_one(button, order, focus):
    entries = read(BENEFIT, claim("a"), claim("b"), claim("c"), judged=False)
    moved = next(row for row in entries.rows if row.row == button[-1])
    assert f"“{moved.title}” is number" in entries.press(button)
    assert titles(entries) == order
    assert [row.number for row in entries.rows] == [1, 2, 3]
    assert {row.row: row.focus for row in entries.rows if row.focus} == {moved.row: focus}


def test_moving_steps_over_removed_entries():
    entries = read(BENEFIT, claim("a"), claim("gone", removed="1"), claim("b"), judged=False)
    entries.press("up 2")
    assert titles(entries) == ["b", "a"]


def test_removing_keeps_what_is_typed_until_it_is_saved():
    entries = read(BENEFIT, claim("a", finding="Much work."), judged=False)
    assert "Until then you can put it back" in entries.press("remove 0")
    assert (entries.rows[0].is_removed, entries.rows[0].typed["finding"]) == (True, "Much work.")
    assert "stays" in entries.press("put-back 0")
    assert (entries.rows[0].is_removed, entries.rows[0].typed["finding"]) == (False, "Much work.")


def test_an_added_entry_has_a_number_of_its_own_and_the_focus():
    entries = read(BENEFIT, claim("a", row=4), claim("b", row=1), judged=False)
    entries.press("add")
    assert [row.row for row in entries.rows] == ["4", "1", "5"]
    assert "autofocus" in str(entries.rows[-1]["claim"])


@pytest.mark.parametrize("button", ["", "up", "up 9", "remove x", "dance 0 0", "put-back"])
def test_a_button_that_is_none_does_nothing(button):
    entries = read(BENEFIT, claim("a"), claim("b"), judged=False)
    assert entries.press(button) == ""
    assert titles(entries) == ["a", "b"]


# What is shown


def test_what_is_not_right_yet_is_shown_as_far_as_it_goes_and_stays_marked(trial):
    entries = read(BENEFIT, {"claim": "half", "evidence": "superb", "sources": "trial-2020, nobody-1"})
    entries.is_valid()
    before = [fault.message for fault in entries.faults]
    ((_, data),) = entries.as_shown()
    assert data == {"kind": "benefit", "claim": "half", "evidence": "", "finding": "", "sources": ["trial-2020"]}
    assert [fault.message for fault in entries.faults] == before


def test_a_care_step_without_its_day_cannot_be_shown():
    assert [data for _, data in read(STEP, {"text": "x"}).as_shown()] == [None]


def test_typed_entries_are_texts_to_be_copied():
    data = sent(STEP, {}, step(from_day="-1", ask_prescriber="on"), step(text="Gone.", removed="1"))
    assert typed_entries(data) == [("Care step 2", "From day: -1\nWhat to do: Rest.\nAsk your prescriber: yes")]
    assert typed_entries(QueryDict("with_entries=nothing&entry=0")) == []


def test_saved_entries_are_read_in_words():
    row = {
        "kind": "side-effect",
        "name": "Bruises",
        "frequency": "rare",
        "figure": "",
        "duration": "",
        "action": "Wait.",
    }
    assert in_words([{**row, "sources": ["a", "b"]}]) == [
        (
            "Side effect 1",
            [
                ("Side effect", "Bruises"),
                ("How often", "Rare: fewer than 1 in 1,000 people"),
                ("What to do", "Wait."),
                ("Sources", "a, b"),
            ],
        )
    ]
