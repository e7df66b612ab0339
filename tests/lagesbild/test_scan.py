"""The scans as their users meet them: what they find, promise and refuse."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from lagesbild import scan
from lagesbild.events import Events
from lagesbild.scan import _places
from tests.lagesbild.scan_by_hand import ratio_by_hand, windows_by_hand

START = np.datetime64("2026-01-01", "s")
DAY = np.timedelta64(86_400, "s")


def events_at(x: Any, y: Any, days: Any, **columns: Any) -> Events:
    return Events(x=x, y=y, start=START + np.asarray(days) * DAY, **columns)


def random_events(seed: int, n: int = 200, side: float = 5000.0, days: int = 20) -> Events:
    """Events at forty addresses over some days, without any cluster."""
    draw = np.random.default_rng(seed)
    address = draw.uniform(0, side, (40, 2))
    at = address[draw.integers(0, 40, n)]
    return events_at(at[:, 0], at[:, 1], draw.integers(0, days, n))


def town(seed: int, places: int = 30, columns: int = 8, cases: int = 400) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    people = draw.gamma(2, 500, places) + 10
    expected = np.outer(people / people.sum(), np.full(columns, cases / columns))
    return {
        "cases": draw.poisson(expected),
        "population": people,
        "coordinates": draw.uniform(0, 9000, (places, 2)),
    }


def told(result: scan.ScanResult) -> list[tuple[Any, ...]]:
    """What the clusters say, apart from coordinates."""
    return [
        (c.location_ids, c.start, c.end, c.observed, round(c.log_likelihood_ratio, 8), c.p_value)
        for c in result.clusters
    ]


# Right ------------------------------------------------------------------------------------------


def test_a_planted_cluster_is_found_where_and_when_it_was_planted() -> None:
    quiet = random_events(1, n=400)
    near = np.full(25, 2500.0) + np.arange(25) * 2.0
    events = Events(
        x=np.concatenate([quiet.x, near]),
        y=np.concatenate([quiet.y, near]),
        start=np.concatenate([quiet.start, START + np.repeat([17, 18, 19, 18, 19], 5) * DAY]),
    )
    first = scan.space_time_permutation(events, prospective=True, seed=1).clusters[0]
    assert np.hypot(first.x - 2525, first.y - 2525) < 200
    assert str(first.start) == "2026-01-18"
    assert str(first.end) == "2026-01-20"
    assert first.p_value == 1 / 1000
    assert first.recurrence_interval == 1000
    assert first.observed >= 25
    assert first.relative_risk > 5


def test_a_quiet_place_is_found_when_low_rates_are_wanted() -> None:
    data = town(2, cases=4000)
    middle = np.hypot(*(data["coordinates"] - 4500).T) < 2500
    data["cases"][middle] //= 3
    first = scan.poisson(**data, dimension="space", rates="low", seed=1).clusters[0]
    assert first.relative_risk < 0.6
    assert first.p_value == 1 / 1000
    assert set(first.location_ids) & set(np.flatnonzero(middle).tolist())
    high = scan.poisson(**data, dimension="space", rates="high", seed=1)
    both = scan.poisson(**data, dimension="space", rates="both", seed=1)
    assert both.clusters[0].log_likelihood_ratio == pytest.approx(
        max(first.log_likelihood_ratio, high.clusters[0].log_likelihood_ratio)
    )


@given(seed=st.integers(0, 10**6), prospective=st.booleans())
@example(seed=461, prospective=False)  # two windows are equally good
@settings(deadline=None, max_examples=15)
def test_the_most_likely_cluster_is_the_best_of_all_windows_tried_by_hand(
    seed: int, prospective: bool
) -> None:
    data = town(seed, places=8, columns=5, cases=60)
    cases, total = data["cases"], int(data["cases"].sum())
    sizes = np.repeat(data["population"][:, None], 5, axis=1)
    sizes = sizes * (total / sizes.sum())
    zones = []
    for centre in data["coordinates"]:
        nearest = np.argsort(np.hypot(*(data["coordinates"] - centre).T))
        fits = sizes.sum(axis=1)[nearest].cumsum() <= 0.5 * total
        zones.append(nearest[: int(fits.argmin())].tolist())
    windows = list(
        windows_by_hand(
            cases[:, ::-1], sizes[:, ::-1], zones, longest=2, any_end=not prospective,
            rates="high", least=2, cases=total,
        )
    )  # fmt: skip
    ratio = max(windows)[0]
    # Two days with as many cases at the same places are equally good.
    best = [
        (sorted(zones[zone][:size]), 5 - beyond, 4 - first, count)
        for at, zone, size, first, beyond, count in windows
        if at == pytest.approx(ratio)
    ]
    found = scan.poisson(**data, prospective=prospective, replicates=1, seed=1).clusters[0]
    assert found.log_likelihood_ratio == pytest.approx(ratio)
    assert found.observed == ratio_count(found, total, ratio)
    assert (sorted(found.location_ids), found.start, found.end, found.observed) in best


def ratio_count(found: scan.Cluster, total: int, ratio: float) -> int:
    """The count, if it and the expectation reported give the ratio reported."""
    assert ratio_by_hand(found.observed, found.expected, total) == pytest.approx(ratio)
    return found.observed


def test_expected_cases_of_a_permutation_scan_come_from_both_margins() -> None:
    events = random_events(3)
    first = scan.space_time_permutation(events, seed=1, replicates=9).clusters[0]
    days = events.start.astype("datetime64[D]")
    there = np.isin([f"{x:.10g} {y:.10g}" for x, y in zip(events.x, events.y, strict=True)],
                    first.location_ids)  # fmt: skip
    then = (days >= first.start) & (days <= first.end)
    assert first.observed == (there & then).sum()
    assert first.expected == pytest.approx(there.sum() * then.sum() / len(events))


def test_a_population_given_in_other_units_changes_nothing() -> None:
    data = town(4)
    doubled = {**data, "population": data["population"] * 1e-3}
    assert told(scan.poisson(**data, seed=1)) == told(scan.poisson(**doubled, seed=1))


# Chance -----------------------------------------------------------------------------------------


def randomised_p_value(result: scan.ScanResult, draw: np.random.Generator) -> float:
    """The rank with ties broken by lot: exactly uniform under the null, whatever the data."""
    if not result.clusters:
        return float(draw.uniform())
    ratio = result.clusters[0].log_likelihood_ratio
    greater, equal = (result.null > ratio).sum(), (result.null == ratio).sum()
    assert result.clusters[0].p_value == (greater + equal + 1) / (result.null.size + 1)
    return float((greater + draw.uniform() * (equal + 1)) / (result.null.size + 1))


def null_permutation(draw: np.random.Generator, seed: int) -> scan.ScanResult:
    place, day = draw.integers(0, 6, 30), draw.integers(0, 5, 30)
    x, y = np.array([[0, 3, 5, 11, 17, 18], [2, 0, 7, 1, 9, 4]])[:, place] * 100.0
    return scan.space_time_permutation(
        events_at(x, y, day),
        seed=seed,
        replicates=39,
        threads=1,
        period=("2026-01-01", "2026-01-05"),
    )


def null_poisson(draw: np.random.Generator, seed: int) -> scan.ScanResult:
    people = np.array([5.0, 1, 2, 8, 3, 4])
    cases = draw.multinomial(40, np.repeat(people, 3) / people.sum() / 3).reshape(6, 3)
    coordinates = np.array([[0, 1], [3, 0], [5, 5], [8, 2], [9, 9], [1, 7]]) * 100.0
    return scan.poisson(cases, people, coordinates, seed=seed, replicates=39, threads=1,
                        rates="both")  # fmt: skip


def null_bernoulli(draw: np.random.Generator, seed: int) -> scan.ScanResult:
    people = np.array([9, 4, 12, 7, 10, 6])
    cases = draw.multivariate_hypergeometric(people, 15)
    coordinates = np.array([[0, 1], [3, 0], [5, 5], [8, 2], [9, 9], [1, 7]]) * 100.0
    return scan.bernoulli(cases, people - cases, coordinates, seed=seed, replicates=39, threads=1)


@pytest.mark.parametrize("null", [null_permutation, null_poisson, null_bernoulli])
def test_p_values_are_uniform_when_nothing_is_going_on(
    null: Callable[[np.random.Generator, int], scan.ScanResult],
) -> None:
    """2,000 data sets without clusters: Kolmogorov-Smirnov, and the share below 0.05."""
    draw = np.random.default_rng(2026)
    p_values = np.array([randomised_p_value(null(draw, seed), draw) for seed in range(2000)])
    assert stats.kstest(p_values, "uniform").pvalue > 0.01
    assert (p_values <= 0.05).mean() == pytest.approx(0.05, abs=0.015)


def test_a_fit_resolves_p_values_that_ranks_cannot() -> None:
    data = town(5)
    data["cases"][:4, -2:] += 15
    ranked = scan.poisson(**data, prospective=True, seed=1, replicates=99).clusters[0]
    fitted = scan.poisson(
        **data, prospective=True, seed=1, replicates=99, p_value="gumbel"
    ).clusters[0]
    assert ranked.p_value == 0.01
    assert 0 < fitted.p_value < 0.001
    assert fitted.p_value == ranked.gumbel_p_value
    assert fitted.recurrence_interval == pytest.approx(1 / fitted.p_value)


def test_an_early_stop_gives_besag_and_cliffords_p_value() -> None:
    data = town(6)
    whole = scan.poisson(**data, seed=1, replicates=999)
    stopped = scan.poisson(**data, seed=1, replicates=999, stop_after=20)
    reached = whole.null >= whole.clusters[0].log_likelihood_ratio
    at = int(np.flatnonzero(reached)[19]) + 1
    assert at < 999
    assert stopped.clusters[0].p_value == pytest.approx(20 / at)
    assert stopped.basis.replicates == at - 1
    assert (stopped.null == whole.null[: at - 1]).all()


def test_an_early_stop_that_is_not_reached_changes_nothing() -> None:
    data = town(5)
    data["cases"][:4, -2:] += 15
    assert told(scan.poisson(**data, seed=1)) == told(scan.poisson(**data, seed=1, stop_after=50))


def test_the_first_replicate_may_be_the_last() -> None:
    data = town(6)
    stopped = scan.poisson(**data, seed=1, stop_after=1)
    assert 0 < stopped.clusters[0].p_value <= 1


# The same ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("replicates", [10, 64, 200])
def test_threads_change_no_byte(replicates: int) -> None:
    events = random_events(7)
    one, three = (
        scan.space_time_permutation(events, seed=5, replicates=replicates, threads=threads)
        for threads in (1, 3)
    )
    assert one.to_dict() == three.to_dict()
    assert one.null.tobytes() == three.null.tobytes()


def test_another_seed_draws_other_replicates() -> None:
    events = random_events(7)
    one, two = (scan.space_time_permutation(events, seed=s, replicates=99) for s in (5, 6))
    assert not (one.null == two.null).all()


def test_the_order_of_events_plays_no_part() -> None:
    events = random_events(8)
    order = np.random.default_rng(1).permutation(len(events))
    kept, shuffled = (
        scan.space_time_permutation(e, seed=1, replicates=99) for e in (events, events.take(order))
    )
    assert told(kept) == told(shuffled)


@pytest.mark.parametrize("turn", [0.0, 1.0])
def test_moving_and_turning_the_map_changes_no_cluster(turn: float) -> None:
    events = random_events(9)
    x = events.x * np.cos(turn) - events.y * np.sin(turn) + 600_000
    y = events.x * np.sin(turn) + events.y * np.cos(turn) + 6_500_000
    ids = np.unique(np.column_stack([events.x, events.y]), axis=0, return_inverse=True)[1].ravel()
    here, there = (
        scan.space_time_permutation(
            Events(x=xs, y=ys, start=events.start, location=ids), seed=1, replicates=9
        ).clusters
        for xs, ys in ((events.x, events.y), (x, y))
    )
    assert [(set(c.location_ids), c.start, c.end, c.observed) for c in here] == [
        (set(c.location_ids), c.start, c.end, c.observed) for c in there
    ]
    assert [c.radius_m for c in here] == pytest.approx([c.radius_m for c in there])


def test_weights_are_numbers_of_cases() -> None:
    events = random_events(10)
    points = np.column_stack([events.x, events.y, events.start.astype(np.int64)])
    rows, counts = np.unique(points, axis=0, return_counts=True)
    weighted = Events(
        x=rows[:, 0], y=rows[:, 1], start=rows[:, 2].astype(np.int64).astype("datetime64[s]"),
        weight=counts,
    )  # fmt: skip
    assert told(scan.space_time_permutation(events, seed=1, replicates=99)) == told(
        scan.space_time_permutation(weighted, seed=1, replicates=99)
    )


def test_locations_at_the_same_point_are_in_or_out_together() -> None:
    data = town(11, places=10)
    twice = {
        "cases": np.vstack([data["cases"] // 2, data["cases"] - data["cases"] // 2]),
        "population": np.tile(data["population"] / 2, 2),
        "coordinates": np.vstack([data["coordinates"], data["coordinates"]]),
    }
    one, two = scan.poisson(**data, seed=1), scan.poisson(**twice, seed=1)
    assert one.clusters[0].p_value == two.clusters[0].p_value
    ids = set(one.clusters[0].location_ids)
    assert set(two.clusters[0].location_ids) == ids | {i + 10 for i in ids}


# Options ----------------------------------------------------------------------------------------


def test_circles_keep_within_share_and_radius() -> None:
    data = town(12)
    people = data["population"] / data["population"].sum()
    for cluster in scan.poisson(
        **data, seed=1, replicates=1, max_share=0.2, overlap="any"
    ).clusters:
        assert people[list(cluster.location_ids)].sum() <= 0.2
    for cluster in scan.poisson(**data, seed=1, replicates=1, max_radius_m=900).clusters:
        assert cluster.radius_m <= 900


def test_windows_keep_within_the_duration() -> None:
    clusters = scan.poisson(
        **town(13), seed=1, replicates=1, max_duration=2, overlap="any"
    ).clusters
    assert max(c.end - c.start + 1 for c in clusters) == 2
    half = scan.poisson(**town(13), seed=1, replicates=1, overlap="any").clusters
    assert max(c.end - c.start + 1 for c in half) == 4


def test_prospective_windows_last_to_the_end() -> None:
    clusters = scan.poisson(**town(14), seed=1, replicates=9, prospective=True).clusters
    assert {c.end for c in clusters} == {7}


def test_reported_clusters_overlap_as_the_option_says() -> None:
    data = town(15)
    apart = scan.poisson(**data, seed=1, replicates=1).clusters
    ids = [i for cluster in apart for i in cluster.location_ids]
    assert len(ids) == len(set(ids))
    centres = scan.poisson(**data, seed=1, replicates=1, overlap="no_centres").clusters
    for number, cluster in enumerate(centres):
        for other in centres[number + 1 :]:
            between = np.hypot(cluster.x - other.x, cluster.y - other.y)
            assert between > max(cluster.radius_m, other.radius_m)
    anyhow = scan.poisson(**data, seed=1, replicates=1, overlap="any", max_clusters=99).clusters
    assert len(anyhow) >= len(centres) >= len(apart)
    ratios = [c.log_likelihood_ratio for c in anyhow]
    assert ratios == sorted(ratios, reverse=True)


@pytest.mark.parametrize("grid", [False, True])
def test_many_places_and_few_have_the_same_circles(
    grid: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many are looked up in a tree; on a lattice full of ties both must agree."""
    lattice = np.array([(x, y) for x in range(15) for y in range(15)]) * 100.0
    centres = lattice[::7] + 3.7 if grid else lattice
    weights = np.random.default_rng(3).gamma(1, 1, 225)
    few = _places.circles(lattice, centres, weights, weights.sum() * 0.1, 350.0)
    monkeypatch.setattr(_places, "_PLACES_WITHOUT_A_TREE", 1)
    many = _places.circles(lattice, centres, weights, weights.sum() * 0.1, 350.0)
    assert (few.neighbours == many.neighbours).all()
    assert (few.starts == many.starts).all()


