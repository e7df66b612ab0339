"""Places, areas and the gazetteer through the API."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kraftsamling.kit.actor import system_actor
from kraftsamling.kit.texts import Texts
from kraftsamling.places.actions import PlaceDetails, add_place, change_place
from kraftsamling.places.geometry import h3_text
from kraftsamling.places.models import Place
from kraftsamling.trail.models import Entry
from tests.api.conftest import NOW
from tests.factories import (
    AreaFactory,
    OpeningExceptionFactory,
    OpeningHoursFactory,
    OrganisationFactory,
    PlaceFactory,
    PopulationFactory,
    sv,
)

pytestmark = pytest.mark.django_db
BY = system_actor("tests")
READ, WRITE = "places:read", "places:write"


def body(**changes) -> dict:
    given = {
        "kind": "park", "name": {"by_language": {"sv": "Nya parken"}},
        "latitude": 58.59, "longitude": 16.19,
    }  # fmt: skip
    return given | changes


def send(call, method: str, path: str, content: dict):
    return call(
        path, WRITE, method=method, data=json.dumps(content), content_type="application/json"
    )


def test_a_place_tells_where_when_and_how_well_it_is_known(call):
    area = AreaFactory(code="est-hageby")
    place = PlaceFactory(
        slug="portalen", name=Texts.of("Portalen", en="The Portal"), est_area=area,
        coordinate_quality="estimated", step_free=True,
    )  # fmt: skip
    target = PlaceFactory(slug="ringdansen")
    OpeningHoursFactory(place=place, weekday=0)
    OpeningExceptionFactory(place=place, kind="moved", moved_to=target, opens=None, closes=None)
    gone = date.today() - timedelta(days=10)  # noqa: DTZ011
    OpeningExceptionFactory(place=place, days_from=gone)
    content = call("/api/places/portalen", READ).json()
    assert content["coordinate_quality"] == "estimated"
    assert content["est_area"] == "est-hageby"
    assert content["h3_cell"] == h3_text(place.h3_cell)
    assert content["accessibility"]["step_free"] is True
    assert content["accessibility"]["hearing_loop"] is None
    assert content["opening_hours"] == [
        {"weekday": 0, "opens": "10:00:00", "closes": "18:00:00", "valid_from": None,
         "valid_until": None}
    ]  # fmt: skip
    [exception] = content["exceptions"]
    assert (exception["kind"], exception["moved_to"]) == ("moved", "ringdansen")


def test_lists_are_narrowed_and_come_in_pages(call):
    for number in range(5):
        details = PlaceDetails(sv(f"Park {number}"), "park", 58.59, 16.19)
        add_place(details, by=BY, at=NOW)
    PlaceFactory(slug="gomd", is_active=False)
    OpeningHoursFactory(place=PlaceFactory(slug="oppet"), weekday=0)
    first = call("/api/places?kind=park&limit=3", READ).json()
    assert [each["slug"] for each in first["items"]] == ["park-0", "park-1", "park-2"]
    assert first["next"]
    assert [each["slug"] for each in call("/api/places?text=park+4", READ).json()["items"]] == [
        "park-4"
    ]
    monday = call("/api/places?open_on=2026-05-18", READ).json()["items"]
    assert [each["slug"] for each in monday] == ["oppet"]


def test_a_list_asks_the_database_the_same_however_long(call):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert call("/api/places?limit=50", READ).status_code == 200
        return len(asked)

    PlaceFactory(est_area=AreaFactory(), regso=AreaFactory(kind="regso"))
    one = queries()
    for _each in range(20):
        PlaceFactory(est_area=AreaFactory(), regso=AreaFactory(kind="regso"))
    assert queries() == one


def test_what_has_not_changed_is_answered_with_304_until_it_changes(call):
    place = add_place(PlaceDetails(sv("Parken"), "park", 58.59, 16.19), by=BY, at=NOW)
    etag = call("/api/places", READ).headers["ETag"]
    assert call("/api/places", READ, headers={"If-None-Match": etag}).status_code == 304
    change_place(place, details=PlaceDetails(sv("Parken"), "square", 58.59, 16.19), by=BY, at=NOW)
    assert call("/api/places", READ, headers={"If-None-Match": etag}).status_code == 200


def test_a_program_adds_a_place_for_its_organisation_with_hours(call, organisation):
    hours = [{"weekday": 6, "opens": "11:00", "closes": "18:00"}]
    response = send(call, "post", "/api/places", body(opening_hours=hours))
    assert response.status_code == 201, response.content
    assert response.headers["Location"].endswith("/api/places/nya-parken")
    place = Place.objects.get()
    assert (place.owner, place.slug) == (organisation, "nya-parken")
    assert place.opening_hours.get().weekday == 6
    entry = Entry.objects.filter(act="places.add_place").get()
    assert (entry.actor_kind, entry.actor_organisation) == ("token", "hyresbostader")


def test_sending_the_same_again_changes_nothing(call, organisation):
    PlaceFactory(slug="parken", owner=organisation)
    for _time in range(2):
        assert send(call, "put", "/api/places/parken", body()).status_code == 200
    assert Entry.objects.filter(act="places.change_place").count() == 1


def test_a_program_writes_the_places_below_its_organisation_and_no_others(call, organisation):
    child = OrganisationFactory(slug="dotterbolaget", parent=organisation)
    foreign = OrganisationFactory(slug="andra")
    PlaceFactory(slug="dotterns", owner=child)
    PlaceFactory(slug="andras", owner=foreign)
    assert send(call, "put", "/api/places/dotterns", body(owner="dotterbolaget")).status_code == 200
    assert send(call, "put", "/api/places/andras", body()).status_code == 404
    assert send(call, "put", "/api/places/borta", body()).status_code == 404
    taken = send(call, "post", "/api/places", body(owner="andra"))
    assert taken.status_code == 422
    assert taken.json()["errors"][0]["pointer"] == "#/owner"


def test_reading_does_not_allow_writing(call):
    response = call(
        "/api/places", READ, method="post", data=json.dumps(body()), content_type="application/json"
    )
    assert response.status_code == 403
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": {"by_language": {"en": "Only English"}}}, "#/name"),
        ({"kind": "castle"}, "#/kind"),
        ({"latitude": 91}, "#/latitude"),
        ({"latitude": "x"}, "#/latitude"),
        ({"address": "Storgatan 1 lgh 1101"}, "#/address"),
        ({"description": {"by_language": {"sv": "Ring 070-174 06 05"}}}, "#/description"),
        ({"opening_hours": [{"weekday": 0, "opens": "10:00", "closes": "09:00"}]},
         "#/opening_hours"),
        ({"opening_hours": [{"weekday": 7, "opens": "11:00", "closes": "12:00"}]},
         "#/opening_hours/0/weekday"),
        ({"opening_hours": [{"weekday": 0, "opens": "11:00", "closes": "13:00"},
                            {"weekday": 0, "opens": "12:00", "closes": "14:00"}]},
         "#/opening_hours"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_and_nothing_is_written(call, changes, pointer):
    response = send(call, "post", "/api/places", body(**changes))
    assert response.status_code == 422, response.content
    assert pointer in {error["pointer"] for error in response.json()["errors"]}
    assert not Place.objects.exists()


def test_nan_is_no_number_here(call):
    sent = json.dumps(body()).replace("58.59", "NaN")
    response = call("/api/places", WRITE, method="post", data=sent, content_type="application/json")
    assert response.status_code == 400


def test_a_slug_that_is_taken_is_a_conflict(call):
    PlaceFactory(slug="parken")
    assert send(call, "post", "/api/places", body(slug="parken")).status_code == 409


def test_a_place_whose_hours_clash_is_not_added_either(call):
    hours = [{"weekday": 0, "opens": "11:00", "closes": "13:00"}] * 2
    assert send(call, "post", "/api/places", body(opening_hours=hours)).status_code == 422
    assert not Place.objects.exists()


def test_an_area_comes_with_its_border_and_who_lives_there(call):
    area = AreaFactory(code="est-hageby", kind="est")
    PopulationFactory(area=area, age_from=0, age_until=20, sex=1, count=10)
    PopulationFactory(area=area, age_from=0, age_until=20, sex=2, count=12)
    content = call("/api/areas/est-hageby", READ).json()
    assert content["geometry"]["type"] == "Polygon"
    assert content["residents"]["total"] == 22
    assert content["residents"]["bands"] == [
        {"age_from": 0, "age_until": 20, "men": 10, "women": 12}
    ]
    assert [each["code"] for each in call("/api/areas?kind=est", READ).json()["items"]] == [
        "est-hageby"
    ]
    assert call("/api/areas/finns-inte", READ).status_code == 404


def test_the_gazetteer_answers_in_spite_of_typing_errors_and_never_with_a_dwelling(call):
    add_place(PlaceDetails(sv("Hageby bibliotek"), "library", 58.5726, 16.2097), by=BY, at=NOW)
    [hit] = call("/api/gazetteer?q=hagby+biblotek", READ).json()["items"]
    assert (hit["kind"], hit["place"]) == ("place", "hageby-bibliotek")
    [hit] = call("/api/gazetteer?q=58.65,16.30", READ).json()["items"]
    assert hit["kind"] == "cell"
    assert call("/api/gazetteer?q=", READ).status_code == 422


def test_what_looks_wrong_is_written_only_when_confirmed(call):
    AreaFactory(kind="municipality", name=sv("Norrköping"))
    far = body(
        latitude=59.33, longitude=18.06,
        description={"by_language": {"sv": "Fråga Anna Andersson"}},
    )  # fmt: skip
    refused = send(call, "post", "/api/places", far)
    assert refused.status_code == 422
    confirm = {each["pointer"]: each["confirm"] for each in refused.json()["errors"]}
    assert confirm == {"#/latitude": "59.330000; 18.060000", "#/description": "Anna Andersson"}
    assert not Place.objects.exists()
    half = send(call, "post", "/api/places", far | {"confirmed": ["Anna Andersson"]})
    assert [each["pointer"] for each in half.json()["errors"]] == ["#/latitude"]
    kept = send(call, "post", "/api/places", far | {"confirmed": list(confirm.values())})
    assert kept.status_code == 201, kept.content
    assert send(call, "put", "/api/places/nya-parken", far).status_code == 200
