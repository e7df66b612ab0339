"""How many events, by area, week and category: counted once, then read by every method.

A dense cube answers any sum without going back to the rows, and takes two bytes a cell while no
cell holds more than 65,535 events. A week begins on Monday, as in ISO 8601.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import rows_where
from lagesbild._labels import Labels, frozen, labelled
from lagesbild._results import Basis, Result, fingerprint
from lagesbild.events import Events
from lagesbild.kde import Grid

_LARGEST = 2_000_000_000  # cells; 4 GB
_CHUNK = 1 << 16  # events treated at a time: what is worked out for them stays in the cache
_WEEK_S = 604_800
_FIRST_MONDAY_S = 4 * 86_400  # 5 January 1970

NO_AREA, NO_WEEK = "outside the grid", "outside the weeks"


@dataclass(frozen=True, kw_only=True)
class Cube(Result):
    """Counts and their labels.

    counts      (areas, weeks, categories), read-only, uint16 or as wide as the counts need
    areas       (areas,) labels; of a grid the cells' numbers, row by row from the south-west
    weeks       (weeks,) the Mondays, datetime64[D]; weeks without events are there too
    categories  (categories,) labels; one, 'all', where events have none
    grid        the grid, where areas are its cells
    total       events counted, by weight where they have one
    left_out    events that are not counted, by reason; with those counted, all that were given
    checksum    the same for the same events in any order; those of two cubes add up
    """

    counts: NDArray[Any]
    areas: NDArray[Any]
    weeks: NDArray[np.datetime64]
    categories: NDArray[Any]
    grid: Grid | None
    total: int
    left_out: Mapping[str, int]
    checksum: int

    def weekly(self, category: Any = None) -> NDArray[np.int64]:
        """(areas, weeks): of one category, or of all together."""
        if category is None:
            return np.asarray(self.counts.sum(axis=2, dtype=np.int64))
        return self.counts[:, :, self._column(category)].astype(np.int64)

    def by_area(
        self, *, first: ArrayLike | None = None, last: ArrayLike | None = None
    ) -> NDArray[np.int64]:
        """(areas, categories): from the week of `first` to that of `last`, both included."""
        begin, end = 0, self.weeks.size
        if first is not None:
            begin = int(np.searchsorted(self.weeks, _monday(first)))
        if last is not None:
            end = int(np.searchsorted(self.weeks, _monday(last), side="right"))
        return np.asarray(self.counts[:, begin:end].sum(axis=1, dtype=np.int64))

    def _column(self, category: Any) -> int:
        found = np.flatnonzero(self.categories == category)
        if found.size == 0:
            raise ValueError(f"category: {category!r} is none of this cube's")
        return int(found[0])


def count(
    events: Events,
    *,
    grid: Grid | None = None,
    areas: ArrayLike | None = None,
    categories: ArrayLike | None = None,
    first: ArrayLike | None = None,
    last: ArrayLike | None = None,
) -> Cube:
    """The cube of events: by cell of `grid`, or else by `location`.

    areas, categories  the labels to count, in this order; those that occur, sorted, when not given
    first, last        days within the first and the last week; those of the events when not given

    Events outside the grid or the weeks are left out and counted. An event known within an
    interval counts in the week of its middle; one with a weight, that many times. Time grows with
    events, memory with cells.

    Raises ValueError for a label that is not among the given (naming the rows), weights that are
    not whole numbers, events without location when there is no grid, no events and no weeks, and
    cubes of more than 2,000,000,000 cells.
    """
    if grid is not None and areas is not None:
        raise ValueError("areas: the areas are the cells of the grid; give one of the two")
    weeks = _weeks(events, first, last)
    by_area = _areas(events, grid, areas)
    by_category = labelled("categories", events.category, categories)
    shape = (weeks.size, by_area.values.size, by_category.values.size)
    if int(np.prod([float(size) for size in shape])) > _LARGEST:
        raise ValueError(
            "events: {1} areas × {0} weeks × {2} categories are more than {3} cells; "
            "choose larger areas or fewer categories".format(*shape, _LARGEST)
        )
    empty = Cube(
        basis=Basis(method="count cube", parameters={}, n=0, fingerprint=""),
        counts=np.zeros((0, 0, 0), np.uint16),
        areas=by_area.values,
        weeks=weeks,
        categories=by_category.values,
        grid=grid,
        total=0,
        left_out={NO_AREA: 0, NO_WEEK: 0},
        checksum=0,
    )
    return _counted(empty, events, by_area, by_category, np.zeros(shape, np.uint16))


def added(cube: Cube, events: Events) -> Cube:
    """The cube with more events; weeks after its last are added, the rest is not counted again.

    The same as counting all events at once over the same areas and categories. Areas and
    categories stay as they are: a label that is not among them raises ValueError naming the rows.
    Events before the cube's first week are left out and counted.
    """
    old = cube.counts.transpose(1, 0, 2)
    weeks = cube.weeks
    if len(events) and cube.weeks.size:
        last = max(cube.weeks[-1], _monday(_moments(events, slice(None)).max()))
        weeks = np.arange(cube.weeks[0], last + 1, 7)
    counts = np.zeros((weeks.size, *old.shape[1:]), old.dtype)
    counts[: old.shape[0]] = old
    by_area = _areas(events, cube.grid, None if cube.grid is not None else cube.areas)
    by_category = labelled("categories", events.category, cube.categories)
    return _counted(replace(cube, weeks=weeks), events, by_area, by_category, counts)


def _counted(
    cube: Cube,
    events: Events,
    by_area: Labels | _GridCells,
    by_category: Labels,
    counts: NDArray[Any],
) -> Cube:
    """`cube` with events added to `counts` (weeks, areas, categories), which it then holds."""
    from lagesbild import _cube_kernels as kernels  # numba: seconds, only when computing

    begins = _seconds(cube.weeks[:1])
    shift = (begins - _FIRST_MONDAY_S) // _WEEK_S * int(np.prod(counts.shape[1:]))
    total, checksum = cube.total, np.uint64(cube.checksum)
    left_out = dict(cube.left_out)
    places = np.empty(min(_CHUNK, len(events)), np.int64)
    for rows in _chunks(len(events)):
        some, weights = places[: rows.stop - rows.start], _weights(events, rows)
        no_area, no_week = kernels.place(
            by_area.codes(rows), _moments(events, rows), by_category.codes(rows), begins,
            counts.shape, some,
        )  # fmt: skip
        left_out[NO_AREA] += int(no_area)
        left_out[NO_WEEK] += int(no_week)
        total += (
            int(weights[some >= 0].sum()) if weights.size else int(some.size - no_area - no_week)
        )
        done = 0
        while done < some.size:
            flat = counts.reshape(-1)
            done = int(kernels.add(some, weights, flat, np.iinfo(flat.dtype).max, done))
            if done < some.size:
                counts = counts.astype(np.uint32 if counts.dtype == np.uint16 else np.uint64)
        with np.errstate(over="ignore"):
            checksum = np.uint64(checksum + kernels.checksum(some, weights, shift))
    counts.flags.writeable = False
    given = cube.basis.n + len(events)
    return replace(
        cube,
        basis=_basis(cube, given, int(checksum)),
        counts=counts.transpose(1, 0, 2),
        total=total,
        left_out=left_out,
        checksum=int(checksum),
    )


def _basis(cube: Cube, given: int, checksum: int) -> Basis:
    grid = cube.grid
    parameters = {
        "areas": "location" if grid is None else "grid",
        "grid": None
        if grid is None
        else [grid.west, grid.south, grid.cell, grid.columns, grid.rows],
        "first_week": str(cube.weeks[0]) if cube.weeks.size else None,
        "weeks": int(cube.weeks.size),
    }
    data = fingerprint(cube.areas, cube.categories, np.array([checksum], np.uint64))
    return Basis(method="count cube", parameters=parameters, n=given, fingerprint=data)


# Time -------------------------------------------------------------------------------------------


def _monday(day: Any) -> np.datetime64:
    weeks = (_seconds(np.array([day], dtype="datetime64[s]")) - _FIRST_MONDAY_S) // _WEEK_S
    return np.datetime64(7 * weeks + _FIRST_MONDAY_S // 86_400, "D")


def _seconds(moments: NDArray[Any]) -> int:
    return int(moments.astype("datetime64[s]").astype(np.int64)[0]) if moments.size else 0


def _weeks(events: Events, first: Any, last: Any) -> NDArray[np.datetime64]:
    if len(events) == 0 and (first is None or last is None):
        raise ValueError("events: none, so first and last are wanted to know the weeks")
    ends = []
    for name, day, choose in (("first", first, np.min), ("last", last, np.max)):
        if day is None:
            day = np.datetime64(int(choose(_moments(events, slice(None)))), "s")
        if np.isnat(np.datetime64(day)):
            raise ValueError(f"{name}: not a day")
        ends.append(_monday(day))
    if ends[1] < ends[0]:
        raise ValueError("last: before first")
    return np.arange(ends[0], ends[1] + 1, 7)


def _moments(events: Events, rows: slice) -> NDArray[np.int64]:
    """Seconds since 1970; of an event known within an interval, its middle."""
    start = events.start[rows].view(np.int64)
    if events.end is None:
        return frozen(start)
    return frozen(start + (events.end[rows].view(np.int64) - start) // 2)


def _weights(events: Events, rows: slice) -> NDArray[np.int64]:
    if events.weight is None:
        return np.zeros(0, np.int64)
    weights = events.weight[rows]
    if (broken := weights != np.floor(weights)).any():
        where = rows_where(np.concatenate([np.zeros(rows.start, bool), broken]))
        raise ValueError(f"weight: a cube holds whole numbers only, see {where}")
    return weights.astype(np.int64)


def _chunks(n: int) -> Iterator[slice]:
    return (slice(begin, min(begin + _CHUNK, n)) for begin in range(0, n, _CHUNK))


# Areas ------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _GridCells:
    """The areas of events, as cells of a grid."""

    grid: Grid
    events: Events

    @property
    def values(self) -> NDArray[Any]:
        return np.arange(self.grid.columns * self.grid.rows)

    def codes(self, rows: slice) -> NDArray[np.int32]:
        from lagesbild import _cube_kernels as kernels

        x, y, grid = frozen(self.events.x[rows]), frozen(self.events.y[rows]), self.grid
        codes = np.empty(x.size, np.int32)
        kernels.grid_cells(x, y, grid.west, grid.south, grid.cell, grid.columns, grid.rows, codes)
        return codes


def _areas(events: Events, grid: Grid | None, given: ArrayLike | None) -> Labels | _GridCells:
    if grid is not None:
        return _GridCells(grid, events)
    if events.location is None:
        raise ValueError("events: no location; give a grid to count by")
    return labelled("areas", events.location, given)
