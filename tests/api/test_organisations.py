"""Organisations and networks through the API, and what holds for every list in it."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from kraftsamling.kit.actor import system_actor
from kraftsamling.kit.texts import Texts
from kraftsamling.people.actions.organisations import OrganisationDetails, change_organisation
from kraftsamling.people.models import Organisation, Token
from tests.api.conftest import NOW
from tests.factories import NetworkFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def slugs(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [each["slug"] for each in response.json()["items"]]


def all_pages(call, path: str) -> list[list[str]]:
    pages, address = [], path
    while address:
        response = call(address)
        pages.append(slugs(response))
        following = response.json()["next"]
        assert (f'<{following}>; rel="next"' if following else None) == response.headers.get("Link")
        address = following and f"{urlsplit(following).path}?{urlsplit(following).query}"
    return pages


def test_an_organisation_tells_what_the_public_may_know(call, organisation):
    network = NetworkFactory(slug="interreligiosa")
    organisation.networks.add(network)
    organisation.parent = OrganisationFactory(slug="kommunen")
    organisation.name = Texts.of("Hyresbostäder", en="Rental homes")
    organisation.save()
    content = call("/api/organisations/hyresbostader").json()
    assert content == {
        "slug": "hyresbostader",
        "kind": "association",
        "name": {"by_language": {"sv": "Hyresbostäder", "en": "Rental homes"}, "drafts": []},
        "description": {"by_language": {"sv": "En påhittad förening."}, "drafts": []},
        "parent": "kommunen",
        "networks": ["interreligiosa"],
        "contact": {
            "function": "Kansliet", "email": "kansli@hyresbostader.example", "phone": "",
        },
        "website": "",
        "logo": None,
    }  # fmt: skip


def test_pages_hold_every_organisation_once_and_in_order(call):
    OrganisationFactory.create_batch(7)
    pages = all_pages(call, "/api/organisations?limit=3")
    assert [len(page) for page in pages] == [3, 3, 2]
    flat = [slug for page in pages for slug in page]
    assert flat == sorted(Organisation.objects.values_list("slug", flat=True))


def test_pages_stay_put_when_rows_are_added_before_them(call):
    for letter in "bdfh":
        OrganisationFactory(slug=letter)
    following = call("/api/organisations?limit=2").json()["next"]
    OrganisationFactory(slug="a")
    OrganisationFactory(slug="c")
    assert slugs(call(following)) == ["f", "h"]


def test_networks_come_in_pages_too(call, organisation):
    for slug in "abc":
        NetworkFactory(slug=slug)
    organisation.networks.add(NetworkFactory(slug="d"))
    assert all_pages(call, "/api/networks?limit=2") == [["a", "b"], ["c", "d"]]
    counts = [each["organisation_count"] for each in call("/api/networks").json()["items"]]
    assert counts == [0, 0, 0, 1]


@pytest.mark.parametrize("path", ["/api/organisations", "/api/networks"])
@pytest.mark.parametrize(
    "cursor", ["x", "é", "bm90IGpzb24", "W10", "WzEsMl0", "W3RydWVd", "WyJcdTAwMDAiXQ", "W251bGxd",
               "WyJcdWQ4MDAiXQ", "WzFlOTk5XQ"],
)  # fmt: skip
def test_a_cursor_that_is_not_ours_is_refused_by_name(call, path, cursor):
    response = call(path, data={"cursor": cursor})
    assert response.status_code == 422
    assert [each["parameter"] for each in response.json()["errors"]] == ["cursor"]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "1e3", ""])
def test_a_limit_outside_the_bounds_is_refused_by_name(call, limit):
    response = call(f"/api/organisations?limit={limit}")
    assert response.status_code == 422
    assert [each["parameter"] for each in response.json()["errors"]] == ["limit"]


def test_lists_are_filtered_by_kind_network_and_text(call, organisation):
    OrganisationFactory(slug="polisen", kind="police", name=Texts.of("Polisen", en="The police"))
    organisation.networks.add(NetworkFactory(slug="bo"))
    assert slugs(call("/api/organisations?kind=police")) == ["polisen"]
    assert slugs(call("/api/organisations?network=bo")) == ["hyresbostader"]
    assert slugs(call("/api/organisations?text=THE+POL")) == ["polisen"]
    assert slugs(call("/api/organisations?network=nowhere")) == []
    assert call("/api/organisations?kind=gang").status_code == 422


def test_a_closed_organisation_is_not_there(call):
    OrganisationFactory(slug="stangd", is_active=False)
    OrganisationFactory(slug="del", parent=Organisation.objects.get(slug="stangd"))
    assert "stangd" not in slugs(call("/api/organisations"))
    assert call("/api/organisations/stangd").status_code == 404
    assert call("/api/organisations/del").json()["parent"] is None


def test_the_number_of_queries_does_not_grow_with_the_rows(
    client, secret_with, django_assert_num_queries
):
    sent = {"authorization": f"Bearer {secret_with('organisations:read')}"}
    network = NetworkFactory()
    for _ in range(30):
        OrganisationFactory().networks.add(network)
    client.get("/api/organisations", headers=sent)  # notes the day the token was used
    with django_assert_num_queries(4):
        assert len(slugs(client.get("/api/organisations", headers=sent))) == 31


# Languages


@pytest.fixture
def drafted(organisation):
    organisation.name = Texts({"sv": "Hem", "en": "Homes", "ar": "بيوت"}, frozenset({"ar"}))
    organisation.save()


@pytest.mark.parametrize(
    ("query", "header", "shown", "drafts", "language"),
    [
        ("", "", ["sv", "en", "ar"], ["ar"], "mul"),
        ("?language=en", "", ["en"], [], "en"),
        ("?language=ar", "en", ["ar"], ["ar"], "ar"),
        ("?language=so", "", ["sv"], [], "so"),
        ("", "en-GB,sv;q=0.5", ["en"], [], "en"),
        ("", "de, *;q=0.1", ["sv", "en", "ar"], ["ar"], "mul"),
        ("", "de;q=1, ar;q=0.2, sv;q=0.1", ["ar"], ["ar"], "ar"),
        ("", "en;q=0, sv;q=x", ["sv", "en", "ar"], ["ar"], "mul"),
        ("", "," * 600, ["sv", "en", "ar"], ["ar"], "mul"),
    ],
)
def test_texts_come_in_the_language_asked_for(
    call, drafted, query, header, shown, drafts, language
):
    response = call(f"/api/organisations/hyresbostader{query}", headers={"accept-language": header})
    name = response.json()["name"]
    assert list(name["by_language"]) == shown
    assert name["drafts"] == drafts
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]


def test_a_language_that_the_city_does_not_have_is_refused_by_name(call, organisation):
    response = call("/api/organisations?language=xx")
    assert response.status_code == 422
    assert response.json()["errors"][0]["parameter"] == "language"


# Unchanged answers


def test_an_unchanged_list_is_not_sent_twice(call, organisation):
    first = call("/api/organisations")
    tag = first.headers["ETag"]
    again = call("/api/organisations", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Cache-Control"] == "private, no-cache"
    for same in (f'"other", {tag}', tag.removeprefix("W/"), "*"):
        assert call("/api/organisations", headers={"if-none-match": same}).status_code == 304


def test_a_changed_list_is_sent_again(call, organisation):
    tag = call("/api/organisations").headers["ETag"]
    change_organisation(
        organisation,
        details=OrganisationDetails(name=Texts.of("Nytt namn")),
        by=system_actor("tests"),
        at=NOW,
    )
    again = call("/api/organisations", headers={"if-none-match": tag})
    assert again.status_code == 200
    assert again.json()["items"][0]["name"]["by_language"]["sv"] == "Nytt namn"


def test_another_language_or_page_is_another_answer(call, organisation):
    tags = {
        call(f"/api/organisations{query}").headers["ETag"]
        for query in ("", "?language=en", "?language=sv", "?limit=1")
    }
    assert len(tags) == 4


def test_a_tag_opens_nothing_without_a_token(client):
    response = client.get("/api/organisations", headers={"if-none-match": "*"})
    assert response.status_code == 401


# The token itself


def test_a_token_shows_whose_it_is_and_what_it_may_do(call):
    content = call("/api/me", "places:read", "organisations:read").json()
    assert content["organisation"] == "hyresbostader"
    assert content["scopes"] == ["organisations:read", "places:read"]
    assert content["expires_at"] is None
    assert set(content) == {"prefix", "label", "organisation", "scopes", "expires_at"}


@pytest.mark.parametrize("change", ["revoked", "expired", "closed"])
def test_a_token_that_no_longer_holds_is_refused_at_once(client, secret_with, change):
    sent = {"authorization": f"Bearer {secret_with('organisations:read')}"}
    assert client.get("/api/me", headers=sent).status_code == 200
    now = datetime.now(UTC)
    if change == "revoked":
        Token.objects.update(revoked_at=now)
    elif change == "expired":
        Token.objects.update(expires_at=now - timedelta(seconds=1))
    else:
        Organisation.objects.update(is_active=False)
    assert client.get("/api/me", headers=sent).status_code == 401
