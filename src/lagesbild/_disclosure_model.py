"""Tables and what is published of them, as linear statements about whole numbers.

An *atom* is an inner cell of a table. Everything published is a sum of atoms. Atoms of several
releases are one unknown where they have the same labels and the same count, else two: the
attacker is taken to know which counts have changed, and that they only grew where all did.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Cell = tuple[Hashable, ...]
TOTAL = "total"
_TIME_LIMIT_S = 20.0  # for one cell; after it, what has been found counts


@dataclass(frozen=True, eq=False)
class Table:
    """Counts, and the sums of them that are published."""

    counts: NDArray[np.float64]
    margins: frozenset[frozenset[int]] | None
    groups: tuple[tuple[Hashable, ...], ...]  # for each axis each entry's group; () without
    names: tuple[tuple[Hashable, ...], ...]

    @classmethod
    def of(
        cls,
        counts: NDArray[np.float64],
        margins: Sequence[Sequence[int]] | None,
        groups: Mapping[int, Sequence[Hashable]],
        labels: Sequence[Sequence[Hashable] | None] | None,
    ) -> Table:
        axes = range(counts.ndim)
        if not counts.size:
            raise ValueError("table: no cells")
        for name, given in (("groups", set(groups)), ("margins", set().union(*(margins or ())))):
            if not given <= set(axes):
                raise ValueError(f"{name}: axes from 0 to {counts.ndim - 1} wanted")
        if labels is not None and len(labels) != counts.ndim:
            raise ValueError(f"labels: one list for each of {counts.ndim} axes wanted")
        names, parents = [], []
        for axis, size in enumerate(counts.shape):
            own = None if labels is None else labels[axis]
            names.append(tuple(range(size)) if own is None else tuple(own))
            parents.append(tuple(groups.get(axis, ())))
            if len(names[-1]) != size or len(set(names[-1])) != size:
                raise ValueError(f"labels: {size} different names wanted for axis {axis}")
            if axis in groups and len(parents[-1]) != size:
                raise ValueError(f"groups: a group for each of {size} entries of axis {axis}")
        kept = None if margins is None else frozenset(frozenset(each) for each in margins)
        return cls(counts, kept, tuple(parents), tuple(names))

    @cached_property
    def extended_labels(self) -> tuple[tuple[Hashable, ...], ...]:
        return tuple(
            (*names, *(("group", one) for one in dict.fromkeys(parents)), TOTAL)
            for names, parents in zip(self.names, self.groups, strict=True)
        )

    @cached_property
    def matrix(self) -> Any:
        """Sparse (extended cells, atoms), both in row order."""
        from scipy import sparse

        whole = sparse.csr_matrix(np.ones((1, 1)))
        for parents, size in zip(self.groups, self.counts.shape, strict=True):
            rows = [np.eye(size)]
            rows += [np.array([[p == one for p in parents]], float)
                     for one in dict.fromkeys(parents)]  # fmt: skip
            rows.append(np.ones((1, size)))
            whole = sparse.kron(whole, sparse.csr_matrix(np.vstack(rows)), format="csr")
        return whole

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(names) for names in self.extended_labels)

    @cached_property
    def totals(self) -> NDArray[np.float64]:
        return np.asarray(self.matrix @ self.counts.ravel()).reshape(self.shape)

    @cached_property
    def shown(self) -> NDArray[np.bool_]:
        """Inner cells and groups, and those totals that keep axes named in `margins`."""
        found = np.ones(self.shape, bool)
        if self.margins is None:
            return found
        for summed in product((False, True), repeat=self.counts.ndim):
            kept = frozenset(axis for axis, is_sum in enumerate(summed) if not is_sum)
            if any(summed) and kept not in self.margins:
                part = tuple(slice(-1, None) if is_sum else slice(-1) for is_sum in summed)
                found[part] = False
        return found

    def cells(self) -> list[Cell]:
        """The extended cells' labels, in row order."""
        return list(product(*self.extended_labels))

    def atoms(self) -> Iterator[tuple[Cell, float]]:
        return zip(product(*self.names), self.counts.ravel().tolist(), strict=True)


@dataclass(frozen=True)
class Known:
    """A release as the attacker has it."""

    table: Table
    suppressed: NDArray[np.bool_]


@dataclass(frozen=True)
class Secret:
    """A sum of unknowns that must not be worked out."""

    row: Any  # sparse (1, unknowns)
    value: float
    release: int
    since: int | None
    cell: Cell


