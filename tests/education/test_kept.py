"""What follows from an edition alone is made once, and anew as soon as anything in it is another."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from education import actions
from education.templatetags import kept
from tests import builders
from tests.education import sourced, tooled
from tests.html import get, page

GUIDE = "/guides/cold-therapy/"
COUNTED = Template("{% load kept %}{% kept key %}{{ made.pop }}{% endkept %}")


@pytest.fixture(autouse=True)
def nothing_kept():
    kept._kept.clear()


def shown(made: list[int], key: object) -> str:
    return COUNTED.render(Context({"made": made, "key": key}))


def test_a_block_needs_one_key():
    with pytest.raises(TemplateSyntaxError, match="Write"):
        Template("{% load kept %}{% kept %}{% endkept %}")


@pytest.mark.parametrize("nothing", [None, (), ""])
def test_without_a_key_it_is_made_each_time(nothing):
    made = [2, 1]
    assert [shown(made, nothing), shown(made, nothing)] == ["1", "2"]


def test_with_a_key_it_is_made_once_for_each_key_language_and_block():
    made = [4, 3, 2, 1]
    assert [shown(made, ("a",)), shown(made, ("a",)), shown(made, ("b",))] == ["1", "1", "2"]
    with translation.override("ar"):
        assert shown(made, ("a",)) == "3"
    other = Template("{% load kept %}{% kept key %}{{ made.pop }}{% endkept %}")
    assert other.render(Context({"made": made, "key": ("a",)})) == "4"


def test_and_for_each_value_that_stands_behind_the_key():
    block = Template("{% load kept %}{% kept key more %}{{ made.pop }}{% endkept %}")
    made = [5, 4, 3, 2, 1]
    assert [block.render(Context({"made": made, "key": "a", "more": more})) for more in ("x", "x", "y", None)] == list(
        "1123"
    )
    assert [block.render(Context({"made": made, "key": (), "more": "x"})) for _ in range(2)] == ["4", "5"]


def test_only_the_last_ones_used_stay(monkeypatch):
    monkeypatch.setattr(kept, "MOST_KEPT", 2)
    made = [4, 3, 2, 1]
    assert [shown(made, (key,)) for key in "abac"] == ["1", "2", "1", "3"]
    assert [shown(made, (key,)) for key in "ab"] == ["1", "4"]


def test_a_page_shows_each_change_of_what_is_kept(client, guide, cast):
    builders.source("kept-2020", title="Cold, a trial")
    builders.write(guide, cast["author"], "side-effects", "The skin can hurt [@kept-2020].")
    builders.published(guide, cast)
    first = page(get(client, f"{GUIDE}side-effects/")).text
    assert "Cold, a trial" in first
    assert page(get(client, f"{GUIDE}side-effects/")).text == first
    # How its source stands.
    sourced.checked("kept-2020", cast["author"])
    assert "The journal took it back." in page(get(client, f"{GUIDE}side-effects/")).text
    # The edition.
    builders.next_edition(guide, cast, "Other words.")
    assert "Edition 2" in page(get(client, f"{GUIDE}side-effects/")).text
    # The guide's address.
    actions.save_guide(guide, by=cast["author"], slug="cooling")
    assert "/guides/cold-therapy/" not in get(client, "/guides/cooling/side-effects/").content.decode()


def test_the_self_check_shows_how_its_sources_stand(client, cast):
    path = f"{tooled.published(cast).guide.get_absolute_url()}check/"
    texts = [page(get(client, path)).text for _ in range(2)]
    assert "The journal took it back." not in texts[0] + texts[1]
    sourced.checked("trial-2020", cast["author"])
    # Above the questions, and at the source itself.
    listed = page(get(client, path)).text.partition("What your answers mean")[2]
    assert "The journal took it back." in listed
