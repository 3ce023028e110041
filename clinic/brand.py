"""From the one colour that a clinic types to the shades that its pages can be read in, by light and in the dark.

Contrast is that of WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. Shades move through Oklab in its polar
form, https://bottosson.github.io/posts/oklab/ (Björn Ottosson, 2020), where lightness changes and the hue is kept.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache

DEFAULT_COLOUR = "#1d5a46"
LEAST_FOR_TEXT = 4.5
# Thin light letters on a dark page tire the eye: a colour that has to move there moves on to level AAA.
EASY_IN_THE_DARK = 7.0
LEAST_FOR_CONTROLS = 3.0
# A wash stays this faint, and never takes more colour than the accent itself has.
FAINTEST_CHROMA = 0.016
# Two colours nearer than this in Oklab, and in hue (in radians), pass for the same one when they are seen apart.
ALIKE, ALIKE_IN_HUE = 0.13, 0.3
# Halvings of a distance in lightness: finer than a screen's 256 steps can show.
STEPS = 12

_TYPED = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)

Oklch = tuple[float, float, float]


@dataclass(frozen=True)
class Scheme:
    """The colours of `site.css` that every accent has to stand on or beside. A test compares them with it."""

    paper: str
    sheet: str
    tint: str
    ink: str
    soft: str
    emergency: str
    # The lightness that shades move towards when there is too little contrast: 0 is black, 1 is white.
    away: float
    # The contrast that a shade which has to move is moved to.
    aim: float

    @property
    def surfaces(self) -> tuple[str, str, str]:
        return self.paper, self.sheet, self.tint


LIGHT = Scheme("#fbf8f1", "#fffdf8", "#f2ecdf", "#24201a", "#5d5548", "#9a1b1e", away=0.0, aim=LEAST_FOR_TEXT)
DARK = Scheme("#191815", "#211f1b", "#2a2722", "#ece6da", "#b9b09f", "#b3282b", away=1.0, aim=EASY_IN_THE_DARK)
SCHEMES = {"light": LIGHT, "dark": DARK}
WHITE, NEAR_BLACK = "#ffffff", "#14110d"


@dataclass(frozen=True)
class Tokens:
    """What the style sheet takes: `--accent`, `--on-accent`, `--accent-tint`."""

    accent: str
    on_accent: str
    accent_tint: str

    def css(self) -> str:
        """Return them as declarations."""
        return "".join(f"--{one.name.replace('_', '-')}:{getattr(self, one.name)};" for one in fields(self))


def canonical_colour(text: str) -> str:
    """Return a typed colour such as `1D5A46` or `#abc` as `#rrggbb`. Raises ValueError for anything else."""
    typed = _TYPED.fullmatch(text.strip())
    if not typed:
        raise ValueError(f"no colour: {text[:20]!r}")
    digits = typed[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


@lru_cache(maxsize=64)
def tokens(colour: str, scheme: Scheme) -> Tokens:
    """Return what a scheme makes of a colour, `#rrggbb`. A colour that can be read there is its accent unchanged."""
    accent = colour
    if not all(readable(colour, one) for one in scheme.surfaces):
        accent = _nearest(
            colour, scheme.away, lambda shade: all(contrast(shade, one) >= scheme.aim for one in scheme.surfaces)
        )
    beside = (scheme.ink, scheme.soft, accent)
    lightness, _, _ = oklch(scheme.tint)
    _, chroma, hue = oklch(accent)
    faint = hexadecimal((lightness, min(chroma, FAINTEST_CHROMA), hue))
    # Away from words is the other way than for words themselves.
    wash = _nearest(faint, 1.0 - scheme.away, lambda shade: all(readable(one, shade) for one in beside))
    return Tokens(accent, ink_on(accent), wash)


def ink_on(colour: str) -> str:
    """Return the near white or near black that stands out more on a colour."""
    return max((WHITE, NEAR_BLACK), key=lambda ink: contrast(ink, colour))


def readable(one: str, other: str) -> bool:
    """Return whether text of one colour can be read on the other."""
    return contrast(one, other) >= LEAST_FOR_TEXT


def alike(one: str, other: str) -> bool:
    """Return whether one colour passes for the other when they are not seen side by side."""
    (lightness, chroma, hue), (other_lightness, other_chroma, other_hue) = oklch(one), oklch(other)
    apart = abs(math.remainder(hue - other_hue, math.tau))
    # The distance in the plane of a and b, by the law of cosines.
    across = chroma**2 + other_chroma**2 - 2 * chroma * other_chroma * math.cos(apart)
    return apart < ALIKE_IN_HUE and math.sqrt(across + (lightness - other_lightness) ** 2) < ALIKE


def _nearest(colour: str, end: float, fits: Callable[[str], bool]) -> str:
    """Return the shade nearest to a colour, on its way to the lightness `end`, that fits. The end itself must."""
    if fits(colour):
        return colour
    start, chroma, hue = oklch(colour)
    near, far = 0.0, 1.0
    found = hexadecimal((end, chroma, hue))
    for _ in range(STEPS):
        middle = (near + far) / 2
        shade = hexadecimal((start + (end - start) * middle, chroma, hue))
        if fits(shade):
            far, found = middle, shade
        else:
            near = middle
    return found


# Contrast


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, from 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> tuple[float, ...]:
    """Return the three parts of `#rrggbb` as amounts of light, each from 0 to 1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


# Oklab: the matrices are those of its author.


def oklch(colour: str) -> Oklch:
    """Return lightness (0 to 1), chroma and hue (in radians) of `#rrggbb`."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def hexadecimal(shade: Oklch) -> str:
    """Return a shade as `#rrggbb`, with as much of its chroma as a screen can show at this lightness and hue."""
    lightness, chroma, hue = shade
    if lightness <= 0 or lightness >= 1:
        return "#000000" if lightness <= 0 else "#ffffff"
    shown = _light(shade)
    if not _on_screen(shown):
        least, most = 0.0, chroma
        for _ in range(STEPS):
            middle = (least + most) / 2
            if _on_screen(_light((lightness, middle, hue))):
                least = middle
            else:
                most = middle
        shown = _light((lightness, least, hue))
    return "#" + "".join(f"{round(_encoded(min(max(part, 0.0), 1.0)) * 255):02x}" for part in shown)


def _light(shade: Oklch) -> tuple[float, float, float]:
    lightness, chroma, hue = shade
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _on_screen(light: tuple[float, float, float]) -> bool:
    # Half a step of 256: what rounding takes in anyway.
    return all(-0.0005 <= part <= 1.0005 for part in light)


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
