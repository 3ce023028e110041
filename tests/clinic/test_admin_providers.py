"""Providers in the admin: the whole profile on one screen, nothing typed is lost, nobody is overwritten unseen."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from clinic import actions
from clinic.forms.providers import CHOOSE_AGAIN
from clinic.models import Location, PerformedProcedure, Provider
from education.models import Guide
from tests import builders, profiles
from tests.education.desk import facts, signed_in, url
from tests.html import get
from tests.pictures import png

ADD = "clinic_provider_add"
LEFT = date(2021, 5, 1)


@pytest.fixture
def author(cast) -> Client:
    return signed_in(cast["author"])


@pytest.fixture
def procedure(cast) -> Guide:
    return builders.guide(cast["author"], kind="procedure")


@pytest.fixture
def place(db) -> Location:
    return profiles.location()


@pytest.fixture
def robin(cast, procedure, place) -> Provider:
    return profiles.known(cast, procedure, place)


def change(provider: Provider) -> str:
    return url("clinic_provider_change", provider.pk)


def sent(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """Return what the form sends as it was opened, but for these changes: a name for each control of a row."""
    values = facts(client, address)
    rows = {name: changes.pop(name, values.pop(name) or []) for name in ("languages", "performed")}
    for name in rows:
        values.pop(name, None)
    values["locations"] = [getattr(one, "pk", one) for one in values["locations"]]
    for name, found in rows.items():
        for number, row in enumerate(found):
            values |= {f"{name}-{number}-{column}": "" if one is None else one for column, one in row.items()}
    return {**values, **changes}


DRAWING = {"photo": SimpleUploadedFile("a.svg", b"<svg/>"), "photo_alternative_text": "A"}
NEW = {"name": "Maya Invented", "slug": "maya", "role": "doctor"}


# Refusals


@pytest.mark.parametrize(("who", "status"), [("reviewer", 200), ("front_desk", 200), ("outsider", 403)])
def test_others_read_the_screen_or_nothing_and_change_nothing(cast, robin, who, status):
    other = signed_in(cast[who])
    response = get(other, change(robin), status)
    if status == 200:
        text = response.content.decode()
        assert "Spanish, English" in text
        assert "Cold therapy" in text
        for absent in ('type="file"', "Write it as you write", "<iframe", "languages-0"):
            assert absent not in text
    assert other.post(change(robin), {"name": "Mine"}).status_code == 403
    assert get(other, url(ADD), 403)
    assert other.post(url("clinic_provider_delete", robin.pk), {"post": "yes"}).status_code == 403
    assert Provider.objects.get().name == "Robin Sample"


def test_nothing_is_deleted_by_anybody(cast, robin):
    assert signed_in(cast["owner"]).post(url("clinic_provider_delete", robin.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "Give the provider&#x27;s name."),
        ({"role": ""}, "role", "Say what the provider is"),
        ({"licence_url": "not an address"}, "licence_url", "Write the web address of a page"),
        ({"licence_url": "ftp://example.org"}, "licence_url", "begins with https://"),
        ({"visible_until": "2019-01-01"}, "visible_until", "before the one from which"),
        ({"visible_from": "soon"}, "visible_from", "year-month-day"),
        ({"languages": [{"code": "xx"}]}, "languages", "Language 1: choose one of the list."),
        ({"languages": [{"code": "en"}, {"code": "en"}]}, "languages", "A language stands here twice."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(author, robin, changes, field, words):
    typed = sent(author, change(robin), **{"biography": "Eleven years now.", **changes})
    response = author.post(change(robin), typed)
    text = response.content.decode()
    assert field in response.context["adminform"].form.errors
    assert words in text
    assert "Eleven years now.</textarea>" in text
    assert text.count("There is a problem") == 1
    robin.refresh_from_db()
    assert robin.biography == "Ten years."


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"guide": "", "since_year": "2015"}, "Procedure 2: choose the procedure."),
        ({"guide": "999", "since_year": ""}, "Procedure 2: choose a procedure of the list."),
        ({"since_year": "long ago"}, "Procedure 2: write a year such as 2015."),
        ({"since_year": "1066"}, "Procedure 2: write a year from 1950"),
        ({"treatments": "many"}, "Procedure 2: write a whole number of treatments."),
        ({"treatments": "400"}, "Procedure 2: a number of treatments goes with the day"),
        ({"treatments": "400", "counted_on": "spring"}, "Procedure 2: write the day as year-month-day"),
        ({"treatments": "9" * 30, "counted_on": "2024-01-01"}, "Procedure 2: write a number below a million."),
    ],
)
def test_a_row_says_by_its_number_what_is_wrong_and_keeps_what_was_typed(cast, author, robin, procedure, row, words):
    heat = builders.guide(cast["author"], title="Heat", slug="heat", kind="procedure")
    rows = [{"guide": procedure.pk}, {"guide": heat.pk, **row}]
    response = author.post(change(robin), sent(author, change(robin), performed=rows))
    text = response.content.decode()
    assert words in text
    for typed in row.values():
        assert f'value="{typed}"' in text or not typed or typed == "999" or typed == "spring"
    assert robin.performed.get().since_year == 2015


def test_a_photo_has_to_be_chosen_again_after_an_error_and_that_is_said(author, robin):
    upload = SimpleUploadedFile("robin.png", png(300, 300))
    typed = sent(author, change(robin), name="", photo=upload, photo_alternative_text="Robin")
    response = author.post(change(robin), typed)
    assert CHOOSE_AGAIN in response.context["adminform"].form.errors["photo"]


def test_a_locked_database_loses_nothing(author, robin, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    typed = sent(author, change(robin), biography="Eleven years now.", languages=[{"code": "fr"}])
    monkeypatch.setattr(actions, "save_provider", locked)
    text = author.post(change(robin), typed).content.decode()
    assert "The site could not save this just now." in text
    assert "Eleven years now.</textarea>" in text
    assert '<option value="fr" selected>' in text


def test_after_a_sign_in_ran_out_what_was_typed_is_shown(author, robin):
    typed = sent(author, change(robin), biography="Eleven years now.")
    response = Client().post(change(robin), typed)
    assert response.status_code == 403
    assert "Eleven years now." in response.content.decode()


def test_what_somebody_else_changed_is_shown_and_not_overwritten_unseen(author, cast, robin, procedure):
    typed = sent(author, change(robin), languages=[{"code": "fr"}], performed=[], locations=[], biography="Mine.")
    theirs = Provider.objects.get(pk=robin.pk)
    theirs.biography = "Theirs."
    row = PerformedProcedure(guide=procedure, since_year=2011, treatments=500, counted_on=date(2024, 6, 1))
    north = profiles.location("North")
    actions.save_provider(theirs, by=cast["colleague"], languages=["ar"], performed=[row], locations=[north])
    response = author.post(change(robin), typed)
    shown = {one.label: one.value for one in response.context["adminform"].form.theirs}
    assert shown == {
        "Biography": "Theirs.",
        "Languages spoken with patients": "Arabic",
        "Performs": "Cold therapy, since 2011, 500 treatments on 1 Jun 2024",
        "Works at": "North",
    }
    again = {**typed, "opened": response.context["adminform"].form.opened}
    assert author.post(change(robin), again).status_code == 302
    robin.refresh_from_db()
    assert robin.biography == "Mine."
    assert list(robin.spoken_languages.values_list("code", flat=True)) == ["fr"]


@pytest.mark.parametrize("number", ["9" * 20, "9" * 400])
def test_a_number_that_no_database_has_room_for_names_no_place(author, place, number):
    response = author.post(url(ADD), sent(author, url(ADD), **NEW, locations=[place.pk, number]))
    assert response.status_code == 200
    assert "is not one of the available choices" in response.content.decode()
    assert not Provider.objects.exists()


# What works


def test_a_provider_is_added_with_all_on_one_screen(author, cast, procedure, place):
    text = get(author, url(ADD)).content.decode()
    assert "set their last day here" in text
    typed = sent(
        author,
        url(ADD),
        **NEW,
        languages=[{"code": "es"}, {"code": ""}, {"code": "en"}],
        performed=[{"guide": procedure.pk, "since_year": "2012", "treatments": "", "counted_on": ""}],
        locations=[place.pk],
        account=cast["reviewer"].pk,
        accepts_new_patients="False",
        photo=SimpleUploadedFile("maya.png", png(400, 500)),
        photo_alternative_text="Maya in a white coat",
        photo_focal_point="top",
        licence_url="example.org/check",
    )
    assert author.post(url(ADD), typed).status_code == 302
    maya = Provider.objects.get()
    assert (maya.photo_width, maya.photo_focal_point, maya.accepts_new_patients) == (400, "top", False)
    assert maya.licence_url == "https://example.org/check"
    assert list(maya.spoken_languages.values_list("code", flat=True)) == ["es", "en"]
    assert maya.performed.get().since_year == 2012
    assert list(maya.locations.all()) == [place]
    assert maya.account == cast["reviewer"]
    assert LogEntry.objects.count() == 1


def test_a_screen_that_is_saved_as_it_was_opened_changes_nothing(author, robin):
    before = Provider.objects.values().get()
    assert author.post(change(robin), sent(author, change(robin))).status_code == 302
    assert Provider.objects.values().get() == before
    assert list(robin.spoken_languages.values_list("code", flat=True)) == ["es", "en"]
    assert robin.performed.get().treatments == 1400
    assert robin.locations.count() == 1


def test_the_address_stays(author, robin):
    typed = sent(author, change(robin), slug="elsewhere", name="Robin S. Sample")
    assert author.post(change(robin), typed).status_code == 302
    robin.refresh_from_db()
    assert (robin.slug, robin.name) == ("robin-sample", "Robin S. Sample")


def test_a_photo_is_seen_replaced_and_taken_away(author, robin):
    assert b"Take the photo away" not in get(author, change(robin)).content
    refused = author.post(
        change(robin),
        sent(author, change(robin), **DRAWING),
    )
    assert "can carry a program" in str(refused.context["adminform"].form.errors["photo"])
    unsaid = author.post(change(robin), sent(author, change(robin), photo=SimpleUploadedFile("a.png", png(300, 300))))
    assert "Say what the photo shows" in str(unsaid.context["adminform"].form.errors["photo_alternative_text"])
    typed = sent(
        author, change(robin), photo=SimpleUploadedFile("a.png", png(300, 300)), photo_alternative_text="Robin"
    )
    assert author.post(change(robin), typed).status_code == 302
    robin.refresh_from_db()
    assert f"{robin.photo_sha256}-300.webp" in get(author, change(robin)).content.decode()
    assert author.post(change(robin), sent(author, change(robin), no_photo="on")).status_code == 302
    robin.refresh_from_db()
    assert robin.photo_sha256 == ""


def test_a_photo_that_a_colleague_changed_is_not_replaced_unseen(author, cast, robin):
    typed = sent(author, change(robin), photo=SimpleUploadedFile("a.png", png(300, 300)), photo_alternative_text="Mine")
    row = Provider.objects.get(pk=robin.pk)
    row.photo_alternative_text = "Theirs"
    parts = {"languages": ["es", "en"], "performed": list(robin.performed.all()), "locations": []}
    actions.save_provider(row, by=cast["colleague"], photo=io.BytesIO(png(200, 200)), **parts)
    response = author.post(change(robin), typed)
    assert "Another photo than when you opened this screen." in response.content.decode()
    robin.refresh_from_db()
    assert robin.photo_width == 200


def test_every_control_of_a_row_has_a_name_and_the_summary_leads_to_the_first(author, robin):
    text = get(author, change(robin)).content.decode()
    assert 'id="id_languages"' in text
    assert 'aria-label="Language 5"' in text
    assert 'aria-label="Procedure 2: Since the year"' in text
    assert text.count('id="id_performed"') == 1
    broken = author.post(change(robin), sent(author, change(robin), languages=[{"code": "xx"}])).content.decode()
    assert 'href="#id_languages"' in broken


def test_the_screen_costs_the_same_however_much_somebody_does(author, cast, robin, django_assert_max_num_queries):
    with django_assert_max_num_queries(40) as few:
        get(author, change(robin))
    guides = [
        builders.guide(cast["author"], title=f"Guide {number}", slug=f"guide-{number}", kind="procedure")
        for number in range(5)
    ]
    places = [profiles.location(f"Place {number}") for number in range(5)]
    actions.save_provider(
        robin,
        by=cast["author"],
        languages=["es", "en", "fr", "de"],
        performed=[PerformedProcedure(guide=guide) for guide in guides],
        locations=places,
    )
    with django_assert_max_num_queries(len(few)):
        get(author, change(robin))
