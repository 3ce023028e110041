"""Addresses of the sign-in: of allauth's pages only those that staff need. There is no way to sign up.

None is kept by any browser or proxy, whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path, re_path
from django.views.decorators.cache import never_cache

from clinic.views.second_step import qr

PAGES: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("login/", account.login, "account_login"),
    ("logout/", account.logout, "account_logout"),
    ("inactive/", account.account_inactive, "account_inactive"),
    ("reauthenticate/", account.reauthenticate, "account_reauthenticate"),
    ("password/change/", account.password_change, "account_change_password"),
    ("password/set/", account.password_set, "account_set_password"),
    ("password/reset/", account.password_reset, "account_reset_password"),
    ("password/reset/done/", account.password_reset_done, "account_reset_password_done"),
    ("password/reset/key/done/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
    ("second-step/", mfa.index, "mfa_index"),
    ("second-step/sign-in/", mfa.authenticate, "mfa_authenticate"),
    ("second-step/reauthenticate/", mfa.reauthenticate, "mfa_reauthenticate"),
    ("second-step/app/", totp.activate_totp, "mfa_activate_totp"),
    ("second-step/app/qr.svg", qr, "mfa_qr"),
    ("second-step/app/remove/", totp.deactivate_totp, "mfa_deactivate_totp"),
    ("second-step/recovery-codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    ("second-step/recovery-codes/new/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    ("second-step/recovery-codes/file/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"),
    ("second-step/passkeys/", webauthn.list_webauthn, "mfa_list_webauthn"),
    ("second-step/passkeys/new/", webauthn.add_webauthn, "mfa_add_webauthn"),
    ("second-step/passkeys/sign-in/", webauthn.login_webauthn, "mfa_login_webauthn"),
    ("second-step/passkeys/reauthenticate/", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    ("second-step/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, "mfa_remove_webauthn"),
    ("second-step/passkeys/<int:pk>/name/", webauthn.edit_webauthn, "mfa_edit_webauthn"),
)

urlpatterns: list[URLPattern] = [
    *(path(route, never_cache(view), name=name) for route, view, name in PAGES),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        never_cache(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
]
