"""Reports of mistakes: a reader sends one, staff answer and close it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education.actions.auditing import audit
from education.actions.notices import answer_reader, tell_of_mistake
from education.actions.refusals import Refused
from education.actions.signing import log_once_kept
from education.actions.visitors import TooMany, count_sending
from education.canonical import canonical_text
from education.models import LONGEST_REPORT, Edition, MistakeReport, What
from education.rules import WrongState, require_permission

logger = logging.getLogger(__name__)

# A report that nobody closed keeps its words, but no longer whom to answer.
ADDRESS_KEPT = timedelta(days=180)


def report_mistake(
    edition: Edition, *, key: str, words: str, page: str = "", email: str = "", address: str = ""
) -> MistakeReport:
    """Keep what a reader found wrong in an edition, and tell staff that there is a report.

    Visitors have no account, so there is no `by`. `key` is the form's: the same one again gives the same report. `page`
    is the slug of a page of that edition, `address` where the request came from. Raises Refused, TooMany.
    """
    if there := MistakeReport.objects.filter(key=key).first():
        return there
    words = canonical_text(words)
    if not words or len(words) > LONGEST_REPORT:
        raise Refused(_("Write what is wrong, in at most %(most)s characters.") % {"most": LONGEST_REPORT}, "words")
    if not Edition.objects.public().filter(pk=edition.pk).exists():
        raise Refused(_("Patients never read this edition, so nobody can report a mistake in it."))
    if page and not edition.pages.filter(slug=page).exists():
        raise Refused(_("This edition has no such page."))
    # Outside the transaction: what is refused counts too.
    try:
        count_sending("mistake", address)
    except TooMany:
        if there := MistakeReport.objects.filter(key=key).first():
            # Another click on the same button was kept meanwhile: whoever clicked reads that it was sent.
            return there
        raise
    facts = {"edition": edition, "words": words, "page": page, "email": email, "made_at": timezone.now()}
    with transaction.atomic():
        report, made = MistakeReport.objects.get_or_create(key=key, defaults=facts)
        if made:
            tell_of_mistake(report)
            erase_old_addresses()
            log_once_kept(logger, "mistake report %s made on edition %s", report.pk, edition.pk)
    return report


@transaction.atomic
def answer_report(report: MistakeReport, *, by: Any, answer: str) -> MistakeReport:
    """Keep an answer to a report, and send it where the reader gave an address.

    Raises NotPermitted, WrongState for a report that was answered or closed, Refused.
    """
    report, now = _locked(report, by)
    answer = canonical_text(answer)
    if not answer or len(answer) > LONGEST_REPORT:
        raise Refused(f"Write the answer, in at most {LONGEST_REPORT} characters.", "answer")
    if report.state == MistakeReport.State.ANSWERED:
        raise WrongState(f"{report.answered_by_name} has answered this report already. You can close it.")
    report.state, report.answer = MistakeReport.State.ANSWERED, answer
    report.answered_at, report.answered_by, report.answered_by_name = now, by, _name(by)
    report.answered_by_mail = bool(report.email)
    report.save()
    audit(What.REPORT_ANSWERED, report, by=by)
    if report.email:
        answer_reader(report)
    log_once_kept(logger, "mistake report %s answered by account %s", report.pk, by.pk)
    return report


@transaction.atomic
def close_report(report: MistakeReport, *, by: Any, outcome: str) -> MistakeReport:
    """Close a report with what came of it, and erase the reader's address.

    Raises NotPermitted, WrongState for a report that is closed, Refused.
    """
    report, now = _locked(report, by)
    if outcome not in MistakeReport.Outcome.values:
        raise Refused("Choose what came of this report.", "outcome")
    report.state, report.outcome, report.email = MistakeReport.State.CLOSED, outcome, ""
    report.closed_at, report.closed_by, report.closed_by_name = now, by, _name(by)
    report.save()
    audit(What.REPORT_CLOSED, report, by=by)
    log_once_kept(logger, "mistake report %s closed as %s by account %s", report.pk, outcome, by.pk)
    return report


def erase_old_addresses(now: datetime | None = None) -> int:
    """Erase the readers' addresses of reports that stayed open too long; return how many. The reports wait on."""
    before = (now or timezone.now()) - ADDRESS_KEPT
    erased = MistakeReport.objects.open().filter(made_at__lt=before).exclude(email="").update(email="")
    if erased:
        log_once_kept(logger, "addresses of %s old mistake reports erased", erased)
    return erased


def _locked(report: MistakeReport, by: Any) -> tuple[MistakeReport, datetime]:
    """Return the report as it is now with its row held, and that moment. Raises NotPermitted, WrongState."""
    require_permission(by, "change_mistakereport", "work on reports of mistakes")
    held = MistakeReport.objects.select_for_update().get(pk=report.pk)
    if held.state == MistakeReport.State.CLOSED:
        raise WrongState(f"{held.closed_by_name} has closed this report already. Nothing can be added to it.")
    return held, timezone.now()


def _name(by: Any) -> str:
    return by.get_full_name() or by.get_username()
