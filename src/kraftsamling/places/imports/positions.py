"""Where the places of a table are: degrees or metres, told apart, and mistakes named."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kraftsamling.kit.tabular.numbers import to_number
from kraftsamling.kit.tabular.problems import Problem
from kraftsamling.kit.tabular.table import Row, Table
from kraftsamling.places import geometry
from kraftsamling.places.imports.geojson import metres, swapped
from kraftsamling.places.texts import fold

WGS84_DEGREES = "wgs84"
SWEREF99TM = "sweref99tm"
# A column named so holds metres for certain; 'x' and 'y' may hold either, and the values decide.
_METRIC_NAMES = ("n", "e", "north", "northing", "nord", "east", "easting", "ost", "x", "y")


class PositionReader:
    """Reads cells and positions of one table; `problems` gathers what is wrong."""

    def __init__(self, table: Table, mapping: Mapping[str, str], coordinates: str) -> None:
        self.table = table
        self.mapping = mapping
        self.position = {name: table.header.index(col) for name, col in mapping.items()}
        self.is_metric = coordinates == SWEREF99TM
        self.problems: list[Problem] = []
        if not coordinates and self._has_metric_names():
            self.is_metric = self._holds_metres()

    def cell(self, row: Row, name: str) -> str:
        """The text of a field in a row; '' where the file or the row lacks it."""
        position = self.position.get(name)
        if position is None or position >= len(row.cells):
            return ""
        return row.cells[position]

    def complain(self, code: str, row: Row, name: str, why: str, advice: str, **more: Any) -> None:
        """Note a problem at a field of a row."""
        self.problems.append(
            Problem(
                code,
                why,
                advice,
                row=row.number,
                column=self.mapping.get(name, ""),
                value=more.pop("value", self.cell(row, name)),
                **more,
            )
        )

    def _has_metric_names(self) -> bool:
        names = [fold(self.mapping[name]).replace(" ", "") for name in ("latitude", "longitude")]
        return all(
            name.removeprefix("sweref99tm").removeprefix("sweref").removesuffix("koordinat")
            in _METRIC_NAMES
            for name in names
        )

    def _holds_metres(self) -> bool:
        sample = [self._numbers(row) for row in self.table.rows[:50]]
        pairs = [pair for pair in sample if pair]
        metric = [
            pair
            for pair in pairs
            if geometry.looks_like_sweref(pair[1], pair[0])
            or geometry.looks_like_sweref(pair[0], pair[1])
        ]
        return len(metric) * 2 > len(pairs)

    def _numbers(self, row: Row) -> tuple[float, float] | None:
        try:
            return to_number(self.cell(row, "latitude")), to_number(self.cell(row, "longitude"))
        except ValueError:
            return None

    def _pair(self, row: Row) -> tuple[float, float] | None:
        """(latitude or northing, longitude or easting), or None with the reason noted."""
        pair = self._numbers(row)
        if pair is None:
            for name in ("latitude", "longitude"):
                self._refuse_number(row, name)
            return None
        both = f"{self.cell(row, 'latitude')}; {self.cell(row, 'longitude')}"
        column = self.mapping["latitude"]
        first, second = pair
        if self.is_metric:
            return self._metric_pair(row, first, second, both)
        if geometry.looks_like_sweref(second, first) or geometry.looks_like_sweref(first, second):
            self.problems.append(metres(row=row.number, value=both, column=column))
            return None
        if not geometry.is_in_sweden(first, second) and geometry.is_in_sweden(second, first):
            self.problems.append(swapped(row=row.number, value=both, column=column))
            return None
        if not (-90 <= first <= 90 and -180 <= second <= 180):
            self.complain(
                "out_of_range", row, "latitude",
                _("Läget finns inte på jorden."),
                _("Latitud är mellan −90 och 90, longitud mellan −180 och 180."),
                value=both,
            )  # fmt: skip
            return None
        return first, second

    def _metric_pair(
        self, row: Row, first: float, second: float, both: str
    ) -> tuple[float, float] | None:
        if geometry.looks_like_sweref(second, first):
            return first, second
        # Maps name the axes either way (x is north in older Swedish ones): the size tells them
        # apart for certain, as no northing in Sweden is as small as an easting.
        if geometry.looks_like_sweref(first, second):
            return second, first
        self.complain(
            "out_of_range", row, "latitude",
            _("Talen är inte meter i SWEREF 99 TM."),
            _("N är mellan 6 100 000 och 7 700 000, E mellan 200 000 och 1 000 000."),
            value=both,
        )  # fmt: skip
        return None

    def _refuse_number(self, row: Row, name: str) -> None:
        try:
            to_number(self.cell(row, name))
        except ValueError:
            text = self.cell(row, name)
            self.complain(
                "not_a_number" if text else "missing_value", row, name,
                _("”%(value)s” är inte ett tal.") % {"value": text[:40]}
                if text else _("Koordinaten saknas."),
                _("Skriv ett tal som 58,5942. Ta bort raden om läget är okänt."),
            )  # fmt: skip

    def points(self) -> list[tuple[float, float] | None]:
        """(latitude, longitude) of each row in WGS 84; None where a problem was noted."""
        pairs = [self._pair(row) for row in self.table.rows]
        if not self.is_metric:
            return [
                None if pair is None else (round(pair[0], 6), round(pair[1], 6)) for pair in pairs
            ]
        given = [pair for pair in pairs if pair is not None]
        turned = iter(
            geometry.many_from_sweref([east for _n, east in given], [north for north, _e in given])
        )
        return [None if pair is None else next(turned) for pair in pairs]
