"""Nouns of clinic: its people, its facts and its information pages."""

from clinic.models.facts import TOP_PAGES, Clinic, InformationPage
from clinic.models.people import User

__all__ = ["TOP_PAGES", "Clinic", "InformationPage", "User"]
