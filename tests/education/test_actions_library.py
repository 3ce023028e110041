"""Sources, terms and pictures: who may save them, and what of an upload is kept."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Picture

from education import actions
from education.actions import pictures
from education.actions.image_files import WIDEST, image_path
from education.actions.library import UPLOAD_BYTES, reencoded
from education.models import Image, Source, Term
from education.rules import NotPermitted
from tests import builders
from tests.education.whole_record import image
from tests.pictures import png

NO_WRITERS = ("reviewer", "front_desk", "outsider")


def _image(key: str = "cold-pack") -> Image:
    return Image(key=key, alternative_text="A cold pack")


def _photo(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    out = io.BytesIO()
    Picture.radial_gradient("L").resize(size).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def _with_camera_data() -> bytes:
    exif = Picture.Exif()
    exif[0x010F] = "Camera maker"
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[2] = (40.0, 42.0, 46.0)
    exif.get_ifd(0x8825)[1] = "N"
    return _photo(size=(60, 40), exif=exif, comment=b"Taken at home")


def _files(media) -> list[str]:
    return sorted(path.name for path in (media / "images").glob("*")) if (media / "images").exists() else []


@pytest.fixture
def media(settings):
    return settings.MEDIA_ROOT


# Refusals


@pytest.mark.parametrize("who", NO_WRITERS)
def test_only_editors_write_the_library_and_nobody_else_leaves_a_file(guide, cast, who, media):
    source, term = Source.objects.get(), Term.objects.get()
    for attempt in (
        lambda: actions.save_source(Source(key="a", title="A", strength="trial"), by=cast[who]),
        lambda: actions.save_source(source, by=cast[who]),
        lambda: actions.save_term(Term(key="a", term="a", plain_meaning="A."), by=cast[who]),
        lambda: actions.save_term(term, by=cast[who]),
        lambda: actions.add_image(_image(), io.BytesIO(png()), by=cast[who]),
    ):
        with pytest.raises(NotPermitted, match=r"does not let you (add|change) an? .*Ask the owner of the site"):
            attempt()
    assert (Source.objects.count(), Term.objects.count(), Image.objects.count()) == (1, 1, 0)
    assert _files(media) == []


def test_a_key_that_texts_refer_to_cannot_be_changed(guide, cast):
    picture = image(cast["author"])
    for row, save in (
        (Source.objects.get(), actions.save_source),
        (Term.objects.get(), actions.save_term),
        (picture, lambda row, by: actions.add_image(row, None, by=by)),
    ):
        before = row.key
        row.key = "another"
        with pytest.raises(actions.Refused, match=r"texts refer to it. Add a new one instead") as refusal:
            save(row, by=cast["author"])
        assert refusal.value.field == "key"
        row.refresh_from_db()
        assert row.key == before


def test_an_image_without_a_picture_is_refused(cast):
    with pytest.raises(actions.Refused, match="Choose a picture to upload") as refusal:
        actions.add_image(_image(), None, by=cast["author"])
    assert refusal.value.field == "upload"


def _png_of_size(width: int, height: int) -> bytes:
    """Return a PNG that only claims to be so large."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"")),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def _gif(frames: int = 3) -> bytes:
    out = io.BytesIO()
    pictures = [Picture.new("L", (40, 30), shade) for shade in range(frames)]
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


NO_PICTURES = {
    "nothing": b"",
    "text": b"A cold pack",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "PDF": b"%PDF-1.7\n",
    "animated GIF": _gif(),
    "BMP": _photo("BMP"),
    "TIFF": _photo("TIFF"),
    "HTML behind a PNG's first bytes": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "half a JPEG": _photo()[:300],
    "half a PNG": _photo("PNG")[:300],
    "half a WebP": _photo("WEBP")[:100],
    "a PNG without its points": _png_of_size(40, 30),
    "a PNG of more points than Pillow opens": _png_of_size(60_000, 60_000),
}


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES.keys())
def test_what_is_no_whole_jpeg_png_or_webp_is_refused(cast, media, content):
    with pytest.raises(actions.Refused, match="Choose a JPEG, PNG or WebP file") as refusal:
        actions.add_image(_image(), io.BytesIO(content), by=cast["author"])
    assert refusal.value.field == "upload"
    assert not Image.objects.exists()
    assert _files(media) == []


def test_a_picture_of_too_many_points_is_refused_before_it_is_decoded():
    with pytest.raises(actions.Refused, match=r"more than 40 million pixels. Make it smaller"):
        reencoded(io.BytesIO(_png_of_size(8_000, 5_001)))


