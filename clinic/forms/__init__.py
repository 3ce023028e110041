"""Forms of clinic: what staff and visitors type."""

from clinic.forms.facts import ClinicForm, InformationPageForm
from clinic.forms.first_owner import FirstOwnerForm
from clinic.forms.people import AccountForm, NewAccountForm
from clinic.forms.places import LocationForm

__all__ = [
    "AccountForm", "ClinicForm", "FirstOwnerForm", "InformationPageForm", "LocationForm", "NewAccountForm",
]  # fmt: skip
