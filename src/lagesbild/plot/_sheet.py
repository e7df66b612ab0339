"""The page a figure is drawn on: sizes in points, colours, type, and the figure itself.

A figure is 360 points wide, a phone's width: what can be read there can be read anywhere.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter, MaxNLocator

from lagesbild.plot import _svg

if TYPE_CHECKING:
    from lagesbild.plot._words import Words

WIDTH = 360.0
_MARGIN = 10.0
_TITLE, _CAPTION = 13.0, 9.5
TEXT, SMALL = 10.0, 9.0

# Greys and paper; a page that embeds a picture may turn these in the dark.
INK, MUTED, LINE, BAND, PAPER = "#1b1f24", "#57606a", "#c9ced4", "#d9e2ea", "#ffffff"
# Upon colours, that stay as they are in the dark.
DARK, LIGHT, GROUND = "#0a0a0a", "#fefefe", "#fcfcfc"
# Okabe and Ito (2008): told apart by those who see few colours; the orange darker than theirs, so
# that it is seen on white.
BLUE, ORANGE, VERMILION = "#0072b2", "#c27c00", "#d55e00"
# Light to dark, even in lightness: the same order in print without colour.
_SEQUENCE = ("#f2f6d0", "#c7e4b8", "#7fcdbb", "#3fa6c0", "#2376b2", "#253f94", "#14194f")

# Matplotlib's settings are one for the process. They are set while drawing and put back after.
_SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "lagesbild",
    "font.family": ["DejaVu Sans"],  # comes with Matplotlib: the same measures everywhere
    "font.size": TEXT,
    "axes.unicode_minus": True,
    "text.usetex": False,
    "path.simplify": True,
    "hatch.linewidth": 0.6,
    "hatch.color": MUTED,
}
_drawing = threading.RLock()
_kept = threading.local()  # what measures words; fonts are a thread's own


@dataclass(frozen=True)
class Table:
    """What a figure shows, in words and numbers, for those who do not see it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A figure before it is put on a page.

    title    the finding, one sentence
    caption  what it rests on, and how it is to be read
    alt      what is seen
    height   of the plot, in points
    draw     puts it on a sheet
    """

    title: str
    caption: str
    alt: str
    table: Table
    height: float
    draw: Callable[[Sheet], None]


@dataclass(frozen=True)
class Sheet:
    """Where a drawing goes: points from its upper left corner, rightwards and down."""

    canvas: Canvas
    top: float
    whole: float
    words: Words

    def axes(
        self, left: float, top: float, width: float, height: float, *,
        sides: str = "lb", grid: str = "",
    ) -> Axes:  # fmt: skip
        """Axes in a rectangle, with lines on these `sides` (of l, b, r, t) and a `grid` (x, y)."""
        bottom = self.whole - self.top - top - height
        axes = self.canvas.add_axes(
            (left / WIDTH, bottom / self.whole, width / WIDTH, height / self.whole)
        )
        axes.patch.set_visible(False)
        names = {"l": "left", "b": "bottom", "r": "right", "t": "top"}
        for letter, name in names.items():
            axes.spines[name].set_visible(letter in sides)
            axes.spines[name].set_color(MUTED)
            axes.spines[name].set_linewidth(0.8)
        axes.tick_params(length=3, width=0.8, color=MUTED, labelcolor=INK, labelsize=SMALL, pad=2)
        axes.tick_params(left="l" in sides, bottom="b" in sides)
        for axis, name in ((axes.xaxis, "x"), (axes.yaxis, "y")):
            axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
            axis.set_major_formatter(FuncFormatter(lambda value, _: self.words.number(value)))
            if name in grid:
                axes.grid(axis=name, color=LINE, linewidth=0.6)  # type: ignore[arg-type]
        axes.set_axisbelow(True)
        return axes

    def text(self, left: float, top: float, words: str, **style: Any) -> None:
        """Words with their baseline at a point."""
        given: dict[str, Any] = {
            "fontsize": SMALL,
            "color": INK,
            "ha": "left",
            "va": "baseline",
        } | style
        self.canvas.text(left / WIDTH, 1 - (self.top + top) / self.whole, words, **given)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure as an editor would print it. The same result gives the same bytes.

    title     the finding, one sentence
    caption   what it rests on: n, period, method, seed, replicates, p and how
    alt       what is seen, in words
    table     the same in numbers
    language  'sv' or 'en'
    """

    title: str
    caption: str
    alt: str
    table: Table
    language: str
    drawing: Drawing = field(repr=False)
    words: Words = field(repr=False)

    @classmethod
    def of(cls, drawing: Drawing, words: Words) -> Figure:
        return cls(
            title=drawing.title, caption=drawing.caption, alt=drawing.alt, table=drawing.table,
            language=words.language, drawing=drawing, words=words,
        )  # fmt: skip

    @cached_property
    def svg(self) -> str:
        """A file of its own, titled and captioned; words are words, and it has a description."""
        return _svg.document(
            self._drawn(is_whole=True), title=self.title, alt=self.alt, language=self.language
        )

    @cached_property
    def png(self) -> bytes:
        """The same as pixels, 1,000 wide."""
        return self.to_png()

    def to_png(self, *, dpi: float = 200.0) -> bytes:
        """The same as pixels: 360 points are 1,000 at 200 `dpi`."""
        with _settled():
            canvas, out = self._compose(is_whole=True), io.BytesIO()
            FigureCanvasAgg(canvas)
            metadata = {"Title": self.title, "Description": self.alt, "Software": None}
            canvas.savefig(out, format="png", dpi=dpi, metadata=metadata)
        return out.getvalue()

    def inline(self, prefix: str) -> str:
        """An `<svg>` element for a page that says title and caption itself.

        No ids but such that begin with `prefix`; no style but attributes. `INK`, `MUTED`, `LINE`,
        `BAND` and `PAPER` stand in `fill` and `stroke`, where a page can turn them in the dark.
        """
        return _svg.element(
            self._drawn(is_whole=False), title=self.title, alt=self.alt, language=self.language,
            prefix=prefix,
        )  # fmt: skip

    def save(self, path: str | Path) -> Path:
        """Write `.svg` or `.png`. Raises ValueError for another ending."""
        target = Path(path)
        if target.suffix == ".svg":
            target.write_text(self.svg, "utf-8", newline="\n")
        elif target.suffix == ".png":
            target.write_bytes(self.png)
        else:
            raise ValueError(f"path: a name ending in .svg or .png wanted, {target.name!r} given")
        return target

    def _drawn(self, *, is_whole: bool) -> str:
        with _settled():
            canvas, out = self._compose(is_whole=is_whole), io.StringIO()
            FigureCanvasSVG(canvas)
            nothing: dict[str, Any] = {"Date": None, "Creator": None, "Format": None, "Type": None}
            canvas.savefig(out, format="svg", dpi=144, metadata=nothing)
        return out.getvalue()

    def _compose(self, *, is_whole: bool) -> Canvas:
        width = WIDTH - 2 * _MARGIN
        title = wrapped(self.title, width, size=_TITLE, weight="bold") if is_whole else []
        caption = wrapped(self.caption, width, size=_CAPTION) if is_whole else []
        above = _MARGIN + len(title) * _TITLE * 1.25 + 8 if is_whole else 2.0
        below = 8 + len(caption) * _CAPTION * 1.35 + _MARGIN if is_whole else 2.0
        whole = above + self.drawing.height + below
        canvas = Canvas(figsize=(WIDTH / 72, whole / 72), dpi=72)
        canvas.patch.set_facecolor(PAPER)
        canvas.patch.set_visible(is_whole)
        sheet = Sheet(canvas, 0.0, whole, self.words)
        for number, line in enumerate(title):
            top = _MARGIN + _TITLE + number * _TITLE * 1.25
            sheet.text(_MARGIN, top, line, fontsize=_TITLE, fontweight="bold")
        for number, line in enumerate(caption):
            top = above + self.drawing.height + 8 + _CAPTION + number * _CAPTION * 1.35
            sheet.text(_MARGIN, top, line, fontsize=_CAPTION, color=MUTED)
        self.drawing.draw(Sheet(canvas, above, whole, self.words))
        return canvas


