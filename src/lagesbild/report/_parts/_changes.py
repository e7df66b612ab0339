"""What is new, risen or gone?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lagesbild import significance
from lagesbild import surveillance as watch
from lagesbild.report._parts._frame import LEVEL, YEAR_WEEKS, Floats, Frame, Ints, Reason

_SEASON = 2  # years of past that a season can be learnt from
_WATCHED = 26  # weeks that the bounds are drawn for
_FEWEST_FOR_RISE = 5  # in four weeks, as Farrington has it


@dataclass(frozen=True, eq=False)
class Changes:
    """Weekly counts against what was expected.

    result  of all series: each category, and last all together when there are several
    counts, names  (series, weeks) and their names
    new, risen, gone  numbers of the series, most remarkable first
    """

    result: watch.Surveillance
    counts: Ints
    names: tuple[str, ...]
    new: tuple[int, ...]
    risen: tuple[int, ...]
    gone: tuple[int, ...]
    gone_expected: Floats


def changes(data: Frame, everything: str) -> Changes | Reason:
    """Farrington where two years of past are there, else EARS, else nothing."""
    weeks = data.weeks.size
    counts, names = data.counts, data.names
    if len(names) > 1:
        counts, names = np.vstack([counts, counts.sum(axis=0)]), (*names, everything)
    years = min(5, (weeks - 4) // YEAR_WEEKS)
    exposure = None if data.effort is None else np.tile(data.effort, (len(names), 1))
    if years >= _SEASON:
        earliest = years * YEAR_WEEKS + 3
        watched = np.arange(max(earliest, weeks - _WATCHED), weeks)
        watching = partial(
            watch.farrington_flexible,
            counts, weeks=watched, years_back=years, exposure=exposure,
        )  # fmt: skip
    elif weeks >= 10:
        # Weeks of nothing but zeros would make one single event an alarm.
        spread = 1.0 if data.effort is None else 1.0 / float(data.effort.mean())
        watched = np.arange(max(9, weeks - _WATCHED), weeks)
        watching = partial(
            watch.ears,
            counts, method="C2", weeks=watched, exposure=exposure, minimum_deviation=spread,
        )  # fmt: skip
    else:
        return Reason("changes.short", (("weeks", weeks),))
    result = watching(alpha=LEVEL)
    # The bound that is drawn is the one that decides: of p, what the false discovery rate allows.
    result = watching(alpha=_deciding(result.q_value[:, -1]))
    with np.errstate(invalid="ignore"):
        is_risen = (result.q_value[:, -1] <= LEVEL) & (counts[:, -1] > result.expected[:, -1])
    is_risen &= counts[:, -4:].sum(axis=1) >= _FEWEST_FOR_RISE
    is_new = (counts[:, -4:].sum(axis=1) > 0) & (counts[:, :-4].sum(axis=1) == 0) & (weeks >= 30)
    expected, is_gone = _gone(counts)
    by_score = np.argsort(result.q_value[:, -1], kind="stable")
    return Changes(
        result=result,
        counts=counts,
        names=names,
        new=tuple(np.flatnonzero(is_new).tolist()),
        risen=tuple(int(row) for row in by_score if is_risen[row] and not is_new[row]),
        gone=tuple(np.flatnonzero(is_gone).tolist()),
        gone_expected=expected,
    )


def _deciding(q: Floats) -> float:
    """The level of p at which q is at most `LEVEL` (Benjamini and Hochberg)."""
    tested = max(1, int(np.isfinite(q).sum()))
    return LEVEL * max(1, int((q <= LEVEL).sum())) / tested


def _gone(counts: Ints) -> tuple[Floats, NDArray[np.bool_]]:
    """Series without an event in four weeks, though the year before would have given some."""
    before = counts[:, -4 - YEAR_WEEKS : -4]
    if before.shape[1] < 8:
        return np.zeros(counts.shape[0]), np.zeros(counts.shape[0], bool)
    expected = 4 * before.mean(axis=1)
    p = np.where(counts[:, -4:].sum(axis=1) == 0, np.exp(-expected), 1.0)
    q = significance.false_discovery_rate(np.maximum(p, 1e-300))
    return expected, np.asarray(q <= LEVEL)
