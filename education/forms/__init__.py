"""Forms of education: what visitors and staff type, checked with words that help."""

from education.forms.editions import ApproveForm, NoteForm, ReturnForm, ScheduleForm, SubmitForm, WithdrawForm
from education.forms.guarded import CanonicalField, GuardedForm, RefusableForm
from education.forms.guides import AddPageForm, GuideForm, PageForm
from education.forms.library import ImageForm, SourceForm, TermForm
from education.forms.visitors import OnDateForm

__all__ = [
    "AddPageForm", "ApproveForm", "CanonicalField", "GuardedForm", "GuideForm", "ImageForm", "NoteForm", "OnDateForm",
    "PageForm", "RefusableForm", "ReturnForm", "ScheduleForm", "SourceForm", "SubmitForm", "TermForm", "WithdrawForm",
]  # fmt: skip
