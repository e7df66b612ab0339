"""How an entry becomes a link of the chain. Plain Python: an auditor can re-implement it.

docs/trail.md describes the same in words, with a worked example.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

START = "0" * 64
SEPARATOR = "\x1f"


def to_plain(value: Any) -> Any:
    """A value as JSON can hold it, the same however it came: moments in UTC, sets in order.

    Raises TypeError for what has no agreed form, such as a database row: record its id instead,
    and no name of a person ends up in the history by accident.
    """
    if value is None or isinstance(value, bool | int | str | float):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((to_plain(each) for each in value), key=str)
    if isinstance(value, list | tuple):
        return [to_plain(each) for each in value]
    return _to_text(value)


def _to_text(value: Any) -> Any:
    match value:
        case datetime() if value.tzinfo is None:
            raise TypeError(f"{value} has no time zone: a moment in the trail needs one.")
        case datetime():
            return to_moment(value)
        case date() | time():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case Enum():
            return to_plain(value.value)
    if callable(getattr(value, "to_json", None)):
        return to_plain(value.to_json())
    raise TypeError(
        f"The trail cannot hold a {type(value).__name__}: give its id, a text, a number, a moment, "
        "a list, a mapping, or a value with to_json()."
    )


def to_moment(at: datetime) -> str:
    """A moment as the chain writes it: UTC with microseconds, 2026-11-22T10:44:00.000000+00:00."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def to_canonical(value: Mapping[str, Any]) -> str:
    """JSON of plain values, keys sorted, no spaces: the same value always gives the same text."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def content_digest(salt: str, text: str) -> str:
    """SHA-256 over salt and text: the text can go, the digest stays and tells nothing."""
    return hashlib.sha256(f"{salt}{SEPARATOR}{text}".encode()).hexdigest()


def entry_hash(
    *,
    number: int,
    at: datetime,
    actor: str,
    actor_kind: str,
    actor_organisation: str,
    act: str,
    object_type: str,
    object_id: str,
    digest: str,
    previous_hash: str,
) -> str:
    """SHA-256 over all fields of the entry and the hash of the one before.

    Raises ValueError where a field holds the separator: two entries could then look the same.
    """
    fields = (
        str(number), to_moment(at), actor, actor_kind, actor_organisation, act,
        object_type, object_id, digest, previous_hash,
    )  # fmt: skip
    text = SEPARATOR.join(fields)
    if text.count(SEPARATOR) != len(fields) - 1:
        raise ValueError("A field of the entry holds the character U+001F.")
    return hashlib.sha256(text.encode()).hexdigest()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Only the fields that differ, as {'before': {...}, 'after': {...}}, in plain values."""
    old, new = to_plain(before), to_plain(after)
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return {
        "before": {name: old[name] for name in names if name in old},
        "after": {name: new[name] for name in names if name in new},
    }


def snapshot(thing: object, names: Iterable[str]) -> dict[str, Any]:
    """The named attributes of `thing` as they are now: take one before and one after a change.

    For a relation name its id: `owner_id`.
    """
    return {name: to_plain(getattr(thing, name)) for name in names}
