"""Mail about an edition or a report of a mistake; a failure is logged and stops nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.module_loading import import_string

from education.actions.mail import post
from education.models import Edition, MistakeReport, Review
from education.wording import language_of_words


def tell_reviewers(edition: Edition) -> None:
    """Write to every active account that may review, but not to the one who submitted."""
    context = {"edition": edition, "link": _link("edition", edition.pk)}
    _send("submitted", reviewers_told(edition).values_list("email", flat=True), context)


def reviewers_told(edition: Edition) -> Any:
    """Return the accounts to which is written that an edition was submitted."""
    return _may("review_edition").exclude(pk=edition.made_by_id)


def tell_submitter(edition: Edition, review: Review) -> None:
    """Write to whoever submitted the edition that it was decided upon."""
    if edition.made_by.is_active and edition.made_by.email:
        context = {
            "edition": edition,
            "review": review,
            "link": _link("edition", edition.pk),
            "comments": f"{_link('guide', edition.guide_id)}#comments",
        }
        _send("decided", [edition.made_by.email], context)


def tell_of_mistake(report: MistakeReport) -> None:
    """Write to everybody who works on reports that there is one: neither its words nor who sent it."""
    addresses = _may("change_mistakereport").values_list("email", flat=True)
    _send("mistake", addresses, {"edition": report.edition, "link": _link("mistakereport", report.pk)})


def answer_reader(report: MistakeReport) -> None:
    """Send staff's answer to the reader, around it our own words in the language of the guide."""
    with translation.override(language_of_words(report.edition.language)):
        link = settings.SITE_URL + report.edition.guide.get_absolute_url()
        contacts = import_string(settings.CLINIC_CONTACTS)()
        _send("answered", [report.email], {"report": report, "link": link, "contacts": contacts})


def _may(permission: str) -> Any:
    """Return the active accounts with an address that have this permission."""
    accounts = get_user_model().objects.with_perm(
        f"education.{permission}", backend="django.contrib.auth.backends.ModelBackend"
    )
    return accounts.exclude(email="")


def _link(name: str, pk: int) -> str:
    return settings.SITE_URL + reverse(f"admin:education_{name}_change", args=[pk])


def _send(name: str, addresses: Iterable[str], context: dict[str, Any]) -> None:
    subject = render_to_string(f"education/mail/{name}_subject.txt", context)
    post(addresses, subject, render_to_string(f"education/mail/{name}.txt", context))
