"""Saving a provider: whole or not at all, and nothing that patients could not use or believe."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from clinic import actions
from clinic.models import PerformedProcedure, Provider, SpokenLanguage
from education.actions import Refused
from education.models import Guide
from education.rules import NotPermitted
from tests import builders, profiles

NOW = "2026-03-03T12:00:00Z"


@pytest.fixture
def procedure(cast) -> Guide:
    return builders.guide(cast["author"], kind="procedure")


def save(by: Any, provider: Provider | None = None, **changes: Any) -> Provider:
    """Save a new provider, or one that is there, with these facts and parts."""
    row = provider or Provider(name="Robin Sample", slug="robin-sample", role="nurse")
    parts = {name: changes.pop(name, ()) for name in ("languages", "performed", "locations")}
    files = {name: changes.pop(name) for name in ("photo", "no_photo") if name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    return actions.save_provider(row, by=by, **parts, **files)


def refusal(by: Any, provider: Provider | None = None, **changes: Any) -> Refused:
    with pytest.raises(Refused) as raised:
        save(by, provider, **changes)
    return raised.value


# Refusals


@pytest.mark.parametrize("who", ["reviewer", "front_desk", "outsider"])
def test_only_editors_and_the_owner_save_a_provider(cast, who):
    with pytest.raises(NotPermitted, match="Ask the owner of the site"):
        save(cast[who])
    with pytest.raises(NotPermitted):
        save(cast[who], save(cast["author"]))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": " \u200b 12"}, "name", "Write the provider's name"),
        ({"role": "–"}, "role", "Say what the provider is"),
        ({"slug": ""}, "slug", "address"),
        ({"licence_url": "ftp://example.org/"}, "licence_url", "begins with https://"),
        ({"licence_url": "javascript:alert(1)"}, "licence_url", "begins with https://"),
        ({"visible_from": date(2026, 3, 3), "visible_until": date(2026, 3, 2)}, "visible_until", "before"),
        ({"languages": ["en", "klingon"]}, "languages", "of the list"),
        ({"languages": ["en", "es", "en"]}, "languages", "twice"),
    ],
)
def test_what_patients_could_not_use_is_refused_with_a_sentence_and_nothing_is_kept(cast, changes, field, words):
    refused = refusal(cast["author"], **changes)
    assert refused.field == field
    assert words in str(refused)
    assert not Provider.objects.exists()


def test_the_address_stays_and_is_had_once(cast):
    robin = save(cast["author"])
    assert "cannot be changed" in str(refusal(cast["author"], robin, slug="robin"))
    other = Provider(name="Robin Sample", slug="robin-sample", role="nurse")
    assert refusal(cast["author"], other).field == "slug"


def test_an_account_is_one_of_the_staff_and_names_one_provider(cast):
    visitor = builders.person("visitor")
    visitor.is_staff = False
    assert "of the staff" in str(refusal(cast["author"], account=visitor))
    save(cast["author"], account=cast["reviewer"])
    other = Provider(name="Maya", slug="maya", role="doctor")
    assert "belongs to Robin Sample" in str(refusal(cast["author"], other, account=cast["reviewer"]))


@pytest.mark.parametrize("is_active", [True, False])
def test_a_closed_account_may_be_linked_too(cast, is_active):
    cast["reviewer"].is_active = is_active
    cast["reviewer"].save()
    assert save(cast["author"], account=cast["reviewer"]).account == cast["reviewer"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"since_year": 1949}, "a year from 1950 to 2026"),
        ({"since_year": 2027}, "a year from 1950 to 2026"),
        ({"treatments": 0, "counted_on": date(2026, 1, 1)}, "at least 1"),
        ({"treatments": 400}, "give both, or neither"),
        ({"counted_on": date(2026, 1, 1)}, "give both, or neither"),
        ({"treatments": 400, "counted_on": date(2026, 3, 4)}, "in the future"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_practice_that_cannot_be_believed_is_refused(cast, procedure, facts, words):
    refused = refusal(cast["author"], performed=[PerformedProcedure(guide=procedure, **facts)])
    assert refused.field == "performed"
    assert str(refused).startswith("Procedure 1: ")
    assert words in str(refused)


def test_a_procedure_is_a_guide_to_one_and_stands_once(cast, procedure):
    advice = builders.guide(cast["author"], title="Advice", slug="advice")
    assert "to a procedure" in str(refusal(cast["author"], performed=[PerformedProcedure(guide=advice)]))
    twice = [PerformedProcedure(guide=procedure), PerformedProcedure(guide=procedure)]
    assert str(refusal(cast["author"], performed=twice)).startswith("Procedure 2: it stands here twice")


def test_a_refused_change_leaves_everything_as_it_was(cast, procedure):
    robin = profiles.provider(cast["author"], languages=["en", "es"], performs=[procedure])
    fresh = Provider.objects.get(pk=robin.pk)
    refusal(cast["author"], fresh, name="Other", languages=["fr"], licence_url="ftp://x.example/")
    robin.refresh_from_db()
    assert robin.name == "Robin Sample"
    assert list(robin.spoken_languages.values_list("code", flat=True)) == ["en", "es"]
    assert robin.performed.get().guide == procedure


def test_the_database_refuses_a_photo_without_a_text_and_a_count_without_a_day(cast, procedure, transactional_db):
    robin = profiles.provider(cast["author"])
    with pytest.raises(IntegrityError):
        Provider.objects.filter(pk=robin.pk).update(photo_sha256="a" * 64, photo_width=10, photo_height=10)
    with pytest.raises(IntegrityError):
        PerformedProcedure.objects.create(provider=robin, guide=procedure, treatments=4)


# What is saved


@time_machine.travel(NOW, tick=False)
def test_a_provider_is_saved_with_all_that_belongs_to_them(cast, procedure):
    place = profiles.location()
    row = PerformedProcedure(guide=procedure, since_year=2015, treatments=400, counted_on=date(2026, 3, 3))
    robin = save(
        cast["author"],
        name="  Robin \n Sample ",
        languages=["es", "en"],
        performed=[row],
        locations=[place],
        licence_url="https://example.org/check",
    )
    robin.refresh_from_db()
    assert robin.name == "Robin Sample"
    assert list(robin.spoken_languages.values_list("code", flat=True)) == ["es", "en"]
    kept = robin.performed.get()
    assert (kept.since_year, kept.treatments, kept.counted_on) == (2015, 400, date(2026, 3, 3))
    assert list(robin.locations.all()) == [place]
    save(cast["author"], robin, languages=["en"])
    assert list(SpokenLanguage.objects.values_list("code", flat=True)) == ["en"]
    assert not robin.performed.exists()
    assert not robin.locations.exists()


def test_the_log_names_ids_and_no_person(cast, caplog, django_capture_on_commit_callbacks):
    with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
        robin = save(cast["author"])
    assert f"provider {robin.pk} saved by account {cast['author'].pk}" in caplog.text
    assert "Robin" not in caplog.text


def test_a_page_begins_on_its_day_ends_after_its_last_and_answers_for_good(cast):
    with time_machine.travel(NOW, tick=False):
        today = timezone.localdate()
        save(cast["author"], visible_from=today, visible_until=today)
        for days, shown, left, public in [(-1, 0, 0, 0), (0, 1, 0, 1), (1, 0, 1, 1)]:
            day = today + timedelta(days=days)
            found = [getattr(Provider.objects, name)(day).count() for name in ("shown", "left", "public")]
            assert found == [shown, left, public]
            assert Provider.objects.get().has_left(day) is bool(left)
