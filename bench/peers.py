"""How fast Wagtail serves the same page, in the same rounds: `make bench-peers`; `--help` says more. For maintainers.

Method. As `bench/serving.py`, with two contestants more: Wagtail as its start template sets it up for production, and
the same with Django's cache middleware around it, which keeps whole pages in each worker's memory. It is the newest
Wagtail on Python 3.12, in an environment of its own, in the same server with the same settings, on SQLite. Its site
(`bench/wagtail_site/`) has the same menu, the same contents and the overview as Plainleaf renders it: the text as a
block of rich text, what stands below it as a block of HTML. So it has nothing to look up for terms, sources and
providers, which is kind to it. Nothing is compressed, as its template has it. Its page may differ by a tenth in size.

The environment is made once, in the user's folder for caches, and needs the network for that alone. Remove the folder
to have a newer Wagtail.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.contestants import ACCEPT, PATH, StoredPage, on_granian
from bench.rounds import Contestant
from bench.sample_site import NotStarted
from bench.serving import BESIDE_PEERS, INSTALL, TARGETS, WAGTAIL, WAGTAIL_CACHED, parse, progress, run
from config.check import CHECKOUT, clean_environment

PYTHON_NAME = "python3.12"
MADE = "made"
ASK_VERSIONS = "from importlib.metadata import version; print(version('wagtail'), 'on Django', version('Django'))"
DESCRIPTION = (
    "Measures how fast one page is served by Plainleaf, by Wagtail and by others, in the same rounds. It needs wrk and "
    "a Python 3.12; without nginx the rest is measured. The first time it installs Wagtail into an environment of its "
    f"own, in the user's folder for caches, for which it needs the network. {INSTALL}"
)
EXAMPLE = """\
Examples, as usual, with a Python that is not on the PATH, and to keep the figures:

  make bench-peers
  PYTHON312=/opt/python3.12/bin/python3 make bench-peers
  make bench-peers ARGS=--write
"""


def main(arguments: Sequence[str]) -> int:
    """Measure and print. Returns 0 when every target is met, 1 when one is missed, 2 when nothing could be measured."""
    options = parse(arguments, "bench.peers", DESCRIPTION, EXAMPLE)
    try:
        python = environment(os.environ)
    except NotStarted as failure:
        progress("")
        print(f"Nothing was measured: {failure}", file=sys.stderr)
        return 2
    told = quietly([python, "-c", ASK_VERSIONS]).strip()
    more = [f"Wagtail {told} and Python 3.12"]
    return run("peers", options, (*TARGETS, *BESIDE_PEERS), partial(wagtail, python), more)


# The environment


def environment(environ: Mapping[str, str]) -> str:
    """Return the Python of Wagtail's environment, which is made if it is not there. Raises NotStarted."""
    folder = cache(environ) / folder_name()
    python = folder / "bin" / "python"
    if (folder / MADE).exists():
        return str(python)
    base = python312(environ)
    progress("Installing Wagtail, once")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        quietly([base, "-m", "venv", str(folder)])
        quietly([str(python), "-m", "pip", "install", "--quiet", "wagtail", f"granian=={version('granian')}"])
    except subprocess.CalledProcessError as failure:
        raise NotStarted(f"Wagtail could not be installed: {failure.stdout.strip()}") from failure
    (folder / MADE).touch()
    return str(python)


def folder_name() -> str:
    return f"wagtail-granian-{version('granian')}"


def cache(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "plainleaf"


def python312(environ: Mapping[str, str]) -> str:
    """Return a Python 3.12 that starts: PYTHON312, or the one on the PATH. Raises NotStarted."""
    name = environ.get("PYTHON312") or shutil.which(PYTHON_NAME) or PYTHON_NAME
    try:
        told = quietly([name, "-c", "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"])
    except (OSError, subprocess.CalledProcessError):
        told = ""
    if told.strip() != "3.12":
        raise NotStarted(f"{name} is no Python 3.12 that can make environments. Name one: PYTHON312=… make bench-peers")
    return name


def quietly(command: Sequence[str], given: str = "", settings: Mapping[str, str] | None = None) -> str:
    """Run to the end and return what was printed. Raises CalledProcessError, with that in it."""
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=settings,
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return done.stdout


# Its site


@contextmanager
def wagtail(python: str, page: StoredPage) -> Iterator[list[Contestant]]:
    """Yield Wagtail without and with its pages cached, on one database. Raises NotStarted."""
    with tempfile.TemporaryDirectory(prefix="plainleaf-") as name:
        data = Path(name)
        settings = {"DJANGO_SETTINGS_MODULE": "bench.wagtail_site.settings"}
        progress("Filling Wagtail")
        try:
            quietly(
                [python, "-m", "bench.wagtail_site.fill"],
                given=json.dumps(content(page.html.decode())),
                settings=clean_environment(os.environ, data) | settings,
            )
        except subprocess.CalledProcessError as failure:
            raise NotStarted(f"Wagtail could not be filled: {failure.stdout.strip()}") from failure
        progress("Starting Wagtail")
        with (
            on_granian(python, data, settings) as stock,
            on_granian(python, data, settings | {"WAGTAIL_PAGES_CACHED": "1"}) as cached,
        ):
            yield [
                Contestant(WAGTAIL_CACHED, cached.origin + PATH, ACCEPT, cached.pid),
                Contestant(WAGTAIL, stock.origin + PATH, ACCEPT, stock.pid),
            ]


def content(markup: str) -> dict[str, Any]:
    """Return what the page consists of: titles, menus, the text, and what stands below it."""
    name = between(markup, '<a class="masthead-name"', "</a>")
    below = between(markup, "</article>", "</main>")
    return {
        "site": words(name.partition(">")[2]),
        "menu": links(between(markup, '<nav aria-label="This site"', "</nav>")),
        "slug": PATH.strip("/").rpartition("/")[2],
        "title": words(between(markup, "<h1>", "</h1>")),
        "lead": words(between(markup, '<p class="lead">', "</p>")),
        # The first is the overview itself.
        "contents": links(between(markup, '<nav class="guide-nav"', "</ol>"))[1:],
        "text": between(markup, '<article class="prose">', "</article>"),
        # Without what closes the elements that only Plainleaf's page has.
        "rest": below[: below.rindex("</section>") + len("</section>")],
    }


def between(markup: str, start: str, end: str) -> str:
    """Return what stands after the first `start`, up to the next `end`."""
    return markup.partition(start)[2].partition(end)[0]


def links(markup: str) -> list[tuple[str, str]]:
    """Return the last part of each link's address, and its words."""
    found = re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', markup)
    return [(address.strip("/").rpartition("/")[2], words(text)) for address, text in found]


def words(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
