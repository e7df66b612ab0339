"""The three scans: each turns its data into a table, and says how chance would draw another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Unpack
from warnings import warn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import counts as checked_counts
from lagesbild._checks import finite, one_of, rows_where
from lagesbild._results import Basis, fingerprint
from lagesbild.events import Events
from lagesbild.scan._calendar import TimeUnit, divide
from lagesbild.scan._chance import Chance, Dealt, Scattered
from lagesbild.scan._places import Places
from lagesbild.scan._results import ScanResult
from lagesbild.scan._search import Search, Table
from lagesbild.scan._settings import Advanced, Rates, Settings

Dimension = Literal["space-time", "space", "time"]


def space_time_permutation(
    events: Events,
    *,
    max_share: float = 0.5,
    max_radius_m: float | None = None,
    max_duration: int | None = None,
    time_unit: TimeUnit = "day",
    prospective: bool = False,
    rates: Rates = "high",
    replicates: int = 999,
    seed: int,
    period: tuple[Any, Any] | None = None,
    locations: Mapping[Any, tuple[float, float]] | None = None,
    **advanced: Unpack[Advanced],
) -> ScanResult:
    """Clusters of events in space and time, when nothing is known about the population.

    A place has its own total, a day has its own total; expected is what they give together when
    they have nothing to do with one another. So neither a place that is always busy nor a day
    that is busy everywhere is a cluster.

    events        their weights, if any, are numbers of cases; an event known within an interval
                  counts at its middle; without `location` each distinct (x, y) is one
    max_share     of all events inside a circle at most
    max_radius_m  of a circle at most
    max_duration  of a window at most, in time units; default half the period
    time_unit     'day', 'month' and 'year' by the calendar; a 'week' is seven days counted back
                  from the last day of the period
    prospective   only windows that last to the end of the period: is anything going on now?
    rates         'high': more than expected; 'low': fewer; 'both'
    replicates    random permutations behind the p-values
    period        first and last day of the study; default those of the events
    locations     {id: (x, y)} for every place that takes part, also those without events, and in
                  place of the events' own coordinates

    `advanced`: see `Advanced`. Raises ValueError naming the argument for fewer than 2 cases, a
    single column of time or a single place (nothing can be permuted), and for options outside
    their range.

    Source: Kulldorff et al. (2005), PLoS Medicine 2:e59.
    """
    settings = Settings(
        max_share=max_share, max_radius_m=max_radius_m, max_duration=max_duration,
        time_unit=time_unit, prospective=prospective, rates=rates, replicates=replicates,
        seed=seed, **advanced,
    )  # fmt: skip
    if len(events) == 0:
        raise ValueError("events: none given")
    places, place = _places_of(events, locations, settings.metric)
    column, calendar = divide(_moments(events), time_unit, period)
    counts = np.zeros((len(places), len(calendar)), dtype=np.int64)
    np.add.at(counts, (place, column), checked_counts("weight", events.weights).astype(np.int64))
    _check_permutable(counts)
    cases = int(counts.sum())
    sizes = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / cases
    return _scanned(
        "space-time permutation scan",
        _Data(
            table=Table(counts, sizes, cases),
            places=places,
            starts=calendar.first,
            ends=calendar.last,
            fingerprint=events.fingerprint,
        ),
        settings,
        lambda search: _permuted(counts, search.columns),
    )


def poisson(
    cases: ArrayLike,
    population: ArrayLike,
    coordinates: ArrayLike | None,
    *,
    max_share: float = 0.5,
    max_radius_m: float | None = None,
    max_duration: int | None = None,
    time_unit: TimeUnit = "day",
    prospective: bool = False,
    rates: Rates = "high",
    replicates: int = 999,
    seed: int,
    dimension: Dimension | None = None,
    location_ids: Sequence[Any] | None = None,
    times: ArrayLike | None = None,
    **advanced: Unpack[Advanced],
) -> ScanResult:
    """Clusters of cases in a population that is known: rates higher (lower) than elsewhere.

    cases         (locations, columns) counts; (locations,) for one column of time
    population    of the same shape, or (locations,) when it stands still: people, person-time or
                  expected cases (`standardised_expectation`); only proportions matter
    coordinates   (locations, 2) metres; longitude and latitude with metric='great_circle'; may be
                  None when dimension='time'
    max_share     of the population inside a circle at most
    time_unit     what a column is: the unit of the recurrence interval
    dimension     'space-time', 'space' (columns summed) or 'time' (locations summed); by default
                  'space-time', or 'space' when there is one column
    location_ids  (locations,); default their row numbers
    times         (columns,) labels for `start` and `end`; default column numbers

    The other options as in `space_time_permutation`. Raises ValueError naming the argument, also
    for cases where nobody lives.

    Source: Kulldorff (1997), Commun Stat Theory Methods 26:1481; (2001), JRSS A 164:61.
    """
    settings = Settings(
        max_share=max_share, max_radius_m=max_radius_m, max_duration=max_duration,
        time_unit=time_unit, prospective=prospective, rates=rates, replicates=replicates,
        seed=seed, **advanced,
    )  # fmt: skip
    observed = _table("cases", cases)
    people = _population(population, observed.shape)
    nobody = (people <= 0) & (observed > 0)
    if nobody.any():
        raise ValueError(f"population: nobody where there are cases, {_rows(nobody)}")
    total = int(observed.sum())
    if total < 2:
        raise ValueError(f"cases: at least 2 wanted, {total} given")
    data, settings = _arranged(
        (observed, people * (total / people.sum())), 0.0, total,
        coordinates, dimension, location_ids, times, settings,
    )  # fmt: skip
    return _scanned(
        "Poisson scan",
        data,
        settings,
        lambda search: Scattered(_kept(data.table.sizes, search.columns), total),
    )


def bernoulli(
    cases: ArrayLike,
    controls: ArrayLike,
    coordinates: ArrayLike | None,
    *,
    max_share: float = 0.5,
    max_radius_m: float | None = None,
    max_duration: int | None = None,
    time_unit: TimeUnit = "day",
    prospective: bool = False,
    rates: Rates = "high",
    replicates: int = 999,
    seed: int,
    dimension: Dimension | None = None,
    location_ids: Sequence[Any] | None = None,
    times: ArrayLike | None = None,
    **advanced: Unpack[Advanced],
) -> ScanResult:
    """Clusters of cases among cases and controls: a share higher (lower) than elsewhere.

    cases, controls  (locations, columns) or (locations,) counts
    max_share        of cases and controls together inside a circle at most

    Everything else as in `poisson`. Source: Kulldorff (1997), Commun Stat Theory Methods 26:1481.
    """
    settings = Settings(
        max_share=max_share, max_radius_m=max_radius_m, max_duration=max_duration,
        time_unit=time_unit, prospective=prospective, rates=rates, replicates=replicates,
        seed=seed, **advanced,
    )  # fmt: skip
    observed, others = _table("cases", cases), _table("controls", controls)
    if others.shape != observed.shape:
        raise ValueError(f"controls: {observed.shape} as cases wanted, {others.shape} given")
    total, everyone = int(observed.sum()), int(observed.sum() + others.sum())
    if total < 2 or total == everyone:
        raise ValueError(
            f"cases, controls: at least 2 and 1 wanted, {total} and {everyone - total} given"
        )
    data, settings = _arranged(
        (observed, observed + others), float(everyone), total,
        coordinates, dimension, location_ids, times, settings,
    )  # fmt: skip
    return _scanned(
        "Bernoulli scan",
        data,
        settings,
        lambda search: _drawn_from(data.table.sizes, search.columns, total),
    )


@dataclass(frozen=True)
class _Data:
    table: Table
    places: Places
    starts: NDArray[Any]
    ends: NDArray[Any]
    fingerprint: str


def _scanned(
    method: str, data: _Data, settings: Settings, chance: Callable[[Search], Chance]
) -> ScanResult:
    """Search the table, draw replicates, and put it all down."""
    search = Search(data.table, data.places, _centres(data.places, settings), settings)
    windows = search.chosen(search.observed())
    null = search.null(chance(search), windows[0].ratio if windows else np.inf)
    return ScanResult(
        basis=Basis(
            method=method,
            parameters=settings.parameters(longest_window=search.longest),
            n=data.table.cases,
            fingerprint=data.fingerprint,
            seed=settings.seed,
            replicates=int(null.size),
        ),
        clusters=search.clusters(windows, null, data.starts, data.ends),
        cases=data.table.cases,
        locations=len(data.places),
        columns=data.table.counts.shape[1],
        start=data.starts[0],
        end=data.ends[-1],
        null=null,
    )


def _centres(places: Places, settings: Settings) -> Places:
    if np.isnan(places.shown).any():  # purely temporal: one place without coordinates
        return replace(places, ids=((None,),))
    if settings.grid is None:
        return places
    centres = Places.of("grid", settings.grid, None, settings.metric)
    if len(centres) == 0:
        raise ValueError("grid: no centres given")
    return centres


# Events -----------------------------------------------------------------------------------------


def _moments(events: Events) -> NDArray[np.datetime64]:
    if events.end is None:
        return events.start
    return events.start + (events.end - events.start) // 2


def _places_of(
    events: Events, locations: Mapping[Any, tuple[float, float]] | None, metric: str
) -> tuple[Places, NDArray[np.intp]]:
    """The places, and the place of each event."""
    if locations is not None:
        return _named_places(events, locations, metric)
    points = np.column_stack([events.x, events.y])
    if events.location is None:
        shown, rows = np.unique(points, axis=0, return_inverse=True)
        names: list[Any] = [f"{x:.10g} {y:.10g}" for x, y in shown]
    else:
        ids, first, rows = np.unique(events.location, return_index=True, return_inverse=True)
        shown = points[first]
        moved = (points != shown[rows.reshape(-1)]).any(axis=1)
        if moved.any():
            raise ValueError(
                f"location: a second coordinate for the same id in {rows_where(moved)}"
            )
        names = ids.tolist()
    places = Places.of("x, y", shown, names, metric)
    return places, places.rows[rows.reshape(-1)]


def _named_places(
    events: Events, locations: Mapping[Any, tuple[float, float]], metric: str
) -> tuple[Places, NDArray[np.intp]]:
    if events.location is None:
        raise ValueError("locations: events need their `location` to be found among them")
    ids = list(locations)
    row_of = {name: row for row, name in enumerate(ids)}
    rows = np.array([row_of.get(name, -1) for name in events.location.tolist()])
    if (rows < 0).any():
        raise ValueError(f"locations: no coordinates for the location in {rows_where(rows < 0)}")
    places = Places.of("locations", np.array(list(locations.values()), dtype=float), ids, metric)
    return places, places.rows[rows]


def _check_permutable(counts: NDArray[np.int64]) -> None:
    cases = int(counts.sum())
    if cases < 2:
        raise ValueError(f"events: at least 2 cases wanted, {cases} given")
    if counts.shape[1] < 2:
        raise ValueError("events: all within one time unit, so no times can be permuted")
    if (counts.sum(axis=1) > 0).sum() < 2:
        raise ValueError("events: all at one place, so no places can be permuted")


def _permuted(counts: NDArray[np.int64], columns: int) -> Dealt:
    by_place = counts.sum(axis=1)
    first_cells = np.arange(counts.shape[0], dtype=np.int32) * np.int32(columns)
    groups = counts.sum(axis=0)[::-1][:columns]
    return Dealt(np.repeat(first_cells, by_place), np.ascontiguousarray(groups))


# Tables -----------------------------------------------------------------------------------------


def _table(name: str, values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values)
    table = checked_counts(name, array[:, None] if array.ndim == 1 else array, dimensions=2)
    if table.size == 0:
        raise ValueError(f"{name}: empty")
    return table


def _population(values: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.float64]:
    array = np.asarray(values)
    people = finite("population", array[:, None] if array.ndim == 1 else array, dimensions=2)
    if people.shape[0] != shape[0] or people.shape[1] not in (1, shape[1]):
        raise ValueError(f"population: {shape} as cases wanted, {people.shape} given")
    if (people < 0).any():
        raise ValueError(f"population: negative in {_rows(people < 0)}")
    if not people.any():
        raise ValueError("population: nobody anywhere")
    return np.broadcast_to(people, shape)


def _rows(bad: NDArray[np.bool_]) -> str:
    return rows_where(np.asarray(bad.any(axis=1)))


def _arranged(
    tables: tuple[NDArray[np.float64], NDArray[np.float64]],
    population: float,
    cases: int,
    coordinates: ArrayLike | None,
    dimension: Dimension | None,
    location_ids: Sequence[Any] | None,
    times: ArrayLike | None,
    settings: Settings,
) -> tuple[_Data, Settings]:
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
    return _Data(table, places, starts, ends, mark), settings


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


def _kept(values: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
    """The last columns, the last one first, as one row of cells."""
    return np.ascontiguousarray(values[:, ::-1][:, :columns]).ravel()


def _drawn_from(people: NDArray[np.float64], columns: int, cases: int) -> Dealt:
    kept = _kept(people, columns).astype(np.int64)
    cells = np.repeat(np.arange(kept.size, dtype=np.int32), kept)
    elsewhere = np.full(int(people.sum()) - cells.size, -1, dtype=np.int32)
    return Dealt(np.concatenate([cells, elsewhere]), np.array([cases], dtype=np.int64))
