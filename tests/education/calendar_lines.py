"""A strict reader of calendar files, after RFC 5545 alone: whatever the standard does not allow is an error here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

LINE = re.compile(
    r"(?P<name>[A-Za-z0-9-]+)"
    r'(?P<parameters>(?:;[A-Za-z0-9-]+=(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*)'
    r'(?:,(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*))*)*)'
    r":(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)"
)
TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
TEXTS = ("PRODID", "UID", "SUMMARY", "DESCRIPTION")
# What each component must have once, and what it may have once.
ONCE = {
    "VCALENDAR": ({"PRODID", "VERSION"}, {"CALSCALE"}),
    "VEVENT": ({"UID", "DTSTAMP", "DTSTART"}, {"DTEND", "SUMMARY", "DESCRIPTION", "TRANSP", "CLASS", "SEQUENCE"}),
    "VALARM": ({"ACTION", "TRIGGER", "DESCRIPTION"}, set()),
}
INSIDE = {"": "VCALENDAR", "VCALENDAR": "VEVENT", "VEVENT": "VALARM"}
MOST_OCTETS = 75


@dataclass
class Component:
    """One component: its properties by name, each a value with its parameters, and the components inside."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    inner: list[Component] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return a text without its escapes."""
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.values[name])

    def day(self, name: str) -> date:
        assert self.parameters[name] == ";VALUE=DATE", self.parameters[name]
        assert re.fullmatch(r"\d{8}", self.values[name])
        return date.fromisoformat(self.values[name])

    @property
    def trigger(self) -> timedelta:
        found = re.fullmatch(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", self.values["TRIGGER"])
        assert found, self.values["TRIGGER"]
        days, hours, minutes, seconds = (int(one or 0) for one in found.groups()[1:])
        length = timedelta(days, hours=hours, minutes=minutes, seconds=seconds)
        return -length if found[1] else length


def read(body: bytes) -> Component:
    """Return the one calendar of a file. Raises AssertionError for a file that breaks the standard."""
    assert body.endswith(b"\r\n"), "the last line does not end"
    lines = body[:-2].split(b"\r\n")
    for line in lines:
        assert b"\r" not in line, line
        assert b"\n" not in line, line
        assert 0 < len(line) <= MOST_OCTETS, line
        line.decode()  # no character is cut in two, though the standard would allow that
    unfolded = body[:-2].decode().replace("\r\n ", "")
    outside = Component("")
    open_now = [outside]
    for line in unfolded.split("\r\n"):
        _take(line, open_now)
    assert open_now == [outside], "a component does not end"
    assert len(outside.inner) == 1
    calendar = outside.inner[0]
    ids = [event.values["UID"] for event in calendar.inner]
    assert ids, "a calendar has at least one component"
    assert len(set(ids)) == len(ids)
    return calendar


def _take(line: str, open_now: list[Component]) -> None:
    found = LINE.fullmatch(line)
    assert found, line
    name, value, here = found["name"].upper(), found["value"], open_now[-1]
    if name == "BEGIN":
        assert INSIDE.get(here.name) == value, f"{value} inside {here.name}"
        open_now.append(Component(value))
        here.inner.append(open_now[-1])
    elif name == "END":
        assert here.name == value
        _complete(open_now.pop())
    else:
        assert here.name, "a property outside a calendar"
        assert not here.inner, "a property after a component"
        assert name not in here.values, f"{name} twice"
        assert name not in TEXTS or TEXT.fullmatch(value), line
        here.values[name], here.parameters[name] = value, found["parameters"]


def _complete(one: Component) -> None:
    required, allowed = ONCE[one.name]
    names = set(one.values)
    assert required <= names <= required | allowed, names
    if one.name == "VCALENDAR":
        assert (one.values["VERSION"], one.values.get("CALSCALE", "GREGORIAN")) == ("2.0", "GREGORIAN")
    elif one.name == "VEVENT":
        assert one.day("DTSTART") < one.day("DTEND")
        assert re.fullmatch(r"\d{8}T\d{6}Z", one.values["DTSTAMP"])
        datetime.strptime(one.values["DTSTAMP"], "%Y%m%dT%H%M%SZ")
        assert 0 <= int(one.values["SEQUENCE"]) < 2**31
        assert one.values["TRANSP"] in ("OPAQUE", "TRANSPARENT")
        assert one.values["CLASS"] in ("PUBLIC", "PRIVATE", "CONFIDENTIAL")
    else:
        assert one.values["ACTION"] == "DISPLAY"
        assert one.trigger < timedelta(0)
