"""Write the demo city's areas, population, places and gazetteer from the source files.

    python tools/make_demo_data.py --source DIR

DIR holds `data/` (RegSO areas, population, public places) and `domain/` (place list), as
listed in `src/kraftsamling/ops/demo/data/README.md`. The same sources give the same bytes.
What the sources cannot say (slug, kind, owner, where a mere estimate should lie) is decided
by hand in the `demo_*.csv` files beside this script; a source row that none of them mentions
stops the run, so that nothing is left out by oversight.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
import shapely.ops
from pyproj import Transformer
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "src" / "kraftsamling" / "ops" / "demo" / "data"
MUNICIPALITY = "0581"
SIMPLIFY_METRES = 8.0
DECIMALS = 5  # about one metre
INDENT_METRES = 150.0  # how far inside an area a moved estimate is put
AREA_SOURCE = "Källa: SCB, RegSO 2025"

# The EST areas follow no official boundary; each is the union of the RegSO that carry its name.
# City has no RegSO of its own name: the one that covers the old town and the centre stands for it.
EST_AREAS = {
    "est-marielund": ("Marielund", ("0581R016", "0581R032")),
    "est-hageby": ("Hageby", ("0581R019", "0581R031")),
    "est-navestad": ("Navestad", ("0581R015",)),
    "est-klockaretorpet": ("Klockaretorpet", ("0581R037",)),
    "est-city": ("City", ("0581R006",)),
}
# RegSO names that are a compass point before a district's name; the rest name several districts.
SPLIT_DISTRICTS = frozenset(
    ["Ektorp", "Haga", "Hageby", "Klockaretorpet", "Ljura", "Marielund", "Nordantill", "Vilbergen"]
)
EVERYDAY_NAMES = {"Gamla Staden-Centrum": "Centrum", "Navestad-Åselstad": "Navestad"}

to_metres = Transformer.from_crs(4326, 3006, always_xy=True)
to_degrees = Transformer.from_crs(3006, 4326, always_xy=True)


class Point(NamedTuple):
    """A position in degrees (WGS 84) with what it rests on."""

    lat: float
    lon: float
    quality: str
    source: str


class SourceRow(NamedTuple):
    """One row of a source list, before the decisions made by hand."""

    point: Point | None
    street: str
    number: str


def main() -> int:
    """Write every generated file and report its size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="folder with data/ and domain/")
    parser.add_argument("--target", type=Path, default=TARGET)
    arguments = parser.parse_args()
    source, target = arguments.source, arguments.target
    target.mkdir(parents=True, exist_ok=True)

    regso = simplified_regso(source)
    write_areas(target / "areas.geojson", regso)
    write_population(source, target / "population.csv")

    rows = source_rows(source)
    localities = list(locality_rows(rows, regso))
    write_csv(target / "localities.csv", localities)
    by_name = {row["name"]: row for row in localities}
    places = list(place_rows(rows, regso, by_name))
    write_csv(target / "places.csv", places)
    write_csv(target / "streets.csv", street_rows(rows))
    write_csv(target / "opening_hours.csv", opening_rows(places))
    for path in sorted(target.glob("*.*")):
        print(f"{path.stat().st_size:>8} {path.name}", file=sys.stderr)
    return 0


# Areas


def simplified_regso(source: Path) -> dict[str, tuple[str, BaseGeometry]]:
    """Return code → (name, polygon in degrees), simplified together so that borders stay shared.

    Every vertex is rounded the same way wherever it occurs, so neighbours still agree after
    rounding. Raises SystemExit if the result has gaps, overlaps or an invalid ring.
    """
    path = source / "data" / "geo-regso-2025" / "norrkoping_regso_2025_fullres.geojson"
    features = sorted(read_features(path), key=lambda item: item["properties"]["regsokod"])
    metres = [project(shape(item["geometry"]), to_metres) for item in features]
    simple = shapely.coverage_simplify(metres, SIMPLIFY_METRES)
    degrees = [rounded(project(geometry, to_degrees)) for geometry in simple]
    if not all(geometry.is_valid for geometry in degrees):
        raise SystemExit("simplifying made an invalid polygon: lower SIMPLIFY_METRES")
    if not shapely.coverage_is_valid(degrees):
        raise SystemExit("simplified areas have gaps or overlaps: lower SIMPLIFY_METRES")
    return {
        item["properties"]["regsokod"]: (item["properties"]["regsonamn"], geometry)
        for item, geometry in zip(features, degrees, strict=True)
    }


