"""verify_editions names every place where the record does not hold; rerender_editions only adds."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.utils import timezone

from education.actions.image_files import image_path
from education.canonical import sha256
from education.models import Edition, Guide, Rendering, SearchRow
from education.triggers import install_triggers, missing_triggers
from education.verification import verify_database, verify_guide
from tests.education.whole_record import breaks, erase, only_breaks, tamper, unguarded

SQLITE = connection.vendor == "sqlite"
FIRST, SECOND, THIRD = "cooling, edition 1", "cooling, edition 2", "cooling, edition 3"


@pytest.fixture
def guide(record) -> Guide:
    """A guide of three editions: withdrawn, cancelled and returned, live and confirmed."""
    return record


def _edition(guide: Guide, number: int) -> Edition:
    return guide.editions.get(number=number)


# What is in order


def test_a_record_that_went_through_every_action_is_in_order(guide):
    assert breaks(guide) == []
    assert list(verify_database()) == []
    assert [len(found) for found in verify_guide(guide)] == [0, 0, 0]


# What is not


@pytest.mark.parametrize(
    ("values", "also"),
    [
        ({"title": "Warm care"}, ()),
        ({"summary": "Other."}, ()),
        ({"language": "de"}, ()),
        ({"written_by": "Nobody"}, ()),
        ({"funding": ""}, ()),
        ({"terms": "[]"}, ()),
        ({"sources": "[]"}, ()),
        ({"images": "[]"}, ("the edition shows no image",)),
        ({"content_hash": "0" * 64}, ("give chain hash", "it judged content", "no approval of this content stood")),
    ],
    ids=lambda value: next(iter(value), "") if isinstance(value, dict) else "",
)
def test_a_changed_fact_of_an_edition_breaks_its_content_hash(guide, values, also):
    edition = _edition(guide, 1)
    tamper(edition, **values)
    only_breaks(guide, f"Edition {edition.pk} ({FIRST}): its stored text gives content hash", *also)


@pytest.mark.parametrize(
    "values",
    [{"title": "x"}, {"markdown": "Take twice as much."}, {"entries": '[{"a": 1}]'}, {"kind": "other"}, {"slug": "x"}],
    ids=lambda values: next(iter(values)),
)
def test_a_changed_page_breaks_the_content_hash(guide, values):
    tamper(_edition(guide, 3).pages.get(kind="preparation"), **values)
    only_breaks(guide, f"({THIRD}): its stored text gives content hash")


def test_a_page_that_is_gone_breaks_the_content_hash(guide):
    page = _edition(guide, 3).pages.order_by("position").last()
    erase(page.renderings.get())
    SearchRow.objects.filter(page=page).delete()
    erase(page)
    only_breaks(guide, f"({THIRD}): its stored text gives content hash")


def test_the_first_page_that_is_gone_also_leaves_a_gap_in_the_positions(guide):
    page = _edition(guide, 3).pages.get(position=0)
    erase(page.renderings.get())
    SearchRow.objects.filter(page=page).delete()
    erase(page)
    only_breaks(
        guide, "its stored text gives", "its position is 1, the next one is 0", "its position is 2, the next one is 1"
    )


@pytest.mark.parametrize("values", [{"chain_hash": "0" * 64}, {"made_at": "2020-01-01 00:00:00+00:00"}])
def test_another_chain_hash_or_moment_breaks_the_chain(guide, values):
    edition = _edition(guide, 2)
    tamper(edition, **values)
    found = breaks(guide)
    assert f"Edition {edition.pk} ({SECOND}): its row and the edition before give chain hash" in found[0]
    if "chain_hash" in values:
        assert "its chain hash gives the code" in found[1]
        assert f"({THIRD}): its row and the edition before give chain hash" in found[2]


def test_another_address_at_creation_breaks_the_chain_of_every_edition(guide):
    Guide.objects.filter(pk=guide.pk).update(slug_at_creation="x")
    guide.refresh_from_db()
    only_breaks(guide, *(f"({place}): its row and the edition before" for place in (FIRST, SECOND, THIRD)))


def test_another_code_is_named(guide):
    tamper(_edition(guide, 2), code="22222222")
    only_breaks(guide, f"({SECOND}): its chain hash gives the code")


def test_a_number_that_was_changed_or_left_out_is_named(guide):
    tamper(_edition(guide, 3), number=7)
    only_breaks(guide, "(cooling, edition 7): its number is 7, the next one is 3", "its row and the edition before")


def test_an_edition_that_was_taken_out_leaves_a_gap_and_a_broken_chain(guide):
    edition = _edition(guide, 2)
    renderings = Rendering.objects.filter(edition_page__edition=edition)
    decisions = (edition.publications.get().cancellation, *edition.publications.all(), *edition.reviews.all())
    for row in (*decisions, *renderings, *edition.image_files.all(), *edition.pages.all(), edition):
        erase(row)
    only_breaks(
        guide, f"({THIRD}): its number is 3, the next one is 2", f"({THIRD}): its row and the edition before give"
    )


def test_an_edition_with_a_forged_text_and_hash_is_found_by_its_chain_and_its_reviews(guide):
    edition = _edition(guide, 3)
    tamper(edition, title="Warm care")
    tamper(edition, content_hash=Edition.objects.get(pk=edition.pk).snapshot().content_hash())
    only_breaks(
        guide,
        f"({THIRD}): its row and the edition before give chain hash",
        "it judged content",
        "it judged content",
        "no approval of this content stood",
    )


def test_changed_html_breaks_its_renderings_hash(guide):
    rendering = Rendering.objects.filter(edition_page__edition=_edition(guide, 1)).first()
    tamper(rendering, html="<p>Take twice as much.</p>")
    only_breaks(
        guide, f"Rendering {rendering.pk} ({FIRST}): its HTML gives SHA-256 {sha256(b'<p>Take twice as much.</p>')}"
    )


def test_an_old_rendering_is_checked_too(guide):
    page = _edition(guide, 3).pages.first()
    page.renderings.create(renderer_version=0, html="x", text="", sha256="0" * 64, made_at=timezone.now())
    only_breaks(guide, "its HTML gives SHA-256")


def test_a_page_without_a_rendering_is_named(guide):
    page = _edition(guide, 3).pages.first()
    erase(page.renderings.get())
    only_breaks(guide, f"EditionPage {page.pk} ({THIRD}): it has no rendering")


def test_a_missing_a_damaged_and_an_exchanged_image_file_are_named_for_each_edition(guide):
    rows = [_edition(guide, number).image_files.get() for number in (1, 2, 3)]
    path = image_path(rows[0].sha256)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    only_breaks(guide, *(f"EditionImage {row.pk} (cooling, edition" for row in rows))
    assert "has SHA-256" in breaks(guide)[0]
    path.unlink()
    assert "cannot be read (No such file or directory)" in breaks(guide)[0]
    path.write_bytes(whole)
    assert breaks(guide) == []


def test_an_image_without_its_row_and_a_row_without_its_image_are_named(guide):
    row = _edition(guide, 1).image_files.get()
    erase(row)
    only_breaks(guide, f"({FIRST}): it shows image {row.sha256}, which has no EditionImage row")
    other = _edition(guide, 2).image_files.get()
    tamper(other, sha256="0" * 64)
    assert any(f"({SECOND}): the edition shows no image {'0' * 64}" in line for line in breaks(guide))


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"sources": '{"a": 1}'}, "its content cannot be read"),
        ({"terms": '[{"no": "such"}]'}, "its content cannot be read"),
    ],
)
def test_a_row_that_makes_no_sense_is_named_and_does_not_hide_the_next(guide, values, part):
    tamper(_edition(guide, 1), **values)
    tamper(_edition(guide, 3), code="22222222")
    only_breaks(guide, f"({FIRST}): {part}", f"({THIRD}): its chain hash gives the code")


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL stores no malformed JSON and no malformed date")
@pytest.mark.parametrize(
    ("values", "part"),
    [({"made_at": "x"}, "its chain cannot be read"), ({"sources": "[{"}, "its content cannot be read")],
)
def test_a_row_that_is_malformed_is_named_and_does_not_hide_the_next(guide, values, part):
    tamper(_edition(guide, 2), **values)
    tamper(_edition(guide, 3), code="22222222")
    only_breaks(guide, f"({SECOND}): {part}", f"({THIRD}): its chain hash gives the code")


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL stores no text that is not UTF-8")
def test_an_edition_that_cannot_be_read_at_all_is_named_and_does_not_hide_the_next(guide):
    unguarded("UPDATE education_edition SET funding = CAST(x'ff' AS TEXT) WHERE number = %s", 2)
    tamper(_edition(guide, 3), code="22222222")
    found = breaks(guide)
    assert f"({SECOND}): cannot be read (OperationalError: Could not decode" in found[0]
    assert f"({THIRD}): its row and the edition before" in found[1]
    assert f"({THIRD}): its chain hash gives the code" in found[2]


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL stores no text that is not UTF-8")
def test_a_page_that_cannot_be_read_is_named_and_does_not_hide_the_rest(guide):
    page = _edition(guide, 2).pages.first()
    unguarded("UPDATE education_editionpage SET title = CAST(x'ff' AS TEXT) WHERE id = %s", page.pk)
    only_breaks(guide, f"({SECOND}): its content cannot be read", f"({SECOND}): its pages cannot be read")


def test_a_missing_trigger_is_named(db):
    name = "education_review_no_update" if SQLITE else "education_review_no_write"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"' + ("" if SQLITE else " ON education_review"))
    assert [str(one) for one in verify_database()] == [
        f"Trigger {name}: is missing or disabled; run migrate, which makes it again"
    ]
    install_triggers()
    assert missing_triggers() == []


def test_a_row_whose_parent_is_gone_is_named(guide):
    page = _edition(guide, 3).pages.first()
    with transaction.atomic():
        erase(page)
        found = [str(one) for one in verify_database()]
        transaction.set_rollback(True)
    rendering = Rendering.objects.get(edition_page=page)
    assert found == [f"Rendering {rendering.pk}: refers to EditionPage {page.pk}, which is not there"]
