"""Fields as the browser offers them best: its own pickers, always with ISO values."""

from typing import Any

from django import forms

from kraftsamling.web.design.words import guard_words


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


class GuardedTextarea(forms.Textarea):
    """A long text that is watched for personal data while it is written.

    The page's guard marks what it finds and advises; the server checks again whatever the browser
    did. `known` is what is no person here: `{"names": [...], "allowed": [...]}`, see
    `kraftsamling.privacy.detector.Context`.
    """

    template_name = "widgets/guarded_textarea.html"

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, known: dict[str, list[str]] | None = None
    ) -> None:
        super().__init__({"rows": 5, "data-privacy-guard": True, **(attrs or {})})
        self.known = known

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        stem = widget["attrs"].get("id", name)
        widget["known"] = self.known
        widget["known_id"] = f"{stem}-known"
        widget["words"] = guard_words()
        widget["words_id"] = f"{stem}-words"
        if self.known:
            widget["attrs"]["data-privacy-context"] = widget["known_id"]
        if widget["words"]:
            widget["attrs"]["data-privacy-words"] = widget["words_id"]
        return context
