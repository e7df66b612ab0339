"""Small results of every kind, to be drawn; each is computed once."""

from functools import cache

import numpy as np

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
    plot,
    prediction,
    rostering,
    scan,
    simulate,
    surveillance,
)
from lagesbild.events import Events

WEEKS = 60


@cache
def city() -> simulate.Simulation:
    """A small city in which damage breaks out in two areas in the last three weeks."""
    described = simulate.City(
        areas=12,
        outbreaks=[simulate.Outbreak(factor=25, areas=(3, 4), start=WEEKS - 3, weeks=3)],
        seed=3,
    )
    return described.simulate("2024-01-01", WEEKS, seed=4)


def events() -> Events:
    return city().events


@cache
def counted() -> cube.Cube:
    return cube.count(events())


def _density() -> tuple[object, dict]:
    return kde.density(events(), bandwidth=300.0, grid=100.0), {"period": ("2024-01-01", "2025-02")}


def _hotspots() -> tuple[object, dict]:
    """A block of nine busy cells in the middle of 225, and another with nothing at all."""
    counts = np.random.default_rng(1).poisson(6, (15, 15)).astype(float)
    counts[6:10, 6:10] += 25
    rows, columns = np.mgrid[:15, :15]
    found = hotspots.getis_ord(counts.ravel(), neighbours.grid(15, 15), seed=1)
    return found, {"x": columns.ravel() * 100.0, "y": rows.ravel() * 100.0,
                   "counts": counts.ravel()}  # fmt: skip


def _ranked_hotspots() -> tuple[object, dict]:
    return _hotspots()[0], {}


def _scan() -> tuple[object, dict]:
    found = scan.space_time_permutation(
        city().by_area(), time_unit="week", max_duration=6, max_radius_m=2000, prospective=True,
        replicates=99, seed=1,
    )  # fmt: skip
    return found, {"events": events()}


