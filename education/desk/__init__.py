"""What waits for somebody, in words and links: the sections of the first screen, and of the mail that says the same."""

from __future__ import annotations

from education.desk import of_editions, of_library
from education.desk.rows import MOST_ROWS, Group, Item, Section, cut_short, section
from education.newsroom import Work

__all__ = ["MOST_ROWS", "Group", "Item", "Section", "section", "sections"]


def sections(work: Work, whole: str = "") -> list[Section]:
    """Return the sections in which there is anything, in the order of what burns.

    Each has at most `MOST_ROWS` rows and a link to the rest, but for the one whose key is `whole`.
    """
    made = (
        of_editions.urgent(work.to_review),
        of_editions.to_review(work.to_review),
        of_editions.returned(work.handed_back, work.returns),
        of_editions.changes(work.changes),
        of_editions.to_publish(work.to_publish),
        of_editions.under_way(work.under_way),
        of_editions.scheduled(work.scheduled),
        of_editions.due(work.due),
        of_library.sources(work.sources),
        of_library.doubts(work.sources),
        of_library.mistakes(work.mistakes, work.mistakes_in_all),
    )
    return [one if one.key == whole else cut_short(one) for one in made if one.number]
