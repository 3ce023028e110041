"""Forms of education: what visitors and staff type, checked with words that help."""

from education.forms.editions import (
    ArchiveForm,
    NoteForm,
    ReasonsForm,
    ReturnForm,
    ScheduleForm,
    SubmitForm,
    WithdrawForm,
)
from education.forms.entries import BUTTON, WITH_ENTRIES, EntryForms, typed_entries
from education.forms.entry import ROW, EntryForm
from education.forms.guarded import CanonicalField, GuardedForm, RefusableForm
from education.forms.guides import AddPageForm, BeginForm, GuideForm, PageForm
from education.forms.history import CodeForm, CompareForm
from education.forms.library import ImageForm, SourceCheckForm, SourceForm, TermForm
from education.forms.mistakes import About, AnswerForm, MistakeForm, OutcomeForm, about_of
from education.forms.plan import PlanForm
from education.forms.replies import ReplyForm
from education.forms.reviewing import ReviewForm, initial_of, typed_answers
from education.forms.search import SynonymForm
from education.forms.visitors import LineField, OnDateForm, SentForm

__all__ = [
    "BUTTON", "ROW", "WITH_ENTRIES", "About", "AddPageForm", "AnswerForm", "ArchiveForm", "BeginForm",
    "CanonicalField", "CodeForm", "CompareForm", "EntryForm", "EntryForms", "GuardedForm", "GuideForm", "ImageForm",
    "LineField", "MistakeForm", "NoteForm", "OnDateForm", "OutcomeForm", "PageForm", "PlanForm", "ReasonsForm",
    "RefusableForm", "ReplyForm", "ReturnForm", "ReviewForm", "ScheduleForm", "SentForm", "SourceCheckForm",
    "SourceForm", "SubmitForm", "SynonymForm", "TermForm", "WithdrawForm", "about_of", "initial_of",
    "typed_answers", "typed_entries",
]  # fmt: skip
