"""The admin, which opens to staff who signed in, with a second step where one is required, and to nobody else."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.account.utils import get_next_redirect_url
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from clinic.rules import needs_second_step


def _without_nul(view: Any) -> Any:
    """Refuse what a list, a filter or a search would pass on to PostgreSQL, which takes no text with a NUL in it."""

    @wraps(view)
    def refusing(request: HttpRequest, *given: Any, **more: Any) -> Any:
        if any("\x00" in text for name, texts in request.GET.lists() for text in (name, *texts)):
            raise BadRequest("A NUL stands in the address.")
        return view(request, *given, **more)

    return refusing


class StaffSite(AdminSite):
    """Django's admin without its own forms for passwords: they would be a second, unguarded door beside the first."""

    site_header = site_title = "Plainleaf"
    index_title = "Your work"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not needs_second_step(request.user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Let nothing be kept by a browser or proxy but the words of Django's scripts."""
        return super().admin_view(_without_nul(view), cacheable and view == self.i18n_javascript)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the sign-in, to the second step that is missing, or to where somebody signed in wants to go."""
        if not request.user.is_authenticated:
            further = get_next_redirect_url(request) or reverse("admin:index")
            return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: further})}")
        if self.has_permission(request):
            # Not `redirect`: it takes an address without a slash for the name of a view.
            return HttpResponseRedirect(get_next_redirect_url(request) or reverse("admin:index"))
        if needs_second_step(request.user):
            return redirect("mfa_index")
        raise PermissionDenied

    # Django's stubs say that both answer with a page; a redirect is as good to whoever calls them.
    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def password_change_done(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")
