"""The buttons above a Markdown field, from the keyboard: what each writes, and that one undo takes it back."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from playwright.sync_api import Locator, Page, expect

from education import actions
from education.models import Guide, Image
from education.models import Page as GuidePage
from tests import builders
from tests.browser.conftest import accessible, reach, sign_in

TEXT = "Cold numbs the skin.\n\nEat as usual."
SALTI = "Fat dissolved by injection, a study of 37 women"


@pytest.fixture
def page(transactional_db) -> GuidePage:
    author = builders.cast()["author"]
    guide: Guide = builders.guide(author)
    builders.source("salti-2008", title=SALTI, authors="Salti G, Ghersetich I", year=2008)
    drawn = io.BytesIO()
    Picture.new("RGB", (40, 30), "navy").save(drawn, "PNG")
    upload = SimpleUploadedFile("door.png", drawn.getvalue(), "image/png")
    door = Image(key="clinic-door", alternative_text="The blue door of the clinic")
    actions.add_image(door, upload, by=author)
    return builders.page(guide, author, GuidePage.Kind.BENEFITS, TEXT)


def address(page: GuidePage) -> str:
    return f"/admin/education/guide/{page.guide_id}/pages/{page.pk}/"


def text_of(editor: Page) -> Locator:
    return editor.get_by_role("textbox", name="Text")


def marked(editor: Page) -> str:
    return str(editor.evaluate("getSelection().toString()"))


def from_text_to(editor: Page, button: str) -> None:
    """Go from the text into the toolbar, along it with the arrow keys, and press Enter on a button."""
    editor.keyboard.press("Alt+F10")
    wanted = editor.get_by_role("toolbar").get_by_role("button", name=button, exact=True)
    editor.keyboard.press("Home")
    for _ in range(30):
        if wanted.evaluate("element => element === document.activeElement"):
            editor.keyboard.press("Enter")
            return
        editor.keyboard.press("ArrowRight")
    pytest.fail(f"the arrow keys never reach {button}")


def test_an_editor_inserts_cards_sources_terms_and_an_image_with_the_keyboard_alone(page, visit):
    editor = visit()
    sign_in(editor, "author", address(page))
    text = text_of(editor)

    # One tab stop, and the arrow keys go round.
    bar = editor.get_by_role("toolbar", name="Insert into the text")
    heading, last = bar.get_by_role("button", name="Heading", exact=True), bar.get_by_role("button", name="Entries")
    expect(bar).to_have_attribute("aria-controls", "id_markdown")
    reach(editor, heading)
    editor.keyboard.press("ArrowLeft")
    expect(last).to_be_focused()
    editor.keyboard.press("ArrowRight")
    expect(heading).to_be_focused()
    editor.keyboard.press("End")
    expect(last).to_be_focused()
    editor.keyboard.press("Tab")
    expect(text).to_be_focused()
    editor.keyboard.press("Shift+Tab")
    expect(last).to_be_focused()
    editor.keyboard.press("Escape")
    expect(text).to_be_focused()

    # A source, found by its author, at the end of the first paragraph, before the full stop.
    editor.keyboard.press("Control+Home")
    editor.keyboard.press("End")
    editor.keyboard.press("ArrowLeft")
    from_text_to(editor, "Source")
    search = editor.get_by_role("combobox", name="Cite a source")
    expect(search).to_be_focused()
    editor.keyboard.type("saltu")
    expect(editor.get_by_text("No source fits.")).to_be_in_viewport()
    editor.keyboard.press("Backspace")
    editor.keyboard.type("i")
    expect(editor.get_by_text("1 source fits.")).to_have_class("visually-hidden")
    expect(editor.get_by_role("option", name=SALTI)).to_be_visible()
    accessible(editor)
    editor.keyboard.press("ArrowDown")
    editor.keyboard.press("Enter")
    expect(text).to_have_value("Cold numbs the skin [@salti-2008].\n\nEat as usual.")
    expect(text).to_be_focused()
    expect(editor.frame_locator("iframe").get_by_text(SALTI).first).to_be_attached()

    # A term in place of the word that is marked.
    text.evaluate("field => field.setSelectionRange(5, 10)")
    from_text_to(editor, "Term")
    editor.keyboard.type("numb")
    editor.keyboard.press("Enter")
    expect(text).to_have_value("Cold [numbs](term:numbness) the skin [@salti-2008].\n\nEat as usual.")

    # A care card behind the paragraph in which the cursor stands; the gap in it is marked, to be written over.
    from_text_to(editor, "Emergency")
    assert marked(editor) == "[write what somebody would notice]"
    editor.keyboard.type("you cannot breathe")
    card = '!!! emergency "Call 911 if"\n    - you cannot breathe'
    paragraph = "Cold [numbs](term:numbness) the skin [@salti-2008]."
    expect(text).to_have_value(f"{paragraph}\n\n{card}\n\nEat as usual.")

    # Lines that are marked become a list in a box; one undo gives the text before.
    editor.keyboard.press("Control+End")
    editor.keyboard.type("\n\nwear a coat\nbring your list")
    before = text.input_value()
    text.evaluate("field => field.setSelectionRange(field.value.length - 27, field.value.length)")
    assert marked(editor) == "wear a coat\nbring your list"
    from_text_to(editor, "Do")
    done = f"{paragraph}\n\n{card}\n\nEat as usual.\n\n!!! do\n    - wear a coat\n    - bring your list"
    expect(text).to_have_value(done)
    editor.keyboard.press("Control+z")
    expect(text).to_have_value(before)
    editor.keyboard.press("Control+Shift+z")
    expect(text).to_have_value(done)
    from_text_to(editor, "Do not")
    editor.keyboard.type("do not rub it")
    done += "\n\n!!! dont\n    - do not rub it"
    expect(text).to_have_value(done)

    # An image, found by its alternative text, on a line of its own at the very start; the caption comes next.
    editor.keyboard.press("Control+Home")
    from_text_to(editor, "Image")
    editor.keyboard.type("blue door")
    expect(editor.get_by_role("option", name="The blue door of the clinic").locator("img")).to_be_visible()
    editor.keyboard.press("Enter")
    editor.keyboard.type("Our door")
    expect(text).to_have_value(f"![Our door](image:clinic-door)\n\n{done}")
    expect(editor.frame_locator("iframe").get_by_text("Our door")).to_be_visible()
    accessible(editor)

    # Escape leaves a search, and nothing is inserted.
    from_text_to(editor, "Figure")
    editor.keyboard.press("Escape")
    editor.keyboard.press("Escape")
    expect(text).to_be_focused()
    expect(editor.get_by_role("combobox", name="Insert a figure")).to_have_count(0)

    editor.keyboard.press("Control+s")
    expect(editor.get_by_text("is saved")).to_be_visible()
    page.refresh_from_db()
    assert page.markdown == f"![Our door](image:clinic-door)\n\n{done}"


# `¦` stands for the cursor, or for both ends of what is marked.
CASES = [
    ("", "Heading", "## ¦[write a heading]¦"),
    ("One\nti¦tle\nthree", "Heading", "One\n\n## title¦\n\nthree"),
    ("## Old¦", "Smaller heading", "### Old¦"),
    ("", "List", "- ¦[write the first item]¦"),
    ("Text.\n¦one\ntwo¦\nMore.", "List", "Text.\n\n- one\n- two¦\n\nMore."),
    ("¦one\n\ntwo¦", "Numbered list", "1. one\n\n2. two¦"),
    ("- one\n- ¦two¦\n- three", "Numbered list", "- one\n1. two¦\n- three"),
    ("- one\n¦", "List", "- one\n- ¦[write the first item]¦"),
    ("!!! do\n    ¦one\n    two¦", "List", "!!! do\n    - one\n    - two¦"),
    ("", "Bold", "**¦[write what is important]¦**"),
    ("a ¦b¦ c", "Bold", "a ¦**b**¦ c"),
    ("- ¦one\n- two ¦", "Italic", "- ¦*one*\n- *two* ¦"),
    ("¦the FDA¦", "Link", "[the FDA](¦[write the address]¦)"),
    ("¦https://www.fda.gov/¦", "Link", "[¦[write the words of the link]¦](https://www.fda.gov/)"),
    ("A.\n\nB¦.\nC.\n\nD.", "Not urgent",
     'A.\n\nB.\nC.\n\n!!! non-urgent "Call us if"\n    - ¦[write what somebody would notice]¦\n\nD.'),
    ("¦- one\n    more\n- two¦", "Urgent",
     '!!! urgent "Contact a doctor the same day if"\n    - one\n        more\n    - two¦'),
    ("¦One.\n\nTwo.¦", "Warning",
     '!!! warning "¦[write the warning in a few words]¦"\n    One.\n\n    Two.'),
    ("!!! do\n    - a\n    - ¦b¦\n    - c\n\nEnd.", "Do not",
     "!!! do\n    - a\n\n!!! dont\n    - b\n\n!!! do\n    - c¦\n\nEnd."),
    ("!!! do\n    - a¦\n\n    - c\n\nEnd.", "Do not",
     "!!! do\n    - a\n\n    - c\n\n!!! dont\n    - ¦[write what not to do]¦\n\nEnd."),
    ("¦How\tOften\nBruises\t1 in 2¦", "Table", "| How | Often |\n| --- | --- |\n| Bruises | 1 in 2 |¦"),
    ("A.\n\n¦B.", "Entries", "A.\n\n[[entries]]¦\n\nB."),
    ("A¦\n\n[[entries]]", "Entries", "A\n\n¦[[entries]]¦"),
]  # fmt: skip


@pytest.mark.looks
def test_what_each_button_makes_of_a_text_and_that_one_undo_takes_it_back(page, visit):
    editor = visit()
    sign_in(editor, "author", address(page))
    field = text_of(editor)
    for before, button, after in CASES:
        start, *marked_words, end = (before or "¦").split("¦")
        inner = "".join(marked_words)
        value = start + inner + end
        field.fill(value)
        cursor = [len(start), len(start + inner)]
        field.evaluate("(field, [from, to]) => field.setSelectionRange(from, to)", cursor)
        editor.get_by_role("toolbar").get_by_role("button", name=button, exact=True).click()
        assert with_cursor(field) == after, f"{button} on {before!r}"
        if after.replace("¦", "") != value:
            editor.keyboard.press("Control+z")
            assert field.input_value() == value, f"{button} on {before!r} taken back"


def with_cursor(field: Locator) -> str:
    """Return a field's text with the cursor in it, or with both ends of what is marked."""
    return str(
        field.evaluate(
            """({ value, selectionStart: from, selectionEnd: to }) =>
                `${value.slice(0, from)}¦${from === to ? "" : `${value.slice(from, to)}¦`}${value.slice(to)}`"""
        )
    )


