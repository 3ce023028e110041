"""The form for a word that patients use."""

from __future__ import annotations

from education.forms.guarded import GuardedForm
from education.models import Synonym


class SynonymForm(GuardedForm):
    class Meta:
        model = Synonym
        fields = ("everyday", "medical")
        error_messages = {
            "everyday": {"required": "Write the word that patients use."},
            "medical": {"required": "Write the word that our guides use."},
        }