def test_more_circles_than_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_places, "_MOST_NEIGHBOURS", 100)
    with pytest.raises(ValueError, match=r"max_radius_m, max_share: .* make them smaller"):
        scan.poisson(**town(12), seed=1)


def test_circles_may_be_centred_on_a_grid() -> None:
    data = town(16)
    grid = [(x, y) for x in (2000.0, 7000.0) for y in (2000.0, 7000.0)]
    result = scan.poisson(**data, seed=1, replicates=9, grid=grid, overlap="any")
    assert {(c.x, c.y) for c in result.clusters} <= set(grid)
    first = result.clusters[0]
    assert grid[first.centre] == (first.x, first.y)
    far = max(np.hypot(*(data["coordinates"][i] - (first.x, first.y))) for i in first.location_ids)
    assert first.radius_m == pytest.approx(far)


def test_a_grid_far_from_everything_finds_everything_or_nothing() -> None:
    data = town(16)
    result = scan.poisson(**data, seed=1, replicates=9, grid=[(1e7, 1e7)], max_radius_m=5.0)
    assert result.clusters == ()
    assert result.most_likely is None


def test_a_week_is_seven_days_counted_back_from_the_last() -> None:
    events = events_at([0.0, 0, 500, 500, 0, 500], [0.0] * 6, [0, 9, 3, 16, 16, 15])
    result = scan.space_time_permutation(
        events, time_unit="week", max_duration=1, seed=1, replicates=9, least_cases=1, overlap="any"
    )
    assert result.columns == 3
    assert (str(result.start), str(result.end)) == ("2026-01-01", "2026-01-17")
    assert {str(c.end) for c in result.clusters} <= {"2026-01-03", "2026-01-10", "2026-01-17"}


