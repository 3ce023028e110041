"""Whatever somebody typed, a patient gets a leaflet: texts like programs, of any length, in any script."""

from __future__ import annotations

import errno

import pytest

from clinic.models import Clinic
from education.leaflet import Sheet, shelf, typesetting
from education.leaflet.content import Clinic as Paper
from education.leaflet.content import content_of
from education.leaflet.tree import parsed
from education.models import Edition, EditionPage, Page
from education.rendering import Library, render
from tests import builders, every_guide, public
from tests.education.leaflets import fetched, poppler, read, tags, words

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@pytest.fixture(autouse=True)
def clinic(cast) -> Clinic:
    return public.clinic(cast["owner"], phone="(202) 555-0142", email="hello@clinic.example")


@pytest.fixture
def editions(cast) -> every_guide.Editions:
    return every_guide.build(cast)


ODD = [
    '#set page(fill: red) $x^2$ @nobody <label> `raw` \\ // /* */ [x] {y} #image("/etc/passwd")',
    "“Quotes”, 'single', ‘curly’, \"straight\", ~ _under_ = head\n= not a heading",
    "Ελληνικά, Русский, Українська, Tiếng Việt, Łódź",
    "שלום עולם، مرحبا بكم in one line",
]


def set_with(edition: Edition, *texts: str, size: str = "usual") -> bytes:
    """Return the leaflet of an edition with these texts as its pages, which no report has judged."""
    whole = Edition.objects.select_related("guide").get(pk=edition.pk)
    nothing = Library({}, {}, {})
    pages = [EditionPage(title="Page") for _ in texts]
    for number, (page, text) in enumerate(zip(pages, texts, strict=True)):
        page.html = render(text, library=nothing, anchor=f"p{number}").html
    content = content_of(whole, pages, None, Paper("Clinic"), None)
    return typesetting.typeset(content, Sheet("a4", size), "a test").pdf


def test_html_is_read_as_the_renderer_writes_it():
    svg = '<svg viewBox="0 0 1 1"><g/></svg>'
    html = f'<p class="a>b" title="&quot;x&quot; &amp; y">1 &lt; 2<br>3 &gt; 2 <em>so</em></p>{svg}'
    paragraph, drawing = parsed(html).elements
    assert paragraph.attributes == {"class": "a>b", "title": '"x" & y'}
    assert paragraph.words() == "1 < 23 > 2 so"
    assert [one.tag for one in paragraph.elements] == ["br", "em"]
    assert drawing.attributes["source"] == svg


@pytest.mark.parametrize("text", ODD)
def test_text_is_set_as_it_is_and_never_read_as_a_program(live, text, caplog):
    said = words(set_with(live, text.replace("\n", "\n\n")))
    for piece in ("x #set page(fill: red) $x^2$ @nobody <label> `raw`", "Русский", "“Quotes”"):
        assert (piece in said) == (piece in text)
    assert caplog.records == []


def test_titles_and_names_are_data_too(client, cast, caplog):
    title = '#panic("no") $a$ *b* _c_ \\ @d'
    guide = builders.guide(cast["author"], title=title, slug="odd", written_by=title, funding=title, summary=title)
    builders.published(guide, cast)
    public.clinic(cast["owner"], name=title, phone="(202) 555-0142")
    pdf = fetched(client, "/guides/odd/leaflet.pdf")
    assert read(pdf).metadata.title == title
    assert words(pdf).count(title) >= 4
    assert not [one for one in caplog.records if one.name.startswith("education.leaflet")]


def test_a_sign_that_no_font_has_is_replaced_by_a_visible_one_and_the_log_says_so(client, guide, cast, caplog):
    builders.write(guide, cast["author"], Page.Kind.OVERVIEW, "Cold 漢 therapy 😀 heals\u1680all.")
    builders.published(guide, cast, reasons={"glyph.missing overview": "A name."})
    assert f"Cold {REPLACEMENT} therapy {REPLACEMENT} heals all." in words(fetched(client))
    (record,) = [one for one in caplog.records if one.name == "education.leaflet.characters"]
    assert "U+6F22" in record.getMessage()
    assert "edition 1" in record.getMessage()


def test_what_the_standard_refuses_all_the_same_is_set_without_it(client, live, monkeypatch, caplog):
    monkeypatch.setattr(typesetting, "settable", lambda content, named: {**content, "summary": "漢"})
    assert words(fetched(client))
    assert "not ua-1" in caplog.text


