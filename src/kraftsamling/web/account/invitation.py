"""Joining by an invitation."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kraftsamling.people.access import invitation_for_holder, person_for_signing_in
from kraftsamling.people.actions import accept_invitation
from kraftsamling.people.links import from_invitation_text
from kraftsamling.people.refusals import Refusal
from kraftsamling.web.account.forms import DetailsForm
from kraftsamling.web.account.sign_in import sign_in
from kraftsamling.web.middleware import LANGUAGE_COOKIE
from kraftsamling.web.requests import actor_in, moment


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, text: str) -> HttpResponse:
    """Show an invitation; accept it on the button. A link that does not hold says only that."""
    too_many = ratelimit.consume_or_429(request, action="invitation")
    if too_many:
        return too_many
    signed = from_invitation_text(text)
    invitation = invitation_for_holder(signed[0], issue=signed[1], at=moment()) if signed else None
    if signed is None or invitation is None:
        return render(request, "account/invitation_closed.html", status=410)
    known = person_for_signing_in(invitation.email)
    language = getattr(request, "LANGUAGE_CODE", invitation.language)
    form = DetailsForm(request.POST or None, initial={"language": language})
    is_ready = request.method == "POST" and (known is not None or form.is_valid())
    context = {"invitation": invitation, "form": form, "known": known}
    if not is_ready:
        return render(request, "account/invitation.html", context,
                      status=422 if form.is_bound and known is None else 200)  # fmt: skip
    try:
        accepted = accept_invitation(
            signed[0],
            issue=signed[1],
            name=form.cleaned_data["name"] if known is None else "",
            language=form.cleaned_data["language"] if known is None else "",
            by=actor_in(request) if request.user.is_authenticated else None,
            at=moment(),
        )
    except Refusal as refusal:
        context["refusal"] = refusal.reason
        return render(request, "account/invitation.html", context, status=409)
    if accepted.is_new:
        response = sign_in(request, accepted.person, method="invitation")
        response.set_cookie(LANGUAGE_COOKIE, accepted.person.language, samesite="Lax")
        return response
    messages.success(request, _("Välkommen! Du är nu med i organisationen."))
    return redirect("desk:home" if request.user.is_authenticated else "account_login")
