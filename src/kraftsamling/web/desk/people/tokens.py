"""Keys for an organisation's programs."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kraftsamling.people.access import organisation_for_token_manager, token_for_token_manager
from kraftsamling.people.actions import create_token, revoke_token
from kraftsamling.people.permissions import Scope
from kraftsamling.people.queries import tokens_of
from kraftsamling.web.desk.people.forms import ReasonForm, TokenForm
from kraftsamling.web.desk.people.menu import pages_of
from kraftsamling.web.desk.people.refusing import tried
from kraftsamling.web.requests import actor_in, moment, standing_in

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def token_list(request: HttpRequest, slug: str) -> HttpResponse:
    standing = standing_in(request)
    organisation = organisation_for_token_manager(standing, slug)
    words = dict(Scope.choices)
    at = moment()
    tokens = [
        {
            "token": token,
            "scopes": [words.get(code, code) for code in token.scopes],
            "is_expired": token.expires_at is not None and token.expires_at <= at,
        }
        for token in tokens_of(organisation)
    ]
    pages = pages_of(standing, organisation, here="tokens")
    context = {"organisation": organisation, "pages": pages, "tokens": tokens}
    return render(request, "desk/people/tokens.html", context)


@never_cache
@get_or_post
def create(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a key and show it: the only time it can be seen."""
    organisation = organisation_for_token_manager(standing_in(request), slug)
    form = TokenForm(request.POST or None)
    made: list[str] = []

    def act() -> None:
        data = form.cleaned_data
        _token, text = create_token(
            organisation, scopes=data["scopes"], label=data["label"],
            expires_at=_end_of(data["expires_on"]), by=actor_in(request), at=moment(),
        )  # fmt: skip
        made.append(text)

    context = {"organisation": organisation, "form": form}
    if form.is_valid() and tried(form, act):
        return render(request, "desk/people/token_made.html", context | {"text": made[0]})
    return render(request, "desk/people/token_new.html", context)


@get_or_post
def revoke(request: HttpRequest, public_id: UUID) -> HttpResponse:
    token = token_for_token_manager(standing_in(request), public_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and tried(form, lambda: revoke_token(
        token, by=actor_in(request), at=moment(), reason=form.cleaned_data["reason"]
    )):  # fmt: skip
        messages.success(request, _("API-nyckeln är återkallad."))
        return redirect("desk:people:tokens", token.organisation.slug)
    return render(request, "desk/people/token_revoke.html", {"form": form, "token": token})


def _end_of(day: date | None) -> datetime | None:
    """The moment a day is over, in the city's time zone."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
