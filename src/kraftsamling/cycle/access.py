"""To fetch a group is to have been allowed to see it."""

from kraftsamling.cycle.models import Group
from kraftsamling.cycle.queries import groups
from kraftsamling.people.permissions import Permission
from kraftsamling.people.rules import Standing


class NoSuchGroup(LookupError):
    """There is no such group, or not for this reader: the two look the same."""


def group_for_reader(standing: Standing, slug: str) -> Group:
    """The group, with members. Raises NoSuchGroup for an unknown or foreign one.

    A reader sees the groups that an organisation of theirs belongs to; those whose permission
    reaches the whole city see all.
    """
    found = (
        groups().filter(slug=slug).prefetch_related("members").first()
        if standing.may(Permission.GROUPS_READ)
        else None
    )
    if found is None or not _may_see(standing, found):
        raise NoSuchGroup(slug)
    return found


def groups_for_reader(standing: Standing) -> list[Group]:
    """The groups this reader may see, in the order of their names."""
    if standing.may_everywhere(Permission.GROUPS_READ):
        return list(groups())
    return list(groups().filter(pk__in=_own_group_ids(standing)))


def _own_group_ids(standing: Standing) -> list[int]:
    if not standing.may(Permission.GROUPS_READ):
        return []
    return list(
        Group.members.through.objects.filter(
            organisation_id__in=standing.organisation_ids
        ).values_list("group_id", flat=True)
    )


def _may_see(standing: Standing, group: Group) -> bool:
    return standing.may_everywhere(Permission.GROUPS_READ) or group.pk in _own_group_ids(standing)
