"""The page on which the owner's account of a new site is made."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clinic import actions
from clinic.forms import FirstOwnerForm
from education.actions import Refused


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_owner(request: HttpRequest, secret: str) -> HttpResponse:
    """`/accounts/first-owner/<secret>/`: the form; once it is sent, the owner is signed in and led to the admin."""
    if reason := actions.why_not_first_owner(secret):
        return _refused(request, reason)
    form = FirstOwnerForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account/first_owner.html", {"form": form})
    try:
        owner = actions.make_first_owner(form.save(commit=False), secret=secret)
    except Refused as refusal:
        return _refused(request, str(refusal))
    login(request, owner)
    return redirect("admin:index")


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "account/link_refused.html", {"reason": reason}, status=404)
