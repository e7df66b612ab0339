"""How long surveillance takes over a thousand series, against R's surveillance.

    python bench/lagesbild_surveillance.py [--rounds 5] [--json FILE]
    python bench/lagesbild_surveillance.py --errors      false alarms and power instead of times

1,000 series × 260 weeks: the last week, and each of the last 52. With LAGESBILD_PEERS_RSCRIPT
naming an Rscript that has the package surveillance, it runs in the same run on the same counts (the
longest task on 20 series, times 50); else the ratio is to CPU seconds measured earlier. Times are
CPU seconds of the whole call on both cores (compilation, imports and reading left out), medians.
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

from lagesbild import surveillance

SERIES, WEEKS = 1000, 260
LAST, YEAR = [WEEKS - 1], np.arange(WEEKS - 52, WEEKS)
FLEXIBLE_LAST, FLEXIBLE_YEAR = "flexible Farrington, last week", "flexible Farrington, 52 weeks"
# R's surveillance 1.20.3 on 2 cores of an AMD EPYC.
R_CPU_S = {
    FLEXIBLE_LAST: 9.6,  # to 12.4
    FLEXIBLE_YEAR: 430.0,
    "original Farrington, last week": 31.0,
    "EARS C2, last week": 2.3,
    "Bayes, last week": 22.0,
}
LEAST_RATIO = {name: 300 if name == FLEXIBLE_YEAR else 200 for name in R_CPU_S}
Found = surveillance.Surveillance


def series(number: int, weeks: int, seed: int = 3, dispersion: float = 1.5) -> np.ndarray:
    """Over-dispersed weekly counts of very different level, with a season; (number, weeks)."""
    draw = np.random.default_rng(seed)
    level = np.exp(draw.normal(1, 0.8, (number, 1)))
    wave = np.sin(2 * np.pi * (np.arange(weeks) - draw.uniform(0, 52, (number, 1))) / 52)
    mean = level * np.exp(0.4 * wave)
    return draw.negative_binomial(mean / (dispersion - 1), 1 / dispersion)


def tasks(y: np.ndarray) -> dict[str, Callable[[], Found]]:
    flexible, original = surveillance.farrington_flexible, surveillance.farrington
    same = {"years_back": 3, "half_window": 3}
    return {
        FLEXIBLE_LAST: lambda: flexible(y, weeks=LAST, **same),
        FLEXIBLE_YEAR: lambda: flexible(y, weeks=YEAR, **same),
        "original Farrington, last week": lambda: original(y, weeks=LAST, **same),
        "original Farrington, 52 weeks": lambda: original(y, weeks=YEAR, **same),
        "EARS C2, last week": lambda: surveillance.ears(y, weeks=LAST, method="C2"),
        "EARS C2, 52 weeks": lambda: surveillance.ears(y, weeks=YEAR, method="C2"),
        "Bayes, last week": lambda: surveillance.bayes(y, weeks=LAST, **same),
        "Bayes, 52 weeks": lambda: surveillance.bayes(y, weeks=YEAR, **same),
        "RKI 3, 52 weeks": lambda: surveillance.rki(y, weeks=YEAR),
        "CUSUM, 52 weeks": lambda: surveillance.cusum(y, weeks=YEAR, seasonal=True),
        "GLR Poisson, 52 weeks": lambda: surveillance.glr_poisson(y, weeks=YEAR),
    }


def measured(task: Callable[[], Found], rounds: int) -> tuple[float, float]:
    """Median CPU and wall seconds, after one call that compiles or loads what is compiled."""
    task()
    cpu, wall = [], []
    for _ in range(rounds):
        began = time.process_time(), time.perf_counter()
        task()
        cpu.append(time.process_time() - began[0])
        wall.append(time.perf_counter() - began[1])
    return statistics.median(cpu), statistics.median(wall)


def growth(rounds: int) -> dict[str, dict[str, float]]:
    """CPU seconds by number of series, last week, and the exponent fitted."""
    names = FLEXIBLE_LAST, "EARS C2, last week", "Bayes, last week"
    seconds: dict[str, dict[int, float]] = {name: {} for name in names}
    for number in (1_000, 10_000, 100_000):
        all_tasks = tasks(series(number, WEEKS))
        for name in names:
            seconds[name][number] = measured(all_tasks[name], rounds)[0]
    return {
        name: {
            **{f"{number} series": cpu for number, cpu in by_number.items()},
            "exponent": float(
                np.polyfit(np.log(list(by_number)), np.log(list(by_number.values())), 1)[0]
            ),
        }
        for name, by_number in seconds.items()
    }


def peer(y: np.ndarray) -> dict[str, float]:
    """R's CPU seconds by task, when an Rscript that has surveillance is named."""
    rscript = os.environ.get("LAGESBILD_PEERS_RSCRIPT")
    if not rscript:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "counts.csv"
        np.savetxt(file, y.T, fmt="%d", delimiter=",")
        command = [rscript, str(Path(__file__).with_name("_surveillance_peer.R")), str(file)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    lines = [line.rsplit(",", 1) for line in done.stdout.splitlines() if "," in line]
    return {name: float(seconds) for name, seconds in lines}


def error_rates() -> None:
    """Alarms in quiet weeks and in weeks with an outbreak of so many standard deviations."""
    bound = {
        "flexible Farrington": lambda y, w: surveillance.farrington_flexible(y, weeks=w),
        "flexible Farrington, muan": lambda y, w: surveillance.farrington_flexible(
            y, weeks=w, threshold="muan"
        ),
        "original Farrington": lambda y, w: surveillance.farrington(y, weeks=w),
        "EARS C1": lambda y, w: surveillance.ears(y, weeks=w, method="C1"),
        "EARS C2": lambda y, w: surveillance.ears(y, weeks=w, method="C2"),
        "EARS C3": lambda y, w: surveillance.ears(y, weeks=w, method="C3"),
        "Bayes": lambda y, w: surveillance.bayes(y, weeks=w, years_back=3, half_window=3),
        "RKI 3": lambda y, w: surveillance.rki(y, weeks=w),
        "CUSUM": lambda y, w: surveillance.cusum(y, weeks=w, seasonal=True),
        "GLR Poisson": lambda y, w: surveillance.glr_poisson(y, weeks=w),
    }
    sizes, weeks = (0, 2, 3, 5), np.arange(309, 312)
    print(f"{'share of last weeks that alarm':34}" + "".join(f"{size:>8} sd" for size in sizes))
    for dispersion in (1.001, 1.5):
        print(f"dispersion {dispersion:.1f}")
        quiet = series(5000, 312, seed=4, dispersion=dispersion)
        deviation = np.sqrt(dispersion * quiet.mean(axis=1))
        for name, look in bound.items():
            shares = []
            for size in sizes:
                y = quiet.copy()
                y[:, -1] += np.round(size * deviation).astype(int)
                shares.append(look(y, weeks).alarm[:, -1].mean())
            print(f"  {name:32}" + "".join(f"{share:11.3f}" for share in shares), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    if options.errors:
        error_rates()
        return 0
    y = series(SERIES, WEEKS)
    beside = peer(y)
    theirs = beside or R_CPU_S
    found: dict[str, object] = {}
    slow = False
    print(f"{'task':34}{'CPU s':>9}{'wall s':>9}{'R':>9}{'ratio':>8}{'load':>7}")
    for name, task in tasks(y).items():
        cpu, wall = measured(task, options.rounds)
        ratio = theirs[name] / cpu if name in theirs else None
        load = os.getloadavg()[0]
        shown = (f"{theirs[name]:.1f}", f"{ratio:.0f}x") if ratio else ("", "")
        print(f"{name:34}{cpu:9.4f}{wall:9.4f}{shown[0]:>9}{shown[1]:>8}{load:7.1f}", flush=True)
        slow |= ratio is not None and ratio < LEAST_RATIO.get(name, 0)
        found[name] = {"cpu_s": cpu, "wall_s": wall, "r_cpu_s": theirs.get(name), "load": load}
    print("R's surveillance:", "run beside" if beside else "not run, earlier figures")
    found["growth"] = growth(options.rounds)
    for name, by_number in found["growth"].items():
        print(f"growth, {name}:", ", ".join(f"{n} {value:.3g}" for n, value in by_number.items()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB; {platform.processor() or platform.machine()}")
    if options.json:
        options.json.write_text(json.dumps({"peak_mb": peak, "tasks": found}, indent=1))
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
