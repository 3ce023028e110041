"""The clinic's side of the newsroom."""

from clinic.admin import facts, people, places, prices, providers, requests

__all__ = ["facts", "people", "places", "prices", "providers", "requests"]
