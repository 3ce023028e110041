"""What stops a start: a sentence for the person at the terminal."""

from __future__ import annotations


class Refusal(Exception):
    """A sentence for the person at the terminal: what is wrong and what to do."""
