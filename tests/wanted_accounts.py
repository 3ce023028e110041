"""The pages of sign-in, passwords and second steps to ask for, each in the states that change it."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from clinic import actions
from clinic.models import Invitation, User
from education.models import PendingMail
from tests.clinic import signing
from tests.wanted_pages import Wanted


def of_accounts(person: User) -> list[Wanted]:
    """Sign-in and passwords: as they come, and with what was refused. The person asks for a new password."""
    at, nothing = "/accounts/", dict[str, Any]()
    new_password = _link_to_a_new_password(person)
    return [
        *_second_step(f"{at}second-step/"),
        Wanted("account_login", f"{at}login/"),
        Wanted("account_login", f"{at}login/", "refused: nothing typed", post=nothing),
        Wanted("account_login", f"{at}login/", "refused: wrong", post={"login": "nobody", "password": "wrong"}),
        Wanted("account_logout", f"{at}logout/", by="author"),
        Wanted("account_inactive", f"{at}inactive/"),
        Wanted("account_reauthenticate", f"{at}reauthenticate/", by="author"),
        Wanted("account_reauthenticate", f"{at}reauthenticate/", "refused", by="author", post={"password": "wrong"}),
        Wanted("account_change_password", f"{at}password/change/", by="author"),
        Wanted("account_change_password", f"{at}password/change/", "refused", by="author", post=nothing),
        Wanted("account_reset_password", f"{at}password/reset/"),
        Wanted("account_reset_password", f"{at}password/reset/", "refused", post={"email": "none"}),
        Wanted("account_reset_password_done", f"{at}password/reset/done/"),
        Wanted("account_reset_password_from_key", new_password),
        Wanted("account_reset_password_from_key", new_password, "refused", post={"password1": "a", "password2": "b"}),
        Wanted("account_reset_password_from_key", f"{at}password/reset/key/0-x/", "used up"),
        Wanted("account_reset_password_from_key_done", f"{at}password/reset/key/done/"),
        Wanted("clinic:styleguide", "/styleguide/", by="author"),
    ]


def _second_step(at: str) -> list[Wanted]:
    """The second step: what somebody sees who has none, who is halfway, and who was invited."""
    signing.recovery_codes(User.objects.get(username="author"))
    signing.with_app(User.objects.get(username="second"))
    invitation, nothing = _invitation(), dict[str, Any]()
    return [
        Wanted("clinic:invitation", invitation),
        Wanted("clinic:invitation", invitation, "refused", post=nothing),
        Wanted("clinic:invitation", "/accounts/invitation/wrong/", "used up", status=404),
        Wanted("mfa_authenticate", f"{at}sign-in/", by="second"),
        Wanted("mfa_authenticate", f"{at}sign-in/", "refused", by="second", post={"code": "000000"}),
        *_about_a_second_step(at),
        Wanted("mfa_index", at, by="author"),
        Wanted("mfa_activate_totp", f"{at}app/", by="author"),
        Wanted("mfa_activate_totp", f"{at}app/", "refused", by="author", post={"code": "000000"}),
        Wanted("mfa_view_recovery_codes", f"{at}recovery-codes/", by="author"),
        Wanted("mfa_generate_recovery_codes", f"{at}recovery-codes/new/", by="author"),
        Wanted("mfa_list_webauthn", f"{at}passkeys/", by="author"),
        Wanted("mfa_add_webauthn", f"{at}passkeys/new/", by="author"),
    ]


def _about_a_second_step(at: str) -> list[Wanted]:
    """What somebody sees who has an app, recovery codes and a passkey, and is in."""
    person = User.objects.get(username="second")
    signing.recovery_codes(person)
    key = signing.with_passkey(person, "My very old phone, which stays at home on the shelf in the hall")
    passkey, wrong = f"{at}passkeys/{key.pk}/", {"code": "000000"}
    wanted = [
        ("mfa_index", at, "with a second step", None),
        ("account_reauthenticate", "/accounts/reauthenticate/", "with other ways", None),
        ("mfa_reauthenticate", f"{at}reauthenticate/", "", None),
        ("mfa_reauthenticate", f"{at}reauthenticate/", "refused", wrong),
        ("mfa_reauthenticate_webauthn", f"{at}passkeys/reauthenticate/", "", None),
        ("mfa_deactivate_totp", f"{at}app/remove/", "", None),
        ("mfa_list_webauthn", f"{at}passkeys/", "with a passkey", None),
        ("mfa_edit_webauthn", f"{passkey}name/", "", None),
        ("mfa_edit_webauthn", f"{passkey}name/", "refused", {"name": ""}),
        ("mfa_remove_webauthn", f"{passkey}remove/", "", None),
    ]
    return [
        Wanted(view, path, state, by="second", post=post, past_second_step=True) for view, path, state, post in wanted
    ]


def _invitation() -> str:
    """Return where the mail of an invitation leads."""
    row = Invitation(first_name="Ada", last_name="Park", email="ada@clinic.example", is_owner=True)
    actions.invite(row, groups=[], by=User.objects.get(username="owner"))
    found = re.search(r"/accounts/invitation/\S+/", PendingMail.objects.latest("pk").body)
    assert found
    return found[0]


def _link_to_a_new_password(person: User) -> str:
    Client().post("/accounts/password/reset/", {"email": person.email})
    # Nothing here is kept, so no mail leaves.
    found = re.search(r"/accounts/password/reset/key/\S+/", PendingMail.objects.latest("pk").body)
    assert found
    return found[0]
