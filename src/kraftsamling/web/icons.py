"""The icon that browsers ask for by themselves."""

from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static


def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Sends /favicon.ico to the mark, whose own address changes with its content."""
    return HttpResponseRedirect(static("icons/mark-32.png"))
