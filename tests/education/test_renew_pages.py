"""`renew_pages` ends the life of every page that is kept."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from config.ready.token import token


@pytest.mark.django_db(transaction=True)
def test_every_page_is_made_anew_for_its_next_reader():
    before, out = token().read(), io.StringIO()
    call_command("renew_pages", stdout=out)
    assert token().read() != before
    assert "made anew" in out.getvalue()
