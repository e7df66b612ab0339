"""How long Knox' test takes, beside pointpats where it is named.

    python bench/lagesbild_near_repeat.py [--rounds 5] [--json FILE]

Two cities of 20 × 20 km over 260 weeks: `clustered`, where 70 % of the events lie around forty
centres of 150 to 600 m and 5 % repeat another, and `even`, with 2,500 events to the square
kilometre at a million. `one`: 200 m and 7 days. `sixteen`: 100, 200, 300, 400 m by 7, 14, 21, 28
days. With LAGESBILD_PEERS_PYTHON naming an interpreter that has pointpats, it is run beside on
the 10,000 events (one to two minutes); else its time is one measured on another machine. Times
are CPU seconds of the whole call, both cores together, medians over the rounds.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from lagesbild.events import Events
from lagesbild.near_repeat import knox

SIDE_M, DAYS = 20_000.0, 1820
ONE = {"distances": [200], "intervals": [7]}
SIXTEEN = {"distances": [100, 200, 300, 400], "intervals": [7, 14, 21, 28]}
POINTPATS_CPU_S = 85.0  # 10,000 events, 999 permutations
LEAST_RATIO = 1000
SIZES = (1_000, 10_000, 100_000, 1_000_000)


def clustered(n: int) -> Events:
    draw = np.random.default_rng(1)
    centres, spread = draw.uniform(1500, SIDE_M - 1500, (40, 2)), draw.uniform(150, 600, 40)
    share = draw.gamma(1.0, 1.0, 40)
    own = draw.choice(40, n, p=share / share.sum())
    near = centres[own] + spread[own, None] * draw.standard_normal((n, 2))
    places = np.where(draw.random((n, 1)) < 0.7, near, draw.uniform(0, SIDE_M, (n, 2)))
    days = draw.integers(0, DAYS, n)
    repeat, first = draw.permutation(n)[: n // 20], draw.integers(0, n, n // 20)
    places[repeat] = places[first] + draw.uniform(-100, 100, (n // 20, 2))
    days[repeat] = np.minimum(days[first] + draw.integers(0, 8, n // 20), DAYS - 1)
    return as_events(np.clip(places, 0, SIDE_M).round(1), days)


def even(n: int) -> Events:
    draw = np.random.default_rng(3)
    return as_events(draw.uniform(0, SIDE_M, (n, 2)).round(1), draw.integers(0, DAYS, n))


def as_events(places: np.ndarray, days: np.ndarray) -> Events:
    start = np.datetime64("2020-01-06T00:00:00") + (days * 86_400).astype("timedelta64[s]")
    return Events(x=places[:, 0], y=places[:, 1], start=start)


def tasks() -> dict[str, Callable[[], object]]:
    small, middle, large = (clustered(n) for n in SIZES[1:])
    plain = even(1_000_000)
    return {
        "1e4 clustered, one, 999 permutations": lambda: knox(small, **ONE, seed=1),
        "1e4 clustered, sixteen, 999 permutations": lambda: knox(small, **SIXTEEN, seed=1),
        "1e4 clustered, one, closed form": lambda: knox(small, **ONE, method="normal"),
        "1e5 clustered, one, closed form": lambda: knox(middle, **ONE, method="normal"),
        "1e5 clustered, one, 999 permutations": lambda: knox(middle, **ONE, seed=1),
        "1e6 clustered, one, closed form": lambda: knox(large, **ONE, method="normal"),
        "1e6 even, one, closed form": lambda: knox(plain, **ONE, method="normal"),
        "1e6 even, sixteen, closed form": lambda: knox(plain, **SIXTEEN, method="normal"),
    }


def growth(rounds: int, make: Callable[[int], Events]) -> dict[str, float]:
    """CPU seconds by number of events in the same city, and the exponent fitted."""
    seconds = {}
    for n in SIZES:
        events = make(n)
        seconds[n] = measured(lambda events=events: knox(events, **ONE, method="normal"), rounds)[0]
    slope = np.polyfit(np.log(list(seconds)), np.log(list(seconds.values())), 1)[0]
    return {**{f"{n} events": cpu for n, cpu in seconds.items()}, "exponent": float(slope)}


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


def pointpats() -> dict[str, float]:
    """Its CPU seconds, count and expectation for 10,000 events, where it is named."""
    python = os.environ.get("LAGESBILD_PEERS_PYTHON")
    if not python:
        return {}
    events = clustered(10_000)
    days = (events.start - events.start.min()) / np.timedelta64(1, "D")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.npz"
        np.savez(file, x=events.x, y=events.y, days=days)
        script = Path(__file__).with_name("_near_repeat_peer.py")
        done = subprocess.run(
            [python, str(script), str(file)], check=False, capture_output=True, text=True
        )
    if done.returncode != 0:
        print("pointpats failed:", done.stderr.strip().splitlines()[-1])
        return {}
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    beside = pointpats()
    theirs = beside.get("cpu_s", POINTPATS_CPU_S)
    found: dict[str, object] = {}
    ratios = []
    print(f"{'task':44}{'CPU s':>9}{'wall s':>9}{'pointpats':>11}{'ratio':>8}{'load':>7}")
    for name, task in tasks().items():
        cpu, wall = measured(task, options.rounds)
        load = os.getloadavg()[0]
        is_same = name.startswith("1e4 clustered, one")
        ratio = theirs / cpu if is_same else None
        ratios += [ratio] if ratio else []
        shown = (f"{theirs:.0f}", f"{ratio:.0f}x") if ratio else ("", "")
        print(f"{name:44}{cpu:9.3f}{wall:9.3f}{shown[0]:>11}{shown[1]:>8}{load:7.1f}")
        found[name] = {"cpu_s": cpu, "wall_s": wall, "ratio": ratio, "load": load}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if beside:
        ours = knox(clustered(10_000), **ONE, method="normal")
        same = "as here" if int(ours.observed[0, 0]) == beside["observed"] else "NOT as here"
        print(f"pointpats: run beside, {beside['observed']:.0f} pairs, {same}")
    else:
        print("pointpats: not run, earlier figure")
    for make in (clustered, even):
        curve = found[f"growth, {make.__name__}"] = growth(options.rounds, make)
        print(f"growth, {make.__name__}:", ", ".join(f"{k} {v:.3g}" for k, v in curve.items()))
    print(f"peak memory {peak:.0f} MB, all cities held; {platform.machine()}")
    if options.json:
        options.json.write_text(json.dumps({"peak_mb": peak, "tasks": found}, indent=1))
    return int(max(ratios) < LEAST_RATIO)


if __name__ == "__main__":
    sys.exit(main())
