"""Figures drawn on the server: what they hold, and where each mark goes.

A figure is made by a view from numbers that a room has already computed, and drawn by the tags
`bar_figure`, `line_figure` and `heat_figure`. Each carries its own basis (how many, when, by what
method): a figure without one cannot be made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

WIDTH, HEIGHT = 720.0, 280.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 12.0, 14.0, 34.0
HEAT_STEPS = 5


@dataclass(frozen=True)
class Frame:
    """What every figure says about itself.

    `summary` tells in one or two sentences what the figure shows: it is read aloud in its place.
    `basis` is the line "n = ..., period, method".
    """

    title: str
    summary: str
    basis: str


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    is_marked: bool = False


@dataclass(frozen=True)
class BarFigure(Frame):
    """Values of categories, as a table whose cells are bars."""

    bars: tuple[Bar, ...]
    category_heading: str
    value_heading: str
    decimals: int = 0


@dataclass(frozen=True)
class Point:
    """One period: what was counted, and optionally what was expected and between which bounds."""

    label: str
    value: float
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    is_marked: bool = False


@dataclass(frozen=True)
class LineFigure(Frame):
    """Counts over time against an expectation with its interval."""

    points: tuple[Point, ...]
    period_heading: str
    value_heading: str


@dataclass(frozen=True)
class HeatFigure(Frame):
    """Counts of weekday by hour. `counts[row][column]`; None is "not shown" (too few)."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int | None, ...], ...]
    row_heading: str


@dataclass(frozen=True)
class DrawnBar:
    bar: Bar
    share: str


def draw_bars(figure: BarFigure) -> list[DrawnBar]:
    """Each bar with its length in percent of the longest one."""
    longest = max((abs(bar.value) for bar in figure.bars), default=0) or 1
    return [DrawnBar(bar, f"{100 * abs(bar.value) / longest:.1f}%") for bar in figure.bars]


@dataclass(frozen=True)
class Tick:
    at: str
    label: str


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    point: Point


@dataclass(frozen=True)
class DrawnLine:
    """Coordinates in a WIDTH × HEIGHT drawing, as strings that no locale rewrites."""

    left: str
    right: str
    bottom: str
    line: str
    expected: list[str]
    bands: list[str]
    dots: list[Dot]
    y_ticks: list[Tick]
    x_ticks: list[Tick]


def draw_line(figure: LineFigure) -> DrawnLine:
    points = figure.points
    heights = (height for p in points for height in (p.value, p.high, p.expected))
    top = max((height for height in heights if height is not None), default=0)
    ticks = nice_ticks(top)
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    step = (right - _LEFT) / max(len(points) - 1, 1)

    def x(index: int) -> float:
        return _LEFT + index * step

    def y(value: float) -> float:
        return bottom - (bottom - _TOP) * value / (ticks[-1] or 1)

    def path(run: Sequence[tuple[int, float]]) -> str:
        return " ".join(f"{x(i):.1f},{y(v):.1f}" for i, v in run)

    upper = [(i, p.high) if p.high is not None and p.low is not None else None
             for i, p in enumerate(points)]  # fmt: skip
    bands = []
    for run in _runs(upper):
        lower = [(i, points[i].low or 0.0) for i, _ in reversed(run)]
        bands.append(f"{path(run)} {path(lower)}")
    wanted = [(i, p.expected) if p.expected is not None else None for i, p in enumerate(points)]
    every = max(1, ceil(len(points) / 9))
    return DrawnLine(
        left=f"{_LEFT:.1f}",
        right=f"{right:.1f}",
        bottom=f"{bottom:.1f}",
        line=path([(i, p.value) for i, p in enumerate(points)]),
        expected=[path(run) for run in _runs(wanted)],
        bands=bands,
        dots=[Dot(f"{x(i):.1f}", f"{y(p.value):.1f}", p) for i, p in enumerate(points)],
        y_ticks=[Tick(f"{y(t):.1f}", f"{t:g}".replace(".", ",")) for t in ticks],
        x_ticks=[Tick(f"{x(i):.1f}", p.label) for i, p in enumerate(points) if i % every == 0],
    )


def _runs(values: Sequence[tuple[int, float] | None]) -> list[list[tuple[int, float]]]:
    """The unbroken stretches: a gap in the data is a gap in the drawing."""
    runs: list[list[tuple[int, float]]] = [[]]
    for value in values:
        if value is not None:
            runs[-1].append(value)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def nice_ticks(top: float, wanted: int = 4) -> list[float]:
    """Round whole steps from 0 to at least `top`: 0, 20, 40, 60. Counts have no halves."""
    if top <= 1:
        return [0.0, 1.0]
    raw = max(top / wanted, 1.0)
    power = 10.0 ** floor(log10(raw))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= raw)
    return [step * i for i in range(ceil(top / step) + 1)]


@dataclass(frozen=True)
class Cell:
    x: str
    y: str
    text_x: str
    text_y: str
    step: int
    label: str


@dataclass(frozen=True)
class DrawnHeat:
    width: str
    height: str
    cell_width: str
    cell_height: str
    cells: list[Cell]
    row_ticks: list[Tick]
    column_ticks: list[Tick]
    steps: list[tuple[int, str]]


def draw_heat(figure: HeatFigure) -> DrawnHeat:
    left, head, cell_height = 64.0, 22.0, 30.0
    cell_width = (WIDTH - left) / max(len(figure.columns), 1)
    edges = _heat_edges(figure)
    cells = []
    for r, row in enumerate(figure.counts):
        for c, count in enumerate(row):
            x, y = left + c * cell_width, head + r * cell_height
            cells.append(
                Cell(
                    f"{x:.1f}",
                    f"{y:.1f}",
                    f"{x + cell_width / 2:.1f}",
                    f"{y + cell_height / 2 + 4.5:.1f}",
                    heat_step(count, edges),
                    "–" if count is None else str(count) if count else "",
                )
            )
    return DrawnHeat(
        width=f"{WIDTH:.0f}",
        height=f"{head + len(figure.rows) * cell_height:.0f}",
        cell_width=f"{cell_width:.1f}",
        cell_height=f"{cell_height:.1f}",
        cells=cells,
        row_ticks=[
            Tick(f"{head + (r + 0.5) * cell_height + 4.5:.1f}", label)
            for r, label in enumerate(figure.rows)
        ],
        column_ticks=[
            Tick(f"{left + (c + 0.5) * cell_width:.1f}", label)
            for c, label in enumerate(figure.columns)
            if c % 3 == 0 or len(figure.columns) <= 12
        ],
        steps=[
            (i + 1, f"{low}" if low == high - 1 else f"{low}–{high - 1}")
            for i, (low, high) in enumerate(pairwise(edges))
        ],
    )


def _heat_edges(figure: HeatFigure) -> list[int]:
    """At most HEAT_STEPS equal steps of whole numbers from 1 to past the largest count."""
    top = max((count or 0 for row in figure.counts for count in row), default=0)
    size = max(1, ceil(top / HEAT_STEPS))
    return list(range(1, max(top, 1) + size + 1, size))


def heat_step(count: int | None, edges: Sequence[int]) -> int:
    """0 for nothing or not shown, else which step the count falls in (1 is the lightest)."""
    if not count:
        return 0
    return sum(1 for edge in edges[:-1] if count >= edge)
