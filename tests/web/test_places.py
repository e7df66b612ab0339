"""Places and areas as everyone sees them."""

import json
import re
from datetime import date, time, timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from kraftsamling.kit.actor import system_actor
from kraftsamling.kit.texts import Texts
from kraftsamling.places.actions import (
    ExceptionDetails,
    PlaceDetails,
    add_exception,
    add_place,
    set_opening_hours,
)
from kraftsamling.places.rules import RegularHours
from tests.factories import (
    AreaFactory,
    OpeningHoursFactory,
    OrganisationFactory,
    PlaceFactory,
    PopulationFactory,
    sv,
)
from tests.rooms.places.conftest import AT

pytestmark = pytest.mark.django_db
BY = system_actor("tests")
WEDNESDAY = "2026-05-20 12:00+02:00"
SUNDAY = date(2026, 5, 24)


@pytest.fixture(autouse=True)
def on_a_wednesday():
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


def place(name: str = "Fritidsgården", **details) -> object:
    given = {"kind": "youth_centre", "latitude": 58.59, "longitude": 16.19} | details
    return add_place(PlaceDetails(name=sv(name), **given), by=BY, at=AT)


def exception(of, kind="open", days_from=SUNDAY, days=1, reason="Extra öppet", **more) -> None:
    details = ExceptionDetails(
        kind, days_from, days_from + timedelta(days=days), sv(reason), **more
    )
    add_exception(of, details=details, by=BY, at=AT)


