"""Submitting a guide: what stops it, what the edition takes from today and what from the live one."""

from __future__ import annotations

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from education import actions
from education.canonical import chain_hash, sha256, short_code
from education.models import Edition, Guide, Source, State, Term
from education.rendering import RENDERER_VERSION
from education.rules import NotPermitted, WrongState
from education.working_copy import fingerprint
from tests import builders
from tests.education.whole_record import image, in_state, state_of

OPEN = [State.IN_REVIEW, State.APPROVED, State.SCHEDULED]


def _page(guide: Guide, kind: str):
    return guide.pages.get(kind=kind)


def _texts(edition: Edition) -> dict[str, str]:
    return {page.slug: page.markdown for page in edition.pages.all()}


def _nothing_written(guide: Guide) -> None:
    assert guide.editions.count() == 0


# Refusals


@pytest.mark.parametrize("who", ["reviewer", "front_desk", "outsider"])
def test_only_editors_submit(guide, cast, who):
    with pytest.raises(NotPermitted, match=r"does not let you submit a guide for review. Ask the owner"):
        builders.submitted(guide, cast[who])
    _nothing_written(guide)


def test_somebody_who_left_cannot_submit(guide, cast):
    cast["author"].is_active = False
    with pytest.raises(NotPermitted):
        builders.submitted(guide, cast["author"])
    _nothing_written(guide)


@pytest.mark.parametrize("state", OPEN)
def test_while_an_edition_is_under_way_no_other_can_be_submitted(guide, cast, state):
    in_state(state, guide, cast)
    builders.write(guide, cast["author"], "preparation", "Other.")
    with pytest.raises(WrongState, match=f"Edition 1 is {state} .submitted by Ada Author.. .*Take it back") as refusal:
        builders.submitted(guide, cast["colleague"], "More.")
    assert "see it through, first" in str(refusal.value)
    assert guide.editions.count() == 1


# Of a guide in the archive none can be; tests/education/test_actions_archive.py says so.
@pytest.mark.parametrize("state", sorted({*State} - {*OPEN, State.ARCHIVED}))
def test_otherwise_the_next_edition_can_be_submitted_and_numbers_are_used_up(guide, cast, state):
    before = in_state(state, guide, cast)
    builders.write(guide, cast["author"], "preparation", "Other.")
    edition = builders.submitted(guide, cast["colleague"], "More.")
    assert edition.number == guide.editions.count() > before.number
    assert list(guide.editions.order_by("number").values_list("number", flat=True)) == list(
        range(1, edition.number + 1)
    )


@pytest.mark.parametrize("nothing", ["", " \r\n\u2003"])
def test_a_submission_says_what_changed(guide, cast, nothing):
    with pytest.raises(actions.Refused, match="Say in one sentence what changed") as refusal:
        builders.submitted(guide, cast["author"], nothing)
    assert refusal.value.field == "what_changed"
    _nothing_written(guide)


def test_a_guide_that_somebody_saved_meanwhile_is_looked_at_again(guide, cast):
    author, colleague = cast["author"], cast["colleague"]
    numb = Term.objects.get()
    source = Source.objects.get()
    picture = image(author)
    builders.write(guide, author, "preparation", "Bring it.\n\n![](image:cold-pack)")

    def change(row, name, value):
        setattr(row, name, value)
        return row

    for meanwhile in (
        lambda: builders.write(guide, colleague, "preparation", "Bring it. Now.\n\n![](image:cold-pack)"),
        lambda: actions.save_guide(guide, by=colleague, summary="Other."),
        lambda: actions.save_term(change(numb, "plain_meaning", "Less feeling."), by=colleague),
        lambda: actions.save_source(change(source, "strength", "survey"), by=colleague),
        lambda: actions.add_image(change(picture, "alternative_text", "A towel"), None, by=colleague),
        lambda: builders.page(guide, colleague, "recovery", "Rest."),
        lambda: actions.move_page(_page(guide, "recovery"), by=colleague, up=True),
        lambda: actions.remove_page(_page(guide, "recovery"), by=colleague),
    ):
        seen = fingerprint(Guide.objects.get())
        meanwhile()
        with pytest.raises(actions.ChangedMeanwhile, match="Look at it and submit again"):
            builders.submitted(guide, author, seen=seen)
    _nothing_written(guide)
    assert builders.submitted(guide, author, seen=fingerprint(Guide.objects.get())).number == 1


