"""Invitations to staff: a link by mail, by which somebody makes their own account."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """How invitations are looked up."""

    def waiting(self) -> InvitationQuerySet:
        """Those that may still be taken up or sent anew."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """Somebody who shall work here. Of the link's secret only the hash is kept; a newer link ends the one before it."""

    WORKS_FOR = timedelta(days=7)

    first_name = models.CharField(max_length=150)
    last_name = models.CharField(max_length=150)
    email = models.EmailField("e-mail")
    job_title = models.CharField(max_length=120, blank=True)
    groups = models.ManyToManyField(Group, blank=True, verbose_name="roles")
    is_owner = models.BooleanField("owner", default=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations")
    made_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="invitation"
    )
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        # Owners alone make and see them, whatever roles a group is given.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_waits_once_for_an_address",
            ),
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="invitation_link_is_one"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, account=None)
                | Q(accepted_at__isnull=False, account__isnull=False, withdrawn_at=None, digest=""),
                name="invitation_taken_up_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(digest=""), name="invitation_withdrawn_has_no_link"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def works_until(self) -> datetime:
        return self.sent_at + self.WORKS_FOR

    @property
    def waits(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None

    @property
    def works(self) -> bool:
        """Whether its link can be used now."""
        return self.waits and timezone.now() < self.works_until
