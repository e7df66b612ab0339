"""How long surveillance takes over a thousand series, against R's surveillance.

    python bench/lagesbild_surveillance.py [--rounds 5] [--json FILE] [--long]
    python bench/lagesbild_surveillance.py --errors      false alarms and power instead of times

1,000 series × 260 weeks: the last week, and each of the last 52. With LAGESBILD_PEERS_RSCRIPT
naming an Rscript that has the package surveillance, it runs in the same run on the same counts
(four minutes; the longest task on 20 series, times 50).
"""

import os
import sys
import tempfile
from pathlib import Path

import numpy as np
from _measuring import HERE, Benchmark, Curve, Peer, Task, Told, Work, run, run_peer

from lagesbild import surveillance

SERIES, WEEKS = 1000, 260
LAST, YEAR = [WEEKS - 1], np.arange(WEEKS - 52, WEEKS)
FLEXIBLE_LAST, FLEXIBLE_YEAR = "flexible Farrington, last week", "flexible Farrington, 52 weeks"
# R's surveillance 1.20.3 on 2 cores.
R_CPU_S = {
    FLEXIBLE_LAST: 9.6,  # to 12.4
    FLEXIBLE_YEAR: 430.0,
    "original Farrington, last week": 31.0,
    "EARS C2, last week": 2.3,
    "EARS C2, 52 weeks": 2.5,
    "Bayes, last week": 22.0,
    "Bayes, 52 weeks": 22.3,
}
LEAST_RATIO = {name: 300 if name == FLEXIBLE_YEAR else 200 for name in R_CPU_S}


def series(number: int, weeks: int, seed: int = 3, dispersion: float = 1.5) -> np.ndarray:
    """Over-dispersed weekly counts of very different level, with a season; (number, weeks)."""
    draw = np.random.default_rng(seed)
    level = np.exp(draw.normal(1, 0.8, (number, 1)))
    wave = np.sin(2 * np.pi * (np.arange(weeks) - draw.uniform(0, 52, (number, 1))) / 52)
    mean = level * np.exp(0.4 * wave)
    return draw.negative_binomial(mean / (dispersion - 1), 1 / dispersion)


def works(y: np.ndarray) -> dict[str, Work]:
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


def rs_surveillance(_rounds: int, told: Told) -> dict[str, Peer]:
    """R's CPU seconds by task, once each."""
    rscript = os.environ.get("LAGESBILD_PEERS_RSCRIPT")
    if not rscript:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "counts.csv"
        np.savetxt(file, series(SERIES, WEEKS).T, fmt="%d", delimiter=",")
        done = run_peer([rscript, str(HERE / "_surveillance_peer.R"), str(file)], told)
    if done is None:
        return {}
    lines = [line.rsplit(",", 1) for line in done[0].splitlines() if "," in line]
    return {name: Peer("R surveillance", float(cpu), done[1], True) for name, cpu in lines}


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


NAMES = tuple(works(np.zeros((1, WEEKS), int)))
BENCHMARK = Benchmark(
    title="Surveillance of 1,000 series over 260 weeks",
    tasks=[
        Task(
            name,
            lambda name=name: works(series(SERIES, WEEKS))[name],
            Peer("R surveillance", R_CPU_S[name]) if name in R_CPU_S else None,
            least_ratio=LEAST_RATIO.get(name),
        )
        for name in NAMES
    ],
    curves=[
        Curve(
            f"series, {name}",
            (1_000, 10_000, 100_000),
            lambda n, name=name: works(series(n, WEEKS))[name],
            long_sizes=(1_000_000,) if name == "EARS C2, last week" else (),
        )
        for name in (FLEXIBLE_LAST, "EARS C2, last week", "Bayes, last week")
    ],
    peers=rs_surveillance,
)

if __name__ == "__main__":
    if "--errors" in sys.argv[1:]:
        error_rates()
    else:
        sys.exit(run(BENCHMARK, __file__))
