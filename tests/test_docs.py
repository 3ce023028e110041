"""What the documentation names exists: commands, settings, links, pictures, paths, addresses, decisions."""

from __future__ import annotations

import ast
import re
import tomllib
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
DOCS = sorted([README, ROOT / "bench/results.md", *(ROOT / "docs").rglob("*.md")])
ADRS = sorted((ROOT / "docs/adr").glob("*.md"))
ADR_HEADINGS = ["Context", "Choice", "Rejected", "Consequences", "How we would notice that it broke"]

# What git ignores.
SKIPPED = {
    *(".git", ".venv", ".env", "var", "node_modules", "test-results", "__pycache__", ".hypothesis"),
    *(".mypy_cache", ".pytest_cache", ".ruff_cache"),
}

FENCED = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
MAKE = re.compile(r"(?:^|[;&] *)make ([a-z][a-z-]*)", re.MULTILINE)
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)

# Programs that a reader has, or is told to install.
PROGRAMS = {"cd", "git", "sudo", "sqlite3", "tar", "cp", "mv", "rm", "chmod", "umask", "pg_dump", "pg_restore"}
PROGRAMS |= {"apt", "useradd", "install", "systemctl", "docker", "curl", "pipx"}
# Folders of a server, which are no addresses of the site.
SYSTEM = ("/etc/", "/var/", "/srv/")
READERS = {"text", "switch", "number", "choice", "url", "secret_key", "hosts", "site_url", "bind_address", "time_zone"}
READERS |= {"contact"}
every_document = pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _blocks(path: Path, *languages: str) -> list[str]:
    """Return the fenced blocks of a document, those in these languages or all."""
    return [block for _, language, block in FENCED.findall(_text(path)) if not languages or language in languages]


def _prose(path: Path) -> str:
    return FENCED.sub("", _text(path))


def _spans(path: Path) -> list[str]:
    return SPAN.findall(_prose(path))


def _code(path: Path) -> list[str]:
    """Return every piece of code, with a command's continued lines joined."""
    return [*_spans(path), *(block.replace("\\\n", " ") for block in _blocks(path))]


def _commands(path: Path) -> list[str]:
    """Return the lines that a reader is told to type, without comments."""
    lines = "\n".join(_blocks(path, "sh")).replace("\\\n", " ").split("\n")
    return [line for line in (re.sub(r"(^|\s)#.*", "", line).strip() for line in lines) if line]


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", _text(ROOT / "Makefile"), re.MULTILINE))


