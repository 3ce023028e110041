"""Who may open which address: one rule for each address of the site. A new address fails the suite until it is here.

`tests/test_roles_and_addresses.py` walks them all as everybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

# For everybody the same bytes, whoever is signed in, without a cookie.
PUBLIC = "public"
# For everybody once it is published; before that for staff with the permission, who are looked at for it alone.
PICTURE = "picture"
# For everybody, with a cookie against forms that others send in their name.
FORM = "form for visitors"
# Before and beside the sign-in: for everybody, and kept by no browser or proxy.
ENTRANCE = "entrance"
# The key is in the address; without the right one there is nothing.
SECRET = "one-time link"
# Whoever is signed in, about themselves alone, also while their second step is missing.
SELF = "signed-in self"
# Between the password and the second step.
HALFWAY = "halfway"
# Whoever may open the admin at all.
STAFF = "staff"
OWNER = "owner"
# Nobody, the owner neither: no row of this kind is made, changed or deleted by hand.
NOBODY = "nobody"

# The other rules are permissions: “education.view_guide”, or two of which one is enough.
RULES: dict[str, str] = {
    **dict.fromkeys(
        [
            *("clinic:home", "clinic:about", "clinic:privacy", "clinic:accessibility", "clinic:information"),
            *("clinic:providers", "clinic:provider", "clinic:provider-photo", "clinic:prices", "clinic:healthz"),
            *("clinic:stylesheet", "clinic:icon", "clinic:card", "clinic:logo", "clinic:apple-icon", "clinic:favicon"),
            *("clinic:robots", "clinic:sitemap", "clinic:sent", "education:guides", "education:guide"),
            *("education:page", "education:whole", "education:sources", "education:sources-csv"),
            *("education:sources-json", "education:check", "education:plan", "education:plan-ics"),
            *("education:leaflet", "education:edition-leaflet", "education:editions", "education:edition"),
            *("education:changes", "education:mistake-sent", "education:code-form", "education:code"),
            *(
                "education:search",
                "clinic:stylesheet-of-tools",
                "clinic:feed",
                "clinic:sitemap-part",
                "clinic:security-txt",
            ),
        ],
        PUBLIC,
    ),
    "education:image": PICTURE,
    "education:smaller-image": PICTURE,
    "clinic:consultation": FORM,
    "education:mistake": FORM,
    "clinic:first-owner": SECRET,
    "clinic:invitation": SECRET,
    "account_reset_password_from_key": SECRET,
    "clinic:styleguide": STAFF,
    # The sign-in
    **dict.fromkeys(
        [
            *("account_login", "account_logout", "account_inactive", "account_reset_password"),
            *("account_reset_password_done", "account_reset_password_from_key_done", "mfa_login_webauthn"),
            "admin:login",
        ],
        ENTRANCE,
    ),
    "mfa_authenticate": HALFWAY,
    **dict.fromkeys(
        [
            *("account_reauthenticate", "account_change_password", "account_set_password", "mfa_index"),
            *("mfa_reauthenticate", "mfa_activate_totp", "mfa_qr", "mfa_deactivate_totp"),
            *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
            *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn"),
            "mfa_edit_webauthn",
        ],
        SELF,
    ),
    # The admin
    **dict.fromkeys(
        [
            *("admin:index", "admin:jsi18n", "admin:logout", "admin:password_change", "admin:password_change_done"),
            *("admin:education_token", "admin:view_on_site", "admin:catch-all", "admin:to-change"),
        ],
        STAFF,
    ),
    # For fields that look things up as somebody types: there are none.
    "admin:autocomplete": NOBODY,
    "admin:app_list": "education.view_guide",
    "admin:auth_user_password_change": OWNER,
    "admin:clinic_user_second_step": OWNER,
    "admin:clinic_invitation_do": OWNER,
    "admin:clinic_consultationrequest_erase": "clinic.change_consultationrequest",
    "admin:clinic_consultationrequest_export": "clinic.view_consultationrequest",
    "admin:clinic_consultationrequest_step": "clinic.change_consultationrequest",
    "admin:clinic_informationpage_preview": "clinic.change_informationpage",
    "admin:clinic_provider_preview": "clinic.change_provider",
    "admin:clinic_price_end": "clinic.add_price",
    "admin:clinic_price_keep": "clinic.add_price",
    "admin:clinic_price_new": "clinic.add_price",
    "admin:education_auditline_csv": OWNER,
    "admin:education_auditline_jsonl": OWNER,
    "admin:education_comment_reply": "education.change_page",
    "admin:education_edition_leaflet": "education.view_edition",
    "admin:education_edition_preview": "education.view_edition",
    "admin:education_edition_review": "education.view_edition",
    "admin:education_edition_step": "education.view_edition",
    "admin:education_edition_withdraw": "education.view_edition",
    "admin:education_guide_archive": "education.publish_edition",
    "admin:education_guide_begin": "education.add_guide",
    "admin:education_guide_reopen": "education.publish_edition",
    "admin:education_guide_submit": "education.submit_edition",
    "admin:education_mistakereport_step": "education.change_mistakereport",
    "admin:education_page_add_to_guide": "education.add_page",
    "admin:education_page_write": "education.change_page",
    "admin:education_page_preview": "education.change_page",
    "admin:education_page_up": "education.change_page",
    "admin:education_page_down": "education.change_page",
    "admin:education_page_remove": "education.change_page",
    "admin:education_page_put_back": "education.change_page",
    "admin:education_page_version": "education.view_page",
    "admin:education_page_versions": "education.view_page",
    "admin:education_source_check": "education.add_sourcecheck",
}


def _of_model(label: str, **others: str) -> dict[str, str]:
    """Return the rules of the screens that the admin makes for a model; `others` where one is another."""
    app, model = label.split(".")
    rules = {
        "changelist": f"{app}.view_{model}",
        "change": f"{app}.view_{model}",
        "history": f"{app}.view_{model}",
        "add": f"{app}.add_{model}",
        "delete": NOBODY,
        **others,
    }
    return {f"admin:{app}_{model}_{screen}": rule for screen, rule in rules.items()}


OF_OWNERS = dict.fromkeys(("changelist", "change", "history", "add"), OWNER)
for _label, _others in {
    "education.guide": {},
    "education.edition": {"add": NOBODY},
    "education.source": {},
    "education.term": {},
    "education.image": {},
    "education.synonym": {"delete": "education.delete_synonym"},
    "education.mistakereport": {"add": NOBODY},
    "clinic.clinic": {"add": NOBODY},
    "clinic.informationpage": {},
    "clinic.location": {},
    "clinic.provider": {},
    "clinic.price": {},
    "clinic.consultationrequest": {"add": NOBODY},
    "clinic.user": OF_OWNERS,
    "clinic.invitation": OF_OWNERS,
    "education.auditline": {**OF_OWNERS, "add": NOBODY},
}.items():
    RULES |= _of_model(_label, **_others)

# What has no name of its own, or whose address no converter describes.
UNNAMED = {"<path:object_id>/": "to-change", "(?P<url>.*)$": "catch-all"}
WRITTEN_OUT = {
    "admin:catch-all": "admin/nothing/",
    "admin:app_list": "admin/education/",
    "clinic:sitemap-part": "sitemap-1.xml",
    "account_reset_password_from_key": "accounts/password/reset/key/1-wrong/",
}


def every_address() -> Iterator[tuple[str, str]]:
    """Yield the name and the route of every address, such as “clinic:provider” and “providers/<slug:slug>/”."""

    def walk(patterns: list[URLPattern | URLResolver], namespace: str, before: str) -> Iterator[tuple[str, str]]:
        for one in patterns:
            own = str(one.pattern)
            if isinstance(one, URLResolver):
                inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
                yield from walk(one.url_patterns, inner, before + own)
                continue
            name = f"{namespace}{one.name or UNNAMED.get(own, own)}"
            yield name, before + own if isinstance(one.pattern, RoutePattern) else WRITTEN_OUT.get(name, own)

    yield from walk(get_resolver().url_patterns, "", "")
