"""Did it help: published values, coverage by simulation, and the courage to say 'cannot tell'."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from lagesbild.evaluation import (
    difference_in_differences,
    displacement_quotient,
    poisson_e_test,
    power,
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


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_e_test_does_not_care_which_count_comes_first(a: int, b: int) -> None:
    assert poisson_e_test(a, b) == pytest.approx(poisson_e_test(b, a))
    assert 0 < poisson_e_test(a, b) <= 1


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


def test_the_interval_holds_the_truth_as_often_as_it_says_and_false_alarms_are_rare() -> None:
    rng = np.random.default_rng(1)
    draws = rng.poisson([60, 60, 80, 80], (4000, 4))
    found = [
        weighted_displacement_difference(treated=(a, b), control=(c, d)) for a, b, c, d in draws
    ]
    alarms = np.mean([each.verdict in ("better", "worse") for each in found])
    assert 0.04 <= alarms <= 0.06


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


def wdd(**pairs: object) -> object:
    return weighted_displacement_difference(**{"treated": (1, 2), "control": (1, 2), **pairs})


def did(counts: object, treated: object, after: object) -> object:
    return difference_in_differences(counts, treated=treated, after=after)


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
        (lambda: poisson_e_test(1, 2, exposure_first=0), "exposure_first"),
    ],
)
def test_bad_arguments_are_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]
