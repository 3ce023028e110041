"""Guides that nobody looks after any more: put into the archive, and brought back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from education.models.guides import Guide
from education.models.write_once import SignedModel, WriteOnceModel, WriteOnceQuerySet


class ArchivingQuerySet(WriteOnceQuerySet["Archiving"]):
    def in_force(self) -> ArchivingQuerySet:
        """Return those that nobody has undone: at most one of a guide, because archiving and reopening alternate."""
        return self.filter(reopening=None)

    def of(self, guide: Guide) -> Archiving | None:
        """Return what put a guide into the archive, or None when it is not there."""
        return self.in_force().filter(guide=guide).order_by("-id").first()


class Archiving(SignedModel, WriteOnceModel):
    """Takes a guide out of the site, because nobody looks after it any more. Its permalinks stay, and say so."""

    guide = models.ForeignKey(Guide, models.PROTECT, related_name="archivings")
    reason = models.TextField()

    objects = ArchivingQuerySet.as_manager()  # type: ignore[misc]  # more than the base has

    class Meta(WriteOnceModel.Meta):
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="archiving_says_why")]

    def __str__(self) -> str:
        return f"Archived by {self.made_by_name}"


class Reopening(SignedModel, WriteOnceModel):
    """Brings an archived guide back as it was."""

    archiving = models.OneToOneField(Archiving, models.PROTECT, related_name="reopening")

    class Meta(WriteOnceModel.Meta):
        pass

    def __str__(self) -> str:
        return f"Brought back by {self.made_by_name}"
