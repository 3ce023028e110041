"""Before somebody books, the consultation form and a provider's page lead to the self-check, where there is one."""

from __future__ import annotations

import pytest

from education import actions
from education.models import Edition, Guide
from tests import builders, profiles, public
from tests.clinic import asking
from tests.education import sourced, tooled
from tests.html import get, page

ASK = "/consultation/"
SAID = "Before you book, check if there is a reason for you not to have the treatment."
CHECK = "/guides/cold-therapy/check/"


@pytest.fixture
def checked(cast):
    """A guide with a self-check, and one without."""
    public.clinic(cast["owner"])
    asking.procedure(cast)
    edition = tooled.published(cast)
    # A guide to a procedure wants many pages before it may be submitted; here its kind alone matters.
    Guide.objects.filter(pk=edition.guide_id).update(kind=Guide.Kind.PROCEDURE)
    return Edition.objects.select_related("guide").get(pk=edition.pk)


def checks_on(client, path: str) -> list[str]:
    read = page(get(client, path))
    found = [href for href, _ in read.links if href.endswith("/check/")]
    assert (SAID in read.text) is bool(found)
    return found


@pytest.mark.parametrize(
    ("query", "checks"),
    [("", [CHECK]), ("?guide=cold-therapy", [CHECK]), ("?guide=warm-therapy", []), ("?guide=nothing", [])],
)
def test_the_form_leads_to_the_check_of_what_it_is_about(client, checked, query, checks):
    assert checks_on(client, f"{ASK}{query}") == checks


def test_the_form_names_the_treatment_before_its_first_field(client, checked):
    read = page(get(client, f"{ASK}?guide=cold-therapy"))
    assert read.link("Cold therapy: check for yourself") == CHECK
    assert read.text.index(SAID) < read.text.index("Your name")


def test_a_form_that_was_refused_leads_to_the_check_of_what_was_chosen(client, checked):
    read = page(client.post(ASK, {"guide": "warm-therapy"}))
    assert SAID not in read.text
    read = page(client.post(ASK, {"guide": ""}))
    assert SAID in read.text


@pytest.mark.parametrize("ended", ["withdrawn", "archived"])
def test_what_is_live_no_more_is_not_led_to(client, checked, cast, ended):
    if ended == "withdrawn":
        actions.withdraw(checked, by=cast["author"], reason="It named a wrong dose.")
    else:
        actions.archive_guide(checked.guide, by=cast["owner"], reason="We offer it no more.")
    assert checks_on(client, f"{ASK}?guide=cold-therapy") == []
    assert checks_on(client, ASK) == []


def test_of_many_the_first_stand_there_and_a_way_to_the_others(client, checked, cast):
    for number in range(4):
        guide = builders.guide(cast["author"], title=f"Therapy {number}", slug=f"therapy-{number}")
        builders.page(guide, cast["author"], "contraindications", "Who should wait.", entries=[tooled.TELL_US])
        sourced.published(guide, cast)
    assert len(checks_on(client, ASK)) == 4
    assert page(get(client, ASK)).link("All guides") == "/guides/"
    assert checks_on(client, f"{ASK}?guide=therapy-3") == ["/guides/therapy-3/check/"]


def test_a_provider_leads_to_the_checks_of_what_they_perform_and_no_others(client, checked, cast):
    profiles.provider(cast["author"], performs=[checked.guide])
    profiles.provider(cast["author"], "Maya Other")
    assert checks_on(client, "/providers/robin-sample/") == [CHECK]
    assert checks_on(client, "/providers/maya-other/") == []


def test_a_guide_in_another_language_says_so_in_the_link(client, checked, cast):
    guide = builders.guide(cast["author"], title="العلاج بالبرودة", slug="cold-ar", language="ar")
    builders.page(guide, cast["author"], "contraindications", "من ينتظر.", entries=[tooled.TELL_US])
    sourced.published(guide, cast)
    read = page(get(client, f"{ASK}?guide=cold-ar"))
    assert read.link("العلاج بالبرودة: check for yourself") == "/guides/cold-ar/check/"
    assert [one for one in read.with_attribute("lang") if one["lang"] == "ar"]
