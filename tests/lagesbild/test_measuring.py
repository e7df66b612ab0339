"""The benchmarks' own frame: what is promised is held, what is said is true."""

import importlib.util
import json
import sys
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

FILE = Path(__file__).resolve().parents[2] / "bench" / "_measuring.py"


@pytest.fixture(scope="module")
def measuring() -> ModuleType:
    described = importlib.util.spec_from_file_location("bench_measuring", FILE)
    assert described is not None
    assert described.loader is not None
    module = importlib.util.module_from_spec(described)
    sys.modules[described.name] = module  # dataclasses look themselves up there
    described.loader.exec_module(module)
    return module


def busy(seconds: float) -> None:
    began = time.thread_time()
    while time.thread_time() - began < seconds:
        pass


def outcome(
    measuring: ModuleType, monkeypatch: pytest.MonkeyPatch, folder: Path, **parts: object
) -> tuple[int, dict]:
    target = folder / "found.json"
    given = ["toy.py", "--rounds", "3", "--no-memory", "--json", str(target)]
    monkeypatch.setattr(sys, "argv", given)
    code = measuring.run(measuring.Benchmark(title="Toy", **parts), "toy.py")
    return code, json.loads(target.read_text())


def test_a_goal_is_held_against_the_peer_and_says_where_it_was_measured(
    measuring: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def task(name: str, least: float) -> object:
        peer = measuring.Peer("snail", 0.1)
        return measuring.Task(name, lambda: lambda: busy(0.005), peer, least_ratio=least)

    code, found = outcome(
        measuring, monkeypatch, tmp_path, tasks=[task("kept", 2), task("missed", 500)],
        peers=lambda _rounds, _told: {"kept": measuring.Peer("snail", 0.2, 7.0, True)},
    )  # fmt: skip
    kept, missed = found["tasks"]
    assert (code, found["faults"]) == (0, [])
    assert len(found["goals_missed"]) == 1
    assert found["goals_missed"][0].startswith("missed: ")
    assert (kept["reached"], kept["peer"]["here"]) == (True, True)
    assert (missed["reached"], missed["peer"]["here"]) == (False, False)
    assert kept["ratio"] == pytest.approx(0.2 / kept["cpu_s"])
    assert kept["cpu_s"] >= 0.005


def test_growth_above_its_limit_fails_and_growth_that_is_only_told_does_not(
    measuring: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def squared(size: int) -> object:
        return lambda: busy(0.001 * size**2)

    for limit, expected in ((1.1, 1), (None, 0)):
        curve = measuring.Curve("squares", (1, 2, 4), squared, most_exponent=limit)
        code, found = outcome(measuring, monkeypatch, tmp_path, curves=[curve])
        assert code == expected
        assert found["curves"][0]["exponent"] == pytest.approx(2, abs=0.4)


def test_a_child_processes_seconds_and_memory_are_counted(measuring: ModuleType) -> None:
    script = "x = bytearray(60_000_000); x[::4096] = b'1' * len(x[::4096]); print(len(x))"
    before, told = measuring.cpu_clock(), measuring.Told()
    printed, peak_mb = measuring.run_peer([sys.executable, "-c", script], told)
    assert printed.strip() == "60000000"
    assert 60 < peak_mb < 110  # and not what this process has grown to
    assert measuring.cpu_clock() - before > 0.01
    assert measuring.run_peer([sys.executable, "-c", "raise SystemExit('away')"], told) is None
    assert "away" in told.notes[0]


def test_memory_that_a_call_adds_is_told(measuring: ModuleType) -> None:
    added = measuring.added_mb(lambda: np.ones(5_000_000).sum())
    assert np.isnan(added) or 30 < added < 60
