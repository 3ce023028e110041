"""Entries on the screen of their page: saved with its text, ordered without a script, lost in no refusal."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from education import actions
from education.models import Page, PageVersion
from tests import builders
from tests.education.desk import hidden, page_of, page_url, signed_in, written
from tests.html import Page as Html

BRUISES = {
    "name": "Bruises",
    "frequency": "very-common",
    "figure": "61 in 100 people",
    "duration": "A week",
    "action": "Wait.",
    "sources": ["trial-2020"],
}
LUMPS = {"name": "Lumps", "frequency": "not-known", "duration": "Not known", "sources": ["trial-2020"]}


@pytest.fixture
def page(guide, cast) -> Page:
    found = page_of(guide, Page.Kind.SIDE_EFFECTS)
    save(found, cast["author"], BRUISES, LUMPS)
    return found


@pytest.fixture
def author(cast) -> Client:
    return signed_in(cast["author"])


def save(page: Page, by: Any, *entries: dict[str, Any]) -> PageVersion:
    facts = {"title": page.title, "slug": page.slug, "markdown": page.markdown}
    return actions.save_page(page, by=by, base=None, entries=entries, **facts)


def names(page: Page) -> list[str]:
    return [str(entry) for entry in page.sideeffect_entries.in_order()]


def sheet(page: Page, *entries: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return what the editor's form sends: the page as it is, with these entries, but for these changes."""
    fields: dict[str, Any] = {}
    for at, entry in enumerate(entries):
        for name, value in entry.items():
            fields[f"entry-{at}-{name}"] = ", ".join(value) if isinstance(value, list) else value
    rows = [str(at) for at in range(len(entries))]
    return {**written(page), "with_entries": "side-effect", "entry": rows, **fields, **changes}


def shown(response: Any) -> Html:
    return Html(response.content.decode())


def values(response: Any) -> dict[str, str]:
    """Return what stands in the fields of a screen, texts of several lines apart."""
    fields = [attributes for tag, attributes in shown(response).elements if tag == "input"]
    return {str(one.get("name")): one.get("value") or "" for one in fields}


# Nothing is lost


def test_a_conflict_shows_row_by_row_what_differs_and_saves_neither_text_nor_entries(page, author, cast):
    typed = sheet(page, {**BRUISES, "duration": "Two weeks"}, LUMPS)
    theirs = save(page, cast["colleague"], BRUISES, {**LUMPS, "name": "Hard lumps"})
    response = author.post(page_url(page), typed)
    assert response.status_code == 409
    said = shown(response).text
    assert "Two weeks" in values(response)["entry-0-duration"]
    assert "How long it lasts: removed: A week added: Two weeks" in said
    assert "Hard" in said
    assert names(page) == ["Bruises", "Hard lumps"]
    again = author.post(page_url(page), {**typed, "base": hidden(response, "base")})
    assert again.status_code == 302
    assert names(page) == ["Bruises", "Lumps"]
    assert page.versions.get(pk=theirs.pk).entries[1]["name"] == "Hard lumps"


def test_a_conflict_over_entries_alone_is_one(page, author, cast):
    typed = sheet(page, BRUISES)
    save(page, cast["colleague"], LUMPS)
    assert author.post(page_url(page), typed).status_code == 409
    assert names(page) == ["Lumps"]


def test_what_is_wrong_is_named_in_a_summary_at_its_field_and_all_that_was_typed_stands(page, author):
    wrong = [{**BRUISES, "name": ""}, {**LUMPS, "sources": ["trail-2020"], "action": "An hour of work."}]
    response = author.post(page_url(page), sheet(page, *wrong, markdown="My text.", title=""))
    read = shown(response)
    assert read.title.startswith("Error:")
    assert read.link("Side effect 1, Side effect: Name the side effect.") == "#id_entry-0-name"
    assert any(href == "#id_entry-1-sources" and "Did you mean “trial-2020”?" in words for href, words in read.links)
    assert read.link("Title: Give the page a title.") == "#id_title"
    assert read.ids["id_entry-0-name_error"] == 1
    assert values(response)["entry-1-sources"] == "trail-2020"
    assert "An hour of work.</textarea>" in response.content.decode()
    assert names(page) == ["Bruises", "Lumps"]


def test_an_entry_that_the_action_refuses_is_marked(guide, author, cast):
    overview = page_of(guide, Page.Kind.OVERVIEW)
    facts = [{"label": f"Fact {number}", "value": "x", "headline": "on"} for number in range(8)]
    response = author.post(page_url(overview), sheet(overview, *facts, with_entries="key-fact"))
    links = [words for href, words in shown(response).links if href == "#id_entry-7-headline"]
    assert links == ["Key fact 8, In the box of the overview: The overview's box holds at most 7 facts. "
                     "Take the tick from one of them."]  # fmt: skip
    assert not overview.keyfact_entries.exists()


