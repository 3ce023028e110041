"""Verbs of education: the only code that writes its tables.

Each takes `by`, checks permission, then state, inside one transaction that holds the guide's row, and raises
`NotPermitted`, `WrongState` or one of the named refusals below with a sentence for the person who asked.
"""

from education.actions.archive import archive_guide, reopen_guide
from education.actions.beginning import begin_guide, begin_page, copy_guide, copy_own_guide
from education.actions.decisions import approve, confirm, give_back, take_back
from education.actions.importing import import_guide
from education.actions.library import add_image, check_source, save_source, save_term
from education.actions.mistakes import answer_report, close_report, report_mistake
from education.actions.publication import cancel, publish, withdraw
from education.actions.refusals import Blocked, ChangedMeanwhile, EditConflict, EntryRefused, Refused
from education.actions.rendering import rerender
from education.actions.replies import reply_to_comment
from education.actions.reviewing import add_comment, answer_as_before, keep_draft, remove_comment
from education.actions.search import rebuild_search_rows, remove_synonym, save_synonym
from education.actions.submission import submit
from education.actions.writing import (
    add_page,
    create_guide,
    move_page,
    put_back_page,
    remove_page,
    save_guide,
    save_page,
)

__all__ = [
    "Blocked", "ChangedMeanwhile", "EditConflict", "EntryRefused", "Refused", "add_comment", "add_image",
    "add_page", "answer_as_before", "answer_report", "approve", "archive_guide", "begin_guide", "begin_page",
    "cancel", "check_source", "close_report", "confirm", "copy_guide", "copy_own_guide", "create_guide",
    "give_back", "import_guide", "keep_draft", "move_page", "publish", "put_back_page", "rebuild_search_rows",
    "remove_comment", "remove_page", "remove_synonym", "reopen_guide", "reply_to_comment", "report_mistake",
    "rerender", "save_guide", "save_page", "save_source", "save_synonym", "save_term", "submit", "take_back",
    "withdraw",
]  # fmt: skip
