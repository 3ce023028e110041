"""The editions that came out, as an Atom feed (RFC 4287): for whoever wants to know when a guide changes.

An entry is an edition that is or was live. What it says changes only with something that readers should know: that
the edition came back, was withdrawn, or that its guide went into the archive. Its `updated` is then that moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.conf import settings
from django.db.models import Case, F, OuterRef, Prefetch, Subquery, When
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from education.models import Archiving, Edition, Publication, Review
from education.wording import language_of_words, marks_of_text

MOST_ENTRIES = 50
# Before anything came out, a feed must name some moment, and the same one each time.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_XML = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_HEAVY = ("contributors", "sources", "terms", "images", "report", "reasons", "answered_comments")


class _Feed(Atom1Feed):
    """Django's feed, with the language of each entry and without a clock in an empty one."""

    def item_attributes(self, item: Mapping[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("link", "", {"rel": "related", "href": item["changes"]})

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NEVER


def feed_of_editions(author: str, address: str) -> str:
    """Return the feed as XML: three queries. `author`: who publishes the guides; `address`: the feed's own."""
    feed = _Feed(
        title=_readable(gettext("New editions of our guides: %(name)s") % {"name": author}),
        link=f"{settings.SITE_URL}{reverse('education:guides')}",
        description=None,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        author_name=_readable(author),
        feed_url=address,
        feed_guid=address,
    )
    archived = {one.guide_id: one for one in Archiving.objects.in_force()}
    for edition in _newest(timezone.now()):
        is_current = edition.current_edition_id == edition.pk
        with translation.override(language_of_words(edition.language)):
            feed.add_item(**_entry(edition, archived.get(edition.guide_id) if is_current else None))
    return feed.writeString("utf-8")


def _newest(now: datetime) -> Iterable[Any]:
    """Return the editions of which there is news, the latest first, each with what an entry takes."""
    begun = Publication.objects.filter(edition=OuterRef("pk"), cancellation=None, live_from__lte=now)
    archivings = Archiving.objects.filter(guide=OuterRef("guide")).order_by("-id")
    # An archiving is news of the edition that it takes away, which is the one whose publication counts.
    archive = Coalesce("brought_back_at", "archived_at", "last_live")
    approved = Review.objects.filter(decision=Review.Decision.APPROVED).defer("answers", "comments")
    return (
        Edition.objects.public(now)
        .with_current(now)
        .annotate(
            first_live=Subquery(begun.order_by("live_from").values("live_from")[:1]),
            last_live=Subquery(begun.order_by("-live_from").values("live_from")[:1]),
            archived_at=Subquery(archivings.values("made_at")[:1]),
            brought_back_at=Subquery(archivings.values("reopening__made_at")[:1]),
            updated=Greatest(
                "last_live",
                Coalesce("withdrawal__made_at", "last_live"),
                Case(When(pk=F("current_edition_id"), then=archive), default="last_live"),
            ),
        )
        .select_related("guide", "withdrawal")
        .prefetch_related(Prefetch("reviews", approved.order_by("id")))
        .defer(*_HEAVY)
        .order_by("-updated", "-pk")[:MOST_ENTRIES]
    )


def _entry(edition: Any, archiving: Archiving | None) -> dict[str, Any]:
    """Return an entry as Django's feed takes it, its fixed words in the active language."""
    named = {"title": edition.title, "number": edition.number}
    address = f"{settings.SITE_URL}{edition.get_absolute_url()}"
    changes = reverse("education:changes", args=[edition.guide.slug, edition.number])
    return {
        # The same wherever the site moves and whatever the guide's address becomes.
        "unique_id": uuid5(NAMESPACE_OID, edition.chain_hash).urn,
        "title": _readable(gettext("%(title)s, edition %(number)d") % named),
        "link": address,
        "changes": f"{settings.SITE_URL}{changes}",
        "description": _summary(edition, archiving),
        "language": edition.language,
        "pubdate": edition.first_live,
        "updateddate": edition.updated,
    }


def _summary(edition: Edition, archiving: Archiving | None) -> SafeString:
    """Return what an entry tells as HTML: the worst first, then what changed and who approved it."""
    said: list[tuple[str, str, bool]] = []
    if hasattr(edition, "withdrawal"):
        said.append((gettext("This edition was withdrawn. Reason:"), edition.withdrawal.reason, True))
    if archiving:
        said.append((gettext("We no longer keep this guide up to date. Reason:"), archiving.reason, True))
    if edition.urgent_reason:
        said.append((gettext("Urgent correction:"), edition.urgent_reason, True))
    said.append((gettext("What changed:"), edition.what_changed, True))
    # Prefetched: the approvals alone, the last one last.
    for review in list(edition.reviews.all())[-1:]:
        signed = ", ".join(filter(None, (review.made_by_name, review.made_by_role)))
        said.append((gettext("Approved by"), signed, False))
    return format_html_join(
        "",
        "<p>{} <bdi{}>{}</bdi></p>",
        ((words, _marks(edition.language) if own else "", _readable(text)) for words, text, own in said),
    )


def _marks(language: str) -> SafeString:
    return format_html_join("", ' {}="{}"', marks_of_text(language).items())


def _readable(text: str) -> str:
    """Return a text without the signs that XML has no way to write (https://www.w3.org/TR/xml/#charsets)."""
    return _NOT_XML.sub("", text)
