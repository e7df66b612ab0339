"""How long the scans take, against SaTScan's time on data made the same way.

    python bench/lagesbild_scan.py [--rounds 5] [--json FILE] [--long]
    python bench/lagesbild_scan.py --errors 2000      false alarms and power instead of times

SaTScan is not run here: its CPU seconds stand below, measured elsewhere on 2 cores with 999
replicates.
"""

import sys

import numpy as np
from _measuring import Benchmark, Curve, Peer, Task, Work, run

from lagesbild import scan
from lagesbild.events import Events

SIDE_M = 20_000.0
SATSCAN_CPU_S = {
    "permutation 1000x156": 11.9,
    "permutation 2000x260": 24.0,  # 24 to 28
    "poisson 1000x156": 14.1,
    "poisson 2000 in space": 2.8,
}
LEAST_RATIO = 20
PROSPECTIVE = {"max_share": 0.1, "max_duration": 12, "time_unit": "week", "prospective": True}


def town(locations: int, weeks: int, cases: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coordinates, people and weekly counts of a town 20 km wide.

    In the last three weeks rates are doubled around the first location.
    """
    draw = np.random.default_rng(7)
    coordinates = draw.uniform(0, SIDE_M, (locations, 2))
    people = np.round(draw.gamma(4, 250, locations)) + 50
    expected = np.outer(people / people.sum(), np.full(weeks, cases / weeks))
    distance = np.hypot(*(coordinates - coordinates[0]).T)
    nearest = np.argsort(distance)[: max(3, locations // 100)]
    expected[np.ix_(nearest, range(weeks - 3, weeks))] *= 2.0
    return coordinates, people, draw.poisson(expected)


def as_events(coordinates: np.ndarray, counts: np.ndarray) -> Events:
    """One row for each location and week that has cases, the weight their number."""
    location, week = np.nonzero(counts)
    start = np.datetime64("2020-01-06") + 7 * week
    return Events(
        x=coordinates[location, 0],
        y=coordinates[location, 1],
        start=start.astype("datetime64[s]"),
        weight=counts[location, week].astype(float),
        location=location,
    )


def permutation(locations: int, weeks: int, cases: int = 100_000) -> Work:
    coordinates, _, counts = town(locations, weeks, cases)
    events = as_events(coordinates, counts)
    return lambda: scan.space_time_permutation(events, seed=1, **PROSPECTIVE)


def poisson() -> Work:
    coordinates, people, counts = town(1000, 156, 100_000)
    return lambda: scan.poisson(counts, people, coordinates, seed=1, **PROSPECTIVE)


def in_space(max_share: float) -> Work:
    coordinates, people, counts = town(2000, 260, 100_000)
    cases = counts.sum(axis=1)
    return lambda: scan.poisson(cases, people, coordinates, max_share=max_share, seed=1)


def nothing_there() -> Work:
    coordinates, _, counts = town(2000, 260, 100_000)
    quiet = as_events(coordinates, counts[:, :-3])
    return lambda: scan.space_time_permutation(quiet, seed=1, stop_after=50, **PROSPECTIVE)


def error_rates(simulations: int) -> dict[str, float]:
    """The share of data sets whose most likely cluster has p at most 0.05, by what was planted.

    A small town: 50 places of very different size, 26 weeks with a season, 500 cases; weekly
    prospective scans with 199 replicates. `rate 2` doubles the rate at the six places around one
    of them during the last three weeks; `repeats` makes a share of cases a copy of another at the
    same place in the same week, which no scan knows of. A quarter of the simulations for all but
    `nothing`.
    """
    found = {}
    for name, rate, repeats in (
        ("nothing", 1.0, 0.0),
        ("rate 1.5", 1.5, 0.0),
        ("rate 2", 2.0, 0.0),
        ("rate 3", 3.0, 0.0),
        ("rate 5", 5.0, 0.0),
        ("nothing, 10 % repeats", 1.0, 0.1),
        ("nothing, 30 % repeats", 1.0, 0.3),
    ):
        for model in ("permutation", "poisson", "bernoulli"):
            draw = np.random.default_rng(11)
            runs = simulations if name == "nothing" else simulations // 4
            hits = sum(alarm(model, draw, seed, rate, repeats) <= 0.05 for seed in range(runs))
            found[f"{model}: {name}"] = hits / runs
            print(f"{model:12} {name:24} {hits / runs:.3f}", flush=True)
    return found


def alarm(model: str, draw: np.random.Generator, seed: int, rate: float, repeats: float) -> float:
    """The p-value of the most likely cluster in one made-up data set."""
    weeks, cases = 26, 500
    coordinates, people = draw.uniform(0, 6000, (50, 2)), draw.gamma(1, 200, 50) + 20
    season = 1 + 0.3 * np.sin(np.arange(weeks) / 4)
    expected = np.outer(people / people.sum(), season / season.sum()) * cases
    near = np.argsort(np.hypot(*(coordinates - coordinates[0]).T))[:6]
    raised = expected.copy()
    raised[near, -3:] *= rate
    counts = draw.poisson(raised * (1 - repeats))
    counts += draw.poisson(counts * repeats / (1 - repeats))
    options = {"prospective": True, "replicates": 199, "seed": seed, "threads": 1}
    if model == "permutation":
        result = scan.space_time_permutation(
            as_events(coordinates, counts), time_unit="week", **options
        )
    elif model == "poisson":
        result = scan.poisson(counts, expected, coordinates, **options)
    else:
        result = scan.bernoulli(counts, draw.poisson(2 * expected), coordinates, **options)
    return result.clusters[0].p_value if result.clusters else 1.0


WORKS = {
    "permutation 1000x156": lambda: permutation(1000, 156),
    "permutation 2000x260": lambda: permutation(2000, 260),
    "poisson 1000x156": poisson,
    "poisson 2000 in space": lambda: in_space(0.1),
    "poisson 2000 in space, circles to 50 %": lambda: in_space(0.5),
    "permutation 2000x260, nothing there, early stop": nothing_there,
}
BENCHMARK = Benchmark(
    title="Scans with 999 replicates",
    tasks=[
        Task(
            name,
            prepare,
            Peer("SaTScan", SATSCAN_CPU_S[name]) if name in SATSCAN_CPU_S else None,
            least_ratio=LEAST_RATIO if name in SATSCAN_CPU_S else None,
        )
        for name, prepare in WORKS.items()
    ],
    curves=[
        Curve("cases, 500 locations x 104 weeks", (1_000, 10_000, 100_000, 1_000_000),
              lambda n: permutation(500, 104, n)),
    ],
)  # fmt: skip

if __name__ == "__main__":
    if sys.argv[1:2] == ["--errors"]:
        error_rates(int(sys.argv[2]))
    else:
        sys.exit(run(BENCHMARK, __file__))
