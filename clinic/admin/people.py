"""Accounts of the staff, for the owner alone."""

from __future__ import annotations

from typing import Any

from allauth.account import admin as of_addresses
from allauth.mfa import admin as of_second_steps
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Model, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path

from clinic import actions
from clinic.forms import AccountForm, NewAccountForm
from clinic.models import User
from clinic.rules import SECOND_STEPS, second_step_of
from education.actions import Refused
from education.admin.newsroom import KeptAdmin

# What roles may do follows from the code, an e-mail address is a fact of its account, a second step its person's own.
# Their admins are imported here, so that they stand in the admin before this takes them out, and not after it.
for technical in (Group, of_addresses.EmailAddress, of_second_steps.Authenticator):
    admin.site.unregister(technical)

NO_ROLE = "{name}: this account has no role yet, so it can sign in and do nothing. Tick one under “Roles”."
RESET = "{name} can sign in with the password alone, and is then led to a new second step. We tell them by mail."


@admin.register(User)
class AccountAdmin(KeptAdmin, UserAdmin):
    """Staff accounts, for the owner alone."""

    form = AccountForm
    add_form = NewAccountForm
    add_form_template = change_form_template = "admin/clinic/account.html"
    keeps_typed = False
    list_display = ("username", "first_name", "last_name", "job_title", "roles", "second_step", "is_active")
    list_filter = ("is_active", "groups")
    search_fields = ("username", "first_name", "last_name", "email")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Who it is", {"fields": ("first_name", "last_name", "job_title", "email", "wants_digest")}),
        ("What the account may do", {"fields": ("is_active", "groups", "is_superuser")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        ("Who it is", {"fields": ("first_name", "last_name", "job_title", "email", "wants_digest")}),
        ("What the account may do", {"fields": ("groups",)}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_STEPS)
        return super().get_queryset(request).prefetch_related("groups").annotate(has_second_step=Exists(steps))

    @admin.display(description="Second step", boolean=True)
    def second_step(self, account: Any) -> bool:
        return account.has_second_step

    def get_urls(self) -> list[Any]:
        screen = self.admin_site.admin_view(self.second_step_screen)
        return [path("<int:pk>/second-step/", screen, name="clinic_user_second_step"), *super().get_urls()]

    def second_step_screen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """`…/second-step/`: removes the second step of somebody who lost it, once an owner says so."""
        if not owns(request):
            raise PermissionDenied("Only the owner of the site manages accounts.")
        account, problem = get_object_or_404(User, pk=pk), ""
        if request.method == "POST":
            try:
                actions.reset_second_step(account, by=request.user)
            except Refused as refusal:
                problem = str(refusal)
            else:
                messages.success(request, RESET.format(name=account))
                return redirect("admin:clinic_user_change", pk)
        context = {"account": account, "problem": problem, "title": "Remove the second step", "wrong": bool(problem)}
        everywhere = {**self.admin_site.each_context(request), **context}
        return TemplateResponse(request, "admin/clinic/second_step_reset.html", everywhere)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        context["has_second_step"] = bool(obj and second_step_of(obj))
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="Roles")
    def roles(self, account: User) -> str:
        names = ["Owner"] if account.is_superuser else []
        return ", ".join(names + sorted(group.name for group in account.groups.all())) or "none"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return owns(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return owns(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return owns(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return owns(request)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        actions.save_account(obj, by=request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        account = form.instance
        actions.set_roles(account, by=request.user, roles=form.cleaned_data["groups"])
        super().save_related(request, form, formsets, change)
        if account.is_active and not account.is_superuser and not account.groups.exists():
            messages.warning(request, NO_ROLE.format(name=account.username))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """Django's own screen; a new password and the line about it are kept together, or neither."""
        with transaction.atomic():
            before = dict(User.objects.values_list("pk", "password").filter(pk=id)) if id.isdecimal() else {}
            answer = super().user_change_password(request, id, form_url)
            for account in User.objects.filter(pk__in=before):
                if account.password != before[account.pk]:
                    actions.note_password_set(account, by=request.user)
        return answer


def owns(request: HttpRequest) -> bool:
    """Return whether whoever asks owns the site."""
    return bool(request.user.is_active and request.user.is_superuser)
