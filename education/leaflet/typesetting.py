"""From plain data to the bytes of a tagged PDF, by typst."""

from __future__ import annotations

import json
import logging
import re
import tempfile
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst
from PIL import Image as Picture

from education.actions.image_files import image_path
from education.leaflet.characters import breakable, settable
from education.leaflet.sheets import Sheet
from education.printable import FONTS

# Read as one program.
LAYOUT = tuple(Path(__file__).with_name(name) for name in ("blocks.typ", "leaflet.typ"))
# Finer than a printer shows on a page's width, and a leaflet stays small enough for mail.
WIDEST = 1400
STANDARD = "ua-1"
# What the style sheet says of a drawing, for paper: black, greys and a thick line where the site has its colour.
_STYLE = (
    "text{fill:#1a1a1a;stroke:none}"
    "svg{fill:none;stroke:#4d4d4d}"
    ".soft{fill:#4d4d4d}.soft text{fill:#4d4d4d}.strong{font-weight:bold}.ground{fill:#e4e4e4}.blank{fill:#fff}"
    ".rule{stroke:#9a9a9a}.ink{stroke:#1a1a1a}.accent{stroke:#1a1a1a;stroke-width:2}"
    ".spot{fill:#1a1a1a;stroke:none}.spot circle{fill:#1a1a1a;stroke:none}"
)
_FAMILIES = "font-family:'Noto Sans','Noto Sans Arabic','Noto Sans Hebrew';font-size:14px"

_BOX = re.compile(r'viewBox="0 0 ([0-9]+) ([0-9]+)"')

logger = logging.getLogger(__name__)
# A leaflet takes a processor for itself; two at once would make neither come sooner.
_one_at_a_time = threading.Lock()


@cache
def _layout() -> bytes:
    return b"\n".join(path.read_bytes() for path in LAYOUT)


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


@dataclass(frozen=True)
class Typeset:
    """A leaflet's bytes, and whether all its pictures are in it: one without is not for keeping."""

    pdf: bytes
    whole: bool


def typeset(content: dict[str, Any], sheet: Sheet, named: str) -> Typeset:
    """Return the PDF of a leaflet's content. `named`: how the log calls it.

    Every text goes in as data, so none can be a program. The same content, sheet and layout give the same bytes, but
    for a picture that cannot be read or put down for printing: it is left out for this once, with its words instead.
    """
    with ExitStack() as stack:
        pictures = _Pictures(_folder(stack, named))
        data = _prepared(settable(content, named), pictures)
        inputs = {"data": json.dumps(data), "paper": sheet.paper, "size": sheet.size}
        with _one_at_a_time:
            return Typeset(_compiled(pictures.folder, inputs, named), not pictures.missing)


def _folder(stack: ExitStack, named: str) -> Path | None:
    """Return a folder for a leaflet's pictures, which goes with the stack; on a full disk nothing."""
    try:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leaflet-")))
    except OSError as error:
        logger.error("Leaflet of %s: no folder for its pictures (%s)", named, error.strerror)
        return None


def _compiled(folder: Path | None, inputs: dict[str, str], named: str) -> bytes:
    try:
        return _pdf(folder, inputs, [STANDARD])
    except typst.TypstError as error:
        # Tagged all the same. Somebody waits for it, and what the standard minds may be a single sign.
        logger.error("Leaflet of %s: not %s, because %s", named, STANDARD, error.message)
        return _pdf(folder, inputs, [])


def _pdf(folder: Path | None, inputs: dict[str, str], standards: list[Any]) -> bytes:
    compiler = typst.Compiler(
        _layout(), root=folder or LAYOUT[0].parent, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs
    )
    made = compiler.compile(format="pdf", pdf_standards=standards)
    return made if isinstance(made, bytes) else b"".join(made or ())


def _prepared(data: Any, pictures: _Pictures) -> Any:
    """Return the data with drawings and pictures ready to be set, and long words that may be broken."""
    if isinstance(data, dict):
        if data.get("kind") == "drawing":
            drawn = {"source": _for_paper(data["source"]), "alternative": data["alternative"]}
            return {**data, **drawn, "caption": _prepared(data["caption"], pictures)}
        if data.get("kind") == "image":
            return {**data, **pictures.of(data["sha256"]), "caption": _prepared(data["caption"], pictures)}
        return {name: value if name in _AS_IT_IS else _prepared(value, pictures) for name, value in data.items()}
    if isinstance(data, list):
        return [_prepared(value, pictures) for value in data]
    return breakable(data) if isinstance(data, str) else data


# Read by the layout or by a computer, not by a person.
_AS_IT_IS = frozenset(
    ("address", "colour", "file", "dir", "href", "kind", "lang", "sha256", "square", "square_says", "to")
)


def _for_paper(drawing: str) -> str:
    """Return a drawing of a page as a file of its own: with its name space and the looks that it has on paper."""
    head, _, rest = drawing.partition(">")
    head = head.replace("currentColor", "#4d4d4d").replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    # Words may stand out of a drawing on a page; on paper nothing does.
    head = _BOX.sub(lambda found: f'viewBox="-6 -4 {int(found[1]) + 28} {int(found[2]) + 8}"', head)
    return f'{head} style="{_FAMILIES}"><style>{_STYLE}</style>{rest.replace("currentColor", "#1a1a1a")}'


@dataclass
class _Pictures:
    folder: Path | None
    missing: bool = False

    def of(self, digest: str) -> dict[str, Any]:
        """Put a picture of the library into the folder as paper takes it.

        Returns its file's name, which is empty where there can be none, and its height over its width.
        """
        try:
            picture = _on_white(digest)
            if self.folder is None:
                raise OSError
            picture.save(self.folder / f"{digest}.jpg", "JPEG", quality=88, optimize=True)
        except (OSError, ValueError):
            logger.error("Leaflet: the picture %s cannot be read, or put down for printing", digest)
            self.missing = True
            return {"file": "", "ratio": 1.0}
        return {"file": f"{digest}.jpg", "ratio": picture.height / picture.width}


def _on_white(digest: str) -> Picture.Image:
    with Picture.open(image_path(digest), formats=("WEBP",)) as picture:
        plain = picture.convert("RGBA")
    plain.thumbnail((WIDEST, WIDEST))
    white = Picture.new("RGB", plain.size, "white")
    white.paste(plain, mask=plain)
    return white
