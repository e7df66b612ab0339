"""`lagesbild scan`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import click
import numpy as np

from lagesbild import scan
from lagesbild.cli._answer import Answer, Features
from lagesbild.cli._command import statistic, working
from lagesbild.cli._data import Data, takes_events
from lagesbild.cli._options import Metres
from lagesbild.cli._place import at_places, circle
from lagesbild.cli._text import basis_lines, day, number, p_text, table

_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}
_COLUMNS = 60  # steps of time from which a coarser unit is taken
_FEWEST = 4
_LONGEST = 1 / 6  # of the period, unless said: what lasts longer is a change, not a cluster


@takes_events
@click.option(
    "--replicates",
    type=int,
    default=999,
    show_default=True,
    help="Random permutations behind the p-values.",
)
@click.option(
    "--prospective", is_flag=True, help="Only clusters that last to the end: what goes on now?"
)
@click.option(
    "--unit",
    "time_unit",
    type=click.Choice([*_UNITS, "auto"]),
    default="auto",
    show_default=True,
    help="Step of time; auto: the finest with at most 60 steps.",
)
@click.option(
    "--max-duration",
    type=int,
    help="Of a cluster, in steps.  [default: a sixth of the period, at least 4]",
)
@click.option(
    "--max-share", type=float, default=0.5, show_default=True, help="Of all events inside a circle."
)
@click.option("--max-radius", "max_radius_m", type=float, metavar="M", help="Of a circle, metres.")
@click.option(
    "--rates", type=click.Choice(["high", "low", "both"]), default="high", show_default=True
)
@click.option(
    "--cell",
    type=Metres(),
    metavar="M",
    help="Count in square cells of this size.  [default: the places themselves, cells "
    "when they are more than 256]",
)
@click.option(
    "--stop-after",
    type=int,
    metavar="N",
    help="Stop once so many replicates reach the best cluster: quick when there is nothing.",
)
@click.option("--gumbel", is_flag=True, help="p-values from a Gumbel fit, for very small ones.")
@click.option(
    "--level",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="Clusters up to this p-value are printed.",
)
def answer(
    data: Data,
    *,
    cell: float | None,
    time_unit: str,
    max_duration: int | None,
    gumbel: bool,
    level: float,
    **options: Any,
) -> Answer:
    """Where and when are there more events than chance explains?

    The space-time permutation scan of Kulldorff et al. (2005): needs no population. Same clusters
    and test statistics as SaTScan.

    \b
    lagesbild scan events.csv --replicates 999 --seed 1
    lagesbild scan events.csv --prospective --unit week --out clusters.geojson
    """
    placed = at_places(data.events, cell)
    unit = _unit(data) if time_unit == "auto" else time_unit
    if max_duration is None:
        max_duration = _longest(_steps(data, unit))
    with working("Scanning, and drawing replicates"):
        result = scan.space_time_permutation(
            placed.events, time_unit=cast("Any", unit), max_duration=max_duration,
            p_value="gumbel" if gumbel else "rank", **options,
        )  # fmt: skip
    last = data.period[1]
    clusters = tuple(_clipped(one, last) for one in result.clusters)
    shown = [one for one in clusters if one.p_value <= level]
    how = (
        "p: a Gumbel fit to the replicates' best ratios."
        if gumbel
        else f"p: rank among the replicates' best ratios, (r + 1) / {result.null.size + 1}; it "
        "holds for the whole search."
    )
    share = result.basis.parameters["max_share"]
    searched = (
        f"Searched: circles with up to {share:.0%} of the events, spans of up to {max_duration} "
        f"{unit}{'s' if max_duration > 1 else ''} of {result.columns}."
    )
    lines = [_headline(result, shown, level), *_table(shown, unit)]
    return Answer(
        lines=[*lines, *basis_lines(result.basis, data.basis, placed.said, searched, how)],
        result=result,
        columns=_columns(clusters),
        features=_features(clusters, data.reading.epsg),
        drawn={"events": data.events, "level": level},
    )


def _clipped(one: scan.Cluster, last: np.datetime64) -> scan.Cluster:
    """Never beyond the last day: the middle of an interval that began then may lie later."""
    return replace(one, end=min(one.end, last), start=min(one.start, last))


def _unit(data: Data) -> str:
    return next((unit for unit in _UNITS if _steps(data, unit) <= _COLUMNS), "year")


def _longest(steps: float) -> int:
    """A sixth of the period, at least four steps, but never above half of it."""
    return max(1, round(min(max(steps * _LONGEST, _FEWEST), steps / 2)))


def _steps(data: Data, unit: str) -> float:
    days = int((data.period[1] - data.period[0]).astype(int)) + 1
    return days / _UNITS[unit]


def _headline(result: scan.ScanResult, shown: list[scan.Cluster], level: float) -> str:
    if shown:
        plural = "s" if len(shown) > 1 else ""
        return f"{len(shown)} cluster{plural} that chance does not explain (p at most {level:g})"
    best = result.most_likely
    found = f"; the most likely has p = {p_text(best.p_value)}" if best else ""
    return f"No cluster that chance does not explain{found}"


def _table(clusters: list[scan.Cluster], unit: str) -> list[str]:
    if not clusters:
        return []
    columns = {
        "x": [f"{one.x:.0f}" for one in clusters],
        "y": [f"{one.y:.0f}" for one in clusters],
        "radius m": [number(one.radius_m) for one in clusters],
        "first day": [day(one.start) for one in clusters],
        "last day": [day(one.end) for one in clusters],
        "events": [number(one.observed) for one in clusters],
        "expected": [number(one.expected, 1) for one in clusters],
        "rel. risk": [number(one.relative_risk, 2) for one in clusters],
        "LLR": [number(one.log_likelihood_ratio, 2) for one in clusters],
        "p": [p_text(one.p_value) for one in clusters],
    }
    if clusters[0].recurrence_interval is not None:
        columns[f"recurs in {unit}s"] = [number(one.recurrence_interval or np.nan, 0)
                                         for one in clusters]  # fmt: skip
    return ["", *table(columns)]


_FIELDS = (
    "centre", "x", "y", "radius_m", "start", "end", "observed", "expected", "relative_risk",
    "log_likelihood_ratio", "p_value", "gumbel_p_value", "recurrence_interval",
)  # fmt: skip


def _columns(clusters: tuple[scan.Cluster, ...]) -> dict[str, list[Any]]:
    return {name: [getattr(one, name) for one in clusters] for name in _FIELDS}


def _features(clusters: tuple[scan.Cluster, ...], epsg: int | None) -> Features:
    names = [name for name in _FIELDS if name not in ("x", "y")]
    return Features(
        "Polygon",
        [circle(one.x, one.y, one.radius_m) for one in clusters],
        [{name: getattr(one, name) for name in names} for one in clusters],
        epsg,
    )


command = statistic("scan", seed=True)(answer)
