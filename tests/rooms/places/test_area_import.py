"""Areas from GeoJSON: any system that names itself, slips repaired, guesses refused."""

import json

import pytest
import shapely
from pyproj import Transformer

from kraftsamling.places.actions import reassign_places
from kraftsamling.places.imports.areas import AreaChoices
from kraftsamling.places.imports.geojson import GeoJsonLimits
from kraftsamling.places.models import Area, Place, Population
from kraftsamling.trail.models import Entry
from tests.factories import AreaFactory, PlaceFactory
from tests.rooms.places.conftest import AT, BY
from tests.rooms.places.files import area, collection, csv_of, ring_around

pytestmark = pytest.mark.django_db


def codes(report) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.row) for problem in report.problems]


def shape_of(code: str):
    return shapely.from_geojson(Area.objects.get(code=code).geometry)


def in_system(epsg: int, ring: list) -> list:
    turn = Transformer.from_crs(4326, epsg, always_xy=True)
    return [list(turn.transform(x, y)) for x, y in ring]


def test_an_area_is_stored_in_wgs84_with_six_decimals_and_counter_clockwise(read_in):
    ring = [[x + 0.00000049, y] for x, y in ring_around(16.18, 58.58)]
    report = read_in("areas", collection(area("A", list(reversed(ring)))))
    assert (report.created, report.problems) == (1, ())
    stored = Area.objects.get()
    shape = shape_of("A")
    assert shape.exterior.is_ccw
    assert all(round(x, 6) == x for corner in shape.exterior.coords for x in corner)
    assert (stored.west, stored.south, stored.east, stored.north) == shape.bounds


@pytest.mark.parametrize("epsg", [3006, 3007, 3857, 4258, 3021])
@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:EPSG::{}", "EPSG:{}", "urn:ogc:def:crs:EPSG:6.9:{}"]
)
def test_any_system_that_names_itself_is_turned_into_wgs84(read_in, epsg, name):
    ring = in_system(epsg, ring_around(16.18, 58.58))
    crs = {"type": "name", "properties": {"name": name.format(epsg)}}
    assert read_in("areas", collection(area("A", ring), crs=crs)).created == 1
    expected = shapely.Polygon(ring_around(16.18, 58.58))
    assert shape_of("A").symmetric_difference(expected).area < expected.area / 1000


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
def test_wgs84_by_name_is_longitude_first(read_in, name):
    crs = {"type": "name", "properties": {"name": name}}
    read_in("areas", collection(area("A"), crs=crs))
    assert shape_of("A").centroid.x == pytest.approx(16.19)


@pytest.mark.parametrize("name", ["EPSG:999999", "min egen", "+proj=utm +zone=33", "EPSG:5613", ""])
def test_a_system_that_is_not_known_is_refused_by_name(read_in, name):
    crs = {"type": "name", "properties": {"name": name}}
    [problem] = read_in("areas", collection(area("A"), crs=crs)).problems
    assert problem.code == "unknown_crs"
    assert name in problem.why


def test_metres_without_a_named_system_are_found_and_may_be_chosen(read_in):
    data = collection(area("A", in_system(3006, ring_around(16.18, 58.58))))
    assert codes(read_in("areas", data)) == [("metres_given", 1)]
    assert read_in("areas", data, choices=AreaChoices(epsg=3006)).created == 1


def test_swapped_axes_are_found(read_in):
    ring = [[y, x] for x, y in ring_around(16.18, 58.58)]
    assert codes(read_in("areas", collection(area("A", ring)))) == [("swapped_coordinates", 1)]


def test_a_bow_tie_is_refused_by_name_with_the_place_where_it_crosses(read_in):
    bow_tie = [[16.0, 58.5], [16.1, 58.6], [16.1, 58.5], [16.0, 58.6], [16.0, 58.5]]
    good = area("B", ring_around(16.3, 58.5))
    report = read_in("areas", collection(area("A", bow_tie), good))
    [problem] = report.problems
    assert (problem.code, problem.row) == ("invalid_shape", 1)
    assert problem.why == "Område A: gränsen korsar sig själv vid 58.55000, 16.05000."
    assert not Area.objects.exists()


