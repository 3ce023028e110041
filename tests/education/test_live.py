"""The clock decides what is live: at its moment, never before, once, whatever the clocks on the wall do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.models import User
from education import actions
from education.history import LivePeriod, history_of
from education.models import Edition, Guide, Publication, State
from education.rules import WrongState
from tests import builders
from tests.education.whole_record import state_of

NEW_YORK = ZoneInfo("America/New_York")
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
START = datetime(2026, 1, 5, 15, 0, 0, 123_456, tzinfo=UTC)


def _live(guide: Guide, now: datetime | None = None) -> Edition | None:
    """The live edition of a guide, on which both ways of asking for it agree."""
    found = Edition.objects.live(now).with_live_since(now).filter(guide=guide).first()
    for_readers = Edition.objects.live_one_of(guide.slug, now)
    assert for_readers == found
    assert found is None or for_readers.live_since == found.live_since
    return found


def _approved(guide: Guide, cast: dict[str, User], text: str) -> Edition:
    builders.write(guide, cast["author"], "side-effects", text)
    return builders.approved(guide, cast, what_changed=text)


def _history(guide: Guide, now: datetime) -> list[LivePeriod]:
    history = history_of(guide.slug, now)
    return list(history.periods) if history else []


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(START, tick=False)
    assert timezone.now() == START
    return time_machine


@pytest.fixture
def guide(clock, guide) -> Guide:
    """The guide, made after the clock was set."""
    return guide


@pytest.mark.parametrize(
    "local",
    [
        START + TICK,
        START.replace(microsecond=0) + DAY,
        START.replace(microsecond=999_999) + DAY,
        # Clocks go forward at 2:00 on 8 March 2026: the last moment before, and the first of the new hour.
        datetime(2026, 3, 8, 1, 59, 59, 999_999, tzinfo=NEW_YORK),
        datetime(2026, 3, 8, 3, 0, tzinfo=NEW_YORK),
        datetime(2026, 3, 8, 3, 30, tzinfo=NEW_YORK),
        # Clocks go back at 2:00 on 1 November 2026: half past one comes twice.
        datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=0),
        datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1),
        datetime(2026, 11, 1, 2, 0, tzinfo=NEW_YORK),
        datetime(2028, 2, 29, 23, 59, 59, 999_999, tzinfo=NEW_YORK),
    ],
    ids=lambda moment: moment.isoformat(),
)
def test_a_scheduled_edition_appears_exactly_at_its_moment(guide, cast, clock, local):
    moment = local.astimezone(UTC)  # Python reckons with the hands of the clock inside a zone, and not with time
    old = builders.published(guide, cast)
    new = _approved(guide, cast, "New.")
    publication = actions.publish(new, by=cast["author"], live_from=local)
    publication.refresh_from_db()
    assert publication.live_from == moment
    clock.move_to(moment - TICK, tick=False)
    assert timezone.now() == moment - TICK
    assert _live(guide) == old
    assert (state_of(old), state_of(new)) == (State.LIVE, State.SCHEDULED)
    clock.move_to(moment, tick=False)
    assert _live(guide) == new
    assert (state_of(old), state_of(new)) == (State.SUPERSEDED, State.LIVE)
    clock.move_to(moment + 400 * DAY, tick=False)
    assert _live(guide) == new
    assert [period.edition for period in history_of(guide.slug, timezone.now()).periods] == [new, old]


@pytest.mark.parametrize(("fold", "utc_hour"), [(0, 5), (1, 6)])
def test_each_of_the_two_half_past_ones_is_a_moment_of_its_own(guide, cast, clock, fold, utc_hour):
    edition = builders.approved(guide, cast)
    local = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=fold)
    publication = actions.publish(edition, by=cast["author"], live_from=local)
    publication.refresh_from_db()
    assert publication.live_from == datetime(2026, 11, 1, utc_hour, 30, tzinfo=UTC)
    other = datetime(2026, 11, 1, 11 - utc_hour, 30, tzinfo=UTC)
    assert (_live(guide, other) == edition) is (other > publication.live_from)


def test_of_two_publications_at_the_same_moment_the_later_one_counts(guide, cast, clock):
    first = builders.published(guide, cast)
    second = builders.next_edition(guide, cast, "Second.")
    third = builders.next_edition(guide, cast, "Third.")
    assert set(Publication.objects.values_list("live_from", flat=True)) == {START}
    assert _live(guide) == third
    assert [state_of(one) for one in (first, second, third)] == [State.SUPERSEDED, State.SUPERSEDED, State.LIVE]
    actions.publish(first, by=cast["author"])
    assert _live(guide) == first
    (period,) = history_of(guide.slug, START).periods
    assert (period.edition, period.start, period.end) == (first, START, None)


def test_a_cancelled_edition_never_appears(guide, cast, clock):
    old = builders.published(guide, cast)
    new = _approved(guide, cast, "New.")
    actions.publish(new, by=cast["author"], live_from=START + DAY)
    clock.move_to(START + DAY - TICK, tick=False)
    actions.cancel(new, by=cast["author"])
    for later in (timedelta(0), TICK, 2 * TICK, 1000 * DAY):
        assert _live(guide, START + DAY - TICK + later) == old
    assert Edition.objects.public(START + 1000 * DAY).filter(pk=new.pk).count() == 0
    assert [period.edition for period in history_of(guide.slug, START + 1000 * DAY).periods] == [old]


def test_the_states_follow_the_clock_without_anybody_doing_anything(guide, cast, clock):
    new = builders.approved(guide, cast)
    actions.publish(new, by=cast["author"], live_from=START + DAY)
    for moment, state in ((START, State.SCHEDULED), (START + DAY - TICK, State.SCHEDULED), (START + DAY, State.LIVE)):
        assert Edition.objects.with_state(moment).get(pk=new.pk).state is state
    assert Publication.objects.count() == 1


def test_decisions_and_withdrawals_count_even_for_a_clock_that_is_behind(guide, cast, clock):
    """Of two machines one may be slow: to it too an approved edition is approved, and a withdrawn one withdrawn."""
    edition = builders.approved(guide, cast)
    slow = START - timedelta(seconds=2)
    assert Edition.objects.with_state(slow).get().state is State.APPROVED
    actions.publish(edition, by=cast["author"])
    actions.withdraw(edition, by=cast["author"], reason="Wrong dose.")
    assert Edition.objects.with_state(slow).get().state is State.WITHDRAWN
    assert _live(guide, slow) is None


def test_a_clock_that_is_behind_takes_a_publication_that_has_just_begun_for_one_to_come(guide, cast, clock):
    first = builders.published(guide, cast)
    second = _approved(guide, cast, "Second.")
    actions.publish(second, by=cast["author"])
    clock.move_to(START - timedelta(seconds=2), tick=False)
    for edition in (first, second):
        with pytest.raises(WrongState, match="scheduled"):
            actions.publish(edition, by=cast["author"])
    assert Publication.objects.count() == 2


# Periods


def _periods(guide: Guide, days: int) -> list[tuple[int, int, int | None, bool]]:
    """Return number, first day, last day and whether it was withdrawn, counted in days from START."""
    return [
        (
            period.edition.number,
            (period.start - START) // DAY,
            None if period.end is None else (period.end - START) // DAY,
            period.ended_by_withdrawal,
        )
        for period in history_of(guide.slug, START + days * DAY).periods
    ]


def test_periods_follow_publications_withdrawals_and_republication(guide, cast, clock):
    def on(day: int) -> None:
        clock.move_to(START + day * DAY, tick=False)

    first = builders.published(guide, cast)
    on(2)
    builders.next_edition(guide, cast, "Second.")
    on(5)
    actions.publish(first, by=cast["author"])
    on(7)
    actions.withdraw(first, by=cast["author"], reason="Wrong dose.")
    on(10)
    third = _approved(guide, cast, "Third.")
    actions.publish(third, by=cast["author"], live_from=START + 12 * DAY)
    on(11)
    actions.withdraw(guide.editions.get(number=2), by=cast["author"], reason="Wrong dose.")
    assert _periods(guide, 11) == [(1, 5, 7, True), (2, 2, 5, False), (1, 0, 2, False)]
    assert _periods(guide, 12) == [(3, 12, None, False), (1, 5, 7, True), (2, 2, 5, False), (1, 0, 2, False)]


def test_a_time_in_the_archive_is_no_time_on_the_site(guide, cast, clock):
    def on(day: int) -> None:
        clock.move_to(START + day * DAY, tick=False)

    first = builders.published(guide, cast)
    on(2)
    second = builders.next_edition(guide, cast, "Second.")
    on(4)
    archiving = actions.archive_guide(guide, by=cast["author"], reason="Not offered now.")
    history = history_of(guide.slug)
    assert (history.live, history.current, history.archiving) == (None, second, archiving)
    assert [one.archiving for one in history.periods] == [archiving, None]
    assert _periods(guide, 5) == [(2, 2, 4, False), (1, 0, 2, False)]
    on(6)
    actions.reopen_guide(guide, by=cast["author"])
    history = history_of(guide.slug)
    assert (history.live, history.archiving) == (second, None)
    assert _periods(guide, 6) == [(2, 6, None, False), (2, 2, 4, False), (1, 0, 2, False)]
    assert [one.start for one in history.since(first)] == [START + 2 * DAY]
    assert history.since(second) == []
    assert history.before(second) == first
    on(8)
    actions.withdraw(second, by=cast["author"], reason="Wrong dose.")
    assert _periods(guide, 9)[:2] == [(2, 6, 8, True), (2, 2, 4, False)]


def test_an_edition_that_is_withdrawn_in_the_archive_ended_when_it_went_there(guide, cast, clock):
    edition = builders.published(guide, cast)
    clock.move_to(START + 4 * DAY, tick=False)
    actions.archive_guide(guide, by=cast["author"], reason="Not offered now.")
    clock.move_to(START + 6 * DAY, tick=False)
    actions.withdraw(edition, by=cast["author"], reason="Wrong dose.")
    clock.move_to(START + 8 * DAY, tick=False)
    actions.reopen_guide(guide, by=cast["author"])
    assert _periods(guide, 9) == [(1, 0, 4, False)]
    assert history_of(guide.slug).withdrawn == edition
    assert _live(guide) is None


def test_a_period_touches_a_day_only_if_it_was_live_at_some_moment_of_it(guide, cast, clock):
    builders.published(guide, cast)
    clock.move_to(START + DAY, tick=False)
    builders.next_edition(guide, cast, "Second.")
    second, first = history_of(guide.slug, timezone.now()).periods
    assert first.touches(START - DAY, START + TICK)
    assert not first.touches(START - DAY, START)
    assert not first.touches(START + DAY, START + 2 * DAY)
    assert first.touches(START + DAY - TICK, START + 2 * DAY)
    assert second.touches(START + DAY, START + DAY + TICK)
    assert second.touches(START + 900 * DAY, START + 901 * DAY)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["publish", "schedule", "cancel", "withdraw", "submit", "archive", "reopen"]), st.integers(0, 2)
    ),
    max_size=9,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_periods_and_the_live_edition_always_agree(cast, clock, steps):
    """Whatever people do: what the list of periods says of a moment is what patients read at that moment."""
    clock.move_to(START, tick=False)
    number = Guide.objects.count()
    guide = builders.guide(cast["author"], title=f"Guide {number}", slug=f"guide-{number}")
    builders.published(guide, cast)
    seen = [(START, _live(guide))]
    for index, (step, which) in enumerate(steps, start=1):
        clock.move_to(START + index * DAY, tick=False)
        editions = list(guide.editions.order_by("number"))
        edition = editions[which % len(editions)]
        try:
            if step == "submit":
                _approved(guide, cast, f"Text {index}.")
            elif step == "schedule":
                actions.publish(edition, by=cast["author"], live_from=START + (index + 1.5) * DAY)
            elif step == "withdraw":
                actions.withdraw(edition, by=cast["author"], reason="Wrong dose.")
            elif step == "archive":
                actions.archive_guide(guide, by=cast["author"], reason="Not offered now.")
            elif step == "reopen":
                actions.reopen_guide(guide, by=cast["author"])
            else:
                getattr(actions, step)(edition, by=cast["author"])
        except (WrongState, actions.Refused):
            pass
        seen.append((timezone.now(), _live(guide)))
        clock.move_to(START + (index + 0.75) * DAY, tick=False)
        seen.append((timezone.now(), _live(guide)))
        states = [edition.state for edition in guide.editions.with_state()]
        assert states.count(State.LIVE) == (1 if _live(guide) else 0)
        assert sum(state in (State.APPROVED, State.IN_REVIEW, State.SCHEDULED) for state in states) <= 1
    periods = history_of(guide.slug, timezone.now()).periods
    for moment, edition in seen:
        at = [
            period.edition
            for period in periods
            if period.start <= moment and (period.end is None or moment < period.end)
        ]
        assert at == ([edition] if edition else []), moment
