"""The demo city's files hold together: counts, totals, shapes and every name referred to."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "src" / "kraftsamling" / "ops" / "demo" / "data"
BASEMAP = ROOT / "src" / "kraftsamling" / "web" / "static" / "map" / "basemap"
SOURCES = ROOT.parent / "shared"  # not part of the project; the rebuilding test needs it

PLACE_KINDS = {
    *("library", "museum", "theatre", "youth_centre", "meeting_place", "school", "sports"),
    *("worship", "police", "fire_station", "hospital", "shopping", "transport", "park"),
    *("science", "association_house", "learning_centre", "town_hall", "other"),
}
ORGANISATION_KINDS = {
    *("municipal_department", "police", "housing_company", "school", "library_culture"),
    *("association", "faith_community", "business", "security_company", "region", "other"),
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def document(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def areas() -> list[dict[str, Any]]:
    return [
        {**item["properties"], "shape": shape(item["geometry"])}
        for item in document("areas.geojson")["features"]
    ]


def of_kind(areas: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return {item["code"]: item["shape"] for item in areas if item["kind"] == kind}


def test_the_areas_are_one_municipality_five_est_areas_and_forty_regso(
    areas: list[dict[str, Any]],
) -> None:
    assert list(of_kind(areas, "municipality")) == ["0581"]
    assert len(of_kind(areas, "est")) == 5
    assert list(of_kind(areas, "regso")) == [f"0581R{number:03}" for number in range(1, 41)]
    codes = {item["code"] for item in areas}
    assert len(codes) == len(areas)
    assert {item["parent"] for item in areas} == {None, "0581"}
    assert (DATA / "areas.geojson").stat().st_size <= 250_000


def test_every_area_is_a_valid_polygon_with_its_outer_ring_counter_clockwise(
    areas: list[dict[str, Any]],
) -> None:
    for item in areas:
        assert item["shape"].is_valid, item["name"]
        for part in shapely.get_parts(item["shape"]):
            assert part.exterior.is_ccw, item["name"]


def test_regso_cover_the_municipality_without_gaps_or_overlaps(areas: list[dict[str, Any]]) -> None:
    regso = list(of_kind(areas, "regso").values())
    assert shapely.coverage_is_valid(regso)
    outline = of_kind(areas, "municipality")["0581"]
    assert shapely.coverage_union_all(regso).symmetric_difference(outline).area == 0
    assert not outline.interiors, "a hole in the municipality is a gap between areas"
    assert sum(item.area for item in regso) == pytest.approx(outline.area)


def test_each_est_area_is_made_of_whole_regso_and_none_shares_ground_with_another(
    areas: list[dict[str, Any]],
) -> None:
    regso, est = of_kind(areas, "regso"), of_kind(areas, "est")
    for area in est.values():
        inside = [item for item in regso.values() if area.covers(item.representative_point())]
        assert inside
        assert shapely.union_all(inside).symmetric_difference(area).area == pytest.approx(0)
    assert sum(item.area for item in est.values()) == pytest.approx(
        shapely.union_all(list(est.values())).area
    )


def test_the_population_adds_up_to_the_published_total(areas: list[dict[str, Any]]) -> None:
    people = rows("population.csv")
    assert sum(int(row["count"]) for row in people) == 144_980
    assert {row["code"] for row in people} == of_kind(areas, "regso").keys()
    assert len(people) == 40 * 17 * 2


def test_age_bands_follow_on_each_other_from_birth_without_an_upper_end() -> None:
    bands: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows("population.csv"):
        bands.setdefault((row["code"], row["sex"]), []).append((row["age_from"], row["age_until"]))
    for found in bands.values():
        assert found[0][0] == "0"
        assert found[-1] == ("80", "")
        assert [until for _, until in found[:-1]] == [start for start, _ in found[1:]]


def test_slugs_are_plain_ascii_and_used_once() -> None:
    names = [row["slug"] for name in ("places.csv", "localities.csv") for row in rows(name)]
    owners = document("organisations.json")
    organisations = [item["slug"] for key in owners for item in owners[key]]
    groups = [item["slug"] for item in document("groups.json")["groups"]]
    for slugs in (names, organisations, groups):
        assert len(slugs) == len(set(slugs))
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in slugs)


def test_the_slugs_that_others_rely_on_are_there() -> None:
    organisations = {item["slug"] for item in document("organisations.json")["organisations"]}
    networks = {item["slug"] for item in document("organisations.json")["networks"]}
    assert {"norrkopings-kommun", "hyresbostader", "polisen", "portalen"} <= organisations
    assert {"sakerhetsavdelningen", "socialkontoret", "kunskapens-hus"} <= organisations
    assert {"interreligiosa-natverket", "naringslivet"} <= networks
    places = {row["slug"] for row in rows("places.csv")}
    assert {
        "portalen",
        "kunskapens-hus",
        "norrkopings-stadsbibliotek",
        "hageby-bibliotek",
    } <= places


@pytest.mark.parametrize("name", ["places.csv", "localities.csv", "streets.csv"])
def test_every_point_lies_in_the_municipality(name: str, areas: list[dict[str, Any]]) -> None:
    outline = of_kind(areas, "municipality")["0581"]
    outside = [
        row
        for row in rows(name)
        if not outline.contains(shapely.Point(float(row["lon"]), float(row["lat"])))
    ]
    assert outside == []


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("portalen", "est-hageby"),
        ("hageby-bibliotek", "est-hageby"),
        ("fotbollsplanen-i-hageby", "est-hageby"),
        ("motesplats-ringdansen", "est-navestad"),
        ("kunskapens-hus", "est-klockaretorpet"),
        ("norrkopings-stadsbibliotek", "est-city"),
        ("radhuset", "est-city"),
    ],
)
def test_places_lie_in_the_est_area_they_are_known_for(
    slug: str, code: str, areas: list[dict[str, Any]]
) -> None:
    row = next(row for row in rows("places.csv") if row["slug"] == slug)
    assert of_kind(areas, "est")[code].contains(shapely.Point(float(row["lon"]), float(row["lat"])))


def test_every_place_has_names_a_known_kind_and_an_owner_that_exists() -> None:
    organisations = {item["slug"] for item in document("organisations.json")["organisations"]}
    for row in rows("places.csv"):
        assert row["name_sv"], row
        assert row["name_en"], row
        assert row["kind"] in PLACE_KINDS, row
        assert row["coordinate_quality"] in {"osm", "estimate", "wikipedia", "geonames"}, row
        assert row["owner"] in organisations | {""}, row
        assert row["source"], row
    assert len(rows("places.csv")) >= 100


def test_the_synagogue_is_given_no_point() -> None:
    assert not [row for row in rows("places.csv") if "synagog" in row["slug"]]


def test_opening_hours_are_marked_as_made_up_and_close_after_they_open() -> None:
    places = {row["slug"]: row for row in rows("places.csv")}
    for row in rows("opening_hours.csv"):
        assert places[row["slug"]]["owner"], row
        assert row["weekday"] in set("0123456"), row
        assert row["opens"] < row["closes"], row
        assert row["source"] == "synthetic"
    hours = [(row["slug"], row["weekday"]) for row in rows("opening_hours.csv")]
    assert len(hours) == len(set(hours))


def test_every_library_and_youth_centre_has_regular_hours() -> None:
    open_places = {row["slug"] for row in rows("opening_hours.csv")}
    for row in rows("places.csv"):
        if row["kind"] in {"library", "youth_centre"}:
            assert row["slug"] in open_places


def test_the_letters_weekend_is_told_by_exceptions() -> None:
    places = {row["slug"]: row for row in rows("places.csv")}
    exceptions = rows("opening_exceptions.csv")
    for row in exceptions:
        assert row["slug"] in places, row
        assert row["moved_to"] in places or not row["moved_to"], row
        assert (row["kind"] == "moved") == bool(row["moved_to"]), row
        assert int(row["weekday_offset_from"]) < int(row["offset_until"]), row
        assert row["reason_sv"], row
        assert row["reason_en"], row
    sunday = [
        row
        for row in exceptions
        if (row["kind"], row["weekday_offset_from"], row["opens"], row["closes"])
        == ("open", "1", "11:00", "18:00")
    ]
    assert 2 <= len(sunday) <= 3
    assert {places[row["slug"]]["kind"] for row in sunday} == {"youth_centre"}
    moves = {row["slug"]: row["moved_to"] for row in exceptions if row["kind"] == "moved"}
    assert moves == {
        "kunskapens-hus": "fotbollsplanen-i-hageby",
        "portalen": "motesplats-ringdansen",
    }
    free = {row["slug"] for row in exceptions if row["kind"] == "free_entry"}
    assert free == {"norrkopings-stadsmuseum", "norrkopings-konstmuseum", "visualiseringscenter-c"}


def test_organisations_have_texts_in_two_languages_and_parents_that_exist() -> None:
    organisations = document("organisations.json")["organisations"]
    slugs = [item["slug"] for item in organisations]
    for position, item in enumerate(organisations):
        assert item["kind"] in ORGANISATION_KINDS, item
        assert item["parent"] is None or item["parent"] in slugs[:position], "parents come first"
        for field in ("name_sv", "name_en", "description_sv", "description_en"):
            assert item[field].strip(), item


def test_every_faith_community_association_and_guard_firm_is_made_up_and_says_so() -> None:
    for item in document("organisations.json")["organisations"]:
        if item["kind"] in {"faith_community", "association", "security_company", "school"}:
            assert item["fictitious"], item
        if item["fictitious"]:
            assert "Påhittad i demostaden" in item["description_sv"], item
            assert "Made up for the demo city" in item["description_en"], item


def test_networks_and_groups_name_only_organisations_that_exist() -> None:
    loaded = document("organisations.json")
    slugs = {item["slug"] for item in loaded["organisations"]}
    for network in loaded["networks"]:
        assert network["members"], network
        assert set(network["members"]) <= slugs, network
    for group in document("groups.json")["groups"]:
        assert {group["convener"], *group["members"]} <= slugs, group
        assert group["convener"] in group["members"], group
        assert len(group["members"]) == len(set(group["members"])), group


def test_all_est_areas_but_city_have_a_situational_and_a_social_group(
    areas: list[dict[str, Any]],
) -> None:
    kinds: dict[str, set[str]] = {}
    for group in document("groups.json")["groups"]:
        kinds.setdefault(group["area"], set()).add(group["kind"])
    assert kinds.keys() == of_kind(areas, "est").keys()
    assert {code: len(found) for code, found in kinds.items() if len(found) != 2} == {"est-city": 1}


def test_street_numbers_run_upwards() -> None:
    for row in rows("streets.csv"):
        assert 0 < int(row["number_from"]) <= int(row["number_until"]), row


@pytest.mark.parametrize("name", ["light.json", "dark.json"])
def test_a_map_style_needs_no_network_and_draws_only_what_the_map_holds(name: str) -> None:
    text = (BASEMAP / name).read_text(encoding="utf-8")
    assert "://" not in text
    style = json.loads(text)
    assert "glyphs" not in style
    assert "sprite" not in style
    features = json.loads((BASEMAP / "norrkoping.geojson").read_text(encoding="utf-8"))["features"]
    kinds = {item["properties"]["kind"] for item in features}
    drawn = set(re.findall(r'\["==",\["get","kind"\],"([\w-]+)"\]', re.sub(r"\s+", "", text)))
    assert drawn == kinds
    assert (BASEMAP / style["sources"]["base"]["data"]).is_file()
    for credit in ("Källa: SCB", "© OpenStreetMap contributors", "GSHHG"):
        assert credit in style["sources"]["base"]["attribution"]


def test_the_light_and_the_dark_style_have_the_same_layers() -> None:
    light, dark = (
        json.loads((BASEMAP / name).read_text(encoding="utf-8"))["layers"]
        for name in ("light.json", "dark.json")
    )
    assert [layer["id"] for layer in light] == [layer["id"] for layer in dark]


def test_the_base_map_is_small_and_valid() -> None:
    assert sum(path.stat().st_size for path in BASEMAP.iterdir()) <= 1_500_000
    for item in json.loads((BASEMAP / "norrkoping.geojson").read_text(encoding="utf-8"))[
        "features"
    ]:
        assert shape(item["geometry"]).is_valid, item["properties"]


@pytest.mark.skipif(
    not (SOURCES / "data").is_dir(), reason="the source lists are not here: nothing to rebuild from"
)
def test_the_files_are_what_their_generators_write(tmp_path: Path) -> None:
    for tool, committed in (("make_demo_data.py", DATA), ("make_basemap.py", BASEMAP)):
        target = tmp_path / tool
        subprocess.run(
            [sys.executable, ROOT / "tools" / tool, "--source", SOURCES, "--target", target],
            check=True,
            capture_output=True,
        )
        written = sorted(target.iterdir())
        assert written
        for path in written:
            assert path.read_bytes() == (committed / path.name).read_bytes(), path.name