def test_small_slips_are_repaired_and_said(read_in):
    open_ring = ring_around(16.18, 58.58)[:-1]
    spike = ring_around(16.3, 58.58)
    spike[1:1] = [[16.32, 58.58], [16.33, 58.58]]
    report = read_in("areas", collection(area("A", open_ring), area("B", spike)))
    assert report.created == 2
    assert codes(report) == [("repaired", 1), ("repaired", 2)]
    assert all(problem.is_warning for problem in report.problems)
    assert shape_of("A").is_valid
    assert shape_of("B").is_valid


def test_a_hole_stays_a_hole(read_in):
    read_in("areas", collection(area("A", ring_around(16, 58, 1), ring_around(16.4, 58.4, 0.2))))
    assert shape_of("A").area == pytest.approx(0.96)


@pytest.mark.parametrize(
    ("ring", "code"),
    [
        ([[16, 58], [17, 58], [16, 58]], "invalid_shape"),
        ([[16, 58], [17, 58], [18, 58], [16, 58]], "invalid_shape"),
        ([[200, 95], [201, 95], [201, 96], [200, 95]], "invalid_shape"),
        ([[16, 58], ["17", 58], [17, 59], [16, 58]], "invalid_shape"),
        ([[16, 58], [True, 58], [17, 59], [16, 58]], "invalid_shape"),
        ([[16, 58], [1e400, 58], [17, 59], [16, 58]], "not_finite"),
        ([[16], [17], [18], [16]], "invalid_shape"),
        ([], "invalid_shape"),
        ("inget", "invalid_shape"),
    ],
)
def test_what_is_no_border_is_refused(read_in, ring, code):
    report = read_in("areas", collection(area("A", ring)))
    assert [problem.code for problem in report.problems] == [code]
    assert not Area.objects.exists()


def test_nan_in_the_file_is_refused(read_in):
    data = collection(area("A")).replace(b"16.18,", b"NaN,").replace(b"16.18, ", b"NaN, ")
    assert [problem.code for problem in read_in("areas", data).problems] == ["not_finite"]


@pytest.mark.parametrize("part", ["geometry", "properties"])
def test_objects_without_geometry_or_properties_are_named(read_in, part):
    feature = area("A")
    feature[part] = None
    report = read_in("areas", collection(area("B"), feature))
    assert report.is_refused
    assert {problem.row for problem in report.problems} == {2}


@pytest.mark.parametrize(
    "data",
    [
        b"{}", b"[]", b"3", b'{"type":"FeatureCollection"}',
        b'{"type":"FeatureCollection","features":[]}',
        b'{"type":"FeatureCollection","features":[1]}', b'{"type":"Topology"}', b"{", b"\xff\xfe{",
        b'{"type":"FeatureCollection","features":[{"type":"Feature"',
    ],
)  # fmt: skip
def test_what_is_no_geojson_is_refused_with_advice(read_in, data):
    [problem] = read_in("areas", data).problems
    assert problem.advice


def test_limits_of_bytes_vertices_depth_and_features_are_kept(read_in):
    ring = [[16 + number / 1000, 58] for number in range(200)] + [[16, 59], [16, 58]]
    data = collection(area("A", ring))
    for limits, code in (
        (GeoJsonLimits(bytes=100), "too_large"),
        (GeoJsonLimits(vertices=200), "too_many_vertices"),
        (GeoJsonLimits(depth=5), "too_deep"),
        (GeoJsonLimits(features=0), "too_many_features"),
    ):
        assert [p.code for p in read_in("areas", data, limits=limits).problems] == [code]
    deep = b'{"type":"FeatureCollection","features":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert [p.code for p in read_in("areas", deep).problems] == ["too_deep"]


def test_brackets_in_a_text_are_not_depth(read_in):
    assert read_in("areas", collection(area("A", name="[" * 40))).created == 1


def test_the_kind_may_be_chosen_for_a_file_that_does_not_say_it(read_in):
    feature = area("A")
    del feature["properties"]["kind"]
    assert codes(read_in("areas", collection(feature))) == [("unknown_kind", 1)]
    assert read_in("areas", collection(feature), choices=AreaChoices(kind="deso")).created == 1
    assert Area.objects.get().kind == "deso"


