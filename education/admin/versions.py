"""The texts of a page that were saved: which, what changed since, and bringing one back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from education import actions
from education.actions import EditConflict, Refused
from education.admin.loading import page_or_404, page_url, source_titles, version_or_404
from education.admin.newsroom import screen, show
from education.comparing import compared_entries, compared_texts
from education.forms.entry import in_words
from education.models import Page, PageVersion
from education.rules import may, require_permission

A_SCREENFUL = 50


@screen("view_page", "see saved texts")
@require_safe
def versions(request: HttpRequest, guide: int, page: int) -> HttpResponse:
    """`…/pages/<page>/versions/`: every saved text of a page, newest first."""
    row = page_or_404(guide, page)
    shown = Paginator(row.versions.defer("markdown", "entries"), A_SCREENFUL).get_page(request.GET.get("p"))
    context = {"guide": row.guide, "page": row, "versions": shown, "may_write": may(request.user, "change_page")}
    return show(request, "page_versions.html", context, title=f"Saved texts of “{row.title}”")


@screen("view_page", "see saved texts")
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, guide: int, page: int, version: int) -> HttpResponse:
    """`…/pages/<page>/versions/<version>/`: a saved text and what changed since; a post brings it back."""
    row = page_or_404(guide, page)
    saved = version_or_404(row, version)
    if request.method != "POST":
        return _version(request, row, saved)
    require_permission(request.user, "change_page", "bring a saved text back")
    base = request.POST.get("base", "")
    try:
        actions.save_page(
            row,
            by=request.user,
            base=int(base) if base.isascii() and base.isdigit() and len(base) < 19 else 0,
            title=saved.title,
            slug=saved.slug,
            markdown=saved.markdown,
            entries=saved.entries,
        )
    except EditConflict as conflict:
        problem = f"{conflict} Look at what changed since, then bring the text back if you still want to."
        return _version(request, row, saved, problem, status=409)
    except ValidationError as error:
        return _version(request, row, saved, " ".join(error.messages))
    except Refused as refusal:
        return _version(request, row, saved, str(refusal))
    messages.success(request, "The text is brought back and saved as the newest. The one before stays in the list.")
    return redirect(page_url(row))


def _version(
    request: HttpRequest, page: Page, saved: PageVersion, problem: str = "", *, status: int = 200
) -> HttpResponse:
    latest = page.versions.first() or saved
    context = {
        "guide": page.guide,
        "page": page,
        "version": saved,
        "latest": latest,
        "is_latest": latest.pk == saved.pk,
        "facts": [
            (label, getattr(saved, name), getattr(latest, name))
            for name, label in (("title", "Title"), ("slug", "Address"))
            if getattr(saved, name) != getattr(latest, name)
        ],
        "blocks": compared_texts(saved.markdown, latest.markdown),
        "entries": in_words(saved.entries),
        "changed_entries": compared_entries(
            saved.entries, latest.entries, source_titles([*saved.entries, *latest.entries])
        ),
        "problem": problem,
        "may_write": may(request.user, "change_page"),
    }
    title = f"“{page.title}” as saved by {saved.made_by_name}"
    return show(request, "page_version.html", context, title=title, wrong=problem, status=status)
