"""The code on paper: where a patient types it, and what it tells in plain words first."""

from __future__ import annotations

import pytest

from education import actions
from education.canonical import CODE_ALPHABET
from education.forms.history import code_of
from education.models import Edition
from tests import builders, public
from tests.html import get, page

AT = "/guides/cold-therapy/editions/"


@pytest.fixture
def history(guide, cast) -> list[Edition]:
    """Three editions; the third is live and was urgent."""
    return [
        builders.published(guide, cast),
        builders.next_edition(guide, cast, "The second words.", what_changed="Second words."),
        _urgent(guide, cast),
    ]


def _urgent(guide, cast) -> Edition:
    builders.write(guide, cast["author"], "side-effects", "The third words.")
    return builders.published(guide, cast, what_changed="Third words.", urgent_reason="A dose <b>was</b> wrong.")


# Typing it


@pytest.mark.parametrize(
    "typed",
    [
        *("{code}", "{CODE}", "  {code}\n", "{left} {right}", "{left}-{right}", "{left}–{right}.", "“{CODE}”"),
        *("https://clinic.example/e/{code}/", "clinic.example/e/{CODE}?x=1", "/e/{code}"),
    ],
)
def test_a_code_may_be_typed_as_people_type(client, live, typed):
    code = live.code
    written = typed.format(code=code, CODE=code.upper(), left=code[:4], right=code[4:])
    assert code_of(written) == code
    response = client.get("/e/", {"code": written})
    assert (response.status_code, response["Location"]) == (302, f"/e/{code}/")


WRONG = {
    "": "Type the code that stands on your copy.",
    "  ": "Type the code that stands on your copy.",
    "k7mq2xa": "A code has 8 letters and digits, and you typed 7.",
    "k7mq2xabc": "A code has 8 letters and digits, and you typed 9.",
    "...": "A code has 8 letters and digits, and you typed 0.",
    "k7mq2xab": "We know no copy with the code “k7mq2xab”. Compare each letter and digit with your copy.",
    "K7MQ 2XA1": "A code never has 0, 1, i, l, o or u, because they are easy to mix up. You typed “1”.",
    "O0lluuo2": "A code never has 0, 1, i, l, o or u, because they are easy to mix up. You typed “o”, “0”, “l”, “u”.",
    "<b>k</b>": "A code has 8 letters and digits, and you typed 3.",
    "x\x00": "Type only the letters and digits of the code.",
    "9" * 300: "This is too long for a code.",
}


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_no_code_is_told_at_the_field_and_nothing_is_lost(client, live, typed):
    response = client.get("/e/", {"code": typed})
    read = page(response)
    assert response.status_code == 200
    assert read.title.startswith("Error: Is your copy up to date?")
    assert f"There is a problem {WRONG[typed]}" in read.text
    assert any(href == "#id_code" for href, _ in read.links)
    field = next(one for tag, one in read.elements if tag == "input")
    assert field["aria-invalid"] == "true"
    assert set(field["aria-describedby"].split()) == {"id_code_helptext", "id_code_error"}
    if typed.isprintable():
        assert field.get("value", "") == typed


def test_the_form_comes_empty_and_says_where_the_code_stands(client, live):
    response = get(client, "/e/")
    read = page(response)
    assert not read.title.startswith("Error:")
    assert "Look at the end of your copy" in read.text
    assert response["X-Robots-Tag"] == "noindex"
    field = next(one for tag, one in read.elements if tag == "input")
    assert "maxlength" not in field
    whole = page(get(client, "/guides/cold-therapy/all/"))
    assert "Is a printed copy still current?" in whole.text
    assert f"Or type the code {live.code} at" in whole.text


@pytest.mark.parametrize("path", ["nocodeat", "a", "A-b_c", "0" * 100, "%20", "%00", "a%20b", "é"])
def test_an_address_that_is_no_code_is_404_and_offers_the_form(client, live, path):
    read = page(get(client, f"/e/{path}/", 404))
    assert read.title.startswith("Error: Code not found")
    assert any(tag == "form" and one["action"] == "/e/" for tag, one in read.elements)


