"""The page: plain HTML that reads on paper, in the dark, on a phone and aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

import numpy as np

from lagesbild._results import Basis
from lagesbild.plot import Figure, Table
from lagesbild.report import _parts as parts
from lagesbild.report._findings import Finding, Sentences

if TYPE_CHECKING:
    from lagesbild.report import Picture

Progress = Callable[[str, int, int], None]
_FOUND = ("changes", "clusters", "places", "hours", "repeats")
_ORDER = ("data", *_FOUND, "limits", "methods")
_FEW = 50  # events, below which patterns are not to be read into them
_MANY_ROWS = 16  # of a table that is folded


@cache
def _template(name: str) -> str:
    return files("lagesbild.report").joinpath(name).read_text("utf-8")


def page(picture: Picture, progress: Progress | None) -> str:
    """The whole page; `progress` as for `Picture.to_html`."""
    words = Sentences(picture.language)
    found = picture.findings
    drawn = _Drawn(words, sum(one.figure is not None for one in found), progress)
    sections = {
        "data": _data(picture, words),
        **{part: _found(part, found, words, drawn) for part in _FOUND},
        "limits": _list(_limits(picture, words)),
        "methods": _methods(picture, words),
    }
    drawn.finished()
    frame = picture.frame
    return Template(_template("page.html")).substitute(
        language=picture.language,
        title=escape(words.say("page.title", span=words.span(frame.this_week, frame.last))),
        style=_template("page.css").strip(),
        skip=escape(words.say("page.skip")),
        lead=escape(_lead(frame, words)),
        summary=escape(words.say("summary")),
        essentials=_essentials(found, words),
        contents=escape(words.say("page.contents")),
        links="\n".join(
            f'<li><a href="#{part}">{escape(words.say(part))}</a></li>' for part in _ORDER
        ),
        sections="\n".join(
            f'<section aria-labelledby="{part}">\n<h2 id="{part}">{escape(words.say(part))}</h2>\n'
            f"{sections[part]}\n</section>"
            for part in _ORDER
        ),
        made=escape(words.say("page.made")),
    )


def _lead(frame: parts.Frame, words: Sentences) -> str:
    events = words.count("events", len(frame.events))
    if frame.this_week == frame.first:
        return words.say("page.lead_only", events=events)
    week = words.count("events", frame.last_week)
    return words.say("page.lead", week=week, events=events, first=words.date(frame.first))


class _Drawn:
    """Counts the figures while they are drawn, and tells."""

    def __init__(self, words: Sentences, of: int, progress: Progress | None) -> None:
        self.words, self.of, self.progress, self.done = words, of, progress, 0

    def svg(self, figure: Figure) -> str:
        self._tell()
        self.done += 1
        return figure.inline(f"f{self.done}-")

    def finished(self) -> None:
        self._tell()

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.words.say("step.draw"), self.done, self.of)


def _essentials(found: Sequence[Finding], words: Sentences) -> str:
    """Of each part what is most certain; a part without anything certain, its first sentence.

    One outbreak shows in the whole and in several categories: that is one line, not one for each.
    """
    lines = []
    for part in _FOUND:
        own = [one for one in found if one.part == part]
        sure = [one for one in own if one.is_certain]
        for first in (sure or own)[:1]:
            mark = ' class="sure"' if first.is_certain else ""
            more = f" {words.say('page.more', n=len(sure) - 1)}" if len(sure) > 1 else ""
            said = escape(first.sentence + more)
            lines.append(f'<li{mark}><a href="#{part}">{said}</a></li>')
    return "<ul>\n" + "\n".join(lines) + "\n</ul>"


def _found(part: str, found: Sequence[Finding], words: Sentences, drawn: _Drawn) -> str:
    return "\n".join(_finding(one, words, drawn) for one in found if one.part == part)


def _finding(one: Finding, words: Sentences, drawn: _Drawn) -> str:
    sentence = f'<p class="finding">{escape(one.sentence)}</p>'
    if one.figure is None:
        return sentence + _basis(one.basis, words)
    return (
        f'{sentence}\n<div class="shown">\n<figure>\n{drawn.svg(one.figure)}\n'
        f"<figcaption>{_basis((*one.basis, one.figure.caption), words)}</figcaption>\n</figure>\n"
        f"{_folded(one.figure.table, words.say('page.table'), one.sentence)}\n</div>"
    )


def _basis(sentences: Sequence[str], words: Sentences) -> str:
    if not sentences:
        return ""
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return f"<details><summary>{escape(words.say('page.basis'))}</summary>{said}</details>"


# Tables ------------------------------------------------------------------------------------------


def _folded(table: Table, caption: str, about: str) -> str:
    """Beside its figure; one with many rows unfolds when asked."""
    drawn = _table(table.header, table.rows, caption, label=f"{caption}: {about}")
    if len(table.rows) <= _MANY_ROWS:
        return drawn
    return f"<details><summary>{escape(caption)}</summary>{drawn}</details>"


def _table(
    header: Sequence[str], rows: Iterable[Sequence[str]], caption: str, *, label: str = "",
    is_words: bool = False,
) -> str:  # fmt: skip
    head = "".join(
        f'<th scope="col">{escape(name)}</th>' if name else "<td></td>" for name in header
    )
    body = "\n".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(value)}</td>" for value in rest)
        + "</tr>"
        for first, *rest in rows
    )
    kind = ' class="words"' if is_words else ""
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(label or caption)}">'
        f"<table{kind}><caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _list(sentences: Sequence[str]) -> str:
    return "<ul>\n" + "\n".join(f"<li>{escape(one)}</li>" for one in sentences) + "\n</ul>"


# What the data are -------------------------------------------------------------------------------


def _data(picture: Picture, words: Sentences) -> str:
    frame = picture.frame
    categories = words.count("categories", len(frame.names))
    key = "data.one" if frame.first == frame.last else "data.sentence"
    sentence = words.say(
        key,
        events=words.count("events", len(frame.events)),
        first=words.date(frame.first),
        last=words.date(frame.last),
        categories=categories,
    )
    lost = {reason: n for reason, n in picture.excluded.items() if n}
    said = [_lost(lost, words)]
    if frame.outside:
        said.append(words.say("data.outside", n=words.count("events", frame.outside)))
    said.append(_effort(picture, words))
    vague = vague_share(picture)
    if vague:
        said.append(words.say("data.vague", share=words.share(vague)))
    if frame.events.weight is not None:
        said.append(words.say("data.weights"))
    blocks = [f'<p class="finding">{escape(sentence)}</p>', _list(said)]
    if lost:
        header = (words.say("data.reason"), words.say("data.rows"))
        rows = [(reason, words.number(n)) for reason, n in lost.items()]
        blocks.append(_table(header, rows, words.say("data.excluded")))
    return "\n".join([*blocks, _counts(frame, words)])


def _lost(lost: dict[str, int], words: Sentences) -> str:
    if not lost:
        return words.say("data.all_used")
    return words.say("data.read", n=words.number(sum(lost.values())))


def _effort(picture: Picture, words: Sentences) -> str:
    effort = picture.frame.effort
    if effort is None:
        return words.say("data.no_effort")
    return words.say(
        "data.effort",
        low=words.number(float(effort.min())),
        high=words.number(float(effort.max())),
    )


def _counts(frame: parts.Frame, words: Sentences) -> str:
    """Each category's events in the whole weeks, the last year, the last four and the last."""
    spans = [("total", frame.weeks.size), ("year", 52), ("month", 4), ("week", 1)]
    kept = [(name, weeks) for name, weeks in spans if name == "total" or weeks < frame.weeks.size]
    header = (words.say("data.category"), *(words.say(f"data.{name}") for name, _ in kept))
    whole = np.asarray(frame.totals)
    rows = [
        (
            name,
            *(
                words.number(int(whole[row] if span == "total" else frame.counts[row, -n:].sum()))
                for span, n in kept
            ),
        )
        for row, name in enumerate(frame.names)
    ]
    return _folded(Table(header, tuple(rows)), words.say("data.counts"), words.say("data"))


