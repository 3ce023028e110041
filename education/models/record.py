"""The record: editions and what was decided about them, each row written once and kept for good."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from education.models.archive import Archiving, Reopening
from education.models.guides import Guide
from education.models.write_once import SignedModel, WriteOnceModel, WriteOnceQuerySet
from education.snapshot import Snapshot, SnapshotImage, SnapshotPage, SnapshotSource, SnapshotTerm


class State(StrEnum):
    """Where an edition stands at a moment; docs/states.md says what each permits."""

    IN_REVIEW = "in review"
    RETURNED = "returned"
    TAKEN_BACK = "taken back"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    LIVE = "live"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


OPEN_STATES = (State.IN_REVIEW, State.APPROVED, State.SCHEDULED)


class EditionQuerySet(WriteOnceQuerySet["Edition"]):
    def with_state(self, now: datetime | None = None) -> EditionQuerySet:
        """Add what `Edition.state` needs: the record as it is, with `now` deciding which publications have begun.

        Decisions, withdrawals and archivings count whatever their date: a clock that is behind must not undo them.
        """
        now = now or timezone.now()
        publications = Publication.objects.filter(edition=OuterRef("pk"), cancellation=None)
        decisions = Review.objects.filter(edition=OuterRef("pk")).exclude(decision=Review.Decision.CONFIRMED)
        facts: dict[str, Any] = {
            "is_withdrawn": Exists(Withdrawal.objects.filter(edition=OuterRef("pk"))),
            "is_archived": Exists(_archivings()),
            "last_decision": Subquery(decisions.order_by("-id").values("decision")[:1]),
            "is_published": Exists(publications.filter(live_from__lte=now)),
            "is_pending": Exists(publications.filter(live_from__gt=now)),
        }
        return self.with_current(now).annotate(**facts)

    def with_current(self, now: datetime | None = None) -> EditionQuerySet:
        """Add `current_edition_id`, the guide's edition whose publication counts at `now`; None where none does."""
        facts: dict[str, Any] = {"current_edition_id": _latest_published(now or timezone.now())}
        return self.annotate(**facts)

    def latest_published(self, now: datetime | None = None) -> EditionQuerySet:
        """Return the edition of each guide whose publication counts at `now`, be it withdrawn or not."""
        return self.filter(pk=_latest_published(now or timezone.now()))

    def live(self, now: datetime | None = None) -> EditionQuerySet:
        """Return the editions that patients are meant to read at `now`: neither withdrawn nor of an archived guide."""
        return self.latest_published(now).filter(~Exists(_archivings()), withdrawal=None)

    def with_live_since(self, now: datetime | None = None) -> EditionQuerySet:
        """Add what `Edition.live_since` needs, for the editions that are live at `now`."""
        begun = Publication.objects.filter(
            edition=OuterRef("pk"), cancellation=None, live_from__lte=now or timezone.now()
        )
        reopenings = Reopening.objects.filter(archiving__guide=OuterRef("guide"))
        facts: dict[str, Any] = {
            "live_from": Subquery(begun.order_by("-live_from", "-id").values("live_from")[:1]),
            "reopened_at": Subquery(reopenings.order_by("-id").values("made_at")[:1]),
        }
        return self.annotate(**facts)

    def live_one_of(self, slug: str, now: datetime | None = None) -> Edition | None:
        """Return the live edition of the guide with this slug, with its guide and `live_since`: one plain query.

        The same as `live()` finds, for the pages that readers wait for: a database and Django are done sooner with
        rows that are joined than with questions inside a question.
        """
        begun = self.filter(publications__cancellation=None, publications__live_from__lte=now or timezone.now())
        facts: dict[str, Any] = {
            "live_from": F("publications__live_from"),
            "withdrawn": F("withdrawal"),
            "archived": F("guide__archivings"),
            "reopened_at": F("guide__archivings__reopening__made_at"),
        }
        # Of archivings the last one counts.
        ordered = begun.annotate(**facts).order_by(
            *(f"-{name}" for name in ("live_from", "publications__id", "archived"))
        )
        edition = ordered.select_related("guide").filter(guide__slug=slug).first()
        in_archive = edition is not None and edition.archived and not edition.reopened_at
        return None if edition is None or edition.withdrawn or in_archive else edition

    def with_previous(self) -> EditionQuerySet:
        """Add `previous_chain_hash`, that of the same guide's edition before; None for the first."""
        before = Edition.objects.filter(guide=OuterRef("guide"), number=OuterRef("number") - 1)
        facts: dict[str, Any] = {"previous_chain_hash": Subquery(before.values("chain_hash")[:1])}
        return self.annotate(**facts)

    def public(self, now: datetime | None = None) -> EditionQuerySet:
        """Return the editions that have a permalink: those that were live once, withdrawn ones included."""
        publications = Publication.objects.filter(
            edition=OuterRef("pk"), cancellation=None, live_from__lte=now or timezone.now()
        )
        return self.filter(Exists(publications))


def _archivings() -> models.QuerySet[Archiving]:
    return Archiving.objects.in_force().filter(guide=OuterRef("guide"))


def _latest_published(now: datetime) -> Subquery:
    publications = Publication.objects.filter(edition__guide=OuterRef("guide"), cancellation=None, live_from__lte=now)
    return Subquery(publications.order_by("-live_from", "-id").values("edition")[:1])