@pytest.mark.parametrize(("unit", "columns"), [("day", 400), ("month", 14), ("year", 2)])
def test_days_months_and_years_follow_the_calendar(unit: Any, columns: int) -> None:
    events = events_at([0.0, 500, 0, 500], [0.0] * 4, [0, 399, 200, 180])
    result = scan.space_time_permutation(
        events, time_unit=unit, seed=1, replicates=1, max_duration=1
    )
    assert result.columns == columns


def test_events_known_within_an_interval_count_at_its_middle() -> None:
    x, y = [0.0, 500, 0, 500], [0.0] * 4
    known = events_at(x, y, [0, 9, 4, 5])
    within = events_at(x, y, [0, 8, 2, 5], end=START + np.array([0, 10, 6, 5]) * DAY)
    assert told(scan.space_time_permutation(known, seed=1, least_cases=1, replicates=9)) == told(
        scan.space_time_permutation(within, seed=1, least_cases=1, replicates=9)
    )


def test_a_scan_in_time_needs_no_coordinates() -> None:
    data = town(17)
    data["cases"][:, 3:5] += 3
    (cluster,) = scan.poisson(
        data["cases"], data["population"], None, dimension="time", seed=1
    ).clusters
    assert (cluster.start, cluster.end) == (3, 4)
    assert len(cluster.location_ids) == 30
    assert np.isnan(cluster.radius_m)
    assert cluster.p_value == 0.001


