"""What came of a file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kraftsamling.kit.tabular.problems import Problem, has_errors


@dataclass(frozen=True)
class ImportReport:
    """Counts of what a file brought, and its problems: errors (nothing written) or warnings."""

    kind: str
    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = field(default=())

    @property
    def is_refused(self) -> bool:
        return has_errors(self.problems)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "accepted": not self.is_refused,
            "rows": self.rows,
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "problems": [problem.to_json() for problem in self.problems],
        }


class ImportRefused(Exception):
    """The file has errors, so nothing was written; `report` names each of them."""

    def __init__(self, report: ImportReport) -> None:
        errors = [problem for problem in report.problems if not problem.is_warning]
        first = errors[0].why if errors else ""
        super().__init__(f"{len(errors)} errors, nothing was written. First: {first}")
        self.report = report


def refuse_errors(kind: str, rows: int, problems: Sequence[Problem]) -> None:
    """Raises ImportRefused when one of the problems is an error."""
    if has_errors(problems):
        raise ImportRefused(ImportReport(kind, rows=rows, problems=tuple(problems)))
