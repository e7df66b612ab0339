"""Overviews: a count cube, and a made-up city with what was planted in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lagesbild.plot._ground import SCALE, Ground
from lagesbild.plot._sheet import (
    BAND,
    BLUE,
    INK,
    MUTED,
    PAPER,
    VERMILION,
    WIDTH,
    Drawing,
    Sheet,
    Table,
    legend,
    legend_height,
    sequence,
    shortened,
)
from lagesbild.plot._words import Words, dates_axis, days_of

if TYPE_CHECKING:
    from lagesbild.cube import Cube
    from lagesbild.simulate import Simulation

Floats = NDArray[np.float64]
_MOST = 12


def cube(result: Cube, words: Words) -> Drawing:
    """Each category's weeks as a row of colours, each row from its own least to its own most."""
    weekly = result.counts.sum(axis=0, dtype=np.int64).T.astype(float)
    order = np.argsort(-weekly.sum(axis=1), kind="stable")[:_MOST]
    names = [str(result.categories[row]) for row in order]
    total = max(result.total, 1)
    share = float(weekly[order[0]].sum() / total) if order.size else 0.0
    high = 20.0
    left = sum(result.left_out.values())

    def draw(sheet: Sheet) -> None:
        rows = max(1, len(names))
        whole = sheet.axes(100, 18, WIDTH - 156, 60, sides="lb", grid="y")
        at = np.array([days_of(week) for week in result.weeks])
        whole.fill_between(at, weekly.sum(axis=0), color=BAND, linewidth=0)
        whole.plot(at, weekly.sum(axis=0), color=INK, linewidth=1.0)
        whole.set(xticks=[], ylim=(0, None), xlim=(at[0], at[-1] + 7))
        sheet.text(10, 10, sheet.words("cube.unit"), color=MUTED)
        sheet.text(10, 54, sheet.words("cube.all"), fontweight="bold")
        axes = sheet.axes(100, 86, WIDTH - 156, high * rows, sides="b")
        tops = np.maximum(weekly[order].max(axis=1, keepdims=True), 1)
        axes.imshow(weekly[order] / tops, cmap=sequence(), aspect="auto", interpolation="nearest",
                    extent=(at[0], at[-1] + 7, rows, 0), vmin=0, vmax=1)  # fmt: skip
        axes.hlines(np.arange(1, rows), at[0], at[-1] + 7, color=PAPER, linewidth=2)
        axes.set_yticks(np.arange(rows) + 0.5, [shortened(name, 86) for name in names])
        dates_axis(axes, at[0], at[-1] + 7, sheet.words)
        for row, which in enumerate(order):
            said = sheet.words("cube.most", n=sheet.words.number(float(weekly[which].max())))
            sheet.text(WIDTH - 50, 86 + high * (row + 0.66), said, color=MUTED)

    return Drawing(
        title=words("cube.title" if weekly.shape[0] > 1 else "cube.one",
                    name=names[0] if names else "–", share=words.share(share),
                    n=words.count("events", result.total)),
        caption=words.caption(
            result.basis, words.count("events", result.total),
            period=(result.weeks[0], result.weeks[-1] + 6),
            more=[words("cube.read"), f"{words.count('areas', result.areas.size)}.",
                  words("cube.left", n=words.count("events", left)) if left else ""],
        ),
        alt=words("cube.alt", n=len(names), name=names[0] if names else "–",
                  share=words.share(share)),
        table=Table(
            (words("category"), words("sum"), words("cube.week_most")),
            tuple((name, words.number(float(weekly[row].sum())),
                   words.number(float(weekly[row].max())))
                  for name, row in zip(names, order, strict=True)),
        ),
        height=86 + high * max(1, len(names)) + 30,
        draw=draw,
    )  # fmt: skip


