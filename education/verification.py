"""Does the record still say what it said? Computes every hash anew from the stored rows and compares.

Hashes and the chain cover what patients read; each row's seal covers all of its values, names, dates and reasons
included. Whoever can write past the triggers can also make a new chain. Against that, and against the removal of a
guide's last editions with all that refers to them, help the codes on printed leaflets and a backup.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, models
from django.db.models import Exists, OuterRef

from education.actions.image_files import image_path
from education.canonical import chain_hash, sha256, short_code
from education.models import Edition, Guide, Publication, Rendering, Review, seal_of
from education.triggers import missing_triggers, record_models

ROWS_AT_A_TIME = 50
# What a row that was written past the models can make of reading it.
UNREADABLE = (TypeError, ValueError, KeyError, AttributeError, DatabaseError)


@dataclass(frozen=True)
class Break:
    """One place where the record does not hold. `row` is a row's id, `edition` the guide and number it belongs to."""

    model: str
    row: int | str
    edition: str
    problem: str

    def __str__(self) -> str:
        return f"{self.model} {self.row}{f' ({self.edition})' if self.edition else ''}: {self.problem}"


@dataclass
class _Checked:
    """An edition under examination, with what stood before it in its guide."""

    edition: Edition
    guide: Guide
    previous_number: int = 0
    previous_chain: str = ""
    files: dict[str, str] = field(default_factory=dict)

    def broken(self, row: models.Model, problem: str) -> Break:
        place = f"{self.guide.slug}, edition {self.edition.number}"
        return Break(type(row).__name__, row.pk, place, problem)


def verify_database() -> Iterator[Break]:
    """Yield what is wrong with the database as a whole: triggers that are missing, rows whose parent is missing."""
    for name in missing_triggers():
        yield Break("Trigger", name, "", "is missing or disabled; run migrate, which makes it again")
    for model in record_models():
        for key in model._meta.local_concrete_fields:
            if isinstance(key, models.ForeignKey):
                yield from _orphans(model, key)


def _orphans(model: type[models.Model], key: models.ForeignKey) -> Iterator[Break]:
    parent = key.related_model
    there = parent._base_manager.filter(pk=OuterRef(key.attname))
    rows = model._base_manager.filter(**{f"{key.attname}__isnull": False}).exclude(Exists(there)).order_by("pk")
    for pk, parent_pk in rows.values_list("pk", key.attname).iterator():
        yield Break(model.__name__, pk, "", f"refers to {parent.__name__} {parent_pk}, which is not there")


def verify_seals(
    named: Collection[tuple[str, int | str]], at: Callable[[int, int], None] = lambda done, of: None
) -> Iterator[Break]:
    """Yield every record row whose values do not give its seal, and on SQLite every row that was deleted.

    `named` are models and ids of rows that other checks have named already; `at` hears how many of how many rows are
    checked. PostgreSQL leaves gaps between ids by itself, so a deleted row cannot be told there by its id.
    """
    done, total = 0, sum(model._base_manager.count() for model in record_models())
    for model in record_models():
        # Before the ids: a row written meanwhile must not seem to be missing.
        last = _last_id(model) if connection.vendor == "sqlite" else 0
        pks = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(pks), ROWS_AT_A_TIME):
            some = pks[start : start + ROWS_AT_A_TIME]
            for pk, problem in _unsealed(model, some):
                if (model.__name__, pk) not in named:
                    yield Break(model.__name__, pk, "", problem)
            done += len(some)
            at(done, total)
        for pk in sorted(set(range(1, last + 1)) - set(pks)):
            yield Break(model.__name__, pk, "", "is not there any more: it was deleted")


def _unsealed(model: type[models.Model], pks: Sequence[int]) -> Iterator[tuple[int, str]]:
    try:
        rows = model._base_manager.in_bulk(pks)
    except UNREADABLE as error:
        if len(pks) == 1:
            yield pks[0], f"cannot be read ({error})"
            return
        for pk in pks:
            yield from _unsealed(model, [pk])
        return
    for pk in pks:
        row: Any = rows.get(pk)
        if row is not None and row.seal != seal_of(row):
            yield pk, "was changed: its values do not give its seal"


