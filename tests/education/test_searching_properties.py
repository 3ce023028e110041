"""Whatever somebody types is a question and never an order: no error, no operator of a database, no HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from education.results import results, snippet, with_marks
from education.searching import find, folded_in_place

OPERATORS = ['"', "'", "*", "(", ")", "AND", "OR", "NOT", "NEAR(", "-", "+", ":", "^", "{", "}", "|", "&", "!", "<->"]
OPERATORS += [
    "\\",
    "%",
    "_",
    ";",
    "--",
    "/*",
    "\0",
    "\x02",
    "\x03",
    "\ufdd0",
    "title :",
    "numbness",
    "cold",
    "' OR 1=1",
]
PIECES = st.lists(st.one_of(st.sampled_from(OPERATORS), st.text(max_size=8)), max_size=8).map(" ".join)
quick = hypothesis_settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@example('"numb*" OR (title : numbness)')
@example("numbness' OR '1'='1")
@example("0the")
@example("𞤀𞤁 ⅷ ① ﷺ ǅ İ ß \u0345")
@given(PIECES)
def test_whatever_is_typed_gets_an_answer(live, typed):
    found = results(typed)
    assert found.count == len(find(typed).hits)


def test_operators_are_words(live):
    assert find("numbness NOT cold").hits
    assert find("numbness").hits
    assert find("xyzzy OR numbness").asked.words == ("xyzzy", "numbness")
    assert find("-numbness").hits == find("numbness").hits
    assert find('"numbness"*').hits == find("numbness").hits


@quick
@given(st.text(max_size=400), st.data())
def test_marks_are_the_only_html_and_the_words_stay_as_they_are(text, data):
    places = sorted(data.draw(st.sets(st.integers(0, max(len(text), 1)), max_size=6)))
    marked = list(zip(places[::2], places[1::2], strict=False))
    marked = [(start, end) for start, end in marked if end <= len(text)]
    html = with_marks(text, marked)
    assert set(re.findall(r"<[^>]*>", html)) <= {"<mark>", "</mark>"}
    assert html.count("<mark>") == len(marked)
    shown = snippet(text, marked)
    assert set(re.findall(r"<[^>]*>", shown)) <= {"<mark>", "</mark>"}


@quick
@given(st.text(max_size=200))
def test_each_folded_character_knows_where_it_comes_from(text):
    there = folded_in_place(text)
    assert len(there.text) == len(there.places)
    assert list(there.places) == sorted(there.places)
    assert all(one == " " or one.isalnum() for one in there.text)


@pytest.mark.parametrize("path", ["?q=%00", "?q=%FF%FE", "?q=a&q=b", "?q=x&page=-1", "?q=numbness&page=99999999999"])
@pytest.mark.parametrize("within", ["", "&guide=cold-therapy", "&guide=%00", "&guide=nothing", "&guide='--"])
def test_odd_addresses_are_answered(live, client, path, within):
    assert client.get(f"/search/{path}{within}").status_code == 200
