"""Organisations and networks: who changes them, and what the trail remembers."""

import json
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from kraftsamling.kit.texts import Texts
from kraftsamling.people import actions
from kraftsamling.people.actions.organisations import (
    CircularParent,
    HasActiveParts,
    OrganisationDetails,
)
from kraftsamling.people.events import OrganisationCreated
from kraftsamling.people.logos import LogoRefused, to_clean_logo
from kraftsamling.people.models import Organisation
from kraftsamling.people.refusals import Invalid, NotAllowed
from tests import factories as make
from tests.rooms.people.stage import AT, SYSTEM, administrator_of, by, entries_of, last_entry

pytestmark = pytest.mark.django_db


def create(name="Hyresbostäder", **details):
    asked = OrganisationDetails(name=Texts.of(name), **details)
    return actions.create_organisation(details=asked, by=SYSTEM, at=AT)


def details_of(organisation, **changed):
    return OrganisationDetails(**({
        "name": organisation.name, "kind": organisation.kind,
        "description": organisation.description, "parent": organisation.parent,
        "contact_function": organisation.contact_function,
        "contact_email": organisation.contact_email,
        "contact_phone": organisation.contact_phone, "website": organisation.website,
    } | changed))  # fmt: skip


def test_a_name_becomes_an_address_in_plain_letters():
    assert create("Hyresbostäder").slug == "hyresbostader"
    assert create("Hyresbostäder").slug == "hyresbostader-2"


def test_creating_is_recorded_with_what_was_said():
    organisation = create("Portalen", contact_function="Växeln")
    entry = last_entry()
    assert (entry.act, entry.object_id) == ("people.create_organisation", organisation.slug)
    assert json.loads(entry.content.text)["after"]["contact_function"] == "Växeln"


def test_others_hear_of_it_after_commit(django_capture_on_commit_callbacks, monkeypatch):
    from kraftsamling.kit import events

    heard = []
    monkeypatch.setitem(events._subscribers, OrganisationCreated, [heard.append])
    with django_capture_on_commit_callbacks(execute=True):
        create("Portalen")
        assert heard == []
    assert heard == [OrganisationCreated("portalen")]


def test_only_those_who_may_create_for_the_city_create():
    administrator = administrator_of(make.OrganisationFactory())
    with pytest.raises(NotAllowed):
        actions.create_organisation(
            details=OrganisationDetails(name=Texts.of("Ny")), by=by(administrator), at=AT
        )
    assert not Organisation.objects.filter(slug="ny").exists()


def test_an_administrator_changes_the_own_organisation_and_no_other():
    own, other = make.OrganisationFactory(), make.OrganisationFactory()
    administrator = administrator_of(own)
    actions.change_organisation(
        own, details=details_of(own, name=Texts.of("Nytt namn")), by=by(administrator), at=AT
    )
    own.refresh_from_db()
    assert str(own.name) == "Nytt namn"
    with pytest.raises(NotAllowed):
        actions.change_organisation(
            other, details=details_of(other, name=Texts.of("Mitt")), by=by(administrator), at=AT
        )


def test_saving_what_is_already_there_leaves_no_trace():
    organisation = make.OrganisationFactory()
    actions.change_organisation(organisation, details=details_of(organisation), by=SYSTEM, at=AT)
    assert entries_of("people.change_organisation") == 0


def test_moving_under_another_organisation_asks_for_the_citys_permission():
    own, other = make.OrganisationFactory(), make.OrganisationFactory()
    with pytest.raises(NotAllowed):
        actions.change_organisation(
            own, details=details_of(own, parent=other), by=by(administrator_of(own)), at=AT
        )


def test_no_organisation_stands_above_itself():
    top = make.OrganisationFactory()
    middle = make.OrganisationFactory(parent=top)
    bottom = make.OrganisationFactory(parent=middle)
    with pytest.raises(CircularParent):
        actions.change_organisation(top, details=details_of(top, parent=bottom), by=SYSTEM, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=top.pk).update(parent=top)


@pytest.mark.parametrize(
    "wrong",
    [{"name": Texts()}, {"name": Texts.of("x" * 201)}, {"contact_email": "ingen adress"},
     {"website": "ej en adress"}, {"kind": "kungarike"}],
)  # fmt: skip
def test_what_is_wrong_is_refused_whole(wrong):
    organisation = make.OrganisationFactory()
    with pytest.raises(Invalid):
        actions.change_organisation(
            organisation, details=details_of(organisation, **wrong), by=SYSTEM, at=AT
        )
    assert entries_of("people.change_organisation") == 0


def test_a_name_in_another_script_asks_for_latin_letters():
    with pytest.raises(Invalid):
        create("Ωμέγα")


