"""Keys for programs: made, used, revoked."""

import hashlib
import secrets
import string
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.actor import Actor
from kraftsamling.kit.events import announce
from kraftsamling.people.authority import authority_of
from kraftsamling.people.events import TokenCreated, TokenRevoked
from kraftsamling.people.models import Organisation, Token
from kraftsamling.people.permissions import Permission, Scope
from kraftsamling.people.refusals import Invalid
from kraftsamling.people.rules import TokenText
from kraftsamling.trail.actions import record

_PREFIX_LETTERS = string.ascii_lowercase + string.digits


def create_token(
    organisation: Organisation,
    *,
    scopes: Iterable[str],
    by: Actor,
    at: datetime,
    label: str = "",
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """A key for an organisation's program, and its text: shown now and never again.

    Of the secret only the SHA-256 is kept: it has 256 bits of chance, so a slow hash would add
    nothing but time to every call.
    """
    authority_of(by, at=at).require(Permission.TOKENS_MANAGE, organisation)
    wanted = sorted(set(scopes))
    _check(organisation, wanted, label, expires_at, at)
    text = TokenText(
        prefix="".join(secrets.choice(_PREFIX_LETTERS) for _each in range(8)),
        secret=secrets.token_urlsafe(32),
    )
    with transaction.atomic():
        token = Token.objects.create(
            organisation=organisation,
            label=label.strip(),
            prefix=text.prefix,
            secret_hash=secret_hash(text.secret),
            scopes=wanted,
            created_at=at,
            expires_at=expires_at,
        )
        record(
            act="people.create_token", by=by, at=at, on=_name(token),
            after={
                "organisation": organisation.slug, "prefix": token.prefix, "label": token.label,
                "scopes": wanted, "expires_at": expires_at,
            },
        )  # fmt: skip
        announce(TokenCreated(token.public_id))
    return token, str(text)


def revoke_token(token: Token, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Make a key useless at once. Twice is once."""
    authority_of(by, at=at).require(Permission.TOKENS_MANAGE, token.organisation)
    with transaction.atomic():
        current = Token.objects.select_for_update().get(pk=token.pk)
        if current.revoked_at is not None:
            return
        current.revoked_at = at
        current.save(update_fields=["revoked_at"])
        record(
            act="people.revoke_token", by=by, at=at, on=_name(current),
            before={"revoked_at": None}, after={"revoked_at": at}, reason=reason,
        )  # fmt: skip
        announce(TokenRevoked(current.public_id))


def note_token_use(token: Token, *, on: date) -> None:
    """Note the day a key was last used: at most one write a day, and none in the trail."""
    if token.last_used_on is not None and token.last_used_on >= on:
        return
    Token.objects.filter(Q(last_used_on=None) | Q(last_used_on__lt=on), pk=token.pk).update(
        last_used_on=on
    )


def secret_hash(secret: str) -> str:
    """What is kept of a key's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _check(
    organisation: Organisation,
    scopes: list[str],
    label: str,
    expires_at: datetime | None,
    at: datetime,
) -> None:
    if not organisation.is_active:
        raise Invalid(_("Organisationen är inte längre aktiv."))
    if not scopes or set(scopes) - set(Scope.values):
        raise Invalid(_("Välj vad API-nyckeln ska få göra."))
    if len(label.strip()) > 120:
        raise Invalid(_("Namnet på API-nyckeln är för långt. Korta det till högst 120 tecken."))
    if expires_at is not None and expires_at <= at:
        raise Invalid(_("Slutdagen har redan passerat. Välj en senare dag."))


def _name(token: Token) -> tuple[str, str]:
    return ("token", str(token.public_id))
