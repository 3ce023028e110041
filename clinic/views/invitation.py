"""The page to which an invitation leads."""

from __future__ import annotations

from functools import partial

from allauth.account.adapter import get_adapter
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clinic import actions
from clinic.forms import OwnAccountForm
from education.actions import Refused


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """`/accounts/invitation/<secret>/`: the form; once it is sent, the new member of staff is signed in."""
    found = actions.invitation_of(secret)
    if found is None:
        return _refused(request, actions.NO_LINK)
    form = OwnAccountForm(request.POST if request.method == "POST" else None)
    page = partial(render, request, "account/invitation.html", {"form": form, "invitation": found})
    if not form.is_valid():
        return page()
    try:
        account = actions.accept_invitation(form.save(commit=False), secret=secret)
    except Refused as refusal:
        if not refusal.field:
            return _refused(request, str(refusal))
        form.add_error(refusal.field, str(refusal))
        return page()
    # Whoever was signed in on this computer is so no more, and leaves nothing in the session.
    logout(request)
    get_adapter(request).login(request, account)
    return redirect("mfa_index")


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "account/link_refused.html", {"reason": reason}, status=404)
