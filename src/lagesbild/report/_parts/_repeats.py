"""When does it happen, and does one event bring others with it?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lagesbild import aoristic, near_repeat
from lagesbild.report._parts._clusters import _by_category
from lagesbild.report._parts._frame import LEVEL, Frame, Reason

_FEWEST_FOR_REPEATS, _FEWEST_FOR_HOURS = 50, 20
_NEAR_M, _SOON_DAYS = (0.0, 100.0, 250.0, 500.0), (7.0, 14.0, 28.0)
_PERMUTED_UP_TO = 2000


@dataclass(frozen=True, eq=False)
class Repeats:
    """Knox' test of each common category; the first is the clearest.

    level  for each cell of each table, so that all together hold `LEVEL`
    """

    names: tuple[str, ...]
    results: tuple[near_repeat.NearRepeat, ...]
    level: float


def repeats(data: Frame, seed: int, threads: int | None, none: str) -> Repeats | Reason:
    events = data.recent
    kinds = [(data.names[0], events)]
    if events.category is not None:
        kinds = _by_category(data, events, none)
    kinds = [(name, some) for name, some in kinds if len(some) >= _FEWEST_FOR_REPEATS]
    if not kinds:
        return Reason("repeats.few", (("least", _FEWEST_FOR_REPEATS),))
    tests = [
        near_repeat.knox(
            some,
            distances=_NEAR_M,
            intervals=_SOON_DAYS,
            method="permutation" if len(some) <= _PERMUTED_UP_TO else "normal",
            seed=seed,
            threads=threads,
        )
        for _, some in kinds
    ]
    clearest = np.argsort([_clarity(test) for test in tests], kind="stable")
    return Repeats(
        names=tuple(kinds[i][0] for i in clearest),
        results=tuple(tests[i] for i in clearest),
        level=LEVEL / len(tests),
    )


def _clarity(test: near_repeat.NearRepeat) -> float:
    """The smallest p-value, of equals the greatest ratio."""
    with np.errstate(invalid="ignore"):
        above = np.where(test.ratio > 1, test.p_value, 1.0)
    best = float(above.min())
    ratio = float(np.nan_to_num(test.ratio)[above == best].max())
    return best - 1e-9 * ratio


def hours(data: Frame, seed: int, time_zone: str) -> aoristic.WeekdayHour | Reason:
    events = data.recent
    if len(events) < _FEWEST_FOR_HOURS:
        return Reason("hours.few", (("n", len(events)), ("least", _FEWEST_FOR_HOURS)))
    timed = (events.start.astype(np.int64) % 86_400).any()
    if not timed and (events.end is None or (events.end == events.start).all()):
        return Reason("hours.dates")
    return aoristic.weekday_hour(replace(events, weight=None), time_zone=time_zone, seed=seed)
