"""How an entry becomes a link of the chain. Plain Python: an auditor can re-implement it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

START = "0" * 64
_SEPARATOR = "\x1f"


def to_canonical(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces: the same value always gives the same text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def content_digest(salt: str, text: str) -> str:
    """SHA-256 over salt and text: the text can go, the digest stays and tells nothing."""
    return hashlib.sha256(f"{salt}{_SEPARATOR}{text}".encode()).hexdigest()


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
    """SHA-256 over all fields of the entry and the hash of the one before."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = (
        str(number), moment, actor, actor_kind, actor_organisation, act,
        object_type, object_id, digest, previous_hash,
    )  # fmt: skip
    return hashlib.sha256(_SEPARATOR.join(fields).encode()).hexdigest()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Only the fields that differ, as {'before': {...}, 'after': {...}}."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {
        "before": {name: before[name] for name in names if name in before},
        "after": {name: after[name] for name in names if name in after},
    }
