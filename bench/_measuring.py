"""One way to measure, to compare and to tell; every lagesbild_*.py beside this one says what.

    python -m bench NAME                                    one benchmark
    python bench/NAME.py [--rounds 5] [--json FILE] [--long] [--no-memory]

CPU seconds are those of the whole call, of all threads and child processes, medians over the
rounds after one call that imports and compiles. Peak memory is that of a process of its own, which
makes the data and calls twice; `added` is what the second call took beside what was there. A peer
is run beside where an interpreter that has it is named, else its figure is one measured elsewhere,
and the table says so. Exit code 1 when a promised limit is broken, and only then: how many times as
fast as a peer is a goal, said when it is not reached, for no two machines agree on it.
"""

import argparse
import importlib.metadata
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
MOST_EXPONENT = 1.1
Work = Callable[[], object]


@dataclass(frozen=True)
class Peer:
    """What another program took for the same task."""

    name: str
    cpu_s: float
    peak_mb: float | None = None
    here: bool = False


@dataclass(frozen=True)
class Task:
    """`prepare()` makes the data and gives back what is timed.

    elsewhere    the peer's figure, should it not be run beside
    least_ratio  the goal: so many times as fast as the peer
    most_cpu_s   promised: no more CPU seconds
    most_wall_s  promised on an idle machine: held against the quickest round, and only where fewer
                 processes are waiting than there are cores
    """

    name: str
    prepare: Callable[[], Work]
    elsewhere: Peer | None = None
    least_ratio: float | None = None
    most_cpu_s: float | None = None
    most_wall_s: float | None = None
    long: bool = False


@dataclass(frozen=True)
class Curve:
    """How time grows: `prepare(size)` gives back what is timed. Long sizes only when asked for."""

    name: str
    sizes: Sequence[int]
    prepare: Callable[[int], Work]
    long_sizes: Sequence[int] = ()
    most_exponent: float | None = MOST_EXPONENT


@dataclass(frozen=True)
class Timing:
    cpu_s: float
    wall_s: float
    best_s: float  # on the wall, the quickest round


@dataclass
class Told:
    """What a benchmark has to say beside its tables: goals not reached, promises broken."""

    notes: list[str] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Benchmark:
    """peers(rounds, told) gives figures by the task's name; check(told) looks at the answers."""

    title: str
    tasks: Sequence[Task] = ()
    curves: Sequence[Curve] = ()
    peers: Callable[[int, Told], dict[str, Peer]] | None = None
    check: Callable[[Told], None] | None = None
    rounds: int = 5


def cpu_clock() -> float:
    """CPU seconds of this process with all threads, and of the children it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def timed(work: Work, rounds: int) -> Timing:
    """Medians, after one call that compiles or loads what is compiled."""
    work()
    cpu, wall = [], []
    for _ in range(rounds):
        began = cpu_clock(), time.perf_counter()
        work()
        cpu.append(cpu_clock() - began[0])
        wall.append(time.perf_counter() - began[1])
    return Timing(statistics.median(cpu), statistics.median(wall), min(wall))


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The power of the size that the seconds grow with, by least squares of the logarithms."""
    if len(sizes) < 2:
        return math.nan
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def added_mb(work: Work) -> float:
    """How much more memory the process has at the peak of a call; NaN where Linux is not."""
    reset, status = Path("/proc/self/clear_refs"), Path("/proc/self/status")
    if not reset.exists():
        return math.nan
    reset.write_text("5")  # the peak begins anew

    def peak() -> float:
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    before = peak()
    work()
    return peak() - before


# A process inherits, as its peak, the size of the one that began it: this small one stands between.
_BETWEEN = (
    "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); "
    "print(); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
)


