"""Figures that an editor would print, for every result of the library.

    figure = plot.figure(result, language="sv")
    figure.save("density.svg"); figure.title; figure.caption; figure.alt; figure.table

Titled with the finding, captioned with what it rests on, described for those who do not see it;
colours that the colour-blind and a grey printer tell apart, shapes beside colours, words as words.
`docs/methods/figures.md` shows all of them.

Sources: Okabe & Ito (2008), Color Universal Design (the categories' colours); Crameri, Shephard &
Heron (2020), Nat Commun 11:5444 (why lightness must rise evenly).
"""

from typing import Any

from lagesbild.plot import _effects
from lagesbild.plot._dispatch import drawable, drawing_for
from lagesbild.plot._sheet import Figure, Table
from lagesbild.plot._words import LANGUAGES, Words

__all__ = ["LANGUAGES", "Figure", "Table", "drawable", "figure", "power_curve"]


def figure(result: Any, *, language: str = "sv", **options: Any) -> Figure:
    """The figure of any result; the same result, language and options give the same bytes.

    `Hotspots`          x, y, cell_m, counts, level, outline, period; without x and y the ranked z
    `Density`           outline, period
    `ScanResult`        events (dots beneath), outline, level
    `Surveillance`      counts (all weeks), labels, starts (first days), series, level, n
    `WeekdayHour`, `NearRepeat`  period; level for the latter
    `RateRatio`         counts, treated, after, as they were evaluated
    `Plan`              demands, sites (n, 2) for a map; names, weights, unit of the cost, outline
    `RankedPlans`       names
    `Accuracy`          share
    others              none

    outline  rings of (x, y), or geometries (shapely, GeoJSON) in the same metres as the result
    period   (first, last) day that the data cover, for the caption
    language 'sv' or 'en'

    Raises TypeError for what is no result, ValueError for another language or options that do not
    fit the result.
    """
    words = Words(language)
    return Figure.of(drawing_for(result)(result, words, **options), words)


def power_curve(
    *,
    before: float,
    control_before: float,
    displacement_before: float = 0.0,
    chance: float = 0.8,
    level: float = 0.95,
    language: str = "sv",
) -> Figure:
    """What falls a before-and-after design could see: `evaluation.power` for every size.

    Arguments and errors as for `evaluation.smallest_detectable_change`.
    """
    words = Words(language)
    drawing = _effects.power_curve(
        words, before=before, control_before=control_before,
        displacement_before=displacement_before, chance=chance, level=level,
    )  # fmt: skip
    return Figure.of(drawing, words)
