"""What becomes part of the chain, as pure functions."""

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from kraftsamling.kit.texts import Texts
from kraftsamling.trail.rules import changes, snapshot, to_canonical, to_moment, to_plain

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
fields = st.dictionaries(st.text("abcd", min_size=1, max_size=2), plain, max_size=6)


@given(plain)
def test_a_plain_value_stays_as_it_is(value):
    assert to_plain(value) == value


@given(fields)
def test_canonical_text_is_the_same_however_the_fields_came(value):
    backwards = dict(reversed(value.items()))
    assert to_canonical(value) == to_canonical(backwards)
    assert "\x1f" not in to_canonical(value)


@given(fields, fields)
def test_changes_hold_what_differs_and_nothing_else(before, after):
    found = changes(before, after)
    for name in {*before, *after}:
        differs = before.get(name) != after.get(name)
        assert (name in found["before"]) == (differs and name in before)
        assert (name in found["after"]) == (differs and name in after)


@given(fields)
def test_nothing_changed_leaves_nothing(value):
    assert changes(value, dict(value)) == {"before": {}, "after": {}}


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1)),  # noqa: DTZ001
    st.integers(-12, 14),
)
def test_a_moment_is_written_alike_in_every_time_zone(moment, hours):
    at = moment.replace(tzinfo=UTC)
    elsewhere = at.astimezone(timezone(timedelta(hours=hours)))
    assert to_moment(at) == to_moment(elsewhere)
    assert datetime.fromisoformat(to_moment(at)) == at


def test_a_snapshot_keeps_the_values_of_its_moment():
    place = SimpleNamespace(name=Texts.of("Hageby"), owner_id=3, secret="x")
    before = snapshot(place, ("name", "owner_id"))
    place.name = Texts.of("Navestad")
    assert before == {"name": {"sv": "Hageby"}, "owner_id": 3}
    assert changes(before, snapshot(place, ("name", "owner_id")))["after"] == {
        "name": {"sv": "Navestad"}
    }
