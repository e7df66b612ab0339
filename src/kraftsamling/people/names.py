"""Who stands behind an id in the history: names live in this room alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from kraftsamling.kit.texts import Texts
from kraftsamling.people.former import name_to_show
from kraftsamling.people.models import (
    Invitation,
    Membership,
    Network,
    Organisation,
    Person,
    Role,
    Token,
)

_MOST = 50


def names_of_persons(public_ids: Iterable[str]) -> dict[str, str]:
    """Public id → name, for pages whose reader may know who acted. One query.

    Someone who took their account away is a former user; what is no person's id is left out.
    """
    ids = [each for each in public_ids if _is_id(each)]
    if not ids:
        return {}
    found = Person.objects.filter(public_id__in=ids).values_list("public_id", "name", "email")
    return {str(public_id): name_to_show(name, email) for public_id, name, email in found}


def persons_called(text: str) -> list[str]:
    """The public ids of persons in whose name or e-mail address `text` stands; at most 50."""
    wanted = text.strip()
    if not wanted:
        return []
    found = Person.objects.filter(Q(name__icontains=wanted) | Q(email__icontains=wanted))
    return [
        str(each) for each in found.order_by("name").values_list("public_id", flat=True)[:_MOST]
    ]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Known:
    """What this room's ids and codes are called; what no longer exists is left out."""

    organisations: dict[str, Texts] = field(default_factory=dict)
    networks: dict[str, Texts] = field(default_factory=dict)
    roles: dict[str, Texts] = field(default_factory=dict)
    memberships: dict[str, tuple[str, Texts]] = field(default_factory=dict)
    invitations: dict[str, Texts] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def known_names(wanted: Mapping[str, Iterable[str]]) -> Known:
    """The names behind ids, by kind: organisation (slug, or row number), network, role,
    membership, invitation, token.

    A membership is (person's name, organisation's name), an invitation its organisation's name, a
    token its prefix. One query for each kind of which something is wanted.
    """
    return Known(
        organisations=_organisations(wanted.get("organisation", ())),
        networks=_by(Network.objects.all(), "slug", wanted.get("network", ())),
        roles=_by(Role.objects.all(), "code", wanted.get("role", ())),
        memberships=_memberships(_ids(wanted.get("membership", ()))),
        invitations=_invitations(_ids(wanted.get("invitation", ()))),
        tokens=_tokens(_ids(wanted.get("token", ()))),
    )


def _organisations(keys: Iterable[str]) -> dict[str, Texts]:
    keys = list(keys)
    if not keys:
        return {}
    # A slug may be all digits too, but the trail's row numbers come from fields of their own.
    numbers = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]
    rows = Organisation.objects.filter(Q(slug__in=keys) | Q(pk__in=numbers))
    found: dict[str, Texts] = {}
    for number, slug, name in rows.values_list("pk", "slug", "name"):
        found[str(number)] = name
        found[slug] = name
    return found


def _by(rows: QuerySet[Any], key: str, keys: Iterable[str]) -> dict[str, Texts]:
    keys = list(keys)
    return dict(rows.filter(**{f"{key}__in": keys}).values_list(key, "name")) if keys else {}


def _memberships(ids: list[str]) -> dict[str, tuple[str, Texts]]:
    if not ids:
        return {}
    found = Membership.objects.filter(public_id__in=ids)
    rows = found.values_list("public_id", "person__name", "person__email", "organisation__name")
    return {
        str(public_id): (name_to_show(name, email), organisation)
        for public_id, name, email, organisation in rows
    }


def _invitations(ids: list[str]) -> dict[str, Texts]:
    if not ids:
        return {}
    found = Invitation.objects.filter(public_id__in=ids)
    rows = found.values_list("public_id", "organisation__name")
    return {str(public_id): name for public_id, name in rows}


def _tokens(ids: list[str]) -> dict[str, str]:
    if not ids:
        return {}
    rows = Token.objects.filter(public_id__in=ids).values_list("public_id", "prefix")
    return {str(public_id): prefix for public_id, prefix in rows}


def _ids(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if _is_id(text)]