def test_bernoulli_in_space_and_time_finds_a_planted_share() -> None:
    draw = np.random.default_rng(18)
    coordinates = draw.uniform(0, 9000, (25, 2))
    cases, controls = draw.poisson(2, (25, 6)), draw.poisson(4, (25, 6))
    near = np.argsort(np.hypot(*(coordinates - coordinates[0]).T))[:4]
    cases[near, -2:] += 12
    for prospective in (False, True):
        first = scan.bernoulli(
            cases, controls, coordinates, seed=1, prospective=prospective
        ).clusters[0]
        assert set(near.tolist()) <= set(first.location_ids)
        assert (first.start, first.end) == (4, 5)
        assert first.p_value == 0.001


def test_a_result_carries_its_basis_and_becomes_json() -> None:
    result = scan.poisson(**town(19), seed=3, replicates=99, prospective=True)
    assert result.basis.method == "Poisson scan"
    assert (result.basis.seed, result.basis.replicates) == (3, 99)
    assert result.basis.n == result.cases == town(19)["cases"].sum()
    assert result.basis.parameters["longest_window"] == 4
    assert json.loads(json.dumps(result.to_dict()))["clusters"][0]["observed"] > 0
    other = town(19)
    other["cases"][0, 0] += 1
    assert scan.poisson(**other, seed=3).basis.fingerprint != result.basis.fingerprint


# Refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "says"),
    [
        (lambda: events_at([], [], np.array([], dtype=int)), "events: none"),
        (lambda: events_at([5.0], [5.0], [1]), "at least 2 cases"),
        (lambda: events_at([5.0] * 9, [5.0] * 9, range(9)), "all at one place"),
        (lambda: events_at(np.arange(9.0), np.arange(9.0), [3] * 9), "within one time unit"),
        (lambda: events_at([0.0, 1], [0.0, 1], [0, 1], weight=[0.5, 1]), "weight: not a whole"),
        (lambda: events_at([0.0, 1, 2], [0.0] * 3, [0, 1, 2], location=["a", "b", "a"]),
         "location: .* in row 2"),
        (lambda: events_at([0.0, np.nan], [0.0, 1], [0, 1]), "x: not finite in row 1"),
    ],
)  # fmt: skip
def test_events_that_cannot_be_scanned_are_refused(events: Callable[[], Events], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        scan.space_time_permutation(events(), seed=1)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"max_share": 0}, "max_share"),
        ({"max_share": 1.1}, "max_share"),
        ({"max_radius_m": -1}, "max_radius_m"),
        ({"max_duration": 0}, "max_duration"),
        ({"max_duration": 1.5}, "max_duration"),
        ({"time_unit": "hour"}, "time_unit"),
        ({"rates": "odd"}, "rates"),
        ({"replicates": 0}, "replicates"),
        ({"seed": -1}, "seed"),
        ({"metric": "taxi"}, "metric"),
        ({"overlap": "some"}, "overlap"),
        ({"p_value": "exact"}, "p_value"),
        ({"stop_after": 0}, "stop_after"),
        ({"least_cases": 0}, "least_cases"),
        ({"threads": 0}, "threads"),
        ({"grid": np.zeros((0, 2))}, "grid"),
        ({"grid": [[0.0, np.nan]]}, "grid"),
        ({"period": ("2026-01-05", "2026-01-01")}, "period"),
        ({"period": ("2026-01-05", "2026-02-01")}, "period: .* leaves out events in rows"),
        ({"locations": {"a": (0, 0)}}, "locations: events need their"),
    ],
)
def test_options_outside_their_range_are_refused_by_name(
    options: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        scan.space_time_permutation(random_events(1), **{"seed": 1, **options})


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(TypeError, match="max_sharee"):
        scan.space_time_permutation(random_events(1), seed=1, max_sharee=0.1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cases": np.full((30, 8), 0.5)}, "cases: not a whole number"),
        ({"cases": np.zeros((30, 8))}, "cases: at least 2"),
        ({"cases": np.zeros((0, 8))}, "cases: empty"),
        ({"population": np.full(29, 1.0)}, "population: .* wanted"),
        ({"population": np.full(30, -1.0)}, "population: negative in rows"),
        ({"population": np.zeros(30)}, "population: nobody anywhere"),
        ({"population": np.r_[0.0, np.ones(29)]}, "population: nobody where .* row 0"),
        ({"population": np.full(30, np.nan)}, "population: not finite"),
        ({"coordinates": np.zeros((29, 2))}, "coordinates: 30 rows"),
        ({"coordinates": np.zeros((30, 3))}, "coordinates: .locations, 2. wanted"),
        ({"coordinates": None}, "coordinates: wanted unless"),
        ({"metric": "great_circle"}, "coordinates: .longitude, latitude. in degrees"),
        ({"location_ids": ["a"]}, "location_ids: 30 wanted"),
        ({"times": [1, 2]}, "times: 8 labels"),
        ({"dimension": "space", "prospective": True}, "prospective"),
        ({"dimension": "both"}, "dimension"),
    ],
)
def test_tables_that_do_not_fit_are_refused(change: dict[str, Any], says: str) -> None:
    data = town(20)
    data["cases"][0] += 1
    with pytest.raises(ValueError, match=says):
        scan.poisson(**{**data, "seed": 1, **change})


