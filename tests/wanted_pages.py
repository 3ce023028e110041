"""The list of pages to ask for, each in the states that change it; `tests/every_page.py` asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from clinic import actions
from clinic.hours import SpecialDays
from clinic.models import User
from tests import builders, public
from tests.clinic import asking
from tests.every_guide import Editions

LONG_PLACE = "The Center for Skin, Vein and Laser Medicine at the Northern Harbor and River Valley"


@dataclass(frozen=True)
class Wanted:
    """One page to ask for: its name among the addresses, where it is, and how to bring it into its state."""

    view: str
    path: str
    state: str = ""
    status: int = 200
    by: str = ""
    post: dict[str, Any] | None = None
    # Whoever has a second step is through it as well, not half-way.
    past_second_step: bool = False


def new_site() -> list[Wanted]:
    """No guide, no information page, nothing known of the clinic, and nobody who owns the site."""
    new, nothing = "a new site", dict[str, Any]()
    first_owner = reverse("clinic:first-owner", args=[actions.new_owner_link()[0]])
    return [
        Wanted("clinic:home", "/", new),
        Wanted("clinic:providers", "/providers/", new),
        Wanted("education:guides", "/guides/", new),
        Wanted("clinic:prices", "/prices/", new),
        Wanted("education:search", "/search/", new),
        Wanted("education:search", "/search/?q=bruise", f"nothing found, {new}"),
        Wanted("clinic:consultation", "/consultation/", new),
        Wanted("clinic:sent", "/consultation/sent/", new),
        Wanted("404", "/nothing/", new, status=404),
        Wanted("404", "/privacy/", new, status=404),
        Wanted("clinic:first-owner", first_owner, new),
        Wanted("clinic:first-owner", first_owner, f"refused, {new}", post=nothing),
        Wanted("clinic:first-owner", "/accounts/first-owner/wrong/", f"used up, {new}", status=404),
    ]


def of_clinic() -> list[Wanted]:
    return [
        Wanted("clinic:home", "/"),
        Wanted("clinic:about", "/about/"),
        Wanted("clinic:privacy", "/privacy/"),
        Wanted("clinic:accessibility", "/accessibility/"),
        Wanted("clinic:information", "/about/how-we-work/"),
    ]


def of_places(owner: User) -> None:
    """Make two places: one with all that can be said, closed today and open on other days, and one with a long name."""
    today = timezone.localdate()
    closed = SpecialDays(today, today, (), "Water damage")
    other = SpecialDays(today + timedelta(days=9), today + timedelta(days=12), ((time(10), time(12)),), "Course")
    public.place(
        owner,
        special_days=[closed, other],
        phone="(202) 555-0143",
        directions="Ring at the green door.",
        **{"step_free": "yes", "parking": "partly", "hearing_loop": "no", "access_note": "The lift is narrow."},
    )
    address = f"{LONG_PLACE}\nExampleton"
    public.place(owner, {}, slug="far-away", name=LONG_PLACE, postal_address=address, time_zone="Asia/Kathmandu")


def of_providers() -> list[Wanted]:
    """The list in each state of its filter, and each kind of provider."""
    at = "/providers/"
    return [
        Wanted("clinic:providers", at),
        Wanted("clinic:providers", f"{at}?language=es", "narrowed"),
        Wanted("clinic:providers", f"{at}?language=fr&location=harbor-lane", "nobody fits"),
        Wanted("clinic:providers", f"{at}?language=xx&location=nowhere", "refused"),
        Wanted("clinic:provider", f"{at}robin-sample/"),
        Wanted("clinic:provider", f"{at}long/", "a long name"),
        Wanted("clinic:provider", f"{at}nobody-yet/", "nothing said"),
        Wanted("clinic:provider", f"{at}gus-gone/", "left", status=410),
    ]


def of_prices(editions: Editions) -> list[Wanted]:
    """The whole list, one procedure's in both directions of writing, what it comes to, another day, and refusals."""
    one, other = (f"/prices/?procedure={live.guide.slug}" for live in (editions.live, editions.right_to_left))
    yesterday = timezone.localdate() - timedelta(days=1)
    tomorrow = timezone.localdate() + timedelta(days=1)
    return [
        Wanted("clinic:prices", "/prices/"),
        Wanted("clinic:prices", one, "one procedure"),
        Wanted("clinic:prices", other, "one procedure"),
        Wanted("clinic:prices", f"{one}&area=Priced+face&sessions=12&keep=yes&years=3", "worked out"),
        Wanted("clinic:prices", f"{other}&sessions=&keep=no&years=1", "worked out"),
        Wanted("clinic:prices", f"/prices/?on={yesterday}", "another day"),
        Wanted("clinic:prices", "/prices/?on=2001-01-01", "a day with nothing"),
        Wanted("clinic:prices", "/prices/?procedure=without-a-price", "a treatment without a price"),
        Wanted("clinic:prices", "/prices/?sessions=3", "refused: no procedure"),
        Wanted("clinic:prices", f"{one}&area=Elbow&sessions=none&keep=x&years=99", "refused"),
        Wanted("clinic:prices", f"/prices/?on={tomorrow}", "refused: a day to come"),
    ]


