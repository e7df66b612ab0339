"""Places from files: all or nothing, and every problem said by row and column."""

import pytest

from kraftsamling.kit.texts import Texts
from kraftsamling.places.actions import PlaceChoices
from kraftsamling.places.imports.columns import guess_mapping
from kraftsamling.places.imports.places import FIELDS
from kraftsamling.places.models import Place
from kraftsamling.trail.models import Entry
from kraftsamling.trail.queries import change_of, verify
from tests.factories import AreaFactory, OrganisationFactory, PlaceFactory, square
from tests.rooms.places.conftest import AT, BY
from tests.rooms.places.files import (
    GOOD_ROWS,
    HEADER,
    collection,
    csv_of,
    point,
    ring_around,
    workbook_of,
)

pytestmark = pytest.mark.django_db


def codes(report) -> list[tuple[str, int | None, str]]:
    return [(problem.code, problem.row, problem.column) for problem in report.problems]


def row(**cells: str) -> dict[str, str]:
    return {"namn": "Huset", "slag": "park", "lat": "58,59", "lon": "16,19", **cells}


def file_of(*rows: dict[str, str]) -> bytes:
    header = list(dict.fromkeys(name for each in rows for name in each))
    return csv_of(*[[each.get(name, "") for name in header] for each in rows], header=header)


@pytest.mark.parametrize("make", [csv_of, workbook_of], ids=["csv", "excel"])
def test_the_same_rows_give_the_same_places_from_csv_and_excel(read_in, make):
    report = read_in("places", make(*GOOD_ROWS))
    assert (report.created, report.problems) == (2, ())
    place = Place.objects.get(slug="aby-bibliotek")
    assert (place.kind, place.latitude, place.longitude) == ("library", 58.662086, 16.174053)
    assert (place.address, place.search_text) == (
        "Hultvägen 2", "aby bibliotek | hultvagen 2"
    )  # fmt: skip


def test_geojson_points_become_places_with_the_number_of_their_object_in_the_report(read_in):
    report = read_in(
        "places",
        collection(
            point(16.19, 58.59, namn="Torget", slag="torg", stegfri=True),
            point(16.2, 58.6, namn="Parken", slag="okänt slag"),
        ),
    )
    assert codes(report) == [("unknown_kind", 2, "slag")]
    report = read_in(
        "places", collection(point(16.19, 58.59, namn="Torget", slag="torg", stegfri=True))
    )
    assert report.created == 1
    assert Place.objects.get().step_free is True


def test_geojson_points_in_sweref_are_turned_into_degrees(read_in):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}
    read_in("places", collection(point(568738.579, 6495472.883, namn="A", slag="park"), crs=crs))
    place = Place.objects.get()
    assert (round(place.latitude, 5), round(place.longitude, 5)) == (58.5942, 16.1826)


def test_one_bad_row_among_many_and_nothing_is_written(read_in):
    rows = [row(namn=f"Plats {number}") for number in range(50)]
    rows[30]["lat"] = "NaN"
    report = read_in("places", file_of(*rows))
    assert codes(report) == [("not_a_number", 32, "lat")]
    assert not Place.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"lat": "16,19", "lon": "58,59"}, "swapped_coordinates", "lat"),
        ({"lat": "6495472", "lon": "568738"}, "metres_given", "lat"),
        ({"lat": "nan"}, "not_a_number", "lat"),
        ({"lon": "inf"}, "not_a_number", "lon"),
        ({"lat": ""}, "missing_value", "lat"),
        ({"lat": "158"}, "out_of_range", "lat"),
        ({"lon": "1e999"}, "not_a_number", "lon"),
        ({"slag": "ufo-landningsbana"}, "unknown_kind", "slag"),
        ({"namn": ""}, "missing_value", "namn"),
        ({"namn": "=1+1"}, "formula", "namn"),
        ({"namn": "å" * 201}, "too_long", "namn"),
        ({"ägare": "Finns inte"}, "unknown_owner", "ägare"),
        ({"stegfri": "kanske"}, "not_yes_or_no", "stegfri"),
        ({"kortnamn": "Åby Bibliotek"}, "bad_slug", "kortnamn"),
        ({"kortnamn": "search"}, "bad_slug", "kortnamn"),
        ({"adress": "Gatan 1 lgh 1203"}, "dwelling", "adress"),
        ({"beskrivning": "Ring 070-174 06 05"}, "personal_data", "beskrivning"),
        ({"källa": "anna@exempel.se"}, "personal_data", "källa"),
        ({"namn": "Ã…by"}, "broken_characters", "namn"),
    ],
)
def test_each_kind_of_mistake_is_named_with_advice(read_in, cells, code, column):
    report = read_in("places", file_of(row(**cells)))
    assert (code, 2, column) in codes(report)
    assert all(problem.why and problem.advice for problem in report.problems)
    assert not Place.objects.exists()


