"""Every page, in every state, can be used by everybody: WCAG 2.2 AA, and what no engine of rules sees.

Each page is opened once, looked at in every way, and each claim is then judged for all of them. They are shared out to
parts, so that processes that share the tests look at different pages, instead of one at all, or each at all.
"""

from __future__ import annotations

import pytest

from tests.browser.examining import Found, examined, parts

# The pages come from a database, once.
pytestmark = [pytest.mark.looks, pytest.mark.django_db]


PARTS = 8


@pytest.fixture(scope="module", params=range(PARTS), ids=lambda number: f"part {number + 1}")
def found(request, site, browser) -> Found:
    return examined(site, parts(site, PARTS)[request.param], browser)


def none_of(found: Found, *claims: str) -> None:
    """Require that these claims were judged, and that no page offends them."""
    missing = [claim for claim in claims if claim not in found]
    assert missing == []
    pages: dict[str, list[str]] = {}
    for claim in claims:
        for fault, page in found[claim]:
            pages.setdefault(f"{claim}: {fault}", []).append(page)
    lines = [f"{fault}\n    on {len(on)} pages: {', '.join(on[:4])}" for fault, on in pages.items()]
    assert not lines, "\n".join(["", *lines])


def test_all_parts_together_have_every_page_once_and_each_kind_is_looked_at_again(site):
    shared = [page for part in parts(site, PARTS) for page in part]
    assert sorted(map(str, site.pages)) == sorted(str(page) for page, _ in shared)
    again = [page.view for page, for_its_kind in shared if for_its_kind]
    assert sorted(again) == sorted({one.view for one in site.pages if not one.with_errors})


@pytest.mark.parametrize("way", ["", " in the dark", " on a phone", " with large letters", " mirrored"])
def test_the_rules_of_axe_find_nothing(found, way):
    none_of(found, f"axe{way}")


def test_no_page_has_a_script_error_or_asks_another_site(found):
    none_of(found, "watched")


def test_headings_and_landmarks_are_in_order_and_can_be_told_apart(found):
    none_of(found, "structure")


@pytest.mark.parametrize(
    "way",
    [
        *("", " in the dark", " without colours", " on a phone", ", opened on a phone"),
        *(" with large letters", ", zoomed with large letters", " in a low window", " mirrored"),
    ],
)
def test_whatever_has_the_focus_shows_it_and_lies_under_nothing(found, way):
    none_of(found, f"focus{way}")


@pytest.mark.parametrize("way", [" on a phone", " in a low window"])
def test_the_tab_key_goes_the_way_one_reads(found, way):
    none_of(found, f"order{way}")


def test_the_first_tab_leads_past_the_head_of_the_page(found):
    none_of(found, "skip link")


def test_a_form_that_comes_back_has_the_focus_on_what_is_wrong(found):
    none_of(found, "first focus")


@pytest.mark.parametrize("way", ["", " on a phone", " with large letters", ", zoomed with large letters"])
def test_a_thumb_hits_each_main_action(found, way):
    none_of(found, f"actions{way}")


@pytest.mark.parametrize(
    "way",
    [
        *("", " on a phone", ", opened on a phone", " with large letters", ", zoomed with large letters"),
        *(" in a low window", " mirrored"),
    ],
)
def test_no_word_is_cut_off_or_lies_over_another_and_nothing_scrolls_sideways(found, way):
    none_of(found, f"room{way}")


def test_letters_of_twice_the_size_make_all_text_grow(found):
    none_of(found, "grown with large letters")


@pytest.mark.parametrize("way", ["", " on a phone"])
def test_wider_spacing_of_letters_words_and_lines_breaks_nothing(found, way):
    none_of(found, f"spaced{way}")


def test_boxes_and_controls_have_an_edge_where_a_visitor_chooses_the_colours(found):
    none_of(found, "edges without colours")


def test_nothing_moves_for_who_wants_no_motion(found):
    none_of(found, "motion")


def test_words_in_another_language_than_the_page_say_so(found):
    none_of(found, "language")
