"""Forms of education: what visitors and staff type, checked with words that help."""

from education.forms.editions import (
    ApproveForm,
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
from education.forms.library import ImageForm, SourceCheckForm, SourceForm, TermForm
from education.forms.mistakes import About, AnswerForm, MistakeForm, OutcomeForm, about_of
from education.forms.plan import PlanForm
from education.forms.visitors import LineField, OnDateForm, SentForm

__all__ = [
    "BUTTON", "ROW", "WITH_ENTRIES", "About", "AddPageForm", "AnswerForm", "ApproveForm", "BeginForm",
    "CanonicalField", "EntryForm", "EntryForms", "GuardedForm", "GuideForm", "ImageForm", "LineField", "MistakeForm",
    "NoteForm", "OnDateForm", "OutcomeForm", "PageForm", "PlanForm", "ReasonsForm", "RefusableForm", "ReturnForm",
    "ScheduleForm", "SentForm", "SourceCheckForm", "SourceForm", "SubmitForm", "TermForm", "WithdrawForm",
    "about_of", "typed_entries",
]  # fmt: skip
