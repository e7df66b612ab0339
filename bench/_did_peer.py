"""pyfixest's Poisson regression with fixed effects on the panel of an .npz file: JSON to stdout.

Run by lagesbild_did.py with an interpreter that has pyfixest; not part of the product.
"""

import contextlib
import json
import statistics
import sys
import time

import numpy as np
import pandas as pd
import pyfixest

panel, rounds = np.load(sys.argv[1]), int(sys.argv[2])
y = panel["counts"]
area, week = np.indices(y.shape)
table = pd.DataFrame({
    "y": y.ravel().astype(float),
    "measure": np.outer(panel["treated"], panel["after"]).ravel().astype(float),
    "area": area.ravel(),
    "week": week.ravel(),
    "effort": np.log(panel["exposure"]).ravel(),
})  # fmt: skip


def fitted(**options: str) -> tuple[float, float]:
    """Median CPU seconds, and the estimate."""
    cpu = []
    for _ in range(rounds + 1):  # the first one compiles
        began = time.process_time()
        model = pyfixest.fepois(
            "y ~ measure | area + week", table, vcov={"CRV1": "area"}, **options
        )
        cpu.append(time.process_time() - began)
    return statistics.median(cpu[1:]), float(model.coef().iloc[0])


found = {"1000 areas x 260 weeks": fitted()}
with contextlib.suppress(TypeError):  # older releases know no offset
    found["1000 areas x 260 weeks, exposure"] = fitted(offset="effort")
print(json.dumps(found))
