"""Is this week more than usual: R's numbers to the last digit, false alarms as promised."""

import csv
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from lagesbild.surveillance import (
    _farrington,
    _panel,
    bayes,
    cusum,
    ears,
    farrington,
    farrington_flexible,
    glr_poisson,
    rki,
)
from lagesbild.surveillance._farrington import Layout
from lagesbild.surveillance._tails import student_tail
from lagesbild.surveillance._windows import CROW_GARDNER
from tests.lagesbild.reference import reference_file

WEEKS = np.arange(281, 312)  # R's 282 to 312
FIRST = {
    "alpha": 0.1, "years_back": 4, "half_window": 3, "season_levels": 1,
    "past_weeks_excluded": 3, "weights_threshold": 1, "trend_alpha": 0.05, "threshold": "delta",
}  # fmt: skip
SECOND = {"alpha": 0.1, "years_back": 4}
RKI_1 = [
    3.285, 5.323, 5.323, 6.686, 8.102, 8.102, 9.598, 9.598, 9.598, 8.102, 8.102, 9.598,
    9.598, 9.598, 11.177, 12.817, 12.817, 11.177, 11.177, 9.598, 8.102, 8.102, 8.102, 8.102,
    8.102, 6.686, 6.686, 6.686, 6.686, 6.686, 5.323,
]  # fmt: skip
RKI_2 = [
    5.323, 5.323, 5.323, 6.686, 6.686, 6.686, 8.102, 8.102, 8.102, 8.102, 8.102, 8.102,
    9.598, 9.598, 11.177, 11.177, 9.598, 9.598, 9.598, 9.598, 8.102, 8.102, 8.102, 8.102,
    8.102, 8.102, 8.102, 8.102, 8.102, 8.102, 8.102,
]  # fmt: skip


def agona() -> np.ndarray:
    with reference_file("surveillance/salmonella_agona.csv").open() as file:
        return np.array([int(row["observed"]) for row in csv.DictReader(file)])


