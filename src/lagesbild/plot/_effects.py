"""Figures of effects: did it help, how sure is that, and what could have been seen at all?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild.plot._sheet import (
    BAND,
    BLUE,
    INK,
    MUTED,
    ORANGE,
    SMALL,
    VERMILION,
    WIDTH,
    Drawing,
    Sheet,
    Table,
    legend,
    legend_height,
)
from lagesbild.plot._words import Words

if TYPE_CHECKING:
    from lagesbild.evaluation import DisplacementQuotient, Effect, RateRatio, SyntheticEffect

Floats = NDArray[np.float64]
_MOST_PERIODS = 40  # on a line that is to be told from noise
_VERDICTS = {"better": "better", "worse": "worse", "no sign": "no_sign", "cannot tell": "cannot"}
_MARKS = {"better": ("v", BLUE), "worse": ("^", VERMILION), "no sign": ("o", MUTED),
          "cannot tell": ("D", MUTED)}  # fmt: skip


def effect(result: Effect, words: Words) -> Drawing:
    """Before and after in each area, and the estimate with its interval."""
    areas = ("treated", "control", "displacement", "displacement_control")
    pairs = {
        name: result.basis.parameters[name] for name in areas if name in result.basis.parameters
    }
    high = 26.0 * len(pairs)
    spans = (words.number(round(bound, 1)) for bound in result.interval)
    values = {
        "n": words.number(abs(round(result.estimate, 1))), "low": next(spans), "high": next(spans),
        "level": words.share(float(result.basis.parameters.get("level", 0.95))),
    }  # fmt: skip

    def draw(sheet: Sheet) -> None:
        if pairs:
            _before_after(sheet, pairs, high)
        _interval(sheet, high + 58 if pairs else 8, result, result.estimate, result.interval,
                  0.0, "effect.axis")  # fmt: skip

    return Drawing(
        title=words(f"effect.{_VERDICTS[result.verdict]}", **values),
        caption=words.caption(
            result.basis, words.count("events", result.basis.n),
            more=[words("effect.p", p=words.p(result.p_value)), *_caveats(result, words)],
        ),
        alt=words("effect.alt", **values, estimate=words.number(round(result.estimate, 1))),
        table=Table(
            (words("effect.area"), words.capital("effect.before"), words.capital("effect.after")),
            tuple((words(f"effect.{name}"), words.number(pair[0]), words.number(pair[1]))
                  for name, pair in pairs.items()),
        ),
        height=(high + 58 if pairs else 8) + 74,
        draw=draw,
    )  # fmt: skip


def _caveats(result: Effect, words: Words, nothing: str = "zero") -> list[str]:
    """What the verdict means, `nothing` being no change on the figure's scale, and the caveats."""
    known = [words.caveat(sentence) for sentence in result.caveats]
    named = words(f"verdict.{nothing}")
    return [words(f"verdict.{_VERDICTS[result.verdict]}", nothing=named), *known]


def _before_after(sheet: Sheet, pairs: Mapping[str, Any], high: float) -> None:
    axes = sheet.axes(112, 4, WIDTH - 130, high, sides="b", grid="x")
    for row, (before, after) in enumerate(pairs.values()):
        arrow = {"arrowstyle": "-|>", "color": MUTED, "linewidth": 1.4}
        axes.annotate("", (after, row), (before, row), arrowprops=arrow)
        axes.plot([before], [row], "o", markerfacecolor="none", markeredgecolor=INK, markersize=7)
        axes.plot([after], [row], "o", color=BLUE, markeredgecolor=INK, markersize=7)
    numbers = [float(value) for pair in pairs.values() for value in pair]
    pad = max(1.0, 0.08 * max(numbers))
    axes.set(ylim=(len(pairs) - 0.5, -0.5), xlim=(max(0, min(numbers) - pad), max(numbers) + pad))
    axes.set_yticks(range(len(pairs)), [sheet.words(f"effect.{name}") for name in pairs])
    entries = [
        ({"marker": "o", "markerfacecolor": "none", "markeredgecolor": INK, "markersize": 6},
         sheet.words("effect.before")),
        ({"marker": "o", "color": BLUE, "markeredgecolor": INK, "markersize": 6},
         sheet.words("effect.after")),
    ]  # fmt: skip
    legend(sheet, high + 24, entries)


