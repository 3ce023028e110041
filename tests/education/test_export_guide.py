"""Exporting a guide: what is refused, and what the files hold."""

from __future__ import annotations

import io
import json
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from education import actions
from education.actions.exporting import export_guide
from education.actions.image_files import image_path
from education.actions.signing import signature
from education.canonical import canonical_moment, sha256
from education.guide_files import MalformedFile
from education.models import Archiving, Image, Reopening, Term
from tests import builders
from tests.education.sourced import checked
from tests.pictures import png


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def image(cast) -> Image:
    return actions.add_image(Image(key="hand", alternative_text="A hand."), io.BytesIO(png()), by=cast["author"])


def toml(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))


# Refusals


def test_a_guide_that_is_not_there_is_refused_with_those_that_are(guide, out):
    with pytest.raises(CommandError, match=r"no guide “ice”\. Name one of these: cold-therapy") as caught:
        call_command("export_guide", "ice", str(out))
    assert caught.value.returncode == 1
    assert not out.exists()


def test_an_edition_that_is_not_there_is_refused_with_those_that_are(live, out):
    with pytest.raises(CommandError, match=r"no edition 7\. Name one of these: 1"):
        call_command("export_guide", "cold-therapy", str(out), edition=7)
    assert not out.exists()


def test_a_folder_that_holds_something_is_left_alone(guide, tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(CommandError, match=r"not empty\. Name a new folder.* Nothing was written"):
        call_command("export_guide", "cold-therapy", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_inside_a_file_is_refused(guide, tmp_path):
    (tmp_path / "file").write_text("keep", encoding="utf-8")
    with pytest.raises(CommandError, match=r"cannot be written: Not a directory\."):
        call_command("export_guide", "cold-therapy", str(tmp_path / "file" / "new"))


def test_the_folder_one_stands_in_is_refused(guide, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match="You stand in this folder"):
        call_command("export_guide", "cold-therapy", ".")


def test_a_guide_without_pages_is_refused(cast, out):
    actions.create_guide(by=cast["author"], title="Cold", slug="cold")
    with pytest.raises(CommandError, match="no pages"):
        call_command("export_guide", "cold", str(out))


@pytest.mark.parametrize("damage", ["gone", "another picture"])
def test_a_picture_that_is_not_as_recorded_is_refused_and_nothing_is_written(damage, guide, image, cast, out):
    builders.write(guide, cast["author"], "overview", "![](image:hand)")
    path = image_path(image.sha256)
    path.unlink() if damage == "gone" else path.write_bytes(b"x")
    with pytest.raises(CommandError, match="picture “hand”"):
        call_command("export_guide", "cold-therapy", str(out))
    assert list(out.parent.iterdir()) == []


# What the files hold


def test_missing_folders_above_the_folder_are_made(guide, tmp_path):
    call_command("export_guide", "cold-therapy", str(tmp_path / "no" / "where" / "cold"))
    assert (tmp_path / "no/where/cold/guide.toml").is_file()


@pytest.mark.parametrize("edition", [None, 1])
def test_a_source_that_no_longer_stands_says_so_and_one_that_does_says_nothing(edition, live, guide, cast, out):
    checked("trial-2020", cast["author"])
    builders.source("other")
    builders.write(guide, cast["author"], "overview", "Cold cools [@trial-2020] [@other].")
    call_command("export_guide", "cold-therapy", str(out), edition=edition)
    found = {row["key"]: (row.get("status"), row.get("status_note")) for row in toml(out / "library.toml")["sources"]}
    assert found.pop("trial-2020") == ("withdrawn", "The journal took it back.")
    assert found == ({} if edition else {"other": (None, None)})


def test_a_source_that_stands_again_says_nothing(guide, cast, out):
    checked("trial-2020", cast["author"])
    checked("trial-2020", cast["author"], "current", "")
    export_guide(guide, out)
    assert "status" not in (out / "library.toml").read_text(encoding="utf-8")


def test_the_pages_are_files_in_their_order_and_removed_ones_are_not_there(guide, cast, out, capsys):
    builders.page(guide, cast["author"], "other", "Ice.", title="Ice", slug="ice")
    actions.remove_page(guide.pages.get(kind="preparation"), by=cast["author"])
    call_command("export_guide", "cold-therapy", str(out))
    names = ["01-overview.md", "02-side-effects.md", "03-other.md", "guide.toml", "library.toml"]
    assert sorted(path.name for path in out.iterdir()) == names
    assert (out / "03-other.md").read_text(encoding="utf-8") == (
        '+++\nkind = "other"\ntitle = "Ice"\nslug = "ice"\n+++\nIce.\n'
    )
    assert "Wrote the working copy of “Cold therapy”" in capsys.readouterr().out


def test_entries_stand_in_the_front_matter_without_what_says_nothing(guide, cast, out):
    page = guide.pages.get(kind="preparation")
    steps = [{"from_day": 0, "text": "Eat.", "sources": ["trial-2020"]}, {"from_day": -2, "to_day": 0, "text": "Rest."}]
    facts = {"title": page.title, "slug": page.slug, "markdown": "Text."}
    actions.save_page(page, by=cast["author"], base=None, entries=steps, **facts)
    export_guide(guide, out)
    assert (out / "02-preparation.md").read_text(encoding="utf-8") == (
        '+++\nkind = "preparation"\ntitle = "Preparation"\n\n'
        '[[entries]]\nfrom_day = 0\ntext = "Eat."\nsources = ["trial-2020"]\n\n'
        '[[entries]]\nfrom_day = -2\nto_day = 0\ntext = "Rest."\n+++\nText.\n'
    )


def test_the_library_has_what_the_guide_uses_and_nothing_else(guide, image, cast, out):
    builders.source("other")
    builders.term("other", term="other")
    builders.source("entry", check_again_months=6)
    builders.page(guide, cast["author"], "benefits", "", entries=[
        {"claim": "Less pain", "evidence": "some", "sources": ["entry"]},
    ])  # fmt: skip
    export_guide(guide, out)
    library = toml(out / "library.toml")
    months = [(row["key"], row["check_again_months"]) for row in library["sources"]]
    assert months == [("entry", 6), ("trial-2020", 24)]
    assert [row["key"] for row in library["terms"]] == ["numbness"]
    assert "images" not in library
    assert not (out / "hand.webp").exists()


def test_pictures_are_written_byte_for_byte(guide, image, cast, out):
    builders.write(guide, cast["author"], "overview", "![](image:hand)")
    export_guide(guide, out)
    assert (out / "hand.webp").read_bytes() == image_path(image.sha256).read_bytes()
    [row] = toml(out / "library.toml")["images"]
    assert (row["file"], row["alternative_text"], row["decorative"]) == ("hand.webp", "A hand.", False)


def test_reasons_are_written_but_for_pages_and_checks_that_are_not_there(guide, cast, out):
    reasons = {"list.long overview": "Short.", "funding": "Clear.", "list.long cost": "Gone.", "dates": ""}
    reasons["check.of.old"] = "No longer made."
    reasons |= {"source.status trial-2020": "It stands.", "source.status gone-2020": "Gone.", "source.status": "Old."}
    actions.save_guide(guide, by=cast["author"], reasons=reasons)
    export_guide(guide, out)
    assert toml(out / "reasons.toml")["reasons"] == [
        {"check": "funding", "reason": "Clear."},
        {"check": "list.long", "page": "overview", "reason": "Short."},
        {"check": "source.status", "page": "trial-2020", "reason": "It stands."},
    ]


def test_the_facts_of_the_guide_are_all_there(guide, cast, out):
    original = actions.create_guide(by=cast["author"], title="Kälte", slug="kalt")
    actions.save_guide(guide, by=cast["author"], translation_of=original, codes="X1", review_interval_months=6)
    export_guide(guide, out)
    facts = toml(out / "guide.toml")["guide"]
    assert (facts["slug"], facts["translation_of"], facts["codes"]) == ("cold-therapy", "kalt", "X1")
    assert (facts["review_interval_months"], facts["funding"]) == (6, guide.funding)


def test_an_edition_is_written_as_the_record_has_it_not_as_things_are_today(live, guide, cast, out, capsys):
    actions.save_guide(guide, by=cast["author"], title="Ice", codes="X1")
    builders.write(guide, cast["author"], "side-effects", "Nothing.")
    builders.page(guide, cast["author"], "cost", "Much.")
    term = Term.objects.get()
    term.plain_meaning = "Something else."
    actions.save_term(term, by=cast["author"])
    call_command("export_guide", "cold-therapy", str(out), edition=1)
    assert sorted(path.name for path in out.glob("*.md")) == [
        "01-overview.md", "02-preparation.md", "03-side-effects.md",
    ]  # fmt: skip
    facts = toml(out / "guide.toml")["guide"]
    assert (facts["title"], facts["codes"]) == ("Cold therapy", "X1")
    assert "numbness" in (out / "03-side-effects.md").read_text(encoding="utf-8")
    assert toml(out / "library.toml")["terms"][0]["plain_meaning"] != "Something else."
    assert "Wrote edition 1 of “Ice”" in capsys.readouterr().out


# The record beside an edition


def test_a_working_copy_has_no_record(live, guide, out):
    export_guide(guide, out)
    assert not (out / "record.json").exists()


def test_an_edition_comes_with_its_hashes_and_the_chain_up_to_it(live, guide, cast, out):
    second = builders.next_edition(guide, cast, "You can get numb [@trial-2020].")
    builders.next_edition(guide, cast, "You can get numb for days [@trial-2020].")
    actions.save_guide(guide, by=cast["author"], slug="cooling")
    files = export_guide(guide, out, edition=second)
    record = json.loads((out / "record.json").read_text(encoding="utf-8"))
    assert list(record) == [
        *("slug_at_creation", "code", "number", "content_hash", "made_at", "chain_hash"),
        *("chain", "files", "decisions"),
    ]
    assert (record["slug_at_creation"], record["code"], record["number"]) == ("cold-therapy", second.code, 2)
    assert (record["content_hash"], record["chain_hash"]) == (second.content_hash, second.chain_hash)
    assert [(one["number"], one["chain_hash"]) for one in record["chain"]] == [
        (1, live.chain_hash),
        (2, second.chain_hash),
    ]
    assert record["made_at"] == record["chain"][-1]["made_at"] == canonical_moment(second.made_at)
    assert (
        set(record["files"]) == set(files) - {"record.json"} == {path.name for path in out.iterdir()} - {"record.json"}
    )
    assert record["files"]["guide.toml"] == sha256((out / "guide.toml").read_bytes())


def test_the_text_of_an_edition_stands_in_its_files_and_not_in_the_record_again(live, guide, out):
    export_guide(guide, out, edition=live)
    text = (out / "record.json").read_text(encoding="utf-8")
    for words in ("cools the skin", "A trial of cold", "feel less than usual"):
        assert words not in text


def test_the_decisions_tell_who_did_what_when_and_no_note_among_staff(guide, cast, out):
    edition = builders.approved(guide, cast)
    actions.give_back(edition, by=cast["reviewer"], note="Between us: dreadful.")
    builders.write(guide, cast["author"], "side-effects", "You can get numb [@trial-2020].")
    edition = builders.approved(guide, cast)
    actions.publish(edition, by=cast["author"], live_from=timezone.now() + timedelta(days=2))
    actions.cancel(edition, by=cast["author"])
    actions.publish(edition, by=cast["author"])
    actions.confirm(edition, by=cast["reviewer"], judged=edition.content_hash)
    actions.withdraw(edition, by=cast["reviewer"], reason="A wrong dose.")
    export_guide(guide, out, edition=guide.editions.get(number=1))
    first = (out / "record.json").read_text(encoding="utf-8")
    assert "dreadful" not in first
    assert [one["what"] for one in json.loads(first)["decisions"]] == ["submitted", "approved", "returned"]
    export_guide(guide, out.parent / "second", edition=edition)
    decisions = json.loads((out.parent / "second/record.json").read_text(encoding="utf-8"))["decisions"]
    assert [one["what"] for one in decisions] == [
        *("submitted", "approved", "published", "publication cancelled", "published", "confirmed", "withdrawn"),
    ]
    assert [one["at"] for one in decisions] == sorted(one["at"] for one in decisions)
    approved, withdrawn = decisions[1], decisions[-1]
    review = edition.reviews.first()
    assert approved == {
        "what": "approved", "by": "Rae Reviewer", "role": "nurse", "at": canonical_moment(review.made_at),
        "content_hash": edition.content_hash, "by_second_person": True,
        "next_review_due": review.next_review_due.isoformat(),
    }  # fmt: skip
    assert (withdrawn["by"], withdrawn["reason"]) == ("Rae Reviewer", "A wrong dose.")


def test_the_record_tells_that_a_guide_was_archived_and_brought_back(live, guide, cast, out):
    signed = signature(cast["owner"], timezone.now())
    archiving = Archiving(guide=guide, reason="Nobody offers it any more.", **signed)
    archiving.save()
    Reopening(archiving=archiving, **signature(cast["owner"], timezone.now())).save()
    export_guide(guide, out, edition=live)
    last = json.loads((out / "record.json").read_text(encoding="utf-8"))["decisions"][-2:]
    assert [one["what"] for one in last] == ["guide archived", "guide brought back"]
    assert (last[0]["by"], last[0]["reason"]) == ("Olu Owner", "Nobody offers it any more.")


def test_an_edition_s_files_name_what_is_empty_and_import_takes_no_notice_of_the_record(guide, cast, out):
    row = {"name": "Bruise", "frequency": "rare", "duration": "A day", "sources": ["trial-2020"]}
    builders.write(guide, cast["author"], "side-effects", "Text [@trial-2020].", entries=[row])
    edition = builders.published(guide, cast)
    export_guide(guide, out, edition=edition)
    text = (out / "03-side-effects.md").read_text(encoding="utf-8")
    assert text.endswith(
        'title = "Side effects"\nslug = "side-effects"\n\n[[entries]]\nkind = "side-effect"\nname = "Bruise"\n'
        'frequency = "rare"\nfigure = ""\nduration = "A day"\naction = ""\nsources = ["trial-2020"]\n+++\n'
        "Text [@trial-2020].\n"
    )
    (out / "record.json").write_text("{ not even JSON", encoding="utf-8")
    assert not actions.import_guide(out, by=cast["author"]).changes.rows


def test_an_entry_that_names_another_kind_than_its_page_has_is_refused(guide, cast, out):
    row = {"name": "Bruise", "frequency": "rare", "duration": "A day", "sources": ["trial-2020"]}
    builders.write(guide, cast["author"], "side-effects", "Text [@trial-2020].", entries=[row])
    export_guide(guide, out, edition=builders.published(guide, cast))
    path = out / "03-side-effects.md"
    path.write_text(path.read_text(encoding="utf-8").replace('"side-effect"', '"benefit"'), encoding="utf-8")
    with pytest.raises(MalformedFile, match="“benefit” is no value of kind; expected one of: side-effect"):
        actions.import_guide(out, by=cast["author"])
