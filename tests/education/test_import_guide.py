"""Importing a guide from files: every malformed file is named with its line, and nothing is half-imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from education import actions
from education.guide_files import MalformedFile
from education.models import Guide, Image, Page, Source, Term
from education.rules import NotPermitted
from education.working_copy import entries_of
from tests import builders

GUIDE = """[guide]
slug = "cold-therapy"
title = "Cold therapy"
kind = "procedure"
summary = "What cold does."
review_interval_months = 6
"""
LIBRARY = """[[sources]]
key = "trial-2020"
title = "A trial of cold"
year = 2020
strength = "trial"

[[terms]]
key = "numbness"
term = "numbness"
plain_meaning = "You feel less than usual."
"""
OVERVIEW = """+++
kind = "overview"
title = "Overview"
+++

Cold cools the skin [@trial-2020].

You can get [numbness](term:numbness).
"""
EFFECTS = """+++
kind = "side-effects"
title = "Side effects"
slug = "after-effects"
+++
Redness.
"""
ENTRIES = """+++
kind = "side-effects"
title = "Side effects"
slug = "after-effects"

[[entries]]
name = "Numbness"
frequency = "uncommon"
action = "Wait."
sources = ["trial-2020"]

[[entries]]
name = "Redness"
+++
Redness.
"""
STEP = """+++
kind = "recovery"
title = "Recovery"

[[entries]]
from_day = 0
text = "Rest."
+++
Rest.
"""
REASONS = """[[reasons]]
check = "list.long"
page = "after-effects"
reason = "Each item is short."

[[reasons]]
check = "pages.missing"
reason = "It costs nothing."

[[reasons]]
check = "source.status"
page = "trial-2020"
reason = "Its finding stands."
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "guide.toml": GUIDE,
        "library.toml": LIBRARY,
        "01-overview.md": OVERVIEW,
        "02-side-effects.md": EFFECTS,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def imported(folder: Path, cast, **more) -> Guide:
    return actions.import_guide(folder, by=cast["author"], **more).guide


