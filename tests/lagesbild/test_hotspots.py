"""Getis and Ord's Gi*: against esda and R spdep, by exact enumeration, by properties."""

import csv
import itertools
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from lagesbild import neighbours
from lagesbild.hotspots import getis_ord
from tests.lagesbild.reference import reference_file

X, Y = [10, 20, 40, 15, 30, 30], [10, 10, 10, 20, 20, 30]
SIX = [2, 3, 3.2, 5, 8, 7]


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """What is compiled, or loaded, counts for none of the tests."""
    getis_ord(SIX, neighbours.by_distance(X, Y, radius=15), permutations=9)


def expected_values() -> dict[str, Any]:
    return json.loads(reference_file("gistar/expected.json").read_text("utf-8"))


@pytest.mark.parametrize(("star", "key"), [(False, "docs6_Gi_B"), (True, "docs6_Gistar_B")])
def test_six_points_give_esdas_z_and_p(star: bool, key: str) -> None:
    wanted = expected_values()[key]
    found = getis_ord(SIX, neighbours.by_distance(X, Y, radius=15), star=star, permutations=99)
    assert found.z == pytest.approx(wanted["Z"], abs=1e-9)
    # esda prints the tail in the direction of the departure: half of the two-sided p.
    assert found.p_norm / 2 == pytest.approx(wanted["p_norm"], abs=1e-9)


@pytest.mark.parametrize(
    ("star", "key"),
    [(False, "columbus_crime_queen_Gi_B"), (True, "columbus_crime_queen_Gistar_B")],
)
def test_crime_in_columbus_gives_spdeps_z(star: bool, key: str) -> None:
    with reference_file("gistar/columbus_crime.csv").open() as file:
        crime = [float(row["CRIME"]) for row in csv.DictReader(file)]
    lists = json.loads(reference_file("gistar/columbus_queen_neighbors.json").read_text("utf-8"))
    near = [lists[str(unit)] for unit in range(len(crime))]
    found = getis_ord(crime, near, star=star, permutations=99)
    assert found.z == pytest.approx(expected_values()[key]["Z"], abs=1e-6)


def test_permutation_p_values_approach_those_over_all_arrangements() -> None:
    x = np.array([9.0, 7, 1, 2, 0, 3, 4])
    near = [[1, 2], [0, 2], [0, 1, 3], [2, 4], [3, 5], [4, 6], [5]]
    found = getis_ord(x, near, permutations=20_000, alternative="greater", seed=1)
    for unit, own in enumerate(near):
        others = np.delete(x, unit)
        sums = [sum(chosen) for chosen in itertools.combinations(others, len(own))]
        exact = np.mean(np.array(sums) >= x[own].sum())
        assert found.p_sim[unit] == pytest.approx(exact, abs=0.02)


def test_the_p_of_the_whole_sum_approaches_that_over_all_arrangements() -> None:
    x = np.array([9.0, 7, 1, 2, 0, 3, 4]) / 10  # sums differ in the last digit by their order
    near = [[1, 2], [0, 2], [0, 1, 3], [2, 4], [3, 5], [4, 6], [5]]
    for alternative in ("greater", "less"):
        found = getis_ord(
            x, near, permute="all", permutations=20_000, alternative=alternative, seed=1
        )
        sign = 1 if alternative == "greater" else -1
        for unit, others in enumerate(near):
            own = sign * x[[unit, *others]].sum() - 1e-9
            sums = [sign * sum(some) for some in itertools.combinations(x, len(others) + 1)]
            assert found.p_sim[unit] == pytest.approx(np.mean(np.array(sums) >= own), abs=0.02)


