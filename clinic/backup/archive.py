"""The file of a backup: a ZIP whose last 64 bytes are the SHA-256 of all before them, written whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from clinic.backup import manifest as contents
from clinic.backup.manifest import Manifest, Member
from config.refusal import Refusal

CHUNK = 1024 * 1024
SEAL = 64
# No row of a clinic comes near; a line without an end would fill the memory.
LONGEST_LINE = 64 * 1024 * 1024
UNFINISHED = ".part"
# Of zlib: the usual 6 takes much longer for a little less.
EFFORT = 4
Said = Callable[[str, int, int], None]
WRITING = "another backup is writing {path} now. Wait for it, or name another file."
DAMAGED = "it is no backup of Plainleaf, or it is damaged or cut off. Take another one."


class Writing:
    """A backup that is being written. `members` are what is in it so far."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(file, "w")
        self.members: dict[str, Member] = {}

    @contextlib.contextmanager
    def member(self, name: str, *, packed: bool) -> Iterator[Callable[[bytes], None]]:
        """Begin a file inside; call what is given with one piece after the other. `packed`: it is worth compressing."""
        if not contents.is_member_name(name) or name in self.members:
            raise Refusal(f"a backup cannot hold a file named {name}. Rename it or move it away.")
        digest, size = hashlib.sha256(), 0
        with self._zip.open(_entry(name, packed=packed), "w", force_zip64=True) as file:

            def write(piece: bytes) -> None:
                nonlocal size
                file.write(piece)
                digest.update(piece)
                size += len(piece)

            yield write
        self.members[name] = Member(size, digest.hexdigest())

    def end(self, manifest: Manifest) -> None:
        """Write what it holds, and leave room for the seal."""
        self._zip.writestr(_entry(contents.NAME, packed=True), manifest.as_bytes())
        self._zip.comment = b"0" * SEAL
        self._zip.close()

    def abandon(self) -> None:
        """Forget about one that has no end: the disk may be full, and the file is thrown away."""
        with contextlib.suppress(OSError, ValueError):
            self._zip.close()


def _entry(name: str, *, packed: bool) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    # Each member is written in pieces, and before Python 3.13 there is no public name for the level of one.
    entry._compresslevel = EFFORT  # type: ignore[attr-defined]
    entry.external_attr = 0o100600 << 16
    return entry


@contextlib.contextmanager
def new(path: Path, *, force: bool) -> Iterator[Writing]:
    """Write a new file, readable by its owner alone. It has its name only once all of it is on the disk.

    Raises Refusal when there is one already, unless `force`, or when another backup writes it now; OSError.
    """
    if path.exists() and not force:
        raise Refusal(f"{path} is there already. Name another file, or add --force to write over it.")
    draft = path.with_name(path.name + UNFINISHED)
    with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(WRITING.format(path=path)) from None
        # It may have become a whole backup before the lock was had.
        if not draft.exists() or not os.path.samestat(os.fstat(file.fileno()), draft.stat()):
            raise Refusal(WRITING.format(path=path))
        try:
            # What one left that was killed.
            file.truncate()
            yield from _written(file)
            _seal(file)
            os.fsync(file.fileno())
            os.rename(draft, path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    keep_folder(path.parent)


def _written(file: BinaryIO) -> Iterator[Writing]:
    writing = Writing(file)
    try:
        yield writing
    finally:
        writing.abandon()


def keep_folder(path: Path) -> None:
    """Return when the disk has the names in this folder."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _seal(file: BinaryIO) -> None:
    file.flush()
    size = file.seek(0, os.SEEK_END)
    seal = _digest(file, size - SEAL, lambda done: None)
    file.seek(size - SEAL)
    file.write(seal.encode())
    file.flush()


def _digest(file: BinaryIO, size: int, at: Callable[[int], None]) -> str:
    digest, done = hashlib.sha256(), 0
    file.seek(0)
    while done < size and (piece := file.read(min(CHUNK, size - done))):
        digest.update(piece)
        done += len(piece)
        at(done)
    return digest.hexdigest()


class Reading:
    """A backup whose every byte was checked."""

    def __init__(self, file: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip = file
        self.manifest = manifest

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes, piece by piece: as many as the manifest says, and no more."""
        left = self.manifest.members[name].size
        with self._zip.open(name) as file:
            while left and (piece := file.read(min(CHUNK, left))):
                left -= len(piece)
                yield piece
            if left or file.read(1):
                raise Refusal(DAMAGED)

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a table. Raises Refusal for one that is longer than any row."""
        with self._zip.open(name) as file:
            while line := file.readline(LONGEST_LINE):
                if not line.endswith(b"\n"):
                    raise Refusal(f"{name} has a line without an end. Take another backup.")
                yield line


# What zipfile makes of a file that is none, or that asks for what it cannot do.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)


@contextlib.contextmanager
def opened(path: Path, said: Said = lambda what, done, of: None) -> Iterator[Reading]:
    """Open a backup after every byte of it was checked. Raises Refusal for any that is not whole; OSError."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            _check_seal(file, said)
            archive = stack.enter_context(zipfile.ZipFile(file))
            reading = Reading(archive, _manifest(archive))
            _check_members(reading, archive, said)
        except UNREADABLE:
            raise Refusal(DAMAGED) from None
        yield reading


def _check_seal(file: BinaryIO, said: Said) -> None:
    size = file.seek(0, os.SEEK_END)
    if size <= SEAL:
        raise Refusal(DAMAGED)
    digest = _digest(file, size - SEAL, lambda done: said("Reading MB", done // 10**6, size // 10**6))
    if file.read(SEAL) != digest.encode():
        raise Refusal(DAMAGED)


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    """Return the manifest, once what is in the file is exactly what it lists. No entry may be a folder or a link."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    own = archive.getinfo(contents.NAME)
    if len(set(names)) != len(names) or own.file_size > contents.LONGEST:
        raise Refusal(DAMAGED)
    with archive.open(own) as file:
        manifest = contents.read(file.read(contents.LONGEST))
    if set(names) != {contents.NAME, *manifest.members}:
        raise Refusal("it holds other files than its list of contents names. Take another one.")
    for entry in entries:
        regular = entry.external_attr >> 16 == 0o100600 and entry.compress_type in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        )
        size = own.file_size if entry is own else manifest.members[entry.filename].size
        if not regular or entry.file_size != size:
            raise Refusal(f"{entry.filename} in it is not what its list of contents says. Take another one.")
    return manifest


def _check_members(reading: Reading, archive: zipfile.ZipFile, said: Said) -> None:
    members = reading.manifest.members
    for number, (name, member) in enumerate(sorted(members.items()), start=1):
        digest = hashlib.sha256()
        for piece in reading.pieces(name):
            digest.update(piece)
        if digest.hexdigest() != member.sha256:
            raise Refusal(f"{name} in it is damaged. Take another backup.")
        said("Checking file", number, len(members))