def run_peer(command: Sequence[str], told: Told) -> tuple[str, float] | None:
    """What a peer's script printed, and its peak memory; None, with a note, where it failed."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", _BETWEEN, *command],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        told.notes.append(f"not run: {Path(command[1]).name} ({last[:120]})")
        return None
    printed, _, kilobytes = done.stdout.rstrip().rpartition("\n")
    return printed, int(kilobytes) / 1024


def peers_python() -> str | None:
    """The interpreter that has the peers, where one is named."""
    return os.environ.get("LAGESBILD_PEERS_PYTHON") or None


def surroundings() -> dict[str, Any]:
    """Commit, machine and versions: what a figure cannot be quoted without."""

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=HERE, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    cpu = next(
        (line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    changed = bool(git("status", "--porcelain", "--", str(HERE.parent / "src" / "lagesbild")))
    return {
        "commit": git("rev-parse", "--short", "HEAD") + (" with changes" if changed else ""),
        "machine": f"{cpu}, {len(os.sched_getaffinity(0))} cores",
        "python": platform.python_version(),
        "versions": {
            name: importlib.metadata.version(name) for name in ("numpy", "numba", "scipy")
        },
    }


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def run(benchmark: Benchmark, script: str) -> int:
    """Measure everything and print it; what a benchmark's file calls. The exit code."""
    options = _options(benchmark)
    if options.memory_of:
        task = next(one for one in benchmark.tasks if one.name == options.memory_of)
        work = task.prepare()
        work()
        print(added_mb(work))
        return 0
    told = Told()
    where = surroundings()
    print(f"{benchmark.title}\n{where['commit']}, {where['machine']}, Python {where['python']}, "
          f"load {os.getloadavg()[0]:.1f}\n")  # fmt: skip
    beside = benchmark.peers(options.rounds, told) if benchmark.peers else {}
    rows = _tasks(benchmark, options, beside, script, told)
    curves = _curves(benchmark, options, told)
    if benchmark.check:
        benchmark.check(told)
    for note in told.notes:
        print(note)
    if options.json:
        found = {"benchmark": Path(script).stem, **where, "rounds": options.rounds,
                 "load": os.getloadavg()[0], "tasks": rows, "curves": curves,
                 "notes": told.notes, "goals_missed": told.goals,
                 "faults": told.faults}  # fmt: skip
        options.json.write_text(json.dumps(plain(found), indent=1) + "\n")
    for goal in told.goals:
        print("goal not reached:", goal)
    for fault in told.faults:
        print("LIMIT BROKEN:", fault)
    return 1 if told.faults else 0


def _options(benchmark: Benchmark) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=benchmark.title)
    parser.add_argument("--rounds", type=int, default=benchmark.rounds)
    parser.add_argument("--json", type=Path, help="also write everything to this file")
    parser.add_argument("--long", action="store_true", help="the longest tasks and sizes too")
    parser.add_argument("--no-memory", action="store_true", help="spare the processes for memory")
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    return parser.parse_args()


def _tasks(
    benchmark: Benchmark,
    options: argparse.Namespace,
    beside: dict[str, Peer],
    script: str,
    told: Told,
) -> list[dict[str, Any]]:
    chosen = [task for task in benchmark.tasks if options.long or not task.long]
    if not chosen:
        return []
    width = max(len(task.name) for task in chosen) + 2
    ours = f"{'task':{width}}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'added':>7}"
    print(f"{ours}  {'peer':24}{'CPU s':>9}{'MB':>7}{'ratio':>10}{'target':>9}  reached  load")
    rows = []
    for task in chosen:
        timing = timed(task.prepare(), options.rounds)
        memory = {} if options.no_memory else _memory(script, task.name, told)
        peer = beside.get(task.name) or task.elsewhere
        row = _row(task, timing, memory, peer)
        rows.append(row)
        print(_line(row, width), flush=True)
        if row["missed"]:
            told.faults.append(f"{task.name}: {row['missed']}")
        if row["goal_missed"]:
            told.goals.append(f"{task.name}: {row['goal_missed']}")
    print()
    return rows


