"""What an auditor asks the trail for."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kraftsamling.people.names import persons_called
from kraftsamling.trail.queries import EntryFilter
from kraftsamling.web.desk.trail.labels import ACTS, OBJECT_TYPES, act_label, room_label

_IS_ID = re.compile(
    r"(system|token):\S+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE
)
FORMATS = (("csv", _("CSV, för kalkylprogram")), ("jsonl", _("JSON Lines, med allt som hashas")))
Choices = list[tuple[str, Any]]


class FilterForm(forms.Form):
    """Narrows the history; every field may be left empty."""

    actor = forms.CharField(label=_("Vem (namn eller id)"), max_length=120, required=False)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    act = forms.ChoiceField(label=_("Vad som gjordes"), required=False)
    object_type = forms.ChoiceField(label=_("Slag av objekt"), required=False)
    object_id = forms.CharField(label=_("Objektets id"), max_length=80, required=False)
    day_from = forms.DateField(
        label=_("Från och med"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    day_until = forms.DateField(
        label=_("Till och med"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    readings = forms.BooleanField(label=_("Visa också vem som läst historiken"), required=False)

    def __init__(self, data: Any, *, organisations: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self._choices("act", _("Allt"), _choices_of_acts(ACTS))
        self._choices("organisation", _("Alla"), list(organisations))
        types = sorted(((code, str(label)) for code, label in OBJECT_TYPES.items()), key=_by_label)
        self._choices("object_type", _("Alla"), types)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("day_from"), cleaned.get("day_until")
        if first and last and last < first:
            self.add_error(
                "day_until", _("Perioden slutar innan den börjar. Byt plats på dagarna.")
            )
        return cleaned

    @property
    def hides_readings(self) -> bool:
        """Whether a list leaves out readings: not for who ticked them or asks for them by act."""
        wanted = self.cleaned_data
        return not wanted["readings"] and not wanted["act"].startswith("trail.")

    def to_filter(self, *, organisations: frozenset[str] | None) -> EntryFilter:
        """The filter asked for, within the organisations that the reader may see (None: all)."""
        wanted = self.cleaned_data
        actor = wanted["actor"].strip()
        is_id = bool(_IS_ID.fullmatch(actor))
        last = wanted["day_until"]
        return EntryFilter(
            actor=actor if is_id else "",
            actors=tuple(persons_called(actor)) if actor and not is_id else None,
            organisation=wanted["organisation"],
            act=wanted["act"],
            object_type=wanted["object_type"],
            object_id=wanted["object_id"].strip(),
            at_from=_midnight(wanted["day_from"]),
            at_until=_midnight(last + timedelta(days=1)) if last and last < date.max else None,
            organisations=None if organisations is None else tuple(sorted(organisations)),
        )

    def _choices(self, name: str, all_label: Any, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", all_label), *choices]


class CheckForm(forms.Form):
    """A count and a hash that were noted outside the database; both may be left empty."""

    expected_count = forms.IntegerField(
        label=_("Antal poster som du antecknat"), required=False, min_value=0, max_value=2**62
    )
    expected_head = forms.RegexField(
        r"^[0-9a-f]{64}$",
        label=_("Hash som du antecknat"),
        max_length=80,
        required=False,
        strip=True,
        error_messages={"invalid": _("En hash är 64 tecken: siffror och bokstäverna a till f.")},
    )


class EraseForm(forms.Form):
    """Why the content of an entry is erased."""

    reason = forms.CharField(
        label=_("Skäl"),
        help_text=_("Beslutet som kräver det, till exempel ett diarienummer. Det sparas för gott."),
        max_length=300,
    )


def _choices_of_acts(acts: Iterable[str]) -> Choices:
    """By room: the whole room first, then its acts by name."""
    groups: Choices = []
    for room, members in groupby(sorted(acts), key=lambda act: act.partition(".")[0]):
        options = sorted(((act, act_label(act)) for act in members), key=_by_label)
        label = room_label(f"{room}.")
        groups.append((label, [(f"{room}.", _("Allt: %(room)s") % {"room": label}), *options]))
    return groups


def _by_label(choice: tuple[str, str]) -> str:
    return choice[1].casefold()


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
