"""The site's own pages speak the language of their fixed words, and what is written knows whence a request came."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from config.whence import coming_from
from education.views.loading import address_of
from education.wording import language_of_words


class LanguageOfWordsMiddleware:
    """Without it a site whose language has no catalogue would mix Django's words in it with ours in English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(language_of_words(settings.LANGUAGE_CODE)):
            return self.get_response(request)


class OriginMiddleware:
    """Lets the audit log know the address of a request, without a word of it in what every action takes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from(address_of(request)):
            return self.get_response(request)
