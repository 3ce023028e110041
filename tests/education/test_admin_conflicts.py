"""Two editors at one page: what both started from, what each changed, and both put together where that can be."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from education import actions
from education.admin.conflict_screen import MOST_BLOCKS
from education.models import Page, PageVersion
from tests import builders
from tests.education.commented import BRUISES, NAUSEA
from tests.education.desk import hidden, page_of, page_url, signed_in, written

LINES = "One.\n\nTwo.\n\nThree."


@pytest.fixture
def page(guide) -> Page:
    return page_of(guide, Page.Kind.SIDE_EFFECTS)


@pytest.fixture
def author(cast) -> Client:
    return signed_in(cast["author"])


@pytest.fixture
def started(page, guide, cast) -> Page:
    """The page with three lines and two entries, as both editors open it."""
    builders.write(guide, cast["author"], page.kind, LINES, entries=[BRUISES, NAUSEA])
    page.refresh_from_db()
    return page


def text_of(page: Page) -> str:
    page.refresh_from_db()
    return page.markdown


def typed_on(page: Page, markdown: str, *entries: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What the form of the page sends with these entries."""
    sent: dict = {"entry": [str(row) for row in range(len(entries))], "with_entries": "side-effect"}
    for row, entry in enumerate(entries):
        fields = {**entry, "sources": ", ".join(entry["sources"])}
        sent |= {f"entry-{row}-{name}": value for name, value in fields.items()}
    return {**written(page, markdown=markdown, **changes), **sent}


def in_section(response: Any, heading: str) -> str:
    return response.content.decode().split(f'aria-labelledby="{heading}"')[1].split("</section>\n")[0]


def carried(conflict: Any) -> dict[str, str]:
    """What the screen of a conflict carries along."""
    return {name: hidden(conflict, name) for name in ("base", "started_from")}


def colleague_saves(page: Page, cast, markdown: str, *entries: dict, **changes: str) -> PageVersion:
    text = {"title": page.title, "slug": page.slug, **changes, "markdown": markdown, "entries": entries}
    return actions.save_page(page, by=cast["colleague"], base=None, **text)


def test_what_both_changed_is_named_and_not_put_together(started, author, cast):
    typed = typed_on(started, LINES.replace("Two", "Mine"), {**BRUISES, "duration": "9 days"}, NAUSEA, title="Mine")
    theirs = {**BRUISES, "duration": "2 days"}
    colleague_saves(started, cast, LINES.replace("Two", "Theirs"), theirs, NAUSEA, title="Theirs")
    response = author.post(page_url(started), typed)
    choice = in_section(response, "conflict-choice")
    assert "Put both together" not in choice
    for place in ("The title of the page", "The text at “Two.”", "Side effect “Bruises”"):
        assert f"<li>{place}</li>" in choice
    again = author.post(page_url(started), {**typed, **carried(response), "together": ""})
    assert again.status_code == 409
    assert "You both changed the same places" in again.content.decode()
    assert "Theirs" in text_of(started)


def test_the_ends_to_which_both_added_are_named(started, author, cast):
    added = [{**NAUSEA, "name": name} for name in ("Itching", "Heat")]
    typed = typed_on(started, f"{LINES}\n\nMine.", BRUISES, NAUSEA, added[0])
    colleague_saves(started, cast, f"{LINES}\n\nTheirs.", BRUISES, NAUSEA, added[1])
    choice = in_section(author.post(page_url(started), typed), "conflict-choice")
    assert "<li>The text after “Three.”</li>" in choice
    assert "<li>Side effects: you both added some after entry 2</li>" in choice


def test_a_conflict_shows_what_both_started_from_and_what_each_changed(started, author, cast):
    typed = typed_on(started, LINES.replace("Three", "Mine"), BRUISES, {**NAUSEA, "duration": "9 days"})
    colleague_saves(
        started, cast, LINES.replace("One", "Theirs"), {**BRUISES, "duration": "2 days"}, NAUSEA, slug="new"
    )
    response = author.post(page_url(started), typed)
    base = in_section(response, "conflict-base")
    assert "Saved by Ada Author" in base
    assert LINES in base
    they, you = in_section(response, "conflict-they"), in_section(response, "conflict-you")
    assert "What Cleo Colleague changed" in they
    for words in ("Theirs.", "</span>2</ins>", "</span>new</ins>"):
        assert words in they
        assert words not in you
    for words in ("Mine.", "</span>9 days</ins>"):
        assert words in you
        assert words not in they


