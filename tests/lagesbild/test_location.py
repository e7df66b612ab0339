"""Choosing sites: published optima, every plan tried, and bounds that hold."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import floyd_warshall

from lagesbild.location import maximal_covering, p_median, rank_plans
from tests.lagesbild.reference import reference_file


def or_library(name: str) -> tuple[np.ndarray, int]:
    """All shortest ways of a network; of edges that repeat the last counts."""
    numbers = [int(word) for word in reference_file(f"location/{name}.txt").read_text().split()]
    vertices, edges, p = numbers[:3]
    length = np.full((vertices, vertices), np.inf)
    for edge in range(edges):
        a, b, cost = numbers[3 + 3 * edge : 6 + 3 * edge]
        length[a - 1, b - 1] = length[b - 1, a - 1] = cost
    return floyd_warshall(length), p


def random_costs(seed: int, demands: int, sites: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    people, places = rng.uniform(0, 100, (demands, 2)), rng.uniform(0, 100, (sites, 2))
    cost = np.hypot(*(people[:, None] - places[None]).transpose(2, 0, 1))
    return cost, rng.integers(1, 50, demands).astype(float)


def every_plan(cost: np.ndarray, p: int, weights: np.ndarray) -> list[tuple[float, tuple]]:
    return sorted(
        (float(weights @ cost[:, list(plan)].min(axis=1)), plan)
        for plan in combinations(range(cost.shape[1]), p)
    )


@pytest.mark.parametrize(
    ("name", "optimum"), [("pmed1", 5819), ("pmed2", 4093), ("pmed3", 4250), ("pmed4", 3034)]
)
def test_the_or_librarys_problems_have_their_published_optima(name: str, optimum: int) -> None:
    """Beasley (1985); p of 5 to 20 of 100."""
    cost, p = or_library(name)
    found = p_median(cost, p)
    assert found.objective == optimum
    assert found.status == "optimal"
    assert found.bound == optimum
    assert found.gap == 0
    assert found.open.size == p


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5))
def test_the_plan_is_the_best_of_all(seed: int, p: int) -> None:
    cost, weights = random_costs(seed, 25, 9)
    found = p_median(cost, p, weights=weights)
    best, plan = every_plan(cost, p, weights)[0]
    assert found.objective == pytest.approx(best)
    assert tuple(found.open) == plan
    assert found.status == "optimal"
    assert (cost[np.arange(25), found.assigned] == cost[:, found.open].min(axis=1)).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_ranked_plans_are_the_first_of_all_plans(seed: int, p: int) -> None:
    cost, weights = random_costs(seed, 15, 7)
    found = rank_plans(cost, p, count=4, weights=weights)
    every = every_plan(cost, p, weights)[:4]
    assert [plan.objective for plan in found.plans] == pytest.approx([best for best, _ in every])
    assert [tuple(plan.open) for plan in found.plans] == [plan for _, plan in every]
    assert found.status == "optimal"


def test_there_are_no_more_plans_than_there_are() -> None:
    cost, _ = random_costs(1, 6, 3)
    found = rank_plans(cost, 2, count=10)
    assert len(found.plans) == 3
    assert found.status == "optimal"


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.floats(0, 60))
def test_covering_reaches_as_much_as_any_plan(seed: int, p: int, radius: float) -> None:
    cost, weights = random_costs(seed, 25, 8)
    found = maximal_covering(cost, p, radius=radius, weights=weights)
    best = max(
        float(weights[(cost[:, list(plan)] <= radius).any(axis=1)].sum())
        for plan in combinations(range(8), p)
    )
    assert found.objective == best
    assert found.status == "optimal"
    assert weights[found.assigned >= 0].sum() == best
    assert found.open.size == p


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_order_changes_nothing_and_weights_count_as_repeats(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cost, _ = random_costs(seed, 12, 8)
    weights = rng.integers(1, 4, 12)
    order = rng.permutation(8)
    plain = p_median(cost, 3, weights=weights)
    assert p_median(np.repeat(cost, weights, axis=0), 3).objective == pytest.approx(plain.objective)
    turned = p_median(cost[:, order], 3, weights=weights)
    assert sorted(order[turned.open]) == plain.open.tolist()


def test_enumeration_and_bounds_agree_where_both_can_be_had() -> None:
    from lagesbild import _location_search as search

    cost, weights = random_costs(4, 300, 40)
    weighted = cost * weights[:, None]
    one = search.enumerated(weighted, 3)
    other = search.bounded(weighted, 3, [], np.inf)
    assert one.plan == other.plan
    assert other.bound == pytest.approx(one.bound)


def test_out_of_time_the_bound_still_holds() -> None:
    cost, weights = random_costs(5, 400, 60)
    hurried = p_median(cost, 12, weights=weights, time_limit_s=1e-6)
    assert hurried.status in ("time limit", "optimal")
    assert hurried.bound <= p_median(cost, 12, weights=weights).objective * (1 + 1e-9)
    assert hurried.gap >= 0


def test_all_sites_or_one_of_one_are_plans_too() -> None:
    cost, _ = random_costs(1, 6, 4)
    assert p_median(cost, 4).objective == pytest.approx(cost.min(axis=1).sum())
    assert p_median([[3.0]], 1).open.tolist() == [0]
    assert maximal_covering([[3.0]], 1, radius=2).objective == 0


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"cost": [[1.0, -2.0]]}, "cost: negative in row 0"),
        ({"cost": [[1.0, np.nan]]}, "cost: not finite in row 0"),
        ({"cost": [1.0, 2.0]}, "cost: 2 dimension"),
        ({"cost": np.zeros((0, 3))}, "cost: no demands"),
        ({"p": 0}, "p: a whole number of at least 1"),
        ({"p": 3}, "p: at most the 2 sites"),
        ({"weights": [1.0, 2.0]}, "different lengths"),
        ({"weights": [-1.0]}, "weights: negative"),
        ({"time_limit_s": 0}, "time_limit_s"),
    ],
)
def test_bad_arguments_are_named(kwargs: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        p_median(**({"cost": [[1.0, 2.0]], "p": 1} | kwargs))
    with pytest.raises(ValueError, match="radius"):
        maximal_covering([[1.0]], 1, radius=-1)