def test_the_property_names_of_statistics_sweden_are_understood(read_in):
    feature = area("x")
    feature["properties"] = {"regsokod": "0581R001", "regsonamn": "Hageby", "kommunkod": "0581"}
    read_in("areas", collection(feature), choices=AreaChoices(kind="regso"))
    stored = Area.objects.get()
    assert (stored.code, str(stored.name)) == ("0581R001", "Hageby")


def test_parents_are_found_in_the_file_and_in_the_store_in_any_order(read_in):
    child = area("barn", parent="foralder")
    parent = area("foralder", kind="municipality")
    assert read_in("areas", collection(child, parent)).created == 2
    assert Area.objects.get(code="barn").parent.code == "foralder"
    assert read_in("areas", collection(area("till", parent="foralder"))).created == 1


def test_a_parent_that_is_missing_or_goes_in_a_circle_is_named(read_in):
    report = read_in("areas", collection(area("A", parent="borta")))
    assert codes(report) == [("unknown_parent", 1)]
    report = read_in("areas", collection(area("A", parent="B"), area("B", parent="A")))
    assert codes(report) == [("circular_parent", 1), ("circular_parent", 2)]


def test_a_code_twice_is_named(read_in):
    assert codes(read_in("areas", collection(area("A"), area("A")))) == [("code_twice", 2)]


def test_places_are_assigned_anew_when_borders_move(read_in):
    read_in("areas", collection(area("A"), area("E", kind="est")))
    place = PlaceFactory(latitude=58.59, longitude=16.19)
    assert reassign_places(by=BY, at=AT) == 1
    place.refresh_from_db()
    assert (place.regso.code, place.est_area.code) == ("A", "E")
    far = ring_around(17.0, 59.0)
    report = read_in("areas", collection(area("A", far), area("E", far, kind="est")))
    assert report.changed == 2
    place.refresh_from_db()
    assert (place.regso, place.est_area) == (None, None)


def test_a_point_on_a_border_belongs_to_the_lowest_code_always(read_in):
    west, east = ring_around(16.18, 58.58), ring_around(16.2, 58.58)
    read_in("areas", collection(area("B", west), area("A", east)))
    PlaceFactory(latitude=58.59, longitude=16.2)
    reassign_places(by=BY, at=AT)
    assert Place.objects.get().regso.code == "A"


def test_the_same_areas_twice_change_nothing(read_in):
    data = collection(area("A"), area("B", ring_around(16.3, 58.5)))
    read_in("areas", data)
    entries = Entry.objects.count()
    assert read_in("areas", data).unchanged == 2
    assert Entry.objects.count() == entries


def test_population_of_a_year_is_replaced_and_unknown_areas_are_named(read_in):
    AreaFactory(code="A")
    header = ("kod", "år", "från ålder", "till ålder", "kön", "antal")
    read_in("population", csv_of(("A", "2023", "0", "20", "1", "5"), header=header))
    read_in("population", csv_of(("A", "2024", "0", "20", "män", "7"),
                                 ("A", "2024", "20", "", "2", "9"), header=header))  # fmt: skip
    read_in("population", csv_of(("A", "2024", "0", "20", "1", "8"), header=header))
    stored = Population.objects.order_by("year").values_list("year", "count")
    assert list(stored) == [(2023, 5), (2024, 8)]
    report = read_in("population", csv_of(("B", "2024", "0", "20", "1", "8"), header=header))
    assert codes(report) == [("unknown_area", 2)]


@pytest.mark.parametrize("value", ["-1", "1,5", "många", "nan", ""])
def test_a_wrong_count_is_named(read_in, value):
    AreaFactory(code="A")
    header = ("kod", "år", "från ålder", "till ålder", "kön", "antal")
    report = read_in("population", csv_of(("A", "2024", "0", "20", "1", value), header=header))
    assert [(p.row, p.column) for p in report.problems] == [(2, "antal")]


def test_the_border_is_kept_as_plain_geojson(read_in):
    read_in("areas", collection(area("A")))
    border = json.loads(Area.objects.get().geometry)
    assert set(border) == {"type", "coordinates"}
