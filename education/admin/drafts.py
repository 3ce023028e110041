"""What an editor is told of a draft: what patients read meanwhile, which pages changed, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

from education.admin.loading import edition_url
from education.models import OPEN_STATES, Archiving, Edition, Guide, Page, State
from education.newsroom import NEXT_STEP
from education.rules import ARCHIVED, may

SECOND_PERSON = "a second person"
ANYBODY = "a reviewer"
NOTHING_CHANGED = "nothing has changed since edition {number}, which patients read."


@dataclass(frozen=True)
class Draft:
    """How a guide's working copy stands.

    `said` stands before the names of the `changed` pages, `next` behind them. `why_not`: what stands in the way of
    submitting it, for the line of reasons; empty when nothing does.
    """

    changed: Sequence[Page]
    said: str
    next: str
    why_not: str


def draft_of(
    editions: Sequence[Edition],
    person: Any,
    archiving: Archiving | None,
    *,
    live: Edition | None,
    changed: Sequence[Page],
    differs: bool,
    has_pages: bool,
) -> Draft:
    """Return how the working copy stands to `live`. `changed`: its pages that do; `differs`: anything does."""
    why_not = why_not_submit(editions, person, archiving)
    if archiving:
        return Draft((), "", "", why_not)
    if under_way := open_edition(editions):
        return Draft((), "", NEXT_STEP[State(under_way.state)], why_not)
    asked = "Next: submit it for review." if not why_not else "An editor submits it for review."
    if live is None:
        if not has_pages:
            return Draft((), "", "Next: add a page below and write its text.", why_not)
        written = "Write its pages below. When they are ready, submit the guide for review."
        return Draft((), "", written if may(person, "change_page") else asked, why_not)
    if differs:
        said = _counted(changed)
        return Draft(changed, said, f"Patients do not see {'them' if len(changed) > 1 else 'it'} yet. {asked}", why_not)
    if may(person, "change_page"):
        begin = "To change what patients read, choose a page below."
        return Draft((), "", begin, why_not or NOTHING_CHANGED.format(number=live.number).capitalize())
    return Draft((), "", "", why_not)


def _counted(changed: Sequence[Page]) -> str:
    if not changed:
        return "Something beside the pages changed since: a fact, their order, or a source, term or image. "
    return "1 page changed since: " if len(changed) == 1 else f"{len(changed)} pages changed since: "


def open_edition(editions: Sequence[Edition]) -> Edition | None:
    """Return the edition that is under way, of editions that come with their state."""
    return next((edition for edition in editions if edition.state in OPEN_STATES), None)


def why_not_submit(editions: Sequence[Edition], person: Any, archiving: Archiving | None) -> str:
    """Return what stands in the way of submitting, for the line beside the button; empty when nothing does."""
    if not may(person, "submit_edition"):
        return "Only an editor can submit a guide for review."
    if archiving:
        return ARCHIVED
    if under_way := open_edition(editions):
        return (
            f"Edition {under_way.number} is {under_way.state}. Only one edition can be under way: take it back, "
            "or see it through, first."
        )
    return ""


def while_writing(guide: Guide) -> str:
    """Return the line above a page that is being written: what patients read meanwhile. Two queries."""
    if Archiving.objects.of(guide):
        return "The guide is in the archive. Patients do not see what you write here."
    editions = _editions(guide)
    judge = SECOND_PERSON if settings.REVIEW_BY_SECOND_PERSON else ANYBODY
    if under_way := open_edition(editions):
        return (
            f"You are writing a draft. Edition {under_way.number} is {under_way.state} as it was submitted: what you "
            "write here is not in it, and patients do not see it."
        )
    live = next((edition for edition in editions if edition.state == State.LIVE), None)
    if live:
        meanwhile = f"Patients go on reading edition {live.number} until {judge} approves the next one."
        return f"You are writing a draft. {meanwhile}"
    return f"You are writing a draft. Patients see nothing of it until {judge} approves it."


def after_saving(guide: Guide, person: Any) -> str:
    """Return what comes next once a page is saved, with a link where there is one."""
    editions = _editions(guide)
    if under_way := open_edition(editions):
        link = format_html('<a href="{}">edition {}</a>', edition_url(under_way), under_way.number)
        return format_html("It is not in {}, which is {}.", link, under_way.state)
    if why_not_submit(editions, person, Archiving.objects.of(guide)):
        return ""
    address = reverse("admin:education_guide_submit", args=[guide.pk])
    return format_html('Next, when you have changed all that you want: <a href="{}">submit it for review</a>.', address)


def _editions(guide: Guide) -> list[Edition]:
    return list(guide.editions.with_state().only("number", "guide").order_by("-number"))
