"""Entries of the trail in words: who, what, and the difference it made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from kraftsamling.kit.languages import BY_CODE
from kraftsamling.trail.queries import change_of
from kraftsamling.web.desk.trail.labels import act_label, field_label, object_type_label

if TYPE_CHECKING:
    from kraftsamling.trail.models import Entry

_LONGEST = 300
_NOTHING = "–"
_ORDER = {code: place for place, code in enumerate(BY_CODE)}


@dataclass(frozen=True)
class Difference:
    """One field: what it was ('' where it was not there), and what it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class EntryShown:
    """An entry as the page shows it."""

    number: int
    at: datetime
    title: str
    who: str
    actor: str
    organisation: str
    object_label: str
    object_type: str
    object_id: str
    reason: str
    is_erased: bool
    hash: str
    differences: list[Difference] = field(default_factory=list)


def shown(entry: "Entry", names: dict[str, str]) -> EntryShown:
    """An entry in words; `names` are those of the persons who acted, by id."""
    change = change_of(entry)
    return EntryShown(
        number=entry.number,
        at=entry.at,
        title=act_label(entry.act),
        who=who_acted(entry.actor, entry.actor_kind, names),
        actor=entry.actor,
        organisation=entry.actor_organisation,
        object_label=_object_label(entry.object_type, entry.object_id, names),
        object_type=entry.object_type,
        object_id=entry.object_id,
        reason=change.reason,
        is_erased=change.is_erased,
        hash=entry.hash,
        differences=list(_differences(change.before, change.after, names)),
    )


def persons_in(entries: Iterable["Entry"]) -> set[str]:
    """The ids of all persons that some entries name: as actor, as object, in a change."""
    found = set()
    for entry in entries:
        if entry.actor_kind == "person":
            found.add(entry.actor)
        if entry.object_type == "person":
            found.add(entry.object_id)
        change = change_of(entry)
        found |= {str(values["person"]) for values in (change.before, change.after)
                  if values.get("person")}  # fmt: skip
    return found


def who_acted(actor: str, kind: str, names: dict[str, str]) -> str:
    if kind == "token":
        return _("Nyckeln ks_%(prefix)s") % {"prefix": actor.removeprefix("token:")}
    if kind == "system":
        return _("Programmet (%(part)s)") % {"part": actor.removeprefix("system:")}
    return names.get(actor) or _("Person %(id)s") % {"id": actor[:8]}


def _object_label(object_type: str, object_id: str, names: dict[str, str]) -> str:
    name = names.get(object_id) if object_type == "person" else None
    return f"{object_type_label(object_type)} {name or object_id}"


def _differences(
    before: dict[str, Any], after: dict[str, Any], names: dict[str, str]
) -> Iterator[Difference]:
    """What has a value on at least one side: a new place tells what is known of it, no more."""
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if name == "person":
            old, new = (names.get(str(each), each) for each in (old, new))
        if _have_parts(old, new):
            yield from _parts(name, old or {}, new or {})
        elif _in_words(old) or _in_words(new):
            yield Difference(field_label(name), _in_words(old), _in_words(new))


def _parts(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
    """What differs within a field that has parts: a text in several languages, a filter."""
    for part in sorted({**old, **new}, key=_language_order):
        if old.get(part) == new.get(part):
            continue
        label = f"{field_label(name)} ({_part_label(part)})"
        yield Difference(label, _in_words(old.get(part)), _in_words(new.get(part)))


def _language_order(part: str) -> int:
    """Languages as everywhere else; other parts stay in their order, after them."""
    return _ORDER.get(part, len(_ORDER))


def _have_parts(old: Any, new: Any) -> bool:
    return bool(old or new) and all(isinstance(each or {}, dict) for each in (old, new))


def _part_label(part: str) -> str:
    if part in BY_CODE:
        return BY_CODE[part].autonym
    return _("maskinöversatt") if part == "drafts" else field_label(part).lower()


def _in_words(value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return ""
        case True:
            return _("ja")
        case False:
            return _("nej")
        case list():
            text = ", ".join(_in_words(each) or _NOTHING for each in value)
        case dict():
            text = ", ".join(f"{field_label(k).lower()} {_in_words(v)}" for k, v in value.items())
        case _:
            text = _as_moment(str(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _as_moment(text: str) -> str:
    """A moment in the city's time; everything else as it is."""
    if len(text) < 19 or text[10:11] != "T":
        return text
    try:
        moment = parse_datetime(text)
    except ValueError:
        return text
    if moment is None or timezone.is_naive(moment):
        return text
    return formats.date_format(timezone.localtime(moment), "j E Y H:i")
