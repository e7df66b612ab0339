"""Comparisons made of many units: published values, weights as they say, honest ranks."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from lagesbild.evaluation import (
    SyntheticEffect,
    synthetic_control,
    synthetic_difference_in_differences,
)
from lagesbild.evaluation import _kernels as kernels
from lagesbild.evaluation._weights import simplex_weights
from tests.lagesbild.reference import reference_file

METHODS = [synthetic_control, synthetic_difference_in_differences]


def cigarettes() -> tuple[list[str], list[int], np.ndarray]:
    """States, years and packs per inhabitant: California's Proposition 99 began in 1989."""
    with reference_file("effects/california_prop99.csv").open() as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    states = sorted({row["State"] for row in rows})
    years = sorted({int(row["Year"]) for row in rows})
    packs = np.zeros((len(states), len(years)))
    for row in rows:
        packs[states.index(row["State"]), years.index(int(row["Year"]))] = row["PacksPerCapita"]
    return states, years, packs


def california(method: object) -> tuple[list[str], list[int], SyntheticEffect]:
    states, years, packs = cigarettes()
    treated = [state == "California" for state in states]
    return states, years, method(packs, treated=treated, treatment_start=years.index(1989))


def test_proposition_99_gives_the_published_effects() -> None:
    """R's synthdid 0.0.9 for all three; Arkhangelsky et al. (2021), table 1, rounds them."""
    _, _, control = california(synthetic_control)
    _, _, difference = california(synthetic_difference_in_differences)
    assert control.estimate == pytest.approx(-19.619663, abs=1e-6)
    assert difference.estimate == pytest.approx(-15.603828, abs=1e-6)
    assert control.difference_in_differences == pytest.approx(-27.349111, abs=1e-6)
    # The paper's standard errors from random placebos: 9.9 and 8.4.
    assert control.standard_error == pytest.approx(9.9, abs=1.5)
    assert difference.standard_error == pytest.approx(8.4, abs=1.5)


def test_californias_comparison_is_the_papers() -> None:
    """Abadie, Diamond & Hainmueller (2010), table 2, with Connecticut for want of covariates."""
    states, years, found = california(synthetic_control)
    heaviest = [states[row] for row in np.argsort(-found.unit_weights)[:4]]
    assert heaviest == ["Utah", "Montana", "Nevada", "Connecticut"]
    assert found.fit == "good"
    # With the paper's covariates California is the most extreme of 39 states. Without them
    # Missouri and Virginia go further (so says a non-negative least squares, too).
    assert found.placebo_p_value == pytest.approx(3 / 39)
    assert found.verdict == "cannot tell"
    assert found.placebo_estimates.size == 38
    _, _, difference = california(synthetic_difference_in_differences)
    assert np.flatnonzero(difference.period_weights > 0.01).tolist() == [
        years.index(year) for year in (1986, 1987, 1988)
    ]


@pytest.mark.parametrize("method", METHODS)
def test_weights_are_shares_and_the_gap_is_what_they_leave(method: object) -> None:
    states, years, found = california(method)
    _, _, packs = cigarettes()
    row, start = states.index("California"), years.index(1989)
    assert found.unit_weights[row] == 0
    assert (found.unit_weights >= 0).all()
    assert found.unit_weights.sum() == pytest.approx(1)
    assert not found.period_weights[start:].any()
    gap = packs[row] - found.unit_weights @ packs
    gap -= found.period_weights @ gap
    assert found.gap == pytest.approx(gap)
    assert found.observed - found.synthetic == pytest.approx(gap)
    assert found.estimate == pytest.approx(gap[start:].mean())
    assert found.fit_error == pytest.approx(np.sqrt((gap[:start] ** 2).mean()))