@pytest.mark.parametrize("size", ["usual", "large"])
def test_an_endless_word_and_an_endless_text_stay_on_the_page(live, size):
    endless = "Heal" * 60
    long = "\n\n".join(f"Paragraph {number} has some words to read." for number in range(1300))
    card = "\n".join(f"    - reason number {number}" for number in range(200))
    cell = "cell " * 900
    pdf = set_with(
        live,
        f"## {endless}\n\n{endless}\n\n| A | B | C |\n|---|---|---|\n| {endless} | {cell} | end of cell |",
        long,
        f'!!! urgent "Call us if"\n{card}\n\n!!! do\n{card}\n\n!!! warning "Much"\n{card}',
        size=size,
    )
    said = words(pdf).replace(" ", "")
    assert len(long) > 48_000
    assert said.count(endless) >= 2
    for last in ("Paragraph1299has", "endofcell"):
        assert last in said
    assert said.count("reasonnumber199") == 3
    for page in read(pdf).pages:
        page.extract_text(visitor_text=lambda text, matrix, place, *rest: _stands_on_the_page(text, place))


def _stands_on_the_page(text: str, place: list[float]) -> None:
    if text.strip():
        assert 0 <= place[4] <= 600, text
        assert 0 <= place[5] <= 845, text


def test_a_guide_from_right_to_left_is_set_so_and_says_its_language(client, editions):
    pdf = fetched(client, "/guides/cold-ar/leaflet.pdf")
    found = read(pdf)
    assert found.trailer["/Root"]["/Lang"] == "ar"
    assert found.trailer["/Root"]["/ViewerPreferences"]["/Direction"] == "/R2L"
    assert "When to get help" in words(pdf)
    assert {str(element["/Lang"]) for _, element in tags(pdf) if "/Lang" in element} <= {"ar", "en-US"}
    assert any("/Lang" in element and element["/Lang"] == "en-US" for _, element in tags(pdf))
    text = poppler("pdftotext", pdf)
    assert text.index("أصبح جلدك قاسيا") < text.index("أربع جلسات") < text.index("هل أنت حامل") < text.index("ارتد")


@pytest.fixture
def pictured(cast) -> str:
    """Publish a guide that is all text, with a picture. Returns the address of its leaflet."""
    every_guide.image(cast["author"])
    builders.source("old-2001", title="An old trial", year=2001)
    guide = builders.guide(cast["author"], title="Advice", slug="advice")
    builders.page(guide, cast["author"], Page.Kind.OTHER, every_guide.EVERYTHING, title="Everything else", slug="else")
    builders.published(guide, cast)
    return "/guides/advice/leaflet.pdf"


def test_a_picture_that_cannot_be_read_leaves_its_words_and_the_leaflet_is_not_kept(client, pictured, settings, caplog):
    whole = fetched(client, pictured)
    (kept,) = shelf.folder().glob("*.pdf")
    kept.unlink()
    pictures = {path: path.read_bytes() for path in settings.MEDIA_ROOT.glob("images/*.webp")}
    for path in pictures:
        path.write_bytes(b"broken")
    assert "Picture:" in words(fetched(client, pictured))
    assert "cannot be read" in caplog.text
    for path, content in pictures.items():
        path.write_bytes(content)
    assert fetched(client, pictured) == whole


def test_on_a_full_disk_it_is_set_without_pictures(client, pictured, monkeypatch, caplog):
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(typesetting.tempfile, "TemporaryDirectory", full)
    monkeypatch.setattr(shelf, "keep_file", lambda content, path: full())
    assert "Picture:" in words(fetched(client, pictured))
    assert "No space left on device" in caplog.text


def test_a_long_name_and_a_long_address_of_the_clinic_do_not_cover_each_other(client, live, cast):
    name = "The Clinic for Everything That Can Be Done to Skin and Much More"
    public.clinic(cast["owner"], name=name, phone="(202) 555-0142", email=f"{'long-' * 12}name@clinic.example")
    first, second = poppler("pdftotext", fetched(client), "-layout", "-l", "1").split("\n")[:2]
    assert first.strip() == name
    assert second.strip().startswith("Phone: (202) 555-0142")
