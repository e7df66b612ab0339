"""Writing history."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from kraftsamling.kit.actor import Actor
from kraftsamling.trail.models import Content, Entry
from kraftsamling.trail.queries import (
    EntryFilter,
    EntryPage,
    Verification,
    each_entry,
    head,
    page_of_entries,
    verify,
)
from kraftsamling.trail.rules import START, changes, content_digest, entry_hash, to_canonical

Row = TypeVar("Row", bound=Model)

# Any constant that nothing else in the database locks.
_CHAIN_LOCK = 0x6B726166
_LAST_LINK = "SELECT number, hash FROM trail_entry ORDER BY number DESC LIMIT 1"
_ENTRIES = ("trail", "entries")


def _insert_into(model: type[Model]) -> str:
    columns = [str(field.column) for field in model._meta.concrete_fields]
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608


_INSERTS: dict[type[Model], str] = {model: _insert_into(model) for model in (Entry, Content)}
_MAX_LENGTHS = {
    name: getattr(Entry._meta.get_field(name), "max_length", None)
    for name in ("actor", "actor_organisation", "act", "object_type", "object_id")
}


class AlreadyErased(Exception):  # a fact about the entry, worded as the domain does
    """The content of this entry has been erased before."""


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
    recorded with neither. Three statements. On PostgreSQL other writers of history wait from here
    until the transaction ends, hence the last write.

    Raises ValueError for an identifier that does not fit, TypeError for a value that JSON has no
    form for: both are mistakes in the calling action.
    """
    entry, content = _to_link(
        _last_link(), act=act, by=by, at=at, on=on, before=before, after=after, reason=reason
    )
    _insert(entry)
    _insert(content)
    return entry


def record_many(
    *,
    act: str,
    by: Actor,
    at: datetime,
    changed: Iterable[tuple[tuple[str, str], Mapping[str, Any] | None, Mapping[str, Any] | None]],
    reason: str = "",
) -> int:
    """Append one entry for each (on, before, after), as `record` would; how many is returned.

    For an act that touches thousands of objects, such as an import: the chain is the same, the
    statements are few. MUST be called inside the transaction of the act, as its last write.
    """
    previous = _last_link()
    entries, contents = [], []
    for on, before, after in changed:
        entry, content = _to_link(
            previous, act=act, by=by, at=at, on=on, before=before, after=after, reason=reason
        )
        previous = (entry.number, entry.hash)
        entries.append(entry)
        contents.append(content)
    # Past the append-only wall on purpose: every entry has been linked above.
    _plain_rows(Entry).bulk_create(entries, batch_size=500)
    _plain_rows(Content).bulk_create(contents, batch_size=500)
    return len(entries)


def _to_link(
    previous: tuple[int, str],
    *,
    act: str,
    by: Actor,
    at: datetime,
    on: tuple[str, str],
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    reason: str,
) -> tuple[Entry, Content]:
    """The next entry of the chain and its content, not yet saved."""
    text = to_canonical({**changes(before or {}, after or {}), "reason": str(reason)})
    salt = secrets.token_hex(16)
    digest = content_digest(salt, text)
    last_number, previous_hash = previous
    entry = Entry(
        number=last_number + 1,
        at=at,
        actor=by.id,
        actor_kind=by.kind,
        actor_organisation=by.organisation,
        act=act,
        object_type=on[0],
        object_id=on[1],
        content_digest=digest,
        previous_hash=previous_hash,
    )
    _refuse_too_long(entry)
    entry.hash = entry_hash(
        number=entry.number, at=at, actor=by.id, actor_kind=by.kind,
        actor_organisation=by.organisation, act=act, object_type=on[0], object_id=on[1],
        digest=digest, previous_hash=previous_hash,
    )  # fmt: skip
    return entry, Content(entry=entry, salt=salt, text=text)


def erase_content(*, entry: Entry, by: Actor, at: datetime, reason: str) -> None:
    """Destroy what an entry says was changed, and record that it was done. Cannot be undone.

    Raises AlreadyErased; ValueError without a reason, which the law asks for.
    """
    if not reason.strip():
        raise ValueError("Erasing history needs its reason: the decision that asks for it.")
    with transaction.atomic():
        erased = (
            _plain_rows(Content)
            .filter(entry=entry, erased_at=None)
            .update(text="", salt="", erased_at=at)
        )
        if not erased:
            raise AlreadyErased(entry.number)
        record(
            act="trail.erase_content", by=by, at=at, on=("entry", str(entry.number)), reason=reason
        )


def read_entries(
    wanted: EntryFilter, *, by: Actor, at: datetime, limit: int, older_than: int | None = None
) -> EntryPage:
    """A page of history for someone to read. That they read it is history too."""
    page = page_of_entries(wanted, limit=limit, older_than=older_than)
    asked = {"filter": wanted.to_json(), "older_than": older_than, "entries": len(page.entries)}
    with transaction.atomic():
        record(act="trail.read_entries", by=by, at=at, on=_ENTRIES, after=asked)
    return page


def export_entries(
    wanted: EntryFilter, *, by: Actor, at: datetime, file_format: str
) -> Iterator[Entry]:
    """All entries of a filter that there are now, newest first. The export is recorded first."""
    number, _ = head()
    asked = {"filter": wanted.to_json(), "up_to": number, "format": file_format}
    with transaction.atomic():
        record(act="trail.export", by=by, at=at, on=_ENTRIES, after=asked)
    return each_entry(wanted, up_to=number)


def check_chain(
    *, by: Actor, at: datetime, expected_count: int | None = None, expected_head: str = ""
) -> Verification:
    """Follow the whole chain, and record that it was done and what came of it."""
    outcome = verify(expected_count=expected_count, expected_head=expected_head)
    with transaction.atomic():
        record(act="trail.check_chain", by=by, at=at, on=_ENTRIES, after=asdict(outcome))
    return outcome


def _insert(row: Entry | Content) -> None:
    """`row.save()` at half the price: every act of the whole city pays it."""
    fields = row._meta.concrete_fields
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_INSERTS[type(row)], values)
    row._state.adding, row._state.db = False, connection.alias


def _plain_rows(model: type[Row]) -> QuerySet[Row]:
    """The way round the append-only wall, for the two acts above that may take it."""
    return QuerySet(model)


def _refuse_too_long(entry: Entry) -> None:
    """SQLite would store an overlong text that PostgreSQL refuses: refuse it on both."""
    for name, limit in _MAX_LENGTHS.items():
        if limit is not None and len(getattr(entry, name)) > limit:
            raise ValueError(f"{name} of a trail entry is longer than {limit} characters")


def _last_link() -> tuple[int, str]:
    """The end of the chain, held until the transaction ends so that it cannot fork."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "trail.record needs the transaction of the act: wrap the action in atomic()."
        )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Two statements in one round trip. They must be two: a statement sees what was
            # committed when it began, and the lock may have been waited for.
            cursor.execute(f"SELECT pg_advisory_xact_lock({_CHAIN_LOCK}); {_LAST_LINK}")
            cursor.nextset()
        else:
            # SQLite needs no lock: its transactions begin IMMEDIATE, one writer at a time.
            cursor.execute(_LAST_LINK)
        row = cursor.fetchone()
    return (row[0], row[1]) if row else (0, START)
