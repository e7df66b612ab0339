"""What our middleware puts on a request, with its type; and the clock, read here."""

from dataclasses import replace
from datetime import date, datetime
from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from kraftsamling.kit.actor import Actor
from kraftsamling.people.rules import Standing


def standing_in(request: HttpRequest) -> Standing:
    """What the visitor may do."""
    return cast(Standing, request.standing)  # type: ignore[attr-defined]


def actor_in(request: HttpRequest) -> Actor:
    """Who acts: the signed-in person, in the name of their organisation where they have but one.

    MUST be asked only on pages for the signed-in.
    """
    actor = cast(Actor, request.user.as_actor)  # type: ignore[union-attr]
    slugs = {grant.organisation_slug for grant in standing_in(request).grants}
    return replace(actor, organisation=slugs.pop()) if len(slugs) == 1 else actor


def moment() -> datetime:
    """Now, aware: what pages hand to actions as `at`."""
    return timezone.now()


def today() -> date:
    """Today in the city's time zone."""
    return timezone.localdate()


def wall_clock() -> datetime:
    """Now on the city's clock; opening hours are kept on it, without an offset."""
    return timezone.localtime(moment()).replace(tzinfo=None)
