"""Whatever is sent to a described operation, the answer is one that the description names."""

import json
import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kraftsamling.api.program import api

pytestmark = pytest.mark.django_db

# What breaks programs: nothing, other scripts, marks that steer, numbers at the edges.
AWKWARD = ["", " ", "\x00", "å", "\u202e", "𝔘", "'", '"', "%", "../..", "-1", "0", "9" * 30, "NaN",
           "null", "true", "2026-02-30", "1e400", "<script>", "{}", "[]", "\ud800"]  # fmt: skip
plain = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=30))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain, inner, max_size=3),
    max_leaves=8,
)
OPERATIONS = [
    (method, address, operation)
    for address, methods in api.openapi["paths"].items()
    for method, operation in methods.items()
]


def resolve(schema: dict) -> dict:
    if "$ref" in schema:
        return api.openapi["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


@st.composite
def fitting(draw, schema: dict, depth: int = 0):  # noqa: PLR0911  # one for each kind of schema
    """Something like what the schema describes, with now and then a value that is not."""
    schema = resolve(schema)
    if draw(st.integers(0, 9)) == 0 or depth > 4:
        return draw(values)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return draw(fitting(draw(st.sampled_from(schema[key])), depth + 1))
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    match schema.get("type"):
        case "object" if "properties" in schema:
            required = schema.get("required", [])
            return {
                name: draw(fitting(each, depth + 1))
                for name, each in schema["properties"].items()
                if name in required or draw(st.booleans())
            }
        case "array":
            return [
                draw(fitting(schema.get("items", {}), depth + 1))
                for _ in range(draw(st.integers(0, 3)))
            ]
        case "integer":
            return draw(st.integers(schema.get("minimum"), schema.get("maximum")))
        case "number":
            return draw(st.floats(allow_nan=False, allow_infinity=False))
        case "boolean":
            return draw(st.booleans())
        case "string":
            return draw(st.one_of(plain, st.sampled_from(["2026-11-22", "10:00", "a-slug"])))
    return draw(values)


def as_parameter(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize(
    ("method", "address", "operation"),
    OPERATIONS,
    ids=[each[2]["operationId"] for each in OPERATIONS],
)
def test_every_answer_is_a_described_one(secret_with, method, address, operation):
    client = Client(raise_request_exception=False)
    secret = secret_with("organisations:read", "places:read", "places:write")

    @settings(
        max_examples=40, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(data=st.data())
    def check(data):
        path, query = address, {}
        for parameter in operation["parameters"]:
            value = as_parameter(data.draw(fitting(parameter["schema"])))
            if parameter["in"] == "path":
                part = re.sub(r"[/\x00?#%\\]", "_", value) or "_"
                path = path.replace(f"{{{parameter['name']}}}", part)
            elif data.draw(st.booleans()):
                query[parameter["name"]] = value
        options = {"headers": {"authorization": f"Bearer {secret}"}, "query_params": query}
        if "requestBody" in operation:
            content = operation["requestBody"]["content"]
            body = data.draw(fitting(next(iter(content.values()))["schema"]))
            options |= {"data": json.dumps(body), "content_type": "application/json"}
        response = getattr(client, method)(path, **options)
        assert response.status_code < 500, response.content
        # A part of the address that cannot be a slug leads to no operation at all.
        allowed = {*operation["responses"], *(["404"] if "{" in address else [])}
        assert str(response.status_code) in allowed, (path, query, response.content)
        if response.status_code >= 400:
            assert response.headers["Content-Type"] == "application/problem+json"

    check()
