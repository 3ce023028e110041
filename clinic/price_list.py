"""The prices of a day as patients read them: by procedure, with the whole course and its upkeep worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import money
from clinic.models import Price
from clinic.money import Cost
from config.ready.until_changed import until_changed
from education.models import Edition, Guide, Source
from education.sources import UNCHECKED, SourceStanding, standings

Unit = Price.Unit


@dataclass(frozen=True)
class Procedure:
    """A guide with its prices of one day. `title` and `language` are those of its live edition, if it has one."""

    guide: Guide
    title: str
    language: str
    is_live: bool
    prices: tuple[Price, ...]
    standing: Mapping[str, SourceStanding]

    @property
    def slug(self) -> str:
        return self.guide.slug

    @property
    def url(self) -> str:
        """Where its guide can be read, or nothing."""
        return self.guide.get_absolute_url() if self.is_live else ""

    @property
    def areas(self) -> list[str]:
        """What its prices are for, without consultations, each once."""
        return list(dict.fromkeys(price.what for price in self.prices if price.unit != Unit.CONSULTATION))

    @property
    def is_once(self) -> bool:
        """Whether no price of it is one of a course that could be worked out."""
        return all(price.unit == Unit.CONSULTATION for price in self.prices)

    @property
    def has_sums(self) -> bool:
        return any(course(price) or upkeep(price) for price in self.prices)

    def of_area(self, area: str = "") -> list[Price]:
        """Return its prices for an area, or for all, without consultations."""
        return [price for price in self.prices if price.unit != Unit.CONSULTATION and area in ("", price.what)]

    @property
    def consultations(self) -> list[dict[str, Any]]:
        """The rows of what is asked for a talk alone."""
        return [row(price, self.standing) for price in self.prices if price.unit == Unit.CONSULTATION]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [row(price, self.standing) for price in self.prices]


@until_changed
def price_list(day: date) -> list[Procedure]:
    """Return what was, or is, charged on a day, by procedure in the order of their titles.

    Three queries where there are prices: they, the live editions, how the named sources stand.
    """
    prices = list(Price.objects.on(day).select_related("guide", "location", "source"))
    if not prices:
        return []
    live = {
        edition.guide_id: edition
        for edition in Edition.objects.live()
        .filter(guide__in={price.guide_id for price in prices})
        .only("guide", "title", "language")
    }
    standing = standings({price.source.key for price in prices if price.source})
    by_guide: dict[int, list[Price]] = {}
    for price in prices:
        by_guide.setdefault(price.guide_id, []).append(price)
    found = [_procedure(rows, live.get(pk), standing) for pk, rows in by_guide.items()]
    return sorted(found, key=lambda one: (one.title.casefold(), one.guide.pk))


def _procedure(prices: list[Price], live: Edition | None, standing: Mapping[str, SourceStanding]) -> Procedure:
    named = live or prices[0].guide
    return Procedure(prices[0].guide, named.title, named.language, live is not None, tuple(prices), standing)


# One price


def cost(price: Price) -> Cost:
    """Return what a price asks for its unit."""
    return Cost(price.amount_from, price.amount_to, price.currency)


def course(price: Price, sessions: int | None = None) -> Cost | None:
    """Return what a whole course costs: of this many sessions, or of as many as the price states. None: not stated."""
    if price.unit == Unit.COURSE and price.sessions_in_course:
        return money.courses(cost(price), price.sessions_in_course, sessions)
    least, most = (price.sessions_from, price.sessions_to) if sessions is None else (sessions, sessions)
    if price.unit != Unit.SESSION or least is None or most is None:
        return None
    return money.course(cost(price), least, most)


def upkeep(price: Price, years: int = 1) -> Cost | None:
    """Return what keeping the result costs for so many years, or None where the price does not state it."""
    if price.upkeep_from is None or price.upkeep_to is None:
        return None
    return money.upkeep(cost(price), price.upkeep_from, price.upkeep_to, years)


def unit(price: Price) -> str:
    """Return what a price is asked for, in words."""
    if price.unit == Unit.COURSE:
        count = price.sessions_in_course or 0
        words = ngettext("for a course of %(count)d session", "for a course of %(count)d sessions", count)
        return words % {"count": count}
    return {Unit.SESSION: _("a session"), Unit.CONSULTATION: _("a consultation")}[Unit(price.unit)]


def row(price: Price, standing: Mapping[str, SourceStanding]) -> dict[str, Any]:
    """Return a price as components/price_table.html takes it."""
    whole, kept = course(price), upkeep(price)
    once = price.unit == Unit.CONSULTATION
    return {
        "what": price.what,
        "location": price.location.name if price.location else "",
        "price": str(cost(price)),
        "unit": unit(price),
        "course": str(whole or ""),
        "course_how": whole.how if whole else "",
        "upkeep": str(kept or ""),
        "upkeep_how": kept.how if kept else "",
        "missing": _("Does not apply") if once else _("Not stated"),
        "included": price.included,
        "not_included": price.not_included,
        "note": price.note,
        "source": shown_source(price.source, standing) if price.source else None,
    }


def shown_source(source: Source, standing: Mapping[str, SourceStanding]) -> dict[str, Any]:
    """Return a source's title, where it can be read, and how it stands today."""
    url = source.url if source.url.startswith(("https://", "http://")) else ""
    if not url and source.doi:
        url = f"https://doi.org/{quote(source.doi)}"
    if not url and source.pmid:
        url = f"https://pubmed.ncbi.nlm.nih.gov/{quote(source.pmid, safe='')}/"
    facts = [source.publisher, str(source.year) if source.year else _("no date")]
    return {
        "title": source.title,
        "facts": ", ".join(fact for fact in facts if fact),
        "url": url,
        "standing": standing.get(source.key, UNCHECKED),
    }


