"""Those who handle others' data should sign in with more than a mailbox."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kraftsamling.people.permissions import Permission
from kraftsamling.people.rules import Standing
from kraftsamling.web.requests import standing_in

# Beyond reading: who holds one of these can change what others see, or see who did what.
GUARDED = frozenset(
    {
        Permission.ORGANISATION_EDIT,
        Permission.ORGANISATIONS_CREATE,
        Permission.PEOPLE_READ,
        Permission.PEOPLE_MANAGE,
        Permission.TOKENS_MANAGE,
        Permission.PLACES_IMPORT,
        Permission.TRAIL_READ,
        Permission.OPERATION_MANAGE,
    }
)
_OPEN_FOLDERS = ("/account/", "/static/", "/files/", "/healthz", "/readyz", "/demo/")


def should_have_one(standing: Standing) -> bool:
    return bool(standing.permissions & GUARDED)


def lacks_one(request: HttpRequest) -> bool:
    """Whether the signed-in person should add a passkey or an app. One query at most."""
    if not request.user.is_authenticated or not should_have_one(standing_in(request)):
        return False
    return not is_mfa_enabled(request.user)


def demanded(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: where the installation demands a second factor, nothing opens without one."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not settings.MFA_REQUIRED or request.path_info.startswith(_OPEN_FOLDERS):
            return get_response(request)
        if lacks_one(request):
            messages.warning(
                request, _("Lägg till en inloggningsnyckel eller app för att komma vidare.")
            )
            return redirect("mfa_index")
        return get_response(request)

    return respond


def listen() -> None:
    authenticator_added.connect(_count_as_confirmation, dispatch_uid="second-factor-added")


def _count_as_confirmation(*, request: HttpRequest, user: Any, **_more: Any) -> None:
    """Whoever just added a factor has used it: the recovery codes that follow are shown at once,
    without asking for the same thing again."""
    record_authentication(request, user, method="mfa", reauthenticated=True)
