"""From Markdown to a page's HTML: what each construct becomes, and what is reported of it."""

from __future__ import annotations

import pytest

from education.rendering import CareCard, Heading, ImageFacts, Library, Link, Rendered, render
from tests.education.example_library import LIBRARY, REFERENCE, html, only_problem, rendered

# Images


def test_an_image_alone_in_its_paragraph_is_a_figure_with_caption_and_credit():
    page = rendered("![After *one* day[@fda-2023]](image:arm)")

    reference = REFERENCE.format(key="fda-2023", count=1, number=1)
    assert page.html == (
        '<figure><img src="/media/arm.webp" alt="A bruised arm" width="640" height="480" loading="lazy">'
        f"<figcaption>After <em>one</em> day{reference} "
        '<span class="image-credit">Photo: A. Nurse</span></figcaption>\n</figure>'
    )
    assert page.images == ("arm",)
    assert len(page.citations) == 1


def test_a_figure_without_words_has_no_caption_and_a_decorative_image_no_alternative_text():
    assert html("![](image:line)") == (
        '<figure><img src="/media/line.webp" alt="" width="100" height="5" loading="lazy"></figure>'
    )


def test_an_image_among_text_is_inline():
    assert html("Before ![](image:line) after") == (
        '<p>Before <img src="/media/line.webp" alt="" width="100" height="5" loading="lazy"> after</p>'
    )


def test_alternative_text_cannot_leave_its_attribute():
    facts = ImageFacts("/media/x.webp", '"><script>alert(1)</script>', False, "<b>me</b>", 1, 1)
    page = render("![](image:x)", library=Library({}, {}, {"x": facts}), anchor="x")

    assert "<script" not in page.html
    assert "<b>" not in page.html
    assert "&lt;b&gt;me" in page.html


def test_an_image_is_never_loaded_from_a_dangerous_address():
    facts = ImageFacts("javascript:alert(1)", "x", False, "", 1, 1)

    assert "javascript" not in render("![](image:x)", library=Library({}, {}, {"x": facts}), anchor="x").html


def test_the_place_disappears_when_there_are_no_entries():
    assert html("Before\n\n[[entries]]\n\nAfter") == "<p>Before</p>\n\n<p>After</p>"


# Boxes


def test_a_care_card_says_its_level_to_a_screen_reader_and_ends_its_heading_with_one_colon():
    page = rendered('Text\n\n!!! emergency "Call 911 if"\n    - you cannot breathe\n\nAfter')

    assert page.html == (
        "<p>Text</p>\n"
        '<div class="care-card care-card-emergency">\n'
        '<h2 id="side-effects-call-911-if">'
        '<span class="visually-hidden">Emergency advice: </span>Call 911 if:</h2>\n'
        "<ul>\n<li>you cannot breathe</li>\n</ul>\n</div>\n<p>After</p>"
    )
    assert page.care_cards == (CareCard("emergency", "Call 911 if:", 3),)
    assert page.headings == ()
    assert page.problems == ()
    assert "Call 911 if:</h2>" in html('!!! emergency "Call 911 if:"\n    - a')


@pytest.mark.parametrize(("level", "hidden"), [("urgent", "Urgent advice: "), ("non-urgent", "Non-urgent advice: ")])
def test_the_other_care_cards(level, hidden):
    page = rendered(f"!!! {level} “See a doctor if”\n    - it *hurts*")

    assert f'<div class="care-card care-card-{level}">' in page.html
    assert f'<span class="visually-hidden">{hidden}</span>See a doctor if:' in page.html
    assert page.care_cards[0].level == level
    assert page.problems == ()


def test_lists_of_what_to_do_and_not_to_do_have_headings_of_their_own():
    assert html("!!! do\n    - rest") == (
        '<div class="do-list">\n<h2 id="side-effects-do">Do</h2>\n<ul>\n<li>rest</li>\n</ul>\n</div>'
    )
    assert html('!!! dont "On the day, do not"\n    - run') == (
        '<div class="dont-list">\n<h2 id="side-effects-on-the-day-do-not">On the day, do not</h2>\n'
        "<ul>\n<li>run</li>\n</ul>\n</div>"
    )
    assert ">Don’t</h2>" in html("!!! dont\n    - run")


def test_a_warning_is_important():
    assert html('!!! warning "Not under 18"\n    Wait.') == (
        '<div class="warning-callout">\n'
        '<h2 id="side-effects-not-under-18"><span class="visually-hidden">Important: </span>Not under 18</h2>\n'
        "<p>Wait.</p>\n</div>"
    )


