"""Whatever staff can write is text on every staff screen, never script."""

from __future__ import annotations

import html
import re

import pytest

from education import actions
from education.models import Page
from tests import builders
from tests.education.desk import page_of, page_url, signed_in, url, written

PAYLOAD = "\"'></title></textarea></iframe><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def screens(cast) -> list[str]:
    """Put the payload into every field that staff can write, and return every screen that shows one."""
    author = cast["author"]
    for person in cast.values():
        person.first_name, person.job_title = PAYLOAD[:120], PAYLOAD[:100]
        person.save()
    guide = builders.guide(author, title=PAYLOAD, summary=PAYLOAD, funding=PAYLOAD, written_by=PAYLOAD)
    builders.write(guide, author, Page.Kind.SIDE_EFFECTS, f"{PAYLOAD} [@trial-2020]")
    source = builders.source()
    source.title = source.note = source.publisher = source.authors = PAYLOAD
    actions.save_source(source, by=author)
    term = builders.term()
    term.term = term.plain_meaning = PAYLOAD
    actions.save_term(term, by=author)
    page = page_of(guide, Page.Kind.PREPARATION)
    for markdown in ("Eat as usual.", f"{PAYLOAD} [numb](term:numbness)"):
        actions.save_page(page, by=author, base=None, title=PAYLOAD, slug=page.slug, markdown=markdown)
    first = builders.published(guide, cast, what_changed=PAYLOAD)
    builders.write(guide, author, Page.Kind.SIDE_EFFECTS, f"{PAYLOAD} more {PAYLOAD}")
    second = builders.submitted(guide, author, PAYLOAD, urgent_reason=PAYLOAD, reasons={"check": PAYLOAD})
    comment = {"place": page.slug, "words": PAYLOAD, "quote": PAYLOAD}
    actions.add_comment(second, by=cast["reviewer"], **comment)
    actions.add_comment(second, by=cast["owner"], **comment)
    actions.give_back(second, by=cast["reviewer"], note=PAYLOAD)
    actions.withdraw(first, by=author, reason=PAYLOAD)
    builders.write(guide, author, Page.Kind.SIDE_EFFECTS, f"{PAYLOAD} less")
    third = builders.submitted(guide, author, PAYLOAD)
    actions.add_comment(third, by=cast["owner"], **comment)
    return [
        url("index"),
        *(url(f"education_{name}_changelist") for name in ("guide", "edition", "source", "term", "image")),
        url("education_guide_change", guide.pk),
        url("education_guide_history", guide.pk),
        url("education_guide_submit", guide.pk),
        url("education_page_add_to_guide", guide.pk),
        url("education_source_change", source.pk),
        url("education_term_change", term.pk),
        page_url(page),
        page_url(page, "versions"),
        page_url(page, "version", page.versions.last().pk),
        *(url("education_edition_change", edition.pk) for edition in guide.editions.all()),
        url("education_edition_preview", first.pk),
        url("education_edition_preview", second.pk),
    ]


def test_a_script_in_any_field_is_text_on_every_staff_screen(screens, cast):
    owner = signed_in(cast["owner"])
    met = 0
    for address in screens:
        shown = owner.get(address).content.decode()
        assert not runs(shown), address
        met += "alert(1)" in shown
        for frame in re.findall(r'srcdoc="([^"]*)"', shown):
            assert not runs(html.unescape(frame)), address
    assert met >= len(screens) - 3


def test_a_script_in_what_was_refused_is_text_in_the_answer(screens, cast):
    author = cast["colleague"]
    guide = builders.guide(author, title="Heat", slug="heat")
    page = page_of(guide, Page.Kind.PREPARATION)
    edition = builders.submitted(guide, author)
    client, reviewer = signed_in(author), signed_in(cast["reviewer"])
    review = {"judged": PAYLOAD, "note": PAYLOAD, "words": PAYLOAD, "quote": PAYLOAD, "change": "comment"}
    review |= {"place": PAYLOAD, "accuracy": PAYLOAD}
    stale = written(page, title=PAYLOAD, markdown=PAYLOAD, base="1")
    answers = [
        client.post(page_url(page), stale),
        client.post(page_url(page), {**stale, "title": PAYLOAD * 9}),
        client.post(page_url(page, "preview"), stale),
        client.post(url("education_page_add_to_guide", guide.pk), {"kind": PAYLOAD, "title": PAYLOAD}),
        client.post(url("education_guide_submit", guide.pk), {"what_changed": PAYLOAD, "seen": PAYLOAD}),
        client.post(url("education_source_add"), {"key": PAYLOAD, "title": PAYLOAD}),
        client.post(url("education_guide_add"), {"slug": PAYLOAD, "title": PAYLOAD}),
        reviewer.post(url("education_edition_review", edition.pk), review),
        client.post(url("education_edition_withdraw", edition.pk), {"reason": PAYLOAD}),
        type(client)().post(page_url(page), stale),
    ]
    for answer in answers:
        assert "alert(1)" in answer.content.decode(), answer.request["PATH_INFO"]
        assert not runs(answer.content.decode()), answer.request["PATH_INFO"]


def runs(shown: str) -> bool:
    return "<script>alert" in shown or "<img src=x" in shown
