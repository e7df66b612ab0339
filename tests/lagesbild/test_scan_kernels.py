"""Each compiled kernel against its slow twin, and the draws against their distributions."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lagesbild import _scan_draws as draws
from lagesbild import _scan_kernels as kernels
from tests.lagesbild.scan_by_hand import GeneratorByHand, ratio_by_hand, windows_by_hand

RATES = st.sampled_from(["high", "low", "both"])
slowly = settings(deadline=None, max_examples=60)


def words(seed: int) -> np.ndarray:
    return np.random.SeedSequence(seed).generate_state(4, np.uint64)


def made_up(seed: int, model: str) -> dict:
    """A small scan: lanes of counts with a common total, sizes, zones."""
    draw = np.random.default_rng(seed)
    places, columns = int(draw.integers(1, 6)), int(draw.integers(1, 6))
    cases = int(draw.integers(2, 40))
    if model == "poisson":
        shares = draw.gamma(0.5, 1, (places, columns)) + 1e-6
        sizes, population = shares * (cases / shares.sum()), 0.0
        drawn = draw.multinomial(cases, np.minimum(sizes.ravel() / cases, 1.0), kernels.LANES)
    else:
        people = draw.integers(1, 12, places * columns)
        cases = min(cases, int(people.sum()) - 1) or 1
        sizes, population = people.reshape(places, columns).astype(float), float(people.sum())
        drawn = draw.multivariate_hypergeometric(people, cases, kernels.LANES)
    zones = [draw.permutation(places)[: draw.integers(1, places + 1)] for _ in range(places)]
    return {
        "counts": drawn.reshape(kernels.LANES, places, columns),
        "sizes": sizes,
        "population": population,
        "cases": cases,
        "zones": [zone.tolist() for zone in zones],
        "longest": int(draw.integers(1, columns + 1)),
    }


def thresholds(case: dict, rates: str, least: int, kind: type) -> tuple[np.ndarray, np.ndarray]:
    cells = kernels.grid_cell(case["sizes"].sum() * (1 + 1e-9)) + 2
    most = np.iinfo(kind).max
    high = np.full((kernels.LEVELS, cells), most)
    low = np.full((kernels.LEVELS, cells), -1)
    whole = float(case["cases"]), case["population"]
    if rates != "low":
        high = np.minimum(kernels.high_thresholds(cells, *whole, least), most)
    if rates != "high":
        low = kernels.low_thresholds(cells, *whole)
    return high.astype(kind), low.astype(kind)


def rows_of(zones: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    starts = np.concatenate([[0], np.cumsum([len(zone) for zone in zones])]).astype(np.int64)
    return np.concatenate(zones).astype(np.int32), starts


@given(
    cases=st.integers(2, 500),
    people=st.integers(0, 500),
    share=st.floats(0.001, 0.999),
    data=st.data(),
)
@slowly
def test_the_ratio_is_the_formulas(cases: int, people: int, share: float, data: object) -> None:
    count = data.draw(st.integers(0, cases))
    poisson = kernels.log_likelihood_ratio(float(count), share * cases, float(cases), 0.0)
    assert poisson == pytest.approx(ratio_by_hand(count, share * cases, cases), abs=1e-8)
    population = cases + people + 1
    size = data.draw(st.integers(max(count, 1), population - cases + count))
    bernoulli = kernels.log_likelihood_ratio(
        float(count), float(size), float(cases), float(population)
    )
    assert bernoulli == pytest.approx(ratio_by_hand(count, size, cases, population), abs=1e-8)


@given(seed=st.integers(0, 10**6), model=st.sampled_from(["poisson", "bernoulli"]))
@slowly
def test_no_window_that_reaches_a_level_is_outside_its_thresholds(seed: int, model: str) -> None:
    case = made_up(seed, model)
    high, low = thresholds(case, "both", 1, np.int64)
    counts = case["counts"][0]
    for ratio, zone, size, first, beyond, count in windows_by_hand(
        counts, case["sizes"], case["zones"], longest=9, any_end=True, rates="both", least=1,
        population=case["population"],
    ):  # fmt: skip
        measure = case["sizes"][case["zones"][zone][:size], first:beyond].sum()
        cell = kernels.grid_cell(measure)
        for level in range(min(int(ratio / kernels.LEVEL_STEP), kernels.LEVELS - 1) + 1):
            assert count >= high[level, cell] or count <= low[level, cell]


@given(
    seed=st.integers(0, 10**6),
    model=st.sampled_from(["poisson", "bernoulli"]),
    rates=RATES,
    any_end=st.booleans(),
    least=st.integers(1, 3),
    floor=st.integers(0, 3),
    kind=st.sampled_from([np.int16, np.int32]),
)
@slowly
def test_the_lanes_find_what_a_search_by_hand_finds(
    seed: int, model: str, rates: str, any_end: bool, least: int, floor: int, kind: type
) -> None:
    case = made_up(seed, model)
    counts = np.ascontiguousarray(np.moveaxis(case["counts"], 0, -1)).astype(kind)
    kernels.sum_columns(counts)
    best = np.empty(kernels.LANES)
    kernels.scan_lanes(
        counts, case["sizes"].cumsum(axis=1), *rows_of(case["zones"]), case["longest"], any_end,
        rates != "high", *thresholds(case, rates, least, kind),
        float(case["cases"]), case["population"], floor, kernels.LANES, best,
    )  # fmt: skip
    for lane in range(0, kernels.LANES, 7):
        windows = windows_by_hand(
            case["counts"][lane], case["sizes"], case["zones"], longest=case["longest"],
            any_end=any_end, rates=rates, least=least, population=case["population"],
        )  # fmt: skip
        greatest = max((window[0] for window in windows), default=0.0)
        assert best[lane] == pytest.approx(max(greatest, floor * kernels.LEVEL_STEP), abs=1e-8)


@given(
    seed=st.integers(0, 10**6),
    model=st.sampled_from(["poisson", "bernoulli"]),
    rates=RATES,
    any_end=st.booleans(),
    least=st.integers(1, 3),
)
@slowly
def test_the_observed_search_finds_the_best_window_of_every_centre(
    seed: int, model: str, rates: str, any_end: bool, least: int
) -> None:
    case = made_up(seed, model)
    counts, zones = case["counts"][0], case["zones"]
    ratio, window = np.zeros(len(zones)), np.zeros((len(zones), 4), dtype=np.int64)
    kernels.scan_centres(
        counts.cumsum(axis=1), case["sizes"].cumsum(axis=1), *rows_of(zones), case["longest"],
        any_end, *thresholds(case, rates, least, np.int64),
        float(case["cases"]), case["population"], ratio, window,
    )  # fmt: skip
    best: dict[int, tuple[float, tuple[int, ...]]] = {}
    for value, zone, *found in windows_by_hand(
        counts, case["sizes"], zones, longest=case["longest"], any_end=any_end, rates=rates,
        least=least, population=case["population"],
    ):  # fmt: skip
        if value > best.get(zone, (0.0, ()))[0] + 1e-9:
            best[zone] = value, tuple(found)
    assert np.flatnonzero(ratio).tolist() == sorted(best)
    for zone, (value, found) in best.items():
        assert ratio[zone] == pytest.approx(value, abs=1e-8)
        assert tuple(window[zone]) == found


def test_the_generator_is_xoshiro256_plus_plus() -> None:
    mine, by_hand = words(7), GeneratorByHand(words(7))
    assert [int(draws.next_bits(mine)) for _ in range(50)] == [by_hand.bits() for _ in range(50)]


@pytest.mark.parametrize("bound", [1, 2, 3, 1000, 2**31 - 1, 3 * 2**30])
def test_whole_numbers_below_a_bound_follow_the_twin(bound: int) -> None:
    mine, by_hand = words(bound), GeneratorByHand(words(bound))
    drawn = [int(draws.below(mine, bound)) for _ in range(200)]
    assert drawn == [by_hand.below(bound) for _ in range(200)]
    assert all(0 <= value < bound for value in drawn)


def test_dealing_follows_the_twin_and_keeps_both_margins() -> None:
    by_place, groups = np.array([3, 0, 5, 2]), np.array([4, 1, 5])
    pool = np.repeat(np.arange(4) * 3, by_place).astype(np.int32)
    counts = np.zeros((12, kernels.LANES), dtype=np.int16)
    draws.deal(pool.copy(), groups, words(1), counts, 10)
    twin, order, generator = np.zeros((12, 10), dtype=int), pool.tolist(), GeneratorByHand(words(1))
    for lane in range(10):
        for dealt in range(len(order)):
            pick = dealt + generator.below(len(order) - dealt)
            order[dealt], order[pick] = order[pick], order[dealt]
            twin[order[dealt] + np.searchsorted(groups.cumsum(), dealt, "right"), lane] += 1
    assert (counts[:, :10] == twin).all()
    tables = counts[:, :10].reshape(4, 3, 10)
    assert (tables.sum(axis=1) == by_place[:, None]).all()
    assert (tables.sum(axis=0) == groups[:, None]).all()
    assert not counts[:, 10:].any()


def test_individuals_outside_the_columns_are_dealt_but_not_counted() -> None:
    pool = np.array([-1] * 50 + [0] * 25 + [1] * 25, dtype=np.int32)
    counts = np.zeros((2, kernels.LANES), dtype=np.int32)
    draws.deal(pool, np.array([40]), words(2), counts, kernels.LANES)
    assert counts.sum(axis=0).max() <= 40
    mean = counts.sum(axis=0).mean()
    assert mean == pytest.approx(20, abs=4 * np.sqrt(40 * 0.25 * 60 / 99 / kernels.LANES))


@given(weights=st.lists(st.floats(0, 100), min_size=1, max_size=30).filter(lambda w: sum(w) > 0.1))
@slowly
def test_alias_tables_give_every_index_its_share(weights: list[float]) -> None:
    values = np.array(weights)
    kept, other = np.empty(values.size, dtype=np.float32), np.empty(values.size, dtype=np.int32)
    draws.alias_table(values, kept, other)
    share = kept.astype(float).copy()
    np.add.at(share, other, 1.0 - kept)
    assert share / values.size == pytest.approx(values / values.sum(), abs=1e-6)


def alias_of(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    kept, other = np.empty(weights.size, dtype=np.float32), np.empty(weights.size, dtype=np.int32)
    draws.alias_table(weights, kept, other)
    return kept, other


def test_scattering_case_by_case_follows_the_twin() -> None:
    kept, other = alias_of(np.array([1.0, 5.0, 0.0, 2.0, 0.5]))
    totals = np.array([0, 7, 30])
    counts = np.zeros((5, kernels.LANES), dtype=np.int16)
    draws.scatter(totals, kept, other, words(3), counts)
    twin, generator = np.zeros((5, 3), dtype=int), GeneratorByHand(words(3))
    for lane, total in enumerate(totals):
        for _ in range(total):
            twin[generator.index(kept, other), lane] += 1
    assert (counts[:, :3] == twin).all()
    assert not counts[2].any()


def poisson_tables(means: np.ndarray) -> tuple[np.ndarray, ...]:
    reach = 12 * (np.sqrt(means) + 1)
    lowest = np.maximum(0, np.floor(means - reach)).astype(np.int64)
    begins = np.concatenate([[0], np.cumsum(np.ceil(means + reach).astype(np.int64) - lowest + 1)])
    kept, other = np.empty(begins[-1], dtype=np.float32), np.empty(begins[-1], dtype=np.int32)
    draws.poisson_tables(means, begins, lowest, kept, other)
    return kept, other, begins, lowest


def test_poisson_tables_hold_the_poisson_distribution() -> None:
    means = np.array([0.0, 0.3, 7.0, 400.0])
    kept, other, begins, lowest = poisson_tables(means)
    for cell, mean in enumerate(means):
        part = slice(begins[cell], begins[cell + 1])
        share = kept[part].astype(float)
        np.add.at(share, other[part], 1.0 - kept[part])
        values = lowest[cell] + np.arange(share.size)
        assert share / share.size == pytest.approx(stats.poisson.pmf(values, mean), abs=1e-6)


def test_scattering_densely_follows_the_twin_and_meets_every_total() -> None:
    means = np.array([30.0, 5.0, 0.0, 80.0])
    alias, tables = alias_of(means), poisson_tables(means * 0.8)
    totals = np.array([100, 115, 140])
    counts = np.zeros((4, kernels.LANES), dtype=np.int32)
    draws.scatter_dense(totals, *tables, *alias, words(4), counts)
    kept, other, begins, lowest = tables
    generator = GeneratorByHand(words(4))
    bounds = list(enumerate(pairwise(begins)))

    def one(cell: int, begin: int, end: int) -> int:
        return int(lowest[cell] + generator.index(kept[begin:end], other[begin:end]))

    # Cell by cell over all lanes; then each lane alone, anew while it holds too many.
    by_cell = [[one(cell, *ends) for _ in totals] for cell, ends in bounds]
    for lane, total in enumerate(totals):
        twin = [row[lane] for row in by_cell]
        while sum(twin) > total:
            twin = [one(cell, *ends) for cell, ends in bounds]
        for _ in range(total - sum(twin)):
            twin[generator.index(*alias)] += 1
        assert counts[:, lane].tolist() == twin


@pytest.mark.parametrize("dense", [False, True])
def test_both_ways_of_scattering_are_multinomial(dense: bool) -> None:
    """Mean, variance and covariance of 6,400 draws, each within four standard errors."""
    means = np.array([60.0, 25.0, 10.0, 5.0])
    drawn = []
    for seed in range(100):
        counts = np.zeros((4, kernels.LANES), dtype=np.int32)
        totals = np.full(kernels.LANES, 100)
        if dense:
            tables = poisson_tables(means * 0.7)
            draws.scatter_dense(totals, *tables, *alias_of(means), words(seed), counts)
        else:
            draws.scatter(totals, *alias_of(means), words(seed), counts)
        drawn.append(counts.T)
    sample = np.concatenate(drawn)
    shares = means / 100
    covariance = 100 * (np.diag(shares) - np.outer(shares, shares))
    error = np.sqrt(np.diag(covariance) / len(sample))
    assert (np.abs(sample.mean(axis=0) - means) < 4 * error).all()
    spread = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)) * 2 / len(sample))
    assert (np.abs(np.cov(sample.T) - covariance) < 4 * spread).all()


@given(seed=st.integers(0, 1000))
@slowly
def test_columns_are_summed_from_the_last_on(seed: int) -> None:
    draw = np.random.default_rng(seed)
    counts = draw.integers(0, 5, (3, 4, kernels.LANES)).astype(np.int16)
    wanted = counts.cumsum(axis=1)
    kernels.sum_columns(counts)
    assert (counts == wanted).all()
