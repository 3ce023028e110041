"""The quality report on the way to a reviewer: what stops, what wants a reason, who may pass what, and nothing lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from education import actions
from education.models import Edition, Guide, Page, Source
from tests import builders
from tests.education.desk import hidden, page_of, page_url, signed_in, url
from tests.education.example_entries import SIDE_EFFECT
from tests.html import Page as Markup

UNTOLD = {**SIDE_EFFECT, "frequency": "", "sources": ["trial-2020"]}
FREQUENCY = "effect.frequency side-effects"
FIELD = "reason-effect.frequency/side-effects"
STATUS = "source.status trial-2020"
STATUS_FIELD = "reason-source.status/trial-2020"
WHY = "Nobody has counted it."


@pytest.fixture
def author(cast) -> Client:
    return signed_in(cast["author"])


@pytest.fixture
def owner(cast) -> Client:
    return signed_in(cast["owner"])


@pytest.fixture
def warned(guide, cast) -> Guide:
    """A guide with one warning: a side effect that does not say how often it comes."""
    return with_entries(guide, cast, [UNTOLD])


def with_entries(guide: Guide, cast, entries: list[dict[str, Any]]) -> Guide:
    row = page_of(guide, Page.Kind.SIDE_EFFECTS)
    facts = {"title": row.title, "slug": row.slug, "markdown": row.markdown}
    actions.save_page(row, by=cast["author"], base=None, entries=entries, **facts)
    return guide


def judged(key: str, outcome: str, cast) -> None:
    source, soon = Source.objects.get(key=key), timezone.localdate() + timedelta(days=30)
    actions.check_source(source, by=cast["author"], outcome=outcome, note="The journal says so.", next_check=soon)


def address(guide: Guide) -> str:
    return url("education_guide_submit", guide.pk)


def sent(client: Client, guide: Guide, **changes: Any) -> dict[str, Any]:
    response = client.get(address(guide))
    ticked = [pk for pk, _ in response.context["form"].fields["ticked"].choices]
    seen = {"what_changed": "Clearer words.", "ticked": ticked, "seen": hidden(response, "seen")}
    return {**seen, **{field.name: field.value() for field in response.context["reasons"]}, **changes}


def report(response: Any, level: str) -> list[tuple[str, list[str]]]:
    """The items of one level: the key of each, and what its lines are about."""
    levels = {one.name: one for one in response.context["report"].levels}
    items = levels[level].items if level in levels else []
    return [(item.key, [line.where for line in item.lines]) for item in items]


# What is refused


def test_a_warning_without_a_reason_stops_the_submission_and_says_so_at_its_field(warned, author):
    response = author.post(address(warned), sent(author, warned))
    shown = response.content.decode()
    assert not Edition.objects.exists()
    assert "<title>Error:" in shown
    assert response.context["reasons"].errors == {FIELD: ["Say why this is right as it is, or mend it."]}
    assert f'<a href="#id_{FIELD}">' in shown
    [field] = [one for one in Markup(shown).with_attribute("name") if one["name"] == FIELD]
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", f"id_{FIELD}_error")
    assert "Clearer words.</textarea>" in shown


@pytest.mark.parametrize("blank", ["", "  ", "\r\n", "\x00"])
def test_a_blank_reason_is_none(blank, warned, author):
    assert author.post(address(warned), sent(author, warned, **{FIELD: blank})).status_code == 200
    assert not Edition.objects.exists()


def test_a_reason_that_is_too_long_is_refused_and_kept(warned, author):
    response = author.post(address(warned), sent(author, warned, **{FIELD: "x" * 2001}))
    assert not Edition.objects.exists()
    assert len(response.context["reasons"].errors[FIELD]) == 1
    assert b"x" * 2001 in response.content


def test_nobody_but_the_owner_passes_an_error_not_even_with_a_reason(guide, author, cast):
    judged("trial-2020", "withdrawn", cast)
    response = author.post(address(guide), sent(author, guide, **{STATUS_FIELD: "I know better."}))
    shown = response.content.decode()
    assert not Edition.objects.exists()
    assert "The owner of the site can pass this with a reason." in shown
    assert [item.key for item, _ in response.context["stops"]] == [STATUS]
    assert "I know better.</textarea>" in shown, "kept, although nobody asked for it"


def test_not_even_the_owner_passes_an_error_that_has_to_be_mended(guide, owner, cast):
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "Not fine [@nobody].")
    response = owner.post(address(guide), sent(owner, guide, **{"reason-text.problem/preparation": "Let it pass."}))
    assert not Edition.objects.exists()
    assert [finding.check for _, finding in response.context["stops"]] == ["text.problem"]
    assert all(item.field is None for level in response.context["report"].levels for item in level.items)


def test_the_owner_too_has_to_give_a_reason(guide, owner, cast):
    judged("trial-2020", "withdrawn", cast)
    response = owner.post(address(guide), sent(owner, guide))
    assert not Edition.objects.exists()
    assert list(response.context["reasons"].errors) == [STATUS_FIELD]
    assert b"You are the owner: you can pass this with a reason." in response.content


def test_a_reason_of_last_time_that_nobody_saw_on_this_screen_passes_nothing(live, guide, author, cast):
    Guide.objects.filter(pk=guide.pk).update(reasons={FREQUENCY: WHY})
    with_entries(guide, cast, [UNTOLD])
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "Eat less.")
    everything = sent(author, guide)
    del everything[FIELD]
    response = author.post(address(guide), everything)
    assert Edition.objects.count() == 1
    assert "This was not in the report that you saw" in response.content.decode()
    assert f"{WHY}</textarea>" in response.content.decode()
    again = {**everything, FIELD: response.context["reasons"][FIELD].value()}
    assert author.post(address(guide), again).status_code == 302


# What passes


def test_a_reason_passes_a_warning_and_is_kept_with_the_edition_and_offered_next_time(warned, author):
    assert author.post(address(warned), sent(author, warned, **{FIELD: f" {WHY}\r\n"})).status_code == 302
    edition = Edition.objects.get()
    assert edition.reasons == {FREQUENCY: WHY}
    actions.take_back(edition, by=edition.made_by)
    assert author.get(address(warned)).context["reasons"][FIELD].value() == WHY


def test_the_owner_passes_an_error_with_a_reason(guide, owner, cast):
    judged("trial-2020", "withdrawn", cast)
    assert owner.post(address(guide), sent(owner, guide, **{STATUS_FIELD: "Its finding stands."})).status_code == 302
    assert Edition.objects.get().reasons == {STATUS: "Its finding stands."}


# What the report shows


def test_the_report_is_there_before_anything_is_submitted(warned, author):
    response = author.get(address(warned))
    assert report(response, "W") == [(FREQUENCY, ["Side effects, entry 1"])]
    shown = response.content.decode()
    place = page_url(page_of(warned, "side-effects"))
    assert f'href="{place}#entry-1" target="_blank">Side effects, entry 1</a>' in shown
    assert "There is a problem" not in shown
    assert "Serves CDC 18, 20." in shown
    assert response.context["report"].grade.startswith("Grade over all pages")


def test_a_fact_of_the_guide_leads_to_its_field_and_a_source_to_its_screen(guide, author, cast):
    actions.save_guide(guide, by=cast["author"], summary="")
    judged("trial-2020", "superseded", cast)
    response = author.get(address(guide))
    shown = response.content.decode()
    assert ("summary.missing", ["The guide"]) in report(response, "E")
    assert f'href="{url("education_guide_change", guide.pk)}#id_summary" target="_blank">The guide</a>' in shown
    source = Source.objects.get(key="trial-2020")
    assert f'<a href="{url("education_source_change", source.pk)}" target="_blank">trial-2020</a>' in shown
    assert report(response, "W") == [(STATUS, ["Sources"])]


def test_lines_with_one_key_have_one_field_and_other_levels_point_to_it(guide, author, owner, cast):
    with_entries(guide, cast, [UNTOLD, {**UNTOLD, "name": "Cold skin"}])
    response = author.get(address(guide))
    assert report(response, "W") == [(FREQUENCY, ["Side effects, entry 1", "Side effects, entry 2"])]
    assert [field.name for field in response.context["reasons"]] == [FIELD]
    builders.source("survey-2021")
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "Eat as usual [@survey-2021].")
    judged("trial-2020", "withdrawn", cast)
    judged("survey-2021", "superseded", cast)
    shown = owner.get(address(guide)).content.decode()
    assert shown.count(f'name="{STATUS_FIELD}"') == 1
    assert shown.count('name="reason-source.status/survey-2021"') == 1
    levels = {level.name: level.items for level in author.get(address(guide)).context["report"].levels}
    [error] = levels["E"]
    assert (error.key, error.field, error.owner_may_pass) == (STATUS, None, True)
    assert [item.key for item in levels["W"] if item.field] == ["source.status survey-2021", FREQUENCY]


def test_the_report_is_about_the_pages_as_they_are_ticked(live, guide, author, cast):
    with_entries(guide, cast, [UNTOLD])
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "Eat less.")
    assert report(author.get(address(guide)), "W")
    only = sent(author, guide, ticked=[page_of(guide, "preparation").pk], what_changed=" ", **{FIELD: WHY})
    response = author.post(address(guide), only)
    assert not report(response, "W")
    assert [field.value() for field in response.context["reasons"].kept] == [WHY]
    more = {**only, "ticked": [page_of(guide, "side-effects").pk], "what_changed": "Effects."}
    assert author.post(address(guide), more).status_code == 302


def test_a_page_that_is_not_ticked_is_said_to_stand_as_patients_read_it(guide, author, cast):
    with_entries(guide, cast, [UNTOLD])
    builders.published(guide, cast, reasons={FREQUENCY: WHY})
    with_entries(guide, cast, [])
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "Eat less.")
    response = author.post(address(guide), sent(author, guide, ticked=[page_of(guide, "preparation").pk]))
    shown = response.content.decode()
    assert "This page is not ticked: it stands as patients read it now." in shown
    assert f'href="{page_url(page_of(guide, "side-effects"))}" target="_blank">Side effects, entry 1</a>' in shown


def test_the_differences_tell_entries_row_by_row_with_the_titles_of_sources(guide, author, cast):
    with_entries(guide, cast, [SIDE_EFFECT])
    builders.published(guide, cast)
    builders.source("survey-2021", title="A survey of 900 people")
    with_entries(guide, cast, [{**SIDE_EFFECT, "frequency": "rare", "sources": ["survey-2021", "trial-2020"]}])
    response = author.get(address(guide))
    [page] = response.context["pages"]
    assert [(one.title, one.words) for one in page.entries] == [("Side effect “Numb skin”", "changed")]
    shown = Markup(response.content.decode()).text
    assert "How often: removed: Common added: Rare" in shown
    assert "Source: added: A survey of 900 people" in shown


# Nothing typed is lost


def test_reasons_are_kept_when_the_form_is_incomplete_and_when_the_database_cannot_write(warned, author, monkeypatch):
    everything = sent(author, warned, **{FIELD: WHY})
    shown = author.post(address(warned), {**everything, "what_changed": ""})
    assert f"{WHY}</textarea>" in shown.content.decode()
    assert not shown.context["reasons"].errors

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(actions, "submit", full)
    response = author.post(address(warned), everything)
    assert response.status_code == 503
    assert f"{WHY}</textarea>" in response.content.decode()


def test_reasons_are_kept_when_a_colleague_saved_meanwhile(warned, author, cast):
    everything = sent(author, warned, **{FIELD: WHY})
    with_entries(warned, {"author": cast["colleague"]}, [])
    response = author.post(address(warned), everything)
    assert response.status_code == 409
    assert [field.value() for field in response.context["reasons"].kept] == [WHY]
    assert author.post(address(warned), {**everything, "seen": hidden(response, "seen")}).status_code == 302
    assert Edition.objects.get().reasons == {}


# The screen itself


def test_every_field_has_a_name_of_its_own_and_every_link_on_the_screen_an_end(guide, owner, cast):
    with_entries(guide, cast, [UNTOLD])
    judged("trial-2020", "withdrawn", cast)
    response = owner.post(
        address(guide), {**sent(owner, guide), "what_changed": "", "reason-a.check/page": "<b>Kept</b>"}
    )
    page = Markup(response.content.decode())
    # The admin's own frame has scripts, a button without words and a field without a label.
    assert [one for one in page.faults() if not one.startswith(("<script>", "<button>", "None "))] == []
    labels = re.findall(r"<label[^>]*>([^<]*)", response.content.decode())
    assert len(labels) == len(set(labels))
    assert "&lt;b&gt;Kept&lt;/b&gt;" in page.markup


def test_the_screen_asks_the_database_as_often_for_a_long_report_as_for_a_short_one(warned, author, cast):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert author.get(address(warned)).status_code == 200
        return len(seen)

    queries()
    before = queries()
    with_entries(warned, cast, [{**UNTOLD, "name": f"Effect {number}"} for number in range(9)])
    for number in range(5):
        builders.source(f"trial-{number}")
        text = f"Text [@trial-{number}] [@nobody]."
        builders.page(warned, cast["author"], Page.Kind.OTHER, text, title=f"More {number}", slug=f"more-{number}")
    assert queries() == before
