"""How long Gi* takes with 99,999 permutations, beside esda where it is named.

    python bench/lagesbild_hotspots.py [--rounds 7] [--json FILE] [--long]

A square of cells with Poisson counts, queen contiguity; also H3 cells, where making the
neighbours is timed too. With LAGESBILD_PEERS_PYTHON naming an interpreter that has esda, it is run
beside on the 102,400 cells with 999 permutations, a hundredth of ours, and the z-values are
compared.
"""

import sys
import tempfile
from pathlib import Path

import h3
import numpy as np
from _measuring import HERE, Benchmark, Curve, Peer, Task, Told, Work, peers_python, run, run_peer

from lagesbild import neighbours
from lagesbild.hotspots import getis_ord

SIDE, ALL = 320, "102,400 cells"
ESDA = Peer("esda", 12.0, 2300)  # 102,400 cells, 999 permutations
SIDES = {side * side: side for side in (32, 100, 320, 1000)}


def cells(side: int) -> np.ndarray:
    return np.random.default_rng(1).poisson(9, side * side).astype(float)


def hexagons(rings: int) -> list[str]:
    return sorted(h3.grid_disk(h3.latlng_to_cell(58.59, 16.18, 10), rings))


def of_grid(side: int, permutations: int, *, exposed: bool = False) -> Work:
    counts, near = cells(side), neighbours.grid(side, side)
    exposure = np.random.default_rng(2).uniform(1, 9, counts.size) if exposed else None
    return lambda: getis_ord(counts, near, exposure=exposure, permutations=permutations)


def of_hexagons() -> Work:
    names = hexagons(184)
    counts, around = cells(SIDE)[: len(names)], neighbours.h3_ring(names)
    return lambda: getis_ord(counts, around, permutations=99_999)


def their_neighbours() -> Work:
    names = hexagons(184)
    return lambda: neighbours.h3_ring(names)


def with_weights() -> Work:
    few = neighbours.grid(100, 100)
    weighted = neighbours.Neighbours(few.indptr, few.indices, np.full(few.indices.size, 0.5))
    return lambda: getis_ord(cells(100), weighted, permutations=999)


def esda(_rounds: int, told: Told) -> dict[str, Peer]:
    python = peers_python()
    if not python:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        given, taken = Path(folder) / "cells.npy", Path(folder) / "found.npz"
        np.save(given, cells(SIDE))
        script = str(HERE / "_hotspots_peer.py")
        done = run_peer([python, script, str(given), str(taken)], told)
        if done is None:
            return {}
        found = np.load(taken)
        cpu, z = float(found["cpu_s"]), found["z"]
    apart = np.abs(getis_ord(cells(SIDE), neighbours.grid(SIDE, SIDE), permutations=9).z - z).max()
    told.notes.append(f"esda: z differs by {apart:.1e} at most")
    if apart > 1e-9:
        told.faults.append("not esda's z")
    return {ALL: Peer("esda", cpu, done[1], True)}


BENCHMARK = Benchmark(
    title="Gi* with 99,999 permutations (esda: 999)",
    tasks=[
        Task(ALL, lambda: of_grid(SIDE, 99_999), ESDA, least_ratio=200),
        Task("102,400 cells, rates", lambda: of_grid(SIDE, 99_999, exposed=True)),
        Task("102,121 H3 cells", of_hexagons),
        Task("102,121 H3 cells, their neighbours", their_neighbours),
        Task("10,000 cells with weights, 999 draws each", with_weights),
    ],
    curves=[
        Curve("cells, 9,999 permutations", tuple(SIDES), lambda n: of_grid(SIDES[n], 9_999)),
    ],
    peers=esda,
    rounds=7,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(run(BENCHMARK, __file__))
