"""The clinic's side of the newsroom."""

from clinic.admin import facts, invitations, people, places, prices, providers, requests

__all__ = ["facts", "invitations", "people", "places", "prices", "providers", "requests"]
