"""Who goes when? Shifts that want people, people who cannot always, and rest that is kept.

Sources: Ernst, Jiang, Krishnamoorthy & Sier (2004), EJOR 153:3 (staff scheduling); Huangfu & Hall
(2018), Math Prog Comp 10:119 (HiGHS); arbetstidslagen (1982:673) 13 and 14 §§ (daily and weekly
rest).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from lagesbild import _roster_model as model
from lagesbild._checks import positive
from lagesbild._results import Basis, Result, fingerprint
from lagesbild._roster_rules import WORDS, Person, Problem, Reason, Shift, problem

__all__ = ["Assignment", "Person", "Roster", "Shift", "Uncovered", "shifts"]

Status = Literal["optimal", "time limit"]
_PROVEN = 1e-6


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One person on one shift."""

    person: str
    shift: str
    start: np.datetime64
    end: np.datetime64
    place: str | None = None


@dataclass(frozen=True, kw_only=True)
class Uncovered:
    """Demand that is not met, and what stands in the way of everyone who is not on it.

    missing  people too few
    reasons  names by reason; 'free' could come, but with them there are still fewer than go (or
             time ran out)
    could    how many have the skill and the time, were nothing else to be done: with fewer than
             the need no roster covers the shift
    why      the same in words
    """

    shift: str
    missing: int
    reasons: Mapping[Reason | Literal["free"], tuple[str, ...]]
    could: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Roster(Result):
    """Who is on which shift.

    assignments  by start, then by name
    uncovered    what could not be staffed, in the order of the demand
    hours        by person, everyone included
    status       'optimal': proven that no roster costs less; 'time limit': the best until then
    objective    what the roster costs: missing hours, unfairness and wishes by their weights
    bound        no roster costs less than this
    """

    assignments: tuple[Assignment, ...]
    uncovered: tuple[Uncovered, ...]
    hours: Mapping[str, float]
    status: Status
    objective: float
    bound: float

    @property
    def gap(self) -> float:
        """How far from the bound, as a share of the objective; 0 when proven optimal."""
        difference = max(0.0, self.objective - self.bound)
        return difference / abs(self.objective) if self.objective else difference

    @property
    def is_covered(self) -> bool:
        return not self.uncovered

    def on(self, shift: str) -> tuple[str, ...]:
        """Who is on a shift."""
        return tuple(one.person for one in self.assignments if one.shift == shift)

    def of(self, person: str) -> tuple[Assignment, ...]:
        """What a person has to do."""
        return tuple(one for one in self.assignments if one.person == person)


def shifts(
    demand: Sequence[Shift],
    people: Sequence[Person],
    *,
    rest_hours: float = 11.0,
    weekly_rest_hours: float | None = 36.0,
    fixed: Iterable[tuple[str, str]] = (),
    missing_weight: float = 100.0,
    fairness_weight: float = 1.0,
    wish_weight: float = 1.0,
    time_limit_s: float = 30.0,
) -> Roster:
    """The roster that leaves least undone, then shares fairly and heeds wishes.

    demand, people     see `Shift` and `Person`
    rest_hours         at least between two shifts of a person. 11 is stricter than the law, which
                       asks for 11 hours in a row somewhere in each 24: nobody works twice a day
    weekly_rest_hours  in a row, in each week from Monday to Sunday; None: no such rule
    fixed              (person, shift) names that are agreed already and stay
    missing_weight, fairness_weight, wish_weight   of a missing person-hour (times its priority), of
                       an hour above somebody's fair part (of the one with most once more), and of
                       a wish of 1. Nobody is spared at the price of an empty shift, as long as the
                       first is far above the others.
    time_limit_s       for the solver; then the best roster found is returned, with its gap

    No rule is ever broken: what cannot be staffed is in `uncovered`, with the reasons.

    Raises ValueError naming the shift or person for times, needs or names that do not fit, shifts
    too long for the daily rest, and for what is fixed against the rules.
    """
    for name, value in (("rest_hours", rest_hours), ("weekly_rest_hours", weekly_rest_hours or 0)):
        if not 0 <= value <= 168:
            raise ValueError(f"{name}: 0 to 168 hours wanted, {value!r} given")
    for name, value in (("fairness_weight", fairness_weight), ("wish_weight", wish_weight)):
        if not 0 <= value < np.inf:
            raise ValueError(f"{name}: zero or more wanted, {value!r} given")
    missing = positive("missing_weight", missing_weight)
    weights = model.Weights(missing, fairness_weight, wish_weight)
    task = problem(demand, people, rest_hours, weekly_rest_hours)
    agreed = _agreed(task, fixed)
    found = model.best(task, agreed, weights, positive("time_limit_s", time_limit_s))
    if found is None:
        raise ValueError("fixed: no roster keeps the rules with all that is fixed")
    pairs = found.pairs
    broken = model.fits(task, pairs)
    if broken:  # only a plain roster can, where someone who is fixed must not go alone
        raise ValueError(f"time_limit_s: too short for a roster with all that is fixed; {broken}")
    objective = model.cost(task, pairs, weights)
    is_proven = found.finished or objective - found.bound <= _PROVEN * max(1.0, abs(objective))
    parameters = {
        "rest_hours": rest_hours, "weekly_rest_hours": weekly_rest_hours,
        "fixed": len(agreed), **asdict(weights),
    }  # fmt: skip
    return Roster(
        basis=_basis(task, parameters),
        assignments=_assignments(task, pairs),
        uncovered=_uncovered(task, pairs),
        hours={
            person.name: sum(task.hours(s) for who, s in pairs if who == number)
            for number, person in enumerate(task.people)
        },
        status="optimal" if is_proven else "time limit",
        objective=objective,
        bound=objective if is_proven else found.bound,
    )


