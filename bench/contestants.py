"""Who serves the page in `bench/serving.py`, and how each is started: on this computer alone, each with two workers."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import brotli

from bench.processes import wait_until_quiet
from bench.rounds import Contestant
from bench.sample_site import NotStarted, Running, end, free_port, running, sample_server
from config.check import CHECKOUT, clean_environment

PATH = "/guides/mesotherapy/"
WARM, NOT_MODIFIED, COLD = "Plainleaf, warm", "Plainleaf, 304", "Plainleaf, cold"
NGINX, BARE, CACHED = "nginx, stored brotli", "bare WSGI on granian", "Django's cache middleware"
ACCEPT = {"Accept-Encoding": "br, gzip"}
# What a server says for itself.
OF_A_SERVER = ("server", "date", "connection", "keep-alive", "transfer-encoding", "content-length")
UNDO: Mapping[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}
ALIKE = 0.10
FOLDERS_OF_SERVERS = ("/usr/sbin", "/usr/local/sbin")
SECONDS_TO_BEGIN = 10
# Debian's own settings as far as they matter here, without its log; and no connection is closed after 1,000 requests.
NGINX_SETTINGS = """\
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 768; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  types {{ }}
  default_type "{media_type}";
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/pages;
{headers}
  }}
}}
"""


class NotComparable(Exception):
    """A contestant answers something else than the page; the text says what."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    sent: bytes

    def header(self, name: str, otherwise: str = "") -> str:
        return next((value for key, value in self.headers if key == name), otherwise)

    @property
    def encoding(self) -> str:
        return self.header("content-encoding", "identity")

    @property
    def body(self) -> bytes:
        return UNDO[self.encoding](self.sent)


@dataclass(frozen=True)
class StoredPage:
    """The page as Plainleaf answers it, compressed with brotli, with the headers that it has wherever it comes from."""

    html: bytes
    brotli: bytes
    headers: tuple[tuple[str, str], ...]


def ask(address: str, headers: Mapping[str, str]) -> Answer:
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    connection.request("GET", parts.path, headers=dict(headers))
    response = connection.getresponse()
    told = tuple((name.lower(), value) for name, value in response.getheaders())
    answer = Answer(response.status, told, response.read())
    connection.close()
    return answer


def stored(answer: Answer) -> StoredPage:
    """Return what nginx and the bare application are to serve; compressed here if it was not sent as brotli."""
    compressed = answer.sent if answer.encoding == "br" else brotli.compress(answer.body, quality=11)
    kept = [(name, value) for name, value in answer.headers if name not in (*OF_A_SERVER, "content-encoding")]
    told = (("content-encoding", "br"), ("content-length", str(len(compressed))))
    return StoredPage(answer.body, compressed, (*kept, *told))


def checked(contestant: Contestant, page: StoredPage) -> Contestant:
    """Return the contestant with what it answers. Raises NotComparable unless that is the page, or 304 and nothing."""
    answer = ask(contestant.address, contestant.headers)
    told = f"{answer.status} {answer.encoding if answer.sent else ''}".strip()
    if answer.status == 200:
        if abs(len(answer.body) - len(page.html)) > ALIKE * len(page.html) or b"</h1>" not in answer.body:
            raise NotComparable(f"{contestant.name} answers {len(answer.body):,} bytes, not the {len(page.html):,}")
    elif answer.status != 304 or "If-None-Match" not in contestant.headers:
        raise NotComparable(f"{contestant.name} answers {answer.status}")
    return replace(contestant, answer=told, size=len(answer.sent))


# Each of them


@contextmanager
def plainleaf() -> Iterator[list[Contestant]]:
    """Yield the product's own three: from memory, unchanged since last time, and made by Django for staff's cookie."""
    with sample_server() as server:
        wait_until_quiet(server.pid)
        address = server.origin + PATH
        ours = [Contestant(WARM, address, ACCEPT, server.pid)]
        if tag := ask(address, ACCEPT).header("etag"):
            ours.append(Contestant(NOT_MODIFIED, address, {**ACCEPT, "If-None-Match": tag}, server.pid))
        ours.append(Contestant(COLD, address, {**ACCEPT, "Cookie": "session=x"}, server.pid))
        yield ours


@contextmanager
def django_cached() -> Iterator[Contestant]:
    """Yield the product's own view behind Django's cache of whole pages (`bench/cached_settings.py`)."""
    with sample_server({"DJANGO_SETTINGS_MODULE": "bench.cached_settings"}) as server:
        wait_until_quiet(server.pid)
        address = server.origin + PATH
        if not ask(address, ACCEPT).header("expires"):
            raise NotComparable(f"{CACHED} did not keep the page: the answer does not say when it expires")
        yield Contestant(CACHED, address, ACCEPT, server.pid)


@contextmanager
def bare(page: StoredPage) -> Iterator[Contestant]:
    with tempfile.TemporaryDirectory(prefix="plainleaf-") as folder:
        (Path(folder) / "body").write_bytes(page.brotli)
        (Path(folder) / "headers.json").write_text(json.dumps(page.headers))
        asked = {"DJANGO_SETTINGS_MODULE": "bench.bare_site", "BARE_ANSWER": folder}
        with on_granian(sys.executable, Path(folder), asked) as server:
            yield Contestant(BARE, server.origin + PATH, ACCEPT, server.pid)


@contextmanager
def on_granian(python: str, data: Path, environment: Mapping[str, str]) -> Iterator[Running]:
    """Serve other settings than the product's in the product's server, under that Python."""
    with running([python, "-m", "bench.on_granian"], clean_environment(os.environ, data) | environment) as server:
        wait_until_quiet(server.pid)
        yield server


@contextmanager
def nginx(page: StoredPage) -> Iterator[Contestant]:
    """Yield nginx with the page as a file, and a header that says brotli: it needs no module. Raises NotStarted."""
    with tempfile.TemporaryDirectory(prefix="plainleaf-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)  # started as root, its workers are somebody else
        file = folder / "pages" / PATH.strip("/") / "index.html"
        file.parent.mkdir(parents=True)
        file.write_bytes(page.brotli)
        (folder / "nginx.conf").write_text(nginx_settings(folder, port, page))
        server = subprocess.Popen(
            [found("nginx") or "nginx", "-e", "stderr", "-p", name, "-c", str(folder / "nginx.conf")],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            wait_until_it_listens(server, port)
            yield Contestant(NGINX, f"http://localhost:{port}{PATH}", ACCEPT, server.pid)
        finally:
            end(server)


def nginx_settings(folder: Path, port: int, page: StoredPage) -> str:
    of_nginx = ("content-length", "content-type", "etag", "last-modified")
    headers = dict(page.headers)
    lines = (f"    add_header {name} {quoted(value)};" for name, value in page.headers if name not in of_nginx)
    media_type = headers["content-type"]
    return NGINX_SETTINGS.format(folder=folder, port=port, media_type=media_type, headers="\n".join(lines))


def quoted(value: str) -> str:
    """Return a header's value as nginx's settings want it. Raises NotComparable for what would be a variable."""
    if "$" in value:
        raise NotComparable(f"nginx cannot send the header “{value}” as it is")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def wait_until_it_listens(server: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_BEGIN
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    server.terminate()
    raise NotStarted(f"nginx did not begin to listen: {server.communicate()[0].strip()}")


def found(program: str) -> str | None:
    """Return where a program is, if it is installed: nginx is where Debian's users do not look."""
    return shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), *FOLDERS_OF_SERVERS]))


def lacking(program: str) -> bool:
    return found(program) is None
