"""Forms for a place, its hours and its exceptions."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.tabular.numbers import to_number
from kraftsamling.places import geometry
from kraftsamling.places.actions import CLOSES_TOO_EARLY, ExceptionDetails, PlaceDetails
from kraftsamling.places.kinds import CoordinateQuality, ExceptionKind, PlaceKind
from kraftsamling.places.rules import RegularHours, Span
from kraftsamling.web.design.widgets import DateInput, TimeInput
from kraftsamling.web.forms import GuardedCharField, TextsFormField

if TYPE_CHECKING:
    from kraftsamling.people.models import Organisation
    from kraftsamling.places.models import OpeningException, Place

Choices = list[tuple[str, Any]]
# How the hours of the demo say where they come from; the public page knows both ways.
MADE_UP = "påhittade för demon"
FACTS: Choices = [("", _("Vet inte")), ("yes", _("Ja")), ("no", _("Nej"))]
_FACT_VALUES = {"yes": True, "no": False, "": None}
_FACT_NAMES = ("step_free", "accessible_toilet", "hearing_loop")
WEEKDAYS = (
    _("Måndag"), _("Tisdag"), _("Onsdag"), _("Torsdag"), _("Fredag"), _("Lördag"), _("Söndag"),
)  # fmt: skip


class CoordinateField(forms.Field):
    """A number as people write it, with decimal comma or point."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"inputmode": "decimal", "maxlength": "30"}

    def to_python(self, value: Any) -> float | None:
        text = str(value or "").strip()[:30]
        if not text:
            return None
        try:
            return to_number(text)
        except ValueError as error:
            raise ValidationError(_("Skriv ett tal, till exempel 58,5942.")) from error


