"""What waits for whom."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.utils import timezone

from clinic.models import User
from education import actions
from education.actions.signing import signature
from education.desk import MOST_ROWS, sections
from education.models import Archiving, Source
from education.newsroom import Work, how_long_ago, work_of
from education.sources import SourceWork
from tests import builders
from tests.education.desk import signed_in, url
from tests.education.sourced import check_due, checked, published, sourced
from tests.html import Page


def home(person: User) -> str:
    """Return the words of the newsroom's first screen."""
    return Page(signed_in(person).get(url("index")).content.decode()).text


def test_an_urgent_correction_stands_first_on_the_reviewers_desk(guide, cast):
    builders.submitted(guide, cast["author"])
    urgent = builders.guide(cast["author"], title="Warm therapy", slug="warm-therapy")
    builders.submitted(urgent, cast["author"], urgent_reason="A dose was wrong.")
    assert [one.guide for one in work_of(cast["reviewer"]).to_review] == [urgent, guide]


def test_nothing_waits_for_the_front_desk(live, cast):
    assert work_of(cast["front_desk"]) == Work()


def test_nobody_is_asked_to_review_what_they_submitted(guide, cast):
    builders.submitted(guide, cast["owner"])
    assert work_of(cast["owner"]).to_review == []
    assert [one.guide for one in work_of(cast["reviewer"]).to_review] == [guide]


# What came back


