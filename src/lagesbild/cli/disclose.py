"""`lagesbild disclose`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from lagesbild import disclosure
from lagesbild.cli._answer import Answer
from lagesbild.cli._command import statistic, working
from lagesbild.cli._text import basis_lines, number, table

_HIDDEN = "·"
_MOST = 100_000  # cells


@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--by",
    multiple=True,
    required=True,
    metavar="COLUMN",
    help="Of the table to publish; may be repeated, one for each axis.",
)
@click.option("--count", metavar="COLUMN", help="Holds counts to sum.  [default: rows are counted]")
@click.option(
    "--threshold",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="Counts from 1 to below this are hidden.",
)
@click.option(
    "--protection",
    type=click.IntRange(min=1),
    help="How wide the interval of a hidden count must be.  [default: the threshold]",
)
@click.option(
    "--hide-zeros",
    "suppress_zeros",
    is_flag=True,
    help="Zeros as well, not only what is from 1 to below the threshold.",
)
@click.option("--separator", metavar="CHARACTER", help="Of CSV; else found. 'tab' for a tab.")
@click.option("--encoding", help="Of CSV; else found.")
def answer(
    file: Path,
    *,
    by: tuple[str, ...],
    count: str | None,
    threshold: int,
    protection: int | None,
    suppress_zeros: bool,
    separator: str | None,
    encoding: str | None,
) -> Answer:
    """Hide small counts, and what they could be worked out from.

    The table is published with all its sums; that no hidden count can be worked out from them is
    then tried out, as an attacker would.

    \b
    lagesbild disclose events.csv --by location --by category
    lagesbild disclose counts.csv --by area --by week --count events --out public.csv
    """
    counts, labels = _counted(file, by, count, separator, encoding)
    with working("Hiding counts"):
        result = disclosure.suppress(
            counts, threshold=threshold, protection=protection, suppress_zeros=suppress_zeros,
            labels=labels,
        )  # fmt: skip
    with working("Trying to work them out"):
        audit = disclosure.audit(result)
    if not audit.is_safe:
        raise RuntimeError("a hidden count can be worked out")  # the library promises otherwise
    hidden, small = int(result.suppressed.sum()), int(result.small.sum())
    lines = [
        f"{number(hidden)} of {number(int(result.shown.sum()))} numbers are hidden: "
        f"{number(small)} small ones and {number(hidden - small)} that protect them",
        "", *_table(result, by),
        *basis_lines(
            result.basis, f"Table: {' × '.join(by)} of {file.name}, with all sums; threshold "
            f"{threshold}.",
            f"Tried out: no hidden count can be worked out to within less than {result.protection} "
            f"from what is shown; {_HIDDEN} is hidden.",
        ),
    ]  # fmt: skip
    return Answer(lines=lines, result=result, columns=_columns(result, by))


def _counted(
    file: Path, by: tuple[str, ...], count: str | None, separator: str | None, encoding: str | None
) -> tuple[np.ndarray, list[list[str]]]:
    """The table and the labels of its axes, in the order of their names."""
    import polars as pl

    from lagesbild.events._files import opened
    from lagesbild.events._values import numbers, trimmed

    if len(set(by)) < len(by):
        raise ValueError("by: the same column twice")
    how = {"separator": "\t" if separator == "tab" else separator, "encoding": encoding}
    with opened(file, header=True, **how) as source:
        for name in (*by, *([count] if count else [])):
            if name not in source.names:
                raise ValueError(
                    f"by, count: no column {name!r}; there are {', '.join(source.names)}"
                )
        value = pl.lit(1.0) if count is None else numbers(trimmed(pl.col(count)))
        parts = []
        for batch in source.batches([*by, *([count] if count else [])]):
            frame = batch.select(
                *(trimmed(pl.col(name)).fill_null("(none)").alias(name) for name in by),
                value.alias("__count"),
            )
            _check_counts(frame, batch, count)
            parts.append(frame.group_by(by).agg(pl.col("__count").sum()))
    if not parts or not sum(map(len, parts)):
        raise ValueError(f"{file}: no rows below the names")
    whole = pl.concat(parts).group_by(by).agg(pl.col("__count").sum())
    labels = [sorted(whole[name].unique().to_list()) for name in by]
    shape = tuple(map(len, labels))
    if int(np.prod(shape)) > _MOST:
        raise ValueError(f"by: {' × '.join(map(str, shape))} are more than {number(_MOST)} cells")
    counts = np.zeros(shape)
    places = [np.searchsorted(np.array(axis), whole[name].to_numpy().astype(str))
              for axis, name in zip(labels, by, strict=True)]  # fmt: skip
    counts[tuple(places)] = whole["__count"].to_numpy()
    return counts, labels


def _check_counts(frame: Any, batch: Any, count: str | None) -> None:
    value = frame["__count"]
    bad = value.is_null() | (value < 0) | (value != value.floor())
    if bad.any():
        rows = ", ".join(map(str, batch["__row"].filter(bad).head(5)))
        raise ValueError(f"count: {count} is not a whole number of zero or more in rows {rows}")


def _columns(result: disclosure.Release, by: tuple[str, ...]) -> dict[str, list[Any]]:
    """A row for each number, sums included; None where it is hidden."""
    cells = [each for each in np.ndindex(*result.values.shape) if result.shown[each]]
    columns: dict[str, list[Any]] = {
        name: [result.labels[axis][each[axis]] for each in cells] for axis, name in enumerate(by)
    }
    columns["count"] = [
        None if result.suppressed[each] else int(result.values[each]) for each in cells
    ]
    columns["hidden"] = [bool(result.suppressed[each]) for each in cells]
    return columns


def _table(result: disclosure.Release, by: tuple[str, ...]) -> list[str]:
    """Of two axes a table, of others a list."""
    if len(by) != 2 or result.values.shape[1] > 12 or result.values.shape[0] > 60:
        columns = _columns(result, by)
        shown = {name: [str(each) for each in columns[name][:40]] for name in by}
        shown["count"] = [_HIDDEN if each is None else number(each)
                          for each in columns["count"][:40]]  # fmt: skip
        more = len(columns["count"]) - 40
        return [*table(shown), *([f"  and {number(more)} more; --out table.csv has all"]
                                 if more > 0 else [])]  # fmt: skip
    rows, across = result.labels
    shown = {by[0]: [str(each) for each in rows]}
    for column, name in enumerate(across):
        shown[str(name)] = [
            _HIDDEN if result.suppressed[row, column] else number(result.values[row, column])
            for row in range(len(rows))
        ]
    return table(shown)


command = statistic("disclose", suffixes=(".json", ".csv", ".svg", ".png"))(answer)
