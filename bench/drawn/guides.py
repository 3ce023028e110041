"""Guides of drawn words: the working copy with its entries and saved texts, and editions on the record."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bench.drawn.words import words
from clinic.models import User
from education.actions.search import searchable, write_search_rows
from education.canonical import chain_hash, sha256, short_code
from education.entries import KIND_NAMED, KIND_OF_PAGE, Advice, Evidence, Frequency, canonical_entry
from education.models import (
    Edition,
    EditionImage,
    EditionPage,
    Guide,
    Image,
    Page,
    PageVersion,
    Publication,
    Rendering,
    Review,
    Source,
    State,
    Term,
    Withdrawal,
)
from education.models.entries import ENTRY_MODELS
from education.rendering import RENDERER_VERSION, Rendered
from education.snapshot import Snapshot, SnapshotImage, SnapshotPage, SnapshotSource, SnapshotTerm

PAGES_OF_A_GUIDE = 14
WORDS_ON_A_PAGE = 300
ENTRIES_ON_A_PAGE = 7
# In a real edition most pages stand as they did; so many are changed.
PAGES_CHANGED = 2
# Editions follow each other in these steps up to the last, which was published so long ago.
BETWEEN, LAST = timedelta(days=70), timedelta(days=20)
# What becomes of the newest edition of some guides, by the remainder of the guide's number; of all others it is live.
EVERY = 10
NEWEST = {1: State.IN_REVIEW, 2: State.RETURNED, 3: State.SCHEDULED, 4: State.WITHDRAWN}
KINDS = [kind for kind in Page.Kind.values if kind != Page.Kind.OTHER]


@dataclass(frozen=True)
class Signatory:
    """Who submits and who decides, and the moment that the clinic is made for."""

    author: User
    reviewer: User
    now: datetime


@dataclass(frozen=True)
class Shelf:
    """What the pages of a guide may cite, name and show."""

    sources: Sequence[Source] = ()
    terms: Sequence[Term] = ()
    images: Sequence[Image] = ()


@dataclass
class _Made:
    """A guide in the making: its working copy, and what each page was rendered to."""

    guide: Guide
    pages: list[Page]
    rendered: list[Rendered] = field(default_factory=list)
    chain: str = ""


def signed(by: User, at: datetime) -> dict[str, Any]:
    return {"made_at": at, "made_by": by, "made_by_name": by.get_full_name() or by.username, "made_by_role": "editor"}


def drawn_guide(
    number: int,
    draw: random.Random,
    who: Signatory,
    *,
    shelf: Shelf,
    pages: int = PAGES_OF_A_GUIDE,
    editions: int = 1,
    newest: State = State.LIVE,
) -> Guide:
    """Make a guide with so many pages and editions; `newest` is the state of its last edition, those before were live.

    Its rows of the search are written. The caller holds a transaction.
    """
    slug = f"guide-{number}"
    guide = Guide.objects.create(
        title=f"Guide {number}", slug=slug, slug_at_creation=slug, summary=words(draw, 30), written_by="The clinic",
        funding="Written and paid for by the clinic.", also_known_as=words(draw, 3), kind="procedure",
    )  # fmt: skip
    shown = [_page(position, draw, shelf) for position in range(pages)]
    of_guide = Page.objects.bulk_create(_working(guide, page, place) for place, page in enumerate(shown))
    made = _Made(guide, of_guide)
    for count in range(1, editions + 1):
        changed = range(pages) if count == 1 else sorted(draw.sample(range(pages), min(PAGES_CHANGED, pages)))
        if count > 1:
            for place in changed:
                shown[place] = replace(shown[place], markdown=_text(draw, shelf))
        at = who.now - LAST - (editions - count) * BETWEEN
        _edition(made, count, shown, changed, shelf, who, at, newest if count == editions else State.LIVE)
    for page, last in zip(of_guide, shown, strict=True):
        page.markdown = last.markdown
    Page.objects.bulk_update(of_guide, ["markdown"])
    _write_entries(of_guide, shown, shelf)
    for edition in searchable().filter(guide=guide):
        write_search_rows(edition)
    return guide


def _page(position: int, draw: random.Random, shelf: Shelf) -> SnapshotPage:
    kind = KINDS[position] if position < len(KINDS) else Page.Kind.OTHER.value
    slug = kind if kind != Page.Kind.OTHER else f"page-{position}"
    of_page = KIND_OF_PAGE.get(kind)
    rows = range(ENTRIES_ON_A_PAGE) if of_page else ()
    entries = tuple(_entry(of_page.name, draw, shelf, place) for place in rows) if of_page else ()
    return SnapshotPage(kind, slug, words(draw, 3).capitalize(), _text(draw, shelf), entries)


def _text(draw: random.Random, shelf: Shelf) -> str:
    """Return Markdown of five paragraphs that cites, names and shows what is on the shelf."""
    paragraphs = [words(draw, WORDS_ON_A_PAGE // 5) for _ in range(5)]
    if shelf.sources:
        paragraphs = [f"{one} [@{draw.choice(shelf.sources).key}]." for one in paragraphs]
    if shelf.terms:
        term = draw.choice(shelf.terms)
        paragraphs[1] += f" [{term.term}](term:{term.key})"
    if shelf.images:
        paragraphs.insert(2, f"![](image:{draw.choice(shelf.images).key})")
    return f"{paragraphs[0]}\n\n## {words(draw, 3).capitalize()}\n\n" + "\n\n".join(paragraphs[1:])


def _entry(kind: str, draw: random.Random, shelf: Shelf, place: int) -> dict[str, Any]:
    chosen = {
        "evidence": Evidence.SOME.value,
        "frequency": Frequency.COMMON.value,
        "advice": Advice.TELL_US_FIRST.value,
    }
    days = {"from_day": place + 1, "to_day": place + 2}
    values: dict[str, Any] = {"headline": place < 3, "ask_prescriber": False, **days, **chosen}
    for one in KIND_NAMED[kind].fields:
        values.setdefault(one.name, words(draw, 12 if one.longest > 200 else 3))
    return canonical_entry(KIND_NAMED[kind], values, [draw.choice(shelf.sources).key] if shelf.sources else [])


def _working(guide: Guide, page: SnapshotPage, position: int) -> Page:
    return Page(
        guide=guide, kind=page.kind, slug=page.slug, title=page.title, markdown=page.markdown, position=position
    )


def _write_entries(pages: Sequence[Page], shown: Sequence[SnapshotPage], shelf: Shelf) -> None:
    """Write the entries of the working copy, with the sources that each rests on."""
    by_key = {source.key: source for source in shelf.sources}
    rows: dict[str, list[tuple[Any, Sequence[str]]]] = {}
    for page, content in zip(pages, shown, strict=True):
        for position, entry in enumerate(content.entries):
            facts = {name: value for name, value in entry.items() if name not in ("kind", "sources")}
            row = ENTRY_MODELS[entry["kind"]](page=page, position=position, **facts)
            rows.setdefault(entry["kind"], []).append((row, entry["sources"]))
    for kind, of_kind in rows.items():
        model = ENTRY_MODELS[kind]
        model._default_manager.bulk_create([row for row, _ in of_kind])
        through: Any = model.sources.through
        owner = f"{model._meta.model_name}_id"
        through.objects.bulk_create(
            through(source_id=by_key[key].pk, **{owner: row.pk}) for row, keys in of_kind for key in keys
        )


def _edition(
    made: _Made,
    number: int,
    shown: Sequence[SnapshotPage],
    changed: Sequence[int],
    shelf: Shelf,
    who: Signatory,
    at: datetime,
    state: State,
) -> None:
    snapshot, numbers = _snapshot(made, shown, changed, shelf)
    content = snapshot.content_hash()
    made.chain = chain_hash(
        previous=made.chain, guide=made.guide.slug_at_creation, number=number, content_hash=content, made_at=at
    )
    edition = Edition.objects.create(
        guide=made.guide, number=number, code=short_code(made.chain), title=snapshot.title, summary=snapshot.summary,
        language=snapshot.language, written_by=snapshot.written_by, funding=snapshot.funding,
        what_changed=f"Edition {number}.", content_hash=content, chain_hash=made.chain,
        sources=[{"number": numbers[one.key], **asdict(one)} for one in snapshot.sources],
        terms=[asdict(one) for one in snapshot.terms], images=[asdict(one) for one in snapshot.images],
        **signed(who.author, at),
    )  # fmt: skip
    kept = EditionPage.objects.bulk_create(
        EditionPage(
            edition=edition, page=page, kind=one.kind, slug=one.slug, title=one.title, position=position,
            markdown=one.markdown, entries=[dict(entry) for entry in one.entries], carried_over=position not in changed,
        )
        for position, (page, one) in enumerate(zip(made.pages, shown, strict=True))
    )  # fmt: skip
    Rendering.objects.bulk_create(_rendering(page, one, at) for page, one in zip(kept, made.rendered, strict=True))
    EditionImage.objects.bulk_create(
        EditionImage(edition=edition, image=image, sha256=image.sha256) for image in shelf.images
    )
    PageVersion.objects.bulk_create(
        PageVersion(
            page=made.pages[place], title=shown[place].title, slug=shown[place].slug, markdown=shown[place].markdown,
            entries=[dict(entry) for entry in shown[place].entries], **signed(who.author, at),
        )
        for place in changed
    )  # fmt: skip
    _decide(edition, who, at, state)


def _snapshot(
    made: _Made, shown: Sequence[SnapshotPage], changed: Sequence[int], shelf: Shelf
) -> tuple[Snapshot, Mapping[str, int]]:
    """Return what the edition says and the numbers of its sources; render the pages that changed."""
    guide = made.guide
    snapshot = Snapshot(
        guide.title, guide.summary, guide.language, guide.written_by, guide.funding, tuple(shown),
        tuple(SnapshotSource(**_values(one, SnapshotSource)) for one in shelf.sources),
        tuple(SnapshotTerm(**_values(one, SnapshotTerm)) for one in shelf.terms),
        tuple(SnapshotImage(**_values(one, SnapshotImage)) for one in shelf.images),
    )  # fmt: skip
    numbers = {source.key: place for place, source in enumerate(snapshot.sources, start=1)}
    if not made.rendered:
        made.rendered = list(snapshot.rendered()[0])
    elif changed:
        alone = replace(snapshot, pages=tuple(shown[place] for place in changed))
        for place, rendered in zip(changed, alone.rendered()[0], strict=True):
            made.rendered[place] = rendered
    return snapshot, numbers


def _values(row: Any, content: type) -> dict[str, Any]:
    return {name: getattr(row, name) for name in content.__dataclass_fields__}  # type: ignore[attr-defined]


def _rendering(page: EditionPage, rendered: Rendered, at: datetime) -> Rendering:
    return Rendering(
        edition_page=page,
        renderer_version=RENDERER_VERSION,
        html=rendered.html,
        text=rendered.text,
        sha256=sha256(rendered.html.encode()),
        made_at=at,
    )


def _decide(edition: Edition, who: Signatory, at: datetime, state: State) -> None:
    """Write what was decided on an edition, up to the state that it shall be in."""
    if state is State.IN_REVIEW:
        return
    approved = at + timedelta(days=1)
    common = {"edition": edition, "content_hash": edition.content_hash, "by_second_person": who.author != who.reviewer}
    if state is State.RETURNED:
        Review.objects.create(**common, decision="returned", note="Say how long.", **signed(who.reviewer, approved))
        return
    due = (approved + timedelta(days=365)).date()
    Review.objects.create(**common, decision="approved", next_review_due=due, **signed(who.reviewer, approved))
    live_from = who.now + timedelta(days=7) if state is State.SCHEDULED else approved
    Publication.objects.create(edition=edition, live_from=live_from, **signed(who.author, approved))
    if state is State.WITHDRAWN:
        gone = approved + timedelta(days=2)
        Withdrawal.objects.create(edition=edition, reason="It named a wrong dose.", **signed(who.author, gone))
