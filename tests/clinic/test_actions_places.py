"""Saving a place: all of it or nothing, and each refusal at the field that it concerns."""

from __future__ import annotations

import logging
from datetime import date, time
from decimal import Decimal

import pytest

from clinic import actions
from clinic.hours import SpecialDays, schedule_of
from clinic.models import Location, SpecialDay, WeekdayHours
from education.actions import Refused
from education.rules import NotPermitted

MORNING, AFTERNOON = (time(9), time(12, 30)), (time(13, 30), time(17))
CHRISTMAS = SpecialDays(date(2026, 12, 24), date(2026, 12, 25), (), "Christmas")


def place(**facts) -> Location:
    return Location(**{"slug": "harbor-lane", "name": "Harbor Lane", "postal_address": "12 Harbor Lane", **facts})


def save(by, location: Location | None = None, hours=None, special_days=()) -> Location:
    return actions.save_location(location or place(), by=by, hours=hours or {}, special_days=special_days)


@pytest.mark.parametrize("who", ["reviewer", "front_desk", "outsider"])
def test_only_editors_and_the_owner_save_a_place(cast, who):
    with pytest.raises(NotPermitted, match="add a place"):
        save(cast[who])
    kept = save(cast["author"])
    with pytest.raises(NotPermitted, match="change a place"):
        save(cast[who], kept)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("name", {"name": " … "}),
        ("postal_address", {"postal_address": " \n "}),
        ("slug", {"slug": ""}),
        ("slug", {"slug": "Harbor Lane"}),
        ("slug", {"slug": "harbor-lane\n"}),
        ("point", {"latitude": Decimal("38.9")}),
        ("point", {"longitude": Decimal("-77")}),
        ("point", {"latitude": Decimal("90.1"), "longitude": Decimal("0")}),
        ("point", {"latitude": Decimal("0"), "longitude": Decimal("-180.1")}),
        ("phone", {"phone": "ask for Kim"}),
        ("time_zone", {"time_zone": "Exampleton"}),
    ],
)
def test_a_fact_that_patients_could_not_use_is_refused_at_its_field(cast, field, facts):
    with pytest.raises(Refused) as refusal:
        save(cast["author"], place(**facts))
    assert refusal.value.field == field
    assert not Location.objects.exists()


def test_two_places_do_not_have_one_address_on_the_site(cast):
    save(cast["author"])
    with pytest.raises(Refused) as refusal:
        save(cast["author"])
    assert refusal.value.field == "slug"


def test_the_address_on_the_site_stays(cast):
    kept = save(cast["author"])
    kept.slug = "river-street"
    with pytest.raises(Refused, match="stays") as refusal:
        save(cast["author"], kept)
    assert refusal.value.field == "slug"


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ([(time(9), time(9))], "closes"),
        ([(time(9), time(5))], "closes"),
        ([MORNING, (time(12, 30), time(17))], "opens_again"),
        ([MORNING, (time(1, 30), time(17))], "opens_again"),
        ([MORNING, (time(13, 30), time(5))], "closes_again"),
        ([MORNING, AFTERNOON, (time(18), time(19))], "opens_again"),
    ],
)
def test_times_that_do_not_follow_each_other_are_refused_and_nothing_is_changed(cast, times, field):
    kept = save(cast["author"], hours={0: [MORNING]}, special_days=[CHRISTMAS])
    for hours, special_days, at in (
        ({0: [MORNING], 4: times}, [], f"hours-4-{field}"),
        ({}, [CHRISTMAS, SpecialDays(date(2027, 1, 1), date(2027, 1, 1), tuple(times))], f"special-1-{field}"),
    ):
        kept.name = "Changed"
        with pytest.raises(Refused) as refusal:
            save(cast["author"], kept, hours, special_days)
        assert refusal.value.field == at
        assert WeekdayHours.objects.count() == SpecialDay.objects.count() == 1
        assert Location.objects.get().name == "Harbor Lane"


@pytest.mark.parametrize(
    ("special", "field"),
    [
        (SpecialDays(date(2026, 12, 26), date(2026, 12, 25)), "special-1-last_day"),
        (SpecialDays(date(2026, 12, 26), date(2062, 12, 27)), "special-1-last_day"),
        (SpecialDays(date(2026, 12, 24), date(2026, 12, 24), (MORNING,)), "special-1-first_day"),
    ],
)
def test_days_that_cannot_be_meant_are_refused(cast, special, field):
    with pytest.raises(Refused) as refusal:
        save(cast["author"], special_days=[CHRISTMAS, special])
    assert refusal.value.field == field
    assert not Location.objects.exists()


def test_a_place_is_saved_whole_and_read_back_as_it_was_given(cast, caplog, django_capture_on_commit_callbacks):
    facts = {"latitude": Decimal("38.897700"), "longitude": Decimal("-77"), "phone": " (202) 555-0143 "}
    with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
        kept = save(cast["author"], place(**facts), {0: [MORNING, AFTERNOON], 2: [MORNING], 3: []}, [CHRISTMAS])
    assert caplog.messages == [f"location {kept.pk} saved by account {cast['author'].pk}"]
    read = Location.objects.with_hours().get()
    assert (read.point, read.phone) == ("38.8977, -77", "(202) 555-0143")
    schedule = schedule_of(read)
    assert schedule.weekdays == {0: (MORNING, AFTERNOON), 2: (MORNING,)}
    assert schedule.special_days == (CHRISTMAS,)


def test_saving_again_replaces_hours_and_special_days(cast):
    kept = save(cast["author"], hours={0: [MORNING], 1: [MORNING]}, special_days=[CHRISTMAS])
    new_year = SpecialDays(date(2027, 1, 1), date(2027, 1, 3), (AFTERNOON,), "New Year")
    save(cast["author"], kept, {1: [AFTERNOON], 5: [MORNING]}, [new_year])
    schedule = schedule_of(Location.objects.get())
    assert schedule.weekdays == {1: (AFTERNOON,), 5: (MORNING,)}
    assert schedule.special_days == (new_year,)


def test_a_day_inside_a_longer_exception_may_differ_again(cast):
    save(cast["author"], special_days=[CHRISTMAS, SpecialDays(date(2026, 12, 25), date(2026, 12, 25), (MORNING,))])
    assert SpecialDay.objects.count() == 2
