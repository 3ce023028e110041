"""Beginning a guide in the admin: who may, what is refused with what was typed still there, and where it leads."""

from __future__ import annotations

import re

import pytest
from django.db import OperationalError
from django.utils import timezone

from education import actions
from education.actions.signing import signature
from education.models import Archiving, Guide
from tests import builders
from tests.education.desk import signed_in, url


@pytest.fixture
def address() -> str:
    return url("education_guide_begin")


@pytest.mark.parametrize("who", ["reviewer", "front_desk", "outsider"])
def test_only_who_may_make_guides_comes_here(who, cast, address):
    client = signed_in(cast[who])
    assert client.get(address).status_code == 403
    assert client.post(address, {"way": "skeleton", "title": "Laser"}).status_code == 403
    listing = client.get(url("education_guide_changelist"))
    assert address not in listing.content.decode()
    assert not Guide.objects.exists()


def test_somebody_who_is_not_signed_in_is_shown_what_they_typed(client, db, address):
    answer = client.post(address, {"way": "skeleton", "title": "Laser therapy"})
    assert answer.status_code == 403
    assert "Laser therapy" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"title": " "}, "title", "Give the guide a title."),
        ({"way": ""}, "way", "Choose what to begin with."),
        ({"slug": "lä ser"}, "slug", "Use letters without accents"),
        ({"title": "激光"}, "slug", "none can be made from this title"),
        ({"slug": "cold-therapy"}, "slug", "belongs to another guide"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(cast, address, typed, field, said):
    builders.guide(cast["author"])
    answer = signed_in(cast["author"]).post(address, {"way": "sample", "title": "Laser", "slug": "", **typed})
    form = answer.context["form"]
    assert said in form.errors[field][0]
    assert "<title>Error: Begin a guide" in answer.content.decode()
    for name, value in {"title": "Laser", **typed}.items():
        if name != "way" and value.strip():
            assert f'value="{value}"' in answer.content.decode()
    assert Guide.objects.count() == 1


def test_a_database_that_cannot_write_loses_nothing(cast, address, monkeypatch):
    def locked(**facts):
        raise OperationalError("database is locked")

    monkeypatch.setattr(actions, "begin_guide", locked)
    answer = signed_in(cast["author"]).post(address, {"way": "skeleton", "title": "Laser"})
    assert answer.status_code == 503
    assert 'value="Laser"' in answer.content.decode()


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("skeleton", "is for you to fill"),
        ("advice", "is for you to fill"),
        ("sample", "is a copy of the sample guide"),
    ],
)
def test_an_editor_begins_a_guide_and_is_led_to_it(cast, address, way, said):
    client = signed_in(cast["author"])
    answer = client.post(address, {"way": way, "title": "Laser  therapy", "slug": ""}, follow=True)
    guide = Guide.objects.get()
    assert (guide.title, guide.slug) == ("Laser therapy", "laser-therapy")
    assert answer.redirect_chain[0][0] == url("education_guide_change", guide.pk)
    assert said in answer.content.decode()


def test_an_editor_copies_one_of_our_guides_and_those_in_the_archive_say_so(cast, address):
    original = builders.guide(cast["author"])
    old = builders.guide(cast["author"], title="Old therapy", slug="old-therapy")
    Archiving(guide=old, reason="Nobody does it now.", **signature(cast["owner"], timezone.now())).save()
    client = signed_in(cast["author"])
    shown = client.get(address).content.decode()
    assert ">Cold therapy</option>" in shown
    assert ">Old therapy (in the archive)</option>" in shown
    for chosen, said in (("", "Choose which guide to copy."), ("999999", "not there any more"), ("x", "any more")):
        answer = client.post(address, {"way": "own", "title": "Laser", "original": chosen})
        assert said in answer.context["form"].errors["original"][0]
        assert 'value="Laser"' in answer.content.decode()
    for row, title in ((original, "Laser"), (old, "Light")):
        answer = client.post(address, {"way": "own", "title": title, "original": row.pk}, follow=True)
        made = Guide.objects.get(title=title)
        assert answer.redirect_chain[0][0] == url("education_guide_change", made.pk)
        assert "is a copy. Read each page" in answer.content.decode()
        assert made.pages.count() == 3


def test_without_a_guide_no_copy_of_one_is_offered(cast, address):
    client = signed_in(cast["author"])
    assert "one of our guides" not in client.get(address).content.decode()
    answer = client.post(address, {"way": "own", "title": "Laser"})
    assert answer.context["form"].errors["way"]


# Adding a page


def test_a_new_page_begins_with_its_skeleton_unless_the_tick_is_taken_away(cast, guide):
    client, add = signed_in(cast["author"]), url("education_page_add_to_guide", guide.pk)
    for address in (add, url("education_guide_change", guide.pk)):
        shown = client.get(address).content.decode()
        assert re.search(r'<input type="checkbox" name="skeleton"[^>]* checked', shown), address
    client.post(add, {"kind": "cost", "title": "", "skeleton": "on"})
    client.post(add, {"kind": "results", "title": ""})
    client.post(add, {"kind": "other", "title": "More", "skeleton": "on"})
    texts = dict(guide.pages.values_list("slug", "markdown"))
    assert "[write the main point first: what this can cost" in texts["cost"]
    assert texts["results"] == texts["more"] == ""


def test_a_link_chooses_the_way(cast, address):
    client = signed_in(cast["author"])
    for asked, chosen in (("", "skeleton"), ("?way=skeleton", "skeleton"), ("?way=sample", "sample")):
        assert client.get(address + asked).context["form"]["way"].value() == chosen
    assert client.get(f"{address}?way=%00").status_code == 400


def test_the_list_of_guides_leads_here(cast, address):
    assert address in signed_in(cast["author"]).get(url("education_guide_changelist")).content.decode()
