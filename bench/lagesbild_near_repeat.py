"""How long Knox' test takes, beside pointpats where it is named.

    python bench/lagesbild_near_repeat.py [--rounds 5] [--json FILE] [--long]

Two cities of 20 × 20 km over 260 weeks: `clustered`, where 70 % of the events lie around forty
centres of 150 to 600 m and 5 % repeat another, and `even`, with 2,500 events to the square
kilometre at a million. `one`: 200 m and 7 days. `sixteen`: 100, 200, 300, 400 m by 7, 14, 21, 28
days. With LAGESBILD_PEERS_PYTHON naming an interpreter that has pointpats, it is run beside on
the 10,000 events (one to two minutes), and the pairs found are compared. The events are as dense
again at each size, so that pairs grow with the square of their number: that curve's exponent is
told, not promised; the city that grows with them has the promise.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from _measuring import HERE, Benchmark, Curve, Peer, Task, Told, Work, peers_python, run, run_peer

from lagesbild.events import Events
from lagesbild.near_repeat import knox

SIDE_M, DAYS = 20_000.0, 1820
ONE = {"distances": [200], "intervals": [7]}
SIXTEEN = {"distances": [100, 200, 300, 400], "intervals": [7, 14, 21, 28]}
POINTPATS = Peer("pointpats", 85.0)  # 10,000 events, 999 permutations
LEAST_RATIO = 1000
SIZES, LONG = (1_000, 10_000, 100_000, 1_000_000), (10_000_000,)


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


def tested(events: Events, bands: dict[str, list[int]], **how: object) -> Work:
    return lambda: knox(events, **bands, **how)


def growing(n: int) -> Events:
    """As dense as `even` is at 100,000, whatever the number: the city grows instead."""
    draw = np.random.default_rng(3)
    side = SIDE_M * (n / 100_000) ** 0.5
    return as_events(draw.uniform(0, side, (n, 2)).round(1), draw.integers(0, DAYS, n))


def pointpats(_rounds: int, told: Told) -> dict[str, Peer]:
    python = peers_python()
    if not python:
        return {}
    events = clustered(10_000)
    days = (events.start - events.start.min()) / np.timedelta64(1, "D")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.npz"
        np.savez(file, x=events.x, y=events.y, days=days)
        done = run_peer([python, str(HERE / "_near_repeat_peer.py"), str(file)], told)
    if done is None:
        return {}
    found = json.loads(done[0].strip().splitlines()[-1])
    ours = knox(events, **ONE, method="normal")
    if int(ours.observed[0, 0]) != found["observed"]:
        told.faults.append("not as many pairs as pointpats finds")
    peer = Peer("pointpats", found["cpu_s"], done[1], True)
    return {task.name: peer for task in BENCHMARK.tasks if task.elsewhere}


NORMAL = {"method": "normal"}
BENCHMARK = Benchmark(
    title="Knox' test of near repeats",
    tasks=[
        Task("1e4 clustered, one, 999 permutations", lambda: tested(clustered(10_000), ONE, seed=1),
             POINTPATS),
        Task("1e4 clustered, sixteen, 999 permutations",
             lambda: tested(clustered(10_000), SIXTEEN, seed=1)),
        Task("1e4 clustered, one, closed form", lambda: tested(clustered(10_000), ONE, **NORMAL),
             POINTPATS, least_ratio=LEAST_RATIO),
        Task("1e5 clustered, one, closed form", lambda: tested(clustered(100_000), ONE, **NORMAL)),
        Task("1e5 clustered, one, 999 permutations",
             lambda: tested(clustered(100_000), ONE, seed=1), long=True),
        Task("1e6 clustered, one, closed form",
             lambda: tested(clustered(1_000_000), ONE, **NORMAL), long=True),
        Task("1e6 even, one, closed form", lambda: tested(even(1_000_000), ONE, **NORMAL),
             most_cpu_s=2.0),
        Task("1e6 even, sixteen, closed form", lambda: tested(even(1_000_000), SIXTEEN, **NORMAL),
             long=True),
    ],
    curves=[
        Curve("events, a city that grows", SIZES, lambda n: tested(growing(n), ONE, **NORMAL),
              LONG),
        Curve("events, even, the same city", SIZES, lambda n: tested(even(n), ONE, **NORMAL), LONG,
              most_exponent=None),
        Curve("events, clustered, the same city", SIZES[:3],
              lambda n: tested(clustered(n), ONE, **NORMAL), SIZES[3:], most_exponent=None),
    ],
    peers=pointpats,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(run(BENCHMARK, __file__))
