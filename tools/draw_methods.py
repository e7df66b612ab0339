"""Draws the pictures of the methods' pages: docs/methods/pictures/*.svg, from made-up data.

draw_methods.py           all of them
draw_methods.py NAME...   only these

Prints the line that shows each in a page. The same code draws the same bytes; run it after a figure
has changed, and look at what changed.
"""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from lagesbild import (
    aoristic,
    cube,
    disclosure,
    evaluation,
    hotspots,
    kde,
    location,
    near_repeat,
    neighbours,
    plot,
    prediction,
    rostering,
    scan,
    simulate,
    surveillance,
)

PICTURES = Path(__file__).resolve().parent.parent / "docs/methods/pictures"
WEEKS = 156
FIRST, LAST = np.datetime64("2023-01-02"), np.datetime64("2025-12-28")


@cache
def city() -> simulate.Simulation:
    """Forty areas over three years: a hot spot, an outbreak at the end, a measure half way."""
    described = simulate.City(
        places=30,
        hot_spots=[simulate.HotSpot(factor=5, areas=(9, 10, 16))],
        outbreaks=[
            simulate.Outbreak(
                factor=5, areas=(20, 21), start=WEEKS - 4, weeks=4, categories=("damage", "litter")
            ),
            simulate.Outbreak(
                factor=8, areas=tuple(range(40)), start=WEEKS - 1, categories=("fire",)
            ),
        ],
        measures=[simulate.Measure(effect=0.6, areas=(28, 29, 34, 35, 36), start=WEEKS // 2)],
        effort=simulate.Effort(),
        seed=1,
    )
    return described.simulate(str(FIRST), WEEKS, seed=2)


def density() -> plot.Figure:
    events = city().events
    found = kde.density(events, bandwidth=300.0, grid=50.0)
    return plot.figure(found, language="en", period=(FIRST, LAST))


def hot_spots() -> plot.Figure:
    events = city().events
    grid = kde.Grid.covering(
        events.x.min(), events.y.min(), events.x.max(), events.y.max(), cell=250.0
    )
    counts = cube.count(events, grid=grid).by_area().sum(axis=1)
    found = hotspots.getis_ord(
        counts, neighbours.grid(grid.rows, grid.columns), permutations=9999, seed=1
    )
    x, y = np.meshgrid(grid.x, grid.y)
    return plot.figure(
        found, language="en", x=x.ravel(), y=y.ravel(), cell_m=250.0, counts=counts,
        period=(FIRST, LAST),
    )  # fmt: skip


def clusters() -> plot.Figure:
    events = city().by_area()
    recent = events.take(events.start >= LAST - 363)
    found = scan.space_time_permutation(
        recent, time_unit="week", max_duration=8, max_radius_m=3000, prospective=True, seed=1
    )
    return plot.figure(found, language="en", events=city().events.take(
        np.arange(0, len(city().events), 5)))  # fmt: skip


def weeks() -> plot.Figure:
    counted = cube.count(city().events, first=FIRST, last=LAST)
    weekly = counted.counts.sum(axis=0, dtype=np.int64).T
    found = surveillance.farrington_flexible(
        weekly, weeks=np.arange(WEEKS - 40, WEEKS), years_back=2
    )
    return plot.figure(
        found, language="en", counts=weekly, labels=[str(name) for name in counted.categories],
        starts=counted.weeks, level=0.05,
    )  # fmt: skip


def near_repeats() -> plot.Figure:
    events = city().events
    found = near_repeat.knox(
        events.take(events.category == "damage"), distances=[0, 100, 200, 400, 800],
        intervals=[7, 14, 21, 28], method="normal",
    )  # fmt: skip
    return plot.figure(found, language="en", period=(FIRST, LAST))


def weekday_hour() -> plot.Figure:
    events = city().events
    found = aoristic.weekday_hour(events.take(events.category == "disorder"), seed=1)
    return plot.figure(found, language="en", period=(FIRST, LAST))


@cache
def panel() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts by area and four weeks, which areas had the measure, and from when on."""
    counts = city().counts().reshape(40, WEEKS // 4, 4).sum(axis=2)
    treated = np.isin(np.arange(40), (28, 29, 34, 35, 36))
    return counts, treated, np.arange(WEEKS // 4) >= WEEKS // 8 + 1


def displacement() -> plot.Figure:
    found = evaluation.weighted_displacement_difference(
        treated=(212, 131), control=(198, 204), displacement=(120, 112),
        displacement_control=(131, 127),
    )  # fmt: skip
    return plot.figure(found, language="en")


def difference() -> plot.Figure:
    counts, treated, after = panel()
    found = evaluation.difference_in_differences(counts, treated=treated, after=after)
    return plot.figure(found, language="en", counts=counts, treated=treated, after=after)


def synthetic() -> plot.Figure:
    counts, treated, after = panel()
    found = evaluation.synthetic_control(
        counts, treated=treated, treatment_start=int(np.argmax(after)), seed=1
    )
    return plot.figure(found, language="en")


def power() -> plot.Figure:
    return plot.power_curve(before=120, control_before=120, language="en")


def hits() -> plot.Figure:
    events = city().events
    grid = kde.Grid.covering(
        events.x.min(), events.y.min(), events.x.max(), events.y.max(), cell=250.0
    )
    past = events.start < LAST - 27
    surface = kde.density(events.take(past), bandwidth=300.0, grid=grid)
    came = cube.count(events.take(~past), grid=grid).by_area().sum(axis=1)
    return plot.figure(prediction.accuracy(came, surface.values.ravel()), language="en")


def median() -> plot.Figure:
    ground = city().city.map
    demands, sites = ground.centroids, ground.places[::40]
    cost = np.hypot(*(demands[:, None] - sites[None]).transpose(2, 0, 1))
    found = location.p_median(cost, 4, weights=ground.population)
    return plot.figure(
        found, language="en", demands=demands, sites=sites, weights=ground.population, unit="m"
    )


def hidden() -> plot.Figure:
    events = city().events.take(city().events.start >= LAST - 27)
    area = city().area[city().events.start >= LAST - 27]
    names, kind = np.unique(events.category, return_inverse=True)
    table = np.zeros((10, names.size), np.int64)
    np.add.at(table, (area[area < 10], kind[area < 10]), 1)
    labels = [[f"Area {number + 1}" for number in range(10)], names.tolist()]
    return plot.figure(disclosure.suppress(table, labels=labels), language="en")


def roster() -> plot.Figure:
    demand = [
        rostering.Shift(
            name=f"{kind} {number}", start=f"2025-04-{number:02d}T{begin}",
            end=f"2025-04-{number:02d}T{end}", need=2,
        )
        for number in range(25, 31)
        for kind, begin, end in (("Evening", "16:00", "20:00"), ("Night", "20:00", "23:30"))
    ]  # fmt: skip
    names = ("Amira", "Bo", "Cia", "Dag", "Elif")
    people = [rostering.Person(name=name, max_hours=16) for name in names]
    return plot.figure(rostering.shifts(demand, people), language="en")


def counted() -> plot.Figure:
    return plot.figure(cube.count(city().events, first=FIRST, last=LAST), language="en")


def made_up() -> plot.Figure:
    return plot.figure(city(), language="en")


DRAWN: dict[str, Callable[[], plot.Figure]] = {
    "aoristic": weekday_hour,
    "cube": counted,
    "disclosure": hidden,
    "evaluation-displacement": displacement,
    "evaluation-difference": difference,
    "evaluation-power": power,
    "evaluation-synthetic": synthetic,
    "hotspots": hot_spots,
    "kde": density,
    "location": median,
    "near-repeat": near_repeats,
    "prediction": hits,
    "rostering": roster,
    "scan": clusters,
    "simulation": made_up,
    "surveillance": weeks,
}


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - set(DRAWN)
    if unknown:
        print(f"No such picture: {', '.join(sorted(unknown))}; there are {', '.join(DRAWN)}")
        return 2
    PICTURES.mkdir(exist_ok=True)
    for name in wanted or DRAWN:
        figure = DRAWN[name]()
        figure.save(PICTURES / f"{name}.svg")
        print(f"![{figure.alt}](pictures/{name}.svg)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
