"""The self-check and the plan on the public site: from the live edition alone, and nothing of a visitor is kept."""

from __future__ import annotations

import logging
import re
from datetime import date

import pytest
import time_machine

from education import actions
from education.models import Page
from tests import builders, public
from tests.education import calendar_lines, sourced, tooled
from tests.education.test_views_refused import UNPUBLISHED
from tests.html import get, page
from tests.test_headers_and_cookies import assert_safe, assert_the_same_for_everyone

Kind = Page.Kind
GUIDE = "/guides/cold-therapy/"
TOOLS = [f"{GUIDE}check/", f"{GUIDE}plan/", f"{GUIDE}plan/?date=2027-03-03", f"{GUIDE}plan.ics?date=2027-03-03"]
CLINIC = 2


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-28 15:00+00:00", tick=False):
        yield


@pytest.fixture
def tools(cast):
    public.whole_clinic(cast["owner"])
    return tooled.published(cast)


# Who gets nothing


@pytest.mark.parametrize("path", TOOLS)
@pytest.mark.parametrize("state", UNPUBLISHED, ids=lambda state: state.__name__)
def test_what_was_never_live_has_no_tools(client, guide, cast, state, path):
    state(guide, cast)
    get(client, path, 404)


@pytest.mark.parametrize("path", TOOLS)
def test_a_guide_that_was_withdrawn_says_so_in_their_place(client, tools, cast, path):
    actions.withdraw(tools, by=cast["author"], reason="It named a wrong dose.")
    read = page(get(client, path, 410))
    assert "It named a wrong dose." in read.text


@pytest.mark.parametrize("tool", ["check/", "plan/", "plan.ics"])
def test_a_guide_that_moved_takes_its_tools_along(client, tools, cast, tool):
    guide = tools.guide
    actions.save_guide(guide, by=cast["author"], slug="cooling")
    response = get(client, f"{GUIDE}{tool}", 301)
    assert response["Location"] == f"/guides/cooling/{tool}"


@pytest.mark.parametrize(("tool", "words"), [("check/", "nothing to check"), ("plan/", "nothing to plan")])
def test_a_guide_with_nothing_for_a_tool_says_so_and_leads_back(client, live, tool, words):
    read = page(get(client, f"{GUIDE}{tool}", 404))
    assert words in read.text
    assert read.link("Back to the guide") == GUIDE
    assert "suitable" not in read.text.lower()
    shown = page(get(client, f"{GUIDE}all/"))
    assert not {href for href, _ in shown.links} & {f"{GUIDE}check/", f"{GUIDE}plan/"}


def test_without_steps_the_calendar_leads_to_the_page_that_says_so(client, live):
    assert get(client, f"{GUIDE}plan.ics?date=2027-03-03", 302)["Location"].startswith(f"{GUIDE}plan/?")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", TOOLS)
def test_nothing_can_be_sent(client, tools, path, method):
    assert getattr(client, method)(path).status_code == 405


# What is asked of a day


REFUSED = {
    "date=2026-02-30": "There is no such day.",
    "date=03/03/2027": "There is no such day.",
    "date=": "Choose the day of your treatment.",
    "sessions=3": "Choose the day of your treatment.",
    "date=%00": "Choose the day of your treatment.",
    "date=2025-11-27": "That day was more than a year ago.",
    "date=0001-01-01": "That day was more than a year ago.",
    "date=2028-11-28": "We can plan 2 years ahead.",
    "date=9999-12-31": "We can plan 2 years ahead.",
    "date=2027-03-03&sessions=0": "Write 1 session or more.",
    "date=2027-03-03&sessions=21&interval=1": "write at most 20 sessions.",
    "date=2027-03-03&sessions=two": "Write a whole number, such as 3.",
    "date=2027-03-03&sessions=2": "Write how long it is from one session to the next.",
    "date=2027-03-03&sessions=2&interval=0": "Write 1 or more.",
    "date=2027-03-03&sessions=2&interval=53": "That is too far apart to plan.",
    "date=2027-03-03&sessions=2&interval=365&unit=days": "That is too far apart to plan.",
    "date=2027-03-03&sessions=2&interval=3&unit=moons": "Choose days or weeks.",
    "date=2027-03-03&sessions=20&interval=5": "The last session would be on Dec. 27, 2028.",
    f"date=2027-03-03&sessions={'9' * 5000}": "Write a whole number, such as 3.",
}


