"""Objects for tests, written straight into the tables: what an action would refuse included.

Everything here is invented. `sv(...)` gives a text in Swedish.
"""

from datetime import UTC, date, datetime, time, timedelta

import factory
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from kraftsamling.cycle.kinds import GroupKind
from kraftsamling.cycle.models import Group
from kraftsamling.kit.texts import Texts
from kraftsamling.people.models import (
    Invitation,
    Membership,
    Network,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    Token,
)
from kraftsamling.people.permissions import Reach
from kraftsamling.people.standard_roles import STANDARD_ROLES
from kraftsamling.places.models import (
    Area,
    AreaKind,
    ImportDraft,
    OpeningException,
    OpeningHours,
    Place,
    PlaceKind,
    Population,
)

LONG_AGO = datetime(2020, 1, 1, 8, tzinfo=UTC)


def sv(text: str) -> Texts:
    return Texts.of(text)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"forening-{n}")
    kind = OrganisationKind.ASSOCIATION
    name = factory.LazyAttribute(lambda o: sv(o.slug.replace("-", " ").capitalize()))
    description = factory.LazyFunction(lambda: sv("En påhittad förening."))
    contact_function = "Kansliet"
    contact_email = factory.LazyAttribute(lambda o: f"kansli@{o.slug}.example")


class NetworkFactory(DjangoModelFactory):
    class Meta:
        model = Network

    slug = factory.Sequence(lambda n: f"natverk-{n}")
    name = factory.LazyAttribute(lambda o: sv(o.slug.replace("-", " ").capitalize()))
    description = factory.LazyFunction(lambda: sv("Ett påhittat nätverk."))


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    email = factory.Sequence(lambda n: f"person{n}@trygg.example")
    name = factory.Sequence(lambda n: f"Påhittad Person {n}")
    joined_at = LONG_AGO
    password = factory.LazyFunction(lambda: make_password(None))  # as an invitation leaves it


class RoleFactory(DjangoModelFactory):
    """A role without permissions; `standard_role(code)` gives one of the shipped ones."""

    class Meta:
        model = Role

    code = factory.Sequence(lambda n: f"roll-{n}")
    name = factory.LazyAttribute(lambda o: sv(o.code.replace("-", " ").capitalize()))
    description = factory.LazyFunction(lambda: sv("En påhittad roll."))
    permissions = factory.LazyFunction(list)
    reach = Reach.OWN


def standard_role(code: str) -> Role:
    """The shipped role of that code, as `ensure_standard_roles` would write it."""
    shipped = next(role for role in STANDARD_ROLES if role.code == code)
    found, _ = Role.objects.get_or_create(
        code=code,
        defaults={
            "name": shipped.name,
            "description": shipped.description,
            "permissions": [str(permission) for permission in shipped.permissions],
            "reach": shipped.reach,
        },
    )
    return found


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = factory.SubFactory(RoleFactory)
    valid_from = LONG_AGO.date()


def person_with(role_code: str, organisation: Organisation | None = None, **details) -> Person:
    """Someone who holds a shipped role in an organisation (a new one unless given)."""
    person = PersonFactory(**details)
    MembershipFactory(
        person=person,
        organisation=organisation or OrganisationFactory(),
        role=standard_role(role_code),
    )
    return person


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = Invitation

    email = factory.Sequence(lambda n: f"inbjuden{n}@trygg.example")
    organisation = factory.SubFactory(OrganisationFactory)
    role = factory.SubFactory(RoleFactory)
    invited_by = factory.SubFactory(PersonFactory)
    invited_at = factory.LazyFunction(lambda: datetime.now(UTC) - timedelta(hours=1))
    expires_at = factory.LazyFunction(lambda: datetime.now(UTC) + timedelta(days=7))


class TokenFactory(DjangoModelFactory):
    class Meta:
        model = Token

    organisation = factory.SubFactory(OrganisationFactory)
    label = "Evenemangskalendern"
    prefix = factory.Sequence(lambda n: f"ks_{n:08}")
    secret_hash = factory.Sequence(lambda n: f"{n:064x}")
    scopes = factory.LazyFunction(lambda: ["places:read"])
    created_at = LONG_AGO


def square(west: float, south: float, size: float = 0.02) -> str:
    """A square polygon as GeoJSON text, its ring counter-clockwise."""
    east, north = west + size, south + size
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    ring = ",".join(f"[{x},{y}]" for x, y in corners)
    return f'{{"type":"Polygon","coordinates":[[{ring}]]}}'


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area

    code = factory.Sequence(lambda n: f"omrade-{n}")
    kind = AreaKind.EST
    name = factory.LazyAttribute(lambda o: sv(o.code.capitalize()))
    west, south = 16.18, 58.58
    east = factory.LazyAttribute(lambda o: o.west + 0.02)
    north = factory.LazyAttribute(lambda o: o.south + 0.02)
    geometry = factory.LazyAttribute(lambda o: square(o.west, o.south))


class PopulationFactory(DjangoModelFactory):
    class Meta:
        model = Population

    area = factory.SubFactory(AreaFactory)
    year = 2024
    age_from, age_until = 0, 20
    sex = 1
    count = 1000


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = Place

    slug = factory.Sequence(lambda n: f"plats-{n}")
    name = factory.LazyAttribute(lambda o: sv(o.slug.replace("-", " ").capitalize()))
    description = factory.LazyFunction(lambda: sv("En påhittad plats."))
    kind = PlaceKind.LIBRARY
    latitude, longitude = 58.59, 16.19
    h3_cell = 617489045116878847
    owner = factory.SubFactory(OrganisationFactory)


class OpeningHoursFactory(DjangoModelFactory):
    class Meta:
        model = OpeningHours

    place = factory.SubFactory(PlaceFactory)
    weekday = 0
    opens, closes = time(10), time(18)


class OpeningExceptionFactory(DjangoModelFactory):
    """Open 11-18 on a day to come."""

    class Meta:
        model = OpeningException

    place = factory.SubFactory(PlaceFactory)
    kind = "open"
    days_from = factory.LazyFunction(lambda: date.today() + timedelta(days=3))  # noqa: DTZ011
    days_until = factory.LazyAttribute(lambda o: o.days_from + timedelta(days=1))
    opens, closes = time(11), time(18)
    reason = factory.LazyFunction(lambda: sv("Extra öppet under kraftsamlingen."))


class ImportDraftFactory(DjangoModelFactory):
    class Meta:
        model = ImportDraft

    kind = "places"
    file_name = "platser.csv"
    content = b"namn;slag;latitud;longitud\nBiblioteket;bibliotek;58,59;16,19\n"
    uploaded_by = "nobody"
    uploaded_at = factory.LazyFunction(lambda: datetime.now(UTC))


class GroupFactory(DjangoModelFactory):
    class Meta:
        model = Group
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"grupp-{n}")
    kind = GroupKind.SITUATIONAL
    name = factory.LazyAttribute(lambda o: sv(o.slug.replace("-", " ").capitalize()))
    convener = factory.SubFactory(OrganisationFactory)

    @factory.post_generation
    def members(self, create, extracted, **kwargs):
        if create:
            self.members.add(*(extracted or ()))

    @factory.post_generation
    def areas(self, create, extracted, **kwargs):
        if create:
            self.areas.add(*(extracted or ()))
