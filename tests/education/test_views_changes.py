"""What changed between two editions, as patients see it: pages, their order, facts, sources and words."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from education import actions
from education.models import Page
from tests import builders
from tests.education.example_entries import SIDE_EFFECT
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


def with_side_effects(guide, cast, *entries):
    row = guide.pages.get(kind=Page.Kind.SIDE_EFFECTS)
    facts = {"title": row.title, "slug": row.slug, "markdown": row.markdown}
    actions.save_page(row, by=cast["author"], base=None, entries=list(entries), **facts)


def test_a_page_whose_entries_alone_changed_is_told_row_by_row(client, guide, cast):
    bruise = {**SIDE_EFFECT, "name": "Bruise"}
    with_side_effects(guide, cast, SIDE_EFFECT, bruise)
    builders.published(guide, cast)
    builders.source("survey-2021", title="A survey of 900 people")
    rarer = {**SIDE_EFFECT, "frequency": "rare", "duration": "A few days", "sources": ["survey-2021"]}
    with_side_effects(guide, cast, rarer, {**SIDE_EFFECT, "name": "Burn", "action": "Call us at once.", "duration": ""})
    reasons = {"effect.frequency side-effects": "Nobody knows."}
    builders.published(guide, cast, what_changed="Effects.", reasons=reasons)
    shown = page(get(client, f"{AT}2/changes/"))
    headings = [words for _, words in shown.headings]
    assert headings[1:6] == [
        "Source “A survey of 900 people”: not used before",
        "Side effects",
        "Side effect “Numb skin”: changed",
        "Side effect “Bruise”: removed",
        "Side effect “Burn”: new",
    ]
    assert "How often: removed: Common added: Rare" in shown.text
    assert "How long it lasts: A few removed: hours added: days" in shown.text
    assert "Source: removed: A trial of cold" in shown.text
    assert "Source: added: A survey of 900 people" in shown.text
    assert "What to do: added: Call us at once." in shown.text
    assert "Side effects" not in shown.text.partition("Pages that did not change")[2].partition("Compare")[0]


def test_changes_say_nothing_of_entries_that_are_the_same(client, guide, cast):
    with_side_effects(guide, cast, SIDE_EFFECT)
    builders.published(guide, cast)
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Other words.")
    builders.published(guide, cast, what_changed="Words.")
    assert "Numb skin" not in page(get(client, f"{AT}2/changes/")).text


def test_changes_cost_as_many_queries_for_many_entries_as_for_few(client, guide, cast, live):
    def queries(number):
        with CaptureQueriesContext(connection) as seen:
            get(client, f"{AT}{number}/changes/")
        return len(seen)

    with_side_effects(guide, cast, SIDE_EFFECT)
    builders.published(guide, cast, what_changed="One.")
    with_side_effects(guide, cast, *({**SIDE_EFFECT, "name": f"Effect {number}"} for number in range(9)))
    builders.published(guide, cast, what_changed="Nine.")
    queries(2)
    assert queries(2) == queries(3)


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
