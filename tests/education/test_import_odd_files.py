"""Files that nobody would write by hand: each is refused with a sentence, and nothing is imported."""

from __future__ import annotations

import pytest

from education import actions
from education.guide_files import MalformedFile
from education.models import Guide
from tests.pictures import png

GUIDE = '[guide]\nslug = "cold"\ntitle = "Cold"\nkind = "advice"\n'
PAGE = '+++\nkind = "overview"\ntitle = "Overview"\n+++\nCold.\n'
IMAGE = '[[images]]\nkey = "hand"\nfile = "{file}"\nalternative_text = "A hand."\n'


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "cold"
    folder.mkdir()
    (folder / "guide.toml").write_text(GUIDE, encoding="utf-8")
    (folder / "01-overview.md").write_text(PAGE, encoding="utf-8")
    return folder


def _refusal(folder, cast) -> str:
    with pytest.raises(MalformedFile) as refused:
        actions.import_guide(folder, by=cast["author"])
    assert not Guide.objects.exists()
    return str(refused.value)


def test_tables_inside_tables_without_end(folder, cast):
    (folder / "guide.toml").write_text(f"x = {'[' * 5000}", encoding="utf-8")
    assert "guide.toml, line 1" in _refusal(folder, cast)


def test_a_number_of_thousands_of_digits(folder, cast):
    (folder / "guide.toml").write_text(f"{GUIDE}review_interval_months = {'9' * 5000}", encoding="utf-8")
    assert "guide.toml, line 1" in _refusal(folder, cast)


@pytest.mark.parametrize("text", ['slug = "a\\u0000"', 'sources = ["\\u0000"]'])
def test_a_character_that_no_database_keeps(folder, cast, text):
    entry = f'[[entries]]\nlabel = "x"\nvalue = "y"\n{text}\n' if "sources" in text else f"{text}\n"
    (folder / "01-overview.md").write_text(PAGE.replace("+++\nCold", f"{entry}+++\nCold"), encoding="utf-8")
    assert "U+0000" in _refusal(folder, cast)


def test_more_sources_than_an_entry_can_have(folder, cast):
    keys = ", ".join(f'"s{number}"' for number in range(41))
    entry = f'[[entries]]\nlabel = "x"\nvalue = "y"\nsources = [{keys}]\n'
    (folder / "01-overview.md").write_text(PAGE.replace("+++\nCold", f"{entry}+++\nCold"), encoding="utf-8")
    assert "at most 40 sources" in _refusal(folder, cast)


@pytest.mark.parametrize("file", ["../hand.png", "a\\u0000"])
def test_a_picture_outside_the_folder_is_not_read_although_it_is_there(folder, cast, file):
    (folder.parent / "hand.png").write_bytes(png())
    (folder / "library.toml").write_text(IMAGE.format(file=file), encoding="utf-8")
    assert "library.toml, line" in _refusal(folder, cast)
