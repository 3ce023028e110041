"""Rendering editions again with a newer renderer: adds rows, changes none."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from education.actions.auditing import audit_edition
from education.actions.refusals import Refused
from education.actions.search import write_search_rows
from education.actions.signing import locked_guide
from education.actions.submission import write_rendering
from education.models import Edition, What
from education.rendering import RENDERER_VERSION


@transaction.atomic
def rerender(edition: Edition) -> int:
    """Add what today's renderer makes of each page that has no such rendering yet; return how many were added.

    It needs no person: the text is the edition's own, and the older renderings stay. Raises Refused when today's
    renderer gives up on a page that has text: patients go on reading what the older one made of it.
    """
    locked_guide(edition.guide_id)
    pages = list(edition.pages.all())
    done = set(edition.pages.filter(renderings__renderer_version=RENDERER_VERSION).values_list("pk", flat=True))
    if len(done) == len(pages):
        return 0
    rendered, _ = edition.snapshot().rendered()
    now = timezone.now()
    added = 0
    for page, html in zip(pages, rendered, strict=True):
        if html.problems and not html.html:
            raise Refused(f"Page “{page.slug}” gives no HTML: {html.problems[0].message}")
        if page.pk not in done:
            write_rendering(page, html, now)
            added += 1
    if edition.search_rows.exists():
        # Where an entry stands on its page, and under which anchor, is the renderer's.
        write_search_rows(edition)
    audit_edition(What.RENDERED, edition, by=None)
    return added
