"""Contiguity of drawn areas."""

import numpy as np
import pytest
import shapely

from lagesbild import neighbours


def squares(rows: int, columns: int) -> list[shapely.Polygon]:
    return [shapely.box(c, r, c + 1, r + 1) for r in range(rows) for c in range(columns)]


def lists(found: neighbours.Neighbours) -> list[list[int]]:
    return [part.tolist() for part in np.split(found.indices, found.indptr[1:-1])]


@pytest.mark.parametrize("queen", [True, False])
def test_drawn_squares_have_the_neighbours_of_a_raster(queen: bool) -> None:
    found = neighbours.contiguity(squares(4, 5), queen=queen)
    assert lists(found) == lists(neighbours.grid(4, 5, queen=queen))


def test_areas_are_understood_in_the_forms_they_come_in() -> None:
    rings = [[(0, 0), (2, 0), (2, 2), (0, 2)], [(2, 0), (4, 0), (4, 2)]]
    as_geojson = [{"type": "Polygon", "coordinates": [ring]} for ring in rings]
    assert lists(neighbours.contiguity(rings)) == [[1], [0]]
    assert lists(neighbours.contiguity(as_geojson)) == [[1], [0]]


def test_an_island_and_an_enclave_and_parts_of_one_area() -> None:
    """The enclave lies in a hole; the last area has one part beside the first, one far away."""
    around = shapely.box(0, 0, 9, 9) - shapely.box(3, 3, 6, 6)
    parts = shapely.MultiPolygon([shapely.box(9, 0, 10, 9), shapely.box(90, 0, 99, 9)])
    areas = [around, shapely.box(3, 3, 6, 6), shapely.box(40, 40, 41, 41), parts]
    assert lists(neighbours.contiguity(areas, queen=False)) == [[1, 3], [0], [], [0]]


def test_borders_that_were_drawn_twice_meet_when_rounded() -> None:
    apart = [shapely.box(0, 0, 10, 10), shapely.box(10.004, 0, 20, 10)]
    assert lists(neighbours.contiguity(apart)) == [[], []]
    assert lists(neighbours.contiguity(apart, precision=0.01, queen=False)) == [[1], [0]]


def test_no_areas_have_no_neighbours() -> None:
    assert len(neighbours.contiguity([])) == 0


@pytest.mark.parametrize(
    ("areas", "message"),
    [
        ([shapely.box(0, 0, 1, 1), shapely.Point(0, 0)], "areas: no polygon in row 1"),
        ([{"type": "LineString", "coordinates": [(0, 0), (1, 1)]}], "areas: no polygon in row 0"),
        (["Hageby"], "areas: no polygon in row 0"),
        ([[(0, 0), (2, 2), (2, 0), (0, 2)]], "areas: empty or crossing themselves in row 0"),
    ],
)
def test_what_is_no_area_is_named(areas: list[object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        neighbours.contiguity(areas)
