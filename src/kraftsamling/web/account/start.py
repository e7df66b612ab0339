"""Where someone lands after signing in."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def start_page_of(request: HttpRequest) -> str:
    """The signed-in person's own start page."""
    return reverse("desk:home")


def safe_next(request: HttpRequest, wanted: str | None) -> str:
    """`wanted` if it is an address of this site, else ''."""
    is_ours = url_has_allowed_host_and_scheme(
        wanted or "", allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted or "" if is_ours else ""
