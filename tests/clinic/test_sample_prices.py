"""The sample clinic's price list: the figures of its sources, and files that cannot be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from clinic.models import Price
from clinic.sample import prices
from education.guide_files import MalformedFile
from tests import builders
from tests.html import get, page

SAMPLE = Path(settings.BASE_DIR) / "sample"


@pytest.fixture
def mesotherapy(cast):
    """A guide with the sample's address, and the source that its prices name: the whole sample takes half a minute."""
    builders.source("b", title="Mesotherapy Technique", publisher="DermaNetwork glossary", year=2007)
    return builders.guide(cast["author"], title="Mesotherapy", slug="mesotherapy")


@pytest.fixture
def folder(tmp_path) -> Path:
    shutil.copy(SAMPLE / prices.FILE, tmp_path)
    return tmp_path


def test_the_course_and_its_upkeep_come_to_the_figures_of_the_source(client, cast, mesotherapy):
    prices.load(SAMPLE, by=cast["owner"])
    shown = page(get(client, "/prices/"))
    areas = Price.objects.filter(unit="session").count()
    assert areas >= 4
    for words in (
        "$300 to $500 a session",
        "$1,800 to $5,000 6 to 10 sessions × $300 to $500",
        "$600 to $2,000 2 to 4 sessions × $300 to $500",
        "Numbers from: Mesotherapy Technique, DermaNetwork glossary, 2007",
    ):
        assert shown.text.count(words) == areas, words
    worked_out = page(get(client, "/prices/?procedure=mesotherapy&area=Face"))
    for words in ("$1,800 to $5,000", "$600 to $2,000", "$2,400 to $7,000"):
        assert words in worked_out.text, words
    assert set(Price.objects.values_list("valid_from", flat=True)) == {timezone.localdate()}
    assert {"Face", "Scalp", "Stomach", "Thighs", "First talk"} <= set(Price.objects.values_list("what", flat=True))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('amount_from = "300"', 'amount_from = "three"', "to be an amount in quotation marks"),
        ('amount_from = "300"', "amount_from = 300.5", "a text in quotation marks"),
        ('amount_from = "300"', 'amount_from = "300.505"', "at most 2 digits"),
        ('amount_to = "500"', 'amount_to = "5"', "less than the lowest"),
        ('guide = "mesotherapy"', 'guide = "nothing"', "there is no guide “nothing”"),
        ('source = "b"', 'source = "nothing"', "there is no source “nothing”"),
        ('what = "Scalp"', 'what = "Face"', "“Face” already"),
        ("sessions_from = 6", "sessions_from = 0", "from 1 to 200"),
        ('unit = "session"', 'unit = "hour"', "consultation"),
        ('what = "Face"', 'what = "Face"\nsurprise = "1"', "surprise"),
        ("[[prices]]", "[[prices", ""),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused_with_its_line(old, new, said, cast, mesotherapy, folder):
    file = folder / prices.FILE
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MalformedFile) as refusal:
        prices.load(folder, by=cast["owner"])
    assert said in str(refusal.value)
    assert refusal.value.line > 1
    assert prices.FILE in str(refusal.value)
