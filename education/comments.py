"""A reviewer's comments that an editor still works on: what was said, what was answered, and where it stands today."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from education.comparing import matched_rows
from education.models import CommentReply, Edition, EditionPage, Guide, Page, Review
from education.working_copy import entries_of

WORDS_CHANGED = "These words have changed since."
ENTRY_GONE = "This entry is gone."
PAGE_REMOVED = "This page was removed since."

# What of a line of Markdown a reader does not read: citations, and the marks around words and before a line.
_CITATION = re.compile(r"\s*\[@[a-z0-9-]*\]")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*_`|]|^\s*(?:#+|>|[-+]|\d+\.|!!!)\s+")
# What words have that were copied by hand: the number of a source, a blank where one was, the end of what is too long.
_COPIED = re.compile(r"\s*(?:Source )?\[\d+\]|\s+(?=[.,;:!?])|…$")


@dataclass(frozen=True)
class Comment:
    """One comment, as the review keeps it (`said`), with what an editor answered. `number` counts from 1."""

    number: int
    said: Mapping[str, Any]
    reply: CommentReply | None = None

    @property
    def done(self) -> bool:
        return bool(self.reply and self.reply.done)

    @property
    def answer(self) -> str:
        return self.reply.words if self.reply else ""

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor answered."""
        return not self.done and not self.answer


@dataclass(frozen=True)
class Comments:
    """The comments of one review, and the edition's pages that it judged, by the id of the page."""

    review: Review
    comments: Sequence[Comment]
    pages: Mapping[int, EditionPage] = field(repr=False)

    @property
    def edition(self) -> Edition:
        return self.review.edition

    @property
    def open(self) -> list[Comment]:
        return [one for one in self.comments if one.is_open]

    def on(self, page: int) -> list[Comment]:
        """Return the comments on one page, by its id."""
        return [one for one in self.comments if one.said["page"] == page]


@dataclass(frozen=True)
class Place:
    """Where what a comment is about stands now: a line, or an entry by its number; `changed` says what is gone."""

    line: int | None = None
    entry: int | None = None
    changed: str = ""


@dataclass(frozen=True)
class Placed:
    """A comment with its place in the working copy. `page` is None for one on the whole guide or on a lost page."""

    comment: Comment
    page: Page | None
    place: Place


def comments_of(guide: Guide) -> Comments | None:
    """Return the comments that are to be worked on: of the latest review that has any, until the next submission.

    None while an edition is in review. An edition that was taken back before anybody judged it does not count as
    submitted: the comments before it are to be worked on again. Five queries at most.
    """
    editions = list(guide.editions.only("guide", "number", "made_at").order_by("-number"))
    reviews = list(Review.objects.filter(edition__guide=guide).order_by("-id"))
    judged = {one.edition_id for one in reviews if one.decision != Review.Decision.TAKEN_BACK}
    decided = {one.edition_id for one in reviews}
    newest = next((one for one in editions if one.pk in judged or one.pk not in decided), None)
    if newest is None or newest.pk not in judged:
        return None
    review = next((one for one in reviews if one.comments and _counts(one, newest)), None)
    if review is None:
        return None
    replies = {reply.number: reply for reply in review.replies.select_related("saved_by")}
    found = [Comment(number, said, replies.get(number)) for number, said in enumerate(review.comments, 1)]
    return Comments(review, found, {page.page_id: page for page in review.edition.pages.all()})


def _counts(review: Review, newest: Edition) -> bool:
    """Return whether no edition was submitted since: a live edition can be confirmed after a newer was returned."""
    return review.edition_id == newest.pk or review.made_at >= newest.made_at


def answered(found: Comments | None) -> list[dict[str, Any]]:
    """Return the comments with what was done about them, as `Edition.answered_comments` keeps them."""
    if found is None:
        return []
    return [
        {
            **one.said,
            "by": found.review.made_by_name,
            "edition": found.edition.number,
            "done": one.done,
            "reply": one.answer,
            "replied_by": _name(one.reply.saved_by) if one.reply else "",
        }
        for one in found.comments
    ]


def _name(person: Any) -> str:
    return str(person.get_full_name() or person.get_username())


def placed(found: Comments) -> list[Placed]:
    """Return every comment with its place in the working copy as it is saved: three queries for each kind of entry."""
    wanted = {one.said["page"] for one in found.comments if one.said["page"]}
    pages = Page.objects.filter(guide=found.edition.guide_id, pk__in=wanted).in_bulk()
    entries = entries_of(pages.values())
    rows = []
    for one in found.comments:
        page = pages.get(one.said["page"])
        if page is None:
            rows.append(Placed(one, None, Place(changed=PAGE_REMOVED if one.said["page"] else "")))
        elif page.removed_at:
            rows.append(Placed(one, page, Place(changed=PAGE_REMOVED)))
        else:
            rows.append(
                Placed(one, page, place_of(one.said, found.pages.get(page.pk), page.markdown, entries[page.pk]))
            )
    return rows


def place_of(
    said: Mapping[str, Any], was: EditionPage | None, markdown: str, entries: Sequence[Mapping[str, Any]]
) -> Place:
    """Return where a comment stands in a text and its entries. `was`: the page that the reviewer judged.

    The words that were copied are looked for first, in the Markdown and then as a reader reads it; then the line
    that the comment names.
    """
    if said["entry"] and was and said["entry"] <= len(was.entries):
        there = matched_rows(was.entries, entries).get(said["entry"] - 1)
        return Place(changed=ENTRY_GONE) if there is None else Place(entry=there + 1)
    lines = markdown.split("\n")
    near = said["line"] or 1
    quoted = _line_of(said["quote"], lines, near) if said["quote"] else None
    if quoted:
        return Place(line=quoted)
    before = was.markdown.split("\n") if was else []
    named = before[said["line"] - 1] if said["line"] and said["line"] <= len(before) else ""
    line = _line_of(named, lines, near, whole=True) if named.strip() else None
    lost = bool(said["quote"] or named.strip()) and (line is None or bool(said["quote"]))
    return Place(line=line, changed=WORDS_CHANGED if lost else "")


def _line_of(words: str, lines: Sequence[str], near: int, *, whole: bool = False) -> int | None:
    """Return the line, from 1, on which these words begin, of several the nearest. `whole`: they are a whole line."""
    if whole:
        found = [number for number, line in enumerate(lines, 1) if line.strip() == words.strip()]
    else:
        found = _beginnings(words.split(), [line.split() for line in lines])
        found = found or _beginnings(as_read(words).split(), [as_read(line).split() for line in lines])
    return min(found, key=lambda line: (abs(line - near), line), default=None)


def _beginnings(words: Sequence[str], lines: Sequence[Sequence[str]]) -> list[int]:
    """Return the line of every place at which these words stand, one blank between them, over several lines too."""
    wanted = " ".join(words)
    starts: list[int] = []
    numbers: list[int] = []
    length = 0
    for number, line in enumerate(lines, 1):
        for word in line:
            starts.append(length)
            numbers.append(number)
            length += len(word) + 1
    text = " ".join(word for line in lines for word in line)
    found, at = [], text.find(wanted) if wanted else -1
    while at >= 0:
        found.append(numbers[bisect_right(starts, at) - 1])
        at = text.find(wanted, at + 1)
    return found


def as_read(line: str) -> str:
    """Return a line of Markdown as a reader reads it."""
    return _COPIED.sub("", _MARKS.sub("", _LINK.sub(r"\1", _CITATION.sub("", line))))
