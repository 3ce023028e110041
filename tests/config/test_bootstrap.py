"""What `make` does before the command itself: refusals first, then what it prepares and what it leaves alone."""

from __future__ import annotations

import ast
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import bootstrap
from config.bootstrap import DEVELOPMENT, RUN_TIME, SERVICES, UNFINISHED, Refusal

LOCKED = "alpha==1.0 \\\n    --hash=sha256:0\nbeta==2.0 \\\n    --hash=sha256:1\n    # via alpha\n"


class Commands:
    """Stands in for running programs: answers each with what the test says, and remembers it."""

    def __init__(self, *, version: str = "3.11", pip: tuple[int, str] = (0, "")) -> None:
        self.version, self.pip, self.made, self.installed = version, pip, 0, 0

    def __call__(self, command: list[str]) -> tuple[int, str]:
        if "venv" in command:
            self.made += 1
            python = Path(command[-1]) / "bin" / "python"
            python.parent.mkdir()
            python.touch()
            return 0, ""
        if "install" in command:
            self.installed += 1
            return self.pip
        return (0, self.version + "\n") if self.version else (127, "pyenv: command not found\n")


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    for name in (RUN_TIME, SERVICES, DEVELOPMENT):
        (tmp_path / name).write_text(LOCKED)
    return tmp_path


@pytest.fixture
def venv(checkout) -> Path:
    bootstrap.make_environment(checkout / ".venv", Commands())
    return checkout / ".venv"


# An old or incomplete Python


