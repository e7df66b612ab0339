"""SaTScan 10.3.2's own sample data, and what it says about them.

New York City fever 2001, New Mexico brain cancer 1973-91, North Humberside childhood leukaemia.
The figures are SaTScan's with 9,999 replicates.
"""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from lagesbild import scan
from lagesbild.events import Events
from tests.lagesbild.reference import reference_file

REPLICATES = 9999
YEARS = np.arange(1973, 1992)


def lines(name: str) -> list[list[str]]:
    return [line.split() for line in reference_file(f"scan/{name}").read_text().splitlines()]


def assert_p_value(found: float, published: float) -> None:
    """Both come from so many replicates: within four standard errors of one of them."""
    error = np.sqrt(published * (1 - published) / REPLICATES)
    assert found == pytest.approx(published, abs=4 * error)


def assert_cluster(found: scan.Cluster, ratio: float, observed: int, expected: float) -> None:
    assert found.log_likelihood_ratio == pytest.approx(ratio, abs=1e-5)
    assert found.observed == observed
    assert found.expected == pytest.approx(expected, abs=0.01)


# New York City: prospective space-time permutation ----------------------------------------------


@pytest.fixture(scope="module")
def fever() -> scan.ScanResult:
    locations = {zip_: (float(east), float(north)) for zip_, north, east in lines("NYCfever.geo")}
    rows = [
        (zip_, np.datetime64("{}-{:0>2}-{:0>2}".format(*date.split("/")), "s"))
        for zip_, count, date in lines("NYCfever.cas")
        for _ in range(int(count))
    ]
    events = Events(
        x=np.zeros(len(rows)),
        y=np.zeros(len(rows)),
        start=np.array([row[1] for row in rows]),
        location=np.array([row[0] for row in rows]),
    )
    return scan.space_time_permutation(
        events, max_radius_m=3000, max_duration=7, prospective=True, replicates=REPLICATES,
        seed=20261122, period=("2001-11-01", "2001-11-24"), locations=locations,
        metric="great_circle",
    )  # fmt: skip


def test_fever_in_new_york_gives_satscans_most_likely_cluster(fever: scan.ScanResult) -> None:
    first = fever.clusters[0]
    assert_cluster(first, 3.845418, 4, 0.67)
    assert first.centre == "11418"
    assert len(first.location_ids) == 9
    assert (str(first.start), str(first.end)) == ("2001-11-22", "2001-11-24")
    assert_p_value(first.p_value, 0.2112)
    assert first.recurrence_interval == pytest.approx(1 / first.p_value)


def test_fever_in_new_york_gives_satscans_second_and_third_clusters(
    fever: scan.ScanResult,
) -> None:
    second, third = fever.clusters[1:3]
    assert_cluster(second, 3.164201, 2, 0.16)
    assert second.location_ids == ("11372",)
    assert third.log_likelihood_ratio == pytest.approx(2.137259, abs=1e-5)
    assert third.location_ids == ("10472",)


# New Mexico: Poisson with indirect standardisation ----------------------------------------------


@pytest.fixture(scope="module")
def brain_cancer() -> dict[str, Any]:
    """Cases (counties, years), expected cases, coordinates and names."""
    places = lines("nm.geo")
    names = [name for name, _, _ in places]
    row = {name: number for number, name in enumerate(names)}
    cases, strata = np.zeros((len(names), YEARS.size)), Counter[tuple[int, int]]()
    for county, count, year, age, sex in lines("nm.cas"):
        cases[row[county], int(year) - 1973] += int(count)
        strata[int(age) - 1, int(sex) - 1] += int(count)
    by_stratum = np.zeros((18, 2))
    for stratum, count in strata.items():
        by_stratum[stratum] = count
    people = np.zeros((len(names), 3, 18, 2))
    for county, year, count, age, sex in lines("nm.pop"):
        census = ("73", "82", "91").index(year)
        people[row[county], census, int(age) - 1, int(sex) - 1] += float(count)
    years_lived = scan.person_time(
        people, counted=[1973, 1982, 1991], periods=np.append(YEARS, 1992)
    )
    return {
        "cases": cases,
        "population": scan.standardised_expectation(by_stratum, years_lived),
        "coordinates": [(float(east), float(north)) for _, north, east in places],
        "location_ids": names,
        "metric": "great_circle",
        "times": YEARS,
        "time_unit": "year",
        "replicates": REPLICATES,
        "seed": 20261122,
    }


def test_brain_cancer_in_space_and_time(brain_cancer: dict[str, Any]) -> None:
    first, second = scan.poisson(**brain_cancer).clusters[:2]
    assert_cluster(first, 10.979758, 236, 176.22)
    assert first.relative_risk == pytest.approx(1.42, abs=0.005)
    assert len(first.location_ids) == 9
    assert (first.start, first.end) == (1985, 1989)
    assert_p_value(first.p_value, 0.0118)
    assert first.gumbel_p_value == pytest.approx(0.013, abs=0.003)
    assert_cluster(second, 5.684828, 16, 6.03)
    assert second.location_ids == ("Chaves",)


def test_brain_cancer_still_going_on(brain_cancer: dict[str, Any]) -> None:
    first = scan.poisson(**brain_cancer, prospective=True).clusters[0]
    assert_cluster(first, 8.654067, 313, 252.84)
    assert (first.start, first.end) == (1985, 1991)
    assert_p_value(first.p_value, 0.0108)
    # SaTScan prints 92.6 years, the inverse of its p-value.
    assert first.recurrence_interval == pytest.approx(1 / first.p_value)


def test_brain_cancer_in_space_alone(brain_cancer: dict[str, Any]) -> None:
    first = scan.poisson(**brain_cancer, dimension="space").clusters[0]
    assert_cluster(first, 6.890841, 576, 512.66)
    assert len(first.location_ids) == 6
    assert_p_value(first.p_value, 0.0138)
    # From 999 replicates each, theirs and ours vary by 0.0014 from seed to seed.
    assert first.gumbel_p_value == pytest.approx(0.013, abs=0.004)


def test_brain_cancer_in_time_alone(brain_cancer: dict[str, Any]) -> None:
    (first,) = scan.poisson(**brain_cancer, dimension="time").clusters
    assert_cluster(first, 5.485618, 552, 495.69)
    assert (first.start, first.end) == (1985, 1991)
    assert first.centre is None
    assert_p_value(first.p_value, 0.0307)


# North Humberside: Bernoulli, full of ties ------------------------------------------------------


def test_leukaemia_in_north_humberside() -> None:
    places = np.array(lines("NHumberside.geo"), dtype=float)
    cases, controls = (
        np.array(lines(f"NHumberside.{kind}"), dtype=float)[:, 1] for kind in ("cas", "ctl")
    )
    result = scan.bernoulli(
        cases, controls, places[:, 1:], location_ids=places[:, 0].astype(int).tolist(),
        replicates=REPLICATES, seed=20261122, overlap="any",
    )  # fmt: skip
    first = result.clusters[0]
    assert first.log_likelihood_ratio == pytest.approx(4.836516, abs=1e-5)
    assert first.observed == 4
    # Four people, all of them cases.
    assert first.expected == pytest.approx(4 * cases.sum() / (cases + controls).sum())
    assert_p_value(first.p_value, 0.6788)
    assert first.gumbel_p_value == pytest.approx(0.56, abs=0.02)
    tied = [c for c in result.clusters if c.log_likelihood_ratio > 4.8365]
    assert len(tied) > 1
    assert [c.centre for c in tied] == sorted(c.centre for c in tied)
