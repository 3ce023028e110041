"""Writing the working copy: what is refused, what is kept, and that no accepted text gets lost."""

from __future__ import annotations

import logging

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.models import User
from education import actions
from education.models import FormerSlug, Guide, Page, PageVersion
from education.rules import NotPermitted
from tests import builders

NO_WRITERS = ("reviewer", "front_desk", "outsider")


def _save(page: Page, by: User, base: int | None = None, **texts: str) -> PageVersion:
    content = {"title": page.title, "slug": page.slug, "markdown": page.markdown, **texts}
    return actions.save_page(page, by=by, base=base, **content)


def _slugs(guide: Guide) -> list[str]:
    return list(guide.pages.kept().values_list("slug", flat=True))


@pytest.mark.parametrize("who", [*NO_WRITERS, "leaver"])
def test_only_editors_write(guide, cast, who):
    leaver = builders.person("leaver", "Editors", is_active=False)
    person = leaver if who == "leaver" else cast[who]
    page = guide.pages.get(kind="preparation")
    before = list(guide.pages.values()), list(Guide.objects.values()), PageVersion.objects.count()
    for attempt in (
        lambda: actions.create_guide(by=person, title="New", slug="new"),
        lambda: actions.save_guide(guide, by=person, title="New"),
        lambda: actions.add_page(guide, by=person, kind="recovery"),
        lambda: _save(page, person, markdown="Changed."),
        lambda: actions.move_page(page, by=person, up=True),
        lambda: actions.remove_page(page, by=person),
        lambda: actions.put_back_page(page, by=person),
    ):
        with pytest.raises(NotPermitted, match="Ask the owner of the site"):
            attempt()
    assert before == (list(guide.pages.values()), list(Guide.objects.values()), PageVersion.objects.count())


# Guides


def test_a_guide_cannot_take_an_address_that_another_has_had_or_was_made_with(guide, cast):
    author = cast["author"]
    actions.save_guide(guide, by=author, slug="cooling")
    actions.save_guide(guide, by=author, slug="ice")
    other = actions.create_guide(by=author, title="Heat", slug="heat")
    for slug in ("ice", "cooling", "cold-therapy"):
        for attempt in (
            lambda slug=slug: actions.create_guide(by=author, title="Other", slug=slug),
            lambda slug=slug: actions.save_guide(other, by=author, slug=slug),
        ):
            with pytest.raises(actions.Refused, match=r"belongs to another guide.*Choose another") as refusal:
                attempt()
            assert refusal.value.field == "slug"
    assert Guide.objects.count() == 2
    assert FormerSlug.objects.filter(page=None).count() == 2


def test_a_guide_may_go_back_to_an_address_of_its_own(guide, cast):
    actions.save_guide(guide, by=cast["author"], slug="cooling")
    saved = actions.save_guide(guide, by=cast["author"], slug="cold-therapy")
    assert saved.slug == saved.slug_at_creation == "cold-therapy"
    assert set(guide.former_slugs.values_list("slug", flat=True)) == {"cold-therapy", "cooling"}


def test_a_guides_other_facts_change_without_leaving_an_address_behind(guide, cast):
    saved = actions.save_guide(guide, by=cast["author"], title=" Cold  \r\n", funding="e\u0301")
    saved.refresh_from_db()
    assert (saved.title, saved.funding, saved.slug) == ("Cold", "é", "cold-therapy")
    assert not FormerSlug.objects.exists()


# Pages


@pytest.mark.parametrize(
    ("facts", "says", "field"),
    [
        ({"kind": "other", "slug": "editions"}, "used by the site itself. Choose another", "slug"),
        ({"kind": "other", "slug": "overview"}, "belongs to the overview page, and to no other", "slug"),
        ({"kind": "overview", "slug": "start"}, "belongs to the overview page, and to no other", "slug"),
        (
            {"kind": "other", "slug": "preparation"},
            "Another page of this guide has the address.*Choose another",
            "slug",
        ),
        (
            {"kind": "preparation", "slug": "prepare"},
            "has a page “Preparation” already. A guide has one of each",
            "kind",
        ),
    ],
)
def test_a_page_that_cannot_stand_beside_the_others_is_refused(guide, cast, facts, says, field):
    before = _slugs(guide)
    with pytest.raises(actions.Refused, match=says) as refusal:
        actions.add_page(guide, by=cast["author"], **facts)
    assert refusal.value.field == field
    assert _slugs(guide) == before