def test_controls_must_fit_the_cases_and_exist() -> None:
    coordinates = np.arange(6.0).reshape(3, 2)
    with pytest.raises(ValueError, match=r"controls: .* as cases wanted"):
        scan.bernoulli([1, 2, 3], [1, 2], coordinates, seed=1)
    with pytest.raises(ValueError, match="at least 2 and 1 wanted"):
        scan.bernoulli([1, 2, 3], [0, 0, 0], coordinates, seed=1)


def test_degrees_given_as_metres_are_noticed() -> None:
    data = town(21)
    data["coordinates"] = data["coordinates"] / 9000 * [0.3, 0.1] + [16.1, 58.5]
    with pytest.warns(UserWarning, match="look like degrees"):
        scan.poisson(**data, seed=1, replicates=1)


def test_all_at_one_point_is_no_cluster_of_more_than_everything() -> None:
    result = scan.poisson([3, 4, 5], [1, 1, 1], np.zeros((3, 2)), seed=1, replicates=9)
    assert result.clusters == ()
    assert result.locations == 1


# Populations ------------------------------------------------------------------------------------


def test_person_time_is_the_area_under_the_line_between_counts() -> None:
    people = np.array([[100.0, 300.0]])
    counted = np.array(["2020-01-11", "2020-01-21"], dtype="datetime64[D]")
    periods = np.array(["2020-01-01", "2020-01-11", "2020-01-21", "2020-01-31"])
    lived = scan.person_time(people, counted=counted, periods=periods.astype("datetime64[D]"))
    assert lived == pytest.approx(np.array([[1000.0, 2000.0, 3000.0]]))


