"""The sign-in page, and the link by mail.

The link opens a page with one button: mail scanners open links, and would use up one that signed
in by being opened.
"""

import hashlib
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.core import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from sesame.utils import get_user

from kraftsamling.web.account import municipality
from kraftsamling.web.account.forms import LinkForm
from kraftsamling.web.account.jobs import mail_sign_in_link
from kraftsamling.web.account.start import safe_next

_BACKEND = "sesame.backends.ModelBackend"


@method_decorator(never_cache, name="dispatch")
class SignInView(LoginView):
    """All the ways in. It takes a password itself; the others have addresses of their own."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | _ways_in(self.request) | {"password_is_open": context["form"].is_bound}


@never_cache
@require_POST
def request_link(request: HttpRequest) -> HttpResponse:
    """Take an address and promise a link. The same answer, and the same work, whoever asks."""
    form = LinkForm(request.POST)
    if not form.is_valid():
        context = _ways_in(request) | {"link_form": form, "form": None}
        return render(request, "account/login.html", context, status=422)
    email = form.cleaned_data["email"]
    too_many = ratelimit.consume_or_429(request, action="sign_in_link", key=email.lower())
    if too_many:
        return too_many
    mail_sign_in_link.enqueue(email=email, next_path=safe_next(request, form.cleaned_data["next"]))
    return redirect("account:link-sent")


@never_cache
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "account/link_sent.html", {
        "minutes": int(settings.SESAME_MAX_AGE.total_seconds() // 60),
    })  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more by a button, then sign in. A link that does not hold says so, and no more."""
    person: Any = get_user(token, update_last_login=False)
    if person is None or cache.get(_mark(token)):
        return _spent(request)
    if request.method != "POST":
        return render(request, "account/link_open.html", {"invitee": person})
    # `add` is atomic: of two clicks at the same time one comes first.
    if not cache.add(_mark(token), 1, timeout=int(settings.SESAME_MAX_AGE.total_seconds()) + 60):
        return _spent(request)
    return sign_in(request, person, next_path=safe_next(request, request.GET.get("next")))


def sign_in(
    request: HttpRequest, person: Any, *, next_path: str = "", method: str = "link"
) -> HttpResponse:
    """Sign in someone who has proved an address, by way of their second factor if there is one."""
    person.backend = _BACKEND
    record_authentication(request, person, method=method)
    login = Login(user=person, redirect_url=next_path or None)
    response: HttpResponse = perform_login(request, login)
    return response


def closed_sign_up(request: HttpRequest) -> HttpResponse:
    return render(request, "account/signup_closed.html")


def inactive(request: HttpRequest) -> HttpResponse:
    return render(request, "account/account_inactive.html")


def _ways_in(request: HttpRequest) -> dict[str, Any]:
    wanted = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    return {
        "link_form": LinkForm(initial={"next": wanted}),
        "next": wanted,
        "municipality": municipality.button_text() if municipality.is_configured() else "",
    }


def _spent(request: HttpRequest) -> HttpResponse:
    context = {"link_form": LinkForm(initial={"next": safe_next(request, request.GET.get("next"))})}
    return render(request, "account/link_spent.html", context, status=410)


def _mark(token: str) -> str:
    return f"sign-in-link-used:{hashlib.sha256(token.encode()).hexdigest()}"
