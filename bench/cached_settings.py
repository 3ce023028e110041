"""The product with Django's cache of whole pages around it, in each worker's memory, and compressed as Django does."""

from __future__ import annotations

from config.settings import *  # noqa: F403  # all of them, and what follows
from config.settings import CACHES, MIDDLEWARE

MIDDLEWARE = [
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    *MIDDLEWARE,
    "django.middleware.cache.FetchFromCacheMiddleware",
    "bench.keepable.keepable",
]
CACHES = {**CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}}
CACHE_MIDDLEWARE_ALIAS = "pages"
WSGI_APPLICATION = "bench.django_alone.application"
