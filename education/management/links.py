"""Where links to other sites stand, and whether they answer: asked by a command, never while a page is read."""

from __future__ import annotations

import errno
import http.client
import socket
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import Enum
from html.parser import HTMLParser
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import quote, urldefrag, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils.encoding import iri_to_uri

from education.models import Edition, Guide, Source
from education.rendering import keys
from education.working_copy import assemble, contents

SECONDS = 10
SILENT = f"no answer within {SECONDS} seconds"
HOSTS_AT_ONCE = 8
NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
# Publishers answer so to every program; a person with a browser has to look.
FOR_PEOPLE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
FOR_GOOD = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)


# Where links stand


class _Links(HTMLParser):
    """Collects the web addresses that a page links to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") or ""
        if tag == "a" and is_web(href):
            self.found.append(href)


def is_web(address: str) -> bool:
    """Return whether this is an address that may be asked: http or https, and nothing else."""
    return address.lower().startswith(("http://", "https://"))


def links(guides: QuerySet[Guide], *, every_source: bool) -> dict[str, list[str]]:
    """Return each address once, with the places where it stands: pages being written, live editions, sources.

    `every_source`: also the sources that none of these guides uses.
    """
    found: dict[str, list[str]] = {}
    used: set[str] = set()
    for guide in guides:
        pages = contents(guide.pages.kept())
        rendered, _ = assemble(guide, pages).rendered()
        used.update(key for page in pages for key in keys(page.markdown).sources)
        used.update(key for page in pages for entry in page.entries for key in entry["sources"])
        for page, shown in zip(pages, rendered, strict=True):
            _add(found, _Links(shown.html).found, f"{guide.title}: {page.title} (being written)")
        for edition in Edition.objects.live().filter(guide=guide):
            used.update(source["key"] for source in edition.sources)
            for row in edition.pages.order_by("position").with_html():
                _add(
                    found, _Links(row.html or "").found, f"{guide.title}: {row.title} (edition {edition.number}, live)"
                )
    for source in Source.objects.all() if every_source else Source.objects.filter(key__in=used):
        _add(found, addresses_of(source), f"source {source.key}")
    return found


def addresses_of(source: Source) -> Iterator[str]:
    """Yield the web addresses of a source: its own, that of its DOI, that of its PubMed number."""
    if is_web(source.url):
        yield source.url
    if source.doi:
        yield f"https://doi.org/{quote(source.doi)}"
    if source.pmid:
        yield f"https://pubmed.ncbi.nlm.nih.gov/{quote(source.pmid, safe='')}/"


def _add(found: dict[str, list[str]], addresses: Iterable[str], place: str) -> None:
    for address in addresses:
        # What follows # is for the browser; the server is never asked for it.
        places = found.setdefault(urldefrag(address)[0], [])
        if place not in places:
            places.append(place)


# Whether they answer


class Verdict(Enum):
    """What became of an address."""

    ANSWERS = "answers"
    MOVED = "moved for good"
    FOR_PEOPLE = "answers to browsers only"
    BROKEN = "broken"


@dataclass(frozen=True)
class Answer:
    """`said` tells more, in words: the new address, or what is wrong. `is_out_of_reach`: no host was met at all."""

    address: str
    verdict: Verdict
    said: str = ""
    is_out_of_reach: bool = False


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects with the same method, to the web alone, and remembers where they lead for good."""

    def __init__(self) -> None:
        self.moved_to = ""
        self.for_good = True
        self.followed = False

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request:
        if not is_web(newurl):
            raise urllib.error.HTTPError(newurl, code, "it leads to something that is no web address", headers, fp)
        # A permanent step behind a passing one says nothing about the address that was asked for.
        self.followed = True
        self.for_good = self.for_good and code in FOR_GOOD
        if self.for_good:
            self.moved_to = newurl
        return _request(newurl, req.get_method())


def _request(address: str, method: str) -> urllib.request.Request:
    headers = {"User-Agent": f"Plainleaf link check (+{settings.SITE_URL})", "Accept": "*/*"}
    return urllib.request.Request(_plain(address), headers=headers, method=method)  # noqa: S310  # is_web() was asked


def _plain(address: str) -> str:
    """Return an address in ASCII, as HTTP wants it. Raises ValueError for a host that has no such form."""
    parts = urlsplit(address)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    return iri_to_uri(parts._replace(netloc=host).geturl())


def ask(address: str) -> Answer:
    """Ask for an address with HEAD, and with GET where HEAD is refused. Reads no body. Raises nothing.

    Gives up where nothing comes for 10 seconds.
    """
    answer = _asked(address, "HEAD")
    # Some servers know no HEAD, and say so in many ways. One that is silent would only be silent once more.
    refused = answer.verdict in (Verdict.BROKEN, Verdict.FOR_PEOPLE)
    again = refused and answer.said != SILENT and not answer.is_out_of_reach
    return _asked(address, "GET") if again else answer


def _asked(address: str, method: str) -> Answer:
    redirects = _Redirects()
    opener = urllib.request.build_opener(redirects)
    try:
        with opener.open(_request(address, method), timeout=SECONDS):
            moved = redirects.moved_to
            return Answer(address, Verdict.MOVED, moved) if moved else Answer(address, Verdict.ANSWERS)
    except urllib.error.HTTPError as error:
        with error:
            verdict = Verdict.FOR_PEOPLE if error.code in FOR_PEOPLE else Verdict.BROKEN
            return Answer(address, verdict, f"{error.code} {error.reason}")
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        no_host = isinstance(reason, socket.gaierror) or getattr(reason, "errno", None) in NO_WAY
        return Answer(address, Verdict.BROKEN, _in_words(reason), no_host and not redirects.followed)


def _in_words(reason: BaseException | str) -> str:
    if isinstance(reason, TimeoutError):
        return SILENT
    if isinstance(reason, socket.gaierror):
        return "there is no such host"
    if isinstance(reason, ConnectionError):
        return "the host ends the connection"
    return str(reason) or type(reason).__name__


def ask_all(addresses: Iterable[str]) -> Iterator[Answer]:
    """Yield the answer of each address as it comes: several hosts at once, one address at a time of each host."""
    by_host: dict[str, list[str]] = {}
    for address in addresses:
        by_host.setdefault(host(address), []).append(address)
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        running = {pool.submit(ask, next(rest)): rest for rest in map(iter, by_host.values())}
        while running:
            for asked in wait(running, return_when=FIRST_COMPLETED).done:
                rest = running.pop(asked)
                yield asked.result()
                if following := next(rest, None):
                    running[pool.submit(ask, following)] = rest


def host(address: str) -> str:
    """Return the host of an address, with its port; empty for one that has none."""
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:  # such as https://[
        return ""
