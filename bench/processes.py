"""What the processes of a server cost: the processor's time and memory, as Linux tells it under `/proc`."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
# Of a processor, within so many seconds, at most for so long.
QUIET, SECONDS_OF_QUIET, SECONDS_TO_WAIT = 0.02, 1.0, 60.0


@dataclass(frozen=True)
class Memory:
    """Bytes of one process: its share of what it has in memory with others, and all that it has there."""

    proportional: int
    resident: int


@dataclass(frozen=True)
class Process:
    """Which process began it, the ticks of the processor that it had, and whether it still lives."""

    parent: int
    ticks: int
    alive: bool


def process_told(stat: str) -> Process:
    """Return what a line of /proc/<pid>/stat tells."""
    # The second field is a name in brackets, and may have spaces and brackets in it.
    fields = stat.rpartition(")")[2].split()
    return Process(int(fields[1]), int(fields[11]) + int(fields[12]), alive=fields[0] not in "ZX")


def memory_of(rollup: str) -> Memory:
    """Return what a file /proc/<pid>/smaps_rollup tells."""
    lines = [line.split() for line in rollup.splitlines()]
    kilobytes = {line[0]: int(line[1]) for line in lines if line[-1] == "kB"}
    return Memory(kilobytes["Pss:"] * 1024, kilobytes["Rss:"] * 1024)


def family(root: int, parents: Mapping[int, int]) -> list[int]:
    """Return the process and all that it began, and they in turn, from a table of each process's parent."""
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def tree(root: int) -> dict[int, Process]:
    """Return a process and all that it began, by their numbers."""
    seen = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                seen[int(folder.name)] = process_told((folder / "stat").read_text())
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended meanwhile
    return {pid: seen[pid] for pid in family(root, {pid: one.parent for pid, one in seen.items()}) if pid in seen}


def seconds_of_processor(root: int) -> float:
    """Return the seconds that a server's processes have had a processor for since each began."""
    return sum(process.ticks for process in tree(root).values()) / TICKS_A_SECOND


def workers(root: int) -> list[int]:
    """Return the processes that a server began: those that answer."""
    return sorted(pid for pid, process in tree(root).items() if process.alive and pid != root)


def memory_a_worker(root: int) -> Memory:
    """Return the mean of a server's workers."""
    each = [memory_of((PROC / str(pid) / "smaps_rollup").read_text()) for pid in workers(root)]
    return Memory(
        sum(one.proportional for one in each) // len(each),
        sum(one.resident for one in each) // len(each),
    )


def wait_until_quiet(root: int) -> None:
    """Wait until a server does nothing any more of what it does after its start."""
    deadline = time.monotonic() + SECONDS_TO_WAIT
    before = seconds_of_processor(root)
    while time.monotonic() < deadline:
        time.sleep(SECONDS_OF_QUIET)
        now = seconds_of_processor(root)
        if now - before <= QUIET * SECONDS_OF_QUIET:
            return
        before = now
