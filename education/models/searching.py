"""What the search reads: derived from editions and made anew at any time; and the words that patients use."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from education.models.edition_pages import EditionPage
from education.models.record import Edition
from education.models.text import CanonicalCharField

LONGEST_WORD = 40


class SearchRow(models.Model):
    """A place of an edition that a search can lead to: the guide itself, one of its pages, or an entry.

    What is looked up stands beside it in the database's own index (`education.searching`). `kind` is `guide`, `page`
    or the name of a kind of entry; `page` is where the place is, none for the guide itself.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="search_rows")
    page = models.ForeignKey(EditionPage, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    anchor = models.CharField(max_length=120, blank=True)
    title = models.TextField()
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word of the indexed texts, folded: for beginnings of words, and for words with a letter wrong.

    `backwards` finds a word by its end as fast as by its beginning.
    """

    word = models.CharField(max_length=LONGEST_WORD, unique=True)
    backwards = models.CharField(max_length=LONGEST_WORD, db_index=True)

    class Meta:
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


class Synonym(models.Model):
    """A word that patients use and guides do not, and what guides say instead."""

    everyday = CanonicalCharField(
        "word that patients use",
        max_length=60,
        help_text="What people type into the search, such as black and blue.",
    )
    medical = CanonicalCharField(
        "word in our guides",
        max_length=60,
        help_text="What the guides call it, such as bruise. One word or a few; other forms of it are found too.",
    )
    # Both as the search compares them.
    everyday_folded = models.CharField(max_length=200, editable=False, db_index=True)
    medical_folded = models.CharField(max_length=200, editable=False)

    class Meta:
        ordering = ["everyday", "medical"]
        verbose_name = "word that patients use"
        verbose_name_plural = "words that patients use"
        constraints = [
            models.UniqueConstraint(fields=["everyday_folded", "medical_folded"], name="synonym_once"),
            models.CheckConstraint(condition=~Q(everyday_folded="") & ~Q(medical_folded=""), name="synonym_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.everyday} → {self.medical}"