@pytest.mark.looks
def test_an_information_page_has_the_buttons_that_fit_it(transactional_db, visit):
    builders.cast()
    editor = visit(width=360)
    sign_in(editor, "author", "/admin/clinic/informationpage/add/")
    bar = editor.get_by_role("toolbar")
    expect(bar.get_by_role("button", name="Source")).to_be_visible()
    expect(bar.get_by_role("button", name="Entries")).to_have_count(0)
    sizes = bar.locator("button").evaluate_all("all => all.map((one) => one.getBoundingClientRect().toJSON())")
    assert all(size["height"] >= 24 and size["width"] >= 24 and size["right"] <= 360 for size in sizes)
    bar.get_by_role("button", name="Warning").click()
    expect(editor.get_by_label("Text:")).to_have_value(
        '!!! warning "[write the warning in a few words]"\n    [write what must not be missed]'
    )
    accessible(editor)


@pytest.mark.looks
def test_without_javascript_the_field_and_the_help_are_there(page, visit):
    editor = visit(javascript=False)
    sign_in(editor, "author", address(page))
    expect(editor.get_by_role("toolbar")).to_have_count(0)
    expect(text_of(editor)).to_have_value(TEXT)
    editor.get_by_text("How to write headings, lists, sources and boxes").click()
    expect(editor.get_by_text('!!! emergency "Call 911 if"')).to_be_visible()
    expect(editor.get_by_text("The buttons above the text")).to_be_hidden()
    editor.get_by_text("Keys of your sources, terms and images").click()
    expect(editor.get_by_text("[@salti-2008]")).to_be_visible()