@dataclass(eq=False)
class Attack:
    """The unknowns of all releases, and what is known of them.

    truth      the unknowns as they are
    rows       for each release, its extended cells as sums of unknowns
    growth     sums of unknowns that cannot be negative
    """

    known: list[Known]
    truth: NDArray[np.float64]
    rows: list[Any]
    growth: Any

    @classmethod
    def of(cls, known: list[Known]) -> Attack:
        from scipy import sparse

        latest: dict[Cell, tuple[int, float]] = {}
        truth: list[float] = []
        places, grown = [], []
        for one in known:
            atoms = list(one.table.atoms())
            old = [(value, latest[cell][1]) for cell, value in atoms if cell in latest]
            only_grew = all(value >= before for value, before in old)
            place = []
            for cell, value in atoms:
                known_as = latest.get(cell)
                if known_as is None or known_as[1] != value:
                    latest[cell] = (len(truth), value)
                    truth.append(value)
                    if known_as is not None and only_grew:
                        grown.append((latest[cell][0], known_as[0]))
                place.append(latest[cell][0])
            places.append(place)
        size = len(truth)
        rows = []
        for one, place in zip(known, places, strict=True):
            picked = sparse.csr_matrix(
                (np.ones(len(place)), (np.arange(len(place)), place)), (len(place), size)
            )
            rows.append((one.table.matrix @ picked).tocsr())
        growth = sparse.lil_matrix((len(grown), size))
        for row, (new, before) in enumerate(grown):
            growth[row, new], growth[row, before] = 1, -1
        return cls(known, np.array(truth), rows, growth.tocsr())

    def published(self, release: int) -> NDArray[np.bool_]:
        one = self.known[release]
        return np.asarray((one.table.shown & ~one.suppressed).ravel())

    def secrets(self, thresholds: Sequence[int]) -> Iterator[Secret]:
        """Every hidden cell, and every small difference of a cell between two releases."""
        for late, one in enumerate(self.known):
            cells, rows = one.table.cells(), self.rows[late]
            totals = one.table.totals.ravel()
            for index in np.flatnonzero((one.table.shown & one.suppressed).ravel()):
                yield Secret(rows[index], float(totals[index]), late, None, cells[index])
            for early in range(late):
                yield from self._differences(early, late, thresholds[late])

    def _differences(self, early: int, late: int, threshold: int) -> Iterator[Secret]:
        before, after = self.known[early].table, self.known[late].table
        place = {cell: index for index, cell in enumerate(before.cells())}
        old, new = before.totals.ravel(), after.totals.ravel()
        was_shown, is_shown = before.shown.ravel(), after.shown.ravel()
        for index, cell in enumerate(after.cells()):
            other = place.get(cell)
            if other is None or not (was_shown[other] and is_shown[index]):
                continue
            difference = float(new[index] - old[other])
            if 0 < abs(difference) < threshold:
                row = (self.rows[late][index] - self.rows[early][other]) * np.sign(difference)
                yield Secret(row, abs(difference), late, early, cell)

    def interval(self, row: Any) -> tuple[float, float]:
        """The least and greatest value of a sum, over all whole-numbered tables that agree.

        Nearly always the best of all tables is whole by itself. Where not, HiGHS is asked without
        its presolve, which for whole numbers now and then calls optimal what is far from it: an
        interval came out that did not hold the truth.
        """
        from scipy import optimize, sparse

        fixed = sparse.vstack(
            [rows[self.published(release)] for release, rows in enumerate(self.rows)]
        ).tocsr()
        values = fixed @ self.truth
        limits = [optimize.LinearConstraint(fixed, values, values)] if fixed.shape[0] else []
        if self.growth.shape[0]:
            limits.append(optimize.LinearConstraint(self.growth, 0, np.inf))
        aim = np.asarray(row.toarray()).ravel()
        ends = []
        for sign in (1.0, -1.0):
            for whole in (False, True):
                found = optimize.milp(
                    sign * aim,
                    constraints=limits,
                    integrality=np.full(aim.size, whole),
                    bounds=optimize.Bounds(0, np.inf),
                    options={"time_limit": _TIME_LIMIT_S, "presolve": not whole},
                )
                if found.x is not None and np.abs(found.x - np.round(found.x)).max() < 1e-6:
                    break
            # 3 and 4: there is no end. Past the time limit, the best table found still stands.
            ends.append(-sign * np.inf if found.x is None else float(np.round(aim @ found.x)))
        return ends[0], ends[1]


