"""What happens around every request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from kraftsamling.kit.languages import BY_CODE
from kraftsamling.people.access import standing_of
from kraftsamling.web.audiences import audience_of
from kraftsamling.web.untranslated import mark_untranslated

GetResponse = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE = "language"
_OWN_PAGES = ("/account/", "/desk/")


def security_headers(get_response: GetResponse) -> GetResponse:
    """The headers that no library sets for us."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault(
            "Permissions-Policy",
            "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), "
            "publickey-credentials-get=(self), publickey-credentials-create=(self)",
        )
        return response

    return respond


def language(get_response: GetResponse) -> GetResponse:
    """The page's language: that of the address (/en/...), then of the cookie, then the city's.

    On public pages the language lives in the address alone: links made on such a page keep it, no
    cookie is set, and one language's pages can be cached. Pages about oneself and one's work have
    one address each, so there the choice moves into a cookie.

    The browser's own wish is not followed silently: in a Swedish office it is often English by
    accident. The chooser stands on every page.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        code, path = split_language(request.path_info)
        if code and path.startswith(_OWN_PAGES) and request.method == "GET":
            return _with_cookie(request, code, path)
        wanted = code or request.COOKIES.get(LANGUAGE_COOKIE, settings.LANGUAGE_CODE)
        if wanted not in BY_CODE:
            wanted = settings.LANGUAGE_CODE
        with translation.override(wanted), _links_under(code):
            request.path_info, request.LANGUAGE_CODE = path, wanted
            response = get_response(request)
            mark_untranslated(response)
        response.setdefault("Content-Language", wanted)
        patch_vary_headers(response, ("Cookie",))
        return response

    return respond


@contextmanager
def _links_under(code: str) -> Iterator[None]:
    """Lets every link that is made meanwhile begin with the language."""
    prefix = get_script_prefix()
    set_script_prefix(f"{prefix}{code}/" if code else prefix)
    try:
        yield
    finally:
        set_script_prefix(prefix)


def split_language(path: str) -> tuple[str, str]:
    """'/ar/places' as ('ar', '/places'); a path without a language as ('', path)."""
    code, slash, rest = path[1:].partition("/")
    return (code, f"/{rest}") if slash and code in BY_CODE else ("", path)


def _with_cookie(request: HttpRequest, code: str, path: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponseRedirect(f"{path}?{query}" if query else path)
    response.set_cookie(
        LANGUAGE_COOKIE,
        code,
        max_age=365 * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def standing(get_response: GetResponse) -> GetResponse:
    """What the signed-in person may do today, fetched when first asked for: `request.standing`."""

    def respond(request: HttpRequest) -> HttpResponse:
        def fetch() -> object:
            person = request.user if request.user.is_authenticated else None
            return standing_of(person, on=timezone.localdate())

        request.standing = SimpleLazyObject(fetch)  # type: ignore[attr-defined]
        return get_response(request)

    return respond


class AudienceMiddleware:
    """Refuses every address whose declared audience does not hold the visitor."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        audience = audience_of(match.view_name) if match else None
        if audience is None:
            raise PermissionDenied("no audience is declared for this address")
        if audience.demo_only and not settings.DEMO:
            raise Http404
        is_signed_in = request.user.is_authenticated
        if audience.admits(is_signed_in=is_signed_in, standing=request.standing):  # type: ignore[attr-defined]
            return None
        if not is_signed_in:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied("outside the audience of this address")
