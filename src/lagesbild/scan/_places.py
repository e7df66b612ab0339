"""Places: where they are, how far apart, and the circles around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import finite, one_of, rows_where

EARTH_RADIUS_M = 6_371_008.8
_CENTRES_AT_A_TIME = 64
_CENTRES_IN_A_TREE = 1024
_PLACES_WITHOUT_A_TREE = 4096
_MOST_NEIGHBOURS = 100_000_000
_SCOUTS = 16  # one centre in so many goes ahead of the others
_ROUNDING = 1 + 1e-9  # a circle whose share is the limit itself is within it


@dataclass(frozen=True)
class Places:
    """Distinct places, sorted by their coordinates, so that the order of rows plays no part.

    shown  (n, 2) as given; at  (n, d) for Euclidean distances, d 3 on the sphere (chords)
    ids    (n,) tuples of the ids given for a place: several locations may share one
    rows   the place of each row given
    """

    shown: NDArray[np.float64]
    at: NDArray[np.float64]
    ids: tuple[tuple[Any, ...], ...]
    rows: NDArray[np.intp]
    metric: str

    def __len__(self) -> int:
        return int(self.shown.shape[0])

    @classmethod
    def of(
        cls, name: str, coordinates: ArrayLike, ids: Sequence[Any] | None, metric: str
    ) -> "Places":
        """Places from (n, 2) coordinates and an id for each row (its number where None)."""
        one_of("metric", metric, ("planar", "great_circle"))
        points = finite(name, coordinates, dimensions=2)
        if points.shape[1] != 2:
            raise ValueError(f"{name}: (locations, 2) wanted, {points.shape} given")
        if metric == "great_circle":
            _check_degrees(name, points)
        row_ids: Sequence[Any] = range(points.shape[0]) if ids is None else list(ids)
        if len(row_ids) != points.shape[0]:
            raise ValueError(
                f"location_ids: {points.shape[0]} wanted, one for each row of {name}, "
                f"{len(row_ids)} given"
            )
        shown, rows = np.unique(points + 0.0, axis=0, return_inverse=True)
        rows = rows.reshape(-1)
        order = np.argsort(rows, kind="stable")
        return cls(
            shown=shown,
            at=on_sphere(shown) if metric == "great_circle" else shown,
            ids=_grouped([row_ids[row] for row in order], np.bincount(rows).tolist()),
            rows=rows,
            metric=metric,
        )

    @classmethod
    def everywhere(cls, ids: tuple[Any, ...]) -> "Places":
        """All places as one that is nowhere in particular: for purely temporal scans."""
        return cls(
            shown=np.full((1, 2), np.nan),
            at=np.zeros((1, 2)),
            ids=(ids,),
            rows=np.zeros(len(ids), dtype=np.intp),
            metric="planar",
        )

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """(places, columns): the rows of (locations, columns) added up by place."""
        order = np.argsort(self.rows, kind="stable")
        starts = np.searchsorted(self.rows[order], np.arange(len(self)))
        added: NDArray[np.float64] = np.add.reduceat(values[order], starts, axis=0)
        return added

    def arc(self, straight: float) -> float:
        """Metres along the ground for a distance as `at` measures it."""
        if self.metric == "planar":
            return straight
        return 2 * EARTH_RADIUS_M * float(np.arcsin(min(1.0, straight / (2 * EARTH_RADIUS_M))))

    def straight(self, arc: float) -> float:
        """The reverse of `arc`."""
        if self.metric == "planar":
            return arc
        return 2 * EARTH_RADIUS_M * float(np.sin(min(np.pi / 2, arc / (2 * EARTH_RADIUS_M))))


def _grouped(ids: list[Any], sizes: list[int]) -> tuple[tuple[Any, ...], ...]:
    if len(sizes) == len(ids):
        return tuple((one,) for one in ids)
    remaining = iter(ids)
    return tuple(tuple(sorted(islice(remaining, size), key=str)) for size in sizes)


def _check_degrees(name: str, points: NDArray[np.float64]) -> None:
    outside = (np.abs(points[:, 0]) > 180) | (np.abs(points[:, 1]) > 90)
    if outside.any():
        raise ValueError(
            f"{name}: (longitude, latitude) in degrees wanted for metric='great_circle', "
            f"not so in {rows_where(outside)}"
        )


def on_sphere(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) longitude and latitude to (n, 3) metres from the centre of the Earth.

    The chord between two points grows with the great circle between them, so the order of
    neighbours is the same.
    """
    longitude, latitude = np.radians(degrees).T
    return EARTH_RADIUS_M * np.column_stack(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ]
    )


