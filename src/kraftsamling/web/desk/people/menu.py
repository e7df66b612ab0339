"""The pages of one organisation: those that the visitor may open."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kraftsamling.people.permissions import Permission
from kraftsamling.people.rules import Standing

if TYPE_CHECKING:
    from kraftsamling.people.models import Organisation

_PAGES = (
    ("people", Permission.PEOPLE_READ, _("Personer")),
    ("organisation-edit", Permission.ORGANISATION_EDIT, _("Uppgifter")),
    ("tokens", Permission.TOKENS_MANAGE, _("API-nycklar")),
)


def pages_of(
    standing: Standing, organisation: "Organisation", *, here: str = ""
) -> list[dict[str, Any]]:
    """{label, url, current} of each page, the one named `here` marked."""
    return [
        {
            "label": label,
            "url": reverse(f"desk:people:{name}", args=[organisation.slug]),
            "current": name == here,
        }
        for name, permission, label in _PAGES
        if standing.may(permission, organisation.pk)
    ]
