"""What a search knows of the providers: all that their cards say, and nothing that patients are not shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from clinic.models import Provider
from clinic.profiles import providers_saying, shown_profiles
from education import actions
from education.models import Guide
from tests import builders, profiles, public

DAY = timedelta(days=1)


def names(*words: str) -> list[str]:
    return [one.name for one in providers_saying(words)]


@pytest.fixture
def robin(cast) -> Provider:
    place = public.place(cast["owner"], name="Harbor Lane")
    return profiles.provider(
        cast["owner"],
        languages=["es", "fr"],
        performs=[profiles.procedure(cast, title="Cold therapy").guide],
        locations=[place],
        short_biography="Robin takes time.",
        certifications="Board of Dermatology",
        post_nominals="RN",
    )


def test_nobody_is_found_before_they_are_shown_and_after_they_left(robin):
    today = timezone.localdate()
    for dates in (
        {"visible_from": today + DAY},
        {"visible_from": today - 2 * DAY, "visible_until": today - DAY},
    ):
        Provider.objects.update(**dates)
        assert names("robin") == [], dates


def test_a_place_that_is_not_shown_and_a_title_that_is_not_live_find_nobody(robin, cast):
    robin.locations.update(is_shown=False)
    assert names("harbor") == []
    guide = Guide.objects.get()
    actions.save_guide(guide, by=cast["author"], title="Secret freezing")
    assert names("secret") == []
    assert names("cold", "therapy") == ["Robin Sample"]


def test_no_words_find_nobody(robin, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert names() == []


def test_all_that_a_card_says_is_found_with_one_query_however_many_there_are(robin, cast, django_assert_num_queries):
    for word in (
        "sample",
        "rn",
        "nurse",
        "time",
        "dermatology",
        "spanish",
        "french",
        "cold",
        "harbor",
        "derm",
        "harbors",
    ):
        assert names(word) == ["Robin Sample"], word
    assert names("robin", "spanish", "harbor", "cold") == ["Robin Sample"]
    assert names("robin", "german") == []
    for number in range(3):
        profiles.provider(cast["owner"], f"Robin Other {number}", languages=["es"], locations=robin.locations.all())
    with django_assert_num_queries(1):
        assert len(names("robin")) == 4


def test_a_language_is_found_by_its_name_in_the_language_of_the_page(robin):
    with translation.override("de"):
        assert names("spanisch") == ["Robin Sample"]


def test_they_come_in_the_clinics_order_as_in_the_list_of_all(robin, cast):
    for name, position in (("Robin Last", 9), ("Robin First", 0), ("Robin Also", 9)):
        profiles.provider(cast["owner"], name, languages=[], position=position)
    assert names("robin") == [one.provider.name for one in shown_profiles()]


def test_a_procedure_without_a_live_edition_is_found_by_its_own_title(cast):
    guide = builders.guide(cast["author"], title="Warm therapy", slug="warm")
    actions.save_guide(guide, by=cast["author"], kind="procedure")
    profiles.provider(cast["owner"], performs=[Guide.objects.get()])
    assert names("warm") == ["Robin Sample"]
