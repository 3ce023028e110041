"""Importing over what is here: nothing changes unseen, nothing is lost, and what was agreed to is what happens."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from education import actions
from education.actions.exporting import export_guide
from education.actions.importing import WouldChange, import_guide
from education.guide_files import MalformedFile
from education.models import FormerSlug, Guide, Image, PageVersion, Source, Term
from education.working_copy import entries_of
from tests import builders
from tests.pictures import png

ROW = {"name": "Numbness", "frequency": "rare", "sources": ["trial-2020"]}
OTHER = {"name": "Redness", "frequency": "common", "sources": []}


@pytest.fixture
def guide(cast) -> Guide:
    made = builders.guide(cast["author"])
    page = made.pages.get(kind="side-effects")
    actions.save_page(
        page, by=cast["author"], base=None, title=page.title, slug=page.slug, markdown=page.markdown, entries=[ROW]
    )
    return made


@pytest.fixture
def folder(guide, tmp_path) -> Path:
    """The guide as it is, as files."""
    export_guide(guide, tmp_path / "cold")
    return tmp_path / "cold"


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def refused(folder: Path, cast) -> WouldChange:
    with pytest.raises(WouldChange) as caught:
        import_guide(folder, by=cast["author"])
    return caught.value


def told(folder: Path, cast) -> str:
    return "\n".join(refused(folder, cast).changes.lines())


def agreed(folder: Path, cast) -> None:
    import_guide(folder, by=cast["author"], seen=refused(folder, cast).changes.fingerprint)


EDITS = {
    "a fact of the guide": ("guide.toml", "Cold therapy", "Ice", ("The guide", "title: “Cold therapy” → “Ice”")),
    "a text": ("03-side-effects.md", "a day", "a week", ("Page “Side effects”", "text, in lines: 1 changed", "a week")),
    "a title": ("03-side-effects.md", '"Side effects"', '"Harm"', ("title: “Side effects” → “Harm”",)),
    "an address": ("03-side-effects.md", '"\n\n', '"\nslug = "harm"\n\n', ("slug: “side-effects” → “harm”",)),
    "an entry": ("03-side-effects.md", '"rare"', '"common"', ("changed\n    frequency: “rare” → “common”",)),
    "an entry's name": ("03-side-effects.md", "Numbness", "Tingling", ("“Tingling”: new", "“Numbness”: out")),
    "an entry's sources": ("03-side-effects.md", '["trial-2020"]', "[]", ("\n    sources: trial-2020 → nothing",)),
    "a source": ("library.toml", "Journal of Cold", "Ice", ("Source trial-2020", "“Journal of Cold” → “Ice”")),
    "a term": ("library.toml", "when something", "if something", ("Term numbness", "plain meaning: ")),
}  # fmt: skip


def state() -> list:
    return [
        *(list(model.objects.values()) for model in (Guide, Source, Term)), PageVersion.objects.count(),
        [list(guide.pages.order_by("id").values()) for guide in Guide.objects.all()],
    ]  # fmt: skip


@pytest.mark.parametrize("case", EDITS)
def test_a_change_is_told_and_not_made_until_somebody_agrees_then_made(case, folder, cast):
    name, old, new, lines = EDITS[case]
    before = state()
    edit(folder, name, old, new)
    shown = told(folder, cast)
    assert [line for line in lines if line not in shown] == []
    assert state() == before
    agreed(folder, cast)
    assert state() != before
    assert not import_guide(folder, by=cast["author"]).changes.rows


def test_what_somebody_saves_after_the_question_is_not_overwritten_unseen(folder, guide, cast):
    edit(folder, "03-side-effects.md", "for a day", "for a week")
    seen = refused(folder, cast).changes.fingerprint
    builders.write(guide, cast["colleague"], "side-effects", "A colleague's text.")
    with pytest.raises(WouldChange):
        import_guide(folder, by=cast["author"], seen=seen)
    assert guide.pages.get(kind="side-effects").markdown == "A colleague's text."


def test_files_that_change_after_the_question_are_asked_about_again(folder, cast):
    edit(folder, "guide.toml", "Cold therapy", "Ice")
    seen = refused(folder, cast).changes.fingerprint
    edit(folder, "guide.toml", '"Ice"', '"Fire"')
    with pytest.raises(WouldChange):
        import_guide(folder, by=cast["author"], seen=seen)


def test_what_somebody_saves_elsewhere_after_the_question_is_no_matter(folder, guide, cast):
    edit(folder, "guide.toml", "Cold therapy", "Ice")
    (folder / "02-preparation.md").unlink()
    seen = refused(folder, cast).changes.fingerprint
    builders.write(guide, cast["colleague"], "preparation", "Do nothing.")
    import_guide(folder, by=cast["author"], seen=seen)
    assert guide.pages.get(kind="preparation").markdown == "Do nothing."


def test_a_guide_that_says_all_of_it_already_stays_as_it_is(folder, cast):
    before = state()
    done = import_guide(folder, by=cast["author"])
    assert (done.new, done.changes.rows) == (False, ())
    assert state() == before


def test_a_page_that_the_folder_does_not_have_stays_and_this_is_said(folder, guide, cast):
    (folder / "02-preparation.md").unlink()
    edit(folder, "guide.toml", "Cold therapy", "Ice")
    assert told(folder, cast).endswith("Not in the folder, so these pages stay as they are: Preparation.")
    agreed(folder, cast)
    assert [page.kind for page in guide.pages.kept()] == ["overview", "preparation", "side-effects"]


def test_a_removed_page_is_put_back_as_the_folder_has_it(folder, guide, cast):
    actions.remove_page(guide.pages.get(kind="side-effects"), by=cast["author"])
    edit(folder, "03-side-effects.md", "for a day", "for a week")
    assert "put back: it was removed" in told(folder, cast)
    agreed(folder, cast)
    page = guide.pages.kept().get(kind="side-effects")
    assert "for a week" in page.markdown
    assert guide.pages.filter(kind="side-effects").count() == 1


def test_a_removed_page_whose_text_is_the_same_is_put_back_too(folder, guide, cast):
    actions.remove_page(guide.pages.get(kind="preparation"), by=cast["author"])
    assert told(folder, cast) == "Page “Preparation”\n  put back: it was removed"
    agreed(folder, cast)
    assert guide.pages.kept().filter(kind="preparation").exists()


def test_pages_of_the_kind_other_are_told_apart_by_their_addresses(guide, cast, tmp_path):
    for slug in ("ice", "snow"):
        builders.page(guide, cast["author"], "other", f"About {slug}.", title=slug, slug=slug)
    export_guide(guide, tmp_path / "cold")
    (tmp_path / "cold/04-other.md").rename(tmp_path / "cold/06-other.md")
    edit(tmp_path / "cold", "06-other.md", "About ice.", "About ice and hail.")
    agreed(tmp_path / "cold", cast)
    pages = {page.slug: page.markdown for page in guide.pages.kept()}
    assert (pages["ice"], pages["snow"], list(pages)[-1]) == ("About ice and hail.", "About snow.", "ice")


def test_entries_that_the_file_does_not_have_go_and_stay_among_the_saved_texts(folder, guide, cast):
    page = guide.pages.get(kind="side-effects")
    old = entries_of([page])[page.pk]
    text = (folder / "03-side-effects.md").read_text(encoding="utf-8")
    head, _, rest = text.partition("[[entries]]")
    (folder / "03-side-effects.md").write_text(head + rest[rest.index("+++") :], encoding="utf-8")
    assert "Side effect “Numbness”: out" in told(folder, cast)
    agreed(folder, cast)
    assert entries_of([page])[page.pk] == ()
    assert [dict(row) for row in old] in [version.entries for version in page.versions.all()]


def test_another_order_of_entries_is_a_change(folder, guide, cast):
    page = guide.pages.get(kind="side-effects")
    facts = {"title": page.title, "slug": page.slug, "markdown": page.markdown}
    actions.save_page(page, by=cast["author"], base=None, entries=[ROW, OTHER], **facts)
    first = entries_of([page])[page.pk]
    export_guide(guide, folder.parent / "two")
    actions.save_page(page, by=cast["author"], base=None, entries=[OTHER, ROW], **facts)
    assert "entries: another order" in told(folder.parent / "two", cast)
    agreed(folder.parent / "two", cast)
    assert entries_of([page])[page.pk] == first


def test_a_new_page_stands_where_the_folder_has_it(folder, guide, cast):
    (folder / "01a-other.md").write_text(
        '+++\nkind = "other"\ntitle = "Ice"\nslug = "ice"\n+++\nIce.\n', encoding="utf-8"
    )
    assert "Page “Ice”\n  new" in told(folder, cast)
    agreed(folder, cast)
    assert [page.slug for page in guide.pages.kept()] == ["overview", "ice", "preparation", "side-effects"]


def test_another_order_of_the_files_is_another_order_of_the_pages(folder, guide, cast):
    (folder / "03-side-effects.md").rename(folder / "00-side-effects.md")
    assert "would be: Side effects, Overview, Preparation" in told(folder, cast)
    agreed(folder, cast)
    assert [page.slug for page in guide.pages.kept()] == ["side-effects", "overview", "preparation"]


def test_pages_that_are_not_in_the_folder_keep_their_place_among_the_others(folder, guide, cast):
    (folder / "02-preparation.md").unlink()
    (folder / "03-side-effects.md").rename(folder / "00-side-effects.md")
    assert "  would be: Side effects, Preparation (not in the folder), Overview" in told(folder, cast)
    agreed(folder, cast)
    assert [page.slug for page in guide.pages.kept()] == ["side-effects", "preparation", "overview"]


def test_where_a_new_page_will_stand_among_pages_that_are_not_in_the_folder_is_said(folder, guide, cast):
    (folder / "03-side-effects.md").unlink()
    (folder / "00-other.md").write_text('+++\nkind = "other"\ntitle = "Ice"\nslug = "ice"\n+++\nI.\n', encoding="utf-8")
    shown = told(folder, cast)
    agreed(folder, cast)
    after = [f"{page.title}{' (not in the folder)' * (page.slug == 'side-effects')}" for page in guide.pages.kept()]
    assert f"The order of the pages\n  would be: {', '.join(after)}\n" in shown
    assert after[0] == "Ice"


def test_an_address_that_one_page_gives_up_can_be_the_next_ones(folder, guide, cast):
    edit(folder, "02-preparation.md", '"Preparation"\n', '"Preparation"\nslug = "side-effects"\n')
    edit(folder, "03-side-effects.md", '"\n\n', '"\nslug = "harm"\n\n')
    agreed(folder, cast)
    assert dict(guide.pages.values_list("kind", "slug"))["preparation"] == "side-effects"
    assert FormerSlug.objects.filter(guide=guide, slug="preparation").exists()


def test_two_pages_that_would_exchange_addresses_are_refused_at_their_line(folder, cast):
    edit(folder, "02-preparation.md", '"Preparation"\n', '"Preparation"\nslug = "side-effects"\n')
    edit(folder, "03-side-effects.md", '"\n\n', '"\nslug = "preparation"\n\n')
    with pytest.raises(MalformedFile, match=r"02-preparation.md, line 4: Another page"):
        import_guide(folder, by=cast["author"])


def test_a_key_that_is_left_out_changes_nothing(folder, guide, cast):
    actions.save_guide(guide, by=cast["author"], codes="X1")
    edit(folder, "guide.toml", 'codes = ""\n', "")
    edit(folder, "library.toml", 'publisher = "Journal of Cold"\n', "")
    assert not import_guide(folder, by=cast["author"]).changes.rows


def test_long_texts_are_shown_where_they_begin_to_differ(folder, guide, cast):
    long = "Cold cools the skin. " * 10
    actions.save_guide(guide, by=cast["author"], summary=f"{long}Rest.")
    (folder / "guide.toml").unlink()
    export_guide(guide, folder.parent / "long")
    (folder.parent / "long/guide.toml").rename(folder / "guide.toml")
    edit(folder, "guide.toml", "Rest.", "Do not rest.")
    assert "  summary: “…old cools the skin. Rest.” → “…old cools the skin. Do not rest.”" in told(folder, cast)


def test_a_source_without_a_year_has_none(folder, cast):
    edit(folder, "library.toml", "year = 2020\n", "")
    assert "year: 2020 → nothing" in told(folder, cast)


def test_a_change_in_the_library_names_the_other_guides_that_it_touches(folder, cast):
    hot = actions.create_guide(by=cast["author"], title="Hot therapy", slug="hot")
    builders.page(hot, cast["author"], "side-effects", "None.", entries=[ROW])
    warm = actions.create_guide(by=cast["author"], title="Warm therapy", slug="warm")
    builders.page(warm, cast["author"], "overview", "Warm [@trial-2020].")
    edit(folder, "library.toml", "Journal of Cold", "Ice")
    assert "Source trial-2020 (also used in: Hot therapy, Warm therapy)" in told(folder, cast)


def test_a_new_guide_is_not_asked_about_but_the_library_that_it_would_change_is(folder, cast):
    edit(folder, "guide.toml", '"cold-therapy"', '"ice"')
    edit(folder, "library.toml", "Journal of Cold", "Ice")
    changes = refused(folder, cast).changes
    assert [row.place for row in changes.rows] == ["Source trial-2020 (also used in: Cold therapy)"]
    edit(folder, "library.toml", '"Ice"', '"Journal of Cold"')
    assert import_guide(folder, by=cast["author"]).new


def test_another_picture_or_description_of_an_image_is_a_change(folder, guide, cast):
    image = actions.add_image(Image(key="hand", alternative_text="A hand."), io.BytesIO(png()), by=cast["author"])
    builders.write(guide, cast["author"], "overview", "![](image:hand)")
    with_image = folder.parent / "image"
    export_guide(guide, with_image)
    assert not import_guide(with_image, by=cast["author"]).changes.rows
    edit(with_image, "library.toml", "A hand.", "My hand.")
    (with_image / "hand.webp").write_bytes(png(colour="red"))
    assert "Image hand\n  alternative text: “A hand.” → “My hand.”\n  another picture" in told(with_image, cast)
    agreed(with_image, cast)
    now = Image.objects.get()
    assert (now.alternative_text, now.sha256 != image.sha256) == ("My hand.", True)


def test_reasons_are_added_and_changed_and_others_stay(folder, guide, cast):
    actions.save_guide(guide, by=cast["author"], reasons={"list.long overview": "Short.", "funding": "Clear."})
    (folder / "reasons.toml").write_text(
        '[[reasons]]\ncheck = "list.long"\npage = "overview"\nreason = "Very short."\n', encoding="utf-8"
    )
    assert "Reasons for the report\n  list.long overview: “Short.” → “Very short.”" in told(folder, cast)
    agreed(folder, cast)
    guide.refresh_from_db()
    assert guide.reasons == {"list.long overview": "Very short.", "funding": "Clear."}


def test_a_mistake_in_a_page_that_is_not_in_the_folder_is_no_matter(folder, guide, cast):
    (folder / "02-preparation.md").unlink()
    builders.write(guide, cast["author"], "preparation", "Unknown [@nothing].")
    assert not import_guide(folder, by=cast["author"]).changes.rows
