"""The network address of a request: as the clinic's own proxies saw it, never as a visitor claims it to be."""

from __future__ import annotations

import pytest

from education.views.loading import address_of

PROXY, VISITOR, FORGED = "10.0.0.1", "203.0.113.7", "198.51.100.66"


@pytest.fixture
def address(rf, settings):
    def asked(proxies: int, header: str | None, remote: str = PROXY) -> str:
        settings.PROXY_COUNT = proxies
        headers = {} if header is None else {"X-Forwarded-For": header}
        return address_of(rf.get("/", headers=headers, REMOTE_ADDR=remote))

    return asked


@pytest.mark.parametrize("header", [None, "", FORGED, f"{FORGED}, {VISITOR}"])
def test_without_a_proxy_the_header_counts_for_nothing(address, header):
    assert address(0, header) == PROXY


def test_what_a_visitor_wrote_into_the_header_counts_for_nothing(address):
    assert address(1, VISITOR) == VISITOR
    assert address(1, f"{FORGED}, {VISITOR}") == VISITOR
    assert address(1, f"{FORGED},{FORGED},{FORGED},{VISITOR}") == VISITOR
    assert address(1, f"garbage, <script>, {VISITOR}") == VISITOR


def test_of_several_proxies_the_first_of_the_clinic_s_own_counts(address):
    assert address(2, f"{VISITOR}, 10.0.0.2") == VISITOR
    assert address(2, f"{FORGED}, {VISITOR}, 10.0.0.2") == VISITOR
    assert address(3, f"{FORGED}, {VISITOR}, 10.0.0.3, 10.0.0.2") == VISITOR


@pytest.mark.parametrize("header", [None, "", VISITOR])
def test_a_request_that_came_past_a_proxy_counts_as_whoever_the_server_saw(address, header):
    assert address(2, header) == PROXY


@pytest.mark.parametrize(
    "told", ["", " ", "unknown", "_hidden", "1.2.3", "999.1.1.1", "a" * 9999, "\x00", "::g", "[", "[]:", "%"]
)
def test_a_proxy_that_tells_no_address_leaves_the_one_that_the_server_saw(address, told):
    assert address(1, f"{FORGED}, {told}") == PROXY


@pytest.mark.parametrize(
    ("told", "same"),
    [
        (f" {VISITOR} ", VISITOR),
        (f"{VISITOR}:52344", VISITOR),
        (f"::ffff:{VISITOR}", VISITOR),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_one_address_has_one_form(address, told, same):
    assert address(1, told) == same
    assert address(0, None, told) == same


def test_a_server_behind_a_socket_knows_no_address(address):
    assert address(0, None, "") == ""
    assert address(1, "nothing", "") == ""