def test_a_file_of_too_many_bytes_is_refused_without_reading_it_all():
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert 0 < size <= UPLOAD_BYTES + 1
            self.taken += size
            return b"x" * size

    upload = Endless()
    with pytest.raises(actions.Refused, match=r"larger than 10 MB. Make it smaller"):
        reencoded(upload)
    assert upload.taken == UPLOAD_BYTES + 1


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's remarks on damaged camera data
@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([_with_camera_data(), _photo("PNG"), _photo("WEBP"), _photo("PNG", dpi=(72, 72))]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6),
    st.floats(0.3, 1),
)
def test_a_damaged_picture_is_refused_or_read_and_never_a_fault(content, damage, kept):
    damaged = bytearray(content)
    for place, value in damage:
        damaged[int(place * len(damaged))] = value
    try:
        encoded, width, height = reencoded(io.BytesIO(bytes(damaged[: int(len(damaged) * kept)])))
    except actions.Refused:
        return
    with Picture.open(io.BytesIO(encoded)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (width, height))


# What is kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_as_webp_under_the_hash_of_its_bytes(cast, media, kind):
    row = actions.add_image(_image(), io.BytesIO(_photo(kind)), by=cast["author"])
    content = image_path(row.sha256).read_bytes()
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert (row.width, row.height) == (40, 30)
    assert _files(media) == [f"{row.sha256}.webp"]
    assert image_path(row.sha256).stat().st_mode & 0o077 == 0
    with Picture.open(io.BytesIO(content)) as picture:
        assert picture.format == "WEBP"


def test_nothing_that_the_camera_wrote_rides_along_and_the_picture_stands_upright():
    content = _with_camera_data()
    with Picture.open(io.BytesIO(content)) as before:
        assert before.getexif()[0x010F] == "Camera maker"
        assert before.getexif().get_ifd(0x8825)
    encoded, width, height = reencoded(io.BytesIO(content))
    assert (width, height) == (40, 60)
    with Picture.open(io.BytesIO(encoded)) as after:
        assert not dict(after.getexif())
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(after.info)
    for told in (b"Camera maker", b"Taken at home", b"EXIF", b"XMP"):
        assert told not in encoded


def test_a_wide_picture_becomes_narrower_and_keeps_its_shape():
    _, width, height = reencoded(io.BytesIO(_photo(size=(WIDEST * 2, 800))))
    assert (width, height) == (WIDEST, 400)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_colour_is_read(mode):
    out = io.BytesIO()
    Picture.new(mode, (20, 10)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert reencoded(io.BytesIO(out.getvalue()))[1:] == (20, 10)


def test_what_is_see_through_stays_so():
    out = io.BytesIO()
    Picture.new("RGBA", (20, 10), (0, 0, 0, 0)).save(out, "PNG")
    with Picture.open(io.BytesIO(reencoded(io.BytesIO(out.getvalue()))[0])) as picture:
        assert picture.convert("RGBA").getpixel((5, 5))[3] == 0


def test_the_same_picture_twice_is_one_file_and_two_images(cast, media):
    one = image(cast["author"], key="one")
    written = image_path(one.sha256).stat()
    two = image(cast["author"], key="two")
    assert one.sha256 == two.sha256
    assert _files(media) == [f"{one.sha256}.webp"]
    assert image_path(one.sha256).stat().st_mtime_ns == written.st_mtime_ns


def test_half_a_file_that_a_crash_left_is_made_whole_by_the_next_upload(cast):
    row = image(cast["author"], key="one")
    path = image_path(row.sha256)
    whole = path.read_bytes()
    path.write_bytes(whole[:10])
    image(cast["author"], key="two")
    assert path.read_bytes() == whole


def test_a_full_disk_leaves_neither_row_nor_half_a_file(cast, media, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pictures.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        image(cast["author"])
    assert _files(media) == []
    assert not Image.objects.exists()


def test_another_picture_under_the_same_key_leaves_the_old_file(cast, media):
    row = image(cast["author"])
    old = row.sha256
    actions.add_image(row, io.BytesIO(png(colour="red")), by=cast["author"])
    assert row.sha256 != old
    assert _files(media) == sorted([f"{old}.webp", f"{row.sha256}.webp"])


def test_the_facts_of_an_image_change_without_its_file(cast):
    row = image(cast["author"])
    row.alternative_text = " A towel "
    actions.add_image(row, None, by=cast["author"])
    row.refresh_from_db()
    assert row.alternative_text == "A towel"


def test_a_source_and_a_term_are_saved_canonical(guide, cast):
    source = actions.save_source(Source(key="b", title="e\u0301 ", strength="trial"), by=cast["author"])
    term = actions.save_term(Term(key="b", term=" b", plain_meaning="One\r\ntwo"), by=cast["author"])
    assert (Source.objects.get(pk=source.pk).title, Term.objects.get(pk=term.pk).plain_meaning) == ("é", "One\ntwo")
    assert builders.submitted(guide, cast["author"]).sources[0]["key"] == "trial-2020"
