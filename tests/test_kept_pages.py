"""A page that is kept depends on what it says and on nothing else: parameters of its address, tables, no header."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from config.ready.changes import UNSEEN
from tests import builders, public, watched
from tests.every_page import Site

pytestmark = pytest.mark.django_db

# What a request may say of the browser, the person and the way it came, none of which makes another page.
OTHERS = (
    {"accept-language": "es", "accept": "image/png", "user-agent": "Lynx", "referer": "https://evil.example/"},
    {"x-forwarded-for": "192.0.2.7", "x-forwarded-host": "evil.example", "x-forwarded-port": "99"},
    {"sec-gpc": "1", "save-data": "on", "dnt": "1", "x-request-id": "12345678", "x-requested-with": "XMLHttpRequest"},
    {
        "cookie": f"csrf={32 * 'c'}; messages=y; theme=dark",
        "authorization": "Basic eDp5",
        "origin": "https://evil.example",
    },
    {"if-modified-since": "Thu, 01 Jan 2026 00:00:00 GMT", "range": "bytes=0-9", "x-http-method-override": "POST"},
)


@pytest.fixture
def addresses(live, cast, settings) -> list[str]:
    """Every address that the public reads, those for machines as well."""
    public.whole_clinic(cast["owner"])
    builders.next_edition(live.guide, cast, "Bruises are usual. [@trial-2020]")
    names = ("robots", "sitemap", "feed", "security-txt")
    return [
        *public.SITE,
        *public.of_guide(live),
        *public.of_history(live),
        *(reverse(f"clinic:{one}") for one in names),
    ]


@pytest.fixture
def visits(site: Site, addresses, settings) -> list[watched.Visit]:
    """What every page looked at: each of `tests/every_page.py` in all its states, and the addresses for machines."""
    settings.MIDDLEWARE = [watched.NAME, *settings.MIDDLEWARE]
    client = Client()
    for address in addresses:
        client.get(address)
    return watched.visits


def test_a_view_declares_each_parameter_that_it_reads(visits):
    undeclared = {one.address: one.looked_at - one.declared for one in visits if one.looked_at - one.declared}
    assert not undeclared
    assert len({one.address for one in visits}) > 100


def test_no_table_that_is_left_out_makes_a_kept_page(visits):
    read = {one.address: one.names & UNSEEN for one in visits if one.is_kept and one.names & UNSEEN}
    assert not read
    assert len({one.address for one in visits if one.is_kept}) > 50


def test_no_header_and_no_foreign_parameter_changes_a_page(addresses):
    client = Client()
    for address in addresses:
        plain = client.get(address)
        if not hasattr(plain, "query_read"):
            continue
        for headers in OTHERS:
            other = Client().get(f"{address}{'&' if '?' in address else '?'}utm_source=x&fbclid=y", headers=headers)
            assert (other.status_code, other.getvalue()) == (plain.status_code, plain.getvalue()), (address, headers)
            assert other.headers == plain.headers, (address, headers)
