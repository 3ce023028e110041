"""The ids of a page's headings."""

from django.utils.text import slugify

MAX_LENGTH = 80


class Anchors:
    """Makes ids from headings, each once on the page. All begin with the page's own anchor."""

    def __init__(self, page: str) -> None:
        self.page = page
        self._used: dict[str, int] = {}

    def next_for(self, heading: str) -> str:
        """Return the id for a heading; a heading without letters or digits is called a section."""
        slug = slugify(heading, allow_unicode=True)[:MAX_LENGTH].strip("-_") or "section"
        anchor = slug
        while anchor in self._used:
            self._used[slug] += 1
            anchor = f"{slug}-{self._used[slug]}"
        self._used[anchor] = 1
        return f"{self.page}-{anchor}"
