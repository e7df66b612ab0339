"""`lagesbild locate`."""

from __future__ import annotations

import click
import numpy as np

from lagesbild import location
from lagesbild.cli._answer import Answer, Features
from lagesbild.cli._command import statistic, working
from lagesbild.cli._data import Data, takes_events
from lagesbild.cli._options import Names
from lagesbild.cli._place import at_places
from lagesbild.cli._text import basis_lines, number, table


@takes_events
@click.option(
    "--open",
    "p",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="How many to open.",
)
@click.option(
    "--radius",
    type=click.FloatRange(min=0),
    metavar="M",
    help="Reach as many events as can be within it, in place of the shortest ways.",
)
@click.option(
    "--among",
    type=Names(),
    metavar="PLACE,...",
    help="Only these of the file's locations may be opened.  [default: every place]",
)
@click.option("--cell", type=float, metavar="M", help="Count in square cells of this size.")
@click.option(
    "--time-limit", "time_limit_s", type=float, default=60.0, show_default=True, metavar="SECONDS"
)
def answer(
    data: Data,
    *,
    p: int,
    radius: float | None,
    among: tuple[str, ...] | None,
    cell: float | None,
    time_limit_s: float,
) -> Answer:
    """Where should things stand, so that the ways to the events are shortest?

    Ways are straight lines between the file's places; each event counts its weight.

    \b
    lagesbild locate events.csv --open 2
    lagesbild locate events.csv --open 3 --radius 500 --among A1,A4,A9
    """
    placed = at_places(data.events, cell)
    points, rows = np.unique(
        np.column_stack([placed.events.x, placed.events.y]), axis=0, return_inverse=True
    )
    weights = np.bincount(rows.ravel(), placed.events.weights, len(points))
    names = _names(placed.events.location, rows.ravel(), len(points))
    sites = _sites(names, among)
    cost = np.hypot(points[:, None, 0] - points[None, sites, 0],
                    points[:, None, 1] - points[None, sites, 1])  # fmt: skip
    with working("Looking for the best plan"):
        if radius is None:
            plan = location.p_median(cost, p, weights=weights, time_limit_s=time_limit_s)
        else:
            plan = location.maximal_covering(
                cost, p, radius=radius, weights=weights, time_limit_s=time_limit_s
            )
    chosen = sites[plan.open]
    served = np.array([weights[plan.assigned == site].sum() for site in plan.open])
    columns = {"place": [names[each] for each in chosen], "x": points[chosen, 0],
               "y": points[chosen, 1], "events": served}  # fmt: skip
    proven = ("proven to be the best" if plan.status == "optimal"
              else f"the best found in time, at most {plan.gap:.1%} from the best")  # fmt: skip
    lines = [
        _headline(plan, float(weights.sum()), p, radius), "",
        *table({
            "place": columns["place"], "x": [f"{each:.0f}" for each in columns["x"]],
            "y": [f"{each:.0f}" for each in columns["y"]],
            "nearest to events": [number(each) for each in served],
        }),
        *basis_lines(plan.basis, data.basis, placed.said,
                     f"The plan is {proven} ({plan.method}); ways are straight lines."),
    ]  # fmt: skip
    features = Features(
        "Point", points[chosen],
        [{"place": name, "events": number_} for name, number_ in zip(columns["place"], served,
                                                                  strict=True)],
        data.reading.epsg,
    )  # fmt: skip
    drawn = {"demands": points, "sites": points[sites], "weights": weights}
    return Answer(lines=lines, result=plan, columns=columns, features=features, drawn=drawn)


def _names(labels: np.ndarray | None, rows: np.ndarray, size: int) -> list[str]:
    if labels is None:
        return [f"point {each + 1}" for each in range(size)]
    first = np.full(size, -1)
    first[rows[::-1]] = np.arange(rows.size)[::-1]
    return [str(labels[each]) for each in first]


def _sites(names: list[str], among: tuple[str, ...] | None) -> np.ndarray:
    if among is None:
        return np.arange(len(names))
    unknown = [name for name in among if name not in names]
    if unknown:
        raise ValueError(f"among: no place {unknown[0]!r} in the file")
    return np.array([names.index(name) for name in among])


def _headline(plan: location.Plan, events: float, p: int, radius: float | None) -> str:
    places = f"{p} place{'s' if p > 1 else ''}"
    if radius is not None:
        share = plan.objective / events if events else 0.0
        return f"{places} reach {share:.0%} of the events within {number(radius)} m"
    mean = plan.objective / events if events else 0.0
    return f"With {places} the mean way to an event is {number(mean)} m"


command = statistic("locate")(answer)
