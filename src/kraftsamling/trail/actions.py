"""Writing history."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from kraftsamling.kit.actor import Actor
from kraftsamling.trail.models import Content, Entry
from kraftsamling.trail.rules import START, changes, content_digest, entry_hash, to_canonical

_CHAIN_LOCK = 0x6B726166  # any constant that nothing else in the database locks


def record(
    *,
    act: str,
    by: Actor,
    at: datetime,
    on: tuple[str, str],
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """Append one entry. MUST be called inside the transaction of the act, as its last write.

    `on` is (object type, object id). Of `before` and `after` only the fields that differ are
    kept; one of them may be None for what is created or removed. Reads of protected records are
    recorded with neither.
    """
    text = to_canonical({**changes(before or {}, after or {}), "reason": reason})
    salt = secrets.token_hex(16)
    digest = content_digest(salt, text)
    previous = _last_link()
    number, previous_hash = (previous.number + 1, previous.hash) if previous else (1, START)
    entry = Entry(
        number=number,
        at=at,
        actor=by.id,
        actor_kind=by.kind,
        actor_organisation=by.organisation,
        act=act,
        object_type=on[0],
        object_id=on[1],
        content_digest=digest,
        previous_hash=previous_hash,
        hash=entry_hash(
            number=number, at=at, actor=by.id, actor_kind=by.kind,
            actor_organisation=by.organisation, act=act, object_type=on[0], object_id=on[1],
            digest=digest, previous_hash=previous_hash,
        ),
    )  # fmt: skip
    entry.save(force_insert=True)
    Content.objects.create(entry=entry, salt=salt, text=text)
    return entry


def erase_content(*, entry: Entry, by: Actor, at: datetime, reason: str) -> None:
    """Destroy what an entry says was changed, and record that it was done. Cannot be undone."""
    with transaction.atomic():
        Content.objects.filter(entry=entry).update(text="", salt="", erased_at=at)
        record(
            act="trail.erase_content", by=by, at=at, on=("entry", str(entry.number)), reason=reason
        )


def _last_link() -> Entry | None:
    """The end of the chain, held until the transaction ends so that it cannot fork."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "trail.record needs the transaction of the act: wrap the action in atomic()."
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    # SQLite needs no lock: its transactions begin IMMEDIATE, one writer at a time.
    return Entry.objects.order_by("-number").only("number", "hash").first()
