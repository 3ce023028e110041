"""The WSGI application that the server runs."""

import os

from django.core.wsgi import get_wsgi_application

from config.ready.layer import ReadyPages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Django first: the layer reads the settings.
application = ReadyPages(get_wsgi_application())
