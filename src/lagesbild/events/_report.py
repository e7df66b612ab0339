"""What came of reading a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lagesbild._results import to_plain
from lagesbild.events._events import Events


@dataclass(frozen=True)
class Excluded:
    """How many rows were left out for one reason, the first few of them, and what one held."""

    count: int
    rows: tuple[int, ...]
    example: str = field(default="", compare=False)

    def __str__(self) -> str:
        shown = ", ".join(str(row) for row in self.rows)
        more = f" and {self.count - len(self.rows)} more" if self.count > len(self.rows) else ""
        held = f", such as {self.example!r}{_hint(self.example)}" if self.example else ""
        return f"row{'s' if self.count > 1 else ''} {shown}{more}{held}"


def _hint(text: str) -> str:
    """What such a value usually is, as a question."""
    start, to, end = text.partition(" to ")
    if re.fullmatch(r"[34]\d{4}([.,]\d+)?", text):
        return " (a spreadsheet's day number? format the column as a date before saving)"
    if re.fullmatch(r"\d{6}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", text):
        return " (a year of two digits? write all four)"
    if to and start[:10] == end[:10]:
        return " (past midnight? then the end wants the next day's date)"
    return ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Events from a file, with an account of how they were read.

    path, file   where from; format, and for CSV encoding and separator
    columns      the file's column for each field
    crs          what the coordinates were, and are
    epsg         code of the plane that the events are in; None where it is not known
    rows         in the file, names not counted
    excluded     rows that are no events, by reason; each row has one
    notes        what was noticed or assumed, each a sentence
    """

    path: str
    file: Mapping[str, str]
    columns: Mapping[str, str]
    crs: str
    epsg: int | None
    rows: int
    excluded: Mapping[str, Excluded]
    notes: tuple[str, ...]
    events: Events

    @property
    def left_out(self) -> int:
        return sum(one.count for one in self.excluded.values())

    def to_dict(self) -> dict[str, Any]:
        """The account, ready for JSON, without the events."""
        return {
            "path": self.path,
            "file": dict(self.file),
            "columns": dict(self.columns),
            "crs": self.crs,
            "epsg": self.epsg,
            "rows": self.rows,
            "events": len(self.events),
            "fingerprint": self.events.fingerprint,
            "excluded": {reason: to_plain(one) for reason, one in self.excluded.items()},
            "notes": list(self.notes),
        }
