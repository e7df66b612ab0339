"""Labels as numbers: which of a list of labels each row has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import rows_where

_DENSE = 4_000_000  # whole numbers within such a range are looked up in a table
_ROOM = 1 << 12  # distinct texts that there is room for at first


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """In one piece and read-only, as events' columns are: a loop is compiled for one form only."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


@dataclass(frozen=True, eq=False)
class Labels:
    """`values`, and for each row the index of its label among them.

    Either `numbers` holds the indices, or `table` has that of label `least` + i at i, or all rows
    have the one label.
    """

    values: NDArray[Any]
    numbers: NDArray[np.int32] | None = None
    column: NDArray[Any] | None = None
    least: int = 0
    table: NDArray[np.int32] | None = None

    def codes(self, rows: slice) -> NDArray[np.int32]:
        """The indices of these rows."""
        if self.numbers is not None:
            return self.numbers[rows]
        if self.column is None or self.table is None:
            return np.zeros(rows.stop - rows.start, np.int32)
        return self.table[self.column[rows].astype(np.int64, copy=False) - self.least]


def labelled(name: str, column: NDArray[Any] | None, given: ArrayLike | None) -> Labels:
    """The labels of a column: `given` ones in their order, or those that occur, sorted.

    A column that is None has one label: 'all'. Raises ValueError, naming rows, for labels that
    are missing or not among the given, and for given ones that come twice.
    """
    wanted = None if given is None else np.asarray(given)
    if wanted is not None and len(set(wanted.tolist())) < wanted.size:
        raise ValueError(f"{name}: a label comes twice")
    if column is None:
        return Labels(np.array(["all"]) if wanted is None else _only(name, wanted))
    if column.dtype.kind in "iu" and column.size:
        least, most = int(column.min()), int(column.max())
        if most - least < _DENSE:
            return _by_table(name, column, wanted, least, most)
    distinct, numbers = _distinct(name, column)
    if wanted is None:
        return Labels(distinct, numbers)
    index = _index_in(wanted, distinct)
    _all_known(name, index, numbers)
    return Labels(wanted, index[numbers] if distinct.size else numbers)


def _only(name: str, wanted: NDArray[Any]) -> NDArray[Any]:
    if wanted.size != 1:
        raise ValueError(f"{name}: the events have none, so there is one label at most")
    return wanted


def _by_table(
    name: str, column: NDArray[Any], wanted: NDArray[Any] | None, least: int, most: int
) -> Labels:
    from lagesbild import _cube_kernels as kernels  # numba: seconds, only when computing

    seen = np.zeros(most - least + 1, np.bool_)
    kernels.mark(frozen(column.astype(np.int64, copy=False)), least, seen)
    distinct = np.flatnonzero(seen) + least
    index = np.arange(distinct.size, dtype=np.int32)
    if wanted is not None:
        index = _index_in(wanted, distinct)
        if (index < 0).any():
            _all_known(name, index, np.searchsorted(distinct, column))
    table = np.full(seen.size, -1, np.int32)
    table[distinct - least] = index
    values = distinct.astype(column.dtype) if wanted is None else wanted
    return Labels(values, column=column, least=least, table=table)


def _index_in(wanted: NDArray[Any], distinct: NDArray[Any]) -> NDArray[np.int32]:
    places = {label: index for index, label in enumerate(wanted.tolist())}
    return np.array([places.get(label, -1) for label in distinct.tolist()], np.int32)


def _all_known(name: str, index: NDArray[np.int32], numbers: NDArray[Any]) -> None:
    unknown = index < 0
    if unknown.any():
        raise ValueError(f"{name}: not among the labels given in {rows_where(unknown[numbers])}")


def _distinct(name: str, column: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """The labels that occur, sorted, and which of them each row has."""
    if column.dtype.kind == "O":
        missing = np.array([value is None or value != value for value in column], np.bool_)
        if missing.any():
            raise ValueError(f"{name}: missing in {rows_where(missing)}")
        if all(isinstance(value, str) for value in column):
            column = column.astype(np.str_)
    if column.dtype.kind == "f" and (missing := np.isnan(column)).any():
        raise ValueError(f"{name}: missing in {rows_where(missing)}")
    if column.dtype.kind == "U" and column.size:
        return _distinct_texts(column)
    try:
        distinct, numbers = np.unique(column, return_inverse=True)
    except TypeError as error:
        raise ValueError(f"{name}: labels of one kind are wanted ({error})") from error
    return distinct, numbers.astype(np.int32)


def _distinct_texts(column: NDArray[np.str_]) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """By a hash table: sorting ten million texts would take a minute."""
    from lagesbild import _cube_kernels as kernels

    words = frozen(np.ascontiguousarray(column).view(np.uint32).reshape(column.size, -1))
    numbers = np.empty(column.size, np.int32)
    room, count = _ROOM, -1
    while count < 0:
        room *= 8
        firsts = np.empty(room, np.int64)
        count = kernels.code_words(words, np.full(room, -1, np.int64), firsts, numbers)
    distinct = column[firsts[:count]]
    order = np.argsort(distinct, kind="stable")
    rank = np.empty(count, np.int32)
    rank[order] = np.arange(count, dtype=np.int32)
    return distinct[order], rank[numbers]
