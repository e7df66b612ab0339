"""Bringing places and the registers beside them in from files."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from kraftsamling.kit.actor import Actor
from kraftsamling.kit.events import announce
from kraftsamling.kit.tabular.problems import Problem, UnreadableFile
from kraftsamling.kit.tabular.table import Limits
from kraftsamling.places.actions.shared import (
    PLACE_FIELDS,
    PLACE_TEXTS,
    derive,
    mark_change,
    place_values,
)
from kraftsamling.places.events import PlacesImported
from kraftsamling.places.imports.places import (
    PlaceChoices,
    PlaceRow,
    check_places,
    read_places,
)
from kraftsamling.places.imports.registers import (
    CheckedRegister,
    read_localities,
    read_opening_hours,
    read_streets,
)
from kraftsamling.places.imports.report import ImportRefused, ImportReport, refuse_errors
from kraftsamling.places.kinds import CoordinateQuality
from kraftsamling.places.models import Locality, OpeningHours, Place, StreetSegment
from kraftsamling.places.queries.imports import known_for_import
from kraftsamling.places.rules import RegularHours, overlapping
from kraftsamling.privacy.refusing import personal_data_in
from kraftsamling.trail.actions import record, record_many

_BATCH = 500
_DERIVED = ("h3_cell", "regso_id", "est_area_id", "search_text", "sort_key")
_WRITTEN = tuple(name.removesuffix("_id") for name in (*PLACE_FIELDS, *PLACE_TEXTS, *_DERIVED))
Progress = Callable[[int, int], None]


def import_places(
    data: bytes,
    *,
    file_name: str,
    by: Actor,
    at: datetime,
    choices: PlaceChoices | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Add or change places from CSV, Excel or GeoJSON, by slug.

    Columns that the file lacks leave a stored place as it is. All or nothing: raises
    ImportRefused with a report of every error. The trail gets an entry for each place that
    changed and one for the import.
    """
    choices = choices or PlaceChoices()
    try:
        table = read_places(data, limits=limits)
    except UnreadableFile as error:
        raise ImportRefused(ImportReport("places", problems=(error.problem,))) from error
    with transaction.atomic():
        checked = check_places(
            table,
            known=known_for_import(writable=choices.writable),
            mapping=choices.mapping,
            coordinates=choices.coordinates,
        )
        refuse_errors("places", len(table.rows), checked.problems)
        created, changed = _write_places(checked.rows, by=by, at=at, progress=progress)
        report = ImportReport(
            "places",
            rows=len(checked.rows),
            created=created,
            changed=changed,
            unchanged=len(checked.rows) - created - changed,
            problems=checked.problems,
        )
        _finish("places.import_places", "place", file_name, report, by=by, at=at)
        announce(PlacesImported(created, changed))
    return report


def _write_places(
    rows: Sequence[PlaceRow], *, by: Actor, at: datetime, progress: Progress | None
) -> tuple[int, int]:
    stored = {place.slug: place for place in _stored_places([row.slug for row in rows])}
    before = {slug: place_values(place) for slug, place in stored.items()}
    places = [_filled(stored.get(row.slug), row) for row in rows]
    differing = [place for place in places if before.get(place.slug) != place_values(place)]
    if not differing:
        return 0, 0
    derive(*differing)
    for start in range(0, len(differing), _BATCH):
        Place.objects.bulk_create(
            differing[start : start + _BATCH],
            update_conflicts=True,
            unique_fields=("slug",),
            update_fields=_WRITTEN,
        )
        if progress:
            progress(min(start + _BATCH, len(differing)), len(differing))
    record_many(
        act="places.import_place",
        by=by,
        at=at,
        changed=(
            (("place", place.slug), before.get(place.slug), place_values(place))
            for place in differing
        ),
    )
    changed = sum(1 for place in differing if place.slug in before)
    return len(differing) - changed, changed


def _stored_places(slugs: Sequence[str]) -> Iterable[Place]:
    for start in range(0, len(slugs), _BATCH):
        yield from Place.objects.filter(slug__in=slugs[start : start + _BATCH])


def _filled(place: Place | None, row: PlaceRow) -> Place:
    place = place or Place(slug=row.slug, coordinate_quality=CoordinateQuality.UNKNOWN)
    place.latitude, place.longitude = row.latitude, row.longitude
    for name, value in row.values.items():
        if name in PLACE_TEXTS:
            texts = getattr(place, name)
            for language, text in value.items():
                if text != texts.by_language.get(language, ""):
                    texts = texts.with_text(language, text)
            setattr(place, name, texts)
        else:
            setattr(place, name, value)
    return place


def import_opening_hours(
    data: bytes, *, file_name: str, by: Actor, at: datetime, limits: Limits | None = None
) -> ImportReport:
    """Replace the regular hours of every place that the file names; other places keep theirs.

    All or nothing: raises ImportRefused with a report of every error.
    """
    checked = _read("opening_hours", read_opening_hours, data, limits)
    with transaction.atomic():
        slugs = {row["slug"] for row in checked.rows}
        places = {place.slug: place for place in _stored_places(sorted(slugs))}
        problems = [*checked.problems, *_hours_problems(checked, places)]
        refuse_errors("opening_hours", len(checked.table.rows), problems)
        replaced = OpeningHours.objects.filter(place__in=places.values()).delete()[0]
        OpeningHours.objects.bulk_create(
            (_opening_hours(row, places[row["slug"]]) for row in checked.rows), batch_size=_BATCH
        )
        for row in checked.rows:
            places[row["slug"]].hours_source = row["source"]
        Place.objects.bulk_update(places.values(), ("hours_source",), batch_size=_BATCH)
        report = ImportReport(
            "opening_hours",
            rows=len(checked.rows),
            created=len(checked.rows),
            changed=replaced,
            problems=tuple(problems),
        )
        _record_hours(checked, by=by, at=at)
        _finish("places.import_opening_hours", "place", file_name, report, by=by, at=at)
    return report


