"""The roster as a mixed-integer program for HiGHS, and a plain one for when time is too short.

One 0/1 variable for each person and shift that can go together. Two shifts too near each other are
intervals that overlap, each made longer by the rest; of all that hold one moment a person has at
most one. Those sets are the cliques of an interval graph, and describe it without slack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild._roster_rules import WEEK, Problem, overlaps, week_of, weeks_of

Pair = tuple[int, int]  # person, shift


@dataclass(frozen=True)
class Weights:
    """Of a missing hour, an hour above the fair part, and a wish."""

    missing: float
    fairness: float
    wishes: float


@dataclass(frozen=True)
class Solved:
    pairs: tuple[Pair, ...]
    bound: float
    finished: bool


@dataclass
class _Rows:
    """A sparse matrix and its limits, row by row; columns with their cost, bounds and kind."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def column(self, cost: float = 0.0, upper: float = 1.0, *, whole: bool = True) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms: list[tuple[int, float]], low: float, high: float) -> None:
        self.entries += [(len(self.low), column, value) for column, value in terms]
        self.low.append(low)
        self.high.append(high)


def best(
    problem: Problem, fixed: frozenset[Pair], weights: Weights, time_limit_s: float
) -> Solved | None:
    """The best roster that the time allows, and a bound on all. None: there is none.

    Most of the time goes to the whole question. Where it does not suffice, the rest goes to
    staffing alone, which is far easier, and what both leave open is filled in.
    """
    found = solve(problem, fixed, weights, 0.7 * time_limit_s)
    if found is None or found.finished:
        return found
    staffed = solve(problem, fixed, Weights(weights.missing, 0.0, 0.0), 0.3 * time_limit_s)
    started = [found.pairs, staffed.pairs if staffed else (), tuple(fixed)]
    filled = [plain(problem, fixed | frozenset(pairs)) for pairs in started]
    whole = [pairs for pairs in filled if fits(problem, pairs) is None] or filled
    cheapest = min(whole, key=lambda pairs: cost(problem, pairs, weights))
    return Solved(cheapest, found.bound, False)


def solve(
    problem: Problem, fixed: frozenset[Pair], weights: Weights, time_limit_s: float
) -> Solved | None:
    """The best roster and a bound on all; without pairs when time ran out before any was found.

    None: no roster keeps the rules with what is fixed.
    """
    from scipy import optimize, sparse

    rows, pairs = _model(problem, fixed, weights)
    if not rows.cost:
        return Solved((), 0.0, True)
    limits = []
    if rows.low:
        at, columns, values = zip(*rows.entries, strict=True)
        matrix = sparse.csr_matrix((values, (at, columns)), (len(rows.low), len(rows.cost)))
        limits = [optimize.LinearConstraint(matrix, rows.low, rows.high)]
    lower = np.zeros(len(rows.cost))
    lower[[column for pair, column in pairs.items() if pair in fixed]] = 1.0
    found = optimize.milp(
        np.array(rows.cost),
        constraints=limits,
        integrality=np.array(rows.whole, dtype=float),
        bounds=optimize.Bounds(lower, np.array(rows.upper)),
        options={"time_limit": time_limit_s, "mip_rel_gap": 0.0},
    )
    if found.status == 2:
        return None
    bound = -np.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
    if found.x is None:
        return Solved((), bound, False)
    chosen = tuple(pair for pair, column in pairs.items() if found.x[column] > 0.5)
    return Solved(chosen, bound, found.status == 0)


def cost(problem: Problem, pairs: tuple[Pair, ...], weights: Weights) -> float:
    """What a roster costs: the objective, computed from the roster itself."""
    total = 0.0
    for number, shift in enumerate(problem.shifts):
        missing = shift.need - sum(1 for _, other in pairs if other == number)
        total += weights.missing * shift.priority * problem.hours(number) * missing
    over = np.maximum(0.0, _burdens(problem, pairs) - fair_parts(problem))
    total += weights.fairness * float(over.sum() + over.max(initial=0.0))
    wishes = sum(problem.people[p].wishes.get(problem.shifts[s].name, 0.0) for p, s in pairs)
    return total - weights.wishes * wishes


def fair_parts(problem: Problem) -> NDArray[np.float64]:
    """Burden that each would have if all of the demand were met and shared by `share`."""
    total = sum(shift.need * problem.burden(s) for s, shift in enumerate(problem.shifts))
    share = np.array([person.share for person in problem.people])
    return np.asarray(total * share / share.sum() if share.sum() > 0 else np.zeros(share.size))


def _burdens(problem: Problem, pairs: tuple[Pair, ...]) -> NDArray[np.float64]:
    burden = np.zeros(len(problem.people))
    for person, shift in pairs:
        burden[person] += problem.burden(shift)
    return burden


def _model(
    problem: Problem, fixed: frozenset[Pair], weights: Weights
) -> tuple[_Rows, dict[Pair, int]]:
    rows = _Rows()
    pairs: dict[Pair, int] = {}
    for person, who in enumerate(problem.people):
        for shift, work in enumerate(problem.shifts):
            possible = work.need > 0 and problem.hindrance(person, shift) is None
            if possible or (person, shift) in fixed:
                wish = who.wishes.get(work.name, 0.0)
                pairs[person, shift] = rows.column(-weights.wishes * wish)
    _demand(problem, rows, pairs, weights)
    top = rows.column(weights.fairness, np.inf, whole=False) if weights.fairness else None
    fair = fair_parts(problem)
    for person in range(len(problem.people)):
        own = {shift: column for (who, shift), column in pairs.items() if who == person}
        if not own:
            continue
        _rest(problem, rows, own)
        _hours(problem, rows, person, own)
        _weekly_rest(problem, rows, person, own)
        if top is not None:
            over = rows.column(weights.fairness, np.inf, whole=False)
            burden = [(column, problem.burden(shift)) for shift, column in own.items()]
            rows.row([*burden, (over, -1.0)], -np.inf, float(fair[person]))
            rows.row([(top, 1.0), (over, -1.0)], 0.0, np.inf)
    return rows, pairs


