"""The sample's guides: complete, easy to read, passed by the report, and true to what they are made from."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from education.examining import examine
from education.models import Edition, Guide, Page, Source
from education.readability import measure
from education.working_copy import assemble, contents

GUIDES = ("is-a-cosmetic-procedure-right-for-you", "mesotherapy")
HARDEST_PAGE, HARDEST_GUIDE = 8, 7

# Where a reader finds what the two web pages say that made people ask: page, source, words of the page.
FACTS = [
    ("overview", "a", "not surgery"),
    ("overview", "a", "done by a professional"),
    ("evidence", "a", "little scientific proof"),
    ("evidence", "a", "procedure is not approved"),
    ("how-it-works", "a", "deeper than a cream"),
    ("how-it-works", "a", "no standard mixture"),
    ("how-it-works", "a", "layer under your skin"),
    ("how-it-works", "a", "1 to 4 millimeters"),
    ("how-it-works", "a", "for decades"),
    *[
        ("how-it-works", "a", words)
        for words in ("plant", "vitamins and minerals", "enzymes", "hormones", "prescription medicines", "homeopathic")
    ],
    *[
        ("benefits", "a", words)
        for words in ("fat", "younger", "wrinkles", "alopecia", "cellulite", "loose", "shape", "acne scars")
    ],
    *[("benefits", "a", words) for words in ("stomach", "hips", "legs", "buttocks", "thighs")],
    ("preparation", "a", "pain medicines"),
    ("preparation", "a", "every medicine and supplement"),
    ("what-happens", "a", "numbing medicine"),
    ("what-happens", "a", "called a gun"),
    ("what-happens", "a", "chest, hands, thighs, face and scalp"),
    ("what-happens", "a", "3 to 15"),
    *[
        ("side-effects", "a", words)
        for words in (
            "Bumps",
            "infection",
            "Allergic",
            "pigmentation",
            "Swelling",
            "Redness",
            "Itching",
            "Bruises",
            "Scars",
        )
    ],
    ("recovery", "a", "no downtime"),
    ("recovery", "a", "a day off"),
    ("choosing-a-provider", "a", "licensed doctor with experience"),
    ("choosing-a-provider", "a", "Not every provider is right"),
    ("choosing-a-provider", "b", "only licensed doctors"),
    ("choosing-a-provider", "b", "dermatologists"),
    ("what-happens", "b", "go home the same day"),
    ("what-happens", "b", "clean the area"),
    ("what-happens", "b", "pinch a fold"),
    ("what-happens", "b", "how much cellulite"),
    ("what-happens", "b", "a few minutes"),
    ("what-happens", "b", "hate needles"),
    ("what-happens", "b", "6 to 10"),
    ("what-happens", "b", "2 to 3 weeks"),
    ("how-it-works", "b", "mobilize and dissolve"),
    *[("side-effects", "b", words) for words in ("Burning", "Bruises", "Itching", "Soreness", "Allergic")],
    ("results", "b", "clothes may feel looser"),
    ("results", "b", "after a few treatments"),
    ("results", "b", "2 to 4 more sessions a year"),
    *[
        ("results", "b", words)
        for words in ("healthy diet", "exercise often", "stop smoking", "diabetes under control")
    ],
    ("results", "b", "about 10%"),
    ("results", "b", "does not work for everyone"),
    ("recovery", "b", "back to work at once"),
    ("recovery", "b", "within 48 hours"),
    *[
        ("contraindications", "b", words)
        for words in ("Pregnancy", "insulin", "Heart attack", "cancer", "Blood thinners")
    ],
    ("benefits", "b", "chin and upper arms"),
    ("alternatives", "b", "liposuction"),
    ("cost", "b", "300 to 500"),
]


def _edition(slug: str) -> Edition:
    return Edition.objects.live().get(guide__slug=slug)


def _pages(slug: str) -> dict[str, tuple[str, str]]:
    """Return text and HTML of each page, by its address."""
    found = {page.slug: page.renderings.get() for page in _edition(slug).pages.all()}
    return {slug: (rendering.text, rendering.html) for slug, rendering in found.items()}


@pytest.mark.parametrize("slug", GUIDES)
def test_no_error_and_a_written_reason_for_each_warning(sample, slug):
    edition = _edition(slug)
    assert [one for one in edition.report if one["level"] == "E"] == []
    warned = {f"{one['check']} {one['place']}".strip() for one in edition.report if one["level"] == "W"}
    assert set(edition.reasons) == warned
    assert all(len(reason) > 20 for reason in edition.reasons.values())


@pytest.mark.parametrize("slug", GUIDES)
def test_every_page_and_the_whole_can_be_read_by_a_twelve_year_old(sample, slug):
    terms = [term["term"] for term in _edition(slug).terms]
    texts = {page: text for page, (text, _) in _pages(slug).items()}
    grades = {page: measure(text, terms).grade for page, text in texts.items()}
    assert {page: grade for page, grade in grades.items() if grade > HARDEST_PAGE} == {}
    assert measure("\n".join(texts.values()), terms).grade <= HARDEST_GUIDE


def test_the_guide_to_the_procedure_has_a_page_of_every_kind(sample):
    assert [page.kind for page in _edition("mesotherapy").pages.order_by("position")] == Page.Kind.values[:-1]


def test_every_source_of_the_library_is_cited_and_every_entry_has_one(sample):
    cited = {source["key"] for slug in GUIDES for source in _edition(slug).sources}
    assert cited == set(Source.objects.values_list("key", flat=True))
    for page in _edition("mesotherapy").pages.exclude(kind="questions"):
        assert all(entry["sources"] for entry in page.entries)


def test_a_reader_finds_what_the_two_web_pages_say(sample):
    pages = _pages("mesotherapy")
    missing = [
        (page, source, words)
        for page, source, words in FACTS
        if words.lower() not in pages[page][0].lower() or f'href="#source-{source}"' not in pages[page][1]
    ]
    assert missing == []


def test_the_three_levels_of_help_stand_with_the_side_effects(sample):
    _, html = _pages("mesotherapy")["side-effects"]
    for level in ("emergency", "urgent", "non-urgent"):
        assert f"care-card-{level}" in html


def test_doing_nothing_is_the_first_alternative(sample):
    text, _ = _pages("mesotherapy")["alternatives"]
    assert 0 < text.lower().index("nothing") < text.lower().index("liposuction")


def test_sources_that_disagree_stand_side_by_side(sample):
    _, html = _pages("mesotherapy")["evidence"]
    assert html.count('class="disagreement"') >= 5


def test_figures_of_one_product_never_stand_without_saying_so(sample):
    for page, (text, _) in _pages("mesotherapy").items():
        for line in text.split("\n"):
            if "Kybella" in line and re.search(r"\d+ in 100", line):
                assert "under the chin" in line, f"{page}: {line}"


def test_figures_that_must_not_be_quoted_are_not(sample):
    assert [page for page, (text, _) in _pages("mesotherapy").items() if re.search("Duncan|Chubaty|Mahmud", text)] == []


@pytest.mark.parametrize("slug", GUIDES)
@pytest.mark.parametrize("months", [1, 11, 20])
def test_the_sample_does_not_age_into_errors(sample, time_machine, slug, months):
    guide = Guide.objects.get(slug=slug)
    now = timezone.now() + timedelta(days=30 * months)
    _, _, findings = examine(guide, assemble(guide, contents(guide.pages.kept())), now)
    assert [one for one in findings if one.level == "E" or one.check == "source.overdue"] == []


def test_the_scores_in_the_documentation_are_of_this_text(sample, settings):
    scored = (settings.BASE_DIR / "docs/sample-guide.md").read_text(encoding="utf-8")
    assert f"code `{_edition('mesotherapy').short_hash}`" in scored
