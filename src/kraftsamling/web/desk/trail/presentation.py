"""Entries of the trail in words: who, what, and the difference it made."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from kraftsamling.kit.languages import BY_CODE
from kraftsamling.trail.queries import change_of
from kraftsamling.web.desk.trail.labels import (
    WHOLES,
    act_label,
    choice_label,
    fault_label,
    field_label,
    object_type_label,
    part_label,
)
from kraftsamling.web.desk.trail.naming import REFERENCES, Names

if TYPE_CHECKING:
    from kraftsamling.trail.models import Entry

_LONGEST = 300
_NOTHING = "–"
# Spans are half-open: the trail keeps the day after. People say the last day.
_DAYS_UNTIL = frozenset({"days_until", "valid_until", "membership_until"})
_DAYS = _DAYS_UNTIL | {"days_from", "valid_from"}
_MOMENTS_OF_DAYS = {"at_from": timedelta(), "at_until": timedelta(days=1)}
# Ids that say nothing to a reader: which exception it was shows in the rest of the entry.
_HIDDEN = frozenset({"exception"})
_ONE_DAY = timedelta(days=1)
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
    erasure: str
    hash: str
    differences: list[Difference] = field(default_factory=list)


def shown(entry: "Entry", names: Names) -> EntryShown:
    """An entry in words; `names` are those that a page's entries mention."""
    change = change_of(entry)
    # What differs from a place's hours is recorded on the place.
    meant = "exception" if entry.act.endswith("_exception") else entry.object_type
    return EntryShown(
        number=entry.number,
        at=entry.at,
        title=act_label(entry.act),
        who=who_acted(entry.actor, entry.actor_kind, names),
        actor=entry.actor,
        organisation=names.get("organisation", entry.actor_organisation)
        or entry.actor_organisation,
        object_label=_object_label(_whole_of(entry), entry.object_id, names),
        object_type=entry.object_type,
        object_id=entry.object_id,
        reason=change.reason,
        is_erased=change.is_erased,
        erasure=names.erasures.get(entry.number, ""),
        hash=entry.hash,
        differences=list(_differences(change.before, change.after, _Words(names, meant))),
    )


def who_acted(actor: str, kind: str, names: Names) -> str:
    if kind == "token":
        return _("API-nyckeln ks_%(prefix)s") % {"prefix": actor.removeprefix("token:")}
    if kind == "system":
        return _("Programmet (%(part)s)") % {"part": part_label(actor.removeprefix("system:"))}
    return names.get("person", actor) or _("Person %(id)s") % {"id": actor[:8]}


def _whole_of(entry: "Entry") -> str:
    """The type of the object; of an import what the file held, which the act says."""
    if entry.object_id == "import":
        return entry.act.removeprefix("places.import_")
    return entry.object_type


def _object_label(object_type: str, object_id: str, names: Names) -> str:
    whole = WHOLES.get((object_type, object_id))
    if whole:
        return str(whole)
    name = names.get(object_type, object_id) or _short(object_id)
    return f"{object_type_label(object_type)} {name}"


def _short(text: str) -> str:
    """The beginning of an id that no person reads; everything else as it is."""
    try:
        return str(UUID(text))[:8]
    except ValueError:
        return text


def _differences(
    before: dict[str, Any], after: dict[str, Any], words: "_Words"
) -> Iterator[Difference]:
    """What has a value on at least one side: a new place tells what is known of it, no more."""
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if name in _HIDDEN:
            continue
        if _have_parts(old, new):
            yield from _parts(name, old or {}, new or {}, words)
        elif words.of(name, old) or words.of(name, new):
            yield Difference(field_label(name), words.of(name, old), words.of(name, new))


def _parts(
    name: str, old: dict[str, Any], new: dict[str, Any], words: "_Words"
) -> Iterator[Difference]:
    """What differs within a field that has parts: a text in several languages, a filter."""
    for part in sorted({**old, **new}, key=_language_order):
        if old.get(part) == new.get(part):
            continue
        label = f"{field_label(name)} ({_part_label(part)})"
        yield Difference(label, words.of(part, old.get(part)), words.of(part, new.get(part)))


def _language_order(part: str) -> int:
    """Languages as everywhere else; other parts stay in their order, after them."""
    return _ORDER.get(part, len(_ORDER))


def _have_parts(old: Any, new: Any) -> bool:
    return bool(old or new) and all(isinstance(each or {}, dict) for each in (old, new))


def _part_label(part: str) -> str:
    if part in BY_CODE:
        return BY_CODE[part].autonym
    return _("maskinöversatt") if part == "drafts" else field_label(part).lower()


@dataclass(frozen=True)
class _Words:
    """Turns the values of one entry into words: its names, and the type that its codes are of."""

    names: Names
    object_type: str

    def of(self, name: str, value: Any) -> str:
        """The value of a field in words; '' for nothing."""
        match value:
            case None | "" | [] | {}:
                return ""
            case True:
                return _("ja")
            case False:
                return _("nej")
            case list():
                text = ", ".join(self.of(name, each) or _NOTHING for each in value)
            case dict():
                text = ", ".join(
                    f"{field_label(key).lower()} {self.of(key, each)}"
                    for key, each in value.items()
                )
            case _:
                text = self._of_one(name, str(value))
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

    def _of_one(self, name: str, text: str) -> str:
        if name in REFERENCES:
            return self._name(name, text)
        if name == "object_id":
            return _short(text)
        if name == "fault":
            return fault_label(text)
        if name == "hours":
            return _as_hours(text)
        if name in _DAYS:
            return _as_day(text, is_end=name in _DAYS_UNTIL)
        label = choice_label(name, text, object_type=self.object_type)
        return label or _as_moment(text, as_days=_MOMENTS_OF_DAYS.get(name))

    def _name(self, name: str, key: str) -> str:
        kind = REFERENCES[name]
        if name == "parent" and self.object_type == "area":
            kind = "area"
        return self.names.get(kind, key) or _short(key)


def _as_hours(text: str) -> str:
    """'2 15:00-19:00' (0 is Monday) with its weekday's name; everything else as it is."""
    day, space, rest = text.partition(" ")
    if not space or day not in {str(number) for number in WEEKDAYS}:
        return text
    return f"{WEEKDAYS[int(day)].lower()} {rest.replace('-', '–', 1)}"


def _as_day(text: str, *, is_end: bool) -> str:
    """A day in words; of the end of a span the last day within it."""
    try:
        day = date.fromisoformat(text)
        return formats.date_format(day - _ONE_DAY if is_end else day, "j E Y")
    except (ValueError, OverflowError):
        return text


def _as_moment(text: str, *, as_days: timedelta | None = None) -> str:
    """A moment in the city's time; everything else as it is.

    Where it bounds a span of whole days (`as_days`), the day, less so much at its end.
    """
    if len(text) < 19 or text[10:11] != "T":
        return text
    try:
        moment = parse_datetime(text)
    except ValueError:
        return text
    if moment is None or timezone.is_naive(moment):
        return text
    local = timezone.localtime(moment)
    if as_days is not None and local.time() == time.min:
        return formats.date_format(local.date() - as_days, "j E Y")
    return formats.date_format(local, "j E Y H:i")