def _spatial_scan() -> tuple[object, dict]:
    cases = np.array([3, 4, 2, 3, 40, 3, 2, 4])
    grid = np.column_stack([np.arange(8) % 4, np.arange(8) // 4]) * 500.0
    return scan.poisson(cases, np.full(8, 100), grid, replicates=99, seed=1), {}


def _degrees_scan() -> tuple[object, dict]:
    cases = np.array([3, 4, 2, 3, 40, 3, 2, 4])
    grid = np.column_stack([16 + np.arange(8) % 4 * 0.1, 58 + np.arange(8) // 4 * 0.1])
    return scan.poisson(
        cases, np.full(8, 100), grid, metric="great_circle", replicates=99, seed=1
    ), {}


def _surveillance() -> tuple[object, dict]:
    weekly = counted().counts.sum(axis=0, dtype=int).T
    weekly[2, -1] += 200
    found = surveillance.ears(weekly, method="C2", weeks=np.arange(30, weekly.shape[1]))
    return found, {"counts": weekly, "labels": [str(name) for name in counted().categories],
                   "starts": counted().weeks, "level": 0.05}  # fmt: skip


def _bare_surveillance() -> tuple[object, dict]:
    return surveillance.ears([3, 4, 2, 5, 3, 4, 3, 2, 4, 30], method="C2"), {}


def _panel() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(2)
    treated, after = np.arange(20) < 6, np.arange(80) >= 40
    mean = np.full((20, 80), 9.0)
    mean[np.ix_(treated, after)] *= 0.5
    return draw.poisson(mean), treated, after


def _rate_ratio() -> tuple[object, dict]:
    counts, treated, after = _panel()
    found = evaluation.difference_in_differences(counts, treated=treated, after=after)
    return found, {"counts": counts, "treated": treated, "after": after}


def _synthetic() -> tuple[object, dict]:
    counts, treated, _ = _panel()
    quarters = counts.reshape(20, 20, 4).sum(axis=2)
    return evaluation.synthetic_control(
        quarters, treated=treated, treatment_start=10, replicates=40, seed=1
    ), {}


def _helped() -> tuple[object, dict]:
    return evaluation.weighted_displacement_difference(
        treated=(150, 80), control=(140, 141), displacement=(60, 58), displacement_control=(55, 57)
    ), {}


def _unsure() -> tuple[object, dict]:
    return evaluation.weighted_displacement_difference(treated=(12, 9), control=(11, 10)), {}


def _quotient() -> tuple[object, dict]:
    return evaluation.displacement_quotient(
        treated=(120, 70), control=(110, 108), displacement=(60, 58)
    ), {}


def _accuracy() -> tuple[object, dict]:
    draw = np.random.default_rng(5)
    risk = draw.gamma(0.5, 1.0, 400)
    return prediction.accuracy(draw.poisson(risk), risk), {}


def _rolling() -> tuple[object, dict]:
    return prediction.rolling_evaluation(
        lambda past, x, y: np.hypot(x - past.x.mean(), y - past.y.mean()).max()
        - np.hypot(x - past.x.mean(), y - past.y.mean()),
        events(), cell_m=500.0, periods=6,
    ), {}  # fmt: skip


@cache
def _costs() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(6)
    demands, sites = draw.normal(0, 900, (80, 2)), draw.uniform(-1500, 1500, (9, 2))
    return np.hypot(*(demands[:, None] - sites[None]).transpose(2, 0, 1)), demands, sites


def _plan() -> tuple[object, dict]:
    cost, demands, sites = _costs()
    return location.p_median(cost, 2), {"demands": demands, "sites": sites, "unit": "m"}


def _bare_plan() -> tuple[object, dict]:
    return location.p_median(_costs()[0], 2), {"names": [f"Fritidsgården {n}" for n in range(9)]}


def _covering() -> tuple[object, dict]:
    cost, demands, sites = _costs()
    return location.maximal_covering(cost, 2, radius=700), {"demands": demands, "sites": sites}


def _ranked_plans() -> tuple[object, dict]:
    return location.rank_plans(_costs()[0], 2, count=3), {}


@cache
def _table() -> disclosure.Release:
    counts = np.random.default_rng(7).poisson(7, (6, 4))
    labels = [[f"Område {n}" for n in range(6)], ["Brand", "Klotter", "Skadegörelse", "Övrigt"]]
    return disclosure.suppress(counts, labels=labels)


def _release() -> tuple[object, dict]:
    return _table(), {}


def _deep_release() -> tuple[object, dict]:
    return disclosure.suppress(np.full((3, 3, 2), 9)), {}


def _row_release() -> tuple[object, dict]:
    return disclosure.suppress([9, 3, 12, 4]), {}


def _audit() -> tuple[object, dict]:
    return disclosure.audit(_table()), {}


def _broken_audit() -> tuple[object, dict]:
    return disclosure.audit(disclosure.suppress([[9, 3], [12, 11]], complementary=False)), {}


def _merged() -> tuple[object, dict]:
    sizes = np.random.default_rng(8).poisson(6, 30)
    return disclosure.k_areas(sizes, neighbours.grid(5, 6), k=20), {}


def _roster() -> tuple[object, dict]:
    demand = [
        rostering.Shift(name=f"Kväll {day}", start=f"2025-06-{day:02d}T17:00",
                        end=f"2025-06-{day:02d}T22:00", need=2)
        for day in (2, 3, 4)
    ]  # fmt: skip
    people = [rostering.Person(name="Amira", max_hours=10), rostering.Person(name="Bo")]
    return rostering.shifts(demand, people), {}


EXAMPLES = {
    "density": _density,
    "hotspots": _hotspots,
    "ranked hotspots": _ranked_hotspots,
    "scan": _scan,
    "spatial scan": _spatial_scan,
    "scan in degrees": _degrees_scan,
    "surveillance": _surveillance,
    "bare surveillance": _bare_surveillance,
    "knox": lambda: (
        near_repeat.knox(events(), distances=[0, 200, 400], intervals=[7, 14], method="normal"), {},
    ),
    "weekday and hour": lambda: (aoristic.weekday_hour(events(), replicates=99, seed=1), {}),
    "rate ratio": _rate_ratio,
    "synthetic": _synthetic,
    "helped": _helped,
    "unsure": _unsure,
    "quotient": _quotient,
    "accuracy": _accuracy,
    "rolling": _rolling,
    "plan": _plan,
    "bare plan": _bare_plan,
    "covering": _covering,
    "ranked plans": _ranked_plans,
    "release": _release,
    "deep release": _deep_release,
    "row release": _row_release,
    "audit": _audit,
    "broken audit": _broken_audit,
    "merged areas": _merged,
    "roster": _roster,
    "cube": lambda: (counted(), {}),
    "city": lambda: (city(), {}),
}  # fmt: skip


@cache
def example(name: str) -> tuple[object, dict]:
    return EXAMPLES[name]()


@cache
def drawn(name: str, language: str = "sv") -> plot.Figure:
    if name == "power":
        return plot.power_curve(before=80, control_before=90, language=language)
    result, options = example(name)
    return plot.figure(result, language=language, **options)


NAMES = (*EXAMPLES, "power")
