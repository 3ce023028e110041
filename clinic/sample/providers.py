"""Who works at the sample clinic."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from clinic.models import User


def load(folder: Path, staff: Mapping[str, User]) -> None:
    """Make the providers of `providers.toml`; those that name an account belong to it. Raises MalformedFile."""
