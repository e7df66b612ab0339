"""`lagesbild roster`."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from lagesbild import rostering
from lagesbild.cli._answer import Answer
from lagesbild.cli._command import statistic, working
from lagesbild.cli._text import basis_lines, number, table


@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--rest",
    "rest_hours",
    type=float,
    default=11.0,
    show_default=True,
    metavar="HOURS",
    help="At least between two shifts of a person.",
)
@click.option(
    "--weekly-rest",
    "weekly_rest_hours",
    type=float,
    default=36.0,
    show_default=True,
    metavar="HOURS",
    help="In a row, each week; 0: no such rule.",
)
@click.option(
    "--time-limit", "time_limit_s", type=float, default=30.0, show_default=True, metavar="SECONDS"
)
def answer(
    file: Path, *, rest_hours: float, weekly_rest_hours: float, time_limit_s: float
) -> Answer:
    """Who goes when: the roster that leaves least undone, shared fairly, with wishes heeded.

    FILE is JSON: {"shifts": [{"name": "Friday", "start": "2026-05-01T20:00",
    "end": "2026-05-02T01:00", "need": 2}], "people": [{"name": "Ali", "max_hours": 20}]}.
    Further fields: of shifts skill, fewest, priority, burden, place; of people available, skills,
    max_week_hours, busy, wishes, share; and "fixed": [["Ali", "Friday"]].

    \b
    lagesbild roster walks.json --out roster.csv
    """
    plan = _plan(file)
    with working("Making the roster"):
        result = rostering.shifts(
            plan["shifts"], plan["people"], fixed=plan["fixed"], rest_hours=rest_hours,
            weekly_rest_hours=weekly_rest_hours or None, time_limit_s=time_limit_s,
        )  # fmt: skip
    names = ("shift", "start", "end", "person", "place")
    columns = {name: [getattr(one, name) for one in result.assignments] for name in names}
    missing = sum(one.missing for one in result.uncovered)
    proven = ("proven to be the best" if result.status == "optimal"
              else f"the best found in time, at most {result.gap:.1%} from the best")  # fmt: skip
    lines = [
        "All shifts are staffed" if result.is_covered
        else f"{missing} {'people are' if missing > 1 else 'person is'} missing on "
        f"{len(result.uncovered)} of {len(plan['shifts'])} shifts",
        "", *table({name: [str(cell or "") for cell in cells] for name, cells in columns.items()}),
        *([""] if result.uncovered else []),
        *(f"  {one.why}" for one in result.uncovered),
        "", *table({"person": list(result.hours),
                    "hours": [number(each, 1) for each in result.hours.values()]}),
        *basis_lines(result.basis, f"The roster is {proven}."),
    ]  # fmt: skip
    return Answer(lines=lines, result=result, columns=columns)


def _plan(file: Path) -> dict[str, Any]:
    try:
        given = json.loads(file.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{file}: not JSON ({error})") from error
    if not isinstance(given, dict) or set(given) - {"shifts", "people", "fixed"}:
        raise ValueError(f"{file}: an object with shifts, people and perhaps fixed wanted")
    fixed = given.get("fixed", [])
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in fixed):
        raise ValueError(f"{file}: fixed: pairs of a person and a shift wanted")
    return {
        "shifts": [_made(rostering.Shift, one, file) for one in given.get("shifts", [])],
        "people": [_made(rostering.Person, one, file) for one in given.get("people", [])],
        "fixed": [tuple(pair) for pair in fixed],
    }


def _made(kind: Any, given: Any, file: Path) -> Any:
    known = {one.name for one in fields(kind)}
    what = kind.__name__.lower()
    if not isinstance(given, dict) or set(given) - known:
        extra = ", ".join(sorted(set(given) - known)) if isinstance(given, dict) else given
        raise ValueError(f"{file}: {what}: unknown {extra}; known are {', '.join(sorted(known))}")
    try:
        return kind(**given)
    except TypeError as error:
        raise ValueError(f"{file}: {what}: {str(error).partition(') ')[2] or error}") from error


command = statistic("roster", suffixes=(".json", ".csv", ".svg", ".png"))(answer)
