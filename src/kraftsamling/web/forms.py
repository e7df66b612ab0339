"""Form fields that all folders of pages share."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.languages import BY_CODE, LANGUAGES, SOURCE_LANGUAGE, Language
from kraftsamling.kit.texts import Texts
from kraftsamling.web.design.widgets import GuardedTextInput
from kraftsamling.web.guarding import About, guard_words, refusals

# Shown at once; the others lie in a fold, which opens by itself when something in it is wrong.
FIRST_LANGUAGES = frozenset({SOURCE_LANGUAGE, "en"})


class TextsWidget(forms.Widget):
    """One input per language, in a group; needs `max_length` and `multiline` from its field.

    For a text that a machine drafted there is a box to tick once a person has read it; for the
    other translations a box says that a machine drafted what one pastes in. A `guarded` text is
    watched for personal data while it is written.
    """

    template_name = "widgets/texts.html"
    use_fieldset = True

    def __init__(
        self,
        attrs: Mapping[str, Any] | None = None,
        *,
        max_length: int = 200,
        multiline: bool = False,
        guarded: bool = True,
        about: About = "report",
    ) -> None:
        super().__init__(dict(attrs or {}))
        self.guarded = guarded
        self.about: About = about
        self.max_length = max_length
        self.multiline = multiline

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        texts = value if isinstance(value, Texts) else Texts()
        inputs = [self._input(language, texts, context["widget"]) for language in LANGUAGES]
        folded = [each for each in inputs if each["code"] not in FIRST_LANGUAGES]
        context["widget"] |= {
            "first": [each for each in inputs if each["code"] in FIRST_LANGUAGES],
            "folded": folded,
            "filled": sum(1 for each in folded if each["text"]),
            "drafts": sum(1 for each in folded if each["is_draft"]),
            "is_open": any(each["is_too_long"] for each in folded),
            "max_length": self.max_length,
            "multiline": self.multiline,
            "guarded": self.guarded,
            "words": guard_words(self.about) if self.guarded else {},
            "names_url": reverse("city:guard-names"),
            "words_id": f"{context['widget']['attrs'].get('id') or f'id_{name}'}-words",
        }
        return context

    def _input(self, language: Language, texts: Texts, widget: dict[str, Any]) -> dict[str, Any]:
        text = texts.by_language.get(language.code, "")
        is_source = language.code == SOURCE_LANGUAGE
        attrs = widget["attrs"]
        element_id = attrs.get("id") or f"id_{widget['name']}"
        is_too_long = len(text) > self.max_length
        return {
            "code": language.code,
            "autonym": language.autonym,
            "direction": language.direction,
            "name": f"{widget['name']}_{language.code}",
            # The error summary links to the first input of a group by this id.
            "id": f"{element_id}_0" if is_source else f"{element_id}_{language.code}",
            "text": text,
            "is_source": is_source,
            "is_draft": language.code in texts.drafts,
            "is_too_long": is_too_long,
            "is_invalid": is_too_long or (is_source and not text and "aria-invalid" in attrs),
            "is_required": is_source and widget["required"],
            "is_disabled": bool(attrs.get("disabled")),
        }

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Texts:
        texts = Texts()
        for code in BY_CODE:
            text = _tidied(data.get(f"{name}_{code}") or "", multiline=self.multiline)
            is_draft = bool(data.get(f"{name}_{code}_draft"))
            is_reviewed = bool(data.get(f"{name}_{code}_reviewed"))
            texts = texts.with_text(code, text, is_draft=is_draft and not is_reviewed)
        return texts

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{code}" in data for code in BY_CODE)


class TextsFormField(forms.Field):
    """A text in several languages, as `Texts`; `required` asks for Swedish, never for more.

    `max_length` bounds each language: give the model field's `max_text_length`. A `guarded` text
    refuses personal data; False for a name that may be a person's, where the act alone decides.
    `about` chooses the advice that the guard gives.
    """

    widget = TextsWidget
    default_error_messages = {
        "required": _("Skriv texten på svenska."),
        "too_long": _(
            "%(language)s: texten är %(length)d tecken lång. Korta den till högst %(limit)d."
        ),
        "null_characters": _("%(language)s: texten innehåller tecken som inte går att spara."),
    }

    def __init__(
        self,
        *,
        max_length: int = 200,
        multiline: bool = False,
        guarded: bool = True,
        about: About = "report",
        **kwargs: Any,
    ) -> None:
        self.max_length = max_length
        self.multiline = multiline
        self.guarded = guarded
        self.about: About = about
        widget = TextsWidget(
            max_length=max_length, multiline=multiline, guarded=guarded, about=about
        )
        kwargs.setdefault("widget", widget)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Texts:
        return value if isinstance(value, Texts) else Texts.from_json(value)

    def validate(self, value: Texts) -> None:
        problems = [
            problem
            for code, text in value.by_language.items()
            for problem in self._problems(code, text)
        ]
        if self.required and not value.has(SOURCE_LANGUAGE):
            problems.insert(0, ValidationError(self.error_messages["required"], code="required"))
        if self.guarded:
            problems += [
                ValidationError(sentence, code="personal_data")
                for sentence in refusals(value, about=self.about)
            ]
        if problems:
            raise ValidationError(problems)

    def _problems(self, code: str, text: str) -> list[ValidationError]:
        autonym = BY_CODE[code].autonym
        found = []
        if "\x00" in text:
            found.append(self._error("null_characters", language=autonym))
        if len(text) > self.max_length:
            found.append(
                self._error("too_long", language=autonym, length=len(text), limit=self.max_length)
            )
        return found

    def _error(self, code: str, **params: object) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        return self.to_python(initial).to_json() != self.to_python(data).to_json()


class GuardedCharField(forms.CharField):
    """A text of one line that is public: watched while it is written, refused with personal data.

    `about` chooses the advice.
    """

    def __init__(self, *, about: About = "report", **kwargs: Any) -> None:
        self.about: About = about
        kwargs.setdefault("widget", GuardedTextInput(about=about))
        super().__init__(**kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if problems := refusals(value, about=self.about):
            raise ValidationError(problems, code="personal_data")


def _tidied(text: str, *, multiline: bool) -> str:
    """As typed, in one spelling: composed letters, one kind of line break, no space at the ends.

    Otherwise saving a form without touching it would change the text, and the trail would say so.
    """
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"\r\n?", "\n", text)
    return text.strip() if multiline else re.sub(r"\s*\n\s*", " ", text).strip()
