"""The audit log: a line for each thing that staff did to what the public sees, to a request, or to an account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Max, Min
from django.utils import timezone

from education.models.write_once import WriteOnceModel, WriteOnceQuerySet


class What(models.TextChoices):
    """What was done. A value is never renamed: lines are kept for ever."""

    SUBMITTED = "edition.submitted", "Edition submitted"
    APPROVED = "edition.approved", "Edition approved"
    RETURNED = "edition.returned", "Edition returned"
    TAKEN_BACK = "edition.taken_back", "Edition taken back"
    CONFIRMED = "edition.confirmed", "Edition confirmed"
    PUBLISHED = "edition.published", "Edition published"
    CANCELLED = "edition.cancelled", "Publication cancelled"
    WITHDRAWN = "edition.withdrawn", "Edition withdrawn"
    RENDERED = "edition.rendered", "Edition rendered anew"
    GUIDE_CHANGED = "guide.changed", "Guide's facts changed"
    ARCHIVED = "guide.archived", "Guide archived"
    REOPENED = "guide.reopened", "Guide brought back"
    SOURCE_SAVED = "source.saved", "Source saved"
    SOURCE_CHECKED = "source.checked", "Source checked"
    TERM_SAVED = "term.saved", "Term saved"
    IMAGE_SAVED = "image.saved", "Image saved"
    SYNONYM_SAVED = "synonym.saved", "Patients' word saved"
    SYNONYM_REMOVED = "synonym.removed", "Patients' word removed"
    REPORT_ANSWERED = "report.answered", "Report of a mistake answered"
    REPORT_CLOSED = "report.closed", "Report of a mistake closed"
    CLINIC_CHANGED = "clinic.changed", "Clinic's facts changed"
    BRAND_CHANGED = "clinic.brand", "Colour or logo changed"
    INFORMATION_SAVED = "information.saved", "Information page saved"
    PLACE_SAVED = "place.saved", "Place or hours saved"
    PROVIDER_SAVED = "provider.saved", "Provider saved"
    PRICE_ADDED = "price.added", "Price added"
    PRICE_CHANGED = "price.changed", "Price changed"
    PRICE_ENDED = "price.ended", "Price ended"
    PRICE_KEPT = "price.kept", "End of a price taken back"
    REQUEST_OPENED = "request.opened", "Request opened"
    REQUEST_ASSIGNED = "request.assigned", "Request assigned"
    REQUEST_CONTACTED = "request.contacted", "Request answered"
    REQUEST_BOOKED = "request.booked", "Request booked"
    REQUEST_CLOSED = "request.closed", "Request closed"
    REQUEST_REOPENED = "request.reopened", "Request opened again"
    REQUEST_NOTE = "request.note", "Note added to a request"
    REQUEST_ERASED = "request.erased", "Request erased"
    REQUESTS_EXPORTED = "requests.exported", "Requests exported"
    ACCOUNT_MADE = "account.made", "Account made"
    ACCOUNT_CHANGED = "account.changed", "Account changed"
    ACCOUNT_OPENED = "account.opened", "Account opened again"
    ACCOUNT_CLOSED = "account.closed", "Account closed"
    ACCOUNT_ROLES = "account.roles", "Roles or ownership changed"
    PASSWORD_SET = "account.password", "Password set"
    SECOND_FACTOR = "account.second_factor", "Second factor changed"
    SECOND_FACTOR_RESET = "account.second_factor_reset", "Second factor removed for somebody"
    INVITED = "invitation.made", "Somebody invited"
    INVITED_AGAIN = "invitation.sent_again", "Invitation sent again"
    INVITATION_WITHDRAWN = "invitation.withdrawn", "Invitation withdrawn"
    INVITATION_ACCEPTED = "invitation.accepted", "Invitation accepted"
    OWNER_LINK = "account.owner_link", "Link for the owner's account made"
    SAMPLE_CLOSED = "account.sample_closed", "Sample accounts closed"
    SIGNED_IN = "sign_in", "Signed in"
    SIGNED_OUT = "sign_out", "Signed out"
    SIGN_IN_FAILED = "sign_in.failed", "Sign-in failed"
    SECOND_STEP_FAILED = "sign_in.second_step_failed", "Second step of a sign-in failed"
    LOG_EXPORTED = "log.exported", "Audit log exported"


def whats() -> list[tuple[str, str]]:
    """Return what can be done. A function, so that one thing more needs no migration."""
    return What.choices


class AuditLineQuerySet(WriteOnceQuerySet["AuditLine"]):
    def datetimes(self, field_name: str, kind: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the years, or months, from the first line to the last, those without a line among them.

        Django would work out the year of each line, and the log grows for ever.
        """
        if kind not in ("year", "month") or args or kwargs:
            return super().datetimes(field_name, kind, *args, **kwargs)
        ends = self.aggregate(first=Min(field_name), last=Max(field_name))
        return [] if ends["first"] is None else _from_to(ends["first"], ends["last"], kind)


def _from_to(first: datetime, last: datetime, kind: str) -> list[datetime]:
    begin, end = timezone.localtime(first), timezone.localtime(last)
    step = 12 if kind == "year" else 1
    months = begin.year * 12 + (0 if kind == "year" else begin.month - 1)
    last_month = end.year * 12 + end.month - 1
    return [
        datetime(month // 12, month % 12 + 1, 1, tzinfo=end.tzinfo) for month in range(months, last_month + 1, step)
    ]


class AuditLine(WriteOnceModel):
    """Who did what, to what, when and from where. No text that anybody typed, and of a request its number alone."""

    made_at = models.DateTimeField("when", db_index=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="account"
    )
    made_by_name = models.CharField("name", max_length=200, blank=True)
    made_by_role = models.CharField("role", max_length=200, blank=True)
    what = models.CharField(max_length=40, choices=whats)
    # A kind and a number, not a key: what a line is about may be erased, and the line stays.
    about_kind = models.CharField("kind", max_length=60, blank=True)
    about_number = models.PositiveBigIntegerField("number", null=True)
    about_name = models.CharField("called", max_length=200, blank=True)
    origin = models.CharField("from", max_length=45, blank=True)

    objects = AuditLineQuerySet.as_manager()  # type: ignore[misc]  # more than the base has

    class Meta(WriteOnceModel.Meta):
        ordering = ["-id"]
        verbose_name = "line of the audit log"
        verbose_name_plural = "audit log"
        indexes = [models.Index(fields=["what", "made_at"], name="audit_what_when")]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.about}" if self.about else self.get_what_display()

    @property
    def about(self) -> str:
        """What it was done to, in words: its kind, its number, and the last part of its address or its key."""
        number = "" if self.about_number is None else f" {self.about_number}"
        named = f" ({self.about_name})" if self.about_name else ""
        return f"{self.about_kind}{number}{named}"
