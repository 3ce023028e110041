"""Times of the day, as people write them and as the screen shows them."""

from __future__ import annotations

from datetime import time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clinic.forms.times import in_words, shown
from clinic.hours import time_from


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *(("9", time(9)), ("09:00", time(9)), ("9:30", time(9, 30)), ("9.30", time(9, 30)), ("17:00:00", time(17))),
        *(("9 a.m.", time(9)), ("9am", time(9)), ("9 AM", time(9)), ("5 p.m.", time(17)), ("5:05PM", time(17, 5))),
        *(("12 p.m.", time(12)), ("12 a.m.", time(0)), ("12:30 am", time(0, 30)), ("9 p", time(21))),
        *(("noon", time(12)), ("Midday", time(12)), ("midnight", time(0)), ("17h30", time(17, 30))),
        (" 9  am ", time(9)),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it(text, meant):
    assert time_from(text) == meant


@pytest.mark.parametrize(
    "text", ["", "late", "24", "24:00", "9:60", "13 p.m.", "0 a.m.", "9-5", "9:3", "9 to 5", "٩", "-1", "9 a.m. p.m."]
)
def test_what_is_no_time_is_not_guessed(text):
    assert time_from(text) is None


@pytest.mark.parametrize("language", ["en-us", "de", "en-gb"])
@given(at=st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_what_the_screen_shows_is_read_back_as_the_same_time(language, at):
    with translation.override(language):
        assert time_from(shown(at)) == at


def test_times_of_a_day_are_one_line():
    assert in_words([(time(9), time(12)), (time(13, 30), time(17))]) == "9 a.m. to noon, 1:30 p.m. to 5 p.m."
    assert in_words([]) == "closed"
