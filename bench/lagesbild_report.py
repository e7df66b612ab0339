"""How long a whole situational picture takes, from 1,000 to 100,000 events.

    python bench/lagesbild_report.py [--rounds 5] [--json FILE]

CPU seconds of one process with all cores (compilation and imports left out), medians over the
rounds: computing everything, and drawing the page, apart. Fails when 100,000 events take more than
2 seconds to compute. The events are of a made-up city with an outbreak in its last weeks.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import sys
import time
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from lagesbild import report, simulate
from lagesbild.events import Events

LIMIT_S = 2.0
SIZES = (1_000, 10_000, 100_000)


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


def timed(events: Events, rounds: int) -> dict[str, float]:
    """Medians of computing, each of its steps, and drawing."""
    computing, drawing, steps = [], [], []
    for _ in range(rounds):
        told: list[tuple[str, float]] = []

        def progress(what: str, done: int, of: int, told: list[tuple[str, float]] = told) -> None:
            told.append((what if done < of else "", time.process_time()))

        began = time.process_time()
        picture = report.situational_picture(events, seed=1, language="en", progress=progress)
        computed = time.process_time()
        assert picture.html
        drawing.append(time.process_time() - computed)
        computing.append(computed - began)
        spent: Counter[str] = Counter()
        for (what, start), (_, end) in pairwise(told):
            spent[what] += end - start
        steps.append(spent)
    return {
        "computing": statistics.median(computing),
        "drawing": statistics.median(drawing),
        **{f"  {what}": statistics.median(one[what] for one in steps) for what in steps[0]},
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    assert report.situational_picture(town(500), seed=1).html  # compiles, imports
    load = os.getloadavg()[0]
    found = {n: timed(town(n), given.rounds) for n in SIZES}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'CPU seconds, medians':44}" + "".join(f"{n:>10,}" for n in SIZES))
    for what in found[SIZES[-1]]:
        print(f"{what:44}" + "".join(f"{found[n].get(what, 0):10.2f}" for n in SIZES))
    print(f"{os.cpu_count()} cores, load {load:.1f} before, peak {peak:.0f} MB, all sizes together")
    if given.json:
        whole = {"machine": platform.processor(), "load": load, "peak_mb": peak, "seconds": found}
        given.json.write_text(json.dumps(whole, indent=2))
    if found[SIZES[-1]]["computing"] > LIMIT_S:
        print(f"Too slow: more than {LIMIT_S} s to compute {SIZES[-1]:,} events")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
