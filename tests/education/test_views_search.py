"""The page of a search: what it shows, what it says when there is nothing, and what it keeps to itself."""

from __future__ import annotations

import logging
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.log_lines import WithoutOneTimeLinks
from education import actions
from education.models import Page as GuidePage
from education.models import Synonym
from tests import builders, profiles, public
from tests.education.desk import signed_in, url
from tests.education.example_entries import SIDE_EFFECT
from tests.html import get, page

AT = "/search/?q="


def many(guide, cast, count: int) -> None:
    entries = [{**SIDE_EFFECT, "name": f"Frostbite {number}"} for number in range(count)]
    builders.write(guide, cast["author"], GuidePage.Kind.SIDE_EFFECTS, "Cold.", entries)
    builders.published(guide, cast, what_changed="Frostbite.")


def test_only_reading_is_answered_and_nobody_gets_a_cookie(client, live):
    assert client.post(f"{AT}numbness").status_code == 405
    answer = get(client, f"{AT}numbness")
    assert not answer.cookies
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_what_was_found_is_counted_marked_and_leads_to_its_place(client, live):
    shown = page(get(client, f"{AT}NUMBNESS"))
    assert shown.title.startswith("Search: NUMBNESS")
    assert (2, "1 place for “NUMBNESS”") in shown.headings
    assert shown.link("Side effects") == "/guides/cold-therapy/side-effects/"
    assert "You can get <mark>numbness</mark> for a day" in shown.markup


def test_what_was_typed_and_what_guides_say_is_never_html(client, guide, cast):
    builders.write(guide, cast["author"], GuidePage.Kind.SIDE_EFFECTS, "Say &lt;b&gt;frost&lt;/b&gt; & wait.")
    builders.published(guide, cast)
    html = get(client, f"{AT}<script>alert(1)</script> frost").content.decode()
    assert "<script>" not in html
    assert "&lt;b&gt;<mark>frost</mark>&lt;/b&gt; &amp; wait" in get(client, f"{AT}frost").content.decode()


def test_a_search_for_nothing_shows_the_guides(client, live):
    for typed in ("", "   ", "how the"):
        assert page(get(client, AT + typed)).link("Cold therapy") == "/guides/cold-therapy/"


def test_where_nothing_was_found_the_page_says_what_to_do_and_whom_to_call(client, live, cast):
    public.whole_clinic(cast["owner"])
    shown = page(get(client, f"{AT}xylophone"))
    assert "We found nothing for “xylophone”." in shown.text
    assert {(2, "What you can do"), (2, "How to reach us"), (2, "Our guides")} <= set(shown.headings)
    assert "(202) 555-0142" in shown.text


def test_words_that_stand_everywhere_ask_for_another_word_and_not_for_fewer(client, live, cast):
    public.whole_clinic(cast["owner"])
    shown = page(get(client, "/search/?q=how+the"))
    assert "Type the word that matters most" in shown.text
    assert "Type fewer words" not in shown.text
    assert {(2, "How to reach us"), (2, "Our guides")} <= set(shown.headings)


def test_of_more_than_can_be_looked_for_the_page_says_what_it_looked_for(client, live):
    shown = page(get(client, AT + "numbness+" * 99))
    assert (2, "1 place for “numbness”") in shown.headings
    assert "We looked for: numbness." in shown.text


def test_a_word_that_is_longer_than_any_is_told_so(client, live):
    for typed in ("x" * 41, "x" * 999):
        shown = page(get(client, AT + typed))
        assert "That is longer than any word we look for." in shown.text
        assert "We looked for" not in shown.text


def test_the_words_around_what_was_found_have_no_gap_where_a_source_is_named(client, guide, cast):
    text = "Some get numb [@trial-2020] [@trial-2020]; it goes [@trial-2020] in a day [@trial-2020]."
    builders.write(guide, cast["author"], GuidePage.Kind.SIDE_EFFECTS, text)
    builders.published(guide, cast)
    assert "Some get <mark>numb</mark>; it goes in a day." in get(client, f"{AT}numb").content.decode()


def test_a_typing_error_is_told_and_the_right_word_is_found(client, live):
    shown = page(get(client, f"{AT}numbnass"))
    assert "Did you mean" in shown.text
    assert shown.link("numbness") == "/search/?q=numbness"
    assert shown.link("Side effects")


def test_more_places_of_a_guide_have_pages_of_their_own(client, guide, cast):
    many(guide, cast, 45)
    first = page(get(client, f"{AT}frostbite"))
    assert sum(text.startswith("Frostbite") for _, text in first.links) == 4
    more = first.link("41 more places in: Cold therapy")
    within = page(get(client, more))
    assert (2, "45 places for “frostbite”") in within.headings
    assert "Page 1 of 3" in within.text
    last = page(get(client, f"{more}&page=99"))
    assert "Page 3 of 3" in last.text
    assert sum(text.startswith("Frostbite") for _, text in last.links) == 5
    assert within.link("Search all guides") == "/search/?q=frostbite"