def test_what_was_returned_stands_with_its_submitter_alone_and_counts_the_comments(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    comment = {"page": None, "slug": "", "title": "The whole guide", "place": "", "line": None, "entry": None}
    comments = [{**comment, "quote": "", "words": "Secret one."}, {**comment, "quote": "", "words": "Two."}]
    actions.give_back(edition, by=cast["reviewer"], note="Too long.", comments=comments)
    read = Page(signed_in(cast["author"]).get(url("index")).content.decode())
    assert "Returned to you (1)" in read.text
    assert "edition 1 was returned by Rae Reviewer just now" in read.text
    assert read.link("2 comments (Cold therapy)") == url("education_guide_change", guide.pk) + "#comments"
    assert read.link("See why (Cold therapy)") == url("education_edition_change", edition.pk)
    assert "Secret one." not in read.text
    for other in ("colleague", "reviewer", "owner"):
        assert "Returned to you" not in home(cast[other])


def test_what_was_taken_back_without_comments_says_by_whom(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    actions.take_back(edition, by=cast["colleague"])
    text = home(cast["author"])
    assert "edition 1 was taken back by Cleo Colleague" in text
    assert "comment" not in text
    # What came back is not listed page by page as well.
    assert "nobody has submitted" not in text


# Pages with changes


def changes(person: User) -> list[tuple[str, str, str]]:
    return [(one.guide.slug, one.title, str(one.change)) for one in work_of(person).changes]


def test_a_change_stands_with_those_who_saved_it_since_the_live_edition_and_with_nobody_else(live, guide, cast):
    for person in cast.values():
        assert changes(person) == []
    builders.write(guide, cast["colleague"], "side-effects", "You may feel tired.")
    builders.write(guide, cast["owner"], "preparation", "Eat well.")
    assert changes(cast["colleague"]) == [("cold-therapy", "Side effects", "changed")]
    assert changes(cast["owner"]) == [("cold-therapy", "Preparation", "changed")]
    # She wrote all of it, but before the live edition.
    assert changes(cast["author"]) == []
    builders.write(guide, cast["author"], "side-effects", "You may feel very tired.")
    assert changes(cast["author"]) == changes(cast["colleague"])


def test_new_and_removed_pages_count_and_a_text_put_back_as_it_was_does_not(live, guide, cast):
    before = guide.pages.get(kind="side-effects").markdown
    builders.write(guide, cast["colleague"], "side-effects", "You may feel tired.")
    builders.page(guide, cast["colleague"], "cost", "It costs money.")
    gone = builders.page(guide, cast["colleague"], "results", "You see it soon.")
    actions.remove_page(gone, by=cast["colleague"])
    actions.remove_page(guide.pages.get(kind="preparation"), by=cast["colleague"])
    assert changes(cast["colleague"]) == [("cold-therapy", "Side effects", "changed"), ("cold-therapy", "Cost", "new")]
    # Its text was saved by the author last: she learns that it is out.
    assert changes(cast["author"]) == [("cold-therapy", "Preparation", "removed")]
    builders.write(guide, cast["author"], "side-effects", before)
    assert ("cold-therapy", "Side effects", "changed") not in changes(cast["colleague"])
    builders.write(guide, cast["author"], "side-effects", "Anew.")
    # What he wrote is not in there any more.
    assert ("cold-therapy", "Side effects", "changed") not in changes(cast["colleague"])


def test_a_change_of_entries_alone_counts(cast):
    guide = sourced(cast)
    published(guide, cast)
    assert changes(cast["author"]) == []
    page = guide.pages.get(kind="benefits")
    rows = [{**entry, "claim": "Much less pain"} for entry in page.versions.first().entries]
    builders.write(guide, cast["colleague"], "benefits", page.markdown, rows)
    assert changes(cast["colleague"]) == [(guide.slug, page.title, "changed")]


def test_what_is_submitted_is_no_change_any_more_but_what_was_not_ticked_is(live, guide, cast):
    builders.write(guide, cast["author"], "side-effects", "You may feel tired.")
    builders.write(guide, cast["author"], "preparation", "Eat well.")
    ticked = [guide.pages.get(kind="side-effects").pk]
    edition = builders.submitted(guide, cast["author"], "Tired.", ticked=ticked)
    assert changes(cast["author"]) == [("cold-therapy", "Preparation", "changed")]
    actions.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    actions.publish(edition, by=cast["author"])
    assert changes(cast["author"]) == [("cold-therapy", "Preparation", "changed")]


def test_who_may_not_write_has_no_such_pages_and_an_archived_guide_asks_for_nothing(live, guide, cast):
    builders.write(guide, cast["colleague"], "side-effects", "You may feel tired.")
    User.objects.get(pk=cast["colleague"].pk).groups.clear()
    assert changes(User.objects.get(pk=cast["colleague"].pk)) == []
    builders.write(guide, cast["author"], "side-effects", "You may feel very tired.")
    assert len(changes(cast["author"])) == 1
    Archiving(guide=guide, reason="We do not offer it any more.", **signature(cast["owner"], timezone.now())).save()
    assert work_of(cast["author"]) == Work()


def test_the_first_screen_lists_a_guide_s_pages_under_it_with_links(live, guide, cast):
    builders.write(guide, cast["colleague"], "side-effects", "You may feel tired.")
    read = Page(signed_in(cast["colleague"]).get(url("index")).content.decode())
    assert "Pages you changed and nobody has submitted (1)" in read.text
    assert read.link("Cold therapy") == url("education_guide_change", guide.pk)
    there = url("education_page_write", guide.pk, guide.pages.get(kind="side-effects").pk)
    assert read.link("Side effects") == there


# In the order of what burns


def test_the_sections_stand_in_the_order_of_what_burns_and_say_what_to_do(cast):
    guides = [builders.guide(cast["author"], title=f"Guide {n}", slug=f"guide-{n}") for n in range(6)]
    builders.submitted(guides[0], cast["author"], "Usual.")
    builders.submitted(guides[1], cast["author"], "Dose.", urgent_reason="A dose was wrong.")
    mine = builders.submitted(guides[2], cast["owner"], "By Olu.")
    actions.give_back(mine, by=cast["reviewer"], note="Too long.")
    builders.write(guides[3], cast["owner"], "side-effects", "You may feel tired.")
    builders.approved(guides[4], cast)
    planned = builders.approved(guides[5], cast)
    actions.publish(planned, by=cast["author"], live_from=timezone.now() + timedelta(days=2))
    Source(key="plain", title="Plain", strength="trial").save()
    found = sections(work_of(cast["owner"]))
    assert [(one.key, one.number, one.asks) for one in found] == [
        ("urgent", 1, 1), ("review", 1, 1), ("returned", 1, 1), ("changes", 1, 1), ("publish", 1, 1),
        ("scheduled", 1, 0), ("sources", 1, 1),
    ]  # fmt: skip
    assert all(one.todo.endswith(".") for one in found)
    text = home(cast["owner"])
    places = [text.index(f"{one.heading} ({one.number})") for one in found]
    assert places == sorted(places)
    assert "urgent Guide 1, edition 1 submitted by Ada Author just now. What changed: Dose. Why it is urgent:" in text
    moment = timezone.localtime(planned.publications.get().live_from)
    assert f"goes live on {moment:%-d %b %Y, %H:%M}, the clinic’s time" in text


def test_what_waits_longest_comes_first(cast):
    guides = [builders.guide(cast["author"], title=title, slug=title.lower()) for title in ("Beta", "Alpha")]
    for days, guide in zip((3, 1), guides, strict=True):
        with time_machine.travel(timezone.now() - timedelta(days=days), tick=False):
            builders.submitted(guide, cast["author"])
    text = home(cast["reviewer"])
    assert text.index("Beta, edition 1 submitted by Ada Author 3 days ago") < text.index("Alpha, edition 1")


def test_reviews_that_are_due_are_grouped_and_only_the_pressing_ones_ask(live, cast):
    due = live.reviews.get().next_review_due
    for days, title, asks in ((-1, "Overdue", 1), (0, "Within 30 days", 1), (30, "Within 30 days", 1),
                              (31, "Within 60 days", 0), (61, "Within 90 days", 0)):  # fmt: skip
        noon = timezone.make_aware(datetime.combine(due - timedelta(days=days), time(12)))
        with time_machine.travel(noon, tick=False):
            found = next(one for one in sections(work_of(cast["reviewer"])) if one.key == "due")
            assert [group.title for group in found.groups] == [title], days
            assert found.asks == asks, days


def test_at_most_ten_rows_are_shown_with_a_link_to_all_of_them(cast, client):
    for number in range(MOST_ROWS + 2):
        guide = builders.guide(cast["author"], title=f"Guide {number:02}", slug=f"guide-{number}")
        builders.submitted(guide, cast["author"])
    client = signed_in(cast["reviewer"])
    read = Page(client.get(url("index")).content.decode())
    assert "Waiting for your review (12)" in read.text
    assert "Guide 09, edition 1" in read.text
    assert "Guide 10, edition 1" not in read.text
    rest = read.link("Show all 12: Waiting for your review")
    assert rest == f"{url('index')}?whole=review#review"
    whole = Page(client.get(rest).content.decode())
    assert "Guide 11, edition 1" in whole.text
    assert "Show all" not in whole.text
    assert client.get(f"{url('index')}?whole=%00").status_code == 400


def test_whoever_has_no_role_is_told_so_kindly(cast):
    assert "Your account has no role yet" in home(cast["outsider"])
    assert "no role" not in home(cast["author"])


def test_the_desk_costs_the_same_however_many_guides(cast, django_assert_num_queries):
    def made(number: int) -> None:
        guide = builders.guide(cast["author"], title=f"Guide {number}", slug=f"guide-{number}")
        builders.published(guide, cast)
        for kind in ("side-effects", "preparation"):
            builders.write(guide, cast["author"], kind, f"Text {number}.")
        other = builders.guide(cast["author"], title=f"Other {number}", slug=f"other-{number}")
        actions.give_back(builders.submitted(other, cast["author"]), by=cast["reviewer"], note="Too long.")

    for count in (1, 4):
        for number in range(count):
            made(10 * count + number)
        person = User.objects.get(pk=cast["author"].pk)
        person.get_all_permissions()
        # Four, what came back, three about pages, sources, two about reports.
        with django_assert_num_queries(4 + 1 + 3 + 1 + 2):
            found = sections(work_of(person))
        assert {one.key for one in found} == {"returned", "changes"}


# Sources


@pytest.mark.parametrize("who", ["front_desk", "outsider"])
def test_sources_wait_for_nobody_who_may_not_look_after_them(cast, who):
    sourced(cast)
    checked("old-2001", cast["author"])
    check_due("trial-2020", cast["author"], timezone.localdate())
    assert work_of(cast[who]).sources == SourceWork()
    looker = builders.person("looker")
    looker.user_permissions.add(Permission.objects.get(codename="view_guide"))
    assert work_of(looker).sources == SourceWork()
    assert "An old trial" not in home(looker)


@pytest.mark.parametrize("who", ["author", "reviewer", "owner"])
def test_the_first_screen_names_sources_to_check_and_claims_that_rest_on_withdrawn_ones(cast, who):
    guide = sourced(cast)
    published(guide, cast)
    checked("old-2001", cast["author"], note="Taken back.")
    check_due("trial-2020", cast["author"], timezone.localdate())
    Source(key="plain", title="Plain", strength="trial").save()
    text = home(cast[who])
    assert "Plain plain: never checked" in text
    assert f"A trial of cold trial-2020: by {timezone.localdate():%-d %b %Y}" in text
    assert "An old trial withdrawn Taken back." in text
    assert "Cold therapy: Benefits, benefit “Less pain” being written live in edition 1" in text
    assert text.count("Less pain") == 1
    due = timezone.localdate()
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert f"A trial of cold trial-2020: was due on {due:%-d %b %Y}" in home(cast[who])


def test_a_claim_leads_to_its_entry_and_one_that_is_only_live_to_its_edition(cast):
    guide = sourced(cast)
    edition = published(guide, cast)
    checked("old-2001", cast["author"])
    checked("trial-2020", cast["author"], "superseded")
    actions.remove_page(guide.pages.get(kind="benefits"), by=cast["author"])
    read = Page(signed_in(cast["author"]).get(url("index")).content.decode())
    overview = url("education_page_write", guide.pk, guide.pages.get(kind="overview").pk)
    assert read.link("Cold therapy: Overview, key fact “How long”") == f"{overview}#entry-2"
    assert read.link("Cold therapy: Overview, its text") == overview
    assert read.link("Cold therapy: Benefits, benefit “Less pain”") == url("education_edition_change", edition.pk)
    assert read.text.index("An old trial withdrawn") < read.text.index("A trial of cold superseded")


def test_sources_alone_are_something_that_waits(cast):
    assert "Nothing waits for you." in home(cast["author"])
    Source(key="plain", title="Plain", strength="trial").save()
    assert "Nothing waits for you." not in home(cast["author"])


def test_what_waits_costs_the_same_however_many_guides_and_sources(cast, django_assert_num_queries):
    for number in range(3):
        guide = sourced(cast, slug=f"guide-{number}", title=f"Guide {number}")
        published(guide, cast)
    reviewer = User.objects.get(pk=cast["reviewer"].pk)
    reviewer.get_all_permissions()
    with django_assert_num_queries(4 + 3):
        work_of(reviewer)
    checked("old-2001", cast["author"])
    with django_assert_num_queries(4 + 13):
        assert len(work_of(reviewer).sources.doubts[0].places) == 6


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=40), "just now"),
        (timedelta(minutes=1), "1\xa0minute ago"),
        (timedelta(days=3, hours=5), "3\xa0days ago"),
    ],
)
def test_how_long_something_has_waited_is_said_in_words(ago, said):
    assert how_long_ago(timezone.now() - ago) == said
