"""The made-up city: what is planted is really there, no more and no less."""

import csv
import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from shapely.geometry import Polygon, box

from lagesbild.near_repeat import knox
from lagesbild.simulate import (
    USUAL,
    WEEKEND_NIGHTS,
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
    year_wheel,
)

MONDAY = "2024-01-01"
_SHARED = Path(__file__).resolve().parents[2].parent / "shared/data"
DATA = Path(os.environ.get("KRAFTSAMLING_SHARED_DATA", _SHARED))


def plain(weekly: float = 200.0, **more: object) -> Category:
    return Category(name="any", weekly=weekly, **more)  # type: ignore[arg-type]


def happened(city: City, weeks: int = 40, seed: int = 5) -> Simulation:
    return city.simulate(MONDAY, weeks, seed=seed)


def agrees(observed: float, expected: float) -> bool:
    """Within what a Poisson count does in all but one of 10,000 cases."""
    low, high = stats.poisson.interval(0.9999, expected)
    return bool(low <= observed <= high)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_city() -> None:
    city = City(effort=Effort(), seed=3)
    first, again, other = (happened(city, 10, seed) for seed in (1, 1, 2))
    rebuilt = City(effort=Effort(), seed=3).simulate(MONDAY, 10, seed=1)
    assert first.events.fingerprint == again.events.fingerprint == rebuilt.events.fingerprint
    assert (first.effort == again.effort).all()
    assert first.basis == rebuilt.basis
    assert first.events.fingerprint != other.events.fingerprint
    assert not np.array_equal(City(seed=4).map.centroids, city.map.centroids)


def test_a_hundred_thousand_events_take_less_than_a_second() -> None:
    city = City(
        areas=200, categories=[replace(category, weekly=4 * category.weekly) for category in USUAL]
    )
    assert city.map.population.size == 200
    began = time.process_time()
    simulation = city.simulate("2016-01-04", 160, seed=1)
    assert time.process_time() - began < 1
    assert len(simulation.events) == pytest.approx(100_000, rel=0.05)


def test_one_more_category_leaves_the_others_as_they_were() -> None:
    few, more = City(categories=USUAL[:2]), City(categories=USUAL[:3])
    assert np.array_equal(
        happened(few, 10).counts(category="damage"), happened(more, 10).counts(category="damage")
    )