# What is typed, and what the page says where a guide has 60 entries that say “Frostbite”, its page says it too, and
# patients say “chillblain”.
SAYS = {
    "": "Our guides",
    "how the": "Type the word that matters most",
    "'-- \"*": "Type the word that matters most",
    "frostbite": "60 places for “frostbite”",
    "frostbi": "60 places for “frostbi”",
    "frostbite cold": "60 places for “frostbite cold”",
    "frostbite xylophone": "These say some of it.",
    "cold frostbiet": "Did you mean cold frostbite?",
    "chillblain": "60 places for “chillblain”",
    "frostbiet": "Did you mean frostbite?",
    "frost bite": "Did you mean frostbite?",
    "chilblain": "Did you mean chillblain?",
    "chilblain frostbite": "Did you mean chillblain frostbite?",
    "frostbiet xylophone": "We found nothing",
    "xylophone": "We found nothing",
    "البرودة": "We found nothing",
    "robin": "People at this clinic",
}


@pytest.mark.parametrize("within", ["", "&guide=cold-therapy", "&guide=nothing"])
def test_a_search_asks_at_most_eight_times_whatever_was_typed(client, guide, cast, within):
    public.whole_clinic(cast["owner"])
    profiles.provider(cast["owner"])
    many(guide, cast, 60)
    actions.save_synonym(Synonym(everyday="chillblain", medical="frostbite"), by=cast["author"])
    said, asked = {}, {}
    for typed in SAYS:
        with CaptureQueriesContext(connection) as queries:
            said[typed] = page(get(client, f"{AT}{quote(typed)}{within}")).text
        asked[typed] = len(queries)
    assert {typed: said[typed] for typed, says in SAYS.items() if says not in said[typed]} == {}
    assert {typed: count for typed, count in asked.items() if count > 8} == {}


def test_a_search_asks_as_often_however_much_it_finds(client, guide, cast):
    asked = []
    for count in (1, 60):
        many(guide, cast, count)
        with CaptureQueriesContext(connection) as queries:
            get(client, f"{AT}frostbite")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 8


def test_the_search_stands_where_patients_look_for_it(client, live):
    for path in ("/", "/guides/"):
        assert 'action="/search/"' in get(client, path).content.decode(), path
    assert 'action="/search/"' in client.get("/nothing/").content.decode()


@pytest.mark.parametrize("path", ["/", "/guides/", "/search/", "/no-such-page/"])
def test_no_browser_is_asked_to_remember_what_somebody_typed(client, live, path):
    fields = [one for one in page(client.get(path)).with_attribute("type") if one["type"] == "search"]
    assert fields
    assert all(one.get("autocomplete") == "off" for one in fields)


def test_nothing_that_somebody_typed_is_logged(client, live, caplog):
    with caplog.at_level(logging.DEBUG):
        for typed in ("numbness", "secret-illness", "%00", "x" * 9000):
            client.get("/search/", {"q": typed, "page": "secret-illness", "guide": "secret-illness"})
        client.get("/search/nothing/?q=secret-illness")
        client.post("/search/?q=secret-illness")
    ours = [one for one in caplog.records if not one.name.startswith("django.db")]
    assert "secret-illness" not in " ".join(one.getMessage() for one in ours)


def test_the_development_servers_line_goes_without_what_was_typed():
    line = '"%s" %s %s'
    record = logging.LogRecord("django.server", 20, "", 1, line, ("GET /search/?q=secret HTTP/1.1", "200", "9"), None)
    assert WithoutOneTimeLinks().filter(record)
    assert record.getMessage() == '"GET /search/?… HTTP/1.1" 200 9'


# The table of words that patients use


@pytest.mark.parametrize(
    ("who", "status"), [("author", 200), ("reviewer", 403), ("front_desk", 403), ("outsider", 403)]
)
def test_editors_alone_open_the_form(cast, who, status):
    assert signed_in(cast[who]).get(url("education_synonym_add")).status_code == status


def test_an_editor_adds_changes_and_removes_a_word(cast, live, client):
    staff = signed_in(cast["author"])
    assert "already" not in staff.post(url("education_synonym_add"), {"everyday": "x", "medical": ""}).content.decode()
    assert not Synonym.objects.exists()
    staff.post(url("education_synonym_add"), {"everyday": "no feeling", "medical": "numbness"})
    row = Synonym.objects.get()
    assert page(get(client, f"{AT}no+feeling")).link("Side effects")
    again = staff.post(url("education_synonym_add"), {"everyday": "No feelings", "medical": "Numbness"})
    assert "in the list already" in again.content.decode()
    assert staff.get(url("education_synonym_changelist")).status_code == 200
    staff.post(url("education_synonym_delete", row.pk), {"post": "yes"})
    assert not Synonym.objects.exists()
    assert signed_in(cast["reviewer"]).post(url("education_synonym_delete", row.pk), {"post": "yes"}).status_code == 403


def test_the_command_says_what_it_wrote_and_names_a_guide_that_is_not_there(live, capsys):
    call_command("rebuild_search")
    assert "written: 4." in capsys.readouterr().out
    call_command("rebuild_search", missing=True)
    assert "written: 0." in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"There is no guide “x”\. Name one of these: cold-therapy"):
        call_command("rebuild_search", guide="x")
    assert actions.rebuild_search_rows(live.guide) == 4