def test_another_live_edition_meanwhile_counts_as_a_change(guide, cast):
    """Pages that are not ticked come from the live edition, so the screen showed another submission."""
    old = in_state(State.SUPERSEDED, guide, cast)
    builders.write(guide, cast["author"], "preparation", "Other.")
    seen = fingerprint(guide)
    actions.publish(old, by=cast["reviewer"])
    with pytest.raises(actions.ChangedMeanwhile):
        builders.submitted(guide, cast["author"], "More.", seen=seen)


def test_a_guide_that_stands_word_for_word_like_its_live_edition_is_refused(guide, cast, live):
    with pytest.raises(
        actions.Refused, match=r"word for word edition 1, which is live. Change something, tick a changed"
    ):
        builders.submitted(guide, cast["author"], "Nothing.")
    builders.write(guide, cast["author"], "preparation", "Other.")
    with pytest.raises(actions.Refused, match="or have a reviewer confirm the live edition"):
        builders.submitted(guide, cast["author"], "Nothing.", ticked=[_page(guide, "overview").pk])
    assert guide.editions.count() == 1


def test_an_edition_with_errors_is_blocked_and_the_report_names_page_and_line(guide, cast):
    builders.write(guide, cast["author"], "preparation", "Eat as usual.\n\nDrink water [@no-such-key].")
    with pytest.raises(actions.Blocked, match="Mend what it names") as blocked:
        builders.submitted(guide, cast["author"])
    (finding,) = blocked.value.missing
    assert (finding.place, finding.line, finding.level) == ("preparation", 3, "E")
    assert "There is no source with the key “no-such-key”. Correct the key, or add the source first." in finding.message
    _nothing_written(guide)


def test_a_guide_without_pages_is_blocked(cast):
    guide = actions.create_guide(by=cast["author"], title="Bare", slug="bare")
    with pytest.raises(actions.Blocked) as blocked:
        builders.submitted(guide, cast["author"])
    assert "pages.none" in [finding.check for finding in blocked.value.missing]


def test_two_pages_at_one_address_are_blocked_when_a_removal_is_not_ticked(guide, cast, live):
    """A new page took the address of a removed one; without the removal the edition would have both."""
    author = cast["author"]
    old = _page(guide, "preparation")
    actions.remove_page(old, by=author)
    new = builders.page(guide, author, "preparation", "New text.")
    with pytest.raises(actions.Blocked) as blocked:
        builders.submitted(guide, author, "New page.", ticked=[new.pk])
    (finding,) = [one for one in blocked.value.findings if one.check == "page.address"]
    assert finding.place == "preparation"
    assert "Change one, or tick the removal of the other." in finding.message
    edition = builders.submitted(guide, author, "New page.", ticked=[new.pk, old.pk])
    assert _texts(edition)["preparation"] == "New text."


def test_two_pages_of_a_kind_are_blocked_when_a_removal_is_not_ticked(guide, cast, live):
    author = cast["author"]
    old = _page(guide, "preparation")
    actions.remove_page(old, by=author)
    new = builders.page(guide, author, "preparation", "New text.", slug="before-you-come")
    with pytest.raises(actions.Blocked) as blocked:
        builders.submitted(guide, author, "New page.", ticked=[new.pk])
    assert {(one.check, one.place) for one in blocked.value.missing} == {
        ("page.kind", "preparation"),
        ("page.kind", "before-you-come"),
    }


PIECES = [
    "[@trial-2020]", "[numb](term:numbness)", '[x](https://e.example "[@trial-2020]")', "<https://e.example/[@trial-2020]>",
    "`", "\n", "    ", "!!! do", "\\", "[[entries]]", "# ", "| a |\n|---|\n| b |", "* ", "](", "[@", "é",
]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_whatever_text_stands_on_a_page_a_submission_succeeds_or_says_why_not(guide, cast, text):
    builders.write(guide, cast["author"], "preparation", text)
    try:
        edition = builders.submitted(guide, cast["author"])
    except actions.Blocked:
        return
    assert edition.snapshot().content_hash() == edition.content_hash
    actions.take_back(edition, by=cast["author"])


