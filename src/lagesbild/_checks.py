"""Checks of arguments. Each raises ValueError naming the argument and, where it can, the rows."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

_ROWS_SHOWN = 5


def rows_where(mask: NDArray[np.bool_]) -> str:
    """'rows 3, 7 and 12 more' for the True entries of a mask (counted from 0)."""
    rows = np.flatnonzero(mask)
    shown = ", ".join(str(row) for row in rows[:_ROWS_SHOWN])
    more = f" and {rows.size - _ROWS_SHOWN} more" if rows.size > _ROWS_SHOWN else ""
    return f"row{'s' if rows.size > 1 else ''} {shown}{more}"


def _by_row(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(mask.reshape(mask.shape[0], -1).any(axis=1))


def finite(name: str, values: ArrayLike, *, dimensions: int = 1) -> NDArray[np.float64]:
    """`values` as float64 with so many dimensions, every one finite."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: not numbers ({error})") from error
    if array.ndim != dimensions:
        raise ValueError(f"{name}: {dimensions} dimension(s) wanted, {array.ndim} given")
    bad = ~np.isfinite(array)
    if bad.any():
        raise ValueError(f"{name}: not finite in {rows_where(_by_row(bad))}")
    return array


def counts(name: str, values: ArrayLike, *, dimensions: int = 1) -> NDArray[np.float64]:
    """Whole numbers of zero or more."""
    array = finite(name, values, dimensions=dimensions)
    bad = (array < 0) | (array != np.floor(array))
    if bad.any():
        where = rows_where(_by_row(bad))
        raise ValueError(f"{name}: not a whole number of zero or more in {where}")
    return array


def positive(name: str, value: float) -> float:
    if not np.isfinite(value) or value <= 0:
        raise ValueError(f"{name}: a number above zero wanted, {value!r} given")
    return float(value)


def at_least(name: str, value: int, least: int) -> int:
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name}: a whole number of at least {least} wanted, {value!r} given")
    return int(value)


def one_of(name: str, value: Any, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise ValueError(f"{name}: one of {', '.join(choices)} wanted, {value!r} given")
    return str(value)


def same_length(**arrays: NDArray[Any] | None) -> int:
    """The common length of all given arrays (None is passed over)."""
    lengths = {name: array.shape[0] for name, array in arrays.items() if array is not None}
    if len(set(lengths.values())) > 1:
        raise ValueError(
            "different lengths: " + ", ".join(f"{name} {size}" for name, size in lengths.items())
        )
    return int(next(iter(lengths.values())))