@pytest.mark.parametrize("query", REFUSED, ids=lambda query: query[:60])
def test_what_cannot_be_planned_is_said_at_its_field(client, tools, query):
    read = page(get(client, f"{GUIDE}plan/?{query}"))
    assert read.title.startswith("Error: Your plan – Cold therapy")
    assert read.text.count(REFUSED[query]) >= 2, "in the summary and at the field"
    assert "Signs to watch for" not in read.text
    back = get(client, f"{GUIDE}plan.ics?{query}", 302)
    assert back["Location"].startswith(f"{GUIDE}plan/?")
    assert REFUSED[query] in page(get(client, back["Location"])).text


@pytest.mark.parametrize(
    ("query", "sessions"),
    [
        ("date=2025-11-28", 1),
        ("date=2028-11-27", 1),
        ("date=2027-03-03&sessions=1&interval=", 1),
        ("date=2027-03-03&sessions=2&interval=52", 2),
        ("date=2027-03-03&sessions=2&interval=364&unit=days", 2),
        ("date=2027-03-03&sessions=20&interval=4", 20),
    ],
)
def test_what_is_just_within_the_limits_is_planned(client, tools, query, sessions):
    get(client, f"{GUIDE}plan/?{query}")
    calendar = calendar_lines.read(get(client, f"{GUIDE}plan.ics?{query}").content)
    assert sum(one.text("SUMMARY") == "Appointment" for one in calendar.inner) == sessions


# The self-check


def test_the_check_asks_every_question_with_nothing_chosen_and_nowhere_to_send(client, tools):
    response = get(client, f"{GUIDE}check/")
    read = page(response)
    radios = [one for tag, one in read.elements if tag == "input"]
    assert len(radios) == 2 * 3
    assert {one["type"] for one in radios} == {"radio"}
    assert not [one for one in radios if "checked" in one or "value" in one]
    forms = [one for tag, one in read.elements if tag == "form"]
    assert [(one["method"], one["autocomplete"], "action" in one) for one in forms] == [("dialog", "off", False)]
    buttons = [one for tag, one in read.elements if tag == "button"]
    assert [("disabled" in one, "hidden" in one) for one in buttons] == [(True, True)]
    assert next(one for one in read.with_attribute("role") if one["role"] == "status")["aria-labelledby"] == "result"
    words = read.text
    assert words.index("Does cold give you hives?") < words.index("Are you pregnant?"), "do not book comes first"
    assert words.index("Are you pregnant?") < words.index("What your answers mean")
    for said in (
        *("You have not answered every question yet.", "Do not book before you have talked with us."),
        *("Nothing on this list applies to you.", "Your clinician still decides with you"),
        *("Cold can make your throat swell.", "A trial of cold", "Edition 1"),
    ):
        assert said in words, said
    assert "suitable" not in response.content.decode().lower()


def test_the_check_speaks_of_the_live_edition(client, tools, cast):
    other = {**tooled.TELL_US, "question": "Do you feel the cold?"}
    builders.write(tools.guide, cast["author"], Kind.CONTRAINDICATIONS, "Who should wait.", [other])
    assert "Do you feel the cold?" not in page(get(client, f"{GUIDE}check/")).text
    sourced.published(tools.guide, cast, "Other questions.")
    words = page(get(client, f"{GUIDE}check/")).text
    assert "Do you feel the cold?" in words
    assert "Are you pregnant?" not in words
    assert "Edition 2" in words


