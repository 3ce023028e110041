"""Text fields that hold canonical text only, so that a form and a file store the same."""

from __future__ import annotations

from typing import Any

from django.db import models

from education.canonical import canonical_text


class CanonicalText:
    """Mixed into a text field: whatever is saved or searched for is made canonical first."""

    attname: str

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)  # type: ignore[misc]  # the field beside it in the bases
        return canonical_text(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]
        return canonical_text(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if isinstance(value, str):
            value = canonical_text(value)
            setattr(model_instance, self.attname, value)
        return value


class CanonicalCharField(CanonicalText, models.CharField):
    pass


class CanonicalTextField(CanonicalText, models.TextField):
    pass


class WebAddressField(CanonicalText, models.URLField):
    """A web address; one typed without a scheme is taken for https."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})
