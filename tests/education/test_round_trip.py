"""Exported and imported elsewhere, a guide has the same content hash, whatever it says."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from education import actions
from education.actions import submission
from education.actions.exporting import export_guide
from education.canonical import canonical_text
from education.entries import FIRST_DAY, KIND_OF_PAGE, KINDS, LAST_DAY, MOST_HEADLINES, EntryKind
from education.models import Edition, Guide, Image, Page, Source, Term
from education.working_copy import assemble, contents
from tests import builders
from tests.education.example_entries import SIDE_EFFECT
from tests.education.sourced import checked
from tests.pictures import png

SOURCES, TERMS = ("a", "trial-2020", "fda-2023"), ("numbness", "lipolysis")
NASTY = [
    '"', '""', '"""', "'''", "\\", "\\u0041", "+++", "\n+++\n", "\n", "\n\n", "\t", "  ", " \n", "#", "=", "\r\n", "\r",
    "\x0b", "\x1b", "\x7f", "\x85", "\u2028", "\ufeff", "\u200f", "שלום", "مرحبا", "e\u0301", "\u0958", "🧊", "Zz ",
]  # fmt: skip
CITATIONS = [
    *(f" [@{key}]" for key in SOURCES),
    *(f"[word](term:{key})" for key in TERMS),
    "\n\n![](image:hand)\n\n",
    "\n\n![](figure:twelve-weeks)\n\n",
    "\n\n## Heading\n\n",
    "\n\n- one\n- two\n\n",
    "\n\n    four spaces\n\n",
]


def texts(longest: int, extra: list[str] | None = None) -> st.SearchStrategy[str]:
    pieces = st.lists(st.sampled_from([*NASTY, *(extra or [])]), max_size=longest)
    return st.one_of(pieces.map("".join), st.text(max_size=longest * 2))


def filled(longest: int = 8) -> st.SearchStrategy[str]:
    """Texts that say something once they are canonical."""
    return texts(longest).map(lambda text: f"{text}x" if not canonical_text(text) else text)


SLUGS = ("ice", "after-effects", "1", "cost-2", "a-b-c", "what-else", "x")


@st.composite
def entry(draw: Any, kind: EntryKind) -> dict[str, Any]:
    row: dict[str, Any] = {"sources": draw(st.lists(st.sampled_from(SOURCES), unique=True))}
    for field in kind.fields:
        if field.choices:
            row[field.name] = draw(st.sampled_from([*field.choices.values, *([] if field.required else [""])]))
        elif field.kind is bool:
            row[field.name] = draw(st.booleans())
        elif field.kind is str:
            row[field.name] = draw(filled() if field.required else texts(8))
    if "from_day" in {field.name for field in kind.fields}:
        row["from_day"] = draw(st.integers(FIRST_DAY, LAST_DAY))
        row["to_day"] = draw(st.integers(row["from_day"], LAST_DAY))
    return row


@st.composite
def pages(draw: Any) -> list[dict[str, Any]]:
    """Pages in any order, with any addresses, several of them of the kind "other"."""
    kinds = draw(st.lists(st.sampled_from(Page.Kind.values), unique=True, max_size=4))
    kinds += ["other"] * draw(st.integers(0, 3)) or (["other"] if not kinds else [])
    found, taken = [], set[str]()
    for kind in draw(st.permutations(kinds)):
        slug = kind
        if kind == "other" or (kind != "overview" and draw(st.booleans())):
            slug = draw(st.sampled_from([one for one in SLUGS if one not in taken]))
            taken.add(slug)
        entries = []
        if kind in KIND_OF_PAGE:
            entries = draw(st.lists(entry(KIND_OF_PAGE[kind]), max_size=MOST_HEADLINES))
        markdown = draw(texts(12, CITATIONS))
        if entries and draw(st.booleans()):
            markdown += "\n\n[[entries]]\n\nMore."
        found.append({"kind": kind, "slug": slug, "title": draw(filled()), "markdown": markdown, "entries": entries})
    return found


GUIDES = st.fixed_dictionaries({
    "title": filled(), "summary": texts(8), "written_by": texts(8), "funding": texts(8), "also_known_as": texts(8),
    "codes": texts(4), "kind": st.sampled_from(Guide.Kind.values), "review_interval_months": st.integers(1, 36),
    "reasons": st.dictionaries(st.sampled_from(["funding", "dates"]), filled().map(canonical_text)),
})  # fmt: skip
LIBRARY = st.fixed_dictionaries({
    "title": filled(), "note": texts(8), "year": st.none() | st.integers(1800, 2200), "months": st.integers(1, 60),
    "meaning": filled(), "alternative_text": filled(), "credit": texts(8), "decorative": st.booleans(),
})  # fmt: skip