@contextmanager
def _settled() -> Iterator[None]:
    """Matplotlib as it comes, with our settings, whatever the program around has set."""
    with _drawing, mpl.rc_context():
        own = {name: value for name, value in mpl.rcParamsDefault.items() if "backend" not in name}
        mpl.rcParams.update(own | _SETTINGS)  # type: ignore[arg-type]
        yield


def sequence() -> Any:
    """From few to many."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("lagesbild", list(_SEQUENCE))


def text_width(words: str, *, size: float, weight: str = "normal") -> float:
    """Points that a line takes in the figures' type."""
    font = FontProperties(family=["DejaVu Sans"], size=size, weight=weight)
    if not hasattr(_kept, "ruler"):
        _kept.ruler = _ruler()
    width, _, _ = _kept.ruler.get_text_width_height_descent(words, font, ismath=False)
    return float(width)


def _ruler() -> Any:
    draw: Any = RendererAgg
    return draw(1, 1, 72)


def wrapped(words: str, width: float, *, size: float, weight: str = "normal") -> list[str]:
    """Lines no wider than `width` points, broken between words."""
    space = text_width("a a", size=size, weight=weight) - text_width("aa", size=size, weight=weight)
    lines: list[str] = []
    line, used = "", 0.0
    for word in words.split(" "):
        wide = text_width(word, size=size, weight=weight)
        if line and used + space + wide > width:
            lines.append(line)
            line, used = word, wide
        else:
            used += space * bool(line) + wide
            line = f"{line} {word}" if line else word
    return [*lines, line] if line else lines


