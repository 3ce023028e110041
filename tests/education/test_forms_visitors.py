"""What keeps machines out of a form that anybody can send, and what a person meets of it: hardly anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from crispy_forms.layout import Layout
from django import forms
from django.core import signing
from django.http import QueryDict
from django.template import engines
from django.utils import timezone

from education.actions import Refused
from education.forms import SentForm
from education.forms.visitors import LATEST, SOONEST, MarkedSelect
from tests.html import Page

UNSIGNED = "The form could not be checked. What you typed is still here: send it again."
WHILE = timedelta(seconds=30)


class Greeting(SentForm):
    words = forms.CharField(error_messages={"required": "Write something."})

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("page", "words", self.trap())


def sent(**typed: str) -> Greeting:
    data = QueryDict(mutable=True)
    data.update({"words": "Hello", "website": "", **typed})
    return Greeting(data)


def after(age: timedelta, page: str | None = None, **typed: str) -> Greeting:
    """Return the form as it is judged this long after its page was made."""
    page = SentForm.new_page() if page is None else page
    with time_machine.travel(timezone.now() + age, tick=False):
        form = sent(page=page, **typed)
        form.is_valid()
        return form


def drawn(form: SentForm) -> Page:
    template = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form %}")
    return Page(template.render({"form": form}))


def field(form: SentForm, name: str) -> dict[str, str | None]:
    return next(one for one in drawn(form).with_attribute("name") if one["name"] == name)


# Refused, and what was typed stays


@pytest.mark.parametrize("page", ["", "x", "a:b:c", "\x00", "ä:1:é", "9" * 100_000, "..:::", "null"])
def test_a_page_that_is_not_signed_is_refused_in_plain_words(page):
    form = after(WHILE, page)
    assert form.errors == {"page": [UNSIGNED]}
    assert form["words"].value() == "Hello"


def test_a_page_that_was_signed_for_something_else_or_changed_is_refused():
    assert after(WHILE, signing.dumps("a" * 32)).errors == {"page": [UNSIGNED]}
    page = SentForm.new_page()
    changed = ("B" if page[0] == "A" else "A") + page[1:]
    assert after(WHILE, changed).errors == {"page": [UNSIGNED]}


@pytest.mark.parametrize("age", [timedelta(0), SOONEST - timedelta(seconds=1), timedelta(seconds=-60)])
def test_whoever_is_quicker_than_a_person_is_asked_to_send_again(age):
    (said,) = after(age).errors["page"]
    assert "very quick" in said
    assert "What you typed is still here" in said


def test_of_what_is_wrong_with_a_form_that_came_too_quickly_only_the_rest_is_said():
    page = SentForm.new_page()
    form = after(timedelta(0), page, website="x")
    assert list(form.errors) == ["website"]
    assert field(form, "page")["value"] == page
    assert after(WHILE, page).errors == {}


def test_a_page_that_was_open_for_more_than_a_day_is_refused():
    (said,) = after(LATEST + timedelta(seconds=1)).errors["page"]
    assert "more than a day" in said


@pytest.mark.parametrize("typed", ["https://spam.example", "x", "\x00"])
def test_a_field_that_only_a_machine_sees_must_stay_empty(typed):
    form = after(WHILE, website=typed)
    assert list(form.errors) == ["website"]
    assert "Empty it, and send again." in form.errors["website"][0]


# A person gets through


def test_a_person_gets_through_and_the_page_sent_twice_has_one_key():
    page = SentForm.new_page()
    first, second, other = after(WHILE, page), after(WHILE * 2, page), after(WHILE)
    assert first.errors == second.errors == other.errors == {}
    assert first.key == second.key
    assert len({first.key, other.key}) == 2
    assert len(first.key) == 32


@pytest.mark.parametrize("age", [timedelta(0), LATEST + WHILE])
def test_the_answer_to_a_refused_page_carries_another_one_that_can_be_sent(age):
    form = after(age)
    again = field(form, "page")["value"]
    assert again != form.cleaned_data.get("page")
    with time_machine.travel(timezone.now() + age, tick=False):
        # It is as old as the refusal.
        assert after(WHILE, str(again)).errors == {}


def test_another_error_leaves_the_page_as_it_is_so_that_sending_again_is_one_report():
    page = SentForm.new_page()
    form = after(WHILE, page, words="")
    assert form.errors == {"words": ["Write something."]}
    assert field(form, "page")["value"] == page


def test_a_form_that_is_shown_brings_a_page_by_itself():
    page = field(Greeting(), "page")["value"]
    assert after(WHILE, str(page)).errors == {}
    assert page != field(Greeting(), "page")["value"]


def test_an_action_s_refusal_is_shown_with_what_was_typed():
    form = after(WHILE)
    form.refusal = Refused("Too many.", "words")
    with time_machine.travel(timezone.now() + WHILE, tick=False):
        form.full_clean()
    assert form.errors == {"words": ["Too many."]}
    assert form["words"].value() == "Hello"


# What the fields are kept by


class Choosing(SentForm):
    guide = forms.ChoiceField(choices=[("", "None"), ("cold", "Cold")], widget=MarkedSelect)


def test_nothing_is_kept_of_what_somebody_sent():
    assert sent().made_of is None
    assert Choosing({}).made_of is None


def test_nor_of_a_choice_that_an_address_named_and_that_is_not_there():
    assert Choosing(initial={"guide": "heat"}).made_of is None


def test_two_pages_are_made_of_the_same_however_they_are_signed():
    assert Choosing().made_of == Choosing().made_of
    assert field(Choosing(), "page") != field(Choosing(), "page")


def test_but_not_two_forms_nor_with_other_choices_another_one_chosen_or_in_another_language():
    other, marked = Choosing(), Choosing()
    other.fields["guide"].choices = [("", "None"), ("cold", "Colder")]
    marked.fields["guide"].widget.marks = {"cold": {"lang": "ar"}}
    all_of_them = [Greeting(), Choosing(), Choosing(initial={"guide": "cold"}), other, marked]
    assert len({form.made_of for form in all_of_them}) == len(all_of_them)


# What stands on the page


def test_the_field_for_machines_is_out_of_the_tab_order_and_of_what_browsers_fill_in():
    trap = field(Greeting(), "website")
    assert trap["tabindex"] == "-1"
    assert trap["autocomplete"] == "off"
    assert "value" not in trap
    assert "Leave this empty" in drawn(Greeting()).text
    assert {"class": "elsewhere"} in drawn(Greeting()).with_attribute("class")


def test_once_it_was_filled_in_the_keyboard_reaches_it():
    form = after(WHILE, website="x")
    assert "tabindex" not in field(form, "website")
    assert field(form, "website")["value"] == "x"
    assert "Empty it" in drawn(form).text
