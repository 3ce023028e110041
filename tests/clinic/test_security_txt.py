"""`/.well-known/security.txt`, as RFC 9116 wants it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured

from config import env
from tests import public
from tests.test_headers_and_cookies import assert_safe, assert_the_same_for_everyone

AT = "/.well-known/security.txt"


def test_without_anybody_to_tell_there_is_none(client, db):
    assert client.get(AT).status_code == 404


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_it_names_the_clinic_and_ends_within_a_year(client, cast, settings, zone):
    settings.TIME_ZONE, settings.LANGUAGE_CODE = zone, "en-us"
    public.clinic(cast["owner"], email="hello@clinic.example")
    now = datetime(2027, 2, 28, 23, 30, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        answer = client.get(AT)
    facts = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert list(facts) == ["Contact", "Expires", "Preferred-Languages", "Canonical"]
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert facts["Contact"] == "mailto:hello@clinic.example"
    assert facts["Preferred-Languages"] == "en"
    assert facts["Canonical"] == f"{settings.SITE_URL}{AT}"
    ends = datetime.strptime(facts["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < ends - now < timedelta(days=365)
    assert_safe(answer, AT)
    assert_the_same_for_everyone(answer, AT)


def test_a_contact_of_its_own_goes_before_the_clinics(client, cast, settings):
    public.clinic(cast["owner"], email="hello@clinic.example")
    settings.SECURITY_CONTACT = "https://example.org/security"
    assert b"Contact: https://example.org/security\n" in client.get(AT).content


@pytest.mark.parametrize(
    ("given", "read"),
    [("", ""), ("a@b.example", "mailto:a@b.example"), ("mailto:a@b.example", "mailto:a@b.example"),
     ("https://b.example/x", "https://b.example/x")],
)  # fmt: skip
def test_the_setting_is_read_as_people_write_it(monkeypatch, given, read):
    monkeypatch.setenv("SECURITY_CONTACT", given)
    assert env.contact("SECURITY_CONTACT") == read


@pytest.mark.parametrize("given", ["http://b.example", "call us", "a@b.example c@d.example", "ä@b.example"])
def test_a_contact_that_nobody_could_use_is_refused_with_what_to_write(monkeypatch, given):
    monkeypatch.setenv("SECURITY_CONTACT", given)
    with pytest.raises(ImproperlyConfigured, match=r"such as security@example\.org"):
        env.contact("SECURITY_CONTACT")
