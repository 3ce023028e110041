"""What every test of the layer stands on: a site with a clock that stands, and no thread that listens."""

from collections.abc import Iterator

import pytest
import time_machine

from config.ready.until_changed import rely_on
from tests.config.ready import in_front


@pytest.fixture(autouse=True)
def _no_thread_of_its_own(monkeypatch) -> None:
    """Let a layer believe that it hears of every change: a thread that listens would outlive its test."""
    monkeypatch.setattr("config.ready.layer.Listener", in_front.Hearing)


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """Let nothing that a layer began outlive its test."""
    yield
    rely_on(None)


@pytest.fixture
def site(settings, tmp_path) -> Iterator[in_front.Site]:
    """A layer that has begun, on one June noon, with no edition to come."""
    settings.DATA_DIR = tmp_path
    settings.NEXT_PUBLICATION = "tests.config.ready.in_front.never"
    made = in_front.Site()
    made.layer.begin()
    with time_machine.travel(in_front.NOON, tick=False):
        yield made
