"""Importing pictures: a bare WebP file is kept byte for byte, everything else is made anew."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Picture

from education import actions
from education.actions.image_files import image_path
from education.actions.webp import is_bare_webp
from education.guide_files import MalformedFile
from education.models import Image
from tests.pictures import png

GUIDE = '[guide]\nslug = "cold"\ntitle = "Cold"\nkind = "procedure"\n'
PAGE = '+++\nkind = "overview"\ntitle = "Overview"\n+++\n![](image:hand)\n'
HAND = '[[images]]\nkey = "hand"\nfile = "hand.webp"\nalternative_text = "A hand."\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "guide.toml").write_text(GUIDE, encoding="utf-8")
    (tmp_path / "library.toml").write_text(HAND, encoding="utf-8")
    (tmp_path / "01-overview.md").write_text(PAGE, encoding="utf-8")
    return tmp_path


def webp(mode: str = "RGB", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """Return a WebP of one colour as Pillow writes it with these options."""
    out = io.BytesIO()
    colour = (0, 128, 128, 90) if mode == "RGBA" else (0, 128, 128)
    Picture.new(mode, size, colour).save(out, "WEBP", **options)
    return out.getvalue()


def riff(chunks: bytes) -> bytes:
    """Return a WebP file of these chunks."""
    return b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + chunks


SIZE = bytes([39, 0, 0, 29, 0, 0])


def extended(body: bytes) -> bytes:
    """Return the chunk that says what an extended file has."""
    return b"VP8X" + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def exif() -> Picture.Exif:
    """Return what a camera writes about itself."""
    found = Picture.Exif()
    found[0x010F] = "Camera"
    return found


def padded() -> bytes:
    """Return a picture whose chunk has an odd length, with something in the padding byte behind it."""
    made = (webp(size=(width, 30), lossless=True) for width in range(40, 400))
    content = next(one for one in made if int.from_bytes(one[16:20], "little") % 2)
    return content[:-1] + b"!"


def _stored(folder: Path, cast, content: bytes) -> bytes:
    """Import a picture and return the file that the library keeps."""
    (folder / "hand.webp").write_bytes(content)
    actions.import_guide(folder, by=cast["author"])
    image = Image.objects.get()
    kept = image_path(image.sha256).read_bytes()
    with Picture.open(io.BytesIO(kept)) as picture:
        assert picture.size == (image.width, image.height)
    return kept


def test_a_picture_of_another_kind_is_made_a_webp_file(folder, cast):
    kept = _stored(folder, cast, png())
    assert is_bare_webp(kept)
    assert Image.objects.get().alternative_text == "A hand."


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"quality": 40}])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_webp_file_that_is_nothing_but_a_picture_is_kept_as_it_is(folder, cast, mode, options):
    content = webp(mode, **options)
    assert _stored(folder, cast, content) == content


EXTRAS = {
    "EXIF": lambda: webp("RGB", exif=exif()),
    "XMP": lambda: webp("RGB", xmp=b"<x:xmpmeta/>"),
    "a colour profile": lambda: webp("RGB", icc_profile=b"\0" * 128),
    "an animation": lambda: webp("RGB", save_all=True, append_images=[Picture.new("RGB", (40, 30), "red")]),
    "something behind the picture": lambda: webp("RGB") + b"PK",
    "a chunk of its own": lambda: riff(webp("RGB")[12:] + b"NOTE\x02\0\0\0hi"),
    "something in a padding byte": padded,
    "a wide picture": lambda: webp("RGB", size=(1700, 10)),
    "a tall picture": lambda: webp("RGB", size=(10, 6500)),
}


@pytest.mark.parametrize("extra", EXTRAS)
def test_any_other_webp_file_is_made_anew(extra, folder, cast):
    content = EXTRAS[extra]()
    kept = _stored(folder, cast, content)
    assert kept != content
    assert is_bare_webp(kept)
    with Picture.open(io.BytesIO(kept)) as picture:
        assert not {"exif", "xmp", "icc_profile"} & set(picture.info)
        assert picture.width <= 1600


@pytest.mark.parametrize(
    "header", [b"\0" * 11, b"\0" * 9, *(bytes([1 << bit]) + bytes(3) + SIZE for bit in (0, 1, 2, 3, 5, 6, 7))]
)
def test_a_file_whose_header_names_more_than_transparency_is_not_bare(header):
    picture = webp()[12:]
    assert is_bare_webp(riff(extended(b"\x10" + bytes(3) + SIZE) + picture))
    assert not is_bare_webp(riff(extended(header) + picture))


@pytest.mark.parametrize("by", [-2, 2])
def test_a_file_whose_size_field_is_wrong_is_not_bare(by):
    content = webp()
    size = int.from_bytes(content[4:8], "little") + by
    assert not is_bare_webp(content[:4] + size.to_bytes(4, "little") + content[8:])


@pytest.mark.parametrize("end", range(0, 40))
def test_the_beginning_of_a_file_is_not_a_bare_one(end):
    content = webp()[:end]
    assert not is_bare_webp(content)
    assert not is_bare_webp(riff(content[12:]))


def test_a_webp_file_that_is_cut_short_is_refused(folder, cast):
    with pytest.raises(MalformedFile, match="no picture that can be used"):
        _stored(folder, cast, webp("RGB")[:-30])


def test_a_bare_file_whose_picture_cannot_be_decoded_is_refused(folder, cast):
    """The sizes are right, but half of the picture is missing."""
    with io.BytesIO() as out:
        Picture.effect_noise((40, 30), 90).convert("RGB").save(out, "WEBP", lossless=True)
        body = out.getvalue()[20:]
    half = body[: len(body) // 4 * 2]
    content = riff(b"VP8L" + len(half).to_bytes(4, "little") + half)
    assert is_bare_webp(content)
    with pytest.raises(MalformedFile, match="no picture that can be used"):
        _stored(folder, cast, content)


def test_an_upload_in_the_admin_is_always_made_anew(cast):
    content = webp("RGB", quality=40)
    image = actions.add_image(Image(key="hand", alternative_text="A hand."), io.BytesIO(content), by=cast["author"])
    assert image_path(image.sha256).read_bytes() != content
