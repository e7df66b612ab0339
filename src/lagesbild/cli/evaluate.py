"""`lagesbild evaluate`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click
import numpy as np

from lagesbild import evaluation
from lagesbild.cli._answer import Answer
from lagesbild.cli._command import statistic, working
from lagesbild.cli._data import Data, takes_events
from lagesbild.cli._options import Names
from lagesbild.cli._text import basis_lines, day, number, p_text
from lagesbild.cli._weekly import weekly

_METHODS = {
    "did": "difference in differences on weekly counts",
    "wdd": "weighted displacement difference: events before and after, in spans of one length, "
    "against areas of about the same size",
    "synthetic": "synthetic control on weekly counts",
    "sdid": "synthetic difference in differences on weekly counts",
}


@takes_events
@click.option(
    "--treated",
    type=Names(),
    required=True,
    metavar="AREA,...",
    help="Where something was done: values of the location column.",
)
@click.option("--start", "begun", required=True, metavar="DAY", help="The first day of it.")
@click.option(
    "--control",
    type=Names(),
    metavar="AREA,...",
    help="What to compare with.  [default: all other areas]",
)
@click.option(
    "--displacement",
    type=Names(),
    metavar="AREA,...",
    help="wdd: around the treated, where it may have moved to.",
)
@click.option(
    "--displacement-control",
    type=Names(),
    metavar="AREA,...",
    help="wdd: what to compare that with.",
)
@click.option(
    "--method",
    type=click.Choice([*_METHODS]),
    default="did",
    show_default=True,
    help="; ".join(f"{name}: {said}" for name, said in _METHODS.items()),
)
@click.option(
    "--smallest",
    "smallest_of_interest",
    type=float,
    help="The smallest change worth having: events (wdd), share (did).",
)
@click.option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="Of the interval.",
)
def answer(data: Data, *, begun: str, method: str, seed: int, **options: Any) -> Answer:
    """Did a measure help? Before and after, against areas where nothing was done.

    \b
    lagesbild evaluate events.csv --treated A7,A8 --start 2025-06-02
    lagesbild evaluate events.csv --treated A7 --control A9 --start 2025-06-02 --method wdd
    """
    start = _start(begun, data)
    areas = _areas(data, **{name: options.pop(name) for name in _ROLES})
    with working("Comparing"):
        if method == "wdd":
            result, said, drawn = _displacement(data, areas, start, options)
        else:
            result, said, drawn = _panel(data, areas, start, method, seed, options)
    lines = [
        _headline(result), "", *_facts(result),
        *(f"  {caveat}" for caveat in result.caveats),
        *basis_lines(result.basis, data.basis, *said),
    ]  # fmt: skip
    columns = {
        "estimate": [result.estimate], "standard_error": [result.standard_error],
        "lower": [result.interval[0]], "upper": [result.interval[1]],
        "p_value": [None if _is_poor(result) else result.p_value], "verdict": [result.verdict],
    }  # fmt: skip
    return Answer(lines=lines, result=result, columns=columns, drawn=drawn)


_ROLES = ("treated", "control", "displacement", "displacement_control")


def _start(text: str, data: Data) -> np.datetime64:
    try:
        start = np.datetime64(text, "D")
    except ValueError as error:
        raise ValueError(f"start: a day such as 2025-06-02 wanted; {text!r} given") from error
    first, last = data.period
    if not first < start <= last:
        raise ValueError(
            f"start: {start} leaves nothing before or after; the data are {first} to {last}"
        )
    return start


def _areas(data: Data, **roles: tuple[str, ...] | None) -> dict[str, np.ndarray]:
    """Which events are in the areas of each role, as masks; control None: all others."""
    if data.events.location is None:
        raise ValueError("location: the file has no such column; say which it is with --columns")
    labels = data.events.location.astype(str)
    there = np.unique(labels)
    taken: dict[str, str] = {}
    masks = {}
    for role, names in roles.items():
        for name in names or ():
            if name not in there:
                raise ValueError(f"{role}: no event is at {name!r}")
            if name in taken:
                raise ValueError(f"{role}: {name!r} is {taken[name]} already")
            taken[name] = role
        if names:
            masks[role] = np.isin(labels, names)
    if "control" not in masks:
        masks["control"] = ~np.isin(labels, list(taken))
        if not masks["control"].any():
            raise ValueError("control: no other area is left to compare with")
    return masks


def _displacement(
    data: Data, areas: dict[str, np.ndarray], start: np.datetime64, options: dict[str, Any]
) -> tuple[Any, list[str], dict[str, Any]]:
    begin, days = _spans(data, start)
    moment = data.events.start.astype("datetime64[D]")
    before = (moment >= begin) & (moment < begin + days)
    after = (moment >= start) & (moment < start + days)
    weight = data.events.weights
    pairs: dict[str, Any] = {
        role: (float(weight[mask & before].sum()), float(weight[mask & after].sum()))
        for role, mask in areas.items()
    }
    result = evaluation.weighted_displacement_difference(**pairs, **options)
    if not _same_season(begin, start):
        result = _with_seasons(result, pairs)
    said = [
        f"Before: {day(begin)} to {day(begin + days - 1)}; after: {day(start)} to "
        f"{day(start + days - 1)}; {days} days each.",
        "Counts before and after: " + "; ".join(
            f"{role.replace('_', ' ')} {number(pair[0])} and {number(pair[1])}"
            for role, pair in pairs.items()
        ) + ".",
        "p: normal, counts taken as Poisson.",
    ]  # fmt: skip
    return result, said, {}


_YEAR, _ALIKE = 364, 1.25  # days, of whole weeks; how unlike in size areas may be


def _spans(data: Data, start: np.datetime64) -> tuple[np.datetime64, int]:
    """First day before, and the days in each span: the same season where the data reach so far."""
    first, last = data.period
    after, before = (last - start).astype(int) + 1, (start - first).astype(int)
    for years in range(1, before // _YEAR + 1):
        if after <= years * _YEAR and first <= start - years * _YEAR:
            return start - years * _YEAR, int(after)
    days = int(min(after, before))
    return start - days, days


def _same_season(begin: np.datetime64, start: np.datetime64) -> bool:
    return int((start - begin).astype(int)) % _YEAR == 0


def _with_seasons(result: evaluation.Effect, pairs: dict[str, Any]) -> evaluation.Effect:
    """Season takes more events from the larger area: no verdict unless they are nearly alike."""
    sizes = [max(pairs[role][0], 1.0) for role in ("treated", "control")]
    caveat = "Before and after are of different seasons, for want of data of a year ago."
    alike = max(sizes) <= _ALIKE * min(sizes)
    return replace(
        result,
        verdict=result.verdict if alike else "cannot tell",
        caveats=(*result.caveats, caveat),
    )


def _panel(
    data: Data,
    areas: dict[str, np.ndarray],
    start: np.datetime64,
    method: str,
    seed: int,
    options: dict[str, Any],
) -> tuple[Any, list[str], dict[str, Any]]:
    if "displacement" in areas or "displacement_control" in areas:
        raise ValueError("displacement, displacement_control: these go with --method wdd")
    table = weekly(data, "location")
    labels = np.array(table.labels)
    locations = np.asarray(data.events.location).astype(str)
    kept = np.isin(labels, locations[areas["treated"] | areas["control"]])
    treated = np.isin(labels, locations[areas["treated"]])[kept]
    # A week that the start cuts belongs to neither side.
    whole = (table.mondays >= start) | (table.mondays + 7 <= start)
    counts, after = table.counts[np.ix_(kept, whole)], (table.mondays >= start)[whole]
    said = [table.said, f"Before: {int((~after).sum())} weeks; after: {int(after.sum())}; "
            f"{int(treated.sum())} treated areas, {int((~treated).sum())} others."]  # fmt: skip
    level, smallest = options["level"], options["smallest_of_interest"]
    more = {} if smallest is None else {"smallest_of_interest": smallest}
    if method == "did":
        result: Any = evaluation.difference_in_differences(
            counts, treated=treated, after=after, level=level, **more
        )
        said.append("p: Student's t, standard errors clustered by area (CR3).")
        return result, said, {"counts": counts, "treated": treated, "after": after}
    compute = (evaluation.synthetic_control if method == "synthetic"
               else evaluation.synthetic_difference_in_differences)  # fmt: skip
    column = int(np.flatnonzero(after)[0]) if after.any() else counts.shape[1]
    result = compute(
        counts, treated=treated, treatment_start=column, level=level, seed=seed, **more
    )
    said.append("p: rank of the treated among placebos, areas where nothing was done.")
    return result, said, {}


_VERDICTS = {
    "better": "Fewer than without the measure",
    "worse": "More than without the measure",
    "no sign": "No sign of a change worth having",
    "cannot tell": "It cannot be told whether it helped",
}


def _headline(result: evaluation.Effect) -> str:
    low, high = (number(each, 2) for each in result.interval)
    level = result.basis.parameters["level"]
    if _is_poor(result):
        return f"{_VERDICTS[result.verdict]}: the comparison did not follow the treated before"
    if result.verdict == "cannot tell" and result.interval[0] * result.interval[1] > 0:
        # An interval that leaves out zero would be read as a finding, whatever stands before it.
        return f"{_VERDICTS[result.verdict]}: the comparison does not bear it, see below"
    if isinstance(result, evaluation.RateRatio):
        low, high = (number(each, 2) for each in result.ratio_interval)
        what = f"rate ratio {number(result.ratio, 2)}"
    elif isinstance(result, evaluation.SyntheticEffect):
        what = f"a change of {number(result.estimate, 2)} events a week and treated area"
    else:
        what = f"a change of {number(result.estimate, 1)} events"
    return f"{_VERDICTS[result.verdict]}: {what}, {level:.0%} interval {low} to {high}"


def _is_poor(result: evaluation.Effect) -> bool:
    return isinstance(result, evaluation.SyntheticEffect) and result.fit == "poor"


def _facts(result: evaluation.Effect) -> list[str]:
    """Numbers with their units; after a poor fit those that would claim something stay away."""
    if isinstance(result, evaluation.RateRatio):
        low, high = (_percent(each) for each in result.ratio_interval)
        estimate = [
            f"  change          {_percent(result.ratio)} ({low} to {high})",
            f"  log rate ratio  {number(result.estimate, 3)}, standard error "
            f"{number(result.standard_error, 3)}",
        ]
    else:
        unit = ("events a week and treated area"
                if isinstance(result, evaluation.SyntheticEffect) else "events")  # fmt: skip
        estimate = [
            f"  estimate        {number(result.estimate, 3)} {unit}",
            f"  standard error  {number(result.standard_error, 3)} {unit}",
        ]
    p = p_text(result.p_value)
    if isinstance(result, evaluation.SyntheticEffect):
        off, noise = number(result.fit_error, 2), number(result.noise, 2)
        estimate.append(f"  fit before      {result.fit}: off by {off}, noise {noise}")
        # The rank needs no normal distribution, and decides beside the interval.
        p = f"{p_text(result.placebo_p_value)}, rank among placebos"
    if _is_poor(result):
        estimate, p = estimate[2:], "none: after a poor fit it would say nothing"
    return [*estimate, f"  p, two-sided    {p}", f"  verdict         {result.verdict}"]


def _percent(ratio: float) -> str:
    return f"{100 * (ratio - 1):+.0f} %" if np.isfinite(ratio) else "∞"


command = statistic("evaluate", suffixes=(".json", ".csv", ".svg", ".png"), seed=True)(answer)
