"""What `make test` and `make check` run, and that nothing of the caller's leaks in."""

from __future__ import annotations

import re

import pytest

from config import check
from config.check import CHECKOUT, SETTINGS, STEPS, Step

PASSES = Step("passes", ("-c", ""))
FAILS = Step("fails", ("-c", "import sys; sys.exit(3)"))


def test_the_first_step_that_fails_ends_the_check_with_its_exit_code(capfd):
    never = Step("never", ("-c", "print('was run')"))
    assert check.run_all((PASSES, FAILS, never), {}) == 3
    shown = capfd.readouterr().out
    assert re.search(r"== passes: passed after \d+\.\d s\n== fails\n== fails: failed", shown)
    assert "was run" not in shown


def test_a_misspelt_step_is_refused_instead_of_skipping_nothing(capsys):
    assert check.run_all(STEPS, {"SKIP": "type"}) == 2
    assert "types" in capsys.readouterr().out


def test_required_services_are_not_left_out_when_unreachable(monkeypatch):
    monkeypatch.setattr(check, "unreachable", lambda addresses: "PostgreSQL is not reachable here")
    step = Step("services", FAILS.arguments, needs_services=True)
    assert check.run_all((step,), {}) == 0
    assert check.run_all((step,), {"REQUIRE_SERVICES": "1"}) == 3


def test_an_unreachable_service_is_named_with_the_reason():
    closed = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "CACHE_URL": "redis://127.0.0.1:1/0"}
    assert re.match(r"PostgreSQL is not reachable here \(.+\)$", check.unreachable(closed))


def test_no_setting_of_the_caller_reaches_a_step(tmp_path):
    caller = {**dict.fromkeys(SETTINGS, "the caller's"), "PATH": "/bin", "CHROMIUM": "/opt/chromium"}
    environment = check.clean_environment(caller, tmp_path)
    assert "the caller's" not in environment.values()
    assert environment["PLAINLEAF_ENV_FILE"] == ""
    assert environment["DATA_DIR"] == str(tmp_path)
    assert (environment["PATH"], environment["CHROMIUM"]) == ("/bin", "/opt/chromium")


def test_what_no_database_changes_is_looked_at_once():
    arguments = {step.name: tuple(step.arguments) for step in STEPS if step.name.startswith("tests")}
    assert arguments == {
        "tests-sqlite": check.WHOLE_SUITE,
        "tests-services": (*check.WHOLE_SUITE, "-m", "stored and not looks"),
    }


def test_named_steps_are_left_out():
    assert check.run_all((FAILS, PASSES), {"SKIP": "fails"}) == 0


def test_the_callers_own_services_are_used_when_they_are_of_the_kind():
    assert check.services({"DATABASE_URL": "sqlite:////x", "CACHE_URL": ""}) == {
        "DATABASE_URL": check.POSTGRES,
        "CACHE_URL": check.REDIS,
    }
    own = {"DATABASE_URL": "postgres://db/x", "CACHE_URL": "redis://cache/1"}
    assert check.services(own) == own


def test_the_python_files_to_judge_are_the_projects_own():
    files = check.expand((check.PYTHON_FILES,))
    assert "manage.py" in files
    assert "tests/config/test_check.py" in files
    assert not [name for name in files if name.startswith(".") or not (CHECKOUT / name).is_file()]


@pytest.mark.parametrize("name", ["docs/settings.md", ".env.example"])
def test_every_setting_is_written_down(name):
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    written = set(re.findall(r"^\| `([A-Z_]+)` \| .+ \| .+ \| .+ \| .+ \| .+ \|$|^#?([A-Z_]+)=", text, re.MULTILINE))
    expected = set(SETTINGS) - ({"PLAINLEAF_ENV_FILE"} if name == ".env.example" else set())
    assert {first or second for first, second in written} == expected
