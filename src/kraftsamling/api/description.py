"""The OpenAPI description, completed with what holds for every operation."""

import json
import re
from typing import Any

from django.conf import settings

from kraftsamling.api.problems import MEDIA_TYPE, PROBLEMS
from kraftsamling.people.permissions import Scope

SCHEME = "token"
_REFERENCE = "#/components/schemas/"
_BODY_METHODS = frozenset({"post", "put", "patch"})

ABOUT = """\
A city's organisations, places and opening hours, for other systems. This document is in English;
the page at `/api/` says the same in the reader's language.

* **Tokens.** Every operation needs a token in the header `Authorization: Bearer ks_...`. It belongs
  to an organisation, carries scopes, and is created by the organisation's administrator. Cookies
  are never accepted, and no other site may call from a browser (CORS is off).
* **Errors** are problem details (RFC 9457, `application/problem+json`); `errors` names each wrong
  value by JSON Pointer or parameter.
* **Lists** come in pages; follow `next`, or the header `Link`, until it is null. Treat cursors as
  opaque.
* **Texts** come in all their languages, or in one: `?language=sv`, or the header Accept-Language.
* **Unchanged answers**: send back the `ETag` in `If-None-Match` and get 304 without a body.
* **Times** are ISO 8601 with an offset; a span of days or times is half-open: its end is not part
  of it.
* **Limits**: a token may make a good number of requests a minute; beyond that the answer is 429
  with `Retry-After`.
"""

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "Problem details, RFC 9457.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Leads to its explanation."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do about it."},
        "errors": {
            "type": "array",
            "description": "Each value that cannot be used.",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON Pointer into the body."},
                    "confirm": {
                        "type": "string",
                        "description": "Where the value may be right: send this text in the "
                        "body's `confirmed` to keep it.",
                    },
                    "parameter": {"type": "string", "description": "Of the query or the address."},
                    "detail": {"type": "string"},
                },
            },
        },
        "scope": {"type": "string", "description": "The scope that the token lacks."},
        "reference": {"type": "string", "description": "Quote it when asking about the error."},
    },
}


def complete(schema: dict[str, Any], scopes: dict[str, Scope | None]) -> dict[str, Any]:
    """`schema` with security, errors and headers written out; `scopes` by operation id."""
    schema["servers"] = [{"url": settings.BASE_URL}]
    schema = _with_plain_names(schema)
    components = schema["components"]
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = {
        SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "ks_<prefix>_<secret>",
            "description": "An organisation's token. "
            + " ".join(f"`{scope}`: {_english(scope)}." for scope in _asked_for(scopes)),
        }
    }
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            _complete_operation(method, operation, scopes[operation["operationId"]])
    _drop_unused(schema)
    return schema


def _with_plain_names(schema: dict[str, Any]) -> dict[str, Any]:
    """Schemas as a reader would call them: OrganisationOut is an Organisation, pages are pages."""
    text = json.dumps(schema)
    for name in schema["components"].get("schemas", {}):
        plain = re.sub(r"^PageOf_(\w+?)(?:Out)?_$", r"\1Page", name).removesuffix("Out")
        text = text.replace(f'"{_REFERENCE}{name}"', f'"{_REFERENCE}{plain}"')
        text = text.replace(f'"{name}": {{', f'"{plain}": {{')
    renamed: dict[str, Any] = json.loads(text)
    for name, each in renamed["components"].get("schemas", {}).items():
        each["title"] = name
    return renamed


def _drop_unused(schema: dict[str, Any]) -> None:
    """Leave out schemas that nothing refers to: the groups of query parameters."""
    schemas = schema["components"]["schemas"]
    text = json.dumps(schema)
    for name in [name for name in schemas if f'"{_REFERENCE}{name}"' not in text]:
        del schemas[name]


def _complete_operation(method: str, operation: dict[str, Any], scope: Scope | None) -> None:
    operation["security"] = [{SCHEME: [scope.value] if scope else []}]
    responses = {str(status): answer for status, answer in operation["responses"].items()}
    for status in _statuses(method, operation, has_scope=scope is not None):
        responses.setdefault(str(status), _problem_answer(status, "requestBody" in operation))
    if method == "get":
        responses.setdefault("304", {"description": "Not Modified: what you have is current"})
    operation["responses"] = dict(sorted(responses.items()))


def _statuses(method: str, operation: dict[str, Any], *, has_scope: bool) -> list[int]:
    statuses = [400, 401, 429, 500, 503]
    if has_scope:
        statuses.append(403)
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    if "path" in places:
        statuses.append(404)
    if places or "requestBody" in operation:
        statuses.append(422)
    if method in _BODY_METHODS and "requestBody" in operation:
        statuses += [413, 415]
    return statuses


def _problem_answer(status: int, takes_body: bool) -> dict[str, Any]:
    titles = [
        title
        for code, (number, title) in PROBLEMS.items()
        if number == status and (takes_body or code != "malformed-body")
    ]
    answer: dict[str, Any] = {
        "description": "; ".join(titles),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in (429, 503):
        answer["headers"] = {
            "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}
        }
    if status == 401:
        answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return answer


def _asked_for(scopes: dict[str, Scope | None]) -> list[str]:
    return sorted({scope.value for scope in scopes.values() if scope})


def _english(scope: str) -> str:
    objects, _, verb = scope.partition(":")
    return f"{verb} {objects}"
