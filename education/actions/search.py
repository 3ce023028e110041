"""What the search reads: rows of editions, written with their publication, and the words that patients use."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from education.actions.auditing import audit
from education.actions.refusals import Refused
from education.actions.signing import locked_guide, log_once_kept
from education.models import Edition, Guide, Publication, SearchRow, SearchWord, Synonym, What
from education.models.searching import LONGEST_WORD
from education.rules import require_permission
from education.searching import LONGEST_EXPRESSION, entries_of, expression, folded, index, words_in

logger = logging.getLogger(__name__)


def searchable() -> QuerySet[Edition]:
    """Return the editions that the search needs: those that are live, and those that will be."""
    now = timezone.now()
    pending = Publication.objects.filter(edition=OuterRef("pk"), cancellation=None, live_from__gt=now)
    return Edition.objects.filter(Exists(pending) | Q(pk__in=Edition.objects.live(now).values("pk")))


def unindexed_guides() -> QuerySet[Guide]:
    """Return the guides of which patients read, or will read, an edition that the search does not have."""
    return Guide.objects.filter(pk__in=searchable().filter(search_rows=None).values("guide"))


def write_search_rows(edition: Edition) -> int:
    """Write the search's rows of an edition anew, inside the caller's transaction; return how many there are.

    They are derived: they stand before the moment of a planned publication, and every search asks what is live.
    """
    index().remove(SearchRow.objects.filter(edition=edition))
    entries = list(entries_of(edition))
    SearchRow.objects.bulk_create([one.row for one in entries])
    index().add(entries)
    # Most words of a guide stand in others too, and to read what is there costs less than to offer it once more.
    known = set(SearchWord.objects.values_list("word", flat=True))
    words = sorted(word for word in words_in(entries) - known if len(word) <= LONGEST_WORD)
    SearchWord.objects.bulk_create(
        [SearchWord(word=word, backwards=word[::-1]) for word in words], ignore_conflicts=True, batch_size=400
    )
    return len(entries)


def remove_unsearchable_rows(guide: Guide) -> None:
    """Remove the rows of editions that are not live and will not be."""
    index().remove(SearchRow.objects.filter(edition__guide=guide).exclude(edition__in=searchable()))


@transaction.atomic
def rebuild_search_rows(guide: Guide, *, missing_only: bool = False) -> int:
    """Write the search's rows of a guide anew, or those that are missing alone; return how many were written.

    It needs no person: every row comes from editions on record.
    """
    locked_guide(guide.pk)
    editions = searchable().filter(guide=guide)
    if missing_only:
        editions = editions.filter(search_rows=None)
    else:
        remove_unsearchable_rows(guide)
    return sum(write_search_rows(edition) for edition in editions)


@transaction.atomic
def forget_unused_words() -> int:
    """Remove the words that no row has any more; return how many went."""
    used: set[str] = set()
    for row in SearchRow.objects.only("title", "text").iterator(chunk_size=500):
        used.update(folded(row.title).split(), folded(row.text).split())
    unused = [pk for pk, word in SearchWord.objects.values_list("pk", "word") if word not in used]
    for start in range(0, len(unused), 500):
        SearchWord.objects.filter(pk__in=unused[start : start + 500]).delete()
    return len(unused)


@transaction.atomic
def save_synonym(synonym: Synonym, *, by: Any) -> Synonym:
    """Save a word that patients use, new or changed. Raises NotPermitted, Refused."""
    verb = "add" if synonym._state.adding else "change"
    require_permission(by, f"{verb}_synonym", f"{verb} a word that patients use")
    synonym.everyday_folded = expression(synonym.everyday)
    synonym.medical_folded = folded(synonym.medical)
    if not synonym.everyday_folded:
        raise Refused("Write a word that patients use, with letters or digits.", "everyday")
    if len(synonym.everyday_folded.split()) > LONGEST_EXPRESSION:
        raise Refused(f"Write at most {LONGEST_EXPRESSION} words, as patients type them.", "everyday")
    if not synonym.medical_folded:
        raise Refused("Write the word in our guides, with letters or digits.", "medical")
    same = Synonym.objects.filter(
        everyday_folded=synonym.everyday_folded, medical_folded=synonym.medical_folded
    ).exclude(pk=synonym.pk)
    if same.exists():
        raise Refused("These two words are in the list already.", "medical")
    synonym.save()
    audit(What.SYNONYM_SAVED, synonym, by=by)
    log_once_kept(logger, "synonym %s saved by account %s", synonym.pk, by.pk)
    return synonym


@transaction.atomic
def remove_synonym(synonym: Synonym, *, by: Any) -> None:
    """Remove a word that patients use from the table. Raises NotPermitted."""
    require_permission(by, "delete_synonym", "remove a word that patients use")
    pk = synonym.pk
    audit(What.SYNONYM_REMOVED, synonym, by=by)
    synonym.delete()
    log_once_kept(logger, "synonym %s removed by account %s", pk, by.pk)
