"""What the log says, and that nothing which somebody typed is in it: line by line, and of the real server."""

from __future__ import annotations

import http.client
import json
import logging
import os
import re
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from config import env, error_reports
from config.check import CHECKOUT, clean_environment
from config.log_lines import JsonLine, PlainLine, WithoutMessages, WithoutOneTimeLinks
from config.middleware import RequestNumberMiddleware
from config.whence import numbered, request_number
from tests.config.test_serve import free_port

SECRETS = ("Zuzana-Searched", "Zuzana-Typed", "Zuzana-Signed", "2027-12-24", "zuzana@patient.example", "Zuzana-Word")


def record(message: str, *values: object, error: Exception | None = None) -> logging.LogRecord:
    raised = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("clinic", logging.ERROR, __file__, 1, message, values, raised)
    for one in (WithoutMessages(), WithoutOneTimeLinks()):
        one.filter(made)
    return made


def fault() -> Exception:
    """Return an exception with a cause, both of which quote what somebody typed."""
    try:
        try:
            int("Zuzana-Typed")
        except ValueError as cause:
            raise LookupError("Zuzana-Word") from cause
    except LookupError as error:
        return error


@pytest.mark.parametrize("line", [JsonLine(), PlainLine()], ids=["json", "plain"])
def test_of_an_exception_the_places_and_kinds_are_told_and_no_message(line):
    said = line.format(record("it failed: %s", fault(), error=fault()))
    assert "Zuzana" not in said
    assert "it failed: LookupError" in said
    for part in ("builtins.LookupError", "builtins.ValueError", "test_log_lines.py:", "in fault"):
        assert part in said


def test_a_line_of_json_is_one_line_whatever_it_says():
    with numbered("abcdef-123"):
        said = JsonLine().format(record("two\nlines “%s”", "\r\u2028"))
    assert "\n" not in said
    found = json.loads(said)
    assert found | {"at": ""} == {
        **{"at": "", "level": "ERROR", "part": "clinic"},
        **{"says": "two\nlines “\r\u2028”", "request": "abcdef-123"},
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", found["at"])
    assert "request" not in json.loads(JsonLine().format(record("outside a request")))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/accounts/first-owner/abc-DEF/", "/accounts/first-owner/…/"),
        ("/accounts/password/reset/key/3-abc-def/", "/accounts/password/reset/key/…/"),
    ],
)
def test_the_secret_of_a_link_that_works_once_is_in_no_line(path, shown):
    assert json.loads(JsonLine().format(record("Not Found: %s", path)))["says"] == f"Not Found: {shown}"


# The number of a request


def number_of(offered: str | None) -> str:
    seen: list[str] = []
    headers = {} if offered is None else {"X-Request-ID": offered}
    RequestNumberMiddleware(lambda request: seen.append(request_number()) or _Answer())(  # type: ignore[arg-type]
        RequestFactory().get("/", headers=headers)
    )
    assert request_number() == ""
    return seen[0]


class _Answer:
    status_code = 200


@pytest.mark.parametrize(
    "offered", [None, "", "short", "a" * 65, "with space in it", "a\nb-12345678", "ä" * 12, "-abcdefgh"]
)
def test_a_number_that_is_not_well_formed_is_replaced(settings, offered):
    settings.PROXY_COUNT = 1
    assert re.fullmatch(r"[0-9a-f]{16}", number_of(offered))
    assert number_of(offered) != number_of(offered)


def test_a_proxy_of_ours_gives_the_number_and_nobody_else(settings):
    settings.PROXY_COUNT = 1
    assert number_of("0af7651916cd43dd8448eb211c80319c") == "0af7651916cd43dd8448eb211c80319c"
    settings.PROXY_COUNT = 0
    assert number_of("0af7651916cd43dd8448eb211c80319c") != "0af7651916cd43dd8448eb211c80319c"


def test_no_answer_but_that_of_a_fault_carries_the_number(client, db, settings, monkeypatch):
    settings.PROXY_COUNT, number = 1, {"X-Request-ID": "abcdef-123456"}
    for path in ("/", "/nothing/", "/healthz", "/accounts/login/"):
        answer = client.get(path, headers=number)
        assert "abcdef-123456" not in f"{answer.headers}{answer.content.decode()}", path
    monkeypatch.setattr("clinic.views.pages.live_guides", None)
    client.raise_request_exception = False
    assert "abcdef-123456" in client.get("/", headers=number).content.decode()


