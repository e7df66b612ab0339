"""The description tells the truth: it is valid, complete, and says what each operation asks for."""

import json
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from ninja import Router
from openapi_spec_validator import OpenAPIV31SpecValidator

from kraftsamling.api.frame import Api
from kraftsamling.api.program import api
from kraftsamling.people.permissions import Scope

DOCS = Path(__file__).parents[2] / "docs/api.md"


@pytest.fixture(scope="module")
def description() -> dict:
    return json.loads(json.dumps(api.openapi))


def operations(description):
    for address, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method, address, operation


def test_it_is_valid_openapi_3_1(client, db):
    response = client.get("/api/openapi.json")
    assert response.headers["Content-Type"] == "application/json"
    description = response.json()
    assert description["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(description).validate()


def test_every_operation_asks_for_a_token(description):
    for method, address, operation in operations(description):
        assert list(operation["security"][0]) == ["token"], (method, address)


def test_every_scope_asked_for_can_be_given(description):
    for described in api.described_operations():
        assert described.scope == "" or described.scope in Scope.values


def test_an_operation_without_a_guard_never_gets_as_far_as_a_request():
    router = Router()
    router.get("/open")(lambda request: None)
    api_of_test = Api(urls_namespace="test", documentation=lambda request, description: None)
    api_of_test.add_router("", router)
    with pytest.raises(ImproperlyConfigured, match="requires"):
        _ = api_of_test.urls


def test_every_operation_says_what_it_does_and_how_it_fails(description):
    for method, address, operation in operations(description):
        assert operation.get("description"), (method, address)
        statuses = set(operation["responses"])
        assert {"401", "429", "500", "503"} <= statuses, (method, address)
        assert ("403" in statuses) == bool(operation["security"][0]["token"]), (method, address)
        assert "{" not in address or "404" in statuses, (method, address)
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"]


def test_every_field_and_parameter_is_described_or_plain(description):
    for method, address, operation in operations(description):
        for parameter in operation["parameters"]:
            if parameter["in"] == "query":
                assert parameter.get("description"), (method, address, parameter["name"])


def test_every_schema_is_used_and_plainly_named(description):
    text = json.dumps(description)
    for name in description["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text
        assert re.fullmatch(r"[A-Z][A-Za-z]+", name), name


def test_the_page_for_people_shows_every_operation(client, db):
    page = client.get("/api/").content.decode()
    for described in api.described_operations():
        assert f'id="{described.operation_id}"' in page
        assert described.address in page


def test_every_link_within_the_page_leads_somewhere(client, db):
    page = client.get("/api/").content.decode()
    for target in set(re.findall(r'href="#([^"]+)"', page)):
        assert f'id="{target}"' in page


def test_the_handbook_has_the_same_table_of_operations():
    row = r"^\| `(\w+) (/api/\S*)` \| (?:`([\w:]+)`|-) \|"
    written = set(re.findall(row, DOCS.read_text("utf-8"), re.M))
    actual = {(each.method, each.address, each.scope) for each in api.described_operations()}
    assert written == actual, f"docs/api.md: the table of operations should be {sorted(actual)}"
