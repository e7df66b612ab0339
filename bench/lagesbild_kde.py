"""How long a density surface takes, beside R's KernSmooth where it is installed.

    python bench/lagesbild_kde.py [--rounds 7] [--json FILE]

500 × 500 cells of 40 m, Gaussian kernel of 200 m with edge correction, which KernSmooth has not.
It runs beside when an Rscript that has it is on the path, or is named by LAGESBILD_PEERS_RSCRIPT.
"""

import os
import shutil
import sys
import tempfile

import numpy as np
from _measuring import HERE, Benchmark, Curve, Peer, Task, Told, Work, run, run_peer

from lagesbild.events import Events
from lagesbild.kde import Grid, density

SIDE_M, WIDTH_M = 20_000.0, 200.0
GRID = Grid(0, 0, 40, 500, 500)
KERNSMOOTH_CPU_S = {1_000: 0.48, 1_000_000: 0.53}
LEAST_RATIO = 30


def city(n: int) -> Events:
    """Forty centres of 600 m in a square of 20 km, in a plane of our own."""
    draw = np.random.default_rng(7)
    centre = draw.uniform(1000, SIDE_M - 1000, (40, 2))[draw.integers(0, 40, n)]
    x, y = np.clip(centre + draw.normal(0, 600, (n, 2)), 0, SIDE_M).T
    return Events(x=x, y=y, start=np.full(n, np.datetime64("2026-01-01", "s")))


def surface(n: int) -> Work:
    events = city(n)
    return lambda: density(events, bandwidth=WIDTH_M, grid=GRID)


def kernsmooth(rounds: int, told: Told) -> dict[str, Peer]:
    rscript = os.environ.get("LAGESBILD_PEERS_RSCRIPT") or shutil.which("Rscript")
    if not rscript:
        return {}
    found = {}
    for n in KERNSMOOTH_CPU_S:
        events = city(n)
        with tempfile.NamedTemporaryFile(suffix=".bin") as file:
            np.concatenate([events.x, events.y]).tofile(file.name)
            given = map(str, (file.name, n, SIDE_M, WIDTH_M, rounds))
            done = run_peer([rscript, str(HERE / "_kde_peer.R"), *given], told)
        if done is not None:
            found[f"{n:,} events"] = Peer("KernSmooth", float(done[0]), done[1], True)
    return found


BENCHMARK = Benchmark(
    title="Density on 500 x 500 cells, Gaussian, with edge correction",
    tasks=[
        Task(f"{n:,} events", lambda n=n: surface(n), Peer("KernSmooth", cpu),
             least_ratio=LEAST_RATIO if n == 1_000_000 else None)
        for n, cpu in KERNSMOOTH_CPU_S.items()
    ],
    curves=[Curve("events", (1_000, 10_000, 100_000, 1_000_000, 10_000_000), surface)],
    peers=kernsmooth,
    rounds=7,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(run(BENCHMARK, __file__))
