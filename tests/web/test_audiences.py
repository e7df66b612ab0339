"""Every address × every persona × own and foreign objects, against the declared table."""

import copy
import re
from collections import Counter
from urllib.parse import quote, urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import reverse

from kraftsamling.web import errors
from kraftsamling.web.audiences import audience_of
from tests.web.addresses import FOREIGN, PERSONAS, all_addresses, build_city, path_of
from tests.web.expectations import (
    LET_IN,
    NOT_FOUND,
    REFUSED,
    SIGN_IN,
    WANTS_TOKEN,
    declared_expectations,
)

EXPECTATIONS = declared_expectations()
_BY_STATUS = {401: WANTS_TOKEN, 403: REFUSED, 404: NOT_FOUND}


@pytest.fixture
def city(db):
    return build_city()


@pytest.fixture
def refusals(monkeypatch):
    """Each page that refuses is rendered once and then left blank: thousands are asked for here."""
    rendered = set()

    def render_once(request, template, *, status):
        if template in rendered:
            return HttpResponse(status=status)
        rendered.add(template)
        return render(request, template, status=status)

    monkeypatch.setattr(errors, "render", render_once)


def _visitor(city, persona: str, **options) -> Client:
    client = Client(raise_request_exception=False, **options)
    if persona != "anonymous":
        client.force_login(city.persons[persona])
    return client


def _outcome(response) -> str:
    if response.status_code in (301, 302, 303, 307, 308):
        # "Sign in and come back"; without `next` it is where an act ends, such as signing out.
        target = urlsplit(response["Location"])
        asked_to = target.path == reverse("account_login") and "next=" in target.query
        return SIGN_IN if asked_to else LET_IN
    return _BY_STATUS.get(response.status_code, LET_IN)


def _ask(client: Client, method: str, path: str):
    """One request whose traces are taken back: the next one finds all as it was."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        response = client.generic(method, path, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def test_every_address_has_a_line_in_the_table_and_every_line_an_address():
    addresses = {address.name for address in all_addresses()}
    lines = {expectation.name for expectation in EXPECTATIONS}

    assert not addresses - lines, "no line in audience_expectations.txt for these addresses"
    assert not lines - addresses, "lines in audience_expectations.txt without an address"


def test_no_line_of_the_table_stands_twice():
    seen = Counter((each.name, each.filling, each.relation) for each in EXPECTATIONS)
    assert [line for line, times in seen.items() if times > 1] == []


def test_every_address_has_a_declared_audience():
    named = [address.name for address in all_addresses() if address.is_named]
    undeclared = [name for name in named if audience_of(name) is None]
    lines = {each.name: each for each in EXPECTATIONS}
    # What the sign-in library brings and we do not use is closed to all by having no audience.
    left_open = [name for name in undeclared if set(lines[name].outcomes.values()) != {REFUSED}]
    assert left_open == []


def test_an_address_that_carries_an_object_is_tried_with_a_foreign_one_too():
    carrying = {e.name for e in EXPECTATIONS if "=" in e.filling and "." in e.filling}
    foreign = {each.name for each in EXPECTATIONS if each.relation == FOREIGN}
    assert carrying - foreign == set()


def _knock(client: Client, path: str):
    """What a visitor meets: looking, or sending where an address only takes what is sent."""
    response = _ask(client, "GET", path)
    return _ask(client, "POST", path) if response.status_code == 405 else response


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_persona_gets_where_the_table_says_and_nowhere_else(city, refusals, persona):
    visitor = _visitor(city, persona)
    deviations = []
    for expected in EXPECTATIONS:
        path = path_of(expected.name, expected.filling, city.objects[expected.relation])
        response = _knock(visitor, path)
        outcome, wanted = _outcome(response), expected.outcomes[persona]
        if outcome != wanted or response.status_code >= 500:
            deviations.append(
                f"{path} ({expected.name}, {expected.relation}): "
                f"{wanted!r} expected, {outcome!r} met (status {response.status_code})"
            )
    assert not deviations, "\n".join(deviations)


@pytest.mark.parametrize("persona", PERSONAS)
def test_who_may_not_look_may_not_write_either(city, refusals, persona):
    visitor = _visitor(city, persona)
    let_through = []
    for expected in EXPECTATIONS:
        if expected.outcomes[persona] == LET_IN:
            continue
        path = path_of(expected.name, expected.filling, city.objects[expected.relation])
        response = _ask(visitor, "POST", path)
        if _outcome(response) == LET_IN and response.status_code != 405:
            let_through.append(f"{path}: status {response.status_code}")
    assert not let_through, "\n".join(let_through)


@pytest.mark.parametrize("persona", ["anonymous", "operator"])
def test_an_unsafe_request_without_a_csrf_token_changes_nothing(city, refusals, persona):
    visitor = _visitor(city, persona, enforce_csrf_checks=True)
    let_through = []
    for expected in EXPECTATIONS:
        path = path_of(expected.name, expected.filling, city.objects[expected.relation])
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            response = _ask(visitor, method, path)
            refused = response.status_code in (401, 403, 404, 405) or _outcome(response) == SIGN_IN
            if not refused:
                let_through.append(f"{method} {path}: status {response.status_code}")
    assert not let_through, "\n".join(let_through)


def test_a_foreign_object_looks_exactly_like_one_that_does_not_exist(city):
    """Same status, same page: nobody finds out by guessing what another organisation has."""
    tells = []
    for expected in EXPECTATIONS:
        absent = _absent(expected)
        for persona, outcome in expected.outcomes.items():
            if outcome != NOT_FOUND or absent is None:
                continue
            visitor = _visitor(city, persona)
            path = path_of(expected.name, expected.filling, city.objects[FOREIGN])
            there, not_there = _knock(visitor, path), _knock(visitor, absent)
            if there.status_code != not_there.status_code:
                tells.append(f"{persona} at {path}: {there.status_code}, {not_there.status_code}")
            if _page(there, path) != _page(not_there, absent):
                tells.append(f"{persona} at {path}: another page")
    assert not tells, "\n".join(tells)


def _absent(expected) -> str | None:
    """The same address with a slug or an identifier that nothing has."""
    argument, _, source = expected.filling.partition("=")
    if expected.relation != FOREIGN or "," in source or "." not in source:
        return None
    stranger = "00000000-0000-4000-8000-000000000000" if "id" in argument else "finns-inte"
    return path_of(expected.name, f"{argument}='{stranger}'", {})


def _page(response, path: str) -> str:
    """The page without what differs on each: its own address and the CSRF token."""
    page = response.content.decode().replace(path, "PATH").replace(quote(path, safe=""), "PATH")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