def hide(
    earlier: list[Known],
    table: Table,
    hidden: NDArray[np.bool_],
    *,
    threshold: int,
    protection: int,
) -> NDArray[np.bool_]:
    """`hidden`, and what else must be hidden for every secret to have `protection`."""
    hidden = hidden.copy()
    attack = Attack.of([*earlier, Known(table, hidden)])
    new = len(earlier)
    witnesses: list[NDArray[np.float64]] = []  # changes to the truth that nobody could notice
    waiting = list(attack.secrets([threshold] * (new + 1)))
    while waiting:
        secret = waiting.pop(0)
        if _is_wide(secret, witnesses, protection):
            continue
        changes = _changes(attack, hidden, secret, protection)
        if not changes:
            raise ValueError(
                f"earlier: what is already published gives away {secret.cell!r}, which is small"
            )
        witnesses += changes
        moved = sum(np.abs(attack.rows[new] @ change) for change in changes)
        touched = (moved > 0.5).reshape(table.shape)
        more = touched & table.shown & ~hidden
        hidden |= more
        cells = table.cells()
        for index in np.flatnonzero(more.ravel()):
            value = float(table.totals.ravel()[index])
            waiting.append(Secret(attack.rows[new][index], value, new, None, cells[index]))
    return hidden


def _is_wide(secret: Secret, witnesses: list[NDArray[np.float64]], protection: int) -> bool:
    """Whether tables already found differ in this secret by as much as it takes."""
    moves = [0.0, *(float((secret.row @ change)[0]) for change in witnesses)]
    return max(moves) - min(moves) >= protection


def _changes(
    attack: Attack, hidden: NDArray[np.bool_], secret: Secret, protection: int
) -> list[NDArray[np.float64]]:
    """Tables that differ in the secret by `protection`: one above the truth or below it.

    Where earlier releases leave no room for that, one on either side. Empty: there are none.
    """
    for presolve in (True, False):  # see `Attack.interval`; here it is quick, and mostly right
        for up in (protection, 0, *range(protection - 1, 0, -1)):
            moves = [move for move in (up, up - protection) if move]
            found = [_least_change(attack, hidden, secret, move, presolve) for move in moves]
            changes = [change for change in found if change is not None]
            if len(changes) == len(moves):
                return changes
    return []


def _least_change(
    attack: Attack, hidden: NDArray[np.bool_], secret: Secret, move: int, presolve: bool
) -> NDArray[np.float64] | None:
    """A change of whole numbers by which the secret grows by `move`, touching little.

    No count becomes negative and nothing published earlier changes. What is still published of
    the new table may change at a price, and must then be hidden; totals cost more than cells.
    """
    from scipy import optimize, sparse

    new = len(attack.known) - 1
    table = attack.known[new].table
    size = attack.truth.size
    open_rows = (table.shown & ~hidden).ravel()
    rows = attack.rows[new][open_rows]
    totals = table.totals.ravel()[open_rows]
    # A zero may be known for certain from elsewhere, so it protects worst.
    price = np.where(totals > 0, 1.0 + totals, 1.0 + 2 * abs(move))
    each = sparse.identity(rows.shape[0], format="csr")
    limits = [
        optimize.LinearConstraint(sparse.hstack([rows, -each]), -np.inf, 0),
        optimize.LinearConstraint(sparse.hstack([-rows, -each]), -np.inf, 0),
        optimize.LinearConstraint(_widened(secret.row, rows.shape[0]), move, move),
    ]
    for release in range(new):
        fixed = attack.rows[release][attack.published(release)]
        limits.append(optimize.LinearConstraint(_widened(fixed, rows.shape[0]), 0, 0))
    if attack.growth.shape[0]:
        floor = -(attack.growth @ attack.truth)
        limits.append(
            optimize.LinearConstraint(_widened(attack.growth, rows.shape[0]), floor, np.inf)
        )
    found = optimize.milp(
        np.concatenate([np.zeros(size), price]),
        constraints=[one for one in limits if one.A.shape[0]],
        integrality=np.concatenate([np.ones(size), np.zeros(rows.shape[0])]),
        bounds=optimize.Bounds(
            np.concatenate([-attack.truth, np.zeros(rows.shape[0])]), np.inf
        ),
        options={"time_limit": _TIME_LIMIT_S, "presolve": presolve},
    )  # fmt: skip
    return None if found.x is None else np.round(found.x[:size])


def _widened(rows: Any, more: int) -> Any:
    from scipy import sparse

    return sparse.hstack([rows, sparse.csr_matrix((rows.shape[0], more))]).tocsr()
