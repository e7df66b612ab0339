"""How long a difference in differences takes, against pyfixest's Poisson regression.

    python bench/lagesbild_did.py [--rounds 5] [--json FILE] [--long]

1,000 areas × 260 weeks, errors clustered by area. With LAGESBILD_PEERS_PYTHON naming an
interpreter that has pyfixest, it runs in the same run on the same counts, and the estimates are
compared.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from _measuring import HERE, Benchmark, Curve, Peer, Task, Told, Work, peers_python, run, run_peer

from lagesbild.evaluation import difference_in_differences

PLAIN, EXPOSED = "1000 areas x 260 weeks", "1000 areas x 260 weeks, exposure"
LEAST_RATIO = 20


def panel(areas: int, weeks: int) -> dict[str, np.ndarray]:
    """A city's weekly counts with a season, over-dispersed; in three areas of ten a tenth less."""
    draw = np.random.default_rng(5)
    treated, after = np.arange(areas) % 10 < 3, np.arange(weeks) >= weeks * 2 // 3
    exposure = draw.uniform(0.5, 2, (areas, weeks))
    season = np.exp(0.3 * np.sin(np.arange(weeks) * 2 * np.pi / 52))
    mean = np.exp(draw.normal(1, 0.6, areas))[:, None] * season * exposure
    mean[np.ix_(treated, after)] *= 0.9
    counts = draw.negative_binomial(mean / 0.5, 1 / 1.5)
    return {"counts": counts, "treated": treated, "after": after, "exposure": exposure}


def estimate(areas: int, weeks: int, *, exposed: bool) -> Work:
    data = panel(areas, weeks)
    if not exposed:
        del data["exposure"]
    return lambda: difference_in_differences(**data)


def pyfixest(rounds: int, told: Told) -> dict[str, Peer]:
    python = peers_python()
    if not python:
        return {}
    data = panel(1000, 260)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "panel.npz"
        np.savez(file, **data)
        script = str(HERE / "_did_peer.py")
        done = run_peer([python, script, str(file), str(rounds)], told)
    if done is None:
        return {}
    found = json.loads(done[0].strip().splitlines()[-1])
    for name, (_, theirs) in found.items():
        given = {key: value for key, value in data.items() if key != "exposure" or name == EXPOSED}
        apart = abs(difference_in_differences(**given).estimate - theirs)
        told.notes.append(f"{name}: estimates differ by {apart:.1e}")
        if apart > 1e-8:
            told.faults.append(f"{name}: not pyfixest's estimate")
    return {name: Peer("pyfixest", cpu, done[1], True) for name, (cpu, _) in found.items()}


BENCHMARK = Benchmark(
    title="Difference in differences, Poisson with area and period effects",
    tasks=[
        Task(PLAIN, lambda: estimate(1000, 260, exposed=False), Peer("pyfixest", 0.79),
             least_ratio=LEAST_RATIO),
        Task(EXPOSED, lambda: estimate(1000, 260, exposed=True), Peer("pyfixest", 0.57),
             least_ratio=LEAST_RATIO),
    ],
    curves=[
        Curve("areas, 52 weeks", (1_000, 10_000, 100_000),
              lambda n: estimate(n, 52, exposed=False), long_sizes=(1_000_000,)),
        Curve("areas, 52 weeks, exposure", (1_000, 10_000, 100_000),
              lambda n: estimate(n, 52, exposed=True)),
    ],
    peers=pyfixest,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(run(BENCHMARK, __file__))
