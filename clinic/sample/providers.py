"""Who works at the sample clinic."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from clinic import actions
from clinic.models import Location, PerformedProcedure, Provider, User
from education.actions import Refused
from education.guide_files import MalformedFile
from education.models import Guide


def load(folder: Path, staff: Mapping[str, User]) -> None:
    """Make the providers of `providers.toml`; those that name an account belong to it. Raises MalformedFile.

    Each works at every place that there is by then.
    """
    path = folder / "providers.toml"
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["providers"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise MalformedFile(path, 1, f"expected tables [[providers]] in TOML ({error}).") from error
    places = list(Location.objects.all())
    for row in rows:
        try:
            _save(dict(row), staff, places)
        except (KeyError, TypeError, AttributeError, Guide.DoesNotExist) as error:
            raise MalformedFile(path, 1, f"{row.get('name')}: {error!r} is not known here.") from error
        except (Refused, ValidationError) as error:
            raise MalformedFile(path, 1, f"{row.get('name')}: {error}") from error


def _save(row: dict[str, Any], staff: Mapping[str, User], places: list[Location]) -> None:
    languages, performs = row.pop("languages"), row.pop("performs")
    account = staff[row.pop("account")] if "account" in row else None
    performed = [PerformedProcedure(**{**one, "guide": Guide.objects.get(slug=one["guide"])}) for one in performs]
    provider = Provider(**row, account=account)
    provider.full_clean()
    actions.save_provider(provider, by=staff["owner"], languages=languages, performed=performed, locations=places)
