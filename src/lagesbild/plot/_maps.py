"""Figures of where: density, hot spots, clusters, plans."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import BoundaryNorm
from matplotlib.patches import Circle
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from lagesbild.plot._ground import SCALE, Ground
from lagesbild.plot._sheet import (
    BLUE,
    DARK,
    GROUND,
    INK,
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
)
from lagesbild.plot._words import Period, Words

if TYPE_CHECKING:
    from lagesbild.hotspots import Hotspots
    from lagesbild.kde import Density
    from lagesbild.location import Plan, RankedPlans

Floats = NDArray[np.float64]
HOT = "#d65e00"  # vermilion, as the image has it: it stays in the dark
_HALF = 0.5  # of the events, that the line of a density goes around


# Density ----------------------------------------------------------------------------------------


def density(
    result: Density, words: Words, *, outline: Any = None, period: Period | None = None
) -> Drawing:
    """A surface in steps, and the line around the densest half of the events."""
    values = np.nan_to_num(result.per_km2)
    level, share = densest(values, _HALF)
    peak = np.unravel_index(int(values.argmax()), values.shape)
    grid = result.grid
    ground = Ground.around([grid.west, grid.east], [grid.south, grid.north], outline=outline, air=0)
    edges = MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]).tick_values(0, max(float(values.max()), 1e-12))
    edges = edges[edges <= values.max() + (edges[1] - edges[0])]
    key = [({"facecolor": GROUND, "edgecolor": DARK, "linewidth": 1.4}, words("density.line"))]
    span = f"{words.metres(result.bandwidth[0])} × {words.metres(result.bandwidth[1])}"
    if abs(result.bandwidth[0] - result.bandwidth[1]) < 0.5:
        span = words.metres(result.bandwidth[0])

    def draw(sheet: Sheet) -> None:
        axes = ground.draw(sheet, 0)
        axes.patch.set(visible=True, facecolor=GROUND)
        colours = sequence().with_extremes(under=PAPER)
        norm = BoundaryNorm([*edges], colours.N)
        shown = np.where(values < edges[1] / 4, np.nan, values)
        image = axes.imshow(
            shown, origin="lower", cmap=colours, norm=norm, interpolation="nearest",
            extent=(grid.west, grid.east, grid.south, grid.north), aspect="auto", zorder=1,
        )  # fmt: skip
        if min(values.shape) > 1 and values.min() < level < values.max():
            axes.contour(result.x, result.y, values, levels=[level], colors=DARK, linewidths=1.4)
        down = ground.height + SCALE
        bar = sheet.axes(10, down + 14, 200, 9, sides="b")
        sheet.canvas.colorbar(image, cax=bar, orientation="horizontal", spacing="proportional")
        bar.tick_params(length=2, labelsize=SMALL, labelcolor=INK, pad=2, color=MUTED)
        bar.set_xticks(edges, [words.number(edge) for edge in edges])
        bar.minorticks_off()
        for side in bar.spines.values():
            side.set_visible(False)
        sheet.text(10, down + 8, words("density.unit"))
        legend(sheet, down + 42, key)

    x, y = float(result.x[peak[1]]), float(result.y[peak[0]])
    return Drawing(
        title=words("density.title", share=words.share(share)),
        caption=words.caption(
            result.basis, words.count("events", len_of(result)), period=period,
            more=[
                words("density.read", bandwidth=span, cell=words.metres(grid.cell)),
                words("density.error", bound=words.share(max(result.error_bound, 0.001), digits=1)),
                words("density.outside", n=words.count("events", result.outside))
                if result.outside else "",
            ],
        ),
        alt=words("density.alt", share=words.share(share), x=words.number(round(x)),
                  y=words.number(round(y)), peak=words.number(float(values.max()))),
        table=Table(
            (words("density.level"), words("density.area"), words("density.held")),
            tuple(_steps(values, edges, grid.cell, words)),
        ),
        height=ground.height + SCALE + 44 + legend_height(key),
        draw=draw,
    )  # fmt: skip


def len_of(result: Density) -> int:
    return int(result.basis.n) - int(result.outside)


def densest(values: Floats, share: float) -> tuple[float, float]:
    """The level above which this share of the whole lies, and the share of the area it takes."""
    falling = np.sort(values.ravel())[::-1]
    whole = falling.sum()
    if whole <= 0:
        return 0.0, 1.0
    last = int(np.searchsorted(np.cumsum(falling), share * whole))
    last = min(last, falling.size - 1)
    return float(falling[last]), (last + 1) / falling.size


def _steps(values: Floats, edges: Floats, cell: float, words: Words) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for low, high in pairwise(edges):
        within = (values >= low) & (values < high)
        rows.append((
            words("from.to", low=words.number(low), high=words.number(high)),
            words.number(float(within.sum()) * cell * cell / 1e6) + " km²",
            words.share(float(values[within].sum() / max(values.sum(), 1e-300))),
        ))  # fmt: skip
    return rows


# Hot spots --------------------------------------------------------------------------------------


def hotspots(
    result: Hotspots, words: Words, *, x: ArrayLike | None = None, y: ArrayLike | None = None,
    cell_m: float | None = None, counts: ArrayLike | None = None, level: float = 0.05,
    outline: Any = None, period: Period | None = None,
) -> Drawing:  # fmt: skip
    """Cells that stand out, hot with a dot, cold with a dash; without x and y, z in order."""
    for name, column in (("x", x), ("y", y), ("counts", counts)):
        if column is not None and np.shape(column) != result.z.shape:
            raise ValueError(f"{name}: {result.z.size} wanted, {np.size(column)} given")
    hot = result.significant(level) & (result.z > 0)
    if counts is not None:
        hot &= np.asarray(counts) > 0  # next to a busy cell an empty one is no place of much
    cold = result.significant(level) & (result.z < 0)
    known = int(np.isfinite(result.z).sum())
    key = "hotspots.title" if hot.any() else "hotspots.none"
    title = words(key, hot=words.number(int(hot.sum())), n=words.number(known))
    caption = words.caption(
        result.basis, words.count("cells", known), period=period,
        more=[words("hotspots.read", level=words.share(level)), words.q_of(result.basis)],
    )  # fmt: skip
    alt = words("hotspots.alt", hot=words.number(int(hot.sum())),
                cold=words.number(int(cold.sum())), n=words.number(known))  # fmt: skip
    table = _hot_table(result, words, x, y, counts, hot | cold)
    if x is None or y is None:
        return Drawing(title=title, caption=caption, alt=alt, table=table, height=210,
                       draw=lambda sheet: _ranked(sheet, result, hot, cold))  # fmt: skip
    east, north = np.asarray(x, float), np.asarray(y, float)
    size = _spacing(east, north) if cell_m is None else cell_m
    half = size / 2
    ground = Ground.around(
        [east.min() - half, east.max() + half], [north.min() - half, north.max() + half],
        outline=outline, air=0.01,
    )  # fmt: skip
    entries = [
        ({"marker": "s", "color": HOT, "markersize": 9}, words("hotspots.hot")),
        ({"marker": "s", "markerfacecolor": "#a9cbe6", "markeredgecolor": BLUE, "markersize": 9},
         words("hotspots.cold")),
        ({"marker": "s", "color": "#e9ecef", "markersize": 9}, words("hotspots.neither")),
    ]  # fmt: skip
    if counts is not None:
        entries[2] = (entries[2][0], words("hotspots.grey"))
    if not cold.any():
        del entries[1]

    def draw(sheet: Sheet) -> None:
        axes = ground.draw(sheet, 0)
        axes.patch.set(visible=True, facecolor=GROUND)
        image, extent = _mosaic(east, north, size, counts, hot, cold)
        axes.imshow(image, origin="lower", extent=extent, interpolation="nearest", aspect="auto",
                    zorder=1)  # fmt: skip
        points = min(9.0, max(1.0, 0.35 * size * ground.height / (ground.north - ground.south)))
        for chosen, mark, colour in ((hot, "o", DARK), (cold, "_", BLUE)):
            if 0 < chosen.sum() <= 600:
                axes.plot(east[chosen], north[chosen], mark, color=colour, markersize=points,
                          markeredgewidth=0.6, zorder=3, linestyle="none")  # fmt: skip
        legend(sheet, ground.height + SCALE, entries)

    return Drawing(title=title, caption=caption, alt=alt, table=table, draw=draw,
                   height=ground.height + SCALE + legend_height(entries))  # fmt: skip


def _spacing(east: Floats, north: Floats) -> float:
    """The cells' width, from the least distance between columns or rows."""
    steps = np.concatenate([np.diff(np.unique(np.round(axis, 3))) for axis in (east, north)])
    return float(steps.min()) if steps.size else 1.0


