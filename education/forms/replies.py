"""What an editor answers to a reviewer's comment."""

from __future__ import annotations

from django import forms

from education.forms.guarded import CanonicalField


class ReplyForm(forms.Form):
    """Whether a comment is done, and words for the reviewer. `seen`: the answer that the form showed."""

    done = forms.BooleanField(required=False, label="Done")
    words = CanonicalField(
        required=False,
        label="Answer (optional)",
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60, "spellcheck": "true"}),
    )
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