def _interval(
    sheet: Sheet, top: float, result: Effect, estimate: float, interval: tuple[float, float],
    nothing: float, unit: str,
) -> None:  # fmt: skip
    """The estimate, its interval, and where no change lies."""
    axes = sheet.axes(20, top + 6, WIDTH - 40, 34, sides="b")
    axes.axvline(nothing, color=INK, linewidth=1.0)
    mark, colour = _MARKS[result.verdict]
    low, high = interval
    if np.isfinite([low, high]).all():
        axes.plot([low, high], [0, 0], color=colour, linewidth=3, solid_capstyle="butt")
        axes.plot([low, high], [0, 0], "|", color=colour, markersize=11, markeredgewidth=2)
        pad = 0.08 * max(high - low, abs(estimate - nothing), 1e-9)
        axes.set_xlim(min(low, nothing) - pad, max(high, nothing) + pad)
    if np.isfinite(estimate):
        axes.plot([estimate], [0], mark, color=colour, markeredgecolor=INK, markersize=9)
    axes.set(ylim=(-1, 1), yticks=[])
    axes.set_xlabel(sheet.words(unit), fontsize=SMALL, color=INK)


def rate_ratio(
    result: RateRatio, words: Words, *, counts: ArrayLike | None = None,
    treated: ArrayLike | None = None, after: ArrayLike | None = None,
) -> Drawing:  # fmt: skip
    """The ratio with its interval; with the counts also both sides, period by period."""
    low, high = result.ratio_interval
    values = {
        "n": words.share(abs(1 - result.ratio)), "ratio": words.number(round(result.ratio, 2)),
        "low": words.number(round(low, 2)), "high": words.number(round(high, 2)),
        "level": words.share(float(result.basis.parameters["level"])),
    }  # fmt: skip
    lines = None
    if counts is not None and treated is not None and after is not None:
        lines = _Lines.of(counts, treated, after)
    top = 0.0 if lines is None else 176.0
    entries = _line_entries(words)

    def draw(sheet: Sheet) -> None:
        if lines is not None:
            _two_lines(sheet, lines)
            legend(sheet, 152, entries)
        _interval(sheet, top, result, result.ratio, result.ratio_interval, 1.0, "ratio.axis")

    return Drawing(
        title=words(f"ratio.{_VERDICTS[result.verdict]}", **values),
        caption=words.caption(
            result.basis, words.count("events", result.basis.n),
            more=[words("ratio.read", areas=words.count("areas", result.clusters),
                        p=words.p(result.p_value)), *_caveats(result, words, "one")],
        ),
        alt=words("ratio.alt", **values),
        table=Table(
            (words("ratio.axis"), words("interval"), "p"),
            ((values["ratio"], words("from.to", low=values["low"], high=values["high"]),
              words.plain_p(result.p_value)),),
        ),
        height=top + 74,
        draw=draw,
    )  # fmt: skip