def test_a_line_for_each_request_is_written_where_it_is_wanted_without_its_query(client, db, settings, caplog):
    logging.getLogger("plainleaf").propagate = True
    try:
        with caplog.at_level(logging.INFO, "plainleaf"):
            client.get("/healthz?q=Zuzana-Searched")
            assert caplog.messages == []
            settings.LOG_REQUESTS = True
            client.get("/nothing%0Aelse/?q=Zuzana-Searched")
    finally:
        logging.getLogger("plainleaf").propagate = False
    lines = [one.getMessage() for one in caplog.records if one.name == "plainleaf.requests"]
    assert re.fullmatch(r"GET /nothing\\nelse/ 404 in \d+ ms", lines[-1])
    assert "Zuzana" not in caplog.text


# Reports of faults by mail


@pytest.fixture
def at_once(monkeypatch) -> None:
    class Now:
        def __init__(self, target, args, daemon) -> None:
            self.start = lambda: target(*args)

    monkeypatch.setattr(error_reports.threading, "Thread", Now)


@pytest.mark.stored
def test_nobody_is_mailed_unless_the_setting_names_them(at_once, settings):
    error_reports.MailReports("").emit(record("it failed", error=fault()))
    error_reports.MailReports("ops@clinic.example").emit(record("no exception"))
    assert mail.outbox == []
    assert settings.ERROR_REPORTS == ""


@pytest.mark.stored
def test_a_fault_is_mailed_once_an_hour_and_quotes_nobody(at_once):
    reports = error_reports.MailReports("ops@clinic.example")
    with numbered("abcdef-123456"):
        for _ in range(3):
            reports.emit(record("it failed: %s", fault(), error=fault()))
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["ops@clinic.example"], "Plainleaf: builtins.ValueError")
    assert "abcdef-123456" in sent.body
    assert "Zuzana" not in sent.body


@pytest.mark.stored
def test_a_mail_server_that_is_down_is_a_line_and_no_fault(at_once, settings, caplog):
    settings.EMAIL_BACKEND = "tests.config.nothing.Backend"
    error_reports.MailReports("ops@clinic.example").emit(record("it failed", error=fault()))
    assert caplog.messages == ["a report of a fault could not be sent: ModuleNotFoundError"]


def test_the_format_is_one_of_two(monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(ImproperlyConfigured, match="json, plain"):
        env.choice("LOG_FORMAT", "json", ("json", "plain"))


# The real server


def _asked(port: int, method: str, path: str, typed: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
    body = urlencode(typed) if typed else None
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if typed else {}
    with closing(http.client.HTTPConnection("localhost", port, timeout=30)) as connection:
        connection.request(method, path, body, {**kind, **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_nothing_that_somebody_typed_is_in_what_the_real_server_writes(tmp_path: Path):
    port = free_port()
    site = clean_environment(os.environ, tmp_path) | {
        **{"SAMPLE": "no", "WORKERS": "1", "PORT": str(port), "DJANGO_SETTINGS_MODULE": "tests.config.faulty"},
        **{"LOG_FORMAT": "json", "LOG_REQUESTS": "on", "PROXY_COUNT": "1"},
    }
    command = [sys.executable, "-m", "config.serve"]
    with subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=site,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        try:
            assert server.stdout is not None
            shown = ""
            while "Stop with Ctrl+C." not in shown:
                line = server.stdout.readline()
                assert line, "it did not start"
                shown += line
            for more in ({}, {"X-Fault": "yes", "X-Request-ID": "number-of-the-fault"}):
                for method, path, typed in (
                    ("GET", "/search/?q=Zuzana-Searched", None),
                    ("GET", "/guides/none/plan/?date=2027-12-24", None),
                    ("POST", "/consultation/", {"name": "Zuzana-Typed", "email": "zuzana@patient.example"}),
                    ("POST", "/accounts/login/", {"login": "Zuzana-Signed", "password": "Zuzana-Word"}),
                    (
                        "POST",
                        "/admin/login/?next=/Zuzana-Word",
                        {"username": "Zuzana-Signed", "password": "Zuzana-Word"},
                    ),
                    ("GET", "/search/?q=Zuzana-Searched%00", None),
                ):
                    status, page = _asked(port, method, path, typed, **more)
                    assert status < 500 or more, path
                    # What is refused before it gets so far is no fault.
                    assert status != 500 or "number-of-the-fault" in page
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            rest, lines = server.communicate(timeout=30)
    for secret in SECRETS:
        assert secret not in shown + rest + lines, secret
    found = [json.loads(line) for line in lines.splitlines()]
    faults = [one for one in found if "fault" in one]
    assert len(faults) >= 3
    assert {one["request"] for one in faults} == {"number-of-the-fault"}
    assert faults[0]["fault"][-1] == "builtins.KeyError"
    assert any(one["says"].startswith("GET /search/ 200 in ") for one in found)
    assert any(one["says"] == "it failed: KeyError" for one in found)
