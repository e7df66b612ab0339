"""EST groups: formed whole or not at all, seen by their own."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kraftsamling.cycle.access import NoSuchGroup, group_for_reader, groups_for_reader
from kraftsamling.cycle.actions import GroupRefused, form_group
from kraftsamling.cycle.kinds import GroupKind
from kraftsamling.cycle.models import Group
from kraftsamling.kit.actor import system_actor
from kraftsamling.kit.texts import Texts
from kraftsamling.people.permissions import Permission
from kraftsamling.people.rules import NOBODY, Grant, Standing
from kraftsamling.trail.queries import change_of, entries
from tests.factories import AreaFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def formed(slug: str = "est-hageby", **given: Any) -> Group:
    details: dict[str, Any] = {
        "kind": GroupKind.SITUATIONAL,
        "name": Texts.of("EST Hageby"),
        "areas": [AreaFactory()],
        "members": [OrganisationFactory()],
        "convener": None,
    }
    return form_group(slug=slug, by=system_actor("test"), at=AT, **{**details, **given})


def standing(organisation_id: int, *, reaches_city: bool = False) -> Standing:
    permissions = frozenset((Permission.GROUPS_READ,))
    return Standing((Grant(organisation_id, "any", "member", permissions, reaches_city),))


def test_the_convener_is_always_a_member() -> None:
    police, school = OrganisationFactory(), OrganisationFactory()
    group = formed(members=[school], convener=police)
    assert set(group.members.all()) == {police, school}


def test_forming_a_group_stands_in_the_trail() -> None:
    group = formed()
    (entry,) = entries().filter(act="cycle.form_group")
    assert entry.object_id == group.slug
    assert change_of(entry).after["name"] == {"sv": "EST Hageby"}


@pytest.mark.parametrize(
    "missing", [{"name": Texts()}, {"areas": []}, {"members": []}], ids=["name", "area", "member"]
)
def test_half_a_group_is_refused_and_nothing_is_kept(missing: dict[str, Any]) -> None:
    with pytest.raises(GroupRefused):
        formed(**missing)
    assert not Group.objects.exists()
    assert not entries().filter(act="cycle.form_group").exists()


def test_one_name_in_the_address_is_one_group() -> None:
    formed()
    with pytest.raises(GroupRefused, match="already"):
        formed()


def test_members_see_their_groups_and_the_city_sees_all() -> None:
    mine, other = OrganisationFactory(), OrganisationFactory()
    own, foreign = formed("own", members=[mine]), formed("foreign", members=[other])
    assert groups_for_reader(standing(mine.pk)) == [own]
    assert groups_for_reader(standing(mine.pk, reaches_city=True)) == [foreign, own]
    assert groups_for_reader(NOBODY) == []


def test_a_foreign_group_is_absent() -> None:
    mine = OrganisationFactory()
    formed("foreign")
    for slug in ("foreign", "no-such-group"):
        with pytest.raises(NoSuchGroup):
            group_for_reader(standing(mine.pk), slug)
    with pytest.raises(NoSuchGroup):
        group_for_reader(NOBODY, "foreign")
    assert group_for_reader(standing(mine.pk, reaches_city=True), "foreign").slug == "foreign"