@given(st.integers(1, 60), st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_each_place_lies_in_its_own_area(areas: int, seed: int) -> None:
    ground = City(areas=areas, places=3, seed=seed).map
    away = np.linalg.norm(ground.places[:, None] - ground.centroids[None], axis=2)
    assert (away.argmin(axis=1) == ground.place_area).all()
    assert ground.centroids.shape == (areas, 2)
    assert np.bincount(ground.place_area, ground.place_share) == pytest.approx(np.ones(areas))


def test_a_city_can_stand_on_given_polygons() -> None:
    bent = Polygon([(0, 0), (900, 0), (900, 100), (100, 100), (100, 900), (0, 900)])
    shapes = [bent, box(1000, 0, 2000, 800)]
    city = City.in_polygons(shapes, places=20, population=[500, 1500], area_variation=0.0)
    simulation = happened(city.changed(categories=[plain()]))
    assert all(
        shapes[area].covers(box(x, y, x, y).centroid)
        for (x, y), area in zip(city.map.places, city.map.place_area, strict=True)
    )
    quarter = simulation.counts()[0].sum()
    assert agrees(quarter, 40 * 200 / 4)


def test_areas_have_events_in_proportion_to_people_and_weeks_add_up() -> None:
    people = np.array([1000.0, 2000, 3000, 0, 4000])
    city = City(areas=5, population=people, area_variation=0.0, categories=[plain()])
    simulation = happened(city)
    counts = simulation.counts()
    assert counts.sum() == len(simulation.events)
    assert counts[3].sum() == 0
    for area in (0, 1, 2, 4):
        assert agrees(counts[area].sum(), 40 * 200 * people[area] / 10_000)
    assert simulation.truth.expected.sum() == pytest.approx(40 * 200)
    assert (simulation.effort == 1).all()


def test_hours_and_weekdays_follow_the_rhythm() -> None:
    city = City(categories=[plain(2000, rhythm=WEEKEND_NIGHTS)])
    start = happened(city).events.start
    hour = (start.astype("datetime64[h]").astype(int) + 72) % 168
    seen = np.bincount(hour, minlength=168)
    share = np.asarray(WEEKEND_NIGHTS).ravel() / np.sum(WEEKEND_NIGHTS)
    large = share * start.size >= 5
    statistic = ((seen - share * start.size)[large] ** 2 / (share * start.size)[large]).sum()
    assert statistic < stats.chi2.isf(1e-4, large.sum())


def test_valborg_and_the_season_come_as_planted() -> None:
    category = plain(7000, wheel={"valborg": 3.0}, season=0.5, season_peak=120)
    city = City(categories=[category])
    simulation = city.simulate("2024-04-01", 26, seed=1)
    days = simulation.events.start.astype("datetime64[D]")
    of_day = [int((days == np.datetime64(day)).sum()) for day in ("2024-04-30", "2024-04-29")]
    assert agrees(of_day[0], 3 * 1000 * 1.5)
    assert agrees(of_day[1], 1000 * 1.5)


def test_the_year_wheel_has_swedens_public_holidays() -> None:
    file = DATA / "holidays-se/helgdagar_2020_2035.csv"
    if not file.is_file():
        pytest.skip("the list of holidays is not here; set KRAFTSAMLING_SHARED_DATA")
    with file.open(encoding="utf-8") as lines:
        wanted = {row["date"] for row in csv.DictReader(lines) if row["holidays_lib"] == "1"}
    days = np.arange("2020-01-01", "2036-01-01", dtype="datetime64[D]")
    wheel = year_wheel(days)
    assert set(days[wheel["public_holiday"]].astype(str).tolist()) == wanted
    eves = {day for day in days[wheel["eve"]].astype(str).tolist() if day.startswith("2026")}
    assert eves == {"2026-06-19", "2026-12-24", "2026-12-31"}


def test_pay_weekends_follow_the_pay() -> None:
    days = np.arange("2025-05-01", "2025-06-10", dtype="datetime64[D]")
    paid = days[year_wheel(days)["pay_weekend"]].astype(str).tolist()
    assert paid == ["2025-05-23", "2025-05-24"]  # the 25th is a Sunday
    later = np.arange("2024-11-20", "2024-12-20", dtype="datetime64[D]")
    paid = later[year_wheel(later)["pay_weekend"]].astype(str).tolist()
    assert paid == ["2024-11-29", "2024-11-30"]  # the 25th is a Monday


def test_a_hot_spot_has_its_factor_and_leaves_the_rest_alone() -> None:
    city = City(categories=[plain()], hot_spots=[HotSpot(factor=4.0, areas=(7,))])
    calm = happened(city.changed(hot_spots=())).truth.expected
    simulation = happened(city)
    expected = simulation.truth.expected
    assert expected[:, 7] == pytest.approx(4 * calm[:, 7])
    assert np.delete(expected, 7, axis=1) == pytest.approx(np.delete(calm, 7, axis=1))
    assert agrees(simulation.counts()[7].sum(), expected[:, 7].sum())
    (found,) = simulation.truth.planted
    assert found.difference == pytest.approx((expected - calm).sum())
    place = int(np.argmax(city.map.place_share))
    at_place = happened(city.changed(hot_spots=[HotSpot(factor=9.0, places=(place,))]))
    area = int(city.map.place_area[place])
    share = city.map.place_share[place]
    raised = at_place.truth.expected[:, area].sum() / calm[:, area].sum()
    assert raised == pytest.approx(1 + 8 * share)
    counted = (at_place.events.location == place).sum()
    assert agrees(counted, 9 * share * calm[:, area].sum())


def test_an_outbreak_lasts_as_long_as_it_should() -> None:
    spot = Outbreak(factor=3.0, areas=(2, 3), start="2024-05-06", weeks=4)
    city = City(categories=[plain(2000)], outbreaks=[spot])
    simulation = happened(city)
    calm = happened(city.changed(outbreaks=())).truth.expected
    ratio = simulation.truth.expected / calm
    inside = np.zeros(ratio.shape, bool)
    inside[:, 2:4, 18:22] = True
    assert ratio[inside] == pytest.approx(3)
    assert ratio[~inside] == pytest.approx(1)
    assert agrees(simulation.counts()[2:4, 18:22].sum(), 3 * calm[:, 2:4, 18:22].sum())
    (found,) = simulation.truth.planted
    assert (str(found.first), str(found.last)) == ("2024-05-06", "2024-06-02")


def test_a_measure_has_its_effect_and_moves_its_share_next_door() -> None:
    measure = Measure(effect=0.6, areas=(10, 11), start=20, displacement=0.5)
    city = City(categories=[plain(3000)], measures=[measure])
    simulation = happened(city)
    calm = happened(city.changed(measures=())).truth.expected[0]
    truly, (found,) = simulation.truth.expected[0], simulation.truth.planted
    assert truly[[10, 11], 20:] == pytest.approx(0.6 * calm[[10, 11], 20:])
    gone = 0.4 * calm[[10, 11], 20:].sum()
    zone = list(found.zone)
    assert (truly - calm)[zone].sum() == pytest.approx(gone / 2)
    assert found.difference == pytest.approx(-gone)
    assert found.displaced == pytest.approx(gone / 2)
    assert truly[:, :20] == pytest.approx(calm[:, :20])
    counts = simulation.counts()
    assert agrees(counts[[10, 11], 20:].sum(), truly[[10, 11], 20:].sum())
    assert not agrees(counts[[10, 11], 20:].sum(), calm[[10, 11], 20:].sum())
    assert agrees(counts[zone, 20:].sum(), truly[zone, 20:].sum())


def test_a_drift_doubles_in_a_year_where_it_is_planted() -> None:
    city = City(categories=[plain()], drifts=[Drift(yearly=2.0, areas=(0,))])
    expected = happened(city, 53).truth.expected[0]
    assert expected[0, 52] / expected[0, 0] == pytest.approx(2.0, rel=0.01)
    assert expected[1, 52] == pytest.approx(expected[1, 0])


def test_near_repeats_are_as_many_and_as_near_as_planted() -> None:
    repeat = NearRepeat(followers=0.3, days=5, metres=100)
    city = City(places=40, concentration=np.inf, categories=[plain(100, near_repeat=repeat)])
    simulation = happened(city, 60)
    generation = simulation.truth.generation
    # In the long run 30 % of all events follow another; the total stays what it is without.
    assert (generation > 0).mean() == pytest.approx(0.3, abs=0.03)
    assert simulation.counts().sum() == pytest.approx(60 * 100, rel=0.06)
    early = simulation.counts()[:, :10].sum() / 10
    assert early == pytest.approx(100, rel=0.1)
    near = knox(simulation.events, distances=[150], intervals=[7], method="normal")
    far = knox(simulation.events, distances=[150], intervals=[30, 60], method="normal")
    assert near.ratio[0, 0] > 1.3
    assert far.ratio[0, 1] == pytest.approx(1.0, abs=0.1)
    none = happened(city.changed(categories=[plain(100)]), 60)
    alone = knox(none.events, distances=[150], intervals=[7], method="normal")
    assert alone.ratio[0, 0] == pytest.approx(1.0, abs=0.1)
    assert not none.truth.generation.any()


def test_what_is_reported_is_thinned_by_who_reports() -> None:
    change = Change(factor=3.0, start="2024-06-03", areas=(1,))
    effort = Effort(reporters=4, variation=0, presence=0.9, silent=0.1, reach=0.05,
                    changes=(change,), summer=1.0)  # fmt: skip
    city = City(categories=[plain(4000)], effort=effort)
    simulation = happened(city)
    chance = simulation.truth.chance
    assert chance == pytest.approx(0.05 * simulation.effort)
    assert simulation.effort[:, :22].mean() == pytest.approx(4 * 0.9 * 0.9, rel=0.05)
    raised = simulation.effort[1, 22:].mean() / simulation.effort[1, :22].mean()
    assert raised == pytest.approx(3, rel=0.2)
    all_of_it = simulation.counts(reported=False)
    assert agrees(simulation.counts().sum(), (all_of_it * chance).sum())
    assert (simulation.counts()[simulation.effort == 0] == 0).all()
    assert len(simulation.events) == simulation.truth.reported.sum()
    overlapping = happened(city.changed(effort=Effort(overlapping=True, reach=0.2)), 10)
    assert overlapping.truth.chance == pytest.approx(1 - 0.8**overlapping.effort)


def test_what_is_known_within_an_interval_happened_within_it() -> None:
    city = City(categories=[plain(uncertain=0.6, interval_hours=8)])
    simulation = happened(city)
    events, moment = simulation.events, simulation.truth.happened.start
    assert events.end is not None
    assert (events.start <= moment).all()
    assert (moment <= events.end).all()
    hours = (events.end - events.start).astype(float) / 3600
    assert (hours > 0).mean() == pytest.approx(0.6, abs=0.03)
    assert hours[hours > 0].mean() == pytest.approx(8, rel=0.05)
    assert happened(City(categories=[plain()]), 2).events.end is None


def test_events_by_area_lie_at_the_centroids() -> None:
    simulation = happened(City(categories=[plain()]), 4)
    by_area = simulation.by_area()
    assert np.array_equal(by_area.location, simulation.area)
    assert by_area.x == pytest.approx(simulation.city.map.centroids[simulation.area, 0])
    assert simulation.to_dict()["basis"]["method"] == "synthetic city"


def test_the_example_of_the_methods_page_comes_out_again() -> None:
    outbreak = Outbreak(factor=4.0, areas=(11, 12, 18), start="2025-11-10", weeks=3,
                        categories=("damage",))  # fmt: skip
    measure = Measure(effect=0.6, areas=(20, 21, 26, 27), start="2025-07-07", displacement=0.25)
    city = City(areas=40, effort=Effort(), outbreaks=[outbreak], measures=[measure], seed=1)
    simulation = city.simulate("2025-01-06", 47, seed=2)
    assert simulation.truth.reported.size == 7527
    assert len(simulation.events) == 3104
    planted = [(round(found.difference), round(found.displaced)) for found in
               simulation.truth.planted]  # fmt: skip
    assert planted == [(17, 0), (-148, 37)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"areas": 0}, "areas: a whole number of at least 1"),
        ({"areas": [[0.0, 0.0], [0.0, 0.0]]}, "areas: two centroids at the same point"),
        ({"population": [1.0, 2.0]}, "population: 40 areas wanted"),
        ({"population": [-1.0] + [1.0] * 39}, "population: zero or more"),
        ({"places": 0}, "places: a whole number"),
        ({"places": [[0.0, 0.0]]}, "places: none in area"),
        ({"categories": ()}, "categories: at least one"),
        ({"categories": (plain(), plain())}, "categories: at least one, each with a name"),
        ({"hot_spots": [HotSpot(factor=2.0, areas=(99,))]}, "areas: outside 0 to 39"),
        ({"hot_spots": [HotSpot(factor=2.0, places=(999,))]}, "places: outside 0 to 319"),
        ({"outbreaks": [Outbreak(factor=-1.0, areas=(1,), start=1)]}, "factor: zero or more"),
        ({"drifts": [Drift(yearly=2.0, categories=("no",))]}, "categories: no such category: no"),
        ({"measures": [Measure(effect=2.0, areas=(1,), start=1, displacement=0.5)]}, "displace"),
        ({"measures": [Measure(effect=0.5, areas=(1,), start="soon")]}, "start: a week's number"),
        ({"concentration": -1.0}, "concentration"),
    ],
)  # fmt: skip
def test_descriptions_that_do_not_fit_together_are_named(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        City(**change).simulate(MONDAY, 4, seed=1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: plain(-1.0), "weekly"),
        (lambda: plain(1.0, rhythm=np.ones((7, 23))), "rhythm"),
        (lambda: plain(1.0, wheel={"payday": 2.0}), "wheel"),
        (lambda: plain(1.0, season=2.0), "season"),
        (lambda: NearRepeat(followers=1.0), "followers"),
        (lambda: NearRepeat(days=0.5), "days"),
        (lambda: Effort(reach=1.5), "reach"),
        (lambda: City().simulate("no day", 4, seed=1), "start: a date wanted"),
        (lambda: City().simulate(MONDAY, 0, seed=1), "weeks: a whole number"),
        (lambda: City().simulate(MONDAY, 1, seed=1).counts(category="x"), "category: one of"),
        (lambda: City.in_polygons([Polygon()]), "polygons: without surface in row 0"),
    ],
)
def test_values_outside_their_range_are_named(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()  # type: ignore[operator]