def _regular(row: Mapping[str, Any]) -> RegularHours:
    return RegularHours(
        row["weekday"], row["opens"], row["closes"], row["valid_from"], row["valid_until"]
    )


def _opening_hours(row: Mapping[str, Any], place: Place) -> OpeningHours:
    return OpeningHours(place=place, **vars(_regular(row)))


def _hours_problems(checked: CheckedRegister, places: Mapping[str, Place]) -> list[Problem]:
    found = []
    by_slug: dict[str, list[Mapping[str, Any]]] = {}
    for row in checked.rows:
        by_slug.setdefault(row["slug"], []).append(row)
        if row["slug"] not in places:
            found.append(
                Problem(
                    "unknown_place",
                    _("Det finns ingen plats med kortnamnet %(slug)s.") % {"slug": row["slug"]},
                    _("Läs in platsen först, eller ta bort raden."),
                    row=row["row"],
                    value=row["slug"],
                )
            )
        if not _regular(row).span.is_likely():
            found.append(
                Problem(
                    "closes_too_early",
                    _("Stänger före öppning. Menar du en annan tid?"),
                    _("Tider efter midnatt går till klockan 06:00, högst 16 timmar."),
                    row=row["row"],
                    value=f"{row['opens']:%H:%M}–{row['closes']:%H:%M}",
                )
            )
        if personal := personal_data_in(row["source"]):
            found.append(
                Problem(
                    "personal_data",
                    _("Texten innehåller personuppgifter."),
                    " ".join(personal),
                    row=row["row"],
                )
            )
    for slug, rows in by_slug.items():
        if overlapping([_regular(row) for row in rows]):
            found.append(
                Problem(
                    "hours_clash",
                    _("Två öppettider på samma dag går in i varandra."),
                    _("Slå ihop dem eller rätta klockslagen."),
                    row=rows[0]["row"],
                    value=slug,
                )
            )
    return found


def _record_hours(checked: CheckedRegister, *, by: Actor, at: datetime) -> None:
    hours: dict[str, list[str]] = {}
    for row in checked.rows:
        hours.setdefault(row["slug"], []).append(
            f"{row['weekday']} {row['opens']:%H:%M}-{row['closes']:%H:%M}"
        )
    record_many(
        act="places.set_opening_hours",
        by=by,
        at=at,
        changed=((("place", slug), None, {"hours": rows}) for slug, rows in hours.items()),
    )


def import_localities(
    data: bytes, *, file_name: str, by: Actor, at: datetime, limits: Limits | None = None
) -> ImportReport:
    """Add or change the names of parts of the map, by slug. Raises ImportRefused."""
    return _import_register(
        "localities", read_localities, Locality, ("slug",), data,
        file_name=file_name, by=by, at=at, limits=limits,
    )  # fmt: skip


def import_streets(
    data: bytes, *, file_name: str, by: Actor, at: datetime, limits: Limits | None = None
) -> ImportReport:
    """Add or change stretches of streets, by street and first number. Raises ImportRefused."""
    return _import_register(
        "streets", read_streets, StreetSegment, ("street", "number_from"), data,
        file_name=file_name, by=by, at=at, limits=limits,
    )  # fmt: skip


def _import_register(
    kind: str,
    read: Callable[..., CheckedRegister],
    model: type[Model],
    key: tuple[str, ...],
    data: bytes,
    *,
    file_name: str,
    by: Actor,
    at: datetime,
    limits: Limits | None,
) -> ImportReport:
    checked = _read(kind, read, data, limits)
    refuse_errors(kind, len(checked.table.rows), checked.problems)
    rows = [{name: row[name] for name in row if name != "row"} for row in checked.rows]
    with transaction.atomic():
        before = model._default_manager.count()
        model._default_manager.bulk_create(
            [model(**row) for row in rows],
            update_conflicts=True,
            unique_fields=key,
            update_fields=[name for name in rows[0] if name not in key],
            batch_size=_BATCH,
        )
        created = model._default_manager.count() - before
        report = ImportReport(
            kind,
            rows=len(rows),
            created=created,
            changed=len(rows) - created,
            problems=checked.problems,
        )
        _finish(f"places.import_{kind}", kind, file_name, report, by=by, at=at)
    return report


def _read(
    kind: str, read: Callable[..., CheckedRegister], data: bytes, limits: Limits | None
) -> CheckedRegister:
    try:
        return read(data, limits=limits)
    except UnreadableFile as error:
        raise ImportRefused(ImportReport(kind, problems=(error.problem,))) from error


def _finish(
    act: str, object_type: str, file_name: str, report: ImportReport, *, by: Actor, at: datetime
) -> None:
    mark_change()
    record(
        act=act,
        by=by,
        at=at,
        on=(object_type, "import"),
        after={
            "file": file_name[:200],
            "rows": report.rows,
            "created": report.created,
            "changed": report.changed,
        },
    )
