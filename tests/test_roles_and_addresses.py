"""Everybody at every address: each answers as its stated rule says, and no address is without one."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client

from clinic import actions as clinic_actions
from clinic.models import Clinic, InformationPage, Invitation, Location, Provider, User
from education import actions
from education.models import AuditLine, Image, Page, Source, Synonym, Term
from education.rules import EDITORS
from tests import builders, profiles, public
from tests.address_rules import (
    ENTRANCE,
    FORM,
    HALFWAY,
    NOBODY,
    OWNER,
    PUBLIC,
    RULES,
    SECRET,
    SELF,
    STAFF,
    WRITTEN_OUT,
    every_address,
)
from tests.clinic import asking
from tests.clinic.signing import with_app
from tests.pictures import png

ROLES = ("outsider", "front_desk", "author", "reviewer", "owner")
PARAMETER = re.compile(r"<(?:(\w[\w-]*):)?(\w+)>")
# May be kept: it has no word of anybody's in it.
KEPT = ("admin:jsi18n",)
# An address that only takes posts asks for the permission first, so that a look tells nothing.
ANSWERS = (200, 302, 404, 405, 409, 410)


def test_every_address_has_a_rule_and_every_rule_an_address():
    assert {name for name, _ in every_address()} == set(RULES)


@pytest.fixture
def numbers(cast) -> dict[str, Any]:
    """Build a site with one of each kind; return what stands in addresses, by parameter or by model."""
    public.whole_clinic(cast["owner"])
    place = public.place(cast["owner"])
    draft = builders.guide(cast["author"])
    image = actions.add_image(Image(key="hand", alternative_text="A hand."), io.BytesIO(png()), by=cast["author"])
    live = builders.published(draft, cast)
    builders.write(draft, cast["author"], Page.Kind.SIDE_EFFECTS, "You can get sore [@trial-2020].")
    waits = builders.submitted(draft, cast["author"], what_changed="Sore.")
    photo = {"photo": io.BytesIO(png(700, 900)), "photo_alternative_text": "Robin Sample, smiling."}
    profiles.provider(cast["author"], performs=[], locations=[place], **photo)
    procedure = asking.procedure(cast)
    price = builders.price(procedure.guide, cast["author"])
    report = builders.reported(live)
    request = asking.request()
    synonym = Synonym.objects.create(everyday="sore", medical="pain", everyday_folded="sore", medical_folded="pain")
    invitation = clinic_actions.invite(
        Invitation(first_name="Ada", last_name="Park", email="ada@clinic.example"),
        groups=Group.objects.filter(name=EDITORS),
        by=cast["owner"],
    )
    page = draft.pages.get(kind=Page.Kind.SIDE_EFFECTS)
    provider = Provider.objects.get(name="Robin Sample")
    return {
        **{"slug:guide": draft.slug, "number:number": live.number, "slug:page": page.slug, "str:code": live.code},
        **{
            "digest:digest": "0" * 64,
            "number:width": 480,
            "slug:secret": "wrong",
            "int:pk": 1,
            "slug:step": "note",
        },
        **{"whole-hash:digest": provider.photo_sha256, "count:width": 320, "short-hash:digest": "0" * 12},
        **{"row:guide": draft.pk, "row:page": page.pk, "row:edition": waits.pk, "row:report": report.pk},
        **{"row:version": page.versions.first().pk, "row:source": Source.objects.get().pk, "row:price": price.pk},
        **{"row:provider": provider.pk, "row:review": 1, "row:number": 1, "row:number clinic": request.pk, "id": 1},
        **{"int:pk": 1, "path:content_type_id": 1, "path:object_id": 1},
        **{"guide": draft.pk, "edition": waits.pk, "source": Source.objects.get().pk, "term": Term.objects.get().pk},
        **{"image": image.pk, "synonym": synonym.pk, "mistakereport": report.pk, "clinic": Clinic.objects.get().pk},
        **{"informationpage": InformationPage.objects.first().pk, "location": Location.objects.get().pk},
        **{"provider": provider.pk, "price": price.pk, "consultationrequest": request.pk},
        **{"user": cast["reviewer"].pk, "invitation": invitation.pk, "auditline": AuditLine.objects.latest("pk").pk},
    }


def address(name: str, route: str, numbers: dict[str, Any]) -> str:
    """Return where an address is for the rows of the site."""
    model = name.rpartition(":")[2].partition("_")[2].partition("_")[0]

    def value(found: re.Match[str]) -> str:
        whole = ":".join(part for part in found.groups() if part)
        if whole in ("path:object_id", "int:pk", "id") and name.startswith("admin:"):
            return str(numbers.get(model, numbers["user"]))
        if name.startswith("clinic:") and whole == "slug:slug":
            return {"clinic:provider": "robin-sample"}.get(name, "how-we-work")
        if name.startswith("admin:clinic_consultationrequest") and whole == "row:number":
            whole = "row:number clinic"
        if name.startswith("admin:clinic_consultationrequest") and whole == "row:row":
            return str(numbers["consultationrequest"])
        return str(numbers[whole])

    return "/" + (WRITTEN_OUT.get(name) or PARAMETER.sub(value, route))


@pytest.fixture
def addresses(numbers) -> list[tuple[str, str, str]]:
    """Return the name, the place and the rule of every address."""
    return [(name, address(name, route, numbers), RULES[name]) for name, route in every_address()]


def window(person: User | None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def asked(client: Client, ask: Callable[..., Any], path: str) -> Any:
    """Return an answer as it was; whatever it changed, the next one to ask finds the site as it was."""
    with transaction.atomic():
        cookies = client.cookies.copy()
        answer = ask(path)
        answer.whole = answer.getvalue() if answer.streaming else answer.content
        transaction.set_rollback(True)
        client.cookies = cookies
    return answer


def may(person: User, rule: str) -> bool:
    if rule in (STAFF, SELF):
        return True
    if rule == NOBODY:
        return False
    return person.is_superuser if rule == OWNER else person.has_perm(rule)


def is_for_staff(rule: str) -> bool:
    return rule in (STAFF, OWNER, NOBODY) or "." in rule


def staff(addresses: Any) -> Iterator[tuple[str, str, str]]:
    return ((name, path, rule) for name, path, rule in addresses if is_for_staff(rule) and path.startswith("/admin/"))


# Staff


@pytest.mark.parametrize("who", ["anonymous", "closed"])
def test_whoever_is_not_signed_in_gets_nothing_of_what_is_for_staff(addresses, cast, who):
    client = window(cast["owner"] if who == "closed" else None)
    if who == "closed":
        User.objects.filter(pk=cast["owner"].pk).update(is_active=False)
    for name, path, _ in staff(addresses):
        answer = asked(client, client.get, path)
        if name != "admin:logout":
            assert (answer.status_code, answer.headers.get("Location", "")[:13]) == (302, "/admin/login/"), name
        assert "no-store" in answer.headers.get("Cache-Control", "") or name in KEPT, name
        sent = asked(client, client.post, path)
        assert sent.status_code in (302, 403), name
        assert sent.status_code == 403 or "/login/" in sent["Location"] or name == "admin:logout", name
    assert client.get("/styleguide/").status_code == 404


@pytest.mark.parametrize("who", ROLES)
def test_staff_get_what_their_role_says_and_nothing_else(addresses, cast, who):
    client = window(cast[who])
    person, wrong = User.objects.get(pk=cast[who].pk), []
    for name, path, rule in staff(addresses):
        answer = asked(client, client.get, path)
        if may(person, rule) and (answer.status_code not in ANSWERS or "/login/" in answer.headers.get("Location", "")):
            wrong.append(f"{path}: {rule} is refused with {answer.status_code}")
        sent = asked(client, client.post, path)
        # An address that takes posts alone may say so first.
        looked = sent if answer.status_code == 405 else answer
        if not may(person, rule) and looked.status_code not in (403, 404):
            wrong.append(f"{path}: {rule} is answered with {looked.status_code}")
        if not may(person, rule) and sent.status_code not in (403, 404, 405):
            wrong.append(f"{path}: {rule} takes a post and answers with {sent.status_code}")
        # That nothing is there is said in the words of the public page.
        kept = "no-store" not in answer.headers.get("Cache-Control", "") and answer.status_code != 404
        if kept and name not in KEPT:
            wrong.append(f"{path}: may be kept by a cache")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", ROLES)
def test_without_the_second_step_that_is_required_nobody_gets_anything_for_staff(addresses, cast, settings, who):
    settings.STAFF_MFA_REQUIRED = True
    client = window(cast[who])
    for name, path, _ in staff(addresses):
        answer = asked(client, client.get, path)
        if name != "admin:logout":
            assert (answer.status_code, answer.headers.get("Location", "")[:13]) == (302, "/admin/login/"), name
        sent = asked(client, client.post, path)
        # What was typed is shown to its own writer; the place where it would go takes nothing.
        assert sent.status_code in (302, 403) or name == "admin:logout", name
    assert client.get("/styleguide/").status_code == 404
    assert client.get("/admin/login/")["Location"] == "/accounts/second-step/"


def test_with_it_the_gate_opens(addresses, cast, settings):
    settings.STAFF_MFA_REQUIRED = True
    client = window(with_app(cast["owner"]))
    assert client.get("/admin/clinic/user/").status_code == 200
    assert client.get("/styleguide/").status_code == 200


# The sign-in


def test_what_is_about_oneself_is_for_whoever_is_signed_in(addresses, cast, settings):
    settings.STAFF_MFA_REQUIRED = True
    for name, path, rule in addresses:
        if rule == SELF:
            stranger, self = window(None), window(cast["outsider"])
            answer = asked(stranger, stranger.get, path)
            assert answer["Location"].partition("?")[0] in ("/accounts/login/", "/accounts/reauthenticate/"), name
            assert asked(stranger, stranger.post, path).status_code in (302, 405), name
            own = asked(self, self.get, path)
            assert own.status_code in (200, 302, 404), name
            assert "/accounts/login/" not in own.headers.get("Location", ""), name
            for one in (answer, own):
                # A redirect has nothing in it to be kept.
                assert "no-store" in one.headers.get("Cache-Control", "") or one.status_code in (302, 404), name


def test_the_entrance_is_for_everybody_and_is_kept_by_nobody(addresses, cast):
    for name, path, rule in addresses:
        if rule in (ENTRANCE, HALFWAY, SECRET):
            for person in (None, cast["outsider"], cast["owner"]):
                client = window(person)
                answer = asked(client, client.get, path)
                assert answer.status_code in ((200, 404) if rule == SECRET else (200, 302)), name
                assert "no-store" in answer.headers.get("Cache-Control", ""), name
                if rule == HALFWAY:
                    assert answer["Location"] == ("/admin/" if person else "/accounts/login/")


# The public


def test_what_is_public_is_the_same_for_everybody_without_a_cookie(addresses, cast):
    everybody = [window(cast[who]) for who in ROLES]
    stranger = window(None)
    for name, path, rule in addresses:
        if rule == PUBLIC:
            first = asked(stranger, stranger.get, path)
            assert first.status_code in (200, 302, 404), (name, path)
            for client in everybody:
                answer = asked(client, client.get, path)
                assert (answer.status_code, answer.whole) == (first.status_code, first.whole), name
                assert not answer.cookies, name
                assert "cookie" not in answer.get("Vary", "").lower(), name
        elif rule == FORM:
            for client in (stranger, *everybody):
                assert asked(client, client.get, path).status_code == 200


# What is not public yet, or not any more


@pytest.fixture
def hidden(cast) -> list[str]:
    """Return where a draft, an edition in review, an unpublished picture and a hidden provider would be."""
    guide = builders.guide(cast["author"], title="Secret", slug="secret")
    actions.add_image(Image(key="hand", alternative_text="A hand."), io.BytesIO(png()), by=cast["author"])
    edition = builders.submitted(guide, cast["author"])
    image = Image.objects.get(key="hand")
    at = f"/guides/{guide.slug}/"
    below = ("", "side-effects/", "all/", "sources/", "sources.csv", "sources.json", "leaflet.pdf", "check/", "plan/")
    of_edition = ("", "leaflet.pdf", "changes/")
    files = ("media/{}.webp", "media/images/{}.webp")
    return [
        *(f"{at}{one}" for one in (*below, "mistake/")),
        *(f"{at}editions/{edition.number}/{one}" for one in of_edition),
        *("/" + one.format(image.sha256) for one in files),
        f"/e/{edition.code}/",
    ]


def test_what_nobody_published_is_not_there_for_anybody_not_even_the_owner(hidden, cast):
    for client in (window(None), *(window(cast[who]) for who in ROLES)):
        for path in hidden:
            assert client.get(path).status_code == 404, path


@pytest.mark.parametrize("required", [False, True])
def test_a_picture_that_nobody_published_is_for_staff_with_the_permission(cast, settings, required):
    settings.STAFF_MFA_REQUIRED = required
    image = actions.add_image(Image(key="hand", alternative_text="A hand."), io.BytesIO(png(600)), by=cast["author"])
    photo = {"photo": io.BytesIO(png(700, 900)), "photo_alternative_text": "Robin.", "visible_from": date(2999, 1, 1)}
    provider = profiles.provider(cast["author"], **photo)
    for path, permission in (
        (f"/images/{image.sha256}.webp", "education.view_image"),
        (f"/images/{image.sha256}-480.webp", "education.view_image"),
        (f"/providers/photos/{provider.photo_sha256}-320.webp", "clinic.view_provider"),
    ):
        assert window(None).get(path).status_code == 404
        for who in ROLES:
            client = window(cast[who])
            answer = asked(client, client.get, path)
            allowed = cast[who].has_perm(permission) and not required
            assert answer.status_code == (200 if allowed else 404), (who, path)
            assert not allowed or "no-store" in answer["Cache-Control"]


def test_nobody_reaches_the_second_step_of_somebody_else(cast):
    theirs = with_app(cast["owner"]).authenticator_set.get()
    client = window(cast["author"])
    for step in ("remove", "name"):
        for ask in (client.get, partial(client.post, data={"name": "mine"})):
            answer = ask(f"/accounts/second-step/passkeys/{theirs.pk}/{step}/", follow=True)
            assert answer.status_code in (200, 404)
    theirs.refresh_from_db()
    assert "name" not in theirs.data