def _mosaic(
    east: Floats,
    north: Floats,
    size: float,
    counts: ArrayLike | None,
    hot: NDArray[np.bool_],
    cold: NDArray[np.bool_],
) -> tuple[NDArray[np.uint8], tuple[float, float, float, float]]:
    """Cells as an image, transparent where there is none, and where it lies."""
    column = np.round((east - east.min()) / size).astype(int)
    row = np.round((north - north.min()) / size).astype(int)
    image = np.zeros((row.max() + 1, column.max() + 1, 4), np.uint8)
    image[row, column] = (0xE9, 0xEC, 0xEF, 255)
    if counts is not None:
        # Greys by the root of the count: few and many are told apart, and one place does not
        # make all others white.
        root = np.sqrt(np.asarray(counts, float))
        grey = 0xF1 - (0x80 * root / max(float(root.max()), 1e-300)).astype(np.uint8)
        image[row, column, :3] = np.minimum(grey[:, None] + np.array([0, 2, 4]), 255)
    image[row[cold], column[cold]] = (0xA9, 0xCB, 0xE6, 255)
    image[row[hot], column[hot]] = (0xD6, 0x5E, 0x00, 255)
    west, south = float(east.min() - size / 2), float(north.min() - size / 2)
    extent = (west, west + (column.max() + 1) * size, south, south + (row.max() + 1) * size)
    return image, extent


