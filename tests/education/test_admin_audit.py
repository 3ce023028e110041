"""The audit log on the screen: the owner alone reads it, narrows it and takes it away, and nobody changes a line."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from education.models import AuditLine, What
from tests import public
from tests.education.desk import signed_in, url
from tests.html import Page

LIST, CSV, JSON = (url(f"education_auditline_{one}") for one in ("changelist", "csv", "jsonl"))


@pytest.mark.parametrize("who", ["author", "reviewer", "front_desk", "outsider"])
@pytest.mark.parametrize("at", [LIST, CSV, JSON])
def test_nobody_but_the_owner_reads_the_log(cast, who, at):
    assert signed_in(cast[who]).get(at).status_code == 403


def test_not_even_the_owner_adds_changes_or_deletes_a_line(cast, live):
    client, line = signed_in(cast["owner"]), AuditLine.objects.first()
    for at in (url("education_auditline_add"), url("education_auditline_delete", line.pk)):
        assert client.get(at).status_code == 403
        assert client.post(at, {"post": "yes"}).status_code == 403
    assert client.post(url("education_auditline_change", line.pk), {"what": "x"}).status_code == 403
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE education_auditline SET what = 'x' WHERE id = %s", [line.pk])
    assert AuditLine.objects.get(pk=line.pk).what == line.what


def test_the_log_is_searched_and_narrowed_by_person_thing_and_day(cast, live):
    client = signed_in(cast["owner"])

    def shown(**asked: Any) -> set[str]:
        response = client.get(LIST, asked)
        assert response.status_code == 200
        return {line.what for line in response.context["cl"].result_list}

    assert What.PUBLISHED in shown()
    assert shown(q="cold-therapy") == {What.SUBMITTED, What.APPROVED, What.PUBLISHED}
    assert shown(q="Rae") == {What.APPROVED}
    assert shown(what__exact=What.PUBLISHED) == {What.PUBLISHED}
    assert shown(made_by__id__exact=cast["reviewer"].pk) == {What.APPROVED}
    today = timezone.localdate()
    day = {"made_at__year": today.year, "made_at__month": today.month, "made_at__day": today.day}
    assert What.PUBLISHED in shown(**day)
    assert shown(**{**day, "made_at__year": today.year - 1}) == set()


def test_the_log_leads_to_each_of_its_years_and_months(cast, time_machine):
    for day in ("2024-12-31 23:30:00+00:00", "2026-03-03 17:00:00+00:00", "2026-11-30 17:00:00+00:00"):
        time_machine.move_to(day, tick=False)
        public.clinic(cast["owner"])
    client = signed_in(cast["owner"])
    years = client.get(LIST).content.decode()
    assert [f"?made_at__year={year}" in years for year in (2023, 2024, 2025, 2026, 2027)] == [False, *[True] * 3, False]
    months = client.get(LIST, {"made_at__year": 2026}).content.decode()
    found = [month for month in range(1, 13) if f"made_at__month={month}&amp;" in months]
    assert found == list(range(3, 12))
    assert AuditLine.objects.none().datetimes("made_at", "year") == []


def test_the_log_counts_its_lines_in_words(cast, live):
    client = signed_in(cast["owner"])
    for asked, said in (
        ({"q": "Rae"}, "1 line"),
        ({"q": "nobody"}, "0 lines"),
        ({}, f"{AuditLine.objects.count()} lines"),
    ):
        shown = Page(client.get(LIST, asked).content.decode()).text
        assert f" {said} " in shown
        assert not re.search(r"\d audit log", shown)


def test_what_the_list_shows_can_be_taken_away_as_a_table_and_as_json_lines(cast, live):
    client = signed_in(cast["owner"])
    assert f"{CSV}?q=cold-therapy" in client.get(LIST, {"q": "cold-therapy"}).content.decode()
    rows = list(csv.DictReader(io.StringIO(client.get(CSV, {"q": "cold-therapy"}).getvalue().decode())))
    assert [row["what"] for row in rows] == [What.SUBMITTED, What.APPROVED, What.PUBLISHED]
    answer = client.get(JSON)
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]
    assert [line["what"] for line in lines][-2:] == [What.LOG_EXPORTED, What.LOG_EXPORTED]
    assert lines[-1].keys() == rows[0].keys()
    assert "no-store" in answer["Cache-Control"]


def test_no_cell_of_the_table_starts_a_formula(cast):
    cast["owner"].first_name = "=1+1"
    cast["owner"].save()
    public.clinic(cast["owner"])
    rows = list(csv.DictReader(io.StringIO(signed_in(cast["owner"]).get(CSV).getvalue().decode())))
    assert {row["name"] for row in rows} == {"'=1+1 Owner"}


def test_a_page_of_the_log_costs_the_same_however_many_lines(cast, live, django_assert_max_num_queries):
    client = signed_in(cast["owner"])
    for _ in range(60):
        public.clinic(cast["owner"])
    with django_assert_max_num_queries(14):
        assert client.get(LIST).status_code == 200
