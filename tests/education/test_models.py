"""What the database itself holds true about the working copy, the library and the record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from education import actions
from education.models import (
    RESERVED_PAGE_SLUGS,
    Cancellation,
    Edition,
    Guide,
    Image,
    Page,
    Publication,
    Review,
    Source,
    SourceCheck,
    State,
    Term,
    Withdrawal,
)
from education.models.guides import languages
from education.rendering import RENDERER_VERSION
from tests import builders
from tests.education.whole_record import in_state, whole_record

NOW = timezone.now()


def _refused(constraint: str, write) -> None:
    """SQLite names the constraint or the columns of a unique index; PostgreSQL the constraint."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("guide_review_interval_1_to_36_months", {"review_interval_months": 0}),
        ("guide_review_interval_1_to_36_months", {"review_interval_months": 37}),
        ("guide_has_a_title", {"title": " \r\n"}),
    ],
)
def test_a_guide_that_makes_no_sense_is_refused(db, constraint, facts):
    guide = Guide(**{"title": "Cold", "slug": "cold", "slug_at_creation": "cold", **facts})
    _refused(constraint, guide.save)


def test_a_guide_is_not_its_own_translation(guide):
    guide.translation_of = guide
    _refused("guide_not_its_own_translation", guide.save)


@pytest.mark.parametrize("name", ["slug", "slug_at_creation"])
def test_two_guides_cannot_share_an_address_of_today_or_of_their_making(guide, name):
    other = Guide(**{"title": "Other", "slug": "other", "slug_at_creation": "other", name: "cold-therapy"})
    _refused(f"education_guide.*{name}", other.save)


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("page_has_a_title", {"title": "\u2003"}),
        ("page_overview_has_its_own_slug", {"slug": "overview"}),
        ("page_overview_has_its_own_slug", {"kind": "overview", "slug": "start"}),
        *[("page_slug_not_reserved", {"slug": slug}) for slug in RESERVED_PAGE_SLUGS],
    ],
)
def test_a_page_that_makes_no_sense_is_refused(cast, constraint, facts):
    guide = actions.create_guide(by=cast["author"], title="Bare", slug="bare")
    page = Page(guide=guide, **{"kind": "other", "title": "More", "slug": "more", **facts})
    _refused(constraint, page.save)


def test_a_guide_has_one_page_of_each_kind_and_one_at_each_address_but_removed_ones_do_not_count(guide, cast):
    twin = {"guide": guide, "title": "Again", "markdown": "x"}
    _refused("page_one_of_each_kind|guide_id.*kind", Page(**twin, kind="preparation", slug="prepare").save)
    _refused("page_slug_once_in_a_guide|guide_id.*slug", Page(**twin, kind="other", slug="preparation").save)
    Page(**twin, kind="other", slug="more").save()
    Page(**twin, kind="other", slug="still-more").save()
    actions.remove_page(guide.pages.get(kind="preparation"), by=cast["author"])
    Page(**twin, kind="preparation", slug="preparation").save()
    _refused("page_one_of_each_kind|page_slug_once|guide_id", lambda: guide.pages.update(removed_at=None))


@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("source_has_a_title", Source(key="a", title=" ", strength="trial")),
        ("term_has_a_meaning", Term(key="a", term="cold", plain_meaning="")),
        ("term_has_a_meaning", Term(key="a", term="", plain_meaning="Not warm.")),
        ("image_described_or_decorative", Image(key="a", sha256="0", width=1, height=1)),
        (
            "image_described_or_decorative",
            Image(key="a", sha256="0", width=1, height=1, alternative_text="A pack", decorative=True),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_row_of_the_library_that_makes_no_sense_is_refused(db, constraint, row):
    _refused(constraint, row.save)


@pytest.mark.parametrize("key", ["", "Two words", "UPPER", "é", "-a", "a-", "a--b", "a\n", "a_b"])
def test_a_key_has_lower_case_letters_digits_and_hyphens(key):
    for model in (Source, Term, Image):
        with pytest.raises(ValidationError):
            model._meta.get_field("key").clean(key, None)


def test_a_key_such_as_one_would_write_is_accepted():
    for key in ("a", "trial-2020", "2020"):
        assert Source._meta.get_field("key").clean(key, None) == key


def _signed(person) -> dict:
    return {"made_at": NOW, "made_by": person, "made_by_name": "Ada"}


def _edition(guide, person, **facts) -> Edition:
    wanted = {"number": 1, "code": "x", "title": "t", "language": "en", "what_changed": "w", "chain_hash": "x", **facts}
    return Edition(guide=guide, content_hash="h", **wanted, **_signed(person))


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [("edition_numbers_begin_at_1", {"number": 0}), ("edition_says_what_changed", {"what_changed": ""})],
)
def test_an_edition_that_makes_no_sense_is_refused(guide, cast, constraint, facts):
    _refused(constraint, _edition(guide, cast["author"], **facts).save)


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("edition_number_once_in_a_guide|written once|guide_id", {}),
        ("code|written once", {"number": 2, "code": "same"}),
        ("chain_hash|written once", {"number": 2, "code": "other", "chain_hash": "same"}),
    ],
)
def test_number_code_and_chain_hash_are_there_once(guide, cast, constraint, facts):
    _edition(guide, cast["author"], code="same", chain_hash="same").save()
    _refused(constraint, _edition(guide, cast["author"], **facts).save)


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("review_return_says_why", {"decision": "returned"}),
        ("review_approval_sets_next_date", {"decision": "approved"}),
        ("review_approval_sets_next_date", {"decision": "confirmed"}),
        ("review_approval_sets_next_date", {"decision": "returned", "note": "n", "next_review_due": date(2027, 1, 1)}),
        ("review_approval_sets_next_date", {"decision": "taken back", "next_review_due": date(2027, 1, 1)}),
        ("review_approval_sets_next_date", {"decision": "waved through", "next_review_due": date(2027, 1, 1)}),
    ],
)
def test_a_review_that_makes_no_sense_is_refused(guide, cast, constraint, facts):
    edition = builders.submitted(guide, cast["author"])
    review = Review(edition=edition, content_hash="h", by_second_person=True, **facts, **_signed(cast["reviewer"]))
    _refused(constraint, review.save)


