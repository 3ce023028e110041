"""Guards over the whole project: imports run downhill, every model is classified, nothing is left unfinished."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from clinic.rules import PERMISSIONS as CLINIC_PERMISSIONS
from education.models import WriteOnceModel
from education.rules import PERMISSIONS as EDUCATION_PERMISSIONS
from education.triggers import record_models

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("config", "education", "clinic", "tests", "bench")
LONGEST_FILE = 330

# From the bottom up. A module imports from its own level or from below; both apps use the same names.
LEVELS = (
    {"brand", "canonical"},
    {
        "calendars",
        "care_cards",
        "differences",
        "entries",
        "figures",
        "gaps",
        "guide_files",
        "languages",
        "logos",
        "looks",
        "marks",
        "merging",
        "money",
        "printable",
        "readability",
    }
    | {"planning", "rendering", "selfcheck", "spreadsheets", "stylesheet", "syllables", "wording"},
    {"snapshot"},
    {"quality"},
    {"models"},
    {"commented", "comments", "comparing", "desk", "erasing", "examining", "hours", "newsroom", "photos", "places"}
    | {
        "backups",
        "checks",
        "health",
        "profiles",
        "rechecked",
        "rules",
        "searching",
        "sources",
        "triggers",
        "working_copy",
    },
    {"actions"},
    {
        "claims",
        "first_steps",
        "history",
        "image_uses",
        "leaflet",
        "patient_tools",
        "price_list",
        "reading",
        "results",
        "sample",
    }
    | {"feed", "site_map", "structured", "verification"},
    {"backup", "forms", "styleguide"},
    {"adapters", "admin", "management", "middleware", "staff_site", "templatetags", "views"},
    {"account_urls", "apps", "urls"},
)
LEVEL = {name: number for number, names in enumerate(LEVELS) for name in names}

# A new model fails until somebody has decided which it is.
MUTABLE = {
    "education.guide", "education.page", "education.source", "education.term", "education.image",
    "education.keyfact", "education.benefit", "education.sideeffect", "education.contraindication",
    "education.carestep", "education.question", "education.keyfact_sources", "education.benefit_sources",
    "education.sideeffect_sources", "education.contraindication_sources", "education.carestep_sources",
    "education.question_sources",
    "clinic.user", "clinic.user_groups", "clinic.user_user_permissions", "clinic.clinic", "clinic.informationpage",
    "clinic.location", "clinic.weekdayhours", "clinic.specialday", "clinic.provider", "clinic.provider_locations",
    "clinic.spokenlanguage", "clinic.performedprocedure", "clinic.consultationrequest", "clinic.requeststep",
    "clinic.erasedrequest", "clinic.ownerlink", "clinic.invitation", "clinic.invitation_groups",
    "education.visitorcount", "education.pendingmail", "education.mistakereport", "education.reviewdraft",
    "education.commentreply", "education.searchrow", "education.searchword", "education.synonym",
}  # fmt: skip
WRITTEN_ONCE = {
    "education.pageversion", "education.formerslug", "education.edition", "education.editionpage",
    "education.editionimage", "education.rendering", "education.review", "education.publication",
    "education.cancellation", "education.withdrawal", "education.archiving", "education.reopening",
    "education.auditline", "education.sourcecheck", "clinic.price", "clinic.priceend",
}  # fmt: skip


def _files() -> list[Path]:
    """Return the Python files of the project, without the migrations that Django writes."""
    found = [ROOT / "manage.py", *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))]
    return sorted(path for path in found if "migrations" not in path.parts)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _imported(tree: ast.AST) -> Iterator[str]:
    """Yield the full names of what a file imports, as far as they are modules or may be."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module}.{alias.name}" for alias in node.names)


def _edges() -> Iterator[tuple[str, str, str]]:
    """Yield file, importing module and imported module for every import from one part of an app to another."""
    for app in ("education", "clinic"):
        for path in _files():
            parts = path.relative_to(ROOT).with_suffix("").parts
            if parts[0] == app and len(parts) > 1 and parts[1] != "__init__":
                for name in _imported(_tree(path)):
                    target = name.split(".")
                    if target[0] in ("education", "clinic"):
                        yield _name(path), f"{app}.{parts[1]}", f"{target[0]}.{target[1]}"


def test_imports_run_downhill():
    wrong = []
    for file, source, target in _edges():
        here, there = (LEVEL.get(module.split(".")[1]) for module in (source, target))
        assert here is not None, f"{file}: {source} has no level yet; give it one in LEVELS"
        assert there is not None, f"{file}: {target} has no level yet; give it one in LEVELS"
        if there > here:
            wrong.append(f"{file}: {source} imports {target}, which stands above it")
    assert wrong == []