def column(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(r[name]) if r[name] not in ("", "NA") else np.nan for r in rows])


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("farringtonFlexible_control1", lambda y: farrington_flexible(y, weeks=WEEKS, **FIRST)),
        (
            "farringtonFlexible_control2_delta",
            lambda y: farrington_flexible(y, weeks=WEEKS, threshold="delta", **SECOND),
        ),
        (
            "farringtonFlexible_control2_muan",
            lambda y: farrington_flexible(y, weeks=WEEKS, threshold="muan", **SECOND),
        ),
        (
            "farringtonFlexible_control2_nbPlugin",
            lambda y: farrington_flexible(y, weeks=WEEKS, threshold="nb_plugin", **SECOND),
        ),
        ("ears_C1", lambda y: ears(y, weeks=WEEKS, method="C1")),
        ("ears_C2", lambda y: ears(y, weeks=WEEKS, method="C2")),
        ("ears_C3", lambda y: ears(y, weeks=WEEKS, method="C3", alpha=0.001)),
        ("bayes_b4w3_a0.05", lambda y: bayes(y, weeks=WEEKS, years_back=4, half_window=3)),
        (
            "farrington_original_b4w3_a0.05",
            lambda y: farrington(y, weeks=WEEKS, years_back=4, half_window=3),
        ),
        ("rki_b2w4", lambda y: rki(y, weeks=WEEKS)),
        ("glrpois_cARL5", lambda y: glr_poisson(y, weeks=WEEKS, trend=True)),
        ("cusum_k1.04_h2.26_glm_rossi", lambda y: cusum(y, weeks=WEEKS, seasonal=True)),
    ],
)
def test_salmonella_agona_gives_the_numbers_of_r_surveillance(name: str, call: Any) -> None:
    with reference_file(f"surveillance/agona_{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    found = call(agona())
    assert found.upper_bound == pytest.approx(column(rows, "upperbound"), rel=1e-9, nan_ok=True)
    assert found.alarm.tolist() == [row["alarm"] in ("1", "TRUE") for row in rows]
    if "expected" in rows[0]:
        assert found.expected == pytest.approx(column(rows, "expected"), rel=1e-9, nan_ok=True)
        assert found.p_value == pytest.approx(column(rows, "pvalue"), rel=1e-7, nan_ok=True)


def test_c3_says_nothing_where_the_past_had_no_spread_and_warns_of_nothing() -> None:
    y = np.full((3, 30), 4)
    y[1, -3], y[2, 10:] = 9, np.arange(20) % 5
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = ears(y, method="C3")
        held = ears(y, method="C3", minimum_deviation=1.0)
    assert np.isnan(found.upper_bound[:2]).all()
    assert np.isfinite(found.upper_bound[2]).all()
    assert not found.alarm[:2].any()
    assert np.isfinite(held.upper_bound).all()


def quiet(seed: int, series: int = 60, weeks: int = 312, dispersion: float = 1.5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    t = np.arange(weeks)
    level = np.exp(rng.uniform(np.log(4), np.log(30), (series, 1)))
    mean = level * np.exp(0.4 * np.sin(2 * np.pi * (t - rng.uniform(0, 52, (series, 1))) / 52))
    return rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion)


def test_false_alarms_in_quiet_weeks_come_about_as_often_as_allowed() -> None:
    found = farrington_flexible(quiet(1, series=400), weeks=np.arange(300, 312), alpha=0.05)
    # The bound is a whole number, so somewhat fewer; season and trend are estimated, so some more.
    assert 0.03 <= found.alarm.mean() <= 0.065


def test_an_outbreak_is_found_and_the_false_discovery_rate_held() -> None:
    y = quiet(2, series=300)
    y[:15, -1] += np.ceil(5 * np.sqrt(1.5 * y[:15].mean(axis=1))).astype(int)
    found = farrington_flexible(y)
    discovered = found.q_value[:, 0] <= 0.05
    assert discovered[:15].mean() > 0.8
    assert discovered[15:].sum() <= 4


def test_a_past_outbreak_hides_the_next_one_less_when_it_weighs_less() -> None:
    y = quiet(3, series=30)
    y[:, -53 - 52] += 80
    plain = farrington_flexible(y, reweight=False)
    weighed = farrington_flexible(y)
    assert weighed.upper_bound.mean() < plain.upper_bound.mean()


def test_the_fit_is_the_maximum_of_the_likelihood() -> None:
    y = quiet(4, series=1)[0]
    found = farrington_flexible(y, reweight=False, years_back=3)
    layout = Layout(3, 3, 10, 26, 52)
    past, level = layout.rows(311)
    time = (past - past.mean()) / 100

    def minus_likelihood(theta: np.ndarray) -> float:
        eta = theta[level] + theta[10] * time
        return float((np.exp(eta) - y[past] * eta).sum())

    start = np.append(np.full(10, np.log(y[past].mean())), 0.0)
    best = optimize.minimize(minus_likelihood, start, method="BFGS", options={"gtol": 1e-9}).x
    expected = np.exp(best[9] + best[10] * (311 - past.mean()) / 100)
    if expected <= y[past].max():
        assert found.expected[0] == pytest.approx(expected, rel=1e-5)


def test_the_season_is_cut_as_noufaily_cuts_it() -> None:
    past, level = Layout(2, 3, 10, 26, 52).rows(200)
    assert past[0] == 200 - 104 - 3
    assert past[-1] == 200 - 27
    window = level == 9
    assert past[window].tolist() == [*range(93, 100), *range(145, 152)]
    lengths = [int(((level == block) & (past < 145)).sum()) for block in range(9)]
    assert lengths == [5] * 9


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 999), st.floats(0.2, 5))
def test_twice_the_effort_everywhere_changes_nothing(seed: int, factor: float) -> None:
    y = quiet(seed, series=3)
    plain = farrington_flexible(y, years_back=3)
    doubled = farrington_flexible(y, years_back=3, exposure=np.full(y.shape, factor))
    assert doubled.expected == pytest.approx(plain.expected, rel=1e-6, nan_ok=True)
    assert np.array_equal(doubled.alarm, plain.alarm)


