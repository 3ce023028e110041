"""The list of guides, and a guide's screen: its pages, what they refer to, and the way to the patients."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.defaultfilters import date as format_date
from django.urls import path
from django.utils import timezone

from education import actions
from education.admin import archive, beginning, comments, pages, submission, versions
from education.admin.guide_screen import guide_context
from education.admin.loading import guide_url
from education.admin.newsroom import GuardedAdmin, token
from education.forms import GuideForm
from education.models import Guide, State
from education.newsroom import standing, with_standing

PAGE = "<row:guide>/pages/<row:page>/"


@admin.register(Guide)
class GuideAdmin(GuardedAdmin):
    form = GuideForm
    change_form_template = "admin/education/guide.html"
    change_list_template = "admin/education/guide_list.html"
    add_form_template = "admin/kept_change_form.html"
    view_on_site = False  # before the first edition is live there is nothing to see; the screen links to the rest
    list_display = ("title", "live_now", "under_way", "next_review")
    list_filter = (archive.ArchiveFilter,)
    search_fields = ("title", "also_known_as")
    search_help_text = "Title or another name"
    prepopulated_fields = {"slug": ("title",)}

    def get_urls(self) -> list[Any]:
        return [
            path("begin/", beginning.begin, name="education_guide_begin"),
            path("token/", self.admin_site.admin_view(token), name="education_token"),
            path("<row:guide>/submit/", submission.submit, name="education_guide_submit"),
            path("<row:guide>/archive/", archive.archive, name="education_guide_archive"),
            path("<row:guide>/reopen/", archive.reopen, name="education_guide_reopen"),
            path("<row:guide>/comments/<row:review>/<row:number>/", comments.reply, name="education_comment_reply"),
            path("<row:guide>/pages/add/", pages.add, name="education_page_add_to_guide"),
            path(PAGE, pages.write, name="education_page_write"),
            path(f"{PAGE}preview/", pages.preview, name="education_page_preview"),
            path(f"{PAGE}up/", pages.move_up, name="education_page_up"),
            path(f"{PAGE}down/", pages.move_down, name="education_page_down"),
            path(f"{PAGE}remove/", pages.remove, name="education_page_remove"),
            path(f"{PAGE}put-back/", pages.put_back, name="education_page_put_back"),
            path(f"{PAGE}versions/", versions.versions, name="education_page_versions"),
            path(f"{PAGE}versions/<row:version>/", versions.version, name="education_page_version"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guide]:
        guides = super().get_queryset(request)
        match = request.resolver_match
        return with_standing(guides) if match and match.url_name == "education_guide_changelist" else guides

    def get_prepopulated_fields(self, request: HttpRequest, obj: Guide | None = None) -> dict[str, Any]:
        # An address that patients know must not follow the title by itself.
        return {} if obj else dict(self.prepopulated_fields)

    @admin.display(description="Live")
    def live_now(self, guide: Guide) -> str:
        stands = standing(guide)
        if stands.archived_since:
            return f"In the archive since {_day(stands.archived_since)}"
        if stands.live and stands.live_since:
            return f"Edition {stands.live.number}, since {_day(stands.live_since)}"
        if stands.withdrawn:
            return f"Edition {stands.withdrawn.number} was withdrawn"
        return "Not published yet"

    @admin.display(description="Under way")
    def under_way(self, guide: Guide) -> str:
        stands = standing(guide)
        edition = stands.open or stands.handed_back
        if edition is None:
            return "Nothing"
        turn = {
            State.IN_REVIEW: "a reviewer's turn",
            State.APPROVED: "ready to publish",
            State.SCHEDULED: f"goes live {_moment(stands.goes_live)}",
        }.get(edition.state, "an editor's turn")
        return f"Edition {edition.number} is {edition.state}: {turn}"

    @admin.display(description="Next review due")
    def next_review(self, guide: Guide) -> str:
        due = standing(guide).next_review_due
        if due is None:
            return "–"
        return f"{_day(due)}, overdue" if due < timezone.localdate() else _day(due)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if kwargs.get("change"):
            # The form has written what was typed into its own copy; the screen shows the guide as it is saved.
            guide = Guide.objects.get(pk=kwargs["obj"].pk)
            context.update(guide_context(guide, request.user, request.GET.get("at", "")), guide=guide, title="Guide")
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Guide, form: GuideForm, change: bool) -> None:
        if change:
            actions.save_guide(obj, by=request.user, **form.cleaned_data)
        else:
            obj.pk = actions.create_guide(by=request.user, **form.cleaned_data).pk

    def response_post_save_add(self, request: HttpRequest, obj: Guide) -> HttpResponseRedirect:
        return redirect(guide_url(obj.pk))

    def response_post_save_change(self, request: HttpRequest, obj: Guide) -> HttpResponseRedirect:
        return redirect(guide_url(obj.pk))


def _day(moment: Any) -> str:
    return format_date(timezone.localtime(moment) if hasattr(moment, "hour") else moment, "j M Y")


def _moment(moment: Any) -> str:
    return format_date(timezone.localtime(moment), "j M Y, H:i") if moment else ""
