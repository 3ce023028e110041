"""A plan as a calendar file (RFC 5545), fit to be seen on a locked screen.

A day of care is a date and no moment, so every event lasts whole days: it needs no time zone and moves nowhere when a
telephone travels or clocks change. No title says what the appointment is for; that is told in the description.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils.formats import date_format
from django.utils.translation import gettext
from icalendar import Alarm, Calendar, Event

from education.canonical import canonical_line
from education.planning import BEFORE, THE_DAY, Plan, Session, Stretch

# On the day before, at nine in the morning of wherever the telephone is: an event that lasts a day begins at midnight.
ALARM = timedelta(hours=-15)
# The sequence of an event is counted in seconds from here, as nothing is kept that could count its changes. Many
# calendars hold 31 bits of it: enough until 2088.
FIRST_SEQUENCE = datetime(2020, 1, 1, tzinfo=UTC)


def calendar_of(plan: Plan, *, of: str, address: str, today: date, now: datetime) -> bytes:
    """Return a plan as a calendar file, its words in the active language.

    `of` names the guide for ever, as the ids of events are made from it; `address` leads back to the plan. What has
    begun by `today` rings no more.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Plainleaf//Plan of care//EN")
    calendar.add("calscale", "GREGORIAN")
    for session in plan.sessions:
        for stretch in session.stretches:
            event = _event(session, stretch, of, address)
            event.add("dtstamp", now.astimezone(UTC))
            event.add("sequence", int((now - FIRST_SEQUENCE).total_seconds()))
            if stretch.first > today:
                event.add_component(_alarm(stretch))
            calendar.add_component(event)
    return calendar.to_ical()


def _event(session: Session, stretch: Stretch, of: str, address: str) -> Event:
    event = Event()
    event.add("uid", event_id(of, session.number, stretch.days))
    event.add("summary", title_of(stretch))
    event.add("description", _description(session, stretch, address))
    event.add("dtstart", stretch.first)
    # RFC 5545, 3.6.1: the day after the last one.
    event.add("dtend", stretch.last + timedelta(days=1))
    # Nobody is busy with it, and whoever shares a calendar shows others no more than that there is something.
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def event_id(of: str, session: int, days: tuple[int, int]) -> str:
    """Return what an event is called for ever: the same guide, session and days have the same event on any date."""
    return str(uuid5(NAMESPACE_URL, f"plainleaf:{of}:{session}:{days[0]}:{days[1]}"))


def title_of(stretch: Stretch) -> str:
    """Return a title that tells nobody what the appointment is for."""
    if stretch.phase == BEFORE:
        return gettext("Appointment: prepare")
    return gettext("Appointment") if stretch.phase == THE_DAY else gettext("After the appointment")


def _description(session: Session, stretch: Stretch, address: str) -> str:
    lines = [stretch.label]
    for step in stretch.steps:
        asks = f" {gettext('Ask the person who prescribed it first.')}" if step.ask_prescriber else ""
        lines.append(f"• {_seen(step.text)}{asks}")
    if session.watch_until and stretch.phase != BEFORE:
        watch = gettext("Watch for warning signs until at least %(day)s. Your plan lists them.")
        lines.append(watch % {"day": date_format(session.watch_until)})
    return "\n".join([*lines, "", gettext("Your plan:"), address])


def _seen(text: str) -> str:
    # RFC 5545, 3.3.11: a text has no control characters but line feeds.
    return "\n".join(canonical_line(line) for line in text.split("\n"))


def _alarm(stretch: Stretch) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", ALARM)
    alarm.add("description", title_of(stretch))
    return alarm