def simulation(result: Simulation, words: Words) -> Drawing:
    """The city's areas and places, its weeks, and the spans of what was planted."""
    ground_map = result.city.map
    by_area = np.bincount(result.area, minlength=ground_map.population.size)
    ground = Ground.around(*ground_map.places.T)
    weekly = result.counts().sum(axis=0)
    happened = result.counts(reported=False).sum(axis=0)
    planted = result.truth.planted[:8]
    share = len(result.events) / max(len(result.truth.happened), 1)
    rows = 15.0 * len(planted)
    entries: list[tuple[dict[str, Any], str]] = [
        ({"marker": "o", "color": BLUE, "markersize": 8, "alpha": 0.7}, words("city.events")),
        ({"marker": "o", "markerfacecolor": "none", "markeredgecolor": VERMILION,
          "markeredgewidth": 2, "markersize": 9}, words("city.planted")),
        ({"color": INK, "linewidth": 1.2}, words("city.reported")),
        ({"facecolor": BAND}, words("city.happened")),
    ]  # fmt: skip

    def draw(sheet: Sheet) -> None:
        axes = ground.draw(sheet, 0)
        axes.plot(*ground_map.places.T, ".", color=MUTED, markersize=1.2, alpha=0.5,
                  rasterized=True)  # fmt: skip
        sizes = 160 * by_area / max(by_area.max(), 1)
        x, y = ground_map.centroids.T
        axes.scatter(x, y, s=sizes, color=BLUE, alpha=0.55, linewidths=0)
        touched = sorted({area for one in planted for area in one.areas if len(one.areas) < 12})
        axes.scatter(x[touched], y[touched], s=sizes[touched] + 40, facecolors="none",
                     edgecolors=VERMILION, linewidths=1.6)  # fmt: skip
        down = ground.height + SCALE + 16
        at = days_of(result.start) + 7 * np.arange(result.weeks, dtype=np.float64)
        time = sheet.axes(36, down, WIDTH - 50, 70, grid="y")
        time.fill_between(at, happened, color=BAND, linewidth=0)
        time.plot(at, weekly, color=INK, linewidth=1.0)
        time.set(ylim=(0, None), xlim=(at[0], at[-1] + 7))
        dates_axis(time, at[0], at[-1] + 7, sheet.words)
        sheet.text(10, down - 6, sheet.words("surveillance.unit"), color=MUTED)
        for row, one in enumerate(planted):
            _planted(sheet, down + 106 + 15 * row, one, at)
        legend(sheet, down + 106 + rows, entries)

    return Drawing(
        title=words("city.title", areas=words.count("areas", by_area.size),
                    weeks=words.count("weeks", result.weeks),
                    happened=words.count("events", len(result.truth.happened)),
                    share=words.share(share)),
        caption=words.caption(result.basis, words.count("events", len(result.events)),
                              period=(result.start, result.start + 7 * result.weeks - 1),
                              more=[words("city.read")]),
        alt=words("city.alt", areas=by_area.size, planted=len(result.truth.planted)),
        table=Table(
            (words("city.what"), words("areas"), words("city.when"), words("city.difference")),
            tuple((words(f"planted.{one.kind.replace(' ', '_')}"), str(len(one.areas)),
                   words.span(one.first, one.last) if one.first is not None else "–",
                   words.number(round(one.difference)))
                  for one in result.truth.planted),
        ),
        height=ground.height + SCALE + 16 + 106 + rows + legend_height(entries),
        draw=draw,
    )  # fmt: skip


def _planted(sheet: Sheet, top: float, one: Any, at: NDArray[Any]) -> None:
    axes = sheet.axes(110, top, WIDTH - 124, 12, sides="")
    axes.set(xlim=(at[0], at[-1] + 7), ylim=(0, 1), xticks=[], yticks=[])
    axes.axhline(0.5, color=MUTED, linewidth=0.5)
    if one.first is not None:
        start, end = days_of(one.first), days_of(one.last) + 1
        axes.barh(0.5, end - start, left=start, height=0.7, color=VERMILION)
    sheet.text(10, top + 9, sheet.words(f"planted.{one.kind.replace(' ', '_')}"))
