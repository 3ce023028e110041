"""The audit log, for the owner alone: read, searched, narrowed, and taken away as a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from education.actions.auditing import note_log_exported
from education.admin.newsroom import RecordAdmin
from education.admin.typed import View, keeping_typed
from education.models import AuditLine
from education.spreadsheets import long_table

COLUMNS = ("number", "when", "account", "name", "role", "what", "kind", "about", "called", "from")
LINES_AT_A_TIME = 500


def _values(line: AuditLine) -> tuple[object, ...]:
    return (
        *(line.pk, line.made_at.isoformat(), line.made_by_id, line.made_by_name, line.made_by_role, line.what),
        *(line.about_kind, line.about_number, line.about_name, line.origin),
    )


def _json_lines(lines: QuerySet[AuditLine]) -> Iterator[str]:
    for line in lines.iterator(chunk_size=LINES_AT_A_TIME):
        yield json.dumps(dict(zip(COLUMNS, _values(line), strict=True)), ensure_ascii=False) + "\n"


def _file(ending: str) -> str:
    return f"audit-log-{timezone.localdate().isoformat()}.{ending}"


def as_table(lines: QuerySet[AuditLine]) -> HttpResponseBase:
    """Answer with the lines for a spreadsheet."""
    rows = (_values(line) for line in lines.iterator(chunk_size=LINES_AT_A_TIME))
    return long_table(_file("csv"), COLUMNS, rows)


def as_json_lines(lines: QuerySet[AuditLine]) -> HttpResponseBase:
    """Answer with the lines for another program: a JSON object each."""
    headers = {"Content-Disposition": f'attachment; filename="{_file("jsonl")}"'}
    return StreamingHttpResponse(_json_lines(lines), content_type="application/jsonl; charset=utf-8", headers=headers)


@admin.register(AuditLine)
class AuditLineAdmin(RecordAdmin):
    """Nobody adds, changes or deletes a line here; the triggers in the database refuse it too."""

    list_display = ("made_at", "made_by_name", "what", "about_in_words", "origin")
    list_display_links = None
    list_filter = ("what", ("made_by", admin.RelatedOnlyFieldListFilter))
    date_hierarchy = "made_at"
    search_fields = ("made_by_name", "made_by__username", "about_kind", "about_name", "origin", "=about_number")
    search_help_text = "A person, an address of the network, the number of a request, or a part of a web address."
    list_per_page = 100
    show_full_result_count = False
    actions = None
    change_list_template = "admin/education/audit_log.html"

    def get_urls(self) -> list[Any]:
        exports = (("csv", as_table), ("jsonl", as_json_lines))
        return [
            *(
                path(f"export.{ending}", self._export(answer), name=f"education_auditline_{ending}")
                for ending, answer in exports
            ),
            *super().get_urls(),
        ]

    def _export(self, answer: Callable[[QuerySet[AuditLine]], HttpResponseBase]) -> View:
        """Return a view that answers with the lines that the list shows, all pages of them, oldest first."""

        @require_safe
        @wraps(answer)
        def export(request: HttpRequest) -> HttpResponseBase:
            if not self.has_view_permission(request):
                raise PermissionDenied("Only the owner of the site reads the audit log.")
            try:
                lines = self.get_changelist_instance(request).get_queryset(request).order_by("pk")
            except IncorrectLookupParameters:
                return redirect("admin:education_auditline_changelist")
            note_log_exported(by=request.user)
            return answer(lines)

        return keeping_typed(self.admin_site.admin_view(export), belongs_to="../")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _owner(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _owner(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        narrowed = f"?{request.GET.urlencode()}" if request.GET else ""
        return super().changelist_view(request, {"narrowed": narrowed, **(extra_context or {})})

    @admin.display(description="Of what", ordering="about_kind")
    def about_in_words(self, line: AuditLine) -> str:
        return line.about or "–"


def _owner(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)