def test_changes_of_different_places_are_put_together_and_nothing_is_saved_before_it_is_read(started, author, cast):
    typed = typed_on(started, LINES.replace("Three", "Mine"), BRUISES, {**NAUSEA, "duration": "9 days"}, title="Mine")
    theirs = colleague_saves(
        started, cast, LINES.replace("One", "Theirs"), {**BRUISES, "duration": "2 days"}, NAUSEA, slug="new"
    )
    conflict = author.post(page_url(started), typed)
    assert "Put both together" in in_section(conflict, "conflict-choice")
    both = author.post(page_url(started), {**typed, **carried(conflict), "together": ""})
    assert both.status_code == 200
    assert "Nothing is saved yet" in both.content.decode()
    assert "data-unsaved" in both.content.decode()
    assert (both.context["form"]["title"].value(), both.context["form"]["slug"].value()) == ("Mine", "new")
    assert started.versions.first() == theirs
    merged = "Theirs.\n\nTwo.\n\nMine."
    rows = [{**BRUISES, "duration": "2 days"}, {**NAUSEA, "duration": "9 days"}]
    assert both.context["form"]["markdown"].value() == merged
    assert [row.typed["duration"] for row in both.context["entries"].rows] == ["2 days", "9 days"]
    saved = typed_on(started, merged, *rows, title="Mine", slug="new", base=hidden(both, "base"))
    assert author.post(page_url(started), saved).status_code == 302
    latest = started.versions.first()
    assert (latest.title, latest.slug, latest.markdown) == ("Mine", "new", merged)
    assert [entry["duration"] for entry in latest.entries] == ["2 days", "9 days"]


def test_what_was_put_together_overwrites_nobody_who_saved_after_it_was_made(started, author, cast):
    typed = typed_on(started, LINES.replace("Three", "Mine"), BRUISES, NAUSEA)
    colleague_saves(started, cast, LINES.replace("One", "Theirs"), BRUISES, NAUSEA)
    conflict = author.post(page_url(started), typed)
    both = author.post(page_url(started), {**typed, **carried(conflict), "together": ""})
    colleague_saves(started, cast, "Newer still.", BRUISES, NAUSEA)
    saved = typed_on(started, both.context["form"]["markdown"].value(), BRUISES, NAUSEA, base=hidden(both, "base"))
    assert author.post(page_url(started), saved).status_code == 409
    assert text_of(started) == "Newer still."


@pytest.mark.parametrize("started_from", ["", "nonsense", "9" * 40, "999999", None])
def test_without_what_both_started_from_nothing_is_put_together_and_that_is_said(started_from, started, author, cast):
    typed = {**typed_on(started, "Mine.", BRUISES, NAUSEA, base="0"), "together": ""}
    if started_from is not None:
        typed["started_from"] = started_from
    colleague_saves(started, cast, "Theirs.", BRUISES, NAUSEA)
    response = author.post(page_url(started), typed)
    assert response.status_code == 409
    assert "The text that you started from is not known" in response.content.decode()
    assert b"conflict-base" not in response.content
    assert "Theirs." in in_section(response, "conflict-theirs")
    assert text_of(started) == "Theirs."


def test_a_conflict_of_very_long_texts_shows_the_beginning_and_says_so(started, author, cast):
    lines = ["\n".join(f"{one} {number}" for number in range(3 * MOST_BLOCKS)) for one in ("theirs", "mine")]
    typed = written(started, markdown=lines[1])
    colleague_saves(started, cast, lines[0])
    response = author.post(page_url(started), typed)
    assert response.status_code == 409
    for heading in ("conflict-they", "conflict-you", "conflict-theirs"):
        shown = in_section(response, heading)
        assert shown.count("theirs ") + shown.count("mine ") <= 2 * MOST_BLOCKS
        assert "Too much changed to show all of it here." in shown
    assert response.context["form"]["markdown"].value() == lines[1]
