"""Knox' test: against published values, exact enumeration and its own properties."""

import csv
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lagesbild._pairs import Tree
from lagesbild.events import Events
from lagesbild.near_repeat import _Clock, knox
from tests.lagesbild.reference import reference_file

DAY = np.timedelta64(86_400, "s")
START = np.datetime64("2026-01-01T00:00:00")


def events_at(x: object, y: object, days: object) -> Events:
    seconds = (np.asarray(days, dtype=float) * 86_400).round().astype("timedelta64[s]")
    return Events(x=x, y=y, start=START + seconds)


def random_events(n: int, seed: int, side: float = 1000.0, days: int = 60) -> Events:
    rng = np.random.default_rng(seed)
    return events_at(rng.uniform(0, side, n), rng.uniform(0, side, n), rng.integers(0, days, n))


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """What is compiled, or loaded, counts for none of the tests."""
    knox(random_events(40, 1), distances=[100], intervals=[7], permutations=1)


def burkitt() -> Events:
    with reference_file("knox/burkitt_splancs.csv").open() as file:
        rows = list(csv.DictReader(file))
    return events_at(*([float(row[name]) for row in rows] for name in ("x", "y", "t")))


def test_burkitts_lymphoma_gives_the_published_counts_and_p_values() -> None:
    """Counts, expectation and Poisson p for 30 pairs of cut-offs (splancs, pointpats)."""
    events = burkitt()
    with reference_file("knox/burkitt_knox_expected.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 30
    for row in rows:
        found = knox(
            events, distances=[float(row["eps_s"])], intervals=[float(row["eps_t"])],
            method="poisson",
        )  # fmt: skip
        assert found.observed[0, 0] == int(row["close_pairs"])
        assert found.expected[0, 0] == pytest.approx(float(row["expected"]), rel=1e-7)
        assert found.p_poisson[0, 0] == pytest.approx(float(row["p_poisson"]), rel=1e-6)
        assert found.p_value[0, 0] > found.p_poisson[0, 0]


def test_burkitts_lymphoma_by_permutation_agrees_with_r() -> None:
    """R surveillance::knox with 9,999 permutations: 0.2033."""
    found = knox(burkitt(), distances=[20], intervals=[5], permutations=9999, seed=1)
    assert found.observed[0, 0] == 13
    assert found.expected[0, 0] == pytest.approx(10.1438161, abs=1e-7)
    assert found.p_value[0, 0] == pytest.approx(0.2033, abs=4 * np.sqrt(0.2 * 0.8 / 9999) * 1.5)


def test_mean_and_variance_are_those_over_all_permutations() -> None:
    rng = np.random.default_rng(4)
    x, y, days = rng.uniform(0, 3, 6), rng.uniform(0, 3, 6), rng.integers(0, 5, 6).astype(float)
    found = knox(events_at(x, y, days), distances=[1, 2], intervals=[1, 2], method="normal")
    counts = []
    for order in itertools.permutations(range(6)):
        shuffled = events_at(x, y, days[list(order)])
        counts.append(knox(shuffled, distances=[1, 2], intervals=[1, 2], method="normal").observed)
    assert found.expected == pytest.approx(np.mean(counts, axis=0))
    assert found.standard_deviation == pytest.approx(np.std(counts, axis=0))


@given(st.integers(3, 30), st.integers(0, 10_000))
def test_every_pair_is_counted_as_a_slow_loop_counts_it(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y, days = rng.integers(0, 6, (3, n)).astype(float)
    distances, intervals = np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0])
    slow = np.zeros((3, 2), int)
    for i, j in itertools.combinations(range(n), 2):
        space = np.searchsorted(distances, np.hypot(x[i] - x[j], y[i] - y[j]))
        time = np.searchsorted(intervals, abs(days[i] - days[j]))
        if space < 3 and time < 2:
            slow[space, time] += 1
    found = knox(events_at(x, y, days), distances=distances, intervals=intervals, method="normal")
    assert np.array_equal(found.observed, slow)


