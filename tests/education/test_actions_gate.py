"""The gate: what stops a submission, who may pass it, and what is kept of the reasons."""

from __future__ import annotations

import pytest

from education import actions
from education.models import Guide, Page
from education.working_copy import fingerprint
from tests import builders
from tests.education.example_entries import CARE_STEP

WARNINGS = "\n\n".join(f'!!! warning "Number {number}"\n    Take care.' for number in range(3))
WARNED = "callout.many preparation"
PROMISE = "This treatment is risk-free."
PROMISED = "words.promise preparation"
REASON = "Each of the three saves a life."


@pytest.fixture
def guide(cast):
    return builders.guide(cast["author"])


def _missing(guide: Guide, by, **more) -> list[str]:
    with pytest.raises(actions.Blocked) as blocked:
        builders.submitted(guide, by, **more)
    assert guide.editions.count() == 0
    return [finding.key for finding in blocked.value.missing]


@pytest.mark.parametrize(
    "reasons", [None, {}, {WARNED: " \n"}, {"callout.many": REASON}, {"callout.many overview": REASON}]
)
def test_a_warning_without_a_reason_of_its_own_stops_the_submission(guide, cast, reasons):
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, WARNINGS)
    assert _missing(guide, cast["author"], reasons=reasons) == [WARNED]


def test_an_error_is_not_passed_by_a_reason(guide, cast):
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "[here](https://example.org/)")
    for person in ("author", "owner"):
        assert "link.broken preparation" in _missing(guide, cast[person], reasons={"link.broken preparation": REASON})


def test_an_error_that_the_owner_may_pass_stops_everybody_else_whatever_the_reason(guide, cast):
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, PROMISE)
    assert _missing(guide, cast["author"], reasons={PROMISED: REASON}) == [PROMISED]


def test_the_owner_too_has_to_give_a_reason(guide, cast):
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, PROMISE)
    assert _missing(guide, cast["owner"]) == [PROMISED]


def test_the_owner_passes_it_with_a_reason_that_stays_with_the_edition(guide, cast):
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, PROMISE)
    edition = builders.submitted(guide, cast["owner"], reasons={PROMISED: "It quotes a law."})
    assert edition.reasons == {PROMISED: "It quotes a law."}
    (finding,) = [one for one in edition.report if one["check"] == "words.promise"]
    assert (finding["level"], finding["override"], finding["place"]) == ("E", True, "preparation")


def test_a_reason_is_kept_with_the_edition_and_offered_at_the_next_submission(guide, cast):
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, WARNINGS)
    edition = builders.submitted(guide, cast["author"], reasons={WARNED: f" {REASON}\r\n", "no.such": "Stray."})
    guide.refresh_from_db()
    assert edition.reasons == guide.reasons == {WARNED: REASON}
    assert WARNED in [f"{one['check']} {one['place']}" for one in edition.report]


def test_what_is_mended_leaves_no_reason_behind(guide, cast):
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, WARNINGS)
    edition = builders.submitted(guide, cast["author"], reasons={WARNED: REASON})
    actions.take_back(edition, by=cast["author"])
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "Eat as usual.")
    again = builders.submitted(guide, cast["author"], reasons={WARNED: REASON})
    guide.refresh_from_db()
    assert again.reasons == guide.reasons == {}


def test_a_reason_for_what_needs_none_is_not_kept(guide, cast):
    long = "You can take:\n\n" + "".join(f"- tea {number}\n" for number in range(8))
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, long)
    edition = builders.submitted(guide, cast["author"], reasons={"list.long preparation": REASON})
    assert "list.long" in [one["check"] for one in edition.report]
    assert edition.reasons == {}


def test_a_source_that_was_checked_after_somebody_looked_makes_them_look_again(guide, cast):
    seen = fingerprint(guide)
    source = builders.source()
    actions.check_source(source, by=cast["reviewer"], outcome="superseded", note="A larger trial followed.")
    with pytest.raises(actions.ChangedMeanwhile):
        builders.submitted(guide, cast["author"], seen=seen, reasons={"source.status trial-2020": REASON})


def test_a_colleague_who_changed_entries_alone_is_named_with_the_edition(guide, cast):
    builders.published(guide, cast)
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "Eat as usual. Drink water.")
    row = guide.pages.get(kind=Page.Kind.PREPARATION)
    builders.write(guide, cast["colleague"], row.kind, "Eat as usual. Drink water.", entries=[CARE_STEP])
    builders.write(guide, cast["author"], row.kind, "Eat as usual. Drink water.", entries=[])
    builders.write(guide, cast["colleague"], row.kind, "Eat as usual. Drink water.", entries=[CARE_STEP])
    edition = builders.submitted(guide, cast["author"], "Steps.")
    assert [one["name"] for one in edition.contributors] == ["Cleo Colleague"]