# What an edition is


def test_a_first_edition_has_every_page_whatever_is_ticked(guide, cast):
    edition = builders.submitted(guide, cast["author"], ticked=[])
    assert list(_texts(edition)) == ["overview", "preparation", "side-effects"]
    assert not any(page.carried_over for page in edition.pages.all())


def test_an_edition_is_numbered_chained_and_coded_from_the_first_on(guide, cast, live):
    second = builders.next_edition(guide, cast, "Other.")
    for edition, previous in ((live, ""), (second, live.chain_hash)):
        edition.refresh_from_db()
        assert edition.chain_hash == chain_hash(
            previous=previous, guide="cold-therapy", number=edition.number, content_hash=edition.content_hash,
            made_at=edition.made_at,
        )  # fmt: skip
        assert edition.code == short_code(edition.chain_hash)
    assert (live.number, second.number) == (1, 2)


def test_a_guide_that_moved_is_chained_by_the_address_it_was_made_with(guide, cast):
    actions.save_guide(guide, by=cast["author"], slug="ice")
    edition = builders.submitted(Guide.objects.get(), cast["author"])
    assert edition.chain_hash == chain_hash(
        previous="", guide="cold-therapy", number=1, content_hash=edition.content_hash, made_at=edition.made_at
    )


def test_an_edition_keeps_what_was_said_and_who_said_it(guide, cast, time_machine):
    moment = timezone.now().replace(year=2027, microsecond=7)
    time_machine.move_to(moment, tick=False)
    edition = builders.submitted(
        guide,
        cast["author"],
        " A dose\r\nwas wrong. ",
        urgent_reason=" Wrong dose. ",
    )
    edition.refresh_from_db()
    assert (edition.what_changed, edition.urgent_reason) == ("A dose\nwas wrong.", "Wrong dose.")
    assert edition.reasons == {}
    assert (edition.made_at, edition.made_by, edition.made_by_name) == (moment, cast["author"], "Ada Author")
    assert edition.made_by_role == "editor"
    assert state_of(edition) is State.IN_REVIEW
    assert (edition.title, edition.summary, edition.written_by) == (guide.title, guide.summary, guide.written_by)


def test_an_urgent_correction_takes_the_same_way(guide, cast):
    urgent = builders.submitted(guide, cast["author"], urgent_reason="Wrong dose.")
    with pytest.raises(WrongState, match="you can publish only one that is approved"):
        actions.publish(urgent, by=cast["author"])


def test_an_edition_has_the_sources_terms_and_images_that_its_pages_use_and_no_other(guide, cast):
    author = cast["author"]
    builders.source("unused")
    builders.source("first", title="Met first")
    builders.source("in-a-title")
    builders.term("unused", term="unused")
    picture = image(author)
    image(author, key="unused", colour="red")
    builders.write(
        guide, author, "overview",
        'Cold [@first] cools [@trial-2020]. [Read](https://e.example "[@in-a-title]")\n\n![](image:cold-pack)',
    )  # fmt: skip
    edition = builders.submitted(guide, author)
    assert [(source["number"], source["key"]) for source in edition.sources] == [(1, "first"), (2, "trial-2020")]
    assert [term["key"] for term in edition.terms] == ["numbness"]
    assert [shown["key"] for shown in edition.images] == ["cold-pack"]
    assert [(row.image, row.sha256) for row in edition.image_files.all()] == [(picture, picture.sha256)]


def test_an_edition_keeps_the_library_as_it_was_that_day(guide, cast, live):
    source = Source.objects.get()
    source.title = "Retracted"
    actions.save_source(source, by=cast["author"])
    assert Edition.objects.get().sources[0]["title"] == "A trial of cold"
    assert builders.submitted(guide, cast["author"], "The source.").sources[0]["title"] == "Retracted"


def test_every_page_is_rendered_once_and_the_rendering_has_its_hash(guide, cast):
    for page in builders.submitted(guide, cast["author"]).pages.all():
        rendering = page.renderings.get()
        assert rendering.renderer_version == RENDERER_VERSION
        assert rendering.sha256 == sha256(rendering.html.encode())
        assert rendering.html
        assert rendering.text
