"""The feed: valid by RFC 4287, read by a reader that is not ours, and saying of editions what the site says."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone

from education import actions, feed
from tests import builders, public
from tests.html import get, page

AT = "/guides/cold-therapy/"
ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 4287, 3.3: a date of RFC 3339 with an upper-case T, and Z where there is no offset.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@pytest.fixture(autouse=True)
def _morning(time_machine) -> None:
    time_machine.move_to("2026-03-03 15:00:00+00:00", tick=False)


@pytest.fixture
def clinic(cast):
    return public.clinic(cast["owner"])


def read(client) -> feedparser.FeedParserDict:
    """Return the feed as a reader from elsewhere has it, having found nothing wrong with it."""
    response = get(client, "/feed.xml")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(response.content)
    assert not found.bozo, found
    assert found.version == "atom10"
    check(ElementTree.fromstring(response.content))
    return found


def check(root: ElementTree.Element) -> None:
    """Assert what RFC 4287 asks of a feed (4.1.1), its entries (4.1.2) and what both are made of."""
    assert root.tag == f"{ATOM}feed"
    for one in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1, name
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")].count("self") == 1
    entries = root.findall(f"{ATOM}entry")
    ids = [root.findtext(f"{ATOM}id"), *(one.findtext(f"{ATOM}id") for one in entries)]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        assert len([one for one in entry.findall(f"{ATOM}link") if one.get("rel") == "alternate"]) == 1
        assert entry.findtext(f"{ATOM}published") <= entry.findtext(f"{ATOM}updated")
    moments = [one.text or "" for name in ("updated", "published") for one in root.iter(f"{ATOM}{name}")]
    assert all(MOMENT.fullmatch(one) and datetime.fromisoformat(one).tzinfo for one in moments)
    updated = [datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert updated == sorted(updated, reverse=True)
    if updated:
        assert datetime.fromisoformat(root.findtext(f"{ATOM}updated")) == updated[0]


def test_a_site_without_an_edition_has_an_empty_feed_that_stays_the_same(client, db, time_machine):
    assert read(client).entries == []
    before = get(client, "/feed.xml").content
    time_machine.shift(3600)
    assert get(client, "/feed.xml").content == before


def test_an_entry_says_what_changed_and_who_approved_it_and_leads_to_the_permalink(client, clinic, live, settings):
    found = read(client)
    assert found.feed.title == "New editions of our guides: Test Clinic"
    assert found.feed.author == "Test Clinic"
    (entry,) = found.entries
    assert entry.title == "Cold therapy, edition 1"
    assert entry.link == f"{settings.SITE_URL}{AT}editions/1/"
    changed, approved = "What changed: First edition.", "Approved by Rae Reviewer, nurse"
    assert entry.summary == f"<p>{changed}</p><p>{approved}</p>"
    assert entry.published == entry.updated == "2026-03-03T15:00:00+00:00"
    shown = page(get(client, f"{AT}editions/")).text
    for words in ("First edition.", "Rae Reviewer, nurse"):
        assert words in shown
    for link in entry.links:
        get(client, link.href.removeprefix(settings.SITE_URL))


def test_what_is_not_public_yet_is_not_in_it_and_a_planned_edition_comes_at_its_moment(
    client, guide, cast, time_machine
):
    soon = timezone.now() + timedelta(days=2)
    coming = builders.approved(guide, cast, what_changed="Planned.")
    assert read(client).entries == []
    actions.publish(coming, by=cast["author"], live_from=soon)
    time_machine.move_to(soon - timedelta(seconds=1))
    assert read(client).entries == []
    time_machine.move_to(soon)
    (entry,) = read(client).entries
    assert datetime.fromisoformat(entry.published) == soon
    assert "Planned." in entry.summary


def test_a_cancelled_publication_is_never_in_it(client, guide, cast, time_machine):
    coming = builders.approved(guide, cast)
    soon = timezone.now() + timedelta(days=2)
    actions.publish(coming, by=cast["author"], live_from=soon)
    actions.cancel(coming, by=cast["author"])
    time_machine.move_to(soon + timedelta(days=1))
    assert read(client).entries == []


def test_the_newest_comes_first_and_an_older_one_stays_as_it_was(client, live, cast, time_machine):
    before = read(client).entries[0]
    time_machine.shift(3600)
    builders.next_edition(live.guide, cast, "More.", what_changed="A word.")
    newer, older = read(client).entries
    assert newer.title == "Cold therapy, edition 2"
    assert older == before


def test_a_withdrawn_edition_says_so_first_and_is_news_again(client, live, cast, time_machine):
    before = read(client).entries[0]
    time_machine.shift(3600)
    actions.withdraw(live, by=cast["author"], reason="A <b>wrong</b> dose & more.")
    (entry,) = read(client).entries
    assert entry.id == before.id
    assert entry.published == before.published
    assert datetime.fromisoformat(entry.updated) == timezone.now()
    raw = ElementTree.fromstring(get(client, "/feed.xml").content)
    said = "This edition was withdrawn. Reason: <bdi>A &lt;b&gt;wrong&lt;/b&gt; dose &amp; more.</bdi>"
    assert (raw.findtext(f"{ATOM}entry/{ATOM}summary") or "").startswith(f"<p>{said}</p>")
    # As the page at the address of the guide says it.
    assert "Reason: A <b>wrong</b> dose & more." in page(get(client, AT, 410)).text


def test_an_archived_guide_says_so_of_its_last_edition_until_it_is_back(client, live, cast, time_machine):
    time_machine.shift(3600)
    last = builders.next_edition(live.guide, cast, "More.")
    time_machine.shift(3600)
    actions.archive_guide(live.guide, by=cast["author"], reason="Nobody writes it.")
    newest, older = read(client).entries
    said = "We no longer keep this guide up to date. Reason: Nobody writes it."
    assert said in newest.summary
    assert newest.link.endswith(last.get_absolute_url())
    assert datetime.fromisoformat(newest.updated) == timezone.now()
    assert "no longer" not in older.summary
    time_machine.shift(3600)
    actions.reopen_guide(live.guide, by=cast["author"])
    back = read(client).entries[0]
    assert "no longer" not in back.summary
    assert datetime.fromisoformat(back.updated) == timezone.now()


def test_an_edition_that_comes_back_is_news_again(client, live, cast, time_machine):
    builders.next_edition(live.guide, cast, "More.")
    before = read(client).entries
    actions.publish(live, by=cast["author"], live_from=timezone.now() + timedelta(hours=1))
    assert read(client).entries == before
    time_machine.shift(3600)
    newest = read(client).entries[0]
    assert newest.title.endswith("edition 1")
    assert datetime.fromisoformat(newest.updated) == timezone.now()
    assert datetime.fromisoformat(newest.published) == timezone.now() - timedelta(hours=1)


def test_an_id_stays_when_the_guide_and_the_site_move(client, live, cast, settings):
    before = read(client).entries[0].id
    assert UUID(before.removeprefix("urn:uuid:")).version == 5
    actions.save_guide(live.guide, by=cast["author"], slug="cooling")
    settings.SITE_URL = "https://elsewhere.example"
    (entry,) = read(client).entries
    assert entry.id == before
    assert entry.link == "https://elsewhere.example/guides/cooling/editions/1/"


def test_signs_that_xml_cannot_write_are_left_out(client, cast):
    guide = builders.guide(cast["author"], title="Cold <therapy> & more")
    builders.published(guide, cast, what_changed="A\x0bb \x1b[0m ]]> \uffff c")
    (entry,) = read(client).entries
    root = ElementTree.fromstring(get(client, "/feed.xml").content)
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == "Cold <therapy> & more, edition 1"
    assert "Ab [0m ]]&gt;  c" in entry.summary


def test_an_entry_says_in_which_language_it_is(client, cast):
    builders.published(builders.guide(cast["author"], title="العلاج", slug="cold-ar", language="ar"), cast)
    root = ElementTree.fromstring(get(client, "/feed.xml").content)
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert root.get(language, "").startswith("en")
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.get(language) == "ar"
    assert 'What changed: <bdi lang="ar" dir="rtl">First edition.</bdi>' in (entry.findtext(f"{ATOM}summary") or "")


def test_it_holds_the_newest_and_costs_the_same_however_many(
    client, live, cast, time_machine, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(feed, "MOST_ENTRIES", 2)
    with django_assert_num_queries(4):
        get(client, "/feed.xml")
    for words in ("Two.", "Three."):
        time_machine.shift(3600)
        builders.next_edition(live.guide, cast, words)
    with django_assert_num_queries(4):
        found = read(client)
    assert [entry.title[-1] for entry in found.entries] == ["3", "2"]


def test_a_reader_finds_it_from_the_lists(client, live):
    for path in ("/", "/guides/", f"{AT}editions/"):
        links = [one for tag, one in page(get(client, path)).elements if tag == "link"]
        (found,) = [one for one in links if one.get("type") == "application/atom+xml"]
        assert (found["rel"], found["href"]) == ("alternate", "/feed.xml")
        assert found["title"]
