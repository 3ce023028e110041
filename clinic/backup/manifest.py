"""What a backup says about itself: which steps of the database it knows, which rows and files it has, their hashes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from config.refusal import Refusal

# Of the file as a whole. What a table looks like is told by the migrations.
FORMAT = 1
NAME = "manifest.json"
LEDGER = "erased-requests.txt"
TABLE = "tables/{}.jsonl"
MEDIA = "media/"
# A hundred thousand pictures need 15 MB.
LONGEST = 64 * 1024 * 1024
DATABASES = ("sqlite", "postgresql")
NO_MANIFEST = "its list of contents cannot be read, so it is no backup of Plainleaf. Take another one."
_SHA256 = re.compile(r"[0-9a-f]{64}")
# No "..", no hidden file, nothing that leads out of a folder on any system.
_PART = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
_MEMBER = re.compile(rf"tables/[a-z0-9_]+\.[a-z0-9_]+\.jsonl|media(/{_PART}){{1,6}}|{re.escape(LEDGER)}")


def is_member_name(name: str) -> bool:
    """Return whether a backup may hold something under this name."""
    return bool(_MEMBER.fullmatch(name)) and len(name) <= 400


@dataclass(frozen=True)
class Table:
    """The rows of a table: its columns in the order of each line, how many rows, the greatest id ever given."""

    columns: tuple[str, ...]
    rows: int
    last_id: int


@dataclass(frozen=True)
class Member:
    """A file inside: bytes, and the SHA-256 of them."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All of it. `made_at` is canonical; `migrations` are the names by app; `tables` and `members` stand by name."""

    version: str
    made_at: str
    database: str
    migrations: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, Table]
    members: Mapping[str, Member]

    def as_bytes(self) -> bytes:
        """Return it as it stands in the file: JSON that a person can read."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1, sort_keys=True).encode()

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def read(content: bytes) -> Manifest:
    """Return what the bytes say. Raises Refusal for what is no manifest, contradicts itself, or is newer than this."""
    try:
        found = json.loads(content)
        if _whole(found["format"]) > FORMAT:
            raise Refusal(f"it was made by a newer Plainleaf ({found['version']}). Update Plainleaf, then restore it.")
        manifest = _read(found)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refusal(NO_MANIFEST) from None
    tables = {name for name in manifest.members if name.startswith("tables/")}
    if not all(map(is_member_name, manifest.members)) or tables != {TABLE.format(name) for name in manifest.tables}:
        raise Refusal("its list of contents names what no backup holds. Take another one.")
    return manifest


def _read(found: Any) -> Manifest:
    return Manifest(
        version=_text(found["version"]),
        made_at=_moment(found["made_at"]),
        database=_one_of(found["database"], DATABASES),
        migrations={_text(app): tuple(map(_text, names)) for app, names in found["migrations"].items()},
        tables={
            _text(name): Table(tuple(map(_text, one["columns"])), _whole(one["rows"]), _whole(one["last_id"]))
            for name, one in found["tables"].items()
        },
        members={
            _text(name): Member(_whole(one["size"]), _hash(one["sha256"])) for name, one in found["members"].items()
        },
    )


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError(value)
    return value


def _text(value: Any) -> str:
    if type(value) is not str or not 0 < len(value) <= 1000:
        raise ValueError(value)
    return value


def _one_of(value: Any, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError(value)
    return _text(value)


def _hash(value: Any) -> str:
    if not _SHA256.fullmatch(_text(value)):
        raise ValueError(value)
    return _text(value)


def _moment(value: Any) -> str:
    if datetime.fromisoformat(_text(value)).tzinfo is None:
        raise ValueError(value)
    return _text(value)
