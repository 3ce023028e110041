"""Images in several widths: which files there are, who gets them, what a page offers, and what replacing one leaves."""

from __future__ import annotations

import hashlib
import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.test import Client
from PIL import Image as Picture

from education import actions
from education.actions import image_files
from education.actions.image_files import image_path, smaller_file, smaller_path
from education.models import Edition, EditionImage, Guide, Image, Page, Rendering
from education.rendering import WIDTHS, smaller_widths
from education.snapshot import image_url
from education.verification import verify_guide
from tests import builders
from tests.education.desk import page_url, signed_in, written
from tests.html import get
from tests.pictures import photo, png, turned

SECRETS = (b"Camera maker", b"EXIF", b"XMP", b"ICCP")


def kept(by, content: bytes, key: str = "hand") -> Image:
    row = Image.objects.filter(key=key).first() or Image(key=key, alternative_text="A hand.")
    return actions.add_image(row, io.BytesIO(content), by=by)


def opened(path: Path) -> Picture.Image:
    picture = Picture.open(path)
    picture.load()
    return picture


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "images").iterdir())


@pytest.fixture
def media(settings) -> Path:
    return settings.MEDIA_ROOT


@pytest.fixture
def image(cast) -> Image:
    return kept(cast["author"], photo(1200, 800))


@pytest.fixture
def shown(guide, image, cast) -> Edition:
    """A live edition that shows the image."""
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "![Cold](image:hand)")
    return builders.published(guide, cast)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# Which widths


def test_there_are_three_widths_and_a_picture_is_never_made_larger():
    assert WIDTHS == (480, 960, 1600)
    wanted = {1: (), 480: (), 481: (480,), 960: (480,), 961: (480, 960), 1600: (480, 960)}
    assert {own: smaller_widths(own) for own in wanted} == wanted


@pytest.mark.parametrize(
    ("size", "widths"),
    [((4000, 1000), [480, 960, 1600]), ((1200, 800), [480, 960, 1200]), ((500, 9000), [356]), ((40, 30), [40])],
)
def test_an_upload_is_kept_in_each_width_that_it_reaches(size, widths, cast, media):
    row = kept(cast["author"], photo(*size))
    assert row.width == widths[-1]
    files = [*(smaller_path(row.sha256, width) for width in widths[:-1]), image_path(row.sha256)]
    assert names(media) == sorted(path.name for path in files)
    for width, path in zip(widths, files, strict=True):
        picture = opened(path)
        assert (picture.format, picture.width) == ("WEBP", width)
        assert picture.width / picture.height == pytest.approx(size[0] / size[1], rel=0.02)
    assert hashlib.sha256(image_path(row.sha256).read_bytes()).hexdigest() == row.sha256


def test_no_width_holds_what_the_camera_wrote_and_each_stands_upright(cast, media):
    row = kept(cast["author"], turned(1200, 800))
    assert (row.width, row.height) == (800, 1200)
    assert len(names(media)) == 2
    for path in (media / "images").iterdir():
        picture = opened(path)
        assert picture.height > picture.width
        assert not dict(picture.getexif())
        assert not {"exif", "xmp", "icc_profile"} & set(picture.info)
        assert not [word for word in SECRETS if word in path.read_bytes()]


def test_a_smaller_file_is_much_lighter(image):
    small, whole = smaller_path(image.sha256, 480), image_path(image.sha256)
    assert small.stat().st_size < whole.stat().st_size / 2


# What is uploaded


def test_colours_for_print_become_those_of_a_screen(cast):
    out = io.BytesIO()
    Picture.new("CMYK", (600, 400), (0, 255, 255, 0)).save(out, "JPEG", quality=95)
    row = kept(cast["author"], out.getvalue())
    red, green, blue = opened(smaller_path(row.sha256, 480)).convert("RGB").getpixel((200, 100))
    assert red > 200
    assert max(green, blue) < 60