def test_what_was_typed_is_kept_when_the_database_cannot_write(page, author, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(actions, "save_page", full)
    response = author.post(page_url(page), sheet(page, {**BRUISES, "figure": "My hour of work."}))
    assert response.status_code == 503
    assert values(response)["entry-0-figure"] == "My hour of work."


def test_somebody_whose_sign_in_has_run_out_finds_each_entry_as_one_text(page):
    response = Client().post(page_url(page), sheet(page, BRUISES, {**LUMPS, "action": "Two\nlines"}, markdown="Mine."))
    assert response.status_code == 403
    typed = {one.label: one.text for one in response.context["typed"]}
    assert list(typed.items())[:3] == [("Title", "Side effects"), ("Address", "side-effects"), ("Text", "Mine.")]
    assert dict(list(typed.items())[3:]) == {
        "Side effect 1": "Side effect: Bruises\nHow often: Very common: at least 1 in 10 people\nNearest figure, "
        "and what it is about: 61 in 100 people\nHow long it lasts: A week\nWhat to do: Wait.\nSources: trial-2020",
        "Side effect 2": "Side effect: Lumps\nHow often: Not known\nHow long it lasts: Not known\n"
        "What to do: Two\nlines\nSources: trial-2020",
    }


def test_a_form_without_entries_leaves_those_that_are_saved(page, author):
    assert author.post(page_url(page), written(page, markdown="Only the text.")).status_code == 302
    page.refresh_from_db()
    assert page.markdown == "Only the text."
    assert names(page) == ["Bruises", "Lumps"]


def test_a_page_without_entries_takes_none(guide, author, cast):
    other = builders.page(guide, cast["author"], Page.Kind.COST, "What it costs.")
    assert "data-entries" not in author.get(page_url(other)).content.decode()
    assert author.post(page_url(other), sheet(other, BRUISES, markdown="New.")).status_code == 302
    other.refresh_from_db()
    assert other.markdown == "New."


# Saving


def test_text_and_entries_are_saved_together_as_one_version(page, author):
    count = page.versions.count()
    typed = sheet(page, LUMPS, {**BRUISES, "removed": "1"}, {"name": "Pain"}, {}, markdown="New text.")
    assert author.post(page_url(page), typed).status_code == 302
    assert names(page) == ["Lumps", "Pain"]
    version = page.versions.first()
    assert page.versions.count() == count + 1
    assert (version.markdown, [one["name"] for one in version.entries]) == ("New text.", ["Lumps", "Pain"])


def test_the_screen_sends_back_what_it_opened_with(page, author):
    before = page.versions.first()
    opened = author.get(page_url(page))
    entries = [{name: value or "" for name, value in row.typed.items()} for row in opened.context["entries"].rows]
    assert author.post(page_url(page), sheet(page, *entries)).status_code == 302
    assert page.versions.first() == before


def test_the_first_button_of_the_form_saves(page, author):
    markup = author.get(page_url(page)).content.decode()
    form = markup[markup.index('class="editor-form"') :]
    assert form[form.index("<button") :].startswith('<button class="visually-hidden" type="submit" name="stay"')


def test_the_screen_is_sound(page, author):
    read = shown(author.get(page_url(page)))
    # The admin's own page brings a script for its themes, and the frame a document of its own.
    assert [fault for fault in read.faults() if "style or script" not in fault and "entry-new" not in fault] == []


# Ordering without a script


@pytest.mark.parametrize(
    ("button", "order"),
    [("up 1", ["Lumps", "Bruises"]), ("down 0", ["Lumps", "Bruises"]), ("add", ["Bruises", "Lumps", ""])],
)
def test_a_button_of_an_entry_saves_nothing_and_keeps_all_that_is_typed(button, order, page, author):
    typed = sheet(page, BRUISES, {**LUMPS, "duration": ""}, markdown="Unsaved text [@nobody].", title="", change=button)
    response = author.post(page_url(page), typed)
    assert response.status_code == 200
    assert [row.title for row in response.context["entries"].rows] == order
    markup = response.content.decode()
    assert "Unsaved text [@nobody].</textarea>" in markup
    assert "There is a problem" not in markup
    assert "data-unsaved" in markup
    assert hidden(response, "base") == str(page.versions.first().pk)
    assert names(page) == ["Bruises", "Lumps"]
    page.refresh_from_db()
    assert (page.title, page.markdown) != ("", "Unsaved text [@nobody].")


def test_the_focus_returns_to_the_entry_that_moved(page, author):
    response = author.post(page_url(page), sheet(page, BRUISES, LUMPS, {"name": "Pain"}, change="up 2"))
    focused = shown(response).with_attribute("autofocus")
    assert [(one["name"], one["value"]) for one in focused] == [("change", "up 2")]
    assert "“Pain” is number 2 of 3 now." in shown(response).text


def test_removing_can_be_undone_until_it_is_saved_and_afterwards_through_the_saved_texts(page, author):
    gone = author.post(page_url(page), sheet(page, BRUISES, LUMPS, change="remove 0"))
    assert values(gone)["entry-0-removed"] == "1"
    assert values(gone)["entry-0-name"] == "Bruises"
    back = author.post(page_url(page), sheet(page, {**BRUISES, "removed": "1"}, LUMPS, change="put-back 0"))
    assert values(back)["entry-0-removed"] == ""
    before = page.versions.first()
    author.post(page_url(page), sheet(page, {**BRUISES, "removed": "1"}, LUMPS))
    assert names(page) == ["Lumps"]
    screen = author.get(page_url(page, "version", before.pk))
    assert "Bruises" in shown(screen).text
    author.post(page_url(page, "version", before.pk), {"base": hidden(screen, "base")})
    assert names(page) == ["Bruises", "Lumps"]


def test_saved_texts_show_their_entries_and_what_changed_in_them(page, author, cast):
    before = page.versions.first()
    save(page, cast["colleague"], {**BRUISES, "duration": "Two weeks"})
    said = shown(author.get(page_url(page, "version", before.pk))).text
    assert "Side effect 1 Side effect Bruises How often Very common: at least 1 in 10 people" in said
    assert "The texts are the same" not in said
    assert "How long it lasts: removed: A week added: Two weeks" in said
    assert "Lumps" in said


# The preview


def preview(client: Client, page: Page, typed: dict[str, Any]) -> dict[str, Any]:
    return client.post(page_url(page, "preview"), typed, headers={"Accept": "application/json"}).json()


def test_the_preview_has_the_unsaved_entries_and_what_the_report_says_of_each(page, author):
    typed = sheet(page, {}, {**BRUISES, "removed": "1"}, {"name": "Burning", "sources": "trial-2020"}, LUMPS)
    found = preview(author, page, typed)
    assert "Burning" in found["html"]
    assert "Bruises" not in found["html"]
    (finding,) = [one for one in found["findings"] if one["check"] == "effect.frequency"]
    assert (finding["level"], finding["entry"], finding["named"]) == ("W", 2, "Side effect 2: Burning")
    assert set(finding) >= {"level", "message", "line", "entry", "check"}
    assert names(page) == ["Bruises", "Lumps"]


def test_each_problem_of_the_text_is_named_once_with_its_line(page, author):
    found = preview(author, page, sheet(page, BRUISES, markdown="Fine.\n\nNot fine [@trail-2020]."))
    (problem,) = [one for one in found["findings"] if one["check"] == "text.problem"]
    assert (problem["line"], problem["entry"]) == (3, None)


def test_the_report_beside_the_text_is_about_this_page_alone(page, guide, author, cast):
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "See [@nobody-1].")
    assert "nobody-1" not in str(preview(author, page, sheet(page, BRUISES))["findings"])


