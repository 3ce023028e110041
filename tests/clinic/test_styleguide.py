"""The living style guide: for staff alone, every component with its own comment, none of it different from the site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from clinic.styleguide import components, fixtures
from clinic.styleguide.components import when
from clinic.styleguide.labels import LONG, MISSING, RIGHT_TO_LEFT
from education.rendering import NO_KEYS, Library, render
from tests.builders import PASSWORD
from tests.html import Page, get, page

FOLDER = Path(settings.BASE_DIR) / "templates" / "components"
FILES = {path.stem for path in FOLDER.glob("*.html")}
# What stands inside other components, or on a page of its own that no fixture could shorten.
PARTS = {
    *("card_phone", "chapters", "difference_lines", "field_difference", "nothing_that_day", "price_details"),
    "price_source",
    "reach_us",
    "sent_form",
    *(
        "masthead_brand",
        "page_difference",
        "period",
        "phone",
        "record",
        "references",
        "signature",
        "source",
        "source_today",
    ),
}
NOTHING = Library({}, {}, {}, NO_KEYS)


def test_the_public_does_not_find_it(client, db):
    get(client, "/styleguide/", 404)


@pytest.mark.parametrize("who", ["outsider", "front_desk", "author", "owner"])
def test_staff_find_it_and_nobody_keeps_it(client, cast, who):
    client.login(username=cast[who].username, password=PASSWORD)
    response = get(client, "/styleguide/")
    assert "no-store" in response["Cache-Control"]
    assert page(response).title.startswith("Style guide")


def test_an_account_that_was_closed_does_not_find_it(client, cast):
    client.login(username="outsider", password=PASSWORD)
    cast["outsider"].is_active = False
    cast["outsider"].save()
    get(client, "/styleguide/", 404)


def test_development_finds_it(client, db, settings):
    settings.DEBUG = True
    get(client, "/styleguide/")


def test_every_component_is_shown_or_is_part_of_another():
    shown = {name for name in fixtures.EXAMPLES if "/" not in name}
    assert shown | PARTS == FILES
    assert set(fixtures.EXAMPLES) & PARTS == set()


# What a component has no example for, and why.
CANNOT = {
    "no_guides": {LONG: "its words are fixed"},
    "clinic_notice": {MISSING: "without its text it is not there"},
    "care_card": {MISSING: "heading and list are what it is"},
    "warning_callout": {MISSING: "heading and text are what it is"},
    "key_facts": {MISSING: "a fact has a label and a value"},
    "disagreement": {MISSING: "it takes two facts to differ"},
    "contraindications": {MISSING: "condition, question, advice and reason belong together"},
    "before_you_book": {MISSING: "without a self-check it is not there"},
    "check_question": {MISSING: "a question is what it is"},
    "check_answers": {MISSING: "a reason says what it is about and why"},
    "timeline": {MISSING: "a step has its days and its words"},
    "questions": {MISSING: "a question has an answer"},
    "terms": {MISSING: "a term has its meaning"},
    "reviewed": {MISSING: "what a preview or an unreviewed guide says is shown by name"},
    "pager": {MISSING: "the first page is shown by name"},
    "reviewed_guides": {MISSING: "every review has a guide and a day"},
    "evidence": {LONG: "its words are one of a few"},
    "stamp": {MISSING: "every edition has a number and a hash"},
    "leaflet_links": {LONG: "its words are fixed", MISSING: "without an address it leads nowhere"},
    "source_notice": {MISSING: "without a doubtful source it is not there"},
    "compare": {MISSING: "a guide with one edition has nothing to compare"},
    "error_summary": {MISSING: "without an error it is not there"},
}


@pytest.mark.parametrize("name", sorted(fixtures.EXAMPLES))
def test_every_component_is_shown_long_with_what_may_be_missing_and_from_right_to_left(name):
    labels = " · ".join(fixtures.EXAMPLES[name])
    shown = {MISSING: MISSING in labels, RIGHT_TO_LEFT: RIGHT_TO_LEFT in labels, LONG: LONG.lower() in labels.lower()}
    assert {label for label, there in shown.items() if not there} == set(CANNOT.get(name, {}))


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_component_says_at_its_head_when_to_use_it_and_what_it_takes(name):
    assert re.search(r"\S.*\. Values: ", when(name)), when(name)


def test_a_component_takes_its_values_by_name_alone():
    for path in sorted(FOLDER.parent.rglob("*.html")):
        for include in re.findall(r"\{% include .components/.*?%\}", path.read_text(encoding="utf-8")):
            assert include.endswith(" only %}"), f"{path.name}: {include}"


@pytest.mark.parametrize("component", components(), ids=lambda one: one.name)
def test_each_example_is_sound_html_and_shows_something(component):
    for example in component.examples:
        shown = Page(
            f'<html lang="en" dir="ltr"><title>x</title><h1>x</h1><main id="main">{example.html}</main></html>'
        )
        # Around it there is only this page: a heading may stand at any level, the source that is named elsewhere.
        elsewhere = ("h1 is followed by", "#source-made-22 ", "#refused-")
        faults = [fault for fault in shown.faults() if not fault.startswith(elsewhere)]
        assert faults == [], f"{component.name}: {example.label}"
        assert shown.text != "x x", f"{component.name}: {example.label}"


def test_what_is_written_from_right_to_left_is_shown_so():
    found = {example.direction for one in components() for example in one.examples if example.label == "Right to left"}
    assert found == {"rtl"}


BOXES = {
    '!!! emergency "Call 911 if"\n    - you pass out': (
        "care_card",
        {"level": "emergency", "title": "Call 911 if:", "items": ["you pass out"]},
    ),
    '!!! urgent "See a doctor if"\n    - it is hot\n    - it is red': (
        "care_card",
        {"level": "urgent", "title": "See a doctor if:", "items": ["it is hot", "it is red"]},
    ),
    '!!! non-urgent "Call us if"\n    - it lasts': (
        "care_card",
        {"level": "non-urgent", "title": "Call us if:", "items": ["it lasts"]},
    ),
    "!!! do\n    - rest": ("do_list", {"kind": "do", "items": ["rest"]}),
    '!!! dont "At first"\n    - do not run': (
        "do_list",
        {"kind": "dont", "title": "At first", "items": ["do not run"]},
    ),
    '!!! warning "Not approved"\n    It is not.': ("warning_callout", {"title": "Not approved", "text": "It is not."}),
}


@pytest.mark.parametrize("markdown", BOXES)
def test_a_box_of_a_template_is_the_box_that_the_renderer_makes(markdown):
    name, values = BOXES[markdown]
    written = re.sub(r' id="[^"]*"', "", render(markdown, library=NOTHING, anchor="x").html)
    built = render_to_string(f"components/{name}.html", {"heading_level": 2, **values})
    assert built.replace("\n", "") == written.replace("\n", "")
