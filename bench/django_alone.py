"""Django's own WSGI application, with nothing in front of it, under whatever settings are named."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
