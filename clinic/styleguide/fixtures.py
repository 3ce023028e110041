"""The content of the style guide: for each component its examples, by the order of a page."""

from clinic.styleguide.of_clinic import AROUND, OFFERED
from clinic.styleguide.of_guide import READING, RECORD
from clinic.styleguide.labels import RIGHT_TO_LEFT

EXAMPLES = {**AROUND, **READING, **RECORD, **OFFERED}

__all__ = ["EXAMPLES", "RIGHT_TO_LEFT"]
