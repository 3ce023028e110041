"""Where the sample clinic is, and when it is open."""

from __future__ import annotations

from pathlib import Path

from clinic.models import User


def load(folder: Path, *, by: User) -> None:
    """Make the places of `places.toml`. Raises MalformedFile."""