def test_more_reports_from_more_reporters_are_no_alarm() -> None:
    rng = np.random.default_rng(5)
    effort = np.where(np.arange(312) < 311, 10.0, 30.0)
    y = rng.poisson(effort * 0.8, (200, 312))
    without = farrington_flexible(y)
    with_effort = farrington_flexible(y, exposure=np.broadcast_to(effort, y.shape))
    assert without.alarm.mean() > 0.9
    assert with_effort.alarm.mean() < 0.12


def test_all_series_at_once_are_each_alone() -> None:
    y = quiet(6, series=4)
    together = farrington_flexible(y, weeks=[310, 311], multiple_testing=None)
    for row in range(4):
        alone = farrington_flexible(y[row], weeks=[310, 311], multiple_testing=None)
        assert np.array_equal(alone.upper_bound, together.upper_bound[row], equal_nan=True)
        assert np.array_equal(alone.p_value, together.p_value[row], equal_nan=True)


def test_what_was_never_counted_is_quiet_and_says_nothing() -> None:
    found = farrington_flexible(np.zeros((2, 312), int))
    assert not found.alarm.any()
    assert np.isnan(found.upper_bound).all()
    new = np.zeros((1, 312), int)
    new[0, -1] = 6
    assert farrington_flexible(new).alarm[0, 0]


@pytest.mark.parametrize("seasonal", [False, True])
def test_the_likelihood_ratio_chart_without_trend_gives_rs_bounds(seasonal: bool) -> None:
    """R 4.2.2, surveillance 1.20.3: algo.glrpois with mu0 = list(S = 0), list(S = 1)."""
    flat = [10, 10, 10, 8, 7, 10, 10, 8, 7, 9, 9, 7, 6, 10, 7, 6, 7, 9, *[10] * 13]
    wave = [9, 10, 10, 8, 7, 11, 12, 12, 13, 13, 13, 14, 14, 13, 12, 13, 14, 14, 13, 13, 13,
            12, 12, 12, 11, 11, 10, 10, 9, 9, 9]  # fmt: skip
    found = glr_poisson(agona(), weeks=WEEKS, seasonal=seasonal)
    assert found.upper_bound.tolist() == (wave if seasonal else flat)
    assert np.flatnonzero(found.alarm).tolist() == ([] if seasonal else [12])


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 9999), st.sampled_from([None, 1, 5]))
def test_the_charts_bound_is_the_fewest_cases_that_raise_the_alarm(
    seed: int, longest: int | None
) -> None:
    rng = np.random.default_rng(seed)
    y = rng.poisson(rng.uniform(0.5, 8), 60)
    usual = y[:40].mean()
    found = glr_poisson(y, weeks=np.arange(40, 60), seasonal=False, decision=2.5, longest=longest)
    began = 40
    for week, bound, alarm in zip(found.weeks, found.upper_bound, found.alarm, strict=True):
        earliest = began if longest is None else max(began, week + 1 - longest)

        def ratio(cases: int, week: int = week, earliest: int = earliest) -> float:
            counts = np.append(y[earliest:week], cases)[::-1].cumsum()
            means = usual * np.arange(1, counts.size + 1)
            more = counts > means
            lifted = np.maximum(counts, 1e-9)
            return float((more * (lifted * np.log(lifted / means) - counts + means)).max())

        assert bound == next(cases for cases in range(1000) if ratio(cases) >= 2.5)
        assert alarm == (y[week] >= bound)
        began = week + 1 if alarm else began


def test_the_three_systems_of_rki_look_at_their_own_weeks() -> None:
    """R 4.2.2, surveillance 1.20.3: algo.rki1 and algo.rki2; above 20 by the formula."""
    first, second = (rki(agona(), weeks=WEEKS, system=system) for system in (1, 2))
    assert first.upper_bound.tolist() == RKI_1
    assert second.upper_bound.tolist() == RKI_2
    many = np.random.default_rng(1).poisson(80, 200)
    past = np.concatenate([many[week - 4 : week + 5] for week in (199 - 52, 199 - 104)])
    assert rki(many).upper_bound[0] == pytest.approx(past.mean() + 2 * past.std(ddof=1))


