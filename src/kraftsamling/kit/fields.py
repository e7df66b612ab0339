"""Model fields that hold the kit's values."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from kraftsamling.kit.languages import BY_CODE
from kraftsamling.kit.texts import Texts


class TextsField(models.JSONField):
    """A `Texts` value in one JSON column; `max_text_length` bounds each language."""

    def __init__(self, *args: Any, max_text_length: int = 200, **kwargs: Any) -> None:
        kwargs.setdefault("default", Texts)
        kwargs.setdefault("blank", True)
        self.max_text_length = max_text_length
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["max_text_length"] = self.max_text_length
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Texts:
        return Texts.from_json(super().from_db_value(value, expression, connection))

    def to_python(self, value: Any) -> Texts:
        return value if isinstance(value, Texts) else Texts.from_json(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, Texts):
            value = value.to_json()
        return super().get_db_prep_value(value, connection, prepared)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        texts = self.to_python(value)
        unknown = set(texts.by_language) - set(BY_CODE)
        if unknown:
            raise ValidationError(f"Unknown language: {', '.join(sorted(unknown))}")
        too_long = [c for c, text in texts.by_language.items() if len(text) > self.max_text_length]
        if too_long:
            raise ValidationError(
                f"Longer than {self.max_text_length} characters: {', '.join(sorted(too_long))}"
            )

    def value_to_string(self, obj: models.Model) -> Any:
        value = self.value_from_object(obj)
        return value.to_json() if isinstance(value, Texts) else value

    def formfield(self, **kwargs: Any) -> Any:
        raise TypeError("A text in several languages is edited through web.forms.TextsFormField.")
