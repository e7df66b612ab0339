"""How plans are found, and how it is proven that none is better.

`cost` is (demands, sites), weighted. A plan is a tuple of rising site numbers.

The Lagrangian relaxation lets a demand be served by no site or many, and pays or charges u for
that. For any u, sum(u) + the p least of rho_j = sum_i min(0, cost_ij - u_i) is a lower bound on
every plan. A site whose rho lies further above the p-th least than the bound lies below the best
plan known is in no better plan, and is left out.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild import _threads

Floats = NDArray[np.float64]
Plan = tuple[int, ...]
_STEPS = 1500
_ROUNDING = 1e-9
_SITES_AT_LEAST = 32  # for a thread to be worth its start


@dataclass(frozen=True)
class Found:
    plan: Plan  # empty: there is none
    bound: float
    method: str


def value(cost: Floats, plan: Plan) -> float:
    return float(cost[:, list(plan)].min(axis=1).sum())


# Every plan -------------------------------------------------------------------------------------


def enumerated(cost: Floats, p: int) -> Found:
    """The best plan of up to three sites; of equals the first."""
    from lagesbild import _location_kernels as kernels

    turned = np.ascontiguousarray(cost.T)
    sites = turned.shape[0]
    if p == 1:
        best: Plan = (int(np.argmin(turned.sum(axis=1))),)
        return Found(best, value(cost, best), "enumeration")
    pair = np.empty((sites, sites))
    shares, workers = _threads.shares(sites, _SITES_AT_LEAST), _threads.workers(None)
    _threads.each(lambda part: kernels.pairs(turned, part.start, part.stop, pair), shares, workers)
    if p == 2:
        rows, columns = np.triu_indices(sites, 1)
        first = int(np.argmin(pair[rows, columns]))
        best = (int(rows[first]), int(columns[first]))
        return Found(best, value(cost, best), "enumeration")
    start = interchange(cost, greedy(cost, p), [])
    beat = value(cost, start) * (1 + _ROUNDING) + _ROUNDING
    values = np.full(sites, np.inf)
    plans = np.zeros((sites, 3), np.int64)
    _threads.each(
        lambda part: kernels.best_third(turned, pair, beat, part.start, part.stop, values, plans),
        shares,
        workers,
    )
    best = tuple(plans[int(np.argmin(values))].tolist()) if np.isfinite(values).any() else start
    return Found(best, value(cost, best), "enumeration")


# A good plan ------------------------------------------------------------------------------------


def greedy(cost: Floats, p: int) -> Plan:
    """One site after the other, each time the one that helps most."""
    nearest = np.full(cost.shape[0], np.inf)
    chosen: list[int] = []
    for _ in range(p):
        totals = np.minimum(nearest[:, None], cost).sum(axis=0)
        totals[chosen] = np.inf
        chosen.append(int(np.argmin(totals)))
        nearest = np.minimum(nearest, cost[:, chosen[-1]])
    return tuple(sorted(chosen))


def interchange(cost: Floats, plan: Plan, without: list[Plan]) -> Plan:
    """One open site for a closed one, as long as that helps."""
    forbidden = set(without)
    best, least = plan, np.inf if plan in forbidden else value(cost, plan)
    while True:
        plan, is_better = best, False
        for leaving in plan:
            rest = [site for site in plan if site != leaving]
            nearest = cost[:, rest].min(axis=1) if rest else np.full(cost.shape[0], np.inf)
            totals = np.minimum(nearest[:, None], cost).sum(axis=0)
            totals[list(plan)] = np.inf
            for entering in np.argsort(totals, kind="stable"):
                new = tuple(sorted([*rest, int(entering)]))
                if not totals[entering] < least * (1 - 1e-12):
                    break
                if new not in forbidden:
                    best, least, is_better = new, float(totals[entering]), True
                    break
        if not is_better:
            return best


# A bound ----------------------------------------------------------------------------------------


@dataclass
class Relaxed:
    """The best bound found, and for each site the least that a plan with it can cost."""

    bound: float
    with_site: Floats
    plan: Plan


def relaxed(cost: Floats, p: int, plan: Plan, without: list[Plan], limit: float) -> Relaxed:
    """Subgradient steps towards the best u, looking for better plans on the way."""
    sites = cost.shape[1]
    u = np.partition(cost, 1, axis=1)[:, 1] if sites > 1 else cost[:, 0]
    upper = value(cost, plan)
    best = Relaxed(-np.inf, np.full(sites, -np.inf), plan)
    factor, since = 2.0, 0
    forbidden = set(without)
    for _ in range(_STEPS):
        below = np.minimum(0.0, cost - u[:, None])
        rho = below.sum(axis=0)
        order = np.argsort(rho, kind="stable")
        bound = float(u.sum() + rho[order[:p]].sum())
        # With the site in: it takes the place of the p-th, if it is not among the p itself.
        np.maximum(
            best.with_site, bound + np.maximum(0.0, rho - rho[order[p - 1]]), out=best.with_site
        )
        if bound > best.bound + 1e-12 * abs(bound):
            best.bound, since = bound, 0
        else:
            since += 1
            if since >= 30:
                factor, since = factor / 2, 0
        found: Plan = tuple(sorted(order[:p].tolist()))
        if found not in forbidden and (cheaper := value(cost, found)) < upper:
            better = interchange(cost, found, without)
            upper, best.plan = min(cheaper, value(cost, better)), better
        served = (below[:, order[:p]] < 0).sum(axis=1)
        direction = 1.0 - served
        length = float(direction @ direction)
        if length == 0 or factor < 1e-4 or bound >= upper - _ROUNDING * upper:
            break
        if time.monotonic() > limit:
            break
        u = u + factor * (1.02 * upper - bound) / length * direction
    return best


def bounded(cost: Floats, p: int, without: list[Plan], limit: float) -> Found:
    """The best plan that is not among `without`, proven by the bound or by HiGHS."""
    start = _start(cost, p, without)
    if not start:
        return Found((), np.inf, "bounds")
    found = relaxed(cost, p, start, without, limit)
    upper = value(cost, found.plan)
    bound = _rounded_up(cost, found.bound)
    # Left-out sites are in no plan that is better; the one found stays whole.
    kept = _rounded_up(cost, found.with_site) < upper * (1 - _ROUNDING)
    kept[list(found.plan)] = True
    if bound >= upper * (1 - _ROUNDING) or kept.sum() == p:
        return Found(found.plan, upper, "bounds")
    sites = np.flatnonzero(kept)
    left = limit - time.monotonic()
    if left <= 0:
        return Found(found.plan, float(bound), "bounds")
    plan, proven = _by_radii(cost[:, sites], p, _renumbered(without, sites), left)
    best = found.plan
    if plan:
        plan = tuple(sites[list(plan)].tolist())
        best = plan if value(cost, plan) < upper else best
    upper = value(cost, best)
    return Found(best, min(upper, max(float(bound), proven)), "HiGHS")


def _start(cost: Floats, p: int, without: list[Plan]) -> Plan:
    first = interchange(cost, greedy(cost, p), without)
    if first not in without:
        return first
    for plan in combinations(range(cost.shape[1]), p):
        if plan not in without:
            return interchange(cost, plan, without)
    return ()


def _rounded_up(cost: Floats, bound: Any) -> Any:
    """Whole costs make whole plans."""
    is_whole = bool((cost == np.floor(cost)).all())
    return np.ceil(np.asarray(bound) - 1e-6) if is_whole else np.asarray(bound)


def _renumbered(without: list[Plan], sites: NDArray[np.int64]) -> list[Plan]:
    """Those of the plans that the kept sites can still make."""
    place = {int(site): index for index, site in enumerate(sites)}
    return [tuple(place[s] for s in plan) for plan in without if all(s in place for s in plan)]


# HiGHS ------------------------------------------------------------------------------------------


def _by_radii(cost: Floats, p: int, without: list[Plan], time_limit_s: float) -> tuple[Plan, float]:
    """The best plan and a bound, by Elloumi's formulation.

    For each demand its distinct costs in rising order; z = 1 where no open site is that near. Each
    z above one costs the step to the next. With p of n open nobody goes beyond the (n - p + 1)-th
    nearest, so steps after that are not needed.
    """
    from scipy import optimize, sparse

    demands, sites = cost.shape
    rows: list[int] = []
    columns: list[int] = []
    signs: list[float] = []
    steps: list[float] = []
    least: list[float] = []
    base = 0.0
    for i in range(demands):
        levels, which = np.unique(cost[i], return_inverse=True)
        farthest = int(which[np.argsort(cost[i], kind="stable")[sites - p]])
        base += float(levels[0])
        for level in range(farthest):
            row, z = len(least), sites + len(steps)
            nearby = np.flatnonzero(which == level)
            rows += [row] * (nearby.size + 1)
            columns += [*nearby.tolist(), z]
            signs += [1.0] * (nearby.size + 1)
            least.append(1.0)
            if level > 0:
                rows.append(row)
                columns.append(z - 1)
                signs.append(-1.0)
                least[-1] = 0.0
            steps.append(float(levels[level + 1] - levels[level]))
    size = sites + len(steps)
    limits = [_row_of(range(sites), size, p, p)]
    if least:
        matrix = sparse.csr_matrix((signs, (rows, columns)), (len(least), size))
        limits.append(optimize.LinearConstraint(matrix, np.array(least), np.inf))
    limits += [_row_of(plan, size, -np.inf, p - 1) for plan in without]
    found = optimize.milp(
        np.concatenate([np.zeros(sites), steps]),
        constraints=limits,
        integrality=np.concatenate([np.ones(sites), np.zeros(len(steps))]),
        bounds=optimize.Bounds(0, 1),
        options={"time_limit": time_limit_s, "mip_rel_gap": 1e-10},
    )
    bound = -np.inf if found.mip_dual_bound is None else base + float(found.mip_dual_bound)
    if found.status == 2:  # no plan is left: the one known is the best
        return (), np.inf
    if found.x is None:
        return (), bound
    return tuple(np.flatnonzero(found.x[:sites] > 0.5).tolist()), bound


def _row_of(sites: Any, size: int, low: float, high: float) -> Any:
    from scipy import optimize, sparse

    numbers = list(sites)
    row = sparse.csr_matrix(
        (np.ones(len(numbers)), (np.zeros(len(numbers), int), numbers)), (1, size)
    )
    return optimize.LinearConstraint(row, low, high)


def covering(within: NDArray[np.bool_], people: Floats, p: int, time_limit_s: float) -> Found:
    """The plan that reaches most."""
    from scipy import optimize, sparse

    reach, which = np.unique(within, axis=0, return_inverse=True)
    held = np.bincount(which.ravel(), people, minlength=reach.shape[0])
    kept = reach.any(axis=1) & (held > 0)
    reach, held = reach[kept], held[kept]
    sites = within.shape[1]
    size = sites + held.size
    limits = [_row_of(range(sites), size, p, p)]
    if held.size:
        linked = sparse.hstack(
            [sparse.csr_matrix(reach.astype(float)), -sparse.identity(held.size)]
        )
        limits.append(optimize.LinearConstraint(linked.tocsr(), 0, np.inf))
    found = optimize.milp(
        np.concatenate([np.zeros(sites), -held]),
        constraints=limits,
        integrality=np.concatenate([np.ones(sites), np.zeros(held.size)]),
        bounds=optimize.Bounds(0, 1),
        options={"time_limit": time_limit_s, "mip_rel_gap": 1e-10},
    )
    if found.x is None:
        return Found(tuple(range(p)), float(held.sum()), "HiGHS")
    plan: Plan = tuple(np.flatnonzero(found.x[:sites] > 0.5).tolist())
    return Found(plan, -float(found.mip_dual_bound), "HiGHS")
