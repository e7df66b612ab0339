"""The API's own page for people: every operation, in their language, without a script."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from kraftsamling.api.problems import PROBLEMS
from kraftsamling.api.wording import worded
from kraftsamling.people.permissions import Scope

_REFERENCE = "#/components/schemas/"


# What the page is written in; in another language a reader gets the first, marked as such.
_LANGUAGES = ("sv", "en")


def page(request: HttpRequest, description: dict[str, Any]) -> HttpResponse:
    """The description as a page, in the reader's language; names in code stay as they are."""
    if request.method != "GET":
        return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"})
    wanted = get_language()
    written_in = wanted if wanted in _LANGUAGES else _LANGUAGES[0]
    with override(written_in):
        context = _context(description)
    context |= {"written_in": written_in, "is_in_other_language": written_in != wanted}
    response = render(request, "api/documentation.html", context)
    response["Cache-Control"] = "private, no-cache"
    return response


def _context(description: dict[str, Any]) -> dict[str, Any]:
    schemas = description["components"]["schemas"]
    return {
        "groups": _groups(description),
        "schemas": [
            {
                "name": name,
                "about": worded(schema.get("description", "")),
                "fields": _fields(schema),
                "choices": schema.get("enum", []),
            }
            for name, schema in sorted(schemas.items())
        ],
        "problems": [
            {"code": code, "status": status, "title": worded(title)}
            for code, (status, title) in PROBLEMS.items()
        ],
        "scopes": [
            {"code": scope.value, "label": str(scope.label)}
            for scope in Scope
            if scope.value in _scopes_asked_for(description)
        ],
        "server": description["servers"][0]["url"],
        "openapi": description["openapi"],
    }


def _scopes_asked_for(description: dict[str, Any]) -> set[str]:
    return {
        scope
        for methods in description["paths"].values()
        for operation in methods.values()
        for scope in operation["security"][0]["token"]
    }


def _groups(description: dict[str, Any]) -> list[dict[str, Any]]:
    by_tag: dict[str, list[dict[str, Any]]] = {}
    for address, methods in description["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["other"])[0]
            by_tag.setdefault(tag, []).append(_operation(method, address, operation))
    return [
        {"tag": tag, "title": worded(tag), "operations": operations}
        for tag, operations in by_tag.items()
    ]


def _operation(method: str, address: str, operation: dict[str, Any]) -> dict[str, Any]:
    scopes = operation["security"][0]["token"]
    body = operation.get("requestBody", {}).get("content", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "address": address,
        "summary": worded(operation["summary"]),
        "about": worded(operation.get("description", "")),
        "scope": scopes[0] if scopes else "",
        "parameters": [_parameter(each) for each in operation.get("parameters", ())],
        "body": _type_of(next(iter(body.values()))["schema"]) if body else None,
        "answers": [_answer(status, each) for status, each in operation["responses"].items()],
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    return {
        "name": parameter["name"],
        "place": _places()[parameter["in"]],
        "type": _type_of(schema),
        "required": parameter["required"],
        "about": worded(parameter.get("description", "")),
        "default": schema.get("default", ""),
    }


def _places() -> dict[str, str]:
    """Where a parameter stands, in words."""
    return {"path": _("adressen"), "query": _("frågan"), "header": _("huvudet")}


def _answer(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    content = answer.get("content", {})
    schema = next(iter(content.values()))["schema"] if content else None
    return {
        "status": status,
        "about": worded(answer["description"]),
        "type": _type_of(schema) if schema else None,
        "is_problem": status >= "400",
    }


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "type": _type_of(detail),
            "required": name in required,
            "about": worded(detail.get("description", "")),
        }
        for name, detail in schema.get("properties", {}).items()
    ]


def _type_of(schema: dict[str, Any]) -> dict[str, str]:
    """A schema in a few words, and the schema of ours that it leads to ('' where none).

    That a value may be null is left to the description: here it would be noise.
    """
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REFERENCE)
        return {"words": name, "link": name}
    if "anyOf" in schema:
        options = [_type_of(each) for each in schema["anyOf"] if each.get("type") != "null"]
        words = " | ".join(each["words"] for each in options)
        return {"words": words, "link": next((each["link"] for each in options), "")}
    if schema.get("type") == "array":
        items = _type_of(schema.get("items", {}))
        return {"words": _("lista av %(items)s") % {"items": items["words"]}, "link": items["link"]}
    if "enum" in schema:
        return {"words": " | ".join(str(each) for each in schema["enum"]), "link": ""}
    words = schema.get("format") or schema.get("type") or "any"
    bounds = [
        f"{sign} {schema[key]}"
        for key, sign in (("minimum", "≥"), ("maximum", "≤"), ("maxLength", _("högst")))
        if key in schema
    ]
    return {"words": ", ".join([str(words), *bounds]), "link": ""}
