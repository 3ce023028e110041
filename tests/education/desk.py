"""How the tests of the newsroom get about in it."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from django.test import Client
from django.urls import reverse

from clinic.models import User
from education.models import Guide, Page


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:{name}", args=args)


def page_of(guide: Guide, kind: str) -> Page:
    return guide.pages.get(kind=kind)


def page_url(page: Page, name: str = "write", *more: Any) -> str:
    return url(f"education_page_{name}", page.guide_id, page.pk, *more)


def hidden(response: Any, name: str) -> str:
    """Return what a screen's hidden field carries."""
    tag = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', response.content.decode())
    assert tag, f"no hidden field {name}"
    return html.unescape(tag[1])


def written(page: Page, **changes: Any) -> dict[str, Any]:
    """Return what the editor's form sends for a page as it is, but for these changes."""
    version = page.versions.first()
    return {
        "title": page.title,
        "slug": page.slug,
        "markdown": page.markdown,
        "base": version.pk if version else 0,
        **changes,
    }


def facts(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """Return what the form at an admin address sends back as it was opened, but for these changes."""
    response = client.get(address)
    form = response.context["adminform"].form
    values = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value is not False}
    return {**sent, "opened": form.opened, **changes}


def opened(response: Any) -> dict[str, str]:
    return json.loads(response.context["adminform"].form.opened)
