"""The list of guides, a guide's screen and the work that waits for a person."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from education import actions
from education.models import Guide, Page
from education.newsroom import Work, choices, standing, with_standing, work_of
from education.rules import Verb
from tests import builders
from tests.education.desk import page_of, page_url, signed_in, url
from tests.education.example_entries import SIDE_EFFECT


@pytest.fixture
def author(cast) -> Client:
    return signed_in(cast["author"])


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def grown(guide: Guide, cast) -> None:
    """Give a guide more pages and editions."""
    for title in ("One", "Two", "Three"):
        text = f"More [@trial-2020] on {title}."
        builders.page(guide, cast["author"], Page.Kind.OTHER, text, title=title, slug=title.lower())
        builders.published(guide, cast, what_changed=f"Page {title}.")


def test_the_list_of_guides_asks_the_database_as_often_for_many_as_for_one(live, author, cast):
    listed = url("education_guide_changelist")
    before = queries(author, listed)
    for slug in ("heat", "light", "needles"):
        grown(builders.guide(cast["author"], title=slug.title(), slug=slug), cast)
    assert queries(author, listed) == before


def test_a_guides_screen_asks_the_database_as_often_for_many_pages_and_editions_as_for_few(live, guide, author, cast):
    address = url("education_guide_change", guide.pk)
    before = queries(author, address)
    grown(guide, cast)
    assert queries(author, address) == before


def test_an_editions_screen_asks_the_database_as_often_for_many_pages_as_for_few(live, guide, author, cast):
    builders.write(guide, cast["author"], "side-effects", "Short.")
    second = builders.published(guide, cast, what_changed="Shorter.")
    grown(guide, cast)
    builders.write(guide, cast["author"], "side-effects", "Shorter.")
    last = builders.published(guide, cast, what_changed="Shorter still.")
    few, many = (queries(author, url("education_edition_change", one.pk)) for one in (second, last))
    assert many <= few


def test_the_first_screen_asks_the_database_as_often_for_many_guides_as_for_one(live, author, cast):
    before = queries(author, url("index"))
    for slug in ("heat", "light"):
        grown(builders.guide(cast["author"], title=slug.title(), slug=slug), cast)
    assert queries(author, url("index")) == before


def row_of(client: Client, guide: Guide) -> str:
    return client.get(url("education_guide_changelist"), {"q": guide.title}).content.decode().split("<tbody>")[1]


def test_the_list_says_what_is_live_what_is_under_way_and_whose_turn_it_is(guide, author, cast):
    assert "Not published yet" in row_of(author, guide)
    edition = builders.submitted(guide, cast["author"])
    assert "Edition 1 is in review: a reviewer&#x27;s turn" in row_of(author, guide)
    actions.give_back(edition, by=cast["reviewer"], note="Shorter.")
    assert "Edition 1 is returned: an editor&#x27;s turn" in row_of(author, guide)
    second = builders.approved(guide, cast)
    assert "Edition 2 is approved: ready to publish" in row_of(author, guide)
    actions.publish(second, by=cast["author"], live_from=timezone.now() + timedelta(days=2))
    assert "Edition 2 is scheduled: goes live" in row_of(author, guide)
    actions.cancel(second, by=cast["author"])
    actions.publish(second, by=cast["author"])
    row = row_of(author, guide)
    assert "Edition 2, since" in row
    assert "Nothing" in row
    actions.withdraw(second, by=cast["author"], reason="Wrong.")
    assert "Edition 2 was withdrawn" in row_of(author, guide)


def test_an_overdue_review_is_called_overdue(live, guide, cast):
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
        assert "overdue" in row_of(signed_in(cast["author"]), guide)


def test_pages_stand_in_order_with_their_state_in_words(live, guide, author, cast):
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Changed.")
    builders.page(guide, cast["author"], Page.Kind.RECOVERY, "Rest.")
    gone = builders.page(guide, cast["author"], Page.Kind.COST, "Much.")
    actions.remove_page(page_of(guide, Page.Kind.PREPARATION), by=cast["author"])
    actions.remove_page(gone, by=cast["author"])
    rows = author.get(url("education_guide_change", guide.pk)).context["rows"]
    assert [(row.page.title, row.words) for row in rows] == [
        ("Overview", "as in edition 1"),
        ("Preparation", "removed; patients see it until the next edition is live"),
        ("Side effects", "changed since edition 1"),
        ("Recovery", "new"),
        ("Cost", "removed"),
    ]


def stands(client: Client, guide: Guide) -> str:
    shown = client.get(url("education_guide_change", guide.pk)).content.decode()
    return " ".join(strip_tags(shown.split('id="standing"')[1].split("</section>")[0]).split())


def test_where_it_stands_says_which_pages_changed_and_that_submitting_comes_next(live, guide, author, cast):
    unchanged = stands(author, guide)
    assert "To change what patients read, choose a page below." in unchanged
    assert "Submit for review" not in unchanged
    builders.write(guide, cast["colleague"], Page.Kind.SIDE_EFFECTS, "Changed.")
    one = stands(author, guide)
    assert "1 page changed since: Side effects. Patients do not see it yet. Next: submit it for review." in one
    assert one.endswith("Submit for review")
    assert "An editor submits it for review." in stands(signed_in(cast["reviewer"]), guide)
    actions.remove_page(page_of(guide, Page.Kind.PREPARATION), by=cast["author"])
    assert "2 pages changed since: Preparation, Side effects. Patients do not see them yet." in stands(author, guide)
    builders.submitted(guide, cast["author"])
    under_way = stands(author, guide)
    assert "A reviewer reads it, then approves it or returns it." in under_way
    assert "changed since" not in under_way


def test_a_change_beside_the_pages_can_be_submitted_too(live, guide, author, cast):
    Guide.objects.filter(pk=guide.pk).update(summary="Another summary of the guide.")
    shown = stands(author, guide)
    assert "Something beside the pages changed since" in shown
    assert shown.endswith("Submit for review")


def test_what_takes_a_guide_off_the_site_stands_apart_and_reasons_are_folded(live, guide, cast):
    reviewer = signed_in(cast["reviewer"])
    shown = reviewer.get(url("education_guide_change", guide.pk)).content.decode()
    assert "Submit the guide for review first" not in shown
    before, after = shown.split("<summary>Take it off the site</summary>")
    assert "Withdraw edition 1 …" in after.split("</details>")[0]
    assert "Put into the archive …" in after.split("</details>")[0]
    assert "Withdraw edition 1" not in before
    assert "<details>\n    <summary>What is not possible now, and why</summary>" in before


def test_every_button_of_a_page_says_which_page_it_moves(guide, author):
    shown = author.get(url("education_guide_change", guide.pk)).content.decode()
    for title in ("Overview", "Side effects", "Preparation"):
        assert f'Remove<span class="visually-hidden">: {title}</span>' in shown


def test_the_report_on_what_is_saved_is_counted_and_names_page_and_line(guide, author, cast):
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Fine [@trial-2020].\n\nNot fine [@nobody].")
    page = page_of(guide, Page.Kind.SIDE_EFFECTS)
    response = author.get(url("education_guide_change", guide.pk))
    errors = next(level for level in response.context["report"].levels if level.name == "E")
    assert [line.where for item in errors.items for line in item.lines] == ["Side effects, line 3"]
    shown = response.content.decode()
    assert "<summary>1 error" in shown
    assert "<strong>Reading level:</strong> Grade over all pages" in shown
    assert f'href="{page_url(page)}?line=3#id_markdown"' in shown
    assert [source.key for source in response.context["sources"]] == ["trial-2020"]
    assert 'name="reason-' not in shown


def test_who_may_not_write_reads_the_report_without_links(guide, cast):
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Not fine [@nobody].")
    shown = signed_in(cast["reviewer"]).get(url("education_guide_change", guide.pk)).content.decode()
    assert "<strong>Side effects, line 1</strong>: There is no source" in shown
    assert "#id_markdown" not in shown


def test_the_sources_of_entries_are_among_what_the_guide_refers_to(guide, author, cast):
    builders.source("survey-2021")
    page = page_of(guide, Page.Kind.SIDE_EFFECTS)
    facts = {"title": page.title, "slug": page.slug, "markdown": "You can get cold skin."}
    entries = [{**SIDE_EFFECT, "sources": ["survey-2021"]}]
    actions.save_page(page, by=cast["author"], base=None, entries=entries, **facts)
    sources = author.get(url("education_guide_change", guide.pk)).context["sources"]
    assert [source.key for source in sources] == ["survey-2021", "trial-2020"]


def test_each_verb_is_a_button_where_it_is_possible_and_otherwise_a_reason(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    with_state = list(guide.editions.with_state())
    for_reviewer = {one.verb: one for one in choices(with_state, cast["reviewer"])}
    assert not for_reviewer[Verb.APPROVE].why_not
    assert for_reviewer[Verb.TAKE_BACK].why_not == "Only an editor can take back an edition."
    assert for_reviewer[Verb.WITHDRAW].why_not == "No edition is live."
    for_author = signed_in(cast["author"]).get(url("education_guide_change", guide.pk))
    assert [choice.verb for choice in for_author.context["choices"]] == [Verb.TAKE_BACK]
    assert "Edition 1 is in review" in for_author.context["draft"].why_not
    assert f"{url('education_edition_change', edition.pk)}#step-take-back" in for_author.content.decode()
    for_reviewer_too = signed_in(cast["reviewer"]).get(url("education_guide_change", guide.pk))
    assert for_reviewer_too.context["draft"].why_not == "Only an editor can submit a guide for review."


def test_links_of_every_verb_lead_to_a_form_that_is_there(live, guide, cast):
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Changed.")
    builders.submitted(guide, cast["author"], "Changed.")
    owner = signed_in(cast["owner"])
    for choice in owner.get(url("education_guide_change", guide.pk)).context["choices"]:
        if choice.verb is not Verb.WITHDRAW:
            shown = owner.get(url("education_edition_change", choice.edition.pk)).content.decode()
            assert f'id="step-{choice.verb.replace(" ", "-")}"' in shown


def test_what_waits_is_shown_to_whom_it_waits_for(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    assert [one.open for one in work_of(cast["reviewer"]).to_review] == [edition]
    assert not work_of(cast["author"]).to_review
    assert [one.open for one in work_of(cast["author"]).under_way] == [edition]
    actions.give_back(edition, by=cast["reviewer"], note="Shorter.")
    assert [one.handed_back for one in work_of(cast["author"]).handed_back] == [edition]
    assert not work_of(cast["colleague"]).handed_back
    assert work_of(cast["front_desk"]) == Work()
    second = builders.approved(guide, cast)
    actions.publish(second, by=cast["author"], live_from=timezone.now() + timedelta(days=2))
    assert [one.open for one in work_of(cast["author"]).scheduled] == [second]


def test_a_review_is_announced_90_days_before_it_is_due(live, cast):
    due = live.reviews.get().next_review_due
    for days, expected in ((91, []), (90, [live]), (0, [live]), (-30, [live])):
        noon = timezone.make_aware(datetime.combine(due, time(12)))
        moment = noon - timedelta(days=days)
        with time_machine.travel(moment, tick=False):
            assert [one.live for one in work_of(cast["author"]).due] == expected, days


def test_the_first_screen_shows_the_work_and_the_front_desk_sees_nothing_of_guides(guide, cast):
    edition = builders.submitted(guide, cast["author"])
    link = url("education_edition_change", edition.pk)
    assert link in signed_in(cast["reviewer"]).get(url("index")).content.decode()
    shown = signed_in(cast["front_desk"]).get(url("index")).content.decode()
    assert "Nothing waits for you" in shown
    assert "/admin/education/" not in shown


def test_where_a_guide_stands_takes_four_queries(live, cast, django_assert_num_queries):
    grown(builders.guide(cast["author"], title="Heat", slug="heat"), cast)
    with django_assert_num_queries(4):
        found = [standing(guide) for guide in with_standing(Guide.objects.all())]
    assert [one.live.number for one in found] == [1, 3]
