"""The words that patients of the sample clinic use."""

from __future__ import annotations

import tomllib
from pathlib import Path

from clinic.models import User
from education import actions
from education.actions import Refused
from education.guide_files import MalformedFile
from education.models import Synonym


def load(folder: Path, *, by: User) -> None:
    """Fill the table from `synonyms.toml`. Raises MalformedFile."""
    path = folder / "synonyms.toml"
    try:
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["synonyms"]:
            actions.save_synonym(Synonym(**row), by=by)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, Refused) as error:
        raise MalformedFile(path, 1, f"expected a list of everyday and medical words in TOML ({error}).") from error
