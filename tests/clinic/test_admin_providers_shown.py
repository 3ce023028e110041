"""What the admin shows of providers: the list, the way to the page, and the page before it is saved."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from clinic.models import Location, Provider
from education.models import Guide
from tests import builders, profiles
from tests.education.desk import signed_in, url
from tests.html import get

LEFT = date(2021, 5, 1)
NEW = {"name": "Maya Invented", "slug": "maya", "role": "doctor"}


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


def test_the_screen_leads_to_the_page_once_there_is_one(author, cast, robin):
    see = '<a href="/providers/robin-sample/">See the page</a>'
    assert see in get(author, change(robin)).content.decode()
    Provider.objects.update(visible_from=date(2099, 1, 1))
    assert see not in get(author, change(robin)).content.decode()


def test_the_list_says_who_is_visible_and_who_sees_new_patients(author, cast, robin):
    profiles.provider(cast["author"], "Gus Gone", visible_until=LEFT)
    profiles.provider(cast["author"], "Una Soon", visible_from=date(2099, 1, 1))
    text = get(author, url("clinic_provider_changelist")).content.decode()
    for words in ("Robin Sample", "nurse practitioner", "left on 1 May 2021", "from 1 Jan 2099", "not said"):
        assert words in text
    assert "Gus Gone" not in get(author, f"{url('clinic_provider_changelist')}?q=robin").content.decode()


def test_the_list_costs_the_same_however_many(author, cast, robin, django_assert_num_queries):
    for number in range(8):
        profiles.provider(cast["author"], f"Provider {number}")
    # Session, account, permissions and counts twice each, the rows, and what the admin keeps its counts in.
    with django_assert_num_queries(8):
        get(author, url("clinic_provider_changelist"))


def test_the_page_is_previewed_unsaved_by_those_who_may_write_it(author, cast, robin, procedure, place):
    address = url("clinic_provider_preview", robin.pk)
    typed = {
        "name": "Robin <script>alert(1)</script>",
        "role": "nurse",
        "biography": "*Twelve* years [@nobody]\x00",
        "languages-0-code": "fr",
        "performed-0-guide": str(procedure.pk),
        "performed-0-since_year": "2001",
        "locations": [str(place.pk)],
    }
    for who in ("reviewer", "front_desk"):
        assert signed_in(cast[who]).post(address, typed).status_code == 403
        assert signed_in(cast[who]).post(url("clinic_provider_preview"), typed).status_code == 403
    assert author.get(address).status_code == 405
    assert Client().post(address, typed).status_code == 302
    found = author.post(address, typed).json()
    for words in ("<em>Twelve</em>", "French", "since 2001", "Harbor Lane"):
        assert words in found["html"]
    assert "<script>alert" not in found["html"]
    assert "nobody" in found["findings"][0]["message"]
    # What is wrong leaves what is saved standing.
    wrong = {**typed, "biography": "x" * 30_000, "visible_from": "soon", "account": "999"}
    assert "Ten years." in author.post(address, wrong).json()["html"]
    robin.refresh_from_db()
    assert robin.name == "Robin Sample"
    assert list(robin.spoken_languages.values_list("code", flat=True)) == ["es", "en"]


def test_a_new_provider_is_previewed_too(author):
    empty = author.post(url("clinic_provider_preview"), {}).json()
    assert "<h1>" in empty["html"]
    found = author.post(url("clinic_provider_preview"), {**NEW, "biography": "Hello."}).json()
    for words in ("Maya Invented", "doctor", "Hello."):
        assert words in found["html"]
    assert not Provider.objects.exists()
