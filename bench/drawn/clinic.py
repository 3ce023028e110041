"""A whole clinic of drawn words: guides with all their editions, and in proportion all else that a clinic gathers."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from PIL import Image as Picture

from bench.drawn.guides import EVERY, NEWEST, PAGES_OF_A_GUIDE, Shelf, Signatory, drawn_guide, signed
from bench.drawn.words import words
from clinic import actions as clinic_actions
from clinic.models import (
    Clinic,
    ConsultationRequest,
    Location,
    PerformedProcedure,
    Price,
    PriceEnd,
    Provider,
    RequestStep,
    SpokenLanguage,
    User,
)
from education import actions
from education.models import AuditLine, Edition, Guide, Image, MistakeReport, Source, SourceCheck, State, Synonym, Term
from education.rules import EDITORS, FRONT_DESK, REVIEWERS

EDITIONS_OF_A_GUIDE = 10
TWO_YEARS = timedelta(days=730)
# For each guide; for each few guides there is one account, one provider, one picture.
REQUESTS, REPORTS, PRICES, SOURCES, TERMS, SIGN_INS = 100, 10, 3, 3, 2, 100
GUIDES_OF_A_PERSON = 5
# Requests younger than this are under way, and few of the others up to the time at which they would be erased.
UNDER_WAY, FORGOTTEN, SHARE_FORGOTTEN = timedelta(days=21), timedelta(days=140), 0.02
# The clinic keeps what is closed for longer than two years.
KEEP_CLOSED_DAYS = 1000
ROLES = {"editor": EDITORS, "reviewer": REVIEWERS, "frontdesk": FRONT_DESK}


@dataclass(frozen=True)
class Size:
    """How much a clinic has."""

    guides: int
    pages: int = PAGES_OF_A_GUIDE
    editions: int = EDITIONS_OF_A_GUIDE
    requests_of_a_guide: int = REQUESTS

    def __str__(self) -> str:
        requests = self.guides * self.requests_of_a_guide
        return f"{self.guides} guides × {self.pages} pages × {self.editions} editions, {requests:,} requests"


class DrawnClinic:
    """Makes a clinic in an empty database that has been migrated, and makes it larger."""

    def __init__(self, now: datetime) -> None:
        self.draw = random.Random(1)  # the same clinic each time
        self.now = now
        self.guides = 0
        owner = User.objects.create(
            username="owner", first_name="Olu", last_name="Owner", is_staff=True, is_superuser=True
        )
        self.people: dict[str, User] = {"owner": owner}
        for name, group in ROLES.items():
            person = User.objects.create(
                username=name, first_name=name.title(), last_name="Drawn", email=f"{name}@clinic.example", is_staff=True
            )
            person.groups.add(Group.objects.get(name=group))
            self.people[name] = person
        clinic_actions.save_clinic(Clinic(name="Drawn Clinic", keep_closed_days=KEEP_CLOSED_DAYS), by=owner)
        self.place = Location.objects.create(slug="dock", name="Dock Street", postal_address="7 Dock Street")
        self.shelf = Shelf()

    def grow(self, size: Size, said: Callable[[str], None] = lambda text: None) -> None:
        """Add guides, and all that goes with them, until the clinic has this size."""
        for number in range(self.guides, size.guides):
            said(f"Making guide {number + 1} of {size.guides}")
            with transaction.atomic():
                self._add(number, size)
        self.guides = max(self.guides, size.guides)

    def _add(self, number: int, size: Size) -> None:
        if number % GUIDES_OF_A_PERSON == 0:
            self._add_people(number)
        who = Signatory(self.people["editor"], self.people["reviewer"], self.now)
        own = self._shelf(number)
        # The first guide is the one that the screens are measured on: all its editions are live or were.
        newest = NEWEST.get(number % EVERY, State.LIVE)
        guide = drawn_guide(number, self.draw, who, shelf=own, pages=size.pages, editions=size.editions, newest=newest)
        self._add_prices(guide, own)
        self._add_reports(guide)
        steps = self._add_requests(guide, number, size.requests_of_a_guide)
        self._add_audit_lines(guide, steps)

    def _add_people(self, number: int) -> None:
        person = User.objects.create(
            username=f"person-{number}", first_name="Pat", last_name=f"Number {number}",
            email=f"person-{number}@clinic.example", is_staff=True,
        )  # fmt: skip
        person.groups.add(Group.objects.get(name=EDITORS))
        provider = Provider.objects.create(
            slug=f"provider-{number}", name=f"Provider {number}", role="nurse practitioner", account=person,
            short_biography=words(self.draw, 20), biography=words(self.draw, 200), position=number % 1000,
            visible_from=(self.now - TWO_YEARS).date(),
        )  # fmt: skip
        provider.locations.add(self.place)
        SpokenLanguage.objects.create(provider=provider, code="en")
        self.provider = provider
        Synonym.objects.create(
            everyday=f"word {number}", medical="swelling", everyday_folded=f"word {number}", medical_folded="swelling"
        )
        content = io.BytesIO()
        Picture.new("RGB", (640, 480), (number % 256, number // 256 % 256, 128)).save(content, "PNG")
        content.seek(0)
        image = Image(key=f"picture-{number}", alternative_text="A drawn picture", licence="our own")
        self.image = actions.add_image(image, content, by=self.people["owner"])

    def _shelf(self, number: int) -> Shelf:
        """Return what a guide uses: its own sources and terms, and some of those that others use too."""
        own = Source.objects.bulk_create(
            Source(
                key=f"source-{number}-{one}", title=words(self.draw, 8).capitalize(), publisher="Journal of Words",
                authors=words(self.draw, 3), year=2015 + one, strength="trial", url="https://example.org/words",
            )
            for one in range(SOURCES)
        )  # fmt: skip
        terms = Term.objects.bulk_create(
            Term(key=f"term-{number}-{one}", term=words(self.draw, 2), plain_meaning=words(self.draw, 12))
            for one in range(TERMS)
        )
        SourceCheck.objects.bulk_create(
            SourceCheck(
                source=source, outcome="current", next_check=(self.now + timedelta(days=90 * place - 60)).date(),
                **signed(self.people["reviewer"], self.now - timedelta(days=200)),
            )
            for place, source in enumerate(own)
        )  # fmt: skip
        shared = self.shelf
        if len(shared.sources) < 5 * SOURCES:
            self.shelf = Shelf([*shared.sources, *own], [*shared.terms, *terms])
        return Shelf([*own, *shared.sources], [*terms, *shared.terms], [self.image])

    def _add_prices(self, guide: Guide, shelf: Shelf) -> None:
        """Add what it costs now and what it cost last year."""
        PerformedProcedure.objects.create(provider=self.provider, guide=guide, since_year=2015)
        today, by = self.now.date(), self.people["editor"]
        begun = {True: self.now - timedelta(days=400), False: self.now - timedelta(days=100)}
        prices = Price.objects.bulk_create(
            Price(
                guide=guide, what=f"Area {place}", position=place, amount_from=Decimal(300 - 20 * past),
                amount_to=Decimal(500), currency="USD", location=self.place, source=shelf.sources[0],
                sessions_from=4, sessions_to=8, valid_from=begun[past].date(), **signed(by, begun[past]),
            )
            for past in (True, False)
            for place in range(PRICES)
        )  # fmt: skip
        ended = today - timedelta(days=101)
        PriceEnd.objects.bulk_create(
            PriceEnd(price=price, last_day=ended, **signed(by, begun[False])) for price in prices[:PRICES]
        )

    def _add_reports(self, guide: Guide) -> None:
        editions = list(Edition.objects.public(self.now).filter(guide=guide))
        reviewer = self.people["reviewer"]
        for place in range(REPORTS):
            made_at = self.now - self.draw.random() * TWO_YEARS
            facts: dict[str, Any] = {}
            if place > 1:
                end = made_at + timedelta(days=3)
                facts = {
                    **{"state": "closed", "outcome": "mended", "closed_at": end, "closed_by": reviewer},
                    **{"closed_by_name": "Reviewer Drawn", "answer": words(self.draw, 20), "answered_at": end},
                    **{"answered_by": reviewer, "answered_by_name": "Reviewer Drawn"},
                }
            edition, key = self.draw.choice(editions), f"{self.draw.getrandbits(128):032x}"
            page = "side-effects" if place % 2 else ""
            MistakeReport.objects.create(
                key=key, edition=edition, page=page, words=words(self.draw, 30), made_at=made_at, **facts
            )

    def _add_requests(self, guide: Guide, number: int, count: int) -> Sequence[RequestStep]:
        """Add requests of two years, most of them closed, with what was done about each; return these steps."""
        drawn = [self._request(guide, f"{number}-{one}") for one in range(count)]
        made = ConsultationRequest.objects.bulk_create(drawn)
        return RequestStep.objects.bulk_create(step for request in made for step in self._steps(request))

    def _request(self, guide: Guide, name: str) -> ConsultationRequest:
        age = self.draw.random() * TWO_YEARS
        made_at = self.now - age
        facts: dict[str, Any] = {"state": "closed", "outcome": "came", "closed_at": made_at + age / 2}
        if age < UNDER_WAY or (age < FORGOTTEN and self.draw.random() < SHARE_FORGOTTEN):
            facts = {"state": self.draw.choice(["new", "contacted", "booked"])}
        if age > timedelta(days=3) and facts["state"] == "new":
            facts["flagged_at"] = made_at + timedelta(days=2)
        assigned = self.people["frontdesk"] if facts["state"] != "new" and self.draw.random() < 0.7 else None
        return ConsultationRequest(
            key=f"{self.draw.getrandbits(128):032x}", made_at=made_at, name=f"Visitor {name}", phone="202-555-0142",
            email=f"visitor-{name}@patient.example", guide=guide, provider=self.provider, language="en",
            message=words(self.draw, 30), consent="You may.", assigned_to=assigned, **facts,
        )  # fmt: skip

    def _steps(self, request: ConsultationRequest) -> list[RequestStep]:
        kinds = {"new": (), "contacted": ("contacted",), "booked": ("contacted", "booked")}
        done = kinds.get(request.state, ("contacted", "booked", "closed"))
        by = self.people["frontdesk"]
        return [
            RequestStep(
                request=request, kind=kind, how="phone" if kind == "contacted" else "", made_by=by,
                made_at=request.made_at + place * timedelta(hours=1), made_by_name="Frontdesk Drawn",
                happened_at=request.made_at if kind == "contacted" else None,
                outcome="came" if kind == "closed" else "", note=words(self.draw, 10),
            )
            for place, kind in enumerate(done, start=1)
        ]  # fmt: skip

    def _add_audit_lines(self, guide: Guide, steps: Sequence[RequestStep]) -> None:
        """Add a line for each thing that was done, and for each sign-in."""
        editor, desk = self.people["editor"], self.people["frontdesk"]
        about = [("edition", edition.pk, edition.made_at) for edition in guide.editions.only("pk", "made_at")]
        whats = ("edition.submitted", "edition.approved", "edition.published")
        lines = [self._line(what, editor, at, kind, pk) for kind, pk, at in about for what in whats]
        lines += [
            self._line(f"request.{one.kind}", desk, one.made_at, "consultation request", one.request_id)
            for one in steps
        ]
        people = list(self.people.values())
        for _ in range(SIGN_INS):
            at = self.now - self.draw.random() * TWO_YEARS
            lines.append(self._line("sign_in", self.draw.choice(people), at))
        AuditLine.objects.bulk_create(lines)

    def _line(self, what: str, by: User, at: datetime, kind: str = "", number: int | None = None) -> AuditLine:
        return AuditLine(what=what, about_kind=kind, about_number=number, origin="203.0.113.7", **signed(by, at))