def panel(
    seed: int, *, units: int = 20, periods: int = 14, start: int = 9, effect: float = 0.0,
    treated: int = 1,
) -> dict[str, object]:  # fmt: skip
    """Units of different level that follow two common swings, each in its own measure."""
    rng = np.random.default_rng(seed)
    swings = rng.normal(0, 0.5, (2, periods)).cumsum(axis=1)
    y = rng.normal(20, 2, (units, 1)) + rng.normal(1, 0.5, (units, 2)) @ swings
    y = y + rng.normal(0, 1, y.shape)
    y[:treated, start:] += effect
    return {"outcomes": y, "treated": np.arange(units) < treated, "treatment_start": start}


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 999), st.sampled_from(METHODS))
def test_the_order_of_units_has_no_say(seed: int, method: object) -> None:
    data = panel(seed, units=8)
    mixed = np.random.default_rng(seed).permutation(8)
    found = method(**data)
    other = method(
        data["outcomes"][mixed], treated=data["treated"][mixed],
        treatment_start=data["treatment_start"],
    )  # fmt: skip
    assert other.estimate == pytest.approx(found.estimate, abs=1e-6)
    assert other.unit_weights == pytest.approx(found.unit_weights[mixed], abs=1e-5)
    assert other.placebo_p_value == pytest.approx(found.placebo_p_value)


@pytest.mark.parametrize("method", METHODS)
def test_another_unit_of_measure_changes_nothing_but_the_unit(method: object) -> None:
    data = panel(3, units=10)
    found = method(**data, smallest_of_interest=1)
    data["outcomes"] = data["outcomes"] * 1000
    scaled = method(**data, smallest_of_interest=1000)
    assert scaled.estimate == pytest.approx(1000 * found.estimate, rel=1e-6)
    assert scaled.standard_error == pytest.approx(1000 * found.standard_error, rel=1e-6)
    assert (scaled.verdict, scaled.fit) == (found.verdict, found.fit)


def test_another_level_is_no_matter_to_the_difference_and_a_poor_fit_to_the_control() -> None:
    data = panel(4, effect=-6.0)
    found = synthetic_difference_in_differences(**data)
    data["outcomes"] = data["outcomes"] + 30.0 * data["treated"][:, None]
    lifted = synthetic_difference_in_differences(**data)
    assert lifted.estimate == pytest.approx(found.estimate, abs=1e-9)
    assert lifted.verdict == found.verdict == "better"
    control = synthetic_control(**data)
    assert control.fit == "poor"
    assert control.verdict == "cannot tell"
    assert any("poor fit" in caveat for caveat in control.caveats)


def test_the_weights_are_the_best_there_are() -> None:
    rng = np.random.default_rng(2)
    columns, target = rng.normal(0, 1, (12, 6)), rng.normal(0, 1, 12)
    found = simplex_weights(columns, target, ridge=0.3, intercept=True, noise=0.1)

    def badness(weights: np.ndarray) -> float:
        apart = columns @ weights - target
        return float(((apart - apart.mean()) ** 2).mean() + 0.09 * (weights**2).sum())

    best = optimize.minimize(
        badness, np.full(6, 1 / 6), bounds=[(0, 1)] * 6,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1}, options={"ftol": 1e-12},
    )  # fmt: skip
    assert badness(found) == pytest.approx(best.fun, abs=1e-6)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 999), st.integers(2, 12), st.integers(1, 60))
def test_the_compiled_search_is_the_plain_one(seed: int, size: int, iterations: int) -> None:
    rng = np.random.default_rng(seed)
    root = rng.normal(0, 1, (size + 3, size))
    gram, x = root.T @ root, np.full(size, 1 / size)
    fast = kernels.frank_wolfe(gram, x, 0.0, iterations)
    for _ in range(iterations):
        gradient = gram @ x
        towards = np.eye(size)[np.argmin(gradient)] - x
        if towards @ gram @ towards <= 0 or gradient @ towards >= 0:
            break
        x = x + min(1.0, -(gradient @ towards) / (towards @ gram @ towards)) * towards
    assert fast @ gram @ fast == pytest.approx(x @ gram @ x, rel=1e-9)


