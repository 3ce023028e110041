"""What changed between two editions, as patients see it: pages, their order, facts, sources and words."""

from __future__ import annotations

from django.test import Client

from education import actions
from education.models import Page
from tests import builders
from tests.html import get, page

AT = "/guides/cold-therapy/editions/"


def test_changes_tell_new_and_removed_pages_titles_and_unchanged_lines(client, guide, cast, live):
    actions.remove_page(guide.pages.get(kind=Page.Kind.PREPARATION), by=cast["author"])
    builders.page(guide, cast["author"], Page.Kind.COST, "It costs <b>nothing</b>.")
    row = guide.pages.get(kind=Page.Kind.OVERVIEW)
    markdown = row.markdown + "\n\nAnd the old."
    actions.save_page(row, by=cast["author"], base=None, title="In short", slug=row.slug, markdown=markdown)
    actions.save_guide(guide, by=cast["author"], title="Cryotherapy")
    builders.published(guide, cast, what_changed="Much.")
    text = page(get(client, f"{AT}2/changes/")).text
    assert "Title: changed removed: Cold therapy added: Cryotherapy" in text
    assert "Title: removed: Overview added: In short" in text
    assert "This page was removed. removed: Eat as usual." in text
    assert "A new page. added: It costs <b>nothing</b>." in text
    assert "4 lines that did not change" in text


def test_changes_tell_another_order_of_pages_another_source_and_another_meaning(client, guide, cast, live):
    author = cast["author"]
    actions.move_page(guide.pages.get(kind=Page.Kind.SIDE_EFFECTS), by=author, up=True)
    source, term = builders.source(), builders.term()
    source.year, term.plain_meaning = 2021, "Less feeling."
    actions.save_source(source, by=author)
    actions.save_term(term, by=author)
    builders.published(guide, cast, what_changed="Order and words.")
    text = page(get(client, f"{AT}2/changes/")).text
    assert "Order of pages: changed" in text
    assert "Source “A trial of cold”: changed" in text
    assert "Term “numbness”: changed" in text


def test_changes_say_nothing_of_the_order_when_a_page_is_only_added(client, guide, cast, live):
    builders.page(guide, cast["author"], Page.Kind.COST, "It costs nothing.")
    builders.published(guide, cast, what_changed="Cost.")
    assert "Order of pages" not in page(get(client, f"{AT}2/changes/")).text


def test_the_old_address_of_a_page_leads_on_when_the_edition_with_the_new_one_is_withdrawn(client, guide, cast, live):
    author = cast["author"]
    row = guide.pages.get(kind=Page.Kind.SIDE_EFFECTS)
    actions.save_page(row, by=author, base=None, title=row.title, slug="after-effects", markdown=row.markdown)
    second = builders.published(guide, cast, what_changed="Another address.")
    assert client.get("/guides/cold-therapy/side-effects/")["Location"] == "/guides/cold-therapy/after-effects/"
    actions.withdraw(second, by=author, reason="Wrong.")
    actions.publish(live, by=author)
    moved = client.get("/guides/cold-therapy/after-effects/")
    assert (moved.status_code, moved["Location"]) == (301, "/guides/cold-therapy/side-effects/")


def test_the_code_of_a_copy_older_than_a_withdrawn_edition_says_why_nothing_is_live(client, guide, cast, live):
    second = builders.next_edition(guide, cast, "Second.")
    actions.withdraw(second, by=cast["author"], reason="A source was wrong.")
    text = page(get(client, f"/e/{live.code}/")).text
    assert "The newest one, edition 2, was withdrawn: A source was wrong." in text


def test_a_public_page_refuses_to_be_posted_to_even_by_a_browser_without_cookies(live):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/guides/cold-therapy/").status_code == 405
    assert client.post("/").status_code == 405


def test_the_guides_screen_says_that_the_pages_stand_in_another_order(client, guide, cast, live):
    client.force_login(cast["author"])
    path = f"/admin/education/guide/{guide.pk}/change/"
    assert "another order" not in client.get(path).content.decode()
    actions.move_page(guide.pages.get(kind=Page.Kind.SIDE_EFFECTS), by=cast["author"], up=True)
    assert "another order than in edition 1" in client.get(path).content.decode()