@contextmanager
def undone() -> Iterator[None]:
    """Do something in a database that is empty again afterwards: the record lets nothing be deleted."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def written(facts: dict[str, Any], wanted: list[dict[str, Any]], library: dict[str, Any], by: Any) -> Guide:
    """Make the guide of an example. What the renderer complains about cannot be imported, so it is no example."""
    for key in SOURCES:
        source = Source(key=key, title=library["title"], note=library["note"], year=library["year"], strength="trial")
        source.check_again_months = library["months"]
        actions.save_source(source, by=by)
    for key in TERMS:
        actions.save_term(Term(key=key, term=library["title"], plain_meaning=library["meaning"]), by=by)
    image = Image(key="hand", credit=library["credit"], decorative=library["decorative"])
    image.alternative_text = "" if image.decorative else library["alternative_text"]
    actions.add_image(image, io.BytesIO(png()), by=by)
    guide = actions.create_guide(by=by, slug="cold", **facts)
    for number, page in enumerate(wanted):
        made = actions.add_page(guide, by=by, **page)
        Page.objects.filter(pk=made.pk).update(position=number)
    rendered, _ = assemble(guide, contents(guide.pages.kept())).rendered()
    assume(not any(page.problems for page in rendered))
    guide.refresh_from_db()
    return guide


def hash_of(guide: Guide) -> str:
    return assemble(guide, contents(guide.pages.kept())).content_hash()


def kept_facts(guide: Guide) -> list[Any]:
    """Return what no content hash covers and a folder keeps all the same."""
    names = ("kind", "also_known_as", "review_interval_months", "codes", "reasons")
    sources = Source.objects.values_list("key", "check_again_months").order_by("key")
    return [
        *(getattr(guide, name) for name in names),
        list(Image.objects.values("credit", "decorative")),
        dict(sources),
    ]


def imported(folder: Path, by: Any) -> Guide:
    return actions.import_guide(folder, by=by).guide


@given(facts=GUIDES, wanted=pages(), library=LIBRARY)
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_guide_that_is_exported_and_imported_elsewhere_has_the_same_content_hash(
    cast, settings, monkeypatch, facts, wanted, library
):
    monkeypatch.setattr(submission, "examine", lambda guide, snapshot, now=None: (*snapshot.rendered(), ()))
    by = cast["author"]
    with tempfile.TemporaryDirectory() as name:
        folders, settings.MEDIA_ROOT = [Path(name) / "copy", Path(name) / "edition"], Path(name) / "media"
        with undone():
            guide = written(facts, wanted, library, by)
            expected, beside = hash_of(guide), kept_facts(guide)
            used = {source.key for source in assemble(guide, contents(guide.pages.kept())).sources}
            pictures = assemble(guide, contents(guide.pages.kept())).images
            export_guide(guide, folders[0])
            edition = builders.submitted(guide, by)
            recorded = edition.content_hash
            # From here on the working copy says something else than the edition.
            actions.save_guide(guide, by=by, title="Another")
            for page in guide.pages.kept():
                actions.remove_page(page, by=by)
            export_guide(guide, folders[1], edition=edition)
        settings.MEDIA_ROOT = Path(name) / "elsewhere"
        with undone():
            copy = imported(folders[0], by)
            assert hash_of(copy) == expected
            assert builders.submitted(copy, by).content_hash == recorded
            now = kept_facts(copy)
            assert now[:-2] == beside[:-2]
            assert now[-2] == (beside[-2] if pictures else [])
            assert now[-1] == {key: months for key, months in beside[-1].items() if key in used}
        with undone():
            assert builders.submitted(imported(folders[1], by), by).content_hash == recorded
    assert not Guide.objects.exists()


def test_every_kind_of_entry_can_be_in_an_example():
    assert {kind.name for kind in KINDS} == {KIND_OF_PAGE[page].name for page in KIND_OF_PAGE}


def test_a_guide_goes_all_the_way_elsewhere_and_its_edition_has_the_same_hash(cast, settings, tmp_path):
    by = cast["author"]
    with undone():
        guide = builders.guide(by)
        page = guide.pages.get(kind="side-effects")
        actions.add_image(Image(key="hand", alternative_text="A hand."), io.BytesIO(png()), by=by)
        actions.save_page(
            page, by=by, base=None, title=page.title, slug="harm", markdown=f"{page.markdown}\n\n![](image:hand)",
            entries=[SIDE_EFFECT],
        )  # fmt: skip
        edition = builders.published(guide, cast)
        recorded = edition.content_hash
        export_guide(guide, tmp_path / "edition", edition=edition)
        picture = Image.objects.get().sha256
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    assert not Edition.objects.exists()
    guide = imported(tmp_path / "edition", by)
    edition = builders.published(guide, cast)
    assert edition.content_hash == recorded
    assert [image["sha256"] for image in edition.images] == [picture]
    assert (tmp_path / "elsewhere/images" / f"{picture}.webp").is_file()


def test_what_was_found_about_a_source_comes_along_and_stops_a_submission_there_too(cast, tmp_path):
    by = cast["author"]
    with undone():
        guide = builders.guide(by)
        checked("trial-2020", by, note="The journal\ntook it “back”.")
        export_guide(guide, tmp_path / "guide")
    guide = imported(tmp_path / "guide", by)
    source = Source.objects.with_check().get()
    assert (source.status, source.status_note) == ("withdrawn", "The journal\ntook it “back”.")
    with pytest.raises(actions.Blocked) as blocked:
        actions.submit(guide, by=by, what_changed="An edition.")
    assert "source.status" in {finding.check for finding in blocked.value.findings}


@pytest.mark.parametrize("slug", ["mesotherapy", "is-a-cosmetic-procedure-right-for-you"])
def test_the_samples_guides_come_back_as_they_are(slug, cast, settings, tmp_path):
    by = cast["author"]
    with undone():
        guide = imported(settings.BASE_DIR / "sample/guides" / slug, by)
        expected, reasons = hash_of(guide), guide.reasons
        export_guide(guide, tmp_path / "guide")
    guide = imported(tmp_path / "guide", by)
    assert (hash_of(guide), guide.reasons) == (expected, reasons)
