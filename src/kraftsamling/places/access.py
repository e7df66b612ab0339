"""To fetch is to have been allowed."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from kraftsamling.kit.actor import Actor
from kraftsamling.people.models import Organisation
from kraftsamling.people.permissions import Permission
from kraftsamling.people.rules import Standing
from kraftsamling.places.models import Area, ImportDraft, OpeningException, Place

Thing = TypeVar("Thing", bound=Model)


class NotFound(Http404):
    """There is no such thing for the one who asks: absent and forbidden look the same."""


def place_for_reader(slug: str) -> Place:
    """An active place, with owner and areas. Raises NotFound."""
    return _one(_with_relations(Place.objects.filter(is_active=True, slug=slug)))


def area_for_reader(code: str) -> Area:
    """An area, with its parent. Raises NotFound."""
    return _one(Area.objects.filter(code=code).select_related("parent"))


def places_for_editor(standing: Standing) -> QuerySet[Place]:
    """The places that someone may change, active or not."""
    return Place.objects.filter(_editable(standing))


def place_for_editor(standing: Standing, slug: str) -> Place:
    """A place that someone may change. Raises NotFound."""
    return _one(_with_relations(places_for_editor(standing).filter(slug=slug)))


def may_edit(standing: Standing, place: Place) -> bool:
    """Whether someone may change a place: the question that `place_for_editor` decides."""
    if place.owner_id is None:
        return standing.may_everywhere(Permission.PLACES_EDIT)
    return standing.may(Permission.PLACES_EDIT, place.owner_id)


def exception_for_editor(standing: Standing, slug: str, public_id: UUID) -> OpeningException:
    """An exception to the hours of a place that someone may change. Raises NotFound."""
    place = place_for_editor(standing, slug)
    return _one(
        OpeningException.objects.filter(place=place, public_id=public_id).select_related(
            "place", "moved_to"
        )
    )


def owners_for(standing: Standing) -> QuerySet[Organisation]:
    """The organisations that someone may give a place to, or take it from."""
    active = Organisation.objects.filter(is_active=True)
    if standing.may_everywhere(Permission.PLACES_EDIT):
        return active
    return active.filter(pk__in=standing.organisations_where(Permission.PLACES_EDIT))


def may_leave_without_owner(standing: Standing) -> bool:
    """Whether someone may keep a place that no organisation looks after."""
    return standing.may_everywhere(Permission.PLACES_EDIT)


def may_import(standing: Standing) -> bool:
    return standing.may(Permission.PLACES_IMPORT)


def may_import_areas(standing: Standing) -> bool:
    """Areas concern everyone: only those whose permission reaches the whole city."""
    return standing.may_everywhere(Permission.PLACES_IMPORT)


def writable_owners(standing: Standing) -> frozenset[int] | None:
    """Whose places an import may write; None: everyone's."""
    if standing.may_everywhere(Permission.PLACES_IMPORT):
        return None
    return standing.organisations_where(Permission.PLACES_IMPORT)


def draft_for(by: Actor, public_id: UUID) -> ImportDraft:
    """A waiting file, for the one who uploaded it. Raises NotFound."""
    return _one(ImportDraft.objects.filter(public_id=public_id, uploaded_by=by.id))


def place_for_token(organisation: Organisation, slug: str) -> Place:
    """A place that an organisation's program may write: its own or of one under it.

    Raises NotFound.
    """
    owners = organisations_under(organisation)
    return _one(_with_relations(Place.objects.filter(slug=slug, owner_id__in=owners)))


def owner_for_token(organisation: Organisation, slug: str) -> Organisation:
    """An active organisation that a token's owner may act for: itself or one under it.

    Raises NotFound.
    """
    under = organisations_under(organisation)
    return _one(Organisation.objects.filter(is_active=True, slug=slug, pk__in=under))


def organisations_under(organisation: Organisation) -> frozenset[int]:
    """The ids of an organisation and of all below it."""
    children: dict[int | None, list[int]] = {}
    for child, parent in Organisation.objects.values_list("id", "parent_id"):
        children.setdefault(parent, []).append(child)
    found: set[int] = set()
    waiting = [organisation.pk]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += children.get(current, [])
    return frozenset(found)


def _editable(standing: Standing) -> Q:
    if standing.may_everywhere(Permission.PLACES_EDIT):
        return Q()
    return Q(owner_id__in=standing.organisations_where(Permission.PLACES_EDIT))


def _with_relations(places: QuerySet[Place]) -> QuerySet[Place]:
    return places.select_related("owner", "regso", "est_area")


def _one(found: QuerySet[Thing]) -> Thing:
    thing = found.first()
    if thing is None:
        raise NotFound
    return thing
