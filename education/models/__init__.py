"""Nouns of education: the working copy, the library it refers to, and the record."""

from education.models.archive import Archiving, Reopening
from education.models.auditing import AuditLine, What
from education.models.edition_pages import HAS_ENTRIES, EditionImage, EditionPage, Rendering, has_check
from education.models.entries import (
    ENTRY_MODELS,
    Benefit,
    CareStep,
    Contraindication,
    Entry,
    KeyFact,
    Question,
    SideEffect,
)
from education.models.guides import RESERVED_PAGE_SLUGS, FormerSlug, Guide, Page, PageVersion
from education.models.library import Image, Source, SourceCheck, Term
from education.models.record import (
    OPEN_STATES,
    Cancellation,
    Edition,
    Publication,
    Review,
    State,
    Withdrawal,
)
from education.models.reviewing import CommentReply, ReviewDraft
from education.models.searching import SearchRow, SearchWord, Synonym
from education.models.visitors import LONGEST_REPORT, MistakeReport, PendingMail, VisitorCount
from education.models.write_once import WriteOnceModel, WrittenOnce, seal_of

__all__ = [
    "ENTRY_MODELS", "HAS_ENTRIES", "LONGEST_REPORT", "OPEN_STATES", "RESERVED_PAGE_SLUGS", "Archiving", "AuditLine",
    "Benefit", "Cancellation",
    "CareStep", "CommentReply", "Contraindication", "Edition", "EditionImage", "EditionPage", "Entry", "FormerSlug",
    "Guide", "Image", "KeyFact", "MistakeReport", "Page", "PageVersion", "PendingMail", "Publication", "Question",
    "Rendering", "Reopening", "Review", "ReviewDraft", "SearchRow", "SearchWord", "SideEffect", "Source",
    "SourceCheck", "State", "Synonym", "Term", "VisitorCount", "What", "Withdrawal", "WriteOnceModel", "WrittenOnce",
    "has_check", "seal_of",
]  # fmt: skip
