"""A page of a guide in the words of schema.org: who reviewed it and when, what it is about, where it stands.

Everything in it stands on the page too, or in the page's address. What search engines ask of such facts:
https://schema.org/MedicalWebPage, https://schema.org/FAQPage, https://schema.org/BreadcrumbList. They are short,
because a guide's longest pages have hardly any bytes to spare: a page names its procedure by the address under which
the overview describes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from education.models import Edition, Guide, Page, Review
from education.reading import Reading, ReadingPage
from education.rendering.plain_text import plain_text

Facts = dict[str, Any]

# An entry of a page of questions as the renderer writes it; no text of an editor can bring such a class.
_QUESTION = re.compile(
    r'<section class="question"[^>]*>\s*<h(\d)[^>]*>(.*?)</h\1>\s*<div class="answer">(.*?)</div>\s*</section>',
    re.DOTALL,
)


def procedure_id(guide_url: str) -> str:
    """Return what every page calls the procedure of a guide: the guide's address with a mark behind it."""
    return f"{absolute(guide_url)}#procedure"


def absolute(path: str) -> str:
    """Return a path of this site as an address that other sites can follow."""
    return f"{settings.SITE_URL}{path}"


def page_facts(reading: Reading, page: ReadingPage, reviewer_url: str, site: str) -> Facts:
    """Return the facts of one page of the live edition.

    `reviewer_url`: the path of the reviewer's own page, or an empty text. `site`: what the site is called.
    """
    url = absolute(page.url)
    facts = {**_web_page(reading, url, page.title, reviewer_url), "about": _about(reading, whole=page.is_overview)}
    if page.is_overview:
        facts["isPartOf"] = {"@type": "WebSite", "name": site, "url": absolute("/")}
    if page.kind == Page.Kind.QUESTIONS and (questions := _questions(page.html)):
        facts["@type"] = ["MedicalWebPage", "FAQPage"]
        facts["mainEntity"] = questions
    return facts


def whole_facts(reading: Reading, reviewer_url: str) -> Facts:
    """Return the facts of the whole guide on one page."""
    url = absolute(reverse("education:whole", args=[reading.guide_slug]))
    facts = _web_page(reading, url, gettext("The whole guide"), reviewer_url)
    return {**facts, "about": _about(reading, whole=False)}


def check_facts(edition: Edition, review: Review | None) -> Facts:
    """Return the facts of the self-check of a live edition; no answer is among them."""
    reading = Reading(
        edition.guide.slug, edition.title, edition.summary, edition.language, edition.written_by, edition.funding,
        pages=(), sources=(), terms=(), edition=edition, review=review,
    )  # fmt: skip
    url = absolute(reverse("education:check", args=[edition.guide.slug]))
    # The page names the reviewer without a way to their own page, so nothing leads there here either.
    facts = _web_page(reading, url, gettext("Before you book"), "")
    return {**facts, "about": _about(reading, whole=False)}


def _web_page(reading: Reading, url: str, title: str, reviewer_url: str) -> Facts:
    guide = absolute(reading.url)
    steps = [(gettext("Guides"), absolute(reverse("education:guides"))), (reading.title, guide)]
    facts: Facts = {"@type": "MedicalWebPage", "@id": url, "name": title, "inLanguage": reading.language}
    if url != guide:
        steps.append((title, url))
        # The address of a guide without an overview leads on to another page.
        whole = absolute(reverse("education:whole", args=[reading.guide_slug]))
        part_of = guide if not reading.pages or any(page.is_overview for page in reading.pages) else whole
        if url != part_of:
            facts["isPartOf"] = {"@id": part_of}
    else:
        facts["name"] = reading.title
    return {**facts, **_reviewed(reading.review, reviewer_url), "breadcrumb": _breadcrumb(steps)}


def _reviewed(review: Review | None, reviewer_url: str) -> Facts:
    """Return who reviewed it and when, as the foot of the page says it; nothing of what nobody reviewed."""
    if review is None:
        return {}
    person = {"@type": "Person", "name": review.made_by_name}
    if reviewer_url:
        person["@id"] = absolute(reviewer_url)
    return {"lastReviewed": timezone.localdate(review.made_at).isoformat(), "reviewedBy": person}


def _about(reading: Reading, *, whole: bool) -> Facts:
    """Return the procedure that a guide is about, described on its overview alone; nothing for general advice."""
    if reading.edition is None or reading.edition.guide.kind != Guide.Kind.PROCEDURE:
        return {}
    named = {"@type": "MedicalProcedure", "@id": procedure_id(reading.url)}
    if not whole:
        return named
    described = {"name": reading.title, "description": reading.summary, "url": absolute(reading.url)}
    return {**named, **{name: value for name, value in described.items() if value}}


def _breadcrumb(steps: Sequence[tuple[str, str]]) -> Facts:
    """Return the way to the page as the page shows it, the page itself last."""
    rows = [
        {"@type": "ListItem", "position": number, "name": name, "item": url}
        for number, (name, url) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": rows}


# The same HTML for as long as an edition is live.
@lru_cache(maxsize=128)
def _questions(html: str) -> tuple[Facts, ...]:
    return tuple(_question(found[2], found[3]) for found in _QUESTION.finditer(html))


def _question(question: str, answer: str) -> Facts:
    """Return a question and its answer, which come as HTML, as the page has them."""
    said = {"@type": "Answer", "text": plain_text(answer)}
    return {"@type": "Question", "name": plain_text(question), "acceptedAnswer": said}
