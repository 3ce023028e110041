"""Beginning a guide in the admin: who may, what is refused with what was typed still there, and where it leads."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from education import actions
from education.models import Guide
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
    ("way", "said"), [("skeleton", "is for you to fill"), ("sample", "is a copy of the sample guide")]
)
def test_an_editor_begins_a_guide_and_is_led_to_it(cast, address, way, said):
    client = signed_in(cast["author"])
    answer = client.post(address, {"way": way, "title": "Laser  therapy", "slug": ""}, follow=True)
    guide = Guide.objects.get()
    assert (guide.title, guide.slug) == ("Laser therapy", "laser-therapy")
    assert answer.redirect_chain[0][0] == url("education_guide_change", guide.pk)
    assert said in answer.content.decode()


def test_a_link_chooses_the_way(cast, address):
    client = signed_in(cast["author"])
    for asked, chosen in (("", "skeleton"), ("?way=skeleton", "skeleton"), ("?way=sample", "sample")):
        assert client.get(address + asked).context["form"]["way"].value() == chosen
    assert client.get(f"{address}?way=%00").status_code == 200


def test_the_list_of_guides_leads_here(cast, address):
    assert address in signed_in(cast["author"]).get(url("education_guide_changelist")).content.decode()