class _Lines:
    """Both sides' means per area, as a share of their mean before."""

    def __init__(self, treated: Floats, control: Floats, at: Floats, start: float) -> None:
        self.treated, self.control, self.at, self.start = treated, control, at, start

    @classmethod
    def of(cls, counts: ArrayLike, treated: ArrayLike, after: ArrayLike) -> _Lines:
        y, is_treated, is_after = np.asarray(counts, float), np.asarray(treated), np.asarray(after)
        if y.ndim != 2 or is_treated.shape != y.shape[:1] or is_after.shape != y.shape[1:]:
            raise ValueError("treated, after: one value per row and per column of counts wanted")
        sides = [y[is_treated.astype(bool)].mean(axis=0), y[~is_treated.astype(bool)].mean(axis=0)]
        first = int(np.argmax(is_after.astype(bool)))
        scaled = [100 * side / max(float(side[~is_after.astype(bool)].mean()), 1e-300)
                  for side in sides]  # fmt: skip
        # Many periods are shown as means of a few, counted both ways from the start.
        step = -(-y.shape[1] // _MOST_PERIODS)
        edges = np.unique(np.r_[np.arange(first, -1, -step), np.arange(first, y.shape[1], step)])
        means = [
            np.add.reduceat(side, edges) / np.diff(np.r_[edges, y.shape[1]]) for side in scaled
        ]
        means = [np.asarray(side[edges >= (first % step)]) for side in means]
        kept = edges[edges >= (first % step)]
        return cls(means[0], means[1], kept.astype(float), float(first) - 0.5)


def _line_entries(words: Words) -> list[tuple[dict[str, Any], str]]:
    return [
        ({"color": BLUE, "linewidth": 2.0}, words("lines.treated")),
        ({"color": ORANGE, "linewidth": 1.6, "linestyle": (0, (4, 2))}, words("lines.control")),
    ]


def _two_lines(sheet: Sheet, lines: _Lines) -> None:
    axes = sheet.axes(36, 18, WIDTH - 50, 98, grid="y")
    at = lines.at
    axes.plot(at, lines.control, color=ORANGE, linewidth=1.4, linestyle=(0, (4, 2)))
    axes.plot(at, lines.treated, color=BLUE, linewidth=1.6)
    axes.axvline(lines.start, color=INK, linewidth=1.0, linestyle=(0, (2, 2)))
    axes.set_ylim(bottom=0)
    axes.set_xlim(at[0], max(at[-1], at[0] + 1))
    axes.set_xlabel(sheet.words("period"), fontsize=SMALL, color=INK)
    sheet.text(10, 10, sheet.words("lines.unit"), color=MUTED)


def synthetic(result: SyntheticEffect, words: Words) -> Drawing:
    """Observed against what the others say it would have been, and the gap between them."""
    start = _start_of(result)
    entries: list[tuple[dict[str, Any], str]] = [
        ({"color": BLUE, "linewidth": 2.0}, words("synthetic.observed")),
        ({"color": ORANGE, "linewidth": 1.6, "linestyle": (0, (4, 2))},
         words("synthetic.synthetic")),
        ({"facecolor": BAND}, words("synthetic.gap")),
    ]  # fmt: skip

    def draw(sheet: Sheet) -> None:
        axes = sheet.axes(40, 6, WIDTH - 54, 130, grid="y")
        at = np.arange(result.observed.size)
        axes.fill_between(at, result.observed, result.synthetic, where=at >= start - 0.5,
                          color=BAND, linewidth=0)  # fmt: skip
        axes.plot(at, result.synthetic, color=ORANGE, linewidth=1.4, linestyle=(0, (4, 2)))
        axes.plot(at, result.observed, color=BLUE, linewidth=1.8)
        axes.axvline(start - 0.5, color=INK, linewidth=1.0, linestyle=(0, (2, 2)))
        axes.set_xlim(0, max(1, at.size - 1))
        if min(result.observed.min(), result.synthetic.min()) >= 0:
            axes.set_ylim(bottom=0)
        axes.set_xlabel(sheet.words("period"), fontsize=SMALL, color=INK)
        height = legend(sheet, 172, entries)
        placebos = sheet.axes(20, 192 + height, WIDTH - 40, 34, sides="b")
        placebos.plot(result.placebo_estimates, np.zeros(result.placebo_estimates.size), "|",
                      color=MUTED, markersize=12, alpha=0.7)  # fmt: skip
        mark, colour = _MARKS[result.verdict]
        placebos.plot([result.estimate], [0], mark, color=colour, markeredgecolor=INK, markersize=9)
        placebos.axvline(0, color=INK, linewidth=1.0)
        placebos.set(ylim=(-1, 1), yticks=[])
        placebos.set_xlabel(sheet.words("synthetic.placebos"), fontsize=SMALL, color=INK)

    low, high = (words.number(round(bound, 2)) for bound in result.interval)
    values = {"n": words.number(abs(round(result.estimate, 2))), "low": low, "high": high,
              "level": words.share(float(result.basis.parameters.get("level", 0.95)))}  # fmt: skip
    return Drawing(
        title=words(f"synthetic.{_VERDICTS[result.verdict]}", **values),
        caption=words.caption(
            result.basis, words.count("units", result.unit_weights.size),
            more=[words("synthetic.read", fit=words(f"fit.{result.fit}"),
                        p=words.p(result.placebo_p_value)), *_caveats(result, words)],
        ),
        alt=words("synthetic.alt", **values, estimate=words.number(round(result.estimate, 2))),
        table=Table(
            (words("period"), words("synthetic.observed"), words("synthetic.synthetic"),
             words("synthetic.gap")),
            tuple(
                (str(i + 1), *(words.number(round(float(side[i]), 2))
                               for side in (result.observed, result.synthetic, result.gap)))
                for i in range(result.observed.size)
            ),
        ),
        height=192 + legend_height(entries) + 70,
        draw=draw,
    )  # fmt: skip


def _start_of(result: SyntheticEffect) -> int:
    given = result.basis.parameters.get("treatment_start")
    if given is not None:
        return int(given)
    weighted = np.flatnonzero(result.period_weights)
    return int(weighted[-1]) + 1 if weighted.size else 0


def displacement(result: DisplacementQuotient, words: Words) -> Drawing:
    """The quotient on its scale, with what its stretches mean."""
    value = result.wdq
    key = "wdq.unknown"
    if np.isfinite(value):
        bounds = ((1, "wdq.diffused_more"), (0, "wdq.diffused"), (-1, "wdq.displaced"))
        key = next((name for low, name in bounds if value > low), "wdq.displaced_more")

    def draw(sheet: Sheet) -> None:
        axes = sheet.axes(20, 30, WIDTH - 40, 30, sides="b")
        reach = max(2.0, abs(value) * 1.15 if np.isfinite(value) else 0.0)
        for low, high, colour in ((-reach, -1, "#f3c7a5"), (-1, 0, "#fae6d6"), (0, 1, "#dbe9f4"),
                                  (1, reach, "#a9cbe6")):  # fmt: skip
            axes.axvspan(low, high, color=colour, linewidth=0)
        axes.set(xlim=(-reach, reach), ylim=(-1, 1), yticks=[])
        if np.isfinite(value):
            axes.plot([value], [0], "D", color=INK, markersize=8)
        axes.set_xlabel("WDQ", fontsize=SMALL, color=INK)
        sheet.text(20, 22, f"← {sheet.words('wdq.left')}", color=MUTED)
        sheet.text(WIDTH - 20, 22, f"{sheet.words('wdq.right')} →", color=MUTED, ha="right")

    said = words.number(round(value, 2)) if np.isfinite(value) else "–"
    rows = (
        ("WDQ", value),
        (words("wdq.gross"), result.gross_effect),
        (words("wdq.net"), result.net_effect),
        (words("wdq.total"), result.total_net_effect),
    )
    return Drawing(
        title=words(key, wdq=said),
        caption=words("wdq.read"),
        alt=words("wdq.alt", wdq=said),
        table=Table(
            (words("measure"), words("value")),
            tuple((name, words.number(round(number, 2)) if np.isfinite(number) else "–")
                  for name, number in rows),
        ),
        height=98,
        draw=draw,
    )  # fmt: skip


def power_curve(
    words: Words, *, before: float, control_before: float, displacement_before: float = 0.0,
    chance: float = 0.8, level: float = 0.95,
) -> Drawing:  # fmt: skip
    """How likely falls of every size are to be seen, and the smallest that usually is."""
    from lagesbild import evaluation

    given = {"before": before, "control_before": control_before,
             "displacement_before": displacement_before, "level": level}  # fmt: skip
    falls = np.linspace(0, 1, 51)
    powers = np.array(
        [evaluation.power(change=-min(float(fall), 1 - 1e-9), **given) for fall in falls]
    )
    smallest = evaluation.smallest_detectable_change(chance=chance, **given)
    is_seen = bool(np.isfinite(smallest))
    entries = [
        ({"color": BLUE, "linewidth": 2.0}, words("power.curve")),
        ({"color": MUTED, "linewidth": 1.2, "linestyle": (0, (4, 2))},
         words("power.wanted", chance=words.share(chance))),
    ]  # fmt: skip

    def draw(sheet: Sheet) -> None:
        axes = sheet.axes(44, 18, WIDTH - 68, 150, grid="y")
        axes.plot(falls, powers, color=BLUE, linewidth=2.0)
        axes.axhline(chance, color=MUTED, linewidth=1.2, linestyle=(0, (4, 2)))
        if is_seen:
            axes.plot([-smallest], [chance], "o", color=INK, markersize=6, zorder=5)
            axes.vlines(-smallest, 0, chance, color=INK, linewidth=0.8, linestyle=(0, (2, 2)))
        ticks = [0, 0.25, 0.5, 0.75, 1]
        axes.set(xlim=(0, 1), ylim=(0, 1.02))
        axes.set_xticks(ticks, [sheet.words.share(tick) for tick in ticks])
        axes.set_yticks(ticks, [sheet.words.share(tick) for tick in ticks])
        axes.set_xlabel(sheet.words("power.fall"), fontsize=SMALL, color=INK)
        sheet.text(10, 10, sheet.words("power.chance"), color=MUTED)
        legend(sheet, 202, entries)

    fall = words.share(-smallest) if is_seen else "–"
    rows = range(5, 51, 5)
    return Drawing(
        title=words("power.title" if is_seen else "power.none", fall=fall,
                    chance=words.share(chance)),
        caption=words("power.read", before=words.number(before),
                      control=words.number(control_before), level=words.share(level)),
        alt=words("power.alt" if is_seen else "power.alt_none", fall=fall,
                  chance=words.share(chance)),
        table=Table(
            (words("power.fall"), words("power.chance")),
            tuple((words.share(float(falls[row])), words.share(float(powers[row])))
                  for row in rows),
        ),
        height=202 + legend_height(entries),
        draw=draw,
    )  # fmt: skip