def test_swapped_coordinates_are_said_in_words(read_in):
    [problem] = read_in("places", file_of(row(lat="16,19", lon="58,59"))).problems
    assert problem.why == "Latitud och longitud verkar ha bytt plats."


@pytest.mark.parametrize("names", [("N", "E"), ("x", "y"), ("y", "x"), ("sweref_n", "sweref_e")])
def test_columns_named_for_metres_are_converted(read_in, names):
    first = ("6495472,9", "568738,6")
    data = csv_of(("Huset", "park", *first), header=("namn", "slag", *names))
    assert read_in("places", data).created == 1
    place = Place.objects.get()
    assert (round(place.latitude, 4), round(place.longitude, 4)) == (58.5942, 16.1826)


def test_metres_under_lat_and_lon_are_converted_when_someone_says_so(read_in):
    data = file_of(row(lat="6495472,9", lon="568738,6"))
    report = read_in("places", data, choices=PlaceChoices(coordinates="sweref99tm"))
    assert report.created == 1
    assert round(Place.objects.get().longitude, 4) == 16.1826


def test_a_file_without_a_needed_column_says_which_and_what_it_has(read_in):
    report = read_in("places", csv_of(("A", "park"), header=("namn", "slag")))
    assert {problem.code for problem in report.problems} == {"missing_column"}
    assert "namn, slag" in report.problems[0].advice


def test_the_columns_someone_chose_count_more_than_the_guess(read_in):
    data = csv_of(("A", "B", "park", "58,59", "16,19"), header=("namn", "titel", "t", "p", "q"))
    mapping = {"name_sv": "titel", "kind": "t", "latitude": "p", "longitude": "q"}
    assert read_in("places", data, choices=PlaceChoices(mapping=mapping)).created == 1
    assert str(Place.objects.get().name) == "B"


def test_a_chosen_column_that_the_file_lacks_is_a_missing_column(read_in):
    mapping = {"name_sv": "namn", "kind": "slag", "latitude": "lat", "longitude": "borta"}
    report = read_in("places", file_of(row()), choices=PlaceChoices(mapping=mapping))
    assert [problem.code for problem in report.problems] == ["missing_column"]


def test_the_header_of_the_demo_file_and_of_english_files_is_understood():
    header = ("slug", "name_sv", "name_en", "kind", "lat", "lon", "address", "owner", "note")
    mapping = guess_mapping(header, FIELDS)
    assert mapping["name_sv"] == "name_sv"
    assert mapping["name_en"] == "name_en"
    assert mapping["latitude"] == "lat"
    assert "note" not in mapping.values()
    assert guess_mapping(("Name", "Category", "Latitude", "Longitude"), FIELDS) == {
        "name_sv": "Name", "kind": "Category", "latitude": "Latitude", "longitude": "Longitude",
    }  # fmt: skip


def test_places_are_changed_by_slug_and_keep_what_the_file_does_not_say(read_in):
    read_in(
        "places", file_of(row(namn="Åby bibliotek", beskrivning="Böcker", namn_en="Åby library"))
    )
    before = Place.objects.get()
    report = read_in("places", file_of(row(kortnamn="aby-bibliotek", namn="Åbys bibliotek")))
    after = Place.objects.get()
    assert (report.created, report.changed) == (0, 1)
    assert after.public_id == before.public_id
    assert after.name == Texts.of("Åbys bibliotek", en="Åby library")
    assert after.description == Texts.of("Böcker")


