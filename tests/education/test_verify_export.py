"""The script that checks an exported edition: it runs by itself, passes what is sound and finds every tampering."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from education import actions
from education.actions.exporting import export_guide
from education.canonical import canonical_moment, chain_hash, sha256, short_code
from education.models import Edition, Guide, Image, Source, Term
from tests import builders
from tests.education.example_entries import ON_PAGE
from tests.pictures import png

SCRIPT = Path(__file__).resolve().parent.parent.parent / "docs/verify_export.py"
MOST_LINES = 30
ODD = '“e\u0301” "quoted" \\ back\n\n---\n\n+++ not alone\n\n+++\n\n\'\'\' """ \u2028 \u200f שלום 🧊\n\n---'


def checked(folder: Path) -> tuple[int, list[str]]:
    """Run a copy of the script beside the folder, without the project, its packages or its settings."""
    copy = folder.parent / "verify_export.py"
    shutil.copy(SCRIPT, copy)
    done = subprocess.run(
        [sys.executable, "-I", "-S", copy.name, folder.name],
        cwd=folder.parent,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, [*done.stdout.splitlines(), *done.stderr.splitlines()]


def broken(folder: Path) -> list[str]:
    """Return what the script says does not hold, its last line where it could not read the files."""
    code, lines = checked(folder)
    assert code == 1, lines
    named = [line.partition(": ")[2] for line in lines if line.startswith("DOES NOT HOLD: ")]
    return named or lines[-1:]


@pytest.fixture(autouse=True)
def unjudged(monkeypatch) -> None:
    """Let every text be submitted: what the report says of it is not what these tests are about."""
    examined = "education.actions.submission.examine"
    monkeypatch.setattr(examined, lambda guide, snapshot, now=None: (*snapshot.rendered(), ()))


@pytest.fixture
def guide(cast) -> Guide:
    """A guide with a picture, entries of every kind, and texts that files do not take easily."""
    by = cast["author"]
    made = builders.guide(by, summary=f"{ODD}.", funding="We pay.\r\nAll of it.")
    actions.save_source(Source(key="a-odd", title='"T" \\', note=ODD, strength="survey"), by=by)
    actions.save_term(Term(key="cold", term="co\u0308ld", plain_meaning="Cold.\n\n+++"), by=by)
    image = Image(key="hand", alternative_text='A "hand".', credit="Ann Example", licence="Our own")
    actions.add_image(image, io.BytesIO(png(700, 500)), by=by)
    builders.write(made, by, "preparation", f"{ODD}\n\n[Cold](term:cold) [@a-odd]\n\n![](image:hand)")
    return made


@pytest.fixture
def edition(guide, cast) -> Edition:
    """Its third edition; the second was returned, so that its number is used up."""
    builders.published(guide, cast)
    builders.write(guide, cast["author"], "overview", "Cold therapy cools the skin a lot [@trial-2020].")
    actions.give_back(builders.submitted(guide, cast["author"]), by=cast["reviewer"], note="Between us: no.")
    with time_machine.travel(timezone.now() + timedelta(days=1, microseconds=123)):
        return builders.next_edition(guide, cast, "[Numb skin](term:numbness) [@trial-2020].")


@pytest.fixture
def folder(guide, edition, tmp_path) -> Path:
    export_guide(guide, tmp_path / "out", edition=edition)
    return tmp_path / "out"


def record_in(folder: Path) -> dict:
    return json.loads((folder / "record.json").read_text(encoding="utf-8"))


def write_record(folder: Path, record: dict) -> None:
    (folder / "record.json").write_text(json.dumps(record), encoding="utf-8")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def with_forged_sums(folder: Path) -> None:
    """Write today's hashes of the files into the record, as somebody would who covers their tracks."""
    record = record_in(folder)
    record["files"] = {name: sha256((folder / name).read_bytes()) for name in record["files"]}
    write_record(folder, record)


# The script


def test_the_script_is_short_and_imports_nothing_but_the_standard_library():
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    assert max(map(len, text.splitlines())) <= 120
    [imported] = re.findall(r"^import (.+)$", text, re.MULTILINE)
    assert set(imported.split(", ")) <= sys.stdlib_module_names
    assert not re.search(r"\bfrom \S+ import|__import__|importlib|exec\(|eval\(", text)


# What is sound


def test_a_sound_export_holds_in_every_part(folder, edition):
    code, lines = checked(folder)
    assert code == 0, lines
    assert all(line.startswith("holds: ") for line in lines)
    for number in (1, 2, 3):
        assert f"holds: chain hash of edition {number}" in lines
    assert "holds: content hash" in lines
    assert "holds: file hand.webp" in lines
    assert lines[-1] == f"holds: edition 3, made {canonical_moment(edition.made_at)}, code {edition.code}"


@pytest.mark.parametrize("number", [1, 2])
def test_an_earlier_and_a_returned_edition_hold_by_the_chain_up_to_them(number, guide, edition, tmp_path):
    export_guide(guide, tmp_path / "old", edition=guide.editions.get(number=number))
    assert checked(tmp_path / "old")[0] == 0
    assert len(record_in(tmp_path / "old")["chain"]) == number


def test_entries_of_every_kind_hold_with_what_they_leave_empty(cast, tmp_path):
    by = cast["author"]
    guide = builders.guide(by, kind="procedure")
    for kind, row in ON_PAGE.items():
        page = guide.pages.filter(kind=kind).first()
        if page is None:
            builders.page(guide, by, kind, "Text.", entries=[row])
        else:
            builders.write(guide, by, kind, page.markdown, entries=[row])
    edition = builders.submitted(guide, by)
    assert {one["kind"] for page in edition.pages.all() for one in page.entries} == {
        "key-fact", "benefit", "side-effect", "contraindication", "care-step", "question",
    }  # fmt: skip
    export_guide(guide, tmp_path / "out", edition=edition)
    assert checked(tmp_path / "out") == (0, checked(tmp_path / "out")[1])


@pytest.mark.parametrize("slug", ["mesotherapy", "is-a-cosmetic-procedure-right-for-you"])
def test_an_export_of_the_samples_guides_holds(slug, cast, settings, tmp_path):
    guide = actions.import_guide(settings.BASE_DIR / "sample/guides" / slug, by=cast["author"]).guide
    edition = builders.submitted(guide, cast["author"])
    export_guide(guide, tmp_path / "out", edition=edition)
    code, lines = checked(tmp_path / "out")
    assert code == 0, lines


def test_a_guide_whose_address_changed_holds_by_the_one_it_was_made_with(guide, edition, cast, tmp_path):
    actions.save_guide(guide, by=cast["author"], slug="cooling")
    guide.refresh_from_db()
    export_guide(guide, tmp_path / "out", edition=edition)
    assert record_in(tmp_path / "out")["slug_at_creation"] == "cold-therapy"
    assert checked(tmp_path / "out")[0] == 0


# What was tampered with


@pytest.mark.parametrize("covered", [False, True], ids=["", "with the files' hashes forged"])
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("03-side-effects.md", "Numb skin", "Numb skim"),
        ("03-side-effects.md", 'title = "Side effects"', 'title = "Effects"'),
        ("03-side-effects.md", 'slug = "side-effects"', 'slug = "effects"'),
        ("02-preparation.md", "+++\n\n'''", "\n\n'''"),
        ("guide.toml", "The clinic", "A clinic"),
        ("guide.toml", "We pay.", "You pay."),
        ("library.toml", "A trial of cold", "A trial of heat"),
        ("library.toml", "year = 2020\n", ""),
        ("library.toml", "year = 2020", "year = 2021"),
        ("library.toml", 'key = "trial-2020"', 'key = "trial-2021"'),
        ("library.toml", "less than usual", "more than usual"),
        ("library.toml", 'A \\"hand\\".', "A hand."),
    ],
)
def test_one_change_in_a_text_is_found_and_the_file_is_named(covered, name, old, new, folder):
    replace(folder / name, old, new)
    if covered:
        with_forged_sums(folder)
    assert broken(folder) == ([] if covered else [f"file {name}"]) + ["content hash"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("uncommon", "rare"),
        ("uncommon", ""),
        ("[[entries]]", "[[entry]]"),
        ('sources = ["trial-2020"]', "sources = []"),
    ],
)
def test_a_changed_entry_is_found(old, new, cast, tmp_path):
    guide = builders.guide(cast["author"])
    row = {"name": "Bruise", "frequency": "uncommon", "action": "Wait.", "sources": ["trial-2020"]}
    builders.write(guide, cast["author"], "side-effects", "Text [@trial-2020].", entries=[row])
    export_guide(guide, tmp_path / "out", edition=builders.submitted(guide, cast["author"]))
    assert checked(tmp_path / "out")[0] == 0
    replace(tmp_path / "out/03-side-effects.md", old, new)
    with_forged_sums(tmp_path / "out")
    assert broken(tmp_path / "out") == ["content hash"]


