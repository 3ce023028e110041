"""Nouns of clinic: its people, its facts and its information pages."""

from clinic.models.currencies import Currency
from clinic.models.facts import LOGO_HEIGHT, LOGO_WIDTH, TOP_PAGES, Clinic, InformationPage, Logo
from clinic.models.people import User

__all__ = ["LOGO_HEIGHT", "LOGO_WIDTH", "TOP_PAGES", "Clinic", "Currency", "InformationPage", "Logo", "User"]
