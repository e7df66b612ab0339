"""How long a density surface takes, beside R's KernSmooth where it is installed.

    python bench/lagesbild_kde.py [--rounds 7] [--json FILE]

500 × 500 cells of 40 m, Gaussian kernel of 200 m with edge correction, which KernSmooth has not.
Times are CPU seconds of the whole call (compilation, imports and reading left out), medians over
the rounds; the ratio is KernSmooth's over ours in the same run, or over the figure measured
elsewhere when R is not here.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from lagesbild.events import Events
from lagesbild.kde import Grid, density

SIDE_M, WIDTH_M = 20_000.0, 200.0
GRID = Grid(0, 0, 40, 500, 500)
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
KERNSMOOTH_CPU_S = {1_000: 0.48, 1_000_000: 0.53}  # another machine, 2 cores, busy


def city(n: int) -> Events:
    """Forty centres of 600 m in a square of 20 km, in a plane of our own."""
    draw = np.random.default_rng(7)
    centre = draw.uniform(1000, SIDE_M - 1000, (40, 2))[draw.integers(0, 40, n)]
    x, y = np.clip(centre + draw.normal(0, 600, (n, 2)), 0, SIDE_M).T
    return Events(x=x, y=y, start=np.full(n, np.datetime64("2026-01-01", "s")))


def cpu_seconds(call: Callable[[], object], rounds: int) -> float:
    call()
    seconds = []
    for _ in range(rounds):
        began = time.process_time()
        call()
        seconds.append(time.process_time() - began)
    return statistics.median(seconds)


def kernsmooth(events: Events, rounds: int) -> float | None:
    """CPU seconds in R, or None where R or the package is missing."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        np.concatenate([events.x, events.y]).tofile(file.name)
        peer = str(Path(__file__).with_name("_kde_peer.R"))
        arguments = [file.name, len(events), SIDE_M, WIDTH_M, rounds]
        done = subprocess.run(
            ["Rscript", peer, *map(str, arguments)], capture_output=True, text=True, check=False
        )
    return float(done.stdout) if done.returncode == 0 else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    table: dict[str, dict[str, float | str]] = {}
    print(
        f"load {os.getloadavg()[0]:.1f}; {'events':>10} {'ours':>9} {'KernSmooth':>11} {'ratio':>7}"
    )
    ours: dict[int, float] = {}
    for n in SIZES:
        events = city(n)
        rounds = options.rounds if n < 10_000_000 else 3
        ours[n] = cpu_seconds(
            lambda events=events: density(events, bandwidth=WIDTH_M, grid=GRID), rounds
        )
        beside = kernsmooth(events, rounds) if n in KERNSMOOTH_CPU_S else None
        peer = beside or KERNSMOOTH_CPU_S.get(n)
        where = "" if peer is None else "in this run" if beside else "measured elsewhere"
        ratio = f"{peer / ours[n]:6.1f}x {where}" if peer else ""
        print(f"{n:>20} {ours[n]:8.4f}s {f'{peer:.3f}s' if peer else '':>11} {ratio}", flush=True)
        table[str(n)] = {"cpu_s": ours[n], **({"peer_cpu_s": peer, "peer": where} if peer else {})}
    sizes = np.log(list(ours))
    exponent = float(np.polyfit(sizes, np.log(list(ours.values())), 1)[0])
    tail = float(np.polyfit(sizes[-2:], np.log(list(ours.values())[-2:]), 1)[0])
    print(f"growth 1e3 to 1e7: exponent {exponent:.2f}; 1e6 to 1e7: {tail:.2f}")
    if options.json:
        options.json.write_text(json.dumps({"tasks": table, "exponent": exponent}, indent=1))
    return 0 if tail <= 1.1 else 1


if __name__ == "__main__":
    raise SystemExit(main())