def test_the_same_file_twice_changes_nothing_the_second_time(read_in):
    read_in("places", csv_of(*GOOD_ROWS))
    entries = Entry.objects.count()
    report = read_in("places", csv_of(*GOOD_ROWS))
    assert (report.created, report.changed, report.unchanged) == (0, 0, 2)
    assert Entry.objects.count() == entries + 1  # that someone read it in, and no more


def test_the_trail_tells_of_each_place_and_of_the_import(read_in):
    read_in("places", csv_of(*GOOD_ROWS))
    acts = list(Entry.objects.order_by("number").values_list("act", "object_id"))
    assert acts == [
        ("places.import_place", "aby-bibliotek"),
        ("places.import_place", "folkparken"),
        ("places.import_places", "import"),
    ]
    assert change_of(Entry.objects.get(number=3)).after["created"] == 2
    assert verify().is_whole


def test_a_slug_twice_is_an_error_and_a_name_twice_a_warning(read_in):
    report = read_in("places", file_of(row(), row()))
    assert ("slug_twice", 3, "") in codes(report)
    report = read_in("places", file_of(row(kortnamn="a"), row(kortnamn="b")))
    assert report.created == 2
    assert codes(report) == [("same_name", 3, "namn")]


def test_a_point_outside_the_municipality_is_a_warning_nearby_and_an_error_far_off(read_in):
    AreaFactory(kind="municipality", west=16.0, south=58.5, geometry=square(16.0, 58.5, 0.5))
    near, far = row(namn="Nära", lat="59,40", lon="16,2"), row(namn="Fel", lat="59,50", lon="16,2")
    report = read_in("places", file_of(row(), near))
    assert report.created == 2
    assert codes(report) == [("outside_municipality", 3, "lat")]
    assert report.problems[0].is_warning
    report = read_in("places", file_of(row(namn="Tredje"), far))
    assert codes(report) == [("far_outside_municipality", 3, "lat")]
    assert not report.problems[0].is_warning
    assert Place.objects.count() == 2


def test_a_position_that_nobody_has_said_how_they_know_is_unknown(read_in):
    read_in("places", file_of(row()))
    assert Place.objects.get().coordinate_quality == "unknown"
    read_in("places", file_of(row(kvalitet="karta")))
    assert Place.objects.get().coordinate_quality == "mapped"
    read_in("places", file_of(row()))
    assert Place.objects.get().coordinate_quality == "mapped"


def test_areas_and_cell_are_set_on_import(read_in):
    regso = AreaFactory(kind="regso", west=16.18, south=58.58)
    est = AreaFactory(kind="est", west=16.18, south=58.58)
    read_in("places", file_of(row(), row(namn="Utanför", lat="58,7")))
    inside, outside = Place.objects.get(slug="huset"), Place.objects.get(slug="utanfor")
    assert (inside.regso, inside.est_area) == (regso, est)
    assert (outside.regso, outside.est_area) == (None, None)
    assert inside.h3_cell != outside.h3_cell
    assert -(2**63) <= inside.h3_cell < 2**63


def test_an_owner_is_found_by_slug_and_by_name_in_any_language(read_in):
    owner = OrganisationFactory(
        slug="stadsbiblioteket", name=Texts.of("Stadsbiblioteket", en="City library")
    )
    rows = [row(namn=word, ägare=word) for word in ("stadsbiblioteket", "city library")]
    read_in("places", file_of(*rows))
    assert set(Place.objects.values_list("owner", flat=True)) == {owner.pk}


def test_places_of_others_are_not_touched_by_someone_who_may_not(read_in):
    mine, other = OrganisationFactory(slug="mina"), OrganisationFactory(slug="andras")
    PlaceFactory(slug="deras", owner=other)
    choices = PlaceChoices(writable=frozenset({mine.pk}))
    report = read_in(
        "places",
        file_of(
            row(namn="Vårt", ägare="mina"),
            row(namn="Deras", kortnamn="deras", ägare="mina"),
            row(namn="Ingens", ägare=""),
        ),
        choices=choices,
    )
    assert [
        (problem.code, problem.row) for problem in report.problems if not problem.is_warning
    ] == [
        ("not_yours", 3),
        ("not_yours", 4),
    ]
    report = read_in("places", file_of(row(namn="Vårt", ägare="mina")), choices=choices)
    assert report.created == 1


