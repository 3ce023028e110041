"""Where the numbers of sessions come from, on the price list and in what a course comes to."""

from __future__ import annotations

from tests import builders
from tests.html import get, page


def test_the_list_and_a_breakdown_name_the_source_of_their_numbers(client, cast, guide):
    builders.published(guide, cast)
    builders.price(guide, cast["author"], source=builders.source())
    for asked in ("", "&sessions=8&keep=yes&years=2"):
        read = page(get(client, f"/prices/?procedure=cold-therapy{asked}"))
        assert "Numbers from: A trial of cold" in read.text