def _last_id(model: type[models.Model]) -> int:
    """Return the greatest id that SQLite ever gave in this table; a transaction that failed takes its ids back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def verify_guide(guide: Guide) -> Iterator[tuple[Break, ...]]:
    """Yield the breaks of each edition of a guide, oldest first; an edition in order gives an empty tuple."""
    before, chain, files = 0, "", dict[str, str]()
    # One edition in memory at a time; and one that cannot be read must not hide those after it.
    for pk, number in list(guide.editions.order_by("number").values_list("pk", "number")):
        try:
            edition = guide.editions.get(pk=pk)
        except UNREADABLE as error:
            yield (Break("Edition", pk, f"{guide.slug}, edition {number}", f"cannot be read ({_told(error)})"),)
            before, chain = number, ""
            continue
        yield tuple(_verify(_Checked(edition, guide, before, chain, files)))
        before, chain = number, edition.chain_hash


def verify_archive(guide: Guide) -> Iterator[Break]:
    """Yield where a guide went into the archive twice or came back too early, and what was done while it was there."""
    archivings = list(guide.archivings.select_related("reopening").order_by("pk"))
    back: datetime | None = None
    for index, archiving in enumerate(archivings):
        if index and (back is None or archiving.made_at < back):
            yield _in_archive(archiving, guide, "the guide was in the archive already")
        reopening = getattr(archiving, "reopening", None)
        back = reopening.made_at if reopening else None
        if reopening and reopening.made_at < archiving.made_at:
            yield _in_archive(reopening, guide, "it brought the guide back before the guide went into the archive")
        made = {"made_at__gt": archiving.made_at, **({"made_at__lt": back} if back else {})}
        for edition in guide.editions.filter(**made).order_by("pk").only("pk"):
            yield _in_archive(edition, guide, "it was submitted while the guide was in the archive")
        for publication in Publication.objects.filter(edition__guide=guide, **made).order_by("pk"):
            yield _in_archive(publication, guide, "it was made while the guide was in the archive")


def _in_archive(row: models.Model, guide: Guide, problem: str) -> Break:
    return Break(type(row).__name__, row.pk, guide.slug, problem)


def _verify(checked: _Checked) -> Iterator[Break]:
    for name, check in CHECKS.items():
        try:
            yield from check(checked)
        except UNREADABLE as error:
            yield checked.broken(checked.edition, f"its {name} cannot be read ({_told(error)})")


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _number(checked: _Checked) -> Iterator[Break]:
    """Numbers run from 1 without a gap."""
    wanted = checked.previous_number + 1
    if checked.edition.number != wanted:
        yield checked.broken(checked.edition, f"its number is {checked.edition.number}, the next one is {wanted}")


def _content(checked: _Checked) -> Iterator[Break]:
    """The stored guide facts, pages, entries, sources, terms and images give the content hash."""
    found = checked.edition.snapshot().content_hash()
    if found != checked.edition.content_hash:
        yield checked.broken(
            checked.edition, f"its stored text gives content hash {found}, the row says {checked.edition.content_hash}"
        )


def _chain(checked: _Checked) -> Iterator[Break]:
    """Chain hash and code tie the edition to the one before."""
    edition = checked.edition
    found = chain_hash(
        previous=checked.previous_chain,
        guide=checked.guide.slug_at_creation,
        number=edition.number,
        content_hash=edition.content_hash,
        made_at=edition.made_at,
    )
    if found != edition.chain_hash:
        yield checked.broken(
            edition, f"its row and the edition before give chain hash {found}, not {edition.chain_hash}"
        )
    code = short_code(edition.chain_hash)
    if code != edition.code:
        yield checked.broken(edition, f"its chain hash gives the code {code}, the row says {edition.code}")


def _pages(checked: _Checked) -> Iterator[Break]:
    """Pages stand in positions from 0 on, each has a rendering, each rendering its SHA-256."""
    pages = list(checked.edition.pages.order_by("position").defer("markdown", "entries"))
    if not pages:
        yield checked.broken(checked.edition, "it has no pages")
    for wanted, page in enumerate(pages):
        if page.position != wanted:
            yield checked.broken(page, f"its position is {page.position}, the next one is {wanted}")
    rendered = set()
    renderings = Rendering.objects.filter(edition_page__edition=checked.edition).order_by("pk")
    for rendering in renderings.defer("text").iterator(chunk_size=10):
        rendered.add(rendering.edition_page_id)
        found = sha256(rendering.html.encode())
        if found != rendering.sha256:
            yield checked.broken(rendering, f"its HTML gives SHA-256 {found}, the row says {rendering.sha256}")
    for page in pages:
        if page.pk not in rendered:
            yield checked.broken(page, "it has no rendering, so readers would get an empty page")


def _images(checked: _Checked) -> Iterator[Break]:
    """Each image has its row, and a file whose content is the one named."""
    edition = checked.edition
    named = {image["sha256"] for image in edition.images}
    rows = {row.sha256: row for row in edition.image_files.order_by("pk")}
    for digest in sorted(named - rows.keys()):
        yield checked.broken(edition, f"it shows image {digest}, which has no EditionImage row")
    for digest, row in rows.items():
        if digest not in named:
            yield checked.broken(row, f"the edition shows no image {digest}")
        if digest not in checked.files:
            checked.files[digest] = _file_problem(digest)
        if checked.files[digest]:
            yield checked.broken(row, checked.files[digest])


def _file_problem(digest: str) -> str:
    path = image_path(digest)
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"its file {path} cannot be read ({error.strerror})"
    return "" if found == digest else f"its file {path} has SHA-256 {found}"


def _reviews(checked: _Checked) -> Iterator[Break]:
    """Each review judged this content, sets the next date where one is due, and is honest about the second person."""
    sets_date = (Review.Decision.APPROVED, Review.Decision.CONFIRMED)
    for review in checked.edition.reviews.order_by("pk"):
        if review.content_hash != checked.edition.content_hash:
            yield checked.broken(
                review, f"it judged content {review.content_hash}, the edition's is {checked.edition.content_hash}"
            )
        if (review.next_review_due is not None) != (review.decision in sets_date):
            yield checked.broken(
                review, f"it is “{review.decision}” and its next review date is {review.next_review_due}"
            )
        if review.by_second_person != (review.made_by_id != checked.edition.made_by_id):
            said = "a second person" if review.by_second_person else "the submitter"
            yield checked.broken(review, f"it says that {said} made it, which its account contradicts")


def _publications(checked: _Checked) -> Iterator[Break]:
    """Each publication came after an approval that stood; what was undone was undone in time."""
    # In this order: an approval is older than its publication, so one made meanwhile cannot seem to lack its own.
    publications = list(checked.edition.publications.select_related("cancellation").order_by("pk"))
    reviews = list(checked.edition.reviews.exclude(decision=Review.Decision.CONFIRMED).order_by("pk"))
    for publication in publications:
        if not _stood(reviews, publication.made_at, checked.edition.content_hash):
            yield checked.broken(publication, f"no approval of this content stood at {publication.made_at.isoformat()}")
        cancellation = getattr(publication, "cancellation", None)
        if cancellation and cancellation.made_at >= publication.live_from:
            moments = f"{cancellation.made_at.isoformat()}, it began at {publication.live_from.isoformat()}"
            yield checked.broken(cancellation, f"it cancelled a publication at {moments}")
    withdrawal = getattr(checked.edition, "withdrawal", None)
    begun = [one.live_from for one in publications if not hasattr(one, "cancellation")]
    if withdrawal and (not begun or withdrawal.made_at < min(begun)):
        yield checked.broken(withdrawal, f"the edition was not live before {withdrawal.made_at.isoformat()}")


def _stood(reviews: Sequence[Review], moment: datetime, content_hash: str) -> bool:
    before = [review for review in reviews if review.made_at <= moment]
    return bool(before) and before[-1].decision == Review.Decision.APPROVED and before[-1].content_hash == content_hash


CHECKS: Mapping[str, Callable[[_Checked], Iterator[Break]]] = {
    "number": _number,
    "content": _content,
    "chain": _chain,
    "pages": _pages,
    "images": _images,
    "reviews": _reviews,
    "publications": _publications,
}
