"""The search over live editions, on the database that the tests run on: what it finds, and what it never shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from education import actions
from education.models import Page, SearchRow, SearchWord
from education.searching import asked, find, folded, folded_in_place, index
from education.searching.asking import MOST_CHARACTERS, MOST_WORDS
from tests import builders
from tests.education.example_entries import KEY_FACT, QUESTION, SIDE_EFFECT

DAY = timedelta(days=1)


def titles(typed: str, **more) -> list[str]:
    """Return the titles of the places that are found, the best first."""
    hits = find(typed, **more).hits
    rows = SearchRow.objects.in_bulk([hit.id for hit in hits])
    return [rows[hit.id].title for hit in hits]


def writing(guide, cast, text: str, entries=None) -> None:
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, text, entries)


# What is never shown


def test_nothing_is_found_before_it_is_published(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    assert titles("numbness") == []
    actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    assert titles("numbness") == []
    actions.publish(edition, by=cast["author"])
    assert titles("numbness") == ["Side effects"]


def test_a_planned_edition_is_found_from_its_moment_on_without_anybody_doing_anything(guide, cast, time_machine):
    builders.published(guide, cast)
    writing(guide, cast, "You can get frostbite.")
    second = builders.approved(guide, cast, what_changed="Frostbite.")
    moment = timezone.now() + DAY
    actions.publish(second, by=cast["author"], live_from=moment)
    assert SearchRow.objects.filter(edition=second).exists()
    assert titles("frostbite") == []
    # Not even the word is told: a suggestion leads to what can be read.
    assert find("frostbit").instead == find("frostbiet").instead == ""
    assert titles("numbness") == ["Side effects"]
    time_machine.move_to(moment)
    assert titles("frostbite") == ["Side effects"]
    assert find("frostbiet").instead == "frostbite"
    assert titles("numbness") == []


def test_a_cancelled_publication_is_never_found(guide, cast, time_machine):
    edition = builders.approved(guide, cast)
    actions.publish(edition, by=cast["author"], live_from=timezone.now() + DAY)
    actions.cancel(edition, by=cast["author"])
    time_machine.move_to(timezone.now() + 2 * DAY)
    assert titles("numbness") == []


def test_what_is_withdrawn_is_not_found_and_leaves_no_row(live, cast):
    actions.withdraw(live, by=cast["author"], reason="It named a wrong dose.")
    assert titles("numbness") == []
    assert not SearchRow.objects.exists()


def test_a_withdrawal_alone_is_enough_whatever_rows_there_are(live, cast):
    actions.withdraw(live, by=cast["author"], reason="It named a wrong dose.")
    actions.search.write_search_rows(live)
    assert titles("numbness") == []


def test_a_superseded_edition_gives_way_and_is_found_again_when_it_is_published_again(live, guide, cast):
    builders.next_edition(guide, cast, "You can get blisters.")
    assert (titles("numbness"), titles("blisters")) == ([], ["Side effects"])
    assert not SearchRow.objects.filter(edition=live).exists()
    actions.publish(live, by=cast["author"])
    assert (titles("numbness"), titles("blisters")) == (["Side effects"], [])


def test_what_an_editor_writes_is_not_found_before_it_is_published(live, guide, cast):
    writing(guide, cast, "You can get blisters.")
    assert titles("blisters") == []


# Words


@pytest.mark.parametrize("typed", ["bruise", "Bruises", "bruising", "BRUISED", "brui", "bru"])
def test_forms_and_beginnings_of_a_word_are_found(guide, cast, typed):
    writing(guide, cast, "Bruising is common.")
    builders.published(guide, cast)
    assert titles(typed) == ["Side effects"]


def test_the_beginning_of_a_word_counts_where_it_is_no_word_itself(guide, cast):
    writing(guide, cast, "Some people feel a number of things; their fingers go numb.")
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "Ask for the number of sessions.")
    builders.published(guide, cast)
    assert titles("numb") == ["Side effects"]
    assert set(titles("numbe")) == {"Side effects", "Preparation"}


@pytest.mark.parametrize("typed", ["moreton", "moretón", "MORETÓN", "morétones"])
def test_accents_and_capitals_make_no_difference(cast, typed):
    guide = builders.guide(cast["author"], title="Frío", slug="frio", language="es")
    writing(guide, cast, "Puede salir un moretón. Los moretones desaparecen.")
    builders.published(guide, cast)
    assert titles(typed) == [guide.pages.get(kind=Page.Kind.SIDE_EFFECTS).title]


def test_marks_above_letters_make_no_difference_in_other_scripts(cast):
    guide = builders.guide(cast["author"], title="Cold", slug="cold-ar", language="ar")
    writing(guide, cast, "قد تشعر بخَدَر في الجلد.")
    builders.published(guide, cast)
    assert len(titles("بخدر")) == 1


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("ΠΟΝΟΣ", "πόνος"),
        ("Ёлка", "елка"),
        ("Straße", "strasse"),
        ("العـــلاج", "العلاج"),
        ("٣ و ۴", "3 و 4"),
        ("ana\u00adphylaxis", "anaphylaxis"),
        ("می\u200cشود", "میشود"),
        ("hair\u200bloss", "hair loss"),
    ],
)
def test_what_looks_or_reads_the_same_is_compared_as_the_same(typed, means):
    assert folded(typed) == folded(means)


def test_all_that_was_typed_must_be_said_in_any_order(guide, cast):
    writing(guide, cast, "Swelling near the eyes is rare.")
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "Swelling goes by itself.")
    builders.published(guide, cast)
    assert titles("rare swelling") == ["Side effects"]
    assert titles("is swelling near my eyes rare?") == ["Side effects"]
    assert not find("rare swelling").some
    found = find("swelling elsewhere")
    assert found.some
    assert len(found.hits) == 2


def test_the_guides_name_finds_its_places_together_with_a_word_of_theirs_and_not_alone(live):
    assert titles("cold numbness") == ["Side effects"]
    assert "Preparation" not in titles("cold")
    assert titles("cold")[0] == "Cold therapy"


def test_a_place_whose_title_says_it_comes_first(guide, cast):
    entries = [SIDE_EFFECT, {**SIDE_EFFECT, "name": "Blisters", "action": "Wait. " * 20}]
    writing(guide, cast, "Blisters, blisters and again blisters.", entries)
    builders.published(guide, cast)
    assert titles("blister")[0] == "Blisters"


def test_of_titles_the_one_that_asks_in_the_same_words_comes_first_then_what_the_guide_says_itself(guide, cast):
    builders.write(guide, cast["author"], Page.Kind.OVERVIEW, "Cold.", [{**KEY_FACT, "label": "It works"}])
    questions = [{**QUESTION, "question": text} for text in ("How it works here", "Does it work?")]
    builders.page(guide, cast["author"], Page.Kind.QUESTIONS, "[[entries]]", entries=questions)
    builders.published(guide, cast)
    for typed in ("does it work", "works"):
        assert titles(typed)[:3] == ["Does it work?", "How it works here", "It works"]


def test_a_question_about_how_long_finds_the_entry_that_says_so(guide, cast):
    writing(guide, cast, "What can go wrong.", [{**SIDE_EFFECT, "name": "Swelling"}, SIDE_EFFECT])
    builders.published(guide, cast)
    assert titles("how long does swelling last") == ["Swelling"]
    assert titles("how long it lasts") == []


def test_entries_are_places_of_their_own_with_their_anchor_and_the_page_does_not_repeat_them(guide, cast):
    writing(guide, cast, "What can go wrong.\n\n[[entries]]", [{**SIDE_EFFECT, "name": "Frostbite"}])
    builders.page(
        guide, cast["author"], Page.Kind.QUESTIONS, "Ask us.", entries=[{**QUESTION, "question": "Is it icy?"}]
    )
    edition = builders.published(guide, cast)
    assert titles("frostbite") == ["Frostbite"]
    assert titles("icy") == ["Is it icy?"]
    for row in SearchRow.objects.exclude(anchor=""):
        assert f'id="{row.anchor}"' in edition.pages.with_html().get(pk=row.page_id).html
    assert SearchRow.objects.get(kind="question").anchor


# What is typed


def test_signs_and_words_such_as_the_are_not_looked_for():
    assert asked('How long does "the" bruise-mark* last?').words == ("bruise", "mark", "last")
    assert asked("what is it").words == asked("“?!”").words == asked("").words == ()


def test_no_more_is_looked_for_than_can_be():
    many = asked(" ".join(f"w{number}" for number in range(20)))
    assert (len(many.words), many.shortened) == (MOST_WORDS, True)
    assert asked("x" * 41).shortened
    long = asked("swelling " * 99)
    assert (long.words, long.shortened) == (("swelling",), True)
    assert len(long.typed) <= MOST_CHARACTERS
    assert not asked("  swelling  ").shortened
    endless = asked("x" * 999)
    assert (endless.typed, endless.words, endless.shortened) == ("x" * MOST_CHARACTERS, (), True)


def test_folding_keeps_the_way_back_to_the_text():
    text = "Größe, ﬁne  Moretón\nخَدَر"
    there = folded_in_place(text)
    assert folded(text) == "grosse fine moreton خدر"
    assert " ".join(there.text.split()) == folded(text)
    start = there.text.index("moreton")
    assert text[there.places[start] : there.places[start + 6] + 1] == "Moretón"


# The index


def test_rows_and_words_are_made_anew_from_what_is_on_record(live, guide, cast):
    before = sorted(SearchRow.objects.values_list("kind", "anchor", "title", "text"))
    index().remove(SearchRow.objects.all())
    assert titles("numbness") == []
    SearchWord.objects.create(word="forgotten", backwards="nettogrof")
    assert actions.rebuild_search_rows(guide) == len(before)
    assert actions.search.forget_unused_words() == 1
    assert sorted(SearchRow.objects.values_list("kind", "anchor", "title", "text")) == before
    assert titles("numbness") == ["Side effects"]
    assert actions.rebuild_search_rows(guide) == len(before) == SearchRow.objects.count()


def test_only_what_is_missing_is_written_where_that_is_asked(live, guide, cast):
    assert not actions.search.unindexed_guides().exists()
    assert actions.rebuild_search_rows(guide, missing_only=True) == 0
    index().remove(SearchRow.objects.all())
    assert list(actions.search.unindexed_guides()) == [guide]
    assert actions.rebuild_search_rows(guide, missing_only=True) > 0


def in_index() -> int:
    """Return how many places SQLite's index has; those of tables that were emptied since are among them."""
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM education_searchindex WHERE education_searchindex MATCH 'numbness'")
        return cursor.fetchone()[0]


def test_a_publication_that_is_undone_leaves_nothing_in_the_index(guide, cast, monkeypatch):
    edition = builders.approved(guide, cast)

    def fails(*args, **values):
        raise RuntimeError

    before = in_index()
    monkeypatch.setattr("education.actions.publication.log_once_kept", fails)
    with pytest.raises(RuntimeError):
        actions.publish(edition, by=cast["author"])
    assert not SearchRow.objects.exists()
    assert in_index() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_a_database_that_was_emptied_goes_on(time):
    """Rows of the index whose own rows are gone are in nobody's way."""
    cast = builders.cast()
    builders.published(builders.guide(cast["author"]), cast)
    assert titles("numbness") == ["Side effects"]
