"""How long the command line takes to answer, and how reading grows with the file.

    python bench/lagesbild_cli.py [--rounds 5] [--json FILE] [--long]

Each command runs in a process of its own on 1,000 events, after one run that compiles what is kept
on disk and writes bytecode. The limit of 1.5 seconds is for an idle machine: it is held against
the quickest round, and only where fewer processes are waiting than there are cores. Reading: CSV
files with five columns.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from _measuring import Benchmark, Curve, Task, Work, run

from lagesbild.events import read

LIMIT_S = 1.5
PLACES = 150
COMMANDS = {
    "events": [],
    "scan": ["--replicates", "999"],
    "scan, prospective": ["--replicates", "999", "--prospective"],
    "kde": [],
    "hotspots": [],
    "near-repeat": [],
    "aoristic": [],
    "surveillance": ["--by", "category"],
    "predict": [],
    "locate": ["--open", "2"],
}
# The processes whose memory is measured find the files and the bytecode that are there already.
_OWN = tempfile.TemporaryDirectory(prefix="lagesbild-bench-")
FOLDER = Path(os.environ.setdefault("LAGESBILD_BENCH_FOLDER", _OWN.name))


def write_events(path: Path, rows: int) -> None:
    """A year of events, or ten for many, at 150 places and anywhere near them."""
    import polars as pl

    draw = np.random.default_rng(1)
    days = 365 if rows <= 100_000 else 3650
    place = draw.integers(0, PLACES, rows)
    corners = draw.uniform(0, 12_000, (PLACES, 2)).round()
    start = np.datetime64("2020-01-01T00:00:00") + draw.integers(0, days * 86_400, rows)
    pl.DataFrame({
        "x": 560_000 + corners[place, 0],
        "y": 6_490_000 + corners[place, 1],
        "start": start.astype("datetime64[us]"),
        "category": np.array(["damage", "disorder", "litter", "fire"])[draw.integers(0, 4, rows)],
        "location": place,
    }).with_columns(pl.col("start").dt.strftime("%Y-%m-%d %H:%M:%S")).write_csv(path)  # fmt: skip


def written(rows: int) -> Path:
    path = FOLDER / f"{rows}.csv"
    if not path.exists():
        write_events(path, rows)
    return path


def environ() -> dict[str, str]:
    """As after an installation: bytecode is kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    source = str(Path(__file__).resolve().parents[1] / "src")
    return {**kept, "PYTHONPYCACHEPREFIX": str(FOLDER / "bytecode"), "PYTHONPATH": source}


def answered(name: str) -> Work:
    file = str(written(1_000))
    command = [sys.executable, "-m", "lagesbild.cli", name.partition(",")[0], file, *COMMANDS[name]]
    return lambda: subprocess.run(command, env=environ(), check=True, capture_output=True)


def reading(rows: int) -> Work:
    path = written(rows)
    return lambda: read(path)


BENCHMARK = Benchmark(
    title="The command line on 1,000 events, and reading files",
    tasks=[
        *(
            Task(name, lambda name=name: answered(name), most_wall_s=LIMIT_S) for name in COMMANDS
        ),
        Task("reading 1,000,000 rows", lambda: reading(1_000_000)),
        Task("reading 10,000,000 rows", lambda: reading(10_000_000), long=True),
    ],
    curves=[
        Curve("rows read", (1_000, 10_000, 100_000, 1_000_000), reading, (10_000_000,)),
    ],
    rounds=3,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(run(BENCHMARK, __file__))
