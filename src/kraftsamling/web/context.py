"""What every page knows: the frame around it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from kraftsamling import __version__
from kraftsamling.kit.languages import BY_CODE, LANGUAGES
from kraftsamling.people.rules import NOBODY
from kraftsamling.web.audiences import audience_of

# In the order of the menus; an entry is shown to those whom its audience admits.
NAVIGATION = (
    ("city:home", _("Staden")),
    ("city:places", _("Platser")),
    ("city:areas", _("Områden")),
    ("city:organisations", _("Organisationer")),
    ("desk:home", _("Mitt skrivbord")),
)
DESK_NAVIGATION = (
    ("desk:home", _("Översikt")),
    ("desk:groups:list", _("EST-grupper")),
    ("desk:places:list", _("Platser")),
    ("desk:people:organisations", _("Organisationer och personer")),
    ("desk:trail:list", _("Historik")),
    ("desk:operation:overview", _("Drift")),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of base.html: who, where, which language, whether this is a demo."""
    user = getattr(request, "user", None)
    person = user if user is not None and user.is_authenticated else None
    current = get_language() or settings.LANGUAGE_CODE
    return {
        "city_name": settings.CONFIGURATION.city_name,
        "contact_email": settings.CONFIGURATION.contact_email,
        "demo": settings.DEMO,
        "version": __version__,
        "person": person,
        "standing": getattr(request, "standing", NOBODY),
        "language_code": current,
        "language_is_draft": not BY_CODE[current].is_reviewed if current in BY_CODE else False,
        "text_direction": "rtl" if get_language_bidi() else "ltr",
        "languages": [
            {"code": lang.code, "name": lang.autonym, "direction": lang.direction,
             "current": lang.code == current}
            for lang in LANGUAGES
        ],
        "navigation": _menu(request, NAVIGATION),
        **_desk_menu(request),
        "map_style": {
            "url": settings.CONFIGURATION.map_style_url,
            "pmtiles": settings.CONFIGURATION.map_pmtiles,
        },
    }  # fmt: skip


def _desk_menu(request: HttpRequest) -> dict[str, Any]:
    if not request.path_info.startswith("/desk/"):
        return {}
    return {
        "subnavigation": _menu(request, DESK_NAVIGATION),
        "subnavigation_title": _("Mitt skrivbord"),
    }


def _menu(request: HttpRequest, entries: tuple[tuple[str, Any], ...]) -> list[dict[str, Any]]:
    """The entries this visitor may open. The current one is the entry whose folder we are in."""
    standing = getattr(request, "standing", NOBODY)
    user = getattr(request, "user", None)
    is_signed_in = user is not None and user.is_authenticated
    menu = []
    for view_name, label in entries:
        audience = audience_of(view_name)
        if audience is None or not audience.admits(is_signed_in=is_signed_in, standing=standing):
            continue
        menu.append({"label": label, "url": reverse(view_name), "current": False})
    here = [entry for entry in menu if _is_under(request.path, entry["url"])]
    if here:
        max(here, key=lambda entry: len(entry["url"]))["current"] = True
    return menu


def _is_under(path: str, url: str) -> bool:
    """Whether a page lies in an entry's folder. Everything lies under the front page: not that."""
    return path == url or (url != get_script_prefix() and path.startswith(url.rstrip("/") + "/"))