def test_a_code_of_an_edition_that_patients_never_saw_is_not_known(client, live, guide, cast):
    builders.write(guide, cast["author"], "side-effects", "Other words.")
    waiting = builders.submitted(guide, cast["author"])
    get(client, f"/e/{waiting.code}/", 404)
    assert "We know no copy" in page(client.get("/e/", {"code": waiting.code})).text


def test_the_words_about_the_alphabet_are_true():
    assert set("0123456789abcdefghijklmnopqrstuvwxyz") - set(CODE_ALPHABET) == set("01ilou")


@pytest.mark.parametrize("path", ["/", "/guides/", AT, "/guides/cold-therapy/all/"])
def test_the_form_can_be_found(client, live, path):
    assert "/e/" in [href for href, _ in page(get(client, path)).links]


def test_the_form_asks_the_database_for_nothing_but_the_frame_and_the_code(client, live, django_assert_num_queries):
    with django_assert_num_queries(2):
        get(client, "/e/")
    with django_assert_num_queries(3):
        client.get("/e/", {"code": "k7mq2xab"})


# What it tells


def test_the_code_of_the_live_edition_answers_yes(client, history):
    for code in (history[2].code, history[2].code.upper(), f"{history[2].code[:4]}-{history[2].code[4:]}"):
        assert "Yes: your copy is current." in page(get(client, f"/e/{code}/")).text


def test_the_code_of_an_earlier_edition_answers_no_and_tells_in_sentences_what_changed_since(client, history):
    read = page(get(client, f"/e/{history[0].code}/"))
    text = read.text
    assert "No: your copy has been replaced by a newer edition." in text
    assert "Third words. Urgent correction: A dose <b>was</b> wrong." in text
    order = ("No: your copy", "What changed since", "Second words.", "Third words.", "word by word", "Last reviewed by")
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert read.link("Every change since your copy, word by word") == f"{AT}3/changes/?since=1"
    assert read.link("The guide as it is today") == "/guides/cold-therapy/"
    assert read.link("The whole text of your copy") == f"{AT}1/"
    assert read.link("Check another copy") == "/e/"


def test_the_code_of_a_withdrawn_edition_gives_the_reason_first(client, history, cast):
    actions.withdraw(history[2], by=cast["author"], reason="The dose was wrong.")
    text = page(get(client, f"/e/{history[2].code}/")).text
    assert "Reason: The dose was wrong." in text
    assert "Read the edition that counts" not in text
    earlier = page(get(client, f"/e/{history[0].code}/"))
    assert "No edition of this guide is live today." in earlier.text
    assert "This edition was withdrawn later." in earlier.text
    assert "word by word" not in earlier.text


def test_the_code_of_an_archived_guide_answers_no_and_says_whom_to_ask(client, history, guide, cast):
    public.whole_clinic(cast["owner"])
    actions.archive_guide(guide, by=cast["author"], reason="We <b>stopped</b>.")
    last = page(get(client, f"/e/{history[2].code}/")).text
    assert "No: the clinic no longer keeps this guide up to date." in last
    assert "Reason: We <b>stopped</b>." in last
    assert "Ask us before you rely on it. (202) 555-0142" in last
    assert "your copy is current" not in last
    earlier = page(get(client, f"/e/{history[0].code}/"))
    assert "No: your copy has been replaced by a newer edition." in earlier.text
    assert "the whole guide is in our archive: nobody keeps it up to date. We <b>stopped</b>." in earlier.text
    assert earlier.link("Every change since your copy, word by word") == f"{AT}3/changes/?since=1"
    actions.reopen_guide(guide, by=cast["author"])
    assert "Yes: your copy is current." in page(get(client, f"/e/{history[2].code}/")).text


def test_a_code_costs_the_same_however_long_the_record_is(client, history, guide, cast, django_assert_num_queries):
    with django_assert_num_queries(4 + 2):
        get(client, f"/e/{history[0].code}/")
    for number in range(3):
        builders.next_edition(guide, cast, f"Words {number}.")
    with django_assert_num_queries(4 + 2):
        get(client, f"/e/{history[0].code}/")
