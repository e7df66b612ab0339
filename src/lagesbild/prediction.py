"""Was last month's map any good? Each measure compares where events came with what was flagged.

Sources: Chainey, Tompson & Uhlig (2008), Security Journal 21:4 (PAI); Hunt (2016), Do crime hot
spots move?, PhD thesis (PEI, also PEI*); Bowers, Johnson & Pease (2004), Br J Criminol 44:641.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import at_least, finite, same_length
from lagesbild._results import Basis, Result
from lagesbild.events import Events


@dataclass(frozen=True)
class Accuracy:
    """Each array (n,): after flagging the 1, 2 ... n cells that were predicted highest.

    area_share  share of the whole area that was flagged
    hit_rate    share of all events that came there
    pai         prediction accuracy index: hit_rate / area_share
    pei         prediction efficiency index: PAI against that of the best map of the same area
    """

    order: NDArray[np.int64]
    area_share: NDArray[np.float64]
    hit_rate: NDArray[np.float64]
    pai: NDArray[np.float64]
    pei: NDArray[np.float64]


def accuracy(
    observed: ArrayLike, predicted: ArrayLike, *, area: ArrayLike | None = None
) -> Accuracy:
    """Hit rate, PAI and PEI as more and more cells are flagged, highest prediction first.

    observed   (n,) events that came, zero or more
    predicted  (n,) any score; ties are flagged in the order given
    area       (n,) above zero; None: cells of one size

    Raises ValueError for lengths that differ, negative counts, areas of zero, or no event at all.
    """
    hits, scores = finite("observed", observed), finite("predicted", predicted)
    sizes = np.ones(hits.size) if area is None else finite("area", area)
    same_length(observed=hits, predicted=scores, area=sizes)
    if (hits < 0).any():
        raise ValueError("observed: negative values")
    if (sizes <= 0).any():
        raise ValueError("area: above zero wanted")
    if hits.sum() == 0:
        raise ValueError("observed: no events, so no map can be told from another")
    order = np.argsort(-scores, kind="stable")
    area_share = np.cumsum(sizes[order]) / sizes.sum()
    hit_rate = np.cumsum(hits[order]) / hits.sum()
    # The best map flags the densest cells first; of one that fits only partly, a part.
    best_order = np.argsort(-hits / sizes, kind="stable")
    best_area = np.concatenate([[0], np.cumsum(sizes[best_order]) / sizes.sum()])
    best_hits = np.concatenate([[0], np.cumsum(hits[best_order]) / hits.sum()])
    best = np.interp(area_share, best_area, best_hits)
    return Accuracy(order, area_share, hit_rate, hit_rate / area_share, hit_rate / best)


def hit_rate(
    observed: ArrayLike,
    predicted: ArrayLike,
    area: ArrayLike | None = None,
    *,
    share: float | None = None,
) -> NDArray[np.float64] | float:
    """Share of events in the flagged cells: one value for each number of cells flagged, or (with
    `share`) the one where so much of the area is flagged."""
    return _at_share(accuracy(observed, predicted, area=area), "hit_rate", share)


def pai(
    observed: ArrayLike,
    predicted: ArrayLike,
    area: ArrayLike | None = None,
    *,
    share: float | None = None,
) -> NDArray[np.float64] | float:
    """Prediction accuracy index, as `hit_rate`: 1 is no better than chance."""
    return _at_share(accuracy(observed, predicted, area=area), "pai", share)


def pei(
    observed: ArrayLike,
    predicted: ArrayLike,
    area: ArrayLike | None = None,
    *,
    share: float | None = None,
) -> NDArray[np.float64] | float:
    """Prediction efficiency index, as `hit_rate`: 1 is as good as any map could be."""
    return _at_share(accuracy(observed, predicted, area=area), "pei", share)


def _at_share(found: Accuracy, name: str, share: float | None) -> NDArray[np.float64] | float:
    values: NDArray[np.float64] = getattr(found, name)
    if share is None:
        return values
    if not 0 < share <= 1:
        raise ValueError(f"share: above 0 and at most 1 wanted, {share!r} given")
    # As many whole cells as fit, and at least one.
    last = max(int(np.searchsorted(found.area_share, share * (1 + 1e-12), side="right")) - 1, 0)
    return float(values[last])


_MOST_CELLS = 4_000_000
_HALF_A_YEAR, _FOUR_WEEKS = np.timedelta64(180, "D"), np.timedelta64(28, "D")
Method = Callable[[Events, NDArray[np.float64], NDArray[np.float64]], ArrayLike]


@dataclass(frozen=True, kw_only=True)
class RollingEvaluation(Result):
    """A method against the naive map, period by period; arrays (periods,).

    cuts    where each test period begins
    events  how many events came in it, by weight; periods without events are left out
    hit_rate, pai, pei              of the method
    naive_hit_rate, naive_pai, ...  of the map of where events were before
    """

    cuts: NDArray[np.datetime64]
    events: NDArray[np.float64]
    hit_rate: NDArray[np.float64]
    pai: NDArray[np.float64]
    pei: NDArray[np.float64]
    naive_hit_rate: NDArray[np.float64]
    naive_pai: NDArray[np.float64]
    naive_pei: NDArray[np.float64]

    @property
    def pai_ratio(self) -> float:
        """Mean PAI over mean naive PAI: above 1 the method is worth its trouble.

        Infinite when only the naive map met nothing, NaN when neither met anything.
        """
        own, naive = float(self.pai.mean()), float(self.naive_pai.mean())
        if naive == 0:
            return float("inf") if own > 0 else float("nan")
        return own / naive


def rolling_evaluation(
    method: Method,
    events: Events,
    *,
    cell_m: float = 250.0,
    history: np.timedelta64 = _HALF_A_YEAR,
    horizon: np.timedelta64 = _FOUR_WEEKS,
    periods: int = 12,
    share: float = 0.05,
) -> RollingEvaluation:
    """Predict each of the last `periods` spans of `horizon` from the `history` before it.

    method(past, x, y) gets the past events and the centres of square cells and returns a score
    per cell. The naive map scores a cell by the past events in it. Both flag `share` of the area,
    the box of all events.

    Raises ValueError when the events do not reach back far enough, all came at one point, or lie
    so far apart that there would be millions of cells.
    """
    at_least("periods", periods, 1)
    if not len(events):
        raise ValueError("events: at least one wanted")
    cells = _Cells.of(events, cell_m)
    finish = events.start.max() + np.timedelta64(1, "s")
    first_cut = finish - periods * horizon
    if first_cut - history < events.start.min() - horizon:
        raise ValueError("events: they do not reach back over the history before the first period")
    rows: list[tuple[Any, ...]] = []
    for period in range(periods):
        cut = first_cut + period * horizon
        past = events.take((events.start >= cut - history) & (events.start < cut))
        coming = cells.counts(events.take((events.start >= cut) & (events.start < cut + horizon)))
        if coming.sum() == 0:
            continue
        scores = (finite("method", method(past, cells.x, cells.y)), cells.counts(past))
        found = [accuracy(coming, score) for score in scores]
        rows.append((cut, coming.sum(), *_three(found[0], share), *_three(found[1], share)))
    if not rows:
        raise ValueError("events: none in any of the periods")
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return RollingEvaluation(
        basis=Basis(
            method="rolling evaluation against the map of the past",
            parameters={
                "cell_m": cell_m,
                "history": str(history),
                "horizon": str(horizon),
                "periods": periods,
                "share": share,
            },
            n=len(events),
            fingerprint=events.fingerprint,
        ),
        cuts=columns[0],
        events=columns[1],
        hit_rate=columns[2],
        pai=columns[3],
        pei=columns[4],
        naive_hit_rate=columns[5],
        naive_pai=columns[6],
        naive_pei=columns[7],
    )


def _three(found: Accuracy, share: float) -> Sequence[Any]:
    return [_at_share(found, name, share) for name in ("hit_rate", "pai", "pei")]


@dataclass(frozen=True)
class _Cells:
    """Square cells over the box of some events, in row order."""

    west: float
    south: float
    size: float
    columns: int
    rows: int

    @classmethod
    def of(cls, events: Events, size: float) -> "_Cells":
        if not np.isfinite(size) or size <= 0:
            raise ValueError(f"cell_m: above zero wanted, {size!r} given")
        west, south = float(events.x.min()), float(events.y.min())
        columns = int((events.x.max() - west) // size) + 1
        rows = int((events.y.max() - south) // size) + 1
        if columns * rows < 2:
            raise ValueError("events: all within one cell, nothing to predict")
        if columns * rows > _MOST_CELLS:
            raise ValueError(
                f"cell_m: {size:g} m makes {columns} × {rows} cells, more than {_MOST_CELLS}; take "
                "larger ones, or leave out events that lie far away"
            )
        return cls(west, south, size, columns, rows)

    @property
    def x(self) -> NDArray[np.float64]:
        return np.tile(self.west + (np.arange(self.columns) + 0.5) * self.size, self.rows)

    @property
    def y(self) -> NDArray[np.float64]:
        return np.repeat(self.south + (np.arange(self.rows) + 0.5) * self.size, self.columns)

    def counts(self, events: Events) -> NDArray[np.float64]:
        column = ((events.x - self.west) // self.size).astype(np.int64)
        row = ((events.y - self.south) // self.size).astype(np.int64)
        cell = row * self.columns + column
        counted = np.bincount(cell, events.weights, minlength=self.columns * self.rows)
        return counted.astype(np.float64)
