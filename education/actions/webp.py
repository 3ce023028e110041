"""Telling whether a WebP file holds a picture and nothing beside it, so that it can be kept byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

HEADER = 12
CHUNK_HEADER = 8
# Of the flags of an extended file only "has transparency": colour profile, EXIF, XMP and animation are others.
ALPHA = 0x10
ORDERS = (
    [b"VP8 "],
    [b"VP8L"],
    [b"VP8X", b"VP8 "],
    [b"VP8X", b"VP8L"],
    [b"VP8X", b"ALPH", b"VP8 "],
)


def is_bare_webp(content: bytes) -> bool:
    """Return whether the bytes are one still picture as WebP without metadata or anything after it.

    After RFC 9649, section 2. Whether the picture can be decoded is for the caller to see.
    """
    if len(content) < HEADER or content[:4] != b"RIFF" or content[8:HEADER] != b"WEBP":
        return False
    if int.from_bytes(content[4:8], "little") != len(content) - 8:
        return False
    try:
        chunks = list(_chunks(content))
    except ValueError:
        return False
    if [name for name, _ in chunks] not in ORDERS:
        return False
    name, body = chunks[0]
    return name != b"VP8X" or (len(body) == 10 and body[0] & ~ALPHA == 0 and body[1:4] == b"\0\0\0")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and body of each chunk. Raises ValueError when they do not fill the file exactly."""
    place = HEADER
    while place < len(content):
        begins = place + CHUNK_HEADER
        size = int.from_bytes(content[place + 4 : begins], "little")
        ends = begins + size + size % 2
        if begins > len(content) or ends > len(content) or (size % 2 and content[ends - 1]):
            raise ValueError("The chunks do not fill the file.")
        yield content[place : place + 4], content[begins : begins + size]
        place = ends
