"""Beginning a guide: what is refused, what a skeleton and a copy have, and that neither is submitted as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from education import actions
from education.actions import Blocked, Refused
from education.actions.beginning import SKELETON
from education.examining import examine
from education.gaps import gaps
from education.models import Guide, Page, Source
from education.quality import ERROR
from education.rules import NotPermitted
from education.working_copy import assemble, contents
from tests import builders

SAMPLE = settings.BASE_DIR / "sample" / "guides" / "mesotherapy"
NEW = {"title": "Laser therapy", "slug": "laser-therapy"}


def findings(guide: Guide) -> dict[str, int]:
    """Return how often each check finds an error in a guide as it is."""
    _, _, found = examine(guide, assemble(guide, contents(guide.pages.kept())))
    ids = [one.check for one in found if one.level == ERROR]
    return {name: ids.count(name) for name in ids}


@pytest.mark.parametrize("who", ["reviewer", "front_desk", "outsider"])
def test_only_who_may_make_guides_begins_one(cast, who):
    with pytest.raises(NotPermitted):
        actions.begin_guide(by=cast[who], **NEW)
    with pytest.raises(NotPermitted):
        actions.copy_guide(SAMPLE, by=cast[who], **NEW)
    assert not Guide.objects.exists()


def test_an_address_that_another_guide_has_is_refused_and_that_guide_stays_as_it_was(cast):
    there = builders.guide(cast["author"], title="Ours", slug="mesotherapy")
    for begin in (actions.begin_guide, lambda **facts: actions.copy_guide(SAMPLE, **facts)):
        with pytest.raises(Refused, match="belongs to another guide") as refusal:
            begin(by=cast["author"], title="Mesotherapy", slug="mesotherapy")
        assert refusal.value.field == "slug"
    there.refresh_from_db()
    assert (there.title, there.pages.count()) == ("Ours", 3)
    assert not Source.objects.filter(key="clinic").exists()


def test_a_library_that_says_something_else_stops_a_copy_and_says_what(cast):
    source = Source(key="clinic", title="Our own instruction", strength="clinic-instruction", publisher="Us")
    actions.save_source(source, by=cast["author"])
    with pytest.raises(Refused, match=r"(?s)Nothing was copied.*import_guide") as refusal:
        actions.copy_guide(SAMPLE, by=cast["author"], **NEW)
    assert "clinic" in str(refusal.value)
    assert not Guide.objects.exists()


def test_files_that_cannot_be_read_stop_a_copy(cast, tmp_path: Path):
    with pytest.raises(Refused, match="Begin with a skeleton"):
        actions.copy_guide(tmp_path / "nothing", by=cast["author"], **NEW)


def test_a_skeleton_has_every_usual_page_in_order_and_each_says_what_to_write(cast):
    guide = actions.begin_guide(by=cast["author"], **NEW)
    pages = list(guide.pages.kept())
    assert [page.kind for page in pages] == [kind for kind in Page.Kind if kind != Page.Kind.OTHER]
    assert {page.title for page in pages} == {str(Page.Kind(page.kind).label) for page in pages}
    for page in pages:
        assert gaps(page.markdown), page.title
    assert guide.kind == Guide.Kind.PROCEDURE
    assert len(list(SKELETON.glob("*.md"))) == len(pages)


def test_a_skeleton_is_refused_for_its_gaps_on_each_page_and_for_nothing_in_its_form(cast):
    guide = actions.begin_guide(by=cast["author"], **NEW)
    found = findings(guide)
    assert found["text.gap"] >= len(Page.Kind) - 1 + 3
    assert not {"text.problem", "heading.order", "link.broken", "page.empty"} & set(found)
    with pytest.raises(Blocked):
        actions.submit(guide, by=cast["owner"], what_changed="First edition.")


def test_a_copy_says_which_instructions_are_another_clinics_and_is_refused_until_that_is_seen_to(cast):
    guide = actions.copy_guide(SAMPLE, by=cast["author"], **NEW)
    assert (guide.title, guide.slug, guide.pages.count()) == ("Laser therapy", "laser-therapy", 14)
    assert "Harbor Lane" not in guide.written_by + guide.funding
    first = guide.pages.kept().first()
    assert "copy of one that a made-up clinic wrote" in first.markdown
    assert "“The clinic's own instruction” (clinic)" in first.markdown
    # Its links to itself lead to where it is now.
    assert findings(guide) == {"text.gap": 3}
    assert any("/guides/laser-therapy/" in page.markdown for page in guide.pages.all())
    actions.save_guide(guide, by=cast["author"], written_by="Our nurses", funding="We pay, and offer this treatment.")
    rest = first.markdown.partition("\n\n")[2]
    actions.save_page(first, by=cast["author"], base=None, title=first.title, slug=first.slug, markdown=rest)
    guide.refresh_from_db()
    assert findings(guide) == {}


def test_a_second_copy_stands_beside_the_first(cast):
    actions.copy_guide(SAMPLE, by=cast["author"], **NEW)
    again = actions.copy_guide(SAMPLE, by=cast["author"], title="Second", slug="second")
    assert again.pages.count() == 14
    assert Guide.objects.count() == 2


def test_a_link_and_other_brackets_are_no_gaps():
    assert gaps("[Write to us](/about/), [@key], [writer], [ ] write") == []
    assert gaps("a\n\nb [write\nit] c [Write it]") == [("[write it]", 3), ("[Write it]", 4)]
