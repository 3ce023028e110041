"""Writes what a benchmark measured into `bench/results.md`: each command its own section, beside the targets."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("results.md")
HEAD = """\
# What was measured

`make bench` writes this file, and so does each command named here with `ARGS=--write`: its own section, at each run
anew. A section says when and where it was measured; only figures of one section can be compared. `bench/` says how each
is measured, and [the operators' handbook](../docs/operators.md#how-fast-the-pages-are-served) what for.
"""
# In the order of the file. Each heading is also how a section is found again.
SECTIONS: Mapping[str, str] = {
    "serving": "Serving",
    "peers": "Serving, beside Wagtail",
    "freshness": "Freshness",
    "cold": "Pages that are not ready, and starting",
    "weight": "Weight and paint",
    "search": "Search",
    "leaflet": "Leaflets",
    "scale": "A large clinic",
    "scale on postgresql": "A large clinic, on PostgreSQL",
    "drill": "Drills",
}
WORDS = {True: "met", False: "missed", None: "not judged"}


@dataclass(frozen=True)
class Line:
    """One figure beside its target. `met` is None where there is no target, or nothing to judge."""

    what: str
    measured: str
    target: str
    met: bool | None


@dataclass(frozen=True)
class Section:
    """What one command measured: how it is called, what it ran on, figures, and tables as printed."""

    command: str
    versions: Sequence[str]
    lines: Sequence[Line]
    text: str


def write(name: str, section: Section, path: Path = RESULTS) -> None:
    """Put the section in the place of the one of that name, and leave the others as they are."""
    there = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(replaced(there, name, written(section, today=date.today(), machine=machine())), encoding="utf-8")


def replaced(document: str, name: str, body: str) -> str:
    """Return the document with this body under the heading of that name; sections stand in the order of SECTIONS."""
    parts = re.split(r"^## (.+)\n", document, flags=re.MULTILINE)
    bodies = {**dict(zip(parts[1::2], parts[2::2], strict=True)), SECTIONS[name]: f"\n{body}"}
    found = (f"## {heading}\n\n{bodies[heading].strip()}\n" for heading in SECTIONS.values() if heading in bodies)
    return "\n".join([HEAD, *found])


def written(section: Section, *, today: date, machine: str) -> str:
    """Return the section as Markdown."""
    rows = "".join(
        f"| {line.what} | {line.measured} | {line.target or '–'} | {WORDS[line.met]} |\n" for line in section.lines
    )
    return (
        f"`{section.command}`, {today.isoformat()}, on {machine}; {', '.join(section.versions)}.\n\n"
        f"| What | Measured | Target | |\n|---|---|---|---|\n{rows}\n```\n{section.text.strip()}\n```\n"
    )


def printed(lines: Sequence[Line]) -> str:
    """Return the figures as lines for a terminal."""
    return "\n".join(
        f"{line.what}: {line.measured}" + (f"; target {line.target}: {WORDS[line.met]}." if line.target else ".")
        for line in lines
    )


def missed(lines: Sequence[Line]) -> bool:
    return any(line.met is False for line in lines)


# Where it was measured


def machine() -> str:
    """Return the processors, the memory and the system of this machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {processor()}, {memory:.0f} GiB, {system()}"


def processor(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(), re.MULTILINE) if cpuinfo.exists() else None
    return found[1].strip() if found else platform.machine()


def system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        name = platform.system()
    return f"{name} ({platform.system()} {platform.release().partition('-')[0]})"


def versions(*packages: str) -> list[str]:
    """Return the versions of Python and of these packages."""
    return [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in packages)]


def version_of(command: Sequence[str]) -> str:
    """Return the first version number that a program tells of itself."""
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+", told.stdout + told.stderr)
    name = Path(command[0]).name
    return f"{name} {found[0]}" if found else name