@pytest.mark.parametrize(
    ("slug", "says"),
    [("sources", "used by the site"), ("overview", "belongs to the overview"), ("side-effects", "Another page")],
)
def test_a_page_cannot_be_saved_at_an_address_that_is_taken(guide, cast, slug, says):
    page = guide.pages.get(kind="preparation")
    with pytest.raises(actions.Refused, match=says) as refusal:
        _save(page, cast["author"], slug=slug)
    assert refusal.value.field == "slug"
    page.refresh_from_db()
    assert page.slug == "preparation"
    assert not FormerSlug.objects.exists()


@pytest.mark.parametrize("texts", [{"title": " "}, {"title": "x" * 121}, {"slug": "no address"}, {"slug": ""}])
def test_a_page_with_a_field_that_cannot_be_stored_is_refused(guide, cast, texts):
    page = guide.pages.get(kind="preparation")
    with pytest.raises(ValidationError):
        _save(page, cast["author"], **texts)
    assert page.versions.count() == 1


def test_pages_come_in_the_order_of_their_kinds_whenever_they_are_added(guide, cast):
    author = cast["author"]
    for kind in ("recovery", "how-it-works", "evidence", "benefits"):
        builders.page(guide, author, kind, "Text.")
    builders.page(guide, author, "other", "Text.", slug="more")
    assert _slugs(guide) == [
        "overview", "how-it-works", "benefits", "preparation", "side-effects", "recovery", "evidence", "more",
    ]  # fmt: skip
    assert sorted(guide.pages.values_list("position", flat=True)) == list(range(8))


def test_a_page_is_put_after_the_last_of_its_kind_when_staff_have_moved_pages(guide, cast):
    preparation = guide.pages.get(kind="preparation")
    for _ in range(3):
        actions.move_page(preparation, by=cast["author"], up=True)
    assert _slugs(guide) == ["preparation", "overview", "side-effects"]
    builders.page(guide, cast["author"], "what-happens", "Text.")
    assert _slugs(guide) == ["preparation", "overview", "what-happens", "side-effects"]


def test_moving_passes_over_removed_pages_and_stops_at_the_ends(guide, cast):
    author = cast["author"]
    overview, preparation, side_effects = (
        guide.pages.get(kind=kind) for kind in ("overview", "preparation", "side-effects")
    )
    assert _slugs(guide) == ["overview", "preparation", "side-effects"]
    actions.remove_page(preparation, by=author)
    actions.move_page(side_effects, by=author, up=False)
    actions.move_page(overview, by=author, up=True)
    assert _slugs(guide) == ["overview", "side-effects"]
    actions.move_page(overview, by=author, up=False)
    assert _slugs(guide) == ["side-effects", "overview"]
    actions.move_page(preparation, by=author, up=True)
    actions.put_back_page(preparation, by=author)
    assert _slugs(guide) == ["side-effects", "preparation", "overview"]


def test_a_removed_page_comes_back_with_its_text_unless_its_place_is_taken(guide, cast):
    author = cast["author"]
    page = guide.pages.get(kind="preparation")
    actions.remove_page(page, by=author)
    removed_at = Page.objects.get(pk=page.pk).removed_at
    actions.remove_page(page, by=author)
    assert Page.objects.get(pk=page.pk).removed_at == removed_at
    newcomer = builders.page(guide, author, "preparation", "New text.", slug="prepare")
    with pytest.raises(actions.Refused, match="A guide has one of each kind"):
        actions.put_back_page(page, by=author)
    actions.remove_page(newcomer, by=author)
    again = builders.page(guide, author, "other", "Text.", slug="preparation")
    with pytest.raises(actions.Refused, match=r"has the address “preparation”. Choose another"):
        actions.put_back_page(page, by=author)
    actions.remove_page(again, by=author)
    back = actions.put_back_page(page, by=author)
    assert back.removed_at is None
    assert back.markdown == page.markdown


