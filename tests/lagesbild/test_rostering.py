"""Rosters: rules that are never broken, against every roster there is, and reasons in words."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.rostering import Person, Roster, Shift, shifts

MONDAY = np.datetime64("2025-03-03T00:00")


def at(day: int, hour: float) -> np.datetime64:
    return MONDAY + np.timedelta64(round((day * 24 + hour) * 60), "m")


def shift(name: str, day: int, hour: float, hours: float = 4, **more: object) -> Shift:
    return Shift(name=name, start=at(day, hour), end=at(day, hour + hours), **more)  # type: ignore[arg-type]


def hours_between(start: np.datetime64, end: np.datetime64) -> float:
    return float((end - start) / np.timedelta64(1, "m")) / 60


def faults(
    pairs: Iterable[tuple[str, str]],
    demand: Sequence[Shift],
    people: Sequence[Person],
    rest: float,
    weekly: float | None,
) -> list[str]:
    """Every rule that a roster breaks, read from the rules again and tried minute by minute."""
    chosen = set(pairs)
    by_name = {one.name: one for one in demand}
    found = [
        f"{one.name} has {count}"
        for one in demand
        if (count := sum(s == one.name for _, s in chosen)) > one.need or 0 < count < one.fewest
    ]
    for person in people:
        work = sorted(
            (by_name[s] for who, s in chosen if who == person.name), key=lambda s: s.start
        )
        spans = [(s.start, s.end) for s in work]
        taken = sorted([*spans, *person.busy])
        if work and any(hours_between(a[1], b[0]) < rest for a, b in pairwise(taken)):
            found.append(f"{person.name} rests too little")
        found += [f"{person.name} cannot {s.skill}" for s in work
                  if s.skill is not None and s.skill not in person.skills]  # fmt: skip
        for start, end in spans:
            free = person.available
            if free is not None and not any(a <= start and end <= b for a, b in free):
                found.append(f"{person.name} is away")
        total = sum(hours_between(*span) for span in spans)
        if person.max_hours is not None and total > person.max_hours:
            found.append(f"{person.name} works {total}")
        if weekly:
            found += _without_weekly_rest(person, spans, taken, weekly)
    return found


def _without_weekly_rest(person: Person, spans: list, taken: list, weekly: float) -> list[str]:
    half_hours = np.arange(7 * 48)
    for week in range(3):
        begin = at(7 * week, 0)
        if not any(start < at(7 * week + 7, 0) and end > begin for start, end in spans):
            continue
        is_free = np.ones(7 * 48, bool)
        moment = begin + half_hours * np.timedelta64(30, "m")
        for start, end in taken:
            is_free &= ~((moment < end) & (moment + np.timedelta64(30, "m") > start))
        longest = max(
            (len(run) for run in "".join("x" if free else " " for free in is_free).split()),
            default=0,
        )
        if longest / 2 < weekly:
            return [f"{person.name} has no weekly rest"]
    return []


def price(
    pairs: Iterable[tuple[str, str]], demand: Sequence[Shift], people: Sequence[Person]
) -> float:
    """The objective by its description: missing hours, hours above the fair part, wishes."""
    chosen = list(pairs)
    length = {s.name: hours_between(s.start, s.end) for s in demand}
    missing = sum(
        (s.need - sum(name == s.name for _, name in chosen)) * length[s.name] * s.priority
        for s in demand
    )
    whole = sum(s.need * length[s.name] for s in demand)
    shares = sum(p.share for p in people)
    over = [
        max(0.0, sum(length[s] for who, s in chosen if who == p.name) - whole * p.share / shares)
        for p in people
    ]
    wishes = sum(p.wishes.get(s, 0.0) for p in people for who, s in chosen if who == p.name)
    return 100 * missing + sum(over) + max(over) - wishes


def pairs_of(roster: Roster) -> set[tuple[str, str]]:
    return {(one.person, one.shift) for one in roster.assignments}


@st.composite
def small_problems(draw: st.DrawFn) -> tuple[list[Shift], list[Person]]:
    demand = [
        shift(
            f"s{number}",
            draw(st.integers(0, 8)),
            draw(st.sampled_from([6, 8, 14, 18, 22])),
            draw(st.sampled_from([3, 6, 8])),
            need=(need := draw(st.integers(1, 2))),
            fewest=draw(st.integers(1, need)),
            skill=draw(st.sampled_from([None, None, "first aid"])),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    people = [
        Person(
            name=f"p{number}",
            skills=draw(st.sampled_from([(), ("first aid",)])),
            available=draw(
                st.sampled_from([None, [(at(0, 0), at(4, 12))], [(at(0, 12), at(9, 9))]])
            ),
            max_hours=draw(st.sampled_from([None, 8, 12])),
            busy=draw(st.sampled_from([[], [(at(1, 8), at(1, 17))]])),
            wishes={"s0": draw(st.sampled_from([-2.0, 0.0, 1.5]))},
            share=draw(st.sampled_from([0.5, 1.0])),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    return demand, people


@given(small_problems(), st.sampled_from([(11.0, 36.0), (0.0, None), (11.0, 144.0)]))
@settings(max_examples=25, deadline=None)
def test_no_roster_of_all_that_keep_the_rules_is_better(
    problem: tuple[list[Shift], list[Person]], rules: tuple[float, float | None]
) -> None:
    demand, people = problem
    rest, weekly = rules
    found = shifts(demand, people, rest_hours=rest, weekly_rest_hours=weekly)
    assert faults(pairs_of(found), demand, people, rest, weekly) == []
    per_shift = [
        [c for k in range(s.need + 1) for c in combinations([p.name for p in people], k)]
        for s in demand
    ]
    best = min(
        price(pairs, demand, people)
        for rows in product(*per_shift)
        if not faults(
            pairs := [(who, s.name) for s, row in zip(demand, rows, strict=True) for who in row],
            demand, people, rest, weekly,
        )
    )  # fmt: skip
    assert found.objective == pytest.approx(best, abs=1e-6)
    assert found.objective == pytest.approx(price(pairs_of(found), demand, people))
    assert found.status == "optimal"
    assert found.bound == found.objective
    assert {one.shift for one in found.uncovered} == {
        s.name for s in demand if len(found.on(s.name)) < s.need
    }


@given(st.integers(0, 10_000))
@settings(max_examples=3, deadline=None)
def test_two_weeks_of_a_city_break_no_rule(seed: int) -> None:
    rng = np.random.default_rng(seed)
    demand = [
        shift(f"{kind} {day}", day, hour, hours, need=need, fewest=fewest, skill=skill)
        for day in range(14)
        for kind, hour, hours, need, fewest, skill in (
            ("youth centre", 16, 5, 2, 1, "youth"),
            ("night walk", 20, 5, 3, 2, None),
        )
    ]
    people = [
        Person(
            name=f"p{number}",
            skills=("youth",) if rng.random() < 0.5 else (),
            available=[(at(day, 12), at(day + 1, 6)) for day in range(14) if rng.random() < 0.7],
            max_hours=float(rng.choice([20, 40])),
            max_week_hours=20.0,
        )
        for number in range(12)
    ]
    found = shifts(demand, people, time_limit_s=0.3)
    assert faults(pairs_of(found), demand, people, 11, 36) == []
    assert found.bound <= found.objective + 1e-6
    for person in people:
        for first in (0, 7):
            inside = [
                a for a in found.of(person.name) if at(first, 0) <= a.start < at(first + 7, 0)
            ]
            assert sum(hours_between(a.start, a.end) for a in inside) <= 20


def test_the_night_walk_is_shared_fairly_and_wishes_are_heeded() -> None:
    demand = [shift(f"walk {day}", day, 20, need=2) for day in range(4)]
    people = [Person(name=name, wishes={"walk 0": float(name == "Dima")}) for name in
              ("Amina", "Bo", "Cleo", "Dima")]  # fmt: skip
    found = shifts(demand, people)
    assert found.is_covered
    assert set(found.hours.values()) == {8.0}
    assert "Dima" in found.on("walk 0")
    half = [*people[:3], Person(name="Dima", share=1 / 3)]
    assert shifts([*demand, shift("walk 4", 4, 20, need=2)], half).hours["Dima"] == 4


def test_rest_between_evening_and_morning_is_kept_unless_waived() -> None:
    demand = [shift("evening", 0, 18, 4), shift("morning", 1, 8, 4)]
    kept = shifts(demand, [Person(name="Amina")])
    assert len(kept.assignments) == 1
    assert kept.uncovered[0].reasons == {"rest": ("Amina",)}
    assert shifts(demand, [Person(name="Amina")], rest_hours=10).is_covered


def test_the_weekly_rest_is_found_where_it_fits() -> None:
    daily = [shift(f"day {day}", day, 8, 8) for day in range(7)]
    alone = [Person(name="Amina")]
    found = shifts(daily, alone)
    # From Monday's start to Tuesday evening, or an evening to the morning after next.
    assert len(found.assignments) == 6
    assert found.uncovered[0].reasons == {"weekly rest": ("Amina",)}
    assert shifts(daily, alone, weekly_rest_hours=None).is_covered
    assert len(shifts(daily, alone, weekly_rest_hours=60).assignments) == 5


def test_nobody_walks_alone() -> None:
    walk = shift("walk", 4, 21, need=3, fewest=2)
    one = shifts([walk], [Person(name="Amina")])
    assert one.assignments == ()
    assert one.uncovered[0].reasons == {"free": ("Amina",)}
    assert "fewer than the 2 that must go" in one.uncovered[0].why
    two = shifts([walk], [Person(name="Amina"), Person(name="Bo")])
    assert two.on("walk") == ("Amina", "Bo")
    assert two.uncovered[0].missing == 1


def test_what_cannot_be_staffed_is_explained_person_by_person() -> None:
    demand = [
        shift("walk", 4, 20, need=5, skill="first aid", place="Skarphagen"),
        shift("café", 4, 18, 3, priority=3),
    ]
    people = [
        Person(name="Amina", skills=["first aid"]),
        Person(name="Bo"),
        Person(name="Cleo", skills=["first aid"], available=[(at(0, 0), at(4, 21))]),
        Person(name="Dima", skills=["first aid"], busy=[(at(5, 6), at(5, 12))]),
        Person(name="Eva", skills=["first aid"], max_hours=3),
    ]
    found = shifts(demand, people)
    assert found.on("walk") == ("Amina",)
    (missing,) = found.uncovered
    assert missing.reasons == {
        "skill": ("Bo",), "availability": ("Cleo",), "other work": ("Dima",), "hours": ("Eva",),
    }  # fmt: skip
    assert (missing.missing, missing.could) == (4, 1)
    assert missing.why == (
        "walk: 4 of 5 missing; 1 without the skill 'first aid', 1 not available then, 1 with other "
        "work at or too near that time, 1 without hours left. Were nothing else to be done, only 1 "
        "could come."
    )
    assert found.assignments[-1].place == "Skarphagen"


def test_the_example_of_the_methods_page_comes_out_again() -> None:
    demand = [
        shift("Thu walk", 3, 21, need=3, fewest=2),
        shift("Fri walk", 4, 21, need=3, fewest=2),
        shift("Sat walk", 5, 21, need=3, fewest=2),
        shift("Fri first aid", 4, 21, skill="first aid"),
        shift("Sat café", 5, 9, need=2),
    ]
    people = [
        Person(name="Amina", skills=["first aid"], max_hours=8),
        Person(name="Bo", wishes={"Sat walk": -2}),
        Person(name="Cleo", available=[(at(4, 12), at(6, 12))]),
        Person(name="Dima", available=[(at(3, 12), at(5, 4))]),
        Person(name="Eva", busy=[(at(4, 7), at(4, 16))]),
    ]
    found = shifts(demand, people)
    assert found.status == "optimal"
    assert found.objective == pytest.approx(806.8)
    assert sum(one.missing for one in found.uncovered) == 2


def test_priority_decides_when_there_are_too_few() -> None:
    two = [shift("a", 0, 18), shift("b", 0, 18, priority=2)]
    assert shifts(two, [Person(name="Amina")]).on("b") == ("Amina",)


def test_what_is_fixed_stays_and_what_cannot_be_fixed_is_named() -> None:
    demand = [shift("a", 0, 18), shift("b", 0, 20, skill="first aid"), shift("c", 1, 2)]
    people = [Person(name="Amina"), Person(name="Bo", skills=["first aid"], max_hours=6)]
    found = shifts(demand, people, fixed=[("Amina", "c")])
    assert found.on("c") == ("Amina",)
    for fixed, message in (
        ([("Amina", "b")], "Amina: 'b', without the skill"),
        ([("Amina", "a"), ("Amina", "c")], "Amina: 'a' and 'c', too little rest"),
        ([("Bo", "a"), ("Amina", "a")], "2 people on 'a', which needs 1"),
        ([("Nobody", "a")], "nobody and no shift is called 'Nobody'"),
    ):
        with pytest.raises(ValueError, match=f"fixed: {message}"):
            shifts(demand, people, fixed=fixed)
    with pytest.raises(ValueError, match=r"Bo: 8 hours, more than the hours to be had \(6\)"):
        shifts(demand, people, rest_hours=0, fixed=[("Bo", "a"), ("Bo", "c")])
    walk = [shift("walk", 0, 18, need=2, fewest=2)]
    with pytest.raises(ValueError, match="fixed: no roster keeps the rules"):
        shifts(walk, [Person(name="Amina")], fixed=[("Amina", "walk")])


def test_out_of_time_there_is_still_a_roster_that_keeps_the_rules() -> None:
    demand = [shift(f"s{number}", number % 14, 8 + number % 3, 7, need=3) for number in range(70)]
    people = [Person(name=f"p{number}", max_hours=60) for number in range(30)]
    hurried = shifts(demand, people, time_limit_s=1e-3)
    assert hurried.status == "time limit"
    assert hurried.assignments
    assert hurried.bound <= hurried.objective
    assert hurried.gap > 0
    assert faults(pairs_of(hurried), demand, people, 11, 36) == []


def test_nothing_to_do_and_nobody_to_do_it() -> None:
    assert shifts([], [Person(name="Amina")]).is_covered
    empty = shifts([shift("a", 0, 18, need=2)], [])
    assert empty.uncovered[0].why == (
        "a: 2 of 2 missing; nobody else to ask. Were nothing else to be done, only 0 could come."
    )
    assert empty.objective == 100 * 2 * 4
    assert shifts([shift("a", 0, 18, need=0)], [Person(name="Amina")]).assignments == ()


def test_the_basis_is_the_same_however_times_are_written() -> None:
    one = Shift(name="a", start="2025-03-03T18:00", end=datetime(2025, 3, 3, 22))  # noqa: DTZ001
    first = shifts([one], [Person(name="Amina", skills=["youth", "first aid"])])
    second = shifts([shift("a", 0, 18)], [Person(name="Amina", skills=("first aid", "youth"))])
    assert first.basis == second.basis
    assert first.to_dict()["assignments"][0]["start"] == "2025-03-03T18:00:00"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"end": at(0, 18)}, "demand: 'a': ends at or before its start"),
        ({"start": "soon"}, "demand: 'a': a time wanted"),
        ({"start": datetime(2025, 3, 3, 18, tzinfo=UTC)}, "demand: 'a': a time with a zone"),
        ({"start": np.datetime64("NaT")}, "demand: 'a': a time wanted"),
        ({"need": -1}, "demand: 'a', need: zero or more"),
        ({"fewest": 3}, "demand: 'a': goes with 3 at the fewest, but needs 1"),
        ({"priority": 0.0}, "demand: 'a', priority"),
        ({"burden": -1.0}, "demand: 'a', burden"),
        ({"end": at(1, 9)}, "demand: 'a': 15 hours long, which leaves less than 11 hours of rest"),
    ],
)
def test_shifts_that_make_no_sense_are_named(changed: dict, message: str) -> None:
    described = {"name": "a", "start": at(0, 18), "end": at(0, 22)} | changed
    with pytest.raises(ValueError, match=message):
        shifts([Shift(**described)], [Person(name="Amina")])


@pytest.mark.parametrize(
    ("person", "message"),
    [
        (Person(name="B", available=[(at(1, 0), at(0, 0))]), "people: 'B', available: ends at or"),
        (Person(name="B", max_hours=-1), "people: 'B', max_hours"),
        (Person(name="B", share=-1), "people: 'B', share"),
        (Person(name="B", wishes={"x": 1.0}), "people: 'B', wishes: no shift is called 'x'"),
        (Person(name="B", wishes={"a": np.nan}), "people: 'B', wishes: finite"),
        (Person(name="Amina"), "people: more than one is called 'Amina'"),
    ],
)
def test_people_that_make_no_sense_are_named(person: Person, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        shifts([shift("a", 0, 18)], [Person(name="Amina"), person])


@pytest.mark.parametrize(
    "option", ["rest_hours", "weekly_rest_hours", "fairness_weight", "wish_weight",
               "missing_weight", "time_limit_s"],
)  # fmt: skip
def test_options_outside_their_range_are_named(option: str) -> None:
    with pytest.raises(ValueError, match=option):
        shifts([shift("a", 0, 18)], [Person(name="Amina")], **{option: -1.0})
