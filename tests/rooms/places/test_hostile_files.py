"""Files with anything in them are read or refused; nothing else ever happens."""

import json
import random
from copy import deepcopy

import pytest

from kraftsamling.kit.tabular.problems import UnreadableFile
from kraftsamling.places.imports.areas import read_areas
from kraftsamling.places.imports.places import Known, check_places, read_places
from kraftsamling.places.imports.registers import (
    read_localities,
    read_opening_hours,
    read_population,
    read_streets,
)
from tests.rooms.places.files import (
    GOOD_ROWS,
    area,
    collection,
    csv_of,
    point,
    ring_around,
    workbook_of,
)

ODD = (
    None, True, 1e308, -1e308, 10**400, -0.0, 9e11, "", "NaN", "EPSG:0", [], {}, [[]], [[[]]],
    {"type": "Polygon"},
)  # fmt: skip
PIECES = (b";", b'"', b"\n", b"\x00", b"=", b"nan", b"1e999", b"\xff\xfe", "Ã…".encode(), b"[")
CRS = {"type": "name", "properties": {"name": "EPSG:3006"}}


def read_as_places(data: bytes) -> None:
    check_places(read_places(data), known=Known())


def spoil_json(data: bytes, chance: random.Random) -> bytes:
    """A tree with some of its nodes replaced, added or gone."""
    tree = json.loads(data)
    for _change in range(chance.randint(1, 4)):
        node = tree
        while node:
            key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
            inner = node[key]
            if isinstance(inner, dict | list) and inner and chance.random() < 0.8:
                node = inner
                continue
            if chance.random() < 0.85:
                node[key] = deepcopy(chance.choice(ODD))
            else:
                del node[key]
            break
    return json.dumps(tree).encode()


def spoil_bytes(data: bytes, chance: random.Random) -> bytes:
    """Bytes with some flipped, added, cut out or cut off."""
    spoilt = bytearray(data)
    for _change in range(chance.randint(1, 6)):
        kind, at = chance.random(), chance.randrange(len(spoilt) or 1)
        if kind < 0.5 and spoilt:
            spoilt[at] = chance.randrange(256)
        elif kind < 0.7:
            spoilt[at:at] = chance.choice(PIECES)
        elif kind < 0.85:
            del spoilt[at : at + chance.randint(1, 20)]
        else:
            del spoilt[max(at, 1) :]
    return bytes(spoilt)


def must_be_read_or_refused(read, data: bytes) -> None:
    try:
        read(data)
    except UnreadableFile as refused:
        if not (refused.problem.why and refused.problem.advice):
            raise


@pytest.mark.parametrize("seed", range(150))
def test_a_spoilt_geojson_is_read_or_refused(seed):
    chance = random.Random(seed)
    for good in (
        collection(area("A"), area("B", ring_around(16.3, 58.5)), crs=CRS),
        collection(area("A", ring_around(16, 58, 1), ring_around(16.4, 58.4, 0.2))),
        collection(point(16, 58, namn="A", slag="park")),
    ):
        for data in (spoil_json(good, chance), spoil_bytes(good, chance)):
            must_be_read_or_refused(read_areas, data)
            must_be_read_or_refused(read_as_places, data)


@pytest.mark.parametrize("seed", range(150))
def test_a_spoilt_table_is_read_or_refused(seed):
    chance = random.Random(seed)
    for good in (
        csv_of(*GOOD_ROWS),
        csv_of(*GOOD_ROWS, encoding="utf-16"),
        workbook_of(*GOOD_ROWS),
        csv_of(("a", "0", "10", "18"), header=("plats", "veckodag", "öppnar", "stänger")),
        csv_of(("Gatan", "1", "9", "58,5", "16,1"),
               header=("street", "number_from", "number_until", "lat", "lon")),
    ):  # fmt: skip
        data = spoil_bytes(good, chance)
        for read in (
            read_as_places, read_opening_hours, read_localities, read_streets, read_population,
        ):  # fmt: skip
            must_be_read_or_refused(read, data)


@pytest.mark.parametrize("properties", [1.5, True, "text", [1]])
def test_properties_that_are_no_object_are_left_out(properties):
    feature = point(16, 58) | {"properties": properties}
    must_be_read_or_refused(read_as_places, collection(feature))