def _memory(script: str, name: str, told: Told) -> dict[str, float]:
    """Of a process of its own."""
    found = run_peer([sys.executable, script, "--memory-of", name], told)
    if found is None:
        return {}
    return {"peak_mb": found[1], "added_mb": float(found[0].strip().splitlines()[-1])}


def _row(task: Task, timing: Timing, memory: dict[str, float], peer: Peer | None) -> dict[str, Any]:
    ratio = peer.cpu_s / timing.cpu_s if peer else None
    missed, targets, goal = [], [], ""
    if task.least_ratio is not None:
        targets.append(f"{task.least_ratio:g}x")
        if ratio is not None and ratio < task.least_ratio:
            goal = f"{ratio:.1f} times as fast, {task.least_ratio:g} wanted"
    if task.most_cpu_s is not None:
        targets.append(f"{task.most_cpu_s:g} s")
        if timing.cpu_s > task.most_cpu_s:
            missed.append(f"{timing.cpu_s:.2f} s, at most {task.most_cpu_s:g} promised")
    if task.most_wall_s is not None and os.getloadavg()[0] <= (os.cpu_count() or 1):
        targets.append(f"{task.most_wall_s:g} s")
        if timing.best_s > task.most_wall_s:
            missed.append(f"{timing.best_s:.2f} s at best, {task.most_wall_s:g} promised")
    return {
        "task": task.name, **asdict(timing), **memory,
        "peer": asdict(peer) if peer else None, "ratio": ratio, "target": ", ".join(targets),
        "reached": not (missed or goal) if targets else None,
        "missed": "; ".join(missed), "goal_missed": goal,
        "load": os.getloadavg()[0],
    }  # fmt: skip


def _line(row: dict[str, Any], width: int) -> str:
    peer = row["peer"] or {"name": "", "cpu_s": None, "peak_mb": None, "here": True}
    name = peer["name"] if peer["here"] else f"{peer['name']}, elsewhere"
    cells = [
        f"{row['task']:{width}}", f"{row['cpu_s']:9.4f}", f"{row['wall_s']:9.4f}",
        f"{_shown(row.get('peak_mb'), '.0f'):>9}", f"{_shown(row.get('added_mb'), '.0f'):>7}",
        f"  {name:24}", f"{_shown(peer['cpu_s'], '.3g'):>9}",
        f"{_shown(peer['peak_mb'], '.0f'):>7}", f"{_shown(row['ratio'], ',.1f'):>10}",
        f"{row['target']:>9}", f"  {({True: 'yes', False: 'NO'}.get(row['reached'], '')):7}",
        f"{row['load']:6.1f}",
    ]  # fmt: skip
    return "".join(cells)


def _shown(value: float | None, form: str) -> str:
    return "" if value is None or math.isnan(value) else format(value, form)


def _curves(benchmark: Benchmark, options: argparse.Namespace, told: Told) -> list[dict[str, Any]]:
    """CPU seconds by size, the exponent over all sizes, and that of the last step alone."""
    found = []
    for curve in benchmark.curves:
        sizes = [*curve.sizes, *(curve.long_sizes if options.long else ())]
        seconds = [
            timed(curve.prepare(size), options.rounds if size < 10**6 else 3).cpu_s
            for size in sizes
        ]
        power, last = exponent(sizes, seconds), exponent(sizes[-2:], seconds[-2:])
        shown = ", ".join(f"{n:,}: {s:.3g} s" for n, s in zip(sizes, seconds, strict=True))
        print(f"growth, {curve.name}: {shown}; exponent {power:.2f}, last step {last:.2f}")
        if curve.most_exponent is not None and power > curve.most_exponent:
            told.faults.append(
                f"{curve.name}: grows with the power {power:.2f}, {curve.most_exponent:g} promised"
            )
        found.append({"curve": curve.name, "sizes": sizes, "cpu_s": seconds, "exponent": power,
                      "last_step": last})  # fmt: skip
    return found


def plain(value: Any) -> Any:
    """NaN and infinity are no JSON."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
