"""The living style guide: every component of the public pages with made-up content, long, short, missing, in Arabic."""

from clinic.styleguide.components import Component, Example, components

__all__ = ["Component", "Example", "components"]