# Texts and versions


def test_a_text_saved_over_somebody_elses_is_refused_with_both_texts(guide, cast):
    page = guide.pages.get(kind="preparation")
    start = page.versions.get()
    theirs = _save(page, cast["colleague"], base=start.pk, markdown="Theirs.")
    with pytest.raises(actions.EditConflict, match="Cleo Colleague saved this page while you were writing") as conflict:
        _save(page, cast["author"], base=start.pk, markdown="Mine.")
    assert (conflict.value.base, conflict.value.theirs) == (start, theirs)
    page.refresh_from_db()
    assert page.markdown == "Theirs."
    assert _save(page, cast["author"], base=theirs.pk, markdown="Both.").markdown == "Both."


def test_a_base_of_another_page_counts_as_a_conflict(guide, cast):
    page, other = guide.pages.get(kind="preparation"), guide.pages.get(kind="overview")
    with pytest.raises(actions.EditConflict) as conflict:
        _save(page, cast["author"], base=other.versions.get().pk, markdown="Mine.")
    assert conflict.value.base is None


def test_saving_what_is_there_already_keeps_no_version_and_is_no_conflict(guide, cast):
    page = guide.pages.get(kind="preparation")
    start = page.versions.get()
    saved = _save(page, cast["colleague"], base=start.pk, markdown="Theirs.")
    same = _save(page, cast["author"], base=start.pk, markdown="Theirs. \r\n")
    assert same == saved
    assert page.versions.count() == 2


def test_without_a_base_whatever_is_there_is_replaced_and_kept_as_a_version(guide, cast):
    page = guide.pages.get(kind="preparation")
    for text in ("one", "two", "one"):
        _save(page, cast["author"], markdown=text)
    texts = [version.markdown for version in page.versions.order_by("id")]
    assert texts == [page.markdown, "one", "two", "one"]


def test_a_version_says_who_when_and_in_which_role(guide, cast, time_machine):
    moment = timezone.now().replace(year=2027, microsecond=5)
    time_machine.move_to(moment, tick=False)
    version = _save(guide.pages.get(kind="preparation"), cast["author"], markdown="New.", title="Prepare")
    assert (version.made_at, version.made_by) == (moment, cast["author"])
    assert (version.made_by_name, version.made_by_role) == ("Ada Author", "editor")
    assert (version.title, version.slug, version.markdown) == ("Prepare", "preparation", "New.")


def test_every_address_that_a_page_had_is_kept(guide, cast):
    page = guide.pages.get(kind="preparation")
    for slug in ("prepare", "before"):
        page.refresh_from_db()
        _save(page, cast["author"], slug=slug)
    kept = FormerSlug.objects.filter(guide=guide, page=page).order_by("id")
    assert [row.slug for row in kept] == ["preparation", "prepare"]


def test_a_stale_page_object_cannot_write_old_values_back(guide, cast):
    stale = Page.objects.get(guide=guide, kind="preparation")
    actions.remove_page(stale, by=cast["author"])
    _save(stale, cast["author"], markdown="While it was removed.")
    fresh = Page.objects.get(pk=stale.pk)
    assert fresh.removed_at is not None
    assert fresh.markdown == "While it was removed."


def test_a_saved_text_leaves_one_line_in_the_log_without_the_text(
    guide, cast, caplog, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(logging.getLogger("education"), "propagate", True)
    page = guide.pages.get(kind="preparation")
    with caplog.at_level("INFO", logger="education"), django_capture_on_commit_callbacks(execute=True):
        version = _save(page, cast["author"], markdown="A secret.")
    assert set(caplog.messages) == {f"page {page.pk} saved by account {cast['author'].pk} as version {version.pk}"}


def test_what_is_undone_leaves_no_line_in_the_log(guide, cast, caplog, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(logging.getLogger("education"), "propagate", True)
    page = guide.pages.get(kind="preparation")
    with (
        caplog.at_level("INFO", logger="education"),
        django_capture_on_commit_callbacks(execute=True),
        transaction.atomic(),
    ):
        _save(page, cast["author"], markdown="Not to be.")
        transaction.set_rollback(True)
    assert caplog.messages == []
