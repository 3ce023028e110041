"""What tests of the sign-in are made of: apps that show codes, and people who have one."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

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


def with_passkey(person: User, name: str) -> Authenticator:
    """Give somebody a passkey of a device that is not at hand: it is shown, and nobody can sign in with it."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    known = AttestedCredentialData.create(Aaguid.NONE, b"a passkey", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    made = AttestationObject.create("none", AuthenticatorData.create(bytes(32), flags, 0, known), {})
    told = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"challenge", "http://testserver")
    answer = {"clientDataJSON": websafe_encode(told), "attestationObject": websafe_encode(made)}
    credential = {"id": websafe_encode(b"a passkey"), "type": "public-key", "response": answer}
    data = {"name": name, "credential": {**credential, "rawId": credential["id"], "clientExtensionResults": {}}}
    return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)


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
