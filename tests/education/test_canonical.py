"""The canonical form of texts, and the hashes that rest on it."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from education.canonical import (
    CODE_ALPHABET,
    canonical_json,
    canonical_line,
    canonical_moment,
    canonical_text,
    chain_hash,
    sha256,
    short_code,
)

MADE_AT = datetime(2026, 3, 8, 6, 59, 59, 999_999, tzinfo=UTC)
# Texts in which the awkward characters are common: line ends, NUL, combining marks, white space of other scripts.
AWKWARD = st.text(st.one_of(st.sampled_from("\r\n\x00\x85\u2028 \té́eA\u0301\u0327한ﬁΩÅ"), st.characters()), max_size=30)


@given(AWKWARD)
def test_a_canonical_text_is_its_own_canonical_form(text):
    once = canonical_text(text)
    assert canonical_text(once) == once


@given(AWKWARD)
def test_no_canonical_text_has_a_carriage_return_a_nul_or_white_space_at_its_ends(text):
    found = canonical_text(text)
    assert "\r" not in found
    assert "\x00" not in found
    assert found == found.strip()
    assert unicodedata.is_normalized("NFC", found)


@given(AWKWARD)
def test_a_form_and_a_file_give_the_same_text(text):
    lines = canonical_text(text)
    assert canonical_text(lines.replace("\n", "\r\n")) == lines
    assert canonical_text(lines.replace("\n", "\r")) == lines
    assert canonical_text(unicodedata.normalize("NFD", lines)) == lines
    assert canonical_text(f"\n {lines} \r\n") == lines


def test_inner_white_space_and_compatibility_characters_stay():
    assert canonical_text("a  b\n\n\tﬁ ½") == "a  b\n\n\tﬁ ½"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def _typed(value: object) -> object:
    """Return the value with its types, for Python holds 1 and True to be equal."""
    if isinstance(value, dict):
        return {key: _typed(inner) for key, inner in value.items()}
    return [_typed(inner) for inner in value] if isinstance(value, list) else (type(value), value)


@given(JSON_VALUES, JSON_VALUES)
def test_two_different_values_give_different_json(one, other):
    assert (canonical_json(one) == canonical_json(other)) == (_typed(one) == _typed(other))


def test_canonical_json_is_utf8_with_sorted_keys_and_no_spaces():
    assert canonical_json({"b": [1, None], "a": "é"}) == '{"a":"é","b":[1,null]}'.encode()


def test_a_moment_is_written_in_utc_to_the_microsecond():
    local = MADE_AT.astimezone(timezone(timedelta(hours=-5)))
    assert canonical_moment(local) == "2026-03-08T06:59:59.999999Z"
    assert canonical_moment(MADE_AT.replace(microsecond=0)) == "2026-03-08T06:59:59.000000Z"


CHAIN = {"previous": "", "guide": "cold-therapy", "number": 1, "content_hash": "ab" * 32, "made_at": MADE_AT}


@pytest.mark.parametrize(
    "other",
    [
        {"previous": "cd" * 32},
        {"guide": "cold-therapies"},
        {"number": 2},
        {"content_hash": "ba" * 32},
        {"made_at": MADE_AT - timedelta(microseconds=1)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_the_chain_hash_covers(other):
    assert chain_hash(**CHAIN) != chain_hash(**{**CHAIN, **other})


def test_the_hashes_of_a_known_edition_stay_as_they_are():
    # Editions on record were made with these: whoever changes this line breaks every record there is.
    assert sha256(b"plainleaf") == "d30e759a2632568148a59da5d5b9a50bc3a5909dbbed188b8802c04042b222de"
    chain = "c421be48bc9cb06db1d984a19a7757e91b2287fb2079a788f7aea49043ffe59d"
    assert chain_hash(**CHAIN) == chain
    assert short_code(chain) == "h9b7gbpy"


@given(st.integers(min_value=0, max_value=2**256 - 1))
def test_a_short_code_is_eight_characters_that_cannot_be_mistaken_for_others(value):
    code = short_code(f"{value:064x}")
    assert len(code) == 8
    assert set(code) <= set(CODE_ALPHABET)
    assert not set(CODE_ALPHABET) & set("01oilu")


def test_the_worked_example_of_the_document_is_right():
    text = (Path(__file__).parents[2] / "docs" / "record.md").read_text(encoding="utf-8")
    example = text.partition("```json\n")[2].partition("\n```")[0]
    value = dict(re.findall(r"^\| (content hash|chain hash|code).* \| `([^`]+)` \|$", text, re.MULTILINE))
    made_at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert canonical_json(json.loads(example)) == example.encode()
    assert sha256(example.encode()) == value["content hash"]
    chain = chain_hash(previous="", guide="cold-therapy", number=1, content_hash=value["content hash"], made_at=made_at)
    assert chain == value["chain hash"]
    assert short_code(chain) == value["code"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  two \t\u00a0words\r\nmore\u2028\u2029end\x85", "two words more end"),
        ("\u202aa\u202bb\u202cc\u202dd\u202ee\u2066f\u2067g\u2068h\u2069", "abcdefgh"),
        ("\u200ba\ufeffb\u2060c\u00add\x00e\x1bf\x7f", "abcdef"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("\u200da\u200c\u200d b\u200c\u200dc \u200d d", "a b\u200cc d"),
        ("a\u200b \u200bb", "a b"),
        ("\u3164\u115f\u2800", ""),
        ("e\u0301", "é"),
    ],
)
def test_a_line_keeps_what_can_be_seen_and_the_joiners_inside_words(text, line):
    assert canonical_line(text) == line
    assert canonical_line(line) == line