def _ranked(
    sheet: Sheet, result: Hotspots, hot: NDArray[np.bool_], cold: NDArray[np.bool_]
) -> None:
    axes = sheet.axes(40, 8, WIDTH - 52, 150, grid="y")
    kept = np.isfinite(result.z)
    order = np.argsort(-result.z[kept], kind="stable")
    z, place = result.z[kept][order], np.arange(1, int(kept.sum()) + 1)
    marks = ((hot, "^", VERMILION), (cold, "v", BLUE), (~(hot | cold), ".", MUTED))
    for chosen, mark, colour in marks:
        here = chosen[kept][order]
        axes.plot(place[here], z[here], mark, color=colour, markersize=5, linestyle="none",
                  rasterized=bool(here.sum() > 2000))  # fmt: skip
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_ylabel("z", fontsize=SMALL, color=INK)
    axes.set_xlabel(sheet.words("hotspots.rank"), fontsize=SMALL, color=INK)
    entries = [
        ({"marker": "^", "color": VERMILION}, sheet.words("hotspots.hot")),
        ({"marker": "v", "color": BLUE}, sheet.words("hotspots.cold")),
    ]
    legend(sheet, 192, entries)


def _hot_table(
    result: Hotspots, words: Words, x: ArrayLike | None, y: ArrayLike | None,
    counts: ArrayLike | None, chosen: NDArray[np.bool_],
) -> Table:  # fmt: skip
    order = np.argsort(-np.nan_to_num(result.z), kind="stable")
    order = order[chosen[order]][:20] if chosen.any() else order[:5]
    header = [words("cell"), "z", "p", "q"]
    columns = [
        [str(unit) for unit in order],
        [words.number(result.z[unit]) for unit in order],
        [words.plain_p(result.p_sim[unit]) for unit in order],
        [words.plain_p(result.q[unit]) for unit in order],
    ]
    if counts is not None:
        header.append(words("events.head"))
        columns.append([words.number(float(np.asarray(counts)[unit])) for unit in order])
    if x is not None and y is not None:
        header[1:1] = [words("east"), words("north")]
        columns[1:1] = [
            [words.number(round(float(np.asarray(axis)[unit]))) for unit in order]
            for axis in (x, y)
        ]
    return Table(tuple(header), tuple(zip(*columns, strict=True)))


