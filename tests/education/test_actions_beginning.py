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
    there = builders.guide(cast["author"])
    with pytest.raises(NotPermitted):
        actions.begin_guide(by=cast[who], **NEW)
    with pytest.raises(NotPermitted):
        actions.copy_guide(SAMPLE, by=cast[who], **NEW)
    with pytest.raises(NotPermitted):
        actions.copy_own_guide(there, by=cast[who], **NEW)
    with pytest.raises(NotPermitted):
        actions.begin_page(there, by=cast[who], kind="cost")
    assert list(Guide.objects.all()) == [there]


def test_an_address_that_another_guide_has_is_refused_and_that_guide_stays_as_it_was(cast):
    there = builders.guide(cast["author"], title="Ours", slug="mesotherapy")
    begins = (
        actions.begin_guide,
        lambda **facts: actions.copy_guide(SAMPLE, **facts),
        lambda **facts: actions.copy_own_guide(there, **facts),
    )
    for begin in begins:
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


def test_a_skeleton_for_advice_has_the_pages_that_suit_it(cast):
    guide = actions.begin_guide(by=cast["author"], kind=Guide.Kind.ADVICE, **NEW)
    assert [page.kind for page in guide.pages.kept()] == [
        "overview", "alternatives", "preparation", "cost", "choosing-a-provider", "questions", "evidence",
    ]  # fmt: skip
    assert guide.kind == Guide.Kind.ADVICE


@pytest.mark.parametrize("kind", list(Guide.Kind))
def test_a_skeleton_is_refused_for_its_gaps_on_each_page_and_for_nothing_in_its_form(cast, kind):
    guide = actions.begin_guide(by=cast["author"], kind=kind, **NEW)
    found = findings(guide)
    assert found["text.gap"] >= guide.pages.count() + 3
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


# What a skeleton asks for


def skeleton(kind: str) -> str:
    return next(path.read_text() for path in SKELETON.glob("*.md") if f'kind = "{kind}"' in path.read_text())


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("overview", ["[[entries]]", "three to seven", "!!! do"]),
        ("how-it-works", ["regulator", "glossary"]),
        ("benefits", ["[[entries]]", "no evidence found", "does not do"]),
        ("alternatives", ["## Doing nothing"]),
        ("contraindications", ["[[entries]]", "do not book", "tell us first", "pregnancy"]),
        ("preparation", ["[[entries]]", "!!! do\n", "!!! dont", "!!! warning", "prescribed"]),
        ("what-happens", ["stop at any point"]),
        ("side-effects", ["[[entries]]", "!!! emergency", "!!! urgent", "!!! non-urgent", "any skin", "not known"]),
        ("recovery", ["[[entries]]", "!!! do\n", "!!! dont", "!!! emergency", "!!! urgent"]),
        ("results", ["## If it does not work"]),
        ("cost", ["good faith estimate", "nobody has to calculate"]),
        ("choosing-a-provider", ["license", "!!! dont"]),
        ("questions", ["[[entries]]"]),
        ("evidence", ["[[entries]]", "who paid"]),
    ],
)
def test_the_skeleton_of_a_page_asks_for_what_the_yardsticks_want_there(kind, wanted):
    text = skeleton(kind)
    assert [words for words in wanted if words not in text] == []


def test_every_line_of_a_skeleton_s_lists_of_don_ts_begins_with_do_not():
    for path in SKELETON.rglob("*.md"):
        for block in path.read_text().split("!!! dont\n")[1:]:
            bullets = [line for line in block.partition("\n\n")[0].splitlines() if line.strip().startswith("- ")]
            assert bullets, path
            assert all(line.strip().startswith("- do not ") for line in bullets), path
        assert path.read_text().count("!!! warning") <= 2


def test_a_page_begins_with_the_skeleton_of_its_kind_in_a_guide_of_that_kind(guide, cast):
    evidence = actions.begin_page(guide, by=cast["author"], kind="evidence", title="Where it comes from")
    assert evidence.title == "Where it comes from"
    assert "what this guide rests on" in evidence.markdown
    # General advice has no skeleton for this one.
    results = actions.begin_page(guide, by=cast["author"], kind="results")
    assert (results.title, results.slug) == ("Results", "results")
    assert gaps(results.markdown)
    assert actions.begin_page(guide, by=cast["author"], kind="other", slug="more").markdown == ""
    with pytest.raises(Refused, match="has a page"):
        actions.begin_page(guide, by=cast["author"], kind="results", slug="again")


# A copy of one of our own


@pytest.fixture
def original(cast) -> Guide:
    guide = actions.copy_guide(SAMPLE, by=cast["author"], title="Mesotherapy", slug="mesotherapy")
    actions.save_guide(guide, by=cast["author"], written_by="Our nurses", funding="We pay.", codes="123")
    Guide.objects.filter(pk=guide.pk).update(reasons={"reading.grade": "It is right so."})
    return Guide.objects.get(pk=guide.pk)


