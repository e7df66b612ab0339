"""The plain registers: opening hours, localities, streets and population."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kraftsamling.kit.ids import to_slug
from kraftsamling.kit.tabular.numbers import to_number, to_whole_number
from kraftsamling.kit.tabular.problems import Problem
from kraftsamling.kit.tabular.reading import read_table
from kraftsamling.kit.tabular.table import Limits, Row, Table
from kraftsamling.places import geometry
from kraftsamling.places.imports.columns import Field, guess_mapping, missing_columns
from kraftsamling.places.imports.geojson import swapped
from kraftsamling.places.imports.values import quality
from kraftsamling.places.texts import fold

_WEEKDAYS = ("mandag", "tisdag", "onsdag", "torsdag", "fredag", "lordag", "sondag")
_WEEKDAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

HOURS_FIELDS = (
    Field("slug", gettext_lazy("platsens kortnamn"), ("plats", "place"), True),
    Field("weekday", gettext_lazy("veckodag"), ("veckodag", "dag", "day"), True),
    Field("opens", gettext_lazy("öppnar"), ("öppnar", "från", "open", "from"), True),
    Field("closes", gettext_lazy("stänger"), ("stänger", "till", "close", "until"), True),
    Field("valid_from", gettext_lazy("gäller från"), ("gäller från",)),
    Field("valid_until", gettext_lazy("gäller till (första dagen utanför)"), ("gäller till",)),
    Field("source", gettext_lazy("källa"), ("källa",)),
)
LOCALITY_FIELDS = (
    Field("slug", gettext_lazy("kortnamn"), ("kortnamn",)),
    Field("name", gettext_lazy("namn"), ("namn", "ort"), True),
    Field("kind", gettext_lazy("slag"), ("slag", "typ")),
    Field("latitude", gettext_lazy("latitud"), ("lat", "latitud"), True),
    Field("longitude", gettext_lazy("longitud"), ("lon", "lng", "longitud"), True),
    Field("coordinate_quality", gettext_lazy("hur läget är känt"), ("quality", "kvalitet")),
    Field("source", gettext_lazy("källa"), ("källa",)),
)
STREET_FIELDS = (
    Field("street", gettext_lazy("gata"), ("gata", "gatunamn"), True),
    Field("number_from", gettext_lazy("från nummer"), ("från nummer", "from")),
    Field("number_until", gettext_lazy("till nummer"), ("till nummer", "to")),
    Field("latitude", gettext_lazy("latitud"), ("lat", "latitud"), True),
    Field("longitude", gettext_lazy("longitud"), ("lon", "lng", "longitud"), True),
    Field("source", gettext_lazy("källa"), ("källa",)),
)
POPULATION_FIELDS = (
    Field("code", gettext_lazy("områdets kod"), ("kod", "område", "regso", "region"), True),
    Field("year", gettext_lazy("år"), ("år",), True),
    Field("age_from", gettext_lazy("från ålder"), ("från ålder", "ålder från"), True),
    Field("age_until", gettext_lazy("till ålder (första utanför)"), ("till ålder",), True),
    Field("sex", gettext_lazy("kön (1 män, 2 kvinnor)"), ("kön",), True),
    Field("count", gettext_lazy("antal"), ("antal", "folkmängd", "population"), True),
)
_SEXES = {"1": 1, "man": 1, "men": 1, "m": 1, "2": 2, "kvinnor": 2, "women": 2, "k": 2, "f": 2}


@dataclass(frozen=True)
class CheckedRegister:
    """Rows as dictionaries of values ready to store, and all the file's problems."""

    rows: tuple[Mapping[str, Any], ...]
    problems: tuple[Problem, ...]
    table: Table


class _Wrong(Exception):
    """A value that cannot be used: which field, why, what to do."""

    def __init__(self, field: str, code: str, why: str, advice: str) -> None:
        super().__init__(why)
        self.field, self.code, self.why, self.advice = field, code, why, advice


Reader = Callable[["_Cells"], dict[str, Any]]


