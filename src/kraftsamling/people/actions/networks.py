"""Networks: formed, described, joined, left."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.actor import Actor
from kraftsamling.kit.events import announce
from kraftsamling.kit.ids import to_free_slug
from kraftsamling.kit.texts import Texts
from kraftsamling.people.authority import authority_of
from kraftsamling.people.events import NetworkChanged
from kraftsamling.people.models import Network, Organisation
from kraftsamling.people.permissions import Permission
from kraftsamling.people.refusals import Invalid
from kraftsamling.privacy.refusing import refuse_personal_data
from kraftsamling.trail.actions import record


def create_network(
    *, name: Texts, by: Actor, at: datetime, description: Texts | None = None, slug: str = ""
) -> Network:
    """Form a network. Asks for the city-wide permission to create organisations."""
    authority_of(by, at=at).require(Permission.ORGANISATIONS_CREATE)
    with transaction.atomic():
        network = Network(slug=slug or _free_slug(name))
        _write(network, name, description or Texts())
        record(
            act="people.create_network", by=by, at=at,
            on=("network", network.slug), after=_facts(network),
        )  # fmt: skip
        announce(NetworkChanged(network.slug))
    return network


def change_network(
    network: Network, *, name: Texts, description: Texts, by: Actor, at: datetime
) -> None:
    authority_of(by, at=at).require(Permission.ORGANISATIONS_CREATE)
    with transaction.atomic():
        current = Network.objects.select_for_update().get(pk=network.pk)
        before = _facts(current)
        _write(current, name, description)
        if _facts(current) == before:
            return
        record(
            act="people.change_network", by=by, at=at,
            on=("network", current.slug), before=before, after=_facts(current),
        )  # fmt: skip
        announce(NetworkChanged(current.slug))


def join_network(network: Network, *, organisation: Organisation, by: Actor, at: datetime) -> None:
    """Let an organisation act in a network. Twice is once."""
    _move(network, organisation, inside=True, act="people.join_network", by=by, at=at)


def leave_network(network: Network, *, organisation: Organisation, by: Actor, at: datetime) -> None:
    _move(network, organisation, inside=False, act="people.leave_network", by=by, at=at)


def _move(
    network: Network, organisation: Organisation, *, inside: bool, act: str, by: Actor, at: datetime
) -> None:
    authority = authority_of(by, at=at)
    authority.require(Permission.ORGANISATION_EDIT, organisation)
    if inside:  # a network lends its name: who is let in is the city's to say; leaving is one's own
        authority.require(Permission.ORGANISATIONS_CREATE)
    with transaction.atomic():
        was_inside = organisation.networks.filter(pk=network.pk).exists()
        if was_inside == inside:
            return
        if inside:
            organisation.networks.add(network)
        else:
            organisation.networks.remove(network)
        record(
            act=act, by=by, at=at, on=("organisation", organisation.slug),
            before={"network": network.slug if was_inside else None},
            after={"network": network.slug if inside else None},
        )  # fmt: skip
        announce(NetworkChanged(network.slug))


def _write(network: Network, name: Texts, description: Texts) -> None:
    if not name:
        raise Invalid(_("Nätverket behöver ett namn."))
    network.name = name
    network.description = description
    try:
        refuse_personal_data({"name": name, "description": description})
        network.full_clean()
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    network.save()


def _free_slug(name: Texts) -> str:
    taken = set(Network.objects.values_list("slug", flat=True))
    try:
        return to_free_slug(str(name), taken)
    except ValueError as error:
        raise Invalid(_("Skriv namnet med minst en latinsk bokstav eller siffra.")) from error


def _facts(network: Network) -> dict[str, Any]:
    return {"name": network.name.to_json(), "description": network.description.to_json()}
