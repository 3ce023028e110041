"""Lines of the log: what must not stand in them is taken out before they are written, as text or as JSON."""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from config.whence import request_number

# The development server's lines have the whole address, and with it what somebody searched for.
QUERY = re.compile(r"(\"[A-Z]+ /[^\s?\"]*)\?[^\s\"]*")
# Django's lines about a request name its path, and the paths of these are keys: to the site, to an account.
ONE_TIME_LINK = re.compile(r"(/accounts/(?:first-owner|invitation|password/reset/key)/)[^/\s\"']+")

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutOneTimeLinks(logging.Filter):
    """Puts “…” where a line has the secret of a link that works once, or a query string."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        without = QUERY.sub(r"\1?…", ONE_TIME_LINK.sub(r"\1…", line))
        if without != line:
            record.msg, record.args = without, None
        return True


class WithoutMessages(logging.Filter):
    """Leaves of an exception among a line's values its kind alone: a database's message quotes what somebody typed."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(type(one).__name__ if isinstance(one, BaseException) else one for one in record.args)
        return True


class PlainLine(logging.Formatter):
    """A line to be read by a person."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: ErrorInfo) -> str:  # logging's own name
        return "\n".join(told(ei[1]))


class JsonLine(logging.Formatter):
    """One JSON object a line: when, how grave, which part, what, and the number of the request that it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "part": record.name,
            "says": record.getMessage(),
        }
        if number := request_number():
            line["request"] = number
        if record.exc_info and record.exc_info[1]:
            line["fault"] = list(told(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


def told(error: BaseException | None) -> Iterator[str]:
    """Yield the places that an exception came through and the kinds of it and of its causes, but no message.

    Messages quote values: what somebody typed, a mail address, a password in an address of a database.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        for frame in traceback.extract_tb(error.__traceback__):
            yield f"{frame.filename}:{frame.lineno} in {frame.name}"
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
