"""A reviewer's comments on the screens of an editor: where each stands now, and the form that answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from education import actions
from education.actions import Refused
from education.admin.loading import guide_url, page_url, review_or_404
from education.admin.newsroom import NOT_SAVED, screen, show
from education.comments import Comment, Comments, Place, Placed, comments_of, place_of, placed
from education.forms import ReplyForm
from education.models import Guide, Page, Review
from education.rules import WrongState
from education.snapshot import SnapshotPage


@dataclass(frozen=True)
class Shown:
    """A comment as a screen shows it. `href`: where its place is written; `line_words`: the line that it is about."""

    comment: Comment
    place: Place
    form: ReplyForm
    action: str
    href: str = ""
    line_words: str = ""

    @property
    def state(self) -> str:
        """How far it is, in a word."""
        return state_of(self.comment)


@dataclass(frozen=True)
class Board:
    """The comments of one review for a screen: all of them, or those of one page."""

    found: Comments
    rows: Sequence[Shown]

    @property
    def open(self) -> list[Shown]:
        return [one for one in self.rows if one.comment.is_open]

    @property
    def how_many_open(self) -> str:
        return counted(len(self.open), len(self.rows))


def state_of(comment: Comment) -> str:
    """Return how far a comment is, in a word."""
    return "done" if comment.done else "answered" if comment.answer else "open"


def counted(still_open: int, total: int) -> str:
    """Return how many comments are still open, in words."""
    return f"{still_open} of {total} still open"


def number_of_comments(found: Comments | None, page: Page) -> str:
    """Return for the list of pages how many comments a page has, in words; empty for none."""
    on_page = found.on(page.pk) if found else []
    if not on_page:
        return ""
    words = "1 comment" if len(on_page) == 1 else f"{len(on_page)} comments"
    return words if any(one.is_open for one in on_page) else f"{words}, none open"


def board_of_guide(found: Comments | None) -> Board | None:
    """Return all the comments with their places in the working copy as it is saved."""
    if found is None:
        return None
    return Board(found, [_shown(found, one, href_of(one)) for one in placed(found)])


def board_of_page(page: Page, content: SnapshotPage) -> Board | None:
    """Return the comments on a page with their places in what stands on its screen; None when it has none."""
    found = comments_of(page.guide)
    if found is None or not found.on(page.pk):
        return None
    lines = content.markdown.split("\n")
    rows = []
    for one in found.on(page.pk):
        place = place_of(one.said, found.pages.get(page.pk), content.markdown, content.entries)
        words = lines[place.line - 1] if place.line else ""
        rows.append(_shown(found, Placed(one, page, place), "#id_markdown" if place.line else "", words))
    return Board(found, rows)


def _shown(found: Comments, one: Placed, href: str, line_words: str = "") -> Shown:
    number = one.comment.number
    answer = {"done": one.comment.done, "words": one.comment.answer, "seen": one.comment.answer}
    form = ReplyForm(initial=answer, auto_id=f"id_reply_{number}_%s")
    action = reverse("admin:education_comment_reply", args=[found.edition.guide_id, found.review.pk, number])
    return Shown(one.comment, one.place, form, action, href, line_words)


def href_of(one: Placed) -> str:
    """Return the address at which what a comment is about is written; empty for the whole guide."""
    if one.page is None:
        return ""
    if one.page.removed_at:
        return f"{guide_url(one.page.guide_id)}#page-{one.page.pk}"
    if one.place.entry:
        return f"{page_url(one.page)}#entry-{one.place.entry}"
    return f"{page_url(one.page)}?line={one.place.line}#id_markdown" if one.place.line else page_url(one.page)


@screen("change_page", "answer comments", (ReplyForm,), belongs_to="../../../change/")
@require_POST
def reply(request: HttpRequest, guide: int, review: int, number: int) -> HttpResponse:
    """`…/comments/<review>/<number>/`: keep what is answered to a comment. JSON for the script."""
    row = review_or_404(guide, review)
    if number > len(row.comments):
        raise Http404("This review has no such comment.")
    form = ReplyForm(request.POST)
    problem = ""
    if form.is_valid():
        try:
            actions.reply_to_comment(row, number, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        except (WrongState, DatabaseError) as error:
            problem = NOT_SAVED if isinstance(error, DatabaseError) else str(error)
        else:
            return _saved(request, row.edition.guide, number)
    return _refused(request, row, number, form, problem)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _saved(request: HttpRequest, guide: Guide, number: int) -> HttpResponse:
    found = comments_of(guide)
    if not _wants_json(request) or found is None:
        messages.success(request, f"Your answer to comment {number} is saved. The reviewer sees it when you submit.")
        return redirect(f"{guide_url(guide.pk)}#comment-{number}")
    one = found.comments[number - 1]
    return JsonResponse({"said": "Saved.", "seen": one.answer, "state": state_of(one)})


def _refused(request: HttpRequest, review: Review, number: int, form: forms.Form, problem: str) -> HttpResponse:
    """Answer with why, and with what was typed. Sending it once more goes over an answer that stands there now."""
    kept = review.replies.filter(number=number).first()
    seen = kept.words if kept else ""
    if _wants_json(request):
        said = " ".join([problem, *(str(message) for messages in form.errors.values() for message in messages)]).strip()
        return JsonResponse({"said": said, "seen": seen}, status=409)
    form.data = {**request.POST.dict(), "seen": seen}
    guide = review.edition.guide
    context: dict[str, Any] = {
        "guide": guide,
        "review": review,
        "said": review.comments[number - 1],
        "number": number,
        "form": form,
        "problem": problem,
    }
    title = f"Answer to comment {number}"
    return show(request, "comment_reply.html", context, title=title, wrong=True, status=409 if problem else 200)