class Edition(SignedModel, WriteOnceModel):
    """An immutable, numbered snapshot of a whole guide, made when it was submitted for review."""

    guide = models.ForeignKey(Guide, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=8, unique=True)
    title = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    language = models.CharField(max_length=12)
    written_by = models.CharField(max_length=200, blank=True)
    funding = models.TextField(blank=True)
    what_changed = models.TextField()
    urgent_reason = models.TextField(blank=True)
    contributors = models.JSONField(default=list)
    sources = models.JSONField(default=list)
    terms = models.JSONField(default=list)
    images = models.JSONField(default=list)
    report = models.JSONField(default=list)
    reasons = models.JSONField(default=dict)
    # The comments of the review before, each with what an editor said of it.
    answered_comments = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    chain_hash = models.CharField(max_length=64, unique=True)
    added_later = ("answered_comments",)

    # Set by EditionQuerySet.with_previous().
    previous_chain_hash: str | None
    # Set by EditionQuerySet.with_state().
    is_withdrawn: bool
    is_archived: bool  # the guide, and so all of its editions
    last_decision: str | None
    is_published: bool
    is_pending: bool
    # Set by EditionQuerySet.with_state() and with_current().
    current_edition_id: int | None

    # Set where a list asks for it, by has_check().
    has_check: bool

    # Set by EditionQuerySet.with_live_since() and live_one_of().
    live_from: datetime
    reopened_at: datetime | None
    withdrawn: int | None
    archived: int | None

    objects = EditionQuerySet.as_manager()  # type: ignore[misc]  # more than the base has

    class Meta(WriteOnceModel.Meta):
        ordering = ["guide", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "number"], name="edition_number_once_in_a_guide"),
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_numbers_begin_at_1"),
            models.CheckConstraint(condition=~Q(what_changed=""), name="edition_says_what_changed"),
        ]
        permissions = [
            ("submit_edition", "Can submit guides for review and take editions back"),
            ("review_edition", "Can approve, return and confirm editions"),
            ("publish_edition", "Can publish, schedule, cancel and withdraw editions"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, edition {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("education:edition", args=[self.guide.slug, self.number])

    @property
    def short_hash(self) -> str:
        return self.content_hash[:8]

    @property
    def live_since(self) -> datetime:
        """Since when patients read it, without a break. It must come from `with_live_since()`."""
        return max(self.live_from, self.reopened_at or self.live_from)

    @property
    def state(self) -> State:
        """Where it stood at the moment given to `with_state()`, from which the edition must come."""
        if self.is_withdrawn:
            return State.WITHDRAWN
        if self.last_decision == Review.Decision.RETURNED:
            return State.RETURNED
        if self.last_decision == Review.Decision.TAKEN_BACK:
            return State.TAKEN_BACK
        if self.last_decision is None:
            return State.IN_REVIEW
        if self.is_published and self.current_edition_id == self.pk:
            return State.ARCHIVED if self.is_archived else State.LIVE
        if self.is_pending:
            return State.SCHEDULED
        return State.SUPERSEDED if self.is_published else State.APPROVED

    def snapshot(self) -> Snapshot:
        """Return the content as the record has it. Reads the pages."""
        return Snapshot(
            title=self.title,
            summary=self.summary,
            language=self.language,
            written_by=self.written_by,
            funding=self.funding,
            pages=tuple(
                SnapshotPage(page.kind, page.slug, page.title, page.markdown, tuple(page.entries))
                for page in self.pages.all()
            ),
            sources=tuple(SnapshotSource(**_without_number(source)) for source in self.sources),
            terms=tuple(SnapshotTerm(**term) for term in self.terms),
            images=tuple(SnapshotImage(**image) for image in self.images),
        )


def _without_number(source: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in source.items() if name != "number"}


class Review(SignedModel, WriteOnceModel):
    """A decision on an edition. It judged the content that `content_hash` names."""

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        RETURNED = "returned", "Returned"
        TAKEN_BACK = "taken back", "Taken back"
        CONFIRMED = "confirmed", "Confirmed"

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=20, choices=Decision.choices)
    note = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64)
    by_second_person = models.BooleanField()
    next_review_due = models.DateField(null=True)
    # What the reviewer was asked, in the words of that day, with the answers; and comments, each tied to a place.
    answers = models.JSONField(default=list)
    comments = models.JSONField(default=list)
    added_later = ("answers", "comments")

    class Meta(WriteOnceModel.Meta):
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(decision="returned") | ~Q(note=""), name="review_return_says_why"),
            models.CheckConstraint(
                condition=Q(decision__in=["approved", "confirmed"], next_review_due__isnull=False)
                | Q(decision__in=["returned", "taken back"], next_review_due__isnull=True),
                name="review_approval_sets_next_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} by {self.made_by_name}"


class Publication(SignedModel, WriteOnceModel):
    """Makes an approved edition live from a moment on."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="publications")
    live_from = models.DateTimeField(db_index=True)

    class Meta(WriteOnceModel.Meta):
        ordering = ["live_from", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(live_from__gte=F("made_at")), name="publication_not_backdated")
        ]

    def __str__(self) -> str:
        return f"Publication from {self.live_from:%Y-%m-%d %H:%M}"


class Cancellation(SignedModel, WriteOnceModel):
    """Undoes a publication that has not begun."""

    publication = models.OneToOneField(Publication, models.PROTECT, related_name="cancellation")

    class Meta(WriteOnceModel.Meta):
        pass

    def __str__(self) -> str:
        return f"Cancelled by {self.made_by_name}"


class Withdrawal(SignedModel, WriteOnceModel):
    """Takes an edition off the site for good, with a reason that the public reads."""

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="withdrawal")
    reason = models.TextField()

    class Meta(WriteOnceModel.Meta):
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_says_why")]

    def __str__(self) -> str:
        return f"Withdrawn by {self.made_by_name}"
