"""Places from a table or GeoJSON: every row checked before one is written."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kraftsamling.kit.ids import to_slug
from kraftsamling.kit.languages import LANGUAGES
from kraftsamling.kit.tabular.problems import Problem, UnreadableFile
from kraftsamling.kit.tabular.reading import read_table
from kraftsamling.kit.tabular.table import Limits, Row, Table
from kraftsamling.places import addresses, geometry
from kraftsamling.places.imports.columns import (
    Field,
    guess_mapping,
    known_mapping,
    localised,
    missing_columns,
)
from kraftsamling.places.imports.geojson import looks_like_json
from kraftsamling.places.imports.point_features import table_from_geojson
from kraftsamling.places.imports.positions import SWEREF99TM, WGS84_DEGREES, PositionReader
from kraftsamling.places.imports.values import (
    accessibility_fact,
    place_kind,
    quality,
)
from kraftsamling.places.kinds import RESERVED_SLUGS
from kraftsamling.places.texts import fold
from kraftsamling.privacy.detector import Context
from kraftsamling.privacy.refusing import personal_data_in, suspicions_in

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

FIELDS: tuple[Field, ...] = (
    Field("slug", gettext_lazy("kortnamn i adressen"), ("id", "kortnamn", "nyckel", "key")),
    *localised("name", gettext_lazy("namn"), ("namn", "benämning", "plats", "title"),
               is_required=True),
    Field("kind", gettext_lazy("slag"), ("slag", "typ", "type", "kategori", "category"), True),
    Field(
        "latitude",
        gettext_lazy("latitud eller N"),
        ("lat", "latitud", "breddgrad", "lat_wgs84", "wgs84_lat", "n", "nord", "north", "northing",
         "n_koordinat", "sweref_n", "sweref99tm_n", "x", "x_koordinat"),
        True,
    ),
    Field(
        "longitude",
        gettext_lazy("longitud eller E"),
        ("lon", "lng", "long", "longitud", "längdgrad", "lon_wgs84", "wgs84_lon", "e", "ost",
         "öst", "east", "easting", "e_koordinat", "sweref_e", "sweref99tm_e", "y", "y_koordinat"),
        True,
    ),
    Field("address", gettext_lazy("adress"), ("adress", "gatuadress", "besöksadress", "street")),
    Field("owner", gettext_lazy("ansvarig organisation"),
          ("ägare", "ansvarig", "organisation", "förvaltning")),
    Field("coordinate_quality", gettext_lazy("hur läget är känt"),
          ("lägeskvalitet", "kvalitet", "quality")),
    Field("step_free", gettext_lazy("stegfri entré"), ("stegfri", "stegfritt", "wheelchair")),
    Field("accessible_toilet", gettext_lazy("tillgänglig toalett"),
          ("rwc", "handikapptoalett", "tillgänglig_toalett")),
    Field("hearing_loop", gettext_lazy("hörslinga"), ("hörslinga", "teleslinga")),
    *localised("accessibility", gettext_lazy("mer om tillgänglighet"), ("tillgänglighet",)),
    *localised("description", gettext_lazy("beskrivning"), ("beskrivning", "om", "info")),
    Field("source", gettext_lazy("källa"), ("källa", "ursprung")),
)  # fmt: skip
# Metres from the border: nearer may be meant, farther is a slip of the pen.
_FAR_OUTSIDE = 50_000
FACTS = ("step_free", "accessible_toilet", "hearing_loop")
_TEXT_LENGTHS = {"name": 200, "accessibility": 1000, "description": 2000}
_PLAIN_LENGTHS = {"address": 200, "source": 200}


@dataclass(frozen=True)
class PlaceChoices:
    """How a file is to be read: columns by field (None: guessed) and coordinate system."""

    mapping: Mapping[str, str] | None = None
    coordinates: str = ""
    # organisations whose places may be written; None: everything
    writable: frozenset[int] | None = None


@dataclass(frozen=True)
class Known:
    """What a file is checked against; gathered once, so that no row asks the database."""

    # folded slug or name → ids of the organisations called so
    organisations: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    # slug → (owner's id, folded Swedish name)
    places: Mapping[str, tuple[int | None, str]] = field(default_factory=dict)
    municipalities: geometry.AreaIndex | None = None
    # organisations whose places may be written; None: all, and places without an owner
    writable: frozenset[int] | None = None
    # the names that are no persons; asked only where a text may hold one
    no_persons: Callable[[], Context] = Context

    def may_write(self, owner_id: int | None) -> bool:
        return self.writable is None or owner_id in self.writable


@dataclass(frozen=True)
class PlaceRow:
    """One place as a file gives it: only the fields that the file has are in `values`."""

    number: int
    slug: str
    name: str
    latitude: float
    longitude: float
    values: Mapping[str, Any]


@dataclass(frozen=True)
class CheckedPlaces:
    """A table read as places, under a mapping and a coordinate system, with all its problems."""

    table: Table
    mapping: Mapping[str, str]
    coordinates: str
    rows: tuple[PlaceRow, ...]
    problems: tuple[Problem, ...]


def read_places(data: bytes, *, limits: Limits | None = None) -> Table:
    """A table of places from CSV, Excel or GeoJSON. Raises UnreadableFile."""
    if looks_like_json(data):
        return table_from_geojson(data, limits or Limits())
    try:
        return read_table(data, limits=limits)
    except UnreadableFile as error:
        if error.problem.code != "not_a_table":
            raise
        advice = _("Välj en Excelfil (.xlsx), en CSV-fil eller en GeoJSON-fil.")
        raise UnreadableFile(replace(error.problem, advice=advice)) from error


def check_places(
    table: Table,
    *,
    known: Known,
    mapping: Mapping[str, str] | None = None,
    coordinates: str = "",
) -> CheckedPlaces:
    """Read every row under `mapping` (guessed where not given); nothing is written.

    `coordinates` is 'wgs84' or 'sweref99tm'; empty: what headers and values say.
    """
    chosen = (
        guess_mapping(table.header, FIELDS)
        if mapping is None
        else known_mapping(mapping, table.header, FIELDS)
    )
    problems = [*missing_columns(chosen, FIELDS, table.header), *table.problems]
    if any(problem.code == "missing_column" for problem in problems):
        return CheckedPlaces(table, chosen, coordinates or WGS84_DEGREES, (), tuple(problems))
    reader = _Reader(table, chosen, coordinates, known)
    return reader.read(problems)


class _Reader(PositionReader):
    """Reads the rows of one table; holds what all of them share."""

    def __init__(
        self, table: Table, mapping: Mapping[str, str], coordinates: str, known: Known
    ) -> None:
        super().__init__(table, mapping, coordinates)
        self.known = known

    def read(self, found_before: Sequence[Problem]) -> CheckedPlaces:
        points = self.points()
        rows = [self._place(row, point) for row, point in zip(self.table.rows, points, strict=True)]
        kept = [row for row in rows if row is not None]
        self._find_doubles(kept)
        self._tell_outside(kept)
        problems = sorted([*found_before, *self.problems], key=lambda problem: problem.row or 0)
        return CheckedPlaces(
            self.table,
            self.mapping,
            SWEREF99TM if self.is_metric else WGS84_DEGREES,
            tuple(kept),
            tuple(problems),
        )

    def _tell_outside(self, rows: Sequence[PlaceRow]) -> None:
        inside = self.known.municipalities
        if inside is None or not len(inside) or not rows:
            return
        homes = inside.area_ids([row.latitude for row in rows], [row.longitude for row in rows])
        outside = [row for row, home in zip(rows, homes, strict=True) if home is None]
        distances = inside.metres_to(
            [row.latitude for row in outside], [row.longitude for row in outside]
        )
        for row, metres in zip(outside, distances, strict=True):
            self.problems.append(self._outside(row, is_far=metres > _FAR_OUTSIDE))

    def _outside(self, row: PlaceRow, *, is_far: bool) -> Problem:
        return Problem(
            "far_outside_municipality" if is_far else "outside_municipality",
            _("Platsen ligger mer än 50 km från kommunen.") if is_far
            else _("Platsen ligger utanför kommunen."),
            _("Rätta läget eller ta bort raden.") if is_far
            else _("Kontrollera läget. Det går att läsa in platsen ändå."),
            row=row.number,
            column=self.mapping["latitude"],
            value=f"{row.latitude}; {row.longitude}",
            is_warning=not is_far,
        )  # fmt: skip

    # --- what --------------------------------------------------------------------------------

    def _place(self, row: Row, point: tuple[float, float] | None) -> PlaceRow | None:
        values: dict[str, Any] = {}
        for name in ("name", "description", "accessibility"):
            values |= self._texts(row, name)
        values |= self._plain(row)
        values |= self._choices(row)
        slug = self._slug(row)
        if point is None or not slug:
            return None
        self._check_owner(row, slug, values)
        name_sv = self.cell(row, "name_sv")
        return PlaceRow(row.number, slug, name_sv, point[0], point[1], values)

    def _texts(self, row: Row, name: str) -> dict[str, dict[str, str]]:
        given: dict[str, str] = {}
        for language in LANGUAGES:
            field_name = f"{name}_{language.code}"
            if field_name not in self.position:
                continue
            given[language.code] = text = self.cell(row, field_name)
            if len(text) > _TEXT_LENGTHS[name]:
                self._too_long(row, field_name, _TEXT_LENGTHS[name])
            self._refuse_personal_data(row, field_name, text)
        if name == "name" and not given.get("sv"):
            self.complain(
                "missing_value", row, "name_sv", _("Namnet saknas."), _("Skriv platsens namn.")
            )
        return {name: given} if given else {}

    def _too_long(self, row: Row, name: str, limit: int) -> None:
        self.complain(
            "too_long", row, name,
            _("Texten är längre än %(limit)s tecken.") % {"limit": limit},
            _("Korta texten."),
        )  # fmt: skip

    def _refuse_personal_data(self, row: Row, name: str, text: str) -> None:
        if found := personal_data_in(text):
            self.complain(
                "personal_data", row, name, _("Texten innehåller personuppgifter."), " ".join(found)
            )
        # A place may be called after a person.
        elif not name.startswith("name_") and (doubts := suspicions_in(
            text, context=self.known.no_persons
        )):  # fmt: skip
            self.problems.append(
                Problem(
                    "may_be_personal_data",
                    _("Texten kan innehålla personuppgifter."),
                    " ".join(doubt.why for doubt in doubts),
                    row=row.number,
                    column=self.mapping[name],
                    value=text,
                    is_warning=True,
                )
            )

    def _plain(self, row: Row) -> dict[str, str]:
        given = {name: self.cell(row, name) for name in _PLAIN_LENGTHS if name in self.position}
        for name, text in given.items():
            if len(text) > _PLAIN_LENGTHS[name]:
                self._too_long(row, name, _PLAIN_LENGTHS[name])
            self._refuse_personal_data(row, name, text)
        if addresses.names_dwelling(given.get("address", "")):
            self.complain(
                "dwelling", row, "address",
                _("Adressen pekar ut en lägenhet."),
                _("Skriv bara gata och nummer. En plats är aldrig en bostad."),
            )  # fmt: skip
        return given

    def _choices(self, row: Row) -> dict[str, Any]:
        values: dict[str, Any] = {}
        try:
            values["kind"] = place_kind(self.cell(row, "kind"))
        except ValueError as error:
            self.complain(
                "unknown_kind", row, "kind",
                _("Slaget ”%(value)s” är okänt.") % {"value": self.cell(row, "kind")[:40]},
                _("Använd ett av: %(kinds)s.") % {"kinds": error},
            )  # fmt: skip
        for name in FACTS:
            if name in self.position:
                values |= self._fact(row, name)
        if "coordinate_quality" in self.position:
            values |= self._quality(row)
        if "owner" in self.position:
            values["owner_id"] = self._owner(row)
        return values

    def _fact(self, row: Row, name: str) -> dict[str, bool | None]:
        try:
            return {name: accessibility_fact(self.cell(row, name))}
        except ValueError:
            self.complain(
                "not_yes_or_no", row, name,
                _("”%(value)s” är varken ja eller nej.") % {"value": self.cell(row, name)[:40]},
                _("Skriv ja, nej eller lämna tomt när det är okänt."),
            )  # fmt: skip
            return {}

    def _quality(self, row: Row) -> dict[str, str]:
        try:
            return {"coordinate_quality": quality(self.cell(row, "coordinate_quality"))}
        except ValueError:
            self.complain(
                "unknown_quality", row, "coordinate_quality",
                _("Okänt sätt att veta läget."),
                _("Skriv inmätt, från karta, uppskattad eller lämna tomt."),
            )  # fmt: skip
            return {}

    def _owner(self, row: Row) -> int | None:
        text = self.cell(row, "owner")
        if not text:
            return None
        found = self.known.organisations.get(fold(text), ())
        if len(found) == 1:
            return found[0]
        self.complain(
            "unknown_owner", row, "owner",
            _("Organisationen ”%(value)s” finns inte.") % {"value": text[:60]} if not found
            else _("Flera organisationer heter ”%(value)s”.") % {"value": text[:60]},
            _("Lägg till organisationen först, eller lämna tomt.") if not found
            else _("Skriv organisationens kortnamn."),
        )  # fmt: skip
        return None

    def _slug(self, row: Row) -> str:
        given = self.cell(row, "slug")
        is_bad = not _SLUG.fullmatch(given) or len(given) > 80 or given in RESERVED_SLUGS
        if given and is_bad:
            self.complain(
                "bad_slug", row, "slug",
                _("Kortnamnet går inte att ha i en adress."),
                _("Använd bara a–z, 0–9 och bindestreck, högst 80 tecken."),
            )  # fmt: skip
            return ""
        if given:
            return given
        name = self.cell(row, "name_sv")
        try:
            return to_slug(name) if name else ""
        except ValueError:
            self.complain(
                "bad_slug", row, "name_sv",
                _("Namnet ger inget kortnamn i adressen."),
                _("Lägg till en kolumn med kortnamn: a–z, 0–9 och bindestreck."),
            )  # fmt: skip
            return ""

    def _check_owner(self, row: Row, slug: str, values: Mapping[str, Any]) -> None:
        existing = self.known.places.get(slug)
        owners = [values["owner_id"]] if "owner_id" in values else []
        owners += [existing[0]] if existing else []
        if not all(self.known.may_write(owner_id) for owner_id in owners or [None]):
            self.complain(
                "not_yours", row, "owner",
                _("Platsen hör till en annan organisation."),
                _("Ta bort raden, eller be den som ansvarar för hela staden."),
                value=slug,
            )  # fmt: skip

    def _find_doubles(self, rows: Sequence[PlaceRow]) -> None:
        by_slug: dict[str, list[PlaceRow]] = defaultdict(list)
        by_name: dict[str, list[PlaceRow]] = defaultdict(list)
        for row in rows:
            by_slug[row.slug].append(row)
            by_name[fold(row.name)].append(row)
        for same in by_slug.values():
            for row in same[1:]:
                self.problems.append(_double_slug(row, same[0]))
        stored = {name: slug for slug, (_owner, name) in self.known.places.items()}
        for name, same in by_name.items():
            self._warn_same_name(name, same, stored.get(name))

    def _warn_same_name(self, name: str, same: Sequence[PlaceRow], stored: str | None) -> None:
        first = same[0]
        doubles = [row for row in same[1:] if row.slug != first.slug]
        if stored and stored not in {row.slug for row in same}:
            doubles = [first, *doubles]
        for row in doubles:
            self.problems.append(
                Problem(
                    "same_name",
                    _("En annan plats har samma namn."),
                    _("Är det samma plats? Ge den då samma kortnamn. Annars går det bra."),
                    row=row.number,
                    column=self.mapping["name_sv"],
                    value=row.name,
                    is_warning=True,
                )
            )


def _double_slug(row: PlaceRow, first: PlaceRow) -> Problem:
    return Problem(
        "slug_twice",
        _("Samma plats står redan på rad %(row)s.") % {"row": first.number},
        _("Ta bort den ena raden, eller ge dem olika kortnamn."),
        row=row.number,
        value=row.slug,
    )