def text_of(response) -> str:
    """The page's words without its tags, spaces made one."""
    assert response.status_code == 200
    body = re.sub(r"<script.*?</script>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def page_of(client, place) -> str:
    return text_of(client.get(reverse("city:place", args=[place.slug])))


def test_the_letters_sunday_reads_as_people_would_say_it(client):
    centre = place()
    set_opening_hours(centre, hours=[RegularHours(2, time(10), time(18))], by=BY, at=AT)
    exception(centre, opens=time(11), closes=time(18), reason="Kraftsamling för ett tryggare")
    words = page_of(client, centre)
    assert "Söndag 24 maj: öppet 11–18 i stället för stängt." in words
    assert "Varför: Kraftsamling för ett tryggare" in words


def test_the_letters_move_says_where_with_a_link_and_the_new_place_says_who_comes(client):
    portalen, ringdansen = place("Portalen"), place("Ringdansen")
    exception(
        portalen, "moved", SUNDAY - timedelta(days=2), 3, "Under helgen",
        opens=time(12), closes=time(18), moved_to=ringdansen,
    )  # fmt: skip
    response = client.get("/places/portalen")
    assert b'<a href="/places/ringdansen">' in response.content
    assert "22–24 maj: flyttar till Ringdansen , öppet 12–18 där" in text_of(response)
    assert "22–24 maj: hit flyttar Portalen , öppet 12–18 här." in page_of(client, ringdansen)


def test_a_reason_that_two_exceptions_share_is_given_once(client):
    museum = place("Museet", kind="museum")
    exception(museum, opens=time(11), closes=time(17), reason="Kraftsamling")
    exception(museum, "free_entry", reason="Kraftsamling")
    box = client.get("/places/museet").content.decode().split('id="annorlunda"')[1]
    box = box.split("</section>")[0]
    assert box.count("Varför:") == 1
    assert box.count("Söndag 24 maj:") == 2
    exception(museum, "closed", SUNDAY + timedelta(days=7), reason="Städdag")
    assert page_of(client, museum).count("Varför:") == 2


def test_a_place_of_unknown_hours_is_never_called_closed(client):
    centre = place()
    exception(centre, opens=time(11), closes=time(18))
    words = page_of(client, centre)
    assert "Söndag 24 maj: öppet 11–18." in words
    assert "Onsdag 20 maj (i dag) vi vet inte" in words
    assert "Öppettider saknas" in words
    assert "tängt" not in words
    listed = text_of(client.get("/places"))
    assert "Öppettider saknas" in listed
    assert "tängt" not in listed


@pytest.fixture
def portalen_at_ringdansen():
    """Portalen is at Ringdansen 12–18 today; Ringdansen itself opens on Thursdays only."""
    portalen, ringdansen = place("Portalen"), place("Ringdansen")
    set_opening_hours(ringdansen, hours=[RegularHours(3, time(15), time(20))], by=BY, at=AT)
    exception(
        portalen, "moved", date(2026, 5, 20), 1, "Vägarbete",
        opens=time(12), closes=time(18), moved_to=ringdansen,
    )  # fmt: skip
    return ringdansen


def test_a_host_is_open_through_its_guest_on_every_page(client, portalen_at_ringdansen):
    with time_machine.travel("2026-05-20 16:30+02:00", tick=False):
        words = page_of(client, portalen_at_ringdansen)
        assert "Öppet nu genom Portalen" in words
        assert "Onsdag 20 maj (i dag) 12–18 genom Portalen" in words
        assert "hit flyttar Portalen , öppet 12–18 här." in words
        listed = text_of(client.get("/places?q=Ringdansen&open=1"))
        assert "I dag 12–18 genom Portalen" in listed
        front = text_of(client.get("/"))
        assert "Ringdansen 12–18 genom Portalen Öppet nu" in front


def test_before_and_after_a_visit_the_host_says_when_and_through_whom(
    client, portalen_at_ringdansen
):
    with time_machine.travel("2026-05-20 10:00+02:00", tick=False):
        words = page_of(client, portalen_at_ringdansen)
        assert "Stängt, öppnar i dag kl. 12 genom Portalen" in words
    with time_machine.travel("2026-05-20 18:30+02:00", tick=False):
        assert "Stängt, öppnar i morgon kl. 15" in page_of(client, portalen_at_ringdansen)
        assert "12–18 genom Portalen Har stängt" in text_of(client.get("/"))


def test_a_host_of_unknown_hours_is_open_through_its_guest_and_never_closed(client):
    house, field = place("Kunskapens hus"), place("Fotbollsplanen", kind="sports")
    exception(house, "moved", date(2026, 5, 20), 1, opens=time(11), closes=time(16), moved_to=field)
    for hour, said in (
        (10, "Öppnar i dag kl. 11 genom Kunskapens hus"),
        (12, "Öppet nu genom Kunskapens hus"),
        (17, "Öppettider saknas"),
    ):
        with time_machine.travel(f"2026-05-20 {hour}:00+02:00", tick=False):
            words = page_of(client, field)
            assert said in words
            assert "11–16 genom Kunskapens hus" in words
            assert "Torsdag 21 maj vi vet inte" in words
            assert "tängt" not in words
            assert "Fotbollsplanen" in text_of(client.get("/places?open=1"))
    with time_machine.travel("2026-05-20 17:00+02:00", tick=False):
        assert "11–16 genom Kunskapens hus Slut för i dag" in text_of(client.get("/"))


def test_a_place_that_has_closed_for_today_says_so(client):
    library = place("Biblioteket", kind="library")
    set_opening_hours(library, hours=[RegularHours(2, time(11), time(16))], by=BY, at=AT)
    for path in ("/", "/places"):
        assert "Har stängt" not in text_of(client.get(path))
        with time_machine.travel("2026-05-20 16:10+02:00", tick=False):
            assert "Har stängt" in text_of(client.get(path))


def test_closed_and_free_entry_read_well(client):
    museum = place("Museet", kind="museum")
    set_opening_hours(museum, hours=[RegularHours(6, time(11), time(17))], by=BY, at=AT)
    exception(museum, "free_entry", SUNDAY)
    assert "Söndag 24 maj: fri entré." in page_of(client, museum)
    exception(museum, "closed", SUNDAY, reason="Vattenläcka")
    assert "Söndag 24 maj: stängt i stället för öppet 11–17." in page_of(client, museum)


def test_an_exception_that_was_taken_back_or_has_ended_is_not_shown(client):
    centre = place()
    exception(centre, opens=time(11), closes=time(18), days_from=SUNDAY - timedelta(days=30))
    assert "Annorlunda" not in page_of(client, centre)


def test_open_now_and_when_it_opens_next(client):
    centre = place()
    set_opening_hours(centre, hours=[RegularHours(2, time(10), time(18))], by=BY, at=AT)
    assert "Öppet nu" in page_of(client, centre)
    with time_machine.travel("2026-05-20 20:00+02:00", tick=False):
        assert "Stängt, öppnar 27 maj kl. 10" in page_of(client, centre)


def test_what_is_not_known_is_said_to_be_unknown(client):
    words = page_of(client, place(coordinate_quality="estimated", step_free=True))
    assert "Läget är uppskattat och kan vara fel." in words
    assert "Vi vet inte hur läget är bestämt." in page_of(
        client, place("Huset", coordinate_quality="unknown")
    )
    assert "Stegfri entré: vi vet inte" not in words
    assert "Hörslinga: vi vet inte" in words
    assert "Ingen har lagt in öppettider" in words


def test_a_hidden_place_is_not_found(client):
    hidden = PlaceFactory(slug="dold", is_active=False)
    assert client.get(reverse("city:place", args=[hidden.slug])).status_code == 404
    assert client.get("/places/finns-inte").status_code == 404


def test_names_from_outside_are_text_and_never_markup(client):
    evil = place("<script>alert(1)</script>", address="<b>x</b>")
    for path in (f"/places/{evil.slug}", "/places", "/places/search?q=script"):
        assert b"<script>alert" not in client.get(path).content


def test_the_list_is_searched_and_narrowed(client):
    area = AreaFactory(kind="est", west=16.18, south=58.58)
    library = place("Åby bibliotek", kind="library", step_free=True)
    park = place("Folkparken", kind="park", latitude=58.7)
    OpeningHoursFactory(place=park, weekday=2)
    for query, expected in (
        ("q=aby", [library]),
        ("kind=park", [park]),
        (f"area={area.code}", [library]),
        ("open=1", [park]),
        ("step_free=1", [library]),
        ("kind=<nonsense>&area=%00", [library, park]),
    ):
        found = client.get(f"/places?{query}").context["page"].object_list
        assert set(found) == set(expected), query


@pytest.fixture
def hageby():
    """A youth centre that is not called one, in an area; closed on Wednesdays. And a library."""
    area = AreaFactory(code="est-hageby", kind="est", name=sv("Hageby"))
    centre = place("Huset", latitude=58.575, longitude=16.19)
    place("Biblioteket i Åby", kind="library", latitude=58.66)
    centre.est_area = area
    centre.save()
    set_opening_hours(centre, hours=[RegularHours(6, time(11), time(17))], by=BY, at=AT)
    return centre


@pytest.mark.parametrize(
    "words", ["Hageby fritidsgård", "fritidsgårdar i Hageby", "hageby+FRITIDSGARDEN", "huset"]
)
def test_a_kind_and_an_area_are_understood_as_words_in_any_order(client, hageby, words):
    found = text_of(client.get("/places", {"q": words.replace("+", " ")}))
    assert "Huset" in found
    assert "Biblioteket i Åby" not in found
    assert "1 plats" in found


def test_the_page_says_what_it_took_words_for(client, hageby):
    found = text_of(client.get("/places?q=fritidsgård+Hageby"))
    assert "”fritidsgård” läses också som slaget Fritidsgård." in found
    assert "”Hageby” läses också som området Hageby." in found
    assert "läses också" not in text_of(client.get("/places?q=huset"))


def test_typing_errors_in_an_area_and_a_kind_are_forgiven(client, hageby):
    words = text_of(client.get("/places?q=Hagby+fritidsgrd"))
    assert "1 plats" in words
    assert "Huset" in words
    assert "”Hagby” läses också som området Hageby." in words
    points = client.get("/places.geojson?q=Hagby+fritidsgrd").json()["features"]
    assert [each["properties"]["title"] for each in points] == ["Huset"]
    assert "Ingen plats heter" in text_of(client.get("/places?q=zebra"))


def test_a_word_that_is_read_as_a_wider_kind_says_that_none_is_called_so(client):
    place("Gokartbanan", kind="sports")
    words = text_of(client.get("/places?q=simhallen"))
    assert "Ingen plats heter ”simhallen”. ”simhallen” läses också som slaget Idrott." in words
    place("Centralbadets simhall", kind="sports")
    assert "Ingen plats heter" not in text_of(client.get("/places?q=simhallen"))


def test_looking_up_a_kind_in_an_area_finds_what_is_meant_before_what_is_like_it(client, hageby):
    place("Åby fritidsgård", latitude=58.66)
    words = text_of(client.get("/places/search?q=Hageby+fritidsgård"))
    assert words.index("Huset") < words.index("Åby fritidsgård")


def test_a_search_for_what_is_open_offers_those_that_are_closed_today(client, hageby):
    response = client.get("/places?q=hageby+fritidsgård+öppet")
    assert "Även de som är stängda i dag: 1 plats" in text_of(response)
    assert '?q=hageby+fritidsg%C3%A5rd"' in response.content.decode()


def test_a_word_for_open_asks_what_is_open_today(client, hageby):
    assert "Ingen plats heter" in text_of(client.get("/places?q=öppet"))
    with time_machine.travel("2026-05-24 12:00+02:00", tick=False):
        assert "Huset" in text_of(client.get("/places?q=öppet"))


def test_an_empty_answer_names_the_condition_and_counts_the_ways_out(client, hageby):
    response = client.get("/places?kind=youth_centre&area=est-hageby&open=1")
    assert "Villkoret ”Öppet i dag” utesluter allt." in text_of(response)
    assert "Även de som är stängda i dag: 1 plats" in text_of(response)
    way_out = "/places?kind=youth_centre&area=est-hageby"
    assert f'href="{way_out.removeprefix("/places").replace("&", "&amp;")}"' in (
        response.content.decode()
    )
    assert "1 plats" in text_of(client.get(way_out))


def test_where_no_single_condition_helps_each_is_offered_alone(client, hageby):
    words = text_of(client.get("/places?kind=museum&area=est-hageby&step_free=1"))
    assert "Ingen plats passar alla villkor. Inget av villkoren räcker att ta bort." in words
    assert "Allt i Hageby: 1 plats" in words
    assert "Alla av slaget" not in words


def test_an_empty_answer_is_told_as_a_status_and_keeps_the_way_to_look_a_street_up(client, hageby):
    for query in ("q=zebra", "kind=museum", "kind=museum&area=est-hageby&step_free=1"):
        page = client.get(f"/places?{query}").content.decode()
        status = re.search(r'<div class="ks-stack" role="status">(.*?)</div>', page, re.S)[1]
        assert "Ingen plats" in status, query
        assert 'href="/places/search"' in page, query


def test_an_empty_answer_asks_the_database_at_most_twelve_times(
    client, hageby, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        client.get("/places?q=zebra&kind=museum&area=est-hageby&open=1&step_free=1")


def test_a_misspelt_name_gets_a_suggestion(client):
    place("Hageby bibliotek", kind="library")
    words = text_of(client.get("/places?q=hagby+biblotek"))
    assert "Menade du något av det här?" in words
    assert "Hageby bibliotek" in words


def test_empty_lists_say_what_to_do(client):
    assert "Inga platser ännu" in text_of(client.get("/places"))
    assert "Inga områden ännu" in text_of(client.get("/areas"))
    place()
    assert "Ingen plats passar" in text_of(client.get("/places?kind=museum"))


@pytest.mark.parametrize("path", ["/places", "/places?q=plats&open=1&step_free=1", "/areas"])
def test_lists_ask_the_database_at_most_twelve_times(client, path, django_assert_max_num_queries):
    for number in range(40):
        area = AreaFactory(kind="regso")
        made = PlaceFactory(regso=area, est_area=AreaFactory(), search_text=f"plats {number}")
        OpeningHoursFactory(place=made, weekday=2)
    with django_assert_max_num_queries(12):
        assert client.get(path).status_code == 200


def test_a_place_and_an_area_ask_at_most_twelve_times(client, django_assert_max_num_queries):
    area = AreaFactory(kind="est")
    for _number in range(40):
        PlaceFactory(est_area=area)
    for path in (f"/areas/{area.code}", f"/places/{PlaceFactory(est_area=area).slug}"):
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200


def test_an_area_shows_its_people_by_age_with_year_and_source(client):
    area = AreaFactory(kind="regso", code="R1", source="Källa: SCB", name=sv("Hageby"))
    PopulationFactory(area=area, age_from=0, age_until=5, sex=1, count=40)
    PopulationFactory(area=area, age_from=0, age_until=5, sex=2, count=50)
    PopulationFactory(area=area, age_from=80, age_until=None, sex=2, count=7)
    words = text_of(client.get("/areas/R1"))
    assert "97 personer bor här (2024)" in words
    assert "0–4 år" in words
    assert "80 år eller äldre" in words
    assert "31 december 2024. Källa: SCB." in words


def test_the_map_of_an_area_shows_its_places_and_the_list_points_at_them(client):
    area = AreaFactory(kind="est", code="E1", name=sv("Hageby"))
    inside = [PlaceFactory(est_area=area) for _number in range(31)]
    PlaceFactory(slug="utanfor")
    page = client.get("/areas/E1").content.decode()
    data = re.search(r'id="karta-data" type="application/json">(.*?)</script>', page, re.S)[1]
    _border, *points = json.loads(data)["features"]
    assert {each["properties"]["id"] for each in points} == {each.pk for each in inside}
    listed = re.findall(r'<li data-feature="(\d+)">', page)
    assert len(listed) == 30
    assert set(map(int, listed)) <= {each.pk for each in inside}


def test_an_est_area_adds_up_the_statistical_areas_inside_it_and_says_so(client):
    est = AreaFactory(kind="est", code="E1", west=16.0, south=58.0, east=17.0, north=59.0)
    est.geometry = '{"type":"Polygon","coordinates":[[[16,58],[17,58],[17,59],[16,59],[16,58]]]}'
    est.save()
    for code in ("R1", "R2"):
        regso = AreaFactory(kind="regso", code=code, name=sv(f"Del {code}"))
        PopulationFactory(area=regso, count=100)
    words = text_of(client.get("/areas/E1"))
    assert "200 personer bor här" in words
    assert "Summa av 2 RegSO: Del R1, Del R2." in words


def test_the_map_gets_the_same_places_as_the_list(client):
    shown, _other = place("Parken", kind="park"), place("Museet", kind="museum")
    features = client.get("/places.geojson?kind=park").json()["features"]
    assert [each["properties"]["title"] for each in features] == ["Parken"]
    assert features[0]["geometry"]["coordinates"] == [shown.longitude, shown.latitude]
    AreaFactory(kind="regso")
    assert len(client.get("/areas.geojson").json()["features"]) == 1


def test_looking_up_answers_with_the_list_alone_when_a_page_asks(client):
    place("Hageby bibliotek", kind="library")
    part = client.get("/places/search?q=hageby", headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b"Hageby bibliotek" in part.content
    whole = text_of(client.get("/places/search?q=xyzzy"))
    assert "Inget liknar" in whole


def test_a_text_in_another_language_says_which_it_is(client):
    add_place(
        PlaceDetails(Texts.of("Biblioteket", ar="المكتبة"), "library", 58.59, 16.19), by=BY, at=AT
    )
    client.cookies["language"] = "ar"
    assert "المكتبة" in text_of(client.get("/places/biblioteket"))


def test_a_source_that_only_repeats_the_quality_is_left_out(client):
    repeated = place("Ett", coordinate_quality="estimated", source="uppskattning")
    assert "Källa:" not in page_of(client, repeated)
    told = place("Två", coordinate_quality="estimated", source="Kommunens karta")
    assert "Källa: Kommunens karta" in page_of(client, told)


def test_a_free_entry_is_good_news_and_a_closed_door_is_a_warning(client):
    museum, library = place("Museet", kind="museum"), place("Biblioteket", kind="library")
    exception(museum, "free_entry", SUNDAY)
    exception(library, "closed", SUNDAY)
    good = client.get("/places/museet").content.decode()
    bad = client.get("/places/biblioteket").content.decode()
    assert "Annorlunda nu och framöver" in good
    assert 'data-color="success"' in good.split('id="annorlunda"')[1].split("</section>")[0]
    assert 'data-color="warning"' in bad.split('id="annorlunda"')[1].split("</section>")[0]


def test_tomorrow_and_the_hour_are_said_in_full(client):
    centre = place()
    set_opening_hours(centre, hours=[RegularHours(3, time(14), time(18))], by=BY, at=AT)
    assert "Stängt, öppnar i morgon kl. 14" in page_of(client, centre)


def test_thousands_are_set_apart(client):
    area = AreaFactory(kind="regso", code="R1", name=sv("Hageby"))
    PopulationFactory(area=area, age_from=0, age_until=5, sex=1, count=9559)
    words = text_of(client.get("/areas/R1"))
    assert "9 559 personer bor här" in words
    assert "9559" not in words


# --- In another language -----------------------------------------------------------------------


def test_a_swedish_reason_on_an_arabic_page_says_that_it_is_swedish(client):
    centre = place("Huset", address="Kungsgatan 3")
    exception(centre, opens=time(11), closes=time(18), reason="Extra öppet")
    for path in ("/ar/places/huset", "/ar/"):
        page = client.get(path).content.decode()
        assert '<span lang="sv" dir="ltr">Extra öppet</span> <span class="ks-in-language">' in page
    assert '<span lang="sv" dir="ltr">Kungsgatan 3</span></dd>' in client.get(
        "/ar/places/huset"
    ).content.decode().replace("</span> </dd>", "</span></dd>")


def test_a_swedish_page_marks_nothing_as_swedish(client):
    exception(place("Huset"), opens=time(11), closes=time(18))
    assert "ks-in-language" not in client.get("/places/huset").content.decode()


def test_a_translated_reason_needs_no_mark(client):
    centre = place("Huset")
    details = ExceptionDetails(
        "closed", SUNDAY, SUNDAY + timedelta(days=1), Texts({"sv": "Städdag", "ar": "تنظيف"})
    )
    add_exception(centre, details=details, by=BY, at=AT)
    page = client.get("/ar/places/huset").content.decode()
    assert "تنظيف" in page
    assert "ks-in-language" not in page


def test_a_description_of_many_paragraphs_is_marked_as_a_whole(client):
    OrganisationFactory(slug="portalen", description=sv("Första.\n\nAndra."))
    page = client.get("/ar/organisations/portalen").content.decode()
    assert '<div lang="sv" dir="ltr"><p>Första.</p>\n\n<p>Andra.</p></div>' in page
    assert "ks-in-language" in page
    listed = client.get("/ar/organisations").content.decode()
    assert '<span lang="sv" dir="ltr">Första.' in listed


# --- Areas by kind, and what lies around a place -----------------------------------------------


def test_areas_stand_under_their_kind_with_links_to_jump_by(client):
    for kind in ("deso", "regso", "est", "district", "municipality"):
        AreaFactory(kind=kind, code=f"ett-{kind}")
    page = client.get("/areas").content.decode()
    order = ["municipality", "district", "est", "regso", "deso"]
    headings = re.findall(r'<h2 id="slag-(\w+)">', page)
    jumps = re.findall(r'<a href="#slag-(\w+)">', page)
    assert headings == jumps == order
    assert "Stadsdelar (1)" in text_of(client.get("/areas"))


def test_the_map_of_a_place_shows_its_area_and_what_lies_near(client):
    area = AreaFactory(code="est-hageby", kind="est", name=sv("Hageby"))
    centre = place("Huset", latitude=58.59, longitude=16.19)
    near = place("Grannen", latitude=58.592, longitude=16.192)
    place("Långt bort", latitude=58.70, longitude=16.19)
    centre.refresh_from_db()
    assert centre.est_area == area

    response = client.get("/places/huset")
    features = json.loads(
        re.search(r'id="karta-data" type="application/json">(.*?)</script>',
                  response.content.decode(), re.S)[1]
    )["features"]  # fmt: skip

    by_kind = {each["properties"].get("kind", ""): each for each in features}
    assert [each["properties"]["title"] for each in features] == ["Hageby", "Grannen", "Huset"]
    assert by_kind["marked"]["properties"]["title"] == "Huset"
    assert by_kind["muted"]["properties"]["url"] == f"/places/{near.slug}"
    assert features[0]["geometry"]["type"] == "Polygon"
    west, south, east, north = map(
        float, re.search(r'bounds="([^"]+)"', response.content.decode())[1].split(",")
    )
    assert west < 16.19 < east
    assert south < 58.59 < north
    assert north - south < 0.02
