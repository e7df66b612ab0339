"""What places and areas are called, for pages that know only their codes."""

from collections.abc import Iterable

from django.db.models import Q

from kraftsamling.kit.texts import Texts
from kraftsamling.places.models import Area, Place


def names_of_places(slugs: Iterable[str]) -> dict[str, Texts]:
    """Slug → name of the places that there are. At most one query."""
    slugs = list(slugs)
    if not slugs:
        return {}
    return dict(Place.objects.filter(slug__in=slugs).values_list("slug", "name"))


def names_of_areas(keys: Iterable[str]) -> dict[str, Texts]:
    """Code, or row number, → name of the areas that there are. At most one query."""
    keys = list(keys)
    if not keys:
        return {}
    numbers = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]
    rows = Area.objects.filter(Q(code__in=keys) | Q(pk__in=numbers))
    found: dict[str, Texts] = {}
    by_code: dict[str, Texts] = {}
    for number, code, name in rows.values_list("pk", "code", "name"):
        found[str(number)] = name
        by_code[code] = name
    return found | by_code