def _demand(problem: Problem, rows: _Rows, pairs: dict[Pair, int], weights: Weights) -> None:
    for number, shift in enumerate(problem.shifts):
        price = weights.missing * shift.priority * problem.hours(number)
        missing = rows.column(price, float(shift.need), whole=False)
        on_it = [(column, 1.0) for (_, other), column in pairs.items() if other == number]
        rows.row([*on_it, (missing, 1.0)], float(shift.need), float(shift.need))
        if shift.fewest > 1 and on_it:
            goes = rows.column()
            rows.row([*on_it, (goes, -float(shift.fewest))], 0.0, np.inf)
            rows.row([*on_it, (goes, -float(shift.need))], -np.inf, 0.0)


def _rest(problem: Problem, rows: _Rows, own: dict[int, int]) -> None:
    """At most one of the shifts that, with the rest after them, hold one moment."""
    ordered = sorted(own, key=lambda shift: problem.when[shift])
    last: set[int] = set()
    for shift in ordered:
        start = problem.when[shift][0]
        held = {
            other
            for other in ordered
            if problem.when[other][0] <= start < problem.when[other][1] + problem.rules.rest
        }
        if last and not last <= held and len(last) > 1:
            rows.row([(own[one], 1.0) for one in sorted(last)], -np.inf, 1.0)
        last = held
    if len(last) > 1:
        rows.row([(own[one], 1.0) for one in sorted(last)], -np.inf, 1.0)


def _hours(problem: Problem, rows: _Rows, person: int, own: dict[int, int]) -> None:
    who = problem.people[person]
    lengths = {shift: problem.hours(shift) for shift in own}
    if who.max_hours is not None and sum(lengths.values()) > who.max_hours:
        rows.row([(own[s], length) for s, length in lengths.items()], -np.inf, who.max_hours)
    if who.max_week_hours is None:
        return
    weeks = {shift: week_of(problem.when[shift][0]) for shift in own}
    for week in sorted(set(weeks.values())):
        terms = [(own[s], lengths[s]) for s in own if weeks[s] == week]
        rows.row(terms, -np.inf, who.max_week_hours)


def _weekly_rest(problem: Problem, rows: _Rows, person: int, own: dict[int, int]) -> None:
    """In each week one rest is chosen, and no shift reaches into it.

    A rest can be moved back to the start of the week or the end of what was done before, so only
    those beginnings are tried.
    """
    if not problem.rules.weekly:
        return
    busy = list(problem.times[person].busy)
    for week in weeks_of([problem.when[shift] for shift in own]):
        inside = {
            shift: problem.when[shift]
            for shift in own
            if overlaps(problem.when[shift], [(week, week + WEEK)])
        }
        rests = [
            rest
            for rest in problem.rests(week, [*inside.values(), *busy])
            if not overlaps(rest, busy)
        ]
        hit = {rest: [s for s, span in inside.items() if overlaps(span, [rest])] for rest in rests}
        if any(not shifts for shifts in hit.values()):
            continue  # a rest that nothing can disturb
        chosen = {rest: rows.column() for rest in rests}
        if not rests:
            for shift in inside:
                rows.row([(own[shift], 1.0)], 0.0, 0.0)
            continue
        rows.row([(column, 1.0) for column in chosen.values()], 1.0, np.inf)
        for rest, shifts in hit.items():
            for shift in shifts:
                rows.row([(own[shift], 1.0), (chosen[rest], 1.0)], -np.inf, 1.0)


def plain(problem: Problem, fixed: frozenset[Pair]) -> tuple[Pair, ...]:
    """A roster that keeps the rules: shift by shift, always the one with least behind."""
    mine: dict[int, list[int]] = {person: [] for person in range(len(problem.people))}
    for person, shift in sorted(fixed):
        mine[person].append(shift)
    fair = np.maximum(fair_parts(problem), 1e-9)
    for shift in sorted(range(len(problem.shifts)), key=lambda s: problem.when[s]):
        work = problem.shifts[shift]
        on_it = [person for person, shifts in mine.items() if shift in shifts]
        burden = {p: sum(problem.burden(s) for s in mine[p]) / fair[p] for p in mine}
        added: list[int] = []
        for person in sorted(mine, key=lambda p: (burden[p], p)):
            if len(on_it) + len(added) >= work.need:
                break
            if shift not in mine[person] and not problem.broken(person, [*mine[person], shift]):
                added.append(person)
        if len(on_it) + len(added) >= work.fewest:
            for person in added:
                mine[person].append(shift)
    return tuple((person, shift) for person, shifts in mine.items() for shift in sorted(shifts))


def fits(problem: Problem, pairs: Any) -> str | None:
    """The first rule that a whole roster breaks, in words."""
    for person in range(len(problem.people)):
        broken = problem.broken(person, [shift for who, shift in pairs if who == person])
        if broken:
            return broken[1]
    for number, shift in enumerate(problem.shifts):
        count = sum(1 for _, other in pairs if other == number)
        if count > shift.need or 0 < count < shift.fewest:
            return f"{shift.name!r}: {count} people"
    return None
