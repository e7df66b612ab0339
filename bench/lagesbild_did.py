"""How long a difference in differences takes, against pyfixest's Poisson regression.

    python bench/lagesbild_did.py [--rounds 5] [--json FILE]

1,000 areas × 260 weeks, errors clustered by area. With LAGESBILD_PEERS_PYTHON naming an
interpreter that has pyfixest, it runs in the same run on the same counts, and the estimates are
compared; else the ratio is to CPU seconds measured earlier. Fails below 20 times as fast without
exposure. Times are CPU seconds of the whole call with checks and fingerprint (compilation, imports
and reading left out), medians.
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

from lagesbild import evaluation

PYFIXEST_CPU_S = 0.79  # 2 cores, AMD EPYC; without exposure
LEAST_RATIO = 20
PLAIN, EXPOSED = "1000 areas x 260 weeks", "1000 areas x 260 weeks, exposure"


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


def measured(task: Callable[[], object], rounds: int) -> float:
    """Median CPU seconds, after one call that imports and warms."""
    task()
    cpu = []
    for _ in range(rounds):
        began = time.process_time()
        task()
        cpu.append(time.process_time() - began)
    return statistics.median(cpu)


def growth(rounds: int) -> dict[str, float]:
    """CPU seconds by number of areas, 52 weeks, and the exponent fitted."""
    seconds = {}
    for areas in (1_000, 10_000, 100_000):
        data = panel(areas, 52)
        del data["exposure"]
        seconds[areas] = measured(
            lambda data=data: evaluation.difference_in_differences(**data), rounds
        )
    slope = np.polyfit(np.log(list(seconds)), np.log(list(seconds.values())), 1)[0]
    return {**{f"{areas} areas": cpu for areas, cpu in seconds.items()}, "exponent": float(slope)}


def peer(data: dict[str, np.ndarray], rounds: int) -> dict[str, tuple[float, float]]:
    """pyfixest's CPU seconds and estimates, when an interpreter that has it is named."""
    python = os.environ.get("LAGESBILD_PEERS_PYTHON")
    if not python:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "panel.npz"
        np.savez(file, **data)
        script = Path(__file__).with_name("_did_peer.py")
        command = [python, str(script), str(file), str(rounds)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, tuple[float, float]] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    data = panel(1000, 260)
    plain = {name: data[name] for name in ("counts", "treated", "after")}
    beside = peer(data, options.rounds)
    found: dict[str, object] = {}
    slow = False
    print(f"{'task':36}{'CPU s':>9}{'pyfixest':>10}{'ratio':>8}{'load':>7}")
    for name, given in ((PLAIN, plain), (EXPOSED, data)):
        estimate = evaluation.difference_in_differences(**given).estimate
        cpu = measured(
            lambda given=given: evaluation.difference_in_differences(**given), options.rounds
        )
        theirs = beside.get(name, (PYFIXEST_CPU_S, None) if name == PLAIN else (None, None))
        ratio = theirs[0] / cpu if theirs[0] else None
        load = os.getloadavg()[0]
        shown = (f"{theirs[0]:.2f}", f"{ratio:.0f}x") if ratio else ("", "")
        print(f"{name:36}{cpu:9.4f}{shown[0]:>10}{shown[1]:>8}{load:7.1f}")
        if theirs[1] is not None:
            print(f"{'':4}estimates differ by {abs(estimate - theirs[1]):.1e}")
        slow |= name == PLAIN and ratio is not None and ratio < LEAST_RATIO
        found[name] = {"cpu_s": cpu, "peer_cpu_s": theirs[0], "ratio": ratio, "load": load}
    print("pyfixest:", "run beside" if beside else "not run, earlier figure")
    found["growth"] = growth(options.rounds)
    print("growth:", ", ".join(f"{name} {value:.3g}" for name, value in found["growth"].items()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB; {platform.processor() or platform.machine()}")
    if options.json:
        options.json.write_text(json.dumps({"peak_mb": peak, "tasks": found}, indent=1))
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
