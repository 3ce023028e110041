"""What a section of the desk is made of: rows with a link, in groups, cut short where they are many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.template.defaultfilters import date as format_date
from django.urls import reverse

MOST_ROWS = 10


@dataclass(frozen=True)
class Item:
    """One row: a link, what is said beside it, marks such as “new”, and other links about the same.

    `burning` is a mark that stands first and is seen first.
    """

    words: str
    link: str
    more: str = ""
    marks: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    burning: str = ""


@dataclass(frozen=True)
class Group:
    """Rows that belong together, under a title of their own if they have one."""

    items: list[Item]
    title: str = ""
    link: str = ""
    mark: str = ""
    more: str = ""


@dataclass(frozen=True)
class Section:
    """What waits of one kind. `asks`: how many of its `number` rows wait for this very person.

    `todo` says in a sentence what to do. `rest`: where all of them are, when not all are shown.
    """

    key: str
    heading: str
    todo: str
    groups: list[Group]
    number: int
    asks: int = 0
    rest: str = ""
    always: tuple[tuple[str, str], ...] = field(default=())

    @property
    def shown(self) -> int:
        return sum(len(group.items) for group in self.groups)


def section(key: str, heading: str, todo: str, groups: Iterable[Group], **more: Any) -> Section:
    """Make a section; every row of it asks for somebody unless `asks` says otherwise."""
    rows = list(groups)
    number = more.pop("number", sum(len(group.items) for group in rows))
    return Section(key, heading, todo, rows, number, **{"asks": number, **more})


def cut_short(one: Section) -> Section:
    """Leave out the rows that are too many, and lead to where all of them are."""
    left, groups = MOST_ROWS, []
    for group in one.groups:
        items = group.items[:left]
        left -= len(items)
        if items:
            groups.append(replace(group, items=items))
    shown = replace(one, groups=groups)
    if shown.shown == one.number:
        return replace(shown, rest="")
    return replace(shown, rest=one.rest or f"{reverse('admin:index')}?whole={one.key}#{one.key}")


def edition_url(pk: int) -> str:
    return reverse("admin:education_edition_change", args=[pk])


def guide_url(pk: int) -> str:
    return reverse("admin:education_guide_change", args=[pk])


def day(moment: date) -> str:
    return format_date(moment, "j M Y")