# The plan


def test_the_plan_gives_each_step_its_date_and_says_whom_to_ask(client, tools):
    words = page(get(client, f"{GUIDE}plan/?date=2027-03-03")).text
    for said in (
        *("Wednesday, Feb. 3, 2027 to Wednesday, Feb. 17, 2027 4 to 2 weeks before", "Edition 1"),
        "Tell us if you take a blood thinner. Ask the person who prescribed it first.",
        *(
            "Wednesday, March 3, 2027",
            "Thursday, March 4, 2027 to Saturday, March 13, 2027",
            "Look at the skin each day.",
        ),
        *(
            "until at least March 13, 2027",
            "Call 911 if:",
            "you cannot breathe",
            "Our telephone number: (202) 555-0142",
        ),
        "Do not stop or change a medicine on your own.",
    ):
        assert said in words, said
    assert "Call us if" not in words
    assert "has passed" not in words
    assert "have passed" not in words


def test_a_course_has_its_sessions_by_date(client, tools):
    read = page(get(client, f"{GUIDE}plan/?date=2027-03-03&sessions=3&interval=3"))
    headings = [words for level, words in read.headings if level == 2]
    assert [words for words in headings if words.startswith("Session")] == [
        "Session 1 of 3: Wednesday, March 3, 2027",
        "Session 2 of 3: Wednesday, March 24, 2027",
        "Session 3 of 3: Wednesday, April 14, 2027",
    ]
    assert "until at least April 24, 2027" in read.text


@pytest.mark.parametrize(
    ("day", "said"),
    [
        # Of the steps 4 to 2 weeks before, the last day was a week ago.
        ("2026-12-05", "Some of the days before it have passed."),
        ("2026-11-27", "Your day has passed."),
        ("2026-11-27&sessions=2&interval=4", "The day of your first session has passed."),
        ("2026-01-05", "This plan is over."),
    ],
)
def test_a_day_that_has_passed_is_planned_and_said_to_have_passed(client, tools, day, said):
    assert said in page(get(client, f"{GUIDE}plan/?date={day}")).text


def test_signs_that_stand_on_another_page_are_in_the_plan_too(client, cast):
    guide, author = tooled.guide(cast), cast["author"]
    builders.write(guide, author, Kind.RECOVERY, "Rest for a day.")
    builders.write(guide, author, Kind.OVERVIEW, f"Cold therapy cools the skin.\n\n{tooled.SIGNS}")
    sourced.published(guide, cast)
    read = page(get(client, f"{GUIDE}plan/?date=2027-03-03"))
    assert (3, "Emergency advice: Call 911 if:") in read.headings
    assert "This guide has no list of signs." not in read.text
    assert f"{GUIDE}#source-trial-2020" in {href for href, _ in read.links}


def test_the_calendar_has_the_same_days_and_no_word_of_the_guide_in_its_titles(client, tools, settings):
    read = page(get(client, f"{GUIDE}plan/?date=2027-03-03&sessions=2&interval=10&unit=days"))
    response = get(client, read.link("Put these days into your calendar (a file)"))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    events = calendar_lines.read(response.content).inner
    starts = [(one.day("DTSTART"), one.text("SUMMARY")) for one in events]
    assert starts == [
        (date(2027, 2, 3), "Appointment: prepare"),
        (date(2027, 3, 3), "Appointment"),
        (date(2027, 3, 4), "After the appointment"),
        (date(2027, 3, 13), "Appointment"),
        (date(2027, 3, 14), "After the appointment"),
    ]
    back = events[0].text("DESCRIPTION").splitlines()[-1]
    assert back == f"{settings.SITE_URL}{GUIDE}plan/?date=2027-03-03&sessions=2&interval=10&unit=days"
    get(client, back.removeprefix(settings.SITE_URL))


