"""A whole situational picture from events alone, as one accessible page that needs nothing else.

    picture = report.situational_picture(events, seed=1, language="sv")
    Path("lagesbild.html").write_text(picture.html, "utf-8")

What the data are, what is new, risen or gone, whether anything is going on now, where and when
most happens, whether events bring others with them, and what cannot be told from it. Each finding
is one sentence; what it rests on stands behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lagesbild import _threads
from lagesbild._checks import at_least
from lagesbild._results import Basis, Result, to_plain
from lagesbild.aoristic import WeekdayHour
from lagesbild.events import Events
from lagesbild.kde import Density
from lagesbild.report import _page
from lagesbild.report import _parts as parts
from lagesbild.report._findings import Finding, Sentences, findings
from lagesbild.report._parts import Changes, Clusters, Frame, Places, Reason, Repeats

__all__ = [
    "Changes",
    "Clusters",
    "Finding",
    "Frame",
    "Picture",
    "Places",
    "Progress",
    "Reason",
    "Repeats",
    "situational_picture",
]

Progress = Callable[[str, int, int], None]
_DOTS = 3000  # events drawn beneath clusters


@dataclass(frozen=True, kw_only=True)
class Picture(Result):
    """What a situational picture says; each part is a result, or the reason why there is none.

    frame     the period, its weeks, and the counts by category
    excluded  rows that a reader left out, by reason
    html      the page
    findings  one sentence each, in the page's order
    """

    language: str
    frame: Frame = field(repr=False)
    excluded: dict[str, int]
    changes: Changes | Reason = field(repr=False)
    clusters: Clusters | Reason = field(repr=False)
    places: Places | Reason = field(repr=False)
    density: Density | Reason = field(repr=False)
    hours: WeekdayHour | Reason = field(repr=False)
    repeats: Repeats | Reason = field(repr=False)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return findings(self)

    @cached_property
    def html(self) -> str:
        """One self-contained page: no network, no script."""
        return self.to_html()

    def to_html(self, *, progress: Progress | None = None) -> str:
        """As `html`; `progress(what, done, of)` is told before each figure, and at the end."""
        return _page.page(self, progress)

    def to_dict(self) -> dict[str, Any]:
        """Findings in words, counts, and the results they rest on."""
        frame = self.frame
        given = {
            name: getattr(self, name)
            for name in ("changes", "clusters", "places", "density", "hours", "repeats")
        }
        return {
            "basis": to_plain(self.basis),
            "language": self.language,
            "period": [str(frame.first), str(frame.last)],
            "excluded": dict(self.excluded),
            "categories": list(frame.names),
            "weeks": frame.weeks.astype(str).tolist(),
            "counts": frame.counts.tolist(),
            "findings": [
                {"part": one.part, "sentence": one.sentence, "basis": list(one.basis)}
                for one in self.findings
            ],
            **{name: _plain(part) for name, part in given.items()},
        }

    @property
    def year(self) -> tuple[np.datetime64, np.datetime64]:
        """First and last day of the last year of the period."""
        return self.frame.recent_from, self.frame.last

    @property
    def cell_m(self) -> float:
        """The cells' size that events were counted in, 0 without a map."""
        return self.places.cell_m if isinstance(self.places, Places) else 0.0

    @property
    def dots(self) -> Events:
        """Events of the last year for a map, evenly thinned where there are very many."""
        recent = self.frame.recent
        if len(recent) <= _DOTS:
            return recent
        return recent.take(np.linspace(0, len(recent) - 1, _DOTS).astype(np.int64))


def _plain(part: Any) -> Any:
    if isinstance(part, Reason):
        return {"missing": part.key, **dict(part.values)}
    return part.to_dict() if isinstance(part, Result) else to_plain(part)


def situational_picture(
    events: Events,
    *,
    period: tuple[Any, Any] | None = None,
    effort: ArrayLike | None = None,
    language: str = "sv",
    time_zone: str = "Europe/Stockholm",
    seed: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Picture:
    """Everything a weekly picture says, computed; the figures are drawn when `html` is asked for.

    events    any number of them from one up; `category` and `end` where known. Weights are not
              used: each row is one event
    period    first and last day; None: those of the events. Weeks are seven days, counted back
              from the last day; "now" is the last of them
    effort    (weeks,) active reporters in each whole week of the period: exposure to surveillance
    language  'sv' or 'en', for findings, figures and page
    time_zone of the events' local time
    threads   None: all cores. The same seed gives the same bytes, whatever their number
    progress  told (what, done, of) before each step, and at the end

    With few data a part says why it has nothing to say. Raises ValueError for no events at all,
    a period that is none or holds no event, effort that does not fit, or another language.
    """
    words = Sentences(language)
    at_least("seed", seed, 0)
    workers = None if threads is None else _threads.workers(threads)
    steps = ("frame", "changes", "clusters", "places", "density", "hours", "repeats")
    told = progress or _untold

    def step(name: str) -> None:
        told(words.say(f"step.{name}"), steps.index(name), len(steps))

    step("frame")
    rest, none = words.say("name.rest"), words.say("name.none")
    data = parts.frame(events, period, effort, rest, none)
    step("changes")
    changes = parts.changes(data, words.say("name.all"))
    step("clusters")
    clusters = parts.clusters(data, seed, workers, none)
    step("places")
    places = parts.places(data, seed)
    step("density")
    density = parts.density(data)
    step("hours")
    hours = parts.hours(data, seed, time_zone)
    step("repeats")
    repeats = parts.repeats(data, seed, workers, none)
    told(words.say("step.repeats"), len(steps), len(steps))
    return Picture(
        basis=Basis(
            method="situational picture",
            parameters={
                "period": [str(data.first), str(data.last)],
                "effort": effort is not None,
                "time_zone": time_zone,
            },
            n=len(data.events),
            fingerprint=data.events.fingerprint,
            seed=seed,
        ),
        language=language,
        frame=data,
        excluded=dict(events.excluded),
        changes=changes,
        clusters=clusters,
        places=places,
        density=density,
        hours=hours,
        repeats=repeats,
    )


def _untold(what: str, done: int, of: int) -> None:
    """Nobody waits to be told."""
