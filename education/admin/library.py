"""Sources and terms: one library for the whole clinic."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import date as format_date
from django.urls import path
from django.utils import timezone

from education import actions
from education.actions.identity import bare_doi, bare_pmid
from education.admin.newsroom import GuardedAdmin
from education.admin.source_check import check, source_context
from education.forms import SourceForm, TermForm
from education.models import Page, Source, Term
from education.rendering import keys
from education.sources import DUE_SOON, STATUS_WORDS, due_by, guides_using


def pages_naming(kind: str, begins: str, key: str) -> list[Page]:
    """Return the kept pages whose text names a key. `kind` is a field of Keys, `begins` how a text names it."""
    # The database narrows the search; whether the text really names the key is read from the text.
    named = Page.objects.kept().filter(markdown__contains=begins).select_related("guide")
    return [page for page in named.order_by("guide__title", "position") if key in getattr(keys(page.markdown), kind)]


class LibraryAdmin(GuardedAdmin):
    """A key names a row in the texts, so it stays; the screen says which pages use it."""

    change_form_template = "admin/education/library.html"
    key_fields = ("key",)
    # A field of Keys, and how a text names a key.
    names = ("", "")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        kind, named = self.names
        if kwargs.get("change"):
            key = kwargs["obj"].key
            context["used_on"] = pages_naming(kind, named.format(key), key)
            context["how_to_name"] = named.format(key)
        return super().render_change_form(request, context, *args, **kwargs)


class StatusFilter(admin.SimpleListFilter):
    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(status or "never", words) for status, words in STATUS_WORDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(status=None if self.value() == "never" else self.value())


class DueFilter(admin.SimpleListFilter):
    title = "when to check"
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("overdue", "Overdue or never checked"), ("soon", f"Within {DUE_SOON.days} days, or overdue")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        last = {"overdue": today - timedelta(days=1), "soon": today + DUE_SOON}.get(self.value() or "")
        return queryset.filter(due_by(last)) if last else queryset


@admin.register(Source)
class SourceAdmin(GuardedAdmin):
    """A key names a source in texts and entries, so it stays. The screen says how it stands and where it is used."""

    form = SourceForm
    fields = SourceForm.Meta.fields
    key_fields = ("key",)
    change_form_template = "admin/education/source.html"
    list_display = ("key", "title", "strength", "status", "check_by", "used_in")
    list_display_links = ("key", "title")
    list_filter = (StatusFilter, DueFilter, "strength")
    search_fields = ("key", "title", "authors", "doi", "pmid")
    search_help_text = "Key, title, authors, DOI or PubMed number"

    def get_urls(self) -> list[Any]:
        return [path("<row:source>/check/", check, name="education_source_check"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        match = request.resolver_match
        rows: Any = super().get_queryset(request)
        return rows.with_check() if match and match.url_name == "education_source_changelist" else rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Source], search_term: str
    ) -> tuple[QuerySet[Source], bool]:
        return super().get_search_results(request, queryset, bare_pmid(bare_doi(search_term)))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        listed = super().get_changelist_instance(request)
        used = guides_using([source.key for source in listed.result_list])
        for source in listed.result_list:
            source.guides_using = len(used[source.key])
        return listed

    @admin.display(description="Status", ordering="status")
    def status(self, source: Source) -> str:
        return STATUS_WORDS[source.status or ""]

    @admin.display(description="Check again by", ordering="check_due")
    def check_by(self, source: Source) -> str:
        if source.check_due is None:
            return "now" if source.checked_at is None else "–"
        overdue = ", overdue" if source.check_due < timezone.localdate() else ""
        return f"{format_date(source.check_due, 'j M Y')}{overdue}"

    @admin.display(description="Used in")
    def used_in(self, source: Any) -> str:
        count = source.guides_using
        return "no guide" if not count else f"{count} guide{'s' if count > 1 else ''}"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        # What was typed is part of the question whether the same source is there already.
        context.update(source_context(context["adminform"].form.instance, request.user))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Source, form: SourceForm, change: bool) -> None:
        checked = obj.checks.first() if change else None
        actions.save_source(obj, by=request.user)
        if change and (latest := obj.checks.first()) != checked and latest is not None:
            due = format_date(latest.next_check, "j M Y")
            messages.info(
                request, f"Your change counts as a check of “{obj.key}” by you. The next one is due by {due}."
            )


@admin.register(Term)
class TermAdmin(LibraryAdmin):
    form = TermForm
    fields = TermForm.Meta.fields
    names = ("terms", "term:{}")
    list_display = ("term", "key", "plain_meaning")
    search_fields = ("key", "term", "plain_meaning")
    search_help_text = "Key, word or meaning"

    def save_model(self, request: HttpRequest, obj: Term, form: TermForm, change: bool) -> None:
        actions.save_term(obj, by=request.user)
