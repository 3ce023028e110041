"""A text in each coding, and the one that a browser wants most."""

from __future__ import annotations

import gzip

import brotli
import pytest

from clinic.stylesheet import SITE_CSS
from config.ready.encodings import LONG, LONGEST, QUICK, VERY_LONG, best, chosen, compressed

NAMES = ("br", "gzip", "identity")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.5, gzip;q=1", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("gzip;q=0.001", "gzip"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", "identity"),
        ("identity;q=0", "identity"),
        ("identity, gzip;q=0.5", "identity"),
        ("BR", "br"),
        ("br;q=2", "identity"),
        ("gzip;q=", "identity"),
        ("\x00, ,;q=1,br", "br"),
        ("br" + " " * LONGEST, "identity"),
    ],
)
def test_the_coding_is_the_one_that_the_browser_wants_most(accepted, coding):
    assert chosen(accepted, NAMES) == coding


def test_every_coding_holds_the_same_text():
    text = SITE_CSS.read_bytes()
    made = compressed(text)
    assert brotli.decompress(made["br"]) == gzip.decompress(made["gzip"]) == made["identity"] == text
    assert len(made["br"]) < len(made["gzip"]) < len(text) / 3


def test_what_is_packed_quickly_holds_the_same_text_and_only_the_coding_that_is_asked_for():
    text = SITE_CSS.read_bytes()
    made = compressed(text, ["br"], QUICK)
    assert brotli.decompress(made["br"]) == made["identity"] == text
    assert set(made) == {"br", "identity"}


def test_the_longer_a_text_the_less_long_its_first_reader_waits():
    assert [best(length)["br"] for length in (0, LONG, LONG + 1, VERY_LONG, VERY_LONG + 1)] == [11, 11, 10, 10, 5]
