"""Words that the page's own code needs in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _


def map_words(label: str) -> dict[str, Any]:
    """The map's words; those under `library` are keyed as MapLibre keys them."""
    gestures = "CooperativeGesturesHandler"
    return {
        "more": _("Läs mer"),
        "show": _("Visa på kartan"),
        "whole": _("Visa allt"),
        "pick": _("Sätt punkten mitt på kartan"),
        "failed": _(
            "Kartan kan inte visas i den här webbläsaren. Allt som finns på den står i listan."
        ),
        "library": {
            "Map.Title": label,
            "Marker.Title": _("Vald punkt"),
            "NavigationControl.ZoomIn": _("Zooma in"),
            "NavigationControl.ZoomOut": _("Zooma ut"),
            "Popup.Close": _("Stäng"),
            "AttributionControl.ToggleAttribution": _("Visa kartans källor"),
            f"{gestures}.WindowsHelpText": _("Håll ned Ctrl och rulla för att zooma"),
            f"{gestures}.MacHelpText": _("Håll ned ⌘ och rulla för att zooma"),
            f"{gestures}.MobileHelpText": _("Flytta kartan med två fingrar"),
        },
    }
