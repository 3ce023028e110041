"""What became of the entries of a page: rows matched, changed fields word by word, whole rows, another order."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from education.comparing import Shown, compared_entries, compared_pages
from education.differences import Gap, PageText
from education.entries import KIND_NAMED, canonical_entry


def row(kind: str, *sources: str, **values: Any) -> dict[str, Any]:
    return canonical_entry(KIND_NAMED[kind], values, sources)


def benefit(claim: str, evidence: str = "little", finding: str = "", *sources: str) -> dict[str, Any]:
    return row("benefit", *sources, claim=claim, evidence=evidence, finding=finding)


def fact(label: str, value: str, *, headline: bool = False) -> dict[str, Any]:
    return row("key-fact", label=label, value=value, headline=headline)


def told(shown: Shown) -> list[str]:
    """The heading and each line; what was removed stands in [-…-], what was added in {+…+}."""
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    lines = [
        "…" if isinstance(block, Gap) else "".join(marks[piece.kind].format(piece.text) for piece in block.pieces)
        for block in shown.blocks
    ]
    return [f"{shown.title}: {shown.words}", *lines]


def compared(old: list[dict[str, Any]], new: list[dict[str, Any]], **titles: str) -> list[list[str]]:
    return [told(shown) for shown in compared_entries(old, new, titles)]


SLIMMER = benefit("A slimmer chin", "some", "Two studies of 90 people.", "trial")
FIRMER = benefit("Firmer skin", "none-found", "No study was found.", "review")
CALMER = benefit("Less pain", "good", "Three studies of 400 people.", "trial")


def test_nothing_is_said_of_rows_that_are_the_same():
    assert compared([], []) == []
    assert compared([SLIMMER, FIRMER], [dict(SLIMMER), dict(FIRMER)]) == []
    twice = [fact("Price", "Much"), fact("Price", "Much")]
    assert compared(twice, list(twice)) == []


def test_of_a_changed_row_only_the_changed_fields_are_told():
    assert compared([SLIMMER, FIRMER], [{**SLIMMER, "evidence": "little"}, FIRMER]) == [
        ["Benefit “A slimmer chin”: changed", "Evidence: [-Some evidence-] {+Little evidence+}"]
    ]


def test_a_changed_text_is_told_word_by_word_and_an_unlike_one_whole():
    more = {**SLIMMER, "finding": "Three studies of 90 people."}
    other = {**SLIMMER, "finding": "Nobody looked."}
    assert compared([SLIMMER], [more])[0][1:] == ["What studies found: [-Two-]{+Three+} studies of 90 people."]
    assert compared([SLIMMER], [other])[0][1:] == [
        "What studies found: [-Two studies of 90 people.-] {+Nobody looked.+}"
    ]


def test_a_text_of_several_paragraphs_is_told_below_its_label():
    old = row("question", question="Does it hurt?", answer="A little.\n\nAsk us for a cream.")
    new = {**old, "answer": "A little.\n\nAsk us for a numbing cream."}
    assert compared([old], [new])[0][1:] == ["Answer:", "…", "Ask us for a {+numbing +}cream."]
    assert compared([{**old, "answer": ""}], [old])[0][1:] == ["Answer:", "{+A little.+}", "{+Ask us for a cream.+}"]


def test_days_ticks_and_choices_are_told_by_their_words():
    old = row("care-step", from_day=-7, to_day=-1, text="Eat well.")
    new = {**old, "from_day": -3, "ask_prescriber": True}
    assert compared([old], [new])[0][1:] == ["From day: [--7-] {+-3+}", "Ask your prescriber: [-no-] {+yes+}"]
    assert compared([new], [old])[0][2] == "Ask your prescriber: [-yes-] {+no+}"
    unknown = {**SLIMMER, "evidence": "a-level-of-long-ago"}
    assert compared([unknown], [SLIMMER])[0][1] == "Evidence: [-a-level-of-long-ago-] {+Some evidence+}"


def test_sources_are_told_by_title_where_it_is_known_and_by_key_otherwise():
    new = {**SLIMMER, "sources": ["review", "survey"]}
    assert compared([SLIMMER], [new], trial="A trial of cold", review="A review")[0][1:] == [
        "Source: [-A trial of cold-]",
        "Source: {+A review+}",
        "Source: {+survey+}",
    ]


def test_a_new_row_and_a_removed_one_are_told_whole_but_for_what_they_do_not_say():
    step = row("care-step", "clinic", from_day=0, text="Keep the area dry.")
    assert compared([], [step]) == [
        [
            "Care step “Keep the area dry.”: new",
            "From day: {+0+}",
            "To day: {+0+}",
            "What to do: {+Keep the area dry.+}",
            "Source: {+clinic+}",
        ]
    ]
    assert compared([step], [])[0][0] == "Care step “Keep the area dry.”: removed"
    assert compared([step], [])[0][-1] == "Source: [-clinic-]"


def test_rows_come_in_the_new_order_and_a_removed_one_behind_the_one_that_it_followed():
    old = [SLIMMER, FIRMER, CALMER]
    new = [benefit("Better sleep"), {**SLIMMER, "evidence": "good"}, {**CALMER, "evidence": "some"}]
    assert [one[0] for one in compared(old, new)] == [
        "Benefit “Better sleep”: new",
        "Benefit “A slimmer chin”: changed",
        "Benefit “Firmer skin”: removed",
        "Benefit “Less pain”: changed",
    ]
    assert [one[0] for one in compared(old, [CALMER])] == [
        "Benefit “A slimmer chin”: removed",
        "Benefit “Firmer skin”: removed",
    ]


def test_a_renamed_row_is_the_same_row_when_most_of_its_words_stayed():
    renamed = {**SLIMMER, "claim": "Less fat below the chin"}
    found = compared([SLIMMER, FIRMER], [FIRMER, renamed])
    assert [one[0] for one in found] == ["Benefits: in another order", "Benefit “Less fat below the chin”: changed"]
    unlike = benefit("Whiter teeth", "good", "One large survey.")
    assert sorted(one[0] for one in compared([SLIMMER], [unlike])) == [
        "Benefit “A slimmer chin”: removed",
        "Benefit “Whiter teeth”: new",
    ]


def test_of_facts_that_share_a_label_the_changed_one_is_found():
    old = [fact("Sessions", "Three"), fact("Sessions", "Six"), fact("Sessions", "Ten")]
    assert compared(old, [old[1], old[2]])[0][:3:2] == ["Key fact “Sessions”: removed", "Fact: [-Three-]"]
    changed = compared(old, [old[0], {**old[1], "headline": True}, old[2]])
    assert changed == [["Key fact “Sessions”: changed", "In the box of the overview: [-no-] {+yes+}"]]


def test_another_order_is_told_once():
    assert compared([SLIMMER, FIRMER, CALMER], [CALMER, SLIMMER, FIRMER]) == [
        ["Benefits: in another order", "{+Less pain+}", "A slimmer chin", "Firmer skin", "[-Less pain-]"]
    ]
    two = [fact("Sessions", "Three"), fact("Sessions", "Six")]
    assert compared(two, two[::-1]) == [
        ["Key facts: in another order", "{+Sessions: Six+}", "Sessions: Three", "[-Sessions: Six-]"]
    ]


def test_a_long_name_is_shortened_in_the_heading_only():
    step = row("care-step", from_day=1, text="Drink water. " * 20)
    heading, *lines = compared([], [step])[0]
    assert heading.endswith("…”: new")
    assert len(heading) < 120
    assert lines[-1].count("Drink water.") == 20


def test_the_words_follow_the_language():
    with translation.override("de"):
        assert compared([SLIMMER], [{**SLIMMER, "evidence": "good"}])
        assert [type(one.title) for one in compared_entries([SLIMMER], [])] == [str]


def test_a_page_whose_entries_alone_changed_is_among_the_pages_that_differ():
    def page(*entries: dict[str, Any], markdown: str = "Text.") -> PageText:
        return PageText("1", "Benefits", "benefits", markdown, tuple(entries))

    assert compared_pages([page(SLIMMER)], [page(dict(SLIMMER))]) == []
    [shown] = compared_pages([page(SLIMMER, markdown="")], [page(FIRMER, markdown="")], {"trial": "A trial"})
    assert (shown.title, shown.words, shown.blocks) == ("Benefits", "changed", ())
    assert {one.words for one in shown.entries} == {"removed", "new"}
    assert "Source: [-A trial-]" in told(shown.entries[0]) + told(shown.entries[1])
    assert [one.words for one in compared_pages([], [page(SLIMMER)])[0].entries] == ["new"]
    assert [one.words for one in compared_pages([page(SLIMMER)], [])[0].entries] == ["removed"]


ROWS = st.lists(
    st.builds(
        benefit,
        st.sampled_from(["Less fat", "Less pain", "Firmer skin now", "Firmer skin later"]),
        st.sampled_from(["good", "some"]),
        st.sampled_from(["", "One study.", "Two\n\nstudies."]),
        st.sampled_from(["trial", "review"]),
    ),
    max_size=7,
)


@given(ROWS, ROWS)
def test_nothing_is_said_exactly_when_nothing_changed(old, new):
    found = compared_entries(old, new)
    assert (found == []) == (old == new)
    came, went = (sum(one.words == word for one in found) for word in ("new", "removed"))
    assert len(old) - went == len(new) - came
    assert all(one.blocks for one in found)


@pytest.mark.parametrize("kind", list(KIND_NAMED))
def test_every_kind_of_entry_can_be_compared(kind):
    values = {field.name: 3 if field.kind is int else "x" for field in KIND_NAMED[kind].fields if not field.choices}
    old = row(kind, "a", **values)
    new = row(kind, "b", **{**values, KIND_NAMED[kind].fields[-1].name: 0 if kind == "care-step" else ""})
    assert compared([old], [new])
