"""Entries as files: for a spreadsheet, or with all that one needs to check the chain elsewhere."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from kraftsamling.kit.tabular.writing import to_safe_cell
from kraftsamling.trail.queries import facts_of

if TYPE_CHECKING:
    from kraftsamling.trail.models import Entry

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}
_COLUMNS = (
    "number", "at", "actor", "actor_kind", "actor_organisation", "act", "object_type", "object_id",
    "before", "after", "reason", "is_erased", "hash",
)  # fmt: skip


class _Line:
    """What a csv.writer writes to: hands each line on instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def file_name(file_format: str, at: datetime) -> str:
    return f"historik-{timezone.localtime(at):%Y-%m-%d-%H%M}.{file_format}"


def to_file(entries: Iterable["Entry"], file_format: str) -> Iterator[str]:
    """The lines of a file, one entry at a time."""
    return _to_csv(entries) if file_format == "csv" else _to_json_lines(entries)


def _to_csv(entries: Iterable["Entry"]) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";", lineterminator="\r\n")
    yield "\ufeff" + writer.writerow(_COLUMNS)  # Excel reads å, ä and ö right with this mark
    for entry in entries:
        row = facts_of(entry)
        yield writer.writerow([to_safe_cell(_as_cell(row[name])) for name in _COLUMNS])


def _to_json_lines(entries: Iterable["Entry"]) -> Iterator[str]:
    for entry in entries:
        yield json.dumps(facts_of(entry, with_proof=True), ensure_ascii=False) + "\n"


def _as_cell(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)
