"""Events as data for a scan."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild._checks import counts as checked_counts
from lagesbild._checks import rows_where
from lagesbild.events import Events
from lagesbild.scan._calendar import divide
from lagesbild.scan._data import Data, Table
from lagesbild.scan._places import Places
from lagesbild.scan._settings import Settings


def from_events(
    events: Events,
    settings: Settings,
    period: tuple[Any, Any] | None,
    locations: Mapping[Any, tuple[float, float]] | None,
) -> Data:
    """Cases by place and column; expected is what both margins give together."""
    if len(events) == 0:
        raise ValueError("events: none given")
    places, place = _places_of(events, locations, settings.metric)
    column, calendar = divide(_moments(events), settings.time_unit, period)
    counts = np.zeros((len(places), len(calendar)), dtype=np.int64)
    np.add.at(counts, (place, column), checked_counts("weight", events.weights).astype(np.int64))
    _check_permutable(counts)
    cases = int(counts.sum())
    sizes = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / cases
    return Data(
        Table(counts, sizes, cases), places, calendar.first, calendar.last, events.fingerprint
    )


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
                f"location: a second coordinate for the same id in {rows_where(moved)}; give one "
                "for each id (locations={id: (x, y)}, such as the mean of its events), or leave "
                "location out to count each coordinate by itself"
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