@pytest.mark.parametrize("places", [7, 400])
def test_whole_parts_of_the_town_are_counted_as_their_pairs_are(places: int) -> None:
    """Many events at few places: most pairs are counted by the boxes that hold them."""
    rng = np.random.default_rng(places)
    site = rng.integers(0, 40, (2, places)) * 25.0
    x, y = site[:, rng.integers(0, places, 1500)]
    days = rng.choice(rng.integers(0, 400, 90), 1500)
    distances, intervals = np.array([0.0, 50.0, 300.0, 600.0]), np.array([0.0, 10.0, 200.0])
    i, j = np.triu_indices(1500, 1)
    space = np.searchsorted(distances, np.hypot(x[i] - x[j], y[i] - y[j]))
    time = np.searchsorted(intervals, np.abs(days[i] - days[j]))
    slow = np.zeros((5, 4), int)
    np.add.at(slow, (space, time), 1)
    found = knox(events_at(x, y, days), distances=distances, intervals=intervals, method="normal")
    assert np.array_equal(found.observed, slow[:4, :3])
    in_space, in_time = slow.sum(axis=1)[:4], slow.sum(axis=0)[:3]
    assert found.expected == pytest.approx(np.outer(in_space, in_time) / i.size)


@pytest.mark.parametrize("unit", ["D", "h", "s"])
def test_permutations_scatter_as_the_exact_moments_say(unit: str) -> None:
    """In days, hours and seconds: times are counted in 16, 32 and 64 bits."""
    rng = np.random.default_rng(8)
    steps = rng.integers(0, {"D": 60, "h": 40_000, "s": 2_200_000_000}[unit], 150)
    steps = (steps // 7 * 7) if unit == "D" else steps
    start = START.astype(f"datetime64[{unit}]") + steps.astype(f"timedelta64[{unit}]")
    events = Events(x=rng.uniform(0, 900, 150), y=rng.uniform(0, 900, 150), start=start)
    longest = float(np.ptp(events.start.astype(np.int64))) / 86_400
    distances, intervals = np.array([100.0, 250.0]), np.array([0.1, 0.4]) * longest
    found = knox(events, distances=distances, intervals=intervals, permutations=400, seed=2)
    clock = _Clock.of(events, intervals)
    tree = Tree.of((events.x, events.y), (1.0, 1.0), 1)
    null = tree.permuted(clock.times, distances, clock.spans, 400, 2)
    assert null.shape == (400, 2, 2)
    assert np.array_equal(found.p_value, ((null >= found.observed).sum(axis=0) + 1) / 401)
    assert (
        np.abs(null.mean(axis=0) - found.expected).max() < 5 * found.standard_deviation.max() / 20
    )
    assert null.std(axis=0) == pytest.approx(found.standard_deviation, rel=0.2)


def test_the_number_of_threads_changes_nothing() -> None:
    events = random_events(5000, 6)
    one, two = (
        knox(events, distances=[20, 40], intervals=[2, 5], permutations=20, seed=3, threads=threads)
        for threads in (1, 3)
    )
    assert one.to_dict() == two.to_dict()


def test_a_million_events_at_one_point_and_one_moment_are_counted() -> None:
    """Their pairs are half a billion times a thousand: nobody could list them."""
    n = 1_000_000
    days = np.zeros(n)
    days[: n // 4] = 100
    found = knox(
        events_at(np.full(n, 5.0), np.full(n, 5.0), days),
        distances=[0, 100], intervals=[7, 365], method="normal",
    )  # fmt: skip
    a, b = n // 4, n - n // 4
    assert found.observed.tolist() == [[a * (a - 1) // 2 + b * (b - 1) // 2, a * b], [0, 0]]
    assert found.expected == pytest.approx(found.observed)
    assert found.p_value.min() > 0.4


def test_an_edge_of_time_is_met_to_the_second() -> None:
    start = START + np.array([0, 28_800, 57_601]) * np.timedelta64(1, "s")
    events = Events(x=[0, 0, 0], y=[0, 0, 0], start=start)
    found = knox(events, distances=[1], intervals=[1 / 3, 2 / 3], method="poisson")
    assert found.observed.tolist() == [[1, 1]]


@given(st.integers(0, 10_000))
def test_order_shift_and_rotation_change_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y, days = rng.uniform(0, 500, 40), rng.uniform(0, 500, 40), rng.integers(0, 30, 40)
    order, angle = rng.permutation(40), rng.uniform(0, 6)
    turned = (np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y)
    kwargs = {"distances": [50.5, 120.5], "intervals": [3, 9], "method": "normal"}
    plain = knox(events_at(x, y, days), **kwargs)
    moved = knox(events_at(turned[0][order] + 1e4, turned[1][order], days[order] + 7), **kwargs)
    assert np.array_equal(plain.observed, moved.observed)
    assert plain.expected == pytest.approx(moved.expected)


def test_planted_near_repeats_are_found() -> None:
    rng = np.random.default_rng(5)
    x, y, days = rng.uniform(0, 5000, 300), rng.uniform(0, 5000, 300), rng.integers(0, 365, 300)
    x[:40], y[:40], days[:40] = x[40:80] + 20, y[40:80], days[40:80] + 2
    found = knox(events_at(x, y, days), distances=[100, 300], intervals=[7, 30], seed=1)
    assert found.p_value[0, 0] == pytest.approx(0.001)
    assert found.ratio[0, 0] > 3


def test_the_p_value_is_uniform_when_space_and_time_are_independent() -> None:
    p = [
        knox(random_events(60, seed), distances=[200], intervals=[10], permutations=99, seed=seed)
        .p_value[0, 0]
        for seed in range(2000)
    ]  # fmt: skip
    # Counts tie, so p is a little too large, never too small: its distribution lies at or below.
    assert stats.kstest(p, "uniform", alternative="greater").pvalue > 0.01
    assert 0.03 <= np.mean(np.array(p) <= 0.05) <= 0.06


def test_the_same_seed_gives_the_same_bytes() -> None:
    events = random_events(80, 1)
    one, two = (knox(events, distances=[100], intervals=[7], seed=3) for _ in range(2))
    assert one.p_value.tobytes() == two.p_value.tobytes()
    assert one.basis == two.basis
    assert one.to_dict()["basis"]["replicates"] == 999


def test_events_known_within_an_interval_count_at_its_middle() -> None:
    start = START + np.array([0, 4, 40]) * DAY
    events = Events(x=[0, 1, 2], y=[0, 0, 0], start=start, end=start + np.array([4, 0, 0]) * DAY)
    found = knox(events, distances=[5], intervals=[2], method="poisson")
    assert found.observed[0, 0] == 1


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"distances": [200, 100], "intervals": [7]}, "distances: rising"),
        ({"distances": [], "intervals": [7]}, "distances: rising"),
        ({"distances": [100], "intervals": [-1]}, "intervals: rising"),
        ({"distances": [100], "intervals": [np.nan]}, "intervals: not finite"),
        ({"distances": [100], "intervals": [7], "permutations": 0}, "permutations"),
        ({"distances": [100], "intervals": [7], "method": "guess"}, "method"),
        ({"distances": [100], "intervals": [7], "threads": 0}, "threads"),
    ],
)
def test_bad_arguments_are_named(kwargs: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        knox(random_events(10, 1), **kwargs)


def test_too_few_events_are_refused_and_events_at_one_point_are_not() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        knox(random_events(2, 1), distances=[100], intervals=[7])
    at_one_point = events_at(np.full(20, 5.0), np.full(20, 5.0), np.arange(20))
    found = knox(at_one_point, distances=[0, 100], intervals=[3], permutations=99)
    assert found.observed[0, 0] == 19 + 18 + 17
    assert found.p_value[0, 0] == 1.0
    assert np.isnan(found.ratio[1, 0])
