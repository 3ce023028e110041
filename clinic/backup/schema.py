"""What a database looks like after some of the migrations: what the rows of an older backup need to be read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import StateApps

from config.refusal import Refusal

Steps = Mapping[str, tuple[str, ...]]


@cache
def _on_disk() -> MigrationLoader:
    """Return the migrations that this version of Plainleaf has."""
    return MigrationLoader(None)


def applied_steps(connection: BaseDatabaseWrapper) -> Steps:
    """Return the names of the migrations that a database went through, by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationLoader(connection).applied_migrations):
        found.setdefault(app, []).append(name)
    return {app: tuple(names) for app, names in found.items()}


def unknown_steps(steps: Steps) -> list[str]:
    """Return the migrations that this version of Plainleaf does not have: a newer one made them."""
    known = _on_disk().graph.nodes
    return [f"{app}.{name}" for app, names in steps.items() for name in names if (app, name) not in known]


def last_steps(steps: Steps) -> list[tuple[str, str]]:
    """Return those of the migrations that none of the others needs. Raises Refusal where one in between is missing."""
    graph = _on_disk().graph
    given = {(app, name) for app, names in steps.items() for name in names}
    needed = {step for one in given for step in graph.forwards_plan(one)}
    if needed - given:
        app, name = sorted(needed - given)[0]
        raise Refusal(f"its database went through some steps without {app}.{name}. Take another backup.")
    return [one for one in sorted(given) if not any(child.key in given for child in graph.node_map[one].children)]


def models_after(steps: Steps) -> StateApps:
    """Return the models as they are after these migrations, whatever they are now."""
    return _on_disk().project_state(last_steps(steps)).apps
