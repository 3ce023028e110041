"""A mail to the operator for each fault of the site, where one is wanted: what broke and where, and nothing typed."""

from __future__ import annotations

import hashlib
import logging
import threading

from django.core.cache import cache
from django.core.mail import EmailMessage

from config.log_lines import told
from config.whence import request_number

# Of one fault a mail in so many seconds, however many meet it.
PAUSE = 60 * 60


class MailReports(logging.Handler):
    """Sends what a fault came through to one address, from a thread, so that nobody waits for the mail server."""

    def __init__(self, to: str) -> None:
        super().__init__(logging.ERROR)
        self.to = to

    def emit(self, record: logging.LogRecord) -> None:
        if not self.to or not record.exc_info or record.exc_info[1] is None:
            return
        lines = list(told(record.exc_info[1]))
        # A lambda's name is enough: what it closes over is read here, while the request is answered.
        body = "\n".join([f"Request {request_number() or 'none'}. The log has it under this number.", "", *lines, ""])
        threading.Thread(target=_send, args=(self.to, lines, body), daemon=True).start()


def _send(to: str, lines: list[str], body: str) -> None:
    fault = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    try:
        if cache.add(f"error-report-{fault}", True, PAUSE):
            EmailMessage(f"Plainleaf: {lines[-1]}", body, None, [to]).send()
    except Exception as error:  # a cache or mail server that is down must not end in a report about a report
        logging.getLogger(__name__).warning("a report of a fault could not be sent: %s", type(error).__name__)
