"""The screen for a place: its facts, its week, the days that differ."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError

from clinic import actions
from clinic.forms import LocationForm
from clinic.hours import SpecialDays, schedule_of
from clinic.models import Location
from tests import public
from tests.education.desk import facts, signed_in, url
from tests.html import Page

NOW = datetime(2026, 3, 6, 12, tzinfo=ZoneInfo("America/New_York"))
MORNING, AFTERNOON = (time(9), time(12, 30)), (time(13, 30), time(17))
OVER = SpecialDays(date(2026, 2, 2), date(2026, 2, 3), (), "Over")
EASTER = SpecialDays(date(2026, 4, 3), date(2026, 4, 6), (), "Easter")

pytestmark = pytest.mark.usefixtures("_today")


@pytest.fixture
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(cast) -> Location:
    return public.place(cast["owner"], special_days=[OVER, EASTER])


@pytest.fixture
def editor(cast):
    return signed_in(cast["author"])


def change(place: Location) -> str:
    return url("clinic_location_change", place.pk)


def saved(place: Location):
    return schedule_of(Location.objects.get(pk=place.pk))


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return {name: list(said) for name, said in response.context["adminform"].form.errors.items()}


def shown(response) -> str:
    return response.content.decode()


# Who may


@pytest.mark.parametrize("who", ["reviewer", "front_desk"])
def test_others_read_a_place_and_its_hours_and_change_nothing(cast, place, who):
    client = signed_in(cast[who])
    read = Page(shown(client.get(change(place))))
    for words in ("7 Dock Street", "Open now, until 12:30 p.m.", "Sunday Closed", "Easter"):
        assert words in read.text
    assert 'name="hours-0-opens"' not in read.markup
    assert client.post(change(place), {"name": "Mine"}).status_code == 403
    assert client.get(url("clinic_location_add")).status_code == 403


def test_who_has_no_role_sees_no_place_and_nobody_deletes_one(cast, place):
    assert signed_in(cast["outsider"]).get(change(place)).status_code == 403
    address = url("clinic_location_delete", place.pk)
    assert signed_in(cast["owner"]).post(address, {"post": "yes"}).status_code == 403
    assert Location.objects.exists()


# What is refused


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"hours-2-opens": "late"}, "hours-2-opens", "such as 9, 9:30 a.m., 5 p.m. or 17:00"),
        ({"hours-6-opens": "9"}, "hours-6-closes", "Write when it closes"),
        ({"hours-6-closes": "9"}, "hours-6-opens", "Write when it opens"),
        ({"hours-6-opens_again": "9", "hours-6-closes_again": "10"}, "hours-6-opens", "Write the first times here"),
        ({"hours-0-closes_again": ""}, "hours-0-closes_again", "Write when it closes again"),
        ({"hours-6-opens": "9", "hours-6-closes": "5"}, "hours-6-closes", "later than the one at “opens”"),
        ({"hours-0-opens_again": "12:30"}, "hours-0-opens_again", "later than the one at “closes”"),
        ({"special-1-reason": "Fair"}, "special-1-first_day", "Write the first day"),
        ({"special-1-opens": "9", "special-1-closes": "10"}, "special-1-first_day", "Write the first day"),
        ({"special-1-first_day": "tomorrow"}, "special-1-first_day", "such as 2027-12-24"),
        ({"special-1-first_day": "2026-04-03"}, "special-1-first_day", "begins on the same day"),
        ({"special-1-first_day": "2025-12-24"}, "special-1-first_day", "This is over"),
        ({"special-0-last_day": "2026-04-01"}, "special-0-last_day", "comes before the first"),
        ({"special-0-last_day": "2062-04-06"}, "special-0-last_day", "longer than a year"),
        ({"special-0-opens": "9", "special-0-closes": "8"}, "special-0-closes", "later than"),
        ({"point": "38.8977"}, "point", "two numbers with a comma between"),
        ({"point": "91, 0"}, "point", "two numbers with a comma between"),
        ({"point": "NaN, 1e9"}, "point", "two numbers with a comma between"),
        ({"point": "here, there"}, "point", "two numbers with a comma between"),
        ({"phone": "ask"}, "phone", "Write digits"),
        ({"name": ""}, "name", "Write the name of the place"),
        ({"name": "…"}, "name", "Write the name of the place"),
        ({"postal_address": " "}, "postal_address", "as it stands on an envelope"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(editor, place, typed, field, words):
    before = saved(place)
    response = editor.post(change(place), facts(editor, change(place), directions="Ring thrice.", **typed))
    found = errors(response)
    assert list(found) == [field]
    assert words in found[field][0]
    read = Page(shown(response))
    assert "There is a problem" in read.text
    assert any(href == f"#id_{field}" for href, _ in read.links)
    assert "Ring thrice." in read.markup
    for name, value in typed.items():
        kept = response.context["adminform"].form[name].value()
        assert kept == value
    assert saved(place) == before


def test_every_row_that_is_wrong_is_named_at_once(editor, place):
    typed = {"hours-0-closes": "8", "hours-6-opens": "x", "special-2-reason": "Fair"}
    response = editor.post(change(place), facts(editor, change(place), **typed))
    assert set(errors(response)) == {"hours-0-closes", "hours-6-opens", "special-2-first_day"}


def test_a_database_that_cannot_write_loses_nothing(editor, place, monkeypatch):
    def locked(*args, **kwargs):
        raise DatabaseError

    sent = facts(editor, change(place), **{"hours-6-opens": "10", "hours-6-closes": "noon"})
    monkeypatch.setattr(actions, "save_location", locked)
    response = editor.post(change(place), sent)
    assert "could not save this just now" in shown(response)
    assert 'value="noon"' in shown(response)


def test_what_was_typed_is_shown_to_whose_sign_in_ran_out(editor, place):
    sent = facts(editor, change(place), **{"special-1-reason": "Summer fair"})
    editor.logout()
    response = editor.post(change(place), sent)
    assert response.status_code == 403
    assert "Summer fair" in shown(response)


# What is saved


def test_a_new_place_is_saved_whole(editor):
    sent = {
        **{"name": "River Street", "slug": "river-street", "postal_address": "1 River Street", "position": "3"},
        **{"point": "(38.8977, -77.0365)", "step_free": "no", "time_zone": "Europe/London", "is_shown": "on"},
        **{"hours-1-opens": "9", "hours-1-closes": "12:30pm"},
        **{"hours-1-opens_again": "13:30", "hours-1-closes_again": "5 p.m."},
        **{"special-0-first_day": "2026-05-01"},
        **{"special-1-first_day": "2026-12-24", "special-1-last_day": "2026-12-26"},
        **{"special-1-reason": "Christmas", "special-1-opens": "10 AM", "special-1-closes": "noon"},
    }  # fmt: skip
    assert editor.post(url("clinic_location_add"), sent).status_code == 302
    made = Location.objects.get()
    assert (made.point, made.step_free, made.position) == ("38.8977, -77.0365", "no", 3)
    assert made.get_absolute_url() == "/#place-river-street"
    assert saved(made).zone == ZoneInfo("Europe/London")
    assert saved(made).weekdays == {1: (MORNING, AFTERNOON)}
    assert saved(made).special_days == (
        SpecialDays(date(2026, 5, 1), date(2026, 5, 1)),
        SpecialDays(date(2026, 12, 24), date(2026, 12, 26), ((time(10), time(12)),), "Christmas"),
    )


def test_saving_what_the_screen_shows_changes_nothing(editor, place):
    before = saved(place)
    assert editor.post(change(place), facts(editor, change(place))).status_code == 302
    assert saved(place) == before


def test_days_that_are_over_are_not_shown_and_stay(editor, place):
    response = editor.get(change(place))
    assert "Over" not in shown(response)
    assert 'value="2026-04-03"' in shown(response)
    again = {"special-1-first_day": "2026-03-09"}
    assert editor.post(change(place), facts(editor, change(place), **again)).status_code == 302
    assert [special.first for special in saved(place).special_days] == [OVER.first, date(2026, 3, 9), EASTER.first]


def test_a_day_that_is_over_gives_way_to_one_that_begins_with_it(editor, cast):
    place = public.place(cast["owner"], special_days=[SpecialDays(date(2026, 3, 5), date(2026, 3, 5), (), "Flood")])
    longer = {"special-0-first_day": "2026-03-05", "special-0-last_day": "2026-03-09"}
    assert editor.post(change(place), facts(editor, change(place), **longer)).status_code == 302
    assert saved(place).special_days == (SpecialDays(date(2026, 3, 5), date(2026, 3, 9)),)


def test_a_row_goes_by_its_tick_even_when_something_in_it_is_wrong(editor, place):
    sent = facts(editor, change(place), **{"special-0-remove": "on", "special-0-opens": "x"})
    assert editor.post(change(place), sent).status_code == 302
    assert saved(place).special_days == (OVER,)


def test_there_are_three_empty_rows_after_each_saving(editor, place):
    for kept in (1, 4, 7):
        rows = editor.get(change(place)).context["adminform"].form.special_rows
        assert len(rows) == kept + 3
        more = {f"special-{kept + number}-first_day": f"2026-{kept + 4:02d}-2{number}" for number in range(3)}
        assert editor.post(change(place), facts(editor, change(place), **more)).status_code == 302
    assert len(saved(place).special_days) == 11


def test_the_address_on_the_site_stays(editor, place):
    assert 'name="slug"' not in shown(editor.get(change(place)))
    assert editor.post(change(place), facts(editor, change(place), slug="elsewhere")).status_code == 302
    assert Location.objects.get().slug == "dock-street"


def test_two_places_do_not_have_one_address(editor, place):
    sent = {"name": "Another", "slug": "dock-street", "postal_address": "x", "position": "0"}
    assert errors(editor.post(url("clinic_location_add"), sent)) == {"slug": [actions.places.SLUG_TAKEN]}


# Two people at once


def test_hours_that_somebody_else_changed_are_not_overwritten_unseen(editor, cast, place):
    typed = facts(editor, change(place), **{"hours-0-opens": "8", "special-0-reason": "Spring"})
    public_days = [SpecialDays(date(2026, 3, 9), date(2026, 3, 9), (), "Harbor Day"), EASTER]
    actions.save_location(place, by=cast["owner"], hours={0: (AFTERNOON,)}, special_days=public_days)
    response = editor.post(change(place), typed)
    assert "Somebody else saved this" in shown(response)
    theirs = {one.label: one.value for one in response.context["adminform"].form.theirs}
    assert theirs["Monday"] == "1:30 p.m. to 5 p.m."
    assert "Harbor Day" in theirs["Days that differ"]
    assert response.context["adminform"].form["hours-0-opens"].value() == "8"
    assert saved(place).weekdays == {0: (AFTERNOON,)}
    again = {**typed, "opened": response.context["adminform"].form.opened}
    assert editor.post(change(place), again).status_code == 302
    assert saved(place).weekdays[0] == ((time(8), time(12, 30)), AFTERNOON)
    assert [special.reason for special in saved(place).special_days] == ["Spring"]


def test_the_point_that_somebody_else_changed_is_not_overwritten_unseen(editor, cast, place):
    typed = facts(editor, change(place), point="1, 1")
    other = facts(signed_in(cast["colleague"]), change(place), point="2, 2")
    assert signed_in(cast["colleague"]).post(change(place), other).status_code == 302
    response = editor.post(change(place), typed)
    assert [(one.label, one.value) for one in response.context["adminform"].form.theirs] == [
        ("Point on the map", "2, 2")
    ]


def test_what_others_left_alone_is_no_conflict(editor, cast, place):
    typed = facts(editor, change(place), **{"hours-0-opens": "8"})
    place.directions = "Ring."
    hours = saved(place).weekdays
    actions.save_location(place, by=cast["owner"], hours=hours, special_days=[OVER, EASTER])
    response = editor.post(change(place), {**typed, "directions": "Ring."})
    assert response.status_code == 302


# The screen


def test_every_field_of_the_screen_has_a_label_and_every_row_a_name(editor, place):
    for address in (change(place), url("clinic_location_add")):
        read = Page(shown(editor.get(address)))
        # Buttons, and Django's filter beside the screen, have their names in another way.
        ours = [fault for fault in read.faults() if not fault.startswith(("None ", "_"))]
        assert [fault for fault in ours if "no label" in fault or "stands" in fault] == []
        assert sum(tag == "legend" for tag, _ in read.elements) == len(
            [one for tag, one in read.elements if tag == "fieldset" and "entry" in str(one.get("class"))]
        )


def test_a_zone_that_is_not_offered_any_more_stays(cast, place):
    Location.objects.update(time_zone="US/Eastern")
    form = LocationForm(instance=Location.objects.get())
    assert ("US/Eastern", "US/Eastern") in form.fields["time_zone"].choices


def test_the_list_says_how_each_place_stands_and_asks_the_same_for_many(cast, place, django_assert_max_num_queries):
    owner = signed_in(cast["owner"])
    for number in range(8):
        public.place(cast["owner"], {}, slug=f"more-{number}", name=f"More {number}")
    with django_assert_max_num_queries(8):
        response = owner.get(url("clinic_location_changelist"))
    assert "Open now, until 12:30 p.m." in shown(response)
    assert "No hours yet" in shown(response)
