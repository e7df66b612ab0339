"""Who calls the API: a program with an organisation's token, and what its scopes allow.

A session cookie opens nothing here: a page on another site could otherwise make a signed-in
person's browser write through the API.
"""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security.base import AuthBase

from kraftsamling.api.limits import REQUESTS_PER_WINDOW, RateLimit
from kraftsamling.api.problems import Problem
from kraftsamling.people import access
from kraftsamling.people.permissions import Scope

REALM = "kraftsamling"
_SCHEME = "bearer"
rate_limit = RateLimit(
    per_window=getattr(settings, "API_REQUESTS_PER_MINUTE", REQUESTS_PER_WINDOW), clock=time.time
)


class TokenAuth(AuthBase):
    """Lets a request pass whose token is valid and holds `scope` (None: any valid token).

    The operation finds the token in `request.auth`: its `organisation`, and `as_actor` for the
    trail.
    """

    openapi_type = "http"
    openapi_scheme = _SCHEME

    def __init__(self, scope: Scope | None) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        token = access.token_from_secret(_secret(request), at=timezone.now())
        if token is None:
            raise Problem(
                "invalid-token",
                "It is misspelt, withdrawn or has expired. Ask your organisation for a new one.",
                headers={"WWW-Authenticate": f'Bearer realm="{REALM}", error="invalid_token"'},
            )
        wait = rate_limit.seconds_to_wait(token.prefix)
        if wait:
            raise Problem(
                "rate-limited",
                f"At most {rate_limit.per_window} requests a minute. Try again in {wait} s.",
                headers={"Retry-After": str(wait)},
            )
        if self.scope is not None and self.scope.value not in token.scopes:
            raise Problem(
                "missing-scope",
                f"This needs the scope {self.scope.value}. "
                "The organisation's administrator can create a token that has it.",
                headers={
                    "WWW-Authenticate": f'Bearer realm="{REALM}", error="insufficient_scope", '
                    f'scope="{self.scope.value}"'
                },
                scope=self.scope.value,
            )
        return token


def requires(scope: Scope) -> TokenAuth:
    """The `auth=` of an operation: a valid token that holds `scope`."""
    return TokenAuth(scope)


def any_token() -> TokenAuth:
    """The `auth=` of an operation that every valid token may call."""
    return TokenAuth(None)


def _secret(request: HttpRequest) -> str:
    scheme, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != _SCHEME or not secret.strip():
        raise Problem(
            "no-token",
            "Send your organisation's token in the header 'Authorization: Bearer ks_...'.",
            headers={"WWW-Authenticate": f'Bearer realm="{REALM}"'},
        )
    return secret.strip()
