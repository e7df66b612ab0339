"""Writing history: what is kept, what is refused, what it costs."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from kraftsamling.kit.actor import Actor, system_actor
from kraftsamling.kit.texts import Texts
from kraftsamling.people.kinds import OrganisationKind
from kraftsamling.trail.actions import AlreadyErased, erase_content, record, record_many
from kraftsamling.trail.models import Content, Entry
from kraftsamling.trail.queries import change_of, verify, version_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
BY = system_actor("tests")


def note(**options) -> Entry:
    asked = {"act": "places.change_place", "by": BY, "at": AT, "on": ("place", "hageby")}
    return record(**asked | options)


def test_an_entry_says_who_what_when_and_on_what():
    by = Actor(id="6c1f3f0e-5a7b-4c55-9a54-0d6d1d0c8a11", kind="person", organisation="polisen")
    note(by=by)
    entry = Entry.objects.get()
    assert (entry.number, entry.at, entry.act) == (1, AT, "places.change_place")
    assert (entry.actor, entry.actor_kind, entry.actor_organisation) == (
        by.id, "person", "polisen",
    )  # fmt: skip
    assert (entry.object_type, entry.object_id) == ("place", "hageby")


def test_only_what_differs_is_kept():
    entry = note(
        before={"name": "Hageby", "open": True, "gone": 1},
        after={"name": "Hageby centrum", "open": True, "new": 2},
        reason="skylten",
    )
    change = change_of(entry)
    assert change.before == {"name": "Hageby", "gone": 1}
    assert change.after == {"name": "Hageby centrum", "new": 2}
    assert change.reason == "skylten"


def test_values_of_every_kind_that_rooms_use_are_kept_in_one_form():
    entry = note(
        after={
            "moment": datetime(2026, 11, 22, 12, 30, tzinfo=timezone(timedelta(hours=1))),
            "day": date(2026, 11, 22),
            "id": UUID(int=1),
            "share": Decimal("0.10"),
            "kind": OrganisationKind.POLICE,
            "texts": Texts({"sv": "Hem", "ar": "بيت"}, frozenset({"ar"})),
            "codes": {"b", "a"},
            "pair": (1, 2.5),
        }
    )
    assert change_of(entry).after == {
        "moment": "2026-11-22T11:30:00.000000+00:00",
        "day": "2026-11-22",
        "id": str(UUID(int=1)),
        "share": "0.10",
        "kind": "police",
        "texts": {"sv": "Hem", "ar": "بيت", "drafts": ["ar"]},
        "codes": ["a", "b"],
        "pair": [1, 2.5],
    }


def test_two_ways_to_write_the_same_value_are_no_change():
    at = datetime(2026, 11, 22, 11, tzinfo=UTC)
    entry = note(
        before={"at": at, "name": Texts.of("Hem")},
        after={"at": at.astimezone(timezone(timedelta(hours=1))), "name": {"sv": "Hem"}},
    )
    assert change_of(entry).before == change_of(entry).after == {}


@pytest.mark.parametrize(
    "value",
    [object(), Entry(number=1), b"bytes", datetime(2026, 1, 1), Ellipsis],  # noqa: DTZ001
)
def test_a_value_without_an_agreed_form_is_a_mistake_of_the_action(value):
    with pytest.raises(TypeError):
        note(after={"value": value})
    assert not Entry.objects.exists()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_json_does_not_have_is_refused(value):
    with pytest.raises(ValueError, match="JSON"):
        note(after={"value": value})


@pytest.mark.parametrize(
    "options",
    [{"act": "a" * 81}, {"on": ("t" * 61, "x")}, {"on": ("place", "x" * 81)},
     {"by": Actor(id="p" * 81, kind="person")}, {"on": ("place", "a\x1fb")}],
)  # fmt: skip
def test_an_identifier_that_does_not_fit_is_refused_on_every_database(options):
    with pytest.raises(ValueError, match=r"longer than|U\+001F"):
        note(**options)


@pytest.mark.django_db(transaction=True)
def test_history_is_written_in_the_transaction_of_the_act_or_not_at_all():
    with pytest.raises(transaction.TransactionManagementError, match="atomic"):
        note()
    with transaction.atomic():
        note()
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_recording_takes_three_statements():
    note()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        note(after={"name": "x"})
    statements = [each["sql"] for each in captured if "SAVEPOINT" not in each["sql"]]
    assert len(statements) == 3, statements


def test_many_entries_are_the_same_chain_in_few_statements():
    note()
    changed = [(("place", f"p{number}"), None, {"n": number}) for number in range(700)]
    with CaptureQueriesContext(connection) as captured:
        assert record_many(act="places.import_place", by=BY, at=AT, changed=changed) == 700
    assert len(captured) < 20
    note()
    outcome = verify()
    assert (outcome.is_whole, outcome.checked) == (True, 702)


# Append-only


def test_an_entry_is_never_saved_again():
    entry = note()
    entry.act = "places.something_else"
    with pytest.raises(TypeError, match="never changed"):
        entry.save()
    with pytest.raises(TypeError, match="never changed"):
        Content.objects.get().save()
    assert Entry.objects.get().act == "places.change_place"


@pytest.mark.parametrize("model", [Entry, Content])
def test_no_query_changes_or_deletes_history(model):
    note()
    rows = model.objects.all()
    for attempt in (
        lambda: rows.update(pk=2),
        rows.delete,
        lambda: rows.bulk_update(list(rows), ["salt"] if model is Content else ["act"]),
        lambda: rows.bulk_create([]),
        lambda: rows.update_or_create(pk=1, defaults={}),
        rows.get().delete,
    ):
        with pytest.raises(TypeError):
            attempt()
    assert verify().checked == 1


def test_the_same_number_cannot_stand_twice():
    entry = note()
    copy = Entry(**{f.attname: getattr(entry, f.attname) for f in Entry._meta.concrete_fields})
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


# Erasing


def test_erased_content_is_gone_and_the_chain_still_holds():
    entry = note(after={"name": "Personuppgift"}, reason="fel")
    note()
    erase_content(entry=entry, by=BY, at=AT, reason="beslut 2026/12")
    stored = Content.objects.get(entry=entry)
    assert (stored.text, stored.salt, stored.erased_at) == ("", "", AT)
    assert change_of(Entry.objects.get(pk=entry.pk)).is_erased
    last = Entry.objects.first()
    assert (last.act, last.object_id) == ("trail.erase_content", str(entry.number))
    assert change_of(last).reason == "beslut 2026/12"
    assert verify().is_whole


def test_nothing_is_left_from_which_erased_content_could_be_guessed():
    entry = note(after={"plate": "ABC123"})
    digest = entry.content_digest
    erase_content(entry=entry, by=BY, at=AT, reason="beslut")
    assert Content.objects.get(entry=entry).salt == ""
    twin = note(after={"plate": "ABC123"})
    assert twin.content_digest != digest  # the salt makes equal contents look different


def test_content_is_erased_once_and_with_a_reason():
    entry = note()
    with pytest.raises(ValueError, match="reason"):
        erase_content(entry=entry, by=BY, at=AT, reason=" ")
    erase_content(entry=entry, by=BY, at=AT, reason="beslut")
    with pytest.raises(AlreadyErased):
        erase_content(entry=entry, by=BY, at=AT, reason="beslut")
    assert Entry.objects.count() == 2


# Versions


def test_the_version_of_a_kind_of_object_grows_with_its_changes_alone():
    assert version_of(("place", "area")) == 0
    note()
    assert version_of(("place", "area")) == 1
    note(on=("person", "x"))
    assert version_of(("place", "area")) == 1
    note(on=("area", "x"))
    assert version_of(("place", "area")) == 3


def test_canonical_text_does_not_depend_on_the_order_of_fields():
    first, second = note(after={"a": 1, "b": 2}), note(after={"b": 2, "a": 1})
    texts = QuerySet(Content).filter(entry__in=[first, second]).values_list("text", flat=True)
    assert len(set(texts)) == 1
    assert json.loads(texts[0])["after"] == {"a": 1, "b": 2}