def test_crow_and_gardners_limits_leave_out_a_twentieth_at_most() -> None:
    """At the upper limit for the mean, so few or fewer are counted once in twenty times."""
    tail = stats.poisson.cdf(np.arange(21), CROW_GARDNER)
    assert (np.diff(CROW_GARDNER) > 0).all()
    assert ((tail > 0.01) & (tail < 0.05)).all()


METHODS = {
    "flexible": lambda y, **more: farrington_flexible(y, years_back=3, **more),
    "muan": lambda y, **more: farrington_flexible(y, years_back=3, threshold="muan", **more),
    "delta": lambda y, **more: farrington_flexible(y, years_back=3, threshold="delta", **more),
    "original": lambda y, **more: farrington(y, years_back=3, **more),
    "C1": lambda y, **more: ears(y, method="C1", **more),
    "C2": lambda y, **more: ears(y, method="C2", **more),
    "C3": lambda y, **more: ears(y, method="C3", **more),
    "bayes": lambda y, **more: bayes(y, years_back=2, **more),
    "rki": lambda y, **more: rki(y, **more),
    "cusum": lambda y, **more: cusum(y, seasonal=True, **more),
    "glr": lambda y, **more: glr_poisson(y, **more),
}


@pytest.mark.parametrize("name", METHODS)
def test_twice_the_effort_in_the_past_halves_what_is_expected_now(name: str) -> None:
    y = quiet(7, series=5, weeks=212)
    effort = np.random.default_rng(3).uniform(1, 3, y.shape)
    doubled = effort.copy()
    doubled[:, :-1] *= 2
    once, twice = (METHODS[name](y, exposure=given) for given in (effort, doubled))
    assert np.isfinite(once.expected).all()
    assert twice.expected == pytest.approx(once.expected / 2, rel=1e-6)


@pytest.mark.parametrize("name", METHODS)
def test_a_unit_of_effort_has_no_meaning_of_its_own(name: str) -> None:
    y = quiet(8, series=5, weeks=212)
    plain, scaled = METHODS[name](y), METHODS[name](y, exposure=np.full(y.shape, 7.0))
    for field in ("alarm", "expected", "upper_bound", "p_value"):
        same = pytest.approx(getattr(plain, field), rel=1e-6, nan_ok=True)
        assert getattr(scaled, field) == same


@pytest.mark.parametrize("name", METHODS)
def test_series_are_looked_at_in_blocks_and_in_any_type_of_number_alike(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    y = quiet(9, series=7, weeks=212)
    effort = np.random.default_rng(3).uniform(1, 3, y.shape)
    whole = METHODS[name](y.astype(float), exposure=effort)
    for module in (_panel, _farrington):
        monkeypatch.setattr(module, "BLOCK", 3)
    for kind in (np.uint8, np.int64):
        assert METHODS[name](y.astype(kind), exposure=effort).to_dict() == whole.to_dict()


@pytest.mark.parametrize("freedom", [2, 3, 6, 7, 40])
def test_students_tail_is_scipys(freedom: int) -> None:
    t = np.concatenate([np.linspace(-80, 80, 999), [0.0, 1e-12, -1e-6]])
    assert student_tail(t, freedom) == pytest.approx(stats.t.sf(t, freedom), rel=1e-10)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", METHODS)
def test_series_with_hardly_anything_in_them_end_no_program(name: str) -> None:
    y = np.zeros((40, 212), int)
    rng = np.random.default_rng(4)
    y[np.repeat(np.arange(40), 3), rng.integers(0, 212, 120)] = 1
    y[:10, -1] = 9
    found = METHODS[name](y)
    said = np.isfinite(found.p_value)
    assert ((found.p_value[said] > 0) & (found.p_value[said] <= 1)).all()
    assert found.alarm[10:].mean() <= 0.5
    # C3 adds up the weeks before; muan and delta know that nothing is sure about so sparse a past.
    if name not in ("C3", "muan", "delta"):
        assert found.alarm[:10].all()


@pytest.mark.parametrize("name", ["flexible", "delta", "C1", "C2", "bayes"])
def test_p_values_of_quiet_weeks_are_uniform(name: str) -> None:
    """Kolmogorov and Smirnov on 2,000 series at once; large counts, so that p hardly has steps."""
    rng = np.random.default_rng(17)
    y = rng.poisson(rng.uniform(1500, 3000, (2000, 1)), (2000, 212))
    if name in ("flexible", "delta"):  # the others know no over-dispersion
        y = rng.poisson(y / 100 * rng.gamma(1000, 1 / 10, y.shape))
    p_value = METHODS[name](y).p_value[:, 0]
    assert stats.kstest(p_value, "uniform").pvalue > 0.01


@pytest.mark.parametrize("dispersion", [1.0, 1.3, 9.0])
def test_tails_summed_up_are_the_tails_of_the_textbook(dispersion: float) -> None:
    from lagesbild.surveillance import _kernels as kernels

    rng = np.random.default_rng(6)
    mean = np.exp(rng.uniform(-5, 6, 3000))
    observed = np.floor(mean * np.exp(rng.normal(0, 1, 3000)))
    upper, p_value = kernels.count_tails(observed, mean, np.full(3000, dispersion), 0.05)
    law = (
        stats.poisson(mean)
        if dispersion == 1
        else stats.nbinom(mean / (dispersion - 1), 1 / dispersion)
    )
    assert np.isfinite(upper).mean() > 0.9
    said = np.isfinite(upper)
    assert np.array_equal(upper[said], law.ppf(0.95)[said])
    assert p_value[said] == pytest.approx(law.sf(observed - 1)[said], rel=1e-10, abs=1e-290)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 999))
