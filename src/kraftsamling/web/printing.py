"""What stands on a printed list: what was asked for, how much came of it, when, and where.

On the screen the form above the list says it; paper has no form.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from kraftsamling.web.dates import day_words


@dataclass(frozen=True)
class Asked:
    """One condition of a list: its name and value in the address, and both in words.

    `value` is '' where the label says it all ("Öppet i dag").
    """

    name: str
    given: str
    label: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.label}: {self.value}" if self.value else self.label


@dataclass(frozen=True)
class Printed:
    """What a list says of itself on paper. `count` is a whole phrase: '12 platser'."""

    asked: tuple[Asked, ...] = ()
    count: str = ""


def asked_in(form: forms.Form) -> tuple[Asked, ...]:
    """The conditions of a filter form that was sent and is valid, in the order of its fields."""
    if not form.is_bound or not form.is_valid():
        return ()
    return tuple(_of_field(form, name) for name, value in form.cleaned_data.items() if value)


def _of_field(form: forms.Form, name: str) -> Asked:
    field, value = form.fields[name], form.cleaned_data[name]
    given = form.data.get(form.add_prefix(name), "")
    words = "" if value is True else _in_words(field, value)
    return Asked(name, str(given), str(field.label or name), words)


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(value, date):
        return day_words(value, with_weekday=False, with_year=True)
    if isinstance(field, forms.ChoiceField):
        return next((str(label) for code, label in _flat(field.choices) if code == value), "")
    return str(value)


def _flat(choices: Any) -> Iterable[tuple[Any, Any]]:
    """Choices without their groups."""
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield code, label
