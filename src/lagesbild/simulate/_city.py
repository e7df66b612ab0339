"""A made-up city in which it is known what truly goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import at_least
from lagesbild._results import Basis, Result, fingerprint, to_plain
from lagesbild.events import Events
from lagesbild.simulate import _draw
from lagesbild.simulate._map import Map, drawn_map, places_in
from lagesbild.simulate._parts import (
    USUAL,
    Category,
    Drift,
    Effort,
    HotSpot,
    Measure,
    Outbreak,
    Planted,
)
from lagesbild.simulate._rates import Found, Period, area_rows, expected_rates, span, zone_rows

_LEAD_IN = 8  # mean delays of followers before the start: fewer than one in 2,000 is missed


@dataclass(frozen=True, kw_only=True, eq=False)
class City:
    """A city by its description. Nothing in it is real, whatever coordinates it is given.

    areas        how many, on a honeycomb with cells moved a little, or (n, 2) centroids in metres
    population   (n,), or how many in all (uneven over areas); None: 3,600 an area
    categories   what happens; the default five make some 155 events a week
    places       how many in each area, or (m, 2) coordinates with `place_areas` (m,) (None: the
                 area with the nearest centroid). Everything happens at places.
    concentration   how evenly an area's events fall on its places (gamma shape): 1 is uneven, as in
                 real cities, infinity even
    area_variation  between areas in events per resident: standard deviation of the logarithm
    effort       who reports; None: everything that happens comes to be known
    hot_spots, outbreaks, drifts, measures   what is planted
    seed         of map, people and places; what happens in it has a seed of its own

    The description is checked when it is used. `map` raises ValueError for arrays that do not fit.
    """

    areas: int | ArrayLike = 40
    population: int | ArrayLike | None = None
    categories: Sequence[Category] = USUAL
    places: int | ArrayLike = 8
    place_areas: ArrayLike | None = None
    area_width_m: float = 900.0
    concentration: float = 1.0
    area_variation: float = 0.3
    effort: Effort | None = None
    hot_spots: Sequence[HotSpot] = ()
    outbreaks: Sequence[Outbreak] = ()
    drifts: Sequence[Drift] = ()
    measures: Sequence[Measure] = ()
    seed: int = 0

    @classmethod
    def in_polygons(cls, polygons: Sequence[Any], **description: Any) -> City:
        """A city whose areas are these (shapely) polygons, in metres; `places` as a number.

        Raises ValueError for polygons without surface.
        """
        each = at_least("places", description.pop("places", 8), 1)
        centres, places, inside = places_in(polygons, each, description.get("seed", 0))
        return cls(areas=centres, places=places, place_areas=inside, **description)

    @cached_property
    def map(self) -> Map:
        """Where things are and who lives there."""
        return drawn_map(
            areas=self.areas, population=self.population, places=self.places,
            place_areas=self.place_areas, area_width_m=self.area_width_m,
            concentration=self.concentration, area_variation=self.area_variation, seed=self.seed,
        )  # fmt: skip

    @property
    def planted(self) -> tuple[Planted, ...]:
        return (*self.hot_spots, *self.drifts, *self.outbreaks, *self.measures)

    def changed(self, **changes: Any) -> City:
        """The same city, described otherwise in part; the same seed gives the same map."""
        return replace(self, **changes)

    def simulate(self, start: str | np.datetime64, weeks: int, *, seed: int) -> Simulation:
        """What happens from the first day on for so many weeks, and what is reported of it.

        The same description, start, weeks and seed give the same bytes.

        Raises ValueError for a description that does not fit together.
        """
        at_least("seed", seed, 0)
        self._check()
        period = self._period(start, at_least("weeks", weeks, 1))
        root = np.random.SeedSequence(seed)
        effort_seed, *seeds = root.spawn(1 + len(self.categories))
        expected = np.zeros((len(self.categories), self.map.population.size, weeks))
        notes: list[tuple[int, float, float]] = []
        parts = []
        for number, (category, own) in enumerate(zip(self.categories, seeds, strict=True)):
            by_place, table, found = expected_rates(category, self.map, period, self.planted)
            inside = table[:, period.lead :]
            expected[number] = inside.reshape(inside.shape[0], weeks, 7).sum(axis=2)
            notes += found
            draw = np.random.default_rng(own)
            happened = _draw.happening(category, by_place, table, self.map, period, draw)
            parts.append(_Part.of(number, category, happened, period, draw))
        draw = np.random.default_rng(effort_seed)
        return _put_together(self, period, weeks, seed, parts, expected, notes, draw)

    def _period(self, start: str | np.datetime64, weeks: int) -> Period:
        try:
            first = np.datetime64(str(start), "D")
        except ValueError as error:
            raise ValueError(f"start: a date wanted, {start!r} given") from error
        repeats = [c.near_repeat.days for c in self.categories if c.near_repeat is not None]
        lead = int(np.ceil(_LEAD_IN * max(repeats, default=0.0)))
        return Period(days=first - lead + np.arange(lead + 7 * weeks), lead=lead)

    def _check(self) -> None:
        names = [category.name for category in self.categories]
        if not names or len(set(names)) < len(names):
            raise ValueError("categories: at least one, each with a name of its own, wanted")
        n, m = self.map.population.size, self.map.place_area.size
        for thing in self.planted:
            unknown = set(thing.categories or ()) - set(names)
            if unknown:
                raise ValueError(f"categories: no such category: {', '.join(sorted(unknown))}")
            given = (*(getattr(thing, "areas", None) or ()), *(getattr(thing, "zone", None) or ()))
            if any(not 0 <= area < n for area in given):
                raise ValueError(f"areas: outside 0 to {n - 1} in {thing}")
            if isinstance(thing, HotSpot) and any(not 0 <= place < m for place in thing.places):
                raise ValueError(f"places: outside 0 to {m - 1} in {thing}")
            _check_factor(thing)


def _check_factor(thing: Planted) -> None:
    name = {HotSpot: "factor", Outbreak: "factor", Drift: "yearly", Measure: "effect"}[type(thing)]
    factor = getattr(thing, name)
    if not np.isfinite(factor) or factor < 0 or (isinstance(thing, Drift) and factor == 0):
        raise ValueError(f"{name}: zero or more wanted (above zero for a drift) in {thing}")
    if isinstance(thing, Measure):
        most = 1.0 if thing.effect < 1 else 0.0
        if not 0 <= thing.displacement <= most:
            raise ValueError(f"displacement: 0 to 1, and 0 where nothing is prevented, in {thing}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Truth:
    """What only a made-up city lets one know; n events happened, reported or not.

    happened    all of them, with the moment in `start`
    reported    (n,) which came to be known
    generation  (n,) 0 for first events, 1 for their followers, and so on
    area, week, category_number  (n,) of each
    expected    (categories, areas, weeks) events, reported or not. Followers are counted where
                what they follow is; they may fall in the next area or week.
    chance      (areas, weeks) that an event is reported
    planted     each planted thing as it came out
    """

    happened: Events
    reported: NDArray[np.bool_]
    generation: NDArray[np.int64]
    area: NDArray[np.int64]
    week: NDArray[np.int64]
    category_number: NDArray[np.int64]
    expected: NDArray[np.float64]
    chance: NDArray[np.float64]
    planted: tuple[Found, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Simulation(Result):
    """What is known of a made-up city, and the truth beside it.

    events  those reported, in the order of their true moments; `location` is the place's number,
            `start` < `end` where the moment is not known
    area    (events,) the area of each
    effort  (areas, weeks) active reporters; ones when everything is known
    """

    city: City
    start: np.datetime64
    events: Events
    area: NDArray[np.int64]
    effort: NDArray[np.int64]
    truth: Truth

    @property
    def weeks(self) -> int:
        return int(self.effort.shape[1])

    def counts(self, *, category: str | None = None, reported: bool = True) -> NDArray[np.int64]:
        """Events (areas, weeks), of one category or all; by the true moment.

        Raises ValueError for a category that there is not.
        """
        kept = self.truth.reported if reported else np.ones(self.truth.reported.size, bool)
        if category is not None:
            names = [one.name for one in self.city.categories]
            if category not in names:
                raise ValueError(f"category: one of {', '.join(names)} wanted, {category!r} given")
            kept = kept & (self.truth.category_number == names.index(category))
        cell = self.truth.area[kept] * self.weeks + self.truth.week[kept]
        counted = np.bincount(cell, minlength=self.effort.size)
        return np.asarray(counted.reshape(self.effort.shape))

    def by_area(self) -> Events:
        """The reported events, each at the centroid of its area, which is its location."""
        centroids = self.city.map.centroids
        return replace(
            self.events, x=centroids[self.area, 0], y=centroids[self.area, 1], location=self.area
        )

    def to_dict(self) -> dict[str, Any]:
        """As for every result; the city by its description, without what is not reported."""
        plain = {
            item.name: to_plain(getattr(self, item.name))
            for item in fields(self)
            if item.name not in ("city", "truth")
        }
        return {
            **plain,
            "map": to_plain(self.city.map),
            "expected": to_plain(self.truth.expected),
            "planted": to_plain(self.truth.planted),
        }


@dataclass(frozen=True)
class _Part:
    """What happened of one category."""

    number: NDArray[np.int64]
    moment: NDArray[np.datetime64]
    known_from: NDArray[np.datetime64]
    known_until: NDArray[np.datetime64]
    day: NDArray[np.int64]
    place: NDArray[np.int64]
    generation: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        number: int,
        category: Category,
        drawn: _draw.Drawn,
        period: Period,
        draw: np.random.Generator,
    ) -> _Part:
        midnight = period.days[period.lead :][drawn.day].astype("datetime64[s]")
        moment: NDArray[np.datetime64] = midnight + drawn.second.astype("timedelta64[s]")
        known_from, known_until = moment, moment
        if category.uncertain:
            known_from, known_until = _draw.known_interval(category, moment, draw)
        return cls(
            np.full(moment.size, number), moment, known_from, known_until, drawn.day, drawn.place,
            drawn.generation,
        )  # fmt: skip


def _put_together(
    city: City,
    period: Period,
    weeks: int,
    seed: int,
    parts: list[_Part],
    expected: NDArray[np.float64],
    notes: list[tuple[int, float, float]],
    draw: np.random.Generator,
) -> Simulation:
    ground = city.map
    columns = {
        item.name: np.concatenate([getattr(part, item.name) for part in parts])
        for item in fields(_Part)
    }
    order = np.argsort(columns["moment"], kind="stable")
    columns = {name: column[order] for name, column in columns.items()}
    area, week = ground.place_area[columns["place"]], columns["day"] // 7
    active = np.ones((ground.population.size, weeks), np.int64)
    chance = np.ones(active.shape)
    reported = np.ones(area.size, bool)
    if city.effort is not None:
        active = _draw.active_reporters(city.effort, ground, period, weeks, draw)
        chance = _draw.chance_of_report(city.effort, active)
        reported = draw.random(area.size) < chance[area, week]
    names = np.array([category.name for category in city.categories])
    happened = Events(
        x=ground.places[columns["place"], 0],
        y=ground.places[columns["place"], 1],
        start=columns["moment"],
        category=names[columns["number"]],
        location=columns["place"],
    )
    is_vague = any(category.uncertain for category in city.categories)
    known = Events(
        x=happened.x[reported],
        y=happened.y[reported],
        start=columns["known_from"][reported],
        end=columns["known_until"][reported] if is_vague else None,
        category=names[columns["number"]][reported],
        location=columns["place"][reported],
    )
    return Simulation(
        basis=_basis(city, period, weeks, seed, len(known)),
        city=city,
        start=period.start,
        events=known,
        area=area[reported],
        effort=active,
        truth=Truth(
            happened=happened,
            reported=reported,
            generation=columns["generation"],
            area=area,
            week=week,
            category_number=columns["number"],
            expected=expected,
            chance=chance,
            planted=_found(city, period, notes),
        ),
    )


def _found(city: City, period: Period, notes: list[tuple[int, float, float]]) -> tuple[Found, ...]:
    """The planted things with the days, areas and numbers that they came to."""
    kinds = {HotSpot: "hot spot", Drift: "drift", Outbreak: "outbreak", Measure: "measure"}
    found = []
    for number, thing in enumerate(city.planted):
        first, last = (max(0, column - period.lead) for column in span(thing, period))
        days = period.days[period.lead :]
        found.append(
            Found(
                kind=kinds[type(thing)],
                what=thing,
                areas=tuple(area_rows(thing, city.map).tolist()),
                zone=tuple(zone_rows(thing, city.map).tolist())
                if isinstance(thing, Measure)
                else (),
                first=days[first] if first < last else None,
                last=days[last - 1] if first < last else None,
                difference=sum(more for which, more, _ in notes if which == number),
                displaced=sum(moved for which, _, moved in notes if which == number),
            )
        )
    return tuple(found)


def _basis(city: City, period: Period, weeks: int, seed: int, n: int) -> Basis:
    ground = city.map
    given = ("areas", "population", "places", "place_areas")
    description = {
        item.name: to_plain(getattr(city, item.name))
        for item in fields(city)
        if item.name not in given
    }
    return Basis(
        method="synthetic city",
        parameters={**description, "start": str(period.start), "weeks": weeks},
        n=n,
        fingerprint=fingerprint(
            ground.centroids, ground.population, ground.places, ground.place_area,
            ground.place_share,
        ),
        seed=seed,
    )  # fmt: skip
