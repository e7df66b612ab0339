"""How often the methods see what is not there, and what is there, on made-up cities.

    python bench/lagesbild_power.py                        a short look, with wide limits
    python bench/lagesbild_power.py --quiet 4000 --planted 1000 --json FILE      the printed tables
    python bench/lagesbild_power.py --only knox scan       some of the methods

Each row is a city of `lagesbild.simulate` drawn so many times, with seeds 0, 1, 2 and so on.
`share` is how often the method says "here is something" at a nominal 0.05. Fails where a quiet city
that has all that the method assumes does so more often than 0.07 allows, chance taken into account.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from lagesbild import evaluation, hotspots, near_repeat, neighbours, scan, surveillance
from lagesbild.simulate import (
    Category,
    Change,
    City,
    Drift,
    Effort,
    HotSpot,
    Measure,
    NearRepeat,
    Outbreak,
    Simulation,
)

START, NOMINAL = "2019-01-07", 0.05
Test = Callable[[Simulation, int], float]


@dataclass(frozen=True)
class Study:
    """A city, how long, and the share of alarms that a method gives in it."""

    method: str
    planted: str  # "nothing", or what there is to find
    city: City
    weeks: int
    test: Test
    remark: str = ""
    kept_promise: bool = False  # nothing planted, and what the method assumes is fulfilled
    weight: float = 1.0  # of the runs: methods that test many series at once need fewer


@dataclass(frozen=True)
class Row:
    method: str
    planted: str
    remark: str
    events: float
    runs: int
    share: float
    standard_error: float
    cpu_s: float
    within_limit: bool


def city(areas: int, weekly: float, **more: object) -> City:
    """Areas of the same population unless said, one kind of event."""
    of_category = {name: more.pop(name) for name in ("season", "near_repeat") if name in more}
    described = {"places": 1, "area_variation": 0.0, "population": np.full(areas, 1000.0), **more}
    return City(
        areas=areas,
        categories=[Category(name="event", weekly=weekly, **of_category)],
        **described,
    )


def uneven(areas: int) -> np.ndarray:
    return np.random.default_rng(1).gamma(1.0, 1000.0, areas) + 100


# Hot spots --------------------------------------------------------------------------------------


def getis_ord() -> Iterator[Study]:
    weeks, areas = 8, 100
    base = city(areas, 1.0)
    near = neighbours.nearest(*base.map.centroids.T, k=6)
    middle = int(np.argmin(np.hypot(*(base.map.centroids - base.map.centroids.mean(0)).T)))
    group = (middle, *near.indices[near.indptr[middle] : near.indptr[middle + 1]].tolist())

    def tested(simulation: Simulation, seed: int) -> hotspots.Hotspots:
        return hotspots.getis_ord(
            simulation.counts().sum(axis=1), near, exposure=simulation.city.map.population,
            permutations=9999, alternative="greater", seed=seed,
        )  # fmt: skip

    def each(simulation: Simulation, seed: int) -> float:
        return float((tested(simulation, seed).p_sim <= NOMINAL).mean())

    def anywhere(simulation: Simulation, seed: int) -> float:
        return float(tested(simulation, seed).significant(NOMINAL).any())

    def centre(simulation: Simulation, seed: int) -> float:
        return float(tested(simulation, seed).q[middle] <= NOMINAL)

    for test, name in ((each, "an area, p"), (anywhere, "anywhere on the map, q")):
        for n in (500, 2000):
            yield Study(f"Gi*, {name}", "nothing", city(areas, n / weeks), weeks, test,
                        "", True, 0.25)  # fmt: skip
        yield Study(
            f"Gi*, {name}", "nothing", city(areas, 2000 / weeks, population=uneven(areas)), weeks,
            test, "population very uneven", weight=0.25,
        )  # fmt: skip
        yield Study(
            f"Gi*, {name}", "nothing",
            city(areas, 2000 / weeks, near_repeat=NearRepeat(followers=0.3, days=5, metres=900)),
            weeks, test, "30 % follow another event, up to next door", weight=0.25,
        )  # fmt: skip
    for n in (500, 2000):
        for factor in (1.25, 1.5, 2.0, 3.0):
            spot = HotSpot(factor=factor, areas=group)
            yield Study("Gi*, middle of the hot spot, q", f"7 areas, rate × {factor:g}",
                        city(areas, n / weeks, hot_spots=[spot]), weeks,
                        centre, weight=0.5)  # fmt: skip


# Scans ------------------------------------------------------------------------------------------


def scans() -> Iterator[Study]:
    areas, weeks = 50, 26
    ground = city(areas, 1.0, population=uneven(areas)).map
    near = tuple(np.argsort(np.hypot(*(ground.centroids - ground.centroids[20]).T))[:6].tolist())
    options = {"prospective": True, "time_unit": "week", "replicates": 199, "threads": 1}
    where = {area: tuple(ground.centroids[area]) for area in range(areas)}

    def permutation(simulation: Simulation, seed: int) -> float:
        found = scan.space_time_permutation(
            simulation.by_area(), seed=seed, locations=where,
            period=(simulation.start, simulation.start + 7 * weeks - 1), **options,
        ).clusters  # fmt: skip
        return float(bool(found) and found[0].p_value <= NOMINAL)

    def poisson(simulation: Simulation, seed: int) -> float:
        season = simulation.truth.expected[0].sum(axis=0)
        people = np.outer(simulation.city.map.population, season)
        found = scan.poisson(simulation.counts(), people, ground.centroids, seed=seed, **options)
        return float(bool(found.clusters) and found.clusters[0].p_value <= NOMINAL)

    def town(n: int, **more: object) -> City:
        return city(areas, n / weeks, population=uneven(areas), season=0.3, **more)

    for method, test in (("permutation scan", permutation), ("Poisson scan", poisson)):
        for n in (200, 500, 2000):
            yield Study(method, "nothing", town(n), weeks, test, "season", True)
        for share in (0.1, 0.3):
            repeat = NearRepeat(followers=share, days=5, metres=100)
            yield Study(method, "nothing", town(500, near_repeat=repeat), weeks, test,
                        f"season, {share:.0%} follow another event", weight=0.25)  # fmt: skip
        drift = Drift(yearly=3.0, areas=tuple(range(17)))
        yield Study(method, "nothing", town(500, drifts=[drift]), weeks, test,
                    "season, a third of the city grows threefold a year", weight=0.25)  # fmt: skip
        yield Study(method, "nothing", town(500, area_variation=0.3), weeks, test,
                    "season, areas differ in rate per resident", weight=0.25)  # fmt: skip
        for n in (200, 500, 2000):
            for factor in (1.5, 2.0, 3.0, 5.0):
                outbreak = Outbreak(factor=factor, areas=near, start=weeks - 3, weeks=3)
                yield Study(method, f"6 areas, 3 weeks, rate × {factor:g}",
                            town(n, outbreaks=[outbreak]), weeks, test, "season",
                            weight=0.5)  # fmt: skip


# Near repeats -----------------------------------------------------------------------------------


def knox() -> Iterator[Study]:
    weeks, areas = 26, 40

    def tested(simulation: Simulation, seed: int) -> float:
        found = near_repeat.knox(
            simulation.events, distances=[200], intervals=[7], permutations=199, seed=seed
        )
        return float(found.p_value[0, 0] <= NOMINAL)

    def town(n: int, **more: object) -> City:
        return city(areas, n / weeks, places=20, **more)

    for n in (100, 300, 1000):
        yield Study("Knox, 200 m, 7 days", "nothing", town(n), weeks, tested, "", True,
                    1.0 if n < 1000 else 0.5)  # fmt: skip
    third = tuple(range(13))
    yield Study("Knox, 200 m, 7 days", "nothing", town(300, season=0.8), weeks, tested,
                "strong season", True, 0.5)  # fmt: skip
    yield Study("Knox, 200 m, 7 days", "nothing",
                town(300, outbreaks=[Outbreak(factor=3, areas=third, start=13, weeks=13)]),
                weeks, tested, "a third of the city: three times as much from half time on",
                weight=0.5)  # fmt: skip
    moved = Effort(reporters=10, variation=0, presence=1, silent=0, summer=1, reach=0.03,
                   changes=(Change(factor=3, start=13, areas=third),))  # fmt: skip
    yield Study("Knox, 200 m, 7 days", "nothing", town(1000, effort=moved), weeks, tested,
                "a third of the city: three times as many reporters from half time on",
                weight=0.5)  # fmt: skip
    for n in (100, 300, 1000):
        for share in (0.05, 0.1, 0.2, 0.3):
            repeat = NearRepeat(followers=share, days=4, metres=100)
            yield Study("Knox, 200 m, 7 days", f"{share:.0%} follow another event",
                        town(n, near_repeat=repeat), weeks, tested,
                        weight=0.5 if n < 1000 else 0.25)  # fmt: skip


# Surveillance -----------------------------------------------------------------------------------


def farrington() -> Iterator[Study]:
    areas, weeks, method = 40, 330, "Farrington, a week"

    def rate(*, last: int = 12, threshold: str = "nb_plugin", exposure: bool = False) -> Test:
        def tested(simulation: Simulation, _seed: int) -> float:
            found = surveillance.farrington_flexible(
                simulation.counts(),
                weeks=np.arange(weeks - last, weeks),
                threshold=threshold,
                exposure=np.maximum(simulation.effort, 1) if exposure else None,
            )
            return float(found.alarm.mean())

        return tested

    for mean in (1, 2, 5, 20):
        yield Study(f"{method}, mean {mean}", "nothing", city(areas, areas * mean, season=0.3),
                    weeks, rate(), "season", mean >= 5, 0.025)  # fmt: skip
    ordinary = city(areas, areas * 5, season=0.3)
    yield Study(f"{method}, mean 5", "nothing", ordinary, weeks, rate(threshold="muan"),
                "season, muan threshold", weight=0.025)  # fmt: skip
    yield Study(f"{method}, mean 5", "nothing", ordinary, weeks, rate(threshold="delta"),
                "season, delta threshold", weight=0.025)  # fmt: skip
    followed = NearRepeat(followers=0.3, days=5, metres=100)
    yield Study(f"{method}, mean 5", "nothing",
                city(areas, areas * 5, season=0.3, near_repeat=followed), weeks, rate(),
                "season, 30 % follow another event", weight=0.025)  # fmt: skip
    yield Study(f"{method}, mean 5", "nothing",
                city(areas, areas * 5, season=0.3, drifts=[Drift(yearly=1.15)]), weeks, rate(),
                "season, 15 % more a year", weight=0.025)  # fmt: skip
    more_report = Effort(reporters=10, variation=0.3, silent=0.0, summer=0.6, reach=0.03,
                         changes=(Change(factor=2, start=weeks - 20),))  # fmt: skip
    for exposure, said in ((False, "not told of it"), (True, "reporters as exposure")):
        yield Study(f"{method}, mean 5", "nothing",
                    city(areas, areas * 20, season=0.3, effort=more_report), weeks,
                    rate(exposure=exposure), f"season, reporters doubled 20 weeks ago, {said}",
                    weight=0.025)  # fmt: skip
    for mean in (2, 5, 20):
        for factor in (1.5, 2.0, 3.0):
            outbreak = Outbreak(factor=factor, areas=tuple(range(areas)), start=weeks - 1)
            yield Study(f"{method}, mean {mean}", f"that week × {factor:g}",
                        city(areas, areas * mean, season=0.3, outbreaks=[outbreak]),
                        weeks, rate(last=1), "season", weight=0.1)  # fmt: skip


def ears() -> Iterator[Study]:
    areas, weeks = 40, 60

    def rate(method: str, alpha: float | None, last: int) -> Test:
        def tested(simulation: Simulation, _seed: int) -> float:
            found = surveillance.ears(
                simulation.counts(), method=method, alpha=alpha,
                weeks=np.arange(weeks - last, weeks),
            )  # fmt: skip
            return float(found.alarm.mean())

        return tested

    for method in ("C1", "C2", "C3"):
        for alpha, name in (
            (0.05, f"EARS {method}, alpha 0.05"),
            (None, f"EARS {method}, default"),
        ):
            for mean in (2, 5, 20):
                yield Study(f"{name}, mean {mean}", "nothing", city(areas, areas * mean), weeks,
                            rate(method, alpha, 40), weight=0.05)  # fmt: skip
            yield Study(f"{name}, mean 5", "nothing", city(areas, areas * 5, season=0.5), weeks,
                        rate(method, alpha, 40), "season", weight=0.05)  # fmt: skip
            for factor in (2.0, 3.0):
                for begun in (1, 3):
                    outbreak = Outbreak(
                        factor=factor, areas=tuple(range(areas)), start=weeks - begun, weeks=begun
                    )
                    since = "that week" if begun == 1 else f"since {begun - 1} weeks"
                    yield Study(f"{name}, mean 5", f"{since} × {factor:g}",
                                city(areas, areas * 5, outbreaks=[outbreak]), weeks,
                                rate(method, alpha, 1), weight=0.2)  # fmt: skip


# Effects ----------------------------------------------------------------------------------------


def wdd() -> Iterator[Study]:
    areas, weeks, method = 40, 52, "WDD"
    treated, zone, control, far = (0, 1, 2), (3, 4, 5), (20, 21, 22), (23, 24, 25)
    wide = (20, 21, 22, 23, 24, 25, 26, 27, 28)

    def pair(counts: np.ndarray, rows: tuple[int, ...]) -> tuple[float, float]:
        chosen = counts[list(rows)]
        return float(chosen[:, : weeks // 2].sum()), float(chosen[:, weeks // 2 :].sum())

    def tested(*, with_zone: bool = False, control: tuple[int, ...] = control) -> Test:
        def test(simulation: Simulation, _seed: int) -> float:
            counts = simulation.counts()
            found = evaluation.weighted_displacement_difference(
                treated=pair(counts, treated), control=pair(counts, control),
                displacement=pair(counts, zone) if with_zone else None,
                displacement_control=pair(counts, far) if with_zone else None,
            )  # fmt: skip
            return float(found.p_value <= NOMINAL)

        return test

    def town(n: float, **more: object) -> City:
        """n events in the treated areas in the half year before."""
        return city(areas, n / 3 * areas / (weeks / 2), **more)

    for n in (10, 30, 100, 300):
        yield Study(f"{method}, {n} before", "nothing", town(n), weeks, tested(), "", n >= 30)
    yield Study(f"{method} with zone, 100 before", "nothing", town(100), weeks,
                tested(with_zone=True), "", True)  # fmt: skip
    yield Study(f"{method}, 100 before", "nothing", town(100, season=0.5), weeks, tested(),
                "winter half against summer half, comparison of equal size",
                weight=0.5)  # fmt: skip
    yield Study(f"{method}, 100 before", "nothing", town(100, season=0.5), weeks,
                tested(control=wide),
                "winter half against summer half, comparison three times as large",
                weight=0.5)  # fmt: skip
    for share in (0.2, 0.5):
        repeat = NearRepeat(followers=share, days=5, metres=100)
        yield Study(f"{method}, 100 before", "nothing", town(100, near_repeat=repeat), weeks,
                    tested(), f"{share:.0%} follow another event", weight=0.5)  # fmt: skip
    for n in (30, 100, 300):
        for effect in (0.8, 0.6, 0.4):
            measure = Measure(effect=effect, areas=treated, start=weeks // 2)
            yield Study(f"{method}, {n} before", f"{1 - effect:.0%} fewer",
                        town(n, measures=[measure]), weeks, tested(), weight=0.5)  # fmt: skip
    for with_zone, name in ((False, "WDD"), (True, "WDD with zone")):
        measure = Measure(effect=0.6, areas=treated, start=26, displacement=0.5, zone=zone)
        yield Study(f"{name}, 300 before", "40% fewer, half of them displaced",
                    town(300, measures=[measure]), weeks, tested(with_zone=with_zone),
                    weight=0.5)  # fmt: skip


def did() -> Iterator[Study]:
    weeks = 52

    def tested(treated: int, *, exposure: bool = False) -> Test:
        def test(simulation: Simulation, _seed: int) -> float:
            counts = simulation.counts()
            found = evaluation.difference_in_differences(
                counts, treated=np.arange(counts.shape[0]) % 3 == 0
                if treated == 0 else np.arange(counts.shape[0]) < treated,
                after=np.arange(weeks) >= weeks // 2,
                exposure=simulation.effort if exposure else None,
            )  # fmt: skip
            return float(found.p_value <= NOMINAL)

        return test

    repeat = NearRepeat(followers=0.3, days=5, metres=100)
    for areas, treated in ((40, 13), (12, 4), (12, 2)):
        name = f"DiD, {treated} of {areas} areas"
        for mean in (1, 5):
            yield Study(f"{name}, mean {mean}", "nothing", city(areas, areas * mean, season=0.3),
                        weeks, tested(treated), "season", areas == 40)  # fmt: skip
        yield Study(f"{name}, mean 5", "nothing",
                    city(areas, areas * 5, season=0.3, near_repeat=repeat), weeks, tested(treated),
                    "season, 30 % follow another event", weight=0.5)  # fmt: skip
        yield Study(f"{name}, mean 5", "nothing",
                    city(areas, areas * 5, season=0.3, population=uneven(areas)), weeks,
                    tested(treated), "season, population very uneven", weight=0.5)  # fmt: skip
    name, first = "DiD, 13 of 40 areas", tuple(range(13))
    changed = Effort(reporters=10, variation=0.3, silent=0.0, reach=0.05,
                     changes=(Change(factor=1.5, start=26, areas=first),))  # fmt: skip
    for exposure, said in ((False, "not told of it"), (True, "reporters as exposure")):
        yield Study(f"{name}, mean 5", "nothing", city(40, 500, season=0.3, effort=changed), weeks,
                    tested(13, exposure=exposure),
                    f"season, half as many reporters more in the treated, {said}",
                    weight=0.5)  # fmt: skip
    yield Study(f"{name}, mean 5", "nothing",
                city(40, 200, season=0.3, drifts=[Drift(yearly=0.8, areas=first)]), weeks,
                tested(13), "season, the treated fell by 20 % a year all along",
                weight=0.5)  # fmt: skip
    for areas, treated in ((40, 13), (12, 4)):
        for mean in (1, 5):
            for effect in (0.9, 0.8, 0.7, 0.5):
                measure = Measure(effect=effect, areas=tuple(range(treated)), start=26)
                yield Study(f"DiD, {treated} of {areas} areas, mean {mean}",
                            f"{1 - effect:.0%} fewer",
                            city(areas, areas * mean, season=0.3, measures=[measure]), weeks,
                            tested(treated), "season", weight=0.5)  # fmt: skip


METHODS = {
    "getis_ord": getis_ord, "scan": scans, "knox": knox, "farrington": farrington, "ears": ears,
    "wdd": wdd, "did": did,
}  # fmt: skip


def measured(study: Study, runs: int) -> Row:
    began = time.process_time()
    shares, events = np.empty(runs), np.empty(runs)
    for seed in range(runs):
        simulation = study.city.simulate(START, study.weeks, seed=seed)
        shares[seed], events[seed] = study.test(simulation, seed), len(simulation.events)
    error = float(shares.std(ddof=1) / np.sqrt(runs))
    return Row(
        method=study.method, planted=study.planted, remark=study.remark,
        events=float(events.mean()), runs=runs, share=float(shares.mean()), standard_error=error,
        cpu_s=time.process_time() - began,
        within_limit=not study.kept_promise or bool(shares.mean() - 4 * error <= 0.07),
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quiet", type=int, default=120, help="runs where nothing is planted")
    parser.add_argument("--planted", type=int, default=40, help="runs where something is")
    parser.add_argument("--only", nargs="*", choices=list(METHODS), default=list(METHODS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = []
    print(
        "| method | planted | the city | events | runs | share | s.e. |\n"
        "|---|---|---|---|---|---|---|"
    )
    for name in options.only:
        for study in METHODS[name]():
            most = options.quiet if study.planted == "nothing" else options.planted
            row = measured(study, max(8, round(most * study.weight)))
            rows.append(row)
            mark = "" if row.within_limit else " **above its limit**"
            print(f"| {row.method} | {row.planted} | {row.remark} | {row.events:.0f} | {row.runs} "
                  f"| {row.share:.3f}{mark} | {row.standard_error:.3f} |", flush=True)  # fmt: skip
        if options.json:
            options.json.write_text(
                json.dumps({"start": START, "nominal": NOMINAL, "seeds": "0 to runs - 1",
                            "rows": [asdict(row) for row in rows]}, indent=1) + "\n"
            )  # fmt: skip
    print(f"{sum(row.cpu_s for row in rows):.0f} s of processor time")
    return 0 if all(row.within_limit for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
