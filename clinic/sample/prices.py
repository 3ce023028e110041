"""What the sample clinic charges."""

from __future__ import annotations

from pathlib import Path

from clinic.models import User


def load(folder: Path, *, by: User) -> None:
    """Make the prices of `prices.toml`. Raises MalformedFile."""