def test_no_two_modules_import_each_other():
    below: dict[str, set[str]] = {}
    for _, source, target in _edges():
        if source != target:
            below.setdefault(source, set()).add(target)

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        waiting = list(below.get(start, ()))
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                waiting += below.get(module, ())
        return found

    assert [module for module in below if module in reached(module)] == []


def test_the_document_of_architecture_has_every_module_at_a_level_that_fits():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("| Level | `education` | `clinic` |\n")[2].partition("\n\n")[0]
    rows = [re.findall(r"`(\w+)`", line) for line in table.splitlines()[1:]]
    shown = {name: number for number, names in enumerate(rows) for name in names}
    assert set(LEVEL) - set(shown) == set()
    wrong = [
        f"{file}: {source} imports {target}"
        for file, source, target in _edges()
        if shown[target.split(".")[1]] > shown[source.split(".")[1]]
    ]
    assert wrong == []


def test_education_does_not_know_clinic():
    wrong = [
        _name(path)
        for path in _files()
        if path.is_relative_to(ROOT / "education")
        and any(name.startswith("clinic.") for name in _imported(_tree(path)))
    ]
    assert wrong == []


def test_config_imports_nothing_from_the_apps():
    wrong = [
        _name(path)
        for path in _files()
        if path.is_relative_to(ROOT / "config")
        and any(name.split(".")[0] in ("education", "clinic") for name in _imported(_tree(path)))
    ]
    assert wrong == []


def test_no_import_is_relative_or_hidden_in_a_function():
    wrong = []
    for path in _files():
        wrong += [f"{_name(path)}: {name}" for name in _imported(_tree(path)) if name.startswith(".")]
        for function in ast.walk(_tree(path)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or not list(_imported(function)):
                continue
            # Models may only be imported once the apps are ready.
            if (path.name, function.name) != ("apps.py", "ready"):
                wrong.append(f"{_name(path)}, line {function.lineno}")
    assert wrong == []


def test_no_bare_assert_outside_the_tests():
    """`python -O` leaves assertions out: no guard may be one."""
    wrong = [
        f"{_name(path)}, line {node.lineno}"
        for path in _files()
        if not path.is_relative_to(ROOT / "tests")
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Assert)
    ]
    assert wrong == []


def test_no_file_is_too_long_to_be_read_in_one_sitting():
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_module_is_a_drawer_for_everything():
    parts = {part for path in _files() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not {part for part in parts if re.fullmatch(r"(.*_)?(utils?|common|helpers?|services?|misc)", part)}


def test_every_module_says_what_it_is():
    silent = [_name(path) for path in _files() if _tree(path).body and not ast.get_docstring(_tree(path))]
    assert silent == []


# Models


def test_every_model_is_classified_as_mutable_or_written_once():
    models = {
        model._meta.label_lower: model
        for app in ("education", "clinic")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
    assert set(models) == MUTABLE | WRITTEN_ONCE
    assert not MUTABLE & WRITTEN_ONCE
    assert {label for label, model in models.items() if issubclass(model, WriteOnceModel)} == WRITTEN_ONCE
    assert {model._meta.label_lower for model in record_models()} == WRITTEN_ONCE


def test_every_change_of_a_model_has_its_migration(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# Groups


def _granted() -> dict[str, set[str]]:
    return {
        group.name: {
            f"{one.content_type.app_label}.{one.codename}" for one in group.permissions.select_related("content_type")
        }
        for group in Group.objects.all()
    }


def _wanted() -> dict[str, set[str]]:
    tables = {"education": EDUCATION_PERMISSIONS, "clinic": CLINIC_PERMISSIONS}
    names = {name for table in tables.values() for name in table}
    return {
        name: {f"{app}.{codename}" for app, table in tables.items() for codename in table.get(name, ())}
        for name in names
    }


def test_groups_have_exactly_the_permissions_of_the_table_after_migrate(db):
    assert _granted() == _wanted()


def test_migrate_again_gives_back_what_is_missing_and_takes_nothing_away(db):
    editors = Group.objects.get(name="Editors")
    extra = Permission.objects.get(content_type__app_label="clinic", codename="change_user")
    editors.permissions.remove(Permission.objects.get(codename="submit_edition"))
    editors.permissions.add(extra)
    Group.objects.get(name="Reviewers").delete()
    call_command("migrate", verbosity=0)
    wanted = _wanted()
    wanted["Editors"].add("clinic.change_user")
    assert _granted() == wanted


@pytest.mark.parametrize("table", [EDUCATION_PERMISSIONS, CLINIC_PERMISSIONS])
def test_every_permission_of_the_table_exists(db, table):
    there = set(Permission.objects.values_list("codename", flat=True))
    assert {codename for codenames in table.values() for codename in codenames} <= there
