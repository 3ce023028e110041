"""A browser for drills: keeps cookies, reads the forms of a page and sends them back, and takes any answer."""

from __future__ import annotations

import html
import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin

# A save waits for a lock for up to 20 seconds, and two of them may follow each other in one request.
PATIENCE_SECONDS = 90
UNANSWERED = 0

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What came back. `status` is 0 where nothing did: the server was not there, or was killed before it answered.

    `text` says then how the connection ended. `address` is where it came from, or leads to; only a page that is kept
    ready has a `tag`.
    """

    status: int
    text: str
    address: str
    tag: str = ""

    def form(self, field: str = "", action: str = "") -> Form:
        """Return the first form that has this field and whose address contains `action`. Raises LookupError."""
        for form in _Forms(self.text).found:
            if action in form.action and (not field or field in dict(form.values)):
                return form
        raise LookupError(f"{self.address} (answer {self.status}) has no form for {action or field}")

    def holds(self, typed: str) -> bool:
        """Return whether a field or the text of the page still has what was typed."""
        return typed in " ".join([self.text, *(value for form in _Forms(self.text).found for _, value in form.values)])

    @property
    def words(self) -> str:
        """The page's words without its mark-up, to look for a sentence in."""
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.text)).split())


@dataclass
class Form:
    """A form as it stands: where it goes, and what it would send."""

    action: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)
    # What can be chosen and is not: of a radio button or a box that must be ticked.
    open: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **typed: str) -> Pairs:
        """Return what is sent when these fields, and no others, are typed over."""
        return [pair for pair in self.values if pair[0] not in typed] + list(typed.items())


class Browser:
    """One person's browser at one site, such as http://localhost:41817."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(self._cookies, _Stays())

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(urljoin(self.origin, path)))

    def send(self, page: Answer, form: Form, pairs: Pairs) -> Answer:
        """Send a form that stands on a page. The answer is the site's own: 302 says that it was taken."""
        address = urljoin(page.address, form.action)
        return self._ask(urllib.request.Request(address, urlencode(pairs).encode(), {"Origin": self.origin}))

    def sign_in(self, username: str, password: str) -> Answer:
        """Return the answer: 302 for somebody who is in."""
        page = self.get("/accounts/login/?next=/admin/")
        if page.status != 200:
            return page
        form = page.form("login")
        return self.send(page, form, form.filled(login=username, password=password))

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=PATIENCE_SECONDS) as answer:
                text = answer.read().decode("utf-8", "replace")
                return Answer(answer.status, text, answer.url, answer.headers.get("ETag", ""))
        except urllib.error.HTTPError as error:
            with error:
                leads = error.headers.get("Location") or request.full_url
                return Answer(error.code, error.read().decode("utf-8", "replace"), leads)
        except (OSError, http.client.HTTPException) as error:
            return Answer(UNANSWERED, f"no answer ({error!r})", request.full_url)


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class _Forms(HTMLParser):
    """Reads every form of a page as a browser would fill it."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Form] = []
        self._text: tuple[str, list[str]] | None = None
        self._choice: tuple[str, list[tuple[str, bool]]] | None = None
        self._open = False
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(facts.get("action", "")))
            self._open = True
            return
        if not self._open:
            return
        form, name = self.found[-1], facts.get("name", "")
        if tag == "textarea":
            self._text = (name, [])
        elif tag == "select":
            self._choice = (name, [])
        elif tag == "option" and self._choice:
            self._choice[1].append((facts.get("value", ""), "selected" in facts))
        elif tag == "input" and name:
            self._input(form, name, facts)

    def _input(self, form: Form, name: str, facts: dict[str, str]) -> None:
        kind = facts.get("type", "text")
        if kind in ("checkbox", "radio"):
            if "checked" in facts:
                form.values.append((name, facts.get("value", "on")))
            elif "required" in facts or kind == "radio":
                form.open.append((name, facts.get("value", "on")))
        elif kind not in ("file", "submit"):
            form.values.append((name, facts.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "textarea" and self._text is not None and self._open:
            # A browser drops the line feed after the tag.
            self.found[-1].values.append((self._text[0], "".join(self._text[1]).removeprefix("\n")))
            self._text = None
        elif tag == "select" and self._choice is not None and self._open:
            name, options = self._choice
            chosen = [value for value, selected in options if selected] or [value for value, _ in options[:1]]
            self.found[-1].values += [(name, value) for value in chosen]
            self._choice = None
