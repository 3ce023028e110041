"""Accounts of the staff, for the owner alone."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest

from clinic import actions
from clinic.forms import AccountForm, NewAccountForm
from clinic.models import User
from education.admin.newsroom import KeptAdmin

# What roles may do follows from the code, and an e-mail address is a fact of its account.
for technical in (Group, EmailAddress):
    if admin.site.is_registered(technical):
        admin.site.unregister(technical)


NO_ROLE = "{name}: this account has no role yet, so it can sign in and do nothing. Tick one under “Roles”."


@admin.register(User)
class AccountAdmin(KeptAdmin, UserAdmin):
    """Staff accounts, for the owner alone."""

    form = AccountForm
    add_form = NewAccountForm
    add_form_template = "admin/kept_change_form.html"
    keeps_typed = False
    list_display = ("username", "first_name", "last_name", "job_title", "roles", "is_active")
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
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="Roles")
    def roles(self, account: User) -> str:
        names = ["Owner"] if account.is_superuser else []
        return ", ".join(names + sorted(group.name for group in account.groups.all())) or "none"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _owner(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _owner(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _owner(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _owner(request)

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


def _owner(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)
