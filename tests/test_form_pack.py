"""The template pack for public forms: what belongs to a field, in which order, and that nothing typed is lost."""

from __future__ import annotations

import re
from html import escape

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_errors, as_crispy_field, as_crispy_form
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.example_form import CONTRADICTION, GOOD, WRONG, ExampleForm, LaidOutForm
from tests.html import Page, page

FIELDS, WHOLE = "/example/fields/", "/example/whole/"
HOSTILE = """"><script>alert('x')</script>&{{ 7|add:7 }}"""
GROUPS = ("blood_thinners", "reasons")
HINTED = ("email", "phone", "message", "agreed", *GROUPS)
# One message each for what WRONG is wrong about, in the order of the fields.
MESSAGES = {
    "name": "Write your name.",
    "email": "Write it like name@example.org.",
    "sessions": "Write a number, such as 3.",
    "day": "Write the day as year-month-day.",
    "language": "Choose a language of the list.",
    "blood_thinners": "Choose one of these.",
    "reasons": "Choose at least one reason.",
    "agreed": "Tick this, or call us instead.",
}

pytestmark = [pytest.mark.urls("tests.example_urls"), pytest.mark.django_db]


def control(read: Page, name: str) -> dict[str, str | None]:
    return next(one for _, one in read.elements if one.get("name") == name)


def drawn(form: forms.Form, name: str) -> str:
    return as_crispy_field(form[name])


# Errors


@pytest.mark.parametrize("path", [FIELDS, WHOLE])
def test_each_error_stands_once_at_its_field_and_once_in_the_summary_that_leads_there(client, path):
    read = page(client.post(path, WRONG))
    assert read.title.startswith("Error: Ask us")
    first = {name: f"#id_{name}_0" if name in GROUPS else f"#id_{name}" for name in MESSAGES}
    assert [link for link in read.links if link[0].startswith("#id_")] == [
        (first[name], message) for name, message in MESSAGES.items()
    ]
    for name, message in MESSAGES.items():
        assert read.text.count(message) == 2
        assert read.text.count(f"Error: {message}") == 1
        assert f"id_{name}_error" in read.ids


@pytest.mark.parametrize("path", [FIELDS, WHOLE])
def test_the_summary_gets_the_focus_before_anything_else(client, path):
    read = page(client.post(path, WRONG))
    (summary,) = read.with_attribute("autofocus")
    assert (summary["role"], summary["tabindex"], summary["aria-labelledby"]) == ("alert", "-1", "problem")
    assert page(client.get(path)).with_attribute("autofocus") == []


def test_an_error_without_a_field_that_can_be_reached_is_plain_text(client):
    read = page(client.post(FIELDS, WRONG))
    assert "There is a problem Write your name." in read.text
    assert "Start anew." in read.text
    assert "Start anew." not in [words for _, words in read.links]
    read = page(client.post(FIELDS, CONTRADICTION))
    assert read.text.count("Your question is the same as your name.") == 1
    assert read.title.startswith("Error: ")
    assert not [href for href, _ in read.links if href.startswith("#id_")]


def test_a_form_without_errors_has_no_summary(client):
    for response in (client.get(FIELDS), client.post(FIELDS, GOOD)):
        read = page(response)
        assert "There is a problem" not in read.text
        assert read.title.startswith("Ask us")
    assert as_crispy_errors(ExampleForm()).strip() == ""
    assert "There is a problem" in as_crispy_errors(ExampleForm(WRONG))


# What belongs to a field


@pytest.mark.parametrize("name", [*MESSAGES, *HINTED])
def test_hint_and_error_are_named_by_the_control_or_by_its_group(client, name):
    read = page(client.post(FIELDS, WRONG))
    expected = [f"id_{name}_helptext"] * (name in HINTED) + [f"id_{name}_error"] * (name in MESSAGES)
    described = " ".join(expected)
    if name in GROUPS:
        groups = [one for tag, one in read.elements if tag == "fieldset"]
        assert described in [one.get("aria-describedby") for one in groups]
    else:
        assert control(read, name)["aria-describedby"] == described
    assert control(read, name).get("aria-invalid") == ("true" if name in MESSAGES else None)


@pytest.mark.parametrize("name", [*MESSAGES, *HINTED])
def test_the_order_is_label_hint_error_control(name):
    markup = drawn(ExampleForm(WRONG), name)
    places = [
        markup.find(f"<l{'egend' if name in GROUPS else 'abel'}"),
        markup.find(f'id="id_{name}_helptext"'),
        markup.find(f'id="id_{name}_error"'),
        re.search(r"<(input|select|textarea)", markup).start(),
    ]
    if name == "agreed":  # a tick has its label beside it
        places.append(places.pop(0))
    there = [place for place in places if place >= 0]
    assert there == sorted(there)
    assert len(there) == 2 + (name in HINTED) + (name in MESSAGES)


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_is_a_fieldset_with_its_question_and_a_label_for_each_answer(name):
    form = ExampleForm()
    read = Page(drawn(form, name))
    assert read.elements[0][0] == "fieldset"
    assert read.elements[1][0] == "legend"
    inputs = [one for tag, one in read.elements if tag == "input"]
    labels = [one["for"] for tag, one in read.elements if tag == "label"]
    assert [one["id"] for one in inputs] == labels == [f"id_{name}_{number}" for number in range(3)]
    assert all(str(words) in read.text for _, words in form.fields[name].choices)


