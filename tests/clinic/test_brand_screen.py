"""The screen of the clinic's facts: what it says of a colour, a logo and a name, and that it overwrites nobody."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clinic import actions
from clinic.forms.facts import CHOOSE_AGAIN
from clinic.models import Clinic
from tests.education.desk import facts, signed_in, url
from tests.pictures import clear_png, png


@pytest.fixture
def clinic(cast) -> Clinic:
    return actions.save_clinic(Clinic(name="Harbor Lane", phone="(202) 555-0142"), by=cast["owner"])


def _brand_form(client: Client, **changes) -> Any:
    address = url("clinic_clinic_change", 1)
    return client.post(address, facts(client, address, **changes))


def test_a_text_that_is_no_colour_is_refused_kindly_and_nothing_typed_is_lost(clinic, cast):
    author = signed_in(cast["author"])
    response = _brand_form(author, brand_colour="dark green", tagline="Skin")
    assert response.context["adminform"].form.errors == {"brand_colour": [actions.NO_COLOUR]}
    for typed in (b'value="dark green"', b'value="Skin"'):
        assert typed in response.content
    # The panel shows what is saved, not what was refused.
    assert b"<strong>#1d5a46</strong>" in response.content
    assert Clinic.current().tagline == ""


@pytest.mark.parametrize(("typed", "stored"), [(" FFD700 ", "#ffd700"), ("#fd0", "#ffdd00"), ("", "#1d5a46")])
def test_after_saving_the_editor_sees_what_became_of_the_colour(clinic, cast, typed, stored):
    author, address = signed_in(cast["author"]), url("clinic_clinic_change", 1)
    response = author.post(address, facts(author, address, brand_colour=typed, currency="EUR"), follow=True)
    assert response.redirect_chain[-1][0] == address
    saved = Clinic.current()
    assert (saved.brand_colour, saved.currency) == (stored, "EUR")
    text = response.content.decode()
    assert "was changed successfully" not in text
    assert re.findall(r'<input type="submit"[^>]*name="(\w+)"', text) == ["_save"]
    assert f"<strong>{stored}</strong>" in text
    assert len(re.findall(r"\d\.\d : 1, at least (?:4\.5|3) is needed|1\d\.\d : 1, at least", text)) == 8
    assert ("links and buttons use a darker shade of it: #" in text) == (stored != "#1d5a46")
    assert "style=" not in text.partition('id="colour"')[2].partition("</section>")[0]


def test_a_logo_is_uploaded_seen_on_both_grounds_and_taken_away_again(clinic, cast):
    author, address = signed_in(cast["author"]), url("clinic_clinic_change", 1)
    assert b"Take the logo away" not in author.get(address).content
    refused = _brand_form(author, logo=SimpleUploadedFile("logo.svg", b"<svg/>", "image/svg+xml"))
    assert "can carry a program" in str(refused.context["adminform"].form.errors["logo"])
    assert _brand_form(author, logo=SimpleUploadedFile("logo.png", png())).status_code == 302
    shown = author.get(address).content.decode()
    assert shown.count(f'src="{Clinic.current().logo.url}"') == 2
    both = _brand_form(author, logo=SimpleUploadedFile("logo.png", png()), no_logo="on")
    assert "not both" in str(both.context["adminform"].form.errors["logo"])
    assert _brand_form(author, no_logo="on").status_code == 302
    assert Clinic.current().logo is None


def test_the_front_desk_sees_the_colour_and_no_way_to_change_the_logo(clinic, cast):
    text = signed_in(cast["front_desk"]).get(url("clinic_clinic_change", 1)).content.decode()
    assert "How your colour looks" in text
    assert 'type="file"' not in text
    assert "This screen is for you to read only" in text
    for help_text in ("As patients should dial it", "Such as #1d5a46", "What your prices are in"):
        assert help_text not in text
    assert "to read only" not in signed_in(cast["author"]).get(url("clinic_clinic_change", 1)).content.decode()


@pytest.mark.parametrize("mine", [{"logo": "red"}, {"no_logo": "on"}])
def test_a_logo_that_somebody_else_changed_is_not_overwritten_unseen(clinic, cast, mine):
    author, address = signed_in(cast["author"]), url("clinic_clinic_change", 1)
    actions.save_clinic(clinic, by=cast["owner"], logos={"logo": io.BytesIO(png())})
    typed = facts(author, address, **mine)
    actions.save_clinic(Clinic.current(), by=cast["owner"], logos={"logo": io.BytesIO(png(colour="purple"))})
    theirs = Clinic.current().logo

    def sent(form: dict) -> Any:
        file = {"logo": SimpleUploadedFile("logo.png", png(colour="red"))} if "logo" in mine else {}
        return author.post(address, {**form, **file})

    response = sent(typed)
    assert "Somebody else saved this" in response.content.decode()
    assert "Another logo than when you opened this screen" in response.content.decode()
    assert Clinic.current().logo == theirs
    assert sent({**typed, "opened": response.context["adminform"].form.opened}).status_code == 302
    assert Clinic.current().logo != theirs


def test_who_has_to_send_the_form_again_is_told_to_choose_the_file_again(clinic, cast):
    author = signed_in(cast["author"])
    response = _brand_form(author, name="", logo=SimpleUploadedFile("logo.png", png()))
    assert response.context["adminform"].form.errors["logo"] == [CHOOSE_AGAIN]
    assert response.content.decode().count("browsers do not keep it") == 2
    refused = _brand_form(author, logo=SimpleUploadedFile("logo.png", b"GIF89a"))
    assert "browsers do not keep it" not in refused.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("#ffff00", "Your colour #ffff00 is too light for words on paper, so links there use #"),
        ("#14213d", "Your colour #14213d is too dark for words on a dark screen, so links there use #"),
        ("", "You left the colour empty, so the site&#x27;s own green is used: #1d5a46."),
    ],
)
def test_the_message_after_saving_says_what_became_of_the_colour(clinic, cast, typed, words):
    author, address = signed_in(cast["author"]), url("clinic_clinic_change", 1)
    text = author.post(address, facts(author, address, brand_colour=typed), follow=True).content.decode()
    said = re.search(r'<li class="success">(.*?)</li>', text, re.DOTALL)[1]
    assert said.startswith(f"Saved. {words}")
    assert said.endswith(f'<a href="{address}#colour">See how it looks</a>.')


def test_that_the_name_stands_for_the_logo_in_the_dark_is_said_after_saving_and_beside_the_preview(clinic, cast):
    author, address = signed_in(cast["author"]), url("clinic_clinic_change", 1)
    form = facts(author, address, logo=SimpleUploadedFile("logo.png", clear_png("black")))
    text = author.post(address, form, follow=True).content.decode()
    assert text.count("On dark screens your name stands as words") == 2
    assert '<div class="on-dark">Harbor Lane</div>' in text
    assert author.get(address).content.decode().count("On dark screens your name stands as words") == 1


def test_letters_that_the_card_cannot_show_are_named_beside_it(clinic, cast):
    author, address = signed_in(cast["author"]), url("clinic_clinic_change", 1)
    assert "cannot show these letters" not in author.get(address).content.decode()
    text = author.post(address, facts(author, address, name="Harbor 東京"), follow=True).content.decode()
    assert "The picture cannot show these letters: 東 京." in text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "\u200b", "Give the clinic&#x27;s name."),
        ("name", "–", "at least one letter or digit"),
        ("phone", "( )", "Write digits"),
    ],
)
def test_a_fact_that_nobody_can_read_is_refused_kindly(clinic, cast, field, typed, words):
    response = _brand_form(signed_in(cast["author"]), **{field: typed})
    assert list(response.context["adminform"].form.errors) == [field]
    assert words in response.content.decode()


def test_the_form_names_its_limits_and_shows_a_field_as_wide_as_a_colour(clinic, cast):
    text = signed_in(cast["author"]).get(url("clinic_clinic_change", 1)).content.decode()
    assert "at most 5 MB and 20 million pixels" in text
    assert "at most 52 pixels high" in text
    field = re.search(r'<input[^>]*name="brand_colour"[^>]*>', text)[0]
    assert 'size="10"' in field
    assert "vTextField" not in field
