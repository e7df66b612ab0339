"""Plain text that is read by people: tables, numbers, what an answer rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lagesbild._results import Basis


def number(value: Any, decimals: int = 0) -> str:
    """1 234.5 as '1,234.5'; what there is not as '-'."""
    if value is None or not np.isfinite(value):
        return "-" if value is None or np.isnan(value) else "∞"
    return f"{value:,.{decimals}f}"


def p_text(value: Any) -> str:
    if value is None or not np.isfinite(value):
        return "-"
    return f"{value:.3f}" if value >= 0.001 else f"{value:.1e}"


def day(value: Any) -> str:
    return str(value.astype("datetime64[D]")) if isinstance(value, np.datetime64) else str(value)


def table(columns: Mapping[str, Sequence[str]], *, indent: str = "  ") -> list[str]:
    """Columns of text under their names; what looks like a number stands to the right."""
    if not columns:
        return []
    widths = {name: max(len(name), *map(len, cells), 0) for name, cells in columns.items()}
    right = {name: _all_numbers(cells) for name, cells in columns.items()}

    def line(cells: Sequence[str]) -> str:
        shown = [
            cell.rjust(widths[name]) if right[name] else cell.ljust(widths[name])
            for name, cell in zip(columns, cells, strict=True)
        ]
        return (indent + "  ".join(shown)).rstrip()

    rows = zip(*columns.values(), strict=True)
    return [line(list(columns)), *(line(row) for row in rows)]


def _all_numbers(cells: Sequence[str]) -> bool:
    return all(not cell or cell[0] in "0123456789-+∞<>·" for cell in cells)


def basis_lines(basis: Basis, *more: str) -> list[str]:
    """The last paragraph of every answer: what the numbers rest on."""
    parts = [f"{basis.method}, {number(basis.n)} in all"]
    if basis.seed is not None:
        parts.append(f"seed {basis.seed}")
    if basis.replicates:
        parts.append(f"{number(basis.replicates)} replicates")
    parts.append(f"data {basis.fingerprint}")
    return ["", f"Basis: {'; '.join(parts)}.", *more]