def test_the_whole_sum_has_the_same_p_with_weights_of_one() -> None:
    x, near = np.random.default_rng(1).gamma(2, 1, 30), neighbours.grid(5, 6)
    weighted = neighbours.Neighbours(near.indptr, near.indices, np.ones(near.indices.size))
    one, two = (
        getis_ord(x, links, permute="all", permutations=9999, seed=1) for links in (near, weighted)
    )
    assert one.z == pytest.approx(two.z)
    assert one.p_sim == pytest.approx(two.p_sim, abs=0.03)


def test_p_values_of_the_whole_sum_are_uniform_when_nothing_is_there() -> None:
    near = neighbours.grid(5, 5)
    p = [
        getis_ord(
            np.random.default_rng(seed).gamma(2, 1, 25), near, permutations=99, permute="all",
            alternative="greater", seed=seed,
        ).p_sim[seed % 25]
        for seed in range(1000)
    ]  # fmt: skip
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_the_unit_at_the_height_is_judged_by_its_own_count_too() -> None:
    """Given its own value only the slope around it counts; the whole sum holds the peak as well."""
    rows, columns = np.indices((30, 30))
    bump = 12 * np.exp(-((rows - 15) ** 2 + (columns - 15) ** 2) / 2)
    counts = np.random.default_rng(1).poisson(3 + bump).astype(float).ravel()
    given = {"alternative": "greater", "permutations": 9999, "seed": 1}
    near, peak = neighbours.grid(30, 30), 15 * 30 + 15
    whole, around = (
        getis_ord(counts, near, permute=way, **given)  # type: ignore[arg-type]
        for way in ("all", "others")
    )
    hot = whole.significant(0.05).reshape(30, 30)
    assert hot[14:17, 14:17].all()
    assert whole.p_sim[peak] <= around.p_sim[peak]
    assert hot.sum() <= 30


def test_a_single_busy_unit_is_no_hot_spot_by_permutation() -> None:
    """Nine cells of 400 see the peak, and so do 9/400 of the draws."""
    counts = np.random.default_rng(1).poisson(5, (20, 20)).astype(float)
    counts[10, 10] = 200
    found = getis_ord(counts.ravel(), neighbours.grid(20, 20), permute="all",
                      alternative="greater", permutations=9999, seed=1)  # fmt: skip
    around_peak = found.p_sim.reshape(20, 20)[9:12, 9:12]
    assert (around_peak <= 9 / 400 + 0.005).all()
    assert not found.significant(0.05)[10 * 20 + 10]


def test_a_shared_null_agrees_with_one_for_each_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    x, near = rng.poisson(3, 1600).astype(float), neighbours.grid(40, 40)
    shared = getis_ord(x, near, permutations=9999, alternative="greater", seed=1)
    monkeypatch.setattr("lagesbild.hotspots._SHARED_FROM", 10**9)
    own = getis_ord(x, near, permutations=9999, alternative="greater", seed=2)
    assert np.abs(shared.p_sim - own.p_sim).max() < 0.05
    assert np.abs(shared.p_sim - own.p_sim).mean() < 0.006


@given(st.integers(0, 1000), st.floats(0.1, 50))
def test_the_unit_of_counting_and_the_order_of_units_change_nothing(
    seed: int, factor: float
) -> None:
    rng = np.random.default_rng(seed)
    x, px, py = rng.poisson(4, 30) + 1.0, rng.uniform(0, 9, 30), rng.uniform(0, 9, 30)
    order = rng.permutation(30)
    plain = getis_ord(x, neighbours.by_distance(px, py, radius=3), permutations=9)
    turned = getis_ord(
        factor * x[order],
        neighbours.by_distance(py[order] + 5, -px[order], radius=3),
        permutations=9,
    )
    assert turned.z == pytest.approx(plain.z[order], nan_ok=True, abs=1e-9)


