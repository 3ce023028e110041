"""No screen costs more queries the more a clinic has: the screens that `make bench-scale` times, on a small clinic."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.drawn.clinic import DrawnClinic, Size
from bench.screens import SCREENS, Screen, places
from clinic.models import ConsultationRequest, User
from education.models import Edition, Guide
from education.verification import verify_database, verify_guide, verify_seals

FEW = Size(guides=5, pages=14, editions=2, requests_of_a_guide=1)
MANY = Size(guides=12, pages=15, editions=3, requests_of_a_guide=4)


@pytest.fixture(scope="module")
def counts(django_db_setup, django_db_blocker, tmp_path_factory) -> dict[str, tuple[list[str], list[str]]]:
    """Return the queries of each screen, with few and with many of everything."""
    folders = {name: tmp_path_factory.mktemp(name.lower()) for name in ("MEDIA_ROOT", "DATA_DIR")}
    now = timezone.now()
    with (
        django_db_blocker.unblock(),
        override_settings(ALLOWED_HOSTS=["testserver"], **folders),
        time_machine.travel(now, tick=False),
    ):
        few, many = asked_of(FEW, now), asked_of(MANY, now)
    return {name: (few[name], many[name]) for name in few}


def asked_of(size: Size, now: datetime) -> dict[str, list[str]]:
    """Make a clinic of this size, see that its record holds, ask for every screen, and forget it again."""
    with transaction.atomic():
        DrawnClinic(now).grow(size)
        guides = list(Guide.objects.all())
        broken = [one for guide in guides for found in verify_guide(guide) for one in found]
        assert [*verify_database(), *verify_seals(()), *broken] == []
        assert Edition.objects.count() == size.guides * size.editions
        assert ConsultationRequest.objects.count() == size.guides * size.requests_of_a_guide
        asked = {screen.name: queries(screen) for screen in SCREENS}
        transaction.set_rollback(True)
    return asked


def queries(screen: Screen) -> list[str]:
    """Return what a screen asks the database once it was looked at before."""
    client, path = Client(), screen.path.format(**places())
    if screen.who:
        client.force_login(User.objects.get(username=screen.who))
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert answer.getvalue() if answer.streaming else answer.content
    return [one["sql"] for one in captured.captured_queries]


@pytest.mark.django_db
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_asks_the_same_however_much_there_is(counts, screen):
    few, many = counts[screen.name]
    more = "\n".join(many[len(few) :])
    assert len(many) <= len(few), f"{len(few)} queries became {len(many)}, the last of them:\n{more}"
    assert few, "a screen that asks nothing proves nothing: was it refused?"
