"""A field of several rows, each of the same few controls, and empty ones to fill in: adding needs no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

Row = Mapping[str, Any]
EMPTY_ROWS = 3
# Nobody fills in more; a form that names more is no form of ours.
MOST_ROWS = 100


class RowsWidget(forms.Widget):
    """Draws the rows that there are and some that are empty. A row left empty does not count."""

    use_fieldset = True

    def __init__(self, named: str, columns: Mapping[str, forms.Field]) -> None:
        super().__init__()
        self.named = named
        self.columns = columns

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return nothing: each control has a label of its own."""
        return ""

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict, name: str) -> list[Row]:
        rows: list[Row] = []
        for number in range(MOST_ROWS):
            row = {column: str(data.get(_name(name, number, column), "")).strip() for column in self.columns}
            if any(row.values()):
                rows.append(row)
        return rows

    def render(self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None) -> Any:
        rows = [*(value or []), *({} for _ in range(EMPTY_ROWS))]
        first = (attrs or {}).get("id", f"id_{name}")
        drawn = [
            {
                "label": f"{self.named} {number + 1}",
                "controls": [self._control(name, number, column, row, first) for column in self.columns],
            }
            for number, row in enumerate(rows)
        ]
        return render_to_string("admin/clinic/rows.html", {"rows": drawn, "single": len(self.columns) == 1})

    def _control(self, name: str, number: int, column: str, row: Row, first: str) -> dict[str, Any]:
        field = self.columns[column]
        # The first one carries the field's own id: a line of the summary of errors leads there.
        is_first = number == 0 and column == next(iter(self.columns))
        own_id = first if is_first else f"{first}-{number}-{column}"
        label = f"{self.named} {number + 1}: {field.label}" if field.label else f"{self.named} {number + 1}"
        html = field.widget.render(
            _name(name, number, column),
            field.prepare_value(row.get(column, "")),
            {**field.widget_attrs(field.widget), "id": own_id, "aria-label": label},
        )
        return {"id": own_id, "label": field.label, "html": html}


def _name(name: str, number: int, column: str) -> str:
    return f"{name}-{number}-{column}"


class RowsField(forms.Field):
    """Its value is a list of rows, each with a value for every column, in their order."""

    def __init__(self, named: str, columns: Mapping[str, forms.Field], **kwargs: Any) -> None:
        self.named = named
        self.columns = columns
        super().__init__(required=False, widget=RowsWidget(named, columns), **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> RowsField:
        copied: RowsField = super().__deepcopy__(memo)
        copied.columns = {name: field.__deepcopy__(memo) for name, field in self.columns.items()}
        copied.widget.columns = copied.columns
        return copied

    def clean(self, value: Any) -> list[Row]:
        cleaned: list[Row] = []
        problems: list[str] = []
        for number, row in enumerate(value or [], start=1):
            found = {}
            for name, field in self.columns.items():
                try:
                    found[name] = field.clean(row[name])
                except ValidationError as error:
                    problems += [f"{self.named} {number}: {message}" for message in error.messages]
            cleaned.append(found)
        if problems:
            raise ValidationError(problems)
        return cleaned

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _written(initial) != _written(data)


def _written(rows: Sequence[Row] | None) -> list[dict[str, str]]:
    """Return rows as a browser sends them."""
    return [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows or []]


class SeveralField(forms.ModelMultipleChoiceField):
    """Some of the rows of a table. A number that no database has room for is refused as any that is not there."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "…"}
            ) from None