def test_pages_in_another_order_and_a_page_more_are_found(folder):
    (folder / "01-overview.md").rename(folder / "04-overview.md")
    assert broken(folder) == ["file 01-overview.md", "content hash"]
    (folder / "04-overview.md").rename(folder / "01-overview.md")
    (folder / "04-cost.md").write_text('+++\nkind = "cost"\n+++\nMuch.\n', encoding="utf-8")
    assert broken(folder) == ["content hash"]


@pytest.mark.parametrize("covered", [False, True], ids=["", "with the files' hashes forged"])
def test_a_swapped_picture_is_found(covered, folder):
    (folder / "hand.webp").write_bytes(png())
    if covered:
        with_forged_sums(folder)
    assert broken(folder) == ([] if covered else ["file hand.webp"]) + ["content hash"]


@pytest.mark.parametrize("name", ["hand.webp", "02-preparation.md", "library.toml", "guide.toml", "record.json"])
def test_a_file_that_is_missing_is_found(name, folder):
    (folder / name).unlink()
    assert broken(folder)


def test_what_no_content_hash_covers_is_named_by_its_file(folder):
    """The credit of a picture is no part of the content: only the file's own hash tells."""
    replace(folder / "library.toml", "Ann Example", "Ben Example")
    assert broken(folder) == ["file library.toml"]


