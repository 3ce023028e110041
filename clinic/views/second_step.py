"""The picture by which an app on a phone learns the secret of its codes."""

from __future__ import annotations

from io import BytesIO

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
@login_required
def qr(request: HttpRequest) -> HttpResponse:
    """`/accounts/second-step/app/qr.svg`: the secret that is being set up, as a QR code. Else there is none."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    picture = BytesIO()
    code = segno.make(get_adapter().build_totp_url(request.user, secret), error="m")
    # A light ground of its own: no phone reads light on dark.
    code.save(picture, kind="svg", border=4, light="#fff", svgclass=None, lineclass=None, omitsize=True)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
