"""What stands for the clinic where its pages are not seen: its initial on its colour, and a card for shared links.

Letters are drawn from the fonts that come with the site, so that they look the same everywhere.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont, features

from clinic.brand import ink_on
from education.canonical import canonical_json, sha256

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
FAMILIES = ("NotoSans", "NotoSansHebrew", "NotoSansArabic")
RIGHT_TO_LEFT = ("NotoSansHebrew", "NotoSansArabic")
HASH_LENGTH = 12
# To be raised with every change of what is drawn here: the addresses change with it.
DRAWING = 2

# The icon, in units of its own drawing: the square, its corners, and the greatest height and width of the letter.
SIDE, CORNER, LETTER = 32, 7, 18
APPLE_ICON = 180
FAVICONS = [(32, 32), (48, 48)]

CARD = (1200, 630)
MARGIN, MARK = 90, 120
ROOM = CARD[1] - 2 * MARGIN - MARK
NAME_SIZES, TAGLINE_SIZE = (92, 80, 68, 56, 46, 38, 32), 40


@dataclass(frozen=True)
class Glyph:
    """An outline of a font: the path, the box around it (left, bottom, right, top) and the font's units to the em."""

    path: str
    box: tuple[float, float, float, float]
    units: int

    @property
    def scale(self) -> float:
        """How large a unit of the font is in the icon's drawing."""
        left, bottom, right, top = self.box
        return LETTER / max(right - left, top - bottom)


def digest(name: str, tagline: str, colour: str) -> str:
    """Return the short hash that addresses carry of what is drawn from these facts."""
    return sha256(canonical_json([DRAWING, name, tagline, colour]))[:HASH_LENGTH]


def initial(name: str) -> str:
    """Return the first letter or digit of a name as a capital; nothing when there is none, or no font has it."""
    letter = next((one for one in name if one.isalnum()), "").upper()[:1]
    return letter if letter and family_of(letter) else ""


@lru_cache(maxsize=256)
def family_of(text: str) -> str:
    """Return the family of fonts that has every character of a text, or nothing."""
    return next((name for name in FAMILIES if all(ord(one) in _characters(name) for one in text)), "")


@cache
def _characters(family: str) -> frozenset[int]:
    with TTFont(FONTS / f"{family}-Bold.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


@lru_cache(maxsize=32)
def _glyph(letter: str) -> Glyph:
    with TTFont(FONTS / f"{family_of(letter)}-Bold.ttf", lazy=True) as font:
        glyphs, name = font.getGlyphSet(), font.getBestCmap()[ord(letter)]
        path, bounds = SVGPathPen(glyphs, ntos=lambda number: str(round(number))), BoundsPen(glyphs)
        glyphs[name].draw(path)
        glyphs[name].draw(bounds)
        return Glyph(path.getCommands(), bounds.bounds, font["head"].unitsPerEm)


# Icons


@lru_cache(maxsize=8)
def icon(name: str, colour: str) -> bytes:
    """Return the icon as SVG without a style of its own: the initial of a name, or a ring, on a colour."""
    ink, letter = ink_on(colour), initial(name)
    if letter:
        glyph = _glyph(letter)
        left, bottom, right, top = glyph.box
        across = SIDE / 2 - (left + right) / 2 * glyph.scale
        down = SIDE / 2 + (bottom + top) / 2 * glyph.scale
        place = f"translate({across:.2f} {down:.2f}) scale({glyph.scale:.4f} {-glyph.scale:.4f})"
        mark = f'<path fill="{ink}" transform="{place}" d="{glyph.path}"/>'
    else:
        mark = f'<circle cx="16" cy="16" r="7" fill="none" stroke="{ink}" stroke-width="4"/>'
    box = f'<rect width="{SIDE}" height="{SIDE}" rx="{CORNER}" fill="{colour}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">{box}{mark}</svg>'.encode()


@lru_cache(maxsize=4)
def apple_icon(name: str, colour: str) -> bytes:
    """Return the icon as PNG, 180 pixels wide, without corners: a telephone cuts its own."""
    return _encoded(_mark(name, colour, ink_on(colour), APPLE_ICON, rounded=False), "PNG", optimize=True)


@lru_cache(maxsize=4)
def favicon(name: str, colour: str) -> bytes:
    """Return the icon as ICO, for whatever asks for nothing else."""
    return _encoded(_mark(name, colour, ink_on(colour), FAVICONS[-1][0]), "ICO", sizes=FAVICONS)


def _mark(name: str, ground: str, ink: str, side: int, *, rounded: bool = True) -> Picture.Image:
    """Draw the icon four times as large and shrink it: Pillow draws its shapes without smooth edges."""
    large = side * 4
    unit = large / SIDE
    picture = Picture.new("RGBA", (large, large))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0, 0, large - 1, large - 1), CORNER * unit if rounded else 0, fill=ground)
    middle, letter = large / 2, initial(name)
    if letter:
        glyph = _glyph(letter)
        font = _font(family_of(letter), "Bold", glyph.scale * glyph.units * unit)
        left, bottom, right, top = (edge * glyph.scale * unit for edge in glyph.box)
        # From where the letter's line begins: Pillow's own box is as wide as the letter with its sides.
        origin = (middle - (left + right) / 2, middle + (bottom + top) / 2)
        draw.text(origin, letter, font=font, fill=ink, anchor="ls")
    else:
        reach = 9 * unit
        around = (middle - reach, middle - reach, middle + reach, middle + reach)
        draw.ellipse(around, outline=ink, width=round(4 * unit))
    return picture.resize((side, side), Picture.Resampling.LANCZOS)


