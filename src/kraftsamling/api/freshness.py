"""Answers that have not changed cost no more than the question.

Every change to the city's data is recorded in the trail, so the number of the newest entry about
a kind of object is the version of every list of that kind: one look-up by index.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from kraftsamling import __version__
from kraftsamling.trail.queries import version_of


def etag_of(request: HttpRequest, *, object_types: tuple[str, ...], also: str = "") -> str:
    """A weak tag for what this address shows, given the kinds of objects it is made from.

    `also` is what the answer depends on besides them and the address: a language, an hour.
    """
    parts = (__version__, request.get_full_path(), str(version_of(object_types)), also)
    return f'W/"{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:24]}"'


def unless_fresh(
    request: HttpRequest,
    response: HttpResponse,
    etag: str,
    make: Callable[[], Any],
) -> Any:
    """What `make` gives, with `etag` on the response; or 304 when the client has that already."""
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    if asked == ["*"] or etag.removeprefix("W/") in [tag.removeprefix("W/") for tag in asked]:
        not_modified = HttpResponse(status=304)
        for name in ("ETag", "Cache-Control", "Vary", "Content-Language"):
            if response.has_header(name):
                not_modified[name] = response[name]
        return not_modified
    return make()
