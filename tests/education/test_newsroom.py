"""What waits for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.utils import timezone

from clinic.models import User
from education import actions
from education.models import Source
from education.newsroom import how_long_ago, work_of
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
    work = work_of(cast["front_desk"])
    assert [work.to_review, work.handed_back, work.under_way, work.scheduled, work.due] == [[], [], [], [], []]
    assert not work.waits


def test_nobody_is_asked_to_review_what_they_submitted(guide, cast):
    builders.submitted(guide, cast["owner"])
    assert work_of(cast["owner"]).to_review == []
    assert [one.guide for one in work_of(cast["reviewer"]).to_review] == [guide]


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
    with django_assert_num_queries(4 + 2):
        work_of(reviewer)
    checked("old-2001", cast["author"])
    with django_assert_num_queries(4 + 12):
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
