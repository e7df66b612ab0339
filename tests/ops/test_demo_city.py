"""The demo city: loaded through the same actions as everything else, whole and believable."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from kraftsamling.cycle.models import Group
from kraftsamling.kit.actor import system_actor
from kraftsamling.ops.demo.load import PERSONAS, load_demo_city, persona_links
from kraftsamling.ops.demo.places import saturday_of
from kraftsamling.people.actions import ensure_standard_roles
from kraftsamling.people.models import Membership, Organisation, Person
from kraftsamling.places.models import Area, OpeningException, Place, Population
from kraftsamling.places.queries.hours import schedule_of
from kraftsamling.trail.queries import verify

FRIDAY = date(2026, 5, 22)
AT = datetime(2026, 5, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def city(db: None) -> None:
    ensure_standard_roles(at=AT)
    load_demo_city(
        today=FRIDAY, at=AT, by=system_actor("demo"), progress=lambda step, done, total: None
    )


def test_the_city_is_there_and_its_history_is_whole(city: None) -> None:
    assert Organisation.objects.filter(slug="hyresbostader").exists()
    assert Area.objects.filter(kind="regso").count() == 40
    assert (
        Area.objects.filter(kind="est").count()
        == Group.objects.values("areas").distinct().count()
        == 5
    )
    assert Population.objects.count() == 1360
    assert Place.objects.filter(regso__isnull=True).count() == 0
    assert Place.objects.get(slug="portalen").est_area.code == "est-hageby"
    assert verify().is_whole


def test_the_letters_weekend_lies_on_the_coming_one(city: None) -> None:
    moved = OpeningException.objects.get(place__slug="portalen", kind="moved")
    assert moved.moved_to is not None
    assert moved.moved_to.slug == "motesplats-ringdansen"
    assert (moved.days_from, moved.days_until) == (date(2026, 5, 23), date(2026, 5, 25))
    open_on_sunday = OpeningException.objects.filter(kind="open", days_from=date(2026, 5, 24))
    assert 2 <= open_on_sunday.filter(place__kind__in=("youth_centre", "theatre")).count() <= 3
    # "Open, and free of charge" is two things: a museum that is shut on Sundays must open first.
    free = OpeningException.objects.filter(kind="free_entry")
    for exception in free.select_related("place"):
        week = schedule_of(exception.place)
        assert week.on(date(2026, 5, 23)).is_open
        assert week.on(date(2026, 5, 24)).is_open
    assert free.count() == 3


@pytest.mark.parametrize(
    ("today", "saturday"),
    [(18, 23), (22, 23), (23, 23), (24, 23), (25, 30)],
)
def test_a_weekend_that_has_begun_is_the_one_that_counts(today: int, saturday: int) -> None:
    assert saturday_of(date(2026, 5, today)) == date(2026, 5, saturday)


def test_each_persona_has_a_link_that_signs_in_again_and_again(
    city: None, settings: pytest.FixtureRequest
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    links = dict(persona_links("http://localhost"))
    assert list(links) == [
        "reporter", "coordinator", "member", "analyst",
        "security department", "actor", "resident", "operator",
    ]  # fmt: skip
    for persona in PERSONAS:
        for _ in range(2):
            client = Client()
            answer = client.get(links[persona.title], follow=True)
            assert answer.status_code == 200
            assert answer.wsgi_request.user.email == persona.email


def test_nobody_in_the_demo_can_be_written_to(city: None) -> None:
    assert not Person.objects.exclude(email__endswith=".example").exists()
    assert Membership.objects.filter(person__email=PERSONAS[-2].email).count() == 0