# Plans ------------------------------------------------------------------------------------------


def plan(
    result: Plan, words: Words, *, demands: ArrayLike | None = None, sites: ArrayLike | None = None,
    names: Any = None, weights: ArrayLike | None = None, unit: str = "", outline: Any = None,
) -> Drawing:  # fmt: skip
    """Open sites and whom each serves: a map with `demands` and `sites` (n, 2), else bars."""
    assigned, is_cover = result.assigned, result.basis.method == "maximal covering"
    weight = np.ones(assigned.size) if weights is None else np.asarray(weights, float)
    served = np.array([weight[assigned == site].sum() for site in result.open])
    labels = [str(names[site]) if names is not None else words("site", n=site)
              for site in result.open]  # fmt: skip
    share = float(weight[assigned >= 0].sum() / max(weight.sum(), 1e-300))
    mean = result.objective / max(float(weight.sum()), 1e-300)
    title = (
        words("plan.cover", p=words.count("places", result.open.size), share=words.share(share))
        if is_cover
        else words(
            "plan.median",
            p=words.count("places", result.open.size),
            mean=f"{words.number(mean)} {unit}".strip(),
        )
    )
    proof = "plan.proven" if result.status == "optimal" else "plan.gap"
    caption = words.caption(
        result.basis, words.count("demands", int(result.basis.n)),
        more=[words(proof, gap=words.share(result.gap, digits=1), method=result.method)],
    )  # fmt: skip
    listed = ", ".join(labels[:12]) + ("…" if len(labels) > 12 else "")
    table = Table(
        (words("place"), words("plan.served")),
        tuple((label, words.number(float(n))) for label, n in zip(labels, served, strict=True)),
    )
    shape = {"title": title, "caption": caption, "alt": words("plan.alt", names=listed),
             "table": table}  # fmt: skip
    if demands is None or sites is None:
        rows = min(len(labels), 20)
        return Drawing(**shape, height=30 + 20 * rows,  # type: ignore[arg-type]
                       draw=lambda sheet: _bars(sheet, labels[:rows], served[:rows],
                                                words("plan.served")))  # fmt: skip
    people, places = np.asarray(demands, float), np.asarray(sites, float)
    ground = Ground.around(
        np.concatenate([people[:, 0], places[:, 0]]), np.concatenate([people[:, 1], places[:, 1]]),
        outline=outline,
    )  # fmt: skip
    entries = [
        ({"marker": "s", "color": BLUE, "markeredgecolor": INK, "markersize": 8},
         words("plan.open")),
        ({"marker": "x", "color": MUTED, "markersize": 5}, words("plan.closed")),
        ({"marker": "o", "color": MUTED, "markersize": 3}, words("plan.demand")),
    ]  # fmt: skip
    if (assigned < 0).any():
        entries.append(({"marker": "o", "markerfacecolor": "none", "color": VERMILION,
                         "markersize": 5}, words("plan.missed")))  # fmt: skip

    def draw(sheet: Sheet) -> None:
        axes = ground.draw(sheet, 0)
        reached = assigned >= 0
        _threads(axes, people[reached], places[assigned[reached]])
        axes.plot(*people[reached].T, "o", color=MUTED, markersize=2, rasterized=True, zorder=2)
        axes.plot(*people[~reached].T, "o", markerfacecolor="none", color=VERMILION, zorder=3,
                  markersize=4, markeredgewidth=0.9)  # fmt: skip
        closed = np.setdiff1d(np.arange(places.shape[0]), result.open)
        axes.plot(*places[closed].T, "x", color=MUTED, markersize=4, zorder=2)
        axes.plot(*places[result.open].T, "s", color=BLUE, markeredgecolor=INK, markersize=8,
                  zorder=4)  # fmt: skip
        for site, label in zip(result.open[:12], labels, strict=False):
            note(axes, label, places[site])
        legend(sheet, ground.height + SCALE, entries)

    return Drawing(**shape, height=ground.height + SCALE + legend_height(entries),  # type: ignore[arg-type]
                   draw=draw)  # fmt: skip


