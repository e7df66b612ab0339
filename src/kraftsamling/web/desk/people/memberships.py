"""Roles of people in an organisation."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kraftsamling.people.access import (
    membership_for_people_manager,
    organisation_for_people_manager,
)
from kraftsamling.people.actions import (
    appoint_substitute,
    change_membership,
    end_membership,
    give_role,
    invite_person,
)
from kraftsamling.people.queries import people_of, roles_to_give, substitutes_of
from kraftsamling.web.desk.people.forms import EndDayForm, EndForm, GiveRoleForm, SubstituteForm
from kraftsamling.web.desk.people.refusing import tried
from kraftsamling.web.requests import actor_in, moment, standing_in, today

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def give(request: HttpRequest, slug: str) -> HttpResponse:
    """Give another role to someone in the organisation."""
    standing = standing_in(request)
    organisation = organisation_for_people_manager(standing, slug)
    roles = {role.code: role for role in roles_to_give(standing, organisation)}
    form = GiveRoleForm(
        request.POST or None,
        people=[each.person for each in people_of(organisation, on=today())],
        roles=roles.values(),
        language=get_language() or "sv",
    )

    def act() -> None:
        data = form.cleaned_data
        give_role(
            person=form.people[data["person"]], organisation=organisation,
            role=roles[data["role"]], valid_until=data["valid_until"],
            by=actor_in(request), at=moment(),
        )  # fmt: skip

    if form.is_valid() and tried(form, act):
        messages.success(request, _("Rollen är given."))
        return redirect("desk:people:people", organisation.slug)
    return render(request, "desk/people/give.html", {"form": form, "organisation": organisation})


@get_or_post
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One membership: until when, and who stands in."""
    membership = membership_for_people_manager(standing_in(request), public_id)
    form = EndDayForm(request.POST or None, initial={"valid_until": membership.valid_until})
    if form.is_valid() and tried(form, lambda: change_membership(
        membership, by=actor_in(request), at=moment(), **form.cleaned_data
    )):  # fmt: skip
        messages.success(request, _("Slutdagen är sparad."))
        return redirect("desk:people:people", membership.organisation.slug)
    context = {
        "form": form,
        "membership": membership,
        "substitutes": substitutes_of(membership, on=today()),
    }
    return render(request, "desk/people/membership.html", context)


@get_or_post
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    membership = membership_for_people_manager(standing_in(request), public_id)
    form = EndForm(request.POST or None)
    if form.is_valid() and tried(form, lambda: end_membership(
        membership, by=actor_in(request), at=moment(), **form.cleaned_data
    )):  # fmt: skip
        messages.success(request, _("Rollen är avslutad."))
        return redirect("desk:people:people", membership.organisation.slug)
    context = {"form": form, "membership": membership}
    return render(request, "desk/people/membership_end.html", context)


@get_or_post
def substitute(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let someone stand in: one who belongs here already, or one who is invited to."""
    membership = membership_for_people_manager(standing_in(request), public_id)
    organisation = membership.organisation
    people = (each.person for each in people_of(organisation, on=today()))
    form = SubstituteForm(
        request.POST or None,
        people=[each for each in people if each != membership.person],
        today=today(),
    )

    def act() -> None:
        data = form.cleaned_data
        if data["person"]:
            appoint_substitute(
                membership, person=form.people[data["person"]], valid_from=data["valid_from"],
                valid_until=data["valid_until"], by=actor_in(request), at=moment(),
            )  # fmt: skip
        else:
            invite_person(
                email=data["email"], organisation=organisation, role=membership.role,
                membership_until=data["valid_until"], substitute_for=membership,
                by=actor_in(request), at=moment(),
            )  # fmt: skip

    if form.is_valid() and tried(form, act):
        messages.success(request, _("Ersättaren är utsedd."))
        return redirect("desk:people:people", organisation.slug)
    context = {"form": form, "membership": membership}
    return render(request, "desk/people/substitute.html", context)
