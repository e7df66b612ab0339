"""`lagesbild aoristic`."""

from __future__ import annotations

from typing import Any

import click
import numpy as np

from lagesbild import aoristic
from lagesbild.cli._answer import Answer
from lagesbild.cli._command import statistic, working
from lagesbild.cli._data import Data, takes_events
from lagesbild.cli._text import basis_lines, number, table

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY_S, _PEAKS = 86_400, 5
_FEWEST = 20  # events, below which a busiest hour of 168 is no finding


@takes_events
@click.option("--replicates", type=int, default=999, show_default=True, help="Of the bootstrap.")
@click.option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="Of the intervals.",
)
def answer(data: Data, *, replicates: int, level: float, seed: int) -> Answer:
    """When in the week do things happen, when many moments are only known roughly?

    An event known within an interval is spread evenly over it.

    \b
    lagesbild aoristic events.csv --category damage --seed 1
    lagesbild aoristic events.csv --out hours.svg
    """
    with working("Spreading events over the week"):
        result = aoristic.weekday_hour(data.events, replicates=replicates, level=level, seed=seed)
    day, hour = np.divmod(np.arange(168), 24)
    best = np.argsort(-result.weights.ravel(), kind="stable")[:_PEAKS]
    peaks = table({
        "busiest hours": [
            f"{_DAYS[day[each]]} {hour[each]:02}-{hour[each] + 1:02}" for each in best
        ],
        "events": [number(each, 1) for each in result.weights.ravel()[best]],
        f"{level:.0%} interval": [
            f"{number(result.lower.ravel()[each], 1)} to {number(result.upper.ravel()[each], 1)}"
            for each in best
        ],
    })  # fmt: skip
    lines = [
        _headline(result.weights, len(data.events)), "", *_week(result.weights), "", *peaks,
        *basis_lines(
            result.basis, data.basis, *_vague(data),
            "Intervals: bootstrap over events; they do not cover how evenly things truly happen "
            "within what is known.",
        ),
    ]  # fmt: skip
    columns: dict[str, Any] = {"weekday": [_DAYS[each] for each in day], "hour": hour,
               "events": result.weights.ravel(), "lower": result.lower.ravel(),
               "upper": result.upper.ravel()}  # fmt: skip
    return Answer(lines=lines, result=result, columns=columns, drawn={"period": data.period})


def _headline(weights: np.ndarray, events: int) -> str:
    if events < _FEWEST:
        return f"Too little to tell when in the week things happen: {number(events)} events"
    day, hour = np.unravel_index(int(weights.argmax()), weights.shape)
    return f"Most happens on {_DAYS[day]}s between {hour:02} and {hour + 1:02}"


def _week(weights: np.ndarray) -> list[str]:
    """Weekdays by six hours: what a person can take in."""
    blocks = weights.reshape(7, 4, 6).sum(axis=2)
    columns = {"": list(_DAYS)}
    for block in range(4):
        name = f"{6 * block:02}-{6 * block + 6:02}"
        columns[name] = [number(each, 1) for each in blocks[:, block]]
    columns["all"] = [number(each, 1) for each in weights.sum(axis=1)]
    return table(columns)


def _vague(data: Data) -> list[str]:
    """What the file does not tell about hours."""
    if data.events.end is None:
        return []
    length = (data.events.end - data.events.start).astype(np.int64)
    days = int((length >= _DAY_S).sum())
    if not days:
        return []
    share = days / length.size
    return [f"{share:.0%} of the events are known no closer than a day: they say nothing of hours."]


command = statistic("aoristic", suffixes=(".json", ".csv", ".svg", ".png"), seed=True)(answer)
