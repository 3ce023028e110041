"""verify_editions names every place where the record does not hold; rerender_editions only adds."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from education import actions, snapshot
from education.actions import rendering, submission
from education.actions.library import image_path
from education.canonical import sha256
from education.management import over_editions
from education.management.commands import rerender_editions
from education.models import Edition, EditionPage, Guide, Rendering, State
from education.rendering import Problem, Rendered
from education.triggers import install_triggers, missing_triggers
from education.verification import verify_database, verify_guide
from tests import builders
from tests.education.whole_record import erase, in_state, tamper, unguarded, whole_record

SQLITE = connection.vendor == "sqlite"
FIRST, SECOND, THIRD = "cooling, edition 1", "cooling, edition 2", "cooling, edition 3"


@pytest.fixture
def guide(cast) -> Guide:
    """A guide of three editions: withdrawn, cancelled and returned, live and confirmed."""
    return whole_record(cast)


def _edition(guide: Guide, number: int) -> Edition:
    return guide.editions.get(number=number)


def _breaks(guide: Guide) -> list[str]:
    return [str(one) for found in verify_guide(guide) for one in found]


def _only(guide: Guide, *wanted: str) -> None:
    """The breaks are these and no others; each wanted text is a part of one line, in order."""
    found = _breaks(guide)
    assert len(found) == len(wanted), found
    for line, part in zip(found, wanted, strict=True):
        assert part in line


# What is in order


def test_a_record_that_went_through_every_action_is_in_order(guide, cast):
    assert _breaks(guide) == []
    assert list(verify_database()) == []
    assert [len(found) for found in verify_guide(guide)] == [0, 0, 0]


@pytest.mark.parametrize("state", list(State))
def test_an_edition_is_in_order_in_every_state(cast, state):
    guide = builders.guide(cast["author"])
    in_state(state, guide, cast)
    assert _breaks(guide) == []


def test_a_scheduled_edition_that_became_live_is_in_order(cast, time_machine):
    guide = builders.guide(cast["author"])
    in_state(State.SCHEDULED, guide, cast)
    time_machine.move_to(timezone.now() + timedelta(days=9))
    assert _breaks(guide) == []


def test_a_clinic_of_one_person_is_in_order(cast, settings):
    settings.REVIEW_BY_SECOND_PERSON = False
    guide = builders.guide(cast["owner"])
    edition = builders.submitted(guide, cast["owner"])
    actions.approve(edition, by=cast["owner"], judged=edition.content_hash)
    actions.publish(edition, by=cast["owner"])
    assert _breaks(guide) == []


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
    _only(guide, f"Edition {edition.pk} ({FIRST}): its stored text gives content hash", *also)


@pytest.mark.parametrize(
    "values",
    [{"title": "x"}, {"markdown": "Take twice as much."}, {"entries": '[{"a": 1}]'}, {"kind": "other"}, {"slug": "x"}],
    ids=lambda values: next(iter(values)),
)
def test_a_changed_page_breaks_the_content_hash(guide, values):
    tamper(_edition(guide, 3).pages.get(kind="preparation"), **values)
    _only(guide, f"({THIRD}): its stored text gives content hash")


def test_a_page_that_is_gone_breaks_the_content_hash(guide):
    page = _edition(guide, 3).pages.order_by("position").last()
    erase(page.renderings.get())
    erase(page)
    _only(guide, f"({THIRD}): its stored text gives content hash")


def test_the_first_page_that_is_gone_also_leaves_a_gap_in_the_positions(guide):
    page = _edition(guide, 3).pages.get(position=0)
    erase(page.renderings.get())
    erase(page)
    _only(guide, "its stored text gives", "its position is 1, the next one is 0", "its position is 2, the next one is 1")


@pytest.mark.parametrize("values", [{"chain_hash": "0" * 64}, {"made_at": "2020-01-01 00:00:00+00:00"}])
def test_another_chain_hash_or_moment_breaks_the_chain(guide, values):
    edition = _edition(guide, 2)
    tamper(edition, **values)
    found = _breaks(guide)
    assert f"Edition {edition.pk} ({SECOND}): its row and the edition before give chain hash" in found[0]
    if "chain_hash" in values:
        assert "its chain hash gives the code" in found[1]
        assert f"({THIRD}): its row and the edition before give chain hash" in found[2]


def test_another_address_at_creation_breaks_the_chain_of_every_edition(guide):
    Guide.objects.filter(pk=guide.pk).update(slug_at_creation="x")
    guide.refresh_from_db()
    _only(guide, *(f"({place}): its row and the edition before" for place in (FIRST, SECOND, THIRD)))


def test_another_code_is_named(guide):
    tamper(_edition(guide, 2), code="22222222")
    _only(guide, f"({SECOND}): its chain hash gives the code")


def test_a_number_that_was_changed_or_left_out_is_named(guide):
    tamper(_edition(guide, 3), number=7)
    _only(guide, "(cooling, edition 7): its number is 7, the next one is 3", "its row and the edition before")


def test_an_edition_that_was_taken_out_leaves_a_gap_and_a_broken_chain(guide):
    edition = _edition(guide, 2)
    renderings = Rendering.objects.filter(edition_page__edition=edition)
    decisions = (edition.publications.get().cancellation, *edition.publications.all(), *edition.reviews.all())
    for row in (*decisions, *renderings, *edition.image_files.all(), *edition.pages.all(), edition):
        erase(row)
    _only(guide, f"({THIRD}): its number is 3, the next one is 2", f"({THIRD}): its row and the edition before give")


def test_an_edition_with_a_forged_text_and_hash_is_found_by_its_chain_and_its_reviews(guide):
    edition = _edition(guide, 3)
    tamper(edition, title="Warm care")
    tamper(edition, content_hash=Edition.objects.get(pk=edition.pk).snapshot().content_hash())
    _only(
        guide,
        f"({THIRD}): its row and the edition before give chain hash",
        "it judged content",
        "it judged content",
        "no approval of this content stood",
    )


def test_changed_html_breaks_its_renderings_hash(guide):
    rendering = Rendering.objects.filter(edition_page__edition=_edition(guide, 1)).first()
    tamper(rendering, html="<p>Take twice as much.</p>")
    _only(guide, f"Rendering {rendering.pk} ({FIRST}): its HTML gives SHA-256 {sha256(b'<p>Take twice as much.</p>')}")


def test_an_old_rendering_is_checked_too(guide, cast):
    page = _edition(guide, 3).pages.first()
    page.renderings.create(renderer_version=0, html="x", text="", sha256="0" * 64, made_at=timezone.now())
    _only(guide, "its HTML gives SHA-256")


def test_a_page_without_a_rendering_is_named(guide):
    page = _edition(guide, 3).pages.first()
    erase(page.renderings.get())
    _only(guide, f"EditionPage {page.pk} ({THIRD}): it has no rendering")


def test_a_missing_a_damaged_and_an_exchanged_image_file_are_named_for_each_edition(guide):
    rows = [_edition(guide, number).image_files.get() for number in (1, 2, 3)]
    path = image_path(rows[0].sha256)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    _only(guide, *(f"EditionImage {row.pk} (cooling, edition" for row in rows))
    assert "has SHA-256" in _breaks(guide)[0]
    path.unlink()
    assert "cannot be read (No such file or directory)" in _breaks(guide)[0]
    path.write_bytes(whole)
    assert _breaks(guide) == []


def test_an_image_without_its_row_and_a_row_without_its_image_are_named(guide):
    row = _edition(guide, 1).image_files.get()
    erase(row)
    _only(guide, f"({FIRST}): it shows image {row.sha256}, which has no EditionImage row")
    other = _edition(guide, 2).image_files.get()
    tamper(other, sha256="0" * 64)
    assert any(f"({SECOND}): the edition shows no image {'0' * 64}" in line for line in _breaks(guide))


def test_a_review_of_another_content_is_named(guide):
    review = _edition(guide, 3).reviews.get(decision="confirmed")
    tamper(review, content_hash="0" * 64)
    _only(guide, f"Review {review.pk} ({THIRD}): it judged content {'0' * 64}")


def test_a_review_that_is_dishonest_about_the_second_person_is_named(guide, cast):
    review = _edition(guide, 3).reviews.get(decision="approved")
    tamper(review, by_second_person=False)
    _only(guide, f"Review {review.pk} ({THIRD}): it says that the submitter made it, which its account contradicts")
    tamper(review, by_second_person=True, made_by_id=cast["author"].pk)
    _only(guide, "it says that a second person made it, which its account contradicts")


def test_a_next_review_date_that_is_missing_is_named_where_the_database_lets_it_be(guide):
    review = _edition(guide, 3).reviews.get(decision="approved")
    with _without_check("education_review", "review_approval_sets_next_date"):
        tamper(review, next_review_due=None)
        _only(guide, f"Review {review.pk} ({THIRD}): it is “approved” and its next review date is None")


def test_a_publication_without_an_approval_is_named(guide):
    edition = _edition(guide, 3)
    erase(edition.reviews.get(decision="approved"))
    _only(guide, f"Publication {edition.publications.get().pk} ({THIRD}): no approval of this content stood at")


def test_a_publication_before_its_approval_is_named(guide):
    edition = _edition(guide, 3)
    later = edition.publications.get().made_at + timedelta(microseconds=1)
    tamper(edition.reviews.get(decision="approved"), made_at=_stored(later))
    _only(guide, "no approval of this content stood at")


def test_a_publication_after_a_return_is_named(guide, cast):
    """Edition 2 was approved, scheduled, cancelled and returned; a publication after that had no approval any more."""
    edition = _edition(guide, 2)
    returned = edition.reviews.get(decision="returned").made_at
    tamper(edition.publications.get(), made_at=_stored(returned))
    _only(guide, f"({SECOND}): no approval of this content stood at")


def test_a_cancellation_that_came_too_late_is_named(guide):
    publication = _edition(guide, 2).publications.get()
    tamper(publication.cancellation, made_at=_stored(publication.live_from))
    _only(guide, f"Cancellation {publication.cancellation.pk} ({SECOND}): it cancelled a publication at")


def test_a_withdrawal_of_what_was_not_live_is_named(guide):
    edition = _edition(guide, 1)
    before = edition.publications.get().live_from - timedelta(seconds=1)
    tamper(edition.withdrawal, made_at=_stored(before))
    _only(guide, f"Withdrawal {edition.withdrawal.pk} ({FIRST}): the edition was not live before")


@pytest.mark.parametrize(
    ("values", "part"),
    [({"sources": '{"a": 1}'}, "its content cannot be read"), ({"terms": '[{"no": "such"}]'}, "its content cannot be read")],
)
def test_a_row_that_makes_no_sense_is_named_and_does_not_hide_the_next(guide, values, part):
    tamper(_edition(guide, 1), **values)
    tamper(_edition(guide, 3), code="22222222")
    _only(guide, f"({FIRST}): {part}", f"({THIRD}): its chain hash gives the code")


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL stores no malformed JSON and no malformed date")
@pytest.mark.parametrize(
    ("values", "part"), [({"made_at": "x"}, "its chain cannot be read"), ({"sources": "[{"}, "its content cannot be read")]
)
def test_a_row_that_is_malformed_is_named_and_does_not_hide_the_next(guide, values, part):
    tamper(_edition(guide, 2), **values)
    tamper(_edition(guide, 3), code="22222222")
    _only(guide, f"({SECOND}): {part}", f"({THIRD}): its chain hash gives the code")


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL stores no text that is not UTF-8")
def test_an_edition_that_cannot_be_read_at_all_is_named_and_does_not_hide_the_next(guide):
    unguarded("UPDATE education_edition SET funding = CAST(x'ff' AS TEXT) WHERE number = %s", 2)
    tamper(_edition(guide, 3), code="22222222")
    found = _breaks(guide)
    assert f"({SECOND}): cannot be read (OperationalError: Could not decode" in found[0]
    assert f"({THIRD}): its row and the edition before" in found[1]
    assert f"({THIRD}): its chain hash gives the code" in found[2]


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL stores no text that is not UTF-8")
def test_a_page_that_cannot_be_read_is_named_and_does_not_hide_the_rest(guide):
    page = _edition(guide, 2).pages.first()
    unguarded("UPDATE education_editionpage SET title = CAST(x'ff' AS TEXT) WHERE id = %s", page.pk)
    _only(guide, f"({SECOND}): its content cannot be read", f"({SECOND}): its pages cannot be read")


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


# The command


def _verify(*arguments: str) -> tuple[str, str, int]:
    """Return what verify_editions wrote, its last words when it failed, and its exit code."""
    out = io.StringIO()
    try:
        call_command("verify_editions", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error), error.returncode
    return out.getvalue(), "", 0


def test_a_record_in_order_gives_one_line_and_exit_code_0(guide):
    assert _verify() == ("Editions checked: 3. All in order.\n", "", 0)


def test_a_break_gives_a_line_each_and_exit_code_1(guide):
    edition = _edition(guide, 2)
    tamper(edition, code="22222222")
    tamper(edition.pages.first().renderings.get(), html="x")
    out, said, code = _verify()
    assert code == 1
    assert said == "Editions checked: 3. Places that do not hold: 2."
    lines = out.splitlines()
    assert lines[0].startswith(f"Edition {edition.pk} (cooling, edition 2): its chain hash gives the code")
    assert lines[1].startswith("Rendering ")
    assert len(lines) == 2


def test_one_guide_alone_can_be_checked(guide, cast):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    builders.submitted(other, cast["author"])
    tamper(_edition(guide, 2), code="22222222")
    assert _verify("--guide", "heat") == ("Editions checked: 1. All in order.\n", "", 0)
    assert _verify("--guide", "cooling")[2] == 1
    assert _verify()[1] == "Editions checked: 4. Places that do not hold: 1."


def test_an_unknown_guide_is_refused_with_those_there_are(guide):
    for command in ("verify_editions", "rerender_editions"):
        with pytest.raises(CommandError, match="There is no guide “no-such”. Name one of these: cooling."):
            call_command(command, "--guide", "no-such")


def test_an_empty_record_is_in_order(db):
    assert _verify() == ("Editions checked: 0. All in order.\n", "", 0)


def test_checking_only_reads_and_takes_as_long_for_each_edition_as_for_the_one_before(guide, cast):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            call_command("verify_editions", stdout=io.StringIO())
        assert {query["sql"].split()[0] for query in captured.captured_queries} <= {"SELECT", "DECLARE"}
        return len(captured)

    counts = [queries()]
    for text in ("Fourth.", "Fifth."):
        builders.next_edition(guide, cast, text)
        counts.append(queries())
    assert counts[2] - counts[1] == counts[1] - counts[0]


@pytest.mark.parametrize("command", ["verify_editions", "rerender_editions"])
def test_help_has_an_example(command, capsys):
    with pytest.raises(SystemExit):
        call_command(command, "--help")
    assert f"Example: {command} --" in capsys.readouterr().out


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_nowhere_else(guide, monkeypatch):
    monkeypatch.setattr(over_editions, "REDRAW_SECONDS", 0)
    terminal = Terminal()
    call_command("verify_editions", stdout=terminal, no_color=True)
    assert "Checking edition 2 of 3, about " in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[KEditions checked: 3. All in order.\n")
    tamper(_edition(guide, 2), code="22222222")
    with pytest.raises(CommandError):
        call_command("verify_editions", stdout=terminal, no_color=True)
    assert "\r\x1b[KEdition " in terminal.getvalue()


# Rendering anew


def _rerender(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rerender_editions", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def newer_renderer(monkeypatch) -> Callable[[], None]:
    """Raise the renderer's version when called; its HTML begins with a mark, and it gives up on “Insist”."""
    real = snapshot.render

    def newer(markdown: str, **facts: Any) -> Rendered:
        if "Insist" in markdown:
            return Rendered(problems=(Problem(1, "This is too much."),))
        return replace(real(markdown, **facts), html=f"<b>2</b>{real(markdown, **facts).html}")

    def install() -> None:
        monkeypatch.setattr(snapshot, "render", newer)
        for module in (rendering, submission, rerender_editions):
            monkeypatch.setattr(module, "RENDERER_VERSION", 2)

    return install


