"""What tests of the sign-in are made of: apps that show codes, and people who have one."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from clinic.models import User
from tests.builders import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN = "/accounts/login/"
SECOND = "/accounts/second-step/sign-in/"


def code(secret: str = SECRET, later: int = 0) -> str:
    """Return what an app shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30 + later))


def with_app(person: User) -> User:
    TOTP.activate(person, SECRET)
    return person


def recovery_codes(person: User) -> list[str]:
    return RecoveryCodes.activate(person).get_unused_codes()


def password(client: Client, username: str = "author", **typed: Any) -> Any:
    """Answer the first step."""
    return client.post(LOGIN, {"login": username, "password": PASSWORD, **typed})


def second(client: Client, typed: str) -> Any:
    return client.post(SECOND, {"code": typed})


def signed_in(person: User, **headers: Any) -> Client:
    """Return a window in which somebody signed in with whatever they have."""
    client = Client(**headers)
    password(client, person.username)
    if Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists():
        assert second(client, code()).status_code == 302
    return client


def inside(client: Client) -> bool:
    """Whether the admin opens to whoever is in this window."""
    return client.get("/admin/").status_code == 200
