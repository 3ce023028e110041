"""What a text refers to: sources and terms, numbered, linked, and found without rendering."""

from __future__ import annotations

from education.rendering import Citation, keys, render
from tests.education.example_library import LIBRARY, REFERENCE, html, rendered


def test_a_reference_is_a_numbered_link_that_a_screen_reader_reads_as_source_and_number():
    page = rendered("Swelling is common[@fda-2023].")

    reference = REFERENCE.format(key="fda-2023", count=1, number=1)
    assert page.html == f"<p>Swelling is common{reference}.</p>"
    assert page.citations == (Citation("fda-2023", 1, "ref-side-effects-fda-2023-1"),)
    assert page.problems == ()


def test_references_are_numbered_in_reading_order_and_each_has_its_own_id():
    # The parser itself meets the bold text, the table and the list in another order.
    page = rendered("Text **bold [@nhs-right]** [@fda-2023]\n\n- a [@nhs-right]\n\n|a|b [@fda-2023]|\n|-|-|\n|c|d|")

    assert [(citation.number, citation.anchor) for citation in page.citations] == [
        (1, "ref-side-effects-nhs-right-1"),
        (2, "ref-side-effects-fda-2023-1"),
        (1, "ref-side-effects-nhs-right-2"),
        (2, "ref-side-effects-fda-2023-2"),
    ]


def test_pages_of_a_guide_share_one_numbering():
    numbers: dict[str, int] = {}
    render("[@fda-2023]", library=LIBRARY, anchor="overview", numbers=numbers)
    second = render("[@nhs-right] [@fda-2023]", library=LIBRARY, anchor="cost", numbers=numbers)

    assert numbers == {"fda-2023": 1, "nhs-right": 2}
    assert [citation.number for citation in second.citations] == [2, 1]
    assert second.citations[0].anchor == "ref-cost-nhs-right-1"


def test_an_escaped_reference_is_text():
    assert html(r"Write \[@fda-2023] like this") == "<p>Write [@fda-2023] like this</p>"


def test_a_reference_before_parentheses_is_no_link():
    reference = REFERENCE.format(key="fda-2023", count=1, number=1)
    assert html("Swelling[@fda-2023](very common)") == f"<p>Swelling{reference}(very common)</p>"


def test_a_term_links_to_its_meaning():
    page = rendered("[Lipolysis](term:lipolysis) and [*fat* loss](term:lipolysis)")

    assert page.html == (
        '<p><a class="term" href="#term-lipolysis">Lipolysis</a> and '
        '<a class="term" href="#term-lipolysis"><em>fat</em> loss</a></p>'
    )
    assert page.terms == ("lipolysis",)
    assert page.links == ()


def test_a_reference_stays_on_the_line_of_the_word_it_follows():
    html = render("It hurts [@fda-2023].\nIt heals\n[@fda-2023].", library=LIBRARY, anchor="page").html
    assert html.count('\N{NO-BREAK SPACE}<sup class="reference">') == 2


# Keys


def test_the_keys_of_a_text_are_found_without_rendering_it():
    found = keys("[@a-1] [w](term:b) ![](image:c) [x](< term:d >)\n\n`[@e]` [@unknown] [x](/term:no)")

    assert found.sources == {"a-1", "e", "unknown"}
    assert found.terms == {"b", "d"}
    assert found.images == {"c"}


def test_escaped_keys_are_not_used():
    assert keys(r"\[@a] \\[@b] [x\](term:c)").sources == {"b"}
    assert keys(r"\[@a] \\[@b] [x\](term:c)").terms == set()
