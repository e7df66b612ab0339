"""What is wrong in a file, said so that its owner can put it right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kraftsamling.kit.tabular.writing import to_csv

_LONGEST_VALUE = 80


@dataclass(frozen=True)
class Problem:
    """One thing that stops a file, or (a warning) only deserves a look.

    `row` is the number a spreadsheet shows, or the object's number in GeoJSON; None means the
    file as a whole. `code` is for programs and never changes with the language.
    """

    code: str
    why: str
    advice: str
    row: int | None = None
    column: str = ""
    value: str = ""
    is_warning: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "row": self.row,
            "column": self.column,
            "value": shortened(self.value),
            "why": self.why,
            "advice": self.advice,
            "severity": "warning" if self.is_warning else "error",
        }


class UnreadableFile(Exception):
    """The file as a whole cannot be read; `problem` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.why)
        self.problem = problem


def unreadable(code: str, why: str, advice: str, **where: Any) -> UnreadableFile:
    return UnreadableFile(Problem(code, why, advice, **where))


def shortened(value: str) -> str:
    """A value as it stands in a report: one line, at most 80 characters."""
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST_VALUE else f"{line[: _LONGEST_VALUE - 1]}…"


def has_errors(problems: Iterable[Problem]) -> bool:
    return any(not problem.is_warning for problem in problems)


def problems_to_csv(problems: Sequence[Problem]) -> bytes:
    """The report as a CSV file whose cells no spreadsheet takes for formulas."""
    header = (_("rad"), _("kolumn"), _("värde"), _("varför"), _("gör så här"), _("slag"))
    return to_csv(
        header,
        (
            (
                "" if problem.row is None else str(problem.row),
                problem.column,
                shortened(problem.value),
                problem.why,
                problem.advice,
                _("varning") if problem.is_warning else _("fel"),
            )
            for problem in problems
        ),
    )
