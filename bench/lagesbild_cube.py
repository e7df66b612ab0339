"""How long it takes to count ten million events by area, week and category, beside others.

    python bench/lagesbild_cube.py [--rounds 3] [--json FILE] [--long]

Events in random order, 100 × 100 cells of 200 m, 260 weeks, 12 categories. polars runs beside from
this interpreter; with LAGESBILD_PEERS_PYTHON naming one that has them, polars and DuckDB run from
that. Those that can be run must find the same filled cells.
"""

import json
import sys

import numpy as np
from _cube_peer import columns  # the file beside this one
from _measuring import HERE, Benchmark, Curve, Peer, Task, Told, Work, peers_python, run, run_peer

from lagesbild import cube
from lagesbild.events import Events
from lagesbild.kde import Grid

GRID = Grid(0.0, 0.0, 200.0, 100, 100)
MOST, LEAST_RATIO = 10_000_000, 3
ELSEWHERE = {"polars": Peer("polars", 1.04), "duckdb": Peer("DuckDB", 0.98)}
AGAINST = {"polars": "1e7, random order", "duckdb": "1e7, random order, against DuckDB"}


def as_events(given: dict[str, np.ndarray]) -> Events:
    start = np.datetime64("2020-01-06T00:00:00") + (given["day"] * 86_400).astype("timedelta64[s]")
    return Events(x=given["x"], y=given["y"], start=start, category=given["category"])


def counted(events: Events) -> Work:
    return lambda: cube.count(events, grid=GRID)


def in_order() -> Work:
    given = columns(MOST)
    return counted(as_events(given).take(np.argsort(given["day"], kind="stable")))


def with_texts() -> Work:
    given = columns(MOST)
    texts = np.array([f"kategori {number}" for number in range(12)])[given["category"]]
    ours = as_events(given)
    return counted(Events(x=ours.x, y=ours.y, start=ours.start, category=texts))


def last_week() -> Work:
    given = columns(MOST)
    ours, week = as_events(given), given["day"] >= 1813
    old, new = cube.count(ours.take(~week), grid=GRID), ours.take(week)
    return lambda: cube.added(old, new)


def peers(rounds: int, told: Told) -> dict[str, Peer]:
    """CPU seconds, memory and filled cells of those that are there."""
    found = {}
    filled = None
    for name, elsewhere in ELSEWHERE.items():
        python = peers_python() or sys.executable
        script = str(HERE / "_cube_peer.py")
        done = run_peer([python, script, name, str(MOST), str(rounds)], told)
        if done is None and python != sys.executable:
            done = run_peer([sys.executable, script, name, str(MOST), str(rounds)], told)
        if done is None:
            continue
        one = json.loads(done[0].strip().splitlines()[-1])
        if filled is None:
            filled = np.count_nonzero(cube.count(as_events(columns(MOST)), grid=GRID).counts)
        if one["cells"] != filled:
            told.faults.append(f"{name} fills {one['cells']} cells, here {filled}")
        told.notes.append(f"{name}: {one['mb']:.0f} MB added by counting")
        found[AGAINST[name]] = Peer(elsewhere.name, one["cpu_s"], done[1], True)
    return found


BENCHMARK = Benchmark(
    title="Ten million events by area, week and category",
    tasks=[
        Task(AGAINST["polars"], lambda: counted(as_events(columns(MOST))), ELSEWHERE["polars"],
             least_ratio=LEAST_RATIO),
        Task(AGAINST["duckdb"], lambda: counted(as_events(columns(MOST))), ELSEWHERE["duckdb"],
             least_ratio=LEAST_RATIO),
        Task("1e7, in the order of time", in_order, long=True),
        Task("1e7, categories as texts", with_texts, long=True),
        Task("the last week alone, 38,000 events", last_week),
    ],
    curves=[
        Curve("events", (1_000, 10_000, 100_000, 1_000_000, MOST),
              lambda n: counted(as_events(columns(n)))),
    ],
    peers=peers,
    rounds=3,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(run(BENCHMARK, __file__))