def test_doubling_the_exposure_halves_rates_and_leaves_the_picture() -> None:
    rng = np.random.default_rng(1)
    counts, exposure = rng.poisson(5, 100).astype(float), rng.uniform(1, 9, 100)
    near = neighbours.grid(10, 10)
    one = getis_ord(counts, near, exposure=exposure, permutations=99, seed=1)
    for factor in (2, 1e9):  # reporters, or person-seconds
        two = getis_ord(counts, near, exposure=factor * exposure, permutations=99, seed=1)
        assert one.z == pytest.approx(two.z)
        assert np.array_equal(one.p_sim, two.p_sim)


def test_the_same_values_in_another_order_are_a_tie() -> None:
    """Rates do not add up to the same last digit in every order; a draw of the unit's own
    neighbours is as extreme as what was seen, all the same."""
    rates = np.array([0.1, 0.2, 0.3, 0.7, 0.0])
    near = neighbours.Neighbours([0, 0, 0, 0, 0, 3], [0, 1, 2])
    found = getis_ord(rates, near, permutations=9999, alternative="less", star=False, seed=1)
    # Of the 4 ways to draw three of the four others one is what was seen; none is below it.
    assert found.p_sim[4] == pytest.approx(0.25, abs=0.02)
    counts = np.array([1, 2, 3, 7, 0])
    ten = getis_ord(counts, near, permutations=9999, alternative="less", star=False, seed=1)
    assert ten.p_sim[4] == found.p_sim[4]


@pytest.mark.parametrize("weight", [None, 0.5])
def test_the_number_of_threads_changes_nothing(weight: float | None) -> None:
    near = neighbours.grid(40, 30)
    if weight is not None:
        near = neighbours.Neighbours(near.indptr, near.indices, np.full(near.indices.size, weight))
    x = np.random.default_rng(2).poisson(3, 1200)
    one, two = (
        getis_ord(x, near, permutations=2000, seed=3, threads=threads) for threads in (1, 3)
    )
    assert one.p_sim.tobytes() == two.p_sim.tobytes()


def test_weights_of_one_are_no_weights() -> None:
    x, near = np.random.default_rng(1).gamma(2, 1, 30), neighbours.grid(5, 6)
    weighted = neighbours.Neighbours(near.indptr, near.indices, np.ones(near.indices.size))
    one, two = (getis_ord(x, links, permutations=999, seed=1) for links in (near, weighted))
    assert one.z == pytest.approx(two.z)
    assert one.p_sim == pytest.approx(two.p_sim)
    halved = neighbours.Neighbours(near.indptr, near.indices, np.full(near.indices.size, 0.5))
    assert getis_ord(x, halved, star=False, permutations=9).z == pytest.approx(
        getis_ord(x, near, star=False, permutations=9).z
    )


def test_units_without_exposure_stay_out_of_the_picture() -> None:
    counts, exposure = np.arange(25.0), np.ones(25)
    counts[12], exposure[12] = 0, 0
    with_hole = getis_ord(counts, neighbours.grid(5, 5), exposure=exposure, permutations=99)
    assert np.isnan(with_hole.z[12])
    assert np.isnan(with_hole.q[12])
    # The same as a map that never had the unit.
    kept = np.delete(np.arange(25), 12)
    links = neighbours.grid(5, 5)
    matrix = np.zeros((25, 25))
    matrix[links.rows, links.indices] = 1
    without = getis_ord(counts[kept], sparse.csr_array(matrix[np.ix_(kept, kept)]), permutations=99)
    assert with_hole.z[kept] == pytest.approx(without.z)


def test_a_planted_hot_spot_is_found_and_nothing_else_to_speak_of() -> None:
    rng = np.random.default_rng(7)
    counts = rng.poisson(2, (50, 50)).astype(float)
    counts[20:24, 30:34] += 8
    found = getis_ord(
        counts.ravel(), neighbours.grid(50, 50), alternative="greater", permutations=9999, seed=1
    )
    hot = found.significant(0.05).reshape(50, 50)
    assert hot[20:24, 30:34].all()
    assert hot.sum() <= 6 * 6 + 3


