"""What the database says of opening hours is what the rules say."""

from datetime import date, time, timedelta
from random import Random

import pytest

from kraftsamling.places.models import Place
from kraftsamling.places.queries.hours import is_open_on, schedules_of
from tests.factories import OpeningExceptionFactory, OpeningHoursFactory, PlaceFactory

MONDAY = date(2026, 5, 18)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_list_of_open_places_is_the_one_the_rules_give(seed):
    chance = Random(seed)
    places = [PlaceFactory() for _number in range(8)]
    for place in places[:5]:
        for weekday in chance.sample(range(7), 3):
            OpeningHoursFactory(place=place, weekday=weekday, opens=time(10), closes=time(18))
    for _number in range(14):
        place, host = chance.sample(places, 2)
        kind = chance.choice(["open", "closed", "moved", "moved", "moved"])
        is_timed = kind == "open" or chance.random() < 0.5
        starts = MONDAY + timedelta(days=chance.randrange(7))
        OpeningExceptionFactory(
            place=place,
            kind=kind,
            days_from=starts,
            days_until=starts + timedelta(days=chance.randint(1, 3)),
            opens=time(11) if is_timed else None,
            closes=time(16) if is_timed else None,
            moved_to=host if kind == "moved" else None,
        )
    schedules = schedules_of(places)
    visited = 0
    for day in (MONDAY + timedelta(days=number) for number in range(9)):
        by_rules = {each.pk for each in places if schedules[each.pk].on(day).is_open}
        visited += sum(bool(schedules[each.pk].on(day).visits) for each in places)
        assert set(Place.objects.filter(is_open_on(day)).values_list("pk", flat=True)) == by_rules
    assert visited


@pytest.mark.django_db
def test_schedules_cost_three_queries_however_many_places(django_assert_num_queries):
    places = [PlaceFactory() for _number in range(6)]
    for place in places[1:]:
        OpeningExceptionFactory(place=place, kind="moved", moved_to=places[0])
    with django_assert_num_queries(3):
        schedules_of(places)
