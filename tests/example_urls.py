"""The site with two more addresses, where a test can fill in the example form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from config.urls import urlpatterns as site
from tests.example_form import ExampleForm, LaidOutForm

AROUND = """{% extends "base.html" %}{% load crispy_forms_filters crispy_forms_tags %}
{% block title %}Ask us{% endblock %}
{% block content %}<div class="column">"""
# The page's own <form>, with the summary above the heading.
FIELDS = f"""{AROUND}{{% include "components/error_summary.html" with form=form only %}}<h1>Ask us</h1>
<form method="post" enctype="multipart/form-data" novalidate>{{% csrf_token %}}{{{{ form|crispy }}}}
<button class="button">Ask us</button></form></div>{{% endblock %}}"""
WHOLE = f"""{AROUND}<h1>Ask us</h1>{{% crispy form %}}</div>{{% endblock %}}"""


def fields(request: HttpRequest) -> HttpResponse:
    return answer(request, ExampleForm, FIELDS)


def whole(request: HttpRequest) -> HttpResponse:
    return answer(request, LaidOutForm, WHOLE)


def answer(request: HttpRequest, form_class: type[ExampleForm], template: str) -> HttpResponse:
    form = form_class(request.POST, request.FILES) if request.method == "POST" else form_class()
    context = {"form": form, "direction": request.GET.get("direction")}
    return HttpResponse(engines["django"].from_string(template).render(context, request))


urlpatterns = [path("example/fields/", fields), path("example/whole/", whole), *site]
