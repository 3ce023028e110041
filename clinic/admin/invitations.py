"""Invitations to staff, for the owner alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from clinic import actions
from clinic.admin.people import owns
from clinic.forms import InvitationForm
from clinic.models import Invitation
from education.actions import Refused
from education.admin.newsroom import KeptAdmin
from education.admin.typed import keeping_typed

STEPS = {
    "send": (actions.invite_again, "{name}: a new link is on its way to {email}. The one before it works no more."),
    "withdraw": (actions.withdraw_invitation, "{name}: the invitation is withdrawn. Its link works no more."),
}
SENT = "{name}: the link is on its way to {email}. It works for seven days."


@admin.register(Invitation)
class InvitationAdmin(KeptAdmin):
    """Whoever was invited, and what became of it. An invitation is sent again or withdrawn, never changed."""

    form = InvitationForm
    list_display = ("__str__", "email", "roles", "state", "invited_by")
    readonly = ("state", "invited_by", "made_at")
    change_form_template = "admin/clinic/invitation.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        return super().get_queryset(request).select_related("invited_by", "account").prefetch_related("groups")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*InvitationForm.Meta.fields, *(self.readonly if obj else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly

    @admin.display(description="Roles")
    def roles(self, invitation: Invitation) -> str:
        names = ["Owner"] if invitation.is_owner else []
        return ", ".join(names + sorted(group.name for group in invitation.groups.all()))

    @admin.display(description="What became of it")
    def state(self, invitation: Invitation) -> str:
        if invitation.accepted_at:
            return f"Taken up {_day(invitation.accepted_at)}, as {invitation.account.username}"  # type: ignore[union-attr]
        if invitation.withdrawn_at:
            return f"Withdrawn {_day(invitation.withdrawn_at)}"
        until = _day(invitation.works_until)
        return f"Waits; the link works until {until}" if invitation.works else f"The link ended {until}: send it again"

    def get_urls(self) -> list[Any]:
        act = self.admin_site.admin_view(require_POST(self.do))
        step = path("<int:pk>/do/<slug:step>/", keeping_typed(act), name="clinic_invitation_do")
        return [step, *super().get_urls()]

    def do(self, request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
        """`…/do/send/` and `…/do/withdraw/`."""
        if not owns(request):
            raise PermissionDenied("Only the owner of the site invites staff.")
        if step not in STEPS:
            raise Http404
        invitation = get_object_or_404(Invitation, pk=pk)
        act, done = STEPS[step]
        try:
            act(invitation, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done.format(name=invitation, email=invitation.email))
        return redirect("admin:clinic_invitation_change", pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return owns(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return owns(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return owns(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        actions.invite(obj, groups=form.cleaned_data["groups"], by=request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Its roles are kept with it, by the action."""

    def response_add(self, request: HttpRequest, obj: Invitation, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, SENT.format(name=obj, email=obj.email))
        return redirect("admin:clinic_invitation_changelist")


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")
