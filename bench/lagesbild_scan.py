"""How long the scans take, against SaTScan's time on data made the same way.

    python bench/lagesbild_scan.py [--rounds 5] [--json FILE]
    python bench/lagesbild_scan.py --errors 2000      false alarms and power instead of times

SaTScan is not run here: its CPU seconds, measured on 2 cores with 999 replicates, stand in
`SATSCAN_CPU_S`, and the ratio is theirs over ours. Times are CPU seconds of the whole call in one
process with both cores (compilation, imports and reading left out), medians over the rounds.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from lagesbild import scan
from lagesbild.events import Events

SIDE_M = 20_000.0
SATSCAN_CPU_S = {
    "permutation 1000x156": 11.9,
    "permutation 2000x260": 24.0,  # 24 to 28
    "poisson 1000x156": 14.1,
    "poisson 2000 in space": 2.8,
}
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


def tasks() -> dict[str, Callable[[], scan.ScanResult]]:
    small, large = town(1000, 156, 100_000), town(2000, 260, 100_000)
    in_space, quiet = large[2].sum(axis=1), as_events(large[0], large[2][:, :-3])
    events = {name: as_events(data[0], data[2]) for name, data in (("s", small), ("l", large))}
    return {
        "permutation 1000x156": lambda: scan.space_time_permutation(
            events["s"], seed=1, **PROSPECTIVE
        ),
        "permutation 2000x260": lambda: scan.space_time_permutation(
            events["l"], seed=1, **PROSPECTIVE
        ),
        "poisson 1000x156": lambda: scan.poisson(
            small[2], small[1], small[0], seed=1, **PROSPECTIVE
        ),
        "poisson 2000 in space": lambda: scan.poisson(
            in_space, large[1], large[0], max_share=0.1, seed=1
        ),
        "poisson 2000 in space, circles to 50 %": lambda: scan.poisson(
            in_space, large[1], large[0], seed=1
        ),
        "permutation 2000x260, nothing there, early stop": lambda: scan.space_time_permutation(
            quiet, seed=1, stop_after=50, **PROSPECTIVE
        ),
    }


def growth(rounds: int) -> dict[str, float]:
    """CPU seconds by number of cases, 500 locations and 104 weeks, and the exponent fitted."""
    seconds = {}
    for cases in (1_000, 10_000, 100_000, 1_000_000):
        coordinates, _, counts = town(500, 104, cases)
        events = as_events(coordinates, counts)
        seconds[cases] = measured(
            lambda events=events: scan.space_time_permutation(events, seed=1, **PROSPECTIVE), rounds
        )[0]
    slope = np.polyfit(np.log(list(seconds)), np.log(list(seconds.values())), 1)[0]
    return {**{f"{cases} cases": cpu for cases, cpu in seconds.items()}, "exponent": float(slope)}


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


def measured(task: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median CPU and wall seconds, after one call that compiles or loads what is compiled."""
    task()
    cpu, wall = [], []
    for _ in range(rounds):
        began = time.process_time(), time.perf_counter()
        task()
        cpu.append(time.process_time() - began[0])
        wall.append(time.perf_counter() - began[1])
    return statistics.median(cpu), statistics.median(wall)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--errors", type=int, metavar="SIMULATIONS")
    options = parser.parse_args()
    if options.errors:
        error_rates(options.errors)
        return
    found: dict[str, dict[str, float]] = {}
    print(f"{'task':50}{'CPU s':>9}{'wall s':>9}{'SaTScan':>9}{'ratio':>8}{'load':>7}")
    for name, task in tasks().items():
        cpu, wall = measured(task, options.rounds)
        peer = SATSCAN_CPU_S.get(name)
        load = os.getloadavg()[0]
        found[name] = {"cpu_s": cpu, "wall_s": wall, "load": load}
        shown = ("", "")
        if peer is not None:
            found[name] |= {"satscan_cpu_s": peer, "ratio": peer / cpu}
            shown = (f"{peer:.1f}", f"{peer / cpu:.0f}x")
        print(f"{name:50}{cpu:9.3f}{wall:9.3f}{shown[0]:>9}{shown[1]:>8}{load:7.1f}")
    found["growth"] = growth(options.rounds)
    print("growth:", ", ".join(f"{name} {value:.3g}" for name, value in found["growth"].items()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB; {platform.processor() or platform.machine()}")
    if options.json:
        options.json.write_text(json.dumps({"peak_mb": peak, "tasks": found}, indent=1))


if __name__ == "__main__":
    main()