def test_a_copy_has_every_kept_page_with_text_and_entries_in_the_same_order(cast, original):
    actions.move_page(original.pages.get(kind="cost"), by=cast["author"], up=True)
    actions.remove_page(original.pages.get(kind="results"), by=cast["author"])
    copy = actions.copy_own_guide(original, by=cast["colleague"], **NEW)
    before, after = (contents(guide.pages.kept()) for guide in (original, copy))
    assert [page.kind for page in after] == [page.kind for page in before]
    assert "results" not in [page.kind for page in after]
    for one, other in zip(before, after, strict=True):
        assert (other.title, other.slug) == (one.title, one.slug)
        assert len(other.entries) == len(one.entries)
        assert [row["sources"] for row in other.entries] == [row["sources"] for row in one.entries]
    text = "".join(page.markdown for page in after)
    assert "/guides/laser-therapy/side-effects/" in text
    assert "/guides/mesotherapy/" not in text.replace("/guides/mesotherapy/results/", "")
    assert (copy.title, copy.slug, copy.written_by, copy.funding) == (*NEW.values(), "Our nurses", "We pay.")


def test_a_copy_has_nothing_of_the_record_nor_the_reasons_and_changes_nothing_in_the_original(cast, original):
    before = [(page.pk, page.markdown, page.position, page.versions.count()) for page in original.pages.all()]
    copy = actions.copy_own_guide(original, by=cast["colleague"], **NEW)
    assert copy.reasons == {}
    assert copy.codes == copy.also_known_as == ""
    assert not copy.editions.exists()
    assert {page.versions.get().made_by for page in copy.pages.all()} == {cast["colleague"]}
    assert [(page.pk, page.markdown, page.position, page.versions.count()) for page in original.pages.all()] == before


def test_a_copy_is_refused_until_its_summary_is_checked(cast, guide):
    copy = actions.copy_own_guide(guide, by=cast["author"], **NEW)
    assert copy.summary == f"[write this anew, or check it and take the brackets away: {guide.summary}]"
    assert findings(copy) == {"text.gap": 1}
    actions.save_guide(copy, by=cast["author"], summary="What it is.")
    copy.refresh_from_db()
    assert findings(copy) == {}


@pytest.mark.parametrize("summary", ["x" * 600, "[a] " * 150, "", "[write in a paragraph]"])
def test_any_summary_becomes_one_gap_that_can_be_saved(cast, guide, summary):
    actions.save_guide(guide, by=cast["author"], summary=summary)
    copy = actions.copy_own_guide(guide, by=cast["author"], **NEW)
    copy.full_clean()
    assert len(gaps(copy.summary)) == 1


@pytest.mark.parametrize(
    ("link", "led"),
    [
        ("/guides/cold-therapy/", "/guides/laser-therapy/"),
        (
            "/guides/cold-therapy/side-effects/#side-effects-help",
            "/guides/laser-therapy/side-effects/#side-effects-help",
        ),
        ("/guides/cold-therapy/plan/?date=2026-01-01", "/guides/laser-therapy/plan/?date=2026-01-01"),
        ("/guides/cold-therapy/leaflet.pdf", "/guides/laser-therapy/leaflet.pdf"),
        ("https://ours.example/guides/cold-therapy/all/", "https://ours.example/guides/laser-therapy/all/"),
        # Addresses that the guide, and a page of it, had before.
        ("/guides/cold/preparation/", "/guides/laser-therapy/preparation/"),
        ("/guides/cold-therapy/getting-ready/", "/guides/laser-therapy/preparation/"),
        # The record is the other guide's, and so are its pages that are not copied.
        ("/guides/cold-therapy/editions/2/", None),
        ("/guides/cold-therapy/mistake/", None),
        ("/guides/cold-therapy/cost/", None),
        ("/guides/cold-therapy-2/", None),
        ("/guides/warm/", None),
        ("https://other.example/guides/cold-therapy/", None),
    ],
)
def test_links_to_the_guide_s_own_pages_lead_to_the_copy_and_no_others(cast, settings, link, led):
    settings.SITE_URL = "https://ours.example"
    guide = builders.guide(cast["author"], slug="cold")
    guide = actions.save_guide(guide, by=cast["author"], slug="cold-therapy")
    page = guide.pages.get(kind="preparation")
    for slug in ("getting-ready", "preparation"):
        actions.save_page(page, by=cast["author"], base=None, title=page.title, slug=slug, markdown=page.markdown)
    gone = builders.page(guide, cast["author"], "cost", "Money.")
    actions.remove_page(gone, by=cast["author"])
    builders.write(guide, cast["author"], "side-effects", f"See [this]({link}) and ({link}).")
    copy = actions.copy_own_guide(guide, by=cast["author"], **NEW)
    assert copy.pages.get(kind="side-effects").markdown == f"See [this]({led or link}) and ({led or link})."


def test_a_link_and_other_brackets_are_no_gaps():
    assert gaps("[Write to us](/about/), [@key], [writer], [ ] write") == []
    assert gaps("a\n\nb [write\nit] c [Write it]") == [("[write it]", 3), ("[Write it]", 4)]
