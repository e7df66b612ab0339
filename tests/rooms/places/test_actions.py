"""Writes to places and hours: checked, recorded, announced."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kraftsamling.kit.events import subscribe
from kraftsamling.kit.texts import Texts
from kraftsamling.people.access import standing_of
from kraftsamling.places import access, actions
from kraftsamling.places.events import OpeningExceptionChanged, PlaceAdded
from kraftsamling.places.models import ImportDraft, OpeningException, Place
from kraftsamling.places.queries import hours
from kraftsamling.places.queries.places import PlaceFilter, places_matching
from kraftsamling.places.rules import RegularHours
from kraftsamling.trail.models import Entry
from kraftsamling.trail.queries import change_of
from tests.factories import (
    AreaFactory,
    OpeningExceptionFactory,
    OpeningHoursFactory,
    OrganisationFactory,
    PlaceFactory,
    person_with,
    sv,
)
from tests.rooms.places.conftest import AT, BY

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 24)


def details(**changes) -> actions.PlaceDetails:
    given = {"name": sv("Ängsparken"), "kind": "park", "latitude": 58.59, "longitude": 16.19}
    return actions.PlaceDetails(**(given | changes))


def exception(**changes) -> actions.ExceptionDetails:
    given = {
        "kind": "open", "days_from": DAY, "days_until": DAY + timedelta(days=1),
        "reason": sv("Extra öppet"), "opens": time(11), "closes": time(18),
    }  # fmt: skip
    return actions.ExceptionDetails(**(given | changes))


def test_a_new_place_gets_slug_cell_areas_and_an_entry_in_the_trail():
    area = AreaFactory(kind="regso", west=16.18, south=58.58)
    place = actions.add_place(details(), by=BY, at=AT)
    assert (place.slug, place.regso_id, place.sort_key) == ("angsparken", area.pk, "zzbngsparken")
    entry = Entry.objects.get()
    assert (entry.act, entry.object_type, entry.object_id) == (
        "places.add_place", "place", "angsparken",
    )  # fmt: skip
    assert change_of(entry).after["kind"] == "park"


def test_a_name_that_is_taken_gets_a_numbered_slug_and_a_reserved_one_too():
    actions.add_place(details(), by=BY, at=AT)
    assert actions.add_place(details(), by=BY, at=AT).slug == "angsparken-2"
    assert actions.add_place(details(name=sv("Search")), by=BY, at=AT).slug == "search-2"
    arabic = Texts({"sv": "المكتبة"})
    assert actions.add_place(details(name=arabic), by=BY, at=AT).slug == "plats"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": Texts.of(en="Only English")}, "name"),
        ({"name": sv("x" * 201)}, "name"),
        ({"kind": "castle"}, "kind"),
        ({"latitude": 91}, "latitude"),
        ({"latitude": float("nan")}, "latitude"),
        ({"address": "Storgatan 1 lgh 1101"}, "address"),
        ({"address": "x" * 201}, "address"),
        ({"description": sv("Ring 070-174 06 05")}, "description"),
        ({"source": "anna@exempel.se"}, "source"),
    ],
)
def test_a_wrong_detail_is_named_and_nothing_is_written(changes, field):
    with pytest.raises(ValidationError) as refused:
        actions.add_place(details(**changes), by=BY, at=AT)
    assert field in refused.value.message_dict
    assert not Place.objects.exists()
    assert not Entry.objects.exists()


def test_a_change_keeps_slug_and_records_only_what_differs():
    place = actions.add_place(details(), by=BY, at=AT)
    actions.change_place(place, details=details(address="Ängsgatan 1"), by=BY, at=AT, reason="ny")
    change = change_of(Entry.objects.order_by("-number").first())
    assert (change.before, change.after) == ({"address": ""}, {"address": "Ängsgatan 1"})
    assert Place.objects.get().slug == "angsparken"


def test_a_change_that_changes_nothing_leaves_no_trace():
    place = actions.add_place(details(), by=BY, at=AT)
    actions.change_place(place, details=details(), by=BY, at=AT)
    assert Entry.objects.count() == 1


def test_a_hidden_place_leaves_lists_and_comes_back():
    place = actions.add_place(details(), by=BY, at=AT)
    actions.deactivate_place(place, by=BY, at=AT, reason="riven")
    assert not places_matching().exists()
    with pytest.raises(access.NotFound):
        access.place_for_reader(place.slug)
    actions.deactivate_place(place, by=BY, at=AT)
    actions.reactivate_place(place, by=BY, at=AT)
    assert places_matching().exists()
    assert [entry.act for entry in Entry.objects.order_by("number")] == [
        "places.add_place", "places.deactivate_place", "places.reactivate_place",
    ]  # fmt: skip


def test_news_is_told_after_commit_and_only_then(django_capture_on_commit_callbacks):
    heard = []
    subscribe(PlaceAdded, heard.append)
    with django_capture_on_commit_callbacks(execute=True):
        actions.add_place(details(), by=BY, at=AT)
        assert heard == []
    assert heard == [PlaceAdded("angsparken")]


def test_hours_are_replaced_as_a_whole_and_clashes_refused():
    place = PlaceFactory()
    actions.set_opening_hours(
        place, hours=[RegularHours(0, time(10), time(14)), RegularHours(0, time(15), time(18))],
        by=BY, at=AT, source="anslag",
    )  # fmt: skip
    assert place.opening_hours.count() == 2
    with pytest.raises(ValidationError, match="går in i varandra"):
        actions.set_opening_hours(
            place, hours=[RegularHours(0, time(10), time(14)), RegularHours(0, time(13), time(18))],
            by=BY, at=AT,
        )  # fmt: skip
    assert place.opening_hours.count() == 2
    place.refresh_from_db()
    assert place.hours_source == "anslag"


def test_hours_that_close_before_they_open_are_asked_about():
    place = PlaceFactory()
    with pytest.raises(ValidationError, match="Stänger före öppning"):
        actions.set_opening_hours(
            place, hours=[RegularHours(0, time(10), time(9))], by=BY, at=AT
        )  # fmt: skip
    with pytest.raises(ValidationError, match="070-174 06 05"):
        actions.set_opening_hours(place, hours=[], by=BY, at=AT, source="070-174 06 05")
    assert not place.opening_hours.exists()


def test_an_exception_is_added_changed_taken_back_and_restored():
    place = PlaceFactory()
    added = actions.add_exception(place, details=exception(), by=BY, at=AT)
    assert hours.schedule_of(place).on(DAY).is_open
    changed = actions.change_exception(added, details=exception(closes=time(20)), by=BY, at=AT)
    assert hours.schedule_of(place).on(DAY).spans[0].closes == time(20)
    actions.remove_exception(changed, by=BY, at=AT)
    assert not hours.schedule_of(place).on(DAY).is_open
    actions.restore_exception(changed, by=BY, at=AT)
    assert hours.schedule_of(place).on(DAY).is_open
    assert Entry.objects.filter(object_id=place.slug).count() == 4


def test_the_text_of_an_exception_that_was_taken_back_is_wiped_for_good():
    wrong = OpeningExceptionFactory(reason=Texts.of("Hemligt", en="Secret"))
    with pytest.raises(ValidationError):
        actions.erase_exception_text(wrong, by=BY, at=AT, reason="KS 2026/118")
    actions.remove_exception(wrong, by=BY, at=AT)
    with pytest.raises(ValidationError):
        actions.erase_exception_text(wrong, by=BY, at=AT, reason=" ")
    actions.erase_exception_text(wrong, by=BY, at=AT, reason="KS 2026/118")
    wrong.refresh_from_db()
    assert not wrong.reason
    last = Entry.objects.first()
    assert last.act == "places.erase_exception_text"
    assert change_of(last).reason == "KS 2026/118"
    assert "Hemligt" not in last.content.text
    actions.erase_exception_text(wrong, by=BY, at=AT, reason="KS 2026/118")
    assert Entry.objects.first() == last


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "other"}, "kind"),
        ({"days_until": DAY}, "days_until"),
        ({"days_until": DAY + timedelta(days=1000)}, "days_until"),
        ({"opens": None, "closes": None}, "opens"),
        ({"opens": None}, "opens"),
        ({"kind": "closed"}, "opens"),
        ({"kind": "moved"}, "moved_to"),
        ({"reason": Texts()}, "reason"),
        ({"reason": sv("x" * 301)}, "reason"),
        ({"reason": sv("Anna är sjuk, ring 070-174 06 05")}, "reason"),
        ({"opens": time(10), "closes": time(9)}, "closes"),
    ],
)
def test_a_wrong_exception_is_named(changes, field):
    with pytest.raises(ValidationError) as refused:
        actions.add_exception(PlaceFactory(), details=exception(**changes), by=BY, at=AT)
    assert field in refused.value.message_dict
    assert not OpeningException.objects.exists()


def test_a_place_moves_to_another_active_place_only():
    place, hidden, target = PlaceFactory(), PlaceFactory(is_active=False), PlaceFactory()
    for wrong in (place, hidden):
        with pytest.raises(ValidationError):
            actions.add_exception(
                place, details=exception(kind="moved", moved_to=wrong), by=BY, at=AT
            )
    actions.add_exception(place, details=exception(kind="moved", moved_to=target), by=BY, at=AT)
    [arrival] = hours.arrivals_at([target.pk], from_day=DAY)
    assert arrival.place == place


def test_the_database_itself_refuses_a_move_to_nowhere():
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningExceptionFactory(kind="moved", moved_to=None)


def test_an_exception_tells_those_who_listen(django_capture_on_commit_callbacks):
    heard = []
    subscribe(OpeningExceptionChanged, heard.append)
    place = PlaceFactory(slug="portalen")
    with django_capture_on_commit_callbacks(execute=True):
        actions.add_exception(place, details=exception(), by=BY, at=AT)
    assert OpeningExceptionChanged("portalen") in heard


def test_open_today_in_the_list_is_what_the_rules_say():
    monday = date(2026, 5, 18)
    for number in range(16):
        place = PlaceFactory(sort_key=f"{number:02}")
        if number & 1:
            OpeningHoursFactory(place=place, weekday=0)
        for bit, kind in ((2, "open"), (4, "closed"), (8, "moved")):
            if number & bit:
                OpeningExceptionFactory(
                    place=place, kind=kind, days_from=monday,
                    moved_to=PlaceFactory(is_active=False) if kind == "moved" else None,
                )  # fmt: skip
    OpeningHoursFactory(place=PlaceFactory(), weekday=0, valid_until=monday)
    by_query = set(places_matching(PlaceFilter(open_on=monday)))
    by_rule = {each for each in places_matching() if hours.schedule_of(each).on(monday).is_open}
    assert by_query == by_rule
    assert len(by_rule) == 3


def test_lists_sort_as_a_swedish_telephone_book():
    for name in ("Ö", "Z", "Å", "A", "Ä", "b", "Éva"):
        actions.add_place(details(name=sv(f"{name} plats")), by=BY, at=AT)
    assert [str(place.name)[0] for place in places_matching()] == list("AbÉZÅÄÖ")


@pytest.mark.parametrize("text", ["angs", "ÄNGS", "ängsparken", "park angs", "gatan"])
def test_lists_are_searched_without_regard_to_case_and_dots(text):
    actions.add_place(details(name=sv("Park Ängen"), address="Ängsgatan 3"), by=BY, at=AT)
    actions.add_place(details(name=sv("Ängsparken vid gatan")), by=BY, at=AT)
    assert places_matching(PlaceFilter(text=text)).exists()
    assert not places_matching(PlaceFilter(text="zebra")).exists()


def test_one_edits_the_places_of_ones_own_organisation_and_those_below_it():
    parent = OrganisationFactory()
    child, other = OrganisationFactory(parent=parent), OrganisationFactory()
    person = person_with("actor", parent)
    standing = standing_of(person, on=DAY)
    mine, below, foreign, nobodys = (
        PlaceFactory(owner=owner) for owner in (parent, child, other, None)
    )
    assert set(access.places_for_editor(standing)) == {mine, below}
    for place in (foreign, nobodys):
        with pytest.raises(access.NotFound):
            access.place_for_editor(standing, place.slug)
    assert set(access.owners_for(standing)) == {parent, child}


def test_files_that_nobody_confirmed_are_thrown_away_after_a_day():
    old = actions.keep_draft(b"x", kind="places", file_name="a", by=BY, at=AT)
    actions.keep_draft(b"y", kind="places", file_name="b", by=BY, at=AT + timedelta(hours=25))
    assert list(ImportDraft.objects.values_list("file_name", flat=True)) == ["b"]
    with pytest.raises(access.NotFound):
        access.draft_for(BY, old.public_id)
