"""The clinic's side of the newsroom."""

from clinic.admin import facts, people, prices

__all__ = ["facts", "people", "prices"]