@lru_cache(maxsize=32)
def _font(family: str, weight: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"{family}-{weight}.ttf", size)


def _encoded(picture: Picture.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


# The card


@lru_cache(maxsize=2)
def card(name: str, tagline: str, colour: str) -> bytes:
    """Return the picture that a shared link shows: the mark, the name and the line below it, as PNG.

    A text that no font has whole is left out, and so is one from right to left where Pillow cannot set it.
    """
    ink = ink_on(colour)
    picture = Picture.new("RGB", CARD, colour)
    draw = ImageDraw.Draw(picture)
    backwards = (_settable(name) or _settable(tagline)) in RIGHT_TO_LEFT
    edge = CARD[0] - MARGIN if backwards else MARGIN
    mark = _mark(name, ink, colour, MARK)
    picture.paste(mark, (edge - MARK if backwards else edge, MARGIN), mark)
    lines = _lines(draw, name, tagline)
    below = CARD[1] - MARGIN - sum(line.height for line in lines)
    for line in lines:
        draw.text((edge, below), line.text, font=line.font, fill=ink, anchor="ra" if backwards else "la")
        below += line.height
    return _encoded(picture, "PNG", optimize=True)


@dataclass(frozen=True)
class Line:
    """A line of the card in its font."""

    text: str
    font: ImageFont.FreeTypeFont

    @property
    def height(self) -> int:
        return sum(self.font.getmetrics())


def _lines(draw: ImageDraw.ImageDraw, name: str, tagline: str) -> list[Line]:
    """Return the lines of the card: the name at the largest size at which all of it fits under the mark."""
    small: list[Line] = []
    if below := _settable(tagline):
        small = _wrapped(draw, tagline, _font(below, "Regular", TAGLINE_SIZE))
    if not (family := _settable(name)):
        return small
    # Rather a small name than no tagline, and rather no tagline than words over the mark.
    for after, size in product((small, []), NAME_SIZES):
        lines = [*_wrapped(draw, name, _font(family, "Bold", size)), *after]
        if sum(line.height for line in lines) <= ROOM:
            break
    return lines


def left_out(name: str, tagline: str) -> list[str]:
    """Return the letters for which the card leaves out a name or a tagline."""
    found: dict[str, None] = {}
    for text in (name, tagline):
        if text and not _settable(text):
            # What the family that has the most of it lacks; all of it where only the setting fails.
            lacking = min(([one for one in text if ord(one) not in _characters(name)] for name in FAMILIES), key=len)
            found |= dict.fromkeys(lacking or (one for one in text if not one.isspace()))
    return list(found)


def _settable(text: str) -> str:
    """Return the family that a text can be set in, or nothing. Only Raqm joins letters and turns their order."""
    family = family_of(text) if text else ""
    return family if family not in RIGHT_TO_LEFT or features.check("raqm") else ""


def _wrapped(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> list[Line]:
    """Return a text in lines that fit between the margins; a word that does not fit is cut."""
    room = CARD[0] - 2 * MARGIN
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=font) <= room:
            lines[-1] = longer
            continue
        lines = [*lines, ""] if lines[-1] else lines
        for letter in word:
            if draw.textlength(lines[-1] + letter, font=font) > room:
                lines.append("")
            lines[-1] += letter
    return [Line(line, font) for line in lines]