def test_an_old_python_is_told_which_one_to_install(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "OLDEST", (3, 99))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    assert bootstrap.main(["run"]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("Plainleaf needs Python 3.11 or newer, and this is Python 3.")
    assert shown.count("\n") == 1


def test_a_python_that_is_on_the_path_but_does_not_start_is_no_way_out():
    assert bootstrap.newer_python(lambda name: f"/shims/{name}", Commands(version="")) is None


def test_an_old_python_hands_over_to_the_newest_that_starts(monkeypatch):
    handed_over = []
    monkeypatch.setattr(bootstrap, "OLDEST", (3, 99))
    monkeypatch.setattr(bootstrap.shutil, "which", {"python3.12": "/bin/python3.12"}.get)
    monkeypatch.setattr(bootstrap, "run", Commands(version="3.99"))
    monkeypatch.setattr(bootstrap, "become", handed_over.append)
    bootstrap.use_supported_python(["run"])
    assert handed_over == [["/bin/python3.12", bootstrap.__file__, "run"]]


def test_python_3_6_can_read_the_file_that_refuses_it():
    tree = ast.parse(Path(bootstrap.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert imported <= set(sys.stdlib_module_names) - {"__future__"}


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_the_package_to_install(missing):
    with pytest.raises(Refusal) as refusal:
        bootstrap.refuse_without_venv(lambda name: None if name == missing else object(), (3, 12))
    assert f"lacks {missing}." in str(refusal.value)
    assert "sudo apt install python3-venv" in str(refusal.value)
    assert "python3.12-venv" in str(refusal.value)


def test_an_unknown_command_is_refused_with_the_known_ones(capsys):
    assert bootstrap.main(["serve"]) == 1
    assert "run, dev, prepare, test, check, format" in capsys.readouterr().err


# Packages that cannot be had


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ("Collecting alpha\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n    Got 12ab\n", "DO NOT MATCH THE HASHES"),
        ("WARNING: Retrying (Retry(total=4)) after connection broken\nERROR: No matching", "connected to the internet"),
        ("no space left on device\n", "no space left on device"),
        ("", "no reason was given"),
    ],
)
def test_when_pip_fails_its_reason_is_one_sentence_and_nothing_is_marked_as_installed(checkout, venv, output, shown):
    with pytest.raises(Refusal, match=shown) as refusal:
        bootstrap.install(venv, checkout / RUN_TIME, Commands(pip=(1, output)))
    assert "\n" not in str(refusal.value)
    assert not list(venv.glob("installed-*"))
    assert (venv / "pip.log").read_text() == output
    again = Commands()
    assert bootstrap.install(venv, checkout / RUN_TIME, again)
    assert again.installed == 1


def test_when_the_environment_cannot_be_made_the_reason_is_shown(checkout):
    with pytest.raises(Refusal, match="contains the PATH separator"):
        bootstrap.make_environment(checkout / ".venv", lambda command: (1, "Error: contains the PATH separator\n"))


# An environment that is not whole


def test_a_half_made_environment_is_made_anew(checkout):
    left_over = checkout / ".venv" / "lib" / "half.py"
    left_over.parent.mkdir(parents=True)
    left_over.touch()
    commands = Commands()
    assert bootstrap.make_environment(checkout / ".venv", commands)
    assert commands.made == 1
    assert not left_over.exists()


def test_an_environment_is_made_anew_after_an_interrupted_installation(checkout, venv):
    def interrupted(command: list[str]) -> tuple[int, str]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bootstrap.install(venv, checkout / RUN_TIME, interrupted)
    assert (venv / UNFINISHED).exists()
    assert bootstrap.make_environment(venv, Commands())
    assert not (venv / UNFINISHED).exists()


def test_an_environment_whose_python_is_gone_is_made_anew(venv):
    (venv / "bin" / "python").unlink()
    assert bootstrap.make_environment(venv, Commands())


def test_an_environment_of_an_old_or_broken_python_is_made_anew(venv):
    assert bootstrap.make_environment(venv, Commands(version="3.10"))
    assert bootstrap.make_environment(venv, Commands(version=""))


def test_an_environment_that_is_a_link_is_replaced_and_its_target_left_alone(checkout, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").touch()
    (checkout / ".venv").symlink_to(elsewhere)
    assert bootstrap.make_environment(checkout / ".venv", Commands())
    assert (elsewhere / "file").exists()
    assert not (checkout / ".venv").is_symlink()


def test_a_whole_environment_is_left_alone(venv):
    commands = Commands()
    assert not bootstrap.make_environment(venv, commands)
    assert commands.made == 0


# What is installed, and when


def test_nothing_is_installed_while_the_list_is_the_same(checkout, venv, capsys):
    commands = Commands()
    assert bootstrap.install(venv, checkout / RUN_TIME, commands)
    assert "Installing 2 packages (first time only" in capsys.readouterr().out
    assert not bootstrap.install(venv, checkout / RUN_TIME, commands)
    assert commands.installed == 1
    assert capsys.readouterr().out == ""


def test_a_changed_list_is_installed(checkout, venv):
    bootstrap.install(venv, checkout / RUN_TIME, Commands())
    (checkout / RUN_TIME).write_text(LOCKED.replace("1.0", "1.1"))
    assert bootstrap.install(venv, checkout / RUN_TIME, Commands())


def test_who_has_installed_the_list_for_development_has_the_others_too(checkout, venv):
    bootstrap.install(venv, checkout / DEVELOPMENT, Commands())
    assert not bootstrap.install(venv, checkout / RUN_TIME, Commands())
    assert not bootstrap.install(venv, checkout / SERVICES, Commands())


@pytest.mark.parametrize(
    ("larger", "smaller"), [(DEVELOPMENT, SERVICES), (DEVELOPMENT, RUN_TIME), (SERVICES, RUN_TIME)]
)
def test_the_longer_lists_hold_the_shorter_at_the_same_versions(larger, smaller):
    def pins(name: str) -> set[str]:
        lines = (bootstrap.CHECKOUT / name).read_text(encoding="utf-8").splitlines()
        return {line.split()[0] for line in lines if line[:1].isalnum()}

    assert smaller in bootstrap.COVERS[larger]
    assert pins(smaller) <= pins(larger)


@pytest.mark.parametrize(
    ("command", "values", "expected"),
    [
        ("run", {}, RUN_TIME),
        ("run", {"DATABASE_URL": "sqlite:////srv/x.sqlite3", "CACHE_URL": "filecache:///srv/x"}, RUN_TIME),
        ("run", {"DATABASE_URL": "postgres://db/x"}, SERVICES),
        ("run", {"DATABASE_URL": "postgresql://db/x"}, SERVICES),
        ("dev", {"CACHE_URL": "rediss://cache/1"}, SERVICES),
        ("test", {}, DEVELOPMENT),
        ("check", {"DATABASE_URL": "postgres://db/x"}, DEVELOPMENT),
    ],
)
def test_each_command_installs_what_it_needs(command, values, expected):
    assert bootstrap.requirements_for(command, values) == expected


# .env


def test_an_env_file_that_exists_is_never_changed(checkout):
    (checkout / ".env").write_text("SECRET_KEY=mine\n")
    bootstrap.prepare_env_file({})
    assert (checkout / ".env").read_text() == "SECRET_KEY=mine\n"


@pytest.mark.parametrize(
    "content", ["PLAINLEAF_MODE=local\n", "SECRET_KEY=\n", "# SECRET_KEY=old\n", "SECRET_KEY=''\n"]
)
def test_an_env_file_without_a_key_is_refused_with_the_way_to_make_one(checkout, content):
    (checkout / ".env").write_text(content)
    with pytest.raises(Refusal, match=r"\.env has no SECRET_KEY.*token_urlsafe"):
        bootstrap.prepare_env_file({})
    assert (checkout / ".env").read_text() == content


def test_no_env_file_turns_a_site_that_is_set_in_the_environment_into_a_local_one(checkout):
    bootstrap.prepare_env_file({"SECRET_KEY": "from the environment"})
    bootstrap.prepare_env_file({"PLAINLEAF_ENV_FILE": ""})
    assert not (checkout / ".env").exists()


def test_a_new_env_file_is_local_private_and_has_secrets_of_its_own(checkout):
    written = []
    for name in ("one.env", "two.env"):
        bootstrap.prepare_env_file({"PLAINLEAF_ENV_FILE": name})
        assert stat.S_IMODE((checkout / name).stat().st_mode) == 0o600
        written.append(bootstrap.read_values(checkout / name))
    one, two = written
    assert one["PLAINLEAF_MODE"] == "local"
    assert len(one["SECRET_KEY"]) >= 50
    assert one["SECRET_KEY"] != two["SECRET_KEY"]
    assert one["SAMPLE_STAFF_PASSWORD"] != two["SAMPLE_STAFF_PASSWORD"]
    assert len(one["SAMPLE_STAFF_PASSWORD"].split("-")) == 4
    assert {path.name for path in checkout.glob("*.env*")} == {"one.env", "two.env"}


def test_the_environment_wins_over_the_env_file(checkout):
    (checkout / ".env").write_text('export DATABASE_URL="postgres://db/x"\nCACHE_URL = redis://cache\n')
    assert bootstrap.configured({})["DATABASE_URL"] == "postgres://db/x"
    assert bootstrap.configured({"CACHE_URL": "filecache:///srv"})["CACHE_URL"] == "filecache:///srv"


# As a whole


def test_only_commands_that_serve_write_an_env_file(checkout, monkeypatch):
    started = []
    monkeypatch.setattr(bootstrap, "run", Commands())
    monkeypatch.setattr(bootstrap, "become", started.append)
    monkeypatch.delenv("PLAINLEAF_ENV_FILE", raising=False)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    python = str(checkout / ".venv" / "bin" / "python")
    bootstrap.main(["test", "-k", "a and b"])
    assert started == [[python, "-m", "config.check", "test", "-k", "a and b"]]
    assert not (checkout / ".env").exists()
    bootstrap.main(["dev"])
    assert started[1:] == [[python, "-m", "config.serve", "--dev"]]
    assert (checkout / ".env").exists()


def test_make_names_each_command_in_its_help():
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=bootstrap.CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    for command in (*bootstrap.COMMANDS, "lock", "help"):
        assert f"  make {command} " in shown
    named = [re.match(r"  make \S+ +", line) for line in shown.splitlines()]
    assert len({one and one.end() for one in named}) == 1, (
        "the longest name, too, ends before the column of what it does"
    )