def write_areas(path: Path, regso: dict[str, tuple[str, BaseGeometry]]) -> None:
    """Write municipality, EST areas and RegSO as GeoJSON (RFC 7946), one feature a line."""
    outline = shapely.coverage_union_all([geometry for _, geometry in regso.values()])
    features = [area(MUNICIPALITY, "municipality", "Norrköping", None, outline)]
    for code, (name, members) in EST_AREAS.items():
        union = shapely.coverage_union_all([regso[member][1] for member in members])
        names = ", ".join(regso[member][0] for member in members)
        feature = area(code, "est", name, MUNICIPALITY, union)
        feature["properties"]["source"] = f"{AREA_SOURCE}; ungefärligt område av {names}"
        features.append(feature)
    features += [
        area(code, "regso", name, MUNICIPALITY, geometry)
        for code, (name, geometry) in regso.items()
    ]
    lines = ",\n".join(
        json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in features
    )
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")


def area(
    code: str, kind: str, name: str, parent: str | None, geometry: BaseGeometry
) -> dict[str, Any]:
    """Return one GeoJSON feature with outer rings counter-clockwise."""
    properties = {"code": code, "kind": kind, "name": name, "parent": parent}
    return {
        "type": "Feature",
        "properties": {**properties, "source": AREA_SOURCE},
        "geometry": mapping(shapely.orient_polygons(geometry)),
    }


def write_population(source: Path, path: Path) -> None:
    """Write people per RegSO, five-year band and sex (1 men, 2 women) on 31 December."""
    table = source / "data" / "pop-regso-2024" / "norrkoping_regso_folkmangd_2024.csv"
    rows = [
        {
            "code": row["regsokod"],
            "year": row["ar"],
            "age_from": ages[0],
            "age_until": ages[1],
            "sex": row["kon"],
            "count": row["folkmangd"],
        }
        for row in read_csv(table, ",")
        if row["kon"] in {"1", "2"} and (ages := age_band(row["alder"])) is not None
    ]
    rows.sort(key=lambda row: (row["code"], row["year"], int(row["age_from"]), row["sex"]))
    write_csv(path, rows)


def age_band(text: str) -> tuple[str, str] | None:
    """Turn SCB's "-4", "5-9" and "80-" into half-open ages; None for the total."""
    if text == "totalt":
        return None
    first, last = text.split("-")
    return first or "0", str(int(last) + 1) if last else ""


# Places and names


def source_rows(source: Path) -> dict[str, SourceRow]:
    """Return key → row of both lists: `osm:<type>/<id>` and `domain:<name>`."""
    rows: dict[str, SourceRow] = {}
    for row in read_csv(source / "data" / "osm-pois-norrkoping" / "pois_norrkoping.csv", ","):
        key = f"osm:{row['osm_type']}/{row['osm_id']}"
        point = Point(
            round(float(row["lat"]), 6),
            round(float(row["lon"]), 6),
            "osm",
            f"OpenStreetMap {key[4:]}",
        )
        rows[key] = SourceRow(point, row["street"], row["housenumber"])
    for row in read_csv(source / "domain" / "places_norrkoping.csv", ";"):
        rows[f"domain:{row['name']}"] = SourceRow(domain_point(row), *domain_address(row["note"]))
    return rows


def domain_point(row: dict[str, str]) -> Point | None:
    """Return the listed coordinate with its quality, or None where the list has none."""
    if not row["lat"]:
        return None
    origins = {"GeoNames": "geonames", "Wikipedia": "wikipedia"}
    quality = origins.get(row["coordinate_source"].split()[0], "estimate")
    source = {"geonames": "GeoNames", "wikipedia": "Wikipedia"}.get(quality, "uppskattning")
    return Point(round(float(row["lat"]), 6), round(float(row["lon"]), 6), quality, source)


