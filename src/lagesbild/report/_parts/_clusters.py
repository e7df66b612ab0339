"""Is anything going on now, and where?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lagesbild import scan
from lagesbild.events import Events
from lagesbild.report._parts._frame import FEWEST_FOR_PLACES, LEVEL, YEAR_WEEKS, Frame, Reason
from lagesbild.report._parts._places import cell_size, centres, grid_numbers

_PLACES = 800  # that a scan looks at
_LONGEST, _WIDEST_M = 8, 3000.0
_LOOKED_AT = 6  # categories looked at one by one


@dataclass(frozen=True, eq=False)
class Clusters:
    """A scan of all events, and one of each common category; the first is the clearest.

    names  of what was scanned; None: all events
    level  for each scan, so that all together hold `LEVEL`
    """

    names: tuple[str | None, ...]
    results: tuple[scan.ScanResult, ...]
    level: float


def clusters(data: Frame, seed: int, threads: int | None, none: str) -> Clusters | Reason:
    """Prospective permutation scans of the last year by week, by cell of a grid."""
    events, weeks = data.recent, min(data.weeks.size, YEAR_WEEKS)
    if weeks < 4 or len(events) < FEWEST_FOR_PLACES:
        return Reason("clusters.few", (("n", len(events)), ("weeks", weeks)))
    gridded, size = _gridded(events)
    if _spots(gridded) < 2:
        return Reason("clusters.one_place")
    kinds: list[tuple[str | None, Events]] = [(None, gridded)]
    if len(data.names) > 1:
        kinds += [
            (name, some)
            for name, some in _by_category(data, gridded, none)
            if len(some) >= FEWEST_FOR_PLACES and _spots(some) > 1
        ]
    reach = float(np.hypot(np.ptp(gridded.x), np.ptp(gridded.y))) / 6
    first = data.last - 7 * weeks + 1 if weeks == YEAR_WEEKS else data.recent_from
    found = [
        scan.space_time_permutation(
            replace(some, category=None),
            time_unit="week",
            period=(first, data.last),
            max_duration=min(_LONGEST, max(1, weeks // 3)),
            max_radius_m=max(2 * size, min(_WIDEST_M, reach)),
            prospective=True,
            stop_after=50,  # nothing going on is soon known
            seed=seed,
            threads=threads,
        )
        for _, some in kinds
    ]
    clearest = np.argsort([_evidence(one) for one in found], kind="stable")
    return Clusters(
        names=tuple(kinds[i][0] for i in clearest),
        results=tuple(found[i] for i in clearest),
        level=LEVEL / len(found),
    )


def _gridded(events: Events) -> tuple[Events, float]:
    """Each event at its cell's centre, in cells so large that there are not too many."""
    size = cell_size(events.x, events.y)
    column, row = grid_numbers(events, size)
    while np.unique(column + 1j * row).size > _PLACES:
        size *= 1.5
        column, row = grid_numbers(events, size)
    _, location = np.unique(column + 1j * row, return_inverse=True)
    x, y = centres(column, size), centres(row, size)
    return replace(events, x=x, y=y, location=location.ravel(), weight=None), size


def _spots(events: Events) -> int:
    assert events.location is not None
    return int(np.unique(events.location).size)


def _by_category(data: Frame, events: Events, none: str) -> list[tuple[str, Events]]:
    """The most common ones, each with its events; `events` are the recent ones."""
    assert events.category is not None
    if events.category.dtype == object:
        labels = np.array([none if one is None else str(one) or none for one in events.category])
    else:
        labels = (
            np.where(events.category == "", none, events.category)
            if events.category.dtype.kind == "U"
            else events.category.astype(str)
        )
    return [(name, events.take(labels == name)) for name in data.names[:_LOOKED_AT]]


def _evidence(found: scan.ScanResult) -> float:
    """Small p-values first, and of equal ones great ratios."""
    best = found.most_likely
    return 2.0 if best is None else best.p_value - 1e-6 * best.log_likelihood_ratio
