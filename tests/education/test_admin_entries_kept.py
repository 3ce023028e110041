"""What a half-arrived or odd form must not do: lose entries, or end in an error."""

from __future__ import annotations

import pytest

from education.models import Page
from education.working_copy import entries_of
from tests import builders
from tests.education.desk import page_of, page_url, signed_in
from tests.education.example_entries import SIDE_EFFECT


@pytest.fixture
def page(cast) -> Page:
    guide = builders.guide(cast["author"])
    row = page_of(guide, Page.Kind.SIDE_EFFECTS)
    builders.write(guide, cast["author"], row.kind, row.markdown, entries=[SIDE_EFFECT])
    return row


def test_a_screen_that_was_cut_short_before_the_last_entry_leaves_the_entries(page, cast):
    html = signed_in(cast["author"]).get(page_url(page)).content.decode()
    assert html.index('name="entry-0-name"') < html.index('name="with_entries"')
    typed = {"title": page.title, "slug": page.slug, "markdown": "New.", "base": page.versions.first().pk}
    signed_in(cast["author"]).post(page_url(page), typed)
    page.refresh_from_db()
    assert page.markdown == "New."
    assert len(entries_of([page])[page.pk]) == 1


@pytest.mark.parametrize("slug", ["side effects", "für", "a/b", "side-effects?", "\x00", "x" * 90])
@pytest.mark.parametrize("change", ["add", "up 1", "remove 0", "nonsense"])
def test_a_button_of_the_entries_works_whatever_address_is_typed(page, cast, slug, change):
    typed = {"title": page.title, "slug": slug, "markdown": "New.", "with_entries": "side-effect", "change": change}
    response = signed_in(cast["author"]).post(page_url(page), typed)
    assert response.status_code == 200
    assert "New." in response.content.decode()
