"""Typed readers of the environment that stop with an instruction when a value is missing or weak."""

from __future__ import annotations

import os
import re
import zoneinfo
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.conf.global_settings import LANGUAGES
from django.core.exceptions import ImproperlyConfigured

HOST_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\Z", re.IGNORECASE)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "::1")
SECRET_KEY_LENGTH = 50


def load_file(checkout: Path) -> None:
    """Read the file named by PLAINLEAF_ENV_FILE (default: `.env` in the checkout; empty: none).

    A variable that is already in the environment wins over the file.
    """
    name = os.environ.get("PLAINLEAF_ENV_FILE", ".env")
    if name and (checkout / name).is_file():
        environ.Env.read_env(checkout / name)


def text(name: str, default: str | None = None, *, hint: str = "") -> str:
    """Return a text. Raises ImproperlyConfigured with what to do when it is missing and has no default."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. {hint or 'Set it in the environment or in .env.'}")
    return value


def switch(name: str, default: bool) -> bool:
    """Return a yes/no setting: on, yes, true, 1 or off, no, false, 0."""
    value = os.environ.get(name, "").strip().lower()
    if value in ("on", "yes", "true", "1"):
        return True
    if value in ("off", "no", "false", "0"):
        return False
    if value == "":
        return default
    raise ImproperlyConfigured(f"{name} is “{value}”. Write on or off.")


def debug(*, allowed: bool) -> bool:
    """Return DEBUG; it is refused where visitors could see Django's error pages."""
    value = switch("DEBUG", False)
    if value and not allowed:
        raise ImproperlyConfigured(
            "DEBUG is on, and in production its error pages would show visitors how the site is built. "
            "Set DEBUG=off, or PLAINLEAF_MODE=local for a trial on this computer."
        )
    return value


def number(name: str, default: int, *, at_least: int, at_most: int) -> int:
    """Return a whole number within the two bounds, both included."""
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isascii() or not value.isdigit() or not at_least <= int(value) <= at_most:
        raise ImproperlyConfigured(
            f"{name} is “{value}”. Write a whole number from {at_least} to {at_most}, such as {default}."
        )
    return int(value)


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """Return one of the allowed words."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is “{value}”. Write one of: {', '.join(allowed)}.")
    return value


def is_weak_key(value: str) -> bool:
    """Whether a secret key is short or plainly made up."""
    return len(value) < SECRET_KEY_LENGTH or len(set(value)) < 10 or "insecure" in value


def secret_key(*, strict: bool) -> str:
    """Return SECRET_KEY; with `strict`, refuse one that is short or plainly made up."""
    make_one = (
        'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(50))" '
        "and set it as SECRET_KEY; or run `make run` once, which writes a .env file for local use."
    )
    value = text("SECRET_KEY", hint=make_one)
    if strict and is_weak_key(value):
        raise ImproperlyConfigured(
            f"SECRET_KEY is too weak: it needs at least {SECRET_KEY_LENGTH} random characters. {make_one}"
        )
    return value


def hosts(*, strict: bool) -> list[str]:
    """Return the host names the site answers to; `strict` refuses an empty list and wildcards."""
    if not strict:
        return list(LOOPBACK)
    value = [
        host.strip()
        for host in text("ALLOWED_HOSTS", hint="Set it to the names of your site, such as guides.example.org.").split(
            ","
        )
        if host.strip()
    ]
    for host in value:
        if not HOST_NAME.match(host):
            raise ImproperlyConfigured(
                f"ALLOWED_HOSTS has “{host}”. Write the whole names of your site alone, without https:// and "
                "without *, such as guides.example.org."
            )
    return value


def site_url(*, strict: bool, port: int, hosts: list[str]) -> str:
    """Return the site's own address without a slash at its end; `strict` refuses plain http and unknown hosts."""
    value = text(
        "SITE_URL",
        None if strict else f"http://localhost:{port}",
        hint="Set it to the address that patients type, such as https://guides.example.org.",
    )
    if strict and not value.startswith("https://"):
        raise ImproperlyConfigured(
            f"SITE_URL is “{value}”. In production it must begin with https://, so that sign-in cookies "
            "never travel in the open. For a trial on this computer set PLAINLEAF_MODE=local."
        )
    parts = urlsplit(value)
    if strict and (parts.hostname not in hosts or parts.path.strip("/") or parts.query or parts.fragment):
        raise ImproperlyConfigured(
            f"SITE_URL is “{value}”. Write https:// and one of the names in ALLOWED_HOSTS, and nothing after it, "
            f"such as https://{hosts[0] if hosts else 'guides.example.org'}."
        )
    return value.rstrip("/")


