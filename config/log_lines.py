"""What must not stand in the log, taken out of each line before it is written."""

from __future__ import annotations

import logging
import re

# The development server's lines have the whole address, and with it what somebody searched for.
QUERY = re.compile(r"(\"[A-Z]+ /[^\s?\"]*)\?[^\s\"]*")
# Django's lines about a refused request name its path, and the paths of these are keys to the site.
ONE_TIME_LINK = re.compile(r"(/accounts/(?:first-owner|invitation|password/reset/key)/)[^/\s\"']+")


class WithoutOneTimeLinks(logging.Filter):
    """Puts “…” where a line has the secret of a one-time link, or a query string."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        without = QUERY.sub(r"\1?…", ONE_TIME_LINK.sub(r"\1…", line))
        if without != line:
            record.msg, record.args = without, None
        return True