class PlaceForm(forms.Form):
    """What a place is. `owners` are the organisations that the editor may give it to."""

    name = TextsFormField(label=_("Namn"), max_length=200, guarded=False)
    kind = forms.ChoiceField(
        label=_("Slag"), error_messages={"required": _("Välj vilket slags plats det är.")}
    )
    address = GuardedCharField(
        about="place",
        label=_("Adress"),
        max_length=200,
        required=False,
        help_text=_("Gata och nummer, aldrig lägenhet eller portkod."),
    )
    latitude = CoordinateField(
        label=_("Latitud"),
        help_text=_("Välj på kartan, eller skriv grader (58,5942) eller N i SWEREF 99 TM."),
        error_messages={"required": _("Välj läget på kartan eller skriv latituden.")},
    )
    longitude = CoordinateField(
        label=_("Longitud"),
        help_text=_("Grader (16,1826) eller E i SWEREF 99 TM."),
        error_messages={"required": _("Välj läget på kartan eller skriv longituden.")},
    )
    coordinate_quality = forms.ChoiceField(
        label=_("Hur vet du läget?"),
        choices=[(value, capfirst(label)) for value, label in CoordinateQuality.choices],
        widget=forms.RadioSelect,
        initial=CoordinateQuality.MAPPED,
    )
    owner = forms.ChoiceField(label=_("Ansvarig organisation"), required=False)
    step_free = forms.ChoiceField(
        label=_("Stegfri entré"), choices=FACTS, required=False, widget=forms.RadioSelect
    )
    accessible_toilet = forms.ChoiceField(
        label=_("Tillgänglig toalett"), choices=FACTS, required=False, widget=forms.RadioSelect
    )
    hearing_loop = forms.ChoiceField(
        label=_("Hörslinga"), choices=FACTS, required=False, widget=forms.RadioSelect
    )
    accessibility = TextsFormField(
        label=_("Mer om tillgänglighet"),
        max_length=1000,
        multiline=True,
        about="place",
        required=False,
    )
    description = TextsFormField(
        label=_("Beskrivning"), max_length=2000, multiline=True, about="place", required=False
    )
    source = GuardedCharField(
        label=_("Källa till uppgifterna"), max_length=200, about="place", required=False
    )

    def __init__(
        self, *args: Any, owners: Iterable["Organisation"], may_lack_owner: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._owners = {owner.slug: owner for owner in owners}
        kinds = sorted((capfirst(label), value) for value, label in PlaceKind.choices)
        _choose_among(self, "kind", [("", _("Välj")), *((v, label) for label, v in kinds)])
        options: Choices = [(slug, str(owner)) for slug, owner in self._owners.items()]
        options.sort(key=lambda option: option[1].casefold())
        nobody: Choices = [("", _("Ingen"))] if may_lack_owner else []
        _choose_among(self, "owner", [*nobody, *options])
        self.fields["owner"].required = not may_lack_owner

    @classmethod
    def values_of(cls, place: "Place") -> dict[str, Any]:
        """A place as the form shows it."""
        shown = {
            name: getattr(place, name)
            for name in ("name", "kind", "address", "coordinate_quality", "accessibility",
                         "description", "source")
        }  # fmt: skip
        shown["latitude"] = f"{place.latitude:.6f}"
        shown["longitude"] = f"{place.longitude:.6f}"
        shown["owner"] = place.owner.slug if place.owner else ""
        words = {value: word for word, value in _FACT_VALUES.items()}
        shown |= {name: words[getattr(place, name)] for name in _FACT_NAMES}
        return shown

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("latitude"), cleaned.get("longitude")
        if first is None or second is None:
            self._refuse_alone(first, second)
            return cleaned
        if geometry.looks_like_sweref(second, first):
            cleaned["latitude"], cleaned["longitude"] = geometry.from_sweref(second, first)
        elif not geometry.is_in_sweden(first, second) and geometry.is_in_sweden(second, first):
            self.add_error("latitude", _("Latitud och longitud verkar ha bytt plats."))
        elif not (-90 <= first <= 90 and -180 <= second <= 180):
            self.add_error("latitude", _("Läget finns inte på jorden. Välj det på kartan."))
        return cleaned

    def _refuse_alone(self, latitude: float | None, longitude: float | None) -> None:
        """Tell of one number that is wrong whatever the other is, so that both are told at once."""
        for name, number, most, metres in (
            ("latitude", latitude, 90, geometry.SWEREF_NORTHINGS),
            ("longitude", longitude, 180, geometry.SWEREF_EASTINGS),
        ):
            if number is None or -most <= number <= most or metres[0] <= number <= metres[1]:
                continue
            self.add_error(name, _("Läget finns inte på jorden. Välj det på kartan."))

    def to_details(self) -> PlaceDetails:
        """The filled-in form. MUST be valid."""
        given = dict(self.cleaned_data)
        given["owner"] = self._owners.get(given["owner"])
        given |= {name: _FACT_VALUES[given[name]] for name in _FACT_NAMES}
        return PlaceDetails(**given)


def _choose_among(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def _is_likely(opens: time | None, closes: time | None) -> bool:
    return opens is None or closes is None or Span(opens, closes).is_likely()


class DayForm(forms.Form):
    """One weekday's regular hours, in at most two parts."""

    opens = forms.TimeField(label=_("Öppnar"), required=False, widget=TimeInput)
    closes = forms.TimeField(label=_("Stänger"), required=False, widget=TimeInput)
    opens_again = forms.TimeField(label=_("Öppnar igen"), required=False, widget=TimeInput)
    closes_again = forms.TimeField(label=_("Stänger igen"), required=False, widget=TimeInput)

    def __init__(self, data: Any = None, *, weekday: int, **kwargs: Any) -> None:
        super().__init__(data, prefix=f"day-{weekday}", **kwargs)
        self.weekday = weekday
        self.day_name = WEEKDAYS[weekday]
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{self.day_name}: {field.label}"
            field.widget.attrs["id"] = f"id_{self.prefix}-{name}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for opens, closes in (("opens", "closes"), ("opens_again", "closes_again")):
            if (cleaned.get(opens) is None) != (cleaned.get(closes) is None):
                self.add_error(opens, _("Skriv både när det öppnar och när det stänger."))
            elif not _is_likely(cleaned.get(opens), cleaned.get(closes)):
                self.add_error(closes, CLOSES_TOO_EARLY)
        return cleaned

    def to_hours(self) -> list[RegularHours]:
        pairs = (("opens", "closes"), ("opens_again", "closes_again"))
        return [
            RegularHours(self.weekday, self.cleaned_data[opens], self.cleaned_data[closes])
            for opens, closes in pairs
            if self.cleaned_data[opens] is not None
        ]


class SeasonForm(forms.Form):
    """Hours on a weekday that hold for some time only, such as a summer."""

    weekday = forms.ChoiceField(
        label=_("Veckodag"),
        required=False,
        choices=[("", "–"), *((str(number), name) for number, name in enumerate(WEEKDAYS))],
    )
    opens = forms.TimeField(label=_("Öppnar"), required=False, widget=TimeInput)
    closes = forms.TimeField(label=_("Stänger"), required=False, widget=TimeInput)
    valid_from = forms.DateField(label=_("Från och med"), required=False, widget=DateInput)
    last_day = forms.DateField(label=_("Till och med"), required=False, widget=DateInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        filled = [cleaned.get(name) for name in ("weekday", "opens", "closes")]
        is_filled = [value not in (None, "") for value in filled]
        if any(is_filled) and not all(is_filled) and not self.errors:
            self.add_error("weekday", _("Fyll i veckodag och båda tiderna, eller lämna tomt."))
        if not _is_likely(cleaned.get("opens"), cleaned.get("closes")):
            self.add_error("closes", CLOSES_TOO_EARLY)
        first, last = cleaned.get("valid_from"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Sista dagen är före den första."))
        return cleaned

    def to_hours(self) -> list[RegularHours]:
        given = self.cleaned_data
        if not given.get("weekday"):
            return []
        last = given["last_day"]
        return [
            RegularHours(
                int(given["weekday"]),
                given["opens"],
                given["closes"],
                given["valid_from"],
                last + timedelta(days=1) if last else None,
            )
        ]


SeasonFormSet = forms.formset_factory(SeasonForm, extra=3, max_num=100)


class HoursSourceForm(forms.Form):
    source = GuardedCharField(
        about="place",
        label=_("Källa till tiderna"),
        max_length=200,
        required=False,
        help_text=_("Till exempel: anslag på dörren 3 maj."),
    )


class HoursEditor:
    """The whole week as one form: seven days, and rows for what holds for some time only."""

    def __init__(
        self, data: Any = None, *, hours: Sequence[RegularHours] = (), source: str = ""
    ) -> None:
        plain = {number: [] for number in range(7)}  # type: dict[int, list[RegularHours]]
        rest: list[RegularHours] = []
        for row in sorted(hours, key=lambda row: (row.weekday, row.opens)):
            is_plain = row.valid_from is None and row.valid_until is None
            fits = is_plain and len(plain[row.weekday]) < 2
            (plain[row.weekday] if fits else rest).append(row)
        self.days = [
            DayForm(data, weekday=number, initial=_day_values(plain[number])) for number in range(7)
        ]
        self.seasons = SeasonFormSet(
            data, prefix="season", initial=[_season_values(row) for row in rest]
        )
        named = MADE_UP if source == "synthetic" else source
        self.about = HoursSourceForm(data, initial={"source": named})
        self.has_seasons = bool(rest) or bool(data and self.seasons.is_bound)

    def is_valid(self) -> bool:
        forms_of_days = [day.is_valid() for day in self.days]
        return all(forms_of_days) and self.seasons.is_valid() and self.about.is_valid()

    def to_hours(self) -> list[RegularHours]:
        seasonal = [row for form in self.seasons for row in form.to_hours()]
        return [row for day in self.days for row in day.to_hours()] + seasonal


def _day_values(rows: Sequence[RegularHours]) -> dict[str, time]:
    values = {}
    for suffix, row in zip(("", "_again"), rows, strict=False):
        values[f"opens{suffix}"], values[f"closes{suffix}"] = row.opens, row.closes
    return values


def _season_values(row: RegularHours) -> dict[str, Any]:
    return {
        "weekday": str(row.weekday),
        "opens": row.opens,
        "closes": row.closes,
        "valid_from": row.valid_from,
        "last_day": row.valid_until and row.valid_until - timedelta(days=1),
    }


class ConditionalTimeField(forms.TimeField):
    """A time that another answer decides the need of: its help says when, no word of optional."""

    is_conditional = True


class EraseTextForm(forms.Form):
    """Why the text of an exception is erased."""

    reason = forms.CharField(
        label=_("Skäl"),
        help_text=_("Varför texten måste bort. Upprepa inte det som ska raderas."),
        max_length=300,
    )


class ExceptionForm(forms.Form):
    """What differs from the regular hours, from a day to a last day, and why."""

    kind = forms.ChoiceField(
        label=_("Vad gäller?"),
        choices=[(value, capfirst(label)) for value, label in ExceptionKind.choices],
        widget=forms.RadioSelect,
    )
    days_from = forms.DateField(label=_("Första dagen"), widget=DateInput)
    last_day = forms.DateField(
        label=_("Sista dagen"),
        required=False,
        widget=DateInput,
        help_text=_("Lämna tomt när det bara gäller en dag."),
    )
    opens = ConditionalTimeField(
        label=_("Öppnar"),
        required=False,
        widget=TimeInput,
        help_text=_("Behövs för andra öppettider. Vid flytt: tiderna på den nya platsen."),
    )
    closes = ConditionalTimeField(
        label=_("Stänger"),
        required=False,
        widget=TimeInput,
        help_text=_("Behövs för andra öppettider."),
    )
    moved_to = forms.ChoiceField(
        label=_("Flyttar till"), required=False, help_text=_("Bara vid flytt.")
    )
    reason = TextsFormField(
        label=_("Varför?"),
        max_length=300,
        about="place",
        help_text=_("Visas för alla. Till exempel: Extra öppet under Älska Norrköping."),
    )

    def __init__(self, *args: Any, targets: Iterable["Place"], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._targets = {place.slug: place for place in targets}
        options: Choices = [(slug, str(place)) for slug, place in self._targets.items()]
        _choose_among(self, "moved_to", [("", _("Ingen plats vald")), *options])

    @classmethod
    def values_of(cls, exception: "OpeningException") -> dict[str, Any]:
        """An exception as the form shows it."""
        last = exception.days_until - timedelta(days=1)
        return {
            "kind": exception.kind,
            "days_from": exception.days_from,
            "last_day": last if last != exception.days_from else None,
            "opens": exception.opens,
            "closes": exception.closes,
            "moved_to": exception.moved_to.slug if exception.moved_to else "",
            "reason": exception.reason,
        }

    def clean_days_from(self) -> date:
        day: date = self.cleaned_data["days_from"]
        if not 2000 <= day.year <= 2200:
            raise ValidationError(_("Kontrollera året."))
        return day

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day and not 2000 <= day.year <= 2200:
            raise ValidationError(_("Kontrollera året."))
        return day

    def to_details(self) -> ExceptionDetails:
        """The filled-in form. MUST be valid."""
        given = self.cleaned_data
        last = given["last_day"] or given["days_from"]
        is_move = given["kind"] == ExceptionKind.MOVED
        is_closed = given["kind"] == ExceptionKind.CLOSED
        return ExceptionDetails(
            kind=given["kind"],
            days_from=given["days_from"],
            days_until=last + timedelta(days=1),
            reason=given["reason"],
            opens=None if is_closed else given["opens"],
            closes=None if is_closed else given["closes"],
            moved_to=self._targets.get(given["moved_to"]) if is_move else None,
        )


# The fields of a form as an action names them, where they differ.
_ELSEWHERE = {"days_until": "last_day"}


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Put what an action refused at the fields of the form it came from."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        field = _ELSEWHERE.get(name, name)
        form.add_error(field if field in form.fields else None, problems)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Varför?"),
        max_length=300,
        required=False,
        help_text=_("Står i historiken, inte på den publika sidan."),
    )
