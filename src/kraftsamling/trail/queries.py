"""Reading history, and proving that it is whole."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from kraftsamling.trail.models import Entry
from kraftsamling.trail.rules import START, to_moment

ERASE = "trail.erase_content"
READ = "trail.read_entries"


@dataclass(frozen=True)
class EntryFilter:
    """What an auditor looks for; empty fields do not narrow. The span is half-open.

    `act` narrows to one act, or to a whole room when it ends with a dot ('places.').
    `actors`, where given, are several. `organisations`, where given, is the most that the reader
    may see: acts of these alone. `without_readings` leaves out that the history was read.
    """

    actor: str = ""
    actors: Collection[str] | None = None
    organisation: str = ""
    act: str = ""
    object_type: str = ""
    object_id: str = ""
    at_from: datetime | None = None
    at_until: datetime | None = None
    organisations: Collection[str] | None = None
    without_readings: bool = False

    def to_json(self) -> dict[str, Any]:
        """What was asked for, without the empty fields: what the trail keeps of a reading."""
        asked = {each.name: getattr(self, each.name) for each in fields(self)}
        del asked["without_readings"]  # how a page is shown, not what somebody looked for
        return {name: value for name, value in asked.items() if value not in (None, "")}


def entries(wanted: EntryFilter | None = None) -> QuerySet[Entry]:
    """Entries, newest first, with their contents; one query however many."""
    wanted = wanted or EntryFilter()
    conditions = {
        "actor": wanted.actor,
        "actor_organisation": wanted.organisation,
        "act__startswith" if wanted.act.endswith(".") else "act": wanted.act,
        "object_type": wanted.object_type,
        "object_id": wanted.object_id,
        "at__gte": wanted.at_from,
        "at__lt": wanted.at_until,
    }
    given: dict[str, Any] = {lookup: value for lookup, value in conditions.items() if value}
    if wanted.actors is not None:
        given["actor__in"] = list(wanted.actors)
    if wanted.organisations is not None:
        given["actor_organisation__in"] = list(wanted.organisations)
    found: QuerySet[Entry] = Entry.objects.filter(**given).select_related("content")
    return found.exclude(act=READ) if wanted.without_readings else found


def entries_numbered(numbers: Collection[int]) -> dict[int, Entry]:
    """The entries that there are of some numbers, with their contents. One query."""
    found = Entry.objects.select_related("content").in_bulk(list(numbers))
    return {number: found[number] for number in sorted(found)}


def erasure_reasons(numbers: Collection[int]) -> dict[int, str]:
    """Why the contents of some entries were erased, by number; '' where that is erased too."""
    asked = [str(number) for number in numbers]
    if not asked:
        return {}
    found = Entry.objects.filter(act=ERASE, object_type="entry", object_id__in=asked)
    return {int(each.object_id): change_of(each).reason for each in found.select_related("content")}


@dataclass(frozen=True)
class EntryPage:
    """Some entries, newest first; `older_than` continues the list, None at its end."""

    entries: list[Entry]
    older_than: int | None


def page_of_entries(wanted: EntryFilter, *, limit: int, older_than: int | None = None) -> EntryPage:
    """One page, bounded by an entry's number: it stays put while history grows. One query."""
    rows = entries(wanted)
    if older_than is not None:
        rows = rows.filter(number__lt=older_than)
    found = list(rows[: limit + 1])
    more = len(found) > limit
    return EntryPage(found[:limit], found[limit - 1].number if more else None)


def each_entry(wanted: EntryFilter, *, up_to: int, chunk_size: int = 2000) -> Iterator[Entry]:
    """Every entry of the filter up to number `up_to`, newest first, in little memory."""
    last: int | None = up_to + 1
    while last is not None:
        page = page_of_entries(wanted, limit=chunk_size, older_than=last)
        yield from page.entries
        last = page.older_than


