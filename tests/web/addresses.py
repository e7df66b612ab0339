"""Every address of the site, and the objects of a small city to put into them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kraftsamling.people.links import invitation_text, new_address_text
from tests import factories as make

OWN, FOREIGN = "own", "foreign"
PERSONAS = (
    "anonymous",
    "resident",
    "reporter",
    "member",
    "actor",
    "administrator",
    "coordinator",
    "analyst",
    "security",
    "operator",
    "auditor",
)
_ROLE_OF = {"administrator": "organisation_administrator"}


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf: what the middleware calls it, and what it wants filled in."""

    name: str  # the view's name with its namespaces; an unnamed pattern goes by its route
    route: str
    arguments: tuple[str, ...]
    is_named: bool


def all_addresses() -> list[Address]:
    """The whole URLconf, flattened, in order. Two patterns may share a name."""
    return list(_walk(get_resolver().url_patterns, "", (), ()))


def _walk(patterns, prefix, namespaces, arguments) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        found = tuple(dict.fromkeys((*arguments, *pattern.pattern.regex.groupindex)))
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, route, inner, found)
        elif isinstance(pattern, URLPattern):
            name = ":".join((*namespaces, pattern.name)) if pattern.name else f"/{route}"
            yield Address(name, route, found, bool(pattern.name))


def path_of(name: str, filling: str, objects: dict[str, object]) -> str:
    """The path of an address, its arguments taken from `objects` as `filling` says.

    `filling` is "-" for no argument, "slug=place.slug,pk=person.pk" for some, or the path itself
    where a pattern cannot be turned round. A value in quotes stands for itself.
    """
    if filling.startswith("/"):
        return filling
    if name.startswith("/"):
        return name
    arguments = {}
    for part in filling.split(",") if filling != "-" else ():
        argument, _, source = part.partition("=")
        thing, _, attribute = source.partition(".")
        quoted = source[:1] in "\"'"
        arguments[argument] = source[1:-1] if quoted else getattr(objects[thing], attribute)
    return reverse(name, kwargs=arguments)


@dataclass
class City:
    """Two organisations that have nothing to do with each other, and what belongs to each."""

    persons: dict[str, object]
    objects: dict[str, dict[str, object]] = field(default_factory=dict)


def build_city() -> City:
    """Personas with their roles in an organisation, and the same things once more in another."""
    own = make.OrganisationFactory(slug="egna-forbundet")
    foreign = make.OrganisationFactory(slug="andra-forbundet")
    persons = {"resident": make.PersonFactory(name="Påhittad Invånare")}
    for persona in PERSONAS[2:]:
        code = _ROLE_OF.get(persona, persona)
        persons[persona] = make.person_with(
            code, own, email=f"{persona}@trygg.example", name=f"Påhittad {persona.capitalize()}"
        )
    area = make.AreaFactory(code="egna-omradet")
    other_area = make.AreaFactory(code="andra-omradet", west=16.21)
    make.PopulationFactory(area=area)
    objects = {
        OWN: _belongings(own, area, "egen"),
        FOREIGN: _belongings(foreign, other_area, "annan"),
    }
    for relation, uploader in ((OWN, persons["security"]), (FOREIGN, objects[FOREIGN]["person"])):
        objects[relation]["draft"] = make.ImportDraftFactory(uploaded_by=uploader.as_actor.id)
    return City(persons, objects)


def _belongings(organisation, area, word: str) -> dict[str, object]:
    place = make.PlaceFactory(slug=f"{word}-plats", owner=organisation, est_area=area)
    make.OpeningHoursFactory(place=place)
    colleague = make.person_with("reporter", organisation, name=f"Påhittad {word} kollega")
    network = make.NetworkFactory(slug=f"{word}-natverk")
    organisation.networks.add(network)
    invitation = make.InvitationFactory(
        organisation=organisation, role=make.standard_role("reporter")
    )
    return {
        "organisation": organisation,
        "area": area,
        "place": place,
        "closed_place": make.PlaceFactory(
            slug=f"{word}-stangd-plats", owner=organisation, is_active=False
        ),
        "exception": make.OpeningExceptionFactory(place=place),
        "removed_exception": make.OpeningExceptionFactory(
            place=place, removed_at=datetime(2026, 1, 1, tzinfo=UTC)
        ),
        "person": colleague,
        "membership": colleague.memberships.get(),
        "invitation": invitation,
        "link": SimpleNamespace(
            invitation=invitation_text(invitation),
            new_address=new_address_text(colleague, "ny@trygg.example"),
        ),
        "token": make.TokenFactory(organisation=organisation),
        "group": make.GroupFactory(
            slug=f"{word}-grupp", convener=organisation, members=[organisation], areas=[area]
        ),
        "network": network,
        "role": make.standard_role("reporter"),
    }
