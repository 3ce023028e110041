"""The sample clinic: complete, real on the record, and only where it belongs."""

from __future__ import annotations

import re
import tomllib

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from clinic.models import Clinic, InformationPage, User
from education.models import Edition, Page, State

REQUIRED = {
    "overview",
    "how-it-works",
    "benefits",
    "contraindications",
    "preparation",
    "what-happens",
    "side-effects",
    "recovery",
}


def test_a_database_that_is_not_empty_is_left_alone(sample):
    with pytest.raises(CommandError, match="not empty"):
        call_command("load_sample")
    assert User.objects.count() == 4


GUIDES = ["is-a-cosmetic-procedure-right-for-you", "mesotherapy"]


def test_each_guide_went_through_submission_approval_and_publication_by_three_steps_of_two_people(sample):
    editions = Edition.objects.with_state().order_by("guide__slug")
    assert [edition.guide.slug for edition in editions] == GUIDES
    for edition in editions:
        assert edition.state is State.LIVE
        review = edition.reviews.get()
        assert (edition.made_by.username, review.made_by.username) == ("editor", "reviewer")
        assert review.by_second_person


def test_the_report_on_each_guide_has_no_error_and_a_reason_for_each_warning(sample):
    for edition in Edition.objects.all():
        wanted = [f"{one['check']} {one['place']}".strip() for one in edition.report if one["level"] != "I"]
        assert [one for one in wanted if not edition.reasons.get(one)] == []
        assert "E" not in {one["level"] for one in edition.report}


def test_every_reason_of_the_files_is_one_that_the_report_wants(sample):
    """A reason that answers nothing was written for a text that has changed since."""
    for edition in Edition.objects.select_related("guide"):
        path = settings.BASE_DIR / "sample/guides" / edition.guide.slug / "reasons.toml"
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["reasons"] if path.exists() else []
        assert {f"{row['check']} {row.get('page', '')}".strip() for row in rows} == set(edition.reasons)


def test_the_guide_has_the_pages_a_patient_needs_each_with_sources(sample):
    pages = Edition.objects.get(guide__slug="mesotherapy").pages.all()
    assert {page.kind for page in pages} >= REQUIRED
    without = [
        page.slug
        for page in pages
        if not re.search(r"\[@[a-z0-9-]+\]", page.markdown) and not any(entry["sources"] for entry in page.entries)
    ]
    assert without == []


def test_pages_stand_in_the_reading_order(sample):
    kinds = list(Page.Kind)
    for edition in Edition.objects.all():
        places = [kinds.index(Page.Kind(page.kind)) for page in edition.pages.order_by("position")]
        assert places == sorted(places)


def test_the_clinic_says_that_it_is_made_up_and_has_a_number_nobody_owns(sample):
    clinic = Clinic.objects.get()
    assert "made-up" in clinic.notice
    assert re.search(r"555-01\d\d\Z", clinic.phone)
    assert all("made up" in user.job_title for user in User.objects.all())


def test_every_page_with_an_address_of_its_own_is_there(sample):
    assert set(InformationPage.objects.values_list("slug", flat=True)) >= {"about", "privacy", "accessibility"}


def test_the_samples_own_links_lead_somewhere(sample, client):
    texts = [page.markdown for page in Page.objects.all()] + [page.markdown for page in InformationPage.objects.all()]
    links = {link for text in texts for link in re.findall(r"\]\((/[^)#]*)", text)}
    assert links
    assert [link for link in links if client.get(link).status_code != 200] == []


def test_no_telephone_number_stands_in_a_guide(sample):
    assert [page.slug for page in Page.objects.all() if re.search(r"\d{3}[-. ]\d{4}", page.markdown)] == []
