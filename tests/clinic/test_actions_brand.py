"""Saving the brand: who may, which colours, and what of an uploaded logo is kept."""

from __future__ import annotations

import io

import pytest
from django.db import IntegrityError, transaction
from PIL import Image as Picture

from clinic import actions
from clinic.models import Clinic, Logo
from education.actions import Refused
from education.rules import NotPermitted
from tests import public
from tests.pictures import clear_png, png

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def clinic(cast) -> Clinic:
    return public.clinic(cast["owner"])


def _save(clinic: Clinic, by, **logos: bytes | None) -> Clinic:
    uploads = {name: content if content is None else io.BytesIO(content) for name, content in logos.items()}
    return actions.save_clinic(clinic, by=by, logos=uploads)


def _files(settings) -> list:
    return sorted(path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


@pytest.mark.parametrize("who", ["reviewer", "front_desk", "outsider"])
def test_who_may_not_change_the_facts_changes_no_logo(clinic, cast, who, settings):
    with pytest.raises(NotPermitted):
        _save(clinic, cast[who], logo=png())
    assert _files(settings) == []


@pytest.mark.parametrize("typed", ["", "green", "#12345"])
def test_a_text_that_is_no_colour_is_refused_beside_its_field(clinic, cast, typed):
    clinic.brand_colour = typed
    with pytest.raises(Refused, match="such as #1d5a46") as refusal:
        _save(clinic, cast["owner"])
    assert refusal.value.field == "brand_colour"
    assert Clinic.current().brand_colour == "#1d5a46"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SVG, "SVG file or a web page can carry a program"),
        (b"\xef\xbb\xbf\n <!doctype html><p>", "SVG file or a web page can carry a program"),
        (b"GIF89a", "damaged or is no picture that can be used"),
        (b"", "no picture that can be used"),
        (png()[:200] if len(png()) > 200 else png()[:60], "no picture that can be used"),
        (bytes(5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (png(5000, 4001), "more than 20 million pixels"),
    ],
    ids=["SVG", "HTML", "GIF", "nothing", "half a PNG", "too many bytes", "too many points"],
)
@pytest.mark.parametrize("field", ["logo", "dark_logo"])
def test_what_is_no_picture_is_refused_beside_its_field(clinic, cast, content, words, field, settings):
    with pytest.raises(Refused, match=words) as refusal:
        _save(clinic, cast["owner"], **{field: content})
    assert refusal.value.field == field
    assert _files(settings) == []
    assert Clinic.current().logo is None


def test_a_logo_for_the_dark_alone_is_refused_by_the_action_and_by_the_database(clinic, cast):
    with pytest.raises(Refused, match="needs one for light screens") as refusal:
        _save(clinic, cast["owner"], dark_logo=png())
    assert refusal.value.field == "dark_logo"
    alone = {"dark_logo_sha256": "0" * 64, "dark_logo_width": 1, "dark_logo_height": 1}
    for facts in (alone, {"logo_sha256": "0" * 64}, {"logo_width": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Clinic.objects.update(**facts)


def test_the_light_logo_cannot_be_taken_from_beside_the_dark_one_but_both_can(clinic, cast):
    _save(clinic, cast["owner"], logo=png(), dark_logo=png(colour="white"))
    with pytest.raises(Refused):
        _save(Clinic.current(), cast["owner"], logo=None)
    _save(Clinic.current(), cast["owner"], logo=None, dark_logo=None)
    assert Clinic.current().logo is Clinic.current().logo_in_the_dark is None


@pytest.mark.parametrize(
    ("size", "kept"),
    [((40, 30), (40, 30)), ((800, 400), (208, 104)), ((4000, 200), (640, 32)), ((1000, 2000), (52, 104))],
)
def test_a_logo_is_kept_small_as_webp_and_named_by_its_bytes(clinic, cast, size, kept, settings):
    _save(clinic, cast["author"], logo=png(*size))
    saved = Clinic.current()
    assert (saved.logo_width, saved.logo_height) == kept
    (path,) = _files(settings)
    assert path == actions.logo_path(saved.logo_sha256)
    assert path.stat().st_mode & 0o077 == 0
    with Picture.open(path) as picture:
        assert (picture.format, picture.size) == ("WEBP", kept)


def test_nothing_but_its_points_is_kept_of_a_photograph(clinic, cast, settings):
    exif = Picture.Exif()
    exif[0x010E] = "where I live"
    exif[0x0112] = 6
    out = io.BytesIO()
    Picture.new("RGB", (60, 30), "teal").save(out, "JPEG", exif=exif)
    _save(clinic, cast["owner"], logo=out.getvalue())
    (path,) = _files(settings)
    assert b"where I live" not in path.read_bytes()
    with Picture.open(path) as picture:
        assert not picture.getexif()
        assert picture.size == (30, 60)


def test_a_transparent_ground_stays_transparent(clinic, cast, settings):
    _save(clinic, cast["owner"], logo=clear_png("teal"))
    (path,) = _files(settings)
    with Picture.open(path) as picture:
        assert picture.convert("RGBA").getpixel((7, 5))[3] == 0


def test_saving_the_facts_leaves_the_logos(clinic, cast):
    _save(clinic, cast["owner"], logo=png(), dark_logo=png(colour="white"))
    before = Clinic.current()
    before.phone = "555-0199"
    _save(before, cast["owner"])
    after = Clinic.current()
    assert (after.logo, after.dark_logo) == (before.logo, before.dark_logo)


@pytest.mark.parametrize(
    ("points", "shown"), [((320, 160), (104, 52)), ((640, 32), (320, 16)), ((40, 30), (40, 30)), ((2, 160), (1, 52))]
)
def test_a_logo_is_shown_at_half_its_points_or_less_and_never_larger_than_it_is(points, shown):
    logo = Logo("0" * 64, *points)
    assert (logo.width, logo.height) == shown


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((4000, 60), "only 5 pixels high on a phone. Choose one that is less wide"),
        ((60, 4000), "only 1 pixel wide on a phone. Choose one that is less high"),
        ((1, 1), "only 1 pixel high on a phone. Choose one that is larger"),
        ((60, 15), "only 15 pixels high on a phone. Choose one that is larger"),
        ((23, 20), "only 23 pixels wide on a phone. Choose one that is larger"),
    ],
)
def test_a_logo_too_small_to_be_seen_is_refused_beside_its_field(clinic, cast, size, words, settings):
    with pytest.raises(Refused, match=words) as refusal:
        _save(clinic, cast["owner"], logo=png(), dark_logo=png(*size))
    assert refusal.value.field == "dark_logo"
    assert Clinic.current().logo is None


