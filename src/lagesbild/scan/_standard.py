"""Expected cases from a population that is counted now and then, in strata of age, sex and more."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import counts as checked_counts
from lagesbild._checks import finite, rows_where

_DAY = "datetime64[D]"


def person_time(
    population: ArrayLike, *, counted: ArrayLike, periods: ArrayLike
) -> NDArray[np.float64]:
    """Person-days in each period, for a population that changes linearly between two counts.

    population  (locations, counts, ...): people at each count, of any further strata
    counted     (counts,) rising dates; a year given alone means the first of July
    periods     (columns + 1,) rising dates: column i lasts from periods[i] to before periods[i + 1]

    Returns (locations, columns, ...). Before the first count and after the last the population
    stands still. The area under the line is exact, as SaTScan takes it.

    Raises ValueError for negative people, dates that do not rise or lengths that do not fit.
    """
    people = np.asarray(population, dtype=np.float64)
    when, edges = _days("counted", counted, mid_year=True), _days("periods", periods)
    if people.ndim < 2 or people.shape[1] != when.size:
        raise ValueError(f"population: (locations, {when.size}, ...) wanted, {people.shape} given")
    if not np.isfinite(people).all() or (people < 0).any():
        bad = ~np.isfinite(people) | (people < 0)
        where = rows_where(np.asarray(bad.any(axis=tuple(range(1, bad.ndim)))))
        raise ValueError(f"population: negative or not finite in {where}")
    if edges.size < 2:
        raise ValueError(f"periods: at least 2 dates wanted, {edges.size} given")
    shares = np.array([_area_shares(when, *edges[i : i + 2]) for i in range(edges.size - 1)])
    return np.moveaxis(np.tensordot(people, shares, axes=(1, 1)), -1, 1)


def _days(name: str, dates: ArrayLike, *, mid_year: bool = False) -> NDArray[np.float64]:
    array = np.asarray(dates)
    if array.dtype.kind in "iu":
        array = (array - 1970).astype("datetime64[Y]")
    if array.dtype == np.dtype("datetime64[Y]") and mid_year:
        array = array.astype("datetime64[M]") + 6
    try:
        days = array.astype(_DAY).astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: not dates ({error})") from error
    if days.ndim != 1 or days.size == 0 or (np.diff(days) <= 0).any():
        raise ValueError(f"{name}: dates that rise wanted, one after the other")
    return days


def _area_shares(when: NDArray[np.float64], begin: float, end: float) -> NDArray[np.float64]:
    """How many days of each count's people a period from `begin` to `end` is worth."""
    knots = np.unique(np.concatenate([[begin], when[(when > begin) & (when < end)], [end]]))
    heights = np.array([np.interp(knots, when, unit) for unit in np.eye(when.size)])
    areas: NDArray[np.float64] = (heights[:, 1:] + heights[:, :-1]) / 2 * np.diff(knots)
    return np.asarray(areas.sum(axis=1))


def standardised_expectation(cases: ArrayLike, population: ArrayLike) -> NDArray[np.float64]:
    """Expected cases by indirect standardisation: everywhere the same rate within each stratum.

    cases       (strata...) in all, by stratum: age, sex, ...
    population  (locations, columns, strata...): people, or person-time as `person_time` gives

    Returns (locations, columns), which sum to the cases: the `population` of `poisson`.

    Raises ValueError where a stratum has cases and no people.
    """
    people = np.asarray(population, dtype=np.float64)
    by_stratum = np.asarray(cases, dtype=np.float64)
    if people.ndim < 3 or people.shape[2:] != by_stratum.shape:
        raise ValueError(
            f"population: (locations, columns, *{by_stratum.shape}) wanted, {people.shape} given"
        )
    flat_cases = checked_counts("cases", by_stratum.ravel())
    flat = people.reshape(*people.shape[:2], -1)
    finite("population", flat.ravel())
    in_stratum = flat.sum(axis=(0, 1))
    without = (in_stratum <= 0) & (flat_cases > 0)
    if without.any():
        raise ValueError(f"population: nobody in strata that have cases ({rows_where(without)})")
    rates = np.divide(flat_cases, in_stratum, out=np.zeros_like(flat_cases), where=in_stratum > 0)
    expected: NDArray[np.float64] = flat @ rates
    return expected
