"""What went wrong, as every client of ours reads it: problem details, RFC 9457."""

import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse

MEDIA_TYPE = "application/problem+json"
logger = logging.getLogger("kraftsamling.api")

# code → (status, title). The code ends the problem's `type`, which leads to /api/#problem-<code>.
PROBLEMS: dict[str, tuple[int, str]] = {
    "malformed-body": (400, "The body cannot be read"),
    "bad-request": (400, "The request cannot be understood"),
    "no-token": (401, "A token is needed"),
    "invalid-token": (401, "The token is not valid"),
    "missing-scope": (403, "The token lacks a scope"),
    "forbidden": (403, "The token's organisation may not do this"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "This address does not take that method"),
    "conflict": (409, "The request does not fit what is stored"),
    "changed-since": (412, "The resource has changed since you read it"),
    "too-large": (413, "The body is too large"),
    "unsupported-media-type": (415, "The body is of a type that is not taken here"),
    "invalid-fields": (422, "Some values cannot be used"),
    "rate-limited": (429, "Too many requests"),
    "internal-error": (500, "Something went wrong on our side"),
    "unavailable": (503, "The service cannot answer just now"),
}


class Problem(Exception):  # what the API answers, not what is wrong in our code
    """Raise it anywhere below an operation: the client gets it as problem details.

    `code` is one of PROBLEMS. `errors` name single values: {"pointer" or "parameter", "detail"}.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.members = members
        self.status, self.title = PROBLEMS[code]

    def to_response(self) -> HttpResponse:
        content: dict[str, Any] = {
            "type": f"{settings.BASE_URL}/api/#problem-{self.code}",
            "title": self.title,
            "status": self.status,
        }
        if self.detail:
            content["detail"] = self.detail
        if self.errors:
            content["errors"] = self.errors
        content |= self.members
        return HttpResponse(
            json.dumps(content, ensure_ascii=False),
            status=self.status,
            content_type=MEDIA_TYPE,
            headers={"Cache-Control": "no-store", "Content-Language": "en", **self.headers},
        )


def wrong_body(pointer: str, detail: str) -> dict[str, str]:
    """One wrong value of a body, found by its JSON Pointer: '#/opening_hours/0/opens'."""
    return {"pointer": pointer, "detail": detail}


def wrong_parameter(name: str, detail: str) -> dict[str, str]:
    """One wrong value of the query or the address."""
    return {"parameter": name, "detail": detail}


def unexpected(exception: Exception) -> Problem:
    """The answer to an error that nobody foresaw: a number to quote, nothing from the inside."""
    reference = uuid.uuid4().hex[:12]
    logger.error("API error %s", reference, exc_info=exception)
    return Problem(
        "internal-error",
        "The error has been logged. Quote the reference when you ask about it.",
        reference=reference,
    )


def from_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """The plain problem for a bare HTTP status."""
    known = {number: code for code, (number, _) in reversed(PROBLEMS.items())}
    code = known.get(status) or ("bad-request" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "")
    return Problem(code or "internal-error", headers=headers)
