"""The leaflet as a patient gets it: what it says and in which order, and how it is tagged."""

from __future__ import annotations

import io
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
from tests.education.leaflets import AT, fetched, found, poppler, read, tags, words
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


IN_ORDER = (
    *("Test Clinic", "(202) 555-0142", "Cold therapy", "When to get help"),
    *("Emergency advice: Call 911 if:", "you cannot breathe", "Urgent advice: Call a doctor the same day if:"),
    *("Non-urgent advice: Call us if:", "Key facts", "A trial used 4.", "Benefits and side effects", "Less swelling"),
    *("What studies found", "In a trial, 6 in 10 felt less.", "What to do", "Cold burn", "Who should not have it"),
    *("Do not book", "Cold allergy", "Does cold give you hives?", "Tell us first", "Pregnancy", "What to do and when"),
    *(
        "1 day before",
        "The day of treatment",
        "1 to 3 days after",
        "Do and don’t",
        "wear loose clothes",
        "do not smoke",
    ),
    *("Important to know", "Cold can burn", "From the page “Everything else”", "Take a towel.", "Questions to ask"),
    *("My own questions", "Sources", "A trial of cold", "An old trial", "About this guide", "The clinic"),
    "Written and paid for by the clinic that offers this treatment.",
)


def test_it_says_what_to_know_and_to_do_in_the_order_in_which_it_is_needed(client, editions):
    _in_order(words(fetched(client)))


def _in_order(text: str) -> None:
    after = 0
    for one in IN_ORDER:
        after = text.find(one, after)
        assert after >= 0, one


def test_the_text_of_the_pages_stays_on_the_site_and_the_leaflet_says_where(client, editions, settings):
    text = words(fetched(client))
    for left_out in ("Cold is old.", "What we know", "It is warm", "The guide, page by page", "See “"):
        assert left_out not in text
    host = settings.SITE_URL.partition("://")[2]
    assert f"Read or print the whole guide, which has 8 pages, here: {host}/guides/cold-therapy/all " in text
    get(client, "/guides/cold-therapy/all/")


def test_an_older_edition_leads_to_the_whole_text_of_that_edition(client, editions, settings):
    path = editions.superseded.get_absolute_url()
    text = words(fetched(client, f"{path}leaflet.pdf"))
    assert f"which has 9 pages, here: {settings.SITE_URL.partition('://')[2]}{path.rstrip('/')} " in text


def test_a_guide_that_is_all_text_is_printed_whole(client, cast):
    builders.published(text_guide(cast), cast)
    text = words(fetched(client, "/guides/advice/leaflet.pdf"))
    assert "The whole guide is in this leaflet." in text
    order = ("Emergency advice: Call 911 if:", "do not smoke", "Important to know", "Cold can burn", "Questions to ask")
    after = 0
    for one in (*order, "The guide, page by page", "Cold is old.", "See “Important to know”, page 1.", "numbness"):
        after = text.find(one, after)
        assert after >= 0, one


def text_guide(cast):
    """Return a guide without an entry, whose text has all that a text can have."""
    every_guide.image(cast["author"])
    builders.source("old-2001", title="An old trial", year=2001)
    guide = builders.guide(cast["author"], title="Advice", slug="advice")
    builders.page(guide, cast["author"], Page.Kind.OTHER, every_guide.EVERYTHING, title="Everything else", slug="else")
    return guide


def test_no_warning_of_a_page_is_lost_and_one_that_two_pages_have_stands_once(client, guide, cast):
    callout = '!!! warning "Mind the ice"\n    Ice burns.'
    builders.write(
        guide, cast["author"], Page.Kind.OVERVIEW, f"Cold cools.\n\n{callout}", every_guide.ENTRIES["overview"][:1]
    )
    last = f'Numb skin goes.\n\n{callout}\n\n!!! warning "Cold can burn"\n    Take a towel.'
    builders.write(guide, cast["author"], Page.Kind.SIDE_EFFECTS, last)
    builders.published(guide, cast)
    text = words(fetched(client))
    assert "Numb skin goes." not in text
    assert text.count("Mind the ice From the page “Overview” Ice burns.") == text.count("Ice burns.") == 1
    assert "Cold can burn From the page “Side effects” Take a towel." in text


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
    assert f"{host}/e/{live.code} Code:" in text
    assert get(client, f"/e/{live.code}", 301)["Location"] == f"/e/{live.code}/"
    assert text.count(f"Cold therapy · Edition 1 · Code {live.code}") == len(read(fetched(client)).pages)
    assert f"Page 1 of {len(read(fetched(client)).pages)}" in text


