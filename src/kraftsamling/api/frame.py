"""What surrounds every operation: errors as problem details, one description of it all."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, NoReturn

from django.core.exceptions import (
    ImproperlyConfigured,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, path, re_path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from kraftsamling.api import problems
from kraftsamling.api.description import complete
from kraftsamling.api.problems import Problem
from kraftsamling.api.security import TokenAuth

View = Callable[..., HttpResponseBase]
_JSON_TYPES = frozenset({"application/json"})


@dataclass(frozen=True)
class Described:
    """One operation as clients see it, and the scope that it asks for ('' = any valid token)."""

    method: str
    address: str
    operation_id: str
    scope: str


class StrictParser(Parser):
    """JSON and nothing that merely looks like it: no NaN, no form data under another name."""

    def parse_body(self, request: HttpRequest) -> Any:
        content_type = request.content_type or ""
        if content_type not in _JSON_TYPES and not content_type.endswith("+json"):
            raise Problem(
                "unsupported-media-type",
                f"Send JSON, with the header Content-Type: application/json; not {content_type!r}.",
                headers={"Accept": "application/json"},
            )
        content = json.loads(request.body, parse_constant=_refuse_constant)
        if not isinstance(content, dict | list):
            # A schema whose fields are all optional would otherwise take a bare 3 for itself.
            raise Problem(
                "invalid-fields",
                errors=[problems.wrong_body("#", "must be an object or a list")],
            )
        return content


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class Api(NinjaAPI):
    """The API with our errors, our security and our description around every operation."""

    def __init__(
        self, *, documentation: Callable[[HttpRequest, dict[str, Any]], HttpResponse], **kwargs: Any
    ) -> None:
        super().__init__(parser=StrictParser(), docs_url=None, openapi_url=None, **kwargs)
        self._documentation = documentation
        self._openapi: dict[str, Any] | None = None
        self._written: str | None = None

    def set_default_exception_handlers(self) -> None:
        def answer(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
            return _answer(error if isinstance(error, Exception) else error())

        self.add_exception_handler(Exception, answer)

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        patterns, app_name, namespace = super().urls
        own: list[URLResolver | URLPattern] = [
            path("", self._show_documentation, name="documentation"),
            path("openapi.json", self._show_description, name="openapi"),
            *patterns,
            re_path(r"^.*$", _nothing_here, name="unknown"),
        ]
        for pattern in own:
            if isinstance(pattern, URLPattern):
                pattern.callback = with_problems(pattern.callback)
        self._refuse_open_doors()
        return own, app_name, namespace

    def operations(self) -> Iterator[Operation]:
        for bound in self._get_bound_routers():
            for path_view in bound.path_operations.values():
                yield from path_view.operations

    def described_operations(self) -> list[Described]:
        """Every operation with its scope, in the order of the description."""
        return [
            Described(
                method=method.upper(),
                address=address,
                operation_id=operation["operationId"],
                scope=operation["security"][0]["token"][0]
                if operation["security"][0]["token"]
                else "",
            )
            for address, methods in self.openapi["paths"].items()
            for method, operation in methods.items()
            if operation.get("security")
        ]

    @property
    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description; made once, since it changes with the program alone."""
        if self._openapi is None:
            scopes = {
                self._id_of(operation): _guard_of(operation).scope
                for operation in self.operations()
            }
            self._openapi = complete(dict(OpenAPISchema(self, "/api/")), scopes)
        return self._openapi

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def _id_of(self, operation: Operation) -> str:
        return operation.operation_id or self.get_openapi_operation_id(operation)

    def _show_description(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET":
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        if self._written is None:
            self._written = json.dumps(self.openapi, ensure_ascii=False, indent=1)
        return HttpResponse(
            self._written,
            content_type="application/json",
            headers={"Cache-Control": "public, max-age=300", "Content-Language": "en"},
        )

    def _show_documentation(self, request: HttpRequest) -> HttpResponse:
        return self._documentation(request, self.openapi)

    def _refuse_open_doors(self) -> None:
        """An operation without a guard is a mistake that must not get as far as a request."""
        for operation in self.operations():
            _guard_of(operation)

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        return ValidationError(
            [
                _named(detail, context.model)
                for context in error_contexts
                for detail in context.pydantic_validation_error.errors(include_url=False)
            ]
        )


def with_problems(view: View) -> View:
    """The view, with every error on its way out turned into problem details."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked_for_head = request.method == "HEAD"
        if asked_for_head:
            request.method = "GET"  # the server leaves the body out
        try:
            response = view(request, *args, **kwargs)
        except Exception as error:
            return _answer(error)
        finally:
            if asked_for_head:
                request.method = "HEAD"
        is_problem = response.get("Content-Type", "").startswith(problems.MEDIA_TYPE)
        if response.status_code >= 400 and not is_problem:
            kept = {name: response[name] for name in ("Allow", "Retry-After") if name in response}
            return problems.from_status(response.status_code, kept).to_response()
        if "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response

    respond.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie opens anything here
    return respond


def _nothing_here(request: HttpRequest) -> HttpResponse:
    raise Problem("not-found", "The addresses are listed at /api/.")


def _guard_of(operation: Operation) -> TokenAuth:
    for guard in operation.auth_callbacks:
        if isinstance(guard, TokenAuth):
            return guard
    raise ImproperlyConfigured(
        f"The API operation {operation.view_func.__name__} is open to everyone: "
        "give it auth=requires(Scope.X) or auth=any_token()."
    )


def _answer(error: Exception) -> HttpResponse:
    return _to_problem(error).to_response()


def _to_problem(error: Exception) -> Problem:  # noqa: PLR0911  # one line per kind
    match error:
        case Problem():
            return error
        case ValidationError():
            return Problem("invalid-fields", errors=error.errors)
        case HttpError():
            return _from_http_error(error)
        case Http404() | ObjectDoesNotExist():
            return Problem("not-found")
        case PermissionDenied():
            return Problem("forbidden")
        case RequestDataTooBig():
            return Problem("too-large", "Send less at a time.")
        case TooManyFieldsSent() | SuspiciousOperation():
            return Problem("bad-request")
        case OperationalError():
            problems.logger.error("API: no database", exc_info=error)
            return Problem("unavailable", "Try again soon.", headers={"Retry-After": "5"})
        case _:
            return problems.unexpected(error)


def _from_http_error(error: HttpError) -> Problem:
    cause = error.__cause__
    if isinstance(cause, Problem):
        return cause
    if error.status_code == 400 and cause is not None:
        return Problem("malformed-body", f"It is not valid JSON in UTF-8.{_place_of(cause)}")
    return problems.from_status(error.status_code)


def _place_of(cause: BaseException) -> str:
    if isinstance(cause, json.JSONDecodeError):
        return f" Line {cause.lineno}, column {cause.colno}."
    return ""


def _named(detail: Any, model: Any) -> dict[str, str]:
    """Which value is wrong, in the client's terms, and why."""
    location = list(detail["loc"])
    said = str(detail["msg"]).removeprefix("Value error, ")
    if model.__ninja_param_source__ != "body":
        return problems.wrong_parameter(str(location[-1]) if location else "", said)
    if len(model.model_fields) == 1:
        location = location[1:]  # the only body parameter is the whole body
    pointer = "/".join(str(each).replace("~", "~0").replace("/", "~1") for each in location)
    return problems.wrong_body(f"#/{pointer}" if pointer else "#", said)
