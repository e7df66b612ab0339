"""Who is next to whom, as a compressed sparse row structure.

Row i's neighbours are `indices[indptr[i]:indptr[i + 1]]`, never i itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import at_least, finite, positive, rows_where, same_length


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Neighbours of n units; `weights` None means that each counts one.

    Raises ValueError when the arrays do not fit together, name a unit that does not exist, or
    make a unit its own neighbour.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]
    weights: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        indptr = np.asarray(self.indptr, dtype=np.int64)
        indices = np.asarray(self.indices, dtype=np.int64)
        object.__setattr__(self, "indptr", indptr)
        object.__setattr__(self, "indices", indices)
        if indptr.ndim != 1 or indptr.size == 0 or indptr[0] != 0 or (np.diff(indptr) < 0).any():
            raise ValueError("neighbours: indptr must rise from 0")
        if indptr[-1] != indices.size:
            raise ValueError("neighbours: indptr must end at the number of indices")
        if indices.size and (indices.min() < 0 or indices.max() >= len(self)):
            raise ValueError(f"neighbours: indices outside 0 to {len(self) - 1}")
        if (indices == self.rows).any():
            raise ValueError("neighbours: a unit is its own neighbour; `star` adds it where wanted")
        if self.weights is not None:
            weights = finite("neighbours.weights", self.weights)
            same_length(indices=indices, weights=weights)
            object.__setattr__(self, "weights", weights)

    def __len__(self) -> int:
        return int(self.indptr.size - 1)

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many neighbours each unit has."""
        return np.diff(self.indptr)

    @property
    def rows(self) -> NDArray[np.int64]:
        """The unit that each entry of `indices` belongs to."""
        return np.repeat(np.arange(len(self)), self.counts)

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The weighted sum over each unit's neighbours."""
        terms = values[self.indices]
        if self.weights is not None:
            terms = terms * self.weights
        return np.bincount(self.rows, terms, minlength=len(self)).astype(np.float64)

    def weight_sums(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The sum of each unit's weights, and of their squares."""
        if self.weights is None:
            sizes = self.counts.astype(np.float64)
            return sizes, sizes
        squares = Neighbours(self.indptr, self.indices, self.weights**2)
        ones = np.ones(len(self))
        return self.sums(ones), squares.sums(ones)


def to_neighbours(given: Any) -> Neighbours:
    """Neighbours from what analysts have at hand.

    A `Neighbours`; (indptr, indices) or (indptr, indices, weights); a scipy sparse matrix (its
    diagonal is left out); a mapping or sequence of neighbour lists. Raises ValueError otherwise.
    """
    if isinstance(given, Neighbours):
        return given
    if hasattr(given, "tocsr"):
        return _from_matrix(given.tocsr())
    if isinstance(given, Mapping):
        given = [given[key] for key in sorted(given)]
    if isinstance(given, tuple) and len(given) in (2, 3):
        return Neighbours(*(np.asarray(part) for part in given))
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        lists = [np.asarray(one, dtype=np.int64) for one in given]
        sizes = np.array([one.size for one in lists], dtype=np.int64)
        flat = np.concatenate(lists) if lists else np.zeros(0, np.int64)
        return Neighbours(np.concatenate([[0], np.cumsum(sizes)]), flat)
    raise ValueError(f"neighbours: {type(given).__name__} is not a form of neighbours known here")


def _from_matrix(matrix: Any) -> Neighbours:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    kept = (rows != matrix.indices) & (matrix.data != 0)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows[kept], minlength=matrix.shape[0]))])
    weights = matrix.data[kept].astype(np.float64)
    is_binary = bool((weights == 1).all())
    return Neighbours(indptr, matrix.indices[kept], None if is_binary else weights)


def by_distance(x: ArrayLike, y: ArrayLike, *, radius: float) -> Neighbours:
    """All units within `radius` metres, the edge included."""
    from scipy.spatial import KDTree

    points = _points(x, y)
    found = KDTree(points).query_pairs(positive("radius", radius), output_type="ndarray")
    return _from_pairs(found.astype(np.int64), points.shape[0])


