"""Accounts of the people who work at the clinic."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A staff account. Accounts are deactivated, never deleted: the record names them."""

    job_title = models.CharField(
        max_length=120,
        blank=True,
        help_text="Shown to patients beside the name of whoever reviewed a guide, such as: nurse practitioner.",
    )
    sample_account = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["username"]
        verbose_name = "staff account"

    def __str__(self) -> str:
        return self.get_full_name() or self.username