def test_ranks_among_placebos_are_even_when_nothing_happened() -> None:
    """A coarse look at 100 panels; the methods page tells of 2,000."""
    found = [synthetic_control(**panel(seed), level=0.9) for seed in range(100)]
    ranks = np.array([each.placebo_p_value for each in found])
    spread = ranks - np.random.default_rng(1).uniform(0, 1 / 20, ranks.size)
    assert stats.kstest(spread, "uniform").pvalue > 0.01
    assert np.mean([each.verdict in ("better", "worse") for each in found]) <= 0.1


@pytest.mark.parametrize("method", METHODS)
def test_a_true_effect_is_found_and_its_size_hit(method: object) -> None:
    found = [method(**panel(seed, effect=-6.0)) for seed in range(12)]
    assert np.mean([each.estimate for each in found]) == pytest.approx(-6, abs=0.7)
    assert np.mean([each.verdict == "better" for each in found]) >= 0.75


def test_several_treated_units_are_told_by_jackknife_and_drawn_placebos() -> None:
    data = panel(5, units=24, treated=4, effect=-4.0)
    found = synthetic_difference_in_differences(**data, replicates=99, seed=7)
    again = synthetic_difference_in_differences(**data, replicates=99, seed=7)
    assert found.to_dict() == again.to_dict()
    assert found.verdict == "better"
    assert found.basis.seed == 7
    assert found.placebo_p_value == pytest.approx(0.01)
    left_out = []
    y, start = data["outcomes"], data["treatment_start"]
    for unit in range(24):
        weights = np.delete(found.unit_weights, unit)
        weights /= weights.sum()
        rest, treated = np.delete(y, unit, axis=0), np.delete(data["treated"], unit)
        gap = rest[treated].mean(axis=0) - weights @ rest
        left_out.append((gap - found.period_weights @ gap)[start:].mean())
    spread = 23 / 24 * ((left_out - np.mean(left_out)) ** 2).sum()
    assert found.standard_error == pytest.approx(np.sqrt(spread))


def test_few_comparison_units_cannot_tell_and_say_why() -> None:
    found = synthetic_control(**panel(6, units=8, effect=-9.0))
    assert found.verdict == "cannot tell"
    assert any("no placebo p-value can be below 0.125" in caveat for caveat in found.caveats)
    crowded = synthetic_difference_in_differences(**panel(6, units=8, treated=5, effect=-9.0))
    assert crowded.verdict == "cannot tell"
    assert np.isnan(crowded.placebo_p_value)
    assert "Too few comparison units for placebos." in crowded.caveats


def test_units_that_never_change_end_no_program() -> None:
    found = synthetic_control(np.ones((6, 8)), treated=[True] + [False] * 5, treatment_start=4)
    assert found.estimate == 0
    assert found.verdict == "no sign"
    assert found.p_value == found.placebo_p_value == 1


def call(**changed: object) -> object:
    data = {**panel(1), **changed}
    return synthetic_difference_in_differences(**data)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"outcomes": [[1.0, np.nan, 2.0]] * 20}, "outcomes: not finite"),
        ({"treated": [True]}, "treated: one value per unit"),
        ({"treated": np.zeros(20, bool)}, "treated: no unit"),
        ({"treated": np.arange(20) > 0}, "treated: at least two untreated"),
        ({"treatment_start": 1}, "treatment_start"),
        ({"treatment_start": 14}, "treatment_start: before 14"),
        ({"error": "bootstrap"}, "error: one of"),
        ({"error": "jackknife"}, "jackknife leaves out units"),
        ({"level": 95}, "level"),
        ({"replicates": 0}, "replicates"),
        ({"smallest_of_interest": -1}, "smallest_of_interest"),
    ],
)
def test_bad_arguments_are_named(changed: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(**changed)
