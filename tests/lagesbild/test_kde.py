"""Density surfaces: against the sum over all events, closed forms and their own bound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from lagesbild.events import Events
from lagesbild.kde import Density, Grid, _nodes, _surface, density

START = np.datetime64("2026-01-01T00:00:00")


def events_at(x: object, y: object, weight: object = None) -> Events:
    x = np.asarray(x, dtype=float)
    return Events(x=x, y=y, start=np.full(x.size, START), weight=weight)


def town(n: int, seed: int = 1, side: float = 4000.0) -> Events:
    """Half of the events around five centres, half anywhere; in the metres of SWEREF 99 TM."""
    rng = np.random.default_rng(seed)
    centre = rng.uniform(0.1 * side, 0.9 * side, (5, 2))[rng.integers(0, 5, n)]
    around = centre + rng.normal(0, 0.05 * side, (n, 2))
    point = np.where(rng.random(n)[:, None] < 0.5, around, rng.uniform(0, side, (n, 2)))
    x, y = np.clip(point, 0, side).T
    return events_at(670_000 + x, 6_580_000 + y, rng.uniform(0.5, 2, n))


TOWN_GRID = Grid(670_000, 6_580_000, 100, 40, 40)


def slow(events: Events, found: Density, kernel: str = "gaussian") -> np.ndarray:
    """The sum itself at the cells' centres, without edges."""
    bx, by = found.bandwidth
    dx = (found.x[:, None] - events.x) / bx
    dy = (found.y[:, None] - events.y) / by
    if kernel == "gaussian":
        along, across = np.exp(-0.5 * dx**2), np.exp(-0.5 * dy**2)
        return np.einsum("rn,cn,n->rc", across, along, events.weights) / (2 * np.pi * bx * by)
    r2 = dx[None] ** 2 + dy[:, None] ** 2
    return 3 / (np.pi * bx * by) * (np.maximum(0, 1 - r2) ** 2 @ events.weights)