def domain_address(note: str) -> tuple[str, str]:
    """Find a street address such as "Skolgatan 12" or "… gata 168-176" in a free note."""
    found = re.search(r"\b([A-ZÅÄÖ][\w ]*?gat(?:an|a)) (\d+(?:-\d+)?)", note)
    return (found[1], found[2]) if found else ("", "")


def locality_rows(
    rows: dict[str, SourceRow], regso: dict[str, tuple[str, BaseGeometry]]
) -> Iterator[dict[str, str]]:
    """Yield towns, districts and residential areas, in the order of `demo_localities.csv`."""
    for decision in read_csv(HERE / "demo_localities.csv", ";"):
        point = placed(decision["anchor"], rows[f"domain:{decision['name']}"], rows, regso, {})
        name = {"Norrköping tätort": "Norrköping", "Norrköping City": "City"}
        yield {
            "slug": decision["slug"],
            "name": name.get(decision["name"], decision["name"]),
            "kind": decision["kind"],
            **position(point),
        }


def place_rows(
    rows: dict[str, SourceRow],
    regso: dict[str, tuple[str, BaseGeometry]],
    localities: dict[str, dict[str, str]],
) -> Iterator[dict[str, str]]:
    """Yield the places kept by hand; stops if a source row was neither kept nor left out."""
    decisions = read_csv(HERE / "demo_places.csv", ";")
    names = {f"domain:{row['name']}" for row in read_csv(HERE / "demo_localities.csv", ";")}
    missed = rows.keys() - {row["key"] for row in decisions} - names
    missed.discard("domain:Norrköpings kommun")  # an area, and in areas.geojson
    if missed:
        raise SystemExit(f"decide about these rows in demo_places.csv: {sorted(missed)}")
    for decision in decisions:
        if decision["kind"] == "left_out":
            continue
        row = rows.get(decision["key"], SourceRow(None, "", ""))
        point = placed(decision["anchor"], row, rows, regso, localities)
        where = position(point)
        quality = where.pop("coordinate_quality")
        source = where.pop("source")
        yield {
            "slug": decision["slug"],
            "name_sv": decision["name_sv"],
            "name_en": decision["name_en"],
            "kind": decision["kind"],
            **where,
            "address": f"{row.street} {row.number}".strip(),
            "district": district_at(point, regso),
            "coordinate_quality": quality,
            "source": source,
            "owner": decision["owner"],
            "note": decision["note"],
        }


def placed(
    anchor: str,
    row: SourceRow,
    rows: dict[str, SourceRow],
    regso: dict[str, tuple[str, BaseGeometry]],
    localities: dict[str, dict[str, str]],
) -> Point:
    """Return the listed point, or a better-founded estimate where `anchor` asks for one.

    Some listed estimates lie in another district than the one they are named for. The anchor
    says where instead: `centre:` of an area, the nearest point well `inside:` it, `near:` a
    mapped place (the same point), or a `locality:`. All of these stay estimates. Only `at:` is
    a mapped position, typed in from OpenStreetMap as "lat,lon,type/id".
    """
    how, _, what = anchor.partition(":")
    if how == "at":
        latitude, longitude, key = what.split(",")
        return Point(float(latitude), float(longitude), "osm", f"OpenStreetMap {key}")
    if how == "near" and (near := rows[what].point):
        return Point(near.lat, near.lon, "estimate", f"uppskattning vid {near.source}")
    if how == "locality":
        found = localities[what]
        return Point(float(found["lat"]), float(found["lon"]), "estimate", f"uppskattning: {what}")
    if how in {"centre", "inside"}:
        name, polygon = regso[what]
        where = centre(polygon) if how == "centre" else nearest_inside(polygon, row)
        lon, lat = to_degrees.transform(where.x, where.y)
        return Point(round(lat, 5), round(lon, 5), "estimate", f"uppskattning inom {name}")
    if row.point is None:
        raise SystemExit("a place without a coordinate needs an anchor or must be left out")
    return row.point


def centre(polygon: BaseGeometry) -> shapely.Point:
    """Return the point farthest from the border, in metres."""
    flat = project(polygon, to_metres)
    assert isinstance(flat, shapely.Polygon), "every RegSO is one polygon"
    return shapely.Point(shapely.maximum_inscribed_circle(flat, 5.0).coords[0])


