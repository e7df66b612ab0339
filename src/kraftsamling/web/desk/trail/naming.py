"""Names for the ids and codes in entries: collected from a page, then looked up together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kraftsamling.cycle.queries import groups
from kraftsamling.kit.texts import Texts
from kraftsamling.people.names import known_names, names_of_persons
from kraftsamling.places.names import names_of_areas, names_of_places
from kraftsamling.trail.queries import change_of, erasure_reasons
from kraftsamling.web.templatetags.texts import plain

if TYPE_CHECKING:
    from kraftsamling.trail.models import Entry

# field of a change → the kind of thing that its value names
REFERENCES = {
    "person": "person",
    "actor": "person",
    "actors": "person",
    "organisation": "organisation",
    "organisations": "organisation",
    "owner": "organisation",
    "owner_id": "organisation",
    "parent": "organisation",
    "convener": "organisation",
    "members": "organisation",
    "network": "network",
    "role": "role",
    "membership": "membership",
    "substitute_for": "membership",
    "moved_to": "place",
    "parent_id": "area",
    "areas": "area",
}
_NAMED_OBJECTS = frozenset(REFERENCES.values()) | {"group", "invitation", "token"}


@dataclass(frozen=True)
class Names:
    """What is known, by kind and id, in the page's language; and why contents were erased."""

    by_kind: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    erasures: Mapping[int, str] = field(default_factory=dict)

    def get(self, kind: str, key: Any) -> str:
        """The name; '' when nothing is known."""
        return self.by_kind.get(kind, {}).get(str(key), "")


def names_in(entries: Iterable["Entry"]) -> Names:
    """The names of all that some entries mention. At most one query for each kind of thing."""
    wanted: dict[str, set[str]] = defaultdict(set)
    erased = []
    for entry in entries:
        if entry.actor_kind == "person":
            wanted["person"].add(entry.actor)
        if entry.actor_organisation:
            wanted["organisation"].add(entry.actor_organisation)
        if entry.object_type in _NAMED_OBJECTS:
            wanted[entry.object_type].add(entry.object_id)
        change = change_of(entry)
        if change.is_erased:
            erased.append(entry.number)
        for values in (change.before, change.after):
            _collect(values, wanted)
    return Names(_look_up(wanted), erasure_reasons(erased))


def _collect(values: Mapping[str, Any], wanted: dict[str, set[str]]) -> None:
    for name, value in values.items():
        if name == "filter" and isinstance(value, dict):
            _collect(value, wanted)
        kind = REFERENCES.get(name)
        if kind:
            each = value if isinstance(value, list) else [value]
            wanted[kind] |= {str(key) for key in each if isinstance(key, str | int)}


def _look_up(wanted: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    known = known_names(wanted)
    texts = {
        "organisation": known.organisations,
        "network": known.networks,
        "role": known.roles,
        "invitation": known.invitations,
        "group": _names_of_groups(wanted.get("group", ())),
        "place": names_of_places(wanted.get("place", ())),
        "area": names_of_areas(wanted.get("area", ())),
    }
    found = {
        kind: {key: plain(text) for key, text in names.items()} for kind, names in texts.items()
    }
    found["person"] = names_of_persons(wanted.get("person", ()))
    found["token"] = {key: f"ks_{prefix}" for key, prefix in known.tokens.items()}
    found["membership"] = {
        key: _("%(person)s i %(organisation)s")
        % {"person": person, "organisation": plain(organisation)}
        for key, (person, organisation) in known.memberships.items()
    }
    return found


def _names_of_groups(slugs: Iterable[str]) -> dict[str, Texts]:
    slugs = list(slugs)
    return {each.slug: each.name for each in groups().filter(slug__in=slugs)} if slugs else {}
