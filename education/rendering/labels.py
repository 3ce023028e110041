"""The renderer's own words on a page: in the active language, which the text may not be in."""

import xml.etree.ElementTree as etree
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext

from education.rendering.elements import HIDDEN, put_before, words
from education.rendering.facts import Heading
from education.wording import marks_of_words


class Labels:
    """Writes labels into a text in one language, with their own where it is another."""

    def __init__(self, language: str) -> None:
        self.marks = marks_of_words(language)
        self._tables: Counter[str] = Counter()

    def hide_before(self, element: etree.Element, label: str) -> None:
        """Put a label that only a screen reader says before everything that the element holds."""
        put_before(element, label + " ", {"class": HIDDEN, **self.marks})

    def write_into(self, element: etree.Element, label: str) -> None:
        """Put a label that everybody reads into an empty element."""
        if self.marks:
            put_before(element, label, self.marks)
        else:
            element.text = label

    def of_table(self, table: etree.Element, headings: Sequence[Heading]) -> str:
        """Return what the region of a table is called, each on the page by another name."""
        name = self._name_of_table(table, headings[-1].text if headings else "")
        self._tables[name] += 1
        return name if self._tables[name] == 1 else f"{name} ({self._tables[name]})"

    def _name_of_table(self, table: etree.Element, heading: str) -> str:
        # An attribute is in one language: where the text is in another than the labels, it is the text's.
        if self.marks:
            return heading or ", ".join(filter(None, map(words, table.iter("th")))) or gettext("Table")
        return gettext("Table: %(heading)s") % {"heading": heading} if heading else gettext("Table")