class _Cells:
    """The cells of one row by field, read with errors that name the field."""

    def __init__(self, row: Row, position: Mapping[str, int]) -> None:
        self.row = row
        self._position = position

    def text(self, field: str, *, limit: int = 200, required: bool = False) -> str:
        position = self._position.get(field, len(self.row.cells))
        text = self.row.cells[position] if position < len(self.row.cells) else ""
        if required and not text:
            raise _Wrong(field, "missing_value", _("Värdet saknas."), _("Fyll i det."))
        if len(text) > limit:
            raise _Wrong(
                field,
                "too_long",
                _("Texten är längre än %(limit)s tecken.") % {"limit": limit},
                _("Korta texten."),
            )
        return text

    def whole(self, field: str, *, low: int, high: int) -> int:
        text = self.text(field, required=True)
        try:
            number = to_whole_number(text)
            if not low <= number <= high:
                raise ValueError(text)
        except ValueError as error:
            raise _Wrong(
                field,
                "not_a_number",
                _("”%(value)s” är inget heltal som går att använda.") % {"value": text[:40]},
                _("Skriv ett heltal från %(low)s till %(high)s.") % {"low": low, "high": high},
            ) from error
        return number

    def time(self, field: str) -> time:
        text = self.text(field, required=True)
        try:
            return to_time(text)
        except ValueError as error:
            raise _Wrong(
                field,
                "not_a_time",
                _("”%(value)s” är inget klockslag.") % {"value": text[:40]},
                _("Skriv som 11:00."),
            ) from error

    def day(self, field: str) -> date | None:
        text = self.text(field)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise _Wrong(
                field,
                "not_a_date",
                _("”%(value)s” är inget datum.") % {"value": text[:40]},
                _("Skriv som 2026-05-24."),
            ) from error

    def point(self) -> tuple[float, float]:
        numbers = []
        for field in ("latitude", "longitude"):
            text = self.text(field, required=True)
            try:
                numbers.append(round(to_number(text), geometry.DECIMALS))
            except ValueError as error:
                raise _Wrong(
                    field,
                    "not_a_number",
                    _("”%(value)s” är inte ett tal.") % {"value": text[:40]},
                    _("Skriv ett tal som 58,5942."),
                ) from error
        latitude, longitude = numbers
        if not geometry.is_in_sweden(*numbers) and geometry.is_in_sweden(longitude, latitude):
            problem = swapped(row=None, value="")
            raise _Wrong("latitude", problem.code, problem.why, problem.advice)
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise _Wrong(
                "latitude",
                "out_of_range",
                _("Läget finns inte på jorden."),
                _("Latitud är mellan −90 och 90, longitud mellan −180 och 180."),
            )
        return latitude, longitude


def to_time(text: str) -> time:
    """A time of day: '11', '11:00', '11.30', '24:00' (midnight). Raises ValueError."""
    hours, _colon, minutes = text.strip().replace(".", ":").partition(":")
    hour, minute = int(hours), int((minutes or "0").removesuffix(":00") or 0)
    if (hour, minute) == (24, 0):
        hour = 0
    return time(hour, minute)


def to_weekday(text: str) -> int:
    """0 (Monday) to 6, from a number or a name in Swedish or English. Raises ValueError."""
    word = fold(text)
    for names in (_WEEKDAYS, _WEEKDAYS_EN):
        for number, name in enumerate(names):
            if len(word) >= 3 and (name.startswith(word) or word == f"{name}ar"):
                return number
    number = to_whole_number(text)
    if not 0 <= number <= 6:
        raise ValueError(text)
    return number


def _read(
    data: bytes,
    fields: tuple[Field, ...],
    to_values: Reader,
    *,
    limits: Limits | None,
    key: tuple[str, ...],
) -> CheckedRegister:
    table = read_table(data, limits=limits)
    mapping = guess_mapping(table.header, fields)
    problems = [*missing_columns(mapping, fields, table.header), *table.problems]
    if any(problem.code == "missing_column" for problem in problems):
        return CheckedRegister((), tuple(problems), table)
    position = {name: table.header.index(column) for name, column in mapping.items()}
    rows: list[dict[str, Any]] = []
    for row in table.rows:
        try:
            rows.append({**to_values(_Cells(row, position)), "row": row.number})
        except _Wrong as wrong:
            column = mapping.get(wrong.field, "")
            at = position.get(wrong.field, -1)
            value = row.cells[at] if 0 <= at < len(row.cells) else ""
            problems.append(Problem(wrong.code, wrong.why, wrong.advice, row.number, column, value))
    problems += _doubles(rows, key)
    ordered = tuple(sorted(problems, key=lambda problem: problem.row or 0))
    return CheckedRegister(tuple(rows), ordered, table)


def _doubles(rows: list[dict[str, Any]], key: tuple[str, ...]) -> Iterator[Problem]:
    first: dict[tuple[Any, ...], int] = {}
    for row in rows:
        identity = tuple(row[name] for name in key)
        if identity in first:
            yield Problem(
                "row_twice",
                _("Samma uppgift står redan på rad %(row)s.") % {"row": first[identity]},
                _("Ta bort den ena raden."),
                row=row["row"],
                value=", ".join(str(part) for part in identity),
            )
        first.setdefault(identity, row["row"])