# What it costs in all


@dataclass(frozen=True)
class Step:
    """One line of a sum. Without an amount, `how` says why there is none."""

    name: str
    how: str
    amount: str = ""


@dataclass(frozen=True)
class Breakdown:
    """What one thing costs in all, step by step. `remarks` are what a reader must know about the sum."""

    price: Price
    standing: Mapping[str, SourceStanding]
    steps: tuple[Step, ...]
    total: str
    remarks: tuple[str, ...]

    @property
    def row(self) -> dict[str, Any]:
        return row(self.price, self.standing)


def breakdown(price: Price, standing: Mapping[str, SourceStanding], *, sessions: int | None, years: int) -> Breakdown:
    """Return what a price comes to: a course of this many sessions, or of as many as it states, and years of upkeep."""
    found = [(_("The whole course"), course(price, sessions), _("How many sessions a course has is not stated."))]
    if years:
        words = ngettext("Keeping the result for %(count)d year", "Keeping the result for %(count)d years", years)
        name = words % {"count": years}
        found.append((name, upkeep(price, years), _("How many sessions a year keep the result is not stated.")))
    total: Cost | None = None
    steps = []
    for name, amount, missing in found:
        steps.append(Step(name, amount.how, str(amount)) if amount else Step(name, missing))
        if amount:
            total = amount if total is None else total + amount
    return Breakdown(price, standing, tuple(steps), str(total or ""), tuple(_remarks(price, sessions, steps, total)))


def _remarks(price: Price, sessions: int | None, steps: Iterable[Step], total: Cost | None) -> list[str]:
    said = []
    if total and not all(step.amount for step in steps):
        said.append(_("The total leaves out what is not stated. Ask us about it."))
    least, most = price.sessions_from, price.sessions_to
    if sessions and least and most and not least <= sessions <= most:
        usual = money.sessions(least, most)
        said.append(_("You asked for another number than the one stated here: %(usual)s.") % {"usual": usual})
    if sessions and price.sessions_in_course and sessions % price.sessions_in_course:
        words = _("Sessions are sold here in courses of %(count)d, so the sum is for whole courses.")
        said.append(words % {"count": price.sessions_in_course})
    return said
