"""A sample that is not as it should be is refused with the place to mend, and nothing of it is loaded."""

from __future__ import annotations

import re
import shutil

import pytest
from django.core.management import CommandError, call_command

from clinic.models import Clinic, User
from education import actions as education
from education.quality import Finding


@pytest.fixture(autouse=True)
def _password(settings):
    settings.SAMPLE_STAFF_PASSWORD = "harbor-lantern-meadow"


def test_production_refuses_the_sample(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="PLAINLEAF_MODE=local"):
        call_command("load_sample")


def test_a_malformed_sample_leaves_nothing_behind(db, settings, tmp_path):
    whole = settings.BASE_DIR / "sample"
    for path in whole.rglob("*.*"):
        copy = tmp_path / "sample" / path.relative_to(whole)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (tmp_path / "sample/guides/mesotherapy/08-side-effects.md").write_text("no front matter", encoding="utf-8")
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"08-side-effects.md, line 1: .* Nothing was loaded"):
        call_command("load_sample")
    assert not User.objects.exists()
    assert not Clinic.objects.exists()


def test_a_guide_that_the_report_stops_is_named_and_nothing_is_loaded(db, settings, monkeypatch):
    finding = Finding("reading.grade", "W", "Shorten the sentences.", "NHS", "cost")

    def submit(*args, **facts):
        raise education.Blocked([finding], [finding])

    monkeypatch.setattr(education, "submit", submit)
    with pytest.raises(CommandError, match=r"reading.grade cost: Shorten the sentences.* Nothing was loaded"):
        call_command("load_sample")
    assert not User.objects.exists()


def test_guides_that_disagree_about_a_source_are_refused(db, settings, tmp_path):
    text = (settings.BASE_DIR / "sample/guides/mesotherapy/library.toml").read_text(encoding="utf-8")
    shutil.copytree(settings.BASE_DIR / "sample", tmp_path / "sample")
    changed = re.sub(r'^note = ".*"$', 'note = "Something else."', text, flags=re.MULTILINE)
    (tmp_path / "sample/guides/mesotherapy/library.toml").write_text(changed, encoding="utf-8")
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"mesotherapy/library.toml, line 1: .*Something else"):
        call_command("load_sample")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("[[providers]]", "[[providers]", r"providers.toml, line 1: expected tables"),
        ('account = "reviewer"', 'account = "nobody"', "Robin Sample: .*nobody"),
        ('guide = "mesotherapy"', 'guide = "nothing"', "Robin Sample: "),
        ('slug = "robin-sample"', 'slug = "Robin Sample"', "Robin Sample: .*slug"),
        ('languages = ["en", "es"]', 'languages = ["xx"]', "Robin Sample: Choose languages"),
        ("position = 1", "place = 1", "Robin Sample: .*place"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_named_and_nothing_is_loaded(
    db, settings, tmp_path, before, after, words
):
    shutil.copytree(settings.BASE_DIR / "sample", tmp_path / "sample")
    path = tmp_path / "sample/providers.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=f"{words}.*Nothing was loaded"):
        call_command("load_sample")
    assert not User.objects.exists()
