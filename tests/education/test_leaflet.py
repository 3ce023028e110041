"""The leaflet as a patient gets it: what it says and in which order, and how it is tagged."""

from __future__ import annotations

import io
import shutil
import subprocess
from itertools import pairwise

import pytest
import segno
from PIL import Image as Picture

from clinic.models import Clinic
from education import actions
from education.leaflet import shelf
from education.models import Page
from tests import builders, every_guide, public
from tests.education.leaflets import AT, fetched, poppler, read, tags, words
from tests.html import get


@pytest.fixture(autouse=True)
def clinic(cast) -> Clinic:
    return public.clinic(cast["owner"], phone="(202) 555-0142", email="hello@clinic.example")


@pytest.fixture
def editions(cast) -> every_guide.Editions:
    return every_guide.build(cast)


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
