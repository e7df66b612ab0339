"""Clusters of a scan: circles on a map, and bars along a strip of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lagesbild.plot._ground import SCALE, Ground
from lagesbild.plot._maps import circle, note
from lagesbild.plot._sheet import (
    INK,
    MUTED,
    SMALL,
    VERMILION,
    WIDTH,
    Drawing,
    Sheet,
    Table,
    legend,
    legend_height,
)
from lagesbild.plot._words import Words, dates_axis, days_of, is_date

if TYPE_CHECKING:
    from lagesbild.events import Events
    from lagesbild.scan import Cluster, ScanResult

Floats = NDArray[np.float64]
_SHOWN = 6
_DOT = "#868f97"  # seen on paper and in the dark: dots are an image
_METRES_A_DEGREE = 111_195.0


def scan(
    result: ScanResult, words: Words, *, events: Events | None = None, outline: Any = None,
    level: float = 0.05,
) -> Drawing:  # fmt: skip
    """What chance does not explain in bold; other clusters, up to three in all, broken and thin."""
    shown = shown_of(result, level)
    has_map = any(np.isfinite([c.x, c.y]).all() for c in shown if c.x is not None)
    has_strip = result.columns > 1
    turn = _Plane.of(result)
    x, y = turn(*_points(shown, events))
    ground = Ground.around(x, y, outline=outline) if has_map else None
    entries = _entries(words, shown, events, level)
    strip = 26.0 + 14 * max(1, len(shown)) if has_strip else 0.0

    def draw(sheet: Sheet) -> None:
        down = 0.0
        if ground is not None:
            _map(sheet, ground, shown, events, turn, level)
            down = ground.height + SCALE
        if has_strip:
            _strip(sheet, down + 6, result, shown, level)
            down += strip + 12
        legend(sheet, down + 4, entries)

    return Drawing(
        title=title_of(result, words, level),
        caption=words.caption(
            result.basis, words.count("events", result.cases),
            period=(result.start, result.end) if has_strip else None,
            more=[words("scan.read"), _recurrence(result, words)],
        ),
        alt=_alt(result, words, level),
        table=_table(shown, words, is_round=turn.is_round),
        height=(ground.height + SCALE if ground else 0) + (strip + 12 if has_strip else 0) + 4
        + legend_height(entries),
        draw=draw,
    )  # fmt: skip


def shown_of(result: ScanResult, level: float) -> tuple[Cluster, ...]:
    """All that are sure, up to six, and three at least: what may be chance is soon enough seen."""
    sure = sum(one.p_value <= level for one in result.clusters)
    return result.clusters[: min(_SHOWN, max(3, sure))]


def title_of(result: ScanResult, words: Words, level: float = 0.05) -> str:
    """The finding in a sentence."""
    sure = [c for c in result.clusters if c.p_value <= level]
    if not sure:
        return words("scan.none")
    first = sure[0]
    key = "scan.fewer" if first.observed < first.expected else "scan.title"
    when = words.span(first.start, first.end)
    return words(key, n=words.count("clusters", len(sure)), observed=words.number(first.observed),
                 expected=words.number(first.expected), when=when)  # fmt: skip


def _recurrence(result: ScanResult, words: Words) -> str:
    first = result.most_likely
    if first is None or first.recurrence_interval is None:
        return ""
    unit = str(result.basis.parameters.get("time_unit", "day"))
    span = words.count(f"{unit}s", round(first.recurrence_interval))
    return words("scan.recurrence", span=span)


def _alt(result: ScanResult, words: Words, level: float) -> str:
    sure = sum(c.p_value <= level for c in result.clusters)
    parts = [words("scan.alt", n=len(shown_of(result, level)), sure=sure)]
    parts += [
        words("scan.alt_one", number=i + 1, observed=words.number(c.observed),
              expected=words.number(c.expected), radius=words.metres(c.radius_m),
              when=words.span(c.start, c.end))
        for i, c in enumerate(result.clusters[:2])
    ]  # fmt: skip
    return " ".join(parts)


def _table(shown: tuple[Cluster, ...], words: Words, *, is_round: bool) -> Table:
    header = tuple(
        words(f"scan.{name}")
        for name in ("number", "when", "radius", "observed", "expected", "ratio", "p")
    )
    has_place = all(c.x is not None and np.isfinite([c.x, c.y]).all() for c in shown)
    header += (words("east"), words("north")) if has_place and not is_round else ()
    rows = tuple(
        (
            str(i + 1), words.span(c.start, c.end), words.metres(c.radius_m),
            words.number(c.observed), words.number(c.expected),
            words.number(c.relative_risk) if np.isfinite(c.relative_risk) else "–",
            words.plain_p(c.p_value),
            *((words.number(round(c.x)), words.number(round(c.y)))
              if has_place and not is_round else ()),
        )
        for i, c in enumerate(shown)
    )  # fmt: skip
    return Table(header, rows)


def _entries(
    words: Words, shown: tuple[Cluster, ...], events: Events | None, level: float
) -> list[tuple[dict[str, Any], str]]:
    entries: list[tuple[dict[str, Any], str]] = []
    if any(c.p_value <= level for c in shown):
        entries.append(
            (
                {"color": VERMILION, "linewidth": 2.4},
                words("scan.sure", level=words.number(level)),
            )
        )
    if any(c.p_value > level for c in shown):
        style = {"color": MUTED, "linewidth": 1.2, "linestyle": (0, (3, 2))}
        entries.append((style, words("scan.unsure")))
    if events is not None:
        entries.append(({"marker": "o", "color": MUTED, "markersize": 2}, words("event")))
    return entries


class _Plane:
    """From the scan's coordinates to metres: as they are, or degrees around their middle."""

    def __init__(self, east: float, north: float, is_round: bool) -> None:
        self.east, self.north, self.is_round = east, north, is_round

    @classmethod
    def of(cls, result: ScanResult) -> _Plane:
        is_round = result.basis.parameters.get("metric") == "great_circle"
        known = [(c.x, c.y) for c in result.clusters if c.x is not None and np.isfinite(c.x)]
        east, north = np.mean(known, axis=0) if known else (0.0, 0.0)
        return cls(float(east), float(north), is_round)

    def __call__(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        if not self.is_round:
            return x, y
        across = _METRES_A_DEGREE * np.cos(np.radians(self.north))
        return (x - self.east) * across, (y - self.north) * _METRES_A_DEGREE


def _points(shown: tuple[Cluster, ...], events: Events | None) -> tuple[Floats, Floats]:
    """Everything the map must hold: events, or the circles' corners."""
    known = [c for c in shown if c.x is not None and np.isfinite(c.x)]
    x = [c.x + sign * c.radius_m for c in known for sign in (-1, 1) if abs(c.x) > 400]
    y = [c.y + sign * c.radius_m for c in known for sign in (-1, 1) if abs(c.x) > 400]
    x, y = x + [c.x for c in known], y + [c.y for c in known]
    if events is not None:
        return np.concatenate([x, events.x]), np.concatenate([y, events.y])
    return np.array(x, float), np.array(y, float)


def _map(
    sheet: Sheet, ground: Ground, shown: tuple[Cluster, ...], events: Events | None, turn: _Plane,
    level: float,
) -> None:  # fmt: skip
    axes = ground.draw(sheet, 0)
    if events is not None:
        x, y = turn(events.x, events.y)
        axes.plot(x, y, "o", color=_DOT, markersize=1.4, alpha=0.8, rasterized=True, zorder=2,
                  markeredgewidth=0)  # fmt: skip
    least = 4 * (ground.east - ground.west) / WIDTH
    for number, cluster in reversed(list(enumerate(shown, start=1))):
        if cluster.x is None or not np.isfinite(cluster.x):
            continue
        x, y = turn(np.array([cluster.x]), np.array([cluster.y]))
        strong = cluster.p_value <= level
        circle(axes, float(x[0]), float(y[0]), cluster.radius_m, strong=strong, least=least)
        note(axes, str(number), np.array([x[0], y[0]]))


def _strip(
    sheet: Sheet, top: float, result: ScanResult, shown: tuple[Cluster, ...], level: float
) -> None:
    axes = sheet.axes(28, top, WIDTH - 44, 14.0 * max(1, len(shown)), sides="b", grid="x")
    dated = is_date(result.start)
    low, high = _span(result.start, result.end, dated)
    for row, cluster in enumerate(shown):
        start, end = _span(cluster.start, cluster.end, dated)
        strong = cluster.p_value <= level
        axes.barh(row, end - start, left=start, height=0.6,
                  color=VERMILION if strong else "none", edgecolor=VERMILION if strong else MUTED,
                  linewidth=1.0, linestyle="-" if strong else (0, (3, 2)))  # fmt: skip
        sheet.text(12, top + 14 * row + 10, str(row + 1), fontsize=SMALL, color=INK)
    axes.set(xlim=(low, high), ylim=(max(1, len(shown)) - 0.5, -0.5), yticks=[])
    if dated:
        dates_axis(axes, low, high, sheet.words)


def _span(start: Any, end: Any, dated: bool) -> tuple[float, float]:
    """Both ends inside, so the bar lasts to the end of the last."""
    if dated:
        return days_of(start), days_of(end) + 1
    try:
        return float(start), float(end) + 1
    except (TypeError, ValueError):
        return 0.0, 1.0
