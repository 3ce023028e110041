"""Accounts of the people who work at the clinic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q


class User(AbstractUser):
    """A staff account. Accounts are deactivated, never deleted: the record names them."""

    job_title = models.CharField(
        max_length=120,
        blank=True,
        help_text="Shown to patients beside the name of whoever reviewed a guide, such as: nurse practitioner.",
    )
    wants_digest = models.BooleanField(
        "mail of what waits",
        default=True,
        help_text="Send at most one mail a day with what waits for this person, and none when nothing does.",
    )
    digest_sent_on = models.DateField(null=True, editable=False)
    sample_account = models.BooleanField(default=False, editable=False)
    # Counts how often all open sign-ins were ended, apart from those that another password ends.
    sign_ins_ended = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["username"]
        verbose_name = "staff account"

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_session_auth_hash(self) -> str:
        """Return what a session must know of the account: it is over once this is another text."""
        return self._with_count(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._with_count, super().get_session_auth_fallback_hash())

    def _with_count(self, of_password: str) -> str:
        return f"{of_password}-{self.sign_ins_ended}" if self.sign_ins_ended else of_password

    @classmethod
    def owners(cls) -> models.QuerySet[User]:
        """Those who own the site today: they can sign in, and may do everything."""
        return cls.objects.filter(is_superuser=True, is_active=True)


class OwnerLink(models.Model):
    """The one link by which a site without an owner gets one. Of its secret only the hash is kept."""

    WORKS_FOR = timedelta(hours=24)

    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="owner_link_is_one_row")]

    def __str__(self) -> str:
        return f"made at {self.made_at}"

    @property
    def works_until(self) -> datetime:
        return self.made_at + self.WORKS_FOR
