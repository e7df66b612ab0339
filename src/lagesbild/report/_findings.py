"""From results to sentences: one finding each, with what it rests on and its figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lagesbild import plot
from lagesbild.plot._maps import densest
from lagesbild.plot._times import busiest
from lagesbild.plot._words import LANGUAGES, Words
from lagesbild.report import _parts as parts
from lagesbild.report._catalogue import SENTENCES

if TYPE_CHECKING:
    from lagesbild.near_repeat import NearRepeat
    from lagesbild.report import Picture
    from lagesbild.scan import ScanResult


class Sentences(Words):
    """The picture's own sentences before those of the figures."""

    def say(self, key: str, **values: object) -> str:
        return SENTENCES[key][LANGUAGES.index(self.language)].format(**values)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One plain sentence.

    part        the heading it belongs under
    sentence    what was found
    basis       what it rests on, in sentences
    figure      None where there is nothing to draw
    is_certain  whether it says something that chance does not explain; such go to the top
    """

    part: str
    sentence: str
    basis: tuple[str, ...] = ()
    figure: plot.Figure | None = None
    is_certain: bool = False


def findings(picture: Picture) -> tuple[Finding, ...]:
    """All of them, in the order of the page."""
    words = Sentences(picture.language)
    return (
        *_changes(picture, words),
        *_clusters(picture, words),
        *_places(picture, words),
        *_hours(picture, words),
        *_repeats(picture, words),
    )


def _missing(part: str, reason: parts.Reason, words: Sentences) -> Finding:
    nouns = {"n": "events", "weeks": "weeks", "cells": "cells"}
    values = {
        name: words.count(nouns[name], value) if name in nouns else words.number(value)
        for name, value in reason.values
    }
    said = words.say(reason.key, **values)
    return Finding(part=part, sentence=words.say("page.none", reason=said))


def _listed(names: list[str], most: int = 6) -> str:
    more = f" + {len(names) - most}" if len(names) > most else ""
    return ", ".join(names[:most]) + more


# What is new, risen, gone ------------------------------------------------------------------------


def _changes(picture: Picture, words: Sentences) -> list[Finding]:
    found = picture.changes
    if isinstance(found, parts.Reason):
        return [_missing("changes", found, words)]
    basis = _rules(found, words)
    said: list[str] = []
    if found.new:
        said.append(words.say("changes.new", names=_listed([found.names[r] for r in found.new])))
    last = found.result.expected[:, -1]
    # All together is the whole, and stands before its parts.
    whole = len(found.names) - 1 if len(found.names) > len(picture.frame.names) else -1
    for row in sorted(found.risen, key=lambda row: row != whole)[:5]:
        said.append(
            words.say(
                "changes.risen",
                name=found.names[row],
                observed=words.number(int(found.counts[row, -1])),
                expected=words.number(float(last[row])),
            )
        )
    for row in found.gone[:5]:
        said.append(
            words.say(
                "changes.gone",
                name=found.names[row],
                expected=words.number(float(found.gone_expected[row])),
            )
        )
    if not said and len(picture.frame.events) < parts.FEWEST_FOR_PLACES:
        few = parts.Reason("changes.few", (("n", len(picture.frame.events)),))
        return [_missing("changes", few, words)]
    figure = plot.figure(
        found.result, language=picture.language, counts=found.counts, labels=found.names,
        starts=picture.frame.weeks, level=parts.LEVEL,
        n=int(picture.frame.counts.sum()),
    )  # fmt: skip
    if not said:
        return [Finding(part="changes", sentence=words.say("changes.none"), basis=basis,
                        figure=figure)]  # fmt: skip
    return [
        Finding(part="changes", sentence=sentence, is_certain=True,
                basis=basis if i == len(said) - 1 else (),
                figure=figure if i == len(said) - 1 else None)
        for i, sentence in enumerate(said)
    ]  # fmt: skip


def _rules(found: parts.Changes, words: Sentences) -> tuple[str, ...]:
    years = found.result.basis.parameters.get("years_back")
    level = words.share(parts.LEVEL)
    method = words.say("changes.ears") if years is None else words.say(
        "changes.farrington", years=years)  # fmt: skip
    return (
        method,
        words.say("changes.rule", level=level),
        words.say("changes.rule_new"),
        words.say("changes.rule_gone", level=level),
    )


# Now ---------------------------------------------------------------------------------------------


def _clusters(picture: Picture, words: Sentences) -> list[Finding]:
    found = picture.clusters
    if isinstance(found, parts.Reason):
        return [_missing("clusters", found, words)]
    clearest = found.results[0]
    given = clearest.basis.parameters
    basis = [
        words.say("clusters.window", radius=words.metres(float(given["max_radius_m"])),
                  weeks=given["max_duration"]),
        words.say("clusters.level", n=len(found.results),
                  level=words.share(found.level, digits=1)),
    ]  # fmt: skip
    sure = [
        (name, one)
        for name, one in zip(found.names, found.results, strict=True)
        if one.most_likely is not None and one.most_likely.p_value <= found.level
    ][:4]
    if not sure:
        figure = _cluster_figure(clearest, found.level, picture)
        return [Finding(part="clusters", sentence=words.say("clusters.none"), basis=tuple(basis),
                        figure=figure)]  # fmt: skip
    return [
        Finding(part="clusters", sentence=_cluster(name, one, found.level, picture, words),
                basis=tuple(basis) if one is sure[0][1] else (), is_certain=True,
                figure=_cluster_figure(one, found.level, picture))
        for name, one in sure
    ]  # fmt: skip


def _cluster_figure(found: ScanResult, level: float, picture: Picture) -> plot.Figure:
    return plot.figure(found, language=picture.language, events=picture.dots, level=level)


def _where(x: float, y: float, picture: Picture, words: Sentences) -> str:
    """The name of the area that most of the events nearby are in, else the coordinates."""
    point = words.say("clusters.where", x=words.number(round(x)), y=words.number(round(y)))
    events = picture.frame.recent
    if events.location is None:
        return point
    near = np.hypot(events.x - x, events.y - y) <= max(picture.cell_m, 1.0)
    if not near.any():
        return point
    names, sizes = np.unique(events.location[near].astype(str), return_counts=True)
    name = str(names[sizes.argmax()])
    return f"{words('site', n=name) if name.isdigit() else name} ({point})"


def _cluster(
    name: str | None, found: ScanResult, level: float, picture: Picture, words: Sentences
) -> str:
    sure = [one for one in found.clusters if one.p_value <= level]
    first = sure[0]
    sentence = words.say(
        "clusters.sure",
        name=words.say("name.all") if name is None else name,
        observed=words.number(first.observed),
        expected=words.number(first.expected),
        radius=words.metres(max(first.radius_m, picture.cell_m)),
        where=_where(first.x, first.y, picture, words),
        start=words.date(first.start),
    )
    if len(sure) == 1:
        return sentence
    return sentence + " " + words.say("clusters.more", n=words.count("clusters", len(sure) - 1))


# Where -------------------------------------------------------------------------------------------


def _places(picture: Picture, words: Sentences) -> list[Finding]:
    found, surface = picture.places, picture.density
    if isinstance(found, parts.Reason):
        made = [_missing("places", found, words)]
    else:
        made = [_hot(picture, found, words)]
    if not isinstance(surface, parts.Reason):
        _, share = densest(np.nan_to_num(surface.values), 0.5)
        made.append(
            Finding(
                part="places",
                sentence=words.say("places.density", share=words.share(share)),
                figure=plot.figure(surface, language=picture.language, period=picture.year),
            )
        )
    return made


def _hot(picture: Picture, found: parts.Places, words: Sentences) -> Finding:
    hot = found.result.significant(parts.LEVEL) & (found.result.z > 0) & (found.counts > 0)
    figure = plot.figure(
        found.result, language=picture.language, x=found.x, y=found.y, cell_m=found.cell_m,
        counts=found.counts, level=parts.LEVEL, period=picture.year,
    )  # fmt: skip
    top = np.sort(found.counts)[::-1][:10].sum() / found.counts.sum()
    basis = (
        words.say("places.cells"),
        words.say("places.asks"),
        words.say("places.top", share=words.share(float(top))),
    )
    if not hot.any():
        return Finding(part="places", sentence=words.say("places.none"), basis=basis,
                       figure=figure)  # fmt: skip
    sentence = words.say(
        "places.hot" if hot.sum() > 1 else "places.hot_one",
        hot=words.number(int(hot.sum())),
        n=words.number(hot.size),
        cell=words.metres(found.cell_m),
        share=words.share(float(found.counts[hot].sum() / found.counts.sum())),
    )
    return Finding(part="places", sentence=sentence, basis=basis, figure=figure, is_certain=True)


# When, and near repeats --------------------------------------------------------------------------


def _hours(picture: Picture, words: Sentences) -> list[Finding]:
    found = picture.hours
    if isinstance(found, parts.Reason):
        return [_missing("hours", found, words)]
    day, hour, share = busiest(found.weights)
    sentence = words.say(
        "hours.sentence",
        day=words(f"day.{day}"),
        hours=words.hours(hour, hour + 4),
        share=words.share(share),
        even=words.share(4 / 168),
    )
    figure = plot.figure(found, language=picture.language, period=picture.year)
    return [Finding(part="hours", sentence=sentence, figure=figure)]


def _repeats(picture: Picture, words: Sentences) -> list[Finding]:
    found = picture.repeats
    if isinstance(found, parts.Reason):
        return [_missing("repeats", found, words)]
    basis = (
        words.say("repeats.tested", names=_listed(list(found.names))),
        words.say("repeats.caveat"),
    )
    said = [
        (name, test)
        for name, test in zip(found.names, found.results, strict=True)
        if _sure_repeats(test, found.level).any()
    ]
    if not said:
        return [Finding(part="repeats", sentence=words.say("repeats.none"), basis=basis,
                        figure=_repeats_figure(picture, found.names[0], found.results[0],
                                               found.level))]  # fmt: skip
    return [
        Finding(part="repeats", sentence=_repeat(name, test, found.level, words), is_certain=True,
                basis=basis if name == said[0][0] else (),
                figure=_repeats_figure(picture, name, test, found.level))
        for name, test in said
    ]  # fmt: skip


def _sure_repeats(test: NearRepeat, level: float) -> NDArray[np.bool_]:
    ratio = np.nan_to_num(test.ratio)
    return np.asarray((test.p_value <= level / ratio.size) & (ratio > 1))


def _repeats_figure(picture: Picture, name: str, test: NearRepeat, level: float) -> plot.Figure:
    return plot.figure(test, language=picture.language, level=level, period=picture.year, name=name)


def _repeat(name: str, test: NearRepeat, level: float, words: Sentences) -> str:
    """The band with the greatest ratio, of those that chance does not explain."""
    ratio = np.where(_sure_repeats(test, level), np.nan_to_num(test.ratio), 0)
    row, column = np.unravel_index(int(ratio.argmax()), ratio.shape)
    distance = float(test.distances[row])
    where = words.say("repeats.same") if distance == 0 else words.say(
        "repeats.within", space=words.metres(distance))  # fmt: skip
    return words.say(
        "repeats.sure",
        name=name,
        where=where,
        time=words.days(float(test.intervals[column])),
        ratio=words.number(round(float(ratio[row, column]), 1)),
    )