def nearest(x: ArrayLike, y: ArrayLike, *, k: int) -> Neighbours:
    """Each unit's k nearest others; of several at one distance, those that come first."""
    from scipy.spatial import KDTree

    points = _points(x, y)
    n = points.shape[0]
    if at_least("k", k, 1) >= n:
        raise ValueError(f"k: fewer than the {n} units wanted, {k} given")
    distance, index = KDTree(points).query(points, k=min(n, k + 1))
    distance = np.where(index == np.arange(n)[:, None], -1.0, distance)
    order = np.lexsort((index, distance), axis=1)
    kept = np.take_along_axis(index, order, axis=1)
    others = np.array([row[row != unit][:k] for unit, row in enumerate(kept)])
    return Neighbours(np.arange(0, n * k + 1, k), others.ravel())


def grid(rows: int, columns: int, *, queen: bool = True) -> Neighbours:
    """Contiguity on a raster in row order: sharing an edge, and with `queen` a corner."""
    at_least("rows", rows, 1)
    at_least("columns", columns, 1)
    unit = np.arange(rows * columns).reshape(rows, columns)
    pairs = [(unit[:, :-1], unit[:, 1:]), (unit[:-1], unit[1:])]
    if queen:
        pairs += [(unit[:-1, :-1], unit[1:, 1:]), (unit[:-1, 1:], unit[1:, :-1])]
    found = np.concatenate([np.column_stack([a.ravel(), b.ravel()]) for a, b in pairs])
    return _from_pairs(found, rows * columns)


def contiguity(areas: Sequence[Any], *, queen: bool = True, precision: float = 0.0) -> Neighbours:
    """Areas that share a stretch of border, and with `queen` those that share a single point.

    areas      shapely polygons, GeoJSON geometries, or (m, 2) outer rings
    precision  metres: coordinates are first rounded to multiples of it, so that borders that were
               drawn twice meet; 0 takes them as they are

    Raises ValueError naming the areas that are no polygons, are empty or cross themselves.
    """
    import shapely

    shapes = np.array([_area(area) for area in areas], dtype=object)
    is_bad = np.array([shape is None for shape in shapes], dtype=bool)
    if is_bad.any():
        raise ValueError(f"areas: no polygon in {rows_where(is_bad)}")
    if not shapes.size:
        return Neighbours(np.zeros(1, np.int64), np.zeros(0, np.int64))
    invalid = ~shapely.is_valid(shapes) | shapely.is_empty(shapes)
    if invalid.any():
        raise ValueError(f"areas: empty or crossing themselves in {rows_where(invalid)}")
    if precision:
        shapes = shapely.set_precision(shapes, positive("precision", precision))
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    is_pair = first < second
    first, second = first[is_pair], second[is_pair]
    if not queen:
        borders = shapely.boundary(shapes)
        shared = shapely.length(shapely.intersection(borders[first], borders[second]))
        first, second = first[shared > 0], second[shared > 0]
    return _from_pairs(np.column_stack([first, second]).astype(np.int64), shapes.size)


def _area(given: Any) -> Any:
    """A shapely (multi)polygon, or None for what is none."""
    from shapely import Polygon
    from shapely.geometry import shape

    try:
        found = shape(given) if hasattr(given, "__geo_interface__") or _is_geojson(given) else None
        if found is None:
            found = Polygon(np.asarray(given, dtype=np.float64))
    except (TypeError, ValueError, AttributeError, KeyError):
        return None
    return found if found.geom_type in ("Polygon", "MultiPolygon") else None


def _is_geojson(given: Any) -> bool:
    return isinstance(given, Mapping) and "coordinates" in given


def h3_ring(cells: Sequence[str], *, rings: int = 1) -> Neighbours:
    """Of H3 cells of one resolution, those within so many rings that are among the given."""
    import h3

    at_least("rings", rings, 1)
    position = {cell: index for index, cell in enumerate(cells)}
    if len(position) != len(cells):
        raise ValueError("cells: a cell stands more than once")
    lists = []
    for cell in cells:
        disk = h3.grid_disk(cell, rings)
        lists.append(sorted(position[c] for c in disk if c != cell and c in position))
    return to_neighbours(lists)


def _points(x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    east, north = finite("x", x), finite("y", y)
    same_length(x=east, y=north)
    return np.column_stack([east, north])


def _from_pairs(pairs: NDArray[np.int64], n: int) -> Neighbours:
    both = np.concatenate([pairs, pairs[:, ::-1]])
    order = np.lexsort((both[:, 1], both[:, 0]))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(both[:, 0], minlength=n))])
    return Neighbours(indptr, both[order, 1])
