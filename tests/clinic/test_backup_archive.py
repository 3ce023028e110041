"""The file of a backup: whole or not there; and whatever is wrong with one is told before anything is read from it."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.backup import archive, manifest
from clinic.backup.manifest import Manifest, Table
from config.refusal import Refusal

ROWS = b'[1,"Ada"]\n[2,"Olu"]\n'
PICTURE = bytes(range(256))
INSIDE = {"tables/clinic.user.jsonl": ROWS, f"media/images/{'a' * 64}.webp": PICTURE, "erased-requests.txt": b"0\n"}


def write(path: Path, *, force: bool = False) -> Path:
    with archive.new(path, force=force) as file:
        for name, content in INSIDE.items():
            with file.member(name, packed=not name.startswith("media/")) as add:
                add(content)
        tables = {"clinic.user": Table(("id", "name"), 2, 2)}
        steps = {"clinic": ("0001_initial",)}
        file.end(Manifest("0.1.0", "2026-11-28T09:30:00.000000Z", "sqlite", steps, tables, dict(file.members)))
    return path


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return write(tmp_path / "backup.zip")


def read(path: Path) -> dict[str, bytes]:
    with archive.opened(path) as reading:
        return {name: b"".join(reading.pieces(name)) for name in reading.manifest.members}


def sealed(path: Path) -> None:
    """Give a file that was changed the seal that fits it, as somebody does who means harm."""
    content = path.read_bytes()[: -archive.SEAL]
    path.write_bytes(content + hashlib.sha256(content).hexdigest().encode())


def crafted(path: Path, change: Callable[[list[tuple[zipfile.ZipInfo, bytes]]], None]) -> Path:
    """Write the entries of a backup anew as somebody changed them, with a seal that fits."""
    with zipfile.ZipFile(path) as whole:
        entries = [(entry, whole.read(entry)) for entry in whole.infolist()]
    change(entries)
    with zipfile.ZipFile(path, "w") as made:
        for entry, content in entries:
            new = zipfile.ZipInfo(entry.filename)
            new.compress_type, new.external_attr = entry.compress_type, entry.external_attr
            made.writestr(new, content)
        made.comment = b"0" * archive.SEAL
    sealed(path)
    return path


def listed(path: Path, change: Callable[[Any], None]) -> Path:
    """Change what the list of contents says."""

    def in_manifest(entries: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        entry, content = entries.pop()
        found = json.loads(content)
        change(found)
        entries.append((entry, json.dumps(found).encode()))

    return crafted(path, in_manifest)


# Damage


def test_a_backup_with_any_one_byte_damaged_is_refused(backup):
    whole = backup.read_bytes()
    passed = []
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        backup.write_bytes(damaged)
        try:
            read(backup)
            passed.append(place)
        except Refusal:
            pass
    assert passed == []


def test_a_backup_that_is_cut_off_anywhere_or_has_more_at_its_end_is_refused(backup):
    whole = backup.read_bytes()
    for size in [*range(0, len(whole), 7), len(whole) - 1]:
        backup.write_bytes(whole[:size])
        with pytest.raises(Refusal, match="damaged or cut off"):
            read(backup)
    backup.write_bytes(whole + b"\0")
    with pytest.raises(Refusal):
        read(backup)


@given(st.binary(max_size=400))
def test_a_file_of_anything_is_refused_even_with_a_seal_that_fits(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "anything.zip"
    path.write_bytes(content + hashlib.sha256(content).hexdigest().encode())
    with pytest.raises(Refusal):
        read(path)


# What somebody made who means harm


@pytest.mark.parametrize(
    "name",
    [
        *("../outside", "media/../../outside", "/etc/cron.d/x", "media/a/../b", "media/.hidden", "media//x", "C:\\x"),
        *("x", "media/images/", "tables/../../x.jsonl", "tables/Clinic.user.jsonl", "media/a\nb", "media/a b"),
        "media/x/x/x/x/x/x/x/y",
    ],
)
def test_a_name_that_leads_anywhere_else_is_refused_however_it_is_listed(backup, name):
    def add(found: Any) -> None:
        found["members"][name] = {"size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}

    listed(backup, add)
    crafted(backup, lambda entries: entries.insert(0, (_entry(name), b"x")))
    with pytest.raises(Refusal):
        read(backup)
    with archive.new(backup.with_name("other.zip"), force=False) as writing:
        with pytest.raises(Refusal, match="cannot hold"), writing.member(name, packed=False):
            pass
        writing.end(Manifest("1", "2026-11-28T09:30:00.000000Z", "sqlite", {}, {}, {}))


def _entry(name: str, mode: int = 0o100600) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    return entry


@pytest.mark.parametrize("name", [*INSIDE, "manifest.json"])
def test_a_file_that_is_missing_is_told(backup, name):
    crafted(backup, lambda entries: entries.remove(next(one for one in entries if one[0].filename == name)))
    with pytest.raises(Refusal):
        read(backup)


@pytest.mark.parametrize("name", INSIDE)
def test_a_file_that_is_there_twice_is_refused(backup, name):
    with pytest.warns(UserWarning, match="Duplicate name"):
        crafted(backup, lambda entries: entries.append(next(one for one in entries if one[0].filename == name)))
    with pytest.raises(Refusal):
        read(backup)


@pytest.mark.parametrize("name", INSIDE)
def test_a_file_whose_content_is_not_the_one_that_is_listed_is_refused_by_name(backup, name):
    crafted(backup, lambda entries: _change(entries, name, lambda old: bytes([old[0] ^ 1]) + old[1:]))
    with pytest.raises(Refusal, match="damaged"):
        read(backup)


@pytest.mark.parametrize("name", INSIDE)
def test_a_file_that_is_longer_than_it_is_listed_is_refused(backup, name):
    crafted(backup, lambda entries: _change(entries, name, lambda old: old * 3))
    with pytest.raises(Refusal, match="is not what"):
        read(backup)


def _change(entries: list[tuple[zipfile.ZipInfo, bytes]], name: str, change: Callable[[bytes], bytes]) -> None:
    for number, (entry, content) in enumerate(entries):
        if entry.filename == name:
            entries[number] = (entry, change(content))


@pytest.mark.parametrize("mode", [0o120777, 0o040700, 0o100755, 0], ids=["link", "folder", "program", "none"])
def test_a_link_a_folder_or_a_program_is_refused(backup, mode):
    def turn(entries: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        entries[1][0].external_attr = mode << 16

    crafted(backup, turn)
    with pytest.raises(Refusal, match="is not what"):
        read(backup)


def test_a_file_that_nobody_listed_is_refused(backup):
    crafted(backup, lambda entries: entries.insert(0, (_entry("media/images/extra.webp"), b"x")))
    with pytest.raises(Refusal, match="other files"):
        read(backup)


def test_a_line_without_an_end_fills_no_memory(backup, monkeypatch):
    monkeypatch.setattr(archive, "LONGEST_LINE", 5)
    with archive.opened(backup) as reading, pytest.raises(Refusal, match="without an end"):
        list(reading.lines("tables/clinic.user.jsonl"))


# The list of contents


def test_a_newer_kind_of_file_is_refused_with_what_to_do(backup):
    listed(backup, lambda found: found.update(format=manifest.FORMAT + 1, version="9.0"))
    with pytest.raises(Refusal, match=r"newer Plainleaf \(9\.0\)\. Update Plainleaf"):
        read(backup)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_a_list_of_contents_with_anything_in_it_is_understood_or_refused(data):
    whole = {
        "format": 1, "version": "0.1.0", "made_at": "2026-11-28T09:30:00.000000Z", "database": "sqlite",
        "migrations": {"clinic": ["0001_initial"]}, "tables": {"a.b": {"columns": ["id"], "rows": 1, "last_id": 1}},
        "members": {"tables/a.b.jsonl": {"size": 3, "sha256": "0" * 64}},
    }  # fmt: skip
    assert manifest.read(json.dumps(whole).encode()).tables["a.b"].rows == 1
    place: Any = whole
    for _ in range(data.draw(st.integers(0, 2))):
        inner = [key for key in place if isinstance(place[key], dict)]
        place = place[data.draw(st.sampled_from(inner))] if inner else place
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(ANY_JSON)
    with suppress(Refusal):
        manifest.read(json.dumps(whole).encode())


@given(st.binary(max_size=50))
def test_a_list_of_contents_of_any_bytes_is_refused(content):
    with pytest.raises(Refusal):
        manifest.read(content)


def test_what_is_nested_without_an_end_is_refused():
    with pytest.raises(Refusal):
        manifest.read(b"[" * 200_000)


# Writing


def test_a_file_that_is_there_is_not_written_over_unless_somebody_says_so(backup):
    before = backup.read_bytes()
    backup.write_bytes(before + b"!")
    with pytest.raises(Refusal, match="--force"):
        write(backup)
    assert backup.read_bytes() == before + b"!"
    write(backup, force=True)
    assert backup.read_bytes() == before


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_a_full_disk_leaves_the_one_from_before_and_no_half_one(backup, monkeypatch, call):
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = backup.read_bytes()
    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="No space left"):
        write(backup, force=True)
    assert backup.read_bytes() == before
    assert list(backup.parent.iterdir()) == [backup]


def test_two_do_not_write_one_file_at_once(tmp_path):
    path = tmp_path / "backup.zip"
    with archive.new(path, force=False) as writing:
        with pytest.raises(Refusal, match="another backup"):
            write(path)
        writing.end(Manifest("1", "2026-11-28T09:30:00.000000Z", "sqlite", {}, {}, {}))
    assert read(path) == {}


def test_what_one_left_that_was_killed_is_in_nobodys_way(tmp_path):
    (tmp_path / "backup.zip.part").write_bytes(b"half of one" * 1000)
    assert read(write(tmp_path / "backup.zip")) == INSIDE
    assert [path.name for path in tmp_path.iterdir()] == ["backup.zip"]


def test_it_is_for_its_owner_alone_and_any_zip_program_reads_it(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert read(backup) == INSIDE
    with zipfile.ZipFile(io.BytesIO(backup.read_bytes())) as whole:
        assert whole.testzip() is None
    content = backup.read_bytes()
    assert hashlib.sha256(content[:-64]).hexdigest() == content[-64:].decode()
