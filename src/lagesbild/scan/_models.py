"""The three scans: each turns its data into a table, and says how chance would draw another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike

from lagesbild._results import Basis
from lagesbild.events import Events
from lagesbild.scan._calendar import TimeUnit
from lagesbild.scan._chance import Chance, Scattered, drawn_from, kept, permuted
from lagesbild.scan._data import Data
from lagesbild.scan._incidents import from_events
from lagesbild.scan._places import Places
from lagesbild.scan._results import ScanResult
from lagesbild.scan._search import Search
from lagesbild.scan._settings import Advanced, Rates, Settings
from lagesbild.scan._tables import (
    Dimension,
    arranged,
    checked_population,
    checked_table,
    rows_of,
)


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
    data = from_events(events, settings, period, locations)
    return _scanned(
        "space-time permutation scan",
        data,
        settings,
        lambda search: permuted(data.table.counts, search.columns),
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
    observed = checked_table("cases", cases)
    people = checked_population(population, observed.shape)
    nobody = (people <= 0) & (observed > 0)
    if nobody.any():
        raise ValueError(f"population: nobody where there are cases, {rows_of(nobody)}")
    total = int(observed.sum())
    if total < 2:
        raise ValueError(f"cases: at least 2 wanted, {total} given")
    data, settings = arranged(
        (observed, people * (total / people.sum())), 0.0, total,
        coordinates, dimension, location_ids, times, settings,
    )  # fmt: skip
    return _scanned(
        "Poisson scan",
        data,
        settings,
        lambda search: Scattered(kept(data.table.sizes, search.columns), total),
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
    observed, others = checked_table("cases", cases), checked_table("controls", controls)
    if others.shape != observed.shape:
        raise ValueError(f"controls: {observed.shape} as cases wanted, {others.shape} given")
    total, everyone = int(observed.sum()), int(observed.sum() + others.sum())
    if total < 2 or total == everyone:
        raise ValueError(
            f"cases, controls: at least 2 and 1 wanted, {total} and {everyone - total} given"
        )
    data, settings = arranged(
        (observed, observed + others), float(everyone), total,
        coordinates, dimension, location_ids, times, settings,
    )  # fmt: skip
    return _scanned(
        "Bernoulli scan",
        data,
        settings,
        lambda search: drawn_from(data.table.sizes, search.columns, total),
    )


def _scanned(
    method: str, data: Data, settings: Settings, chance: Callable[[Search], Chance]
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
