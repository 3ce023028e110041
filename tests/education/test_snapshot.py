"""A snapshot's hash: the same for every spelling of the same content, another for any other content."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, fields, replace

import pytest
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from education.canonical import canonical_json, canonical_text
from education.models import Edition, Guide, Image, Page, Source, Term
from education.snapshot import Snapshot, SnapshotImage, SnapshotPage, SnapshotSource, SnapshotTerm, image_url
from education.working_copy import assemble
from tests.education.whole_record import image, whole_record

SNAPSHOT = Snapshot(
    title="Cold therapy",
    summary="What it is.",
    language="en",
    written_by="The clinic",
    funding="The clinic pays.",
    pages=(
        SnapshotPage("overview", "overview", "Overview", "Cold [@a]. [numb](term:numb) ![](image:one)"),
        SnapshotPage("side-effects", "side-effects", "Side effects", "Numb [@b], again [@a]."),
    ),
    sources=(
        SnapshotSource(
            "a", "A trial", "Ann", "Journal", 2020, "https://a.example", "10.1000/1", "11", "Read.", "trial"
        ),
        SnapshotSource("b", "A survey", "Bob", "Paper", None, "", "", "", "", "survey"),
    ),
    terms=(SnapshotTerm("numb", "numbness", "You feel less."),),
    images=(SnapshotImage("one", "ab" * 32, "A cold pack", False, "Ann", "Ours", 40, 30),),
)
# A picture's other facts may be put right without another edition (design: its SHA-256 and its alternative text).
IMAGE_FACTS_NOT_HASHED = {"key", "decorative", "credit", "licence", "width", "height"}


def _other(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int) or value is None:
        return (value or 0) + 1
    if isinstance(value, tuple):
        return (*value, {"text": "one more"})
    return f"{value}x"


def _changed(part: str, index: int | None, name: str) -> Snapshot:
    """Return the snapshot with another value in one field of one of its parts."""
    if index is None:
        return replace(SNAPSHOT, **{name: _other(getattr(SNAPSHOT, name))})
    rows = list(getattr(SNAPSHOT, part))
    rows[index] = replace(rows[index], **{name: _other(getattr(rows[index], name))})
    return replace(SNAPSHOT, **{part: tuple(rows)})


PARTS = {"pages": SnapshotPage, "sources": SnapshotSource, "terms": SnapshotTerm, "images": SnapshotImage}
PLACES = [
    *[("guide", None, one.name) for one in fields(Snapshot) if one.name not in PARTS],
    *[(part, 0, one.name) for part, row in PARTS.items() for one in fields(row)],
    ("sources", 1, "year"),
]


@pytest.mark.parametrize(("part", "index", "name"), PLACES)
def test_another_value_in_any_field_gives_another_hash(part, index, name):
    changed = _changed(part, index, name)
    assert changed != SNAPSHOT
    same = part == "images" and name in IMAGE_FACTS_NOT_HASHED
    assert (changed.content_hash() == SNAPSHOT.content_hash()) is same


@pytest.mark.parametrize("part", PARTS)
def test_a_part_more_or_less_gives_another_hash(part):
    rows = getattr(SNAPSHOT, part)
    assert replace(SNAPSHOT, **{part: rows[1:]}).content_hash() != SNAPSHOT.content_hash()
    assert replace(SNAPSHOT, **{part: (*rows, rows[0])}).content_hash() != SNAPSHOT.content_hash()


def test_the_order_of_pages_is_hashed_and_the_order_of_the_library_is_not():
    assert replace(SNAPSHOT, pages=SNAPSHOT.pages[::-1]).content_hash() != SNAPSHOT.content_hash()
    assert replace(SNAPSHOT, sources=SNAPSHOT.sources[::-1]).content_hash() == SNAPSHOT.content_hash()


def test_two_pictures_that_change_places_give_another_hash():
    one = SNAPSHOT.images[0]
    two = replace(one, key="two", sha256="cd" * 32)
    straight = replace(SNAPSHOT, images=(one, two))
    crossed = replace(SNAPSHOT, images=(replace(one, sha256=two.sha256), replace(two, sha256=one.sha256)))
    assert straight.content_hash() != crossed.content_hash()


def test_the_hash_of_a_known_snapshot_stays_as_it_is():
    # Whoever changes this line breaks the content hash of every edition there is.
    assert SNAPSHOT.content_hash() == "d3bef1eaee7027c038898b3fce2cfdb891d4f49cde2de4879586ee4de2ef0e6f"


PAGES = st.builds(SnapshotPage, *[st.text(max_size=3)] * 4, st.tuples() | st.tuples(st.just({"text": "x"})))
SOURCES = st.builds(
    SnapshotSource, *[st.text(max_size=2)] * 4, st.none() | st.integers(0, 3), *[st.text(max_size=2)] * 5
)
TERMS = st.builds(SnapshotTerm, *[st.text(max_size=2)] * 3)
IMAGES = st.builds(
    SnapshotImage,
    st.just("k"),
    st.text(max_size=2),
    st.text(max_size=2),
    *[st.just(one) for one in (False, "", "", 1, 1)],
)
SNAPSHOTS = st.builds(
    Snapshot,
    *[st.text(max_size=2)] * 5,
    *[st.lists(rows, max_size=2, unique_by=repr).map(tuple) for rows in (PAGES, SOURCES, TERMS, IMAGES)],
)


@given(SNAPSHOTS, SNAPSHOTS)
def test_two_different_snapshots_give_different_json(one, other):
    def sorted_library(snapshot: Snapshot) -> dict:
        return {
            **asdict(snapshot),
            "sources": sorted(snapshot.sources, key=lambda row: row.key),
            "terms": sorted(snapshot.terms, key=lambda row: row.key),
        }

    same_json = canonical_json(one.content()) == canonical_json(other.content())
    assert same_json == (sorted_library(one) == sorted_library(other))


def test_sources_are_numbered_through_the_whole_guide_as_a_reader_meets_them():
    swapped = replace(SNAPSHOT, pages=SNAPSHOT.pages[::-1])
    assert SNAPSHOT.rendered()[1] == {"a": 1, "b": 2}
    assert swapped.rendered()[1] == {"b": 1, "a": 2}
    assert [len(SNAPSHOT.rendered(upto=count)[0]) for count in (0, 1, 2)] == [0, 1, 2]


def test_pages_are_rendered_in_the_guides_language_whoever_asks():
    german = replace(SNAPSHOT, language="de")
    with translation.override("en-us"):
        in_english, in_german = SNAPSHOT.rendered()[0], german.rendered()[0]
        assert translation.get_language() == "en-us"
    with translation.override("de"):
        assert SNAPSHOT.rendered()[0] == in_english
        assert german.rendered()[0] == in_german


def test_a_picture_is_addressed_by_the_hash_of_its_bytes():
    assert SNAPSHOT.library().images["one"].url == image_url("ab" * 32) == f"/images/{'ab' * 32}.webp"


def test_an_edition_of_the_record_gives_the_hash_it_was_made_with(cast):
    guide = whole_record(cast)
    editions = list(guide.editions.all())
    assert len(editions) == 3
    for edition in editions:
        assert edition.snapshot().content_hash() == edition.content_hash
        assert Edition.objects.get(pk=edition.pk).snapshot() == edition.snapshot()


# Through the models: whatever line ends, normal form and outer white space a text comes with, the hash is the same.

VARIANTS = {
    "LF": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "padded": lambda text: f"\r\n\t {text}\u2003\n",
}
WORDS = st.text(st.sampled_from("aé\u0301한Åﬁ ½\n\té漢🙂أ") | st.characters(codec="utf-8"), max_size=12).map(
    canonical_text
)


@pytest.fixture
def rows(cast, guide):
    picture = image(cast["author"])
    page = guide.pages.get(kind=Page.Kind.PREPARATION)
    return guide, page, Source.objects.get(), Term.objects.get(), picture


def _hash_of(rows, variant, words: str) -> str:
    """Save every text of a guide, its page and its library in one spelling; return the hash of what is stored."""
    guide, page, source, term, picture = rows
    text = f"a {words}\nz"
    markdown = f"{text}\n\n[@{source.key}] [w](term:{term.key})\n\n![](image:{picture.key})"
    spelled = VARIANTS[variant](text)
    for name in ("title", "summary", "written_by", "funding"):
        setattr(guide, name, spelled)
    page.title = spelled
    page.markdown = VARIANTS[variant](markdown)
    for name in ("title", "authors", "publisher", "note"):
        setattr(source, name, spelled)
    term.term = term.plain_meaning = picture.alternative_text = picture.credit = picture.licence = spelled
    for row in rows:
        row.save()
    guide = Guide.objects.get(pk=guide.pk)
    stored = [SnapshotPage(one.kind, one.slug, one.title, one.markdown) for one in guide.pages.order_by("position")]
    snapshot = assemble(guide, stored)
    assert len(snapshot.sources) == len(snapshot.terms) == len(snapshot.images) == 1
    return snapshot.content_hash()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS)
@example(words="Ŝanĝo ệ é\n\nline")
def test_every_spelling_of_the_same_content_gives_the_same_hash(rows, words):
    hashes = {variant: _hash_of(rows, variant, words) for variant in VARIANTS}
    assert len(set(hashes.values())) == 1, hashes
    assert _hash_of(rows, "LF", f"{words}!") not in hashes.values()


@pytest.mark.parametrize("model", [Guide, Page, Source, Term, Image])
def test_every_text_that_staff_type_is_made_canonical(model):
    loose = {
        field.name
        for field in model._meta.local_concrete_fields
        if field.get_internal_type() in ("CharField", "TextField")
        and not field.choices
        and field.to_python("e\u0301\r\nx ") != "é\nx"
    }
    # Keys, hashes and addresses have an alphabet of their own, which their validators keep.
    assert loose <= {"key", "sha256", "url"}
