"""What patients type, and what they find first in the sample's guides: the same table on both databases."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from education.results import results
from tests.html import get, page

MESO = "/guides/mesotherapy/"
# What is typed, and where the first place leads to.
FIRST = [
    ("mesotherapy", MESO),
    ("mesothe", MESO),
    ("mesotherpay", MESO),
    ("bruise", f"{MESO}side-effects/#side-effects--"),
    ("bruising", f"{MESO}side-effects/#side-effects--"),
    ("bruisng", f"{MESO}side-effects/#side-effects--"),
    ("black and blue", f"{MESO}side-effects/#side-effects--"),
    ("hair loss", f"{MESO}side-effects/#side-effects--"),
    ("balding", f"{MESO}side-effects/#side-effects--"),
    ("skin infection", f"{MESO}side-effects/#side-effects--"),
    ("numb", f"{MESO}side-effects/#side-effects--"),
    ("swelling", f"{MESO}side-effects/#side-effects--"),
    ("side effects", f"{MESO}side-effects/"),
    ("cellulite", f"{MESO}benefits/#benefits--"),
    ("celulite", f"{MESO}benefits/#benefits--"),
    ("dimples", f"{MESO}benefits/#benefits--"),
    ("pregnant", f"{MESO}contraindications/#contraindications--"),
    ("breastfeeding", f"{MESO}contraindications/#contraindications--"),
    ("allergy", f"{MESO}contraindications/#contraindications--"),
    ("liposuction", f"{MESO}alternatives/"),
    ("what does it cost", "/guides/"),
    ("will it hurt", f"{MESO}questions/#questions--"),
    ("Is it approved?", MESO),
    ("how long does bruising last", f"{MESO}evidence/#evidence--"),
]


@pytest.fixture
def sample(db, settings):
    settings.SAMPLE_STAFF_PASSWORD = "harbor-lantern-meadow"
    call_command("load_sample")


def test_the_first_place_is_the_one_that_is_meant(sample):
    """One test, so that the sample is loaded once."""
    found = {typed: results(typed) for typed, _ in FIRST}
    first = {typed: one.groups[0].places[0].url if one.groups else "nothing" for typed, one in found.items()}
    assert {typed: first[typed] for typed, url in FIRST if not first[typed].startswith(url)} == {}
    assert results("xylophone").count == 0
    assert results("bruisng").instead == "bruises"


def test_every_place_that_is_found_is_there(sample, client):
    """Each address answers, and its page has the anchor."""
    places = [place for typed, _ in FIRST for group in results(typed).groups for place in group.places]
    for url in sorted({place.url for place in places}):
        path, _, anchor = url.partition("#")
        assert not anchor or page(get(client, path)).ids[anchor] == 1, url


def test_providers_are_found_by_name_language_and_what_they_perform(sample, client):
    for typed in ("Robin", "sample robin", "spanish", "mesotherapy"):
        assert "/providers/" in [href for href, _ in page(get(client, f"/search/?q={typed}")).links], typed
        people = [href for href, _ in page(get(client, f"/search/?q={typed}")).links if href.startswith("/providers/")]
        assert len(people) > 1, typed
    assert "People at this clinic" not in page(get(client, "/search/?q=bruise")).text
