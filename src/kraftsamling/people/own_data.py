"""All that is held about one person, for that person (GDPR, articles 15 and 20).

What others are called, and what was changed about them, is theirs and is left out: an act of one's
own stands here with its moment, its kind and what it was done to.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import CASCADE

from kraftsamling.people.models import Invitation, Membership, Person
from kraftsamling.trail.models import Entry
from kraftsamling.trail.queries import EntryFilter, change_of, entries
from kraftsamling.trail.rules import to_moment

FORMAT = "kraftsamling.own-data"
VERSION = 1

# What a sign-in library's row tells its owner: everything but secrets (the `data` of a passkey or
# an app, the key of a session). A library's new table fails a test until it is named here.
# In the file each goes by the word in SIGN_IN_NAMES.
SIGN_IN_FIELDS = {
    "account.emailaddress": ("email", "verified"),
    "mfa.authenticator": ("type", "created_at", "last_used_at"),
    "socialaccount.socialaccount": (
        "provider", "uid", "date_joined", "last_login", "extra_data",
    ),
    "usersessions.usersession": ("created_at", "last_seen_at", "ip", "user_agent"),
}  # fmt: skip
SIGN_IN_NAMES = {
    "account.emailaddress": "email_addresses",
    "mfa.authenticator": "second_factors",
    "socialaccount.socialaccount": "municipal_sign_ins",
    "usersessions.usersession": "signed_in_devices",
}


def own_data(person: Person) -> dict[str, Any]:
    """Everything, in plain values that JSON can hold."""
    memberships = list(
        Membership.objects.filter(person=person)
        .select_related("organisation", "role")
        .order_by("valid_from", "id")
    )
    return {
        "format": FORMAT,
        "version": VERSION,
        "profile": {
            "id": str(person.public_id),
            "name": person.name,
            "email": person.email,
            "language": person.language,
            "is_active": person.is_active,
            "joined_at": _plain(person.joined_at),
            "last_signed_in_at": _plain(person.last_login),
            "has_password": person.has_usable_password(),
        },
        "memberships": [_membership(each) for each in memberships],
        "invitations_received": [
            _invitation(each) | {"email": each.email}
            for each in _invitations().filter(accepted_by=person)
        ],
        "invitations_sent": [
            _invitation(each) for each in _invitations().filter(invited_by=person)
        ],
        "sign_in": sign_in_rows(person),
        "history_by_you": [_act(each) for each in _entries_by(person)],
        "history_about_you": [
            _act(each) | _content(each) for each in _entries_about(person, memberships)
        ],
    }


def sign_in_rows(person: Person) -> dict[str, list[dict[str, Any]]]:
    """What the sign-in libraries keep about someone, without secrets, by its name in the file."""
    found = {}
    for relation in Person._meta.related_objects:
        label = relation.related_model._meta.label_lower
        fields = SIGN_IN_FIELDS.get(label)
        if relation.on_delete is CASCADE and fields:
            rows = relation.related_model._default_manager.filter(**{relation.field.name: person})
            found[SIGN_IN_NAMES[label]] = [
                {name: _plain(value) for name, value in row.items()}
                for row in rows.order_by("pk").values(*fields)
            ]
    return found


def _membership(membership: Membership) -> dict[str, Any]:
    return {
        "organisation": membership.organisation.slug,
        "organisation_name": str(membership.organisation.name),
        "role": membership.role.code,
        "role_name": str(membership.role.name),
        "valid_from": _plain(membership.valid_from),
        "valid_until": _plain(membership.valid_until),
        "is_substitute": membership.substitute_for_id is not None,
    }


def _invitations() -> Any:
    return Invitation.objects.select_related("organisation", "role").order_by("invited_at", "id")


def _invitation(invitation: Invitation) -> dict[str, Any]:
    return {
        "organisation": invitation.organisation.slug,
        "organisation_name": str(invitation.organisation.name),
        "role": invitation.role.code,
        "role_name": str(invitation.role.name),
        "invited_at": _plain(invitation.invited_at),
        "expires_at": _plain(invitation.expires_at),
        "accepted_at": _plain(invitation.accepted_at),
        "withdrawn_at": _plain(invitation.withdrawn_at),
    }


def _entries_by(person: Person) -> Iterator[Entry]:
    return entries(EntryFilter(actor=str(person.public_id))).iterator()


def _entries_about(person: Person, memberships: list[Membership]) -> Iterator[Entry]:
    yield from entries(EntryFilter(object_type="person", object_id=str(person.public_id)))
    for membership in memberships:
        yield from entries(
            EntryFilter(object_type="membership", object_id=str(membership.public_id))
        )


def _act(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": to_moment(entry.at),
        "act": entry.act,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "organisation": entry.actor_organisation,
    }


def _content(entry: Entry) -> dict[str, Any]:
    change = change_of(entry)
    return {
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
        "is_erased": change.is_erased,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
