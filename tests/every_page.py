"""Every page that the public and staff who sign in can see, in each state that changes it, as the site answers it.

`tests/wanted_pages.py`, with `tests/wanted_accounts.py`, is the one list. A guard compares it with the URL
configuration: a new address fails the suite until it stands here, or among those that are no page. (Staff's own screens
in the admin have their own stories.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from unittest.mock import patch

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from clinic.models import User
from tests import builders, every_guide, profiles, public
from tests.clinic import asking
from tests.wanted_accounts import of_accounts
from tests.wanted_pages import (
    LONG_PLACE,
    Wanted,
    new_site,
    of_clinic,
    of_guides,
    of_places,
    of_prices,
    of_providers,
    of_requests,
    of_search,
    right_to_left_site,
)

NO_PAGES = {
    "clinic:healthz": "a word for machines",
    "clinic:security-txt": "text for machines",
    "clinic:robots": "text for machines",
    "clinic:sitemap": "XML for machines",
    "clinic:sitemap-part": "XML for machines",
    "clinic:feed": "a feed",
    "clinic:stylesheet": "a style sheet",
    "clinic:stylesheet-of-tools": "a style sheet",
    "clinic:icon": "a picture",
    "clinic:card": "a picture",
    "clinic:logo": "a picture",
    "clinic:provider-photo": "a picture",
    "clinic:apple-icon": "a picture",
    "clinic:favicon": "a picture",
    "education:sources-csv": "a file",
    "education:sources-json": "data",
    "education:plan-ics": "a calendar file",
    "education:image": "a picture",
    "education:smaller-image": "a picture",
    "education:leaflet": "a file to print",
    "education:edition-leaflet": "a file to print",
    "mfa_qr": "a picture",
    "mfa_login_webauthn": "data, and a redirect",
    "mfa_download_recovery_codes": "a file",
    "account_set_password": "redirects: every account here has a password",
}
PICTURE = re.compile(r"/(?:images/[0-9a-f]{64}(?:-\d+)?|providers/photos/[0-9a-f]{64}-\d+)\.webp")
LONG_PERSON = "Maximiliane-Konstantina Featherstonehaugh-Wolfeschlegelstein"
# What the clinic says of itself: in the site's language, whatever the language of the guide around it.
CLINICS_WORDS = (
    *("Test Clinic", "In an emergency call 911.", "Owned by its doctors.", "Closed on Friday."),
    *("Dock Street", "Exampleton", "Water damage", "Course", LONG_PLACE),
    *("Ring at the green door.", "The lift is narrow."),
    *("Page about", "Page privacy", "Page accessibility", "Page how-we-work"),
    *("Robin Sample", "NP, PhD", "nurse practitioner", "Gives injections.", "Harbor Lane", profiles.LONG_NAME),
    *("Nobody Yet", "Gus Gone", "1 Example Street", profiles.LONG_ROLE, LONG_PERSON),
    *("Ask for your estimate.", "Priced face", "Priced scalp", "Priced talk", "Priced cream", "Priced pills"),
)


@dataclass(frozen=True)
class Shown:
    """A page as it was answered."""

    view: str
    path: str
    state: str
    html: str = field(repr=False)
    site_language: str = "en"

    def __str__(self) -> str:
        return f"{self.path} ({self.state})" if self.state else self.path

    @property
    def with_errors(self) -> bool:
        """Whether a form came back with what is wrong in it."""
        return self.state.startswith("refused")


@dataclass(frozen=True)
class Site:
    """Every page, and the pictures that they show by their address."""

    pages: list[Shown]
    pictures: dict[str, bytes]


def addresses() -> set[str]:
    """Return the name of every address of the site but the admin's."""

    def named(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield f"{namespace}{pattern.name}"
            elif pattern.namespace != "admin":
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from named(pattern.url_patterns, inner)

    return set(named(get_resolver().url_patterns, ""))


def every_page() -> Site:
    """Build the site and ask for every page. Needs an empty database that forgets afterwards."""
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        shown = [_ask(one) for one in new_site()]
        cast = builders.cast()
        public.whole_clinic(cast["owner"])
        of_places(cast["owner"])
        editions = every_guide.build(cast)
        profiles.whole(cast, editions.live)
        shown += [
            _ask(one) for one in [*of_clinic(), *of_providers(), *of_guides(editions), *of_accounts(cast["colleague"])]
        ]
        every_guide.prices(editions, cast)
        asking.procedure(cast, title="Warm therapy with radiofrequency and a long name")
        asking.provider(name=LONG_PERSON)
        shown += [_ask(one) for one in [*of_prices(editions), *of_requests(), *of_search()]]
        shown += [*_faults(), _chosen_too_often()]
        with override_settings(LANGUAGE_CODE="ar"):
            shown += [_ask(one) for one in right_to_left_site()]
        pictures = {path for one in shown for path in PICTURE.findall(one.html)}
        return Site(shown, {path: Client().get(path).getvalue() for path in pictures})


def _ask(wanted: Wanted) -> Shown:
    client = Client()
    if wanted.past_second_step:
        client.force_login(User.objects.get(username=wanted.by))
    elif wanted.by:
        client.post("/accounts/login/", {"login": wanted.by, "password": builders.PASSWORD})
    response = client.get(wanted.path, follow=True)
    if wanted.post is not None:
        # After a redirect, such as the one that takes a secret out of the address, the form stands somewhere else.
        response = client.post(response.request["PATH_INFO"], wanted.post)
    assert response.status_code == wanted.status, wanted
    language = settings.LANGUAGE_CODE.partition("-")[0]
    return Shown(wanted.view, wanted.path, wanted.state, response.content.decode(), language)


def _faults() -> Iterator[Shown]:
    """Yield the pages for when something went wrong, each brought about as it happens."""
    forgetful = Client(enforce_csrf_checks=True)
    unprivileged = Client(raise_request_exception=False)
    unprivileged.post("/accounts/login/", {"login": "frontdesk", "password": builders.PASSWORD})
    with patch("clinic.views.pages.render", side_effect=RuntimeError):
        broken = unprivileged.get("/")
    with patch("clinic.views.pages.render", side_effect=OperationalError):
        unable = unprivileged.get("/")
    answers = {
        "400": Client().get("/", headers={"host": "evil.example"}),
        "403": unprivileged.get("/admin/education/guide/add/"),
        "403_csrf": forgetful.post("/accounts/login/", {}),
        "403_csrf_with_what_was_typed": forgetful.post("/consultation/", asking.TYPED),
        "404": Client().get("/nothing/"),
        "500": broken,
        "503": unable,
    }
    for name, answer in answers.items():
        assert answer.status_code == int(name[:3]), name
        yield Shown(name, answer.request["PATH_INFO"], f"fault {name}", answer.content.decode())


def _chosen_too_often() -> Shown:
    """Return the page that stops somebody who asks for a new password again and again."""
    client, path = Client(), "/accounts/password/reset/"
    for _ in range(30):
        answer = client.post(path, {"email": "again@clinic.example"})
        if answer.status_code == 429:
            cache.clear()
            return Shown("429", path, "fault 429", answer.content.decode())
    raise AssertionError("nothing stops somebody who asks again and again")
