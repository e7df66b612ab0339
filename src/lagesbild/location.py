"""Where should things stand, so that people have the shortest way, or most are reached?

Sources: Hakimi (1964), Oper Res 12:450 (p-median); Church & ReVelle (1974), Pap Reg Sci 32:101
(maximal covering); Teitz & Bart (1968), Oper Res 16:955 (interchange); Beasley (1985), EJOR 21:270
(Lagrangian bound, reduction; the OR-Library problems); Elloumi (2010), J Comb Optim 19:69 (the
formulation by radii).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import comb
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild import _location_search as search
from lagesbild._checks import at_least, finite, positive, rows_where, same_length
from lagesbild._results import Basis, Result, fingerprint

Status = Literal["optimal", "time limit"]
_PROVEN = 1e-9  # as a share of the objective
_ENUMERATED = 20_000_000_000  # sums of one demand's minimum, before bounds spare most of them


@dataclass(frozen=True, kw_only=True)
class Plan(Result):
    """Which sites to open.

    open       (p,) the sites' columns, rising
    objective  p-median: the sum of weight × cost to the nearest open site; covering: the weight
               that is reached
    status     'optimal': proven that no plan is better; 'time limit': the best found until then
    bound      no plan can be better than this
    assigned   (demands,) the nearest open site of each (of equals the first); covering: -1 for
               those that are not reached
    method     how it was found: 'enumeration', 'bounds' or 'HiGHS'
    """

    open: NDArray[np.int64]
    objective: float
    status: Status
    bound: float
    assigned: NDArray[np.int64]
    method: str

    @property
    def gap(self) -> float:
        """How far from the bound, as a share of the objective; 0 when proven optimal."""
        difference = abs(self.objective - self.bound)
        return difference / abs(self.objective) if self.objective else difference


@dataclass(frozen=True, kw_only=True)
class RankedPlans(Result):
    """The best plans, best first.

    status  'optimal': proven that no plan left out is better than the last
    """

    plans: tuple[Plan, ...]
    status: Status


def p_median(
    cost: ArrayLike, p: int, *, weights: ArrayLike | None = None, time_limit_s: float = 60.0
) -> Plan:
    """Open p of the sites so that the weighted cost to the nearest open one is least.

    cost     (demands, sites) zero or more: metres, minutes
    weights  (demands,) zero or more, such as people; None: each counts one

    Up to three sites of not too many: every plan is tried, or ruled out by a bound. More: a good
    plan by interchange, a bound by Lagrangian relaxation, and HiGHS on what sites these leave.

    Raises ValueError for costs or weights that are negative or not finite, or p above the number
    of sites.
    """
    table, people = _demands(cost, weights)
    limit = time.monotonic() + positive("time_limit_s", time_limit_s)
    weighted = table * people[:, None]
    found = _best(weighted, _sites("p", p, table), [], limit)
    return _plan("p-median", table, people, p, found)


def rank_plans(
    cost: ArrayLike,
    p: int,
    *,
    count: int = 5,
    weights: ArrayLike | None = None,
    time_limit_s: float = 60.0,
) -> RankedPlans:
    """The `count` best plans of the p-median, best first, fewer where there are fewer.

    A second plan that costs hardly more may be the one that can be agreed on. Arguments and errors
    as for `p_median`; the time limit holds for all together.
    """
    table, people = _demands(cost, weights)
    limit = time.monotonic() + positive("time_limit_s", time_limit_s)
    weighted, size = table * people[:, None], _sites("p", p, table)
    wanted = min(at_least("count", count, 1), comb(table.shape[1], size))
    plans: list[Plan] = []
    for _ in range(wanted):
        found = _best(weighted, size, [tuple(plan.open.tolist()) for plan in plans], limit)
        if not found.plan:
            break
        plans.append(_plan("p-median", table, people, p, found))
    is_proven = len(plans) == wanted and all(plan.status == "optimal" for plan in plans)
    return RankedPlans(
        basis=Basis(
            method="p-median, ranked plans",
            parameters={"p": size, "count": count},
            n=int(table.shape[0]),
            fingerprint=fingerprint(table, people),
        ),
        plans=tuple(plans),
        status="optimal" if is_proven else "time limit",
    )


def maximal_covering(
    cost: ArrayLike,
    p: int,
    *,
    radius: float,
    weights: ArrayLike | None = None,
    time_limit_s: float = 60.0,
) -> Plan:
    """Open p of the sites so that most weight has one within `radius`, the radius included.

    Arguments and errors as for `p_median`. Demands that the same sites can reach are one to
    HiGHS.
    """
    table, people = _demands(cost, weights)
    size = _sites("p", p, table)
    if not np.isfinite(radius) or radius < 0:
        raise ValueError(f"radius: zero or more wanted, {radius!r} given")
    within = table <= radius
    found = search.covering(within, people, size, positive("time_limit_s", time_limit_s))
    opened = np.array(found.plan, np.int64)
    reached = within[:, opened].any(axis=1)
    nearest = opened[np.argmin(table[:, opened], axis=1)]
    return _result(
        "maximal covering", table, people, {"p": size, "radius": float(radius)}, found,
        objective=float(people[reached].sum()), assigned=np.where(reached, nearest, -1),
    )  # fmt: skip


def _demands(
    cost: ArrayLike, weights: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    table = finite("cost", cost, dimensions=2)
    if not table.size:
        raise ValueError("cost: no demands or no sites")
    negative = np.asarray((table < 0).any(axis=1))
    if negative.any():
        raise ValueError(f"cost: negative in {rows_where(negative)}")
    people = np.ones(table.shape[0]) if weights is None else finite("weights", weights)
    same_length(cost=table, weights=people)
    if (people < 0).any():
        raise ValueError("weights: negative values")
    return table, people


def _sites(name: str, p: int, table: NDArray[np.float64]) -> int:
    size = at_least(name, p, 1)
    if size > table.shape[1]:
        raise ValueError(f"{name}: at most the {table.shape[1]} sites wanted, {p} given")
    return size


def _best(
    weighted: NDArray[np.float64], p: int, without: list[tuple[int, ...]], limit: float
) -> search.Found:
    demands, sites = weighted.shape
    if p <= 3 and not without and comb(sites, p) * demands <= _ENUMERATED:
        return search.enumerated(weighted, p)
    return search.bounded(weighted, p, without, limit)


def _plan(
    name: str,
    table: NDArray[np.float64],
    people: NDArray[np.float64],
    p: int,
    found: search.Found,
) -> Plan:
    opened = np.array(found.plan, np.int64)
    objective = float(people @ table[:, opened].min(axis=1))
    assigned = opened[np.argmin(table[:, opened], axis=1)]
    return _result(name, table, people, {"p": p}, found, objective=objective, assigned=assigned)


def _result(
    name: str,
    table: NDArray[np.float64],
    people: NDArray[np.float64],
    parameters: dict[str, float],
    found: search.Found,
    *,
    objective: float,
    assigned: NDArray[np.int64],
) -> Plan:
    is_proven = abs(objective - found.bound) <= _PROVEN * max(1.0, abs(objective))
    return Plan(
        basis=Basis(
            method=name,
            parameters=parameters,
            n=int(table.shape[0]),
            fingerprint=fingerprint(table, people),
        ),
        open=np.array(found.plan, np.int64),
        objective=objective,
        status="optimal" if is_proven else "time limit",
        bound=objective if is_proven else found.bound,
        assigned=assigned,
        method=found.method,
    )
