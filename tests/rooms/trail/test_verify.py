"""The chain shows every break: any edit, removal, exchange, cut, rewriting, unrecorded erasure."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet

from kraftsamling.kit.actor import Actor, system_actor
from kraftsamling.trail.actions import erase_content, record
from kraftsamling.trail.models import Content, Entry
from kraftsamling.trail.queries import FAULTS, EntryFilter, each_entry, head, verify
from kraftsamling.trail.rules import START, content_digest, entry_hash

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 11, 22, 10, tzinfo=UTC)
BY = system_actor("tests")
LENGTH = 30

entry_rows, content_rows = QuerySet(Entry), QuerySet(Content)


@pytest.fixture
def chain() -> list[Entry]:
    """Thirty acts, of which the tenth has had its content erased by the thirty-first."""
    made = [
        record(
            act="places.change_place",
            by=Actor(f"person-{n % 3}", "person", "polisen" if n % 2 else ""),
            # With and without parts of a second: SQLite writes the two differently.
            at=BEGIN + timedelta(seconds=n, microseconds=n % 2),
            on=("place", f"plats-{n}"),
            before={"name": f"Plats {n}"},
            after={"name": f"Ny plats {n} åäö"},
            reason="skäl" if n % 5 else "",
        )
        for n in range(LENGTH)
    ]
    erase_content(entry=made[9], by=BY, at=BEGIN + timedelta(hours=1), reason="beslut")
    return list(Entry.objects.order_by("number"))


def rehashed(entry: Entry) -> str:
    return entry_hash(
        number=entry.number, at=entry.at, actor=entry.actor, actor_kind=entry.actor_kind,
        actor_organisation=entry.actor_organisation, act=entry.act, object_type=entry.object_type,
        object_id=entry.object_id, digest=entry.content_digest, previous_hash=entry.previous_hash,
    )  # fmt: skip


def test_a_whole_chain_is_whole(chain):
    heard = []
    outcome = verify(progress=heard.append, batch_size=7)
    assert outcome.is_whole
    assert outcome.checked == LENGTH + 1
    assert outcome.head == chain[-1].hash
    assert heard == [7, 14, 21, 28, 31]
    assert head() == (LENGTH + 1, chain[-1].hash)


def test_an_empty_chain_is_whole():
    outcome = verify()
    assert (outcome.is_whole, outcome.checked, outcome.head) == (True, 0, START)


def test_the_database_hashes_the_same_text_as_the_rules(chain):
    """The fast check puts the text together in SQL; the rules are what an auditor re-implements."""
    for entry in chain:
        assert rehashed(entry) == entry.hash
        if entry.content.erased_at is None:
            assert content_digest(entry.content.salt, entry.content.text) == entry.content_digest


EDITS = {
    "at": lambda e: {"at": e.at + timedelta(microseconds=1)},
    "actor": lambda e: {"actor": "person-x"},
    "actor_kind": lambda e: {"actor_kind": "token"},
    "actor_organisation": lambda e: {"actor_organisation": "annan"},
    "act": lambda e: {"act": "places.add_place"},
    "object_type": lambda e: {"object_type": "area"},
    "object_id": lambda e: {"object_id": "plats-x"},
    "content_digest": lambda e: {"content_digest": "0" * 64},
    "previous_hash": lambda e: {"previous_hash": "f" * 64},
    "hash": lambda e: {"hash": "0" * 64},
    "moved between fields": lambda e: {
        "actor": f"{e.actor}\x1f{e.actor_kind}", "actor_kind": e.actor_organisation,
    },
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("number", [1, 10, 15, LENGTH + 1])
def test_an_edited_field_is_found_where_it_is(chain, edit, number):
    entry_rows.filter(pk=number).update(**EDITS[edit](chain[number - 1]))
    assert verify().broken_at == number


@pytest.mark.parametrize("number", [2, 15, LENGTH])
def test_an_entry_edited_with_its_hash_breaks_the_link_after_it(chain, number):
    entry = chain[number - 1]
    entry.actor = "person-x"
    entry_rows.filter(pk=number).update(actor=entry.actor, hash=rehashed(entry))
    outcome = verify()
    assert (outcome.broken_at, outcome.fault) == (number + 1, "unlinked")


@pytest.mark.parametrize("number", [1, 15, LENGTH])
def test_a_removed_entry_is_named_as_missing(chain, number):
    content_rows.filter(pk=number)._raw_delete(content_rows.db)
    entry_rows.filter(pk=number)._raw_delete(entry_rows.db)
    outcome = verify()
    assert (outcome.broken_at, outcome.fault) == (number, "missing")


def test_an_entry_put_before_the_first_is_found(chain):
    first = chain[0]
    Entry(**{f.attname: getattr(first, f.attname) for f in Entry._meta.concrete_fields
             if f.attname != "number"}, number=0).save()  # fmt: skip
    assert not verify().is_whole


def test_a_cut_end_is_found_by_what_was_noted(chain):
    noted = head()
    content_rows.filter(pk__gt=20)._raw_delete(content_rows.db)
    entry_rows.filter(pk__gt=20)._raw_delete(entry_rows.db)
    # The erasure of entry 10 was cut off too: even the chain itself shows that something went.
    assert verify().fault == "content_erased_unrecorded"
    outcome = verify(expected_count=noted[0], expected_head=noted[1])
    assert (outcome.broken_at, outcome.fault) == (21, "cut_off")
    assert verify(expected_head=noted[1]).fault == "head_unknown"


def test_a_rewritten_end_is_found_by_what_was_noted(chain):
    noted = head()
    previous = chain[19].hash
    for entry in chain[20:]:
        entry.previous_hash = previous
        entry.actor = "person-x"
        previous = rehashed(entry)
        entry_rows.filter(pk=entry.number).update(
            previous_hash=entry.previous_hash, actor=entry.actor, hash=previous
        )
    assert verify().is_whole  # nothing inside the database can tell
    assert verify(expected_count=noted[0], expected_head=noted[1]).fault == "rewritten"
    assert verify(expected_head=noted[1]).fault == "head_unknown"


def test_what_was_noted_still_fits_when_history_has_grown(chain):
    noted = head()
    record(act="places.add_place", by=BY, at=BEGIN, on=("place", "ny"))
    assert verify(expected_count=noted[0], expected_head=noted[1]).is_whole
    assert verify(expected_count=noted[0]).is_whole
    assert verify(expected_head=noted[1]).is_whole
    assert not verify(expected_count=noted[0] - 1, expected_head=noted[1]).is_whole


# Contents


@pytest.mark.parametrize("change", [{"text": "{}"}, {"salt": "0" * 32}, {"text": ""}])
def test_edited_content_is_found(chain, change):
    content_rows.filter(pk=5).update(**change)
    outcome = verify()
    assert (outcome.broken_at, outcome.fault) == (5, "content_changed")


def test_removed_content_is_found(chain):
    content_rows.filter(pk=5)._raw_delete(content_rows.db)
    outcome = verify()
    assert (outcome.broken_at, outcome.fault) == (5, "content_missing")


def test_content_erased_behind_the_back_of_history_is_found(chain):
    content_rows.filter(pk__in=(5, 7)).update(text="", salt="", erased_at=BEGIN)
    outcome = verify()
    assert (outcome.broken_at, outcome.fault) == (5, "content_erased_unrecorded")


def test_an_erasure_recorded_before_the_entry_excuses_nothing(chain):
    future = LENGTH + 3
    record(act="trail.erase_content", by=BY, at=BEGIN, on=("entry", str(future)), reason="x")
    record(act="places.add_place", by=BY, at=BEGIN, on=("place", "ny"))
    content_rows.filter(pk=future).update(text="", salt="", erased_at=BEGIN)
    assert verify().broken_at == future


def test_content_written_where_it_was_erased_is_found(chain):
    content_rows.filter(pk=10).update(text='{"after":{},"before":{},"reason":"annat"}')
    outcome = verify()
    assert (outcome.broken_at, outcome.fault) == (10, "content_half_erased")


def test_content_that_came_back_after_its_erasure_is_found(chain):
    kept = content_rows.get(pk=5)
    erase_content(entry=chain[4], by=BY, at=BEGIN, reason="beslut")
    content_rows.filter(pk=5).update(text=kept.text, salt=kept.salt, erased_at=None)
    outcome = verify()
    assert (outcome.broken_at, outcome.fault) == (5, "content_restored")


@pytest.mark.skipif(
    "postgresql" in connection.vendor, reason="PostgreSQL refuses such bytes itself"
)
def test_bytes_that_are_no_text_are_found_like_any_other_change(chain):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trail_content SET text = CAST(x'ff00fe' AS TEXT) WHERE entry_id = 5")
    assert verify().broken_at == 5


def test_every_fault_has_words(chain):
    content_rows.filter(pk=5).update(text="{}")
    assert verify().why == FAULTS["content_changed"]


# At random


def tamper(chain: list[Entry], chance: random.Random) -> str:
    """One change that someone with the database in hand could make; what it was."""
    number = chance.randint(1, len(chain))
    entry = chain[number - 1]
    kind = chance.choice(["edit", "edit", "content", "remove", "swap", "erase", "insert"])
    if kind == "edit":
        name = chance.choice(list(EDITS))
        entry_rows.filter(pk=number).update(**EDITS[name](entry))
        return f"edit {name} of {number}"
    if kind == "content":
        row = content_rows.get(pk=number)
        if row.erased_at is not None:
            content_rows.filter(pk=number).update(text="x")
        else:
            at = chance.randrange(len(row.text))
            text = f"{row.text[:at]}{chr(ord(row.text[at]) ^ 1)}{row.text[at + 1 :]}"
            content_rows.filter(pk=number).update(text=text)
    elif kind == "remove":
        number = chance.randint(1, len(chain) - 1)
        content_rows.filter(pk=number)._raw_delete(content_rows.db)
        entry_rows.filter(pk=number)._raw_delete(entry_rows.db)
    elif kind == "swap":
        other = chance.choice([n for n in range(1, len(chain) + 1) if n != number])
        fields = ("at", "actor", "act", "object_id", "content_digest", "hash", "previous_hash")
        first, second = ({name: getattr(chain[n - 1], name) for name in fields}
                         for n in (number, other))  # fmt: skip
        entry_rows.filter(pk=number).update(**second)
        entry_rows.filter(pk=other).update(**first)
    elif kind == "erase":
        number = chance.choice([n for n in range(1, len(chain) + 1) if n != 10])
        content_rows.filter(pk=number).update(text="", salt="", erased_at=BEGIN)
    else:
        entry_rows.filter(pk__gt=number).update(previous_hash=F("hash"))
        if number == len(chain):
            entry_rows.filter(pk=number).update(previous_hash="f" * 64)
    return f"{kind} at {number}"


def find_all_tamperings(chain: list[Entry], count: int) -> None:
    for seed in range(count):
        with transaction.atomic():
            what = tamper(chain, random.Random(seed))
            outcome = verify()
            transaction.set_rollback(True)
        assert not outcome.is_whole, f"not found, seed {seed}: {what}"
    assert verify().is_whole


def test_a_hundred_random_tamperings_are_all_found(chain):
    find_all_tamperings(chain, 100)


@pytest.mark.faults
def test_a_thousand_random_tamperings_are_all_found(chain):
    find_all_tamperings(chain, 1000)


# Reading


def test_entries_are_walked_in_little_pieces_without_what_came_later(chain):
    walked = each_entry(EntryFilter(), up_to=20, chunk_size=7)
    record(act="places.add_place", by=BY, at=BEGIN, on=("place", "ny"))
    assert [entry.number for entry in walked] == list(range(20, 0, -1))