@pytest.mark.parametrize(("before", "level"), [("# a", 3), ("## a", 3), ("### a", 4), ("#### a", 4)])
def test_the_heading_of_a_box_is_one_level_below_the_heading_before_it(before, level):
    assert f'<h{level} id="side-effects-do">' in html(f"{before}\n\n!!! do\n    - rest")


def test_labels_are_made_in_the_language_that_is_active_when_the_page_is_rendered(monkeypatch):
    monkeypatch.setattr("education.rendering.boxes.gettext", str.upper)
    monkeypatch.setattr("education.rendering.assembly.gettext", str.upper)
    monkeypatch.setattr("education.rendering.labels.gettext", str.upper)

    assert ">DO</h2>" in html("!!! do\n    - rest")
    assert ">SOURCE </span>" in html("[@fda-2023]")
    assert "EMERGENCY ADVICE: " in html('!!! emergency "Call 911 if"\n    - a')
    assert 'aria-label="TABLE"' in html("|a|b|\n|-|-|\n|1|2|")


# Headings


def test_headings_have_an_id_on_the_page_and_are_reported_as_written():
    page = rendered("# Side effects\n\n## What to watch for[@fda-2023]\n\n## What to watch for\n\n###### Deep")

    assert '<h2 id="side-effects-side-effects">Side effects</h2>' in page.html
    assert '<h2 id="side-effects-what-to-watch-for-2">What to watch for</h2>' in page.html
    assert '<h4 id="side-effects-deep">Deep</h4>' in page.html
    assert page.headings == (
        Heading(1, "Side effects", "side-effects-side-effects"),
        Heading(2, "What to watch for", "side-effects-what-to-watch-for"),
        Heading(2, "What to watch for", "side-effects-what-to-watch-for-2"),
        Heading(6, "Deep", "side-effects-deep"),
    )


def test_headings_and_boxes_never_share_an_id():
    page = rendered("## Do\n\n!!! do\n    - a\n\n!!! do\n    - b\n\n## Do 2\n\n## ?\n\n## !")

    found = [part.split('"')[0] for part in page.html.split('id="')[1:]]
    assert len(found) == len(set(found)) == 6


def test_a_heading_in_another_script_has_an_id_in_it():
    assert html("## ما يجب مراقبته") == '<h2 id="side-effects-ما-يجب-مراقبته">ما يجب مراقبته</h2>'


# Text


def test_raw_html_is_shown_as_the_text_that_it_is():
    assert html("A <b>bold</b> word\n\n<script>alert(1)</script>\n\n<!-- note -->") == (
        "<p>A &lt;b&gt;bold&lt;/b&gt; word</p>\n<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
        "<p>&lt;!-- note --&gt;</p>"
    )


def test_code_is_not_parsed_so_every_reference_counts():
    page = rendered("`[@fda-2023]`\n\n    [@fda-2023]\n\n```\n[@fda-2023]\n```")

    assert len(page.citations) == 3
    assert "<code" not in page.html
    assert "<pre" not in page.html


def test_character_references_are_characters():
    assert html("5&nbsp;mL &lt;b&gt; AT&T &copy 2 &amp;lt; &#65;") == (
        "<p>5&nbsp;mL &lt;b&gt; AT&amp;T &amp;copy 2 &amp;lt; A</p>"
    )


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("**a** *b* __c__ _d_", "<strong>a</strong> <em>b</em> <strong>c</strong> <em>d</em>"),
        ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
        ("*a **b***", "<em>a <strong>b</strong></em>"),
        ("***a***", "<em><strong>a</strong></em>"),
        ("2 * 3 * 4, a_b_c, **open", "2 * 3 * 4, a_b_c, **open"),
        (r"\*a\* \_b\_", "*a* _b_"),
        ("*a**a*_[b](/b)__", '*a**a*_<a href="/b">b</a>__'),
    ],
)
def test_emphasis(markdown, expected):
    assert html(markdown) == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    "target",
    [
        "/guides/",
        "/",
        "/guides/a/?page=2#top",
        "#side-effects-do",
        "mailto:clinic@example.org",
        "tel:911",
        "tel:+1-555-0100",
    ],
)
def test_links_inside_the_site_and_to_people(target):
    page = rendered(f"[*See* this]({target})")

    assert page.html == f'<p><a href="{target}"><em>See</em> this</a></p>'
    assert page.links == (Link(target, "See this"),)


