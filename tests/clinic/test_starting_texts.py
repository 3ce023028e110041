"""The texts with which pages about the clinic begin: refused with a gap in them, and in order."""

from __future__ import annotations

import pytest

from clinic import actions
from clinic.first_steps import starting_text
from clinic.models import TOP_PAGES, Clinic, InformationPage, User
from clinic.views.pages import information_context
from education.actions import Refused
from education.actions.mistakes import ADDRESS_KEPT
from education.gaps import gaps
from tests import builders
from tests.education.desk import signed_in, url


@pytest.fixture
def owner(db) -> User:
    return builders.person("ada", is_superuser=True)


@pytest.mark.parametrize("slug", TOP_PAGES)
def test_a_text_to_begin_with_stands_in_the_form_and_is_not_saved_before_its_gaps_are_filled(slug, owner):
    client, address = signed_in(owner), url("clinic_informationpage_add")
    answer = client.get(f"{address}?slug={slug}")
    form = answer.context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    assert sent["slug"] == slug
    assert gaps(sent["markdown"])
    assert "A text to begin with." in answer.content.decode()
    refused = client.post(f"{address}?slug={slug}", sent)
    assert "Patients would read “[write" in refused.context["adminform"].form.errors["markdown"][0]
    assert not InformationPage.objects.exists()
    for gap, _ in gaps(sent["markdown"]):
        sent["markdown"] = sent["markdown"].replace(gap, "Ours.")
    assert client.post(f"{address}?slug={slug}", sent).status_code == 302
    assert client.get(f"/{slug}/").status_code == 200


@pytest.mark.parametrize("slug", ["", "our-team", "../about", "privacy/../about"])
def test_another_page_begins_empty(slug, owner):
    assert starting_text(slug) is None
    answer = signed_in(owner).get(url("clinic_informationpage_add"), {"slug": slug})
    assert not answer.context["adminform"].form["markdown"].value()
    assert "A text to begin with." not in answer.content.decode()


@pytest.mark.parametrize("slug", TOP_PAGES)
def test_a_text_to_begin_with_is_in_order(slug, db):
    text = starting_text(slug)
    assert text
    assert text.front.values["slug"] == slug
    assert not information_context(InformationPage(slug=slug, markdown=text.markdown))["rendered"].problems


def test_the_text_on_privacy_says_how_long_the_site_keeps_what_patients_send(db):
    text = starting_text("privacy")
    assert text
    requests, rest = text.markdown.split("## When you report a mistake in a guide")
    reports = rest.split("##")[0]
    assert f"nothing happens with a request for {actions.UNTOUCHED_KEPT.days} days, we erase it" in requests
    assert f"[write after how many days you erase closed requests: {Clinic.current().keep_closed_days}," in requests
    assert "Your words are kept beside the guide" in reports
    assert f"erase it when the report is closed, at the latest after {ADDRESS_KEPT.days} days" in reports


def test_the_action_refuses_a_gap_wherever_the_page_came_from(owner):
    row = InformationPage(slug="team", title="Team", markdown="We are\n\n[write who you are]")
    with pytest.raises(Refused, match="on line 3") as refusal:
        actions.save_information_page(row, by=owner)
    assert refusal.value.field == "markdown"
