"""What a list says of itself on paper."""

import re
from html import unescape

import pytest
import time_machine
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_a_known_hour():
    with time_machine.travel("2026-05-20 14:03+02:00", tick=False):
        yield


def heading_of(response) -> str:
    assert response.status_code == 200
    found = re.search(r'<div class="ks-print-heading">(.*?)</div>', response.content.decode(), re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", found[1]))).strip()


def test_a_filtered_list_says_what_was_asked_how_many_when_and_where(client):
    area = make.AreaFactory(code="est-hageby", kind="est", name=make.sv("Hageby"))
    make.PlaceFactory(kind="library", est_area=area, name=make.sv("Hageby bibliotek"))

    heading = heading_of(client.get("/places?q=hageby&kind=library&area=est-hageby&nyckel=hemlig"))

    assert (
        "Urval: Namn eller adress: ”hageby”; Slag: Bibliotek; Område: Hageby. 1 plats." in heading
    )
    assert "Hämtad 20 maj 2026 kl. 14:03." in heading
    assert "http://localhost:8000/places?q=hageby&kind=library&area=est-hageby" in heading
    assert "hemlig" not in heading


def test_an_unfiltered_list_says_how_many_and_no_more(client):
    make.PlaceFactory()
    heading = heading_of(client.get("/places"))
    assert heading.startswith("1 plats. Hämtad")


def test_the_page_of_a_long_list_is_in_its_address(client):
    make.PlaceFactory.create_batch(31)
    assert heading_of(client.get("/places?page=2")).endswith("http://localhost:8000/places?page=2")


def test_the_lists_of_organisations_and_of_history_say_it_too(client):
    make.OrganisationFactory(kind="police", name=make.sv("Polisen"))
    heading = heading_of(client.get("/organisations?kind=police&q=pol"))
    assert "Urval: Sök: pol; Slag: polis. 1 organisation." in heading.replace("Polis", "polis")

    auditor = Client()
    auditor.force_login(make.person_with("auditor", organisation=make.OrganisationFactory()))
    heading = heading_of(auditor.get("/desk/trail/?act=places.&day_from=2026-05-01"))
    assert "Vad som gjordes: Allt: Platser och områden; Från och med: 1 maj 2026." in heading


def test_a_page_whose_path_is_a_secret_prints_no_address(client):
    heading = heading_of(client.get("/account/sign-in?next=/desk/"))
    assert heading == "Hämtad 20 maj 2026 kl. 14:03."


def test_a_request_under_a_made_up_name_prints_no_such_name():
    client = Client(raise_request_exception=False)
    answer = client.get("/places", headers={"host": "ond.example"})
    assert answer.status_code == 400
    assert "ond.example" not in answer.content.decode()
