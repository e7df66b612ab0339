"""Counting the same events with polars or DuckDB: CPU seconds, memory and cells as JSON.

Run by lagesbild_cube.py, with an interpreter that has them; not part of the product.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from _measuring import added_mb  # the file beside this one


def columns(n: int) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(1)
    x, y = draw.uniform(0, 20_000, (2, n))
    return {"x": x, "y": y, "day": draw.integers(0, 1820, n), "category": draw.integers(0, 12, n)}


def polars(given: dict[str, np.ndarray]) -> Callable[[], int]:
    import polars as pl

    table = pl.DataFrame(given)

    def count() -> int:
        area = ((pl.col("y") // 200) * 100 + pl.col("x") // 200).cast(pl.Int32).alias("area")
        keys = table.lazy().select(area, (pl.col("day") // 7).alias("week"), "category")
        return keys.group_by("area", "week", "category").len().collect().height

    return count


def duckdb(given: dict[str, np.ndarray]) -> Callable[[], int]:
    import duckdb as engine
    import pyarrow as pa

    connection = engine.connect()
    connection.execute("set threads = 2")
    connection.register("events", pa.table(given))

    def count() -> int:
        found = connection.execute(
            "select floor(y / 200)::int * 100 + floor(x / 200)::int as area, day // 7 as week, "
            "category, count(*) as n from events group by all"
        )
        return found.to_arrow_table().num_rows

    return count


def main(name: str, n: int, rounds: int) -> None:
    count = {"polars": polars, "duckdb": duckdb}[name](columns(n))
    mb, cells, seconds = added_mb(count), 0, []
    for _ in range(rounds):
        began = time.process_time()
        cells = count()
        seconds.append(time.process_time() - began)
    print(json.dumps({"cpu_s": statistics.median(seconds), "mb": mb, "cells": cells}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
