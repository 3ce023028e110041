"""Submitting a guide on the screen: what is taken, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from education import actions
from education.actions.notices import reviewers_told
from education.models import Edition, Page, Source
from tests import builders
from tests.education.desk import hidden, page_of, page_url, signed_in, url


@pytest.fixture
def author(cast) -> Client:
    return signed_in(cast["author"])


def typed(client: Client, guide, **changes):
    """Return what the form sends when every offered page is ticked."""
    response = client.get(url("education_guide_submit", guide.pk))
    ticked = [pk for pk, _ in response.context["form"].fields["ticked"].choices]
    sent = {"what_changed": "Clearer words.", "ticked": ticked, "seen": hidden(response, "seen")}
    return {**sent, **changes}


def submit(client: Client, guide, sent):
    return client.post(url("education_guide_submit", guide.pk), sent)


def test_an_edition_is_submitted_once_however_often_the_button_is_pressed(guide, author):
    sent = typed(author, guide)
    first, second = submit(author, guide, sent), submit(author, guide, sent)
    edition = Edition.objects.get()
    assert first["Location"] == url("education_edition_change", edition.pk)
    assert second.status_code == 409
    assert b"is in review" in second.content
    assert b"Clearer words.</textarea>" in second.content


def test_a_save_by_a_colleague_meanwhile_shows_the_screen_again_with_everything_typed(live, guide, author, cast):
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "A line of mine.")
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "Another line of mine.")
    mine = page_of(guide, Page.Kind.SIDE_EFFECTS)
    sent = typed(author, guide, ticked=[mine.pk], urgent="on", urgent_reason="A number was wrong.")
    builders.write(guide, cast["colleague"], Page.Kind.SIDE_EFFECTS, "A line of the colleague.")
    response = submit(author, guide, sent)
    shown = response.content.decode()
    assert response.status_code == 409
    assert "Somebody saved this guide after you opened this screen" in shown
    assert "A line of the colleague." in shown.replace("</ins>", "").replace("<ins>", "")
    assert "Clearer words.</textarea>" in shown
    assert "A number was wrong.</textarea>" in shown
    assert [tick.data["selected"] for tick in response.context["form"]["ticked"]] == [False, True]
    assert Edition.objects.count() == 1
    again = submit(author, guide, {**sent, "seen": hidden(response, "seen")})
    assert again.status_code == 302
    texts = {page.kind: page.markdown for page in Edition.objects.get(number=2).pages.all()}
    assert texts["side-effects"] == "A line of the colleague."
    assert texts["preparation"] != "Another line of mine."


@pytest.mark.parametrize("seen", ["", "nonsense"])
def test_a_form_that_does_not_say_what_it_showed_submits_nothing(seen, guide, author):
    assert submit(author, guide, typed(author, guide, seen=seen)).status_code == 409
    assert not Edition.objects.exists()


def test_an_error_stops_the_submission_and_is_named_with_page_line_and_a_link_to_the_editor(live, guide, author, cast):
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Fine.\n\nNot fine [@nobody].")
    page = page_of(guide, Page.Kind.SIDE_EFFECTS)
    response = submit(author, guide, typed(author, guide))
    shown = response.content.decode()
    assert "There is a problem" in shown
    assert "<title>Error:" in shown
    assert '<a href="#report-E-1">There is no source with the key “nobody”' in shown
    assert f'href="{page_url(page)}?line=3#id_markdown" target="_blank">Side effects, line 3</a>' in shown
    assert "Clearer words.</textarea>" in shown
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"what_changed": "  "}, "Say in one sentence what changed"),
        ({"urgent": "on", "urgent_reason": " "}, "Say why it is urgent"),
        ({"ticked": ["7777"]}, "Tick them again"),
        ({"ticked": ["x"]}, "Tick them again"),
    ],
)
def test_an_incomplete_form_is_shown_again_with_the_rest_of_what_was_typed(changes, said, live, guide, author, cast):
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "A line of mine.")
    sent = typed(author, guide, **{"urgent_reason": "Typed before.", **changes})
    shown = submit(author, guide, sent).content.decode()
    assert said in shown
    assert "There is a problem" in shown
    assert "Typed before." in shown or "Clearer words." in shown
    assert Edition.objects.count() == 1


def test_a_guide_that_is_word_for_word_what_is_live_is_refused(live, guide, author):
    response = submit(author, guide, typed(author, guide))
    assert b"word for word edition 1" in response.content
    assert Edition.objects.count() == 1


def test_what_was_typed_is_kept_when_the_database_cannot_write(guide, author, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(actions, "submit", full)
    response = submit(author, guide, typed(author, guide))
    assert response.status_code == 503
    assert b"Clearer words.</textarea>" in response.content


def test_with_nothing_live_there_is_nothing_to_tick_and_every_page_is_taken(guide, author):
    response = author.get(url("education_guide_submit", guide.pk))
    assert b'name="ticked"' not in response.content
    submit(author, guide, typed(author, guide))
    assert Edition.objects.get().pages.count() == 3


def test_the_screen_offers_changed_new_and_removed_pages_and_names_the_others(live, guide, author, cast):
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "You can get numbness for two days.")
    builders.page(guide, cast["author"], Page.Kind.RECOVERY, "Rest.")
    actions.remove_page(page_of(guide, Page.Kind.PREPARATION), by=cast["author"])
    response = author.get(url("education_guide_submit", guide.pk))
    words = [label for _, label in response.context["form"].fields["ticked"].choices]
    assert words == [
        "Preparation (removed; patients see it until the next edition is live)",
        "Side effects (changed since edition 1)",
        "Recovery (new)",
    ]
    assert [page.title for page in response.context["unchanged"]] == ["Overview"]
    shown = response.content.decode()
    assert '<ins><span class="visually-hidden">added: </span>' in shown
    assert '<del><span class="visually-hidden">removed: </span>' in shown


def test_an_unticked_page_stays_as_patients_read_it(live, guide, author, cast):
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "A line of mine.")
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, "Not yet meant.")
    submit(author, guide, typed(author, guide, ticked=[page_of(guide, Page.Kind.SIDE_EFFECTS).pk]))
    pages = {page.kind: page for page in Edition.objects.get(number=2).pages.all()}
    assert pages["side-effects"].markdown == "A line of mine."
    assert pages["preparation"].carried_over


def test_a_changed_source_or_term_is_shown_although_no_page_changed(live, guide, author, cast):
    source = builders.source()
    source.title = "A trial of heat"
    actions.save_source(source, by=cast["author"])
    facts = author.get(url("education_guide_submit", guide.pk)).context["facts"]
    assert [shown.title for shown in facts] == ["Source “A trial of heat”"]


def test_the_reason_of_an_urgent_correction_is_on_the_record_and_without_the_tick_it_is_not(guide, author):
    submit(author, guide, typed(author, guide, urgent_reason="Typed, but not ticked."))
    assert Edition.objects.get().urgent_reason == ""
    actions.take_back(Edition.objects.get(), by=Edition.objects.get().made_by)
    submit(author, guide, typed(author, guide, urgent="on", urgent_reason="A number was wrong."))
    assert Edition.objects.get(number=2).urgent_reason == "A number was wrong."


def test_what_changed_begins_with_the_sentence_of_an_edition_that_came_back(live, guide, author, cast):
    def begins() -> str:
        return author.get(url("education_guide_submit", guide.pk)).context["form"]["what_changed"].value()

    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, "Changed.")
    assert begins() == ""
    edition = builders.submitted(guide, cast["author"], what_changed="Bruises last longer.")
    actions.give_back(edition, by=cast["reviewer"], note="Shorter.")
    assert begins() == "Bruises last longer."


def test_whoever_submits_is_told_how_many_reviewers_get_a_mail(guide, author, cast):
    for name in ("reviewer", "second_reviewer"):
        cast[name].email = ""
        cast[name].save()
    said = submit(author, guide, typed(author, guide))
    shown = author.get(said["Location"]).content.decode()
    assert "Edition 1 is submitted. A reviewer can read it now." in shown
    told = reviewers_told(Edition.objects.get()).count()
    words = {0: "Nobody is told by mail", 1: "A mail goes to 1 reviewer."}.get(
        told, f"A mail goes to {told} reviewers."
    )
    assert words in shown


def test_each_changed_line_that_cites_a_source_is_named_with_the_source(live, guide, author, cast):
    before = page_of(guide, Page.Kind.SIDE_EFFECTS).markdown
    text = f"{before}\n\nIt *hurts* for two weeks [@trial-2020].\n\nIt stops."
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, text)
    response = author.get(url("education_guide_submit", guide.pk))
    [claim] = response.context["claims"]
    assert (claim.page, claim.words) == ("Side effects", "It hurts for two weeks.")
    assert [title for title, _ in claim.sources] == [Source.objects.get(key="trial-2020").title]
    assert "Does the source say this too?" in response.content.decode()
