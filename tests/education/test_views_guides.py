"""Reading a guide: what its pages show, in which language, and what they cost."""

from __future__ import annotations

import pytest
import time_machine
from django.template.loader import render_to_string

from education import actions
from education.models import Page as GuidePage
from education.reading import reading_of_edition, reading_of_working_copy
from education.snapshot import SnapshotPage
from tests import builders, public
from tests.html import Page, get, page

Kind = GuidePage.Kind
SCRIPT = "<script>alert(1)</script>"


# What a page shows


def test_every_address_of_a_live_guide_answers_with_a_sound_page(client, live):
    for path in public.of_guide(live):
        response = get(client, path)
        if response["Content-Type"].startswith("text/html"):
            page(response)


def test_the_title_tells_pages_apart_and_the_h1_begins_with_the_page(client, live, cast):
    public.clinic(cast["owner"])
    overview = page(get(client, "/guides/cold-therapy/"))
    inner = page(get(client, "/guides/cold-therapy/side-effects/"))
    assert overview.title == "Cold therapy – Test Clinic"
    assert inner.title == "Side effects – Cold therapy – Test Clinic"
    assert overview.headings[0] == (1, "Cold therapy")
    assert inner.headings[0] == (1, "Side effects – Cold therapy")


def test_the_contents_mark_the_page_and_previous_and_next_follow_the_reading_order(client, live):
    order = ["/guides/cold-therapy/", "/guides/cold-therapy/preparation/", "/guides/cold-therapy/side-effects/"]
    for index, path in enumerate(order):
        read = page(get(client, path))
        current = [one["href"] for one in read.with_attribute("aria-current") if "href" in one]
        assert current == [path]
        around = {one["rel"]: one["href"] for one in read.with_attribute("rel") if one["rel"] in ("prev", "next")}
        wanted = {"prev": order[index - 1]} if index else {}
        wanted |= {"next": order[index + 1]} if index < 2 else {}
        assert around == wanted


def test_a_page_explains_its_own_words_and_lists_its_own_sources(client, guide, cast):
    builders.source("other-2021", title="Another trial", doi="10.1000/xyz<1>")
    builders.write(guide, cast["author"], Kind.PREPARATION, "Rest [@other-2021].")
    builders.published(guide, cast)
    read = page(get(client, "/guides/cold-therapy/side-effects/"))
    assert {"source-trial-2020", "term-numbness", "ref-side-effects-trial-2020-1"} <= set(read.ids)
    assert "source-other-2021" not in read.ids
    assert "Trial" in read.text
    assert "2020" in read.text
    other = page(get(client, "/guides/cold-therapy/preparation/"))
    assert other.link("Another trial") == "https://doi.org/10.1000/xyz%3C1%3E"
    assert [one["value"] for one in other.with_attribute("value") if one.get("id") == "source-other-2021"] == ["2"]


def test_a_page_says_who_reviewed_it_when_next_and_who_pays(client, guide, cast):
    with time_machine.travel("2026-03-03 15:00+00:00", tick=False):
        live = builders.published(guide, cast)
        read = page(get(client, "/guides/cold-therapy/side-effects/"))
    assert "Page last reviewed: March 3, 2026, by Rae Reviewer, nurse." in read.text
    assert "Next review due: March 3, 2027." in read.text
    assert "Written by The clinic" in read.text
    assert "Written and paid for by the clinic that offers this treatment." in read.text
    assert read.link(f"Edition 1 · {live.content_hash[:8]}") == "/guides/cold-therapy/editions/1/"
    assert "not by a second person" not in read.text
    with time_machine.travel("2027-03-04 15:00+00:00", tick=False):
        assert "Next review was due: March 3, 2027." in page(get(client, "/guides/cold-therapy/side-effects/")).text


def test_a_page_says_plainly_that_its_author_reviewed_it(client, guide, cast, settings):
    settings.REVIEW_BY_SECOND_PERSON = False
    edition = builders.submitted(guide, cast["owner"])
    actions.approve(edition, by=cast["owner"], judged=edition.content_hash)
    actions.publish(edition, by=cast["owner"])
    for path in ("side-effects/", "all/"):
        read = page(get(client, f"/guides/cold-therapy/{path}"))
        assert "It was reviewed by the person who wrote it, not by a second person." in read.text


def test_a_confirmation_renews_the_dates(client, guide, cast):
    with time_machine.travel("2026-03-03 15:00+00:00", tick=False):
        live = builders.published(guide, cast)
    with time_machine.travel("2026-09-01 15:00+00:00", tick=False):
        actions.confirm(live, by=cast["second_reviewer"], judged=live.content_hash)
        read = page(get(client, "/guides/cold-therapy/"))
    assert "Page last reviewed: Sept. 1, 2026, by Sol Second" in read.text
    assert "Next review due: Sept. 1, 2027." in read.text


def test_the_clinic_of_today_stands_beside_the_text_of_then(client, live, cast):
    public.clinic(cast["owner"], phone="(202) 555-0142")
    read = page(get(client, "/guides/cold-therapy/side-effects/"))
    assert "To talk with us, call (202) 555-0142" in read.text
    assert ("tel:2025550142", "(202) 555-0142") in read.links


