"""Middleware that notes what each public page looked at to be what it is: parameters of its address, and tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test.utils import CaptureQueriesContext

from config.ready.layer import may_keep

NAME = "tests.watched.watching"
ANY = "whatever there is"
_QUOTED = re.compile(r'"(\w+)"')


@dataclass(frozen=True)
class Visit:
    """One answer of a public view. `is_kept`: whether it would be given to others as well."""

    address: str
    looked_at: frozenset[str]
    declared: frozenset[str]
    names: frozenset[str]
    is_kept: bool


visits: list[Visit] = []


class Watched(QueryDict):
    """A query that notes which of its parameters somebody looks at."""

    looked_at: set[str]

    def _note(self, name: str) -> str:
        self.__dict__.setdefault("looked_at", set()).add(name)
        return name

    def __getitem__(self, key: str) -> Any:
        return super().__getitem__(self._note(key))

    def __contains__(self, key: object) -> bool:
        return super().__contains__(self._note(str(key)))

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(self._note(key), default)

    def getlist(self, key: str, default: Any = None) -> Any:
        return super().getlist(self._note(key), default)

    def items(self) -> Any:
        self._note(ANY)
        return super().items()

    def lists(self) -> Any:
        self._note(ANY)
        return super().lists()

    def __iter__(self) -> Any:
        self._note(ANY)
        return super().__iter__()


def watching(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def watched(request: HttpRequest) -> HttpResponse:
        request.GET = query = Watched(request.META["QUERY_STRING"])
        query.looked_at = set()
        with CaptureQueriesContext(connection) as asked:
            response = get_response(request)
        reads = getattr(response, "query_read", None)
        if request.method == "GET" and reads is not None:
            names = {name for one in asked for name in _QUOTED.findall(one["sql"])}
            # A file is not kept, whatever it says.
            is_kept = isinstance(response, HttpResponse) and may_keep(response)
            address = request.get_full_path()
            visits.append(Visit(address, frozenset(query.looked_at), frozenset(reads), frozenset(names), is_kept))
        return response

    return watched
