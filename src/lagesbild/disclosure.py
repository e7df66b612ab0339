"""Statistics that give nobody away: hide small counts, and prove that they cannot be worked out.

A small count that is left blank can often be had back by subtracting its neighbours from a total,
one week's total from the next, or an old version from a new. `suppress` therefore hides further
numbers, and `audit` plays the attacker: of all tables of whole numbers that agree with everything
published, between what least and what greatest values does each hidden number lie?

Sources: Fischetti & Salazar-González (2000), Oper Res 48:423 and Hundepool et al. (2012),
Statistical Disclosure Control, ch. 4 (complementary suppression, auditing, protection levels);
Kelly, Golden & Assad (1992), Networks 22:397 (one optimisation for each sensitive cell).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild import _disclosure_model as model
from lagesbild._checks import at_least, counts, finite
from lagesbild._results import Basis, Result, fingerprint
from lagesbild.neighbours import to_neighbours

Cell = tuple[Hashable, ...]


@dataclass(frozen=True, kw_only=True)
class Release(Result):
    """A table with its sums, as it may be published.

    values      the table, extended along each axis by its groups and its total; NaN where hidden
    shown       which of these belong to the publication at all (the margins asked for)
    suppressed  which are hidden
    small       which are hidden for being small themselves; the others protect them
    labels      for each axis the names of rows, then of groups, then 'total'

    `to_dict` and `repr` leave out the true counts, which stay within for later releases and audits.
    """

    values: NDArray[np.float64]
    shown: NDArray[np.bool_]
    suppressed: NDArray[np.bool_]
    small: NDArray[np.bool_]
    labels: tuple[tuple[Hashable, ...], ...]
    threshold: int
    protection: int
    truth: model.Table = field(repr=False)

    @property
    def table(self) -> NDArray[np.float64]:
        """The inner table alone, NaN where hidden."""
        return self.values[tuple(slice(size) for size in self.truth.counts.shape)]

    def to_dict(self) -> dict[str, Any]:
        plain = super().to_dict()
        del plain["truth"]
        return plain


@dataclass(frozen=True)
class Interval:
    """What can be worked out about one hidden number.

    release  its place among the releases audited; for a difference, that of the later
    since    of a difference, the place of the earlier release; else None
    cell     its labels
    low, high  no table that agrees with what is published has less, or more
    """

    release: int
    since: int | None
    cell: Cell
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True, kw_only=True)
class Audit(Result):
    """What an attacker with all releases at hand can work out.

    intervals    of every hidden number, and of every small difference between releases
    recoverable  those narrower than the protection asked for: must be none
    """

    intervals: tuple[Interval, ...]
    recoverable: tuple[Interval, ...]
    protection: int

    @property
    def is_safe(self) -> bool:
        return not self.recoverable


def suppress(
    table: ArrayLike,
    *,
    threshold: int = 5,
    margins: Sequence[Sequence[int]] | None = None,
    groups: Mapping[int, Sequence[Hashable]] | None = None,
    labels: Sequence[Sequence[Hashable] | None] | None = None,
    earlier: Sequence[Release] = (),
    protection: int | None = None,
    suppress_zeros: bool = False,
    complementary: bool = True,
) -> Release:
    """Hide counts from 1 to `threshold` - 1, and what they could be worked out from.

    table     whole numbers with any number of axes, such as areas × weeks × categories
    margins   which sums are published, each as the axes it keeps: [(0,), (1,), ()] for the rows'
              and columns' sums and the grand total. None: all of them
    groups    for an axis, the group of each of its entries (an area's municipality, a week's
              month); group sums are published wherever the axis itself is
    labels    for each axis the names of its entries (None: numbered); by these, cells are known
              again in `earlier` releases, whose totals, weeks and versions can be subtracted
    protection  how wide, at least, the interval of a hidden number must be; None: `threshold`
    suppress_zeros  hide zeros as well; otherwise a zero is shown unless it must protect others
    complementary   False hides the small counts alone, which protects almost nothing

    Every hidden number is protected, and every difference of 1 to `threshold` - 1 between this
    and an earlier release, against an attacker who knows which counts have not changed since, and
    that counts only grew where they only did. For each, another table of whole numbers is sought
    that differs there by the protection and from this in as little as possible of what is
    published; all that differs is hidden. What is hidden is small, not provably the least.

    Raises ValueError for counts that are not whole, axes or labels that do not fit, or when
    earlier releases already give away what should be hidden.
    """
    array = counts("table", table, dimensions=max(1, np.ndim(table)))
    least = at_least("threshold", threshold, 1)
    width = least if protection is None else at_least("protection", protection, 1)
    truth = model.Table.of(array, margins, groups or {}, labels)
    totals, shown = truth.totals, truth.shown
    is_small = shown & (totals < least) & ((totals > 0) | suppress_zeros)
    hidden = is_small.copy()
    if complementary:
        known = [model.Known(one.truth, one.suppressed) for one in earlier]
        hidden = model.hide(known, truth, hidden, threshold=least, protection=width)
    return Release(
        basis=Basis(
            method="cell suppression" if complementary else "primary suppression only",
            parameters={
                "threshold": least,
                "protection": width,
                "suppress_zeros": suppress_zeros,
                "earlier": [one.basis.fingerprint for one in earlier],
            },
            n=int(array.size),
            # Of what is published: one of the counts themselves could be found by trying.
            fingerprint=fingerprint(np.where(hidden | ~shown, np.nan, totals)),
        ),
        values=np.where(hidden | ~shown, np.nan, totals),
        shown=shown,
        suppressed=hidden,
        small=is_small,
        labels=truth.extended_labels,
        threshold=least,
        protection=width,
        truth=truth,
    )


def audit(releases: Release | Sequence[Release], *, protection: int | None = None) -> Audit:
    """The least and greatest value of each hidden number, given all `releases`, oldest first.

    Differences between releases are looked at as well, where they are small (below the later
    release's threshold). `protection` None: the widest asked for among the releases.

    Raises ValueError for no release.
    """
    given = [releases] if isinstance(releases, Release) else list(releases)
    if not given:
        raise ValueError("releases: none given")
    width = (
        max(one.protection for one in given)
        if protection is None
        else at_least("protection", protection, 1)
    )
    known = [model.Known(one.truth, one.suppressed) for one in given]
    attack = model.Attack.of(known)
    found = []
    for secret in attack.secrets([one.threshold for one in given]):
        low, high = attack.interval(secret.row)
        found.append(Interval(secret.release, secret.since, secret.cell, low, high))
    return Audit(
        basis=Basis(
            method="audit of releases",
            parameters={"protection": width, "releases": len(given)},
            n=len(found),
            fingerprint=fingerprint(*(one.values for one in given)),
        ),
        intervals=tuple(found),
        recoverable=tuple(one for one in found if one.width < width - 1e-6),
        protection=width,
    )


@dataclass(frozen=True, kw_only=True)
class MergedAreas(Result):
    """Areas large enough to be told of.

    group  (n,) the merged area that each belongs to, numbered from 0; -1 for those that have no
           neighbour to be merged with and are too small to be told of
    sizes  what each merged area holds, all at least k
    """

    group: NDArray[np.int64]
    sizes: NDArray[np.float64]


def k_areas(sizes: ArrayLike, neighbours: Any, *, k: int = 8) -> MergedAreas:
    """Merge areas with their neighbours until each holds at least k (homes, addresses, people).

    The smallest that is too small goes together with its smallest neighbour, again and again; of
    equals, the one that comes first. Merge by what changes seldom, never by the counts to publish:
    borders that follow the counts give them away.

    sizes (n,) zero or more; neighbours: see `neighbours.to_neighbours`.
    Raises ValueError for sizes that are negative or do not fit the neighbours in number.
    """
    held = finite("sizes", sizes)
    least = at_least("k", k, 1)
    if (held < 0).any():
        raise ValueError("sizes: negative values")
    links = to_neighbours(neighbours)
    if len(links) != held.size:
        raise ValueError(f"neighbours: {held.size} areas wanted, {len(links)} given")
    group = _merged(held, _both_ways(links.rows, links.indices, held.size), least)
    kept = np.unique(group[group >= 0])
    group = np.where(group >= 0, np.searchsorted(kept, group), -1)
    return MergedAreas(
        basis=Basis(
            method="areas merged to k",
            parameters={"k": least},
            n=int(held.size),
            fingerprint=fingerprint(held, links.indptr, links.indices),
        ),
        group=group,
        sizes=np.bincount(group[group >= 0], held[group >= 0], kept.size).astype(np.float64),
    )


def _both_ways(rows: NDArray[np.int64], others: NDArray[np.int64], n: int) -> list[set[int]]:
    beside: list[set[int]] = [set() for _ in range(n)]
    for a, b in zip(rows.tolist(), others.tolist(), strict=True):
        beside[a].add(b)
        beside[b].add(a)
    return beside


def _merged(sizes: NDArray[np.float64], beside: list[set[int]], k: int) -> NDArray[np.int64]:
    """Each area's group, named by its first member; -1 for those that stay too small."""
    import heapq

    group = np.arange(sizes.size)
    held = sizes.tolist()
    members = [[area] for area in range(sizes.size)]
    waiting = [(size, area) for area, size in enumerate(held) if size < k]
    heapq.heapify(waiting)
    while waiting:
        size, area = heapq.heappop(waiting)
        if not members[area] or held[area] != size or not beside[area]:
            continue
        other = min(beside[area], key=lambda each: (held[each], each))
        first, second = min(area, other), max(area, other)
        held[first] += held[second]
        members[first] += members[second]
        members[second] = []
        beside[first] = (beside[first] | beside[second]) - {first, second}
        for each in beside[second]:
            beside[each] = (beside[each] - {second}) | {first} - {each}
        beside[second] = set()
        if held[first] < k:
            heapq.heappush(waiting, (held[first], first))
    for first, areas in enumerate(members):
        group[areas] = first if held[first] >= k else -1
    return group