MALFORMED = {
    "guide.toml is missing": ("guide.toml", None, 1, "missing"),
    "no [guide] table": ("guide.toml", "", 1, "[guide]"),
    "no TOML at all": ("guide.toml", "[guide]\nslug = cold\n", 2, "expected TOML"),
    "an unknown key": ("guide.toml", GUIDE + 'colour = "red"\n', 7, "“colour” is not known"),
    "an unknown table": ("guide.toml", GUIDE + "[extra]\na = 1\n", 7, "expected [guide]"),
    "a missing title": ("guide.toml", GUIDE.replace('title = "Cold therapy"\n', ""), 1, "expected “title”"),
    "a slug with capitals": ("guide.toml", GUIDE.replace("cold-therapy", "Cold Therapy"), 2, "lower-case"),
    "a number in quotation marks": ("guide.toml", GUIDE.replace("= 6", '= "6"'), 6, "a whole number"),
    "an interval of 99 months": ("guide.toml", GUIDE.replace("= 6", "= 99"), 6, "less than or equal to 36"),
    "an unknown kind of guide": ("guide.toml", GUIDE.replace("procedure", "potion"), 4, "procedure, advice"),
    "a text that is too long": ("guide.toml", GUIDE.replace("What cold does.", "x" * 601), 5, "at most 600"),
    "a source without strength": ("library.toml", LIBRARY.replace('strength = "trial"\n', ""), 1, "strength"),
    "an unknown strength": ("library.toml", LIBRARY.replace('"trial"\n', '"hunch"\n'), 5, "regulator"),
    "a wrong web address": (
        "library.toml",
        LIBRARY.replace("year = 2020", 'url = "not a link"'),
        4,
        "url: Enter a valid URL",
    ),
    "a source twice": ("library.toml", LIBRARY + LIBRARY, 12, "line 2 already"),
    "a source without its status's note": (
        "library.toml",
        LIBRARY.replace("year = 2020", 'status = "withdrawn"'),
        4,
        "expected “status_note” too",
    ),
    "a status's note without status": (
        "library.toml",
        LIBRARY.replace("year = 2020", 'status_note = "Gone."'),
        4,
        "stands beside “status”",
    ),
    "an unknown status": (
        "library.toml",
        LIBRARY.replace("year = 2020", 'status = "current"'),
        4,
        "“current” is no value of status; expected one of: superseded, withdrawn",
    ),
    "a term without meaning": (
        "library.toml",
        LIBRARY.replace('plain_meaning = "You feel less than usual."\n', ""),
        7,
        "plain_meaning",
    ),
    "a picture that is not there": (
        "library.toml",
        LIBRARY + '\n[[images]]\nkey = "hand"\nfile = "hand.png"\nalternative_text = "A hand."\n',
        14,
        "hand.png",
    ),
    "a picture outside the folder": (
        "library.toml",
        LIBRARY + '\n[[images]]\nkey = "hand"\nfile = "../hand.png"\nalternative_text = "A hand."\n',
        14,
        "beside this file",
    ),
    "a page without front matter": ("01-overview.md", "Hello.\n", 1, "opens the front matter"),
    "front matter without an end": ("01-overview.md", '+++\nkind = "overview"\n', 3, "closes the front matter"),
    "front matter that is no TOML": ("01-overview.md", "+++\nkind: overview\n+++\n", 2, "expected TOML"),
    "an unknown kind of page": ("01-overview.md", OVERVIEW.replace('"overview"', '"magic"'), 2, "side-effects"),
    "a page of a kind twice": ("02-side-effects.md", EFFECTS.replace("side-effects", "overview"), 2, "01-overview.md"),
    "a reserved address": ("02-side-effects.md", EFFECTS.replace("after-effects", "sources"), 4, "Choose another"),
    "an unknown source in the text": ("01-overview.md", OVERVIEW.replace("trial-2020", "trial-1920"), 6, "trial-1920"),
    "an unknown term in the text": ("01-overview.md", OVERVIEW.replace("term:numb", "term:dumb"), 8, "dumbness"),
    "an unknown source of an entry": ("02-side-effects.md", ENTRIES.replace("trial-2020", "trial-19"), 10, "trial-19"),
    "a day out of reach": ("02-side-effects.md", STEP.replace("= 0", "= 9999"), 6, "730"),
    "a last day before the first": (
        "02-side-effects.md",
        STEP.replace("= 0", "= 2\nto_day = 1"),
        7,
        "line 7: The last day comes before the first.",
    ),
    "an original that is not here": ("guide.toml", GUIDE + 'translation_of = "kalt"\n', 7, "Import that one first"),
    "a translation of itself": ("guide.toml", GUIDE + 'translation_of = "cold-therapy"\n', 7, "of itself"),
    "a reason for no check": (
        "reasons.toml",
        REASONS.replace("pages.missing", "page.missing"),
        7,
        "there is no check “page.missing”; did you mean “pages.missing”?",
    ),
    "a reason for nothing like a check": ("reasons.toml", REASONS.replace("list.long", "xyz"), 2, "action.missing, "),
    "a reason about no source": ("reasons.toml", REASONS.replace("trial-2020", "other"), 12, "other"),
    "a reason about no page": ("reasons.toml", REASONS.replace("after-effects", "cost"), 3, "after-effects"),
    "an unknown block in the text": ("02-side-effects.md", EFFECTS + '\n!!! note "Hm"\n    - x\n', 8, "note"),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_file_is_named_with_its_line_and_nothing_is_imported(case, folder, cast):
    name, text, line, expected = MALFORMED[case]
    path = folder / name
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    with pytest.raises(MalformedFile) as caught:
        actions.import_guide(folder, by=cast["author"])
    assert (caught.value.path, caught.value.line) == (path, line), str(caught.value)
    assert expected in str(caught.value)
    assert not any(model.objects.exists() for model in (Guide, Page, Source, Term, Image))


def test_a_file_that_is_not_utf_8_is_named_with_its_line(folder, cast):
    (folder / "01-overview.md").write_bytes(b'+++\nkind = "overview"\n+++\nCaf\xe9\n')
    with pytest.raises(MalformedFile, match=r"01-overview.md, line 4: expected text in UTF-8"):
        actions.import_guide(folder, by=cast["author"])


def test_a_folder_without_pages_is_refused(folder, cast):
    for path in folder.glob("*.md"):
        path.unlink()
    with pytest.raises(MalformedFile, match="at least one page"):
        actions.import_guide(folder, by=cast["author"])


def test_a_folder_that_is_not_there_is_refused(tmp_path, cast):
    with pytest.raises(MalformedFile, match="no such folder"):
        actions.import_guide(tmp_path / "nowhere", by=cast["author"])


def test_an_address_that_another_guide_had_is_refused_at_its_line(folder, cast):
    other = actions.create_guide(by=cast["author"], title="Cold", slug="cold-therapy")
    actions.save_guide(other, by=cast["author"], slug="cold")
    with pytest.raises(MalformedFile, match=r"guide.toml, line 2: The address .* belongs to another guide"):
        actions.import_guide(folder, by=cast["author"])


def test_who_may_not_make_guides_may_not_import(folder, cast):
    with pytest.raises(NotPermitted):
        actions.import_guide(folder, by=cast["reviewer"])


def test_the_command_says_file_line_and_that_nothing_was_imported(folder, cast):
    (folder / "guide.toml").write_text(GUIDE.replace("procedure", "potion"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"guide.toml, line 4: .* Nothing was imported\."):
        call_command("import_guide", str(folder), by="author")


def test_the_command_refuses_an_account_that_is_not_there(folder, db):
    with pytest.raises(CommandError, match="no active account “nobody”"):
        call_command("import_guide", str(folder), by="nobody")


def test_a_folder_becomes_a_working_copy_in_the_order_of_its_files(folder, cast, capsys):
    call_command("import_guide", str(folder), by="author")
    guide = Guide.objects.get()
    assert (guide.title, guide.review_interval_months, guide.language) == ("Cold therapy", 6, "en")
    assert [(page.kind, page.slug) for page in guide.pages.kept()] == [
        ("overview", "overview"),
        ("side-effects", "after-effects"),
    ]
    assert guide.pages.kept()[1].markdown == "Redness."
    assert Source.objects.get().year == 2020
    assert "2 pages" in capsys.readouterr().out


def test_windows_line_ends_give_the_same_guide(folder, cast):
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    guide = imported(folder, cast)
    assert "\r" not in guide.pages.kept()[0].markdown


def test_a_source_that_is_there_already_and_says_the_same_is_used(folder, cast):
    builders.source(publisher="")
    actions.import_guide(folder, by=cast["author"])
    assert Source.objects.count() == 1


def test_entries_and_reasons_are_imported_in_their_order(folder, cast):
    (folder / "02-side-effects.md").write_text(ENTRIES, encoding="utf-8")
    (folder / "reasons.toml").write_text(REASONS, encoding="utf-8")
    guide = imported(folder, cast)
    page = guide.pages.kept()[1]
    assert [(row["name"], row["frequency"], row["sources"]) for row in entries_of([page])[page.pk]] == [
        ("Numbness", "uncommon", ["trial-2020"]),
        ("Redness", "", []),
    ]
    assert page.versions.get().entries == list(entries_of([page])[page.pk])
    assert guide.reasons == {
        "list.long after-effects": "Each item is short.",
        "pages.missing": "It costs nothing.",
        "source.status trial-2020": "Its finding stands.",
    }


def test_a_step_of_one_day_names_the_day_once(folder, cast):
    (folder / "03-recovery.md").write_text(STEP, encoding="utf-8")
    page = imported(folder, cast).pages.get(kind="recovery")
    assert [(row["from_day"], row["to_day"]) for row in entries_of([page])[page.pk]] == [(0, 0)]


def test_a_translation_is_linked_to_its_original(folder, cast):
    original = actions.create_guide(by=cast["author"], title="Kälte", slug="kalt", language="en")
    (folder / "guide.toml").write_text(GUIDE + 'translation_of = "kalt"\n', encoding="utf-8")
    assert imported(folder, cast).translation_of == original


def test_a_source_that_was_imported_has_its_first_check(folder, cast):
    (folder / "library.toml").write_text(LIBRARY.replace("2020\n", "2020\ncheck_again_months = 6\n"), encoding="utf-8")
    imported(folder, cast)
    source = Source.objects.with_check().get()
    assert (source.check_again_months, source.status) == (6, "current")
    assert source.checks.get().made_by == cast["author"]


def test_a_new_source_that_no_longer_stands_is_imported_with_what_was_found(folder, cast):
    status = 'status = "withdrawn"\nstatus_note = "The journal took it back."\n'
    (folder / "library.toml").write_text(LIBRARY.replace("\n\n", f"\n{status}\n"), encoding="utf-8")
    imported(folder, cast)
    source = Source.objects.with_check().get()
    assert (source.status, source.status_note) == ("withdrawn", "The journal took it back.")
    assert {check.made_by for check in source.checks.all()} == {cast["author"]}


def test_a_number_that_another_source_has_is_refused_at_its_line(folder, cast):
    builders.source("other", pmid="123")
    (folder / "library.toml").write_text(LIBRARY.replace("2020\n", '2020\npmid = "123"\n', 1), encoding="utf-8")
    with pytest.raises(MalformedFile, match=r"library.toml, line \d+: .*other"):
        imported(folder, cast)
