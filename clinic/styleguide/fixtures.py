"""The content of the style guide: for each component its examples, by the order of a page."""

from clinic.styleguide.labels import RIGHT_TO_LEFT
from clinic.styleguide.of_clinic import AROUND, FORMS
from clinic.styleguide.of_guide import READING, RECORD
from clinic.styleguide.of_offers import OFFERED
from clinic.styleguide.of_tools import TOOLS

EXAMPLES = {**AROUND, **READING, **TOOLS, **RECORD, **FORMS, **OFFERED}

__all__ = ["EXAMPLES", "RIGHT_TO_LEFT"]
