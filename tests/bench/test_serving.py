"""How a page is served: what counts as a miss, what is compared with what, and what is read from wrk and from Linux."""

from __future__ import annotations

import gzip
import importlib
import json

import brotli
import pytest
from django.http import HttpRequest, HttpResponse

from bench import cached_settings, contestants, processes, serving
from bench.contestants import ACCEPT, BARE, CACHED, COLD, NGINX, WARM, Answer, NotComparable, checked, quoted, stored
from bench.keepable import keepable
from bench.processes import Memory, Process, family, memory_of, process_told
from bench.rounds import Contestant, Result, Turn, command, table, turn_told
from bench.serving import TARGETS, Target, failures, judged

HTML = b"<h1>Mesotherapy</h1>" + b"<p>Many small injections.</p>" * 100


def contestant(name: str = WARM, **headers: str) -> Contestant:
    return Contestant(name, "http://localhost:1/page/", {**ACCEPT, **headers}, pid=1)


def result(name: str, *rates: int, p99: float = 0.002, failed: int = 0) -> Result:
    turns = [Turn(rate, 1.0, failed, p50=0.001, p99=p99, processor=0.5) for rate in rates]
    return Result(contestant(name), turns, Memory(20_000_000, 45_000_000))


def answer(body: bytes = HTML, status: int = 200, encoding: str = "", **headers: str) -> Answer:
    told = {"content-type": "text/html; charset=utf-8", "server": "granian", "date": "today", **headers}
    if encoding:
        told["content-encoding"] = encoding
    return Answer(status, tuple((name.replace("_", "-"), value) for name, value in told.items()), body)


def met(*results: Result) -> dict[str, bool | None]:
    return {line.what: line.met for line in judged(results, TARGETS)}


# What is missed


def test_without_wrk_nothing_is_measured_and_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(serving, "lacking", lambda program: program == "wrk")
    assert serving.main([]) == 2
    told = capsys.readouterr()
    assert "sudo apt install wrk nginx" in told.err
    assert not told.out


def test_a_contestant_that_answers_something_else_stops_it(monkeypatch, capsys):
    def enter(stack, join):
        raise NotComparable("nginx answers 404")

    monkeypatch.setattr(serving, "lacking", lambda program: False)
    monkeypatch.setattr(serving, "enter", enter)
    assert serving.main([]) == 2
    assert "nginx answers 404" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([result(WARM, 95), result(BARE, 100), result(NGINX, 150)], 0),
        ([result(WARM, 85), result(BARE, 100), result(NGINX, 150)], 1),
        ([result(WARM, 95), result(BARE, 100), result(NGINX, 200)], 1),
        ([result(WARM, 95, p99=0.007), result(BARE, 100), result(NGINX, 150)], 1),
        ([result(WARM, 95), result(BARE, 100), result(NGINX, 150, failed=1)], 1),
        ([result(WARM, 95), result(BARE, 100)], 0),
    ],
    ids=["all kept", "bare", "nginx", "p99", "an error", "no nginx"],
)
def test_a_ratio_below_its_target_makes_the_exit_code_1(monkeypatch, capsys, results, code):
    monkeypatch.setattr(serving, "lacking", lambda program: False)
    monkeypatch.setattr(serving, "enter", lambda stack, join: [])
    monkeypatch.setattr(serving, "interleaved", lambda *arguments: results)
    assert serving.main([]) == code
    assert ("missed" in capsys.readouterr().out) == bool(code)


def test_who_was_left_out_is_said_and_judges_nothing(monkeypatch):
    assert met(result(WARM, 95), result(BARE, 100)) == {
        "req/s, warm ÷ bare WSGI": True,
        "req/s, warm ÷ nginx with stored brotli": None,
        "p99, warm ÷ nginx": None,
        "time of the processor, warm ÷ bare WSGI": None,
        "req/s, warm ÷ Django's cache middleware": None,
    }
    monkeypatch.setattr(serving, "lacking", lambda program: program == "nginx")
    options = serving.parse([], "bench.serving", "", "")
    assert any("sudo apt install wrk nginx" in note for note in serving.notes(options, load=0.1))