@dataclass(frozen=True)
class Change:
    """What an entry says was changed. `is_erased` when the values are gone for good."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    is_erased: bool = False


def change_of(entry: Entry) -> Change:
    """The content of an entry, read from its canonical text. Call with the content joined."""
    content = entry.content
    if content.erased_at is not None:
        return Change(is_erased=True)
    stored = json.loads(content.text)
    return Change(stored["before"], stored["after"], stored["reason"])


def facts_of(entry: Entry, *, with_proof: bool = False) -> dict[str, Any]:
    """All of an entry in plain values, as every export has it. Call with the content joined.

    `with_proof` adds what one needs to check the chain elsewhere: see docs/trail.md.
    """
    change = change_of(entry)
    facts: dict[str, Any] = {
        "number": entry.number,
        "at": to_moment(entry.at),
        "actor": entry.actor,
        "actor_kind": entry.actor_kind,
        "actor_organisation": entry.actor_organisation,
        "act": entry.act,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
        "is_erased": change.is_erased,
        "hash": entry.hash,
    }
    if with_proof:
        facts |= {
            "salt": entry.content.salt,
            "content": entry.content.text,
            "content_digest": entry.content_digest,
            "previous_hash": entry.previous_hash,
        }
    return facts


def head() -> tuple[int, str]:
    """The number and hash of the newest entry: what one notes outside the database."""
    last = Entry.objects.order_by("-number").values_list("number", "hash").first()
    return last or (0, START)


def version_of(object_types: Sequence[str]) -> int:
    """The number of the newest entry about any of these types of objects; 0 when there is none.

    It grows with every change to them, so it versions whatever is shown from them. One statement,
    one look-up in an index for each type: it is asked before every answer that may be unchanged.
    """
    newest = "SELECT max(number) AS number FROM trail_entry WHERE object_type = %s"
    each = " UNION ALL ".join([newest] * len(object_types))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(number) FROM ({each}) AS newest", list(object_types))  # noqa: S608
        row = cursor.fetchone()
    return row[0] or 0 if row else 0


# What can be wrong with an entry, in words; pages have their own words for the codes.
FAULTS = {
    "missing": "the entry is missing",
    "unlinked": "it does not follow the entry before it",
    "fields_changed": "its fields are not the ones that were recorded",
    "content_missing": "its content is missing",
    "content_changed": "its content is not the one that was recorded",
    "content_half_erased": "its content is said to be erased, yet there is some",
    "content_erased_unrecorded": "its content is gone, and no entry records that it was erased",
    "content_restored": "its content was erased, yet it is there again",
    "rewritten": "it is not the entry whose hash was noted: history was rewritten",
    "cut_off": "the end of the chain is missing",
    "head_unknown": "no entry has the hash that was noted",
}


@dataclass(frozen=True)
class Verification:
    """The outcome of a check: how many entries held, and the first that did not and its FAULT.

    `checked` and `head` are what one notes outside the database, for `expected_count` and
    `expected_head` of the next check.
    """

    checked: int
    head: str
    broken_at: int | None = None
    fault: str = ""

    @property
    def why(self) -> str:
        return FAULTS.get(self.fault, "")

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None


def verify(
    *,
    expected_count: int | None = None,
    expected_head: str = "",
    progress: Callable[[int], None] | None = None,
    batch_size: int = 10_000,
) -> Verification:
    """Follow the chain from its first entry and stop at the first that does not hold.

    With a count and head noted earlier (outside the database), a chain that was cut off at its
    end or rewritten from some entry on is found as well: such a chain is whole in itself.
    `progress` hears the number of entries checked so far, after each batch.
    """
    chain = _Chain(expected_count=expected_count, expected_head=expected_head)
    for batch in _batches(batch_size):
        for row in batch:
            chain.follow(row)
            if chain.fault:
                return chain.outcome()
        if progress:
            progress(chain.checked)
    chain.close()
    return chain.outcome()


# number, the text that is hashed, its hash, the content that is digested, is it erased?, and for an
# entry that records an erasure: the number of the entry whose content it erased
_Row = tuple[int, bytes, str, bytes | None, int | bool, str | None]
# The text that is hashed ends with the digest of the content and the previous hash. Should one of
# them have another length, the hash does not fit, which is asked first.
_DIGEST, _PREVIOUS = slice(-129, -65), slice(-64, None)


class _Chain:
    """The state of a verification while it walks."""

    def __init__(self, *, expected_count: int | None, expected_head: str) -> None:
        self.checked = 0
        self.head = START
        self._previous = START.encode()
        self.fault = ""
        self._broken_at: int | None = None
        self._expected_count = expected_count
        self._expected_head = expected_head
        self._is_head_seen = not expected_head
        self._erased: set[int] = set()
        self._erasures: dict[int, int] = {}

    def follow(self, row: _Row) -> None:
        number, text, own, content, is_erased, erases = row
        if number != self.checked + 1:
            self._break(self.checked + 1, "missing")
        elif sha256(text).hexdigest() != own:
            self._break(number, "fields_changed")
        elif text[_PREVIOUS] != self._previous:
            self._break(number, "unlinked")
        elif is_erased:
            self._erased.add(number)
            if content != b"\x1f":
                self._break(number, "content_half_erased")
        elif content is None:
            self._break(number, "content_missing")
        elif sha256(content).hexdigest().encode() != text[_DIGEST]:
            self._break(number, "content_changed")
        if self.fault:
            return
        self.checked, self.head, self._previous = number, own, own.encode()
        if erases is not None and erases.isdigit():
            self._erasures.setdefault(int(erases), number)
        if own == self._expected_head and self._expected_count in (None, number):
            self._is_head_seen = True
        if number == self._expected_count and not self._is_head_seen:
            self._break(number, "rewritten")

    def close(self) -> None:
        """What only the whole chain can tell."""
        if self._expected_count is not None and self.checked < self._expected_count:
            self._break(self.checked + 1, "cut_off")
        elif not self._is_head_seen:
            self._break(self.checked + 1, "head_unknown")
        unrecorded = [
            number
            for number in self._erased
            if self._erasures.get(number, 0) <= number
        ]  # fmt: skip
        restored = [
            number
            for number, by in self._erasures.items()
            if number not in self._erased and number <= self.checked
        ]
        if unrecorded:
            self._break(min(unrecorded), "content_erased_unrecorded")
        elif restored:
            self._break(min(restored), "content_restored")

    def _break(self, number: int, fault: str) -> None:
        if not self.fault:
            self._broken_at, self.fault = number, fault

    def outcome(self) -> Verification:
        return Verification(self.checked, self.head, self._broken_at, self.fault)


# The text that is hashed is put together in the database: reading one text is far cheaper than
# reading ten columns and formatting a moment. It is the text of rules.entry_hash. As bytes, so
# that a row damaged beyond UTF-8 is found like any other.
_MOMENT = {
    "sqlite": (
        "replace(e.at, ' ', 'T') || CASE length(e.at) WHEN 19 THEN '.000000' ELSE '' END "
        "|| '+00:00'"
    ),
    "postgresql": """to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')""",
}
_SEPARATOR = {"sqlite": "char(31)", "postgresql": "chr(31)"}
_AS_BYTES = {"sqlite": "CAST(%s AS BLOB)", "postgresql": "convert_to(%s, 'UTF8')"}


def _batches(batch_size: int) -> Iterator[list[_Row]]:
    """All rows in order, a batch at a time, each batch a short read of its own."""
    after, sql = -(2**62), _sql_of_rows(connection.vendor)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [after, batch_size])
            rows: list[_Row] = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _sql_of_rows(vendor: str) -> str:
    separator, as_bytes = _SEPARATOR[vendor], _AS_BYTES[vendor]
    parts = (
        "e.number", _MOMENT[vendor], "e.actor", "e.actor_kind", "e.actor_organisation", "e.act",
        "e.object_type", "e.object_id", "e.content_digest", "e.previous_hash",
    )  # fmt: skip
    hashed = as_bytes % f" || {separator} || ".join(parts)
    content = as_bytes % f"c.salt || {separator} || c.text"
    columns = (
        f"e.number, {hashed}, e.hash, {content}, c.erased_at IS NOT NULL, "
        f"CASE WHEN e.act = '{ERASE}' AND e.object_type = 'entry' THEN e.object_id END"
    )
    source = "trail_entry e LEFT JOIN trail_content c ON c.entry_id = e.number"
    return f"SELECT {columns} FROM {source} WHERE e.number > %s ORDER BY e.number LIMIT %s"  # noqa: S608
