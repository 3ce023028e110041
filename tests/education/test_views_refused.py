"""Who gets nothing: what was never live, what is gone, what has moved, and pictures that are not public yet."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from education import actions
from education.models import Edition, Image, Page
from tests import builders, public
from tests.html import get, page
from tests.pictures import png

SCRIPT = "<script>alert(1)</script>"


# Editions that the public never gets


def drafted(guide, cast):
    return None


def in_review(guide, cast):
    return builders.submitted(guide, cast["author"])


def returned(guide, cast):
    edition = in_review(guide, cast)
    actions.give_back(edition, by=cast["reviewer"], note="Say more.")
    return edition


def taken_back(guide, cast):
    edition = in_review(guide, cast)
    actions.take_back(edition, by=cast["author"])
    return edition


def scheduled(guide, cast):
    edition = builders.approved(guide, cast)
    actions.publish(edition, by=cast["author"], live_from=timezone.now() + timedelta(days=1))
    return edition


def cancelled(guide, cast):
    edition = scheduled(guide, cast)
    actions.cancel(edition, by=cast["author"])
    return edition


UNPUBLISHED = [drafted, in_review, returned, taken_back, builders.approved, scheduled, cancelled]


@pytest.mark.parametrize("who", ["a visitor", "owner"])
@pytest.mark.parametrize("bring", UNPUBLISHED, ids=lambda bring: bring.__name__)
def test_what_was_never_live_is_404_for_everyone_at_every_address(client, guide, cast, bring, who):
    edition = bring(guide, cast) or Edition(guide=guide, number=1, code="aaaa2222")
    if who in cast:
        client.force_login(cast[who])
    for path in public.of_history(edition):
        get(client, path, 404)
    for rest in ("", "side-effects/", "preparation/", "all/", "sources/", "sources.csv", "sources.json"):
        get(client, f"/guides/cold-therapy/{rest}", 404)
    assert b"Cold therapy" not in get(client, "/").content
    assert b"Cold therapy" not in get(client, "/guides/").content


@pytest.mark.parametrize("bring", UNPUBLISHED[1:], ids=lambda bring: bring.__name__)
def test_beside_a_live_edition_an_unpublished_one_shows_nowhere(client, guide, cast, live, bring):
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Words that nobody approved.")
    second = bring(guide, cast)
    for path in public.of_guide(live):
        assert b"Words that nobody approved" not in get(client, path).content
    for path in public.of_history(second)[1:]:
        get(client, path, 404)
    get(client, f"/guides/cold-therapy/editions/1/changes/?since={second.number}", 404)


def test_a_scheduled_edition_shows_at_its_moment_and_not_before(client, guide, cast, live):
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "The new words.")
    edition = builders.approved(guide, cast)
    moment = timezone.now() + timedelta(hours=5)
    actions.publish(edition, by=cast["author"], live_from=moment)
    with time_machine.travel(moment - timedelta(seconds=1), tick=False):
        assert b"The new words." not in get(client, "/guides/cold-therapy/side-effects/").content
    with time_machine.travel(moment, tick=False):
        assert b"The new words." in get(client, "/guides/cold-therapy/side-effects/").content


@pytest.mark.parametrize("slug", ["nothing-here", "side-effects-", "%00", "all/all"])
def test_a_page_that_never_was_is_404(client, live, slug):
    get(client, f"/guides/cold-therapy/{slug}/", 404)


def test_no_public_address_takes_a_post(client, live):
    for path in [*public.SITE, *public.of_guide(live), "/healthz", "/robots.txt", "/sitemap.xml"]:
        for send in (client.post, client.put, client.delete, client.patch):
            assert send(path).status_code == 405, path


# Gone


def test_a_withdrawn_guide_is_410_with_its_reason_at_every_address_of_the_guide(client, live, cast):
    paths = public.of_live_guide(live)
    actions.withdraw(live, by=cast["author"], reason=f"The dose was wrong {SCRIPT}")
    for path in [*paths, "/guides/cold-therapy/never-there/"]:
        read = page(get(client, path, 410))
        assert f"The dose was wrong {SCRIPT}" in read.text
        assert "cools the skin" not in read.text
    assert b"Cold therapy" not in get(client, "/guides/").content
    assert b"Cold therapy" not in get(client, "/").content


def test_a_withdrawn_guide_does_not_fall_back_on_an_older_edition(client, guide, cast, live):
    second = builders.next_edition(guide, cast, "Newer words.")
    actions.withdraw(second, by=cast["author"], reason="The newer words are wrong.")
    assert b"numbness" not in get(client, "/guides/cold-therapy/side-effects/", 410).content


def test_a_page_that_was_removed_is_410_and_leads_to_where_it_stood_last(client, guide, cast, live):
    actions.remove_page(guide.pages.get(kind=Page.Kind.PREPARATION), by=cast["author"])
    builders.published(guide, cast, what_changed="Preparation is gone.")
    read = page(get(client, "/guides/cold-therapy/preparation/", 410))
    assert "Preparation" in read.text
    assert read.link("The guide as it is today") == "/guides/cold-therapy/"
    was = read.link("The page as it stood in edition 1")
    assert was == "/guides/cold-therapy/editions/1/#chapter-preparation"
    assert was.partition("#")[2] in page(get(client, was)).ids


# Moved


def test_the_overview_has_one_address(client, live):
    response = get(client, "/guides/cold-therapy/overview/", 301)
    assert response["Location"] == "/guides/cold-therapy/"


def test_a_guide_without_an_overview_begins_with_its_first_page(client, guide, cast):
    actions.remove_page(guide.pages.get(kind=Page.Kind.OVERVIEW), by=cast["author"])
    builders.published(guide, cast)
    assert get(client, "/guides/cold-therapy/", 302)["Location"] == "/guides/cold-therapy/preparation/"


def test_a_former_address_of_a_guide_leads_on_from_everything_below_it(client, live, cast):
    old = public.of_guide(live)[:-1]
    actions.save_guide(live.guide, by=cast["author"], slug="cryotherapy")
    for path in old:
        assert get(client, path, 301)["Location"] == path.replace("cold-therapy", "cryotherapy")
        get(client, path.replace("cold-therapy", "cryotherapy"))


def test_a_former_address_of_a_page_leads_on_once_the_new_one_is_live(client, guide, cast, live):
    row = guide.pages.get(kind=Page.Kind.SIDE_EFFECTS)
    actions.save_page(row, by=cast["author"], base=None, title=row.title, slug="harms", markdown=row.markdown)
    get(client, "/guides/cold-therapy/side-effects/")
    get(client, "/guides/cold-therapy/harms/", 404)
    builders.published(guide, cast, what_changed="A new address.")
    response = get(client, "/guides/cold-therapy/side-effects/", 301)
    assert response["Location"] == "/guides/cold-therapy/harms/"
    get(client, "/guides/cold-therapy/harms/")


# Images


@pytest.fixture
def picture(cast) -> Image:
    image = Image(key="cold-pack", alternative_text="A cold pack on an arm.")
    return actions.add_image(image, SimpleUploadedFile("a.png", png()), by=cast["author"])


def test_a_picture_that_no_public_edition_shows_is_404(client, picture, guide, cast):
    get(client, picture.url, 404)
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "![Cold](image:cold-pack)")
    builders.approved(guide, cast)
    get(client, picture.url, 404)
    client.force_login(cast["outsider"])
    get(client, picture.url, 404)


def test_staff_who_may_see_pictures_see_them_before_they_are_public_and_nothing_keeps_a_copy(client, picture, cast):
    client.force_login(cast["author"])
    response = get(client, picture.url)
    assert b"".join(response.streaming_content)
    assert response["Cache-Control"] == "private, no-store"


def test_a_picture_of_a_live_edition_is_public_and_lasts(client, picture, guide, cast):
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "![Cold](image:cold-pack)")
    builders.published(guide, cast)
    response = get(client, picture.url)
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]
    content = b"".join(response.streaming_content)
    assert hashlib.sha256(content).hexdigest() == picture.sha256
    page(get(client, "/guides/cold-therapy/preparation/"))


def test_who_meets_a_withdrawn_guide_reads_when_to_call_and_the_number(client, live, cast):
    public.clinic(cast["owner"], phone="(202) 555-0142")
    actions.withdraw(live, by=cast["author"], reason="Wrong.")
    read = page(get(client, "/guides/cold-therapy/", 410))
    card = read.text.partition("Non-urgent advice: Call us if:")[2]
    assert "you have had this treatment" in card
    assert "(202) 555-0142" in card
