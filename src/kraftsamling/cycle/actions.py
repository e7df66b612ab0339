"""Every write about EST groups."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from kraftsamling.cycle.events import GroupFormed
from kraftsamling.cycle.kinds import GroupKind
from kraftsamling.cycle.models import Group
from kraftsamling.kit.actor import Actor
from kraftsamling.kit.events import announce
from kraftsamling.kit.texts import Texts
from kraftsamling.people.models import Organisation
from kraftsamling.places.models import Area
from kraftsamling.trail.actions import record


class GroupRefused(ValueError):
    """The group cannot be formed as given; the message says why."""


def form_group(
    *,
    slug: str,
    kind: GroupKind,
    name: Texts,
    areas: Collection[Area],
    members: Collection[Organisation],
    convener: Organisation | None,
    by: Actor,
    at: datetime,
) -> Group:
    """Form an EST group for one or more areas. Its convener is always a member.

    Raises GroupRefused without a name, an area or a member, or when the slug is taken.
    """
    if not name or not areas or not members:
        raise GroupRefused("a group has a name, at least one area and at least one member")
    if Group.objects.filter(slug=slug).exists():
        raise GroupRefused(f"there is a group {slug!r} already")
    with transaction.atomic():
        group = Group.objects.create(slug=slug, kind=kind, name=name, convener=convener)
        group.areas.set(areas)
        group.members.set({*members, *((convener,) if convener else ())})
        record(
            act="cycle.form_group",
            by=by,
            at=at,
            on=("group", slug),
            after={
                "kind": kind,
                "name": name.to_json(),
                "areas": sorted(area.code for area in areas),
                "members": sorted(member.slug for member in group.members.all()),
                "convener": convener.slug if convener else None,
            },
        )
        announce(GroupFormed(slug))
    return group