@pytest.mark.parametrize(
    "content", [clear_png("white"), clear_png("#ffd700"), png(colour="#fffdf8"), clear_png("#0000")]
)
def test_a_logo_that_could_not_be_seen_on_a_light_page_is_refused(clinic, cast, content):
    with pytest.raises(Refused, match=r"hardly be seen on a light page. Choose one with darker colours") as refusal:
        _save(clinic, cast["owner"], logo=content)
    assert refusal.value.field == "logo"


def test_a_logo_for_dark_screens_that_could_not_be_seen_there_is_refused(clinic, cast):
    with pytest.raises(Refused, match=r"hardly be seen on a dark page. Choose one with lighter colours") as refusal:
        _save(clinic, cast["owner"], logo=png(), dark_logo=clear_png("black"))
    assert refusal.value.field == "dark_logo"


def test_a_logo_that_could_not_be_seen_in_the_dark_gives_way_to_the_name_until_there_is_another(clinic, cast):
    _save(clinic, cast["owner"], logo=clear_png("black"))
    assert Clinic.current().logo
    assert Clinic.current().logo_in_the_dark is None
    _save(Clinic.current(), cast["owner"], dark_logo=clear_png("white"))
    assert Clinic.current().logo_in_the_dark == Clinic.current().dark_logo
    _save(Clinic.current(), cast["owner"], dark_logo=None)
    assert Clinic.current().logo_in_the_dark is None
    _save(Clinic.current(), cast["owner"], logo=clear_png("teal"))
    assert Clinic.current().logo_in_the_dark == Clinic.current().logo


# What one line is


@pytest.mark.parametrize("name", ["\u200b\u2060", "\u3164", " \u2028 ", "–", "\u202e\u202c", ""])
def test_a_name_that_nobody_can_read_is_refused_beside_its_field(clinic, cast, name):
    clinic.name = name
    with pytest.raises(Refused, match="at least one letter or digit") as refusal:
        _save(clinic, cast["owner"])
    assert refusal.value.field == "name"


def test_a_fact_of_one_line_loses_what_cannot_be_seen_or_deceives(clinic, cast):
    clinic.name, clinic.tagline = "Harbor\u2028 \u202eLane\u2069\x07", "\tSkin\r\nand\u00a0\u200bmore\u200d"
    clinic.phone = "\u202a555\u00a00100\u202c"
    _save(clinic, cast["owner"])
    saved = Clinic.current()
    assert (saved.name, saved.tagline, saved.phone) == ("Harbor Lane", "Skin and more", "555 0100")