def test_an_organisation_with_living_parts_is_not_closed():
    top = make.OrganisationFactory()
    part = make.OrganisationFactory(parent=top)
    with pytest.raises(HasActiveParts):
        actions.deactivate_organisation(top, by=SYSTEM, at=AT)
    actions.deactivate_organisation(part, by=SYSTEM, at=AT)
    actions.deactivate_organisation(top, by=SYSTEM, at=AT, reason="Uppgick i kommunen")
    assert json.loads(last_entry().content.text)["reason"] == "Uppgick i kommunen"
    actions.reactivate_organisation(top, by=SYSTEM, at=AT)
    top.refresh_from_db()
    assert top.is_active


def test_the_city_lets_an_organisation_into_a_network_once_and_it_may_leave():
    organisation, network = make.OrganisationFactory(), make.NetworkFactory()
    city, administrator = make.person_with("security"), administrator_of(organisation)
    for _again in range(2):
        actions.join_network(network, organisation=organisation, by=by(city), at=AT)
    assert list(organisation.networks.all()) == [network]
    assert entries_of("people.join_network") == 1
    actions.leave_network(network, organisation=organisation, by=by(administrator), at=AT)
    assert not organisation.networks.exists()


def test_nobody_borrows_a_networks_name_or_makes_themselves_police():
    organisation, network = make.OrganisationFactory(kind="association"), make.NetworkFactory()
    administrator = administrator_of(organisation)
    with pytest.raises(NotAllowed):
        actions.join_network(network, organisation=organisation, by=by(administrator), at=AT)
    with pytest.raises(NotAllowed):
        actions.change_organisation(
            organisation,
            details=OrganisationDetails(name=organisation.name, kind="police"),
            by=by(administrator),
            at=AT,
        )
    organisation.refresh_from_db()
    assert organisation.kind == "association"


def test_a_stranger_enrols_nobody_in_a_network():
    stranger = administrator_of(make.OrganisationFactory())
    with pytest.raises(NotAllowed):
        actions.join_network(
            make.NetworkFactory(), organisation=make.OrganisationFactory(), by=by(stranger), at=AT
        )


# --- Logos -----------------------------------------------------------------------------------


def picture(format="JPEG", size=(900, 300), **options) -> BytesIO:
    out = BytesIO()
    Image.new("RGB", size, "green").save(out, format, **options)
    out.seek(0)
    return out


def test_a_logo_is_drawn_anew_small_and_without_metadata():
    exif = Image.Exif()
    exif[0x010E] = "hemlig plats"
    clean = to_clean_logo(picture(exif=exif))
    drawn = Image.open(clean)
    assert (drawn.format, drawn.size) == ("PNG", (512, 171))
    assert not drawn.getexif()
    assert b"hemlig" not in clean.read()


def test_what_hides_behind_a_picture_does_not_come_along():
    polyglot = BytesIO(picture("PNG").getvalue() + b"<script>alert(1)</script>")
    clean = to_clean_logo(polyglot)
    clean.seek(0)
    assert b"script" not in clean.read()


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a",
     b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
     picture("PNG").getvalue()[:200], b"x" * (1024 * 1024 + 1)],
    ids=["empty", "svg", "gif", "broken", "cut off", "too large"],
)  # fmt: skip
def test_what_is_no_picture_of_ours_is_refused(content):
    with pytest.raises(LogoRefused):
        to_clean_logo(BytesIO(content))


def test_a_picture_of_too_many_pixels_is_turned_away_before_it_is_unpacked():
    with pytest.raises(LogoRefused):
        to_clean_logo(picture("PNG", size=(6000, 4000)))


def test_a_new_logo_takes_the_old_ones_place(
    django_capture_on_commit_callbacks, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    organisation = make.OrganisationFactory()
    for _round in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            actions.set_logo(organisation, upload=picture(), by=SYSTEM, at=AT)
    assert len(list(tmp_path.rglob("*.png"))) == 1
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_logo(organisation, by=SYSTEM, at=AT)
    assert not list(tmp_path.rglob("*.png"))


def test_a_description_with_personal_data_is_refused_and_the_contacts_stay_free():
    organisation = make.OrganisationFactory()
    told = details_of(organisation, description=Texts.of("Ring Anna på 070-174 06 05"))
    with pytest.raises(Invalid, match="070-174 06 05"):
        actions.change_organisation(organisation, details=told, by=SYSTEM, at=AT)
    assert entries_of("people.change_organisation") == 0
    free = details_of(organisation, contact_phone="070-174 06 05", contact_email="info@exempel.se")
    actions.change_organisation(organisation, details=free, by=SYSTEM, at=AT)
    assert entries_of("people.change_organisation") == 1