def _agreed(task: Problem, fixed: Iterable[tuple[str, str]]) -> frozenset[model.Pair]:
    """What is fixed, as numbers. Raises ValueError for what no rule allows."""
    persons = {person.name: number for number, person in enumerate(task.people)}
    names = {shift.name: number for number, shift in enumerate(task.shifts)}
    agreed = set()
    for who, what in fixed:
        if who not in persons or what not in names:
            unknown = who if who not in persons else what
            raise ValueError(f"fixed: nobody and no shift is called {unknown!r}")
        agreed.add((persons[who], names[what]))
    for person in range(len(task.people)):
        broken = task.broken(person, sorted(shift for who, shift in agreed if who == person))
        if broken:
            raise ValueError(f"fixed: {broken[1]}")
    for number, shift in enumerate(task.shifts):
        count = sum(1 for _, other in agreed if other == number)
        if count > shift.need:
            raise ValueError(f"fixed: {count} people on {shift.name!r}, which needs {shift.need}")
    return frozenset(agreed)


def _basis(task: Problem, parameters: dict[str, object]) -> Basis:
    """The same for the same demand and people, however their times were written."""
    work = [(s.name, s.need, s.skill, s.fewest, s.priority, s.burden, s.place) for s in task.shifts]
    staff = [
        (p.name, sorted(p.skills), p.max_hours, p.max_week_hours, sorted(p.wishes.items()), p.share)
        for p in task.people
    ]
    return Basis(
        method="shift roster",
        parameters=parameters,
        n=len(task.shifts),
        fingerprint=fingerprint(np.array([str((work, staff, task.when, task.times))])),
    )


def _assignments(task: Problem, pairs: tuple[model.Pair, ...]) -> tuple[Assignment, ...]:
    ordered = sorted(pairs, key=lambda p: (task.when[p[1]], p[1], task.people[p[0]].name))
    return tuple(
        Assignment(
            person=task.people[person].name,
            shift=task.shifts[shift].name,
            start=np.datetime64(task.when[shift][0], "s"),
            end=np.datetime64(task.when[shift][1], "s"),
            place=task.shifts[shift].place,
        )
        for person, shift in ordered
    )


def _uncovered(task: Problem, pairs: tuple[model.Pair, ...]) -> tuple[Uncovered, ...]:
    found = []
    for number, shift in enumerate(task.shifts):
        on_it = {person for person, other in pairs if other == number}
        if len(on_it) == shift.need:
            continue
        reasons: dict[Reason | Literal["free"], tuple[str, ...]] = {}
        for person, who in enumerate(task.people):
            if person not in on_it:
                own = [other for one, other in pairs if one == person]
                broken = task.broken(person, [*own, number])
                reason: Reason | Literal["free"] = broken[0] if broken else "free"
                reasons[reason] = (*reasons.get(reason, ()), who.name)
        could = sum(task.hindrance(person, number) is None for person in range(len(task.people)))
        missing = shift.need - len(on_it)
        why = _why(shift, missing, reasons, could)
        found.append(
            Uncovered(shift=shift.name, missing=missing, reasons=reasons, could=could, why=why)
        )
    return tuple(found)


_COUNTED: Mapping[Reason | Literal["free"], str] = {
    "skill": "without the skill {skill!r}",
    "availability": "not available then",
    "other work": "with other work at or too near that time",
    "rest": "on another shift at that time or without enough rest from it",
    "hours": "without hours left",
    "weekly hours": "without hours left that week",
    "weekly rest": "who would lose the weekly rest",
    "free": "free, whom the time to search did not suffice to put to use",
}
assert set(WORDS) | {"free"} == set(_COUNTED)


def _why(
    shift: Shift,
    missing: int,
    reasons: Mapping[Reason | Literal["free"], tuple[str, ...]],
    could: int,
) -> str:
    counted = dict(_COUNTED)
    if missing == shift.need:
        counted["free"] = f"free, but together fewer than the {shift.fewest} that must go"
    parts = [
        f"{len(reasons[reason])} {words.format(skill=shift.skill)}"
        for reason, words in counted.items()
        if reason in reasons
    ]
    sentence = f"{shift.name}: {missing} of {shift.need} missing"
    sentence += f"; {', '.join(parts)}." if parts else "; nobody else to ask."
    if could < shift.need:
        sentence += f" Were nothing else to be done, only {could} could come."
    return sentence
