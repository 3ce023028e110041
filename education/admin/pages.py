"""Writing a page: the editor, its preview, adding, moving, removing and putting back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from education import actions
from education.actions import EditConflict, EntryRefused, Refused
from education.admin.conflict_screen import TOGETHER, conflict, together
from education.admin.drafts import after_saving
from education.admin.loading import guide_or_404, guide_url, page_or_404, page_url
from education.admin.newsroom import NOT_SAVED, screen, show
from education.admin.page_screen import Sheet, editor, opened, preview_of, sent
from education.forms import AddPageForm, PageForm
from education.models import Guide, Page


@screen("change_page", "write pages", (PageForm,))
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, guide: int, page: int) -> HttpResponse:
    """`…/pages/<page>/`: the editor of one page. A button of an entry answers with the same screen, unsaved."""
    row = page_or_404(guide, page)
    if request.method == "GET":
        return editor(request, opened(row))
    sheet = sent(row, request)
    if sheet.said or not sheet.is_valid:
        return editor(request, sheet)
    if TOGETHER in request.POST:
        return together(request, sheet)
    try:
        version = actions.save_page(row, by=request.user, **sheet.to_save)
    except EditConflict as error:
        return conflict(request, sheet, error)
    except (Refused, ValidationError, DatabaseError) as error:
        _add(sheet, error)
        return editor(request, sheet, status=503 if isinstance(error, DatabaseError) else 200)
    # The browser then drops its copy of what was not saved.
    tags = f"saved-{request.user.pk}-{row.pk}-{version.pk}"
    said = format_html(
        "The page “{}” is saved. Patients do not see it yet. {}",
        sheet.to_save["title"],
        after_saving(row.guide, request.user),
    )
    messages.success(request, said, extra_tags=tags)
    return redirect(guide_url(guide) if "back" in request.POST else page_url(row))


def _add(sheet: Sheet, error: Exception) -> None:
    """Show at its field or entry why a page was not saved."""
    form = sheet.form
    if isinstance(error, EntryRefused) and sheet.sent_entries:
        sheet.sent_entries.refuse(error)
    elif isinstance(error, ValidationError):
        form.add_error(None, error)
    elif isinstance(error, Refused):
        form.add_error(error.field if error.field in form.fields else None, str(error))
    else:
        form.add_error(None, NOT_SAVED)


@screen("change_page", "preview pages", (PageForm,), belongs_to="../")
@require_POST
def preview(request: HttpRequest, guide: int, page: int) -> HttpResponse:
    """`…/pages/<page>/preview/`: the unsaved text as the public page. JSON for the script, a screen without it."""
    row = page_or_404(guide, page)
    shown = preview_of(sent(row, request))
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(shown.as_json())
    context = {"guide": row.guide, "page": row, "preview": shown}
    return show(request, "page_preview.html", context, title=f"Preview of “{row.title}”")


@screen("add_page", "add pages", (AddPageForm,))
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, guide: int) -> HttpResponse:
    """`…/pages/add/`: another page for the guide."""
    row = guide_or_404(guide)
    form = AddPageForm(request.POST or None, pages=list(row.pages.all()), auto_id="id_add_%s")
    if form.is_valid():
        try:
            page = _added(row, request, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("kind", str(refusal))
        else:
            messages.success(request, f"The page “{page.title}” is added. Write its text.")
            return redirect(page_url(page))
    context = {"guide": row, "form": form}
    return show(request, "page_add.html", context, title=f"Add a page to “{row.title}”", wrong=form.errors)


def _added(guide: Guide, request: HttpRequest, *, skeleton: bool, **facts: Any) -> Page:
    add = actions.begin_page if skeleton else actions.add_page
    return add(guide, by=request.user, **facts)


def _at_once(doing: str, act: Callable[..., Any], said: Callable[[Page, Page], str], button: str) -> Callable[..., Any]:
    """Make the view of a verb that needs no form: it acts, says so, and shows the guide again.

    `said` is given the page as it was and as it is. `button`: the one of the page's row that has the focus then.
    """

    @screen("change_page", doing, belongs_to="../../../change/")
    @require_POST
    def at_once(request: HttpRequest, guide: int, page: int) -> HttpResponse:
        row = page_or_404(guide, page)
        try:
            act(row, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, said(row, page_or_404(guide, page)))
        # Not by an anchor: a browser that follows one sets the focus nowhere.
        return redirect(f"{guide_url(guide)}?at={row.pk}-{button}")

    return at_once


def _says(sentence: str) -> Callable[[Page, Page], str]:
    return lambda before, after: sentence.format(title=after.title)


def _moved(way: str) -> Callable[[Page, Page], str]:
    def said(before: Page, after: Page) -> str:
        kept = list(after.guide.pages.kept().values_list("pk", flat=True))
        if before.position == after.position or after.pk not in kept:
            return f"“{after.title}” stays where it was."
        return f"“{after.title}” is moved {way}. It is page {kept.index(after.pk) + 1} of {len(kept)} now."

    return said


def _up(page: Page, *, by: Any) -> None:
    actions.move_page(page, by=by, up=True)


def _down(page: Page, *, by: Any) -> None:
    actions.move_page(page, by=by, up=False)


move_up = _at_once("move pages", _up, _moved("up"), "up")
move_down = _at_once("move pages", _down, _moved("down"), "down")
remove = _at_once(
    "remove pages", actions.remove_page, _says("“{title}” is removed from the guide you are writing."), "put-back"
)
put_back = _at_once(
    "put pages back", actions.put_back_page, _says("“{title}” is back in the guide you are writing."), "remove"
)
