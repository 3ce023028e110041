"""The words that patients use, and what guides say for them: the search looks for both."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from education import actions
from education.admin.newsroom import GuardedAdmin
from education.forms import SynonymForm
from education.models import Synonym


@admin.register(Synonym)
class SynonymAdmin(GuardedAdmin):
    """Nothing on record refers to these words, so they alone of a library can be removed."""

    form = SynonymForm
    fields = SynonymForm.Meta.fields
    list_display = ("everyday", "medical")
    search_fields = ("everyday", "medical")
    search_help_text = "Word that patients use, or word in our guides"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("education.delete_synonym"))

    def get_actions(self, request: HttpRequest) -> Any:
        # Several at once would go past the action.
        return {}

    def save_model(self, request: HttpRequest, obj: Synonym, form: SynonymForm, change: bool) -> None:
        actions.save_synonym(obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Synonym) -> None:
        actions.remove_synonym(obj, by=request.user)
