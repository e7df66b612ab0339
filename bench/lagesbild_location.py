"""How long choosing sites and making rosters take, against spopt's time on data made the same way.

    python bench/lagesbild_location.py [--rounds 5] [--json FILE]

spopt with HiGHS is not run here: its CPU seconds, measured on 2 cores, stand in `SPOPT_CPU_S`, and
the ratio is theirs over ours. Times are CPU seconds of the whole call in one process with both
cores (compilation, imports and reading left out), medians over the rounds. Fails where a plan is
not proven optimal, differs from the other algorithm's, or takes longer than its limit.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lagesbild import _location_search as search
from lagesbild.location import Plan, maximal_covering, p_median
from lagesbild.rostering import Person, Shift, shifts

SIDE_M = 20_000.0
SPOPT_CPU_S = {(2000, 100, 3): 73.0}
LEAST_RATIO, MOST_CPU_S = 1000.0, {(5000, 200, 3): 0.5}
SIZES = [(500, 50), (2000, 100), (5000, 200)]


@dataclass(frozen=True)
class Timed:
    cpu_s: float
    wall_s: float
    plan: Plan


def town(demands: int, sites: int) -> tuple[np.ndarray, np.ndarray]:
    """Metres as the crow flies between homes and sites in a town 20 km wide, and people.

    Seven homes of ten lie in 40 neighbourhoods of very different size, the others anywhere.
    """
    draw = np.random.default_rng(17)
    middle, width = draw.uniform(1500, SIDE_M - 1500, (40, 2)), draw.uniform(150, 600, 40)
    size = draw.gamma(1.0, 1.0, 40)
    lives = draw.choice(40, demands, p=size / size.sum())
    near = middle[lives] + draw.normal(0, 1, (demands, 2)) * width[lives, None]
    far = draw.uniform(0, SIDE_M, (demands, 2))
    homes = np.where(draw.random((demands, 1)) < 0.7, near, far)
    chosen = homes[draw.choice(demands, sites, replace=False)]
    metres = np.hypot(*(homes[:, None] - chosen[None]).transpose(2, 0, 1))
    return metres, draw.integers(1, 50, demands).astype(float)


def timed(task: object, rounds: int) -> Timed:
    """Medians, after one call that compiles or loads what is compiled."""
    assert callable(task)
    task()
    cpu, wall = [], []
    for _ in range(rounds):
        began = time.process_time(), time.perf_counter()
        plan = task()
        cpu.append(time.process_time() - began[0])
        wall.append(time.perf_counter() - began[1])
    return Timed(statistics.median(cpu), statistics.median(wall), plan)


def p_medians(rounds: int) -> tuple[list[dict[str, object]], list[str]]:
    """Rows of the table, and what is not as it should be."""
    rows, faults = [], []
    for demands, sites in SIZES:
        metres, people = town(demands, sites)
        for p in (3, 5, 10):
            found = timed(lambda m=metres, w=people, p=p: p_median(m, p, weights=w), rounds)
            size, name = (demands, sites, p), f"p-median {p} of {sites}, {demands} demands"
            row = {"task": name, "cpu_s": found.cpu_s, "wall_s": found.wall_s,
                   "status": found.plan.status, "method": found.plan.method,
                   "objective": found.plan.objective, "load": os.getloadavg()[0]}  # fmt: skip
            if size in SPOPT_CPU_S:
                row["ratio"] = SPOPT_CPU_S[size] / found.cpu_s
                if row["ratio"] < LEAST_RATIO:
                    faults.append(f"{name}: {row['ratio']:.0f} times, {LEAST_RATIO:.0f} wanted")
            if found.cpu_s > MOST_CPU_S.get(size, np.inf):
                faults.append(f"{name}: {found.cpu_s:.2f} s, at most {MOST_CPU_S[size]} wanted")
            if found.plan.status != "optimal":
                faults.append(f"{name}: not proven optimal")
            rows.append(row)
        other = search.bounded(metres * people[:, None], 3, [], np.inf)
        three = p_median(metres, 3, weights=people)
        if tuple(three.open) != other.plan:
            faults.append(f"3 of {sites}: enumeration and bounds disagree")
    return rows, faults


def coverings(rounds: int) -> list[dict[str, object]]:
    rows = []
    for demands, sites in SIZES:
        metres, people = town(demands, sites)
        found = timed(
            lambda m=metres, w=people: maximal_covering(m, 5, radius=2000, weights=w), rounds
        )
        rows.append({"task": f"covering within 2 km, 5 of {sites}, {demands} demands",
                     "cpu_s": found.cpu_s, "wall_s": found.wall_s, "status": found.plan.status,
                     "method": found.plan.method, "objective": found.plan.objective,
                     "load": os.getloadavg()[0]})  # fmt: skip
    return rows


def roster(people: int, days: int) -> tuple[list[Shift], list[Person]]:
    """Youth centres and night walks with first aid, for people who are there now and then."""
    draw = np.random.default_rng(1)
    monday = np.datetime64("2025-03-03T00:00")

    def at(day: int, hour: int) -> np.datetime64:
        return monday + np.timedelta64(day * 24 + hour, "h")

    demand = [
        Shift(name=f"{name} {day}", start=at(day, hour), end=at(day, hour + hours), need=need,
              fewest=fewest, skill=skill)
        for day in range(days)
        for name, hour, hours, need, fewest, skill in (
            ("youth centre", 16, 5, 2, 1, "youth"),
            ("night walk", 20, 5, 3, 2, None),
            ("first aid on the walk", 20, 5, 1, 1, "first aid"),
        )
    ]  # fmt: skip
    staff = [
        Person(
            name=f"person {number}",
            skills=[skill for skill in ("youth", "first aid") if draw.random() < 0.5],
            available=[(at(d, 12), at(d + 1, 8)) for d in range(days) if draw.random() < 0.75],
            max_week_hours=20.0,
        )
        for number in range(people)
    ]
    return demand, staff


def rosters() -> list[dict[str, object]]:
    rows = []
    for people, days in ((12, 7), (24, 14), (40, 28)):
        demand, staff = roster(people, days)
        began = time.process_time(), time.perf_counter()
        found = shifts(demand, staff, time_limit_s=20)
        rows.append({"task": f"roster, {people} people, {days} days, {len(demand)} shifts",
                     "cpu_s": time.process_time() - began[0],
                     "wall_s": time.perf_counter() - began[1], "status": found.status,
                     "method": "HiGHS", "objective": found.objective, "gap": found.gap,
                     "uncovered": sum(one.missing for one in found.uncovered),
                     "load": os.getloadavg()[0]})  # fmt: skip
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows, faults = p_medians(options.rounds)
    rows += coverings(options.rounds) + rosters()
    print(f"{'task':52}{'CPU s':>9}{'wall s':>9}{'ratio':>8}  {'method':13}status")
    for row in rows:
        ratio = f"{row['ratio']:.0f}x" if "ratio" in row else ""
        print(f"{row['task']:52}{row['cpu_s']:9.3f}{row['wall_s']:9.3f}{ratio:>8}"
              f"  {row['method']:13}{row['status']}")  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB; {platform.processor() or platform.machine()}")
    if options.json:
        options.json.write_text(json.dumps({"peak_mb": peak, "tasks": rows}, indent=1) + "\n")
    for fault in faults:
        print("NOT WITHIN ITS LIMIT:", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
