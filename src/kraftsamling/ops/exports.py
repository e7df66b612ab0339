"""Writing what the rooms hold to files. The columns are those that the imports read."""

import csv
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.timezone import make_aware

from kraftsamling.kit.actor import system_actor
from kraftsamling.kit.languages import LANGUAGES
from kraftsamling.kit.tabular.writing import to_safe_cell
from kraftsamling.kit.texts import Texts
from kraftsamling.ops.console import WrongUse
from kraftsamling.people.actions import record_own_export
from kraftsamling.people.models import Organisation, Person
from kraftsamling.people.own_data import own_data
from kraftsamling.places.models import Area, Place
from kraftsamling.trail import queries
from kraftsamling.trail.actions import export_entries

Properties = dict[str, Any]


@dataclass(frozen=True)
class Thing:
    """One row, and the shape it has on the map, where it has one (a GeoJSON geometry)."""

    properties: Properties
    geometry: dict[str, Any] | None = field(default=None)


def write_places(file: Path) -> int:
    """All active places; how many. Readable by `kraftsamling import places`."""
    places = Place.objects.filter(is_active=True).select_related("owner").order_by("slug")
    return _write(file, [_place(place) for place in places], has_shapes=True)


def write_areas(file: Path) -> int:
    """All areas; how many. As GeoJSON readable by `kraftsamling import areas`."""
    areas = Area.objects.select_related("parent").order_by("kind", "code")
    return _write(file, [_area(area) for area in areas], has_shapes=True)


def write_organisations(file: Path) -> int:
    """All organisations, closed ones too; how many."""
    organisations = Organisation.objects.select_related("parent").order_by("slug")
    rows = [
        Thing(
            {
                "slug": each.slug,
                **_texts("name", each.name),
                "kind": each.kind,
                "parent": each.parent.slug if each.parent else "",
                **_texts("description", each.description),
                "contact_function": each.contact_function,
                "contact_email": each.contact_email,
                "contact_phone": each.contact_phone,
                "website": each.website,
                "is_active": each.is_active,
            }
        )
        for each in organisations
    ]
    return _write(file, rows, has_shapes=False)


def write_trail(file: Path, *, on_from: object, on_until: object, act: str) -> int:
    """Entries of the trail, oldest first; how many. The export itself is recorded.

    `.jsonl` holds all that is hashed, so that the chain can be followed in the file.
    """
    if file.suffix not in (".csv", ".xlsx", ".jsonl"):
        raise WrongUse(f"{file.name}: the trail is written as .csv, .xlsx or .jsonl.")
    wanted = queries.EntryFilter(
        act=act if "." in act or not act else f"{act}.",
        at_from=_midnight(on_from),
        at_until=_midnight(on_until),
    )
    found = export_entries(
        wanted,
        by=system_actor("command-line"),
        at=datetime.now(UTC),
        file_format=file.suffix.removeprefix("."),
    )
    entries = reversed(list(found))
    if file.suffix == ".jsonl":
        return _write_lines(file, (queries.facts_of(entry, with_proof=True) for entry in entries))
    return _write(file, [Thing(queries.facts_of(entry, with_proof=False)) for entry in entries])


def write_person(file: Path, *, email: str) -> int:
    """All that is held about one person, readable by its writer alone; how many entries of history.

    The export is recorded. Raises WrongUse where nobody has the address.
    """
    if file.suffix != ".json":
        raise WrongUse(f"{file.name}: the data of a person is written as .json.")
    person = Person.objects.filter(email__iexact=email.strip()).first() if email else None
    if person is None:
        raise WrongUse("Nobody has that address. Give it as --email ADDRESS.")
    at = datetime.now(UTC)
    record_own_export(person, by=system_actor("command-line"), at=at)
    held = {"made_at": at.isoformat(), **own_data(person)}
    text = json.dumps(held, ensure_ascii=False, indent=2)
    with open(
        os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as target:
        target.write(text)
    return len(held["history_by_you"]) + len(held["history_about_you"])


# --- Rows ------------------------------------------------------------------------------------


def _place(place: Place) -> Thing:
    return Thing(
        {
            "slug": place.slug,
            **_texts("name", place.name),
            "kind": place.kind,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "address": place.address,
            "owner": place.owner.slug if place.owner else "",
            "coordinate_quality": place.coordinate_quality,
            "step_free": place.step_free,
            "accessible_toilet": place.accessible_toilet,
            "hearing_loop": place.hearing_loop,
            **_texts("accessibility", place.accessibility),
            **_texts("description", place.description),
            "source": place.source,
        },
        {"type": "Point", "coordinates": [place.longitude, place.latitude]},
    )


def _area(area: Area) -> Thing:
    return Thing(
        {
            "code": area.code,
            "kind": area.kind,
            **_texts("name", area.name),
            "parent": area.parent.code if area.parent else "",
            "source": area.source,
        },
        json.loads(area.geometry),
    )


def _texts(name: str, texts: Texts) -> Properties:
    return {f"{name}_{each.code}": texts.by_language.get(each.code, "") for each in LANGUAGES}


def _midnight(day: object) -> datetime | None:
    return make_aware(day) if isinstance(day, datetime) else None


# --- Files -----------------------------------------------------------------------------------


def _write(file: Path, things: Sequence[Thing], *, has_shapes: bool = False) -> int:
    formats = {".csv": _write_csv, ".xlsx": _write_xlsx}
    if has_shapes:
        formats |= {".geojson": _write_geojson, ".json": _write_geojson}
    write = formats.get(file.suffix.lower())
    if write is None:
        raise WrongUse(f"{file.name}: choose a name that ends with {', '.join(formats)}.")
    draft = file.with_name(f".{file.name}.partial")
    try:
        write(draft, things)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return len(things)


def _write_csv(file: Path, things: Sequence[Thing]) -> None:
    # With a byte order mark and semicolons: so Swedish Excel opens it right.
    with file.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
        header = _header(things)
        writer.writerow(header)
        writer.writerows([to_safe_cell(cell) for cell in row] for row in _rows(things, header))


def _write_xlsx(file: Path, things: Sequence[Thing]) -> None:
    import xlsxwriter

    # Every cell is written as a string: what looks like a formula stays text.
    with xlsxwriter.Workbook(str(file), {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        header = _header(things)
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(_rows(things, header), start=1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)


def _write_geojson(file: Path, things: Sequence[Thing]) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {k: v for k, v in each.properties.items() if v not in ("", None)},
            "geometry": each.geometry,
        }
        for each in things
    ]
    collection = {"type": "FeatureCollection", "features": features}
    file.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def _write_lines(file: Path, rows: Iterable[Properties]) -> int:
    count = 0
    with file.open("w", encoding="utf-8") as target:
        for count, row in enumerate(rows, start=1):  # noqa: B007
            target.write(json.dumps(row, ensure_ascii=False) + "\n")
    return count


def _header(things: Sequence[Thing]) -> list[str]:
    """The columns that hold something: a text column for each language that is used."""
    if not things:
        return []
    names = list(things[0].properties)
    empty = {name for name in names if "_" in name and name.rsplit("_", 1)[1] in _OTHERS}
    for each in things:
        empty -= {name for name in empty if each.properties[name]}
    return [name for name in names if name not in empty]


_OTHERS = {language.code for language in LANGUAGES[1:]}


def _rows(things: Sequence[Thing], header: list[str]) -> Iterator[list[str]]:
    for each in things:
        yield [_to_cell(each.properties[name]) for name in header]


def _to_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return str(value)
