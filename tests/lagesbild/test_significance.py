"""p-values and corrections: against textbook values, and by their properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from lagesbild import significance

p_lists = st.lists(st.floats(0, 1), min_size=1, max_size=40)


def test_a_p_value_counts_ties_as_extreme_and_is_never_zero() -> None:
    null = np.array([1.0, 2.0, 3.0, 3.0])
    assert significance.monte_carlo(3.0, null)[0] == pytest.approx(3 / 5)
    assert significance.monte_carlo(9.0, null)[0] == pytest.approx(1 / 5)
    assert significance.monte_carlo(0.0, null)[0] == 1.0


def test_both_tails_together_are_twice_the_smaller_and_at_most_one() -> None:
    null = np.arange(99.0)
    assert significance.monte_carlo(98.0, null, alternative="two-sided")[0] == pytest.approx(0.04)
    assert significance.monte_carlo(49.0, null, alternative="two-sided")[0] == 1.0


@given(
    hnp.arrays(float, st.integers(1, 60), elements=st.integers(-5, 5).map(float)),
    st.integers(-6, 6).map(float),
)
def test_one_shared_null_gives_what_a_column_for_each_gives(null: np.ndarray, value: float) -> None:
    observed = np.array([value, value + 1])
    columns = np.column_stack([null, null])
    for alternative in ("greater", "less", "two-sided"):
        shared = significance.monte_carlo(observed, null, alternative=alternative)
        own = significance.monte_carlo(observed, columns, alternative=alternative)
        assert np.array_equal(shared, own)
        assert ((shared > 0) & (shared <= 1)).all()


def test_p_values_are_uniform_when_nothing_is_there() -> None:
    rng = np.random.default_rng(1)
    draws = rng.standard_normal((2000, 100))
    p = np.array([significance.monte_carlo(row[0], row[1:])[0] for row in draws])
    assert stats.kstest(p, "uniform").pvalue > 0.01


@given(p_lists)
def test_corrections_agree_with_their_definitions(p: list[float]) -> None:
    values = np.array(p)
    expected = stats.false_discovery_control(values, method="bh")
    assert significance.false_discovery_rate(values) == pytest.approx(expected)
    holm = significance.holm(values)
    order = np.argsort(values, kind="stable")
    stepwise = 0.0
    for rank, index in enumerate(order):
        stepwise = max(stepwise, min(1.0, values[index] * (values.size - rank)))
        assert holm[index] == pytest.approx(stepwise)


@given(p_lists)
def test_corrections_never_make_a_finding_stronger(p: list[float]) -> None:
    values = np.array(p)
    for method in ("fdr_bh", "holm", "bonferroni"):
        assert (significance.adjusted(values, method) >= values - 1e-12).all()
    assert np.array_equal(significance.adjusted(values, None), values)


def test_what_was_not_tested_does_not_count_as_a_test() -> None:
    assert significance.holm([0.01, np.nan, 0.04])[0] == pytest.approx(0.02)
    assert np.isnan(significance.false_discovery_rate([0.01, np.nan])[1])


def test_min_p_takes_the_dependence_between_tests_into_account() -> None:
    rng = np.random.default_rng(2)
    shared = rng.uniform(size=(999, 1)).repeat(10, axis=1)  # ten times the same test
    adjusted = significance.min_p(np.full(10, 0.03), shared)
    assert adjusted[0] == pytest.approx(0.03, abs=0.02)  # Bonferroni would say 0.3


def test_gumbel_follows_the_distribution_it_is_fitted_to() -> None:
    null = stats.gumbel_r.rvs(loc=3, scale=0.5, size=20_000, random_state=3)
    for quantile in (0.5, 0.95, 0.999):
        value = stats.gumbel_r.ppf(quantile, loc=3, scale=0.5)
        assert significance.gumbel(value, null) == pytest.approx(1 - quantile, rel=0.1)


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (lambda: significance.monte_carlo(1.0, []), "null"),
        (lambda: significance.monte_carlo(np.nan, [1.0]), "statistic"),
        (lambda: significance.monte_carlo([1.0, 2.0], np.ones((3, 3))), "columns"),
        (lambda: significance.monte_carlo(1.0, [1.0], alternative="up"), "alternative"),  # type: ignore[arg-type]
        (lambda: significance.gumbel(1.0, [2.0]), "null"),
        (lambda: significance.gumbel(1.0, [2.0, 2.0]), "equal"),
        (lambda: significance.holm([1.2]), "p_values"),
        (lambda: significance.adjusted([0.1], "magic"), "multiple_testing"),
    ],
)
def test_bad_input_is_named(call: object, names: str) -> None:
    with pytest.raises(ValueError, match=names):
        call()  # type: ignore[operator]