@dataclass(frozen=True)
class Zones:
    """The circles of every centre: its places by distance, as far as the limits allow.

    Those of centre i are neighbours[starts[i]:starts[i + 1]].
    """

    neighbours: NDArray[np.int32]
    starts: NDArray[np.int64]

    def of(self, centre: int, size: int) -> NDArray[np.int32]:
        return self.neighbours[self.starts[centre] : self.starts[centre] + size]


def circles(
    places: NDArray[np.float64],
    centres: NDArray[np.float64],
    weights: NDArray[np.float64],
    most_weight: float,
    radius: float,
) -> Zones:
    """Circles around `centres` that hold at most `most_weight` and reach at most `radius`.

    Places enter one at a time by distance, those at the same distance by their coordinates (they
    are sorted by these), as in SaTScan. A centre without any place has no circle.

    Raises ValueError when the circles hold more places than fit in memory.
    """
    limits = Limits(weights, most_weight * _ROUNDING, (radius * _ROUNDING) ** 2)
    with_tree = np.isfinite(radius) and weights.size > _PLACES_WITHOUT_A_TREE
    found = (
        _within_reach(places, centres, limits) if with_tree else _by_rank(places, centres, limits)
    )
    parts, lengths, total = [], [], 0
    for neighbours, length in found:
        total += neighbours.size
        if total > _MOST_NEIGHBOURS:
            raise ValueError(
                f"max_radius_m, max_share: circles around {len(centres)} centres among "
                f"{len(places)} places hold too many; make them smaller, or merge places that "
                "are near one another"
            )
        parts.append(neighbours)
        lengths.append(length)
    starts = np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64)
    return Zones(np.concatenate(parts), starts)


@dataclass(frozen=True)
class Limits:
    weights: NDArray[np.float64]
    most_weight: float
    squared_radius: float

    @property
    def most_places(self) -> int:
        """No circle holds more places than the lightest ones that fit together."""
        fitting = int((np.cumsum(np.sort(self.weights)) <= self.most_weight).sum())
        return min(self.weights.size, fitting + 1)

    @property
    def usual_places(self) -> int:
        """What a circle seldom holds more of: half as many again as places of mean weight."""
        mean = float(self.weights.mean())
        return int(min(1.5 * self.most_weight / mean + 32, self.weights.size)) if mean > 0 else 1


def _by_rank(
    places: NDArray[np.float64], centres: NDArray[np.float64], limits: Limits
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.intp]]]:
    """Neighbours end to end and their number for each centre, from all distances."""
    most_places = limits.most_places
    likely = min(most_places, limits.usual_places)
    for squared in _squared_distances(centres, places):
        order, fits = _fitting(squared, likely, limits)
        if likely < most_places and fits[:, -1].any():
            order, fits = _fitting(squared, most_places, limits)
        length = np.where(fits.all(axis=1), fits.shape[1], np.argmin(fits, axis=1))
        chosen = np.arange(order.shape[1]) < length[:, None]
        yield order[chosen].astype(np.int32), length


