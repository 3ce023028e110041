"""`python -m config.serve --prepare`: everything is brought up to date, and nothing is served."""

from __future__ import annotations

import socket

import pytest

from clinic.models import User
from config import serve
from config.serve import Refusal


def refuse() -> None:
    raise Refusal("the reason")


def test_a_refusal_ends_preparing_with_an_exit_code(monkeypatch, capsys):
    monkeypatch.setattr(serve, "prepare", refuse)
    assert serve.main(["--prepare"]) == 1
    assert "the reason" in capsys.readouterr().err


def test_preparing_and_developing_at_once_is_refused():
    with pytest.raises(SystemExit):
        serve.main(["--prepare", "--dev"])


@pytest.mark.django_db
def test_preparing_ends_without_serving_even_where_a_server_runs(settings, tmp_path, monkeypatch, capsys):
    called: list[str] = []
    monkeypatch.setattr(serve, "call_command", lambda name, **options: called.append(name))
    monkeypatch.setattr(serve, "serve", lambda *_: pytest.fail("served"))
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path / "data", tmp_path / "data" / "static"
    User.objects.create_user("editor", password="kp3m-9wqe-t7ha")
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings.PORT = other.getsockname()[1]
        assert serve.main(["--prepare"]) == 0
    assert "up to date" in capsys.readouterr().out
    assert "collectstatic" in called