def test_requests_without_an_answer_are_named():
    assert failures([result(WARM, 9), result(COLD, 9, 9, failed=2)])[0].measured == f"{COLD}: 4"
    assert failures([result(WARM, 9)])[0].met


def test_a_ratio_is_the_median_of_the_ratios_in_each_round():
    line = judged([result(WARM, 90, 10, 95), result(BARE, 100, 20, 100)], TARGETS[:1])[0]
    assert line.measured == "0.9 (0.5 to 0.95)"
    assert line.met


def test_a_target_says_what_it_asks():
    assert Target("", WARM, NGINX, at_least=0.5, aim=0.6).words == "at least 0.5, aim for 0.6"
    assert Target("", WARM, NGINX, at_most=3).keeps(3.1) is False
    assert Target("", WARM, CACHED).keeps(0.1) is None


@pytest.mark.parametrize("arguments", [["--rounds", "4"], ["--seconds", "0"], ["--seconds", "3600"], ["--rounds", "x"]])
def test_too_few_rounds_and_endless_ones_are_refused(arguments, capsys):
    with pytest.raises(SystemExit):
        serving.main(arguments)
    assert "is not a number from" in capsys.readouterr().err


def test_help_has_an_example(capsys):
    with pytest.raises(SystemExit):
        serving.main(["--help"])
    assert "make bench-serving" in capsys.readouterr().out


# What is compared


def test_what_nginx_and_the_bare_application_serve_is_what_plainleaf_sent():
    sent = brotli.compress(HTML, quality=4)
    page = stored(answer(sent, encoding="br", etag='"x"', content_length="1"))
    assert (page.html, page.brotli) == (HTML, sent)
    assert page.headers == (
        ("content-type", "text/html; charset=utf-8"),
        ("etag", '"x"'),
        ("content-encoding", "br"),
        ("content-length", str(len(sent))),
    )


def test_a_page_that_was_not_compressed_is_compressed_for_them():
    page = stored(answer())
    assert brotli.decompress(page.brotli) == page.html == HTML
    assert stored(answer(gzip.compress(HTML), encoding="gzip")).html == HTML


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (answer(status=404), "answers 404"),
        (answer(status=304), "answers 304"),
        (answer(HTML * 2), "not the"),
        (answer(HTML.replace(b"h1", b"h2")), "not the"),
    ],
    ids=["not found", "not modified, unasked", "longer", "another page"],
)
def test_another_answer_than_the_page_is_refused(monkeypatch, one, told):
    monkeypatch.setattr(contestants, "ask", lambda address, headers: one)
    with pytest.raises(NotComparable, match=told):
        checked(contestant(), stored(answer()))


def test_a_contestant_is_shown_with_what_it_answers(monkeypatch):
    answers = [answer(brotli.compress(HTML), encoding="br"), answer(b"", 304)]
    monkeypatch.setattr(contestants, "ask", lambda address, headers: answers.pop(0))
    page = stored(answer())
    assert checked(contestant(), page).answer == "200 br"
    again = checked(contestant(**{"If-None-Match": '"x"'}), page)
    assert (again.answer, again.size) == ("304", 0)


def test_the_bare_application_answers_what_is_stored(monkeypatch, tmp_path):
    page = stored(answer())
    (tmp_path / "body").write_bytes(page.brotli)
    (tmp_path / "headers.json").write_text(json.dumps(page.headers))
    monkeypatch.setenv("BARE_ANSWER", str(tmp_path))
    site = importlib.import_module("bench.bare_site")
    began = []
    assert b"".join(site.application({}, lambda *told: began.append(told))) == page.brotli
    assert began == [("200 OK", list(page.headers))]


def test_nginx_sends_the_headers_of_the_page_and_none_that_would_be_a_variable():
    with pytest.raises(NotComparable):
        quoted("$host")
    assert quoted('a "b" \\') == '"a \\"b\\" \\\\"'


