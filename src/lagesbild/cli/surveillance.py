"""`lagesbild surveillance`."""

from __future__ import annotations

from typing import Any

import click
import numpy as np

from lagesbild import surveillance
from lagesbild.cli._answer import Answer
from lagesbild.cli._command import statistic, working
from lagesbild.cli._data import Data, takes_events
from lagesbild.cli._options import Metres
from lagesbild.cli._text import basis_lines, day, number, p_text, table
from lagesbild.cli._weekly import Weekly, weekly

_METHODS = ("auto", "farrington", "bayes", "c1", "c2", "c3", "cusum", "rki", "glr")
_YEAR, _HALF_WINDOW, _SHOWN = 52, 3, 20
_FEWEST_YEARS, _MOST_YEARS = 3, 5
_RARE, _LITTLE = 1.0, 30  # events a week in the mean; events in all, below which nothing is told


@takes_events
@click.option(
    "--by",
    type=click.Choice(["location", "category", "cell", "all"]),
    help="A series for each.  [default: location, else category, else all]",
)
@click.option("--cell", type=Metres(), metavar="M", help="With --by cell.  [default: 500]")
@click.option(
    "--method",
    type=click.Choice(_METHODS),
    default="auto",
    show_default=True,
    help="auto: farrington with three years of past or more, else bayes.",
)
@click.option(
    "--weeks",
    "monitored",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many of the last weeks to monitor.",
)
@click.option(
    "--alpha",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.05,
    show_default=True,
    help="How often a quiet week may be above its bound.",
)
@click.option(
    "--fdr",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.1,
    show_default=True,
    help="Series with q up to this are told of: the share of them that may be false.",
)
@click.option(
    "--years",
    "years_back",
    type=click.IntRange(min=1),
    help="Of past.  [default: as many as there are, at most 5]",
)
def answer(
    data: Data,
    *,
    by: str | None,
    cell: float | None,
    method: str,
    monitored: int,
    alpha: float,
    fdr: float,
    years_back: int | None,
) -> Answer:
    """Is this week more than these weeks usually bring, in each area or category?

    \b
    lagesbild surveillance events.csv --by category
    lagesbild surveillance events.csv --by location --method c1 --weeks 4 --out weeks.csv
    """
    kind = by or _usual(data)
    panel = weekly(data, kind, cell)
    size = panel.counts.shape[1]
    weeks = np.arange(max(0, size - monitored), size)
    years = max(0, (int(weeks[0]) - _HALF_WINDOW) // _YEAR)
    if method == "auto":
        method = "farrington" if years >= _FEWEST_YEARS else "bayes"
    past = years_back or max(1, min(years, _MOST_YEARS))
    with working("Monitoring"):
        _long_enough(method, int(weeks[0]), past, asked=years_back is not None)
        result = _computed(method, panel, weeks, alpha, past)
    rows = _rows(result, panel)
    lines = [
        *_told(rows, result, panel, fdr),
        *basis_lines(result.basis, data.basis, panel.said, _how(result, method)),
    ]
    return Answer(
        lines=lines,
        result=result,
        columns={name: [row[name] for row in rows] for name in rows[0]},
        drawn={"counts": panel.counts, "labels": panel.labels, "starts": panel.mondays},
    )


def _usual(data: Data) -> str:
    if data.events.location is not None:
        return "location"
    return "category" if data.events.category is not None else "all"


def _long_enough(method: str, before: int, years: int, *, asked: bool) -> None:
    if method == "farrington" and before < years * _YEAR + _HALF_WINDOW:
        name = "years_back" if asked else "method"
        raise ValueError(
            f"{name}: farrington with {years} year{'s' if years > 1 else ''} of past wants "
            f"{years * _YEAR + _HALF_WINDOW} weeks or more before the first monitored, "
            f"and there are {before}. Take --method bayes or c2, or give more years"
        )


def _computed(
    method: str, panel: Weekly, weeks: np.ndarray, alpha: float, years: int
) -> surveillance.Surveillance:
    counts = panel.counts
    common: dict[str, Any] = {"weeks": weeks}
    methods: dict[str, Any] = {
        "farrington": lambda: surveillance.farrington_flexible(
            counts, alpha=alpha, years_back=years, **common
        ),
        "bayes": lambda: surveillance.bayes(counts, alpha=alpha, **common),
        "cusum": lambda: surveillance.cusum(counts, **common),
        "glr": lambda: surveillance.glr_poisson(counts, **common),
        "rki": lambda: surveillance.rki(counts, **common),
    }
    if method in methods:
        found: surveillance.Surveillance = methods[method]()
        return found
    return surveillance.ears(counts, method=method.upper(), **common)  # type: ignore[arg-type]


def _rows(result: surveillance.Surveillance, panel: Weekly) -> list[dict[str, Any]]:
    """A row for each series and monitored week, the least expected first."""
    rows = []
    for series, label in enumerate(panel.labels):
        for place, week in enumerate(result.weeks):
            row = {"series": label, "week": panel.mondays[week],
                   "events": int(panel.counts[series, week])}  # fmt: skip
            for name in ("expected", "upper_bound", "score", "p_value", "q_value", "alarm"):
                row[name] = np.atleast_2d(getattr(result, name))[series, place]
            rows.append(row)
    worst = {"p_value": 1.0, "q_value": 1.0}
    return sorted(rows, key=lambda row: (
        *(np.nan_to_num(row[name], nan=other) for name, other in worst.items()),
        not row["alarm"], -np.nan_to_num(row["score"]),
    ))  # fmt: skip


def _how(result: surveillance.Surveillance, method: str) -> str:
    if np.isfinite(result.p_value).any():
        return "p: chance of such a count or more; q: adjusted over the series of a week."
    if method in ("farrington", "bayes", "c1", "c2"):
        return "No p-value: no series has enough events for one."
    return "This method gives no p-value: its alarms follow the bound."


def _told(
    rows: list[dict[str, Any]], result: surveillance.Surveillance, panel: Weekly, fdr: float
) -> list[str]:
    """The finding and its table: by q where there is one, and rare series on their own."""
    has_p = bool(np.isfinite(result.p_value).any())
    found = [row for row in rows if (row["q_value"] <= fdr if has_p else row["alarm"])]
    span = day(panel.mondays[result.weeks[0]])
    if result.weeks.size > 1:
        span += f" to {day(panel.mondays[result.weeks[-1]])}"
    when = f"the week{'s' if result.weeks.size > 1 else ''} from {span}"
    total = int(panel.counts.sum())
    if total < _LITTLE and not found:
        return [f"Too little to tell: {number(total)} events in {panel.counts.shape[1]} weeks"]
    if not np.isfinite(result.expected).any() and not found:
        return [f"Too little to tell: no series has enough events in {when}"]
    mean = dict(zip(panel.labels, panel.counts.mean(axis=1), strict=True))
    common = [row for row in found if mean[row["series"]] >= _RARE]
    rare = [row for row in found if mean[row["series"]] < _RARE]
    return [
        _headline(len({row["series"] for row in found}), len(panel.labels), when,
                  f"q ≤ {fdr:g}" if has_p else ""),
        *_table(common),
        *(["", "Rare, below one event a week: a single event more can do it."] if rare else []),
        *_table(rare),
        *_above_only(rows, found),
    ]  # fmt: skip


def _headline(found: int, series: int, when: str, limit: str) -> str:
    of = f"{number(series)} series"
    if not limit:
        return (f"{number(found)} of {of} above their bound in {when}" if found
                else f"Nothing unusual: none of {of} above its bound in {when}")  # fmt: skip
    return (f"{number(found)} of {of} with more than usual ({limit}) in {when}" if found
            else f"Nothing unusual: none of {of} with {limit} in {when}")  # fmt: skip


def _above_only(rows: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[str]:
    """Counts above a bound of their own: among many series some always are."""
    others = sum(bool(row["alarm"]) for row in rows) - sum(bool(row["alarm"]) for row in found)
    if others <= 0:
        return []
    return ["", f"{number(others)} more of {number(len(rows))} counts are above a bound of their "
            "own, as some always are among many (--out has them all)."]  # fmt: skip


def _table(alarms: list[dict[str, Any]]) -> list[str]:
    if not alarms:
        return []
    shown = alarms[:_SHOWN]
    more = [f"  and {number(len(alarms) - _SHOWN)} more"] if len(alarms) > _SHOWN else []
    return ["", *table({
        "series": [row["series"] for row in shown],
        "week from": [day(row["week"]) for row in shown],
        "events": [number(row["events"]) for row in shown],
        "expected": [number(row["expected"], 1) for row in shown],
        "bound": [number(row["upper_bound"], 1) for row in shown],
        "score": [number(row["score"], 2) for row in shown],
        "p": [p_text(row["p_value"]) for row in shown],
        "q": [p_text(row["q_value"]) for row in shown],
    }), *more]  # fmt: skip


command = statistic("surveillance", suffixes=(".json", ".csv", ".svg", ".png"))(answer)
