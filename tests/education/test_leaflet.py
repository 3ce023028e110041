"""The leaflet as a patient gets it: what it says and in which order, what it is made of, and when it is another one."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise

import pytest
import segno
from django.urls import reverse
from PIL import Image as Picture
from pypdf import PdfReader

from clinic.models import Clinic
from education import actions
from education.leaflet import Sheet, shelf, typesetting
from education.leaflet.content import Clinic as Paper
from education.leaflet.content import content_of
from education.models import Edition, EditionPage, Page
from education.rendering import Library, render
from tests import builders, every_guide, public
from tests.html import get

AT = "/guides/cold-therapy/leaflet.pdf"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@pytest.fixture(autouse=True)
def clinic(cast) -> Clinic:
    return public.clinic(cast["owner"], phone="(202) 555-0142", email="hello@clinic.example")


@pytest.fixture
def editions(cast) -> every_guide.Editions:
    return every_guide.build(cast)


def fetched(client, path: str = AT, **headers: str) -> bytes:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "application/pdf"
    return response.content


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes, pages: int | None = None) -> str:
    """Return the words of a leaflet, or of its first pages, on one line, as far as they run from left to right."""
    text = " ".join(page.extract_text() for page in read(pdf).pages[:pages])
    return " ".join(text.replace("\u200b", "").replace("\u2066", "").replace("\u2069", "").split())


def poppler(tool: str, pdf: bytes, *arguments: str) -> str:
    found = shutil.which(tool) or pytest.skip(f"no {tool} found: install poppler-utils")
    command = [found, *arguments, "-", *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode(errors="replace")


def tags(pdf: bytes) -> Iterator[tuple[str, dict]]:
    """Yield each tag of a PDF with its element, in reading order."""

    def walked(element):
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, list):
            for one in element:
                yield from walked(one)
        elif isinstance(element, dict):
            if "/S" in element:
                yield str(element["/S"]), element
            yield from walked(element.get("/K", []))

    yield from walked(read(pdf).trailer["/Root"]["/StructTreeRoot"]["/K"])


# What is refused


def test_a_guide_that_was_never_live_has_no_leaflet(client, guide, cast):
    builders.approved(guide, cast)
    for path in (AT, "/guides/cold-therapy/editions/1/leaflet.pdf", "/guides/nothing/leaflet.pdf"):
        get(client, path, 404)


def test_a_number_that_was_never_public_has_no_leaflet(client, live):
    for number in ("0", "2", "01", "-1", "x"):
        get(client, f"/guides/cold-therapy/editions/{number}/leaflet.pdf", 404)


def test_a_withdrawn_guide_answers_as_its_pages_do(client, live, cast):
    actions.withdraw(live, by=cast["author"], reason="It named a wrong dose.")
    assert "It named a wrong dose." in get(client, AT, 410).content.decode()


def test_nothing_is_sent_to_it(client, live):
    assert client.post(AT).status_code == 405


@pytest.mark.parametrize("query", ["?paper=a3", "?paper=%00&size=huge", "?size=", "?paper=A4&size=LARGE", "?x=1"])
def test_what_an_address_says_wrongly_is_as_usual(client, live, query):
    assert fetched(client, AT + query) == fetched(client)
    assert len(list(shelf.folder().glob("*.pdf"))) == 1


# What it says


def test_it_says_everything_in_the_order_in_which_it_is_needed(client, editions):
    text = words(fetched(client))
    order = [
        *("Test Clinic", "(202) 555-0142", "Cold therapy", "When to get help", "Emergency advice: Call 911 if:"),
        *("you cannot breathe", "Urgent advice: Call a doctor the same day if:", "Non-urgent advice: Call us if:"),
        *("Key facts", "Benefits and side effects", "Less swelling", "Cold burn", "Who should not have it"),
        *("Do not book", "Tell us first", "What to do and when", "The day of treatment", "Do and don’t"),
        *("do not smoke", "Questions to ask", "My own questions", "The guide, page by page", "Everything else"),
        *("Important: Cold can burn", "Words explained", "You feel less than usual", "Sources", "A trial of cold"),
        *("About this guide", "The clinic", "Written and paid for by the clinic that offers this treatment."),
    ]
    places = [text.find(one) for one in order]
    assert -1 not in places, order[places.index(-1)]
    after = 0
    for one in order:
        after = text.find(one, after)
        assert after >= 0, one


def test_care_cards_carry_todays_number_but_for_the_emergency(client, editions):
    text = words(fetched(client))
    cards = text[text.index("Emergency advice:") : text.index("Key facts", text.index("Emergency advice:"))]
    assert cards.count("Our telephone number: (202) 555-0142") == 2
    emergency = cards[: cards.index("Urgent advice:")]
    assert "Our telephone number" not in emergency


def test_a_card_that_several_pages_repeat_stands_once(client, guide, cast):
    card = '!!! urgent "Call a doctor today if"\n    - it burns'
    builders.write(guide, cast["author"], Page.Kind.OVERVIEW, card)
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, f"You can get numb.\n\n{card}")
    builders.published(guide, cast)
    assert words(fetched(client)).count("it burns") == 1


def test_it_names_the_edition_whoever_approved_it_and_the_way_to_what_counts_today(client, live, settings):
    text = words(fetched(client))
    assert "Edition 1 · Made:" in text
    assert "Approved by Rae Reviewer, nurse, " in text
    host = settings.SITE_URL.partition("://")[2]
    assert f"{host}/e/{live.code}/" in text
    assert text.count(f"Cold therapy · Edition 1 · Code {live.code}") == len(read(fetched(client)).pages)
    assert f"Page 1 of {len(read(fetched(client)).pages)}" in text


def test_every_source_has_the_number_that_it_has_on_the_site(client, editions):
    text = words(fetched(client))
    listed = text[text.rindex("Sources [") :]
    for source in editions.live.sources:
        assert f"[{source['number']}] {source['title']}" in listed


def test_it_reads_the_record_and_not_what_is_being_written(client, live, cast):
    before = fetched(client)
    builders.write(live.guide, cast["author"], Page.Kind.OVERVIEW, "Words that nobody approved.")
    assert fetched(client) == before


# What it is


@pytest.mark.parametrize("sheet", ["?paper=a4", "?paper=letter", "?paper=a4&size=large", "?paper=letter&size=large"])
def test_each_sheet_is_a_tagged_pdf_of_the_standard_for_accessible_ones(client, editions, sheet, caplog):
    pdf = fetched(client, AT + sheet)
    found = read(pdf)
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-US" or str(root["/Lang"]).startswith("en")
    assert found.metadata.title == "Cold therapy"
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
    wide, high = (round(float(side)) for side in found.pages[0].mediabox[2:])
    assert (wide, high) == ((612, 792) if "letter" in sheet else (595, 842))
    assert not [one for one in caplog.records if one.name.startswith("education.leaflet")]


def test_in_large_print_no_words_are_smaller_than_18_points(client, editions):
    sizes: list[float] = []

    def seen(text, drawing, place, font, size):
        if text.strip():
            # A drawing is enlarged with the words in it.
            sizes.append(size * abs(drawing[3] * place[3]))

    for page in read(fetched(client, f"{AT}?size=large")).pages:
        page.extract_text(visitor_text=seen)
    assert sizes
    assert round(min(sizes), 1) >= 18


def test_headings_skip_no_level_pictures_have_words_and_tables_have_heads(client, editions):
    found = list(tags(fetched(client)))
    levels = [int(name[2:]) for name, _ in found if name[:2] == "/H" and name[2:].isdigit()]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    figures = [element for name, element in found if name == "/Figure"]
    assert len(figures) >= 2
    assert all(str(element.get("/Alt", "")).strip() for element in figures)
    assert any("How deep the needles go" in str(element["/Alt"]) for element in figures)
    tables = [element for name, element in found if name == "/Table"]
    heads = [element for name, element in found if name == "/TH"]
    assert len(tables) >= 2
    assert len(heads) >= 4 + 3


def test_poppler_reads_its_tags_its_language_and_its_words(client, editions):
    pdf = fetched(client)
    facts = poppler("pdfinfo", pdf)
    assert "Tagged:          yes" in facts
    assert "Cold therapy" in facts
    structure = poppler("pdfinfo", pdf, "-struct-text")
    assert structure.index("When to get help") < structure.index("Key facts") < structure.index("Questions to ask")
    assert "Table" in structure
    assert "you cannot breathe" in poppler("pdftotext", pdf)


def test_the_square_leads_to_the_code(client, live, settings):
    """Drawn anew from the address: the same square, module by module."""
    pdf = fetched(client)
    found = shutil.which("pdftoppm") or pytest.skip("no pdftoppm found: install poppler-utils")
    png = subprocess.run([found, "-png", "-r", "300", "-l", "1", "-singlefile", "-"], input=pdf, capture_output=True)
    wanted = [list(row) for row in segno.make(f"{settings.SITE_URL}/e/{live.code}/", error="m", micro=False).matrix]
    assert squares(png.stdout, len(wanted)) == wanted


def squares(png: bytes, modules: int) -> list[list[int]]:
    """Return the modules of the one QR code on a page: it stands alone at the right, between two rules."""
    with Picture.open(io.BytesIO(png)) as page:
        grey = page.convert("L")
    millimetre = 300 / 25.4
    left = grey.width - round(19 * millimetre) - round(30 * millimetre)
    area = grey.crop((left, 0, grey.width - round(19 * millimetre) + 1, grey.height))
    # Finders have rows of 7 dark modules; the first of them is the top of the square.
    across = area.width / (modules + 8)
    rows = [row for row in range(area.height) if _dark(area, 4.5 * across, row) and _dark(area, 10.5 * across, row)]
    tops = [row for row in rows if all(_dark(area, 7.5 * across, row + step) for step in (0, 1, 2))]
    for top in tops:
        read_off = [
            [int(_dark(area, (column + 4.5) * across, top + (line + 0.5) * across)) for column in range(modules)]
            for line in range(modules)
        ]
        if read_off[0][:7] == [1] * 7 and read_off[6][:7] == [1] * 7 and read_off[modules - 1][:7] == [1] * 7:
            return read_off
    return []


def _dark(picture: Picture.Image, across: float, down: float) -> bool:
    place = min(round(across), picture.width - 1), min(round(down), picture.height - 1)
    value = picture.getpixel(place)
    return isinstance(value, int | float) and value < 128


# Editions that do not count


def test_an_older_edition_says_across_its_first_page_that_it_was_replaced(client, editions):
    number = editions.superseded.number
    response = client.get(f"/guides/cold-therapy/editions/{number}/leaflet.pdf")
    first = words(response.content, pages=1)
    assert first.index("Replaced by a newer edition on ") < first.index("Guide for patients")
    assert response["X-Robots-Tag"] == "noindex"


def test_a_withdrawn_edition_says_so_with_its_day_and_reason(client, editions):
    path = reverse("education:edition-leaflet", args=["gone", editions.withdrawn.number])
    first = words(fetched(client, path), pages=1)
    assert first.index("Withdrawn on ") < first.index("It named a wrong dose.") < first.index("Guide for patients")


def test_the_live_edition_is_the_same_under_its_number(client, live):
    response = client.get("/guides/cold-therapy/editions/1/leaflet.pdf")
    assert response.content == fetched(client)
    assert "X-Robots-Tag" not in response


# Texts of every kind

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
    pages = [
        EditionPage(title="Page", html=render(text, library=nothing, anchor=f"p{number}").html)
        for number, text in enumerate(texts)
    ]
    content = content_of(whole, pages, None, Paper("Clinic"), None)
    return typesetting.typeset(content, Sheet("a4", size), "a test")


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
    endless = "Heal" * 200
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
    assert "العلاج" in poppler("pdftotext", pdf)


def test_a_picture_that_cannot_be_read_leaves_its_words(client, editions, settings, caplog):
    for path in settings.MEDIA_ROOT.glob("images/*.webp"):
        path.write_bytes(b"broken")
    pdf = fetched(client)
    assert "cannot be read" in caplog.text
    assert "Picture:" in words(pdf)


# Kept, and when it is another one


def test_the_same_three_give_the_same_bytes(client, live):
    first = fetched(client)
    for path in shelf.folder().glob("*.pdf"):
        path.unlink()
    assert fetched(client) == first


def test_another_number_of_the_clinic_makes_another_leaflet(client, live, cast):
    before = client.get(AT)
    public.clinic(cast["owner"], phone="(202) 555-0199")
    after = client.get(AT)
    assert after["ETag"] != before["ETag"]
    assert after.content != before.content
    assert "(202) 555-0199" in words(after.content)
    assert "(202) 555-0142" not in words(after.content)


def test_it_is_made_once_however_often_it_is_asked_for(client, live, monkeypatch):
    fetched(client)
    monkeypatch.setattr("education.leaflet.printing.typeset", None)
    fetched(client)
    assert len(list(shelf.folder().glob("*.pdf"))) == 1


def test_a_browser_that_has_it_gets_nothing_again(client, live, django_assert_num_queries):
    response = client.get(AT)
    assert response["Cache-Control"] == "public, no-cache"
    assert response["Content-Disposition"] == 'inline; filename="cold-therapy-edition-1.pdf"'
    with django_assert_num_queries(4):
        again = client.get(AT, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == response["ETag"]
    head = client.head(AT)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head["Content-Length"]) == len(response.content)


def test_old_ones_go_when_there_are_too_many(client, live, monkeypatch):
    monkeypatch.setattr(shelf, "MOST_FILES", 2)
    for query in ("?paper=a4", "?paper=letter", "?size=large"):
        fetched(client, AT + query)
    assert len(list(shelf.folder().glob("*.pdf"))) == 2
    newest = client.get(f"{AT}?size=large")
    assert (shelf.folder() / f"{newest['ETag'].strip(chr(34))}.pdf").is_file()


def test_where_nothing_can_be_written_it_is_made_all_the_same(client, live, monkeypatch, settings, tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("x")
    settings.DATA_DIR = blocked
    assert fetched(client).startswith(b"%PDF")


# Staff


def test_a_reviewer_reads_the_leaflet_before_it_is_published(client, guide, cast):
    edition = builders.submitted(guide, cast["author"])
    path = reverse("admin:education_edition_leaflet", args=[edition.pk])
    assert client.get(path).status_code == 302
    client.force_login(cast["outsider"])
    assert client.get(path).status_code == 403
    client.force_login(cast["reviewer"])
    response = client.get(path)
    assert "Preview: not published" in words(response.content)
    assert "Not approved yet" in words(response.content)
    assert "no-store" in response["Cache-Control"]
    assert not list(shelf.folder().glob("*.pdf"))
    assert path in client.get(reverse("admin:education_edition_change", args=[edition.pk])).content.decode()
    assert client.get(reverse("admin:education_edition_leaflet", args=[999])).status_code == 404


# Where it is linked


def test_the_whole_guide_the_permalink_and_the_page_of_a_code_lead_to_it(client, editions):
    live, older = editions.live, editions.superseded
    assert f'href="{AT}?paper=a4"' in get(client, "/guides/cold-therapy/all/").content.decode()
    for edition in (live, older):
        path = reverse("education:edition-leaflet", args=["cold-therapy", edition.number])
        assert f'href="{path}?paper=letter&amp;size=large"' in get(client, edition.get_absolute_url()).content.decode()
        # The code on an old copy leads to what counts today.
        assert f'href="{AT}?paper=a4"' in get(client, f"/e/{edition.code}/").content.decode()


def test_editions_of_one_guide_have_leaflets_of_their_own(client, editions):
    texts = {number: fetched(client, f"/guides/cold-therapy/editions/{number}/leaflet.pdf") for number in (1, 2)}
    assert Edition.objects.filter(guide__slug="cold-therapy").count() == 2
    assert "It costs what it costs." in words(texts[1])
    assert "It costs what it costs." not in words(texts[2])
