"""check_links: which addresses it asks, how politely, and what it says of each answer, tried on a local site."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from education import actions
from education.management import links as checked_links
from education.management.links import Answer, Verdict, addresses_of, ask, ask_all, links
from education.models import Guide, Page, Source
from tests import builders
from tests.education.sourced import published

Kind = Page.Kind


class Site(BaseHTTPRequestHandler):
    """A site whose addresses say how it answers: /200, /404, /no-head, /moved …"""

    asked: list[tuple[str, str, str]]
    together: list[int]

    def answer(self) -> None:
        self.asked.append((self.command, self.path, self.headers["User-Agent"]))
        name = self.path.strip("/")
        if name == "hangs-up":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if name == "silent":
            self.server.release.wait(10)  # type: ignore[attr-defined]
            return
        status, location = {
            "moved": (301, "/200"),
            "moved-too": (308, "/moved"),
            "elsewhere-today": (302, "/200"),
            "today-then-moved": (302, "/moved"),
            "moved-then-today": (301, "/elsewhere-today"),
            "moved-to-nothing": (301, "/404"),
            "round": (302, "/round"),
            "to-a-file": (302, "file:///etc/passwd"),
            "to-nowhere": (302, "https://a.invalid/"),
            "to-ftp": (302, "ftp://127.0.0.1/x"),
            "no-head": (405 if self.command == "HEAD" else 200, ""),
            "no-head-said-badly": (404 if self.command == "HEAD" else 200, ""),
        }.get(name) or (int(name) if name.isdigit() else 200, "")
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET = answer

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch) -> Iterator[str]:
    monkeypatch.setenv("no_proxy", "*")
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.release = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.release.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join()


# Asking


@pytest.mark.parametrize(
    ("path", "verdict", "said"),
    [
        ("/404", Verdict.BROKEN, "404 Not Found"),
        ("/410", Verdict.BROKEN, "410 Gone"),
        ("/500", Verdict.BROKEN, "500 Internal Server Error"),
        ("/hangs-up", Verdict.BROKEN, "the host ends the connection"),
        ("/moved-to-nothing", Verdict.BROKEN, "404 Not Found"),
        ("/to-a-file", Verdict.BROKEN, "302"),
        ("/to-ftp", Verdict.BROKEN, "302 it leads to something that is no web address"),
        ("/round", Verdict.BROKEN, "302"),
        ("/401", Verdict.FOR_PEOPLE, "401 Unauthorized"),
        ("/403", Verdict.FOR_PEOPLE, "403 Forbidden"),
        ("/429", Verdict.FOR_PEOPLE, "429 Too Many Requests"),
        ("/moved", Verdict.MOVED, "/200"),
        ("/moved-too", Verdict.MOVED, "/200"),
        ("/moved-then-today", Verdict.MOVED, "/elsewhere-today"),
        ("/elsewhere-today", Verdict.ANSWERS, ""),
        ("/today-then-moved", Verdict.ANSWERS, ""),
        ("/no-head", Verdict.ANSWERS, ""),
        ("/no-head-said-badly", Verdict.ANSWERS, ""),
        ("/a path?q=é", Verdict.ANSWERS, ""),
        ("/200", Verdict.ANSWERS, ""),
    ],
)
def test_an_answer_is_judged(site, path, verdict, said):
    answer = ask(site + path)
    assert answer.verdict is verdict
    if verdict is Verdict.MOVED:
        assert answer.said == site + said
    else:
        assert answer.said.startswith(said)


def test_an_address_that_answers_is_asked_once_with_head_by_name(site, settings):
    settings.SITE_URL = "https://clinic.example"
    ask(f"{site}/200")
    assert Site.asked == [("HEAD", "/200", "Plainleaf link check (+https://clinic.example)")]


def test_get_is_asked_only_where_head_is_refused(site):
    ask(f"{site}/no-head")
    ask(f"{site}/moved")
    assert [method for method, path, _ in Site.asked] == ["HEAD", "GET", "HEAD", "HEAD"]


def test_a_silent_host_is_left_after_the_limit_and_not_asked_twice(site, monkeypatch):
    monkeypatch.setattr(checked_links, "SECONDS", 0.05)
    assert ask(f"{site}/silent") == Answer(f"{site}/silent", Verdict.BROKEN, checked_links.SILENT)
    assert len(Site.asked) == 1


def test_a_host_that_is_not_there_is_broken_and_nothing_is_raised():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        assert ask(address).verdict is Verdict.BROKEN
    for address in ("http://[", "http://", f"http://{'é' * 300}.example/", "http://127.0.0.1:port/", "http://a b/"):
        assert ask(address).verdict is Verdict.BROKEN


def test_one_host_is_asked_one_address_at_a_time_and_all_addresses_are_answered(monkeypatch):
    now: dict[str, int] = {}
    most: dict[str, int] = {}
    hosts_met = threading.Barrier(2, timeout=10)

    def slow(address: str) -> Answer:
        host = address.split("/")[2]
        now[host] = now.get(host, 0) + 1
        most[host] = max(most.get(host, 0), now[host])
        if address.endswith("/0"):
            hosts_met.wait()  # both hosts are being asked
        now[host] -= 1
        return Answer(address, Verdict.ANSWERS)

    monkeypatch.setattr(checked_links, "ask", slow)
    asked = [f"http://{host}/{number}" for host in ("a.example", "b.example") for number in range(5)]
    assert sorted(answer.address for answer in ask_all(asked)) == sorted(asked)
    assert most == {"a.example": 1, "b.example": 1}
    assert list(ask_all([])) == []


# Which addresses


def test_only_web_addresses_of_a_source_are_asked():
    source = Source(key="a", url="javascript:alert(1)", doi="10.1000/a<b>", pmid="12/../3")
    assert list(addresses_of(source)) == [
        "https://doi.org/10.1000/a%3Cb%3E",
        "https://pubmed.ncbi.nlm.nih.gov/12%2F..%2F3/",
    ]
    assert list(addresses_of(Source(key="b", url="ftp://example.org/x"))) == []


@pytest.fixture
def linked(guide, cast, site) -> Guide:
    """A guide that is live, whose next text has another link."""
    author = cast["author"]
    for key in ("trial-2020", "unused"):
        source = builders.source(key)
        source.url = f"{site}/{key}"
        actions.save_source(source, by=author)
    text = f"[Old]({site}/old#part) [mail](mailto:a@b.example) [own](/guides/) [Both]({site}/both?a=1&b=2)"
    builders.write(guide, author, Kind.PREPARATION, text)
    published(guide, cast)
    builders.write(
        guide, author, Kind.PREPARATION, f"[New]({site}/404) [And]({site}/404#b) [Both]({site}/both?a=1&b=2)"
    )
    return guide


def test_each_address_is_found_once_with_every_place(linked, site):
    found = links(Guide.objects.all(), every_source=True)
    assert found == {
        f"{site}/404": ["Cold therapy: Preparation (being written)"],
        f"{site}/both?a=1&b=2": [
            "Cold therapy: Preparation (being written)",
            "Cold therapy: Preparation (edition 1, live)",
        ],
        f"{site}/old": ["Cold therapy: Preparation (edition 1, live)"],
        f"{site}/trial-2020": ["source trial-2020"],
        f"{site}/unused": ["source unused"],
    }


def test_removed_pages_and_withdrawn_editions_are_not_asked_for(linked, cast, site):
    actions.withdraw(linked.editions.get(), by=cast["author"], reason="Wrong.")
    actions.remove_page(linked.pages.get(kind=Kind.PREPARATION), by=cast["author"])
    assert set(links(Guide.objects.all(), every_source=False)) == {f"{site}/trial-2020"}


# The command


def _said(*arguments: str) -> tuple[str, str, int]:
    out = io.StringIO()
    try:
        call_command("check_links", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error), error.returncode
    return out.getvalue(), "", 0


def test_a_broken_link_is_named_with_its_places_and_ends_with_exit_code_1(linked, site):
    out, said, code = _said()
    assert (said, code) == ("Broken: 1.", 1)
    assert out == (
        f"{site}/404\n  broken: 404 Not Found\n  in Cold therapy: Preparation (being written)\n"
        "Addresses asked: 5. Moved for good: 0. Answer to browsers only: 0.\n"
    )


def test_one_guide_is_asked_for_its_own_links_and_sources(linked, cast, site):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    builders.write(other, cast["author"], Kind.PREPARATION, f"[Moved]({site}/moved) [People]({site}/403)")
    out, said, code = _said("--guide", "heat")
    assert (said, code) == ("", 0)
    assert f"{site}/moved\n  moved for good: {site}/200\n  in Heat: Preparation (being written)\n" in out
    assert f"{site}/403\n  answers to browsers only: 403 Forbidden\n" in out
    assert out.endswith("Addresses asked: 3. Moved for good: 1. Answer to browsers only: 1.\n")


def test_an_unknown_guide_is_refused_with_those_there_are(guide):
    assert _said("--guide", "no-such")[1] == "There is no guide “no-such”. Name one of these: cold-therapy."


@pytest.fixture
def no_way_out(monkeypatch) -> None:
    """Let every host but this machine be unknown."""
    known = socket.getaddrinfo

    def lookup(host, *rest, **more):
        if host != "127.0.0.1":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *rest, **more)

    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(socket, "getaddrinfo", lookup)


def test_a_machine_without_a_way_to_the_internet_says_so_once_and_blames_no_link(guide, cast, no_way_out):
    builders.write(guide, cast["author"], Kind.PREPARATION, "[A](https://a.invalid/1) [B](https://b.invalid/)")
    out, said, code = _said()
    assert (out, code) == ("", 1)
    assert said.startswith(
        "None of the 2 addresses could be reached: this machine seems to have no way to the internet."
    )


def test_one_host_alone_may_be_gone_and_is_named(guide, cast, no_way_out):
    builders.write(guide, cast["author"], Kind.PREPARATION, "[A](https://a.invalid/1) [B](https://a.invalid/2)")
    out, said, code = _said()
    assert (said, code) == ("Broken: 2.", 1)
    assert "https://a.invalid/1\n  broken: there is no such host\n  in Cold therapy: Preparation" in out


@pytest.mark.parametrize("path", ["200", "404", "hangs-up"])
def test_where_any_host_answers_each_host_that_is_gone_is_named(guide, cast, site, no_way_out, path):
    text = f"[A](https://a.invalid/1) [B](https://b.invalid/) [C]({site}/{path})"
    builders.write(guide, cast["author"], Kind.PREPARATION, text)
    out, said, code = _said()
    assert (said, code) == (f"Broken: {2 if path == '200' else 3}.", 1)
    assert out.count("broken: there is no such host") == 2


def test_a_way_that_leads_from_a_host_to_none_is_no_sign_of_a_machine_without_internet(site, no_way_out):
    assert ask("https://a.invalid/") == Answer("https://a.invalid/", Verdict.BROKEN, "there is no such host", True)
    assert not ask(f"{site}/to-nowhere").is_out_of_reach


def test_a_site_without_links_asks_nothing(db):
    assert _said() == ("Addresses asked: 0. Moved for good: 0. Answer to browsers only: 0.\n", "", 0)
