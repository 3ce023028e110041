"""Nouns of education: the working copy, the library it refers to, and the record."""

from education.models.guides import RESERVED_PAGE_SLUGS, FormerSlug, Guide, Page, PageVersion
from education.models.library import Image, Source, Term
from education.models.record import (
    OPEN_STATES,
    Cancellation,
    Edition,
    EditionImage,
    EditionPage,
    Publication,
    Rendering,
    Review,
    State,
    Withdrawal,
)
from education.models.write_once import WriteOnceModel, WrittenOnce, seal_of

__all__ = [
    "OPEN_STATES", "RESERVED_PAGE_SLUGS", "Cancellation", "Edition", "EditionImage", "EditionPage", "FormerSlug",
    "Guide", "Image", "Page", "PageVersion", "Publication", "Rendering", "Review", "Source", "State", "Term",
    "Withdrawal", "WriteOnceModel", "WrittenOnce", "seal_of",
]  # fmt: skip
