"""The ground a made-up city stands on: areas, people, places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import at_least, finite, positive, rows_where

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_PEOPLE_AN_AREA = 3600


@dataclass(frozen=True, kw_only=True, eq=False)
class Map:
    """n areas and m places.

    centroids (n, 2) metres, population (n,), risk (n,) events per resident against the mean;
    places (m, 2) metres, place_area (m,) the area each is in, place_share (m,) of its area's events
    """

    centroids: Floats
    population: Floats
    risk: Floats
    places: Floats
    place_area: Ints
    place_share: Floats

    def near(self, areas: Sequence[int] | Ints, *, count: int = 6) -> Ints:
        """The areas next to these: the `count` nearest of each, themselves left out."""
        from scipy.spatial import KDTree

        own = np.asarray(areas, np.int64)
        wanted = min(count + 1, self.centroids.shape[0])
        _, found = KDTree(self.centroids).query(self.centroids[own], k=wanted)
        return np.setdiff1d(np.asarray(found).ravel(), own)

    def within(self, area: int, radius_m: float) -> tuple[int, ...]:
        """The areas whose centroid is at most so far from this one's, itself included."""
        away = np.hypot(*(self.centroids - self.centroids[area]).T)
        return tuple(np.flatnonzero(away <= radius_m).tolist())


def drawn_map(
    *,
    areas: int | ArrayLike,
    population: int | ArrayLike | None,
    places: int | ArrayLike,
    place_areas: ArrayLike | None,
    area_width_m: float,
    concentration: float,
    area_variation: float,
    seed: int,
) -> Map:
    """The map that a city's description and its seed give."""
    layout, people_seed, place_seed = np.random.SeedSequence(seed).spawn(3)
    centroids = _centroids(areas, area_width_m, np.random.default_rng(layout))
    count = centroids.shape[0]
    draw = np.random.default_rng(people_seed)
    people = _population(population, count, draw)
    risk = np.exp(draw.normal(0, 1, count) * area_variation)
    draw = np.random.default_rng(place_seed)
    points, inside = _places(places, place_areas, centroids, area_width_m, draw)
    weight = (
        np.ones(inside.size)
        if np.isinf(concentration)
        else draw.gamma(positive("concentration", concentration), 1.0, inside.size) + 1e-9
    )
    return Map(
        centroids=centroids,
        population=people,
        risk=risk * people.sum() / max(float(risk @ people), 1e-300),
        places=points,
        place_area=inside,
        place_share=weight / np.bincount(inside, weight, minlength=count)[inside],
    )


def _centroids(areas: int | ArrayLike, width: float, draw: np.random.Generator) -> Floats:
    """Given, or the innermost cells of a honeycomb, each moved a little.

    The areas are the Voronoi cells of these points.
    """
    if not isinstance(areas, int | np.integer):
        points = finite("areas", areas, dimensions=2)
        if points.shape[0] == 0 or points.shape[1] != 2:
            raise ValueError(f"areas: a number, or (n, 2) centroids wanted, {points.shape} given")
        if np.unique(points, axis=0).shape[0] < points.shape[0]:
            raise ValueError("areas: two centroids at the same point")
        return points
    count = at_least("areas", int(areas), 1)
    rings = int(np.ceil(np.sqrt(count))) + 2
    row, column = np.mgrid[-rings : rings + 1, -rings : rings + 1]
    comb = np.column_stack(
        [(column + 0.5 * (row % 2)).ravel(), (row * np.sqrt(3) / 2).ravel()]
    ) * positive("area_width_m", width)  # fmt: skip
    nearest = np.lexsort((comb[:, 1], comb[:, 0], np.round(np.hypot(*comb.T), 6)))[:count]
    chosen = comb[np.sort(nearest)]
    return np.asarray(chosen + draw.uniform(-0.15, 0.15, chosen.shape) * width + 100 * width)


def _population(given: int | ArrayLike | None, areas: int, draw: np.random.Generator) -> Floats:
    if given is None:
        given = _PEOPLE_AN_AREA * areas
    if isinstance(given, int | np.integer):
        share = draw.gamma(4.0, 1.0, areas)
        return np.asarray(np.maximum(1.0, np.round(share / share.sum() * given)))
    people = finite("population", given)
    if people.size != areas:
        raise ValueError(f"population: {areas} areas wanted, {people.size} given")
    if (people < 0).any() or people.sum() <= 0:
        raise ValueError("population: zero or more in every area, and somebody somewhere, wanted")
    return people


def _places(
    given: int | ArrayLike,
    place_areas: ArrayLike | None,
    centroids: Floats,
    width: float,
    draw: np.random.Generator,
) -> tuple[Floats, Ints]:
    from scipy.spatial import KDTree

    tree = KDTree(centroids)
    count = centroids.shape[0]
    if not isinstance(given, int | np.integer):
        points = finite("places", given, dimensions=2)
        inside = tree.query(points)[1] if place_areas is None else np.asarray(place_areas)
        if inside.shape != points.shape[:1] or not np.isin(inside, np.arange(count)).all():
            raise ValueError("place_areas: one area's number for each place wanted")
        without = np.setdiff1d(np.arange(count), inside)
        if without.size:
            raise ValueError(f"places: none in area {', '.join(map(str, without[:5]))}")
        return points, inside.astype(np.int64)
    each = at_least("places", int(given), 1)
    # Half way to the nearest other centroid is surely inside the own Voronoi cell.
    reach = np.full(count, width / 2) if count == 1 else tree.query(centroids, k=2)[0][:, 1] / 2
    inside = np.repeat(np.arange(count), each)
    away = np.sqrt(draw.uniform(0, 1, inside.size)) * reach[inside]
    angle = draw.uniform(0, 2 * np.pi, inside.size)
    offset = np.column_stack([np.cos(angle), np.sin(angle)]) * away[:, None]
    return centroids[inside] + offset, inside


def places_in(polygons: Sequence[Any], each: int, seed: int) -> tuple[Floats, Floats, Ints]:
    """Points inside the areas, so many `each`, and places in each area, with its number.

    Raises ValueError for polygons without surface.
    """
    from shapely import contains_xy

    empty = np.array([not polygon.area > 0 for polygon in polygons], bool)
    if not len(polygons) or empty.any():
        raise ValueError(f"polygons: without surface in {rows_where(empty)}" if empty.any() else
                         "polygons: none given")  # fmt: skip
    draw = np.random.default_rng(seed)
    centres = np.array([polygon.representative_point().coords[0] for polygon in polygons])
    points = []
    for polygon in polygons:
        left, low, right, high = polygon.bounds
        inside = np.zeros((0, 2))
        while inside.shape[0] < each:
            tried = draw.uniform((left, low), (right, high), (4 * each + 8, 2))
            inside = np.concatenate([inside, tried[contains_xy(polygon, tried)]])
        points.append(inside[:each])
    return centres, np.concatenate(points), np.repeat(np.arange(len(polygons)), each)