def of_requests() -> list[Wanted]:
    """The form for a consultation: as it comes, filled in by a link, and with what was refused."""
    at, nothing = "/consultation/", dict[str, Any]()
    wrong = {"name": "N" * 200, "email": "none", "phone": "none", "message": "long " * 300, "guide": "none"}
    return [
        Wanted("clinic:consultation", at),
        Wanted("clinic:consultation", f"{at}?guide=warm-therapy&provider=pia", "filled in by a link"),
        Wanted("clinic:consultation", at, "refused: nothing typed", post=nothing),
        Wanted("clinic:consultation", at, "refused: wrong", post=wrong),
        Wanted("clinic:consultation", at, "refused: taken for a machine", post={**asking.TYPED, "website": "x"}),
        Wanted("clinic:sent", f"{at}sent/"),
    ]


def of_search() -> list[Wanted]:
    """A search as it comes, with a word that is found, in each way of finding something else, and with nothing."""
    view, at = "education:search", "/search/"
    return [
        Wanted(view, at),
        Wanted(view, f"{at}?q=cold", "found"),
        Wanted(view, f"{at}?q=cold&guide=cold-therapy", "found in one guide"),
        Wanted(view, f"{at}?q=numbnes", "the beginning of a word"),
        Wanted(view, f"{at}?q=numbnass", "a letter wrong"),
        Wanted(view, f"{at}?q=cold+xylophone", "some of it"),
        Wanted(view, f"{at}?q=robin", "a person"),
        Wanted(view, f"{at}?q=xylophone", "nothing found"),
        Wanted(view, f"{at}?q=how+the", "no word to look for"),
        Wanted(view, f"{at}?q=%D8%A7%D9%84%D8%A8%D8%B1%D9%88%D8%AF%D8%A9", "found from right to left"),
        Wanted(view, f"{at}?q={'a-long-question-' * 30}", "too long"),
    ]


def of_guides(editions: Editions) -> list[Wanted]:
    """Each kind of page of an English guide and of one from right to left; then what is left of withdrawn ones."""
    today = timezone.localdate()
    wanted = [Wanted("education:guides", "/guides/")]
    for live in (editions.live, editions.right_to_left):
        at = live.guide.get_absolute_url()
        wanted += [
            Wanted("education:guide", at),
            *(Wanted("education:page", f"{at}{page.slug}/") for page in live.pages.exclude(slug="overview")),
            Wanted("education:whole", f"{at}all/"),
            Wanted("education:sources", f"{at}sources/"),
            Wanted("education:editions", f"{at}editions/"),
            Wanted("education:editions", f"{at}editions/?on=soon", "refused"),
            *_of_edition(at, live),
            *_mistakes(at, live),
            *_tools(at),
        ]
    at = editions.live.guide.get_absolute_url()
    wanted.append(Wanted("education:editions", f"{at}editions/?on={today}", "one day"))
    wanted.append(Wanted("education:editions", f"{at}editions/?on=2001-01-01", "a day with nothing"))
    wanted += _of_edition(at, editions.superseded, "superseded")
    bare = editions.without_tools.guide.get_absolute_url()
    wanted.append(Wanted("education:check", f"{bare}check/", "nothing to ask", status=404))
    wanted.append(Wanted("education:plan", f"{bare}plan/", "nothing to plan", status=404))
    wanted.append(Wanted("education:page", f"{at}{editions.removed_page}/", "removed", status=410))
    gone = editions.withdrawn.guide.get_absolute_url()
    wanted.append(Wanted("education:guide", gone, "withdrawn", status=410))
    wanted.append(Wanted("education:editions", f"{gone}editions/", "withdrawn"))
    wanted += _of_edition(gone, editions.withdrawn, "withdrawn")
    return [*wanted, *_of_the_archive(editions), *_codes_and_comparing(editions)]


