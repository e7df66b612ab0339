"""A small city for the tests of people: two organisations, the shipped roles, who does what."""

from datetime import UTC, date, datetime, timedelta

from kraftsamling.kit.actor import Actor, system_actor
from kraftsamling.people.access import standing_of
from kraftsamling.people.models import Membership, Organisation, Person, Role
from kraftsamling.people.rules import Standing
from kraftsamling.trail.models import Entry
from tests import factories as make

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
TODAY = date(2026, 11, 22)
SYSTEM = system_actor("tests")
LATER = TODAY + timedelta(days=30)

role = make.standard_role


def by(person: Person) -> Actor:
    return person.as_actor


def administrator_of(organisation: Organisation, **details: object) -> Person:
    return make.person_with("organisation_administrator", organisation, **details)


def standing(person: Person, *, on: date = TODAY) -> Standing:
    return standing_of(person, on=on)


def membership_of(person: Person) -> Membership:
    return person.memberships.get()


def last_entry() -> Entry:
    return Entry.objects.order_by("-number").select_related("content").first()


def entries_of(act: str) -> int:
    return Entry.objects.filter(act=act).count()


def a_role_with(*permissions: str, **details: object) -> Role:
    return make.RoleFactory(permissions=list(permissions), **details)
