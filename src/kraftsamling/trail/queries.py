"""Reading history, and proving that it is whole."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from kraftsamling.trail.models import Entry
from kraftsamling.trail.rules import START, content_digest, entry_hash


@dataclass(frozen=True)
class EntryFilter:
    """What an auditor looks for; empty fields do not narrow. The span is half-open."""

    actor: str = ""
    organisation: str = ""
    act: str = ""
    object_type: str = ""
    object_id: str = ""
    at_from: datetime | None = None
    at_until: datetime | None = None


def entries(wanted: EntryFilter | None = None) -> QuerySet[Entry]:
    """Entries, newest first, with their contents; one query however many."""
    wanted = wanted or EntryFilter()
    conditions = {
        "actor": wanted.actor,
        "actor_organisation": wanted.organisation,
        "act__startswith": wanted.act,
        "object_type": wanted.object_type,
        "object_id": wanted.object_id,
        "at__gte": wanted.at_from,
        "at__lt": wanted.at_until,
    }
    given = {lookup: value for lookup, value in conditions.items() if value}
    found: QuerySet[Entry] = Entry.objects.filter(**given).select_related("content")
    return found


@dataclass(frozen=True)
class Verification:
    """The outcome of a check: how many entries held, and the first that did not."""

    checked: int
    head: str
    broken_at: int | None = None
    why: str = ""

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None


def verify(
    *,
    expected_count: int | None = None,
    expected_head: str = "",
    progress: Callable[[int], None] | None = None,
) -> Verification:
    """Follow the chain from its first entry and stop at the first that does not hold.

    With a count and head noted earlier (outside the database), a chain that was cut off at its
    end is found as well: such a chain is whole in itself.
    """
    previous_hash, checked, seen_expected = START, 0, not expected_head
    rows = Entry.objects.order_by("number").values_list(
        "number", "at", "actor", "actor_kind", "actor_organisation", "act", "object_type",
        "object_id", "content_digest", "previous_hash", "hash",
        "content__salt", "content__text", "content__erased_at",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=5000):
        number, stored_hash, salt, text, erased_at = row[0], row[10], row[11], row[12], row[13]
        why = _what_is_wrong(row, expected_number=checked + 1, previous_hash=previous_hash)
        if not why and erased_at is None and content_digest(salt or "", text or "") != row[8]:
            why = "its content is not the one that was recorded"
        if why:
            return Verification(checked, previous_hash, broken_at=number, why=why)
        previous_hash, checked = stored_hash, checked + 1
        seen_expected = seen_expected or stored_hash == expected_head
        if progress:
            progress(checked)
    if not seen_expected or (expected_count is not None and checked < expected_count):
        return Verification(
            checked, previous_hash, broken_at=checked + 1, why="the end of the chain is missing"
        )
    return Verification(checked, previous_hash)


def _what_is_wrong(row: tuple[object, ...], *, expected_number: int, previous_hash: str) -> str:
    number, at, actor, kind, organisation, act, object_type, object_id, digest, previous, own = row[
        :11
    ]
    if number != expected_number:
        return f"entry {expected_number} is missing"
    if previous != previous_hash:
        return "it does not follow the entry before it"
    computed = entry_hash(
        number=number, at=at, actor=actor, actor_kind=kind, actor_organisation=organisation,  # type: ignore[arg-type]
        act=act, object_type=object_type, object_id=object_id, digest=digest,  # type: ignore[arg-type]
        previous_hash=previous,  # type: ignore[arg-type]
    )  # fmt: skip
    return "" if computed == own else "its fields are not the ones that were recorded"
