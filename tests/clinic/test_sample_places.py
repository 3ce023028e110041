"""The sample's place: read from its file, made up, and each mistake in the file named with its line."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from clinic.hours import schedule_of
from clinic.models import Location
from clinic.sample import places
from education.guide_files import MalformedFile
from tests.html import get, page

SAMPLE = Path(settings.BASE_DIR) / "sample"
PLACE = '[[places]]\nslug = "dock"\nname = "Dock Street"\npostal_address = "7 Dock Street"\n'


def load(tmp_path: Path, cast, text: str) -> None:
    (tmp_path / places.FILE).write_text(text, encoding="utf-8")
    places.load(tmp_path, by=cast["owner"])


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (PLACE + "colour = 1", 5, "“colour” is not known here"),
        (PLACE + 'step_free = "maybe"', 5, "“maybe” is no value of step_free"),
        (PLACE + 'phone = "ask"', 5, "Write digits"),
        (PLACE + '[[hours]]\nplace = "dock"\ndays = ["someday"]', 7, "“someday” is no day"),
        (PLACE + '[[hours]]\nplace = "pier"\ndays = ["monday"]', 6, "there is no place “pier”"),
        (PLACE + '[[hours]]\nplace = "dock"\ndays = ["monday", "monday"]', 7, "monday has its hours already"),
        (PLACE + '[[hours]]\nplace = "dock"\ndays = ["monday"]\nopens = "soon"', 8, "to be a time of the day"),
        (PLACE + '[[hours]]\nplace = "dock"\ndays = ["monday"]\nopens = "09:00"', 8, "a time of closing"),
        (PLACE + '[[special_days]]\nplace = "dock"\nfirst_day = "12-32"', 7, "a month and a day"),
        (PLACE + '[[special_days]]\nplace = "dock"\nfirst_day = "Christmas"', 7, "a month and a day"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(tmp_path, cast, text, line, words):
    with pytest.raises(MalformedFile) as refusal:
        load(tmp_path, cast, text)
    assert refusal.value.line == line
    assert words in refusal.value.expected


def test_times_that_do_not_follow_each_other_are_refused_with_the_actions_words(tmp_path, cast):
    hours = '[[hours]]\nplace = "dock"\ndays = ["monday"]\nopens = "09:00"\ncloses = "08:00"'
    with pytest.raises(MalformedFile, match="not later than"):
        load(tmp_path, cast, PLACE + hours)
    assert not Location.objects.exists()


def test_a_file_that_is_missing_is_named(tmp_path, cast):
    with pytest.raises(MalformedFile, match="missing"):
        places.load(tmp_path, by=cast["owner"])


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 3, 6), date(2026, 12, 24), date(2026, 12, 25)),
        (date(2026, 12, 24), date(2026, 12, 24), date(2026, 12, 25)),
        (date(2026, 12, 25), date(2027, 12, 24), date(2027, 12, 25)),
    ],
)
def test_the_exception_is_the_next_one_to_come(cast, today, first, last):
    with time_machine.travel(datetime(today.year, today.month, today.day, 17, tzinfo=UTC), tick=False):
        places.load(SAMPLE, by=cast["owner"])
    special = schedule_of(Location.objects.get()).special_days[0]
    assert (special.first, special.last, special.reason) == (first, last, "Christmas")


def test_the_sample_has_one_made_up_place_with_a_break_and_a_closed_sunday(cast, client):
    places.load(SAMPLE, by=cast["owner"])
    place = Location.objects.get()
    assert "Exampleton" in place.postal_address
    assert re.search(r"555-01\d\d\Z", place.phone)
    week = schedule_of(place).weekdays
    assert len(week[0]) == 2
    assert set(week) == set(range(6))
    read = page(get(client, "/"))
    for words in ("12 Harbor Lane", "Sunday Closed", "Hearing loop No"):
        assert words in read.text
