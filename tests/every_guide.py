"""Guides that hold all that a guide can hold, in both directions of writing, and what is left of withdrawn ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import time_machine
from django.utils import timezone

from clinic.models import Location, User
from education import actions
from education.models import Edition, Guide, Page
from tests import builders
from tests.education import sourced
from tests.education.example_entries import BENEFIT, CARE_STEP, CONTRAINDICATION, KEY_FACT, QUESTION, SIDE_EFFECT
from tests.education.whole_record import image

Kind = Page.Kind

EVERYTHING = """\
Cold cools the [skin](https://example.org/skin) and you can get [numbness](term:numbness) [@trial-2020] [@old-2001].

## What we know

> Cold is old.

| Day | Feeling | What to do |
|---|---|--:|
| 1 | Numb, cold and perhaps a little sore | Wait |
| 2 | Warm | Call us |

| Choice | What speaks for it | What speaks against it |
|---|---|---|
| Doing nothing | It costs nothing, and some people feel better after a day or two | It may last |
| Heat | It is warm | It can burn |

![How deep the needles go](figure:needle-depth)

### In steps

1. Sit down.
2. Rest.
    - at home
    - `nowhere` else

![](image:cold-pack)

!!! do
    - wear loose clothes

!!! dont
    - do not smoke

!!! warning "Cold can burn"
    Take a towel.

## When to get help

!!! emergency "Call 911 if"
    - you cannot [breathe](https://example.org/breath)

!!! urgent "Call a doctor the same day if"
    - your skin turns hard

!!! non-urgent "Call us if"
    - it stays numb
"""
OTHER_FACT = {**KEY_FACT, "value": "Another used 6.", "sources": ["old-2001"]}
TELL_US = {**CONTRAINDICATION, "condition": "Pregnancy", "question": "Are you pregnant?", "advice": "tell-us-first"}
ENTRIES: dict[str, list[dict[str, Any]]] = {
    "overview": [KEY_FACT, OTHER_FACT],
    "benefits": [BENEFIT, {**BENEFIT, "claim": "Less swelling", "evidence": "none-found", "finding": ""}],
    "contraindications": [CONTRAINDICATION, TELL_US],
    "preparation": [CARE_STEP, {**CARE_STEP, "from_day": 0, "to_day": 0, "ask_prescriber": True}],
    "side-effects": [SIDE_EFFECT, {**SIDE_EFFECT, "name": "Cold burn", "frequency": "rare", "figure": "1 in 900"}],
    "recovery": [{**CARE_STEP, "from_day": 1, "to_day": 3, "text": "Rest."}],
    "questions": [QUESTION, {**QUESTION, "question": "Is it cold?"}],
}
ARABIC = "العلاج بالبرودة يبرد الجلد [@trial-2020]."
ARABIC_EVERYTHING = """\
العلاج بالبرودة يبرد الجلد، وقد تشعر [بخدر](term:khadar) [@trial-2020].

## ما نعرفه

| اليوم | الشعور |
|---|---|
| 1 | برد وألم خفيف |

![إبر وعمقها](figure:needle-depth)

!!! do
    - ارتد ملابس واسعة

!!! urgent "اتصل بالطبيب في اليوم نفسه إذا"
    - أصبح جلدك قاسيا

!!! non-urgent "اتصل بنا إذا"
    - استمر الخدر
"""
ARABIC_ENTRIES: dict[str, list[dict[str, Any]]] = {
    "overview": [{**KEY_FACT, "label": "عدد الجلسات", "value": "أربع جلسات."}],
    "side-effects": [
        {
            **SIDE_EFFECT,
            "name": "خدر",
            "figure": "سبعة من كل مئة في دراسة واحدة.",
            "duration": "ساعات",
            "action": "انتظر.",
        }
    ],
    "preparation": [{**CARE_STEP, "text": "كل كالمعتاد.", "ask_prescriber": True}],
    "benefits": [{**BENEFIT, "claim": "ألم أقل", "finding": "شعر ستة من عشرة بألم أقل."}],
    "contraindications": [
        {**CONTRAINDICATION, "condition": "الحمل", "question": "هل أنت حامل؟", "why": "لم يجربه أحد."},
    ],
    "questions": [{**QUESTION, "question": "هل يؤلم؟", "answer": "قد يلسع قليلا."}],
}
ARABIC_FACTS = {
    "title": "العلاج بالبرودة",
    "slug": "cold-ar",
    "language": "ar",
    "summary": "ما هو العلاج بالبرودة.",
    "written_by": "العيادة",
    "funding": "دفعت العيادة ثمنه.",
}


@dataclass(frozen=True)
class Editions:
    """What was published: an edition of each kind, and the address of a page that is no longer part of the guide."""

    live: Edition
    superseded: Edition
    withdrawn: Edition
    right_to_left: Edition
    archived: Edition
    archived_before: Edition
    without_tools: Edition
    removed_page: str


def build(cast: dict[str, User]) -> Editions:
    """Publish a guide twice, one that is withdrawn, one that is archived, and one in Arabic."""
    author = cast["author"]
    image(author)
    builders.source("old-2001", title="An old trial", year=2001, url="https://example.org/old", note="In French.")
    guide = _whole(author)
    first = sourced.published(guide, cast)
    actions.remove_page(guide.pages.get(kind=Kind.COST), by=author)
    builders.write(guide, author, Kind.QUESTIONS, "Ask us all you want to know.", [QUESTION])
    second = sourced.published(guide, cast)
    sourced.checked("old-2001", cast["reviewer"])
    gone = builders.published(builders.guide(author, title="Gone", slug="gone"), cast)
    actions.withdraw(gone, by=author, reason="It named a wrong dose.")
    arabic = sourced.published(_arabic(author), cast, "الطبعة الأولى.")
    bare = builders.published(builders.guide(author, title="Plain advice", slug="plain-advice"), cast)
    return Editions(second, first, gone, arabic, *_archived(cast), bare, "cost")


def _archived(cast: dict[str, User]) -> tuple[Edition, Edition]:
    """Return the last edition of a guide that is in the archive, and the one before it."""
    guide = builders.guide(cast["author"], title="Old therapy", slug="old-therapy")
    before = builders.published(guide, cast)
    last = builders.next_edition(guide, cast, "You can get numb skin for a week.")
    actions.archive_guide(guide, by=cast["author"], reason="We no longer offer it, because the product is not made.")
    return last, before


def _whole(author: User) -> Guide:
    guide = builders.guide(author)
    there = {page.kind: page for page in guide.pages.all()}
    for kind, entries in ENTRIES.items():
        if kind in there:
            builders.write(guide, author, kind, there[kind].markdown, entries)
        else:
            builders.page(guide, author, kind, "What to know.", entries=entries)
    builders.page(guide, author, Kind.COST, "It costs what it costs.")
    builders.page(guide, author, Kind.OTHER, EVERYTHING, title="Everything else", slug="everything-else")
    return guide


def _arabic(author: User) -> Guide:
    builders.term("khadar", term="خدر", plain_meaning="أن تشعر بأقل من المعتاد عند اللمس.")
    guide = builders.guide(author, **ARABIC_FACTS)
    for kind in (Kind.BENEFITS, Kind.CONTRAINDICATIONS, Kind.QUESTIONS):
        builders.page(guide, author, kind, ARABIC)
    for page in guide.pages.all():
        text = {"title": f"صفحة {page.position}", "slug": page.slug}
        markdown = ARABIC_EVERYTHING if page.kind == Kind.OVERVIEW else ARABIC
        entries = ARABIC_ENTRIES[page.kind]
        actions.save_page(page, by=author, base=None, markdown=markdown, entries=entries, **text)
    return guide


def prices(editions: Editions, cast: dict[str, User]) -> None:
    """Add a price of each unit to the guide that is live, one to that from right to left; all since two days."""
    author, place = (
        cast["author"],
        Location.objects.create(slug="far", name="Priced scalp and more", postal_address="1"),
    )
    words = {"included": "Priced cream", "not_included": "Priced pills", "note": "Priced face, once more"}
    with time_machine.travel(timezone.now() - timedelta(days=2), tick=False):
        live, mirrored = editions.live.guide, editions.right_to_left.guide
        builders.price(live, author, "Priced face", source=builders.source(), location=place, **words)
        builders.price(
            live, author, "Priced scalp", sessions_from=None, sessions_to=None, upkeep_from=None, upkeep_to=None
        )
        builders.price(live, author, "Priced face", unit="course", sessions_in_course=6)
        builders.price(live, author, "Priced talk", unit="consultation", amount_from=Decimal(80), amount_to=None)
        builders.price(mirrored, author, "Priced face", currency="KWD", amount_from=Decimal("1.125"))
