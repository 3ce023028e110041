"""Photographs of providers: cleaned, kept in several widths, and shown to whom they may be."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from PIL import Image as Picture

from clinic import actions
from clinic.models import Provider
from clinic.photos import photo_of, photo_path, widths_of
from education.actions import Refused
from tests import profiles
from tests.education.desk import signed_in
from tests.html import get, page
from tests.pictures import png

TEXT = "Robin Sample at a desk"


def taken_by_a_telephone(width: int = 1200, height: int = 900) -> bytes:
    """Return a JPEG that says where and with what it was taken, and that it lies on its side."""
    picture = Picture.new("RGB", (width, height), "teal")
    picture.paste("white", (0, 0, width // 2, height))
    exif = Picture.Exif()
    exif[0x010F] = "Example Camera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 42.0, 46.0)})
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    assert b"Example Camera" in out.getvalue()
    return out.getvalue()


def with_photo(by: Any, content: bytes | None = None, **facts: Any) -> Provider:
    upload = io.BytesIO(taken_by_a_telephone() if content is None else content)
    return profiles.provider(by, photo=upload, **{"photo_alternative_text": TEXT, **facts})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "can carry a program"),
        (b"<!doctype html><p>Hello", "can carry a program"),
        (b"GIF89a" + bytes(40), "no picture that can be used"),
        (taken_by_a_telephone()[:900], "damaged"),
        (png(159, 400), "too small"),
        (png(4000, 160), "too small"),
        (png(7000, 6000), "more than 40 million pixels"),
        (bytes(10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_photo_that_can_be_shown_is_refused(cast, content, words):
    with pytest.raises(Refused, match=words) as raised:
        with_photo(cast["author"], content)
    assert raised.value.field == "photo"
    assert not Provider.objects.exists()


def test_a_photo_needs_words_for_who_cannot_see_it(cast):
    with pytest.raises(Refused, match="people who cannot see it") as raised:
        with_photo(cast["author"], photo_alternative_text="")
    assert raised.value.field == "photo_alternative_text"


def test_a_photo_is_kept_upright_as_webp_in_each_width_without_place_or_camera(cast):
    robin = with_photo(cast["author"])
    assert (robin.photo_width, robin.photo_height) == (640, 853)
    folder = settings.MEDIA_ROOT / "providers"
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(f"{robin.photo_sha256}-{width}.webp" for width in (160, 320, 640))
    for width in (160, 320, 640):
        content = photo_path(robin.photo_sha256, width).read_bytes()
        with Picture.open(io.BytesIO(content)) as picture:
            assert picture.format == "WEBP"
            assert picture.size == (width, round(853 * width / 640))
            assert not picture.getexif()
            assert "exif" not in picture.info
            # It lay on its side: what was its left half is the upper one.
            red, green, blue = picture.convert("RGB").getpixel((width // 2, 10))
            assert min(red, green, blue) > 240
        assert b"Example Camera" not in content


@pytest.mark.parametrize(("widest", "widths"), [(160, (160,)), (200, (160, 200)), (640, (160, 320, 640))])
def test_a_small_photo_has_fewer_files_and_none_is_larger_than_it_was(cast, widest, widths):
    assert widths_of(widest) == widths
    robin = with_photo(cast["author"], png(widest, 200))
    assert robin.photo_width == widest
    assert all(photo_path(robin.photo_sha256, width).is_file() for width in widths)


def test_a_photo_can_be_replaced_and_taken_away(cast):
    robin = with_photo(cast["author"])
    parts = {"by": cast["author"], "languages": (), "performed": (), "locations": ()}
    with pytest.raises(Refused, match="not both"):
        actions.save_provider(robin, photo=io.BytesIO(png(300, 300)), no_photo=True, **parts)
    before = robin.photo_sha256
    actions.save_provider(robin, photo=io.BytesIO(png(300, 300)), **parts)
    assert robin.photo_sha256 != before
    actions.save_provider(robin, **parts)
    assert robin.photo_width == 300
    actions.save_provider(robin, no_photo=True, **parts)
    robin.refresh_from_db()
    assert (robin.photo_sha256, robin.photo_width, robin.photo_height) == ("", 0, 0)


# How it is shown


def test_a_page_lets_the_browser_choose_and_keeps_the_room_for_it(client, cast):
    robin = with_photo(cast["author"], photo_focal_point="top")
    shown = photo_of(robin)
    assert shown is not None
    for path in ("/providers/", robin.get_absolute_url()):
        (image,) = [one for tag, one in page(get(client, path)).elements if tag == "img"]
        assert image["alt"] == TEXT
        assert image["srcset"] == shown.srcset
        assert image["src"] == shown.url
        assert (image["width"], image["height"], image["loading"]) == ("640", "853", "lazy")
        assert image["class"] == "photo focal-top"
        assert image["sizes"]
    addresses = re.findall(r"(\S+) \d+w", shown.srcset)
    assert len(addresses) == 3
    for address in addresses:
        response = get(client, address)
        assert response["Content-Type"] == "image/webp"
        assert "immutable" in response["Cache-Control"]
        assert "Cookie" not in response.get("Vary", "")


def test_a_photo_is_public_while_the_page_is_or_was_and_no_width_is_made_up(client, cast):
    left = with_photo(cast["author"], visible_until=date(2020, 2, 1))
    shown = photo_of(left)
    assert shown is not None
    get(client, shown.url)
    get(client, f"/providers/photos/{left.photo_sha256}-641.webp", 404)
    get(client, f"/providers/photos/{left.photo_sha256}-{'9' * 30}.webp", 404)
    # Longer than any disk lets a file's name be.
    get(client, f"/providers/photos/{left.photo_sha256}-{'9' * 400}.webp", 404)
    get(client, f"/providers/photos/{'0' * 64}-320.webp", 404)


@pytest.mark.parametrize(("who", "status"), [("front_desk", 200), ("reviewer", 200), ("outsider", 404)])
def test_before_its_day_a_photo_is_for_staff_who_may_see_providers(client, cast, who, status):
    soon = with_photo(cast["author"], visible_from=date(2099, 1, 1))
    shown = photo_of(soon)
    assert shown is not None
    get(client, shown.url, 404)
    response = get(signed_in(cast[who]), shown.url, status)
    if status == 200:
        assert response["Cache-Control"] == "private, no-store"


def test_a_photo_that_was_taken_away_is_not_answered_any_more(client, cast):
    robin = with_photo(cast["author"])
    shown = photo_of(robin)
    assert shown is not None
    get(client, shown.url)
    actions.save_provider(robin, by=cast["author"], languages=(), performed=(), locations=(), no_photo=True)
    get(client, shown.url, 404)
    get(signed_in(cast["owner"]), shown.url, 404)