def test_sources_are_those_that_it_names_with_the_numbers_that_they_have_on_the_site(client, guide, cast):
    builders.source("first", title="Only the text names it")
    builders.source("old-2001", title="An old trial", year=2001)
    facts = [{**every_guide.OTHER_FACT, "sources": ["old-2001"]}]
    builders.write(
        guide, cast["author"], Page.Kind.OVERVIEW, "Cold helps [@first] [@trial-2020].\n\n[[entries]]", facts
    )
    edition = builders.published(guide, cast)
    numbers = {source["title"]: source["number"] for source in edition.sources}
    assert numbers["An old trial"] > 1
    text = words(fetched(client))
    assert f"Another used 6. [{numbers['An old trial']}]" in text.replace("\u2060", "")
    assert f"[{numbers['An old trial']}] An old trial" in text[text.rindex("Sources These are") :]
    assert "Only the text names it" not in text


def test_sources_that_follow_each_other_stand_in_one_bracket(client, cast):
    builders.source("old-2001", title="An old trial", year=2001)
    guide = builders.guide(cast["author"])
    card = '!!! urgent "Call a doctor today if"\n    - it burns [@trial-2020] [@old-2001]'
    builders.write(guide, cast["author"], Page.Kind.OVERVIEW, card)
    builders.published(guide, cast)
    assert "it burns [1, 2]" in words(fetched(client)).replace("\u2060", "")


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


def test_headings_skip_no_level_and_are_the_bookmarks(client, editions):
    pdf = fetched(client)
    levels = [int(name[2:]) for name, _ in tags(pdf) if name[:2] == "/H" and name[2:].isdigit()]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    marks = [str(one.title) for one in read(pdf).outline if not isinstance(one, list)]
    assert marks[:3] == ["When to get help", "Key facts", "Benefits and side effects"]
    assert marks[-2:] == ["Sources", "About this guide"]


def test_tables_have_heads(client, editions):
    pdf = fetched(client)
    assert len([name for name, _ in tags(pdf) if name == "/Table"]) == 2
    assert len([name for name, _ in tags(pdf) if name == "/TH"]) == 3 + 4


def test_pictures_and_drawings_have_words(client, cast):
    builders.published(text_guide(cast), cast)
    figures = [element for name, element in tags(fetched(client, "/guides/advice/leaflet.pdf")) if name == "/Figure"]
    assert len(figures) >= 2
    assert all(str(element.get("/Alt", "")).strip() for element in figures)
    assert any("How deep the needles go" in str(element["/Alt"]) for element in figures)


@pytest.mark.parametrize("sheet", ["?paper=a4", "?paper=letter", "?paper=a4&size=large", "?paper=letter&size=large"])
def test_poppler_reads_its_words_in_the_order_in_which_they_stand_on_the_page(client, editions, sheet):
    pdf = fetched(client, AT + sheet)
    facts = poppler("pdfinfo", pdf)
    assert "Tagged:          yes" in facts
    assert "Title:           Cold therapy" in facts
    structure = poppler("pdfinfo", pdf, "-struct-text")
    quoted = " ".join(line.strip()[1:-1] for line in structure.splitlines() if line.strip().startswith('"'))
    for text in (quoted, poppler("pdftotext", pdf, "-raw")):
        # Signs of no width would be read with the mark before them, and poppler stops reading a tag at them.
        assert "\u200b" not in text
        _in_order(" ".join(text.replace("\u2060", "").split()))
    assert {"H1", "H2", "P", "L", "LI", "Lbl", "Figure:"} <= set(structure.split())
    assert ("Table" in structure) == ("large" not in sheet)


def test_the_square_leads_to_the_code(client, live, settings):
    """Drawn anew from the address: the same square, module by module."""
    pdf = fetched(client)
    png = subprocess.run(
        [found("pdftoppm"), "-png", "-r", "300", "-l", "1", "-singlefile", "-"], input=pdf, capture_output=True
    )
    wanted = [list(row) for row in segno.make(f"{settings.SITE_URL}/e/{live.code}/", error="m", micro=False).matrix]
    assert squares(png.stdout, len(wanted)) == wanted


def squares(png: bytes, modules: int) -> list[list[int]]:
    """Return the modules of the one QR code on a page: it stands alone at the right, between two rules."""
    with Picture.open(io.BytesIO(png)) as page:
        grey = page.convert("L")
    millimetre = 300 / 25.4
    left = grey.width - round(17 * millimetre) - round(30 * millimetre)
    area = grey.crop((left, 0, grey.width - round(17 * millimetre) + 1, grey.height))
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
