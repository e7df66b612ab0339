"""Entries as files: for a spreadsheet, or with all that one needs to check the chain elsewhere."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from kraftsamling.kit.tabular.writing import to_safe_cell
from kraftsamling.trail.queries import change_of
from kraftsamling.trail.rules import to_moment

if TYPE_CHECKING:
    from kraftsamling.trail.models import Entry

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}
_COLUMNS = (
    "number", "at", "actor", "actor_kind", "actor_organisation", "act", "object_type", "object_id",
    "before", "after", "reason", "erased", "hash",
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
        row = _facts(entry)
        yield writer.writerow([to_safe_cell(_as_cell(row[name])) for name in _COLUMNS])


def _to_json_lines(entries: Iterable["Entry"]) -> Iterator[str]:
    for entry in entries:
        facts = _facts(entry) | {
            "salt": entry.content.salt,
            "content": entry.content.text,
            "content_digest": entry.content_digest,
            "previous_hash": entry.previous_hash,
        }
        yield json.dumps(facts, ensure_ascii=False) + "\n"


def _facts(entry: "Entry") -> dict[str, Any]:
    change = change_of(entry)
    return {
        "number": entry.number,
        "at": to_moment(entry.at.astimezone(UTC)),
        "actor": entry.actor,
        "actor_kind": entry.actor_kind,
        "actor_organisation": entry.actor_organisation,
        "act": entry.act,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
        "erased": change.is_erased,
        "hash": entry.hash,
    }


def _as_cell(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)