def test_a_publication_cannot_be_dated_back_by_a_microsecond(guide, cast):
    edition = builders.approved(guide, cast)
    row = Publication(edition=edition, live_from=NOW - timedelta(microseconds=1), **_signed(cast["author"]))
    _refused("publication_not_backdated", row.save)
    Publication(edition=edition, live_from=NOW, **_signed(cast["author"])).save()


def test_a_withdrawal_says_why_and_happens_once_and_so_does_a_cancellation(cast):
    guide = whole_record(cast)
    first, second = guide.editions.get(number=1), guide.editions.get(number=2)
    third = guide.editions.get(number=3)
    _refused("withdrawal_says_why", Withdrawal(edition=third, reason="", **_signed(cast["author"])).save)
    again = Withdrawal(edition=first, reason="Again.", **_signed(cast["author"]))
    _refused("edition_id|written once", again.save)
    twice = Cancellation(publication=second.publications.get(), **_signed(cast["author"]))
    _refused("publication_id|written once", twice.save)


def test_rows_say_what_they_are(cast):
    guide = whole_record(cast)
    edition = guide.editions.get(number=3)
    page = edition.pages.get(kind="side-effects")
    said = [
        str(row)
        for row in (
            guide, guide.pages.first(), guide.pages.first().versions.first(), edition, page, page.renderings.get(),
            edition.reviews.first(), guide.editions.get(number=1).withdrawal, Source.objects.last(), Term.objects.get(),
            SourceCheck.objects.first(), Image.objects.get(), guide.former_slugs.get(page=None),
            edition.image_files.get(),
            guide.editions.get(number=2).publications.get().cancellation,
        )
    ]  # fmt: skip
    assert said == [
        "Cool care", "Overview", "Overview, saved by Ada Author", "Cool care, edition 3", "After-effects",
        f"Rendering of {page.pk} by version {RENDERER_VERSION}",
        "Approved by Rae Reviewer", "Withdrawn by Rae Reviewer",
        "trial-2020: A trial of cold", "numbness", "A newer one has taken its place, checked by Rae Reviewer",
        "cold-pack", "cool-care", Image.objects.get().sha256, "Cancelled by Ada Author",
    ]  # fmt: skip
    assert str(edition.publications.get()).startswith("Publication from 20")
    assert edition.short_hash == edition.content_hash[:8]


def test_pages_know_which_are_kept_and_which_removed_last_removed_first(guide, cast):
    author = cast["author"]
    overview, side_effects, preparation = guide.pages.order_by("position")
    actions.remove_page(preparation, by=author)
    actions.remove_page(overview, by=author)
    assert list(guide.pages.kept()) == [side_effects]
    assert list(guide.pages.removed()) == [overview, preparation]


def test_the_newest_rendering_of_a_page_is_the_one_that_is_read(live):
    page = live.pages.get(kind="preparation")
    assert live.pages.with_html().get(pk=page.pk).html == page.renderings.get().html
    for version in (12, 7):
        page.renderings.create(renderer_version=version, html=f"by {version}", text="", sha256="", made_at=NOW)
    assert live.pages.with_html().get(pk=page.pk).html == "by 12"


def test_live_latest_published_and_public_say_what_patients_can_reach(cast):
    guide = builders.guide(cast["author"])
    editions = {}
    for state in set(State) - {State.SUPERSEDED}:
        slug = state.replace(" ", "-")
        editions[state] = in_state(state, builders.guide(cast["author"], title=state, slug=slug), cast)
    live, withdrawn, archived = (editions[state] for state in (State.LIVE, State.WITHDRAWN, State.ARCHIVED))
    assert set(Edition.objects.live()) == {live}
    assert set(Edition.objects.latest_published()) == {live, withdrawn, archived}
    old = in_state(State.SUPERSEDED, guide, cast)
    assert set(Edition.objects.public()) == {live, withdrawn, archived, old, guide.editions.get(number=2)}


def test_a_guide_can_be_in_every_language_that_django_speaks():
    codes = [code for code, _ in languages()]
    assert {"en", "es", "ar"} <= set(codes)
    assert len(codes) == len(set(codes))
