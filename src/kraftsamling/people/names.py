"""Who stands behind an id in the history: names live in this room alone."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from kraftsamling.people.models import Person

_MOST = 50


def names_of_persons(public_ids: Iterable[str]) -> dict[str, str]:
    """Public id → name, for pages whose reader may know who acted. One query.

    What is no person's id, or the id of someone who has been erased, is left out.
    """
    ids = [each for each in public_ids if _is_id(each)]
    if not ids:
        return {}
    found = Person.objects.filter(public_id__in=ids).values_list("public_id", "name")
    return {str(public_id): name for public_id, name in found}


def persons_called(text: str) -> list[str]:
    """The public ids of persons in whose name or e-mail address `text` stands; at most 50."""
    wanted = text.strip()
    if not wanted:
        return []
    found = Person.objects.filter(Q(name__icontains=wanted) | Q(email__icontains=wanted))
    return [
        str(each) for each in found.order_by("name").values_list("public_id", flat=True)[:_MOST]
    ]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
