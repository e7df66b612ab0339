"""What every page knows: the frame around it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from kraftsamling import __version__
from kraftsamling.kit.languages import LANGUAGES
from kraftsamling.people.rules import NOBODY
from kraftsamling.web.audiences import audience_of

# In the order of the menu; an entry is shown to those whom its audience admits.
NAVIGATION = (
    ("city:home", _("Staden")),
    ("city:places", _("Platser")),
    ("city:areas", _("Områden")),
    ("city:organisations", _("Organisationer")),
    ("desk:home", _("Mitt skrivbord")),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of base.html: who, where, which language, whether this is a demo."""
    user = getattr(request, "user", None)
    person = user if user is not None and user.is_authenticated else None
    current = get_language() or settings.LANGUAGE_CODE
    return {
        "city_name": settings.CONFIGURATION.city_name,
        "demo": settings.DEMO,
        "version": __version__,
        "person": person,
        "standing": getattr(request, "standing", NOBODY),
        "language_code": current,
        "text_direction": "rtl" if get_language_bidi() else "ltr",
        "languages": [
            {"code": lang.code, "name": lang.autonym, "direction": lang.direction,
             "current": lang.code == current}
            for lang in LANGUAGES
        ],
        "navigation": list(_navigation(request)),
        "map_style": {
            "url": settings.CONFIGURATION.map_style_url,
            "pmtiles": settings.CONFIGURATION.map_pmtiles,
        },
    }  # fmt: skip


def _navigation(request: HttpRequest) -> Any:
    standing = getattr(request, "standing", NOBODY)
    user = getattr(request, "user", None)
    is_signed_in = user is not None and user.is_authenticated
    match = getattr(request, "resolver_match", None)
    here = match.view_name if match else ""
    for view_name, label in NAVIGATION:
        audience = audience_of(view_name)
        if audience is None or not audience.admits(is_signed_in=is_signed_in, standing=standing):
            continue
        try:
            url = reverse(view_name)
        except NoReverseMatch:
            continue
        yield {"label": label, "url": url, "current": here == view_name}
