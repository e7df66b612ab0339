"""What looks wrong with a place and may be right: its writer is asked once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kraftsamling.kit.texts import Texts
from kraftsamling.people.queries import active_organisations_by_slug
from kraftsamling.places.gazetteer import current_gazetteer
from kraftsamling.places.kinds import AreaKind
from kraftsamling.places.locating import municipality_index
from kraftsamling.places.models import Area, Place
from kraftsamling.privacy.detector import Context
from kraftsamling.privacy.refusing import suspicions_in

# A place may be called after a person, so its name is not among them.
_FREE_TEXTS = ("address", "accessibility", "description", "source")


@dataclass(frozen=True)
class Doubt:
    """One thing to confirm: `quote` is what is doubted and, sent back, what confirms it."""

    field: str
    quote: str
    why: str


class Unconfirmed(ValidationError):
    """Something about a place has to be confirmed before it is saved; `doubts` are all there are.

    The messages, by field, are about those that were not confirmed.
    """

    def __init__(self, doubts: Collection[Doubt], unconfirmed: Collection[Doubt]) -> None:
        by_field: dict[str, list[str]] = {}
        for doubt in unconfirmed:
            by_field.setdefault(doubt.field, []).append(doubt.why)
        super().__init__(by_field, code="unconfirmed")
        self.doubts = tuple(doubts)
        self.unconfirmed = tuple(unconfirmed)


def texts_of(place: Place) -> dict[str, str | Texts]:
    return {name: getattr(place, name) for name in _FREE_TEXTS}


def doubts_about(
    latitude: float, longitude: float, texts: Mapping[str, str | Texts]
) -> tuple[Doubt, ...]:
    """A position outside the municipality, and what may be personal data in the free texts."""
    found = _doubts_about_position(latitude, longitude)
    for name, text in texts.items():
        found += [Doubt(name, each.quote, each.why) for each in suspicions_in(
            text, context=no_persons
        )]  # fmt: skip
    return tuple(found)


def _doubts_about_position(latitude: float, longitude: float) -> list[Doubt]:
    inside = municipality_index()
    if inside is None or not len(inside) or inside.area_ids([latitude], [longitude])[0] is not None:
        return []
    named = Area.objects.filter(kind=AreaKind.MUNICIPALITY).values_list("name", flat=True)
    names = ", ".join(sorted(str(name) for name in named))
    return [
        Doubt(
            "latitude",
            f"{latitude:.6f}; {longitude:.6f}",
            _("Platsen ligger utanför %(municipality)s. Kontrollera läget på kartan.")
            % {"municipality": names},
        )
    ]


def no_persons() -> Context:
    """The city's own names, which are never taken for a person's."""
    organisations = active_organisations_by_slug()
    return Context(
        names=current_gazetteer().names()
        | {name for each in organisations for name in each.name.by_language.values()}
    )