def read_opening_hours(data: bytes, *, limits: Limits | None = None) -> CheckedRegister:
    """Rows of slug, weekday, opens, closes, valid_from, valid_until, source."""

    def values(cells: _Cells) -> dict[str, Any]:
        text = cells.text("weekday", required=True)
        try:
            weekday = to_weekday(text)
        except ValueError as error:
            raise _Wrong(
                "weekday",
                "not_a_weekday",
                _("”%(value)s” är ingen veckodag.") % {"value": text[:40]},
                _("Skriv måndag–söndag, eller 0 (måndag) till 6 (söndag)."),
            ) from error
        valid_from, valid_until = cells.day("valid_from"), cells.day("valid_until")
        if valid_from and valid_until and valid_until <= valid_from:
            raise _Wrong(
                "valid_until",
                "empty_span",
                _("Tiderna slutar gälla innan de börjar."),
                _("Skriv den första dagen då tiderna inte längre gäller."),
            )
        return {
            "slug": cells.text("slug", limit=80, required=True),
            "weekday": weekday,
            "opens": cells.time("opens"),
            "closes": cells.time("closes"),
            "valid_from": valid_from,
            "valid_until": valid_until,
            "source": cells.text("source"),
        }

    return _read(
        data, HOURS_FIELDS, values, limits=limits, key=("slug", "weekday", "opens", "valid_from")
    )


def read_localities(data: bytes, *, limits: Limits | None = None) -> CheckedRegister:
    """Rows of slug, name, kind, latitude, longitude, coordinate_quality, source."""

    def values(cells: _Cells) -> dict[str, Any]:
        name = cells.text("name", required=True)
        latitude, longitude = cells.point()
        try:
            known_by = quality(cells.text("coordinate_quality") or "estimated")
        except ValueError as error:
            raise _Wrong(
                "coordinate_quality",
                "unknown_quality",
                _("Okänt sätt att veta läget."),
                _("Skriv inmätt, från karta eller uppskattad."),
            ) from error
        try:
            slug = to_slug(cells.text("slug", limit=80) or name)
        except ValueError as error:
            raise _Wrong(
                "slug",
                "bad_slug",
                _("Namnet ger inget kortnamn i adressen."),
                _("Lägg till en kolumn med kortnamn: a–z, 0–9 och bindestreck."),
            ) from error
        return {
            "slug": slug,
            "name": name,
            "kind": cells.text("kind", limit=40) or "locality",
            "latitude": latitude,
            "longitude": longitude,
            "coordinate_quality": known_by,
            "source": cells.text("source"),
        }

    return _read(data, LOCALITY_FIELDS, values, limits=limits, key=("slug",))


def _number_span(cells: _Cells) -> tuple[int, int]:
    """First and last house number; (0, 0) for a street of which no number is known."""
    if not cells.text("number_from") and not cells.text("number_until"):
        return 0, 0
    return (
        cells.whole("number_from", low=1, high=9999),
        cells.whole("number_until", low=1, high=9999),
    )


def read_streets(data: bytes, *, limits: Limits | None = None) -> CheckedRegister:
    """Rows of street, number_from, number_until (inclusive), latitude, longitude, source.

    Both numbers may be empty: then only the street's name is known.
    """

    def values(cells: _Cells) -> dict[str, Any]:
        first, last = _number_span(cells)
        if last < first:
            raise _Wrong(
                "number_until",
                "runs_backwards",
                _("Sträckan slutar på ett lägre nummer än den börjar."),
                _("Byt plats på numren."),
            )
        latitude, longitude = cells.point()
        return {
            "street": cells.text("street", limit=120, required=True),
            "number_from": first,
            "number_until": last,
            "latitude": latitude,
            "longitude": longitude,
            "source": cells.text("source"),
        }

    return _read(data, STREET_FIELDS, values, limits=limits, key=("street", "number_from"))


def read_population(data: bytes, *, limits: Limits | None = None) -> CheckedRegister:
    """Rows of code, year, age_from, age_until (None: no upper limit), sex, count."""

    def values(cells: _Cells) -> dict[str, Any]:
        age_from = cells.whole("age_from", low=0, high=130)
        age_until = cells.text("age_until") and cells.whole("age_until", low=1, high=131)
        if age_until and age_until <= age_from:
            raise _Wrong(
                "age_until",
                "empty_span",
                _("Åldersgruppen slutar innan den börjar."),
                _("Skriv den första åldern utanför gruppen."),
            )
        sex = _SEXES.get(fold(cells.text("sex", required=True)))
        if sex is None:
            raise _Wrong("sex", "unknown_sex", _("Okänt kön."), _("Skriv 1 (män) eller 2."))
        return {
            "code": cells.text("code", limit=40, required=True),
            "year": cells.whole("year", low=1749, high=2200),
            "age_from": age_from,
            "age_until": age_until or None,
            "sex": sex,
            "count": cells.whole("count", low=0, high=20_000_000),
        }

    return _read(
        data, POPULATION_FIELDS, values, limits=limits, key=("code", "year", "age_from", "sex")
    )