def test_ears_is_mean_and_deviation_of_the_weeks_before(seed: int) -> None:
    y = np.random.default_rng(seed).poisson(5, 30)
    found = ears(y, method="C2", weeks=[29])
    past = y[20:27]
    bound = past.mean() + stats.norm.isf(0.001) * past.std(ddof=1)
    assert found.upper_bound[0] == pytest.approx(bound)


@pytest.mark.parametrize("transformation", ["standard", "rossi"])
def test_a_small_rise_that_lasts_is_found_by_its_sum(transformation: Any) -> None:
    rng = np.random.default_rng(8)
    y = rng.poisson(20, (50, 120))
    y[:, 100:] = rng.poisson(30, (50, 20))
    found = cusum(y, weeks=np.arange(60, 120), transformation=transformation)
    assert found.alarm[:, 45:].mean() > 0.9
    assert found.alarm[:, :40].mean() < 0.2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: farrington_flexible([1.5] * 300), "counts: not a whole number"),
        (lambda: farrington_flexible([1] * 100), "weeks: week 99 needs"),
        (lambda: farrington_flexible([1] * 300, weeks=[300]), "weeks: outside"),
        (lambda: farrington_flexible([1] * 300, weeks=[0.5]), "weeks: column numbers"),
        (lambda: farrington_flexible([1] * 300, alpha=5), "alpha"),
        (lambda: farrington_flexible([1] * 300, season_levels=60), "season_levels"),
        (lambda: farrington_flexible([1] * 300, exposure=[0] * 300), "exposure: above zero"),
        (lambda: farrington_flexible([1] * 300, exposure=[1] * 9), "exposure: shape"),
        (lambda: farrington_flexible([1] * 300, past_weeks_excluded=260), "too short"),
        (lambda: ears([1] * 8, method="C3"), "first that can be monitored is 11"),
        (lambda: bayes([1] * 9, years_back=1), "first that can be monitored"),
        (lambda: cusum([1] * 9, weeks=[3, 5]), "follow one another"),
        (lambda: ears([]), "counts"),
        (lambda: bayes([1] * 60, exposure=[0] * 60), "exposure: above zero"),
        (lambda: rki([1] * 300, system=4), "system: 1, 2 or 3"),
        (lambda: rki([1] * 60), "first that can be monitored is 108"),
        (lambda: glr_poisson([1] * 9, weeks=[1, 2]), "two weeks of past"),
        (lambda: glr_poisson([1] * 9, weeks=[2, 3]), "more weeks of past"),
        (lambda: glr_poisson([1] * 99, longest=0), "longest"),
        (lambda: farrington([1] * 100), "weeks: week 99 needs"),
    ],
)
def test_bad_arguments_are_named(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
