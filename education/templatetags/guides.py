"""What templates show of a guide's texts, and in which language it is.

`of_guide` is for a guide's words among fixed ones, `of_words` for fixed words inside a guide's text. As a tag each
gives the attributes of an element that holds nothing else, as a filter it wraps the words. Both give nothing where the
guide is in the language of the fixed words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe

from education.models import Edition, Review
from education.reading import Reading, ReadingPage, first_sentence
from education.structured import script
from education.structured.guide import check_facts, page_facts, whole_facts
from education.wording import marks_of_text, marks_of_words

register = template.Library()
register.filter("first_sentence", first_sentence)


@register.simple_tag(name="of_guide")
def attributes_of_guide(language: str = "") -> SafeString:
    """Return ` lang="ar" dir="rtl"` for an element that holds words of a guide in that language, or nothing."""
    return _attributes(marks_of_text(language))


@register.simple_tag(name="of_words")
def attributes_of_words(language: str = "") -> SafeString:
    """Return ` lang="en" dir="ltr"` for an element of fixed words inside a text in that language, or nothing."""
    return _attributes(marks_of_words(language))


@register.simple_tag
def review_key(reading: Reading, reviewer_url: str) -> tuple[object, ...] | None:
    """Return what `components/reviewed.html` is kept by: who signed, when, until when it holds, and what day it is.

    None for what is not on record or not reviewed.
    """
    review = reading.review
    if reading.edition is None or review is None:
        return None
    signed = (review.made_by_name, review.made_by_role, review.by_second_person, reviewer_url)
    return (*signed, review.made_at, review.next_review_due, timezone.localdate())


@register.simple_tag
def page_data(reading: Reading, page: ReadingPage, reviewer_url: str, site: str) -> SafeString:
    """Return what a page of the live edition says, once more for machines."""
    return script(page_facts(reading, page, reviewer_url, site))


@register.simple_tag
def whole_data(reading: Reading, reviewer_url: str) -> SafeString:
    """Return what the whole guide on one page says of itself, once more for machines."""
    return script(whole_facts(reading, reviewer_url))


@register.simple_tag
def check_data(edition: Edition, review: Review | None) -> SafeString:
    """Return what the self-check says of itself, once more for machines."""
    return script(check_facts(edition, review))


@register.filter(name="of_guide")
def wrapped_of_guide(words: Any, language: str = "") -> SafeString:
    """Return words of a guide in that language, to stand among fixed ones."""
    return _wrapped(words, marks_of_text(language))


@register.filter(name="of_words")
def wrapped_of_words(words: Any, language: str = "") -> SafeString:
    """Return fixed words, to stand among those of a text in that language."""
    return _wrapped(words, marks_of_words(language))


@register.filter
def paragraphs_of_guide(text: str, language: str = "") -> SafeString:
    """Return a guide's text as paragraphs, to stand among fixed words."""
    # Safe: `linebreaks` escapes the text, so no other tag of this name can stand in it.
    return mark_safe(linebreaks(text, autoescape=True).replace("<p>", f"<p{_attributes(marks_of_text(language))}>"))


def _wrapped(words: Any, marks: Mapping[str, str]) -> SafeString:
    return format_html("<bdi{}>{}</bdi>", _attributes(marks), words) if marks else conditional_escape(words)


def _attributes(marks: Mapping[str, str]) -> SafeString:
    return format_html_join("", ' {}="{}"', marks.items())
