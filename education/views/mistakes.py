"""`…/mistake/`: a reader reports what is wrong in a guide. The one form of education that is sent."""

from __future__ import annotations

import re

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from education.actions.mistakes import report_mistake
from education.actions.refusals import Refused
from education.actions.visitors import TooMany
from education.forms import About, MistakeForm, about_of
from education.models import Edition, FormerSlug, MistakeReport
from education.reading import page_url
from education.views.loading import address_of, in_language, of_edition_now, public
from education.wording import language_of_words

KEY = re.compile(r"[0-9a-f]{32}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mistake(request: HttpRequest, guide: str) -> HttpResponseBase:
    """`…/mistake/?page=<slug>`: the form; sent, it keeps the report on the edition that the reader had before them."""
    about = about_of(request.POST.get("about", ""))
    edition = _as_read(about, guide) if about else None
    # What somebody typed is taken even if the guide has moved or was withdrawn since.
    return _of_live(request, guide) if about is None or edition is None else _form(request, edition, about)


def _as_read(about: About, guide: str) -> Edition | None:
    """Return the edition that a page was signed for, if it is one of the guide at this address, of now or formerly."""
    edition = Edition.objects.public().select_related("guide").filter(pk=about.edition).first()
    if edition is None or edition.guide.slug == guide:
        return edition
    moved = FormerSlug.objects.filter(page=None, slug=guide, guide=edition.guide_id).exists()
    return edition if moved else None


@of_edition_now
def _of_live(request: HttpRequest, edition: Edition) -> HttpResponse:
    page = request.GET.get("page", "")
    return _form(request, edition, About(edition.pk, page if page in _titles(edition) else ""))


def _form(request: HttpRequest, edition: Edition, about: About) -> HttpResponse:
    """Answer with the form, or with the way to the thanks once the report is kept."""
    with translation.override(language_of_words(edition.language)):
        form = MistakeForm(request.POST if request.method == "POST" else None, about=about)
        status = _kept(request, form, edition, about) if form.is_valid() else 200
        if status == 303:
            sent = reverse("education:mistake-sent", args=[edition.guide.slug])
            return HttpResponse(status=303, headers={"Location": f"{sent}?report={form.key}"})
        page_title = _titles(edition).get(about.page, "")
        context = {"edition": edition, "page_title": page_title, "form": form, "language": edition.language}
        return in_language(request, "education/mistake.html", context, status=status)


def _kept(request: HttpRequest, form: MistakeForm, edition: Edition, about: About) -> int:
    """Keep what was typed and return 303; or let the form say why not, and return the status that says so too."""
    typed = {name: form.cleaned_data[name] for name in ("words", "email")}
    try:
        report_mistake(edition, key=form.key, page=about.page, address=address_of(request), **typed)
        return 303
    except Refused as refusal:
        form.refusal, status = refusal, 429 if isinstance(refusal, TooMany) else 409
    except DatabaseError:
        said = _(
            "We could not keep your report just now. What you typed is still here: wait a minute, then send again."
        )
        form.refusal, status = Refused(said), 503
    form.full_clean()
    return status


def _titles(edition: Edition) -> dict[str, str]:
    return dict(edition.pages.values_list("slug", "title"))


@never_cache
@public(reads=("report",))
def mistake_sent(request: HttpRequest, guide: str) -> HttpResponse:
    """`…/mistake/sent/?report=<key>`: thanks for a report that was kept, as often as it is asked for."""
    key = request.GET.get("report", "")
    reports = MistakeReport.objects.select_related("edition__guide").filter(edition__guide__slug=guide)
    report = reports.filter(key=key).first() if KEY.fullmatch(key) else None
    if report is None:
        return redirect("education:mistake", guide)
    edition = report.edition
    back = page_url(guide, report.page) if report.page else edition.guide.get_absolute_url()
    return in_language(
        request, "education/mistake_sent.html", {"edition": edition, "back": back, "language": edition.language}
    )