def test_what_need_not_be_filled_in_says_so_and_nothing_else_is_marked(client):
    read = page(client.get(FIELDS))
    assert "*" not in read.text
    marked = {name for name in ExampleForm.base_fields if "(optional)" in drawn(ExampleForm(), name)}
    # Nobody could fill in what is disabled or only to be read.
    assert marked == {"phone", "message", "areas", "letter"}
    optional = forms.ChoiceField(choices=[("a", "A")], required=False, widget=forms.RadioSelect)
    assert "(optional)" in drawn(type("Form", (forms.Form,), {"a": optional})(), "a")
    # Whoever narrows a list knows that nothing must be chosen.
    assert "(optional)" not in drawn(type("Form", (forms.Form,), {"a": optional, "is_a_filter": True})(), "a")


def test_the_controls_have_what_the_widgets_say(client):
    read = page(client.get(FIELDS))
    assert control(read, "name")["autocomplete"] == "name"
    assert (control(read, "email")["type"], control(read, "email")["autocomplete"]) == ("email", "email")
    assert (control(read, "phone")["type"], control(read, "phone")["autocomplete"]) == ("tel", "tel")
    assert control(read, "sessions")["inputmode"] == "numeric"
    assert control(read, "day")["type"] == "date"
    assert control(read, "page")["type"] == "hidden"
    assert control(read, "letter")["type"] == "file"
    assert "disabled" in control(read, "clinic")
    assert "readonly" in control(read, "guide")
    assert "multiple" in control(read, "areas")
    (form,) = [one for tag, one in read.elements if tag == "form"]
    assert "novalidate" in form


# Nothing is lost


@pytest.mark.parametrize("path", [FIELDS, WHOLE])
def test_nothing_typed_is_lost(client, path):
    markup = client.post(path, {**GOOD, "email": "ada", "day": "2026-02-30"}).content.decode()
    read = Page(markup)
    for name in ("name", "phone", "sessions", "page", "guide"):
        assert control(read, name)["value"] == GOOD[name]
    assert control(read, "email")["value"] == "ada"
    assert f">\n{GOOD['message']}</textarea>" in markup
    chosen = {one.get("value", "on") for _, one in read.elements if "selected" in one or "checked" in one}
    assert chosen == {"es", "chin", "thighs", "unsure", "questions", "price", "on"}
    assert "You wrote “2026-02-30”." in read.text


def test_a_file_is_received(client):
    letter = SimpleUploadedFile("letter.txt", b"Dear colleague")
    assert "There is a problem" not in page(client.post(WHOLE, {**GOOD, "letter": letter})).text


# What visitors and staff write is text


def test_hostile_words_stay_words(client):
    typed = {**dict.fromkeys(ExampleForm.base_fields, HOSTILE), "page": HOSTILE}
    for path in (FIELDS, WHOLE):
        markup = client.post(path, typed).content.decode()
        assert "<script" not in markup
        assert Page(markup).faults() == []
        assert escape(HOSTILE) in markup


def test_hostile_labels_hints_errors_and_answers_stay_words():
    words = {"label": HOSTILE, "help_text": HOSTILE, "error_messages": {"required": HOSTILE}}
    kinds = (
        forms.CharField(**words),
        forms.BooleanField(**words),
        forms.ChoiceField(**words, choices=[("a", HOSTILE)], widget=forms.RadioSelect),
        forms.MultipleChoiceField(**words, choices=[(HOSTILE, "a")], widget=forms.CheckboxSelectMultiple),
        forms.ChoiceField(**words, choices=[(HOSTILE, HOSTILE)]),
    )
    form = type("Form", (forms.Form,), {f"field_{number}": kind for number, kind in enumerate(kinds)})({})
    for markup in (as_crispy_form(form), as_crispy_errors(form)):
        assert "<script" not in markup
        assert markup.count(escape(HOSTILE)) >= len(kinds)


def test_the_words_of_a_layout_are_escaped():
    markup = render_crispy_form(LaidOutForm())
    hidden = next(one for _, one in Page(markup).elements if one.get("name") == "origin")
    assert hidden["value"] == 'a "quoted" <place>'
    assert ">Ask &quot;us&quot; &amp; wait</button>" in markup


def test_an_error_that_quotes_is_kept_apart_from_the_words_around_it(client):
    read = page(client.post(f"{FIELDS}?direction=rtl", WRONG))
    assert read.direction == "rtl"
    isolated = [tag for tag, _ in read.elements].count("bdi")
    assert isolated >= 2 * len(MESSAGES)


# The layout


def test_a_layout_draws_each_of_its_objects(client):
    read = page(client.get(WHOLE))
    elements = read.elements
    assert ("fieldset", {"class": "fields about-you", "id": "you"}) in elements
    assert ("div", {"id": "reach", "class": "reach"}) in elements
    assert any(one.get("class") == "field wide" for _, one in elements)
    assert control(read, "day")["autocomplete"] == "off"
    assert "Takes a minute." in read.text
    buttons = [one for tag, one in elements if tag == "button"]
    assert [one["class"] for one in buttons] == ["button", "button button-quiet"]
    assert [one["name"] for one in buttons] == ["ask", "later"]
    (form,) = [one for tag, one in elements if tag == "form"]
    assert (form["id"], form["method"], form["enctype"]) == ("ask", "post", "multipart/form-data")
    assert {"novalidate"} <= set(form)
    assert "csrfmiddlewaretoken" in [one.get("name") for _, one in elements]