def test_p_values_are_uniform_when_nothing_is_there() -> None:
    near = neighbours.grid(5, 5)
    p = [
        getis_ord(
            np.random.default_rng(seed).normal(10, 1, 25), near, permutations=99,
            alternative="greater", seed=seed,
        ).p_sim[12]
        for seed in range(2000)
    ]  # fmt: skip
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_the_same_seed_gives_the_same_bytes() -> None:
    near = neighbours.grid(5, 5)
    one, two = (getis_ord(np.arange(25.0), near, seed=4) for _ in range(2))
    assert one.p_sim.tobytes() == two.p_sim.tobytes()


def test_a_unit_without_neighbours_and_a_flat_map_have_no_statistic() -> None:
    alone = getis_ord([1, 2, 3, 9], [[1], [0], [1], []], permutations=9)
    assert np.isnan(alone.z[3])
    assert np.isfinite(alone.z[:3]).all()
    flat = getis_ord(np.full(9, 4.0), neighbours.grid(3, 3), permutations=9)
    assert np.isnan(flat.z).all()
    assert np.isnan(flat.q).all()


def test_neighbours_are_understood_in_the_forms_analysts_have() -> None:
    lists = [[1], [0, 2], [1]]
    matrix = sparse.csr_array(np.array([[1, 1, 0], [1, 0, 1], [0, 1, 0]]))
    for given_form in (lists, dict(enumerate(lists)), matrix, ([0, 1, 3, 4], [1, 0, 2, 1])):
        found = neighbours.to_neighbours(given_form)
        assert found.indptr.tolist() == [0, 1, 3, 4]
        assert found.indices.tolist() == [1, 0, 2, 1]


@given(st.integers(4, 40), st.integers(1, 3), st.integers(0, 999))
def test_the_nearest_are_the_nearest(n: int, k: int, seed: int) -> None:
    points = np.random.default_rng(seed).integers(0, 5, (n, 2)).astype(float)
    found = neighbours.nearest(points[:, 0], points[:, 1], k=k)
    for unit in range(n):
        own = found.indices[found.indptr[unit] : found.indptr[unit + 1]]
        distances = np.hypot(*(points - points[unit]).T)
        others = np.sort(np.delete(distances, unit))
        assert unit not in own
        assert np.sort(distances[own]) == pytest.approx(others[:k])


def test_hexagons_have_their_six_neighbours() -> None:
    import h3

    centre = h3.latlng_to_cell(58.59, 16.18, 9)
    cells = sorted(h3.grid_disk(centre, 2))
    found = neighbours.h3_ring(cells)
    assert found.counts[cells.index(centre)] == 6
    assert found.counts.min() == 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: getis_ord([1, 2], [[1], [0], []]), "neighbours: 2 units wanted"),
        (lambda: getis_ord([1, -2], [[1], [0]]), "counts: negative"),
        (lambda: getis_ord([1, np.nan], [[1], [0]]), "counts: not finite in row 1"),
        (lambda: getis_ord([1, 2], [[1], [0]], exposure=[0, 1]), "exposure: zero"),
        (lambda: getis_ord([1, 2], [[1], [0]], alternative="hot"), "alternative"),  # type: ignore[arg-type]
        (lambda: getis_ord([1, 2], [[1], [0]], permute="own"), "permute"),  # type: ignore[arg-type]
        (lambda: getis_ord([1, 2], [[1], [0]], permute="all", star=False), "permute: 'all'"),
        (lambda: getis_ord([1, 2], [[0], [0]]), "own neighbour"),
        (lambda: getis_ord([1, 2], [[7], [0]]), "outside 0 to 1"),
        (lambda: getis_ord([1, 2], "ab"), "neighbours"),
        (lambda: getis_ord([1, 2], [[1], [0]], threads=0), "threads"),
        (lambda: neighbours.nearest([1, 2], [1, 2], k=2), "k: fewer"),
    ],
)
def test_bad_arguments_are_named(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
