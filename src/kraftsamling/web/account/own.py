"""One's own details."""

from typing import Any, cast

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kraftsamling.people.access import person_by_id
from kraftsamling.people.actions import change_own_details, change_own_email
from kraftsamling.people.links import from_new_address_text
from kraftsamling.people.queries import memberships_of
from kraftsamling.people.refusals import Refusal
from kraftsamling.web.account.forms import DetailsForm, NewAddressForm
from kraftsamling.web.account.jobs import mail_new_address_link
from kraftsamling.web.middleware import LANGUAGE_COOKIE
from kraftsamling.web.requests import actor_in, moment, today


@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Everything about one's account on one page."""
    person = cast(Any, request.user)
    context = {
        "memberships": memberships_of(person, on=today()),
        "has_password": person.has_usable_password(),
        "factors": _factors_of(person),
        "municipal": SocialAccount.objects.filter(user=person).exists(),
    }
    return render(request, "account/overview.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    person = cast(Any, request.user)
    form = DetailsForm(
        request.POST or None, initial={"name": person.name, "language": person.language}
    )
    if not form.is_valid():
        return render(request, "account/details.html", {"form": form})
    change_own_details(person, **form.cleaned_data, by=actor_in(request), at=moment())
    messages.success(request, _("Dina uppgifter är sparade."))
    response = redirect("account:overview")
    response.set_cookie(LANGUAGE_COOKIE, form.cleaned_data["language"], samesite="Lax")
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: HttpRequest) -> HttpResponse:
    """Ask for another address; the answer is the same whether or not somebody has it."""
    form = NewAddressForm(request.POST or None)
    if not form.is_valid():
        return render(request, "account/email.html", {"form": form})
    too_many = ratelimit.consume_or_429(request, action="new_address", user=request.user)
    if too_many:
        return too_many
    mail_new_address_link.enqueue(email=form.cleaned_data["email"], person=actor_in(request).id)
    return render(request, "account/email_sent.html", {"address": form.cleaned_data["email"]})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: HttpRequest, text: str) -> HttpResponse:
    """Change the address, on the button of the page that the mailed link opens."""
    wanted = from_new_address_text(text)
    person = person_by_id(wanted.person) if wanted else None
    if wanted is None or person is None or person.email != wanted.instead_of:
        return render(request, "account/email_spent.html", status=410)
    if request.method != "POST":
        return render(request, "account/email_confirm.html", {"wanted": wanted})
    try:
        change_own_email(
            person, email=wanted.email, instead_of=wanted.instead_of,
            by=person.as_actor, at=moment(),
        )  # fmt: skip
    except Refusal:
        return render(request, "account/email_spent.html", status=410)
    messages.success(request, _("Du loggar nu in med din nya adress."))
    return redirect("account:overview" if request.user.is_authenticated else "account_login")


def _factors_of(person: Any) -> dict[str, int]:
    kinds = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    return {
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "apps": kinds.count(Authenticator.Type.TOTP),
        "codes": kinds.count(Authenticator.Type.RECOVERY_CODES),
    }