def bind_address(*, strict: bool) -> str:
    """Return the address the server listens on; in local mode only this computer's own."""
    value = text("HOST", "127.0.0.1")
    if not strict and value not in LOOPBACK:
        raise ImproperlyConfigured(
            f"HOST is “{value}”. In local mode Plainleaf answers only on this computer: use 127.0.0.1, "
            "or set PLAINLEAF_MODE=production and the settings that it then asks for."
        )
    return value


def contact(name: str) -> str:
    """Return an address for security.txt as a URI, `mailto:` before an e-mail address; empty where there is none."""
    value = text(name, "")
    if "@" in value and not value.startswith(("mailto:", "https://")):
        value = f"mailto:{value}"
    if value and (not value.startswith(("mailto:", "https://")) or not value.isascii() or len(value.split()) > 1):
        raise ImproperlyConfigured(
            f"{name} is “{value}”. Write an e-mail address, or an address that begins with https://, "
            "such as security@example.org."
        )
    return value


def time_zone(default: str) -> str:
    """Return the clinic's time zone, a name of the IANA list."""
    value = text("TIME_ZONE", default)
    if value not in zoneinfo.available_timezones():
        raise ImproperlyConfigured(f"TIME_ZONE is “{value}”. Write a name of the IANA list, such as America/New_York.")
    return value


def language(default: str) -> str:
    """Return the language of the site's own words, one that Django knows."""
    value = text("LANGUAGE_CODE", default)
    known = {code for code, _ in LANGUAGES}
    if value.lower() not in known and value.lower().partition("-")[0] not in known:
        raise ImproperlyConfigured(f"LANGUAGE_CODE is “{value}”. Write a language's code, such as en-us, es or fr.")
    return value


def database(default: str) -> dict[str, Any]:
    """Return the database: SQLite or PostgreSQL, the two that the record's triggers are written for."""
    read = url("DATABASE_URL", default, "db_url_config", ("sqlite", "postgres", "postgresql", "pgsql", "psql"))
    if "postgresql" in read["ENGINE"]:
        require_package("DATABASE_URL", "psycopg")
    return read


def cache(default: str) -> dict[str, Any]:
    """Return the cache: files or Redis. Others are not shared by the workers, and sign-in limits live there."""
    read = url("CACHE_URL", default, "cache_url_config", ("filecache", "redis", "rediss", "rediscache"))
    if "redis" in read["BACKEND"].lower():
        require_package("CACHE_URL", "redis")
    return read


def require_package(name: str, package: str) -> None:
    """Raise ImproperlyConfigured where a setting names PostgreSQL or Redis, and what speaks to it is missing."""
    if find_spec(package) is None:
        raise ImproperlyConfigured(
            f"{name} needs the package {package}, which is not installed: make prepare installs it."
        )


def url(name: str, default: str, reader: str, schemes: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what django-environ's `reader` (db_url_config, cache_url_config, email_url_config) makes of a URL.

    Raises ImproperlyConfigured for a URL that cannot be read, or whose scheme is not among `schemes` (empty: any).
    """
    value = text(name, default)
    example = default or "smtp://localhost:25"
    scheme = value.partition(":")[0]
    if schemes and scheme not in schemes:
        raise ImproperlyConfigured(
            f"{name} begins with “{scheme}:”. Write one that begins with {', '.join(schemes)}, such as {example}."
        )
    try:
        return getattr(environ.Env, reader)(value)
    except (ValueError, KeyError, AttributeError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} cannot be read ({error}). Write it as a URL, such as {example}.") from error
