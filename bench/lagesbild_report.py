"""How long a whole situational picture takes, from 1,000 to 100,000 events.

    python bench/lagesbild_report.py [--rounds 5] [--json FILE]

Computing everything, and computing and drawing the page. No peer makes such a picture: the sum of
its parts in R and PySAL is in the other benchmarks. The events are of a made-up city with an
outbreak in its last weeks.
"""

import sys
import time
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
from _measuring import Benchmark, Curve, Task, Told, Work, run

from lagesbild import report, simulate
from lagesbild.events import Events

LIMIT_S = 2.0


def town(n: int) -> Events:
    """Three years of a city of 150 areas with 1,800 places, thinned evenly to n events."""
    city = simulate.City(
        areas=150,
        places=12,
        categories=[replace(kind, weekly=kind.weekly * 4.5) for kind in simulate.USUAL],
        hot_spots=[simulate.HotSpot(factor=4, areas=(10, 11, 12))],
        outbreaks=[simulate.Outbreak(factor=4, areas=(70, 71), start=152, weeks=4)],
        seed=1,
    )
    events = city.simulate("2023-01-02", 156, seed=1).events
    assert len(events) >= n, f"the city has only {len(events)} events"
    return events.take(np.linspace(0, len(events) - 1, n).astype(np.int64))


def computed(n: int) -> Work:
    events = town(n)
    return lambda: report.situational_picture(events, seed=1, language="en")


def drawn(n: int) -> Work:
    events = town(n)
    return lambda: report.situational_picture(events, seed=1, language="en").html


def steps(told: Told) -> None:
    """What each step of computing took, once."""
    moments: list[tuple[str, float]] = []

    def progress(what: str, done: int, of: int) -> None:
        moments.append((what if done < of else "", time.process_time()))

    report.situational_picture(town(100_000), seed=1, language="en", progress=progress)
    spent: Counter[str] = Counter()
    for (what, start), (_, end) in pairwise(moments):
        spent[what] += end - start
    told.notes += [f"  {what:44}{seconds:8.3f} CPU s" for what, seconds in spent.items()]


BENCHMARK = Benchmark(
    title="A whole situational picture",
    tasks=[
        Task("computing, 100,000 events", lambda: computed(100_000), most_cpu_s=LIMIT_S),
        Task("computing and drawing, 100,000 events", lambda: drawn(100_000)),
    ],
    curves=[Curve("events, computing", (1_000, 10_000, 100_000), computed)],
    check=steps,
)

if __name__ == "__main__":
    sys.exit(run(BENCHMARK, __file__))
