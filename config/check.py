"""Runs the tests, and everything else that a change must pass; one list, `STEPS`, says what that is.

`make test` and `make check` call it with the environment's Python. Standard library only.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
PYTHON_FILES = "{python files}"
SOURCES = ("config", "education", "clinic", "tests", "bench")
POSTGRES = "postgres://postgres@127.0.0.1:5432/plainleaf"
REDIS = "redis://127.0.0.1:6379/5"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# A browser that starts as root in a container, and asks for nothing but the pages it is sent to.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Every variable that settings.py reads: no check may depend on what the person running it has set.
SETTINGS = (
    "PLAINLEAF_MODE", "PLAINLEAF_ENV_FILE", "DEBUG", "SECRET_KEY", "SAMPLE", "SAMPLE_STAFF_PASSWORD",
    "HOST", "PORT", "WORKERS", "PROXY_COUNT", "ALLOWED_HOSTS", "SITE_URL",
    "DATA_DIR", "DATABASE_URL", "CACHE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL",
    "LANGUAGE_CODE", "TIME_ZONE", "REVIEW_BY_SECOND_PERSON", "STAFF_MFA_REQUIRED",
    "LOG_FORMAT", "LOG_REQUESTS", "ERROR_REPORTS", "SECURITY_CONTACT",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One check: its name, the Python arguments that run it, and the settings it runs under."""

    name: str
    arguments: Sequence[str]
    settings: Mapping[str, str] = field(default_factory=dict)
    needs_services: bool = False


# What `manage.py check --deploy` judges: the settings that docs/settings.md asks of a real site.
PRODUCTION = {
    "PLAINLEAF_MODE": "production",
    "ALLOWED_HOSTS": "guides.example.org",
    "SITE_URL": "https://guides.example.org",
    "TIME_ZONE": "America/New_York",
    "EMAIL_URL": "smtp://localhost:25",
    "DEFAULT_FROM_EMAIL": "Harbour Clinic <guides@example.org>",
}
REQUIRE_BROWSER = {"REQUIRE_BROWSER": "1"}
# The whole suite is shared out among the processors by module, so that none makes again what another one has made, and
# in order, so that the stories come last in each process.
WHOLE_SUITE = ("-m", "pytest", "-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder")

STEPS = (
    Step("format", ("-m", "ruff", "format", "--check", ".")),
    Step("lint", ("-m", "ruff", "check", ".")),
    Step("templates", ("-m", "djlint", "templates", "--lint", "--quiet")),
    Step("django-upgrade", ("-m", "django_upgrade", "--target-version", "5.2", "--check", PYTHON_FILES)),
    Step("types", ("-m", "mypy", ".")),
    Step("migrations", ("manage.py", "makemigrations", "--check", "--dry-run")),
    Step("deploy", ("manage.py", "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    Step("tests-sqlite", WHOLE_SUITE, REQUIRE_BROWSER),
    # What asks for neither a database nor the cache has been proved; what a page looks like, and what keys and scripts
    # do on it, depends on neither.
    Step("tests-services", (*WHOLE_SUITE, "-m", "stored and not looks"), REQUIRE_BROWSER, needs_services=True),
)

FORMAT = (
    Step("format", ("-m", "ruff", "format", ".")),
    Step("lint", ("-m", "ruff", "check", "--fix", ".")),
)


def main(arguments: Sequence[str]) -> int:
    """Run `test [pytest's arguments]`, `check` or `format`. Returns the exit code of what failed, or 0."""
    os.chdir(CHECKOUT)
    command, rest = arguments[0], arguments[1:]
    try:
        if command == "test":
            return run(Step("tests", ("-m", "pytest", *rest) if rest else WHOLE_SUITE), os.environ)
        return run_all(FORMAT if command == "format" else STEPS, os.environ)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def run_all(steps: Sequence[Step], environ: Mapping[str, str]) -> int:
    """Run the steps in order, without those that SKIP names, up to the first that fails. Returns its code."""
    skipped = environ.get("SKIP", "").replace(",", " ").split()
    unknown = sorted(set(skipped) - {step.name for step in steps})
    if unknown:
        say(f"SKIP names no step: {', '.join(unknown)}. The steps: {', '.join(step.name for step in steps)}.")
        return 2
    begun = time.monotonic()
    for step in steps:
        if step.name in skipped:
            say(f"== {step.name}: left out by SKIP")
            continue
        missing = unreachable(services(environ)) if step.needs_services else ""
        if missing and environ.get("REQUIRE_SERVICES") != "1":
            say(f"== {step.name}: left out, {missing}")
            continue
        say(f"== {step.name}")
        started = time.monotonic()
        code = run(step, environ)
        say(f"== {step.name}: {'failed' if code else 'passed'} after {time.monotonic() - started:.1f} s")
        if code:
            return code
    say(f"All passed after {time.monotonic() - begun:.1f} s.")
    return 0


def run(step: Step, environ: Mapping[str, str]) -> int:
    """Run one step in a process of its own, with an empty data folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="plainleaf-") as data:
        environment = {**clean_environment(environ, Path(data)), **step.settings}
        if step.needs_services:
            environment |= services(environ)
        command = [sys.executable, *expand(step.arguments)]
        return subprocess.run(command, env=environment, check=False).returncode


def clean_environment(environ: Mapping[str, str], data: Path) -> dict[str, str]:
    """Return the environment without the caller's settings: no `.env`, new secrets, this data folder."""
    kept = {name: value for name, value in environ.items() if name not in (*SETTINGS, "DJANGO_SETTINGS_MODULE")}
    return kept | {
        "PLAINLEAF_MODE": "local",
        "PLAINLEAF_ENV_FILE": "",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SAMPLE_STAFF_PASSWORD": secrets.token_urlsafe(12),
        "DATA_DIR": str(data),
    }


def expand(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with PYTHON_FILES replaced by the paths of the project's own."""
    folders = [CHECKOUT / name for name in SOURCES]
    files = [CHECKOUT / "manage.py", *(path for folder in folders for path in sorted(folder.rglob("*.py")))]
    names = [str(path.relative_to(CHECKOUT)) for path in files]
    return [word for argument in arguments for word in (names if argument == PYTHON_FILES else [argument])]


def services(environ: Mapping[str, str]) -> dict[str, str]:
    """Return where PostgreSQL and Redis are: the caller's own addresses of such, else the usual ones."""
    database, cache = environ.get("DATABASE_URL", ""), environ.get("CACHE_URL", "")
    return {
        "DATABASE_URL": database if database.startswith("postgres") else POSTGRES,
        "CACHE_URL": cache if cache.startswith("redis") else REDIS,
    }


def unreachable(addresses: Mapping[str, str]) -> str:
    """Return why PostgreSQL or Redis cannot be used, or nothing."""
    questions = {
        "PostgreSQL": (
            "import psycopg, sys; psycopg.connect(sys.argv[1], dbname='postgres', connect_timeout=3).close()",
            addresses["DATABASE_URL"],
        ),
        "Redis": (
            "import redis, sys; redis.Redis.from_url(sys.argv[1], socket_connect_timeout=3).ping()",
            addresses["CACHE_URL"],
        ),
    }
    for name, (question, address) in questions.items():
        command = [sys.executable, "-c", question, address]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
        if asked.returncode:
            lines = asked.stderr.strip().splitlines() or ["no reason was given"]
            return f"{name} is not reachable here ({lines[-1]})"
    return ""


def chromium() -> str | None:
    """Return the path of a Chromium: CHROMIUM, or the first on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
