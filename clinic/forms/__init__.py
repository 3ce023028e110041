"""Forms of clinic: what staff and visitors type."""

from clinic.forms.consultation import ConsultationForm
from clinic.forms.facts import ClinicForm, InformationPageForm
from clinic.forms.people import AccountForm, NewAccountForm
from clinic.forms.requests import AssignForm, CloseForm, ContactForm, OptionalNoteForm, RequestNoteForm

__all__ = [
    "AccountForm", "AssignForm", "ClinicForm", "CloseForm", "ConsultationForm", "ContactForm", "InformationPageForm",
    "NewAccountForm", "OptionalNoteForm", "RequestNoteForm",
]  # fmt: skip
