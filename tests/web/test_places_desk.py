"""Places at the desk: edit, hours, exceptions, and files with a look before."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kraftsamling.kit.texts import Texts
from kraftsamling.people.models import Membership, Role
from kraftsamling.people.permissions import Permission, Reach
from kraftsamling.places.models import Area, ImportDraft, OpeningException, Place
from kraftsamling.trail.models import Entry
from tests.factories import (
    LONG_AGO,
    AreaFactory,
    OpeningExceptionFactory,
    OrganisationFactory,
    PersonFactory,
    PlaceFactory,
    person_with,
)
from tests.rooms.places.files import GOOD_ROWS, area, collection, csv_of, ring_around

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return OrganisationFactory(slug="fritidsgardarna")


@pytest.fixture
def actor(client, organisation) -> Client:
    """Someone who looks after the places of one organisation."""
    client.force_login(person_with("actor", organisation))
    return client


@pytest.fixture
def planner(organisation) -> Client:
    """Someone who may edit and import everywhere."""
    role = Role.objects.create(
        code="planner", reach=Reach.CITY,
        permissions=[Permission.PLACES_EDIT, Permission.PLACES_IMPORT],
    )  # fmt: skip
    person = PersonFactory()
    Membership.objects.create(
        person=person, organisation=organisation, role=role, valid_from=LONG_AGO.date()
    )
    client = Client()
    client.force_login(person)
    return client


def form(**changes) -> dict:
    given = {
        "name_sv": "Nya gården", "kind": "youth_centre", "latitude": "58,59", "longitude": "16,19",
        "coordinate_quality": "mapped", "owner": "fritidsgardarna",
    }  # fmt: skip
    return given | changes


def upload(client: Client, data: bytes, path="/desk/places/import", name="fil.csv", **fields):
    return client.post(path, {"file": SimpleUploadedFile(name, data), **fields})


def test_a_place_is_added_with_decimal_comma(actor):
    response = actor.post("/desk/places/new", form())
    assert response.status_code == 302, response.context["form"].errors
    place = Place.objects.get()
    assert (place.slug, place.latitude, place.owner.slug) == (
        "nya-garden", 58.59, "fritidsgardarna",
    )  # fmt: skip


def test_metres_in_the_form_become_degrees(actor):
    actor.post("/desk/places/new", form(latitude="6495472,9", longitude="568738,6"))
    assert round(Place.objects.get().longitude, 4) == 16.1826


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_sv": ""}, "name"),
        ({"latitude": "16,19", "longitude": "58,59"}, "latitude"),
        ({"latitude": "nan"}, "latitude"),
        ({"latitude": ""}, "latitude"),
        ({"kind": "slott"}, "kind"),
        ({"owner": "andra"}, "owner"),
        ({"owner": ""}, "owner"),
        ({"address": "Gatan 1 lgh 1101"}, "address"),
        ({"description_sv": "Ring 070-174 06 05"}, "description"),
        ({"source": "anna@exempel.se"}, "source"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_saved(actor, changes, field):
    OrganisationFactory(slug="andra")
    response = actor.post("/desk/places/new", form(**changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Place.objects.exists()


def test_saving_an_untouched_form_changes_nothing(actor, organisation):
    place = PlaceFactory(owner=organisation, step_free=False, source="kartan")
    page = actor.get(f"/desk/places/place/{place.slug}")
    values = page.context["form"].initial
    sent = {name: value for name, value in values.items() if isinstance(value, str)}
    sent |= {"name_sv": str(place.name), "description_sv": str(place.description)}
    assert actor.post(f"/desk/places/place/{place.slug}", sent).status_code == 302
    assert not Entry.objects.filter(act="places.change_place").exists()


def test_places_of_others_are_not_found(actor):
    foreign = PlaceFactory()
    for page in ("", "/hours", "/exceptions", "/exceptions/new", "/deactivate"):
        assert actor.get(f"/desk/places/place/{foreign.slug}{page}").status_code == 404
    assert actor.post(f"/desk/places/place/{foreign.slug}/deactivate").status_code == 404
    assert list(actor.get("/desk/places/").context["page"].object_list) == []


def test_the_public_page_leads_to_the_form_for_those_who_may_change_it(actor, organisation):
    mine, foreign = PlaceFactory(owner=organisation), PlaceFactory()
    assert "Ändra platsen" in actor.get(f"/places/{mine.slug}").content.decode()
    assert "Ändra platsen" not in actor.get(f"/places/{foreign.slug}").content.decode()
    assert "Ändra platsen" not in Client().get(f"/places/{mine.slug}").content.decode()


def test_hiding_asks_first_and_can_be_undone(actor, organisation):
    place = PlaceFactory(owner=organisation)
    address = f"/desk/places/place/{place.slug}"
    assert actor.get(f"{address}/deactivate").status_code == 200
    place.refresh_from_db()
    assert place.is_active
    actor.post(f"{address}/deactivate", {"reason": "riven"})
    place.refresh_from_db()
    assert not place.is_active
    assert "Visa platsen igen" in actor.get(address).content.decode()
    actor.post(f"{address}/reactivate")
    place.refresh_from_db()
    assert place.is_active


def hours_form(**cells) -> dict:
    return {"season-TOTAL_FORMS": "3", "season-INITIAL_FORMS": "0", **cells}


def test_hours_are_edited_without_javascript(actor, organisation):
    place = PlaceFactory(owner=organisation)
    address = f"/desk/places/place/{place.slug}/hours"
    sent = hours_form(**{
        "day-0-opens": "10:00", "day-0-closes": "14:00",
        "day-0-opens_again": "15:00", "day-0-closes_again": "18:00",
        "season-0-weekday": "6", "season-0-opens": "11:00", "season-0-closes": "18:00",
        "season-0-valid_from": "2026-06-01", "season-0-last_day": "2026-08-31",
        "source": "anslag",
    })  # fmt: skip
    assert actor.post(address, sent).status_code == 302
    rows = [(row.weekday, f"{row.opens:%H}", row.valid_until) for row in place.opening_hours.all()]
    assert rows == [(0, "10", None), (0, "15", None), (6, "11", date(2026, 9, 1))]
    page = actor.get(address).content.decode()
    assert 'value="15:00"' in page
    assert 'value="2026-08-31"' in page


@pytest.mark.parametrize(
    "cells",
    [
        {"day-0-opens": "10:00"},
        {"day-0-opens": "25:00", "day-0-closes": "26:00"},
        {"day-0-opens": "10:00", "day-0-closes": "14:00", "day-0-opens_again": "13:00",
         "day-0-closes_again": "15:00"},
        {"season-0-weekday": "1"},
        {"day-0-opens": "10:00", "day-0-closes": "09:00"},
        {"season-0-weekday": "1", "season-0-opens": "10:00", "season-0-closes": "09:00"},
    ],
)  # fmt: skip
def test_wrong_hours_are_said_and_nothing_is_saved(actor, organisation, cells):
    place = PlaceFactory(owner=organisation)
    response = actor.post(f"/desk/places/place/{place.slug}/hours", hours_form(**cells))
    assert response.status_code == 422
    assert "Rätta det här" in response.content.decode()
    assert not place.opening_hours.exists()


def test_an_exception_is_added_removed_and_brought_back(actor, organisation):
    place, target = PlaceFactory(owner=organisation), PlaceFactory(slug="ringdansen")
    address = f"/desk/places/place/{place.slug}/exceptions"
    start = date.today() + timedelta(days=5)  # noqa: DTZ011
    sent = {
        "kind": "moved", "days_from": start.isoformat(), "last_day": "", "opens": "12:00",
        "closes": "18:00", "moved_to": target.slug, "reason_sv": "Under helgen",
    }  # fmt: skip
    assert actor.post(f"{address}/new", sent).status_code == 302
    stored = OpeningException.objects.get()
    assert (stored.days_until - stored.days_from).days == 1
    one = f"{address}/{stored.public_id}"
    assert actor.get(one).status_code == 200
    actor.post(f"{one}/remove")
    assert "Ångra borttagningen" in actor.get(address).content.decode()
    actor.post(f"{one}/restore")
    stored.refresh_from_db()
    assert stored.removed_at is None


def test_the_text_of_a_removed_exception_is_erased_after_a_question(actor, organisation):
    place = PlaceFactory(owner=organisation)
    wrong = OpeningExceptionFactory(place=place, reason=Texts.of("Hemligt"))
    address = f"/desk/places/place/{place.slug}/exceptions"
    one = f"{address}/{wrong.public_id}"
    assert actor.post(f"{one}/erase", {"reason": "KS 2026/118"}).status_code == 422
    actor.post(f"{one}/remove")
    assert f"{one}/erase" in actor.get(address).text
    assert "Det går inte att ångra" in actor.get(f"{one}/erase").text
    assert actor.post(f"{one}/erase", {"reason": ""}).status_code == 422
    assert "Hemligt" in actor.get(address).text
    answer = actor.post(f"{one}/erase", {"reason": "KS 2026/118"}, follow=True)
    assert "Texten är raderad för gott" in answer.text
    assert "Hemligt" not in answer.text
    assert f"{one}/erase" not in answer.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "moved", "moved_to": ""}, "moved_to"),
        ({"opens": ""}, "opens"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"reason_sv": ""}, "reason"),
        ({"reason_sv": "Sjuk, ring 070-174 06 05"}, "reason"),
        ({"opens": "10:00", "closes": "09:00"}, "closes"),
        ({"days_from": "0001-01-01"}, "days_from"),
    ],
)
def test_a_wrong_exception_is_named(actor, organisation, changes, field):
    place = PlaceFactory(owner=organisation)
    sent = {"kind": "open", "days_from": "2026-05-24", "opens": "11:00", "closes": "18:00",
            "reason_sv": "Extra"} | changes  # fmt: skip
    response = actor.post(f"/desk/places/place/{place.slug}/exceptions/new", sent)
    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_one_new_place_is_counted_as_one(planner):
    response = upload(planner, csv_of(GOOD_ROWS[0]))
    done = planner.post(response.url, {"wish": "confirm"}, follow=True)
    assert "Inläst: 1 ny, 0 ändrade, 0 oförändrade." in done.content.decode()


def test_made_up_hours_are_called_so(actor, organisation):
    place = PlaceFactory(owner=organisation, hours_source="synthetic")
    page = actor.get(f"/desk/places/place/{place.slug}/hours").content.decode()
    assert 'value="påhittade för demon"' in page
    assert "synthetic" not in page


def test_times_that_may_be_needed_are_not_called_optional(actor, organisation):
    place = PlaceFactory(owner=organisation)
    page = actor.get(f"/desk/places/place/{place.slug}/exceptions/new").content.decode()
    assert 'for="id_opens">Öppnar</label>' in page
    assert 'for="id_closes">Stänger</label>' in page
    assert page.count("Behövs för andra öppettider.") == 2


def test_an_exception_is_reached_through_its_own_place_only(actor, organisation):
    mine, foreign = PlaceFactory(owner=organisation), OpeningExceptionFactory()
    address = f"/desk/places/place/{mine.slug}/exceptions/{foreign.public_id}"
    assert actor.get(address).status_code == 404
    assert actor.post(f"{address}/remove").status_code == 404


def test_a_file_is_looked_at_before_anything_is_written(planner):
    response = upload(planner, csv_of(*GOOD_ROWS))
    assert response.status_code == 302
    page = planner.get(response.url)
    words = page.content.decode()
    assert "Åby bibliotek" in words
    assert "2 platser" in words
    assert not Place.objects.exists()
    done = planner.post(response.url, {"wish": "confirm"}, follow=True)
    assert "Inläst: 2 nya, 0 ändrade, 0 oförändrade." in done.content.decode()
    assert Place.objects.count() == 2
    assert not ImportDraft.objects.exists()


def test_a_file_with_errors_cannot_be_confirmed(planner):
    response = upload(planner, csv_of(*GOOD_ROWS, ("Fel", "park", "16,19", "58,59", "")))
    page = planner.get(response.url).content.decode()
    assert "1 fel stoppar filen" in page
    assert "Latitud och longitud verkar ha bytt plats." in page
    assert 'value="confirm"' not in page
    assert planner.post(response.url, {"wish": "confirm"}).status_code == 409
    assert not Place.objects.exists()


def test_the_report_is_handed_out_as_csv_and_json(planner):
    data = csv_of(("=1+1", "park", "58,59", "16,19", ""))
    address = upload(planner, data).url
    table = planner.get(f"{address}/problems.csv")
    assert table["Content-Disposition"].startswith("attachment")
    assert ";'=1+1;" in table.content.decode("utf-8-sig")
    report = planner.get(f"{address}/problems.json").json()
    assert report["accepted"] is False
    assert report["problems"][0]["code"] == "formula"
    assert planner.get(f"{address}/problems.exe").status_code == 404


def test_columns_and_system_can_be_chosen_anew(planner):
    rows = ("Huset", "park", "6495472,9", "568738,6")
    address = upload(planner, csv_of(rows, header=("titel2", "slag", "lat", "lon"))).url
    assert "saknar en kolumn" in planner.get(address).content.decode()
    chosen = {
        "wish": "read", "column-name_sv": "titel2", "column-kind": "slag",
        "column-latitude": "lat", "column-longitude": "lon", "coordinates": "sweref99tm",
    }  # fmt: skip
    planner.post(address, chosen)
    assert "58.594" in planner.get(address).content.decode()
    planner.post(address, {"wish": "confirm"})
    assert round(Place.objects.get().latitude, 4) == 58.5942


def test_a_file_that_is_thrown_away_leaves_nothing(planner):
    address = upload(planner, csv_of(*GOOD_ROWS)).url
    planner.post(address, {"wish": "discard"})
    assert not ImportDraft.objects.exists()
    assert planner.get(address).status_code == 404


def test_one_sees_only_ones_own_files(planner, organisation):
    address = upload(planner, csv_of(*GOOD_ROWS)).url
    other = Client()
    other.force_login(person_with("operator", OrganisationFactory()))
    assert other.get(address).status_code in (403, 404)


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02", b"%PDF-1.4", b"PK\x03\x04half", b'{"type":"Feature', b"a;b\n"]
)
def test_what_cannot_be_read_is_said_at_once_with_400(planner, data):
    response = upload(planner, data)
    assert response.status_code == 400
    assert not ImportDraft.objects.exists()


def test_a_hundred_megabytes_are_refused_before_they_are_read(planner):
    class Unread:
        """A body that nobody may touch."""

        def read(self, *_size):
            raise AssertionError("the body was read")

        readline = read

    response = planner.generic(
        "POST", "/desk/places/import", b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(100 * 1024 * 1024), **{"wsgi.input": Unread()},
    )  # fmt: skip
    assert response.status_code == 413
    assert "gränsen är" in response.content.decode()


def test_an_upload_without_the_forms_token_is_refused(planner):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = planner.cookies
    assert upload(strict, csv_of(*GOOD_ROWS)).status_code == 403


def test_areas_are_read_in_and_a_bow_tie_is_refused_by_name(planner):
    path = "/desk/places/import/areas"
    bow_tie = [[16.0, 58.5], [16.1, 58.6], [16.1, 58.5], [16.0, 58.6], [16.0, 58.5]]
    address = upload(planner, collection(area("A", bow_tie)), path, "a.geojson", what="areas").url
    assert "gränsen korsar sig själv" in planner.get(address).content.decode()
    address = upload(planner, collection(area("A", ring_around(16, 58))), path, what="areas").url
    planner.post(address, {"wish": "confirm"})
    assert Area.objects.get().code == "A"
    rows = csv_of(("A", "2024", "0", "20", "1", "5"),
                  header=("kod", "år", "från ålder", "till ålder", "kön", "antal"))  # fmt: skip
    address = upload(planner, rows, path, what="population").url
    planner.post(address, {"wish": "confirm"})
    assert Area.objects.get().population.get().count == 5


def test_someone_without_the_permission_does_not_import(actor):
    assert actor.get("/desk/places/import").status_code == 403
    assert actor.get("/desk/places/import/areas").status_code == 403


def test_the_template_reads_in_as_it_is(planner):
    template = planner.get("/desk/places/import/template.csv")
    address = upload(planner, template.content).url
    assert "2 platser" in planner.get(address).content.decode()


def test_the_list_asks_the_database_at_most_twelve_times(planner, django_assert_max_num_queries):
    PlaceFactory.create_batch(60)
    with django_assert_max_num_queries(12):
        assert planner.get("/desk/places/").status_code == 200


STOCKHOLM = {"latitude": "59,33", "longitude": "18,06"}


@pytest.fixture
def border():
    return AreaFactory(kind="municipality", name=Texts.of("Norrköping"))


def test_a_place_outside_the_city_is_saved_only_when_confirmed(actor, border):
    asked = actor.post("/desk/places/new", form(**STOCKHOLM))
    assert asked.status_code == 422
    assert "Platsen ligger utanför Norrköping." in asked.text
    assert 'value="59,33"' in asked.text
    assert not Place.objects.exists()
    quote = asked.context["doubts"][0]["quote"]
    assert actor.post("/desk/places/new", form(**STOCKHOLM, confirmed=quote)).status_code == 302
    assert Place.objects.get().latitude == 59.33


def test_a_tick_for_one_position_does_not_hold_for_another(actor, border):
    quote = actor.post("/desk/places/new", form(**STOCKHOLM)).context["doubts"][0]["quote"]
    moved = form(latitude="57,7", longitude="11,97", confirmed=quote)
    assert actor.post("/desk/places/new", moved).status_code == 422
    assert not Place.objects.exists()


def test_what_may_be_a_person_is_asked_about_once(actor, border):
    given = form(latitude="58,59", longitude="16,19", accessibility_sv="Fråga Anna Andersson")
    asked = actor.post("/desk/places/new", given)
    assert asked.status_code == 422
    assert [each["quote"] for each in asked.context["doubts"]] == ["Anna Andersson"]
    assert "skriv funktionen i stället" in asked.text
    assert "Fråga Anna Andersson</textarea>" in asked.text
    assert not Place.objects.exists()
    assert actor.post("/desk/places/new", given | {"confirmed": "Bo Ek"}).status_code == 422
    kept = given | {"confirmed": "Anna Andersson"}
    assert actor.post("/desk/places/new", kept).status_code == 302
    address = f"/desk/places/place/{Place.objects.get().slug}"
    assert actor.post(address, given | {"address": "Ängsgatan 1"}).status_code == 302


def test_a_tick_is_kept_while_another_field_is_put_right(actor, border):
    page = actor.post("/desk/places/new", form(**STOCKHOLM, name_sv="", confirmed="59; 18")).text
    assert '<input type="hidden" name="confirmed" value="59; 18">' in page


def test_the_citys_own_names_are_no_persons(actor, border):
    PlaceFactory(slug="anna", name=Texts.of("Anna Andersson"))
    sent = form(description_sv="Ligger bredvid Anna Andersson")
    assert actor.post("/desk/places/new", sent).status_code == 302


def test_a_file_tells_what_may_be_a_person_before_it_is_read_in(planner):
    header = ("namn", "slag", "lat", "lon", "beskrivning")
    rows = ("Huset", "park", "58,59", "16,19", "Fråga Anna Andersson")
    page = planner.get(upload(planner, csv_of(rows, header=header)).url)
    assert "Texten kan innehålla personuppgifter." in page.text
    assert "”Anna Andersson”" in page.text
    assert 'value="confirm"' in page.text


def test_a_map_file_without_positions_is_not_told_about_header_rows(planner):
    feature = {"type": "Feature", "properties": {}, "geometry": None}
    answer = upload(planner, collection(feature), name="platser.geojson")
    assert "Inget objekt i filen har ett läge." in answer.text
    assert "rubriker och varje rad" not in answer.text


def test_a_picture_is_answered_with_every_kind_of_file_that_is_taken(planner):
    answer = upload(planner, b"\x89PNG\r\n\x1a\n....", name="platser.png")
    assert "en CSV-fil eller en GeoJSON-fil" in answer.text


def test_the_name_of_an_encoding_is_shown_only_where_letters_may_go_wrong(planner):
    data = csv_of(*GOOD_ROWS).decode("utf-8-sig")
    modern = planner.get(upload(planner, data.encode("utf-8-sig")).url).text
    assert "Teckenkodning" not in modern
    old = planner.get(upload(planner, data.encode("cp1252")).url).text
    assert "Windows-1252 (äldre Windowsfil)" in old


def test_an_empty_form_says_what_to_choose(actor, planner):
    empty = actor.post("/desk/places/new", {"coordinate_quality": "mapped"})
    said = {name: empty.context["form"].errors[name][0] for name in ("kind", "latitude")}
    assert said == {
        "kind": "Välj vilket slags plats det är.",
        "latitude": "Välj läget på kartan eller skriv latituden.",
    }
    assert "Välj en fil." in planner.post("/desk/places/import", {}).text


def test_both_coordinates_are_told_of_at_once(actor):
    sent = form(latitude="999", longitude="abc")
    errors = actor.post("/desk/places/new", sent).context["form"].errors
    assert {"latitude", "longitude"} <= set(errors)
    half = actor.post("/desk/places/new", form(latitude="6495472,9", longitude="abc"))
    assert set(half.context["form"].errors) == {"longitude"}
