"""Figures that are tables: Knox' bands, what may be published, who works when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from lagesbild.plot._sheet import (
    BLUE,
    DARK,
    INK,
    LIGHT,
    LINE,
    MUTED,
    PAPER,
    SMALL,
    VERMILION,
    WIDTH,
    Drawing,
    Sheet,
    Table,
    legend,
    legend_height,
    sequence,
    shortened,
    text_width,
)
from lagesbild.plot._words import Period, Words, dates_axis, days_of

if TYPE_CHECKING:
    from lagesbild.disclosure import Audit, MergedAreas, Release
    from lagesbild.near_repeat import NearRepeat
    from lagesbild.rostering import Roster

Floats = NDArray[np.float64]


# Near repeats -----------------------------------------------------------------------------------


def knox(
    result: NearRepeat, words: Words, *, level: float = 0.05, period: Period | None = None,
    name: str = "",
) -> Drawing:  # fmt: skip
    """How many times as many pairs as chance gives, by distance and time; sure ones framed.

    name  of what was tested
    """
    of = f"{name}: " if name else ""
    ratio = result.ratio
    sure = (result.p_value <= level / ratio.size) & (ratio > 1)
    space, time = _bands(result.distances, words.metres), _bands(result.intervals, words.days)
    rows, columns = ratio.shape
    high = min(34.0, 220 / rows)
    left = 12 + max(text_width(label, size=SMALL) for label in space)
    broad = (WIDTH - left - 14) / columns
    top = max(2.0, float(np.nanmax(ratio, initial=1.0)))

    def draw(sheet: Sheet) -> None:
        axes = sheet.axes(left, 18, broad * columns, high * rows, sides="")
        axes.set(xlim=(0, columns), ylim=(rows, 0))
        for row, column in np.ndindex(ratio.shape):
            value = float(ratio[row, column])
            share = 0.0 if not np.isfinite(value) else max(0.0, (value - 1) / (top - 1))
            colour = sequence()(min(1.0, share)) if value > 1 else PAPER
            axes.add_patch(Rectangle((column, row), 1, 1, facecolor=colour, edgecolor=LINE))
            ink = LIGHT if share > 0.5 else DARK if value > 1 else INK
            said = sheet.words.number(round(value, 2)) if np.isfinite(value) else "–"
            weight = "bold" if sure[row, column] else "normal"
            axes.text(column + 0.5, row + 0.52, said, ha="center", va="center", fontsize=TEXT_IN,
                      color=ink, fontweight=weight)  # fmt: skip
        for row, column in zip(*np.nonzero(sure), strict=True):
            axes.add_patch(Rectangle((column + 0.05, row + 0.07), 0.9, 0.86, fill=False,
                                     edgecolor=VERMILION, linewidth=2))  # fmt: skip
        axes.set_yticks(np.arange(rows) + 0.5, space)
        axes.set_xticks(np.arange(columns) + 0.5,
                        [shortened(label, broad - 2) for label in time])  # fmt: skip
        axes.tick_params(left=False, bottom=False)
        unit = sheet.words("knox.unit")
        sheet.text(10, 10, shortened(of + (unit[0].lower() + unit[1:] if of else unit), WIDTH - 20),
                   color=MUTED)  # fmt: skip
        sheet.text(left + broad * columns / 2, 18 + high * rows + 28, sheet.words("knox.time"),
                   ha="center")  # fmt: skip
        legend(sheet, 18 + high * rows + 36, entries)

    entries = [({"marker": "s", "markerfacecolor": "none", "markeredgecolor": VERMILION,
                 "markeredgewidth": 2, "markersize": 9}, words("knox.sure"))]  # fmt: skip
    title, alt = (of + said for said in knox_words(result, words, level))
    return Drawing(
        title=title,
        caption=words.caption(
            result.basis, words.count("events", result.basis.n), period=period,
            more=[words("knox.read"), words("knox.p", level=words.number(level), n=ratio.size)],
        ),
        alt=alt,
        table=Table(
            (f"{of}{words('knox.space').lower()}" if of else words("knox.space"), *time),
            tuple(
                (label, *(words("knox.cell",
                                observed=words.count("pairs", int(result.observed[row, c])),
                                expected=words.number(float(result.expected[row, c])),
                                p=words.plain_p(float(result.p_value[row, c])))
                          for c in range(columns)))
                for row, label in enumerate(space)
            ),
        ),
        height=18 + high * rows + 36 + legend_height(entries),
        draw=draw,
    )  # fmt: skip


TEXT_IN = 10.0


def knox_words(result: NearRepeat, words: Words, level: float) -> tuple[str, str]:
    """The finding, and what is seen."""
    ratio = np.where(np.isfinite(result.ratio), result.ratio, 0.0)
    sure = (result.p_value <= level / ratio.size) & (ratio > 1)
    if not sure.any():
        return words("knox.none"), words("knox.alt_none", most=words.number(float(ratio.max())))
    row, column = np.unravel_index(int(np.where(sure, ratio, 0).argmax()), ratio.shape)
    values = {
        "ratio": words.number(round(float(ratio[row, column]), 1)),
        "space": _bands(result.distances, words.metres)[row],
        "time": _bands(result.intervals, words.days)[column],
        "sure": int(sure.sum()), "cells": ratio.size,
    }  # fmt: skip
    return words("knox.title", **values), words("knox.alt", **values)


def _bands(edges: Floats, named: Any) -> list[str]:
    """'0-100 m', '101-200 m'; a first edge of 0 is a band of its own."""
    labels = []
    for low, high in zip([0.0, *edges[:-1]], edges, strict=True):
        unit = named(float(high))
        number = named(float(low)).split("\u00a0")[0]
        labels.append(unit if high == 0 else f"{number}–{unit}")
    return labels


# What may be published --------------------------------------------------------------------------


def release(result: Release, words: Words, *, axes_named: Sequence[str] = ()) -> Drawing:
    """The table as it may be published; hidden cells hatched. More than two axes: their totals."""
    values, shown, hidden, small, labels = _flat(result)
    rows, columns = values.shape
    kept_rows, kept_columns = min(rows, 14), min(columns, 7)
    down = _kept(rows, kept_rows)
    across = _kept(columns, kept_columns)
    broad, high = (WIDTH - 108) / len(across), 19.0
    count = int(result.suppressed.sum())

    def draw(sheet: Sheet) -> None:
        axes = sheet.axes(96, 24, broad * len(across), high * len(down), sides="")
        axes.set(xlim=(0, len(across)), ylim=(len(down), 0), xticks=[], yticks=[])
        for i, row in enumerate(down):
            sheet.text(92, 24 + high * (i + 0.68), shortened(labels[0][row], 82), ha="right",
                       fontweight="bold" if row == rows - 1 else "normal")  # fmt: skip
            for j, column in enumerate(across):
                _cell(axes, j, i, values[row, column], bool(shown[row, column]),
                      bool(hidden[row, column]), bool(small[row, column]), sheet.words)  # fmt: skip
        for j, column in enumerate(across):
            sheet.text(96 + broad * (j + 0.5), 18, shortened(labels[1][column], broad - 2),
                       ha="center")  # fmt: skip
        legend(sheet, 30 + high * len(down), entries)

    entries: list[tuple[dict[str, Any], str]] = [
        ({"facecolor": PAPER, "hatch": "xxxx", "edgecolor": MUTED}, words("release.small")),
        ({"facecolor": PAPER, "hatch": "////", "edgecolor": MUTED}, words("release.other")),
    ]
    is_part = (len(down), len(across)) != (rows, columns) or result.values.ndim > 2
    part = words("release.part", rows=rows, columns=columns) if is_part else ""
    return Drawing(
        title=words("release.title" if count else "release.none",
                    n=words.count("cells_hidden", count), threshold=result.threshold),
        caption=words.caption(
            result.basis, words.count("cells", int(result.basis.n)),
            more=[words("release.read", threshold=result.threshold,
                        protection=result.protection), part],
        ),
        alt=words("release.alt", hidden=count, small=int(result.small.sum()),
                  shown=int((result.shown & ~result.suppressed).sum())),
        table=Table(
            ("", *labels[1]),
            tuple((labels[0][r], *(_said(values[r, c], bool(shown[r, c]), words)
                                   for c in range(columns))) for r in range(rows)),
        ),
        height=30 + high * len(down) + legend_height(entries),
        draw=draw,
    )  # fmt: skip


def _kept(size: int, most: int) -> list[int]:
    """The first ones, and the last: the total."""
    return list(range(size)) if size <= most else [*range(most - 1), size - 1]


def _flat(result: Release) -> tuple[Any, Any, Any, Any, tuple[list[str], list[str]]]:
    """Two axes: a single one gets a column, further ones are at their total."""
    arrays: list[Any] = [result.values, result.shown, result.suppressed, result.small]
    if result.values.ndim == 1:
        arrays = [array[:, None] for array in arrays]
        columns = [""]
    else:
        arrays = [array[(slice(None), slice(None)) + (-1,) * (array.ndim - 2)] for array in arrays]
        columns = [str(label) for label in result.labels[1]]
    values, shown, hidden, small = arrays
    return (values, shown, hidden, small, ([str(label) for label in result.labels[0]], columns))


def _cell(
    axes: Any, column: int, row: int, value: float, is_shown: bool, is_hidden: bool,
    is_small: bool, words: Words,
) -> None:  # fmt: skip
    hatch = "xxxx" if is_small else "////" if is_hidden else None
    axes.add_patch(Rectangle((column, row), 1, 1, facecolor=PAPER, edgecolor=LINE))
    if hatch:
        axes.add_patch(Rectangle((column + 0.08, row + 0.14), 0.84, 0.72, facecolor=PAPER,
                                 edgecolor=MUTED, hatch=hatch, linewidth=0))  # fmt: skip
    else:
        axes.text(column + 0.92, row + 0.55, _said(value, is_shown, words), ha="right",
                  va="center", fontsize=SMALL, color=INK)  # fmt: skip


def _said(value: float, is_shown: bool, words: Words) -> str:
    if not is_shown:
        return ""
    return words.number(float(value)) if np.isfinite(value) else words("release.hidden")


def audit(result: Audit, words: Words) -> Drawing:
    """How closely an attacker can work out each hidden number, the closest first."""
    order = sorted(result.intervals, key=lambda one: (one.width, one.release, str(one.cell)))[:16]
    names = [", ".join(str(part) for part in one.cell) for one in order]
    high = 16.0

    def draw(sheet: Sheet) -> None:
        axes = sheet.axes(116, 4, WIDTH - 130, high * max(1, len(order)), sides="b", grid="x")
        for row, one in enumerate(order):
            broken = one in result.recoverable
            axes.plot([one.low, one.high], [row, row], color=VERMILION if broken else BLUE,
                      linewidth=4 if broken else 3, solid_capstyle="butt")  # fmt: skip
            axes.plot([one.low, one.high], [row, row], "|", color=INK, markersize=8)
            if broken:
                axes.plot([(one.low + one.high) / 2], [row], "D", color=VERMILION,
                          markeredgecolor=INK, markersize=6)  # fmt: skip
        axes.set_ylim(max(1, len(order)) - 0.5, -0.5)
        axes.set_xlim(left=0)
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.set_yticks(range(len(order)), [shortened(name, 100) for name in names])
        axes.set_xlabel(sheet.words("audit.axis"), fontsize=SMALL, color=INK)

    n, bad = len(result.intervals), len(result.recoverable)
    key = "audit.safe" if result.is_safe else "audit.broken"
    return Drawing(
        title=words(key, n=words.number(n), bad=words.count("numbers", bad)),
        caption=words.caption(
            result.basis, words.count("cells_hidden", n),
            more=[words("audit.read", protection=result.protection)],
        ),
        alt=words("audit.alt", n=n, bad=bad, shown=len(order)),
        table=Table(
            (words("cell"), words("audit.least"), words("audit.most")),
            tuple((name, words.number(one.low), words.number(one.high))
                  for name, one in zip(names, order, strict=True)),
        ),
        height=4 + high * max(1, len(order)) + 34,
        draw=draw,
    )  # fmt: skip


def merged_areas(result: MergedAreas, words: Words) -> Drawing:
    """How much each merged area holds, against the least that it must."""
    sizes = np.sort(result.sizes)[::-1]
    least = int(result.basis.parameters["k"])
    out = int((result.group < 0).sum())

    def draw(sheet: Sheet) -> None:
        axes = sheet.axes(44, 6, WIDTH - 58, 150, grid="y")
        axes.bar(np.arange(1, sizes.size + 1), sizes, width=0.9, color=BLUE)
        axes.axhline(least, color=VERMILION, linewidth=1.6, linestyle=(0, (4, 2)))
        axes.set_xlabel(sheet.words("merged.axis"), fontsize=SMALL, color=INK)
        entries = [({"color": VERMILION, "linewidth": 1.6, "linestyle": (0, (4, 2))},
                    sheet.words("merged.least", k=least))]  # fmt: skip
        legend(sheet, 192, entries)

    return Drawing(
        title=words("merged.title", before=words.count("areas", result.group.size),
                    after=words.number(sizes.size), k=least),
        caption=words.caption(
            result.basis, words.count("areas", int(result.basis.n)),
            more=[words("merged.out", n=words.count("areas", out)) if out else ""],
        ),
        alt=words("merged.alt", n=sizes.size, k=least,
                  low=words.number(float(sizes.min())) if sizes.size else "–"),
        table=Table(
            (words("merged.area"), words("merged.size")),
            tuple((str(i + 1), words.number(float(size))) for i, size in enumerate(result.sizes)),
        ),
        height=206,
        draw=draw,
    )  # fmt: skip


# Rosters ----------------------------------------------------------------------------------------


def roster(result: Roster, words: Words) -> Drawing:
    """One line per person, a bar per shift; what could not be staffed below, hatched."""
    people = list(result.hours)
    gaps = list(result.uncovered)
    when = {one.shift: (one.start, one.end) for one in result.assignments}
    high = 18.0
    shown = people[:24]
    moments = [days_of(m) for one in result.assignments for m in (one.start, one.end)]
    missing = sum(gap.missing for gap in gaps)

    def draw(sheet: Sheet) -> None:
        axes = sheet.axes(84, 4, WIDTH - 136, high * max(1, len(shown)), sides="b", grid="x")
        for one in result.assignments:
            if one.person not in shown:
                continue
            row, start, end = shown.index(one.person), days_of(one.start), days_of(one.end)
            axes.barh(row, end - start, left=start, height=0.66, color=BLUE, edgecolor=PAPER)
        low, last = (min(moments), max(moments)) if moments else (0.0, 1.0)
        axes.set(xlim=(np.floor(low), np.ceil(last)), ylim=(max(1, len(shown)) - 0.5, -0.5))
        axes.set_yticks(range(len(shown)), [shortened(name, 76) for name in shown])
        if moments:
            dates_axis(axes, np.floor(low), np.ceil(last), sheet.words)
        for row, name in enumerate(shown):
            said = sheet.words("roster.hours", n=sheet.words.number(result.hours[name]))
            sheet.text(WIDTH - 46, 4 + high * (row + 0.68), said)
        down = 4 + high * max(1, len(shown)) + 34
        for row, gap in enumerate(gaps[:8]):
            axes_gap = sheet.axes(10, down + 16 * row + 2, 12, 11, sides="")
            axes_gap.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
            axes_gap.fill([0, 1, 1, 0], [0, 0, 1, 1], facecolor=PAPER, edgecolor=VERMILION,
                          hatch="////", clip_on=False)  # fmt: skip
            span = when.get(gap.shift)
            day = f" ({sheet.words.date(span[0])})" if span else ""
            said = sheet.words("roster.gap", shift=f"{gap.shift}{day}", n=gap.missing)
            sheet.text(28, down + 16 * row + 11, shortened(said, WIDTH - 40))

    proof = "plan.proven" if result.status == "optimal" else "plan.gap"
    return Drawing(
        title=words("roster.covered", n=words.count("shifts", len(when))) if result.is_covered
        else words("roster.missing", n=words.count("persons", missing),
                   shifts=words.count("shifts", len(gaps))),
        caption=words.caption(
            result.basis, words.count("persons", len(people)),
            more=[words(proof, gap=words.share(result.gap, digits=1), method="HiGHS")],
        ),
        alt=words("roster.alt", people=len(people), shifts=len(when), missing=missing),
        table=Table(
            (words("roster.person"), words("roster.shifts"), words("roster.time")),
            tuple(
                (name, ", ".join(one.shift for one in result.of(name)) or "–",
                 words("roster.hours", n=words.number(result.hours[name])))
                for name in people
            ),
        ),
        height=4 + high * max(1, len(shown)) + 34 + 16 * min(8, len(gaps)),
        draw=draw,
    )  # fmt: skip


__all__ = ["audit", "knox", "knox_words", "merged_areas", "release", "roster"]
