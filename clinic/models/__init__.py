"""Nouns of clinic: its people and places, its prices, its facts and pages, and who wants to be contacted."""

from clinic.models.currencies import Currency
from clinic.models.facts import LOGO_HEIGHT, LOGO_WIDTH, TOP_PAGES, Clinic, InformationPage, Logo
from clinic.models.invitations import Invitation
from clinic.models.people import OwnerLink, User
from clinic.models.places import Access, Location, SpecialDay, WeekdayHours
from clinic.models.prices import MOST_SESSIONS, Price, PriceEnd
from clinic.models.providers import PerformedProcedure, Provider, SpokenLanguage
from clinic.models.requests import ConsultationRequest, ErasedRequest, RequestStep

__all__ = [
    "LOGO_HEIGHT", "LOGO_WIDTH", "MOST_SESSIONS", "TOP_PAGES", "Access", "Clinic", "ConsultationRequest", "Currency",
    "ErasedRequest", "InformationPage", "Invitation", "Location", "Logo", "OwnerLink", "PerformedProcedure", "Price",
    "PriceEnd", "Provider", "RequestStep", "SpecialDay", "SpokenLanguage", "User", "WeekdayHours",
]  # fmt: skip