@pytest.mark.parametrize("plain", [3e8, 0])
def test_in_metre_coordinates_the_peak_is_that_of_the_whole_sum(
    plain: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A known library cuts off at an absolute height, and is 42 % low here."""
    monkeypatch.setattr(_surface, "_PLAIN", plain)
    events = town(20_000)
    found = density(events, bandwidth=200, grid=TOWN_GRID, edge_correction=False)
    exact = slow(events, found)
    assert found.values.max() == pytest.approx(exact.max(), rel=1e-3)
    assert np.abs(found.values - exact).max() <= found.error_bound * exact.max()


@pytest.mark.parametrize("edges", [False, True, "diggle"])
@pytest.mark.parametrize("kernel", ["gaussian", "quartic"])
@pytest.mark.parametrize("bandwidth", [20, 70, 230, (150, 600), 1500])
@pytest.mark.parametrize(("n", "plain"), [(60, 3e8), (60, 0), (15_000, 0)])
def test_the_grid_is_within_its_bound_of_the_exact_sum(
    n: int,
    plain: float,
    bandwidth: object,
    kernel: str,
    edges: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Few events and many, narrow and wide: each way of computing is among these."""
    monkeypatch.setattr(_surface, "_PLAIN", plain)
    events = town(n)
    cells = np.random.default_rng(2).integers(0, 40, (60, 2))
    corners = [[0, 0], [0, 39], [39, 39]]
    row, column = np.concatenate([cells, corners]).T
    points = np.column_stack([TOWN_GRID.x[column], TOWN_GRID.y[row]])
    found = density(
        events, bandwidth=bandwidth, grid=TOWN_GRID, kernel=kernel, edge_correction=edges, at=points
    )
    peak = max(found.values.max(), found.at.max())
    assert found.error_bound <= 1e-3
    assert np.abs(found.values[row, column] - found.at).max() <= found.error_bound * peak + 1e-18


@pytest.mark.parametrize("edges", [False, True, "diggle"])
@pytest.mark.parametrize("kernel", ["gaussian", "quartic"])
@pytest.mark.parametrize("bandwidth", [230, (150, 600)])
def test_through_a_fourier_transform_the_grid_is_within_its_bound(
    bandwidth: object, kernel: str, edges: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in (
        (_surface, "_PLAIN"),
        (_surface, "_QUARTIC_DIRECT"),
        (_nodes, "_LONG_FILTER"),
    ):
        monkeypatch.setattr(module, name, 0)
    events = town(15_000)
    points = [[x, y] for x in TOWN_GRID.x[::13] for y in TOWN_GRID.y[::13]]
    found = density(
        events, bandwidth=bandwidth, grid=TOWN_GRID, kernel=kernel, edge_correction=edges, at=points
    )
    exact = found.at.reshape(4, 4).T
    peak = max(found.values.max(), exact.max())
    assert 1e-9 < found.error_bound <= 1e-3
    assert np.abs(found.values[::13, ::13] - exact).max() <= found.error_bound * peak


@pytest.mark.parametrize("kernel", ["gaussian", "quartic"])
def test_at_points_the_sum_is_exact(kernel: str) -> None:
    events = town(300)
    points = np.random.default_rng(5).uniform(0, 4000, (50, 2)) + np.array([670_000, 6_580_000])
    found = density(
        events, bandwidth=(150, 320), grid=TOWN_GRID, kernel=kernel, edge_correction=False,
        at=points,
    )  # fmt: skip
    r2 = ((points[:, :1] - events.x) / 150) ** 2 + ((points[:, 1:] - events.y) / 320) ** 2
    height = np.exp(-r2 / 2) / 2 if kernel == "gaussian" else 3 * np.maximum(0, 1 - r2) ** 2
    assert found.at == pytest.approx(height @ events.weights / (np.pi * 150 * 320), rel=1e-12)


def test_far_out_in_the_tail_the_sum_is_still_right() -> None:
    events = events_at([0.0], [0.0])
    found = density(
        events, bandwidth=10, grid=Grid(-50, -50, 10, 10, 10), edge_correction=False,
        at=[[200, 0], [300, 0]],
    )  # fmt: skip
    expected = np.exp(-(np.array([20.0, 30]) ** 2) / 2) / (200 * np.pi)
    assert found.at == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("kernel", ["gaussian", "quartic"])
@pytest.mark.parametrize("adaptive", [False, True])
def test_without_edges_or_with_each_events_own_share_the_surface_holds_the_weight(
    kernel: str, adaptive: bool
) -> None:
    events = town(3000)
    wide = Grid(670_000 - 9000, 6_580_000 - 9000, 100, 220, 220)
    for grid, edges in ((wide, False), (TOWN_GRID, "diggle")):
        found = density(
            events, bandwidth=350, grid=grid, kernel=kernel, adaptive=adaptive,
            edge_correction=edges,
        )  # fmt: skip
        assert found.total == pytest.approx(events.weights.sum())
        assert found.values.sum() * 100**2 == pytest.approx(found.total, rel=2e-3)


@pytest.mark.parametrize("kernel", ["gaussian", "quartic"])
def test_a_level_field_of_events_is_level_to_the_edges(kernel: str) -> None:
    x, y = (side.ravel() for side in np.meshgrid(np.arange(5, 1000, 10.0), np.arange(5, 1000, 10)))
    grid = Grid(0, 0, 20, 50, 50)
    corrected = density(events_at(x, y), bandwidth=90, grid=grid, kernel=kernel)
    plain = density(events_at(x, y), bandwidth=90, grid=grid, kernel=kernel, edge_correction=False)
    assert corrected.per_km2 == pytest.approx(np.full((50, 50), 1e4), rel=3e-3)
    assert plain.per_km2[0, 0] < 0.45e4


@pytest.mark.parametrize("kernel", ["gaussian", "quartic"])
def test_the_edge_factor_is_the_kernels_integral_over_the_area(kernel: str) -> None:
    grid = Grid(0, 0, 10, 10, 7)
    events, point = events_at([30.0], [20.0]), [[12.0, 45.0]]
    kwargs = {"bandwidth": (60, 35), "grid": grid, "kernel": kernel, "at": point}
    share = (
        density(events, **kwargs, edge_correction=False).at / density(events, **kwargs).at
    )  # fmt: skip

    def height(y: float, x: float) -> float:
        r2 = ((x - 12) / 60) ** 2 + ((y - 45) / 35) ** 2
        if kernel == "gaussian":
            return float(np.exp(-r2 / 2) / (2 * np.pi * 60 * 35))
        return float(3 / (np.pi * 60 * 35) * max(0, 1 - r2) ** 2)

    inside, _ = integrate.dblquad(height, 0, 100, 0, 70, epsabs=1e-9)
    assert share[0] == pytest.approx(inside, abs=2e-7)


def test_scotts_and_silvermans_bandwidths_are_scipys() -> None:
    events = town(500)
    estimate = stats.gaussian_kde(np.vstack([events.x, events.y]), weights=events.weights)
    for rule in ("scott", "silverman"):
        estimate.set_bandwidth(rule)
        expected = np.sqrt(np.diag(estimate.covariance))
        found = density(events, bandwidth=rule, grid=500)
        assert found.bandwidth == pytest.approx(tuple(expected))
    quartic = density(events, bandwidth="scott", grid=500, kernel="quartic")
    assert quartic.bandwidth == pytest.approx(tuple(np.sqrt(8) * expected))


def test_cross_validation_has_the_best_leave_one_out_likelihood() -> None:
    events = town(200, seed=3)
    chosen = np.array(density(events, bandwidth="cv", grid=500).bandwidth)

    def likelihood(width: np.ndarray) -> float:
        dx = (events.x[:, None] - events.x) / width[0]
        dy = (events.y[:, None] - events.y) / width[1]
        height = np.exp(-0.5 * (dx**2 + dy**2)) * (1 - np.eye(200)) / width.prod()
        return float(events.weights @ np.log(height @ events.weights))

    best = max(likelihood(chosen * factor) for factor in np.geomspace(0.2, 5, 200))
    assert likelihood(chosen) >= best - 0.01


def test_repeats_at_a_place_do_not_make_cross_validation_narrow() -> None:
    events = town(200, seed=3)
    thrice = events.take(np.tile(np.arange(200), 3))
    once, often = (density(e, bandwidth="cv", grid=500).bandwidth for e in (events, thrice))
    assert often == pytest.approx(once, rel=0.02)


def test_cross_validation_is_narrower_than_the_rule_where_there_are_several_centres() -> None:
    events = town(5000)
    chosen = density(events, bandwidth="cv", grid=TOWN_GRID).bandwidth
    assert chosen[0] < density(events, bandwidth="scott", grid=TOWN_GRID).bandwidth[0] / 1.5


def test_adaptive_bandwidths_are_narrow_where_events_are_many() -> None:
    rng = np.random.default_rng(4)
    x = np.concatenate([rng.normal(1000, 50, 900), rng.uniform(0, 4000, 100)])
    y = np.concatenate([rng.normal(1000, 50, 900), rng.uniform(0, 4000, 100)])
    found = density(
        events_at(x, y), bandwidth=200, grid=Grid(0, 0, 50, 80, 80), adaptive=True,
        at=[[1025, 1025], [3025, 3025]],
    )  # fmt: skip
    first = density(events_at(x, y), bandwidth=200, grid=found.grid).values
    height = first[(y // 50).astype(int), (x // 50).astype(int)]
    expected = np.sqrt(np.exp(np.log(height).mean()) / height)
    assert found.factors == pytest.approx(np.clip(expected, 0.1, 10), rel=0.026)
    assert found.values[20, 20] == pytest.approx(found.at[0], abs=1e-3 * found.values.max())
    assert found.values[60, 60] == pytest.approx(found.at[1], abs=1e-3 * found.values.max())
    assert found.error_bound <= 1e-3


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["gaussian", "quartic"]))
def test_order_and_shift_change_nothing_and_weights_count_as_repeats(
    seed: int, kernel: str
) -> None:
    rng = np.random.default_rng(seed)
    x, y, weight = rng.uniform(0, 500, 40), rng.uniform(0, 500, 40), rng.integers(1, 4, 40)
    order = rng.permutation(40)
    kwargs = {"bandwidth": 60, "kernel": kernel}
    plain = density(events_at(x, y, weight), grid=Grid(0, 0, 25, 20, 20), **kwargs)
    moved = density(
        events_at(x[order] + 4000, y[order] - 800, weight[order]),
        grid=Grid(4000, -800, 25, 20, 20), **kwargs,
    )  # fmt: skip
    repeated = density(
        events_at(np.repeat(x, weight), np.repeat(y, weight)), grid=plain.grid, **kwargs
    )
    assert moved.values == pytest.approx(plain.values, rel=1e-9, abs=1e-15)
    assert repeated.values == pytest.approx(plain.values, rel=1e-9, abs=1e-15)
    assert (plain.values >= 0).all()


def test_a_turned_town_has_a_turned_surface() -> None:
    events = town(2000)
    grid = Grid(0, 0, 100, 40, 40)
    x, y = events.x - 670_000, events.y - 6_580_000
    plain = density(events_at(x, y), bandwidth=200, grid=grid)
    turned = density(events_at(4000 - y, x), bandwidth=200, grid=grid)
    assert turned.values == pytest.approx(np.rot90(plain.values, -1), abs=1e-3 * plain.values.max())


def test_grids_are_given_in_five_ways() -> None:
    events = town(100)
    corner = (670_000, 6_580_000, 674_000, 6_584_000, 100)
    centres = (670_050 + 100 * np.arange(40), 6_580_050 + 100 * np.arange(40))
    surfaces = [
        density(events, bandwidth=300, grid=each).values for each in (TOWN_GRID, corner, centres)
    ]
    assert surfaces[1] == pytest.approx(surfaces[0])
    assert surfaces[2] == pytest.approx(surfaces[0])
    by_size = density(events, bandwidth=300, grid=100)
    assert by_size.grid.holds(events.x, events.y).all()
    assert by_size.outside == 0
    roomy = density(events, bandwidth=300, grid=100, edge_correction=False)
    assert roomy.grid.columns >= by_size.grid.columns + 18


def test_events_outside_the_study_area_are_counted_and_left_out() -> None:
    events = events_at([50.0, 150, 500], [50.0, 50, 50])
    found = density(events, bandwidth=40, grid=Grid(0, 0, 10, 20, 10), at=[[500, 50], [50, 50]])
    assert found.outside == 1
    assert found.total == 2
    assert np.isnan(found.at[0])
    assert found.at[1] > 0
    open_ = density(events, bandwidth=400, grid=Grid(0, 0, 10, 20, 10), edge_correction=False)
    assert open_.total == 3
    assert open_.values == pytest.approx(slow(events, open_), rel=1e-3)


def test_all_events_at_one_point_are_a_single_kernel() -> None:
    events = events_at(np.full(9, 500.0), np.full(9, 500.0))
    grid = Grid(0, 0, 40, 25, 25)
    found = density(events, bandwidth=100, grid=grid, edge_correction=False)
    peak = 9 / (2 * np.pi * 100**2)
    assert found.values.max() == pytest.approx(peak, rel=1e-3)
    with pytest.raises(ValueError, match="x has no spread; give the bandwidth as a number"):
        density(events, bandwidth="scott", grid=grid)


def test_no_events_are_a_surface_of_zeros_where_bandwidth_and_area_are_given() -> None:
    none = events_at([], [])
    assert not density(none, bandwidth=100, grid=TOWN_GRID, at=[[670_100, 6_580_100]]).values.any()
    with pytest.raises(ValueError, match="events: none"):
        density(none, bandwidth=100, grid=50)


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"kernel": "box"}, "kernel"),
        ({"bandwidth": "guess"}, "bandwidth"),
        ({"bandwidth": 0}, "bandwidth: a number above zero"),
        ({"bandwidth": (100, -1)}, "bandwidth: a number above zero"),
        ({"bandwidth": (1, 2, 3)}, "bandwidth: a number or"),
        ({"grid": 0.0}, "grid: a number above zero"),
        ({"grid": "fine"}, "grid: a Grid"),
        ({"grid": (670_000, 6_590_000, 674_000, 6_580_000, 100)}, "in this order"),
        ({"grid": 0.001}, "choose larger cells"),
        ({"grid": ([0, 1, 3], [0, 1, 2])}, "even steps"),
        ({"edge_correction": "ripley"}, "edge_correction"),
        ({"at": [[1, 2, 3]]}, "at: \\(m, 2\\)"),
        ({"at": [[1, np.nan]]}, "at: not finite in row 0"),
    ],
)
def test_bad_arguments_are_named(kwargs: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        density(town(50), **({"bandwidth": 200, "grid": TOWN_GRID} | kwargs))


def test_the_result_says_what_it_rests_on() -> None:
    one, two = (density(town(50), bandwidth=200, grid=TOWN_GRID) for _ in range(2))
    assert one.basis == two.basis
    assert one.values.tobytes() == two.values.tobytes()
    plain = one.to_dict()
    assert plain["basis"]["parameters"]["bandwidth_m"] == [200.0, 200.0]
    assert plain["grid"]["columns"] == 40
