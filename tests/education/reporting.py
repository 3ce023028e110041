"""How the tests report a mistake: open the form, and send it some seconds later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from tests.html import get

AT = "/guides/cold-therapy/mistake/"
ABOUT = f"{AT}?page=side-effects"
WORDS = "It says ten days. <b>My doctor</b> says twelve."


def opened(client: Client, path: str = ABOUT) -> dict[str, str]:
    """Return what the form at this address carries along unseen."""
    form = get(client, path).context["form"]
    return {"page": form["page"].value(), "about": form["about"].value()}


def send(client: Client, carried: dict[str, str], path: str = ABOUT, after: float = 30, **typed: str) -> Any:
    """Send the form so many seconds later."""
    data = {**carried, "words": WORDS, "email": "", "website": "", **typed}
    with time_machine.travel(timezone.now() + timedelta(seconds=after), tick=False):
        return client.post(path, data)
