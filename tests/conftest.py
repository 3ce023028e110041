"""The cast, and what every test stands on: plain static files, a private cache, tables that are soon empty again."""

from __future__ import annotations

import gc
import os
import re
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from unittest.mock import patch

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.signals import setting_changed
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from xdist.scheduler import LoadFileScheduling

from clinic.models import User
from education.models import Edition, Guide
from tests import builders, watched
from tests.emptying import empty_tables
from tests.every_page import Site, every_page

ASK_FOR_A_DATABASE = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}
# A busy machine is no fault of what is tested.
hypothesis.settings.register_profile("without a clock", deadline=None)
hypothesis.settings.load_profile("without a clock")
left_out = pytest.StashKey[int]()

# What is imported and collected stays to the end: to look through it again and again for what could go is lost time.
gc.disable()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `stored` what stands on the database or the cache: all else gives the same answer on any of them.

    Nobody has to remember it: pytest-django refuses a query, and `_fresh_places` the cache, to a test without the mark.
    """
    for item in items:
        if item.get_closest_marker("django_db") or ASK_FOR_A_DATABASE.intersection(item.fixturenames):  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.stored)


def pytest_deselected(items: list[pytest.Item]) -> None:
    config = items[0].config
    config.stash[left_out] = config.stash.get(left_out, 0) + len(items)
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = config.stash[left_out]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """Learn from a process that shares the tests how many it left out: each leaves out the same."""
    node.config.stash[left_out] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    # Without other processes pytest itself says so.
    if config.stash.get(left_out, 0) and config.getoption("dist", "no") != "no":
        terminalreporter.write_line(f"{config.stash[left_out]} tests left out by -m '{config.option.markexpr}'")


class ByModule(LoadFileScheduling):
    """Shares the tests out by module, one that comes in parts by its parts."""

    def _split_scope(self, nodeid: str) -> str:
        part = re.search(r"\bpart \d+", nodeid)
        return super()._split_scope(nodeid) + (part[0] if part else "")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log) -> ByModule | None:
    return ByModule(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session", autouse=True)
def _plain_surroundings(tmp_path_factory, worker_id) -> None:
    """Set once, before the first server starts, what no test changes."""
    _cache_of_its_own(worker_id)
    # The manifest's hashed names would need collected files; the finders serve what is in the checkout.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    # Tests sign in often; a slow hash would be most of their time.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    TransactionTestCase._fixture_teardown = empty_tables


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> None:
    """Let PostgreSQL answer before its disk does: what a test wrote need not outlive the machine."""
    if connection.vendor == "postgresql":
        options = connection.settings_dict["OPTIONS"]
        options["options"] = f"{options['options']} -c synchronous_commit=off"


def _cache_of_its_own(worker: str) -> None:
    """Give a process that shares the tests with others a cache that no other one clears."""
    number = worker.removeprefix("gw")
    if not number.isdigit():
        return
    ours = dict(settings.CACHES["default"])
    if "redis" in ours["BACKEND"]:
        address, _, database = ours["LOCATION"].rpartition("/")
        ours["LOCATION"] = f"{address}/{int(database) + int(number)}"
    else:
        ours["LOCATION"] = f"{ours['LOCATION']}-{number}"
    settings.CACHES = {"default": ours}
    setting_changed.send(sender=None, setting="CACHES", value=settings.CACHES, enter=True)


def no_cache(location: str, params: dict[str, object]) -> None:
    """Stand where the cache would be made for a test that does not stand on it."""
    raise AssertionError("this test uses the cache: let it have the mark stored, so that it runs with Redis too")


@pytest.fixture(scope="session")
def places(tmp_path_factory) -> Iterator[Path]:
    """Names of folders that are not there yet. Counted: `mktemp` reads all earlier names to find the next one."""
    root = tmp_path_factory.mktemp("places")
    return (root / str(number) for number in count())


@pytest.fixture(autouse=True)
def _fresh_places(request, settings, places) -> Iterator[None]:
    place = next(places)
    settings.MEDIA_ROOT, settings.DATA_DIR = place / "media", place / "data"
    for folder in (settings.MEDIA_ROOT, settings.DATA_DIR):
        folder.mkdir(parents=True)
    if request.node.get_closest_marker("stored"):
        cache.clear()
        yield
        return
    settings.CACHES = {"default": {"BACKEND": "tests.conftest.no_cache"}}
    yield
    late = ASK_FOR_A_DATABASE.intersection(request.fixturenames)
    assert not late, f"asks for {late} while it runs: let it have the mark django_db from the start"


@pytest.fixture(autouse=True)
def _nothing_in_the_background(monkeypatch) -> None:
    """A link for a new password is posted at once: another thread would not see what a test has not kept yet."""
    monkeypatch.setattr("clinic.actions.sign_in._start", lambda work: work())


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker, tmp_path_factory) -> Site:
    """Every page of a site that has a bit of everything, asked for once; the database forgets it again.

    A test that uses it is marked `django_db`, so that there is a database at all.
    """
    media = tmp_path_factory.mktemp("pictures")
    at_once = patch("clinic.actions.sign_in._start", lambda work: work())
    middleware = [watched.NAME, *settings.MIDDLEWARE]
    here = override_settings(MEDIA_ROOT=media, MIDDLEWARE=middleware)
    with django_db_blocker.unblock(), here, at_once, transaction.atomic():
        found = every_page()
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="session")
def java() -> str:
    """The path of Java. Without one a test is skipped; with REQUIRE_JAVA=1 it fails instead."""
    found = shutil.which("java")
    if found is None and os.environ.get("REQUIRE_JAVA") == "1":
        pytest.fail("REQUIRE_JAVA=1, and there is no Java: install default-jre-headless")
    return found or pytest.skip("no Java found: install default-jre-headless")


@pytest.fixture
def cast(db) -> dict[str, User]:
    return builders.cast()


@pytest.fixture
def guide(cast) -> Guide:
    return builders.guide(cast["author"])


@pytest.fixture
def live(guide, cast) -> Edition:
    return builders.published(guide, cast)
