"""`kraftsamling token`: keys for programs."""

import click

from kraftsamling.ops.console import Problem, WrongUse, print_json, print_table, say, start_django


@click.group()
def token() -> None:
    """Create, list and revoke the keys with which programs use the API."""


@token.command()
@click.option("--organisation", required=True, metavar="SLUG", help="Whose key it is.")
@click.option("--scope", "scopes", required=True, multiple=True, help="May be given several times.")
@click.option("--label", default="", help="What the key is for, in the list of keys.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The last day it works.")
@click.option("--json", "as_json", is_flag=True, help="Print the key and its facts as JSON.")
def create(
    organisation: str, scopes: tuple[str, ...], label: str, expires: object, as_json: bool
) -> None:
    """Create a key and print it: alone on standard output, this once and never again."""
    start_django()

    from datetime import UTC, datetime

    from django.utils import translation

    from kraftsamling.kit.actor import system_actor
    from kraftsamling.people.actions import create_token
    from kraftsamling.people.permissions import Scope
    from kraftsamling.people.refusals import Refusal

    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown:
        raise WrongUse(
            f"There is no scope {', '.join(unknown)}. There are: {', '.join(Scope.values)}."
        )
    try:
        made, text = create_token(
            _organisation(organisation),
            scopes=scopes,
            by=system_actor("command-line"),
            at=datetime.now(UTC),
            label=label,
            expires_at=_end_of(expires),
        )
    except Refusal as refusal:
        with translation.override("en"):
            raise Problem(str(refusal.reason)) from None
    if as_json:
        print_json({"token": text, **_facts(made)})
        return
    click.echo(text)
    say(f"The key {made.prefix} may: {', '.join(made.scopes)}. It is shown only now; keep it safe.")


@token.command("list")
@click.option("--organisation", metavar="SLUG", help="Only this organisation's keys.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_tokens(organisation: str | None, as_json: bool) -> None:
    """List keys, revoked and expired ones too. The keys themselves are not kept anywhere."""
    start_django()

    from kraftsamling.people.models import Token

    found = Token.objects.select_related("organisation")
    if organisation:
        found = found.filter(organisation=_organisation(organisation))
    facts = [_facts(each) for each in found]
    if as_json:
        print_json(facts)
        return
    if not facts:
        click.echo("There are no keys.")
        return
    names = ("prefix", "organisation", "label", "scopes", "state", "last_used_on")
    rows = [[_cell(fact[name]) for name in names] for fact in facts]
    print_table("Keys", ["Key", "Organisation", "Label", "May", "State", "Last used"], rows)


@token.command()
@click.argument("prefix")
@click.option("--reason", default="", help="Why, for the trail.")
def revoke(prefix: str, reason: str) -> None:
    """Make the key that begins with PREFIX useless at once. Twice is once."""
    start_django()

    from datetime import UTC, datetime

    from kraftsamling.kit.actor import system_actor
    from kraftsamling.people.actions import revoke_token
    from kraftsamling.people.models import Token

    found = Token.objects.filter(prefix=prefix).select_related("organisation").first()
    if found is None:
        raise Problem(f"There is no key {prefix}. See: kraftsamling token list")
    revoke_token(found, by=system_actor("command-line"), at=datetime.now(UTC), reason=reason)
    say(f"The key {prefix} of {found.organisation.slug} is revoked.")


def _organisation(slug: str):  # type: ignore[no-untyped-def]
    from kraftsamling.people.models import Organisation

    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise Problem(
            f"There is no organisation {slug}. See: kraftsamling export organisations FILE"
        )
    return found


def _end_of(day: object):  # type: ignore[no-untyped-def]
    """The midnight after a day, local time; None for None."""
    from datetime import datetime, timedelta

    from django.utils.timezone import make_aware

    return make_aware(day + timedelta(days=1)) if isinstance(day, datetime) else None


def _facts(token) -> dict[str, object]:  # type: ignore[no-untyped-def]
    from datetime import UTC, datetime

    is_expired = token.expires_at is not None and token.expires_at <= datetime.now(UTC)
    return {
        "prefix": token.prefix,
        "organisation": token.organisation.slug,
        "label": token.label,
        "scopes": token.scopes,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_on": token.last_used_on,
        "state": "revoked" if token.revoked_at else "expired" if is_expired else "valid",
    }


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value)
