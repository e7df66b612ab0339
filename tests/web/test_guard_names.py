"""The names that the browser's guard never takes for persons."""

import pytest

from kraftsamling.people import actions
from kraftsamling.privacy.detector import Context
from kraftsamling.web.city.guard_names import normal_names
from tests import factories as make
from tests.rooms.people.stage import AT, SYSTEM

pytestmark = pytest.mark.django_db
ADDRESS = "/guard-names.json"


def test_places_and_organisations_are_there_in_the_detectors_form(client):
    make.PlaceFactory(name=make.sv("S:t Olofs skola"))
    make.OrganisationFactory(name=make.sv("Föreningen Karin"))
    make.OrganisationFactory(name=make.sv("Den Stängda"), is_active=False)

    names = client.get(ADDRESS).json()["names"]

    assert "s t olofs skola" in names
    assert "föreningen karin" in names
    assert "den stängda" not in names


def test_the_form_sent_is_the_form_compared():
    given = frozenset({"S:t Olofs skola", "Åby–Jursla", "ÅBY-JURSLA", "Hageby"})
    sent = normal_names(given)
    assert sent == tuple(sorted(set(sent)))
    assert len(sent) == 3
    assert Context(names=frozenset(sent)).phrases == Context(names=given).phrases


def test_a_browser_keeps_the_file_until_a_name_changes(client):
    first = client.get(ADDRESS)
    assert "public" in first["Cache-Control"]
    etag = first["ETag"]
    assert client.get(ADDRESS, headers={"if-none-match": etag}).status_code == 304

    organisation = make.OrganisationFactory(name=make.sv("Nya Föreningen"))
    actions.deactivate_organisation(organisation, by=SYSTEM, at=AT)

    assert client.get(ADDRESS, headers={"if-none-match": etag}).status_code == 200