def nearest_inside(polygon: BaseGeometry, row: SourceRow) -> shapely.Point:
    """Return the point of the polygon, INDENT_METRES from its border, nearest to the estimate."""
    if row.point is None:
        raise SystemExit("`inside:` needs a listed coordinate to start from")
    start = shapely.Point(*to_metres.transform(row.point.lon, row.point.lat))
    inner = project(polygon, to_metres).buffer(-INDENT_METRES)
    return shapely.ops.nearest_points(inner, start)[0]


def district_at(point: Point, regso: dict[str, tuple[str, BaseGeometry]]) -> str:
    """Name the district by the RegSO around the point; the compass point is dropped."""
    where = shapely.Point(point.lon, point.lat)
    name = next(name for name, polygon in regso.values() if polygon.covers(where))
    last = name.split()[-1]
    return last if last in SPLIT_DISTRICTS else EVERYDAY_NAMES.get(name, name)


def position(point: Point) -> dict[str, str]:
    """Return the columns that say where, and on what it rests."""
    return {
        "lat": f"{point.lat:.6f}",
        "lon": f"{point.lon:.6f}",
        "coordinate_quality": point.quality,
        "source": point.source,
    }


def street_rows(rows: dict[str, SourceRow]) -> Iterator[dict[str, str]]:
    """Yield streets with the span of numbers seen in public addresses, and their mean point."""
    kept = [
        row["key"] for row in read_csv(HERE / "demo_places.csv", ";") if row["kind"] != "left_out"
    ]
    streets: dict[str, list[SourceRow]] = {}
    for row in (rows[key] for key in kept if key in rows):
        if row.street and row.number and row.point:  # a square has no numbers to snap to
            streets.setdefault(row.street, []).append(row)
    for street, found in sorted(streets.items()):
        mapped = [row for row in found if row.point and row.point.quality == "osm"] or found
        points = [row.point for row in mapped if row.point]
        numbers = sorted({int(text) for row in found for text in re.findall(r"\d+", row.number)})
        yield {
            "street": street,
            "number_from": str(numbers[0]) if numbers else "",
            "number_until": str(numbers[-1]) if numbers else "",
            "lat": f"{sum(point.lat for point in points) / len(points):.6f}",
            "lon": f"{sum(point.lon for point in points) / len(points):.6f}",
            "source": "OpenStreetMap" if points[0].quality == "osm" else "uppskattning",
        }


def opening_rows(places: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Yield made-up regular hours (weekday 0 is Monday) for the demo organisations' places.

    `demo_hours.csv` gives a week for a place or for its kind; the place's own comes first.
    Places that no demo organisation looks after get none: a visitor could take them for true.
    """
    weeks: dict[str, list[dict[str, str]]] = {}
    for row in read_csv(HERE / "demo_hours.csv", ";"):
        weeks.setdefault(row["for"], []).append(row)
    for place in places:
        if not place["owner"]:
            continue
        for row in weeks.get(place["slug"], weeks.get(place["kind"], [])):
            for day in row["days"]:
                yield {
                    "slug": place["slug"],
                    "weekday": day,
                    "opens": row["opens"],
                    "closes": row["closes"],
                    "source": "synthetic",
                }


# Reading and writing


def read_features(path: Path) -> list[dict[str, Any]]:
    """Return a GeoJSON file's features."""
    features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features


def read_csv(path: Path, delimiter: str) -> list[dict[str, str]]:
    """Return the rows of a UTF-8 file with a header line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def write_csv(path: Path, rows: Iterable[dict[str, str]]) -> None:
    """Write semicolon-separated UTF-8 with a header line."""
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)


def project(geometry: BaseGeometry, transformer: Transformer) -> BaseGeometry:
    """Return the geometry in the transformer's other reference system."""
    return shapely.transform(
        geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    )


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """Round every vertex; unlike a precision grid this moves shared vertices alike."""
    return shapely.transform(geometry, lambda xy: xy.round(DECIMALS))


if __name__ == "__main__":
    raise SystemExit(main())
