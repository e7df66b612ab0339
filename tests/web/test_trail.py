"""The auditor's pages: who may open them, what they show, what they leave behind."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from kraftsamling.kit.actor import Actor, system_actor
from kraftsamling.kit.texts import Texts
from kraftsamling.people.models import Membership, Person
from kraftsamling.trail.actions import erase_content, record
from kraftsamling.trail.models import Entry
from kraftsamling.trail.queries import verify
from tests.browsing import look_at
from tests.factories import (
    GroupFactory,
    MembershipFactory,
    NetworkFactory,
    OrganisationFactory,
    PersonFactory,
    PlaceFactory,
    RoleFactory,
    person_with,
    sv,
)

pytestmark = pytest.mark.django_db
LIST = "/desk/trail/"
BEGIN = datetime(2026, 11, 20, 12, tzinfo=UTC)


def note(act="places.change_place", *, by=None, on=("place", "hageby"), at=BEGIN, **change):
    with transaction.atomic():
        return record(act=act, by=by or system_actor("tests"), at=at, on=on, **change)


@pytest.fixture
def auditor(client):
    person = person_with("auditor", name="Granskare Granqvist")
    client.force_login(person)
    return person


def numbers(response) -> list[int]:
    assert response.status_code == 200
    return [entry.number for entry in response.context["entries"]]


def body(response) -> str:
    return b"".join(response.streaming_content).decode()


@pytest.mark.parametrize("role", ["coordinator", "analyst", "security", "reporter", "member"])
def test_only_those_who_may_read_the_history_get_in(client, role):
    client.force_login(person_with(role))
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}export/").status_code == 403
    assert client.post(f"{LIST}check/").status_code == 403


def test_who_is_not_signed_in_is_asked_to(client):
    assert client.get(LIST).status_code == 302


def test_an_entry_shows_who_what_when_and_the_difference(client, auditor):
    actor = PersonFactory(name="Anna Andersson")
    by = Actor(id=str(actor.public_id), kind="person", organisation="hyresbostader")
    note(
        by=by,
        before={"name": Texts.of("Hageby", en="Hageby"), "step_free": True, "address": "Gatan 1"},
        after={"name": Texts.of("Hageby centrum", en="Hageby"), "step_free": False,
               "address": "Gatan 1"},
        reason="Nytt namn på skylten",
    )  # fmt: skip
    page = client.get(LIST)
    text = page.content.decode()
    for expected in ("Ändrade en plats", "plats hageby", "Anna Andersson", "(hyresbostader)",
                     "20 november 2026 13:00", "Nytt namn på skylten"):  # fmt: skip
        assert expected in text
    shown = {
        each.label: (each.before, each.after) for each in page.context["entries"][0].differences
    }
    assert shown == {
        "Namn (Svenska)": ("Hageby", "Hageby centrum"),
        "Utan trappsteg": ("ja", "nej"),
    }


def test_what_was_written_is_shown_and_never_run(client, auditor):
    note(after={"name": "<script>alert(1)</script>"}, reason="<img src=x>")
    text = client.get(LIST).content.decode()
    assert "<script>alert" not in text
    assert "<img src=x>" not in text


def test_programs_and_tokens_are_named_as_such(client, auditor):
    note(by=system_actor("import"))
    note(by=Actor(id="token:abcd1234", kind="token", organisation="hyresbostader"))
    who = [entry.who for entry in client.get(LIST).context["entries"]]
    assert who == ["API-nyckeln ks_abcd1234", "Programmet (inläsning)"]


def test_codes_and_ids_are_shown_as_what_they_are_called(client, auditor):
    """One entry of each kind, in the words of people; no slug, code or uuid is left."""
    OrganisationFactory(slug="sakerhetsavdelningen", name=sv("Säkerhetsavdelningen"))
    NetworkFactory(slug="interreligiosa", name=sv("Interreligiösa nätverket"))
    RoleFactory(code="vikarie", name=sv("Vikarie"))
    PlaceFactory(slug="hageby-c", name=sv("Hageby centrum"))
    PlaceFactory(slug="hallen", name=sv("Hallen"))
    membership = MembershipFactory(
        person=PersonFactory(name="Anna Andersson"),
        organisation=OrganisationFactory(slug="hyresbostader", name=sv("Hyresbostäder")),
    )
    by = Actor(id="system:command-line", kind="system", organisation="sakerhetsavdelningen")
    note("people.end_membership", by=by, on=("membership", str(membership.public_id)),
         before={"valid_until": None}, after={"valid_until": "2026-12-01"})  # fmt: skip
    note("people.join_network", on=("organisation", "hyresbostader"),
         before={"network": None, "kind": "school"},
         after={"network": "interreligiosa", "kind": "housing_company"})  # fmt: skip
    note("places.add_exception", on=("place", "hageby-c"),
         after={"exception": str(membership.public_id), "kind": "moved", "moved_to": "hallen",
                "days_from": "2026-11-28", "days_until": "2026-11-29"})  # fmt: skip
    note(on=("place", "hageby-c"), before={"coordinate_quality": "estimated", "kind": "library"},
         after={"coordinate_quality": "surveyed", "kind": "sports"})  # fmt: skip
    note("places.import_places", on=("place", "import"), after={"rows": 3})
    note("people.give_role", on=("membership", str(membership.public_id)),
         after={"role": "vikarie", "person": str(membership.person.public_id)})  # fmt: skip
    gives, imports, changed, moved, joined, ended = client.get(LIST).context["entries"]
    assert ended.object_label == "medlemskap Anna Andersson i Hyresbostäder"
    assert (ended.who, ended.organisation) == (
        "Programmet (kommandoraden)", "Säkerhetsavdelningen",
    )  # fmt: skip
    assert values_of(ended) == {"Gäller till och med": "30 november 2026"}
    assert joined.object_label == "organisation Hyresbostäder"
    assert values_of(joined) == {"Nätverk": "Interreligiösa nätverket", "Slag": "bostadsbolag"}
    assert moved.object_label == "plats Hageby centrum"
    assert values_of(moved) == {
        "Slag": "flyttar till en annan plats", "Flyttar till": "Hallen",
        "Från och med": "28 november 2026", "Till och med": "28 november 2026",
    }  # fmt: skip
    assert values_of(changed) == {"Lägets noggrannhet": "inmätt", "Slag": "idrott"}
    assert imports.object_label == "Inläsning av platser"
    assert values_of(gives) == {"Roll": "Vikarie", "Person": "Anna Andersson"}


def test_opening_hours_name_their_weekday(client, auditor):
    note("places.set_opening_hours", after={"hours": ["2 15:00-19:00", "4 15:00-19:00", "odd"]})
    (entry,) = client.get(LIST).context["entries"]
    assert values_of(entry) == {"Öppettider": "onsdag 15:00–19:00, fredag 15:00–19:00, odd"}


def test_an_import_says_what_the_file_held_and_a_group_its_name(client, auditor):
    GroupFactory(slug="est-city", name=sv("EST City"))
    note("places.import_opening_hours", on=("place", "import"))
    note("places.import_population", on=("area", "import"))
    note("cycle.form_group", on=("group", "est-city"))
    assert [entry.object_label for entry in client.get(LIST).context["entries"]] == [
        "EST-grupp EST City", "Inläsning av folkmängd", "Inläsning av öppettider",
    ]  # fmt: skip


def test_reading_the_history_is_told_in_words(client, auditor):
    client.get(LIST, {"day_from": "2026-11-20", "day_until": "2026-11-20", "act": "places."})
    (entry,) = client.get(LIST, {"readings": "on"}).context["entries"]
    assert entry.object_label == "Historiken"
    assert values_of(entry) | {"Antal poster": ""} == {
        "Urval (från och med)": "20 november 2026",
        "Urval (till och med)": "20 november 2026",
        "Urval (handling)": "Platser och områden",
        "Antal poster": "",
    }


def values_of(entry) -> dict[str, str]:
    return {each.label: each.after for each in entry.differences}


def test_the_export_and_the_check_are_reached_from_the_top(client, auditor):
    text = client.get(LIST).text
    for anchor in ("exportera", "kontrollera"):
        assert text.index(f'href="#{anchor}"') < text.index(f'id="{anchor}"')


# Erasing


@pytest.fixture
def operator(client):
    person = person_with("operator", name="Ola Operatör")
    client.force_login(person)
    return person


def test_the_content_of_an_entry_is_erased_after_a_question(client, operator):
    entry = note(after={"name": "Hemlig"})
    address = f"{LIST}{entry.number}/erase"
    assert address in client.get(LIST).text
    assert "Det går inte att ångra" in client.get(address).text
    answer = client.post(address, {"reason": "KS 2026/118"}, follow=True)
    assert "Innehållet är raderat (beslut: KS 2026/118)" in answer.text
    assert "Hemlig" not in answer.text
    last = Entry.objects.filter(act="trail.erase_content").get()
    assert (last.object_id, last.actor) == (str(entry.number), str(operator.public_id))
    assert "redan raderat" in client.post(address, {"reason": "igen"}, follow=True).text
    assert verify().is_whole


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_nothing_is_erased_without_a_reason_that_fits(client, operator, reason):
    entry = note(after={"name": "Hemlig"})
    answer = client.post(f"{LIST}{entry.number}/erase", {"reason": reason})
    assert answer.status_code == 422
    assert "Hemlig" in client.get(LIST).text


def test_who_may_only_read_the_history_erases_nothing(client, auditor):
    entry = note(after={"name": "Hemlig"})
    address = f"{LIST}{entry.number}/erase"
    assert address not in client.get(LIST).text
    assert client.get(address).status_code == 403
    assert client.post(address, {"reason": "x"}).status_code == 403
    assert "Hemlig" in client.get(LIST).text


def test_rights_in_one_organisation_do_not_reach_the_citys_history(client):
    reader = PersonFactory()
    role = RoleFactory(permissions=["trail.read", "operation.manage"])
    MembershipFactory(person=reader, role=role)
    client.force_login(reader)
    assert client.get(f"{LIST}{note().number}/erase").status_code == 403


@pytest.mark.parametrize("number", [0, 999_999, 2**63, 10**30])
def test_an_entry_that_there_is_not_cannot_be_erased(client, operator, number):
    assert client.get(f"{LIST}{number}/erase").status_code == 404


def test_a_person_who_has_been_erased_is_an_id_alone(client, auditor):
    gone = PersonFactory(name="Borttagen Person")
    note(by=gone.as_actor)
    Person.objects.filter(pk=gone.pk).delete()
    entry = client.get(LIST).context["entries"][0]
    assert entry.who == f"Person {str(gone.public_id)[:8]}"


def test_erased_content_is_said_to_be_erased(client, auditor):
    erase_content(
        entry=note(after={"name": "Hemlig"}), by=system_actor("tests"), at=BEGIN, reason="beslut 7"
    )
    text = client.get(LIST).content.decode()
    assert "Innehållet är raderat (beslut: beslut 7)" in text
    assert "Hemlig" not in text


def test_a_new_object_tells_what_is_known_of_it_and_no_more(client, auditor):
    person = PersonFactory(name="Nya Nilsson")
    note(
        "people.give_role",
        on=("membership", "x"),
        after={"role": "reporter", "person": str(person.public_id), "reason": "", "until": None,
               "scopes": [], "texts": Texts()},
    )  # fmt: skip
    differences = client.get(LIST).context["entries"][0].differences
    assert [(each.label, each.after) for each in differences] == [
        ("Person", "Nya Nilsson"),
        ("Roll", "reporter"),
    ]


@pytest.mark.parametrize("before", [None, "text", 3, ["a"], {"sv": "Hem"}, {}])
@pytest.mark.parametrize("after", [None, "text", False, [["a"]], {"sv": {"x": 1}}])
def test_values_of_any_kind_on_either_side_can_be_shown(client, auditor, before, after):
    note(before={"value": before}, after={"value": after})
    assert client.get(LIST).status_code == 200


# Reading is history too


def test_to_read_is_recorded_with_what_was_asked_for(client, auditor):
    note()
    client.get(LIST, {"act": "places.", "object_id": "hageby"})
    last = Entry.objects.first()
    assert (last.act, last.actor) == ("trail.read_entries", str(auditor.public_id))
    assert json.loads(last.content.text)["after"]["filter"] == {
        "act": "places.", "object_id": "hageby",
    }  # fmt: skip
    assert verify().is_whole


def test_the_page_does_not_show_its_own_reading(client, auditor):
    first = note()
    assert numbers(client.get(LIST)) == [first.number]


def test_readings_are_shown_when_asked_for_and_always_exported(client, auditor):
    first = note()
    client.get(LIST)
    assert numbers(client.get(LIST)) == [first.number]
    assert numbers(client.get(LIST, {"readings": "on"})) == [3, 2, 1]
    assert set(numbers(client.get(LIST, {"act": "trail.read_entries"}))) == {2, 3, 4}
    exported = client.post(reverse("desk:trail:export"), {"format": "csv"})
    assert b"trail.read_entries" in b"".join(exported.streaming_content)


# Filters


@pytest.fixture
def mixed(auditor):
    """Five acts that differ in one thing each from the first."""
    anna = PersonFactory(name="Anna Andersson", email="anna@trygg.example")
    by = Actor(id=str(anna.public_id), kind="person", organisation="polisen")
    OrganisationFactory(slug="polisen", name=Texts.of("Polisen"))
    return {
        "plain": note().number,
        "by_anna": note(by=by).number,
        "people": note("people.change_organisation", on=("organisation", "hageby")).number,
        "other": note(on=("place", "navestad")).number,
        "later": note(at=BEGIN + timedelta(days=2)).number,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["later", "other", "people", "by_anna", "plain"]),
        ({"actor": "anna"}, ["by_anna"]),
        ({"actor": "ANNA@trygg.example"}, ["by_anna"]),
        ({"actor": "system:tests"}, ["later", "other", "people", "plain"]),
        ({"actor": "nobody at all"}, []),
        ({"organisation": "polisen"}, ["by_anna"]),
        ({"act": "people."}, ["people"]),
        ({"act": "places.change_place"}, ["later", "other", "by_anna", "plain"]),
        ({"object_type": "organisation"}, ["people"]),
        ({"object_type": "place", "object_id": "navestad"}, ["other"]),
        ({"day_from": "2026-11-21"}, ["later"]),
        ({"day_until": "2026-11-20"}, ["other", "people", "by_anna", "plain"]),
        ({"day_from": "2026-11-22", "day_until": "2026-11-22"}, ["later"]),
        ({"day_until": "9999-12-31"}, ["later", "other", "people", "by_anna", "plain"]),
    ],
)
def test_the_history_is_narrowed_by_every_field(client, mixed, query, expected):
    assert numbers(client.get(LIST, query)) == [mixed[name] for name in expected]


@pytest.mark.parametrize(
    "query",
    [{"day_from": "yesterday"}, {"day_from": "2026-02-30"}, {"act": "no.such"},
     {"day_from": "2026-11-22", "day_until": "2026-11-20"}, {"object_id": "x" * 81},
     {"actor": "\x00"}, {"organisation": "nowhere"}],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_explained_and_nothing_is_read(client, mixed, query):
    before = Entry.objects.count()
    response = client.get(LIST, query)
    assert response.status_code == 422
    assert "Rätta det här" in response.content.decode()
    assert Entry.objects.count() == before


@pytest.mark.parametrize("older_than", ["0", "x", "-1", "9" * 40, "²", ""])
def test_an_odd_page_mark_breaks_nothing(client, mixed, older_than):
    assert client.get(LIST, {"older_than": older_than}).status_code == 200


def test_an_empty_result_says_what_to_try(client, mixed):
    text = client.get(LIST, {"object_id": "nothing"}).content.decode()
    assert "Inga poster passar urvalet" in text


# Who may see whose acts


def test_a_reader_of_one_organisation_sees_its_acts_and_those_below_alone(client):
    own, part, other = (OrganisationFactory(slug=slug) for slug in ("egen", "del", "annan"))
    part.parent = own
    part.save()
    reader = PersonFactory()
    MembershipFactory(person=reader, organisation=own, role=RoleFactory(permissions=["trail.read"]))
    seen = [
        note(by=Actor(id=f"token:{slug}", kind="token", organisation=slug)).number
        for slug in (own.slug, other.slug, part.slug)
    ]
    client.force_login(reader)
    assert numbers(client.get(LIST)) == [seen[2], seen[0]]
    exported = body(client.post(f"{LIST}export/", {"format": "jsonl"}))
    assert {json.loads(line)["actor_organisation"] for line in exported.splitlines()} == {
        "egen", "del",
    }  # fmt: skip
    assert Membership.objects.count() == 1


def test_an_act_is_done_in_the_name_of_the_only_organisation_one_has(client):
    reader = PersonFactory()
    role = RoleFactory(permissions=["trail.read"])
    own = MembershipFactory(person=reader, organisation__slug="egen", role=role)
    client.force_login(reader)
    client.get(LIST)
    assert Entry.objects.first().actor_organisation == "egen"
    assert numbers(client.get(LIST, {"readings": "on"})) == [1]
    MembershipFactory(person=reader, role=own.role)
    client.get(LIST)
    assert Entry.objects.first().actor_organisation == ""


# Pages


def test_pages_follow_each_other_without_gap_or_repeat(client, auditor):
    made = [note().number for _ in range(120)]
    seen, address = [], LIST
    while address:
        response = client.get(address)
        seen += numbers(response)
        address = response.context["older_url"]
    assert [number for number in seen if number in made] == made[::-1]
    assert len(seen) == len(set(seen))


def test_the_number_of_queries_stays_the_same(client, auditor, django_assert_max_num_queries):
    for _ in range(60):
        note(by=PersonFactory().as_actor, after={"name": "x"})
    with django_assert_max_num_queries(13):
        assert len(numbers(client.get(LIST))) == 25


# Files


def test_csv_holds_the_filtered_entries_and_opens_in_a_spreadsheet(client, mixed):
    response = client.post(f"{LIST}export/", {"format": "csv", "object_type": "organisation"})
    assert response.headers["Content-Type"].startswith("text/csv")
    assert ".csv" in response.headers["Content-Disposition"]
    text = body(response)
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert [int(row["number"]) for row in rows] == [mixed["people"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_a_csv_file_is_run_as_a_formula(client, auditor, start):
    note(reason=f"{start}HYPERLINK(1)")
    text = body(client.post(f"{LIST}export/", {"format": "csv"}))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0]["reason"] == f"'{start}HYPERLINK(1)"


def test_json_lines_hold_all_that_is_hashed(client, auditor):
    entry = note(after={"name": "Hageby"}, reason="skäl")
    line = json.loads(body(client.post(f"{LIST}export/", {"format": "jsonl"})))
    assert line["after"] == {"name": "Hageby"}
    assert (line["hash"], line["salt"]) == (entry.hash, entry.content.salt)
    assert json.loads(line["content"])["reason"] == "skäl"


def test_an_export_is_recorded_and_does_not_hold_itself(client, auditor):
    note()
    exported = body(client.post(f"{LIST}export/", {"format": "jsonl"}))
    assert "trail.export" not in exported
    assert Entry.objects.first().act == "trail.export"


def test_an_export_comes_by_post_alone_and_in_known_formats(client, auditor):
    assert client.get(f"{LIST}export/").status_code == 405
    assert client.post(f"{LIST}export/", {"format": "exe"}).status_code == 422


# Checking


def test_a_whole_chain_is_shown_with_its_count_and_head(client, auditor):
    head = note().hash
    text = client.post(f"{LIST}check/").content.decode()
    assert "Kedjan är hel" in text
    assert head in text
    assert Entry.objects.first().act == "trail.check_chain"


def test_a_broken_chain_names_the_entry_and_what_to_do(client, auditor):
    note()
    broken = note()
    from django.db.models import QuerySet

    QuerySet(Entry).filter(pk=broken.pk).update(actor="someone:else")
    response = client.post(f"{LIST}check/")
    text = response.content.decode()
    assert "Kedjan är bruten" in text
    assert response.context["outcome"].broken_at == broken.number
    assert "Ändra inget i databasen" in text


def test_what_was_noted_is_compared(client, auditor):
    entry = note()
    noted = {"expected_count": entry.number, "expected_head": entry.hash}
    assert "finns i kedjan" in client.post(f"{LIST}check/", noted).content.decode()
    noted["expected_head"] = "0" * 64
    assert "Kedjan är bruten" in client.post(f"{LIST}check/", noted).content.decode()
    noted["expected_head"] = "short"
    assert client.post(f"{LIST}check/", noted).status_code == 422


def test_every_act_and_type_that_the_rooms_record_has_a_name():
    """A room that records something new gives it a name in web/desk/trail/labels.py."""
    import re
    from pathlib import Path

    import kraftsamling
    from kraftsamling.web.desk.trail.labels import ACTS, OBJECT_TYPES

    rooms = Path(kraftsamling.__file__).parent
    source = "\n".join(
        path.read_text("utf-8")
        for room in ("people", "places", "cycle", "operation", "ops", "trail", "privacy")
        for path in (rooms / room).rglob("*.py")
    )
    acts = set(re.findall(r'act="([a-z_]+\.[a-z_]+)"', source))
    types = set(re.findall(r'on=\("([a-z_]+)"', source))
    assert not acts - set(ACTS)
    assert not types - set(OBJECT_TYPES)


# With a browser


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["sv", "ar"])
def test_the_page_is_accessible_and_fits(new_page, sign_in, axe, pictures, language):
    anna = PersonFactory(name="Anna Andersson")
    by = Actor(id=str(anna.public_id), kind="person", organisation="hyresbostader")
    for number in range(8):
        note(
            by=by if number % 2 else None,
            on=("place", f"hageby-centrum-{number}"),
            before={"name": Texts.of("Hageby", ar="هاجبي"), "step_free": True},
            after={"name": Texts.of("Hageby centrum", ar="مركز هاجبي"), "step_free": False},
            reason="Nytt namn på skylten" if number % 3 else "",
        )
    page = new_page(language=language)
    sign_in(page, person_with("auditor"))

    def look(name):
        for width in (360, 768, 1440):
            look_at(page, width)
            page.screenshot(path=pictures / f"{name}-{language}-{width}.png", full_page=True)
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.goto(reverse("desk:trail:list"))
    look("trail")
    page.locator(f'form[action="{LIST}check/"] button').click()
    page.wait_for_url("**/check/")
    look("trail-checked")
