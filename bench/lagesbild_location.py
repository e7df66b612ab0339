"""How long choosing sites and making rosters take, against spopt's time on data made the same way.

    python bench/lagesbild_location.py [--rounds 5] [--json FILE] [--long]

spopt with HiGHS is not run here: its CPU seconds stand below, measured elsewhere on 2 cores. Also
fails where a plan is not proven optimal, or differs from the other algorithm's.
"""

import sys

import numpy as np
from _measuring import Benchmark, Curve, Peer, Task, Told, Work, run

from lagesbild import _location_search as search
from lagesbild.location import maximal_covering, p_median
from lagesbild.rostering import Person, Shift, shifts

SIDE_M = 20_000.0
SPOPT = {(2000, 100, 3): Peer("spopt, HiGHS", 73.0)}
LEAST_RATIO, MOST_CPU_S = 1000, {(5000, 200, 3): 0.5}
SIZES = [(500, 50), (2000, 100), (5000, 200)]


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


def median(demands: int, sites: int, p: int) -> Work:
    metres, people = town(demands, sites)
    return lambda: p_median(metres, p, weights=people)


def covering(demands: int, sites: int) -> Work:
    metres, people = town(demands, sites)
    return lambda: maximal_covering(metres, 5, radius=2000, weights=people)


def rostered(people: int, days: int) -> Work:
    demand, staff = roster(people, days)
    return lambda: shifts(demand, staff, time_limit_s=20)


def check(told: Told) -> None:
    """Proven optimal, and two algorithms that share no code find the same."""
    for demands, sites in SIZES:
        metres, people = town(demands, sites)
        for p in (3, 5, 10):
            found = p_median(metres, p, weights=people)
            told.notes.append(f"{p} of {sites}, {demands} demands: {found.status}, {found.method}")
            if found.status != "optimal":
                told.faults.append(f"{p} of {sites}: not proven optimal")
        three = p_median(metres, 3, weights=people)
        if tuple(three.open) != search.bounded(metres * people[:, None], 3, [], np.inf).plan:
            told.faults.append(f"3 of {sites}: enumeration and bounds disagree")


BENCHMARK = Benchmark(
    title="Sites and rosters",
    tasks=[
        *(
            Task(
                f"p-median {p} of {sites}, {demands} demands",
                lambda demands=demands, sites=sites, p=p: median(demands, sites, p),
                SPOPT.get((demands, sites, p)),
                least_ratio=LEAST_RATIO if (demands, sites, p) in SPOPT else None,
                most_cpu_s=MOST_CPU_S.get((demands, sites, p)),
            )
            for demands, sites in SIZES
            for p in (3, 5, 10)
        ),
        *(
            Task(
                f"covering within 2 km, 5 of {sites}, {demands} demands",
                lambda demands=demands, sites=sites: covering(demands, sites),
            )
            for demands, sites in SIZES
        ),
        *(
            Task(
                f"roster, {people} people, {days} days",
                lambda people=people, days=days: rostered(people, days),
                long=people > 12,
            )
            for people, days in ((12, 7), (24, 14), (40, 28))
        ),
    ],
    curves=[
        Curve("demands, 3 of 50 sites", (1_000, 10_000, 100_000), lambda n: median(n, 50, 3),
              (1_000_000,), most_exponent=1.25),  # 50 costs for each leave the caches at 100,000
    ],
    check=check,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(run(BENCHMARK, __file__))
