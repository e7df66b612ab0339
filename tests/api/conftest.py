"""A token to call with, and a client that calls."""

from datetime import UTC, datetime

import pytest

from kraftsamling.api import security
from kraftsamling.api.limits import RateLimit
from kraftsamling.kit.actor import system_actor
from kraftsamling.people.actions.tokens import create_token
from tests.factories import OrganisationFactory

NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh_rate_limit(monkeypatch):
    """No test spends the requests of another."""
    monkeypatch.setattr(security, "rate_limit", RateLimit(per_window=10**9, clock=lambda: 0.0))


@pytest.fixture
def organisation(db):
    return OrganisationFactory(slug="hyresbostader")


@pytest.fixture
def secret_with(organisation):
    """`secret_with("organisations:read")` makes a token and gives its text."""

    def make(*scopes: str, **options) -> str:
        _, text = create_token(
            organisation, scopes=scopes, by=system_actor("tests"), at=NOW, **options
        )
        return text

    return make


@pytest.fixture
def call(client, secret_with):
    """`call("/api/me", "places:read")`: a GET, or `method=`, with a token of those scopes."""

    def request(path: str, *scopes: str, method: str = "get", headers=None, **options):
        secret = secret_with(*(scopes or ("organisations:read",)))
        sent = {"authorization": f"Bearer {secret}", **(headers or {})}
        return getattr(client, method)(path, headers=sent, **options)

    return request
