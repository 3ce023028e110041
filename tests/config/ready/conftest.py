from collections.abc import Iterator

import pytest
import time_machine

from tests.config.ready import in_front


@pytest.fixture
def site(settings, tmp_path) -> Iterator[in_front.Site]:
    """A layer that has begun, on one June noon, with no edition to come."""
    settings.DATA_DIR = tmp_path
    settings.NEXT_PUBLICATION = "tests.config.ready.in_front.never"
    made = in_front.Site()
    made.layer.begin()
    with time_machine.travel(in_front.NOON, tick=False):
        yield made
