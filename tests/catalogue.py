"""A compiled catalogue, written as gettext defines the format, so that a test needs no tools of gettext."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

MAGIC, HEAD_LENGTH, ROW_LENGTH = 0x950412DE, 28, 8
ARABIC = {
    "Skip to the content": "انتقل إلى المحتوى",
    "Contents": "المحتويات",
    "How often": "كم مرة",
    "Do": "افعل",
    "Source": "المصدر",
}


def write(folder: Path, language: str, words: Mapping[str, str] = ARABIC) -> Path:
    """Write a catalogue for a language with these words; return the folder, which may stand in LOCALE_PATHS."""
    said = {"": f"Language: {language}\nContent-Type: text/plain; charset=UTF-8\n", **words}
    pairs = sorted((key.encode(), value.encode()) for key, value in said.items())
    columns = ([key for key, _ in pairs], [value for _, value in pairs])
    place = HEAD_LENGTH + 2 * ROW_LENGTH * len(pairs)
    table = texts = b""
    for text in [*columns[0], *columns[1]]:
        table += struct.pack("<2I", len(text), place + len(texts))
        texts += text + b"\0"
    second = HEAD_LENGTH + ROW_LENGTH * len(pairs)
    head = struct.pack("<7I", MAGIC, 0, len(pairs), HEAD_LENGTH, second, 0, 0)
    file = folder / language / "LC_MESSAGES" / "django.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(head + table + texts)
    return folder