def test_standardised_expectation_gives_each_stratum_one_rate_everywhere() -> None:
    people = np.array([[[100, 50]], [[300, 50]]])
    expected = scan.standardised_expectation([4, 10], people)
    assert expected == pytest.approx(np.array([[1 + 5], [3 + 5]]))
    with pytest.raises(ValueError, match=r"nobody in strata that have cases .row 1"):
        scan.standardised_expectation([4, 10], people * [1, 0])
    with pytest.raises(ValueError, match=r"population: .locations, columns"):
        scan.standardised_expectation([4, 10, 1], people)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"population": [[1.0, -1.0]]}, "population: negative"),
        ({"population": [[1.0]]}, "population: .locations, 2"),
        ({"counted": [1991, 1973]}, "counted: dates that rise"),
        ({"periods": [1973]}, "periods: at least 2"),
        ({"periods": ["x", "y"]}, "periods: not dates"),
    ],
)
def test_person_time_refuses_what_does_not_fit(arguments: dict[str, Any], says: str) -> None:
    fitting = {"population": [[1.0, 2.0]], "counted": [1973, 1991], "periods": [1973, 1980, 1992]}
    with pytest.raises(ValueError, match=says):
        scan.person_time(**{**fitting, **arguments})


def test_importing_the_module_imports_no_compiler() -> None:
    program = (
        "import sys, lagesbild.scan; print([m for m in ('numba', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