def _settings_read() -> set[str]:
    """Return the names of variables that config/settings.py and config/env.py ask the environment for."""
    found = set()
    for name in ("settings", "env"):
        for node in ast.walk(ast.parse(_text(ROOT / f"config/{name}.py"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                value = node.args[0].value
                if called in {*READERS, "get"} and isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z_]+", value):
                    found.add(value)
    return found


def _reads(name: str) -> bool:
    """Whether the checks or the Makefile ask for a variable, or a step of continuous integration gives it."""
    sources = [*(ROOT / "config").glob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "Makefile"]
    sources += [ROOT / "deploy/Caddyfile", ROOT / "deploy/compose.yaml"]
    asked = re.compile(rf"\$\({name}\)|\$?\{{\$?{name}[:}}]|environ(?:\.get\(|\[)\"{name}\"")
    return any(asked.search(_text(source)) for source in sources)


def _files() -> Iterator[Path]:
    """Yield the text files of the project."""
    for path in sorted(ROOT.rglob("*")):
        relative = path.relative_to(ROOT)
        # No text has a NUL, and hardly anything else is without one.
        if path.is_file() and not SKIPPED.intersection(relative.parts) and b"\0" not in path.read_bytes():
            yield path


def _anchors(path: Path) -> set[str]:
    """Return the anchors that a reader of the repository gets for the headings of a document."""
    anchors: set[str] = set()
    for heading in HEADING.findall(_prose(path)):
        words = re.sub(r"[^\w\- ]", "", LINK.sub(r"\2", heading).replace("`", "").lower())
        anchor = words.strip().replace(" ", "-")
        taken = sum(1 for one in anchors if re.fullmatch(rf"{re.escape(anchor)}(-\d+)?", one))
        anchors.add(f"{anchor}-{taken}" if taken else anchor)
    return anchors


# Commands


@every_document
def test_every_make_target_that_is_named_exists(path):
    named = {target for code in _code(path) for target in MAKE.findall(code)}
    assert named - _targets() == set()


@every_document
def test_every_management_command_that_is_named_exists_with_its_options(path):
    known = get_commands()
    for code in _code(path):
        for name, rest in re.findall(r"manage\.py ([a-z_]+)([^\n`]*)", code):
            assert name in known, f"there is no command {name}"
            app = known[name]
            command = load_command_class(app, name) if isinstance(app, str) else app
            options = command.create_parser("manage.py", name)._option_string_actions
            assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= set(options), f"{name}{rest}"


def test_every_command_of_the_project_is_in_the_documentation():
    ours = {name for name, app in get_commands().items() if app in ("education", "clinic")}
    assert {name for name in ours if not any(name in _text(path) for path in DOCS)} == set()


@every_document
def test_a_command_to_type_begins_with_something_that_is_there(path):
    for line in _commands(path):
        words = [word for word in line.split() if not re.fullmatch(r"[A-Z_]+=\S*", word)]
        assert words, f"only settings: {line}"
        first = words[0]
        if first == ".venv/bin/python":
            there = words[1:2] == ["manage.py"] or words[1:3] == ["-m", "config.serve"]
        else:
            there = first == "make" or first in PROGRAMS
        assert there, line


def test_the_readme_gives_the_two_commands():
    assert {"make run", "make test"} <= set(_commands(README))


# Settings


def test_the_settings_that_are_read_are_found():
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "TIME_ZONE", "PLAINLEAF_MODE"} <= _settings_read()


def test_every_setting_is_documented_and_none_that_is_not_read():
    text = _text(ROOT / "docs/settings.md")
    documented = set(re.findall(r"^\| `([A-Z][A-Z_]+)` \|", text, re.MULTILINE))
    assert _settings_read() - documented == set()
    assert {name for name in documented - _settings_read() if not _reads(name)} == set()


def test_the_example_of_a_settings_file_has_known_settings_only():
    named = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", _text(ROOT / ".env.example"), re.MULTILINE))
    assert named
    assert named - _settings_read() == set()


@every_document
def test_a_setting_that_is_given_a_value_is_read_somewhere(path):
    named = {name for code in _code(path) for name in re.findall(r"(?<![\w-])([A-Z][A-Z_]+)=", code)} - {"NAME"}
    assert {name for name in named - _settings_read() if not _reads(name)} == set()


# Links, images, paths, addresses


@every_document
def test_every_relative_link_leads_somewhere(path):
    for _, _, target in LINK.findall(SPAN.sub("", _prose(path))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        assert there.exists(), f"there is no {name}"
        assert not anchor or anchor in _anchors(there), f"{there.name} has no heading #{anchor}"


@every_document
def test_every_picture_says_what_it_shows(path):
    for picture, words, target in LINK.findall(_prose(path)):
        if picture:
            assert len(words) > 20, target


@every_document
def test_every_path_that_is_named_exists(path):
    made = ("var/", ".venv/", "DATA_DIR/", "deploy/.env")
    for span in _spans(path):
        is_path = re.fullmatch(r"[\w.][\w.-]*(/[\w.-]*)+|[\w-]+\.py", span)
        if not is_path or span.startswith(made) or span in zoneinfo.available_timezones():
            continue
        assert (ROOT / span).exists() or (path.parent / span).exists(), span


@every_document
def test_every_address_of_the_site_that_is_named_is_served(path):
    stands_for = {"<n>": "1", "<sha256>": "0" * 64, "<width>": "320", "<hash>": "0" * 12}
    for span in _spans(path):
        if not re.fullmatch(r"/(?!/)[\w/<>.-]*", span) or span.startswith(SYSTEM):
            continue
        address = re.sub(r"<\w+>", lambda match: stands_for.get(match[0], "some-words"), span)
        try:
            resolve(address)
        except Resolver404:
            pytest.fail(f"nothing answers at {span}")


def test_each_promise_names_a_test_that_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", _text(ROOT / "docs/trust.md"))
    assert len(named) > 100
    gone = [f"{path}::{name}" for path, name in named if f"\ndef {name}(" not in _text(ROOT / path)]
    assert gone == []


def test_each_line_of_promises_and_traps_names_a_test():
    rows = re.findall(r"^\| .+$", _text(ROOT / "docs/trust.md"), re.MULTILINE)
    assert len([row for row in rows if "::test_" not in row]) == 2, "only the heads of the two tables have none"


# The decisions


def test_decisions_are_numbered_without_a_gap():
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_has_its_number_and_the_five_headings(path):
    assert re.match(rf"# {int(path.name[:4])}\. ", _text(path))
    assert re.findall(r"^## (.+)$", _text(path), re.MULTILINE) == ADR_HEADINGS


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_is_linked_from_the_list_of_decisions(path):
    assert f"adr/{path.name}" in _text(ROOT / "docs/architecture.md")


def test_every_dependency_has_its_reason_in_the_decision_about_them():
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = {re.split(r"[\[<>=~! ]", one)[0] for one in wanted}
    rows = re.findall(r"^\| (`.+?) \|", _text(ROOT / "docs/adr/0005-dependencies.md"), re.MULTILINE)
    assert {name for row in rows for name in SPAN.findall(row)} == names


# The project speaks of itself alone


@every_document
def test_no_document_tells_of_plans_or_of_how_the_project_is_made(path):
    unwanted = (
        r"TODO|FIXME|coming soon|work in progress|not yet implemented|roadmap|milestone|sprint|pull request|issue \d"
    )
    assert re.findall(rf"\b(?:{unwanted})\b", _text(path), re.IGNORECASE) == []


def test_no_file_names_a_path_of_one_machine_or_the_host_of_a_package_index():
    paths = r"(?<![\w.>}])/(?:work|tmp|root|home/\w+)/"
    hosts = r"pypi\.org|pythonhosted\.org|npmjs\.(?:com|org)|crates\.io|--(?:extra-)?index-url"
    unwanted = re.compile(f"{paths}|{hosts}")
    found = [(str(path.relative_to(ROOT)), match[0]) for path in _files() for match in unwanted.finditer(_text(path))]
    assert found == []
