"""Forms of clinic: what staff and visitors type."""

from clinic.forms.facts import ClinicForm, InformationPageForm
from clinic.forms.filters import ProviderFilterForm
from clinic.forms.first_owner import FirstOwnerForm
from clinic.forms.people import AccountForm, NewAccountForm
from clinic.forms.places import LocationForm
from clinic.forms.providers import ProviderForm

__all__ = [
    "AccountForm", "ClinicForm", "FirstOwnerForm", "InformationPageForm", "LocationForm", "NewAccountForm",
    "ProviderFilterForm", "ProviderForm",
]  # fmt: skip