def test_with_todays_renderer_there_is_nothing_to_do(guide):
    assert _rerender("--dry-run") == "To be rendered: 0 of 9 pages by renderer version 1.\n"
    assert _rerender() == "Rendered: 0 of 9 pages by renderer version 1.\n"


def test_a_newer_renderer_adds_and_the_newest_is_served_and_no_row_changes(guide, newer_renderer, monkeypatch):
    before = list(Rendering.objects.order_by("pk").values())
    newer_renderer()
    assert _rerender("--dry-run") == "To be rendered: 9 of 9 pages by renderer version 2.\n"
    assert Rendering.objects.count() == 9
    assert _rerender() == "Rendered: 9 of 9 pages by renderer version 2.\n"
    assert list(Rendering.objects.order_by("pk").values())[:9] == before
    assert all(page.html.startswith("<b>2</b>") for page in EditionPage.objects.with_html())
    assert _rerender() == "Rendered: 0 of 9 pages by renderer version 2.\n"
    monkeypatch.undo()
    assert _breaks(guide) == []


def test_one_guide_alone_can_be_rendered(guide, cast, newer_renderer):
    other = builders.guide(cast["author"], title="Heat", slug="heat")
    builders.submitted(other, cast["author"])
    newer_renderer()
    assert _rerender("--guide", "heat") == "Rendered: 3 of 3 pages by renderer version 2.\n"
    assert _rerender("--dry-run") == "To be rendered: 9 of 12 pages by renderer version 2.\n"


def test_a_renderer_that_gives_up_on_a_page_leaves_the_whole_edition_as_it_was(guide, cast, newer_renderer):
    builders.next_edition(guide, cast, "Insist.")
    newer_renderer()
    out = io.StringIO()
    with pytest.raises(CommandError, match="Editions that keep their older renderings: 1 of 4") as failure:
        call_command("rerender_editions", stdout=out)
    assert failure.value.returncode == 1
    assert "(cooling, edition 4): Page “after-effects” gives no HTML: This is too much." in out.getvalue()
    assert "Rendered: 9 of 12 pages by renderer version 2." in out.getvalue()
    assert not Rendering.objects.filter(renderer_version=2, edition_page__edition__number=4).exists()
    assert guide.editions.get(number=4).pages.with_html().get(kind="side-effects").html


def _stored(moment: datetime) -> object:
    """Return a moment as the database's own driver takes it."""
    return connection.ops.adapt_datetimefield_value(moment)


@contextmanager
def _without_check(table: str, name: str) -> Iterator[None]:
    """Let rows break a check constraint, as a damaged or doctored database may."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(
            "PRAGMA ignore_check_constraints = ON" if SQLITE else f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"'
        )
        yield
        if SQLITE:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
