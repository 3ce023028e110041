"""What waits for whom."""

from __future__ import annotations

from education.newsroom import work_of
from tests import builders


def test_an_urgent_correction_stands_first_on_the_reviewers_desk(guide, cast):
    builders.submitted(guide, cast["author"])
    urgent = builders.guide(cast["author"], title="Warm therapy", slug="warm-therapy")
    builders.submitted(urgent, cast["author"], urgent_reason="A dose was wrong.")
    assert [one.guide for one in work_of(cast["reviewer"]).to_review] == [urgent, guide]


def test_nothing_waits_for_the_front_desk(live, cast):
    work = work_of(cast["front_desk"])
    assert [work.to_review, work.handed_back, work.under_way, work.scheduled, work.due] == [[], [], [], [], []]


def test_nobody_is_asked_to_review_what_they_submitted(guide, cast):
    builders.submitted(guide, cast["owner"])
    assert work_of(cast["owner"]).to_review == []
    assert [one.guide for one in work_of(cast["reviewer"]).to_review] == [guide]