def _threads(axes: Any, ends: Floats, starts: Floats) -> None:
    from matplotlib.collections import LineCollection

    lines = np.stack([starts, ends], axis=1)
    axes.add_collection(LineCollection(list(lines), colors=LINE, linewidths=0.5, zorder=1,
                                       rasterized=len(lines) > 1000))  # fmt: skip


def note(axes: Any, label: str, at: Floats) -> None:
    """A label beside a point, on paper so that it can be read over anything."""
    axes.annotate(
        label, at, xytext=(6, 5), textcoords="offset points", fontsize=SMALL, color=INK, zorder=6,
        annotation_clip=True,
        bbox={"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.8},
    )  # fmt: skip


def _bars(sheet: Sheet, labels: list[str], values: Floats, unit: str) -> None:
    from lagesbild.plot._sheet import shortened

    axes = sheet.axes(110, 2, WIDTH - 150, 20 * len(labels), sides="l")
    place = np.arange(len(labels))
    axes.barh(place, values, height=0.62, color=BLUE)
    axes.set(ylim=(len(labels) - 0.5, -0.5), xticks=[])
    axes.set_yticks(place, [shortened(label, 96) for label in labels])
    for row, value in zip(place, values, strict=True):
        axes.annotate(sheet.words.number(float(value)), (value, row), xytext=(4, 0), va="center",
                      textcoords="offset points", fontsize=SMALL, color=INK)  # fmt: skip
    sheet.text(110, 20 * len(labels) + 16, unit, color=MUTED)


def ranked_plans(result: RankedPlans, words: Words, *, names: Any = None) -> Drawing:
    """The best plans as bars of what they cost more than the best."""
    costs = np.array([one.objective for one in result.plans])
    labels = [
        ", ".join(str(names[s]) if names is not None else str(s) for s in one.open)
        for one in result.plans
    ]
    extra = costs / costs[0] - 1 if costs[0] else costs - costs[0]
    second = words.share(float(extra[1]), digits=1) if len(extra) > 1 else "–"
    return Drawing(
        title=words("ranked.title" if len(extra) > 1 else "ranked.one", extra=second),
        caption=words.caption(
            result.basis, words.count("demands", int(result.basis.n)),
            more=[words("ranked.proven" if result.status == "optimal" else "ranked.limit")],
        ),
        alt=words("ranked.alt", n=len(labels), best=labels[0]),
        table=Table(
            (words("ranked.sites"), words("ranked.cost"), words("ranked.extra")),
            tuple((label, words.number(float(cost)), words.share(float(more), digits=1))
                  for label, cost, more in zip(labels, costs, extra, strict=True)),
        ),
        height=30 + 20 * len(labels),
        draw=lambda sheet: _bars(sheet, labels, costs, words("ranked.cost")),
    )  # fmt: skip


# What clusters are drawn with --------------------------------------------------------------------


def circle(axes: Any, x: float, y: float, radius: float, *, strong: bool, least: float) -> None:
    """A cluster; one without radius is still seen."""
    axes.add_patch(
        Circle(
            (x, y), max(radius, least), fill=strong, facecolor=(*_rgb(VERMILION), 0.18),
            edgecolor=VERMILION if strong else MUTED, linewidth=2.0 if strong else 1.0,
            linestyle="-" if strong else (0, (3, 2)), zorder=4,
        )
    )  # fmt: skip


def _rgb(colour: str) -> tuple[float, float, float]:
    from matplotlib.colors import to_rgb

    return to_rgb(colour)
