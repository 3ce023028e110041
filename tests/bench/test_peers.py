"""Wagtail beside Plainleaf: it gets the same content, and an environment that is made once."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest
from django.core.management import call_command

from bench import peers
from bench.contestants import PATH
from bench.sample_site import NotStarted
from bench.serving import BESIDE_PEERS
from tests.html import get


def test_another_python_than_3_12_is_refused_with_what_to_do(tmp_path):
    wrong = tmp_path / "python3.12"
    wrong.write_text("#!/bin/sh\necho 3.11\n")
    wrong.chmod(0o755)
    for name in (str(wrong), str(tmp_path / "nothing")):
        with pytest.raises(NotStarted, match="PYTHON312=… make bench-peers"):
            peers.python312({"PYTHON312": name})


def test_without_a_python_3_12_nothing_is_measured(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHON312", str(tmp_path / "nothing"))
    assert peers.main([]) == 2
    assert "is no Python 3.12" in capsys.readouterr().err


def test_an_environment_that_was_made_needs_neither_network_nor_another_python(monkeypatch, tmp_path):
    asked: list[str] = []

    def quietly(command: Sequence[str]) -> None:
        asked.append(command[2])
        (tmp_path / "plainleaf" / peers.folder_name()).mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(peers, "python312", lambda environ: sys.executable)
    monkeypatch.setattr(peers, "quietly", quietly)
    made = peers.environment({"XDG_CACHE_HOME": str(tmp_path)})
    assert asked == ["venv", "pip"]
    assert peers.environment({"XDG_CACHE_HOME": str(tmp_path), "PYTHON312": "/nothing"}) == made
    assert asked == ["venv", "pip"]


def test_the_targets_beside_wagtail_are_five_and_two_hundred_times():
    assert [(target.at_least, target.words) for target in BESIDE_PEERS] == [(5, "at least 5"), (200, "at least 200")]


def test_wagtail_gets_the_text_the_menus_and_what_stands_below(db, settings, client):
    settings.SAMPLE_STAFF_PASSWORD = "harbor-lantern-meadow"
    call_command("load_sample")
    markup = get(client, PATH).content.decode()
    content = peers.content(markup)
    assert (content["site"], content["slug"], content["title"]) == ("Harbor Lane Clinic", "mesotherapy", "Mesotherapy")
    assert [slug for slug, _ in content["menu"]] == ["guides", "providers", "prices", "about", "consultation"]
    assert content["contents"][0] == ("how-it-works", "How it works")
    assert content["contents"][-1] == ("evidence", "How sure we are")
    assert content["lead"].startswith("Many small injections")
    assert content["text"].startswith("<section")
    assert content["rest"].endswith("</section>")
    # What Wagtail's templates add is less than a fifth of the page.
    assert len(content["text"]) + len(content["rest"]) > 0.8 * len(markup)


def test_help_says_what_has_to_be_there(capsys):
    with pytest.raises(SystemExit):
        peers.main(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    for needed in ("Wagtail", "needs wrk and a Python 3.12", "needs the network"):
        assert needed in told