@pytest.mark.skipif(contestants.lacking("nginx"), reason="nginx is not installed")
def test_nginx_answers_with_the_page_and_its_headers():
    page = stored(answer(vary="Accept-Encoding", content_security_policy="default-src 'none'"))
    with contestants.nginx(page) as one:
        told = contestants.ask(one.address, one.headers)
        assert len(processes.workers(one.pid)) == 2
    assert (told.status, told.body) == (200, HTML)
    assert dict(page.headers).items() <= dict(told.headers).items()


def test_djangos_cache_answers_without_asking_the_database(db, client, settings, django_assert_num_queries):
    settings.MIDDLEWARE, settings.CACHES = cached_settings.MIDDLEWARE, cached_settings.CACHES
    settings.CACHE_MIDDLEWARE_ALIAS = cached_settings.CACHE_MIDDLEWARE_ALIAS

    def get() -> HttpResponse:
        return client.get("/guides/", headers={"Accept-Encoding": "gzip"})

    first = get()
    assert first["Content-Encoding"] == "gzip"
    assert first["Expires"]
    with django_assert_num_queries(0):
        assert get().content == first.content


def test_what_a_browser_is_to_ask_for_again_may_be_kept_by_djangos_cache():
    answered = keepable(lambda request: HttpResponse(b"page", headers={"Cache-Control": "public, no-cache"}))
    assert answered(HttpRequest())["Cache-Control"] == "public"


# What is read


def test_wrk_is_asked_with_the_contestants_headers():
    called = command(contestant(Cookie="session=x"), seconds=5, connections=16)
    assert {"--header=Accept-Encoding: br, gzip", "--header=Cookie: session=x", "--duration=5s"} <= set(called)
    assert called[-1] == "http://localhost:1/page/"


def test_what_wrk_tells_is_read_past_what_it_prints_itself():
    told = 'Running 1s test\n{"requests": 300, "microseconds": 2000000, "failed": 1, "p50": 500, "p99": 4000}\n'
    turn = turn_told(told, processor=0.03)
    assert (turn.rate, turn.failed, turn.p50, turn.p99) == (150, 1, 0.0005, 0.004)


def test_the_table_has_a_row_for_each_and_medians():
    lines = table([result(WARM, 100, 300, 200), result(BARE, 250)]).splitlines()
    assert [len(lines), len({len(line) for line in lines})] == [3, 1]
    cells = [cell.strip() for cell in lines[1].split("  ") if cell.strip()]
    assert cells == [WARM, "0", "200", "100", "300", "1.00", "2.00", "2,500", "20.0", "45.0"]


def test_a_process_is_read_whatever_its_name_is():
    rest = "S 7 12 12 0 -1 4194560 100 0 0 0 250 50 9 9 20 0 1 0 5000"
    assert process_told(f"12 (a) b (c) {rest}") == Process(parent=7, ticks=300, alive=True)
    assert not process_told(f"12 (gone) Z{rest[1:]}").alive


def test_a_server_is_its_process_and_all_that_it_began():
    assert sorted(family(10, {10: 1, 11: 10, 12: 11, 13: 1, 14: 10})) == [10, 11, 12, 14]


def test_memory_is_read_in_bytes():
    rollup = "55d0-7ffe ---p 00000000 00:00 0    [rollup]\nRss:       2048 kB\nPss:       1024 kB\nPss_Dirty:   10 kB\n"
    assert memory_of(rollup) == Memory(proportional=1024 * 1024, resident=2048 * 1024)


def test_an_ended_process_is_no_worker(monkeypatch):
    tree = {1: Process(0, 5, True), 2: Process(1, 5, True), 3: Process(1, 90, False)}
    monkeypatch.setattr(processes, "tree", lambda root: tree)
    assert processes.workers(1) == [2]
    assert processes.seconds_of_processor(1) == pytest.approx(100 / processes.TICKS_A_SECOND)


# What it says of itself


def test_help_says_what_has_to_be_there_and_how_to_install_it(capsys):
    with pytest.raises(SystemExit):
        serving.main(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "needs wrk; without nginx the rest is measured" in told
    assert "sudo apt install wrk nginx" in told
