"""The sample's providers: made up, complete, and beside the guide that they perform."""

from __future__ import annotations

from clinic.models import Provider, User
from tests.html import get, page


def test_two_providers_say_that_they_are_made_up_and_one_is_the_reviewer(sample, client):
    robin, maya = Provider.objects.all()
    assert robin.account == User.objects.get(username="reviewer")
    assert (robin.is_physician, maya.is_physician) == (False, True)
    for one in (robin, maya):
        assert "made up" in one.role
        assert "made up" in one.licence_authority
        assert one.licence_url.startswith("https://example.org/")
        assert one.photo_sha256 == ""
        read = page(get(client, one.get_absolute_url()))
        assert "not a real person" in read.text
        assert read.link("Mesotherapy") == "/guides/mesotherapy/"


def test_the_guide_names_them_and_its_reviewer_leads_to_a_page(sample, client):
    read = page(get(client, "/guides/mesotherapy/"))
    assert "Who performs this at Harbor Lane Clinic" in read.text
    assert read.link("Dr. Maya Invented") == "/providers/maya-invented/"
    assert [words for href, words in read.links if href == "/providers/robin-sample/"] == ["Robin Sample"] * 2
    advice = page(get(client, "/guides/is-a-cosmetic-procedure-right-for-you/"))
    assert "Who performs this" not in advice.text
    assert advice.link("Robin Sample") == "/providers/robin-sample/"
