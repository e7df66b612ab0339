"""How long the command line takes to answer, and how reading grows with the file.

    python bench/lagesbild_cli.py [--rounds 5] [--largest 10000000] [--json FILE]

Each command runs in a process of its own on 1,000 events, after one run that compiles what is kept
on disk and writes bytecode; wall and CPU seconds are medians, `best` is the quickest round. The
limit is for an idle machine: it is judged only when fewer processes are waiting than there are
cores. Reading: CSV files with five columns, CPU seconds and peak memory of a process of its own.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

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
_READ = """
import json, resource, sys, time
from lagesbild.events import read
began = time.process_time(), time.perf_counter()
events = read(sys.argv[1]).events
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"events": len(events), "cpu_s": time.process_time() - began[0],
                  "wall_s": time.perf_counter() - began[1], "peak_mb": peak}))
"""


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


def environ(folder: Path) -> dict[str, str]:
    """As after an installation: bytecode is kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    source = str(Path(__file__).resolve().parents[1] / "src")
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "PYTHONPATH": source}


def answered(name: str, file: Path, folder: Path, rounds: int) -> dict[str, float]:
    """Medians over the rounds, the first, which compiles, left out."""
    command = [sys.executable, "-m", "lagesbild.cli", name.partition(",")[0], str(file)]
    wall, cpu = [], []
    for _ in range(rounds + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        subprocess.run([*command, *COMMANDS[name]], env=environ(folder), check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        wall.append(time.perf_counter() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {"wall_s": statistics.median(wall[1:]), "best_s": min(wall[1:]),
            "cpu_s": statistics.median(cpu[1:])}  # fmt: skip


def growth(folder: Path, largest: int) -> tuple[dict[int, dict[str, float]], float]:
    """Reading by number of rows, and the exponent of its time from 100,000 on."""
    found = {}
    for rows in (1_000, 10_000, 100_000, 1_000_000, 10_000_000):
        if rows > largest:
            break
        path = folder / "rows.csv"
        write_events(path, rows)
        done = subprocess.run([sys.executable, "-c", _READ, str(path)], env=environ(folder),
                              check=True, capture_output=True, text=True)  # fmt: skip
        found[rows] = {**json.loads(done.stdout), "file_mb": path.stat().st_size / 1e6}
        path.unlink()
    large = [rows for rows in found if rows >= 100_000]
    if len(large) < 2:
        return found, float("nan")
    seconds = [found[rows]["cpu_s"] for rows in large]
    return found, float(np.polyfit(np.log(large), np.log(seconds), 1)[0])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="lagesbild-bench-") as name:
        folder = Path(name)
        file = folder / "events.csv"
        write_events(file, 1_000)
        print(f"{'command on 1,000 events':26}{'wall s':>9}{'best s':>9}{'CPU s':>9}{'load':>7}")
        for command in COMMANDS:
            found[command] = answered(command, file, folder, options.rounds)
            found[command]["load"] = os.getloadavg()[0]
            print(f"{command:26}" + "".join(
                f"{found[command][key]:9.2f}" for key in ("wall_s", "best_s", "cpu_s")
            ) + f"{found[command]['load']:7.1f}", flush=True)  # fmt: skip
        reading, exponent = growth(folder, options.largest)
    print(f"\n{'rows read':>12}{'file MB':>9}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for rows, one in reading.items():
        print(f"{rows:12,}{one['file_mb']:9.0f}{one['wall_s']:9.2f}{one['cpu_s']:9.2f}"
              f"{one['peak_mb']:9.0f}")  # fmt: skip
    print(f"exponent of CPU time from 100,000 rows on: {exponent:.2f}")
    if options.json:
        options.json.write_text(json.dumps({"commands": found, "reading": reading}, indent=1))
    slow = [name for name, one in found.items() if one["best_s"] > LIMIT_S]
    if slow and os.getloadavg()[0] > (os.cpu_count() or 1):
        print(f"above {LIMIT_S} s, on a machine with other work: {', '.join(slow)}")
        return 0
    if slow:
        print(f"above {LIMIT_S} s: {', '.join(slow)}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
