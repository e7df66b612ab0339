"""How often the synthetic methods see what is not there, and what is there.

    python bench/lagesbild_power_synthetic.py                       a short look, with wide limits
    python bench/lagesbild_power_synthetic.py --quiet 2000 --planted 500 --json FILE     the tables

Panels of 20 units, 14 periods before and 6 after, with seeds 0, 1, 2 and so on: levels of their
own, two common swings that each follows in a measure of its own, and noise of one. `rank` is the
share of panels with a placebo p-value of at most 0.05, `normal` that of `p_value`, `verdict` that
of 'better' or 'worse' (planted: of 'better'). Fails where a quiet panel's verdicts are false more
often than 0.07 allows, chance taken into account.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from _measuring import surroundings

from lagesbild import evaluation

UNITS, PERIODS, START, NOMINAL = 20, 20, 14, 0.05
METHODS: dict[str, Callable[..., evaluation.SyntheticEffect]] = {
    "synthetic control": evaluation.synthetic_control,
    "synthetic difference in differences": evaluation.synthetic_difference_in_differences,
}


@dataclass(frozen=True)
class Row:
    method: str
    treated: int
    effect: float  # in every period after, in standard deviations of a unit's own noise
    runs: int
    rank: float
    normal: float
    verdict: float
    cpu_s: float
    within_limit: bool


def panel(seed: int, treated: int, effect: float) -> np.ndarray:
    """Outcomes (units, periods); the first units are the treated."""
    draw = np.random.default_rng(seed)
    swings = draw.normal(0, 0.5, (2, PERIODS)).cumsum(axis=1)
    y = draw.normal(20, 2, (UNITS, 1)) + draw.normal(1, 0.5, (UNITS, 2)) @ swings
    y += draw.normal(0, 1, y.shape)
    y[:treated, START:] -= effect
    return y


def measured(method: str, treated: int, effect: float, runs: int) -> Row:
    began = time.process_time()
    found = [
        METHODS[method](
            panel(seed, treated, effect), treated=np.arange(UNITS) < treated,
            treatment_start=START, seed=seed,
        )
        for seed in range(runs)
    ]  # fmt: skip
    words = ("better",) if effect else ("better", "worse")
    verdict = float(np.mean([each.verdict in words for each in found]))
    error = np.sqrt(verdict * (1 - verdict) / runs)
    return Row(
        method=method, treated=treated, effect=effect, runs=runs,
        rank=float(np.mean([each.placebo_p_value <= NOMINAL + 1e-12 for each in found])),
        normal=float(np.mean([each.p_value <= NOMINAL for each in found])),
        verdict=verdict, cpu_s=time.process_time() - began,
        within_limit=effect > 0 or bool(verdict - 4 * error <= 0.07),
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quiet", type=int, default=200, help="runs where nothing is planted")
    parser.add_argument("--planted", type=int, default=60, help="runs where something is")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    columns = ("method", "treated", "effect", "runs", "rank", "normal", "verdict")
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    studies = [(name, 1, 0.0, options.quiet) for name in METHODS]
    studies += [("synthetic difference in differences", 5, 0.0, options.quiet // 2)]
    studies += [(name, 1, effect, options.planted) for name in METHODS for effect in (1.0, 2.0)]
    rows = []
    for study in studies:
        row = measured(*study)
        rows.append(row)
        mark = "" if row.within_limit else " **above its limit**"
        print(f"| {row.method} | {row.treated} | {row.effect:g} | {row.runs} | {row.rank:.3f} "
              f"| {row.normal:.3f} | {row.verdict:.3f}{mark} |", flush=True)  # fmt: skip
    if options.json:
        found = {**surroundings(), "seeds": "0 to runs - 1", "rows": [asdict(row) for row in rows]}
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    print(f"{sum(row.cpu_s for row in rows):.0f} s of processor time")
    return 0 if all(row.within_limit for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