def test_sixteen_bits_of_grey_stay_grey(cast):
    out = io.BytesIO()
    Picture.new("I;16", (20, 20), 128 * 256).save(out, "PNG")
    row = kept(cast["author"], out.getvalue())
    assert opened(image_path(row.sha256)).convert("L").getpixel((10, 10)) == pytest.approx(128, abs=3)


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_of_a_picture_that_moves_the_first_moment_is_kept(kind, cast):
    out = io.BytesIO()
    frames = [Picture.new("RGB", (600, 40), colour) for colour in ("teal", "red", "red")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    row = kept(cast["author"], out.getvalue())
    for path in (image_path(row.sha256), smaller_path(row.sha256, 480)):
        picture = opened(path)
        assert not getattr(picture, "is_animated", False)
        assert picture.convert("RGB").getpixel((20, 20))[0] < 60


def test_a_picture_of_one_pixel_is_kept_as_it_is(cast, media):
    row = kept(cast["author"], png(1, 1))
    assert (row.width, row.height) == (1, 1)
    assert len(names(media)) == 1


def test_letters_on_a_clear_ground_stay_on_one_in_every_width(cast):
    out = io.BytesIO()
    Picture.new("RGBA", (600, 40), (0, 0, 0, 0)).save(out, "PNG")
    row = kept(cast["author"], out.getvalue())
    assert opened(smaller_path(row.sha256, 480)).convert("RGBA").getpixel((20, 20))[3] == 0


# Who gets which file


def test_a_smaller_file_is_for_those_who_may_have_the_whole_one(client, image, guide, cast):
    address = image_url(image.sha256, 480)
    get(client, address, 404)
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "![Cold](image:hand)")
    builders.approved(guide, cast)
    get(client, address, 404)
    get(signed_in(cast["outsider"]), address, 404)
    for_staff = get(signed_in(cast["reviewer"]), address)
    assert for_staff["Cache-Control"] == "private, no-store"
    actions.publish(guide.editions.get(), by=cast["author"])
    response = get(client, address)
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]
    assert body(response) == smaller_path(image.sha256, 480).read_bytes()


@pytest.mark.parametrize("width", ["1", "479", "481", "1200", "1600", "1601", "999999999", "0480", "0", "-480"])
def test_no_other_width_is_ever_made(width, client, shown, image, media):
    before = names(media)
    get(client, f"/images/{image.sha256}-{width}.webp", 404)
    assert names(media) == before


def test_a_picture_that_is_narrow_has_no_wider_file(client, guide, cast, media):
    row = kept(cast["author"], photo(700, 300))
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "![Cold](image:hand)")
    builders.published(guide, cast)
    get(client, image_url(row.sha256, 480))
    get(client, image_url(row.sha256, 960), 404)
    assert len(names(media)) == 2


# Made again


def test_what_is_missing_is_made_on_the_first_request_and_kept(client, shown, image, media):
    path = smaller_path(image.sha256, 960)
    before = path.read_bytes()
    path.unlink()
    assert body(get(client, image_url(image.sha256, 960))) == before
    assert path.read_bytes() == before
    written = path.stat().st_mtime_ns
    get(client, image_url(image.sha256, 960))
    assert path.stat().st_mtime_ns == written


def test_nobody_outside_can_have_a_file_made_of_a_picture_that_is_not_public(client, image):
    path = smaller_path(image.sha256, 480)
    path.unlink()
    get(client, image_url(image.sha256, 480), 404)
    assert not path.exists()


def test_many_who_ask_at_once_get_the_same_file_made_once(image, monkeypatch):
    path, made, together = smaller_path(image.sha256, 960), [], Barrier(8)
    before = path.read_bytes()
    path.unlink()
    real = image_files.in_width
    monkeypatch.setattr(image_files, "in_width", lambda *args: made.append(args) or real(*args))

    def ask(_: int) -> bytes | None:
        together.wait()
        return smaller_file(image.sha256, 960)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {before}
    assert len(made) == 1
    assert [one for one in path.parent.iterdir() if one.name.startswith(".")] == []


