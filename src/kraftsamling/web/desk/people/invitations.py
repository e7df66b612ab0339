"""Inviting people to an organisation."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kraftsamling.people.access import (
    invitation_for_people_manager,
    organisation_for_people_manager,
)
from kraftsamling.people.actions import invite_person, renew_invitation, withdraw_invitation
from kraftsamling.people.queries import roles_to_give
from kraftsamling.web.desk.people.forms import InvitationForm
from kraftsamling.web.desk.people.refusing import told, tried
from kraftsamling.web.requests import actor_in, moment, standing_in


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    standing = standing_in(request)
    organisation = organisation_for_people_manager(standing, slug)
    roles = {role.code: role for role in roles_to_give(standing, organisation)}
    form = InvitationForm(
        request.POST or None, roles=roles.values(), language=get_language() or "sv"
    )

    def act() -> None:
        data = form.cleaned_data
        invite_person(
            email=data["email"], organisation=organisation, role=roles[data["role"]],
            language=data["language"], membership_until=data["membership_until"],
            by=actor_in(request), at=moment(),
        )  # fmt: skip

    if form.is_valid() and tried(form, act):
        # Said on the page itself, where it stays: a message would be gone in a moment.
        return redirect(f"{reverse('desk:people:people', args=[organisation.slug])}?invited=1")
    context = {"form": form, "organisation": organisation}
    return render(request, "desk/people/invite.html", context)


@require_POST
def renew(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Send an invitation again. The link that was sent before stops working."""
    invitation = invitation_for_people_manager(standing_in(request), public_id)
    told(
        request,
        lambda: renew_invitation(invitation, by=actor_in(request), at=moment()),
        done=_("En ny länk är på väg. Den förra gäller inte längre."),
    )
    return redirect("desk:people:people", invitation.organisation.slug)


@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    invitation = invitation_for_people_manager(standing_in(request), public_id)
    told(
        request,
        lambda: withdraw_invitation(invitation, by=actor_in(request), at=moment()),
        done=_("Inbjudan är tillbakatagen."),
    )
    return redirect("desk:people:people", invitation.organisation.slug)
