"""`lagesbild kde`."""

from __future__ import annotations

import click
import numpy as np

from lagesbild import kde
from lagesbild.cli._answer import Answer, Features
from lagesbild.cli._command import statistic, working
from lagesbild.cli._data import Data, takes_events
from lagesbild.cli._options import Metres, bandwidth_given
from lagesbild.cli._place import square
from lagesbild.cli._text import basis_lines, number, table

_ACROSS = 200  # cells along the longer side, unless said
_SHOWN = 10
_FAINT = 0.01  # of the peak: what lies below is left out of maps


@takes_events
@click.option(
    "--bandwidth",
    default="scott",
    show_default=True,
    metavar="RULE|M",
    help="scott, silverman, cv (cross-validation), or metres.",
)
@click.option(
    "--kernel", type=click.Choice(["gaussian", "quartic"]), default="gaussian", show_default=True
)
@click.option("--cell", type=Metres(), metavar="M", help="[default: the longer side in 200]")
@click.option("--adaptive", is_flag=True, help="Narrower where events lie thick (Abramson).")
@click.option(
    "--no-edge-correction",
    "edge_correction",
    flag_value=False,
    default=True,
    type=bool,
    help="Do not correct for what the box of the events cuts off.",
)
def answer(
    data: Data,
    *,
    bandwidth: str,
    kernel: kde.Kernel,
    cell: float | None,
    adaptive: bool,
    edge_correction: bool,
) -> Answer:
    """How thickly do events lie, everywhere?

    \b
    lagesbild kde events.csv --bandwidth 300 --out density.svg
    lagesbild kde events.csv --bandwidth cv --adaptive --out density.geojson
    """
    events = data.events
    side = max(float(np.ptp(events.x)), float(np.ptp(events.y)))
    size = cell or max(1.0, float(f"{side / _ACROSS:.1g}"))
    with working("Computing the density"):
        result = kde.density(
            events, bandwidth=bandwidth_given(bandwidth), grid=size, kernel=kernel,
            adaptive=adaptive, edge_correction=edge_correction,
        )  # fmt: skip
    east, north = result.bandwidth
    lines = [
        f"Densest: {number(float(result.per_km2.max()), 1)} events per km², where the mean is "
        f"{number(float(result.per_km2.mean()), 1)}",
        "", *_peaks(result),
        *basis_lines(
            result.basis, data.basis,
            f"Bandwidth {number(east)} m east, {number(north)} m north; cells of {number(size)} m; "
            f"no value is off by more than {result.error_bound:.1e} of the peak. A density has no "
            "p-value: see hotspots and scan.",
        ),
    ]  # fmt: skip
    return Answer(lines=lines, result=result, columns=_columns(result),
                  features=_features(result, data.reading.epsg),
                  drawn={"period": data.period})  # fmt: skip


def _peaks(result: kde.Density) -> list[str]:
    """The highest cells that are higher than all around them."""
    padded = np.pad(result.values, 1, constant_values=-np.inf)
    rows, columns = result.values.shape
    around = [padded[i : i + rows, j : j + columns]
              for i in range(3) for j in range(3) if (i, j) != (1, 1)]  # fmt: skip
    is_peak = (result.values > np.max(around, axis=0)).ravel()
    peaks = np.flatnonzero(is_peak)
    best = peaks[np.argsort(-result.values.ravel()[peaks], kind="stable")][:_SHOWN]
    row, column = np.unravel_index(best, result.values.shape)
    return table({
        "x": [f"{x:.0f}" for x in result.x[column]],
        "y": [f"{y:.0f}" for y in result.y[row]],
        "events per km²": [number(value, 1) for value in result.per_km2[row, column]],
    })  # fmt: skip


def _columns(result: kde.Density) -> dict[str, np.ndarray]:
    y, x = np.meshgrid(result.y, result.x, indexing="ij")
    return {"x": x.ravel(), "y": y.ravel(), "per_km2": result.per_km2.ravel()}


def _features(result: kde.Density, epsg: int | None) -> Features:
    columns = _columns(result)
    kept = columns["per_km2"] >= _FAINT * columns["per_km2"].max()
    places = zip(columns["x"][kept], columns["y"][kept], strict=True)
    return Features(
        "Polygon",
        [square(x, y, result.grid.cell) for x, y in places],
        [{"per_km2": float(f"{value:.6g}")} for value in columns["per_km2"][kept]],
        epsg,
    )


command = statistic("kde")(answer)
