"""Today's telephone number beside the care cards: where a worried reader needs it, and outside the edition."""

from __future__ import annotations

import pytest

from clinic.models import Clinic
from clinic.templatetags.clinic import with_phone
from tests import builders

PHONE = "(555) 555-0142"
URGENT = '<div class="care-card care-card-urgent"><h3 id="x">Contact a doctor today if:</h3><ul><li>Pus</li></ul></div>'
WRAPPED = '<div class="care-card care-card-non-urgent"><h3>Ask if:</h3><div class="x"><p>x</p></div></div><p>y</p>'
CARDS = """!!! emergency "Call 911 if"
    - you pass out

!!! urgent "Contact a doctor today if"
    - pus comes out
"""


def test_a_clinic_without_a_number_shows_the_page_as_it_is():
    assert with_phone(URGENT, Clinic(name="Harbor")) == URGENT


def test_an_emergency_card_keeps_911_as_the_only_number():
    card = URGENT.replace("urgent", "emergency")
    assert with_phone(card, Clinic(name="Harbor", phone=PHONE)) == card


@pytest.mark.parametrize("html", [URGENT, WRAPPED, URGENT + WRAPPED])
def test_the_number_ends_each_other_card(html):
    shown = with_phone(html, Clinic(name="Harbor", phone=PHONE))
    assert shown.count("card-phone") == html.count("care-card ")
    for piece in shown.split('<p class="card-phone">')[1:]:
        assert "</div>" not in piece.split("</p>")[0]
        assert piece.split("</p>", 1)[1].lstrip().startswith("</div>")


def test_the_number_is_escaped_and_can_be_dialled():
    shown = with_phone(URGENT, Clinic(name="Harbor", phone=PHONE))
    assert 'href="tel:5555550142"' in shown
    assert "<script" not in with_phone(URGENT, Clinic(name="Harbor", phone="<script>1"))


@pytest.mark.parametrize("path", ["side-effects/", "all/", "editions/1/"])
def test_it_is_the_number_of_today_on_the_page_the_whole_guide_and_the_permalink(cast, client, path):
    guide = builders.guide(cast["author"])
    builders.write(guide, cast["author"], "side-effects", CARDS)
    edition = builders.published(guide, cast)
    Clinic(pk=1, name="Harbor", phone=PHONE).save()
    html = client.get(f"/guides/cold-therapy/{path}").content.decode()
    assert html.count('class="card-phone"') == 1
    assert "555-0142" not in edition.pages.get(kind="side-effects").renderings.get().html