def vague_share(picture: Picture) -> float:
    """Of the events, those known only within an interval."""
    events = picture.frame.events
    return 0.0 if events.end is None else float((events.end != events.start).mean())


# What cannot be told -----------------------------------------------------------------------------


def _limits(picture: Picture, words: Sentences) -> list[str]:
    frame = picture.frame
    is_season_known = (
        isinstance(picture.changes, parts.Changes)
        and "years_back" in picture.changes.result.basis.parameters
    )
    said = {
        "few": len(frame.events) < _FEW,
        "reports": True,
        "no_effort": frame.effort is None,
        "season": not is_season_known,
        "cause": True,
        "false": isinstance(picture.changes, parts.Changes),
        "quiet": True,
        "borders": not isinstance(picture.clusters, parts.Reason),
        "vague": vague_share(picture) > 0,
        "publish": True,
    }
    return [words.say(f"limits.{name}") for name, holds in said.items() if holds]


# Methods -----------------------------------------------------------------------------------------


def _methods(picture: Picture, words: Sentences) -> str:
    rows = [
        (
            " ".join(filter(None, (words.say(part), name))),
            words.method(basis),
            words.number(basis.n),
            words.number(basis.replicates) if basis.replicates else "–",
            str(basis.seed) if basis.seed is not None else "–",
            basis.fingerprint,
            _settings(basis, words),
        )
        for part, name, basis in _bases(picture)
    ]
    header = [
        words.say(f"methods.{name}")
        for name in ("part", "method", "n", "chance", "seed", "data", "settings")
    ]
    whole = words.say(
        "methods.whole", fingerprint=picture.basis.fingerprint, seed=picture.basis.seed
    )
    label = f"{words.say('page.table')}: {words.say('methods')}"
    table = _table(header, rows, words.say("methods"), label=label, is_words=True)
    return f"<p>{escape(whole)}</p>\n{table}"


