"""The clinic's side of the newsroom."""

from clinic.admin import facts, people

__all__ = ["facts", "people"]
