"""Forms of clinic: what staff and visitors type."""

from clinic.forms.facts import ClinicForm, InformationPageForm
from clinic.forms.people import AccountForm, NewAccountForm
from clinic.forms.prices import EndPriceForm, PriceForm
from clinic.forms.sums import PriceDayForm, SumForm

__all__ = [
    "AccountForm", "ClinicForm", "EndPriceForm", "InformationPageForm", "NewAccountForm", "PriceDayForm", "PriceForm",
    "SumForm",
]  # fmt: skip
