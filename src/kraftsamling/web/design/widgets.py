"""Fields as the browser offers them best: its own pickers, always with ISO values."""

from typing import Any

from django import forms
from django.urls import reverse

from kraftsamling.web.guarding import About, guard_words


class DateInput(forms.DateInput):
    """The browser's own date picker. Values go in and out as 2026-05-14."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time picker. Values go in and out as 18:30."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker of day and time. Values go in and out as 2026-05-14T18:30."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class Guarded(forms.Widget):
    """A text that is watched for personal data while it is written.

    The page's guard marks what it finds and advises; the server checks again whatever the browser
    did. `about` chooses the advice; `known` is what is no person here besides the city's own names:
    `{"names": [...], "allowed": [...]}`, see `kraftsamling.privacy.detector.Context`.
    """

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        known: dict[str, list[str]] | None = None,
        about: About = "report",
    ) -> None:
        super().__init__({"data-privacy-guard": True, **(attrs or {})})
        self.known = known
        self.about = about

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        stem = widget["attrs"].get("id", name)
        widget["known"] = self.known
        widget["known_id"] = f"{stem}-known"
        widget["words"] = guard_words(self.about)
        widget["words_id"] = f"{stem}-words"
        widget["attrs"]["data-privacy-names"] = reverse("city:guard-names")
        if self.known:
            widget["attrs"]["data-privacy-context"] = widget["known_id"]
        if widget["words"]:
            widget["attrs"]["data-privacy-words"] = widget["words_id"]
        return context


class GuardedTextarea(Guarded, forms.Textarea):
    """A long guarded text."""

    template_name = "widgets/guarded_textarea.html"

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__({"rows": 5, **(attrs or {})}, **kwargs)


class GuardedTextInput(Guarded, forms.TextInput):
    """A guarded text of one line."""

    template_name = "widgets/guarded_input.html"
