"""The clinic's side of the newsroom."""

from clinic.admin import facts, people, requests

__all__ = ["facts", "people", "requests"]
