"""Arrays of counts as data for a scan."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal
from warnings import warn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import counts as checked_counts
from lagesbild._checks import finite, one_of, rows_where
from lagesbild._results import fingerprint
from lagesbild.scan._data import Data, Table
from lagesbild.scan._places import Places
from lagesbild.scan._settings import Settings

Dimension = Literal["space-time", "space", "time"]


def checked_table(name: str, values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values)
    table = checked_counts(name, array[:, None] if array.ndim == 1 else array, dimensions=2)
    if table.size == 0:
        raise ValueError(f"{name}: empty")
    return table


def checked_population(values: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.float64]:
    array = np.asarray(values)
    people = finite("population", array[:, None] if array.ndim == 1 else array, dimensions=2)
    if people.shape[0] != shape[0] or people.shape[1] not in (1, shape[1]):
        raise ValueError(f"population: {shape} as cases wanted, {people.shape} given")
    if (people < 0).any():
        raise ValueError(f"population: negative in {rows_of(people < 0)}")
    if not people.any():
        raise ValueError("population: nobody anywhere")
    return np.broadcast_to(people, shape)


def rows_of(bad: NDArray[np.bool_]) -> str:
    return rows_where(np.asarray(bad.any(axis=1)))


def arranged(
    tables: tuple[NDArray[np.float64], NDArray[np.float64]],
    population: float,
    cases: int,
    coordinates: ArrayLike | None,
    dimension: Dimension | None,
    location_ids: Sequence[Any] | None,
    times: ArrayLike | None,
    settings: Settings,
) -> tuple[Data, Settings]:
    """Counts and sizes by place (locations at the same point are one) and dimension."""
    counts, sizes = tables
    rows, columns = counts.shape
    dimension = dimension or ("space" if columns == 1 else "space-time")
    one_of("dimension", dimension, ("space-time", "space", "time"))
    if settings.prospective and (dimension == "space" or columns == 1):
        raise ValueError("prospective: time is wanted to tell what is going on at its end")
    if dimension != "space" and columns == 1:
        raise ValueError(f"dimension: {dimension!r} wants more than one column of time")
    labels = np.arange(columns) if times is None else np.asarray(times)
    if labels.shape != (columns,):
        raise ValueError(f"times: {columns} labels wanted, {labels.shape} given")
    if dimension == "time":
        places = Places.everywhere(tuple(range(rows) if location_ids is None else location_ids))
        settings = replace(settings, max_share=1.0, max_radius_m=None, grid=None)
    else:
        places = _table_places(coordinates, rows, location_ids, settings.metric)
    mark = fingerprint(counts, sizes, labels, places.shown, places.rows)
    counts, sizes = places.sums(counts), places.sums(sizes)
    starts, ends = labels, labels
    if dimension == "space":
        counts, sizes = counts.sum(axis=1, keepdims=True), sizes.sum(axis=1, keepdims=True)
        starts, ends = labels[:1], labels[-1:]
    table = Table(counts.astype(np.int64), sizes, cases, population)
    return Data(table, places, starts, ends, mark), settings


def _table_places(
    coordinates: ArrayLike | None, rows: int, ids: Sequence[Any] | None, metric: str
) -> Places:
    if coordinates is None:
        raise ValueError("coordinates: wanted unless dimension='time'")
    places = Places.of("coordinates", coordinates, ids, metric)
    if places.rows.size != rows:
        raise ValueError(f"coordinates: {rows} rows as cases wanted, {places.rows.size} given")
    if metric == "planar" and _may_be_degrees(places.shown):
        warn(
            "coordinates: these look like degrees; give metres, or metric='great_circle' for "
            "(longitude, latitude)",
            stacklevel=4,
        )
    return places


def _may_be_degrees(points: NDArray[np.float64]) -> bool:
    """Within the globe, with fractions, and wider than the unit squares of made-up data."""
    on_globe = np.abs(points[:, 0]).max() <= 180 and np.abs(points[:, 1]).max() <= 90
    return bool(on_globe and np.abs(points).max() > 2 and (points != np.floor(points)).any())
