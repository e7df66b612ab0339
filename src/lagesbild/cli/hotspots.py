"""`lagesbild hotspots`."""

from __future__ import annotations

import click
import numpy as np

from lagesbild import hotspots, neighbours
from lagesbild.cli._answer import Answer, Features
from lagesbild.cli._command import statistic, working
from lagesbild.cli._data import Data, takes_events
from lagesbild.cli._place import cell_numbers, covering, square
from lagesbild.cli._text import basis_lines, number, p_text, table

_SHOWN = 15


@takes_events
@click.option(
    "--cell",
    type=click.FloatRange(min=0, min_open=True),
    default=250.0,
    show_default=True,
    metavar="M",
    help="Side of the squares that events are counted in.",
)
@click.option(
    "--permutations",
    type=int,
    default=None,
    help="Ten for each cell, from 9999 to 99999, unless given: fewer cannot support q.",
)
@click.option(
    "--alternative",
    type=click.Choice(["greater", "less", "two-sided"]),
    default="greater",
    show_default=True,
    help="High counts, low ones, or both.",
)
@click.option(
    "--level",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="Of the adjusted p-value (q).",
)
@click.option(
    "--multiple-testing",
    type=click.Choice(["fdr_bh", "holm", "bonferroni", "none"]),
    default="fdr_bh",
    show_default=True,
    help="How q makes up for testing all cells.",
)
def answer(
    data: Data,
    *,
    cell: float,
    permutations: int | None,
    alternative: str,
    level: float,
    multiple_testing: str,
    seed: int,
) -> Answer:
    """Where do high counts lie together more than chance explains?

    Getis-Ord Gi* on square cells over the box of the events; a cell's eight neighbours count.

    \b
    lagesbild hotspots events.csv --cell 250 --seed 1
    lagesbild hotspots events.csv --category damage --out hotspots.geojson
    """
    grid = covering(data.events, cell)
    size = grid.rows * grid.columns
    counts = np.bincount(cell_numbers(grid, data.events), data.events.weights, size)
    if size < 3:
        raise ValueError(f"cell: {cell:g} m makes {size} cells; at least 3 wanted")
    if permutations is None:
        permutations = min(max(9_999, 10 * size), 99_999)
    with working("Drawing permutations"):
        result = hotspots.getis_ord(
            counts, neighbours.grid(grid.rows, grid.columns), permutations=permutations,
            permute="all", alternative=alternative,  # type: ignore[arg-type]
            multiple_testing=None if multiple_testing == "none" else multiple_testing, seed=seed,
        )  # fmt: skip
    y, x = (each.ravel() for each in np.meshgrid(grid.y, grid.x, indexing="ij"))
    columns = {"x": x, "y": y, "events": counts, "z": result.z, "p_norm": result.p_norm,
               "p_sim": result.p_sim, "q": result.q}  # fmt: skip
    hot = np.flatnonzero(result.significant(level) & _stands_out(counts, alternative))
    least = f"the least that they can give is {1 / (permutations + 1):.2g}"
    lines = [
        _headline(hot, size, level, counts, alternative), *_table(columns, hot),
        *basis_lines(
            result.basis, data.basis,
            f"Area: {number(grid.columns)} × {number(grid.rows)} cells of {number(cell)} m, the "
            "box of the events; cells without events count.",
            f"p: rank of the sum over a cell and its eight neighbours among "
            f"{number(permutations)} permutations, (r + 1) / (m + 1); {least}. "
            f"q: p adjusted for all cells "
            f"({multiple_testing}).",
            f"The fullest cell holds {number(counts.max())} events. A single busy cell among quiet "
            "ones is no hot spot by this test: any draw may hold it. See kde.",
        ),
    ]  # fmt: skip
    there = np.flatnonzero((counts > 0) | (result.q <= level))
    return Answer(
        lines=lines,
        result=result,
        columns=columns,
        features=Features(
            "Polygon",
            [square(x[each], y[each], cell) for each in there],
            [{name: columns[name][each] for name in columns if name not in ("x", "y")}
             for each in there],
            data.reading.epsg,
        ),
        drawn={"x": x, "y": y, "cell_m": cell, "counts": counts, "level": level},
    )  # fmt: skip


def _stands_out(counts: np.ndarray, alternative: str) -> np.ndarray:
    """An empty cell next to a busy one is no place of much."""
    return (counts > 0) if alternative == "greater" else np.ones(counts.size, bool)


def _headline(
    hot: np.ndarray, size: int, level: float, counts: np.ndarray, alternative: str
) -> str:
    kinds = {"greater": "hot", "less": "cold", "two-sided": "hot or cold"}
    kind = kinds[alternative]
    if not hot.size:
        return f"No {kind} spot: no cell of {number(size)} has q at most {level:g}"
    said = (
        f"{number(hot.size)} of {number(size)} cells {'is' if hot.size == 1 else 'are'} {kind} "
        f"(q at most {level:g})"
    )
    if alternative != "greater":
        return said
    share = counts[hot].sum() / counts.sum()
    return f"{said}, with {100 * share:.0f} % of the events"


def _table(columns: dict[str, np.ndarray], hot: np.ndarray) -> list[str]:
    if not hot.size:
        return []
    shown = hot[np.argsort(-columns["z"][hot], kind="stable")][:_SHOWN]
    more = [f"  and {number(hot.size - _SHOWN)} more"] if hot.size > _SHOWN else []
    return ["", *table({
        "x": [f"{each:.0f}" for each in columns["x"][shown]],
        "y": [f"{each:.0f}" for each in columns["y"][shown]],
        "events": [number(each) for each in columns["events"][shown]],
        "z": [number(each, 2) for each in columns["z"][shown]],
        "p": [p_text(each) for each in columns["p_sim"][shown]],
        "q": [p_text(each) for each in columns["q"][shown]],
    }), *more]  # fmt: skip


command = statistic("hotspots", seed=True)(answer)
