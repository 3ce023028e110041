"""A provider in the words of schema.org.

Physician is for those whom the clinic says are physicians, and schema.org counts one as an organization: it has no
`jobTitle` or `worksFor`. Everybody else is a Person who works for the clinic. No specialty is given: the clinic's
words for a role are not those of the list that schema.org has.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from clinic.models import Clinic
from clinic.profiles import Practice, Profile
from education.structured import script
from education.structured.guide import procedure_id


def provider_script(profile: Profile, clinic: Clinic) -> SafeString:
    """Return the facts of a provider's page as a script element that no browser runs."""
    return script(provider_facts(profile, clinic))


def provider_facts(profile: Profile, clinic: Clinic) -> dict[str, Any]:
    """Return a provider's facts as schema.org has them: what the page says, and no more."""
    one = profile.provider
    employer = {"@type": "MedicalClinic", "name": clinic.name, "url": _address(reverse("clinic:home"))}
    places = [
        {"@type": "Place", "name": place.name, "url": _address(place.get_absolute_url())} for place in profile.places
    ]
    procedures = [_procedure(practice) for practice in profile.practices]
    facts: dict[str, Any] = {
        # The same as where the pages of a guide say who reviewed it.
        "@id": _address(one.get_absolute_url()),
        "name": one.full_name if one.is_physician else one.name,
        "description": one.short_biography,
        "url": _address(one.get_absolute_url()),
        "image": _address(profile.photo.largest_url) if profile.photo else "",
        "knowsLanguage": list(profile.languages),
        "hasCredential": _credentials(profile),
    }
    if one.is_physician:
        return {
            "@type": "Physician",
            **facts,
            "parentOrganization": employer,
            "location": places,
            "isAcceptingNewPatients": one.accepts_new_patients,
            "availableService": procedures,
        }
    return {
        "@type": "Person",
        **facts,
        "honorificSuffix": one.post_nominals,
        "jobTitle": one.role,
        "worksFor": employer,
        "workLocation": places,
        "knowsAbout": procedures,
    }


def _procedure(practice: Practice) -> dict[str, str]:
    named = {"@type": "MedicalProcedure", "name": practice.title}
    return {**named, "@id": procedure_id(practice.url), "url": _address(practice.url)} if practice.url else named


def _credentials(profile: Profile) -> list[dict[str, Any]]:
    one = profile.provider
    kind = "EducationalOccupationalCredential"
    found: list[dict[str, Any]] = []
    if one.licence_authority or one.licence_number:
        licence = {"@type": kind, "credentialCategory": "license", "identifier": one.licence_number}
        if one.licence_authority:
            licence["recognizedBy"] = {"@type": "Organization", "name": one.licence_authority}  # type: ignore[assignment]
        found.append({name: value for name, value in licence.items() if value})
    found += [{"@type": kind, "credentialCategory": "certification", "name": line} for line in profile.certifications]
    return found


def _address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
