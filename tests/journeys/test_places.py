"""One person brings places in from a file, and a resident finds one."""

import pytest

from kraftsamling.people.models import Membership, Role
from kraftsamling.people.permissions import Permission, Reach
from kraftsamling.places.models import Place
from tests.factories import LONG_AGO, AreaFactory, OrganisationFactory, PersonFactory
from tests.rooms.places.files import GOOD_ROWS, csv_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def planner():
    role = Role.objects.create(
        code="planner", reach=Reach.CITY,
        permissions=[Permission.PLACES_EDIT, Permission.PLACES_IMPORT],
    )  # fmt: skip
    person = PersonFactory()
    Membership.objects.create(
        person=person, organisation=OrganisationFactory(), role=role, valid_from=LONG_AGO.date()
    )
    return person


def choose(page, data: bytes) -> None:
    page.goto("/desk/places/import")
    page.set_input_files(
        "input[type=file]", {"name": "platser.csv", "mimeType": "text/csv", "buffer": data}
    )
    page.get_by_role("button", name="Titta på filen").click()
    page.wait_for_url("**/desk/places/import/*-*")


def test_a_file_with_a_mistake_is_mended_looked_at_and_read_in(page, planner, sign_in, axe):
    sign_in(page, planner)
    choose(page, csv_of(*GOOD_ROWS, ("Museet", "museum", "16,19", "58,59", "")))
    assert page.get_by_text("Latitud och longitud verkar ha bytt plats.").is_visible()
    assert page.get_by_role("button", name="Läs in 3 platser").count() == 0
    assert axe(page) == []

    choose(page, csv_of(*GOOD_ROWS, ("Museet", "museum", "58,59", "16,19", "")))
    assert page.get_by_role("cell", name="Åby bibliotek").is_visible()
    page.get_by_role("button", name="Läs in 3 platser").click()
    page.wait_for_url("**/desk/places/")
    assert page.get_by_text("Inläst: 3 nya, 0 ändrade, 0 oförändrade.").is_visible()
    assert Place.objects.count() == 3

    page.goto("/places")
    page.get_by_label("Namn eller adress").fill("aby")
    page.get_by_role("button", name="Sök").click()
    page.get_by_role("link", name="Åby bibliotek").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Åby bibliotek"


@pytest.mark.parametrize("width", [360, 1440])
def test_the_forms_of_a_place_hold_no_barrier(new_page, planner, sign_in, axe, width):
    place = Place.objects.create(
        slug="parken", name={"sv": "Parken"}, kind="park", latitude=58.59, longitude=16.19,
        h3_cell=0, sort_key="parken",
    )  # fmt: skip
    AreaFactory(kind="est")
    page = new_page(width=width)
    sign_in(page, planner)
    one = f"/desk/places/place/{place.slug}"
    for path in (
        "/desk/places/", one, f"{one}/hours", f"{one}/exceptions", f"{one}/exceptions/new",
        "/desk/places/import", "/desk/places/import/areas",
        "/places", f"/places/{place.slug}", "/areas", "/places/search?q=parken",
    ):  # fmt: skip
        page.goto(path)
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_list_works_without_javascript(new_page, planner, sign_in):
    page = new_page(java_script_enabled=False)
    sign_in(page, planner)
    choose(page, csv_of(*GOOD_ROWS))
    page.get_by_role("button", name="Läs in 2 platser").click()
    page.goto("/places?kind=park")
    assert page.get_by_role("link", name="Folkparken").is_visible()
    assert page.get_by_role("status").inner_text() == "1 plats"
