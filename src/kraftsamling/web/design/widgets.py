"""Fields as the browser offers them best: its own pickers, always with ISO values."""

from typing import Any

from django import forms


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

    The page's guard reads `data-privacy-guard` and writes its advice under the field; the server
    checks again whatever the browser did.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 5, "data-privacy-guard": True, **(attrs or {})})