# The chain


def tampered(folder: Path, change: Callable[[dict], object]) -> list[str]:
    record = record_in(folder)
    change(record)
    write_record(folder, record)
    return broken(folder)


LAST = "edition 3, made"
TAMPERINGS: dict[str, tuple[Callable[[dict], object], list[str]]] = {
    "another date": (
        lambda record: record["chain"][-1].update(made_at="2020-01-01T00:00:00.000000Z"),
        ["chain hash of edition 3", LAST],
    ),
    "another date at the top": (lambda record: record.update(made_at="2020-01-01T00:00:00.000000Z"), [LAST]),
    "another date of an earlier edition": (
        lambda record: record["chain"][0].update(made_at="2020-01-01T00:00:00.000000Z"),
        ["chain hash of edition 1", "chain hash of edition 2", "chain hash of edition 3", LAST],
    ),
    "another text of an earlier edition": (
        lambda record: record["chain"][1].update(content_hash="0" * 64),
        ["chain hash of edition 2", "chain hash of edition 3", LAST],
    ),
    "an edition left out": (
        lambda record: record["chain"].pop(1),
        ["chain hash of edition 2", LAST.replace("3", "2")],
    ),
    "another guide": (
        lambda record: record.update(slug_at_creation="heat"),
        ["chain hash of edition 1", "chain hash of edition 2", "chain hash of edition 3", LAST],
    ),
    "another code": (lambda record: record.update(code="22222222"), [LAST]),
    "another number": (lambda record: record.update(number=4), [LAST]),
    "another content hash at the top": (lambda record: record.update(content_hash="0" * 64), [LAST]),
    "another chain hash at the top": (lambda record: record.update(chain_hash="0" * 64), [LAST]),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_record_that_was_tampered_with_is_found(name, folder):
    change, wanted = TAMPERINGS[name]
    found = tampered(folder, change)
    assert [one if one.startswith("chain") else one[: len(LAST)] for one in found] == wanted


def test_a_forged_chain_that_fits_itself_carries_another_code(folder, edition):
    """Whoever computes everything anew passes the script: the code on paper, or the permalink, tells."""
    replace(folder / "03-side-effects.md", "Numb skin", "No harm")
    with_forged_sums(folder)
    record = record_in(folder)
    copy = folder.parent / "probe.py"
    script = SCRIPT.read_text(encoding="utf-8").partition("\nchain, holds")[0]
    copy.write_text(f"{script}\nprint(hashlib.sha256(canonical(content).encode()).hexdigest())", encoding="utf-8")
    run = subprocess.run([sys.executable, copy, folder], capture_output=True, encoding="utf-8", check=True)
    record["chain"][-1]["content_hash"] = run.stdout.strip()
    chain = chain_hash(
        previous=record["chain"][1]["chain_hash"],
        guide="cold-therapy",
        number=3,
        content_hash=run.stdout.strip(),
        made_at=edition.made_at,
    )
    record["chain"][-1]["chain_hash"] = chain
    write_record(folder, record | record["chain"][-1] | {"code": short_code(chain)})
    code, lines = checked(folder)
    assert code == 0, lines
    assert not lines[-1].endswith(edition.code)
