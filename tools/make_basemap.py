"""Write the demo city's offline base map: one GeoJSON file and a light and a dark style.

    python tools/make_basemap.py --source DIR [--pmtiles FILE]

DIR holds `data/basemap-norrkoping/water.geojson`; areas, names and landmarks come from the demo
data written by `make_demo_data.py`, so run that first. The same sources give the same bytes.

GeoJSON and not vector tiles: at some 100 kB compressed the whole city is smaller than the first
tiles of a map with streets, needs no range requests from the server, stays sharp at every zoom
and is cached for offline use as one plain file. `--pmtiles` writes the same content as tiles
(needs pyogrio), for trying the route that an operator with a real extract takes.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

ROOT = Path(__file__).resolve().parent.parent / "src" / "kraftsamling"
DEMO = ROOT / "ops" / "demo" / "data"
TARGET = ROOT / "web" / "static" / "map" / "basemap"
CITY = "norrkoping"
BOUNDS = (15.5, 58.35, 17.65, 58.9)
CENTRE, ZOOM = (16.19, 58.588), 12
DECIMALS = 5  # about one metre
# The coast is a staircase of 100-200 m steps; it is straightened by half a step and its corners
# are rounded off, which looks calmer and claims nothing: the data are no better than 135 m.
COAST_METRES = 45.0
ISLAND_HECTARES = 1.5
TOWN_PER_KM2 = 300.0  # inhabitants; above this an area is drawn as town
ATTRIBUTION = (
    "Källa: SCB · © OpenStreetMap contributors (ODbL) · Kust: GSHHG (LGPL) · Schematisk karta"
)
LANDMARKS = {
    "hospital": 1,
    "transport": 1,
    "town_hall": 1,
    "library": 2,
    "museum": 3,
    "shopping": 3,
    "park": 3,
    "theatre": 4,
    "sports": 4,
    "school": 5,
}
LOCALITY_RANK = {"town": 1, "district": 3, "residential_area": 3}
FONT = ["Noto Sans", "Segoe UI", "Roboto", "Helvetica", "Arial", "sans-serif"]

to_metres = Transformer.from_crs(4326, 3006, always_xy=True)
to_degrees = Transformer.from_crs(3006, 4326, always_xy=True)
Feature = dict[str, Any]


def main() -> int:
    """Write the map, its styles and, if asked, tiles."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="folder with data/")
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--pmtiles", type=Path, help="also write the content as vector tiles")
    arguments = parser.parse_args()
    arguments.target.mkdir(parents=True, exist_ok=True)

    features = list(all_features(arguments.source))
    lines = ",\n".join(
        json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in features
    )
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    (arguments.target / f"{CITY}.geojson").write_text(text, encoding="utf-8")
    for name, palette in PALETTES.items():
        text = json.dumps(style(name, palette), ensure_ascii=False, indent=2)
        (arguments.target / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    if arguments.pmtiles:
        write_pmtiles(arguments.pmtiles, features)
    return 0


def all_features(source: Path) -> Iterator[Feature]:
    """Yield everything on the map; the property `kind` says what it is."""
    areas = [
        (item["properties"], shape(item["geometry"]))
        for item in json.loads((DEMO / "areas.geojson").read_text(encoding="utf-8"))["features"]
    ]
    city = next(geometry for item, geometry in areas if item["kind"] == "municipality")
    water = json.loads(
        (source / "data" / "basemap-norrkoping" / "water.geojson").read_text(encoding="utf-8")
    )
    yield feature("outside", shapely.box(*BOUNDS).difference(city))
    yield feature("town", town(areas))
    yield feature("water", calm_coast(shape(water["features"][0]["geometry"])))
    yield from boundary_features(areas, city)
    yield from locality_features({item["name"] for item, _ in areas if item["kind"] == "est"})
    yield from landmark_features()


def calm_coast(water: BaseGeometry) -> BaseGeometry:
    """Return the water simplified, without the smallest islands, with rounded corners."""
    metres = project(water, to_metres).simplify(COAST_METRES)
    smallest = ISLAND_HECTARES * 10_000
    polygons = []
    for polygon in shapely.get_parts(metres):
        islands = [
            rounded_corners(ring)
            for ring in polygon.interiors
            if shapely.Polygon(ring).area > smallest
        ]
        polygons.append(shapely.Polygon(rounded_corners(polygon.exterior), islands))
    return project(shapely.make_valid(shapely.MultiPolygon(polygons)), to_degrees)


def rounded_corners(ring: shapely.LinearRing) -> shapely.LinearRing:
    """Cut each corner at a quarter of its sides (Chaikin's scheme, once)."""
    here = np.asarray(ring.coords)[:-1]
    after = np.roll(here, -1, axis=0)
    cut = np.stack([0.75 * here + 0.25 * after, 0.25 * here + 0.75 * after], axis=1)
    return shapely.LinearRing(cut.reshape(-1, 2))


def town(areas: list[tuple[dict[str, str], BaseGeometry]]) -> BaseGeometry:
    """Return the union of the RegSO that are densely lived in."""
    people: dict[str, int] = {}
    for row in read_csv(DEMO / "population.csv"):
        people[row["code"]] = people.get(row["code"], 0) + int(row["count"])
    dense = [
        geometry
        for item, geometry in areas
        if item["kind"] == "regso"
        and people[item["code"]] / (project(geometry, to_metres).area / 1e6) > TOWN_PER_KM2
    ]
    return shapely.coverage_union_all(dense)


def boundary_features(
    areas: list[tuple[dict[str, str], BaseGeometry]], city: BaseGeometry
) -> Iterator[Feature]:
    """Yield borders as lines, each drawn once although two areas share it."""
    regso = shapely.union_all(
        [geometry.boundary for item, geometry in areas if item["kind"] == "regso"]
    )
    yield feature("border-regso", shapely.line_merge(regso.difference(city.boundary)))
    for item, geometry in areas:
        if item["kind"] == "est":
            yield feature("border-est", geometry.boundary, name=item["name"], code=item["code"])
    yield feature("border-municipality", city.boundary, name="Norrköping")


def locality_features(est: set[str]) -> Iterator[Feature]:
    """Yield towns and districts as label points; 0 is the city, EST areas come before the rest."""
    for row in read_csv(DEMO / "localities.csv"):
        rank = 0 if row["slug"] == CITY else 2 if row["name"] in est else LOCALITY_RANK[row["kind"]]
        yield point_feature(row, "locality", row["name"], rank)


def landmark_features() -> Iterator[Feature]:
    """Yield mapped public places that help to find one's way; estimates are left out."""
    for row in read_csv(DEMO / "places.csv"):
        known = row["coordinate_quality"] == "osm" or row["kind"] in {"transport", "town_hall"}
        if known and row["kind"] in LANDMARKS:
            yield point_feature(row, "landmark", row["name_sv"], LANDMARKS[row["kind"]])


def point_feature(row: dict[str, str], kind: str, name: str, rank: int) -> Feature:
    """Return a label point."""
    point = shapely.Point(float(row["lon"]), float(row["lat"]))
    return feature(kind, point, name=name, rank=rank, what=row["kind"])


def feature(kind: str, geometry: BaseGeometry, **properties: str | int) -> Feature:
    """Return a GeoJSON feature with coordinates rounded to about a metre."""
    rounded = shapely.transform(geometry, lambda xy: xy.round(DECIMALS))
    return {
        "type": "Feature",
        "properties": {"kind": kind, **properties},
        "geometry": mapping(shapely.orient_polygons(rounded)),
    }


# Styles. No `glyphs` address: MapLibre then draws labels with the reader's own fonts.

PALETTES: dict[str, dict[str, str]] = {
    "light": {
        "land": "#f6f3ec",
        "outside": "#ece8de",
        "town": "#efe7da",
        "water": "#cfe0e5",
        "shore": "#a9c3cb",
        "border": "#cbbfae",
        "est": "#8a6f4d",
        "municipality": "#8f8778",
        "text": "#3b362e",
        "quiet": "#6a6256",
        "halo": "#fbf9f4",
        "dot": "#8f8778",
    },
    "dark": {
        "land": "#20262a",
        "outside": "#1a1f22",
        "town": "#2a3033",
        "water": "#16313d",
        "shore": "#2c5160",
        "border": "#434b4f",
        "est": "#b79b74",
        "municipality": "#7a8286",
        "text": "#ece7dd",
        "quiet": "#b3b0a8",
        "halo": "#171c1f",
        "dot": "#8b9296",
    },
}


def style(name: str, colour: dict[str, str]) -> dict[str, Any]:
    """Return a MapLibre style; its data address is relative to the style's own."""
    return {
        "version": 8,
        "name": f"Kraftsamling {name}",
        "metadata": {"bounds": BOUNDS, "schematic": True},
        "center": CENTRE,
        "zoom": ZOOM,
        "sources": {
            "base": {"type": "geojson", "data": f"{CITY}.geojson", "attribution": ATTRIBUTION}
        },
        "layers": [
            {"id": "land", "type": "background", "paint": {"background-color": colour["land"]}},
            fill("outside", colour["outside"]),
            fill("town", colour["town"]),
            line("border-regso", "border-regso", colour["border"], [9, 0.4, 14, 1.2], minzoom=10),
            fill("water", colour["water"]),
            line("shore", "water", colour["shore"], [8, 0.4, 14, 1.2]),
            line(
                "border-municipality", "border-municipality", colour["municipality"], [8, 1, 14, 2]
            ),
            {
                **line("border-est", "border-est", colour["est"], [9, 0.8, 14, 2], minzoom=10),
                "layout": {"line-join": "round"},
            },
            *landmark_layers(colour),
            *locality_layers(colour),
        ],
    }


def only(kind: str) -> list[Any]:
    """Return the filter for one kind of feature."""
    return ["==", ["get", "kind"], kind]


def fill(kind: str, colour: str) -> dict[str, Any]:
    """Return a layer that fills one kind."""
    return {
        "id": kind,
        "type": "fill",
        "source": "base",
        "filter": only(kind),
        "paint": {"fill-color": colour},
    }


def line(
    layer: str, kind: str, colour: str, widths: list[float], minzoom: int = 0
) -> dict[str, Any]:
    """Return a line layer; `widths` is zoom, pixels, zoom, pixels."""
    return {
        "id": layer,
        "type": "line",
        "source": "base",
        "minzoom": minzoom,
        "filter": only(kind),
        "paint": {
            "line-color": colour,
            "line-width": ["interpolate", ["linear"], ["zoom"], *widths],
        },
    }


def landmark_layers(colour: dict[str, str]) -> list[dict[str, Any]]:
    """Return dots and names of public places; minor ones appear when there is room."""
    shown = ["all", only("landmark"), ["<=", ["get", "rank"], ["-", ["zoom"], 10.5]]]
    common = {"source": "base", "minzoom": 12, "filter": shown}
    return [
        {
            "id": "landmark-dot",
            "type": "circle",
            **common,
            "paint": {"circle-radius": 2.5, "circle-color": colour["dot"]},
        },
        {
            "id": "landmark-name",
            "type": "symbol",
            **common,
            "layout": {
                "text-field": ["get", "name"],
                "text-font": FONT,
                "text-size": 11,
                "text-anchor": "top",
                "text-offset": [0, 0.5],
                "text-max-width": 9,
                "symbol-sort-key": ["get", "rank"],
            },
            "paint": text_paint(colour["quiet"], colour["halo"]),
        },
    ]


def locality_layers(colour: dict[str, str]) -> list[dict[str, Any]]:
    """Return names of districts (near) and towns (farther out); the last layer wins the room."""
    layers = []
    for layer, ranks, minzoom, maxzoom, sizes in (
        ("district-name", [2, 3], 11, 16, [11, 11, 15, 17]),
        ("town-name", [1, 1], 9, 16, [9, 11, 14, 16]),
        ("city-name", [0, 0], 8, 12, [8, 14, 12, 20]),
    ):
        shown = ["all", only("locality"), [">=", ["get", "rank"], ranks[0]]]
        layers.append(
            {
                "id": layer,
                "type": "symbol",
                "source": "base",
                "minzoom": minzoom,
                "maxzoom": maxzoom,
                "filter": [*shown, ["<=", ["get", "rank"], ranks[1]]],
                "layout": {
                    "text-field": ["get", "name"],
                    "text-font": FONT,
                    "text-size": ["interpolate", ["linear"], ["zoom"], *sizes],
                    "text-max-width": 7,
                    "text-padding": 6,
                    "symbol-sort-key": ["get", "rank"],
                },
                "paint": text_paint(colour["text"], colour["halo"]),
            }
        )
    return layers


def text_paint(colour: str, halo: str) -> dict[str, Any]:
    """Return text in a colour with a halo that keeps it legible on lines."""
    return {"text-color": colour, "text-halo-color": halo, "text-halo-width": 1.4}


def write_pmtiles(path: Path, features: list[Feature]) -> None:
    """Write all features into one tile layer, `base`, for zoom 8-14."""
    import pyogrio.raw  # only this route needs it

    columns = ("kind", "name", "code", "what")
    texts = [
        np.array([item["properties"].get(name, "") for item in features], dtype=object)
        for name in columns
    ]
    ranks = np.array([item["properties"].get("rank", 0) for item in features], dtype=np.int32)
    path.unlink(missing_ok=True)
    pyogrio.raw.write(
        path,
        shapely.to_wkb([shape(item["geometry"]) for item in features]),
        [*texts, ranks],
        [*columns, "rank"],
        layer="base",
        geometry_type="Unknown",
        crs="EPSG:4326",
        driver="PMTiles",
        MINZOOM=8,
        MAXZOOM=14,
    )


def project(geometry: BaseGeometry, transformer: Transformer) -> BaseGeometry:
    """Return the geometry in the transformer's other reference system."""
    return shapely.transform(
        geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    )


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a semicolon-separated UTF-8 file with a header line."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


if __name__ == "__main__":
    raise SystemExit(main())
