"""Writing a page: the editor, its preview, adding, moving, removing and putting back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from education import actions
from education.actions import EditConflict, Refused
from education.admin.loading import guide_or_404, guide_url, page_or_404, page_url
from education.admin.newsroom import NOT_SAVED, screen, show
from education.admin.previews import preview_of_page
from education.comparing import compared_texts
from education.forms import AddPageForm, PageForm
from education.models import Image, Page, Source, Term

FIELDS = ("title", "slug", "markdown")


@screen("change_page", "write pages")
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, guide: int, page: int) -> HttpResponse:
    """`…/pages/<page>/`: the editor of one page."""
    row = page_or_404(guide, page)
    if request.method == "GET":
        version = row.versions.first()
        initial = {name: getattr(row, name) for name in FIELDS}
        form = PageForm(page=row, initial={**initial, "base": version.pk if version else 0})
        return _editor(request, row, form)
    form = PageForm(request.POST, page=row, initial={"slug": row.slug})
    if not form.is_valid():
        return _editor(request, row, form)
    try:
        actions.save_page(row, by=request.user, **form.cleaned_data)
    except EditConflict as conflict:
        return _conflict(request, row, form, conflict)
    except (Refused, ValidationError, DatabaseError) as error:
        _add(form, error)
        return _editor(request, row, form, status=503 if isinstance(error, DatabaseError) else 200)
    messages.success(request, f"The page “{form.cleaned_data['title']}” is saved. Patients do not see it yet.")
    return redirect(guide_url(guide) if "back" in request.POST else page_url(row))


def _add(form: PageForm, error: Exception) -> None:
    """Show at its field why a page was not saved."""
    if isinstance(error, ValidationError):
        form.add_error(None, error)
    elif isinstance(error, Refused):
        form.add_error(error.field if error.field in form.fields else None, str(error))
    else:
        form.add_error(None, NOT_SAVED)


def _conflict(request: HttpRequest, page: Page, form: PageForm, conflict: EditConflict) -> HttpResponse:
    """Show both texts. Saving again starts from theirs, so it goes over it knowingly."""
    mine, theirs, base = form.cleaned_data, conflict.theirs, conflict.base
    form.data = {**{name: form.data.get(name, "") for name in FIELDS}, "base": theirs.pk}
    context = {
        "conflict": conflict,
        "theirs": theirs,
        "theirs_to_mine": compared_texts(theirs.markdown, mine["markdown"].strip()),
        "base_to_theirs": compared_texts(base.markdown, theirs.markdown) if base else (),
        "facts": [
            (label, getattr(theirs, name), mine[name])
            for name, label in (("title", "Title"), ("slug", "Address"))
            if getattr(theirs, name) != mine[name]
        ],
    }
    return _editor(request, page, form, status=409, **context)


def _editor(request: HttpRequest, page: Page, form: PageForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "guide": page.guide,
        "page": page,
        "form": form,
        "preview": preview_of_page(page, **_content(page, form)),
        "is_nav_sidebar_enabled": False,
        **whole_library(),
        **more,
    }
    wrong = form.errors or status != 200
    return show(request, "page_write.html", context, title=f"Write “{page.title}”", wrong=wrong, status=status)


def whole_library() -> dict[str, Any]:
    """Return what a text may name, for the list beside the editor."""
    return {
        "all_sources": Source.objects.only("key", "title"),
        "all_terms": Term.objects.only("key", "term"),
        "all_images": Image.objects.only("key", "alternative_text"),
    }


def _content(page: Page, form: PageForm) -> dict[str, str]:
    """Return what the form holds, with the saved title and address where those typed cannot be used."""
    if not form.is_bound:
        return {name: getattr(page, name) for name in FIELDS}
    cleaned = getattr(form, "cleaned_data", {})
    return {
        "title": cleaned.get("title") or page.title,
        "slug": cleaned.get("slug") or page.slug,
        "markdown": str(cleaned.get("markdown", form.data.get("markdown", ""))).replace("\x00", ""),
    }


@screen("change_page", "preview pages")
@require_POST
def preview(request: HttpRequest, guide: int, page: int) -> HttpResponse:
    """`…/pages/<page>/preview/`: the unsaved text as the public page. JSON for the script, a screen without it."""
    row = page_or_404(guide, page)
    form = PageForm(request.POST, page=row, initial={"slug": row.slug})
    form.is_valid()
    shown = preview_of_page(row, **_content(row, form))
    if request.headers.get("Accept") == "application/json":
        problems = [{"line": problem.line, "message": problem.message} for problem in shown.problems]
        return JsonResponse({"html": shown.html, "problems": problems})
    context = {"guide": row.guide, "page": row, "preview": shown}
    return show(request, "page_preview.html", context, title=f"Preview of “{row.title}”")


@screen("add_page", "add pages")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, guide: int) -> HttpResponse:
    """`…/pages/add/`: another page for the guide."""
    row = guide_or_404(guide)
    form = AddPageForm(request.POST or None, pages=list(row.pages.all()), auto_id="id_add_%s")
    if form.is_valid():
        try:
            page = actions.add_page(row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("kind", str(refusal))
        else:
            messages.success(request, f"The page “{page.title}” is added. Write its text.")
            return redirect(page_url(page))
    context = {"guide": row, "form": form}
    return show(request, "page_add.html", context, title=f"Add a page to “{row.title}”", wrong=form.errors)


def _at_once(doing: str, act: Callable[..., Any], done: str) -> Callable[..., Any]:
    """Make the view of a verb that needs no form: it acts, says so, and shows the guide again."""

    @screen("change_page", doing)
    @require_POST
    def at_once(request: HttpRequest, guide: int, page: int) -> HttpResponse:
        row = page_or_404(guide, page)
        try:
            act(row, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done.format(title=row.title))
        return redirect(f"{guide_url(guide)}#page-{row.pk}")

    return at_once


def _up(page: Page, *, by: Any) -> None:
    actions.move_page(page, by=by, up=True)


def _down(page: Page, *, by: Any) -> None:
    actions.move_page(page, by=by, up=False)


move_up = _at_once("move pages", _up, "“{title}” is moved up.")
move_down = _at_once("move pages", _down, "“{title}” is moved down.")
remove = _at_once("remove pages", actions.remove_page, "“{title}” is removed from the guide you are writing.")
put_back = _at_once("put pages back", actions.put_back_page, "“{title}” is back in the guide you are writing.")