def test_links_to_the_web_are_marked_as_external():
    page = rendered('[a](https://example.org/x_(y)?a=1&copy=2 "Title") <https://example.org/a_b_c>')

    assert page.html == (
        '<p><a href="https://example.org/x_(y)?a=1&amp;copy=2" rel="external">a</a> '
        '<a href="https://example.org/a_b_c" rel="external">https://example.org/a_b_c</a></p>'
    )
    assert page.links[0] == Link("https://example.org/x_(y)?a=1&copy=2", "a")
    assert page.problems == ()


def test_a_table_scrolls_by_itself_and_names_its_columns():
    assert html("## How often\n\n| Effect | People |\n|:--|--:|\n| *Bruise* | 72% |") == (
        '<h2 id="side-effects-how-often">How often</h2>\n'
        '<div class="table-wrap" role="region" tabindex="0" aria-label="Table: How often">\n'
        "<table>\n<thead>\n<tr>\n"
        '<th scope="col">Effect</th>\n<th class="align-right" scope="col">People</th>\n'
        "</tr>\n</thead>\n<tbody>\n<tr>\n"
        '<td><em>Bruise</em></td>\n<td class="align-right">72%</td>\n'
        "</tr>\n</tbody>\n</table>\n</div>"
    )
    assert 'aria-label="Table"' in html("|a|b|\n|:-:|-|\n|1|2|")
    assert '<td class="align-center">1</td>' in html("|a|b|\n|:-:|-|\n|1|2|")


def test_tables_under_one_heading_have_regions_of_different_names():
    page = html("## Care\n\n|a|b|\n|-|-|\n|1|2|\n\nText\n\n|a|b|\n|-|-|\n|1|2|")
    assert 'aria-label="Table: Care"' in page
    assert 'aria-label="Table: Care (2)"' in page


def test_a_table_of_words_says_in_each_cell_what_it_is_about_so_that_it_can_become_a_list():
    table = html("| Choice | For it [@fda-2023] | Against |\n|--|--|--|\n| None | no *cost* | it stays |")
    assert '<table class="stacks">' in table
    assert (
        '<td>None</td>\n<td data-label="For it">no <em>cost</em></td>\n<td data-label="Against">it stays</td>' in table
    )
    # Two columns fit; numbers are to be compared.
    assert "stacks" not in html("|a|b|\n|-|-|\n|1|2|")
    assert "stacks" not in html("|a|b|c|\n|-|--:|-|\n|1|2|3|")


def test_lists_definitions_quotes_rules_and_breaks():
    assert html("3. c\n4. d\n\n- a\n\nTerm\n:   Meaning\n\n> Quote\n\n---\n\na  \nb") == (
        '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>\n<ul>\n<li>a</li>\n</ul>\n'
        "<dl>\n<dt>Term</dt>\n<dd>Meaning</dd>\n</dl>\n<blockquote>\n<p>Quote</p>\n</blockquote>\n"
        "<hr>\n<p>a<br>\nb</p>"
    )


def test_the_words_of_a_page_are_given_without_numbers_and_hidden_words():
    page = rendered(
        'Swelling[@fda-2023] &amp; **more**\n\n!!! urgent "Call if"\n    - it\n      hurts\n\n|a|b|\n|-|-|\n|1|2|'
    )

    assert page.text == "Swelling & more\nCall if:\nit hurts\na\nb\n1\n2"


def test_an_empty_text_is_an_empty_page():
    assert rendered("") == rendered(" \n\t\n") == Rendered()


def test_characters_that_cannot_stand_in_html_are_taken_out():
    assert html("a\x00b\x02klzzwxh:0000\x03c\ufdd0d\ud800e") == "<p>abklzzwxh:0000cd\N{REPLACEMENT CHARACTER}e</p>"


def test_lines_count_the_same_with_any_line_ending():
    assert only_problem("a\r\n\r\n[@nothing]")[0] == only_problem("a\r\r[@nothing]")[0] == 3


def test_an_anchor_that_is_no_slug_is_made_one():
    assert render("# A", library=LIBRARY, anchor='"><b>').html == '<h2 id="b-a">A</h2>'
    assert render("# A", library=LIBRARY, anchor="").html == '<h2 id="page-a">A</h2>'
