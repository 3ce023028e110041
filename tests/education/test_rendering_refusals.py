"""From Markdown to a page's HTML: what is refused, and what the editor is told."""

from __future__ import annotations

import pytest

from education.rendering import MAX_CHARACTERS
from education.rendering.sanitiser import is_allowed_image, is_allowed_link
from tests.education.example_library import ASKED, only_problem, rendered


def test_an_unknown_source_is_reported_with_its_line_and_the_nearest_key():
    line, message = only_problem("First.\n\nSwelling[@fda-2032] is common.")

    assert line == 3
    assert "“fda-2032”" in message
    assert "Did you mean “fda-2023”?" in message
    assert rendered("Swelling[@fda-2032].").html == "<p>Swelling[@fda-2032].</p>"
    assert rendered("Swelling[@fda-2032].").citations == ()


def test_a_key_unlike_any_other_gets_no_suggestion():
    assert "Did you mean" not in only_problem("[@zzzzzz]")[1]


@pytest.mark.parametrize("written", ["[@FDA 2023]", "[@]", "[@fda-2023; nhs-right]", "[@fda_2023]"])
def test_a_reference_that_is_no_key_is_reported(written):
    line, message = only_problem(f"One.\n{written}")

    assert line == 2
    assert "is not the key of a source" in message


def test_a_reference_that_is_not_closed_is_reported():
    line, message = only_problem("Swelling\n[@fda-2023 is common.")

    assert line == 2
    assert "not complete" in message


def test_an_unknown_term_is_reported_and_its_word_stays():
    assert "“lypolysis”" in only_problem("[fat loss](term:lypolysis)")[1]
    assert rendered("[fat loss](term:lypolysis)").html == "<p>fat loss</p>"
    assert rendered("[fat loss](term:lypolysis)").terms == ()


def test_a_term_whose_key_cannot_be_one_is_reported():
    assert "does not name a term" in only_problem("[fat](term:Fat Loss)")[1]


def test_an_unknown_image_is_reported_and_its_caption_stays():
    assert "“arms”" in only_problem("![After a day](image:arms)")[1]
    assert rendered("![After a day](image:arms)").html == "<p>After a day</p>"


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/x.png", "/media/x.png", "data:image/png;base64,AAAA", "arm"]
)
def test_an_image_from_elsewhere_is_refused(address):
    page = rendered(f"Text\n\n![A caption]({address})")

    assert page.problems[0].line == 3
    assert page.problems[0].message.startswith("Images come from the image library")
    assert "<img" not in page.html
    assert page.images == ()


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "java&#10;script:alert(1)",
        "&#x6a;avascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/&#92;elsewhere.example",
        "https:/elsewhere.example",
        "https://[",
        "https://a b.example",
        "ftp://elsewhere.example",
        "side-effects",
        "../side-effects",
        "www.example.org",
        "mailto:",
        "tel:+1 555 0100",
        "",
        "#",
    ],
)
def test_a_link_that_leads_nowhere_safe_is_left_out_and_its_text_stays(target):
    page = rendered(f"One\n\n[text]({target})")

    assert page.html == "<p>One</p>\n<p>text</p>"
    assert page.links == ()
    assert page.problems[0].line == 3
    assert "was left out" in page.problems[0].message


def test_a_link_to_an_image_is_told_how_to_show_one():
    assert "exclamation mark" in only_problem("[arm](image:arm)")[1]


def test_a_link_without_words_is_refused():
    assert "has no words" in only_problem("See [](https://example.org)")[1]
    assert "<a" not in rendered("See [](https://example.org)").html


def test_a_link_that_is_not_closed_is_reported():
    line, message = only_problem("One\n[text](https://example.org")

    assert line == 2
    assert "could not be read" in message


def test_a_reference_inside_a_link_is_reported():
    assert "after the link" in only_problem("[the warning [@fda-2023]](/guides/)")[1]


def test_a_link_inside_a_link_is_reported():
    page = rendered("[see <https://example.org>](/c)")

    assert page.html == '<p><a href="/c">see https://example.org</a></p>'
    assert [problem.message for problem in page.problems] == [
        "A link cannot stand inside another link. Put one after the other."
    ]


def test_a_caption_that_cannot_be_shown_is_reported():
    line, message = only_problem("Text ![After a day](image:arm) text")

    assert line == 1
    assert "paragraph of its own" in message


