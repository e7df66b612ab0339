"""The names that are no persons, for the guard in the browser: places, streets, organisations.

One small file for all pages, kept by the browser until a name changes. The names come in the
detector's own normal form, so that the browser covers exactly what the server would.
"""

import hashlib
from dataclasses import dataclass
from threading import Lock

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from kraftsamling.people.queries import active_organisations_by_slug
from kraftsamling.places.gazetteer import current_gazetteer
from kraftsamling.privacy.detector import Context
from kraftsamling.trail.queries import version_of

_FRESH_SECONDS = 600


@dataclass(frozen=True)
class _Made:
    etag: str
    names: tuple[str, ...]


_made: _Made | None = None
_lock = Lock()


def etag(request: HttpRequest) -> str:
    """New whenever a place, a street or an organisation is. Two small queries."""
    state = f"{current_gazetteer().mark} {version_of(['organisation'])}"
    return f'"{hashlib.sha256(state.encode()).hexdigest()[:20]}"'


@require_safe
@condition(etag_func=etag)
def guard_names(request: HttpRequest) -> HttpResponse:
    response = JsonResponse({"names": _names(etag(request))})
    patch_cache_control(response, public=True, max_age=_FRESH_SECONDS)
    return response


def _names(wanted: str) -> tuple[str, ...]:
    """All names as the detector compares them, made once for each state."""
    global _made  # one per process; replaced as a whole, so readers need no lock
    made = _made
    has_mark = current_gazetteer().mark is not None  # without one nothing tells old from new
    if made is None or made.etag != wanted or not has_mark:
        with _lock:
            _made = made = _Made(wanted, normal_names(_all_names()))
    return made.names


def normal_names(names: frozenset[str]) -> tuple[str, ...]:
    """Names as lower-case words, each once: what the detector makes of them at either end."""
    phrases = Context(names=names).phrases
    return tuple(sorted({" ".join(phrase) for found in phrases.values() for phrase in found}))


def _all_names() -> frozenset[str]:
    organisations = active_organisations_by_slug()
    return current_gazetteer().names() | {
        name for each in organisations for name in each.name.by_language.values()
    }
