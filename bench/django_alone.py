"""Django's own WSGI application, with nothing in front of it, under whatever settings are named."""

from __future__ import annotations

import django
from django.core.handlers.wsgi import WSGIHandler


class DjangoAlone(WSGIHandler):
    def begin(self) -> None:
        """The server calls this in each worker; Django keeps nothing that would have to begin."""


django.setup(set_prefix=False)
application = DjangoAlone()
