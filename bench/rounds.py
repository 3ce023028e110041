"""Rounds of load in which every contestant has its turn, and what comes of them: medians, a table, ratios."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.processes import Memory, memory_a_worker, seconds_of_processor

SCRIPT = Path(__file__).with_name("load.lua")
SECONDS_TO_ANSWER = 10
SECONDS_OF_WARMTH = 1
COLUMNS = (
    *("contestant", "answer", "bytes", "req/s", "lowest", "highest", "p50 ms", "p99 ms"),
    *("CPU µs a request", "PSS MB a worker", "RSS MB a worker"),
)
TO_THE_LEFT = 2


@dataclass(frozen=True)
class Contestant:
    """One way to get the page: its name, its address, what is sent along, and the server's first process."""

    name: str
    address: str
    headers: Mapping[str, str]
    pid: int
    # As it was answered before the rounds: “200 br”, and the bytes of the body.
    answer: str = ""
    size: int = 0


@dataclass(frozen=True)
class Turn:
    """What one contestant did in one round. Times are in seconds."""

    requests: int
    seconds: float
    failed: int
    p50: float
    p99: float
    processor: float = 0.0

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True)
class Result:
    """A contestant's turns, and a worker's memory after the last of them."""

    contestant: Contestant
    turns: Sequence[Turn]
    memory: Memory

    @property
    def rate(self) -> float:
        return median(turn.rate for turn in self.turns)

    @property
    def p99(self) -> float:
        return median(turn.p99 for turn in self.turns)

    @property
    def processor(self) -> float:
        """Seconds of a processor for one request."""
        return median(turn.processor / max(turn.requests, 1) for turn in self.turns)


def command(contestant: Contestant, seconds: int, connections: int) -> list[str]:
    """Return how wrk is called."""
    headers = [f"--header={name}: {value}" for name, value in contestant.headers.items()]
    times = [f"--duration={seconds}s", f"--timeout={SECONDS_TO_ANSWER}s"]
    return ["wrk", "--threads=1", f"--connections={connections}", *times, *headers, f"--script={SCRIPT}",
            contestant.address]  # fmt: skip


def turn_told(output: str, processor: float = 0.0) -> Turn:
    """Return what wrk printed as bench/load.lua has it say."""
    told = json.loads(output.splitlines()[-1])
    return Turn(
        requests=told["requests"],
        seconds=told["microseconds"] / 1e6,
        failed=told["failed"],
        p50=told["p50"] / 1e6,
        p99=told["p99"] / 1e6,
        processor=processor,
    )


def turn(contestant: Contestant, seconds: int, connections: int) -> Turn:
    """Ask for so many seconds over so many connections, each of which asks again as soon as it is answered."""
    before = seconds_of_processor(contestant.pid)
    asked = subprocess.run(
        command(contestant, seconds, connections), capture_output=True, text=True, check=True, timeout=seconds + 60
    )
    return turn_told(asked.stdout, seconds_of_processor(contestant.pid) - before)


def interleaved(
    contestants: Sequence[Contestant], rounds: int, seconds: int, connections: int, progress: Callable[[str], None]
) -> list[Result]:
    """Give each contestant a turn that does not count, then each its turn in every round."""
    for one in contestants:
        progress(f"Warming {one.name}")
        turn(one, SECONDS_OF_WARMTH, connections)
    turns: dict[str, list[Turn]] = {one.name: [] for one in contestants}
    for number in range(rounds):
        for one in contestants:
            progress(f"Round {number + 1} of {rounds}: {one.name}")
            turns[one.name].append(turn(one, seconds, connections))
    return [Result(one, turns[one.name], memory_a_worker(one.pid)) for one in contestants]


# What is shown


def ratios(one: Result, other: Result, of: Callable[[Turn], float]) -> list[float]:
    """Return the ratio in each round, from the lowest: what a machine does meanwhile concerns both."""
    return sorted(of(mine) / of(theirs) for mine, theirs in zip(one.turns, other.turns, strict=True))


def table(results: Iterable[Result]) -> str:
    """Return the medians as lines of text, one a contestant, under a line of headings."""
    rows = [COLUMNS, *map(row, results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < TO_THE_LEFT else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in rows
    )


def row(result: Result) -> tuple[str, ...]:
    rates = [turn.rate for turn in result.turns]
    milliseconds = (median(turn.p50 for turn in result.turns) * 1000, result.p99 * 1000)
    return (
        result.contestant.name,
        result.contestant.answer,
        f"{result.contestant.size:,}",
        *(f"{rate:,.0f}" for rate in (result.rate, min(rates), max(rates))),
        *(f"{time:,.2f}" for time in milliseconds),
        f"{result.processor * 1e6:,.0f}",
        *(f"{size / 1e6:,.1f}" for size in (result.memory.proportional, result.memory.resident)),
    )
