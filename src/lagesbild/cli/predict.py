"""`lagesbild predict`."""

from __future__ import annotations

import click
import numpy as np

from lagesbild import kde, prediction
from lagesbild.cli._answer import Answer
from lagesbild.cli._command import statistic, working
from lagesbild.cli._data import Data, takes_events
from lagesbild.cli._options import Metres, bandwidth_given
from lagesbild.cli._text import basis_lines, day, number, table
from lagesbild.events import Events


@takes_events
@click.option("--cell", type=Metres(), default=250.0, show_default=True, metavar="M")
@click.option(
    "--bandwidth",
    default="cv",
    show_default=True,
    metavar="RULE|M",
    help="Of the density that predicts: scott, silverman, cv (cross-validation on the "
    "first map's past), or metres.",
)
@click.option(
    "--history",
    type=click.IntRange(min=1),
    default=180,
    show_default=True,
    metavar="DAYS",
    help="That each map is drawn from.",
)
@click.option(
    "--horizon",
    type=click.IntRange(min=1),
    default=28,
    show_default=True,
    metavar="DAYS",
    help="That it is held against.",
)
@click.option(
    "--periods",
    type=click.IntRange(min=1),
    default=6,
    show_default=True,
    help="How many times, back from the last day.",
)
@click.option(
    "--share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.05,
    show_default=True,
    help="Of the area that a map flags.",
)
def answer(
    data: Data,
    *,
    cell: float,
    bandwidth: str,
    history: int,
    horizon: int,
    periods: int,
    share: float,
) -> Answer:
    """Would last month's density map have told where this month's events came?

    Held against the naive map: where events were before, there they will be again.

    \b
    lagesbild predict events.csv --horizon 28
    lagesbild predict events.csv --category damage --share 0.1 --out maps.csv
    """

    rule = bandwidth_given(bandwidth)
    used: list[float] = []

    def density(past: Events, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        if not len(past):
            return np.zeros(x.size)
        columns, rows = np.unique(x).size, np.unique(y).size
        grid = kde.Grid(float(x.min()) - cell / 2, float(y.min()) - cell / 2, cell, columns, rows)
        # Cross-validated once, on what lies before the first map's period, and then kept.
        width = used[0] if used and rule == "cv" else rule
        found = kde.density(_latest(past) if width == "cv" else past, bandwidth=width, grid=grid)
        if width == "cv":
            used.append(found.bandwidth[0])
            return density(past, x, y)
        used.append(found.bandwidth[0])
        return found.values.ravel()

    with working("Drawing maps and holding them against what came"):
        result = prediction.rolling_evaluation(
            density, data.events, cell_m=cell, history=np.timedelta64(history, "D"),
            horizon=np.timedelta64(horizon, "D"), periods=periods, share=share,
        )  # fmt: skip
    columns = {name: getattr(result, name) for name in _COLUMNS}
    shown = {
        "from": [day(each) for each in result.cuts],
        "events": [number(each) for each in result.events],
        "hit rate": [f"{each:.0%}" for each in result.hit_rate],
        "naive": [f"{each:.0%}" for each in result.naive_hit_rate],
        "PAI": [number(each, 1) for each in result.pai],
        "PAI, naive": [number(each, 1) for each in result.naive_pai],
        "PEI": [number(each, 2) for each in result.pei],
        "PEI, naive": [number(each, 2) for each in result.naive_pei],
    }
    lines = [
        _headline(result, share), "", *table(shown),
        *basis_lines(
            result.basis, data.basis,
            f"Each map: density of the {history} days before, bandwidth {_widths(used)} m "
            f"({'as given' if isinstance(rule, float) else rule}); {share:.0%} of the area "
            f"flagged, in cells of {cell:g} m. {result.cuts.size} periods tell no more than so "
            "much: there is no p-value.",
        ),
    ]  # fmt: skip
    return Answer(lines=lines, result=result, columns=columns)


_MOST_VALIDATED = 10_000  # events, beyond which cross-validation takes long and changes little


def _latest(past: Events) -> Events:
    if len(past) <= _MOST_VALIDATED:
        return past
    return past.take(np.argsort(past.start, kind="stable")[-_MOST_VALIDATED:])


def _widths(used: list[float]) -> str:
    low, high = number(min(used)), number(max(used))
    return low if low == high else f"{low} to {high}"


_COLUMNS = ("cuts", "events", "hit_rate", "pai", "pei", "naive_hit_rate", "naive_pai", "naive_pei")


def _headline(result: prediction.RollingEvaluation, share: float) -> str:
    ratio = result.pai_ratio
    told = f"{result.hit_rate.mean():.0%} of the events came in the {share:.0%} that was flagged"
    if not np.isfinite(ratio):
        return f"{told}; the naive map met none"
    better = "more than" if ratio > 1.05 else "fewer than" if ratio < 0.95 else "as many as"
    return f"{told}: {better} with the naive map ({result.naive_hit_rate.mean():.0%})"


command = statistic("predict", suffixes=(".json", ".csv", ".svg", ".png"))(answer)
