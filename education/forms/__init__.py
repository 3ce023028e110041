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
from education.forms.visitors import LineField, OnDateForm, SentForm

__all__ = [
    "BUTTON", "ROW", "WITH_ENTRIES", "AddPageForm", "ApproveForm", "BeginForm", "CanonicalField", "EntryForm",
    "EntryForms", "GuardedForm", "GuideForm", "ImageForm", "LineField", "NoteForm", "OnDateForm", "PageForm",
    "ReasonsForm", "RefusableForm", "ReturnForm", "ScheduleForm", "SentForm", "SourceCheckForm", "SourceForm",
    "SubmitForm", "TermForm", "WithdrawForm", "typed_entries",
]  # fmt: skip
