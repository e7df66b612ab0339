"""The city's front page and the desk: what a resident and a coordinator meet first."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from kraftsamling.kit.actor import system_actor
from kraftsamling.ops.demo.load import load_demo_city
from kraftsamling.people.actions import ensure_standard_roles
from kraftsamling.people.models import Person

SUNDAY_NOON = datetime(2026, 5, 24, 10, 0, tzinfo=UTC)  # 12.00 in Norrköping


@pytest.fixture
def city(db: None) -> None:
    ensure_standard_roles(at=SUNDAY_NOON)
    load_demo_city(
        today=date(2026, 5, 24),
        at=SUNDAY_NOON,
        by=system_actor("demo"),
        progress=lambda step, done, total: None,
    )


@time_machine.travel(SUNDAY_NOON, tick=False)
def test_the_letters_moves_and_hours_stand_on_the_front_page(city: None) -> None:
    page = " ".join(Client().get("/").content.decode().split())
    assert "söndag 24 maj" in page
    assert 'Kunskapens hus</a> <span class="ks-badge" data-color="warning">' in page
    assert "Fotbollsplanen i Hageby</a>, 11–16." in page
    assert "Mötesplats Ringdansen</a>, 12–18." in page
    assert "Ektorps fritidsgård" in page
    museum = page[page.index("Norrköpings stadsmuseum</a>") :].partition("</li>")[0]
    assert "Andra tider" in museum
    assert "Fri entré" in museum
    assert "Öppet 11–17." in museum
    assert "Öppet 11–18." in page
    assert "Öppet nu" in page


@time_machine.travel(datetime(2026, 7, 1, 10, 0, tzinfo=UTC), tick=False)
def test_an_ordinary_day_says_that_nothing_differs(city: None) -> None:
    page = Client().get("/").content.decode()
    assert "Inget är annorlunda" in page


@time_machine.travel(SUNDAY_NOON, tick=False)
def test_an_empty_city_says_so_kindly(db: None) -> None:
    page = Client().get("/").content.decode()
    assert "Inget är annorlunda" in page
    assert "Ingen plats har öppettider i dag" in page


@time_machine.travel(SUNDAY_NOON, tick=False)
def test_the_front_page_asks_the_database_little(
    city: None, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        assert Client().get("/").status_code == 200


@time_machine.travel(SUNDAY_NOON, tick=False)
def test_the_desk_greets_a_coordinator_with_roles_and_groups(
    city: None, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = Client()
    client.force_login(Person.objects.get(name="Samira Lund"))
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        page = client.get("/desk/").content.decode()
    assert "Hej Samira Lund" in page
    assert "Samordnare" in page
    assert "EST Hageby, situationella gruppen" in page


@time_machine.travel(SUNDAY_NOON, tick=False)
def test_someone_without_a_role_is_shown_the_way(city: None) -> None:
    client = Client()
    client.force_login(Person.objects.get(name="Riku Salo"))
    page = client.get("/desk/").content.decode()
    assert "ingen roll i någon organisation" in page
    assert "EST-grupper" not in page


def test_a_member_sees_the_own_groups_and_others_are_absent(city: None) -> None:
    client = Client()
    client.force_login(Person.objects.get(name="Malin Berg"))
    page = client.get("/desk/groups/").content.decode()
    assert "EST Hageby, situationella gruppen" in page
    mine = client.get("/desk/groups/est-hageby-situationell/")
    assert mine.status_code == 200
    assert "Hyresbostäder" in mine.content.decode()
    hidden = [
        slug for slug in ("est-marielund-social", "est-city-situationell", "est-hageby-social")
        if f"/desk/groups/{slug}/" not in page
    ]  # fmt: skip
    assert hidden
    answers = [client.get(f"/desk/groups/{slug}/") for slug in (*hidden, "no-such-group")]
    assert {answer.status_code for answer in answers} == {404}
