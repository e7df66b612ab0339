"""Who may do what, by the rules alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftsamling.people.rules import (
    NOBODY,
    Grant,
    Standing,
    TokenText,
    invitation_state,
    is_current,
    makes_circle,
    missing_from,
    to_token_text,
)

PERMISSIONS = ("people.read", "people.manage", "places.edit", "trail.read")
NUMBERS = st.integers(min_value=1, max_value=6)
TREES = st.dictionaries(NUMBERS, st.none() | NUMBERS, max_size=6)
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


def a_lineage(organisation: int, parents: dict) -> frozenset:
    seen = set()
    while organisation is not None and organisation not in seen:
        seen.add(organisation)
        organisation = parents.get(organisation)
    return frozenset(seen)


GRANTS = st.builds(
    Grant,
    organisation_id=NUMBERS,
    organisation_slug=st.just("en"),
    role=st.just("roll"),
    permissions=st.frozensets(st.sampled_from(PERMISSIONS)),
    reaches_city=st.booleans(),
)


@st.composite
def standings(draw):
    parents = draw(TREES)
    lineages = {each: a_lineage(each, parents) for each in range(1, 7)}
    return Standing(tuple(draw(st.lists(GRANTS, max_size=4))), lineages)


def test_nobody_may_do_anything():
    assert not any(NOBODY.may(code) for code in PERMISSIONS)
    assert NOBODY.organisations_where("people.read") == frozenset()


@given(standings(), st.sampled_from(PERMISSIONS), NUMBERS)
def test_what_is_held_in_an_organisation_is_what_may_says_of_it(standing, code, organisation):
    assert (code in standing.permissions_in(organisation)) == standing.may(code, organisation)


@given(standings(), st.sampled_from(PERMISSIONS))
def test_what_is_held_everywhere_is_held_in_every_organisation(standing, code):
    if standing.may_everywhere(code):
        assert all(standing.may(code, each) for each in standing.lineages)


@given(standings(), st.sampled_from(PERMISSIONS), NUMBERS)
def test_a_permission_reaches_down_and_never_up_or_sideways(standing, code, organisation):
    givers = {
        grant.organisation_id
        for grant in standing.grants
        if code in grant.permissions and not grant.reaches_city
    }
    if standing.may(code, organisation) and not standing.may_everywhere(code):
        assert givers & standing.lineages[organisation]


@given(standings(), GRANTS, st.sampled_from(PERMISSIONS), NUMBERS)
def test_another_role_never_takes_anything_away(standing, grant, code, organisation):
    more = Standing((*standing.grants, grant), standing.lineages)
    assert more.may(code, organisation) or not standing.may(code, organisation)


@given(st.frozensets(st.sampled_from(PERMISSIONS)), st.frozensets(st.sampled_from(PERMISSIONS)))
def test_a_role_can_be_given_exactly_when_all_of_it_is_held(granted, held):
    assert (not missing_from(granted, held=held)) == (granted <= held)


@given(TREES, NUMBERS, NUMBERS)
def test_a_parent_that_makes_no_circle_leaves_a_way_out_of_every_organisation(
    parents, child, parent
):
    circular_before = makes_circle(child, parents.get(child), parents)
    if circular_before or makes_circle(child, parent, parents):
        return
    after = {**parents, child: parent}
    assert not makes_circle(child, after[child], after)


def test_an_organisation_is_no_parent_of_itself():
    assert makes_circle(1, 1, {})
    assert makes_circle(1, 3, {3: 2, 2: 1})
    assert not makes_circle(3, 1, {2: 1})


def test_a_span_holds_its_first_day_and_not_its_last():
    span = {"valid_from": date(2026, 11, 1), "valid_until": date(2026, 11, 30)}
    assert is_current(date(2026, 11, 1), **span)
    assert is_current(date(2026, 11, 29), **span)
    assert not is_current(date(2026, 11, 30), **span)
    assert not is_current(date(2026, 10, 31), **span)


@pytest.mark.parametrize(
    ("done", "after", "state"),
    [
        ({}, timedelta(seconds=-1), "open"),
        ({}, timedelta(0), "expired"),
        ({"accepted_at": AT}, timedelta(days=9), "accepted"),
        ({"withdrawn_at": AT}, timedelta(days=9), "withdrawn"),
        ({"accepted_at": AT, "withdrawn_at": AT}, timedelta(0), "accepted"),
    ],
)
def test_an_invitation_is_open_until_it_is_answered_or_too_old(done, after, state):
    asked = {"expires_at": AT, "accepted_at": None, "withdrawn_at": None} | done
    assert invitation_state(AT + after, **asked) == state


def test_a_key_is_read_back_as_it_was_written():
    text = TokenText("abcd1234", "x" * 43)
    assert to_token_text(str(text)) == text


@given(st.text(max_size=80))
def test_what_is_no_key_is_read_as_none(text):
    assert to_token_text(text) is None


@pytest.mark.parametrize(
    "text",
    ["ks_ABCD1234_" + "x" * 43, "ks_abcd1234_" + "x" * 42, " ks_abcd1234_" + "x" * 43,
     "ks_abcd1234_" + "x" * 43 + "\n", "ks_abcd1234_" + "å" * 43],
)  # fmt: skip
def test_a_key_with_a_slip_is_no_key(text):
    assert to_token_text(text) is None
