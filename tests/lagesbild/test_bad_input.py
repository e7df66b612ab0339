"""Bad input, for every method: a refusal that names the argument, or a right answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from lagesbild import (
    aoristic,
    cube,
    disclosure,
    evaluation,
    hotspots,
    kde,
    location,
    near_repeat,
    neighbours,
    prediction,
    rostering,
    scan,
    significance,
    surveillance,
)
from lagesbild.events import Events

FIRST = np.datetime64("2025-01-06T10:00:00")
GRID = kde.Grid(559_999, 6_489_999, 1000, 3, 3)
N = 40


def some(n: int = N, **columns: Any) -> Events:
    """n events over 2 × 2 km and 400 days."""
    draw = np.random.default_rng(1)
    given = {
        "x": 560_000 + draw.uniform(0, 2000, n),
        "y": 6_490_000 + draw.uniform(0, 2000, n),
        "start": FIRST + draw.integers(0, 400 * 86_400, n).astype("timedelta64[s]"),
    }
    return Events(**{**given, **columns})


def even(past: Events, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.ones(x.size)


METHODS: dict[str, Callable[[Events], Any]] = {
    "kde, by rule": lambda events: kde.density(events, grid=100.0),
    "kde, by number": lambda events: kde.density(events, bandwidth=200, grid=100.0),
    "kde, adaptive": lambda e: kde.density(e, bandwidth=200, grid=100.0, adaptive=True),
    "scan": lambda events: scan.space_time_permutation(
        events, seed=1, replicates=9, time_unit="month"
    ),
    "knox": lambda events: near_repeat.knox(
        events, distances=[200], intervals=[14], permutations=9
    ),
    "aoristic": lambda events: aoristic.weekday_hour(events, replicates=9),
    "rolling": lambda events: prediction.rolling_evaluation(even, events, periods=2),
    "cube": lambda events: cube.count(events, grid=GRID),
}
EMPTY = Events(x=[], y=[], start=np.array([], "datetime64[s]"))
ONE_POINT = some(x=np.full(N, 560_000.0), y=np.full(N, 6_490_000.0))
ONE_MOMENT = some(start=np.full(N, FIRST))
NO_WEIGHT = some(weight=np.zeros(N))
FAR = some(x=np.concatenate([[1e9], some().x[1:]]))


def density_of(total: float) -> Callable[[Any], bool]:
    return lambda found: bool(
        found.total == total and np.isfinite(found.values).all() and (found.values >= 0).all()
    )


def weights_of(total: float) -> Callable[[Any], bool]:
    return lambda found: bool(np.isclose(found.weights.sum(), total))


def counts_of(total: int) -> Callable[[Any], bool]:
    return lambda found: bool(found.counts.sum() == found.total == total)


def pairs_as_expected(found: Any) -> bool:
    """All pairs are alike in space or in time, so chance can give nothing else."""
    return bool(np.allclose(found.observed, found.expected) and (found.p_value == 1).all())


def no_cluster(found: Any) -> bool:
    return all(one.p_value > 0.05 and one.observed > one.expected for one in found.clusters)


# What comes of each: a refusal that must match, or what must be true of the answer.
OUTCOMES: dict[str, tuple[Events, dict[str, str | Callable[[Any], bool]]]] = {
    "empty": (EMPTY, {
        "kde, by rule": "^events: none", "kde, by number": "^events: none",
        "kde, adaptive": "^events: none", "scan": "^events: none",
        "knox": "^events: at least 3 wanted, 0 given", "aoristic": "^events: at least one wanted",
        "rolling": "^events: at least one wanted", "cube": "^events: none, so first and last",
    }),
    "one event": (some(1), {
        "kde, by rule": "^bandwidth: x has no spread", "kde, by number": density_of(1),
        "kde, adaptive": density_of(1), "scan": "^events: at least 2 cases wanted, 1 given",
        "knox": "^events: at least 3 wanted, 1 given", "aoristic": weights_of(1),
        "rolling": "^events: all within one cell", "cube": counts_of(1),
    }),
    "all at one point": (ONE_POINT, {
        "kde, by rule": "^bandwidth: x has no spread", "kde, by number": density_of(N),
        "kde, adaptive": density_of(N), "scan": "^events: all at one place",
        "knox": pairs_as_expected, "aoristic": weights_of(N),
        "rolling": "^events: all within one cell", "cube": counts_of(N),
    }),
    "all at one moment": (ONE_MOMENT, {
        "kde, by rule": density_of(N), "kde, by number": density_of(N),
        "kde, adaptive": density_of(N), "scan": "^events: all within one time unit",
        "knox": pairs_as_expected, "aoristic": weights_of(N),
        "rolling": "^events: they do not reach back", "cube": counts_of(N),
    }),
    "duplicates": (some().take(np.repeat(np.arange(N), 3)), {
        "kde, by rule": density_of(3 * N), "kde, by number": density_of(3 * N),
        "kde, adaptive": density_of(3 * N),
        "scan": lambda found: found.cases == 3 * N and found.locations == N,
        "knox": lambda found: found.observed.sum() >= 3 * N, "aoristic": weights_of(3 * N),
        "rolling": lambda found: found.events.sum() % 3 == 0, "cube": counts_of(3 * N),
    }),
    "weights of zero": (NO_WEIGHT, {
        "kde, by rule": "^weight: none above zero", "kde, by number": density_of(0),
        "kde, adaptive": density_of(0), "scan": "^events: at least 2 cases wanted, 0 given",
        "aoristic": weights_of(0), "rolling": "^events: none in any of the periods",
        "cube": counts_of(0),
    }),
    "categories of one event": (some(category=np.arange(N)), {
        "kde, by rule": density_of(N), "kde, by number": density_of(N),
        "kde, adaptive": density_of(N), "scan": no_cluster,
        "knox": lambda found: bool((found.p_value > 0.05).all()), "aoristic": weights_of(N),
        "rolling": lambda found: bool((found.hit_rate <= 1).all()),
        "cube": lambda found: found.counts.shape[2] == N and found.total == N,
    }),
    "one event far away": (FAR, {
        "kde, by rule": "^grid: ", "kde, by number": "^grid: ", "kde, adaptive": "^grid: ",
        "scan": no_cluster, "knox": lambda found: bool((found.p_value > 0.05).all()),
        "aoristic": weights_of(N), "rolling": "^cell_m: 250 m makes",
        "cube": lambda found: found.left_out["outside the grid"] == 1 and found.total == N - 1,
    }),
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "method"), [(what, method) for what, (_, each) in OUTCOMES.items() for method in each]
)
def test_events_that_are_odd_are_refused_or_answered_rightly(what: str, method: str) -> None:
    events, outcomes = OUTCOMES[what]
    outcome = outcomes[method]
    if isinstance(outcome, str):
        with pytest.raises(ValueError, match=outcome):
            METHODS[method](events)
    else:
        assert outcome(METHODS[method](events))


def test_every_method_is_tried_with_every_oddity() -> None:
    for what, (_, outcomes) in OUTCOMES.items():
        left = set(METHODS) - set(outcomes)
        # Knox counts pairs of events, whatever they weigh.
        assert left == ({"knox"} if what == "weights of zero" else set())


# What no method ever sees, as there are no such events ------------------------------------------

BAD_COLUMNS = {
    "NaN": ({"x": np.full(N, np.nan)}, "^x: not finite in rows 0, 1, 2, 3, 4 and 35 more"),
    "infinity": ({"y": np.full(N, np.inf)}, "^y: not finite"),
    "no time": ({"start": np.full(N, np.datetime64("NaT"))}, "^start: missing in rows 0"),
    "not a time": ({"start": ["soon"] * N}, "^start: not times"),
    "reversed": ({"end": np.full(N, FIRST - np.timedelta64(9, "D"))}, "^end: before start in rows"),
    "zones": ({"start": [datetime(2025, 1, 1, tzinfo=UTC)] * N}, "^start: times with a zone"),
    "mixed zones": (
        {"start": [datetime(2025, 1, 1, tzinfo=UTC), *[datetime(2025, 1, 1)] * (N - 1)]},  # noqa: DTZ001
        "^start: times with a zone",
    ),
    "degrees": (
        {"x": np.linspace(16, 17, N), "y": np.linspace(58, 59, N)},
        "^x, y: these are degr",
    ),
    "negative weights": ({"weight": -np.ones(N)}, "^weight: negative in rows"),
    "weights that are none": ({"weight": np.full(N, np.nan)}, "^weight: not finite"),
    "lengths": ({"category": ["a"]}, "^different lengths: .*category 1"),
    "a table": ({"x": np.zeros((N, 1))}, "^x: 1 dimension"),
}


@pytest.mark.parametrize("what", BAD_COLUMNS)
def test_columns_that_are_wrong_are_no_events(what: str) -> None:
    columns, message = BAD_COLUMNS[what]
    with pytest.raises(ValueError, match=message):
        some(**columns)


# Methods on arrays ------------------------------------------------------------------------------

LINKS = neighbours.grid(3, 3)
NAN9, NEGATIVE9, TEXT9 = np.full(9, np.nan), -np.ones(9), ["a"] * 9
COUNTS = np.random.default_rng(1).poisson(5.0, (4, 320))
COST = np.abs(np.subtract.outer(np.arange(6.0), np.arange(4.0)))
SHIFT = rostering.Shift(name="a", start="2026-05-01T20:00", end="2026-05-02T01:00")
COORDINATES = np.column_stack([np.arange(4.0), np.zeros(4)]) * 1000

REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "hotspots, NaN": (lambda: hotspots.getis_ord(NAN9, LINKS), "^counts: not finite"),
    "hotspots, negative": (lambda: hotspots.getis_ord(NEGATIVE9, LINKS), "^counts: negative"),
    "hotspots, text": (lambda: hotspots.getis_ord(TEXT9, LINKS), "^counts: not numbers"),
    "hotspots, too few": (lambda: hotspots.getis_ord([1.0], LINKS), "^neighbours: 1 units wanted"),
    "hotspots, exposure": (
        lambda: hotspots.getis_ord(np.ones(9), LINKS, exposure=np.zeros(9)),
        "^exposure: zero where",
    ),
    "neighbours, NaN": (lambda: neighbours.by_distance([np.nan], [0], radius=1), "^x: not finite"),
    "neighbours, radius": (lambda: neighbours.by_distance([0], [0], radius=-1), "^radius: "),
    "poisson scan, NaN": (
        lambda: scan.poisson(np.full(4, np.nan), np.ones(4), COORDINATES, seed=1),
        "^cases: not finite",
    ),
    "poisson scan, empty": (lambda: scan.poisson([], [], [], seed=1), "^cases: empty"),
    "poisson scan, one case": (
        lambda: scan.poisson([1, 0, 0, 0], np.ones(4), COORDINATES, seed=1),
        "^cases: at least 2 wanted",
    ),
    "poisson scan, negative people": (
        lambda: scan.poisson(np.ones(4), -np.ones(4), COORDINATES, seed=1),
        "^population: negative",
    ),
    "poisson scan, nobody": (
        lambda: scan.poisson(np.ones(4), np.zeros(4), COORDINATES, seed=1), "^population: nobody",
    ),
    "poisson scan, places": (
        lambda: scan.poisson(np.ones(4), np.ones(4), COORDINATES[:2], seed=1),
        "^coordinates: 4 rows",
    ),
    "bernoulli scan, no controls": (
        lambda: scan.bernoulli(np.ones(4), np.zeros(4), COORDINATES, seed=1),
        "^cases, controls: at least 2 and 1",
    ),
    "farrington, NaN": (
        lambda: surveillance.farrington_flexible(COUNTS * np.nan), "^counts: not finite",
    ),
    "farrington, negative": (
        lambda: surveillance.farrington_flexible(-1 - COUNTS), "^counts: not a whole number",
    ),
    "farrington, short": (
        lambda: surveillance.farrington_flexible(COUNTS[:, :60]), "^weeks: .* more weeks of past",
    ),
    "farrington, empty": (
        lambda: surveillance.farrington_flexible(np.zeros((0, 9))), "^counts: at least one series",
    ),
    "ears, fractions": (lambda: surveillance.ears(COUNTS + 0.5), "^counts: not a whole number"),
    "bayes, exposure": (
        lambda: surveillance.bayes(COUNTS, exposure=np.zeros(COUNTS.shape)),
        "^exposure: above zero",
    ),
    "cusum, weeks": (lambda: surveillance.cusum(COUNTS, weeks=[3, 9]), "^weeks: "),
    "wdd, fractions": (
        lambda: evaluation.weighted_displacement_difference(treated=(1.5, 2), control=(1, 2)),
        "^treated: not a whole number",
    ),
    "wdd, three numbers": (
        lambda: evaluation.weighted_displacement_difference(
            treated=(1, 2, 3), control=(1, 2)  # type: ignore[arg-type]
        ),
        "^treated: .before, after. wanted",
    ),
    "did, nobody treated": (
        lambda: evaluation.difference_in_differences(
            COUNTS, treated=np.zeros(4), after=np.arange(320) > 9
        ),
        "^treated: both kinds wanted",
    ),
    "did, no events": (
        lambda: evaluation.difference_in_differences(
            COUNTS * 0, treated=[1, 0, 0, 0], after=np.arange(320) > 9
        ),
        "^counts: too few events",
    ),
    "synthetic, NaN": (
        lambda: evaluation.synthetic_control(
            COUNTS * np.nan, treated=[1, 0, 0, 0], treatment_start=9
        ),
        "^outcomes: not finite",
    ),
    "accuracy, nothing came": (
        lambda: prediction.accuracy(np.zeros(4), np.ones(4)), "^observed: no events",
    ),
    "accuracy, NaN": (
        lambda: prediction.accuracy(np.ones(4), np.full(4, np.nan)), "^predicted: not finite",
    ),
    "accuracy, negative": (
        lambda: prediction.accuracy(-np.ones(4), np.ones(4)), "^observed: negative",
    ),
    "pai, share": (lambda: prediction.pai(np.ones(4), np.ones(4), share=2.0), "^share: above 0"),
    "p-median, NaN": (lambda: location.p_median(COST * np.nan, 2), "^cost: not finite"),
    "p-median, negative": (lambda: location.p_median(COST - 9, 2), "^cost: negative"),
    "p-median, too many": (lambda: location.p_median(COST, 9), "^p: "),
    "p-median, weights": (
        lambda: location.p_median(COST, 1, weights=-np.ones(6)), "^weights: negative",
    ),
    "covering, radius": (lambda: location.maximal_covering(COST, 1, radius=np.nan), "^radius: "),
    "roster, reversed": (
        lambda: rostering.shifts(
            [rostering.Shift(name="a", start="2026-05-02", end="2026-05-01")], []
        ),
        "^demand: 'a': ends at or before its start",
    ),
    "roster, twice": (lambda: rostering.shifts([SHIFT, SHIFT], []), "^demand: more than one"),
    "suppress, NaN": (lambda: disclosure.suppress([np.nan, 1]), "^table: not finite"),
    "suppress, negative": (lambda: disclosure.suppress([-1, 1]), "^table: not a whole number"),
    "suppress, labels": (lambda: disclosure.suppress([9, 9], labels=[["a"]]), "^labels: "),
    "audit, nothing": (lambda: disclosure.audit([]), "^releases: none"),
    "k areas, negative": (lambda: disclosure.k_areas(NEGATIVE9, LINKS), "^sizes: negative"),
    "monte carlo, NaN": (lambda: significance.monte_carlo(np.nan, [1.0]), "^statistic, null: NaN"),
    "monte carlo, empty": (lambda: significance.monte_carlo(1.0, []), "^null: at least one"),
    "gumbel, flat": (lambda: significance.gumbel(1.0, [2.0, 2.0]), "^null: all replicates"),
    "fdr, above one": (lambda: significance.false_discovery_rate([0.1, 2.0]), "^p_values: outside"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_arrays_that_are_wrong_are_refused_by_name(what: str) -> None:
    call, message = REFUSED[what]
    with pytest.raises(ValueError, match=message):
        call()


def test_quiet_series_and_empty_cells_are_answers() -> None:
    quiet = surveillance.farrington_flexible(COUNTS * 0, fewest=(0, 1))
    assert not quiet.alarm.any()
    flat = hotspots.getis_ord(np.zeros(9), LINKS, permutations=9)
    assert not flat.significant().any()
    assert disclosure.suppress(np.zeros((2, 2))).suppressed.sum() == 0


def test_a_map_is_not_compared_with_a_naive_one_that_met_nothing() -> None:
    met, missed = np.array([2.0, 4.0]), np.zeros(2)
    for own, ratio in ((met, np.inf), (missed, np.nan)):
        found = METHODS["rolling"](some(400))
        compared = replace(found, pai=own, naive_pai=missed)
        assert compared.pai_ratio == pytest.approx(ratio, nan_ok=True)


def test_degrees_in_a_scans_coordinates_are_noticed() -> None:
    degrees = np.column_stack([[16.1, 16.2, 16.3, 16.4], [58.5, 58.6, 58.7, 58.8]])
    with pytest.warns(UserWarning, match="^coordinates: these look like degrees"):
        scan.poisson([3, 1, 1, 1], np.ones(4), degrees, seed=1, replicates=9)


def test_ten_million_events_are_counted_in_memory_that_follows_their_number() -> None:
    """A proxy of 200,000; `bench/lagesbild_cli.py` reads and counts ten million."""
    import tracemalloc

    draw = np.random.default_rng(1)
    n = 200_000
    events = Events(
        x=draw.uniform(560_000, 562_000, n),
        y=draw.uniform(6_490_000, 6_492_000, n),
        start=FIRST + draw.integers(0, 700 * 86_400, n).astype("timedelta64[s]"),
    )
    cube.count(events, grid=GRID)
    tracemalloc.start()
    try:
        found = cube.count(events, grid=GRID)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.total == n
    assert peak < 100 * n
