"""Facts of a provider for machines: they parse, agree with the page, and claim no more."""

from __future__ import annotations

import json
from datetime import date

import pytest

from clinic.models import Provider
from education.models import Edition
from tests import profiles, public
from tests.html import get, page

LEFT = date(2021, 5, 1)


@pytest.fixture
def procedure(cast) -> Edition:
    public.clinic(cast["owner"])
    return profiles.procedure(cast)


@pytest.fixture
def robin(cast, procedure) -> Provider:
    return profiles.well_known(cast, procedure.guide)


def test_structured_data_parses_and_agrees_with_the_page(client, robin):
    read = page(get(client, "/providers/robin-sample/"))
    (data,) = read.data
    facts = json.loads(data)
    assert facts["@context"] == "https://schema.org"
    assert facts["@type"] == "Person"
    assert facts["url"].endswith("/providers/robin-sample/")
    said = [
        facts["name"],
        facts["honorificSuffix"],
        facts["jobTitle"],
        facts["description"],
        facts["workLocation"][0]["name"],
        facts["knowsAbout"][0]["name"],
        *(one.get("name") or one["identifier"] for one in facts["hasCredential"]),
        facts["hasCredential"][0]["recognizedBy"]["name"],
        facts["worksFor"]["name"],
    ]
    assert [words for words in said if words not in f"{read.text} {read.title}"] == []
    assert facts["knowsLanguage"] == ["es", "en"]
    assert {"medicalSpecialty", "image"} & set(facts) == set()


def test_a_physician_is_one_where_the_clinic_says_so_and_only_there(client, cast, robin):
    assert page(get(client, "/providers/robin-sample/")).data[0].count("Physician") == 0
    Provider.objects.update(is_physician=True, accepts_new_patients=False)
    facts = json.loads(page(get(client, "/providers/robin-sample/")).data[0])
    assert facts["@type"] == "Physician"
    assert facts["name"] == "Robin Sample, NP"
    assert facts["isAcceptingNewPatients"] is False
    assert facts["parentOrganization"]["@type"] == "MedicalClinic"
    assert facts["availableService"][0]["name"] == "Cold therapy"
    assert {"jobTitle", "worksFor", "medicalSpecialty"} & set(facts) == set()


def test_what_staff_write_cannot_leave_the_structured_data(client, cast):
    profiles.provider(cast["author"], short_biography="</script><script>alert(1)</script><!--")
    read = page(get(client, "/providers/robin-sample/"))
    assert json.loads(read.data[0])["description"] == "</script><script>alert(1)</script><!--"
    assert [one.get("type") for tag, one in read.elements if tag == "script"] == ["application/ld+json"]


def test_the_site_map_has_who_is_shown(client, cast):
    profiles.provider(cast["author"])
    profiles.provider(cast["author"], "Gus Gone", visible_until=LEFT)
    sitemap = get(client, "/sitemap.xml").content.decode()
    for path in ("/providers/", "/providers/robin-sample/", "/prices/", "/consultation/"):
        assert f"{path}</loc>" in sitemap
    assert "gus-gone" not in sitemap