def _bases(picture: Picture) -> list[tuple[str, str, Basis]]:
    """The part, what of it was tested, and the basis."""
    found: list[tuple[str, str, Basis]] = []
    if isinstance(picture.changes, parts.Changes):
        # The series of all together counts every event a second time.
        basis = replace(picture.changes.result.basis, n=int(picture.frame.counts.sum()))
        found.append(("changes", "", basis))
    for part, tested in (("clusters", picture.clusters), ("repeats", picture.repeats)):
        if isinstance(tested, parts.Clusters | parts.Repeats):
            found += [
                (part, name or "", one.basis)
                for name, one in zip(tested.names, tested.results, strict=True)
            ]
    if isinstance(picture.places, parts.Places):
        found.append(("places", "", picture.places.result.basis))
    if not isinstance(picture.density, parts.Reason):
        found.append(("places", "", picture.density.basis))
    if not isinstance(picture.hours, parts.Reason):
        found.append(("hours", "", picture.hours.basis))
    return sorted(found, key=lambda one: _ORDER.index(one[0]))


def _settings(basis: Basis, words: Sentences) -> str:
    """The parameters as they are named in the library, so that the analysis can be repeated."""
    return ", ".join(f"{name} {_short(value, words)}" for name, value in basis.parameters.items())


def _short(value: Any, words: Sentences) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return words.say("methods.yes" if value else "methods.no")
    if isinstance(value, float):
        return words.number(value, digits=0 if value.is_integer() else 6)
    if isinstance(value, list | tuple):
        return "; ".join(_short(part, words) for part in value)
    return str(value)
