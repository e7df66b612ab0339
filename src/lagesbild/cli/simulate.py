"""`lagesbild simulate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from lagesbild import simulate
from lagesbild.cli._answer import (
    Answer,
    Features,
    Rows,
    deliver,
    write_csv,
    write_geojson,
    write_parquet,
)
from lagesbild.cli._command import understood, working
from lagesbild.cli._data import day_option
from lagesbild.cli._text import basis_lines, day, number, table
from lagesbild.events import Events

# Where the made-up city is put: the plane of SWEREF 99 TM, in a lake.
_EAST, _NORTH, _EPSG = 500_000.0, 6_540_000.0, 3006
_PLANTED = ("hot-spot", "outbreak", "drift", "measure")
_SUFFIXES = (".csv", ".parquet", ".geojson")


@click.command("simulate")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--weeks", type=click.IntRange(min=1), default=52, show_default=True)
@day_option("--start", default="2025-01-06", show_default=True, help="The first day.")
@click.option("--areas", type=click.IntRange(min=7), default=40, show_default=True)
@click.option(
    "--times",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="As many events as usual: 1 is some 155 a week.",
)
@click.option(
    "--plant",
    type=click.Choice(_PLANTED),
    multiple=True,
    help="Something to be found: four times as much at always the same places; an "
    "outbreak in the last three weeks; a rise by half in a year; a measure at half time "
    "that takes away 30 %. May be repeated.",
)
@click.option("--reporters", is_flag=True, help="Only what somebody reports comes to be known.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the city and its truth as JSON.")
def command(
    file: Path,
    *,
    weeks: int,
    start: np.datetime64,
    areas: int,
    times: float,
    plant: tuple[str, ...],
    reporters: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Write events of a made-up city to FILE (.csv, .parquet, .geojson).

    Areas, places, rhythms, the year's feasts and near repeats are as in a city; nothing is real.

    \b
    lagesbild simulate events.csv --weeks 52 --seed 1
    lagesbild simulate events.csv --plant outbreak --plant measure
    """
    if file.suffix.lower() not in _SUFFIXES:
        raise click.BadParameter(
            f"a name ending in {', '.join(_SUFFIXES)} wanted", param_hint="FILE"
        )
    with understood(), working("Simulating"):
        city = _city(areas, times, plant, weeks, reporters, seed)
        found = city.simulate(start, weeks, seed=seed)
    columns = _columns(found)
    _write(file, columns, found.events)
    deliver(Answer(lines=_lines(file, found), result=found), as_json=as_json, out=None,
            language="en")  # fmt: skip


def _city(
    areas: int, times: float, plant: tuple[str, ...], weeks: int, reporters: bool, seed: int
) -> simulate.City:
    from dataclasses import replace

    city = simulate.City(
        areas=areas,
        categories=[replace(one, weekly=one.weekly * times) for one in simulate.USUAL],
        effort=simulate.Effort() if reporters else None,
        seed=seed,
    )
    near = [int(each) for each in city.map.near([0], count=3)]
    far = int(np.argmax(np.hypot(*(city.map.centroids - city.map.centroids[0]).T)))
    parts: dict[str, dict[str, Any]] = {
        "hot-spot": {"hot_spots": [simulate.HotSpot(factor=4.0, places=tuple(
            np.flatnonzero(city.map.place_area == far)[:3].tolist()))]},
        "outbreak": {"outbreaks": [simulate.Outbreak(
            factor=4.0, areas=(0, *near[:2]), start=max(0, weeks - 3), weeks=3)]},
        "drift": {"drifts": [simulate.Drift(yearly=1.5)]},
        "measure": {"measures": [simulate.Measure(
            effect=0.7, areas=(0, *near), start=weeks // 2)]},
    }  # fmt: skip
    for name in plant:
        city = city.changed(**parts[name])
    return city


def _columns(found: simulate.Simulation) -> dict[str, np.ndarray]:
    events = found.events
    end = events.start if events.end is None else events.end
    return {
        "x": np.round(events.x + _EAST, 1),
        "y": np.round(events.y + _NORTH, 1),
        "start": events.start,
        "end": end,
        "category": np.asarray(events.category),
        "location": np.array([f"A{area}" for area in found.area]),
        "place": np.asarray(events.location),
    }


def _write(file: Path, columns: dict[str, np.ndarray], events: Events) -> None:

    suffix = file.suffix.lower()
    if suffix == ".csv":
        write_csv(file, columns)
    elif suffix == ".parquet":
        write_parquet(file, columns)
    else:
        properties = Rows({name: columns[name] for name in columns if name not in ("x", "y")})
        points = np.column_stack([columns["x"], columns["y"]])
        write_geojson(file, Features("Point", points, properties, _EPSG))


def _lines(file: Path, found: simulate.Simulation) -> list[str]:
    planted = [
        {
            "planted": one.kind,
            "areas": ", ".join(f"A{area}" for area in one.areas[:6]),
            "from": "-" if one.first is None else day(one.first),
            "to": "-" if one.last is None else day(one.last),
            "events more": number(one.difference),
        }
        for one in found.truth.planted
    ]
    return [
        f"{number(len(found.events))} events of a made-up city with {found.effort.shape[0]} areas, "
        f"{found.weeks} weeks from {found.start}, in {file}",
        *(["", *table({name: [row[name] for row in planted] for name in planted[0]})]
          if planted else []),
        *basis_lines(found.basis, "Nothing in it is real; `location` is the area, A0 and so on."),
    ]  # fmt: skip
