"""Figures of when: surveillance, weekday and hour, prediction from period to period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild.plot._sheet import (
    BAND,
    BLUE,
    DARK,
    INK,
    LIGHT,
    MUTED,
    ORANGE,
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
)
from lagesbild.plot._words import Period, Words, dates_axis, days_of

if TYPE_CHECKING:
    from lagesbild.aoristic import WeekdayHour
    from lagesbild.prediction import Accuracy, RollingEvaluation
    from lagesbild.surveillance import Surveillance

Floats = NDArray[np.float64]
_MOST_SERIES, _LEAST_SERIES = 6, 3
_HISTORY = 104  # weeks before the last that are shown


# Surveillance -----------------------------------------------------------------------------------


def surveillance(
    result: Surveillance, words: Words, *, counts: ArrayLike | None = None,
    labels: Sequence[str] | None = None, starts: ArrayLike | None = None,
    series: Sequence[int] | None = None, level: float | None = None, n: int | None = None,
) -> Drawing:  # fmt: skip
    """Counts, what was expected and the bound, a panel for each of up to six series.

    counts  the whole (series, weeks) that was monitored; None: the monitored weeks alone
    starts  the first day of each column;  series  which to show; None: the most unusual
    level   an alarm is a q-value at most this; None: the result's own alarms
    n       events behind the counts, where series overlap
    """
    panel = _Panel.of(result, counts, labels, starts, level, words)
    shown = panel.most_unusual()
    shown = shown[: max(_LEAST_SERIES, int(panel.alarm[shown, -1].sum()))]
    if series is not None:
        shown = [int(row) for row in series][:_MOST_SERIES]
    high = 92.0 if len(shown) > 1 else 150.0
    entries: list[tuple[dict[str, Any], str]] = [
        ({"color": INK, "linewidth": 1.2}, words("surveillance.count")),
        ({"color": BLUE, "linewidth": 1.4, "linestyle": (0, (4, 2))},
         words("surveillance.expected")),
        ({"facecolor": BAND}, words("surveillance.bound")),
        ({"marker": "^", "color": VERMILION, "markeredgecolor": INK, "markersize": 7},
         words("surveillance.alarm")),
    ]  # fmt: skip

    def draw(sheet: Sheet) -> None:
        for number, row in enumerate(shown):
            _series(sheet, number * (high + 44), high, panel, row)
        legend(sheet, len(shown) * (high + 44), entries)

    alarms = [row for row in panel.most_unusual(None) if panel.alarm[row, -1]]
    listed = ", ".join(panel.names[row] for row in alarms[:8])
    period = None if panel.dates is None else (panel.dates[0], panel.dates[-1] + 6)
    return Drawing(
        title=panel.title(alarms),
        caption=words.caption(
            result.basis, words.count("events", result.basis.n if n is None else n), period=period,
            more=[words("surveillance.read"), _rule(result, words, level)],
        ),
        alt=words("surveillance.alt", n=len(shown), alarms=listed or words("none")),
        table=panel.table(),
        height=len(shown) * (high + 44) + legend_height(entries),
        draw=draw,
    )  # fmt: skip


def _rule(result: Surveillance, words: Words, level: float | None) -> str:
    if level is not None:
        return words("surveillance.by_q", level=words.share(level))
    alpha = result.basis.parameters.get("alpha")
    return "" if alpha is None else words("surveillance.by_bound", alpha=words.share(float(alpha)))


class _Panel:
    """Series with all their weeks; what was monitored lies in the columns `weeks`."""

    def __init__(
        self, result: Surveillance, counts: Floats, weeks: NDArray[np.int64], names: list[str],
        dates: NDArray[np.datetime64] | None, level: float | None, words: Words,
    ) -> None:  # fmt: skip
        self.result, self.counts, self.weeks, self.names = result, counts, weeks, names
        self.dates, self.words = dates, words
        self.expected = np.atleast_2d(result.expected)
        self.upper = np.atleast_2d(result.upper_bound)
        self.score, self.q = np.atleast_2d(result.score), np.atleast_2d(result.q_value)
        with np.errstate(invalid="ignore"):
            by_q = (self.q <= (level or 0)) & (counts[:, weeks] > self.expected)
            # How many alarm in a week decides the level of p there; the bound is the last week's.
            by_q[:, :-1] &= counts[:, weeks[:-1]] > self.upper[:, :-1]
        self.alarm = np.atleast_2d(result.alarm) if level is None else by_q

    @classmethod
    def of(
        cls, result: Surveillance, counts: ArrayLike | None, labels: Sequence[str] | None,
        starts: ArrayLike | None, level: float | None, words: Words,
    ) -> _Panel:  # fmt: skip
        expected = np.atleast_2d(result.expected)
        weeks = np.asarray(result.weeks)
        if counts is None:
            with np.errstate(invalid="ignore"):
                spread = np.atleast_2d(result.upper_bound) - expected
                table = np.round(expected + np.atleast_2d(result.score) * spread)
            weeks = np.arange(expected.shape[1])
        else:
            table = np.atleast_2d(np.asarray(counts, float))
            if table.shape[0] != expected.shape[0] or weeks.max() >= table.shape[1]:
                raise ValueError(
                    f"counts: ({expected.shape[0]}, more than {weeks.max()}) wanted, "
                    f"{table.shape} given"
                )
        names = (
            [words("series", n=row + 1) for row in range(table.shape[0])]
            if labels is None
            else [str(label) for label in labels]
        )
        if len(names) != table.shape[0]:
            raise ValueError(f"labels: {table.shape[0]} wanted, {len(names)} given")
        dates = None if starts is None else np.asarray(starts, "datetime64[D]")
        if dates is not None and dates.size != table.shape[1]:
            raise ValueError(f"starts: {table.shape[1]} days wanted, {dates.size} given")
        return cls(result, table, weeks, names, dates, level, words)

    def most_unusual(self, most: int | None = _MOST_SERIES) -> list[int]:
        last = np.nan_to_num(self.score[:, -1], nan=-np.inf, posinf=1e9)
        order = np.lexsort((-self.counts.sum(axis=1), -last, ~self.alarm[:, -1]))
        return [int(row) for row in order[:most]]

    def title(self, alarms: list[int]) -> str:
        if not alarms:
            return self.words("surveillance.none", n=self.words.count("series", len(self.names)))
        row = alarms[0]
        return self.words(
            "surveillance.title" if len(alarms) == 1 else "surveillance.several",
            name=self.names[row], n=self.words.number(len(alarms)),
            observed=self.words.number(self.counts[row, self.weeks[-1]]),
            expected=self.words.number(float(self.expected[row, -1])),
        )  # fmt: skip

    def table(self) -> Table:
        words = self.words
        header = tuple(words.capital(f"surveillance.{name}") for name in
                       ("name", "count", "expected", "upper", "q", "said"))  # fmt: skip
        rows = tuple(
            (
                self.names[row], words.number(self.counts[row, self.weeks[-1]]),
                words.number(float(self.expected[row, -1])),
                words.number(float(self.upper[row, -1])), words.plain_p(float(self.q[row, -1])),
                words("surveillance.alarm" if self.alarm[row, -1] else "surveillance.quiet")
                if np.isfinite(self.upper[row, -1]) else words("surveillance.silent"),
            )
            for row in self.most_unusual(40)
        )  # fmt: skip
        return Table(header, rows)


def _series(sheet: Sheet, top: float, high: float, panel: _Panel, row: int) -> None:
    axes = sheet.axes(34, top + 20, WIDTH - 48, high, grid="y")
    first = max(0, panel.counts.shape[1] - _HISTORY)
    at = np.arange(panel.counts.shape[1], dtype=float)
    if panel.dates is not None:
        at = np.array([days_of(day) for day in panel.dates])
    step = at[1] - at[0] if at.size > 1 else 1.0
    axes.plot(at[first:], panel.counts[row, first:], color=INK, linewidth=1.0, zorder=3)
    watched = at[panel.weeks]
    kept = panel.weeks >= first
    expected, upper = panel.expected[row], panel.upper[row]
    if kept.sum() > 1:
        axes.fill_between(watched[kept], 0, upper[kept], color=BAND, linewidth=0, zorder=1)
        axes.plot(watched[kept], expected[kept], color=BLUE, linewidth=1.4, linestyle=(0, (4, 2)),
                  zorder=2)  # fmt: skip
    else:
        broad = max(step, (at[-1] - at[first]) / 40)
        axes.bar(watched, upper, width=broad, color=BAND, zorder=1)
        axes.hlines(expected, watched - broad / 2, watched + broad / 2, color=BLUE, linewidth=1.6,
                    linestyle=(0, (4, 2)), zorder=2)  # fmt: skip
    axes.plot(watched[-1:], panel.counts[row, panel.weeks[-1:]], "o", color=INK, markersize=4,
              zorder=4, clip_on=False)  # fmt: skip
    hit = panel.alarm[row] & kept
    axes.plot(watched[hit], panel.counts[row, panel.weeks[hit]], "^", color=VERMILION,
              markeredgecolor=INK, markersize=7, zorder=5, clip_on=False)  # fmt: skip
    tops = [panel.counts[row, first:].max(), *upper[np.isfinite(upper)]]
    axes.set_ylim(0, max(1.0, max(tops) * 1.1))
    axes.set_xlim(at[first] - step / 2, at[-1] + step)
    sheet.text(10, top + 12, shortened(panel.names[row], WIDTH - 150, size=10), fontsize=10,
               fontweight="bold")  # fmt: skip
    sheet.text(WIDTH - 14, top + 12, sheet.words("surveillance.unit"), color=MUTED, ha="right")
    if panel.dates is None:
        axes.set_xlabel(sheet.words("week"), fontsize=SMALL, color=INK)
    else:
        dates_axis(axes, at[first], at[-1] + step, sheet.words)


# Weekday and hour -------------------------------------------------------------------------------


def weekday_hour(result: WeekdayHour, words: Words, *, period: Period | None = None) -> Drawing:
    """Seven by 24, with sums by hour above and by weekday beside; a dot: surely above the mean."""
    weights = result.weights
    total = float(weights.sum())
    day, hour, share = busiest(weights)
    mean = total / 168
    sure = result.lower > mean
    key = [({"marker": "o", "color": INK, "markersize": 3}, words("aoristic.dot"))]

    def draw(sheet: Sheet) -> None:
        above = sheet.axes(40, 14, 252, 44, sides="b")
        above.bar(np.arange(24) + 0.5, weights.sum(axis=0), width=0.85, color=BLUE)
        above.set(xlim=(0, 24), xticks=[], yticks=[])
        axes = sheet.axes(40, 60, 252, 112, sides="b")
        axes.pcolormesh(np.arange(25), np.arange(8), weights, cmap=sequence(), vmin=0,
                        edgecolors=PAPER, linewidth=0.6)  # fmt: skip
        rows, columns = np.nonzero(sure)
        light = weights[sure] > 0.55 * weights.max()
        for chosen, colour in ((light, LIGHT), (~light, DARK)):
            axes.plot(columns[chosen] + 0.5, rows[chosen] + 0.5, "o", color=colour, markersize=2.4,
                      linestyle="none")  # fmt: skip
        axes.set(xlim=(0, 24), ylim=(7, 0))
        axes.set_xticks([0, 6, 12, 18, 24], ["0", "6", "12", "18", "24"])
        axes.set_yticks(np.arange(7) + 0.5, [sheet.words(f"day.{d}.short") for d in range(7)])
        axes.tick_params(left=False)
        beside = sheet.axes(296, 60, 54, 112, sides="l")
        beside.barh(np.arange(7) + 0.5, weights.sum(axis=1), height=0.78, color=BLUE)
        beside.set(ylim=(7, 0), xticks=[], yticks=[])
        sheet.text(40, 10, sheet.words("aoristic.hours"), color=MUTED)
        sheet.text(350, 56, sheet.words("aoristic.days"), color=MUTED, ha="right")
        sheet.text(166, 196, sheet.words("hour"), ha="center")
        _colours(sheet, 206, float(weights.max()))
        legend(sheet, 246, key)

    name = words(f"day.{day}")
    hours = words.hours(hour, hour + 4)
    return Drawing(
        title=words("aoristic.title", day=name, hours=hours, share=words.share(share)),
        caption=words.caption(
            result.basis, words.count("events", result.basis.n), period=period,
            more=[words("aoristic.read"), words("aoristic.even", share=words.share(4 / 168))],
        ),
        alt=words("aoristic.alt", day=name, hours=hours, share=words.share(share)),
        table=_by_part_of_day(result, words),
        height=246 + legend_height(key),
        draw=draw,
    )  # fmt: skip


def _colours(sheet: Sheet, top: float, most: float) -> None:
    bar = sheet.axes(40, top, 120, 8, sides="b")
    bar.imshow(np.linspace(0, 1, 64)[None], cmap=sequence(), aspect="auto", extent=(0, most, 0, 1),
               interpolation="nearest")  # fmt: skip
    bar.set(yticks=[])
    sheet.text(168, top + 8, sheet.words("aoristic.unit"))


def busiest(weights: Floats) -> tuple[int, int, float]:
    """Weekday and hour where the four busiest hours in a row begin, and their share."""
    week = weights.ravel()
    four = np.sum([np.roll(week, -step) for step in range(4)], axis=0)
    # Of equal ones the one that begins with most: not three empty hours before it.
    first = int(np.lexsort((-week, -np.round(four, 9)))[0])
    return first // 24, first % 24, float(four[first] / max(week.sum(), 1e-300))


def _by_part_of_day(result: WeekdayHour, words: Words) -> Table:
    parts = [(0, 6), (6, 12), (12, 18), (18, 24)]
    header = (words("weekday"), *(words.hours(*part) for part in parts), words("sum"))
    rows = tuple(
        (
            words(f"day.{day}"),
            *(words.number(round(float(result.weights[day, a:b].sum()), 1)) for a, b in parts),
            words.number(round(float(result.weights[day].sum()), 1)),
        )
        for day in range(7)
    )
    return Table(header, rows)


# Prediction -------------------------------------------------------------------------------------


def rolling(result: RollingEvaluation, words: Words) -> Drawing:
    """PAI of a method and of the naive map, period by period."""
    ratio = result.pai_ratio
    wins = int((result.pai > result.naive_pai).sum())
    key = "rolling.better" if ratio > 1 else "rolling.worse"
    entries = [
        ({"color": BLUE, "linewidth": 1.8, "marker": "o"}, words("rolling.method")),
        ({"color": ORANGE, "linewidth": 1.8, "marker": "s"}, words("rolling.naive")),
        ({"color": MUTED, "linewidth": 1.0, "linestyle": (0, (2, 2))}, words("rolling.chance")),
    ]

    def draw(sheet: Sheet) -> None:
        axes = sheet.axes(36, 18, WIDTH - 50, 150, grid="y")
        at = np.array([days_of(cut) for cut in result.cuts])
        axes.plot(at, result.pai, "-o", color=BLUE, linewidth=1.6, markersize=4)
        axes.plot(at, result.naive_pai, "--s", color=ORANGE, linewidth=1.6, markersize=4)
        axes.axhline(1, color=MUTED, linewidth=1.0, linestyle=(0, (2, 2)))
        axes.set_ylim(bottom=0)
        if at.size > 1:
            dates_axis(axes, at[0], at[-1], sheet.words)
        else:
            axes.set_xticks(at, [sheet.words.date(result.cuts[0])])
        sheet.text(10, 10, sheet.words("rolling.unit"), color=MUTED)
        legend(sheet, 204, entries)

    share = words.share(float(result.basis.parameters["share"]))
    return Drawing(
        title=words(key, ratio=words.number(ratio), wins=wins, n=len(result.cuts)),
        caption=words.caption(
            result.basis, words.count("events", result.basis.n),
            more=[words("rolling.read", share=share)],
        ),
        alt=words("rolling.alt", n=len(result.cuts), mean=words.number(float(result.pai.mean())),
                  naive=words.number(float(result.naive_pai.mean()))),
        table=Table(
            (words("rolling.from"), words("events.head"), "PAI", words("rolling.naive_pai"),
             words("rolling.hits")),
            tuple(
                (words.date(result.cuts[i]), words.number(int(result.events[i])),
                 words.number(float(result.pai[i])), words.number(float(result.naive_pai[i])),
                 words.share(float(result.hit_rate[i])))
                for i in range(len(result.cuts))
            ),
        ),
        height=204 + legend_height(entries),
        draw=draw,
    )  # fmt: skip


def accuracy(result: Accuracy, words: Words, *, share: float = 0.05) -> Drawing:
    """The share of events found as more of the area is flagged; chance is the diagonal."""
    area, hits = np.r_[0, result.area_share], np.r_[0, result.hit_rate]
    with np.errstate(invalid="ignore", divide="ignore"):
        best = np.r_[0, np.where(result.pei > 0, result.hit_rate / result.pei, np.nan)]
    at = max(int(np.searchsorted(result.area_share, share * (1 + 1e-12), side="right")) - 1, 0)
    entries = [
        ({"color": BLUE, "linewidth": 2.0}, words("accuracy.map")),
        ({"color": ORANGE, "linewidth": 1.4, "linestyle": (0, (4, 2))}, words("accuracy.best")),
        ({"color": MUTED, "linewidth": 1.0, "linestyle": (0, (1, 2))}, words("accuracy.chance")),
    ]

    def draw(sheet: Sheet) -> None:
        axes = sheet.axes(44, 8, WIDTH - 68, 190, grid="xy")
        axes.plot(area, best, color=ORANGE, linewidth=1.4, linestyle=(0, (4, 2)))
        axes.plot([0, 1], [0, 1], color=MUTED, linewidth=1.0, linestyle=(0, (1, 2)))
        axes.plot(area, hits, color=BLUE, linewidth=2.0)
        axes.plot(area[at + 1], hits[at + 1], "o", color=INK, markersize=5, zorder=5)
        axes.set(xlim=(0, 1), ylim=(0, 1.02))
        ticks = [0, 0.25, 0.5, 0.75, 1]
        axes.set_xticks(ticks, [sheet.words.share(tick) for tick in ticks])
        axes.set_yticks(ticks, [sheet.words.share(tick) for tick in ticks])
        axes.set_xlabel(sheet.words("accuracy.area"), fontsize=SMALL, color=INK)
        sheet.canvas.text(0.012, 0.62, sheet.words("accuracy.hits"), rotation=90, fontsize=SMALL,
                          color=INK, va="center")  # fmt: skip
        legend(sheet, 232, entries)

    steps = [s for s in (0.01, 0.02, 0.05, 0.1, 0.2) if s >= result.area_share[0]] or [1.0]
    rows = [
        int(np.searchsorted(result.area_share, s * (1 + 1e-12), side="right")) - 1 for s in steps
    ]
    return Drawing(
        title=words("accuracy.title", area=words.share(float(area[at + 1]), digits=1),
                    hits=words.share(float(hits[at + 1])), pai=words.number(float(result.pai[at]))),
        caption=words("accuracy.read"),
        alt=words("accuracy.alt", area=words.share(float(area[at + 1]), digits=1),
                  hits=words.share(float(hits[at + 1]))),
        table=Table(
            (words("accuracy.area"), words("accuracy.hits"), "PAI", "PEI"),
            tuple(
                (words.share(float(result.area_share[row]), digits=1),
                 words.share(float(result.hit_rate[row])), words.number(float(result.pai[row])),
                 words.number(float(result.pei[row])))
                for row in rows
            ),
        ),
        height=232 + legend_height(entries),
        draw=draw,
    )  # fmt: skip
