"""Areas and their population."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kraftsamling.kit.actor import Actor
from kraftsamling.kit.events import announce
from kraftsamling.kit.tabular.problems import UnreadableFile
from kraftsamling.kit.tabular.table import Limits
from kraftsamling.kit.texts import Texts
from kraftsamling.places.actions.shared import (
    area_values,
    derive,
    mark_area_change,
    mark_change,
)
from kraftsamling.places.events import AreasImported
from kraftsamling.places.imports.areas import AreaChoices, AreaRow, read_areas
from kraftsamling.places.imports.geojson import GeoJsonLimits
from kraftsamling.places.imports.preview import unknown_area
from kraftsamling.places.imports.registers import read_population
from kraftsamling.places.imports.report import ImportRefused, ImportReport, refuse_errors
from kraftsamling.places.models import Area, Place, Population
from kraftsamling.trail.actions import record, record_many

_BATCH = 500


def import_areas(
    data: bytes,
    *,
    file_name: str,
    by: Actor,
    at: datetime,
    choices: AreaChoices | None = None,
    limits: GeoJsonLimits | None = None,
) -> ImportReport:
    """Add or change areas from GeoJSON, by code; then assign all places anew.

    All or nothing: raises ImportRefused with a report of every error.
    """
    choices = choices or AreaChoices()
    with transaction.atomic():
        stored = {area.code: area for area in Area.objects.select_for_update()}
        known = AreaChoices(choices.kind, choices.epsg, choices.source, frozenset(stored))
        try:
            checked = read_areas(data, choices=known, limits=limits)
        except UnreadableFile as error:
            raise ImportRefused(ImportReport("areas", problems=(error.problem,))) from error
        refuse_errors("areas", checked.features, checked.problems)
        created, changed = _write_areas(checked.rows, stored, by=by, at=at)
        report = ImportReport(
            "areas",
            rows=len(checked.rows),
            created=created,
            changed=changed,
            unchanged=len(checked.rows) - created - changed,
            problems=checked.problems,
        )
        if created or changed:
            mark_area_change()
            _assign_places()
            _record_import("places.import_areas", file_name, report, by=by, at=at)
            announce(AreasImported(created, changed))
    return report


def _write_areas(
    rows: Sequence[AreaRow], stored: dict[str, Area], *, by: Actor, at: datetime
) -> tuple[int, int]:
    changes = []
    for row in _parents_first(rows):
        area = stored.get(row.code) or Area(code=row.code)
        before = {} if area.pk is None else area_values(area)
        geometry_before = area.geometry
        _fill(area, row, stored)
        if before == area_values(area) and geometry_before == area.geometry:
            continue
        area.save()
        stored[row.code] = area
        after = area_values(area)
        if before and geometry_before != area.geometry:
            after["border"] = "changed"
        changes.append((("area", area.code), before or None, after))
    record_many(act="places.import_area", by=by, at=at, changed=changes)
    created = sum(1 for _on, before, _after in changes if before is None)
    return created, len(changes) - created


def _parents_first(rows: Sequence[AreaRow]) -> list[AreaRow]:
    """So that a parent in the same file has its id when its children are saved."""
    by_code = {row.code: row for row in rows}
    ordered: dict[str, AreaRow] = {}
    for row in rows:
        line = [row]
        while line[-1].parent in by_code and line[-1].parent not in ordered:
            line.append(by_code[line[-1].parent])
        for each in reversed(line):
            ordered.setdefault(each.code, each)
    return list(ordered.values())


def _fill(area: Area, row: AreaRow, stored: dict[str, Area]) -> None:
    area.kind = row.kind
    name = area.name
    for language, text in row.name.items():
        name = name.with_text(language, text)
    area.name = name if isinstance(name, Texts) else Texts(dict(row.name))
    area.parent = stored[row.parent] if row.parent else None
    area.geometry = row.geometry
    area.west, area.south, area.east, area.north = row.bounds
    area.source = row.source


@transaction.atomic
def reassign_places(*, by: Actor, at: datetime) -> int:
    """Work out cell and areas of every place anew; how many places moved is returned."""
    moved = _assign_places()
    if moved:
        mark_change()
        record(
            act="places.reassign_places", by=by, at=at, on=("place", "all"),
            after={"places_moved": moved},
        )  # fmt: skip
    return moved


def _assign_places() -> int:
    places = list(Place.objects.select_for_update())
    before = {place.pk: (place.h3_cell, place.regso_id, place.est_area_id) for place in places}
    derive(*places)
    moved = [
        place
        for place in places
        if before[place.pk] != (place.h3_cell, place.regso_id, place.est_area_id)
    ]
    Place.objects.bulk_update(moved, ("h3_cell", "regso", "est_area"), batch_size=_BATCH)
    return len(moved)


def import_population(
    data: bytes, *, file_name: str, by: Actor, at: datetime, limits: Limits | None = None
) -> ImportReport:
    """Set how many live in areas, from CSV or Excel: the years in the file are replaced.

    All or nothing: raises ImportRefused with a report of every error.
    """
    try:
        checked = read_population(data, limits=limits)
    except UnreadableFile as error:
        raise ImportRefused(ImportReport("population", problems=(error.problem,))) from error
    with transaction.atomic():
        areas = dict(Area.objects.values_list("code", "id"))
        problems = [*checked.problems]
        problems += [unknown_area(row) for row in checked.rows if row["code"] not in areas]
        refuse_errors("population", len(checked.table.rows), problems)
        replaced = _write_population(checked.rows, areas)
        report = ImportReport(
            "population",
            rows=len(checked.rows),
            created=max(0, len(checked.rows) - replaced),
            changed=min(replaced, len(checked.rows)),
            problems=tuple(problems),
        )
        mark_area_change()
        _record_import("places.import_population", file_name, report, by=by, at=at)
    return report


def _write_population(rows: Sequence[object], areas: dict[str, int]) -> int:
    wanted = [dict(row) for row in rows]  # type: ignore[call-overload]
    replaced = 0
    for year in {row["year"] for row in wanted}:
        ids = {areas[row["code"]] for row in wanted if row["year"] == year}
        replaced += Population.objects.filter(year=year, area_id__in=ids).delete()[0]
    Population.objects.bulk_create(
        (
            Population(
                area_id=areas[row["code"]],
                year=row["year"],
                age_from=row["age_from"],
                age_until=row["age_until"],
                sex=row["sex"],
                count=row["count"],
            )
            for row in wanted
        ),
        batch_size=_BATCH,
    )
    return replaced


def _record_import(
    act: str, file_name: str, report: ImportReport, *, by: Actor, at: datetime
) -> None:
    record(
        act=act,
        by=by,
        at=at,
        on=("area", "import"),
        after={
            "file": file_name[:200],
            "rows": report.rows,
            "created": report.created,
            "changed": report.changed,
        },
    )