def test_the_calendar_keeps_its_events_when_the_guide_moves_and_a_new_edition_comes(client, tools, cast):
    def ids(path: str) -> list[str]:
        return [one.values["UID"] for one in calendar_lines.read(get(client, path).content).inner]

    before = ids(f"{GUIDE}plan.ics?date=2027-03-03")
    guide = tools.guide
    actions.save_guide(guide, by=cast["author"], slug="cooling")
    builders.write(guide, cast["author"], Kind.RECOVERY, tooled.SIGNS, [{**tooled.AFTER, "text": "Look each day."}])
    sourced.published(guide, cast, "Fewer words.")
    assert ids("/guides/cooling/plan.ics?date=2027-05-05") == before


# Nothing is kept


@pytest.mark.parametrize("path", TOOLS)
def test_no_answer_is_kept_anywhere_or_knows_who_asks(client, tools, path):
    response = get(client, path)
    assert_the_same_for_everyone(response, path)
    assert "no-store" in response["Cache-Control"]
    others = {} if "check" in path else {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
    assert_safe(response, path, **others)
    loaded = re.findall(
        r'<(?:link(?! rel="canonical")|script|img)[^>]* (?:href|src)="([^"]+)"', response.content.decode()
    )
    assert {address.partition("?")[0].split("/")[1] for address in loaded} <= {"brand", "static"}


def test_a_shared_link_to_the_check_tells_what_the_page_does(client, tools):
    read = page(get(client, TOOLS[0]))
    said = {one["property"]: one["content"] for one in read.with_attribute("property")}
    assert str(said["og:description"]) in read.text


def test_the_day_stands_in_no_log(client, tools, caplog):
    with caplog.at_level(logging.DEBUG):
        for query in ("date=2027-03-03", "date=2027-02-30", "date=2027-03-03&sessions=x"):
            for path in (f"{GUIDE}plan/?{query}", f"{GUIDE}plan.ics?{query}", f"/guides/none/plan/?{query}"):
                client.get(path)
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not [line for line in lines if "2027" in line]


# What it costs


@pytest.mark.parametrize(("path", "queries"), [(TOOLS[0], 4), (TOOLS[1], 3), (TOOLS[2], 4), (TOOLS[3], 2)])
@pytest.mark.parametrize("more", [0, 30])
def test_a_tool_costs_the_same_however_much_there_is(
    client, tools, cast, path, queries, more, django_assert_num_queries
):
    if more:
        reasons = [{**tooled.TELL_US, "condition": f"Reason {number}"} for number in range(more)]
        steps = [{**tooled.AFTER, "to_day": number + 1} for number in range(more)]
        builders.write(tools.guide, cast["author"], Kind.CONTRAINDICATIONS, "Who should wait.", reasons)
        builders.write(tools.guide, cast["author"], Kind.RECOVERY, tooled.SIGNS, steps)
        sourced.published(tools.guide, cast, "More.")
    clinic = 0 if path.startswith(f"{GUIDE}plan.ics") else CLINIC
    with django_assert_num_queries(queries + clinic):
        get(client, path)


def test_the_whole_guide_leads_to_both_tools_and_they_lead_to_each_other(client, tools):
    whole = page(get(client, f"{GUIDE}all/"))
    assert whole.link("Before you book: check for yourself") == f"{GUIDE}check/"
    assert whole.link("Plan around your day") == f"{GUIDE}plan/"
    check, plan = (page(get(client, f"{GUIDE}{tool}/")) for tool in ("check", "plan"))
    assert check.link("Plan around your day") == f"{GUIDE}plan/"
    assert f"{GUIDE}contraindications/" in {href for href, _ in check.links}
    assert plan.link("Before you book: check for yourself") == f"{GUIDE}check/"
    assert {f"{GUIDE}preparation/", f"{GUIDE}recovery/"} <= {href for href, _ in plan.links}
    assert "check/" not in " ".join(href for href, _ in page(get(client, f"{GUIDE}editions/1/")).links)
