"""Choosing the language of the pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from kraftsamling.kit.languages import BY_CODE
from kraftsamling.web.middleware import LANGUAGE_COOKIE

_YEAR = 365 * 24 * 60 * 60


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remembers `language` in a cookie and goes back to `next`, if that is a page of this site.

    An unknown language changes nothing: the visitor comes back to the page they left.
    """
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = resolve_url("city:home")
    response = redirect(target)
    language = request.POST.get("language", "")
    if language in BY_CODE:
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=_YEAR,
            samesite="Lax",
            secure=settings.IS_HTTPS,
            httponly=True,
        )
    return response
