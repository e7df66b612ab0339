"""Every error is problem details: what is wrong, what to do, and nothing from the inside."""

import json
import logging

import pytest

from kraftsamling.api.problems import MEDIA_TYPE, PROBLEMS

pytestmark = pytest.mark.django_db
ODD = pytest.mark.urls("tests.api.odd_api")


def problem(response, status: int, code: str) -> dict:
    assert response.status_code == status
    assert response.headers["Content-Type"] == MEDIA_TYPE
    content = response.json()
    assert content["status"] == status
    assert content["type"].endswith(f"/api/#problem-{code}")
    assert content["title"] == PROBLEMS[code][1]
    return content


def post(call, path, content, content_type="application/json"):
    return call(path, method="post", data=content, content_type=content_type)


@pytest.mark.parametrize("path", ["/api/nothing", "/api/nothing/", "/api/a/b/c", "/api/me/x"])
def test_an_unknown_address_is_a_problem_not_a_page(client, path):
    problem(client.get(path), 404, "not-found")


def test_without_a_token_the_answer_says_which_header_to_send(client):
    response = client.get("/api/me")
    content = problem(response, 401, "no-token")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="kraftsamling"'
    assert "Authorization: Bearer" in content["detail"]


@pytest.mark.parametrize(
    "header",
    ["Bearer ", "Bearer", "Basic dXNlcjpwYXNz", "ks_abcdefgh_x", "", "Bearer\x0b"],
)
def test_a_header_that_is_no_bearer_token_counts_as_none(client, header):
    problem(client.get("/api/me", headers={"authorization": header}), 401, "no-token")


@pytest.mark.parametrize(
    "secret", ["x", "ks_abcdefgh_" + "A" * 43, "ks_åäö", "a" * 10_000, "' OR 1=1 --"]
)
def test_a_token_that_nobody_gave_out_is_refused(client, secret):
    response = client.get("/api/me", headers={"authorization": f"Bearer {secret}"})
    problem(response, 401, "invalid-token")
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


def test_a_token_works_in_any_case_of_the_scheme(client, secret_with):
    secret = secret_with("organisations:read")
    assert client.get("/api/me", headers={"authorization": f"bearer {secret}"}).status_code == 200


def test_a_missing_scope_is_named(call):
    response = call("/api/organisations", "places:read")
    content = problem(response, 403, "missing-scope")
    assert content["scope"] == "organisations:read"
    assert 'scope="organisations:read"' in response.headers["WWW-Authenticate"]


def test_a_session_opens_nothing_in_the_api(client, organisation):
    from tests.factories import person_with

    client.force_login(person_with("operator"))
    problem(client.get("/api/me"), 401, "no-token")
    problem(client.get("/api/organisations"), 401, "no-token")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_method_that_is_not_taken_names_those_that_are(client, method):
    response = getattr(client, method)("/api/organisations")
    problem(response, 405, "method-not-allowed")
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/", "/api/openapi.json"])
def test_the_public_addresses_take_get_alone(client, path):
    problem(client.post(path), 405, "method-not-allowed")


def test_head_is_answered_like_get_without_a_body(call):
    response = call("/api/me", method="head")
    assert response.status_code == 200
    assert response.content == b""


@ODD
@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b'{"size": NaN}', b"[" * 100_000, b"'name'", b'{"size": ' + b"9" * 5000],
)
def test_a_body_that_is_not_json_is_malformed(call, body):
    problem(post(call, "/api/things", body), 400, "malformed-body")


@ODD
def test_malformed_json_says_where(call):
    content = problem(post(call, "/api/things", b'{"name":\n ,}'), 400, "malformed-body")
    assert "Line 2, column 2" in content["detail"]


@ODD
@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_body_of_another_type_is_refused(call, content_type):
    response = post(call, "/api/things", b'{"name": "x", "size": 1}', content_type)
    problem(response, 415, "unsupported-media-type")
    assert response.headers["Accept"] == "application/json"


@ODD
def test_a_body_that_is_too_large_is_refused(call, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    problem(post(call, "/api/things", b" " * 101), 413, "too-large")


@ODD
def test_every_wrong_value_is_named_by_its_pointer(call):
    body = {"name": "", "size": 0, "hours": [{"opens": "10:00"}, {"opens": "soon"}, {}]}
    content = problem(post(call, "/api/things", json.dumps(body)), 422, "invalid-fields")
    assert [each["pointer"] for each in content["errors"]] == [
        "#/name",
        "#/size",
        "#/hours/1/opens",
        "#/hours/2/opens",
    ]
    assert all(each["detail"] for each in content["errors"])


@ODD
def test_no_wrong_value_is_sent_back(call):
    body = {"name": "199001011234 is secret", "size": 1}
    response = post(call, "/api/things", json.dumps(body))
    assert "199001011234" not in response.content.decode()


@ODD
def test_a_body_of_two_parts_is_pointed_into_by_part(call):
    body = {"left": {"name": "a", "size": 1}, "right": {"name": "b", "size": 0}}
    content = problem(post(call, "/api/pairs", json.dumps(body)), 422, "invalid-fields")
    assert [each["pointer"] for each in content["errors"]] == ["#/right/size"]


@ODD
@pytest.mark.parametrize("body", [b"3", b"null", b'"text"', b"true"])
def test_a_body_of_the_wrong_kind_is_pointed_at_as_a_whole(call, body):
    content = problem(post(call, "/api/things", body), 422, "invalid-fields")
    assert content["errors"][0]["pointer"] == "#"


@ODD
def test_a_missing_body_is_named_too(call):
    problem(post(call, "/api/things", b""), 422, "invalid-fields")


@ODD
def test_a_wrong_part_of_the_address_is_named(call):
    content = problem(call("/api/numbered/three"), 422, "invalid-fields")
    assert content["errors"] == [{"parameter": "number", "detail": content["errors"][0]["detail"]}]


@ODD
def test_an_unforeseen_error_tells_nothing_but_a_reference_that_the_log_has(call, caplog):
    with caplog.at_level(logging.ERROR, logger="kraftsamling.api"):
        content = problem(call("/api/broken"), 500, "internal-error")
    assert "hunter2" not in json.dumps(content)
    assert content["reference"] in caplog.text
    assert "hunter2" in caplog.text


@ODD
def test_a_database_that_does_not_answer_is_said_to_come_back(call, caplog):
    response = call("/api/asleep")
    content = problem(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0
    assert "db.internal" not in json.dumps(content)


def test_every_problem_is_explained_on_the_page(client):
    page = client.get("/api/").content.decode()
    for code in PROBLEMS:
        assert f'id="problem-{code}"' in page


def test_problems_are_never_cached(client):
    assert client.get("/api/me").headers["Cache-Control"] == "no-store"


def test_no_other_site_may_call_from_a_browser(client):
    response = client.options(
        "/api/me", headers={"origin": "https://elsewhere.example", "x-requested-with": "x"}
    )
    assert not [name for name in response.headers if name.startswith("Access-Control")]
