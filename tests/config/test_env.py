"""Settings are refused with a sentence that names the setting and says what to write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

CHECKOUT = Path(__file__).resolve().parent.parent.parent
KEY = "8kV0nJr2QzXw7LbT5sYf3hGd9mPc1aEu6iRo4vNx-BtKqWjHyZl"
SITE = {
    "PLAINLEAF_MODE": "production",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "guides.example.org",
    "SITE_URL": "https://guides.example.org",
}


def start(**settings: str) -> str:
    """Return what `manage.py check` says under these settings alone; empty when it is content."""
    environment = {"PATH": os.environ["PATH"], "PLAINLEAF_ENV_FILE": "", **settings}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.stderr if done.returncode else ""


REFUSED = {
    "no key": ({"SECRET_KEY": ""}, "SECRET_KEY is not set. Make one with"),
    "a short key": ({"SECRET_KEY": "short"}, "SECRET_KEY is too weak"),
    "a key of one letter": ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is too weak"),
    "an unknown mode": ({"PLAINLEAF_MODE": "staging"}, "Write one of: production, local"),
    "error pages for everyone": ({"DEBUG": "on"}, "Set DEBUG=off"),
    "a switch that is neither": ({"DEBUG": "maybe"}, "Write on or off"),
    "no hosts": ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set. Set it to the names"),
    "any host": ({"ALLOWED_HOSTS": "*"}, "without *"),
    "every host of a domain": ({"ALLOWED_HOSTS": ".org"}, "whole names"),
    "a host with a scheme": ({"ALLOWED_HOSTS": "https://guides.example.org"}, "without https://"),
    "no address": ({"SITE_URL": ""}, "SITE_URL is not set"),
    "plain http": ({"SITE_URL": "http://guides.example.org"}, "must begin with https://"),
    "an address without a host": ({"SITE_URL": "https://"}, "one of the names in ALLOWED_HOSTS"),
    "an address with a path": ({"SITE_URL": "https://guides.example.org/a"}, "nothing after it"),
    "somebody else's address": ({"SITE_URL": "https://example.net"}, "such as https://guides.example.org"),
    "a port that is none": ({"PORT": "eighty"}, "Write a whole number from 1 to 65535"),
    "a port too high": ({"PORT": "70000"}, "Write a whole number from 1 to 65535"),
    "an unknown time zone": ({"TIME_ZONE": "Mars/Olympus"}, "such as America/New_York"),
    "an unknown language": ({"LANGUAGE_CODE": "zz-zz"}, "such as en-us"),
    "another database": ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL begins with “mysql:”. Write one that begins"),
    "a cache of each worker": ({"CACHE_URL": "locmemcache://"}, "CACHE_URL begins with “locmemcache:”"),
    "no cache": ({"CACHE_URL": "dummycache://"}, "filecache"),
    "mail by pigeon": ({"EMAIL_URL": "pigeon://x"}, "EMAIL_URL cannot be read"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_weak_or_missing_setting_is_refused_with_what_to_do(case):
    changed, says = REFUSED[case]
    said = start(**{**SITE, **changed})
    assert said.startswith("Plainleaf cannot start: ")
    assert says in said


def test_local_mode_refuses_an_address_that_other_computers_reach():
    said = start(PLAINLEAF_MODE="local", SECRET_KEY="x", HOST="0.0.0.0")
    assert "In local mode Plainleaf answers only on this computer: use 127.0.0.1" in said


def test_good_settings_are_accepted():
    assert start(**SITE) == ""
    assert start(PLAINLEAF_MODE="local", SECRET_KEY="x", DEBUG="on") == ""


def test_a_number_outside_its_bounds_is_refused(monkeypatch):
    monkeypatch.setenv("WORKERS", "0")
    with pytest.raises(ImproperlyConfigured, match="from 1 to 64"):
        env.number("WORKERS", 2, at_least=1, at_most=64)


@pytest.mark.parametrize(
    ("name", "address", "package"),
    [("DATABASE_URL", "postgres://plainleaf@db/plainleaf", "psycopg"), ("CACHE_URL", "redis://cache:6379/1", "redis")],
)
def test_an_address_whose_package_is_missing_is_refused_with_what_installs_it(monkeypatch, name, address, package):
    monkeypatch.setenv(name, address)
    read = {"DATABASE_URL": env.database, "CACHE_URL": env.cache}[name]
    assert read("")
    monkeypatch.setattr(env, "find_spec", lambda asked: None if asked == package else asked)
    with pytest.raises(ImproperlyConfigured, match=f"{name} needs the package {package}.*make prepare"):
        read("")
