"""What pages say of the clinic's places."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone, translation

from clinic.hours import DEFAULT_SCHEDULE, Schedule, SpecialDays, clinic_schedule, schedule_of
from clinic.models import Location
from clinic.places import first_schedule, map_url, place_of, status_line, timetable
from tests import public
from tests.html import get, page

NEW_YORK = ZoneInfo("America/New_York")
SCRIPT = "<script>alert(1)</script>"
MORNING, AFTERNOON = (time(9), time(12, 30)), (time(13, 30), time(17))
WEEK = dict.fromkeys(range(5), (MORNING, AFTERNOON))
FRIDAY_NOON = datetime(2026, 3, 6, 12, tzinfo=NEW_YORK)


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK)


# Now


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (at(6, 10), "Open now, until 12:30 p.m."),
        (at(6, 12, 45), "Closed now, opens at 1:30 p.m."),
        (at(5, 20), "Closed now, opens tomorrow at 9 a.m."),
        (at(6, 17), "Closed now, opens on Monday at 9 a.m."),
        (at(7, 3), "Closed now, opens on Monday at 9 a.m."),
        (at(18, 12), "Closed now, opens on Wednesday, April 1 at 9 a.m."),
    ],
)
def test_the_status_says_until_or_from_when(now, words):
    away = SpecialDays(date(2026, 3, 18), date(2026, 3, 31))
    assert status_line(Schedule(NEW_YORK, WEEK, (away,)), now) == words


def test_the_status_of_a_place_that_opens_at_no_time_soon_names_none():
    once = SpecialDays(date(2026, 12, 1), date(2026, 12, 1), (MORNING,))
    assert status_line(Schedule(NEW_YORK, {}, (once,)), FRIDAY_NOON) == "Closed now"
    assert status_line(Schedule(NEW_YORK), FRIDAY_NOON) == ""


def test_times_are_written_as_the_language_writes_them():
    schedule = Schedule(NEW_YORK, {4: ((time(9), time(12)), (time(13, 30), time(17)))})
    assert timetable(schedule, FRIDAY_NOON).days[4].times == ["9 a.m. to noon", "1:30 p.m. to 5 p.m."]
    with translation.override("de"):
        assert timetable(schedule, FRIDAY_NOON).days[4].times == ["09:00 to 12:00", "13:30 to 17:00"]


def test_today_is_marked_by_the_clocks_of_the_place():
    """On Friday evening in New York it is Saturday in Kathmandu."""
    now = at(6, 20)
    for zone, today in ((NEW_YORK, "Friday"), (ZoneInfo("Asia/Kathmandu"), "Saturday")):
        found = timetable(Schedule(zone, WEEK), now)
        assert [day.name for day in found.days if day.today] == [today]
    assert found.zone == "Asia/Kathmandu"


def test_on_a_day_that_differs_its_weekday_is_not_marked_as_today():
    closed = SpecialDays(date(2026, 3, 6), date(2026, 3, 6))
    found = timetable(Schedule(NEW_YORK, WEEK, (closed,)), FRIDAY_NOON)
    assert [day.name for day in found.days if day.today] == []
    assert [(day.name, day.times, day.today) for day in found.exceptions] == [("Friday, March 6", [], True)]


# Days that differ


def test_days_that_differ_are_shown_for_sixty_days_and_said_first_in_the_last_week():
    days = [
        SpecialDays(date(2026, 3, 1), date(2026, 3, 5), (), "over"),
        SpecialDays(date(2026, 3, 13), date(2026, 3, 13), (MORNING,), "course"),
        SpecialDays(date(2026, 3, 14), date(2026, 3, 16), (), "too far for a notice"),
        SpecialDays(date(2026, 5, 4), date(2026, 5, 9), (), "fifty-nine days ahead"),
        SpecialDays(date(2026, 5, 10), date(2026, 5, 10), (), "too far"),
    ]
    place = place_of(Location(name="x"), Schedule(NEW_YORK, WEEK, tuple(days)), FRIDAY_NOON)
    assert [(near.name, near.reason) for near in place.near] == [("Other hours on Friday, March 13", "course")]
    assert place.timetable
    assert [(day.name, day.times, day.reason) for day in place.timetable.exceptions] == [
        ("Friday, March 13", ["9 a.m. to 12:30 p.m."], "course"),
        ("March 14 to March 16", [], "too far for a notice"),
        ("May 4 to May 9", [], "fifty-nine days ahead"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "spans", "words"),
    [
        (6, 6, (), "Closed today"),
        (6, 6, (MORNING,), "Other hours today"),
        (2, 6, (), "Closed today"),
        (2, 9, (), "Closed until Monday, March 9"),
        (6, 9, (MORNING,), "Other hours until Monday, March 9"),
        (9, 9, (), "Closed on Monday, March 9"),
        (9, 20, (), "Closed from March 9 to March 20"),
        (9, 20, (MORNING,), "Other hours from March 9 to March 20"),
    ],
)
def test_a_notice_says_from_and_until_when_it_holds(first, last, spans, words):
    special = SpecialDays(date(2026, 3, first), date(2026, 3, last), spans)
    place = place_of(Location(name="x"), Schedule(NEW_YORK, WEEK, (special,)), FRIDAY_NOON)
    assert [near.name for near in place.near] == [words]


def test_a_day_inside_a_longer_exception_is_shown_by_itself():
    away = SpecialDays(date(2026, 3, 9), date(2026, 3, 13), (), "away")
    back = SpecialDays(date(2026, 3, 11), date(2026, 3, 11), (MORNING,), "back")
    found = timetable(Schedule(NEW_YORK, WEEK, (away, back)), FRIDAY_NOON).exceptions
    assert [(day.name, day.reason) for day in found] == [
        ("March 9 to March 10", "away"),
        ("Wednesday, March 11", "back"),
        ("March 12 to March 13", "away"),
    ]


# The map


def test_a_point_opens_the_map_there_and_without_one_it_looks_for_the_address():
    place = Location(postal_address='7 Dock "Street" & Co?\nExampleton', latitude=Decimal("38.897700"), longitude=-77)
    place.longitude = Decimal("-77.000000")
    assert map_url(place) == "geo:38.8977,-77"
    place.latitude = place.longitude = None
    assert map_url(place) == "geo:0,0?q=7%20Dock%20%22Street%22%20%26%20Co%3F%2C%20Exampleton"


# The home page


@pytest.fixture
def clinic(cast):
    return public.clinic(cast["owner"], phone="(202) 555-0142", email="hello@clinic.example", tagline="Skin")


def test_without_a_place_the_home_page_says_nothing_of_one(client, clinic):
    read = page(get(client, "/"))
    assert "Where and when" not in read.text
    assert "(202) 555-0142" in read.text


@time_machine.travel(FRIDAY_NOON.astimezone(UTC), tick=False)
def test_the_home_page_says_where_and_when_and_how_to_get_in(client, clinic, cast):
    holiday = SpecialDays(date(2026, 3, 9), date(2026, 3, 9), (), "Harbor Day")
    public.place(
        cast["owner"],
        special_days=[holiday],
        phone="(202) 555-0143",
        directions="Ring twice.",
        **{"step_free": "yes", "parking": "partly", "hearing_loop": "no", "access_note": "The lift is narrow."},
    )
    read = page(get(client, "/"))
    for words in (
        *(
            "Dock Street",
            "7 Dock Street Exampleton",
            "Open now, until 12:30 p.m.",
            "Closed on Monday, March 9: Harbor Day",
        ),
        *(
            "Monday 9 a.m. to 12:30 p.m. 1:30 p.m. to 5 p.m.",
            "Saturday Closed",
            "Step-free way in Yes",
            "Parking In part",
        ),
        *("Hearing loop No", "The lift is narrow.", "Ring twice."),
    ):
        assert words in read.text, words
    assert read.link("Open in your map application: Dock Street") == "geo:0,0?q=7%20Dock%20Street%2C%20Exampleton"
    assert read.link("(202) 555-0143") == "tel:2025550143"
    assert read.ids["place-dock-street"] == 1


def test_a_place_of_which_nothing_more_is_known_shows_its_address_alone(client, clinic, cast):
    public.place(cast["owner"], {})
    read = page(get(client, "/"))
    assert "7 Dock Street" in read.text
    assert not {"Opening hours", "Access", "How to get there"} & {words for _, words in read.headings}
    assert "Closed" not in read.text


def test_a_place_that_is_not_shown_is_nowhere(client, clinic, cast):
    public.place(cast["owner"], is_shown=False)
    assert "Dock Street" not in get(client, "/").content.decode()


def test_a_place_in_another_time_zone_says_so(client, clinic, cast):
    public.place(cast["owner"], time_zone="Asia/Kathmandu")
    assert "All times are local time there (Asia/Kathmandu)." in page(get(client, "/")).text


def test_nothing_that_staff_write_of_a_place_becomes_markup(client, clinic, cast):
    facts = dict.fromkeys(("name", "postal_address", "directions", "access_note"), f'x{SCRIPT}" &')
    today = timezone.localdate()
    public.place(cast["owner"], special_days=[SpecialDays(today, today, (), SCRIPT)], **facts)
    read = page(get(client, "/"))
    assert read.text.count(SCRIPT) >= 5
    assert json.loads(read.data[0])["address"] == f'x{SCRIPT}" &'


def test_the_home_page_asks_the_same_for_many_places_as_for_two(client, clinic, cast, django_assert_num_queries):
    with django_assert_num_queries(4):
        get(client, "/")
    for number in range(2):
        public.place(cast["owner"], slug=f"p-{number}")
    with django_assert_num_queries(6):
        get(client, "/")
    for number in range(2, 9):
        public.place(cast["owner"], slug=f"p-{number}", special_days=[SpecialDays(date(2026, 1, 1), date(2026, 1, 2))])
    with django_assert_num_queries(6):
        get(client, "/")


def test_another_page_shows_a_place_by_the_tag_without_a_query(clinic, cast, django_assert_num_queries):
    public.place(cast["owner"])
    template = Template(
        "{% load places %}{% place location as shown %}"
        '{% include "components/place.html" with place=shown heading_level=3 only %}'
    )
    location = Location.objects.with_hours().get()
    with django_assert_num_queries(0):
        shown = template.render(Context({"location": location}))
    assert "Dock Street" in shown


def test_the_tag_for_all_places_leaves_out_those_that_are_not_shown(clinic, cast):
    public.place(cast["owner"])
    public.place(cast["owner"], slug="hidden", is_shown=False)
    rendered = Template(
        "{% load places %}{% every_place as all %}{% for one in all %}{{ one.location.slug }} {% endfor %}"
    )
    assert rendered.render(Context()) == "dock-street "


def test_the_home_page_leads_to_providers_prices_and_the_consultation(client, clinic):
    read = page(get(client, "/"))
    assert read.link("Who would treat you") == read.link("Providers") == "/providers/"
    assert read.link("What it costs in all") == read.link("Prices") == "/prices/"
    assert read.link("Ask for a consultation") == read.link("Consultation") == "/consultation/"


# Until when an answer is promised


def test_the_hours_that_count_are_those_of_the_first_place_that_has_any_as_everywhere_else(db):
    assert first_schedule() is DEFAULT_SCHEDULE
    near, later = (
        Location.objects.create(slug=name, name=name, postal_address="x", position=position)
        for position, name in enumerate(("near", "later"))
    )
    near.special_days.create(first_day=date(2026, 3, 9), last_day=date(2026, 3, 9), opens=time(9), closes=time(10))
    assert first_schedule() is DEFAULT_SCHEDULE
    later.weekday_hours.create(weekday=2, opens=time(9), closes=time(10))
    assert first_schedule() == clinic_schedule() == schedule_of(later)
