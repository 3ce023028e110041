"""What machines read of a guide is what its page says: each fact, each address, nothing more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from education import actions
from education.models import Edition, Guide, Page
from tests import builders, profiles, public
from tests.education import tooled
from tests.education.example_entries import QUESTION
from tests.html import Page as Read
from tests.html import get, page

AT = "/guides/cold-therapy/"
# The properties of each type that we use, all listed at https://schema.org/<type>.
ALLOWED = {
    "MedicalWebPage": {
        *("name", "inLanguage", "isPartOf", "lastReviewed", "reviewedBy", "breadcrumb", "about", "mainEntity"),
    },
    "FAQPage": {"name", "inLanguage", "isPartOf", "lastReviewed", "reviewedBy", "breadcrumb", "about", "mainEntity"},
    "MedicalProcedure": {"name", "description", "url", "offers"},
    "Person": {"name"},
    "WebSite": {"name", "url"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
    "Question": {"name", "acceptedAnswer"},
    "Answer": {"text"},
}
HARD = '</script><!-- "5 < 6" & é'


@pytest.fixture
def procedure(cast) -> Edition:
    """A live guide to a procedure, with a page of questions; the reviewer has a page of their own."""
    public.whole_clinic(cast["owner"])
    guide = builders.guide(cast["author"])
    second = {"question": f"Is it safe? {HARD}", "answer": "Mostly.\n\nAsk us.\nAny time.", "sources": []}
    text = "## First\n\n[[entries:1]]\n\n## Then\n\n[[entries]]"
    builders.page(guide, cast["author"], Page.Kind.QUESTIONS, text, entries=[QUESTION, second])
    edition = builders.published(guide, cast)
    actions.save_guide(Guide.objects.get(pk=guide.pk), by=cast["author"], kind="procedure")
    profiles.provider(cast["author"], account=cast["reviewer"])
    return edition


def data_of(client, path: str) -> tuple[dict[str, Any], Read]:
    """Return the one set of facts on a page, and the page as people read it."""
    read = page(get(client, path))
    (text,) = read.data
    return json.loads(text), read


def things(facts: Any) -> Iterator[dict[str, Any]]:
    """Yield every thing in structured data, the outer first."""
    if isinstance(facts, dict):
        yield facts
        facts = list(facts.values())
    if isinstance(facts, list):
        for one in facts:
            yield from things(one)


def addresses(facts: Any) -> set[str]:
    """Return every address of structured data."""
    return {one[name] for one in things(facts) for name in ("@id", "url", "item") if name in one}


@pytest.mark.parametrize("path", ["", "side-effects/", "questions/", "all/"])
def test_every_thing_has_a_type_with_properties_that_schema_org_gives_it(client, procedure, path):
    facts, _ = data_of(client, f"{AT}{path}")
    assert facts.pop("@context") == "https://schema.org"
    for one in things(facts):
        if set(one) == {"@id"}:
            continue  # it is described elsewhere
        kinds = [one["@type"]] if isinstance(one["@type"], str) else one["@type"]
        for kind in kinds:
            assert {name for name in one if not name.startswith("@")} <= ALLOWED[kind], kind
        assert all(value not in (None, "", [], {}) for value in one.values())


@pytest.mark.parametrize("path", ["", "side-effects/", "questions/", "all/"])
def test_every_address_is_whole_and_answers(client, procedure, settings, path):
    facts, _ = data_of(client, f"{AT}{path}")
    found = addresses(facts)
    assert facts["@id"] == f"{settings.SITE_URL}{AT}{path}"
    for address in found:
        assert address.startswith(f"{settings.SITE_URL}/")
        get(client, address.removeprefix(settings.SITE_URL).partition("#")[0])


@pytest.mark.parametrize(
    ("path", "name"),
    [("", "Cold therapy"), ("side-effects/", "Side effects"), ("all/", "The whole guide")],
)
def test_who_reviewed_it_and_when_is_what_the_foot_of_the_page_says(client, procedure, settings, path, name):
    facts, read = data_of(client, f"{AT}{path}")
    assert facts["name"] == name
    assert name in [words.split(" – ")[0] for level, words in read.headings if level == 1]
    assert facts["inLanguage"] == "en" == (read.language or "")[:2]
    day = date.fromisoformat(facts["lastReviewed"])
    assert day == timezone.localdate(procedure.reviews.get().made_at)
    assert f"Page last reviewed: {date_format(day)}" in read.text
    person = facts["reviewedBy"]
    assert person["name"] == "Rae Reviewer"
    # The same as what the reviewer's own page says of them.
    assert (person["@id"].removeprefix(settings.SITE_URL), "Rae Reviewer") in read.links
    own, _ = data_of(client, "/providers/robin-sample/")
    assert own["@id"] == person["@id"]


def test_a_second_review_moves_the_date_and_a_reviewer_without_a_page_has_none(client, live, cast, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=40))
    actions.confirm(live, by=cast["second_reviewer"], judged=live.content_hash)
    day = timezone.localdate()
    time_machine.move_to(timezone.now() + timedelta(days=2))
    facts, read = data_of(client, AT)
    assert facts["lastReviewed"] == day.isoformat()
    assert facts["reviewedBy"] == {"@type": "Person", "name": "Sol Second"}
    assert "by Sol Second" in read.text


@pytest.mark.parametrize("path", ["", "side-effects/", "all/"])
def test_the_way_to_a_page_is_the_one_that_it_shows(client, procedure, settings, path):
    facts, read = data_of(client, f"{AT}{path}")
    steps = facts["breadcrumb"]["itemListElement"]
    assert [one["position"] for one in steps] == list(range(1, len(steps) + 1))
    assert " ".join(one["name"] for one in steps) in read.text
    for one in steps[:-1]:
        assert (one["item"].removeprefix(settings.SITE_URL), one["name"]) in read.links
    assert steps[-1]["item"] == facts["@id"]


def test_the_overview_describes_the_procedure_that_other_pages_and_prices_name(client, procedure, cast, settings):
    builders.price(procedure.guide, cast["author"])
    facts, read = data_of(client, AT)
    about = facts["about"]
    assert about["@type"] == "MedicalProcedure"
    assert about["name"] == "Cold therapy"
    assert about["description"] in read.text
    assert about["url"] == f"{settings.SITE_URL}{AT}"
    assert facts["isPartOf"]["name"] == "Test Clinic"
    elsewhere = [data_of(client, path)[0] for path in (f"{AT}side-effects/", f"{AT}all/")]
    assert {one["about"]["@id"] for one in elsewhere} == {about["@id"]}
    assert {one["isPartOf"]["@id"] for one in elsewhere} == {facts["@id"]}
    prices, _ = data_of(client, "/prices/")
    assert prices["@id"] == about["@id"]
    assert prices["offers"]


def test_the_self_check_is_a_page_of_the_guide_and_tells_of_no_answer(client, cast, settings):
    public.whole_clinic(cast["owner"])
    edition = tooled.published(cast)
    actions.save_guide(Guide.objects.get(pk=edition.guide_id), by=cast["author"], kind="procedure")
    facts, read = data_of(client, f"{AT}check/")
    assert facts["@type"] == "MedicalWebPage"
    assert facts["@id"] == f"{settings.SITE_URL}{AT}check/"
    assert f"Page last reviewed: {date_format(date.fromisoformat(facts['lastReviewed']))}" in read.text
    assert facts["reviewedBy"] == {"@type": "Person", "name": "Rae Reviewer"}
    assert [one["name"] for one in facts["breadcrumb"]["itemListElement"]] == ["Guides", "Cold therapy", facts["name"]]
    overview, _ = data_of(client, AT)
    assert facts["about"] == {"@type": "MedicalProcedure", "@id": overview["about"]["@id"]}
    assert facts["isPartOf"] == {"@id": overview["@id"]}
    assert "mainEntity" not in facts


def test_general_advice_is_about_no_procedure(client, live):
    for path in (AT, f"{AT}side-effects/"):
        facts, _ = data_of(client, path)
        assert "about" not in facts
        assert "Procedure" not in json.dumps(facts)


def test_questions_and_answers_are_those_of_the_page_word_for_word(client, procedure):
    facts, read = data_of(client, f"{AT}questions/")
    assert facts["@type"] == ["MedicalWebPage", "FAQPage"]
    entries = procedure.pages.get(kind="questions").entries
    said = [(one["name"], one["acceptedAnswer"]["text"].split()) for one in facts["mainEntity"]]
    assert said == [(entry["question"], entry["answer"].split()) for entry in entries]
    for question, answer in said:
        assert question in [words for _, words in read.headings]
        assert " ".join(answer) in read.text
    # What somebody writes cannot end the element.
    assert "</script><!--" in said[1][0]
    assert [one.get("type") for tag, one in read.elements if tag == "script"] == ["application/ld+json"]


def test_a_page_without_such_entries_is_no_list_of_questions(client, guide, cast):
    builders.page(guide, cast["author"], Page.Kind.QUESTIONS, "## Does it hurt?\n\nIt can sting.")
    builders.published(guide, cast)
    facts, _ = data_of(client, f"{AT}questions/")
    assert facts["@type"] == "MedicalWebPage"
    assert "mainEntity" not in facts


def test_pages_of_a_guide_without_an_overview_are_part_of_the_whole_that_is_there(client, guide, cast, settings):
    actions.remove_page(guide.pages.get(kind=Page.Kind.OVERVIEW), by=cast["author"])
    builders.published(guide, cast)
    get(client, AT, 302)
    facts, _ = data_of(client, f"{AT}side-effects/")
    assert facts["isPartOf"] == {"@id": f"{settings.SITE_URL}{AT}all/"}
    assert "isPartOf" not in data_of(client, f"{AT}all/")[0]


def test_a_guide_in_another_language_says_so(client, cast, settings):
    public.clinic(cast["owner"])
    guide = builders.guide(cast["author"], title="العلاج", slug="cold-ar", language="ar", kind="advice")
    builders.published(guide, cast)
    facts, read = data_of(client, "/guides/cold-ar/side-effects/")
    assert facts["inLanguage"] == "ar"
    assert facts["breadcrumb"]["itemListElement"][1]["name"] == "العلاج"
    assert {"property": "og:locale", "content": "ar"} in read.with_attribute("property")


def test_nothing_for_machines_stands_on_what_is_not_live(client, live, cast, time_machine):
    at = f"{AT}editions/1/"
    assert page(get(client, at)).data == []
    later = timezone.now() + timedelta(days=3)
    builders.write(live.guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Soon there is more.")
    coming = builders.approved(live.guide, cast, what_changed="More.")
    actions.publish(coming, by=cast["author"], live_from=later)
    assert "edition 2" not in get(client, AT).content.decode()
    time_machine.move_to(later)
    actions.withdraw(coming, by=cast["author"], reason="Wrong.")
    for path in (AT, f"{AT}side-effects/", f"{AT}all/"):
        assert page(get(client, path, 410)).data == []


def test_a_preview_says_nothing_to_machines(client, live, cast):
    client.force_login(cast["author"])
    shown = client.get(f"/admin/education/edition/{live.pk}/change/").content.decode()
    assert "ld+json" not in shown
    assert 'rel="canonical"' not in shown
    assert "rel=&quot;canonical" not in shown
