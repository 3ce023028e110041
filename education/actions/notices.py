"""Mail about an edition, made after the transaction; a failure is logged and stops nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse

from education.actions.mail import post
from education.models import Edition, Review


def tell_reviewers(edition: Edition) -> None:
    """Write to every active account that may review, but not to the one who submitted."""
    reviewers = get_user_model().objects.with_perm(
        "education.review_edition", backend="django.contrib.auth.backends.ModelBackend"
    )
    addresses = reviewers.exclude(pk=edition.made_by_id).exclude(email="").values_list("email", flat=True)
    _send("submitted", addresses, {"edition": edition})


def tell_submitter(edition: Edition, review: Review) -> None:
    """Write to whoever submitted the edition that it was decided upon."""
    if edition.made_by.is_active and edition.made_by.email:
        _send("decided", [edition.made_by.email], {"edition": edition, "review": review})


def _send(name: str, addresses: Iterable[str], context: dict[str, Any]) -> None:
    edition = context["edition"]
    context["link"] = settings.SITE_URL + reverse("admin:education_edition_change", args=[edition.pk])
    subject = render_to_string(f"education/mail/{name}_subject.txt", context)
    post(addresses, subject, render_to_string(f"education/mail/{name}.txt", context))
