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
_DRAWS_A_TEST = 40  # so that one finding in a test has room below its level


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
    draws = _DRAWS_A_TEST * len(kinds) * len(_NEAR_M) * len(_SOON_DAYS) - 1
    tests = [
        near_repeat.knox(
            some,
            distances=_NEAR_M,
            intervals=_SOON_DAYS,
            method="permutation" if len(some) <= _PERMUTED_UP_TO else "normal",
            permutations=draws,
            seed=seed,
            threads=threads,
        )
        for _, some in kinds
    ]
    level = LEVEL / len(tests)
    clearest = sorted(range(len(tests)), key=lambda i: _clarity(tests[i], level))
    return Repeats(
        names=tuple(kinds[i][0] for i in clearest),
        results=tuple(tests[i] for i in clearest),
        level=level,
    )


def _clarity(test: near_repeat.NearRepeat, level: float) -> tuple[float, float]:
    """What is sure by its greatest ratio, and before the rest: with many events next to nothing
    has a small p-value. The rest by p."""
    ratio = np.nan_to_num(test.ratio)
    sure = (test.p_value <= level / ratio.size) & (ratio > 1)
    if sure.any():
        return 0.0, -float(ratio[sure].max())
    return 1.0, float(np.where(ratio > 1, test.p_value, 1.0).min())


def hours(data: Frame, seed: int, time_zone: str) -> aoristic.WeekdayHour | Reason:
    events = data.recent
    if len(events) < _FEWEST_FOR_HOURS:
        return Reason("hours.few", (("n", len(events)), ("least", _FEWEST_FOR_HOURS)))
    timed = (events.start.astype(np.int64) % 86_400).any()
    if not timed and (events.end is None or (events.end == events.start).all()):
        return Reason("hours.dates")
    return aoristic.weekday_hour(replace(events, weight=None), time_zone=time_zone, seed=seed)
