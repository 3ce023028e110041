"""No request makes the site fail: every address and every form, for each role, with what no browser would send."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.backups import note_backup
from clinic.models import User
from tests import builders, fuzzing, profiles, public
from tests.clinic import asking
from tests.kept import made_once
from tests.test_headers_and_cookies import HEADERS, POLICY

ROLES = (None, "author", "reviewer", "front_desk", "owner", "outsider")
USERNAMES = {who: who.replace("_", "") for who in ROLES if who}
EVERY = sorted(set(fuzzing.patterns()))
# Signing out or setting a password ends the session of whoever goes on.
ENDS = ("logout", "password", "first-owner", "clinic/user/")
# Nothing here depends on chance: the same requests each time, on each machine.
FIXED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Visitors:
    """A client for each role that goes on whatever a request did to its session."""

    def __init__(self, cast: dict[str, User]) -> None:
        self.cast = cast
        self.clients: dict[str | None, Client] = {}

    def send(self, who: str | None, method: str, path: str, body: bytes = b"", kind: str = "", **more: Any) -> Any:
        client = self.clients.get(who)
        if client is None:
            client = Client(raise_request_exception=False)
            if who:
                client.force_login(self.cast[who])
            self.clients[who] = client
        if any(one in path for one in ENDS):
            del self.clients[who]
        at, _, asked = path.partition("?")
        response = client.generic(method, at, body, kind, QUERY_STRING=asked, **more)
        told = f"{who}: {method} {path[:300]} {kind} {body[:300]!r} {more}"
        assert response.status_code < 500, f"{told}: {response.status_code}"
        safe(response, told)
        return response


def safe(response: Any, told: str) -> None:
    """Assert that an answer carries every header of safety."""
    directives = dict(one.strip().partition(" ")[::2] for one in response["Content-Security-Policy"].split(";"))
    assert POLICY.keys() <= directives.keys(), told
    assert "unsafe" not in response["Content-Security-Policy"], told
    for name in (*HEADERS, "Permissions-Policy"):
        assert response.get(name), f"{told}: no {name}"


def _a_bit_of_everything() -> None:
    cast = builders.cast()
    live = builders.published(builders.guide(cast["author"]), cast)
    public.whole_clinic(cast["owner"])
    public.place(cast["owner"])
    profiles.provider(cast["owner"])
    builders.price(live.guide, cast["author"])
    builders.reported(live)
    builders.submitted(builders.guide(cast["author"], title="Warm", slug="warm"), cast["author"])
    asking.request()


@pytest.fixture(scope="module")
def _everything(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    media = tmp_path_factory.mktemp("pictures")
    with made_once(django_db_blocker, media, _a_bit_of_everything):
        yield media


@pytest.fixture
def visitors(_everything, db, settings) -> Visitors:
    shutil.copytree(_everything, settings.MEDIA_ROOT, dirs_exist_ok=True)
    # With a backup all is well, and the full answer about health no 503.
    note_backup(timezone.now())
    return Visitors({name: User.objects.get(username=username) for name, username in USERNAMES.items()})


def test_every_address_is_among_those_that_are_tried():
    names = {name for name, _ in EVERY}
    assert {"clinic:home", "education:plan", "admin:education_edition_review", "account_login"} <= names
    assert len(EVERY) > 150


def asked_of(turn: int) -> str:
    """Return every question of an address, each with the next of the values."""
    values = (fuzzing.VALUES[(turn + step) % len(fuzzing.VALUES)] for step in range(len(fuzzing.ASKED)))
    return fuzzing.query(dict(zip(fuzzing.ASKED, values, strict=True)))


@pytest.mark.parametrize("who", [None, "owner"])
def test_no_address_fails_whatever_stands_in_it(visitors, who):
    for number, (_, path) in enumerate(EVERY):
        # An address gets the values in turn, so that each value meets many and each address some.
        few = {fuzzing.IN_A_PATH[(number + step) % len(fuzzing.IN_A_PATH)] for step in ((0, 7) if who else (0,))} | {
            "1"
        }
        for value in sorted(few) if "<" in path else ("",):
            visitors.send(who, "GET", fuzzing.filled(path, value))


def test_no_question_in_an_address_makes_it_fail(visitors):
    for number, (_, path) in enumerate(EVERY):
        at = fuzzing.filled(path, "1" if "admin" in path else "cold-therapy")
        visitors.send("owner", "GET", f"{at}?{asked_of(number)}")


@pytest.mark.parametrize("who", [who for who in ROLES if who not in (None, "owner")])
def test_no_address_fails_whoever_asks_whatever_stands_in_it_and_after_it(visitors, who):
    for turn, (_, path) in enumerate(EVERY, start=7 * ROLES.index(who)):
        at = fuzzing.filled(path, fuzzing.IN_A_PATH[turn % len(fuzzing.IN_A_PATH)])
        visitors.send(who, "GET", f"{at}?{asked_of(turn)}")


def test_no_list_fails_on_a_nul_in_one_question_and_no_way_that_is_no_address(visitors):
    lists = ("education/auditline/", "education/auditline/export.csv", "clinic/consultationrequest/", "login/")
    for asked in (*(f"{name}=a%00b" for name in fuzzing.ASKED), "next=nothing", "next=12.5"):
        for path in lists:
            visitors.send("owner", "GET", f"/admin/{path}?{asked}")
        for path in ("/search/", "/prices/", "/providers/"):
            visitors.send(None, "GET", f"{path}?{asked}")


@FIXED
@given(data=st.data())
def test_no_mixture_of_method_header_cookie_and_body_makes_it_fail(visitors, data):
    draw = data.draw
    _, path = draw(st.sampled_from(EVERY))
    at = fuzzing.filled(path, draw(st.sampled_from(fuzzing.IN_A_PATH)))
    names = draw(st.lists(st.sampled_from(sorted(fuzzing.HEADERS)), max_size=4, unique=True))
    headers = {name: draw(st.sampled_from(fuzzing.HEADERS[name])) for name in names}
    kind, body = draw(st.sampled_from(fuzzing.BODIES))
    asked = draw(st.dictionaries(st.sampled_from(fuzzing.ASKED), st.sampled_from(fuzzing.VALUES), max_size=3))
    more = draw(st.dictionaries(st.sampled_from(fuzzing.ASKED), st.text(max_size=20), max_size=2))
    method, who = draw(st.sampled_from(fuzzing.METHODS)), draw(st.sampled_from(ROLES))
    visitors.send(who, method, f"{at}?{fuzzing.query({**asked, **more})}", body, kind, **headers)


@pytest.mark.parametrize("host", fuzzing.HOSTS)
def test_a_host_that_is_not_ours_is_refused_and_never_believed(visitors, host):
    for path in ("/", "/accounts/login/", "/admin/", "/healthz?full", "/sitemap.xml", "/nothing/"):
        answer = visitors.send(None, "GET", path, HTTP_HOST=host)
        assert answer.status_code == 400 or "evil" not in f"{answer.headers}{answer.content.decode()}"


@pytest.mark.parametrize(("kind", "body"), fuzzing.BODIES)
def test_a_body_that_no_browser_sends_fails_no_form_of_visitors_or_staff(visitors, kind, body):
    for who, path in (
        *((None, at) for at in ("/consultation/", "/guides/cold-therapy/mistake/", "/accounts/login/", "/")),
        *(("owner", at) for at in ("/admin/education/image/add/", "/admin/education/guide/1/submit/")),
        ("author", "/admin/education/source/add/"),
    ):
        visitors.send(who, "POST", path, body, kind)
