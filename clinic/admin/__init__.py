"""The clinic's side of the newsroom."""

from clinic.admin import facts, people, providers

__all__ = ["facts", "people", "providers"]
