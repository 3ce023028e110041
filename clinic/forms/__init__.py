"""Forms of clinic: what staff and visitors type."""

from clinic.forms.consultation import ConsultationForm
from clinic.forms.facts import ClinicForm, InformationPageForm
from clinic.forms.filters import ProviderFilterForm
from clinic.forms.first_owner import FirstOwnerForm
from clinic.forms.invitations import InvitationForm
from clinic.forms.own_account import OwnAccountForm
from clinic.forms.people import AccountForm, NewAccountForm
from clinic.forms.places import LocationForm
from clinic.forms.prices import EndPriceForm, PriceForm
from clinic.forms.providers import ProviderForm
from clinic.forms.requests import AssignForm, CloseForm, ContactForm, OptionalNoteForm, RequestNoteForm
from clinic.forms.sums import PriceDayForm, SumForm

__all__ = [
    "AccountForm", "AssignForm", "ClinicForm", "CloseForm", "ConsultationForm", "ContactForm", "EndPriceForm",
    "FirstOwnerForm", "InformationPageForm", "InvitationForm", "LocationForm", "NewAccountForm", "OptionalNoteForm",
    "OwnAccountForm", "PriceDayForm", "PriceForm", "ProviderFilterForm", "ProviderForm", "RequestNoteForm", "SumForm",
]  # fmt: skip
