"""A small guide in order, which passes every check: what the examples of the checks are changes of."""

from __future__ import annotations

from datetime import date
from typing import Any

from education.entries import KIND_NAMED, canonical_entry
from education.printable import unprintable
from education.quality.examples import Case
from education.quality.finding import SourceState, World
from education.snapshot import Snapshot, SnapshotImage, SnapshotPage, SnapshotSource, SnapshotTerm


def _entry(kind: str, *sources: str, **values: Any) -> dict[str, Any]:
    return canonical_entry(KIND_NAMED[kind], values, sources)


def _source(key: str, title: str, strength: str) -> SnapshotSource:
    return SnapshotSource(key, title, "", "", 2024, "", "", "", "", strength)


OVERVIEW = """\
Cold therapy puts a cold pack on a sore joint for a short time. It does not cure the cause [@review].

[[entries]]
"""
BENEFITS = """\
Cold can make a joint feel less sore for some hours. It may not help you at all.
"""
ALTERNATIVES = """\
You can do nothing: most sore joints get better with rest. You can ask us about heat, too [@review].
"""
CONTRAINDICATIONS = """\
Cold is not for all people. Tell us if one of these is true for you.
"""
PREPARATION = """\
You do not need to fast. Wear loose clothes, so that we can reach the joint.
"""
SIDE_EFFECTS = """\
Most people feel cold and numb for a short time. Few people get more than that.
"""
RECOVERY = """\
![](image:cold-pack)

You can go home at once. Rest the joint for a day.

## When to get help

!!! emergency "Call 911 if"
    - you cannot breathe well
    - your lips or your tongue swell

!!! urgent "Call a doctor the same day if"
    - the skin turns white, hard or black
    - you feel no touch after 2 hours
"""
COST = """\
You pay for each visit. The [price list](/prices/) says how much, and what a whole course costs.
"""
EVIDENCE = """\
One review found small studies only [@review]. One [trial](term:trial) found less pain on the first day [@trial].
We do not know if cold helps for longer.
"""

SNAPSHOT = Snapshot(
    title="Cold therapy",
    summary="What cold can do for a sore joint, what it cannot do, and what to ask before you book.",
    language="en",
    written_by="The nurses of the clinic",
    funding="The clinic pays for this guide, and it sells this treatment.",
    pages=(
        SnapshotPage("overview", "overview", "Overview", OVERVIEW, (
            _entry("key-fact", "trial", label="How long it takes", value="20 minutes", headline=True),
            _entry("key-fact", "review", label="How well it works", value="We do not know", headline=True),
            _entry("key-fact", "review", label="Back to work", value="On the same day", headline=True),
        )),
        SnapshotPage("benefits", "benefits", "Benefits", BENEFITS, (
            _entry("benefit", "review", "trial", claim="Less pain", evidence="little", finding="A little less pain."),
        )),
        SnapshotPage("alternatives", "alternatives", "Alternatives", ALTERNATIVES),
        SnapshotPage("contraindications", "contraindications", "Who should not have it", CONTRAINDICATIONS, (
            _entry(
                "contraindication", "label", condition="Cold hives", question="Do you get hives from cold?",
                advice="do-not-book", why="Cold can make your throat swell.",
            ),
        )),
        SnapshotPage("preparation", "preparation", "Preparation", PREPARATION, (
            _entry("care-step", "our-instruction", from_day=-7, to_day=-1, text="List the medicines that you take."),
            _entry("care-step", "our-instruction", from_day=0, text="Come with clean, dry skin."),
        )),
        SnapshotPage("side-effects", "side-effects", "Side effects", SIDE_EFFECTS, (
            _entry(
                "side-effect", "trial", name="Red skin", frequency="common", figure="4 of 50 people",
                duration="Up to 2 hours", action="Warm the skin.",
            ),
        )),
        SnapshotPage("recovery", "recovery", "Recovery", RECOVERY),
        SnapshotPage("cost", "cost", "Cost", COST),
        SnapshotPage("evidence", "evidence", "Evidence", EVIDENCE),
    ),
    sources=(
        _source("label", "The leaflet of the cold pack", "product-label"),
        _source("our-instruction", "The clinic's own instruction", "clinic-instruction"),
        _source("review", "A review of 9 studies of cold", "systematic-review"),
        _source("shop-article", "Why cold is good, by a maker of cold packs", "commercial-article"),
        _source("trial", "A trial of cold with 50 people", "trial"),
    ),
    terms=(SnapshotTerm("trial", "trial", "A study in which chance decides who gets which treatment."),),
    images=(SnapshotImage("cold-pack", "0" * 64, "A blue cold pack on a knee", False, "", "CC0", 800, 600),),
)  # fmt: skip


def _has_a_page(path: str) -> bool:
    return path in ("/", "/prices/", "/guides/cold-therapy/")


WORLD = World(
    today=date(2026, 3, 1),
    sources={source.key: SourceState(date(2026, 12, 1)) for source in SNAPSHOT.sources},
    resolves=_has_a_page,
    unprintable=unprintable,
    own_numbers=("(555) 010-0100",),
)

IN_ORDER = Case(SNAPSHOT, WORLD)
