"""Did it help: published values, coverage by simulation, and the courage to say 'cannot tell'."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from lagesbild.evaluation import (
    difference_in_differences,
    displacement_quotient,
    panel_power,
    poisson_e_test,
    power,
    smallest_detectable_change,
    weighted_displacement_difference,
)

PAPER = {
    "treated": (207, 110),
    "control": (308, 318),
    "displacement": (178, 157),
    "displacement_control": (150, 140),
}


def test_the_papers_example() -> None:
    """Wheeler & Ratcliffe (2018), as in ptools test-wdd.R."""
    found = weighted_displacement_difference(**PAPER)
    assert found.estimate == -118
    assert found.standard_error == pytest.approx(39.59797974644666)
    assert found.z == pytest.approx(-2.98, abs=0.005)
    assert [round(bound) for bound in found.interval] == [-196, -40]
    assert found.verdict == "better"


def test_guerettes_formulas() -> None:
    found = displacement_quotient(treated=(207, 110), control=(308, 318), displacement=(178, 157))
    assert found.wdq == pytest.approx(0.25818568834908917)
    assert found.gross_effect == 97
    assert found.net_effect == pytest.approx(0.3261659723923875)
    assert found.total_net_effect == pytest.approx(130.5, abs=0.05)


@pytest.mark.parametrize(("counts", "p"), [((0, 3), 0.0884), ((6, 2), 0.1749)])
def test_the_e_test_gives_the_published_p_values(counts: tuple[int, int], p: float) -> None:
    """Krishnamoorthy & Thomson (2004), as in ptools test-etest.R."""
    assert poisson_e_test(*counts) == pytest.approx(p, abs=5e-5)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 60), st.integers(0, 60))
def test_the_e_test_does_not_care_which_count_comes_first(a: int, b: int) -> None:
    assert poisson_e_test(a, b) == pytest.approx(poisson_e_test(b, a))
    assert 0 < poisson_e_test(a, b) <= 1


@settings(deadline=None)
@given(*(st.tuples(st.integers(0, 400), st.integers(0, 400)) for _ in range(2)))
def test_swapping_before_and_after_turns_the_sign(
    treated: tuple[int, int], control: tuple[int, int]
) -> None:
    forth = weighted_displacement_difference(treated=treated, control=control)
    back = weighted_displacement_difference(treated=treated[::-1], control=control[::-1])
    assert forth.estimate == -back.estimate
    assert forth.standard_error == back.standard_error


def test_small_numbers_cannot_tell() -> None:
    found = weighted_displacement_difference(treated=(9, 0), control=(8, 8))
    assert found.verdict == "cannot tell"
    assert any("Fewer than 5" in caveat for caveat in found.caveats)


def test_a_wide_interval_cannot_tell_and_a_narrow_one_around_zero_shows_no_sign() -> None:
    wide = weighted_displacement_difference(treated=(40, 36), control=(50, 49))
    narrow = weighted_displacement_difference(treated=(9000, 8990), control=(9000, 9005))
    assert wide.verdict == "cannot tell"
    assert narrow.verdict == "no sign"


def test_areas_of_very_different_size_cannot_be_told_apart_by_difference() -> None:
    """A rise of 6 % in each: two numbers of events, and nothing that a measure did."""
    found = weighted_displacement_difference(treated=(292, 309), control=(3748, 3973))
    assert found.interval[1] < 0
    assert found.verdict == "cannot tell"
    assert any("another size" in caveat for caveat in found.caveats)


def test_the_interval_holds_the_truth_as_often_as_it_says_and_false_alarms_are_rare() -> None:
    rng = np.random.default_rng(1)
    draws = rng.poisson([60, 60, 80, 80], (4000, 4))
    found = [
        weighted_displacement_difference(treated=(a, b), control=(c, d)) for a, b, c, d in draws
    ]
    alarms = np.mean([each.verdict in ("better", "worse") for each in found])
    assert 0.04 <= alarms <= 0.06


def test_p_values_of_the_displacement_difference_are_uniform_when_nothing_happened() -> None:
    """Kolmogorov and Smirnov on 2,000 null draws."""
    draws = np.random.default_rng(5).poisson([400, 400, 700, 700, 90, 90], (2000, 6))
    found = [
        weighted_displacement_difference(
            treated=(a, b), control=(c, d), displacement=(e, f)
        ).p_value
        for a, b, c, d, e, f in draws
    ]
    assert stats.kstest(found, "uniform").pvalue > 0.01


@pytest.mark.parametrize("mean", [0.5, 2.0, 4.0])
def test_the_e_test_keeps_its_level_however_small_the_counts(mean: float) -> None:
    """The exact chance of a p-value of at most 0.05, over all pairs of counts that come about."""
    counts = np.arange(int(mean + 7 * np.sqrt(mean)) + 2)
    chance = stats.poisson.pmf(counts, mean)
    alarms = sum(
        chance[a] * chance[b] for a in counts for b in counts if poisson_e_test(a, b) <= 0.05
    )
    assert alarms <= 0.0505


@pytest.mark.parametrize("change", [-0.2, -0.4])
def test_power_is_how_often_a_change_is_seen(change: float) -> None:
    rng = np.random.default_rng(2)
    draws = rng.poisson([100, 100 * (1 + change), 150, 150], (3000, 4))
    seen = np.mean(
        [
            weighted_displacement_difference(treated=(a, b), control=(c, d)).p_value < 0.05
            for a, b, c, d in draws
        ]
    )
    assert power(before=100, control_before=150, change=change) == pytest.approx(seen, abs=0.03)


def test_power_knows_the_zone_around() -> None:
    rng = np.random.default_rng(4)
    draws = rng.poisson([200, 100, 150, 150, 40, 40, 40, 40], (2000, 8))
    seen = [
        weighted_displacement_difference(
            treated=d[:2], control=d[2:4], displacement=d[4:6], displacement_control=d[6:]
        ).p_value
        < 0.05
        for d in draws
    ]
    said = power(before=200, control_before=150, displacement_before=40, change=-0.5)
    assert said == pytest.approx(np.mean(seen), abs=0.03)


def test_the_smallest_detectable_change_is_seen_as_often_as_asked() -> None:
    change = smallest_detectable_change(before=200, control_before=300)
    assert -1 < change < 0
    assert power(before=200, control_before=300, change=change) == pytest.approx(0.8, abs=1e-4)
    assert smallest_detectable_change(before=2000, control_before=3000) > change
    assert np.isnan(smallest_detectable_change(before=9, control_before=9))


@pytest.mark.parametrize(("change", "low", "high"), [(0.0, 0.01, 0.1), (-0.3, 0.8, 1.0)])
def test_a_panels_power_is_how_often_its_own_estimator_sees_the_change(
    change: float, low: float, high: float
) -> None:
    past = panel(9, areas=30)
    plan = {"treated": past["treated"], "periods_after": 15, "change": change}
    said = panel_power(past["counts"], **plan, simulations=200, seed=1)
    assert low <= said <= high
    assert said == panel_power(past["counts"], **plan, simulations=200, seed=1)
    rng = np.random.default_rng(8)
    mean = np.outer(past["counts"].sum(axis=1), past["counts"].sum(axis=0)) / past["counts"].sum()
    mean = np.hstack([mean, mean[:, :15]])
    after = np.arange(45) >= 30
    mean[np.ix_(past["treated"], after)] *= 1 + change
    spread = ((past["counts"] - mean[:, :30]) ** 2 / mean[:, :30]).sum() / (29 * 29)
    seen = np.mean([
        difference_in_differences(
            rng.negative_binomial(mean / (spread - 1), 1 / spread),
            treated=past["treated"], after=after,
        ).p_value < 0.05
        for _ in range(200)
    ])  # fmt: skip
    assert said == pytest.approx(seen, abs=0.1)


def panel(seed: int, *, areas: int = 40, effect: float = 0.0, spread: float = 8.0) -> dict:
    rng = np.random.default_rng(seed)
    treated, after = np.arange(areas) < areas // 3, np.arange(30) >= 20
    mean = np.exp(rng.normal(1.5, 0.6, areas)[:, None] + 0.3 * np.sin(np.arange(30)))
    mean = mean * np.exp(effect * np.outer(treated, after))
    counts = rng.negative_binomial(spread, spread / (spread + mean))
    return {"counts": counts, "treated": treated, "after": after}


def test_the_estimate_is_the_maximum_of_the_likelihood() -> None:
    data = panel(3, areas=6, effect=-0.5)
    y = data["counts"][:, 15:25]
    data |= {"counts": y, "after": data["after"][15:25]}
    exposure = np.random.default_rng(1).uniform(1, 3, y.shape)
    d = np.outer(data["treated"], data["after"])

    def minus_likelihood(theta: np.ndarray) -> float:
        eta = theta[:6, None] + np.concatenate([[0], theta[6:15]]) + theta[15] * d
        return float((exposure * np.exp(eta) - y * eta).sum())

    best = optimize.minimize(minus_likelihood, np.zeros(16), method="BFGS", options={"gtol": 1e-8})
    found = difference_in_differences(**data, exposure=exposure)
    assert found.estimate == pytest.approx(best.x[15], abs=1e-5)


def test_two_areas_and_two_periods_are_the_ratio_of_ratios() -> None:
    found = difference_in_differences(
        [[207, 110], [308, 318]], treated=[True, False], after=[False, True]
    )
    assert found.ratio == pytest.approx(110 / 207 * 308 / 318)
    assert found.verdict == "cannot tell"


def test_doubling_the_exposure_everywhere_changes_nothing_and_where_treated_halves_the_rate() -> (
    None
):
    data = panel(4)
    plain = difference_in_differences(**data)
    doubled = difference_in_differences(**data, exposure=np.full(data["counts"].shape, 2.0))
    where_treated = 1.0 + np.outer(data["treated"], data["after"])
    halved = difference_in_differences(**data, exposure=where_treated)
    assert doubled.estimate == pytest.approx(plain.estimate)
    assert halved.ratio == pytest.approx(plain.ratio / 2)


def test_false_alarms_come_as_often_as_they_may_and_effects_are_found() -> None:
    found = [difference_in_differences(**panel(seed)) for seed in range(400)]
    alarms = np.mean([each.p_value < 0.05 for each in found])
    assert 0.02 <= alarms <= 0.08
    helped = [difference_in_differences(**panel(seed, effect=np.log(0.6))) for seed in range(50)]
    assert np.mean([each.verdict == "better" for each in helped]) > 0.9
    assert np.mean([each.ratio for each in helped]) == pytest.approx(0.6, abs=0.03)


def test_p_values_of_the_rate_ratio_are_uniform_when_nothing_happened() -> None:
    """Kolmogorov and Smirnov on 2,000 null panels, over-dispersed and unlike in level."""
    rng = np.random.default_rng(11)
    treated, after = np.arange(40) < 20, np.arange(12) >= 6
    mean = rng.gamma(20, 1.0, (2000, 40, 1)) * rng.uniform(0.7, 1.4, 12)
    panels = rng.negative_binomial(mean / 0.8, 1 / 1.8)
    found = [difference_in_differences(y, treated=treated, after=after).p_value for y in panels]
    assert stats.kstest(found, "uniform").pvalue > 0.01


def test_a_side_without_any_event_cannot_tell() -> None:
    y = np.full((10, 6), 8)
    y[:5, 3:] = 0
    data = {"treated": np.arange(10) < 5, "after": np.arange(6) >= 3}
    for exposure in (None, np.full(y.shape, 2.0)):
        found = difference_in_differences(y, **data, exposure=exposure)
        assert found.ratio == 0
        assert found.verdict == "cannot tell"
        assert found.p_value == 1
        assert any("Fewer than 5 events" in caveat for caveat in found.caveats)


def test_exposure_that_says_nothing_gives_the_closed_forms_numbers() -> None:
    data = panel(12)
    plain = difference_in_differences(**data)
    given = difference_in_differences(**data, exposure=np.ones(data["counts"].shape))
    for field in ("estimate", "standard_error", "p_value", "dispersion"):
        assert getattr(given, field) == pytest.approx(getattr(plain, field), rel=1e-9)


def test_areas_that_reported_in_different_weeks_are_compared_as_the_likelihood_says() -> None:
    """Areas and periods are entangled here: alternating alone would take thousands of turns."""
    rng = np.random.default_rng(0)
    areas, weeks = 30, 24
    off = (np.arange(weeks) - weeks * np.arange(areas)[:, None] / areas) / 4
    exposure = np.where(np.abs(off) < 2, np.exp(-(off**2)), 0.0)
    treated, after = np.arange(areas) % 3 == 0, np.arange(weeks) >= 12
    d = np.outer(treated, after)
    y = rng.poisson(20 * exposure * np.exp(-0.4 * d))
    found = difference_in_differences(y, treated=treated, after=after, exposure=exposure)
    # Newton's steps on all 30 + 23 + 1 parameters at once.
    effects = [np.repeat(np.eye(areas), weeks, axis=0), np.tile(np.eye(weeks), (areas, 1))[:, 1:]]
    design = np.column_stack([*effects, d.ravel()])
    theta = np.zeros(design.shape[1])
    theta[:areas] = np.log(y.sum(axis=1) / exposure.sum(axis=1))
    for _ in range(12):
        mean = exposure.ravel() * np.exp(design @ theta)
        information = design.T @ (mean[:, None] * design)
        theta += np.linalg.solve(information, design.T @ (y.ravel() - mean))
    assert found.estimate == pytest.approx(theta[-1], rel=1e-10)


def wdd(**pairs: object) -> object:
    return weighted_displacement_difference(**{"treated": (1, 2), "control": (1, 2), **pairs})


def did(counts: object, treated: object, after: object, **more: object) -> object:
    return difference_in_differences(counts, treated=treated, after=after, **more)


def plan(counts: object, change: float = -0.2) -> object:
    return panel_power(counts, treated=[1, 1, 0, 0], periods_after=1, change=change)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: wdd(treated=(1.5, 2)), "treated"),
        (lambda: wdd(treated=(1, 2, 3)), "before, after"),
        (lambda: wdd(displacement_control=(1, 2)), "displacement_control"),
        (lambda: did([[1, 2]], [True], [False, True]), "treated: both"),
        (lambda: did(np.zeros((2, 2)), [1, 0], [0, 1]), "too few"),
        (lambda: did([[1, 2]], [1, 0], [0, 1]), "one value per"),
        (lambda: power(before=10, control_before=10, change=-1.5), "change"),
        (lambda: smallest_detectable_change(before=9, control_before=9, chance=1), "chance"),
        (lambda: plan([[1, 2]] * 4, change=-2), "change: above -1"),
        (lambda: plan([[0, 0]] * 4), "counts: no events"),
        (lambda: plan([[1, 2]] * 3), "treated: one value per area"),
        (lambda: did([[1, 2], [3, 4]], [1, 0], [0, 1], level=5), "level"),
        (lambda: poisson_e_test(1, 2, exposure_first=0), "exposure_first"),
    ],
)
def test_bad_arguments_are_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]
