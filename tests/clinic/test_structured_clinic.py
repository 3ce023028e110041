"""What machines read of the clinic on the home page is what people read there."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils.formats import time_format

from clinic.hours import SpecialDays, schedule_of
from clinic.places import timetable
from tests import public
from tests.html import Page, get, page

MORNING, AFTERNOON = (time(9), time(12, 30)), (time(13, 30), time(17))
WEEK = dict.fromkeys(range(5), (MORNING, AFTERNOON))
FRIDAY_NOON = datetime(2026, 3, 6, 12, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture
def clinic(cast):
    return public.clinic(cast["owner"], phone="(202) 555-0142", email="hello@clinic.example", tagline="Skin")


def facts_for_machines(client) -> dict:
    read = Page(get(client, "/").content.decode())
    assert len(read.data) == 1
    return json.loads(read.data[0])


def test_machines_read_of_a_clinic_without_a_place_what_the_page_says(client, clinic, settings):
    assert facts_for_machines(client) == {
        "@context": "https://schema.org",
        "@type": "MedicalClinic",
        "name": "Test Clinic",
        "description": "Skin",
        "url": f"{settings.SITE_URL}/",
        "telephone": "(202) 555-0142",
        "email": "hello@clinic.example",
    }


def words_of(opening: dict) -> str:
    opens, closes = (time_format(time.fromisoformat(opening[name])) for name in ("opens", "closes"))
    return f"{opens} to {closes}"


@time_machine.travel(FRIDAY_NOON.astimezone(UTC), tick=False)
def test_machines_read_of_a_single_place_what_the_page_says(client, clinic, cast, settings):
    days = [
        SpecialDays(date(2026, 3, 9), date(2026, 3, 10), (), "Harbor Day"),
        SpecialDays(date(2026, 3, 13), date(2026, 3, 13), (MORNING,)),
        SpecialDays(date(2026, 8, 1), date(2026, 8, 1)),
    ]
    hours = {**WEEK, 5: (MORNING,)}
    place = public.place(
        cast["owner"], hours, days, latitude=Decimal("38.8977"), longitude=Decimal("-77.0365"), phone="(202) 555-0143"
    )
    found, read = facts_for_machines(client), page(get(client, "/"))
    assert found["url"] == f"{settings.SITE_URL}/"
    assert found["name"] in read.text
    assert found["telephone"] in read.text
    assert found["address"] == "7 Dock Street, Exampleton"
    assert "7 Dock Street Exampleton" in read.text
    point = found["geo"]
    assert f"geo:{point['latitude']},{point['longitude']}" in {href for href, _ in read.links}
    for opening in found["openingHoursSpecification"]:
        for day in opening["dayOfWeek"]:
            shown = next(one for one in timetable(schedule_of(place), FRIDAY_NOON).days if one.name == day)
            assert words_of(opening) in shown.times
            assert words_of(opening) in read.text
    assert sum(len(one["dayOfWeek"]) for one in found["openingHoursSpecification"]) == 11
    assert found["specialOpeningHoursSpecification"] == [
        {
            **{"@type": "OpeningHoursSpecification", "opens": "00:00", "closes": "00:00"},
            **{"description": "Harbor Day", "validFrom": "2026-03-09", "validThrough": "2026-03-10"},
        },
        {
            **{"@type": "OpeningHoursSpecification", "opens": "09:00", "closes": "12:30"},
            **{"validFrom": "2026-03-13", "validThrough": "2026-03-13"},
        },
    ]
    assert "March 9 to March 10: Harbor Day Closed" in read.text
    assert "Friday, March 13 9 a.m. to 12:30 p.m." in read.text


def test_a_clinic_without_a_number_of_its_own_has_that_of_its_single_place(client, cast):
    public.clinic(cast["owner"])
    public.place(cast["owner"], phone="(202) 555-0143")
    assert facts_for_machines(client)["telephone"] == "(202) 555-0143"


def test_machines_read_several_places_as_departments(client, clinic, cast, settings):
    public.place(cast["owner"])
    public.place(cast["owner"], {}, slug="river", name="River Street", phone="(202) 555-0144", position=1)
    found = facts_for_machines(client)
    assert "address" not in found
    assert [one["name"] for one in found["department"]] == ["Dock Street", "River Street"]
    assert "openingHoursSpecification" not in found["department"][1]
    assert [one.get("telephone") for one in found["department"]] == [None, "(202) 555-0144"]
    assert found["department"][0]["url"] == f"{settings.SITE_URL}/#place-dock-street"