@pytest.mark.looks
def test_enter_goes_on_with_a_list_in_a_box_too_and_an_empty_item_ends_it(page, visit):
    editor = visit()
    sign_in(editor, "author", address(page))
    text = text_of(editor)

    def typed(begin: str, *keys: str) -> str:
        text.fill(begin)
        text.press("Control+End")
        for key in keys:
            editor.keyboard.press(key) if len(key) > 1 and key[0].isupper() else editor.keyboard.type(key)
        return text.input_value()

    assert typed("- one", "Enter", "two") == "- one\n- two"
    assert typed("9. one", "Enter", "two") == "9. one\n10. two"
    assert typed("!!! do\n    - drink", "Enter", "rest") == "!!! do\n    - drink\n    - rest"
    assert typed("!!! do\n    - drink", "Enter", "Enter", "then") == "!!! do\n    - drink\n\nthen"
    assert typed("- one\n    - in it", "Enter", "Enter", "two") == "- one\n    - in it\n- two"
    assert typed('!!! warning "No"', "Enter", "why", "Enter", "more") == '!!! warning "No"\n    why\n    more'
    assert typed("- one", "Shift+Enter", "two") == "- one\ntwo"
    assert typed("plain", "Enter", "more") == "plain\nmore"
    # In the middle of an item the rest of it becomes the next one; before its mark Enter is only a line.
    assert typed("- one two", *["ArrowLeft"] * 4, "Enter") == "- one\n- two"
    assert typed("- one", "Home", "Enter") == "\n- one"
    # One step back takes the whole mark out again.
    assert typed("- one", "Enter", "Control+z") == "- one"
    # Choosing a word of an input method with Enter is no new line.
    composing = "t => t.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true}))"
    text.fill("- one")
    text.evaluate(composing)
    expect(text).to_have_value("- one")
