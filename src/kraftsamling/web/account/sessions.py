"""Where one is signed in, and how to sign out there."""

from typing import Any, cast

from allauth.account.internal.flows.logout import logout
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kraftsamling.web.account.devices import device_in


@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """One's living sessions, this one first, then the latest."""
    living: list[dict[str, Any]] = [
        {
            "id": session.pk,
            "is_current": session.is_current(),
            "device": device_in(session.user_agent),
            "ip": session.ip,
            "since": session.created_at,
        }
        for session in UserSession.objects.purge_and_list(cast(Any, request.user))
    ]
    living.sort(key=lambda each: (not each["is_current"], -each["since"].timestamp()))
    return render(request, "usersessions/usersession_list.html", {"sessions": living})


@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """Sign out in one place."""
    session = UserSession.objects.filter(pk=number, user=cast(Any, request.user)).first()
    if session is None:
        raise Http404
    if session.is_current():
        logout(request)
        return redirect("city:home")
    session.end()
    messages.success(request, _("Den inloggningen är avslutad."))
    return redirect("usersessions_list")


@require_POST
def end_all(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    for session in UserSession.objects.filter(user=cast(Any, request.user)):
        session.end()
    logout(request)
    messages.success(request, _("Du är utloggad överallt."))
    return redirect("account_login")