def test_two_places_for_the_entries_are_one_too_many():
    line, message = only_problem("[[entries]]\n\nText\n\n[[entries]]", entries=ASKED)

    assert line == 5
    assert "a second time" in message
    assert rendered("[[entries]]\n\n[[entries]]", entries=ASKED).html == rendered("[[entries]]", entries=ASKED).html


@pytest.mark.parametrize("text", ["See [[entries]].", "- [[entries]]", "> [[entries]]", "## [[entries]]"])
def test_the_place_for_the_entries_stands_alone(text):
    page = rendered(text, entries=ASKED)

    assert "paragraph of its own" in page.problems[0].message
    assert "[[entries]]" not in page.html


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('!!! danger "Stop"\n    - a', "no box of the kind “danger”"),
        ("!!! urgent See a doctor if\n    - a", "could not be read"),
        ("!!!\n    - a", "could not be read"),
        ("!!! urgent\n    - a", "has no title"),
        ("!!! warning\n    Text", "has no title"),
        ('!!! urgent "See a doctor if"\n- not indented', "is empty"),
        ("!!! do", "is empty"),
        ("- item\n\n  !!! do\n\n", "start of a line"),
    ],
)
def test_a_box_that_is_not_right_is_reported_with_its_line(text, says):
    page = rendered("Text\n\n" + text)

    assert says in page.problems[0].message
    assert page.problems[0].line == 3 + text[: text.index("!!!")].count("\n")


def test_a_box_of_no_kind_keeps_its_words():
    assert rendered('!!! danger "Stop"\n    Now').html == "<div>\n<p>Stop</p>\n<p>Now</p>\n</div>"


def test_a_text_that_is_too_long_is_refused_and_told_so():
    line, message = only_problem("a\n\n" * (MAX_CHARACTERS // 3) + "a")

    assert line == 1
    assert "60001 characters" in message
    assert rendered("a" * (MAX_CHARACTERS + 1), entries=ASKED).html == ""


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a\n\n" + "b" * 6_001, 3, "characters"),
        ("a\n\n" + "b\n" * 401, 3, "lines"),
        ("a\n\n" + "# b\n" * 21, 3, "headings, rules, boxes or definitions"),
        ("a\n\n" * 3_001, 6_001, "3000 paragraphs"),
        ("a\n\n" + "- [@fda-2023]\n\n" * 1_501, 3_003, "references"),
        (("|" * 30 + "\n" + "|-" * 30 + "\n" + "a\n" * 100 + "\n") * 2, 104, "cells"),
        ("a\n" + "> " * 7 + "b", 2, "more than 6 deep"),
        ("a\n\n" + "* - 1. " * 3 + "b", 3, "more than 6 deep"),
        ("- a\n" + "    " * 6 + "- b", 2, "more than 6 deep"),
        ("a\n: b\n" * 20, 1, "more than 6 deep"),
    ],
)
def test_a_text_that_would_take_too_long_is_refused_with_the_place(text, line, says):
    page = rendered(text)

    assert page.html == ""
    assert (page.problems[0].line, len(page.problems)) == (line, 1)
    assert says in page.problems[0].message


@pytest.mark.parametrize("failure", [RecursionError, ValueError, KeyError, AttributeError])
@pytest.mark.parametrize("place", ["markdown.Markdown.convert", "education.rendering.renderer.sanitised"])
def test_when_rendering_fails_the_editor_is_told_and_no_number_is_used_up(monkeypatch, failure, place):
    def give_up(*arguments):
        raise failure

    numbers = {"nhs-right": 1}
    monkeypatch.setattr(place, give_up)
    page = rendered("Text[@fda-2023]", numbers=numbers)

    assert page.html == page.text == ""
    assert len(page.problems) == 1
    assert numbers == {"nhs-right": 1}


@pytest.mark.parametrize("address", ["/a\x00b", "/a\x7fb", "#\x01", "https://a.example/\x1b", "tel:1\n", "/a\n"])
def test_no_address_has_a_control_character(address):
    assert not is_allowed_link(address)
    assert not is_allowed_image(address)


def test_the_problems_of_a_hopeless_text_are_cut_short():
    problems = rendered("[@nothing] " * 500).problems

    assert len(problems) == 51
    assert "(450)" in problems[-1].message