def test_a_step_without_its_day_is_named_because_the_preview_cannot_show_it(guide, author, cast):
    page = page_of(guide, Page.Kind.PREPARATION)
    found = preview(
        author, page, sheet(page, {"text": "Eat."}, {"text": "Rest.", "from_day": "0"}, with_entries="care-step")
    )
    assert "Rest." in found["html"]
    assert "Eat.</" not in found["html"]
    assert [one["entry"] for one in found["findings"] if "on which day" in one["message"]] == [1]


@pytest.mark.parametrize("entry", [{"name": "\x00"}, {"name": "x" * 9000}, {"name": "x", "frequency": "odd"}])
def test_a_preview_of_an_entry_that_could_not_be_saved_is_shown_all_the_same(entry, page, author):
    assert preview(author, page, sheet(page, entry))["html"]


def test_without_a_script_the_preview_lists_lines_and_entries(page, author):
    typed = sheet(page, {**BRUISES, "frequency": ""}, markdown="No [@nobody-1].")
    said = shown(author.post(page_url(page, "preview"), typed)).text
    assert "Line 1: There is no source with the key “nobody-1”" in said
    assert "Side effect 1: Bruises:" in said


def test_a_misspelt_key_is_answered_with_one_of_the_library_that_the_guide_does_not_use_yet(page, author):
    builders.source("salti-2008")
    builders.term("lipolysis", term="lipolysis")
    text = "One [@salti-2009]. Two [fat](term:lipolisis)."
    messages = str(preview(author, page, sheet(page, BRUISES, markdown=text))["findings"])
    assert "Did you mean “salti-2008”?" in messages
    assert "Did you mean “lipolysis”?" in messages


def test_whatever_is_typed_into_an_entry_is_text_on_every_screen(page, author, cast):
    payload = "\"'></title></textarea></iframe></template><script>alert(1)</script>"
    entry = {**BRUISES, "name": payload, "action": payload, "duration": payload}
    for response in (
        author.post(page_url(page), sheet(page, {**entry, "sources": payload})),
        author.post(page_url(page), sheet(page, entry, change="remove 0")),
        author.post(page_url(page, "preview"), sheet(page, entry)),
        author.post(page_url(page), sheet(page, entry), follow=True),
        author.get(page_url(page, "version", page.versions.first().pk)),
        author.post(page_url(page), sheet(page, BRUISES, base=0)),
    ):
        assert "<script>alert(1)" not in response.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_entries(
    page, author, cast, django_assert_max_num_queries, django_assert_num_queries
):
    author.get(page_url(page))
    with django_assert_max_num_queries(40) as few:
        author.get(page_url(page))
    save(page, cast["author"], *({**BRUISES, "name": f"Effect {number}"} for number in range(40)))
    with django_assert_num_queries(len(few)):
        author.get(page_url(page))
