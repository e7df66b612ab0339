"""What a file of places is checked against."""

from collections import defaultdict
from functools import cache

from kraftsamling.people.models import Organisation
from kraftsamling.places.imports.places import Known
from kraftsamling.places.locating import municipality_index
from kraftsamling.places.models import Area, Place
from kraftsamling.places.queries.doubts import no_persons
from kraftsamling.places.texts import fold


def known_for_import(*, writable: frozenset[int] | None = None) -> Known:
    """Organisations, places and the municipality's border: at most four queries."""
    organisations: defaultdict[str, set[int]] = defaultdict(set)
    for organisation_id, slug, name in Organisation.objects.filter(is_active=True).values_list(
        "id", "slug", "name"
    ):
        for word in (slug, *name.by_language.values()):
            organisations[fold(word)].add(organisation_id)
    places = {
        slug: (owner_id, fold(str(name)))
        for slug, owner_id, name in Place.objects.values_list("slug", "owner_id", "name")
    }
    return Known(
        organisations={word: tuple(ids) for word, ids in organisations.items()},
        places=places,
        municipalities=municipality_index(),
        writable=writable,
        no_persons=cache(no_persons),
    )


def area_codes() -> frozenset[str]:
    return frozenset(Area.objects.values_list("code", flat=True))