def test_the_whole_guide_has_every_page_one_glossary_and_one_list_of_sources(client, live):
    read = page(get(client, "/guides/cold-therapy/all/"))
    assert [words for level, words in read.headings if level == 2][:3] == ["Contents", "Overview", "Who it is for"]
    assert [words for _, words in read.headings].count("Sources") == 1
    assert [words for _, words in read.headings].count("Words explained") == 1
    assert "You can get numbness for a day" in read.text


def test_a_guide_in_arabic_among_english_words_is_read_from_right_to_left(client, cast):
    guide = builders.guide(cast["author"], title="العلاج بالبرد", slug="cold-ar", language="ar")
    live = builders.published(guide, cast)
    for path in public.of_guide(live):
        response = get(client, path)
        if response["Content-Type"].startswith("text/html"):
            read = page(response)
            assert (read.language, read.direction) == ("en-us", "ltr"), path
            assert {"lang": "ar", "dir": "rtl"} in [attributes for tag, attributes in read.elements if tag == "bdi"], (
                path
            )
    actions.withdraw(live, by=cast["author"], reason="خطأ")
    read = page(get(client, "/guides/cold-ar/", 410))
    assert (read.language, read.direction) == ("en-us", "ltr")
    site = page(get(client, "/"))
    assert (site.language, site.direction) == ("en-us", "ltr")


def test_nothing_that_staff_write_becomes_markup(client, cast):
    term = builders.term("sly", term=f"sly{SCRIPT}", plain_meaning=SCRIPT)
    builders.source("sly", title=SCRIPT, authors=SCRIPT, publisher=SCRIPT, note=SCRIPT)
    said = dict.fromkeys(("title", "summary", "written_by", "funding"), f"x{SCRIPT}")
    guide = builders.guide(cast["author"], **said)
    builders.write(guide, cast["author"], Kind.PREPARATION, f"{SCRIPT} [a](term:{term.key}) [@sly]")
    row = guide.pages.get(kind=Kind.PREPARATION)
    actions.save_page(row, by=cast["author"], base=None, title=SCRIPT, slug=row.slug, markdown=row.markdown)
    live = builders.published(guide, cast, what_changed=SCRIPT)
    for path in [*public.of_guide(live), "/", "/guides/"]:
        response = get(client, path)
        if response["Content-Type"].startswith("text/html"):
            assert SCRIPT in page(response).text


def test_the_preview_of_a_working_copy_is_the_page_without_a_stamp(guide):
    contents = [SnapshotPage(row.kind, row.slug, row.title, row.markdown) for row in guide.pages.kept()]
    reading, _ = reading_of_working_copy(guide, contents)
    for one in reading.pages:
        read = Page(render_to_string("education/page.html", reading.context(one)))
        assert read.faults() == []
        assert "Preview: not published" in read.text
        assert not [href for href, _ in read.links if "/editions/" in href]
        assert not [one for one in read.with_attribute("rel") if one["rel"] in ("prev", "next")]
    whole = Page(render_to_string("education/whole.html", reading.whole_context()))
    assert whole.faults() == []
    assert "Preview: not published" in whole.text
    assert "cools the skin" in whole.text


def test_the_preview_of_an_edition_in_review_says_that_nobody_has_reviewed_it(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    read = Page(render_to_string("education/whole.html", reading_of_edition(edition).whole_context()))
    assert read.faults() == []
    assert "Not reviewed yet." in read.text
    assert "Next review" not in read.text


# What it costs


CLINIC = 2  # the clinic's facts and its information pages, on every page


@pytest.mark.parametrize(
    # One of the queries of a page is for the reviewer's own page.
    ("rest", "queries"),
    [("", 5), ("side-effects/", 5), ("all/", 5), ("sources/", 3), ("editions/", 2)],
)
def test_a_page_costs_the_same_however_long_the_guide(client, guide, cast, rest, queries, django_assert_num_queries):
    for number in range(8):
        source = builders.source(f"more-{number}")
        builders.page(guide, cast["author"], Kind.OTHER, f"More [@more-{number}].", slug=f"more-{number}", title="More")
    builders.published(guide, cast)
    for number in range(3):
        builders.next_edition(guide, cast, f"Other words {number}.")
    for outcome in ("current", "withdrawn"):
        actions.check_source(source, by=cast["author"], outcome=outcome, note="Looked at.")
    with django_assert_num_queries(queries + CLINIC):
        get(client, f"/guides/cold-therapy/{rest}")


# The home page asks for the clinic's places too.
@pytest.mark.parametrize(("path", "queries"), [("/", 2), ("/guides/", 1)])
def test_the_list_of_guides_costs_the_same_however_many(client, cast, path, queries, django_assert_num_queries):
    for number in range(5):
        guide = builders.guide(cast["author"], title=f"Guide {number}", slug=f"guide-{number}")
        builders.published(guide, cast)
    with django_assert_num_queries(queries + CLINIC):
        get(client, path)