def _fitting(
    squared: NDArray[np.float64], most: int, limits: Limits
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The nearest `most` places of each row, and which of them are within the limits."""
    order = _nearest(squared, most)
    fits = np.cumsum(limits.weights[order], axis=1) <= limits.most_weight
    if np.isfinite(limits.squared_radius):
        fits &= np.take_along_axis(squared, order, axis=1) <= limits.squared_radius
    return order, fits


def _within_reach(
    places: NDArray[np.float64], centres: NDArray[np.float64], limits: Limits
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.intp]]]:
    """The same from a tree of places: for many of them and a small radius."""
    from scipy.spatial import cKDTree  # heavy, and only for many places

    tree = cKDTree(places)
    reach = np.sqrt(limits.squared_radius) * _ROUNDING
    for begin in range(0, centres.shape[0], _CENTRES_IN_A_TREE):
        some = centres[begin : begin + _CENTRES_IN_A_TREE]
        near = tree.query_ball_point(some, reach)
        centre = np.repeat(np.arange(some.shape[0]), [len(one) for one in near])
        place = np.concatenate([np.asarray(one, dtype=np.int32) for one in near])
        squared = ((some[centre] - places[place]) ** 2).sum(axis=1)
        order = np.lexsort((place, squared, centre))
        centre, place, squared = centre[order], place[order], squared[order]
        running = np.concatenate([[0.0], np.cumsum(limits.weights[place])])
        before = running[np.searchsorted(centre, np.arange(some.shape[0]))]
        fits = running[1:] - before[centre] <= limits.most_weight
        fits &= squared <= limits.squared_radius
        yield place[fits], np.bincount(centre[fits], minlength=some.shape[0])


def _squared_distances(
    centres: NDArray[np.float64], places: NDArray[np.float64]
) -> Iterator[NDArray[np.float64]]:
    """In one array that is used again for each part of the centres."""
    from lagesbild import _scan_kernels as kernels  # numba: seconds, only when computing

    by_axis = np.ascontiguousarray(places.T)
    squared = np.empty((_CENTRES_AT_A_TIME, places.shape[0]))
    for begin in range(0, centres.shape[0], _CENTRES_AT_A_TIME):
        some = np.ascontiguousarray(centres[begin : begin + _CENTRES_AT_A_TIME])
        kernels.squared_distances(some, by_axis, squared)
        yield squared[: some.shape[0]]


def _nearest(squared: NDArray[np.float64], most: int) -> NDArray[np.intp]:
    """The first `most` places of each row by distance, and by index where distances are equal.

    A stable sort of everything does this, four times slower; it is kept for rows with ties.
    """
    if most < squared.shape[1] // 2:
        order = np.argpartition(squared, most - 1, axis=1)[:, :most]
        inner = np.argsort(np.take_along_axis(squared, order, axis=1), axis=1)
        order = np.take_along_axis(order, inner, axis=1)
    else:
        order = np.argsort(squared, axis=1)[:, :most]
    near = np.take_along_axis(squared, order, axis=1)
    tied = (near[:, 1:] == near[:, :-1]).any(axis=1)
    tied |= (squared <= near[:, -1:]).sum(axis=1) > most
    if tied.any():
        order[tied] = np.argsort(squared[tied], axis=1, kind="stable")[:, :most]
    return order


def along_a_curve(points: NDArray[np.float64]) -> NDArray[np.intp]:
    """An order in which neighbours in space are near in the list (Morton's): kind to caches.

    A few from all over come first, so that a search soon knows what ratio is worth beating.
    """
    span = np.ptp(points, axis=0)
    scaled = (points - points.min(axis=0)) / np.where(span > 0, span, 1.0)
    cells = (scaled * 1023).astype(np.uint64)
    key = np.zeros(points.shape[0], dtype=np.uint64)
    for bit in range(10):
        for axis in range(points.shape[1]):
            place = np.uint64(bit * points.shape[1] + axis)
            key |= ((cells[:, axis] >> np.uint64(bit)) & np.uint64(1)) << place
    curve = np.argsort(key, kind="stable")
    return np.concatenate([curve[::_SCOUTS], np.delete(curve, np.s_[::_SCOUTS])])
