"""What the first screen of the newsroom shows to those who set a new clinic up."""

from __future__ import annotations

from typing import Any

from django import template

from clinic.first_steps import FirstSteps
from clinic.first_steps import first_steps as steps_for

register = template.Library()


@register.inclusion_tag("admin/clinic/first_steps.html")
def first_steps(person: Any) -> dict[str, FirstSteps | None]:
    """Show the checklist to owners and editors until all of it is done; to anybody else nothing."""
    found = steps_for(person)
    return {"first_steps": None if found is None or found.all_done else found}
