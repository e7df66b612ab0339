"""How long it takes to count ten million events by area, week and category, beside others.

    python bench/lagesbild_cube.py [--rounds 5] [--json FILE]

Events in random order, 100 × 100 cells of 200 m, 260 weeks, 12 categories. polars runs beside from
this interpreter; with LAGESBILD_PEERS_PYTHON naming one that has them, polars and DuckDB run from
that. Times are CPU seconds, medians over the rounds; memory is what counting adds to a process of
its own, at its peak.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from _cube_peer import columns  # the file beside this one

from lagesbild import cube
from lagesbild.events import Events
from lagesbild.kde import Grid

GRID = Grid(0.0, 0.0, 200.0, 100, 100)
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
LEAST_RATIO = 3


def as_events(given: dict[str, np.ndarray]) -> Events:
    start = np.datetime64("2020-01-06T00:00:00") + (given["day"] * 86_400).astype("timedelta64[s]")
    return Events(x=given["x"], y=given["y"], start=start, category=given["category"])


def cpu_seconds(task: Callable[[], object], rounds: int) -> float:
    task()
    cpu = []
    for _ in range(rounds):
        began = time.process_time()
        task()
        cpu.append(time.process_time() - began)
    return statistics.median(cpu)


def tasks() -> dict[str, Callable[[], object]]:
    given = columns(SIZES[-1])
    ours = as_events(given)
    order = np.argsort(given["day"], kind="stable")
    rising = ours.take(order)
    texts = np.array([f"kategori {number}" for number in range(12)])[given["category"]]
    named = Events(x=ours.x, y=ours.y, start=ours.start, category=texts)
    week = given["day"] >= 1813
    old, new = cube.count(ours.take(~week), grid=GRID), ours.take(week)
    return {
        "1e7, random order": lambda: cube.count(ours, grid=GRID),
        "1e7, in the order of time": lambda: cube.count(rising, grid=GRID),
        "1e7, categories as texts": lambda: cube.count(named, grid=GRID),
        f"the last week alone, {len(new):,} events": lambda: cube.added(old, new),
    }


def growth(rounds: int) -> dict[str, float]:
    """CPU seconds by number of events, and the exponent fitted."""
    seconds = {}
    for n in SIZES:
        events = as_events(columns(n))
        seconds[n] = cpu_seconds(lambda events=events: cube.count(events, grid=GRID), rounds)
    slope = np.polyfit(np.log(list(seconds)), np.log(list(seconds.values())), 1)[0]
    return {**{f"{n} events": cpu for n, cpu in seconds.items()}, "exponent": float(slope)}


def memory_mb() -> float:
    """What counting adds to a process of its own."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from lagesbild_cube import *\n"
        "from _cube_peer import added_mb\n"
        "events = as_events(columns(SIZES[-1]))\n"
        "cube.count(events.take(np.arange(1000)), grid=Grid(0.0, 0.0, 2000.0, 10, 10))\n"
        "print(added_mb(lambda: cube.count(events, grid=GRID)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(done.stdout)


def peers(rounds: int) -> dict[str, dict[str, float]]:
    """CPU seconds, memory and filled cells of those that are there."""
    python = os.environ.get("LAGESBILD_PEERS_PYTHON", sys.executable)
    found = {}
    for name in ("polars", "duckdb"):
        script = Path(__file__).with_name("_cube_peer.py")
        done = subprocess.run(
            [python, str(script), name, str(SIZES[-1]), str(rounds)],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode == 0:
            found[name] = json.loads(done.stdout.strip().splitlines()[-1])
        else:
            print(f"{name}: not run ({(done.stderr.strip().splitlines() or ['?'])[-1]})")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    beside = peers(options.rounds)
    found: dict[str, object] = {}
    ratios: dict[str, float] = {}
    print(f"{'task':44}{'CPU s':>9}{'load':>7}")
    for name, task in tasks().items():
        cpu, load = cpu_seconds(task, options.rounds), os.getloadavg()[0]
        print(f"{name:44}{cpu:9.3f}{load:7.1f}")
        found[name] = {"cpu_s": cpu, "load": load}
        if name == "1e7, random order":
            ratios = {peer: one["cpu_s"] / cpu for peer, one in beside.items()}
    filled = int(np.count_nonzero(cube.count(as_events(columns(SIZES[-1])), grid=GRID).counts))
    print(f"memory beside the events {memory_mb():.0f} MB")
    for peer, one in beside.items():
        same = "the same cells" if one["cells"] == filled else "OTHER CELLS"
        print(f"{peer}: {one['cpu_s']:.2f} s, {ratios[peer]:.1f}x; {one['mb']:.0f} MB; {same}")
    curve = found["growth"] = growth(options.rounds)
    print("growth:", ", ".join(f"{name} {value:.3g}" for name, value in curve.items()))
    print(platform.machine())
    if options.json:
        options.json.write_text(json.dumps({"tasks": found, "peers": beside}, indent=1))
    return int(any(ratio < LEAST_RATIO for ratio in ratios.values()))


if __name__ == "__main__":
    sys.exit(main())
