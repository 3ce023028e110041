"""Files of a guide's folder: what is wrong is named with its line, and what is written is read again as it was."""

from __future__ import annotations

import re
import tomllib

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from education.actions.guide_tables import TABLES
from education.canonical import canonical_text
from education.guide_files import Key, MalformedFile, page_text, read_guide, read_page, toml_text, write_folder

GUIDE = '[guide]\nslug = "cold"\ntitle = "Cold"\nkind = "procedure"\n'
BENEFITS = '''+++
kind = "benefits"
title = "Benefits"

[[entries]]
claim = "Less pain"
evidence = "some"
finding = """
[[entries]]
claim = "This line is a text, and so is the one above."
evidence = "magic"
"""
sources = [
    "trial-2020",
]

[[entries]]
claim = "Less fat"  # [[entries]]
evidence = "none-found"
+++

Text.
'''
TIMES = {
    "an unknown field of an entry": ('evidence = "none-found"', 'proof = "none"', 19, "“proof” is not known"),
    "an unknown choice": ('"none-found"', '"magic"', 19, "“magic” is no value of evidence; expected one of: good"),
    "an entry without what it must have": ('claim = "Less fat"', "", 17, "expected “claim”"),
    "one source that is no list": ('[\n    "trial-2020",\n]', '"trial-2020"', 13, "a list of texts"),
    "a list that holds a number": ('"trial-2020"', "2020", 13, "a list of texts"),
    "a claim that is too long": ("Less fat", "x" * 401, 18, "at most 400"),
    "one table in the place of tables": ('[[entries]]\nclaim = "Less p', '[entries]\nclaim = "Less p', 17, "TOML"),
    "a table of another name": ('[[entries]]\nclaim = "Less f', '[[benefit]]\nclaim = "Less f', 17, "[[entries]]"),
    "a table of another name first": ('[[entries]]\nclaim = "Less p', '[[question]]\nclaim = "Less p', 5, "“question”"),
    "a table inside an entry": ('[[entries]]\nclaim = "Less f', '[entries.fat]\nclaim = "Less f', 17, "“fat” is not"),
    "a page whose kind has no entries": ('"benefits"', '"results"', 5, "has no entries"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "guide.toml").write_text(GUIDE, encoding="utf-8")
    (tmp_path / "01-benefits.md").write_text(BENEFITS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("case", TIMES)
def test_a_malformed_entry_is_named_with_its_line(case, folder):
    old, new, line, expected = TIMES[case]
    (folder / "01-benefits.md").write_text(BENEFITS.replace(old, new), encoding="utf-8")
    with pytest.raises(MalformedFile) as caught:
        read_guide(folder, TABLES)
    assert caught.value.line == line, str(caught.value)
    assert expected in str(caught.value)


def test_a_text_that_looks_like_a_table_does_not_move_the_line_of_a_mistake(folder):
    text = '[[terms]]\nkey = "a"\nterm = "a"\nplain_meaning = """\n[[terms]]\nkey = 1\n"""\n\n[[terms]]\nkey = 2\n'
    (folder / "library.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedFile, match=r"library.toml, line 10: expected “key” to be a text"):
        read_guide(folder, TABLES)


def test_a_misnamed_table_is_named_with_its_own_line_also_behind_one_whose_name_holds_it(folder):
    source = '[[sources]]\nkey = "{}"\ntitle = "A"\nstrength = "trial"\n'
    text = source.format("a") + source.format("b").replace("[[sources]]", "[[source]]")
    (folder / "library.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedFile, match=r"library.toml, line 5: “source” is not known here; expected \[\[sources"):
        read_guide(folder, TABLES)


REASONS = '[[reasons]]\ncheck = "reading.grade"\npage = "cost"\nreason = "Amounts."\n'
REASON_FILES = {
    "a reason twice": (REASONS + "\n" + REASONS, 7, "“reading.grade cost” stands in reasons.toml, line 2"),
    "a reason without words": (REASONS.replace('"Amounts."', '""'), 4, "expected “reason”"),
    "an unknown key": (REASONS + 'by = "me"\n', 5, "“by” is not known"),
    "a table of another name": ("[[excuses]]\n", 1, "[[reasons]]"),
}


@pytest.mark.parametrize("case", REASON_FILES)
def test_a_malformed_reason_is_named_with_its_line(case, folder):
    text, line, expected = REASON_FILES[case]
    (folder / "reasons.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedFile) as caught:
        read_guide(folder, TABLES)
    assert (caught.value.path.name, caught.value.line) == ("reasons.toml", line), str(caught.value)
    assert expected in str(caught.value)


def test_two_checks_of_a_page_and_one_check_of_two_pages_each_have_their_reason(folder):
    more = REASONS.replace("cost", "benefits") + REASONS.replace("reading.grade", "list.long")
    (folder / "reasons.toml").write_text(REASONS + more, encoding="utf-8")
    assert len(read_guide(folder, TABLES).reasons or ()) == 3


def test_a_folder_without_a_file_of_reasons_says_nothing_about_them(folder):
    assert read_guide(folder, TABLES).reasons is None


def test_a_page_whose_reader_expects_no_entries_may_have_none(folder):
    with pytest.raises(MalformedFile, match="“entries” is not known here"):
        read_page(folder / "01-benefits.md", {"kind": Key(str), "title": Key(str)})


def test_the_entries_of_a_page_are_read_in_their_order_with_their_lines(folder):
    [page] = read_guide(folder, TABLES).pages
    assert [entry.values["claim"] for entry in page.entries] == ["Less pain", "Less fat"]
    assert [(entry.line, entry.line_of("sources")) for entry in page.entries] == [(5, 13), (17, 17)]
    assert page.entries[0].values["sources"] == ["trial-2020"]
    assert (page.markdown, page.first_line) == ("Text.", 22)


# The handbook


def _section(name: str) -> str:
    text = (settings.BASE_DIR / "docs/editors.md").read_text(encoding="utf-8")
    return text.partition(f"### Keys of {name}\n")[2].partition("\n#")[0]


def test_the_handbook_says_which_keys_the_entries_of_each_page_take():
    lines = [line.split(" | ") for line in _section("an entry").splitlines()]
    rows = {page: cells for cells in lines for page in re.findall("`([a-z-]+)`", cells[0]) if len(cells) > 2}
    assert set(rows) == set(TABLES.entries)
    for page, keys in TABLES.entries.items():
        for name, key in keys.items():
            # What every entry has stands above the table.
            if name in ("sources", "kind"):
                continue
            cell = rows[page][1 if key.required else 2]
            words = [f"`{choice}`" for choice in key.choices] or ([f"({key.longest})"] if key.kind is str else [])
            assert [one for one in (f"`{name}`", *words) if one not in cell] == [], f"{page}: {name}"


def test_the_handbook_says_which_keys_a_reason_takes():
    rows = re.findall(r"^\| `(\w+)` \| (yes|no) \| (.+) \|$", _section("a reason"), re.MULTILINE)
    assert [(name, must == "yes") for name, must, _ in rows] == [
        (name, key.required) for name, key in TABLES.reason.items()
    ]
    assert all(f"at most {TABLES.reason[name].longest} " in words for name, _, words in rows)


def test_the_handbooks_example_of_a_page_is_read(tmp_path):
    text = (settings.BASE_DIR / "docs/editors.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```\n(\+\+\+\n.*?)^```", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "page.md").write_text(example, encoding="utf-8")
    page = read_page(tmp_path / "page.md", TABLES.page, TABLES.entries)
    assert [entry.values["name"] for entry in page.entries] == ["Numbness"]
    assert "[[entries]]" in page.markdown.splitlines()


# Writing

NASTY = [
    '"', '""', '"""', "'''", "\\", "\\n", "+++", "\n+++\n", "\n", "\n\n", "\t", "  ", "#", "[[entries]]", "=", "\r",
    "\r\n", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\u2028", "\ufeff", "\u202e", "שלום", "مرحبا", "e\u0301", "🧊",
    "a", "Zz ",
]  # fmt: skip
ANY_TEXT = st.one_of(st.lists(st.sampled_from(NASTY), max_size=12).map("".join), st.text(max_size=40))


@given(ANY_TEXT, ANY_TEXT)
@hypothesis_settings(deadline=None)
@example("ends with a backslash\\", 'ends with quotes""')
@example('a\n"""""', '\n"\n')
def test_any_text_that_is_written_as_toml_is_read_as_it_was(one, other):
    row = {"text": one, "list": [one, other], "number": -7, "yes": True, "no": False}
    assert tomllib.loads(toml_text("rows", [row, {"text": other}])) == {"rows": [row, {"text": other}]}


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
@hypothesis_settings(deadline=None)
@example("+++", "a\n+++\nb", "+++\nkind = 1\n+++")
@example("Title", "a\n  +++  \nb", "    begins with spaces\n\n\nends\\")
def test_a_page_that_is_written_is_read_as_it_was(tmp_path_factory, title, answer, markdown):
    title, answer, markdown = (canonical_text(text) for text in (title, answer, markdown))
    path = tmp_path_factory.mktemp("page") / "01-questions.md"
    row = {"question": answer or "?", "answer": answer or "!", "sources": ["a", "b"]}
    text = page_text({"kind": "questions", "title": title or "Questions"}, [row, row], markdown)
    path.write_bytes(text.encode())
    page = read_page(path, TABLES.page, TABLES.entries)
    assert page.front.values["title"] == (title or "Questions")
    assert [entry.values for entry in page.entries] == [row, row]
    assert canonical_text(page.markdown) == markdown


def test_a_text_of_several_lines_is_written_on_several_lines():
    assert (
        toml_text("rows", [{"text": 'One "line".\n\nAnother.'}]) == '[[rows]]\ntext = """One "line".\n\nAnother."""\n'
    )


def test_a_folder_that_holds_something_is_not_written(tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_folder(tmp_path, {"a.txt": "a"})
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_is_not_taken_for_a_folder(tmp_path):
    (tmp_path / "file").write_text("keep", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_folder(tmp_path / "file", {"a.txt": "a"})


@pytest.mark.parametrize("name", ["new", "far/away/new"])
def test_a_folder_that_cannot_be_written_whole_is_not_there_at_all(name, tmp_path):
    with pytest.raises(OSError, match="missing"):
        write_folder(tmp_path / name, {"a.txt": "a", "missing/b.txt": "b"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["file/new", "file/away/new"])
def test_a_folder_that_would_lie_in_a_file_is_not_written(name, tmp_path):
    (tmp_path / "file").write_text("keep", encoding="utf-8")
    with pytest.raises(NotADirectoryError):
        write_folder(tmp_path / name, {"a.txt": "a"})
    assert (tmp_path / "file").read_text(encoding="utf-8") == "keep"


def test_a_folder_is_written_where_there_is_none_and_where_there_is_an_empty_one(tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty", "far/away/new"):
        write_folder(tmp_path / name, {"a.txt": "ä\n", "b.webp": b"\0"})
        assert (tmp_path / name / "a.txt").read_bytes() == "ä\n".encode()
        assert (tmp_path / name / "b.webp").read_bytes() == b"\0"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "far", "new"]