def test_an_unreadable_file_is_refused_as_a_whole(read_in):
    whole = workbook_of(*GOOD_ROWS)
    assert [p.code for p in read_in("places", whole[:-200]).problems] == ["broken_workbook"]
    cut = collection(point(16.19, 58.59, namn="A", slag="park"))[:-20]
    assert [p.code for p in read_in("places", cut).problems] == ["broken_json"]
    nan = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"x":NaN}]}'
    assert [p.code for p in read_in("places", nan).problems] == ["not_finite"]


def test_a_polygon_is_no_place(read_in):
    feature = point(0, 0, namn="A", slag="park")
    feature["geometry"] = {"type": "Polygon", "coordinates": [ring_around(16, 58)]}
    assert {p.code for p in read_in("places", collection(feature)).problems} == {"missing_value"}


def test_an_import_asks_the_database_in_batches_and_never_by_row(
    read_in, django_assert_max_num_queries
):
    rows = [row(namn=f"Plats {number}", lat=f"58,{5000 + number}") for number in range(400)]
    # SQLite takes about a thousand values in a statement: some 40 places, or 70 entries.
    with django_assert_max_num_queries(50):
        report = read_in("places", file_of(*rows))
    assert report.created == 400
    with django_assert_max_num_queries(20):
        assert read_in("places", file_of(*rows)).unchanged == 400


def test_hours_are_replaced_for_the_places_of_the_file_alone(read_in):
    first, second = PlaceFactory(slug="forsta"), PlaceFactory(slug="andra")
    header = ("plats", "veckodag", "öppnar", "stänger")
    read_in("opening_hours", csv_of(("forsta", "måndag", "10", "18"), ("andra", "0", "9", "17"),
                                    header=header))  # fmt: skip
    read_in("opening_hours", csv_of(("forsta", "söndag", "11:00", "18.30"), header=header))
    assert [(h.weekday, str(h.opens), str(h.closes)) for h in first.opening_hours.all()] == [
        (6, "11:00:00", "18:30:00")
    ]
    assert second.opening_hours.count() == 1


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("borta", "måndag", "10", "18"), "unknown_place"),
        (("finns", "mondag", "10", "18"), "not_a_weekday"),
        (("finns", "7", "10", "18"), "not_a_weekday"),
        (("finns", "måndag", "25", "18"), "not_a_time"),
        (("finns", "måndag", "", "18"), "missing_value"),
        (("finns", "måndag", "10", "9"), "closes_too_early"),
    ],
)
def test_wrong_hours_are_named(read_in, cells, code):
    PlaceFactory(slug="finns")
    report = read_in(
        "opening_hours", csv_of(cells, header=("plats", "veckodag", "öppnar", "stänger"))
    )
    assert [(problem.code, problem.row) for problem in report.problems] == [(code, 2)]


def test_hours_that_clash_are_refused(read_in):
    PlaceFactory(slug="finns")
    rows = (("finns", "0", "10", "18"), ("finns", "0", "17", "20"))
    report = read_in(
        "opening_hours", csv_of(*rows, header=("plats", "veckodag", "öppnar", "stänger"))
    )
    assert [problem.code for problem in report.problems] == ["hours_clash"]


def test_the_report_is_the_same_as_json(read_in):
    report = read_in("places", file_of(row(lat="16,19", lon="58,59"))).to_json()
    assert report["accepted"] is False
    assert report["problems"][0]["row"] == 2
    assert report["problems"][0]["severity"] == "error"


def test_who_imports_and_when_is_in_the_trail(read_in):
    read_in("places", csv_of(*GOOD_ROWS))
    entry = Entry.objects.get(act="places.import_places")
    assert (entry.actor, entry.at) == (BY.id, AT)


def test_the_header_may_stand_in_any_order(read_in):
    backwards = tuple(reversed(HEADER))
    rows = [tuple(reversed(each)) for each in GOOD_ROWS]
    assert read_in("places", csv_of(*rows, header=backwards)).created == 2
