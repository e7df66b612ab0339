"""What a file would bring, for someone to look at before it is read in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kraftsamling.kit.tabular.problems import Problem, has_errors
from kraftsamling.kit.tabular.table import Limits
from kraftsamling.places.imports.areas import AreaChoices, count_vertices, read_areas
from kraftsamling.places.imports.geojson import GeoJsonLimits
from kraftsamling.places.imports.places import PlaceChoices, check_places, read_places
from kraftsamling.places.imports.registers import read_population
from kraftsamling.places.kinds import AreaKind, PlaceKind
from kraftsamling.places.queries.imports import area_codes, known_for_import


@dataclass(frozen=True)
class Preview:
    """Rows as they would be read (texts under `headings`), how the file was read, its problems."""

    count: int
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...]
    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    columns: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    coordinates: str = ""
    new: int = 0

    @property
    def is_acceptable(self) -> bool:
        return self.count > 0 and not has_errors(self.problems)

    @property
    def unread_columns(self) -> tuple[str, ...]:
        return tuple(name for name in self.columns if name not in self.mapping.values())

    @property
    def has_metres_in_degrees(self) -> bool:
        """Whether choosing SWEREF 99 TM would mend what is wrong."""
        return any(problem.code == "metres_given" for problem in self.problems)


def preview_places(data: bytes, *, choices: PlaceChoices, limits: Limits) -> Preview:
    """Read a file of places without writing. Raises UnreadableFile."""
    table = read_places(data, limits=limits)
    known = known_for_import(writable=choices.writable)
    checked = check_places(
        table, known=known, mapping=choices.mapping, coordinates=choices.coordinates
    )
    rows = tuple(
        (
            str(row.number),
            _("ny") if row.slug not in known.places else _("finns"),
            row.name,
            _kind_label(row.values.get("kind", "")),
            f"{row.latitude:.5f}",
            f"{row.longitude:.5f}",
            row.values.get("address", ""),
            row.slug,
        )
        for row in checked.rows[:20]
    )
    return Preview(
        count=len(table.rows),
        headings=(_("Rad"), _("Ny?"), _("Namn"), _("Slag"), _("Latitud"), _("Longitud"),
                  _("Adress"), _("Kortnamn")),
        rows=rows,
        problems=checked.problems,
        format=table.format,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        columns=table.header,
        mapping=checked.mapping,
        coordinates=checked.coordinates,
        new=sum(1 for row in checked.rows if row.slug not in known.places),
    )  # fmt: skip


def _kind_label(kind: str) -> str:
    return str(PlaceKind(kind).label) if kind else ""


def preview_areas(data: bytes, *, choices: AreaChoices, limits: GeoJsonLimits) -> Preview:
    """Read a file of areas without writing. Raises UnreadableFile."""
    codes = area_codes()
    known = AreaChoices(choices.kind, choices.epsg, choices.source, codes)
    checked = read_areas(data, choices=known, limits=limits)
    rows = tuple(
        (
            str(row.number),
            _("ny") if row.code not in codes else _("finns"),
            row.code,
            row.name.get("sv", ""),
            str(AreaKind(row.kind).label),
            str(count_vertices(row.geometry)),
        )
        for row in checked.rows[:20]
    )
    return Preview(
        count=checked.features,
        headings=(_("Objekt"), _("Nytt?"), _("Kod"), _("Namn"), _("Slag"), _("Brytpunkter")),
        rows=rows,
        problems=checked.problems,
        format="geojson",
        coordinates=f"EPSG:{checked.epsg}" if checked.epsg else "",
        new=sum(1 for row in checked.rows if row.code not in codes),
    )


def preview_population(data: bytes, *, limits: Limits) -> Preview:
    """Read a file of population without writing. Raises UnreadableFile."""
    checked = read_population(data, limits=limits)
    codes = area_codes()
    missing = tuple(unknown_area(row) for row in checked.rows if row["code"] not in codes)
    rows = tuple(_population_row(row) for row in checked.rows[:20])
    return Preview(
        count=len(checked.table.rows),
        headings=(_("Rad"), _("Kod"), _("År"), _("Ålder"), _("Kön"), _("Antal")),
        rows=rows,
        problems=(*checked.problems, *missing),
        format=checked.table.format,
        encoding=checked.table.encoding,
        delimiter=checked.table.delimiter,
        sheet=checked.table.sheet,
        columns=checked.table.header,
    )


def _population_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    last = "" if row["age_until"] is None else str(row["age_until"] - 1)
    return (
        str(row["row"]),
        row["code"],
        str(row["year"]),
        f"{row['age_from']}–{last}",
        _("män") if row["sex"] == 1 else _("kvinnor"),
        str(row["count"]),
    )


def unknown_area(row: Mapping[str, Any]) -> Problem:
    """The problem of a row whose area is not known."""
    return Problem(
        "unknown_area",
        _("Det finns inget område med koden %(code)s.") % {"code": row["code"]},
        _("Läs in områdena först, eller ta bort raden."),
        row=row["row"],
        value=row["code"],
    )
