"""Submitting a guide: the working copy becomes an edition in review."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from education import quality
from education.actions.archive import require_not_archived
from education.actions.auditing import audit_edition
from education.actions.notices import tell_reviewers
from education.actions.refusals import Blocked, ChangedMeanwhile, Refused
from education.actions.signing import locked_guide, log_once_kept, signature
from education.canonical import canonical_text, chain_hash, sha256, short_code
from education.comments import answered, comments_of
from education.examining import examine
from education.models import OPEN_STATES, Edition, EditionImage, EditionPage, Guide, Image, PageVersion, Rendering, What
from education.quality import Finding
from education.rendering import RENDERER_VERSION, Rendered
from education.rules import WrongState, require_permission
from education.snapshot import Snapshot
from education.working_copy import PlannedPage, assemble, fingerprint, live_edition, page_states, plan

logger = logging.getLogger(__name__)


@transaction.atomic
def submit(
    guide: Guide,
    *,
    by: Any,
    what_changed: str,
    ticked: Collection[int] | None = None,
    seen: str | None = None,
    urgent_reason: str = "",
    reasons: Mapping[str, str] | None = None,
) -> Edition:
    """Make the next edition of a guide and put it before the reviewers.

    `ticked`: ids of the pages whose new text or removal is meant (None: all). `seen`: the fingerprint of what
    this person looked at. `reasons`: key of a finding → typed reason; a warning needs one, and so does an error
    that the owner passes. Raises NotPermitted, WrongState, Refused, ChangedMeanwhile, and Blocked with the report.
    """
    require_permission(by, "submit_edition", "submit a guide for review")
    guide = locked_guide(guide.pk)
    now = timezone.now()
    require_not_archived(guide)
    _refuse_while_open(guide, now)
    if seen is not None and seen != fingerprint(guide):
        raise ChangedMeanwhile("Somebody saved this guide after you opened this screen. Look at it and submit again.")
    what_changed = canonical_text(what_changed)
    if not what_changed:
        raise Refused("Say in one sentence what changed, for the reviewer and for patients.", "what_changed")
    live = live_edition(guide)
    states = page_states(guide, live)
    meant = {state.page.pk for state in states} if ticked is None else set(ticked)
    planned = plan(states, meant, live)
    snapshot = assemble(guide, [page.content for page in planned])
    rendered, numbers, findings = examine(guide, snapshot, now)
    # A key in the title of a link names a source that no reader meets: an edition has the cited ones.
    cited = tuple(source for source in snapshot.sources if source.key in numbers)
    snapshot = replace(snapshot, sources=cited)
    if live and snapshot.content_hash() == live.content_hash:
        raise Refused(
            f"This is word for word edition {live.number}, which is live. Change something, tick a changed page, "
            "or have a reviewer confirm the live edition."
        )
    given = _reasons(findings, reasons or {}, owner=bool(by.is_superuser))
    edition = _written(guide, snapshot, numbers, by, now, {
        "what_changed": what_changed,
        "urgent_reason": canonical_text(urgent_reason),
        "contributors": _contributors(planned, {state.page.pk: state.live for state in states}, by),
        "report": [finding.as_json() for finding in findings],
        "reasons": given,
        "answered_comments": answered(comments_of(guide)),
    })  # fmt: skip
    if guide.reasons != given:
        Guide.objects.filter(pk=guide.pk).update(reasons=given)
    _write_pages(edition, planned, rendered, now)
    audit_edition(What.SUBMITTED, edition, by=by)
    transaction.on_commit(lambda: tell_reviewers(edition), robust=True)
    log_once_kept(logger, "edition %s of guide %s submitted by account %s", edition.number, guide.pk, by.pk)
    return edition


def _reasons(findings: Sequence[Finding], typed: Mapping[str, str], *, owner: bool) -> dict[str, str]:
    """Return the reasons that the report wants, and no others. Raises Blocked."""
    given = {key: canonical_text(reason) for key, reason in typed.items()}
    if missing := quality.blocking(findings, reasons=given, owner=owner):
        raise Blocked(findings, missing)
    return {
        finding.key: given[finding.key]
        for finding in quality.needs_reason(findings, owner=owner)
        if given.get(finding.key)
    }


def _refuse_while_open(guide: Guide, now: datetime) -> None:
    for edition in guide.editions.with_state(now):
        if edition.state in OPEN_STATES:
            raise WrongState(
                f"Edition {edition.number} is {edition.state} (submitted by {edition.made_by_name}). "
                "Only one edition can be under way. Take it back, or see it through, first."
            )


def _written(
    guide: Guide, snapshot: Snapshot, numbers: Mapping[str, int], by: Any, now: datetime, facts: dict[str, Any]
) -> Edition:
    previous = guide.editions.order_by("-number").first()
    number = previous.number + 1 if previous else 1
    content = snapshot.content_hash()
    chain = chain_hash(
        previous=previous.chain_hash if previous else "",
        guide=guide.slug_at_creation,
        number=number,
        content_hash=content,
        made_at=now,
    )
    sources = sorted(snapshot.sources, key=lambda source: numbers[source.key])
    edition = Edition(
        guide=guide,
        number=number,
        code=short_code(chain),
        title=snapshot.title,
        summary=snapshot.summary,
        language=snapshot.language,
        written_by=snapshot.written_by,
        funding=snapshot.funding,
        sources=[{"number": numbers[source.key], **asdict(source)} for source in sources],
        terms=[asdict(term) for term in snapshot.terms],
        images=[asdict(image) for image in snapshot.images],
        content_hash=content,
        chain_hash=chain,
        **facts,
        **signature(by, now),
    )
    edition.save()
    files = dict(Image.objects.filter(key__in=[image.key for image in snapshot.images]).values_list("key", "pk"))
    for image in snapshot.images:
        EditionImage(edition=edition, image_id=files[image.key], sha256=image.sha256).save()
    return edition


def _write_pages(edition: Edition, planned: Sequence[PlannedPage], rendered: Sequence[Rendered], now: datetime) -> None:
    for position, (plan_of_page, html) in enumerate(zip(planned, rendered, strict=True)):
        content = plan_of_page.content
        page = EditionPage(
            edition=edition,
            page=plan_of_page.page,
            kind=content.kind,
            slug=content.slug,
            title=content.title,
            position=position,
            markdown=content.markdown,
            entries=[dict(entry) for entry in content.entries],
            carried_over=plan_of_page.carried_over,
        )
        page.save()
        write_rendering(page, html, now)


def write_rendering(page: EditionPage, rendered: Rendered, now: datetime) -> None:
    """Keep what this version of the renderer makes of a page."""
    Rendering(
        edition_page=page,
        renderer_version=RENDERER_VERSION,
        html=rendered.html,
        text=rendered.text,
        sha256=sha256(rendered.html.encode()),
        made_at=now,
    ).save()


def _says(page: PageVersion | EditionPage) -> tuple[Any, ...]:
    return page.title, page.slug, page.markdown, page.entries


def _contributors(
    planned: Sequence[PlannedPage], live: Mapping[int, EditionPage | None], by: Any
) -> list[dict[str, str]]:
    """Return who else saved text that this edition has and the live one had not, each once."""
    found: dict[int, dict[str, str]] = {}
    for planned_page in planned:
        if planned_page.text_of_live:
            continue
        before = live[planned_page.page.pk]
        for version in planned_page.page.versions.order_by("-id"):
            if before and _says(version) == _says(before):
                break
            if version.made_by_id != by.pk:
                found.setdefault(version.made_by_id, {"name": version.made_by_name, "role": version.made_by_role})
    return list(found.values())