def shortened(words: str, width: float, *, size: float = SMALL) -> str:
    """One line: what does not fit gives way to an ellipsis."""
    if text_width(words, size=size) <= width:
        return words
    kept = words
    while kept and text_width(f"{kept}…", size=size) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


Entries = Sequence[tuple[dict[str, Any], str]]


def legend(sheet: Sheet, top: float, entries: Entries) -> float:
    """Marks with their words in rows, from `top` down; how high it came to be.

    An entry is how a line or mark looks (as for a plotted line) and what it stands for.
    """
    places = _legend_places(entries)
    high = legend_height(entries)
    axes = sheet.axes(0, top, WIDTH, high, sides="")
    axes.set(xlim=(0, WIDTH), ylim=(high, 0), xticks=[], yticks=[])
    for (style, words), (left, down) in zip(entries, places, strict=True):
        if "marker" in style:
            axes.plot([left + 8], [down + 6], linestyle="none", clip_on=False, **style)
        elif "facecolor" in style:
            box = [left, left + 16, left + 16, left], [down + 1, down + 1, down + 11, down + 11]
            axes.fill(*box, clip_on=False, **style)
        else:
            axes.plot([left, left + 16], [down + 6, down + 6], **style)
        sheet.text(left + 20, top + down + 9.5, words)
    return high


def legend_height(entries: Entries) -> float:
    """How high `legend` will be."""
    return max((down for _, down in _legend_places(entries)), default=-14.0) + 14.0


def _legend_places(entries: Entries) -> list[tuple[float, float]]:
    """From the left and from the top, a new row where one does not fit."""
    places, left, down = [], _MARGIN, 0.0
    for _, words in entries:
        wide = 22 + text_width(words, size=SMALL)
        if left > _MARGIN and left + wide > WIDTH - _MARGIN:
            left, down = _MARGIN, down + 14.0
        places.append((left, down))
        left += wide + 10
    return places
