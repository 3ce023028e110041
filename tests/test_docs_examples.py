"""What the documentation shows holds: its examples, its tables of keys, its order of modules."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from education.actions.importing import TABLES
from education.canonical import canonical_json, chain_hash, sha256, short_code
from education.rendering import ImageFacts, Library, render
from education.snapshot import Snapshot, SnapshotPage, SnapshotSource

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
HANDBOOK = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
RECORD = (ROOT / "docs/record.md").read_text(encoding="utf-8")


def _blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


# The handbook


def test_the_handbook_says_which_keys_a_guides_files_take():
    """Each table of the handbook under a heading like "Keys of [guide]" has the keys that importing knows."""
    for name in ("guide", "page", "source", "term", "image"):
        section = re.search(rf"^### Keys of (?:a |an )?{name}\n(.*?)(?=^#|\Z)", HANDBOOK, re.MULTILINE | re.DOTALL)
        assert section, name
        rows = re.findall(r"^\| `(\w+)` \| (yes|no) \| (.+) \|$", section[1], re.MULTILINE)
        keys = getattr(TABLES, name)
        assert [row[0] for row in rows] == list(keys), name
        for key, required, words in rows:
            assert (required == "yes") == keys[key].required, f"{name}: {key}"
            longest = keys[key].longest if keys[key].kind is str and not keys[key].choices else None
            assert longest is None or f"at most {longest} " in words, f"{name}: {key}"
            choices = () if key == "language" else keys[key].choices
            assert {choice for choice in choices if f"`{choice}`" not in words} == set(), f"{name}: {key}"


def test_every_example_of_markdown_in_the_handbook_renders_without_a_problem():
    picture = ImageFacts("/images/x.webp", "A hand", False, "", 4, 3)
    library = Library(
        sources={"fda-2023": "A warning", "trial-2020": "A trial"},
        terms={"numbness": "You feel less."},
        images={"clinic-door": picture},
    )
    examples = _blocks(HANDBOOK, "markdown")
    assert len(examples) >= 8
    for example in examples:
        shown = render(example, library=library, anchor="page")
        assert shown.html, example
        assert shown.problems == (), example


def test_the_handbooks_example_of_a_guides_files_is_toml_with_known_keys():
    tables = {"guide": TABLES.guide, "sources": TABLES.source, "terms": TABLES.term, "images": TABLES.image}
    examples = [tomllib.loads(block) for block in _blocks(HANDBOOK, "toml")]
    assert examples
    for example in examples:
        for name, value in example.items():
            for row in value if isinstance(value, list) else [value]:
                keys = tables[name]
                assert set(row) <= set(keys), name
                assert {key for key, what in keys.items() if what.required} <= set(row), name


# The record


def test_the_worked_example_of_the_record_gives_the_hashes_that_it_names():
    [example] = _blocks(RECORD, "json")
    content = json.loads(example)
    page, source = content["pages"][0], content["sources"][0]
    snapshot = Snapshot(
        **content["guide"],
        pages=(SnapshotPage(page["kind"], page["slug"], page["title"], page["markdown"]),),
        sources=(SnapshotSource(**source),),
    )
    assert canonical_json(snapshot.content()).decode() == example.strip()
    chain = chain_hash(
        previous="",
        guide="cold-therapy",
        number=1,
        content_hash=snapshot.content_hash(),
        made_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    )
    assert sha256(example.strip().encode()) == snapshot.content_hash()
    for value in (snapshot.content_hash(), chain, short_code(chain)):
        assert f"`{value}`" in RECORD


# The architecture


def _levels() -> dict[str, int]:
    """Return the level of each module, such as `education.models`, by the table of the architecture."""
    rows = re.findall(r"^\| [a-z ,]+ \| (`\w+`.*?) \| (.*?) ?\|$", ARCHITECTURE, re.MULTILINE)
    levels = {}
    for level, cells in enumerate(rows):
        for app, cell in zip(("education", "clinic"), cells, strict=True):
            levels |= {f"{app}.{name}": level for name in re.findall(r"`(\w+)`", cell)}
    return levels


def _imports(path: Path) -> set[str]:
    """Return the modules of the apps that a file imports, two names deep."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {".".join(name.split(".")[:2]) for name in found if name.split(".")[0] in ("education", "clinic")}


def test_every_module_stands_in_the_table_of_levels_and_every_level_is_there():
    levels = _levels()
    there = {
        f"{app}.{path.stem}"
        for app in ("education", "clinic")
        for path in (ROOT / app).iterdir()
        if not path.name.startswith("_") and path.name != "migrations"
    }
    assert set(levels) == there


def test_modules_import_from_their_own_level_or_above_and_education_never_from_clinic():
    levels = _levels()
    wrong = []
    for path in sorted([*(ROOT / "education").rglob("*.py"), *(ROOT / "clinic").rglob("*.py")]):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts[:2])
        if module not in levels:
            continue
        for imported in _imports(path) & set(levels):
            against = module.startswith("education.") and imported.startswith("clinic.")
            if against or levels[imported] > levels[module]:
                wrong.append(f"{path.relative_to(ROOT)} imports {imported}")
    assert wrong == []


def test_config_imports_nothing_from_the_apps():
    assert {path.name: _imports(path) for path in (ROOT / "config").rglob("*.py") if _imports(path)} == {}
