"""`lagesbild near-repeat`."""

from __future__ import annotations

import click
import numpy as np

from lagesbild import near_repeat, significance
from lagesbild.cli._answer import Answer
from lagesbild.cli._command import statistic, working
from lagesbild.cli._data import Data, takes_events
from lagesbild.cli._options import Numbers
from lagesbild.cli._text import basis_lines, number, p_text, table

_FEWEST_PAIRS, _FEWEST_PLACES, _CLOSELY = 5, 3, 1.2
_SAID = {
    "permutation": "p: rank among permutations of the times over the places, (r + 1) / (m + 1)",
    "poisson": "p: a Poisson count with the expected number as mean (Knox)",
    "normal": "p: normal, with the exact mean and variance over all permutations",
}


@takes_events
@click.option(
    "--distances",
    type=Numbers(),
    default="0,100,200,400",
    show_default=True,
    metavar="M,...",
    help="Upper edges of the bands; 0 sets the very same place apart.",
)
@click.option(
    "--intervals",
    type=Numbers(),
    default="7,14,28",
    show_default=True,
    metavar="DAYS,...",
    help="Upper edges of the bands.",
)
@click.option("--permutations", type=int, default=999, show_default=True)
@click.option("--method", type=click.Choice([*_SAID]), default="permutation", show_default=True)
@click.option("--level", type=click.FloatRange(0, 1), default=0.05, show_default=True)
def answer(
    data: Data,
    *,
    distances: tuple[float, ...],
    intervals: tuple[float, ...],
    permutations: int,
    method: near_repeat.Method,
    level: float,
    seed: int,
) -> Answer:
    """Do events follow one another closely in space and time?

    Knox' test, in bands of distance and time.

    \b
    lagesbild near-repeat events.csv --category damage --seed 1
    lagesbild near-repeat events.csv --distances 200,400 --intervals 7,14 --out knox.csv
    """
    with working("Counting pairs"):
        result = near_repeat.knox(
            data.events, distances=distances, intervals=intervals, permutations=permutations,
            method=method, seed=seed,
        )  # fmt: skip
    columns = _columns(result)
    places = len(np.unique(np.column_stack([data.events.x, data.events.y]), axis=0))
    adjusted = significance.holm(result.p_value).ravel()
    shown = {
        "distance": columns["distance"], "days": columns["days"],
        "pairs": [number(each) for each in result.observed.ravel()],
        "expected": [number(each, 1) for each in result.expected.ravel()],
        "ratio": [number(each, 2) for each in result.ratio.ravel()],
        "p": [p_text(each) for each in result.p_value.ravel()],
        "p adjusted": [p_text(each) for each in adjusted],
    }  # fmt: skip
    lines = [
        _headline(result, columns, adjusted, level, places < _FEWEST_PLACES, method), "",
        *table(shown),
        *_limits(result, data, method, permutations, level),
        *basis_lines(
            result.basis, data.basis,
            f"{_SAID[method]}; adjusted (Holm) for testing {result.p_value.size} bands.",
        ),
    ]  # fmt: skip
    return Answer(
        lines=lines,
        result=result,
        columns={**columns, "pairs": result.observed.ravel(), "expected": result.expected.ravel(),
                 "ratio": result.ratio.ravel(), "p_value": result.p_value.ravel(),
                 "p_adjusted": adjusted},
        drawn={"period": data.period, "level": level},
    )  # fmt: skip


def _least(result: near_repeat.NearRepeat) -> float:
    """The smallest adjusted p that so many permutations can give."""
    return float(result.p_value.size / (result.basis.replicates + 1))


def _limits(
    result: near_repeat.NearRepeat,
    data: Data,
    method: near_repeat.Method,
    permutations: int,
    level: float,
) -> list[str]:
    """What the answer cannot tell, each a line; nothing where there is nothing to say."""
    tests, least = result.p_value.size, _least(result)
    lines = []
    if method == "permutation" and least > level:
        lines.append(
            f"With {number(permutations)} permutations nothing could have been found: for {tests} "
            f"bands no adjusted p can be below {least:.2g}. Take --permutations "
            f"{number(int(np.ceil(tests / level)) * 2 - 1).replace(',', '')} or more."
        )
    lines.append(
        "An area whose numbers rise or fall over the period makes near repeats too, without any "
        "event following another."
    )
    if data.events.category is not None and np.unique(data.events.category).size > 1:
        lines.append("All categories together; --category looks at one.")
    return ["", *lines]


def _columns(result: near_repeat.NearRepeat) -> dict[str, list[str]]:
    distances = [_band(result.distances, band, "m") for band in range(result.distances.size)]
    days = [_band(result.intervals, band, "days") for band in range(result.intervals.size)]
    return {
        "distance": [each for each in distances for _ in days],
        "days": [each for _ in distances for each in days],
    }


def _band(edges: np.ndarray, band: int, unit: str) -> str:
    if edges[band] == 0:
        return "same place" if unit == "m" else "same moment"
    lower = f"{edges[band - 1]:g} to " if band else "up to "
    return f"{lower}{edges[band]:g} {unit}"


def _headline(
    result: near_repeat.NearRepeat,
    columns: dict[str, list[str]],
    adjusted: np.ndarray,
    level: float,
    is_one_place: bool,
    method: near_repeat.Method,
) -> str:
    found = np.flatnonzero((adjusted <= level) & (result.ratio.ravel() > 1))
    if is_one_place:
        return "Too little to tell: hardly any places, so nearness in space tells nothing"
    if not found.size and result.expected.sum() < _FEWEST_PAIRS:
        return (f"Too little to tell whether events follow one another: chance alone would give "
                f"{number(float(result.expected.sum()), 1)} pairs in all bands")  # fmt: skip
    if not found.size and method == "permutation" and _least(result) > level:
        return "Too few permutations to tell whether events follow one another"
    if not found.size:
        return f"No sign that events follow one another closely (no adjusted p up to {level:g})"
    best = found[np.argmax(result.ratio.ravel()[found])]
    times = float(result.ratio.ravel()[best])
    how = "closely" if times >= _CLOSELY else "a little more closely than by chance"
    ratio = number(times, 2 if times < _CLOSELY else 1)
    return (
        f"Events follow one another {how}: {ratio} times as many pairs as chance gives at "
        f"{columns['distance'][best]}, {columns['days'][best]}"
    )


command = statistic("near-repeat", suffixes=(".json", ".csv", ".svg", ".png"), seed=True)(answer)