def _of_the_archive(editions: Editions) -> list[Wanted]:
    at = editions.archived.guide.get_absolute_url()
    return [
        Wanted("education:guide", at, "archived", status=410),
        Wanted("education:editions", f"{at}editions/", "archived"),
        *_of_edition(at, editions.archived, "archived"),
        *_of_edition(at, editions.archived_before, "superseded, archived"),
    ]


def _codes_and_comparing(editions: Editions) -> list[Wanted]:
    at = editions.live.guide.get_absolute_url()
    return [
        Wanted("education:code-form", "/e/"),
        Wanted("education:code-form", "/e/?code=K7MQ+2XA1", "refused: a letter that no code has"),
        Wanted("education:code-form", "/e/?code=k7mq2xab", "refused: unknown"),
        Wanted("education:code", "/e/k7mq2xab/", "refused: unknown", status=404),
        Wanted("education:editions", f"{at}editions/?from=1&to=1", "refused: the same edition twice"),
        Wanted("education:editions", f"{at}editions/?from=99&to=1", "refused: an edition that is not there"),
    ]


def _of_edition(at: str, edition: Any, state: str = "") -> list[Wanted]:
    return [
        Wanted("education:edition", f"{at}editions/{edition.number}/", state),
        Wanted("education:changes", f"{at}editions/{edition.number}/changes/", state),
        Wanted("education:code", f"/e/{edition.code}/", state),
    ]


def _mistakes(at: str, live: Any) -> list[Wanted]:
    """A report of a mistake: on a page and on the whole guide, refused, and kept."""
    view, form = "education:mistake", f"{at}mistake/?page=side-effects"
    report = builders.reported(live, page="side-effects")
    return [
        Wanted(view, form),
        Wanted(view, f"{at}mistake/", "the whole guide"),
        Wanted(view, f"{at}mistake/", "refused: nothing typed", post={}),
        Wanted(view, form, "refused: by a machine", post={"website": "x", "words": "W" * 2001, "email": "ada"}),
        Wanted("education:mistake-sent", f"{at}mistake/sent/?report={report.key}"),
    ]


def _tools(at: str) -> list[Wanted]:
    """The self-check; the plan before a day is chosen, with one, with a course, when it is over, and refused."""
    check, plan = "education:check", "education:plan"
    soon, past = (timezone.localdate() + timedelta(days=days) for days in (30, -300))
    return [
        Wanted(check, f"{at}check/"),
        Wanted(plan, f"{at}plan/"),
        Wanted(plan, f"{at}plan/?date={soon}", "planned"),
        Wanted(plan, f"{at}plan/?date={soon}&sessions=3&interval=10&unit=days", "a course planned"),
        Wanted(plan, f"{at}plan/?date={past}", "planned in the past"),
        Wanted(plan, f"{at}plan/?date=2026-02-30&sessions=21&interval=none&unit=x", "refused"),
    ]


def right_to_left_site() -> list[Wanted]:
    """The site itself, not only a guide, in a language that is written from right to left and has no catalogue."""
    state = "site from right to left"
    return [
        Wanted("clinic:home", "/", state),
        Wanted("clinic:providers", "/providers/", state),
        Wanted("clinic:provider", "/providers/nobody-yet/", state),
        Wanted("clinic:provider", "/providers/gus-gone/", state, status=410),
        Wanted("education:guides", "/guides/", state),
        Wanted("education:search", "/search/?q=cold", state),
        Wanted("education:search", "/search/?q=xylophone", f"nothing found, {state}"),
        Wanted("clinic:prices", "/prices/", state),
        Wanted("clinic:consultation", "/consultation/", f"refused, {state}", post={}),
        Wanted("clinic:sent", "/consultation/sent/", state),
        Wanted("account_login", "/accounts/login/", f"refused, {state}", post={}),
        Wanted("404", "/nothing/", state, status=404),
    ]
