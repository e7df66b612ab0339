"""Files as strangers send them, made in the tests."""

import io
import json
from collections.abc import Sequence

import xlsxwriter

HEADER = ("namn", "slag", "lat", "lon", "adress")
GOOD_ROWS = (
    ("Åby bibliotek", "bibliotek", "58,662086", "16,174053", "Hultvägen 2"),
    ("Folkparken", "park", "58,5873", "16,1512", ""),
)


def csv_of(
    *rows: Sequence[str], header: Sequence[str] = HEADER, encoding: str = "utf-8", delimiter=";"
) -> bytes:
    lines = [delimiter.join(header), *(delimiter.join(row) for row in rows)]
    return ("\n".join(lines) + "\n").encode(encoding)


def workbook_of(*rows: Sequence[object], header: Sequence[str] = HEADER) -> bytes:
    """A workbook; a cell that begins with '=' becomes a formula."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet("Platser")
        for number, row in enumerate((header, *rows)):
            sheet.write_row(number, 0, row)
    return target.getvalue()


def collection(*features: dict, **members: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members}).encode()


def ring_around(west: float, south: float, size: float = 0.02) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def area(code: str, *rings: list, kind: str = "regso", **properties: object) -> dict:
    return {
        "type": "Feature",
        "properties": {"code": code, "kind": kind, "name": f"Område {code}", **properties},
        "geometry": {"type": "Polygon", "coordinates": list(rings) or [ring_around(16.18, 58.58)]},
    }


def point(longitude: float, latitude: float, **properties: object) -> dict:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
    }