@pytest.mark.parametrize("damage", ["gone", "another picture", "half"])
def test_nothing_is_made_of_a_file_that_is_not_the_one_on_record(damage, image):
    whole, small = image_path(image.sha256), smaller_path(image.sha256, 480)
    small.unlink()
    if damage == "gone":
        whole.unlink()
    else:
        whole.write_bytes(photo(1200, 800, "WEBP") if damage == "another picture" else whole.read_bytes()[:500])
    assert smaller_file(image.sha256, 480) is None
    assert not small.exists()


def test_a_full_disk_shows_the_picture_all_the_same(image, monkeypatch):
    path = smaller_path(image.sha256, 480)
    before = path.read_bytes()
    path.unlink()

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(image_files, "keep_file", full)
    assert smaller_file(image.sha256, 480) == before
    assert not path.exists()


def test_an_upload_that_the_disk_has_no_room_for_leaves_no_row(cast, monkeypatch):
    calls = []

    def full(content: bytes, path: Path) -> None:
        calls.append(path)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(image_files, "keep_file", full)
    with pytest.raises(OSError, match="No space"):
        kept(cast["author"], photo())
    assert not Image.objects.exists()


# What a page offers


def test_the_preview_and_the_page_offer_the_same_and_each_address_answers(client, shown, image, cast):
    page = client.get("/guides/cold-therapy/preparation/").content.decode()
    found = re.search(r'srcset="([^"]+)"', page)
    assert found
    for one in found[1].split(", "):
        address, width = one.split(" ")
        assert opened(io.BytesIO(body(get(client, address)))).width == int(width[:-1])
    row = shown.guide.pages.get(kind=Page.Kind.PREPARATION)
    preview = signed_in(cast["author"]).post(page_url(row, "preview"), written(row), HTTP_ACCEPT="application/json")
    assert found[1] in preview.content.decode()


# The record


def test_the_content_hash_does_not_know_the_widths(guide, image, cast, shown):
    content = shown.snapshot().content()
    assert content["images"] == [{"sha256": image.sha256, "alternative_text": "A hand."}]
    assert not re.search(r"\b(480|960)\b", str(content))


def test_files_that_are_derived_can_go_and_the_record_holds(shown, image):
    for width in (480, 960):
        smaller_path(image.sha256, width).unlink()
    assert [one for edition in verify_guide(shown.guide) for one in edition] == []


def test_an_older_rendering_stays_and_a_new_one_is_put_beside_it(shown, monkeypatch, client):
    for module in ("submission", "rendering"):
        monkeypatch.setattr(f"education.actions.{module}.RENDERER_VERSION", 99)
    before = set(Rendering.objects.values_list("pk", "html"))
    assert actions.rerender(shown) == 3
    assert before < set(Rendering.objects.values_list("pk", "html"))
    assert [one for edition in verify_guide(shown.guide) for one in edition] == []


def test_a_replaced_picture_stays_in_the_editions_that_showed_it(guide, shown, image, cast, client):
    old = image.sha256
    bytes_before = {width: body(get(client, image_url(old, width))) for width in (None, 480, 960)}
    new = kept(cast["author"], photo(1000, 1000))
    assert new.sha256 != old
    permalink = client.get("/guides/cold-therapy/editions/1/").content.decode()
    assert f'src="/images/{old}.webp"' in permalink
    assert new.sha256 not in permalink
    assert {width: body(get(client, image_url(old, width))) for width in bytes_before} == bytes_before
    assert hashlib.sha256(bytes_before[None]).hexdigest() == old
    get(Client(), new.url, 404)
    second = builders.next_edition(guide, cast, "Numb skin [@trial-2020].")
    assert f'src="/images/{new.sha256}.webp"' in client.get("/guides/cold-therapy/preparation/").content.decode()
    assert f'src="/images/{old}.webp"' in client.get("/guides/cold-therapy/editions/1/").content.decode()
    assert list(EditionImage.objects.order_by("id").values_list("sha256", flat=True)) == [old, new.sha256]
    assert second.images[0]["sha256"] == new.sha256
    assert [one for edition in verify_guide(Guide.objects.get()) for one in edition] == []
