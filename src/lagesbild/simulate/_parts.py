"""What a made-up city is described by: plain frozen values, checked where they are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import finite
from lagesbild.simulate._calendar import WHEEL

When = int | str | np.datetime64  # weeks from the simulation's start, or a date


@dataclass(frozen=True, kw_only=True)
class NearRepeat:
    """Events make others follow, close by and soon.

    followers  that an event has on average, 0 to below 1; they have followers of their own
    days       after it, on average; at least 1: none follows on the same day
    metres     standard deviation of the way east and north; the follower is at the nearest place
    """

    followers: float = 0.2
    days: float = 7.0
    metres: float = 150.0

    def __post_init__(self) -> None:
        if not 0 <= self.followers < 1:
            raise ValueError(f"followers: 0 to below 1 wanted, {self.followers!r} given")
        if not self.days >= 1 or not self.metres >= 0:
            raise ValueError("days, metres: at least 1 day and 0 metres wanted")


@dataclass(frozen=True, kw_only=True, eq=False)
class Category:
    """One kind of event.

    weekly       that happen in the whole city in an ordinary week, followers included
    rhythm       (7, 24) from Monday 00-01 on, any scale; None: even
    season       amplitude of the yearly wave, 0 to 1; `season_peak` its highest day of the year
    wheel        factor on days of the year wheel, by name: {"valborg": 3.0, "summer": 0.7}
    uncertain    share of the events that are known only within an interval
    interval_hours  its mean length
    near_repeat  None: events are independent
    """

    name: str
    weekly: float
    rhythm: ArrayLike | None = None
    season: float = 0.0
    season_peak: int = 196
    wheel: Mapping[str, float] = field(default_factory=dict)
    uncertain: float = 0.0
    interval_hours: float = 10.0
    near_repeat: NearRepeat | None = None

    def __post_init__(self) -> None:
        if not np.isfinite(self.weekly) or self.weekly < 0:
            raise ValueError(f"weekly: zero or more wanted, {self.weekly!r} given")
        if not 0 <= self.season <= 1 or not 0 <= self.uncertain <= 1:
            raise ValueError("season, uncertain: 0 to 1 wanted")
        if not self.interval_hours > 0:
            raise ValueError(f"interval_hours: above zero wanted, {self.interval_hours!r} given")
        unknown = set(self.wheel) - set(WHEEL)
        if unknown or any(not factor >= 0 for factor in self.wheel.values()):
            raise ValueError(f"wheel: factors of zero or more for {', '.join(WHEEL)} wanted")
        self.hours()

    def hours(self) -> NDArray[np.float64]:
        """The rhythm as shares of a week, (7, 24)."""
        if self.rhythm is None:
            return np.full((7, 24), 1 / 168)
        table = finite("rhythm", self.rhythm, dimensions=2)
        if table.shape != (7, 24) or (table < 0).any() or table.sum() <= 0:
            raise ValueError("rhythm: (7, 24) numbers of zero or more wanted, not all zero")
        return np.asarray(table / table.sum())


def rhythm(
    *, weekday: ArrayLike = (1, 1, 1, 1, 1, 1, 1), peak_hour: float = 20.0, spread_hours: float = 5
) -> NDArray[np.float64]:
    """A (7, 24) rhythm with one peak a day, round the clock: for `Category.rhythm`.

    What lies past midnight belongs to the evening before, so a Friday night ends on Saturday.
    """
    days = finite("weekday", weekday)
    if days.size != 7 or (days < 0).any():
        raise ValueError("weekday: 7 numbers of zero or more wanted")
    centre = np.arange(7) * 24 + peak_hour
    hour = np.arange(168) + 0.5
    away = np.abs(hour[None, :] - centre[:, None])
    away = np.minimum(away, 168 - away)
    peaks = np.exp(-0.5 * (away / spread_hours) ** 2) * days[:, None]
    return np.asarray(peaks.sum(axis=0).reshape(7, 24))


@dataclass(frozen=True, kw_only=True)
class Effort:
    """Who reports: an event comes to be known with a chance that grows with the active reporters.

    reporters   of an area, on average
    variation   between areas: standard deviation of the logarithm
    presence    chance that a reporter is active in a week
    silent      share of area-weeks in which nobody is
    summer      factor on presence in the schools' summer
    reach       share of an area's events that one active reporter sees
    overlapping False: no two see the same event, min(1, reach x reporters); True: each sees by
                oneself, 1 - (1 - reach) ** reporters
    changes     of the number of reporters, such as a new group or one that stops
    """

    reporters: float = 6.0
    variation: float = 0.3
    presence: float = 0.8
    silent: float = 0.03
    summer: float = 0.6
    reach: float = 0.1
    overlapping: bool = False
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        shares = (self.presence, self.silent, self.summer, self.reach)
        if any(not 0 <= share <= 1 for share in shares):
            raise ValueError("presence, silent, summer, reach: 0 to 1 wanted")
        if not self.reporters > 0 or not self.variation >= 0:
            raise ValueError("reporters, variation: above zero, and zero or more, wanted")


@dataclass(frozen=True, kw_only=True)
class Change:
    """From `start` on (until before `end`) so many times the reporters, in these areas or all."""

    factor: float
    start: When
    end: When | None = None
    areas: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class HotSpot:
    """Places, or all places of areas, where always more happens. Categories None: all."""

    factor: float
    areas: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    categories: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Outbreak:
    """A cluster in space and time: in these areas, from `start` for so many weeks, more happens."""

    factor: float
    areas: tuple[int, ...]
    start: When
    weeks: int = 1
    categories: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A slow change: `yearly` times as much a year later, from `start` on; areas None: all."""

    yearly: float
    start: When = 0
    areas: tuple[int, ...] | None = None
    categories: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Something that was done, and what it truly changed.

    effect        ratio of the rate with it to that without: 0.7 is 30 % less
    displacement  share of what no longer happens here that happens in the zone instead
    zone          None: the areas next to the treated
    """

    effect: float
    areas: tuple[int, ...]
    start: When
    end: When | None = None
    displacement: float = 0.0
    zone: tuple[int, ...] | None = None
    categories: tuple[str, ...] | None = None


Planted = HotSpot | Outbreak | Drift | Measure
EVENINGS = rhythm(peak_hour=20, spread_hours=4)
WEEKEND_NIGHTS = rhythm(weekday=(1, 1, 1.2, 1.6, 4, 5, 1.2), peak_hour=23.5, spread_hours=3)
AFTERNOONS = rhythm(weekday=(1, 1, 1, 1, 1.2, 0.5, 0.4), peak_hour=15, spread_hours=2.5)
DAYTIME = rhythm(weekday=(1.2, 1, 1, 1, 1, 0.6, 0.5), peak_hour=12, spread_hours=4.5)
USUAL = (
    Category(
        name="damage", weekly=30, rhythm=EVENINGS, season=0.2, uncertain=0.5, interval_hours=12,
        wheel={"valborg": 2.0, "new_year": 2.5, "school_break": 1.3},
        near_repeat=NearRepeat(followers=0.2, days=6, metres=150),
    ),
    Category(
        name="disorder", weekly=45, rhythm=WEEKEND_NIGHTS, season=0.3,
        wheel={"valborg": 3.0, "midsummer": 1.5, "pay_weekend": 1.4, "lucia": 1.6},
        near_repeat=NearRepeat(followers=0.1, days=4, metres=200),
    ),
    Category(
        name="gathering", weekly=35, rhythm=AFTERNOONS, season=0.4,
        wheel={"summer": 0.7, "school_break": 1.5},
    ),
    Category(
        name="litter", weekly=40, rhythm=DAYTIME, season=0.4, uncertain=0.8, interval_hours=30,
        wheel={"public_holiday": 1.3, "valborg": 2.0},
    ),
    Category(
        name="fire", weekly=6, rhythm=EVENINGS, uncertain=0.1, interval_hours=2,
        wheel={"new_year": 5.0, "valborg": 2.0},
        near_repeat=NearRepeat(followers=0.3, days=3, metres=250),
    ),
)  # fmt: skip
