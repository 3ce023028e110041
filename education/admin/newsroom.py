"""What every screen of the newsroom shares: who may enter, no deleting, forms that lose nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from education.actions import Refused
from education.admin.typed import FormsOf, View, keeping_typed
from education.rules import NotPermitted, require_permission

logger = logging.getLogger(__name__)

NOT_SAVED = "The site could not save this just now. What you typed is still here: wait a minute, then save again."


def screen(permission: str, doing: str, forms: FormsOf = (), belongs_to: str = "") -> Callable[[View], View]:
    """Open a view to signed-in staff with `education.<permission>`; others get 403 and a sentence with `doing`.

    A NotPermitted that an action raises gives 403 too. What was typed by somebody whose sign-in has run out is
    shown, so that it can be put back: `forms` and `belongs_to` are those of `keeping_typed`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                require_permission(request.user, permission, doing)
                return view(request, *args, **kwargs)
            except NotPermitted as error:
                raise PermissionDenied(str(error)) from error

        return keeping_typed(admin.site.admin_view(opened), forms, belongs_to)

    return decorate


@require_safe
def token(request: HttpRequest) -> HttpResponse:
    """`…/guide/token/`: what a form that stood open needs to be sent, for somebody who is signed in."""
    return JsonResponse({"token": get_token(request)})


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    wrong: object = False,
    status: int = 200,
) -> HttpResponse:
    """Answer with a screen of the newsroom, `templates/admin/education/<template>`.

    With anything `wrong` the document's title begins with “Error:”.
    """
    everywhere = {**admin.site.each_context(request), "title": title, "wrong": bool(wrong), **context}
    return TemplateResponse(request, f"admin/education/{template}", everywhere, status=status)


class KeptAdmin(admin.ModelAdmin):
    """Nothing of this kind is ever deleted, and `save_model` calls an action and nothing else.

    An action's refusal, or a database that cannot write, shows the same form again with the sentence and with all
    that was typed.
    """

    change_form_template = "admin/kept_change_form.html"
    # What is typed is shown to somebody whose sign-in has run out; not so what belongs to accounts.
    keeps_typed = True

    def get_urls(self) -> list[Any]:
        urls = super().get_urls()
        if self.keeps_typed:
            for url in urls:
                url.callback = keeping_typed(url.callback, (self.form,))
        return urls

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """As Django's, which fails where an address has an empty `_to_field`."""
        return super().get_object(request, object_id, from_field or None)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)  # the class is made for this request alone
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        shown = {"show_save_and_add_another": False, **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, shown)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error
        except Refused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
        except DatabaseError as error:
            logger.error("%s could not be saved: %s", self.opts.model_name, type(error).__name__)
            request.refusal = Refused(NOT_SAVED)  # type: ignore[attr-defined]
        # Once more, to show the form. Without a transaction: a locked database would refuse one.
        return self._changeform_view(request, object_id, form_url, shown)  # type: ignore[attr-defined]


class GuardedAdmin(KeptAdmin):
    """A form over a row that several people may have open. The row is held from reading to saving."""

    key_fields: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), *(self.key_fields if obj else ()))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_for_update() if request.method == "POST" and connection.in_atomic_block else rows


class RecordAdmin(KeptAdmin):
    """Rows of the record are read here, never written."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
