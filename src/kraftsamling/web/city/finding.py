"""What someone looks for among the places: read from the address, said in words, loosened."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kraftsamling.places.kinds import PlaceKind
from kraftsamling.places.queries import places
from kraftsamling.places.queries.wording import Meaning, meanings_of
from kraftsamling.places.texts import fold
from kraftsamling.web.printing import Asked
from kraftsamling.web.requests import today

if TYPE_CHECKING:
    from kraftsamling.places.models import Area, Place

_MOST_MEANT = 5
_NOT_WORDS = re.compile(r"[\W_]+")
# Field of a filter → its name in the address.
_PARAMETERS = {
    "text": "q",
    "kind": "kind",
    "area": "area",
    "open_on": "open",
    "step_free": "step_free",
}


def wanted_in(request: HttpRequest, areas: Sequence["Area"]) -> places.PlaceFilter:
    """The filter that an address asks for; typing errors are forgiven where it gives nothing."""
    wanted = filter_in(request, areas)
    if not wanted.text or places.places_matching(wanted).exists():
        return wanted
    forgiving = replace(wanted, meanings=_meanings(wanted.text, areas, forgiving=True))
    if forgiving != wanted and places.places_matching(forgiving).exists():
        return forgiving
    return wanted


def _meanings(
    text: str, areas: Sequence["Area"], *, forgiving: bool = False
) -> tuple[Meaning, ...]:
    if not text:
        return ()
    return meanings_of(text, areas=areas, kind_names=_kind_names(), forgiving=forgiving)


def meant_places(text: str, areas: Sequence["Area"]) -> Sequence["Place"]:
    """Some places that words stand for otherwise than by name: 'Hageby fritidsgård'."""
    for forgiving in (False, True):
        meanings = _meanings(text, areas, forgiving=forgiving)
        if all(each.is_plain for each in meanings):
            continue
        wanted = places.PlaceFilter(text=text, meanings=meanings, today=today())
        if found := list(places.places_matching(wanted)[:_MOST_MEANT]):
            return found
    return []


def filter_in(request: HttpRequest, areas: Sequence["Area"]) -> places.PlaceFilter:
    """The filter that an address asks for; what it does not know it leaves out.

    `areas` are those whose names a word of the text may be.
    """
    asked = request.GET
    kind = asked.get("kind", "")
    text = asked.get("q", "").replace("\x00", "")[:120].strip()
    return places.PlaceFilter(
        text=text,
        kind=kind if kind in PlaceKind.values else "",
        area=asked.get("area", "").replace("\x00", "")[:40],
        open_on=today() if asked.get("open") else None,
        step_free=bool(asked.get("step_free")),
        meanings=_meanings(text, areas),
        today=today(),
    )


def kind_options() -> list[tuple[str, str]]:
    """The kinds in use, in alphabetical order of their names."""
    options = [(kind, capfirst(str(PlaceKind(kind).label))) for kind in places.kinds_in_use()]
    return sorted(options, key=lambda option: option[1])


def count_of_places(total: int) -> str:
    return ngettext("%(total)s plats", "%(total)s platser", total) % {"total": total}


def _kind_names() -> dict[str, str]:
    return {kind.value: str(kind.label) for kind in PlaceKind}


def asked_for(wanted: places.PlaceFilter, areas: Sequence["Area"]) -> tuple[Asked, ...]:
    """The conditions of a filter in words, each with its name and value in the address."""
    found = [
        ("text", wanted.text, _("Namn eller adress"), f"”{wanted.text}”"),
        ("kind", wanted.kind, _("Slag"), _kind_label(wanted.kind)),
        ("area", wanted.area, _("Område"), _area_name(wanted.area, areas)),
        ("open_on", "1" if wanted.open_on else "", _("Öppet i dag"), ""),
        ("step_free", "1" if wanted.step_free else "", _("Stegfri entré"), ""),
    ]
    return tuple(
        Asked(_PARAMETERS[name], given, label, value)
        for name, given, label, value in found
        if given
    )


def _kind_label(kind: str) -> str:
    return capfirst(str(PlaceKind(kind).label)) if kind in PlaceKind.values else kind


def _area_name(code: str, areas: Sequence["Area"]) -> str:
    area = next((each for each in areas if each.code == code), None)
    return area.name.in_language(get_language() or "sv").text if area else code


@dataclass(frozen=True)
class Understood:
    """A word of a search, and what it was taken to mean besides a name."""

    word: str
    meaning: str


def understood(wanted: places.PlaceFilter, areas: Sequence["Area"]) -> list[Understood]:
    """The words that were taken for more than names, in the order they were written."""
    names = {each.pk: each.name.in_language(get_language() or "sv").text for each in areas}
    written = {fold(word): word for word in _NOT_WORDS.split(wanted.text)}
    return [
        Understood(written.get(each.word, each.word), _(" eller ").join(_said(each, names)))
        for each in wanted.meanings
        if not each.is_plain
    ]


def _said(meaning: Meaning, names: Mapping[int, str]) -> list[str]:
    said = [_("slaget %(kind)s") % {"kind": _kind_label(each)} for each in sorted(meaning.kinds)]
    found = sorted({names[each] for each in meaning.areas if each in names})
    if len(found) == 1:
        said.append(_("området %(area)s") % {"area": found[0]})
    elif found:
        said.append(_("områdena %(areas)s") % {"areas": ", ".join(found)})
    if meaning.is_open:
        said.append(_("öppet i dag"))
    if meaning.is_step_free:
        said.append(_("stegfri entré"))
    return said


def unnamed(wanted: places.PlaceFilter) -> list[str]:
    """That no place is called by a word which was read as a wider kind: 'simhall' as sports.

    One query for each such word; there is seldom even one.
    """
    written = {fold(word): word for word in _NOT_WORDS.split(wanted.text)}
    return [
        _("Ingen plats heter %(value)s.") % {"value": f"”{written.get(each.word, each.word)}”"}
        for each in wanted.meanings
        if each.narrower
        and not places.places_matching(places.PlaceFilter(text=each.narrower)).exists()
    ]


@dataclass(frozen=True)
class WayOut:
    """A link that asks for less, and how many places it gives."""

    label: str
    count: int
    query: str


@dataclass(frozen=True)
class Empty:
    """That nothing was found, what stood in the way, and what to ask for instead."""

    said: str
    why: str = ""
    ways_out: tuple[WayOut, ...] = ()


def explain_empty(
    among: Any, wanted: places.PlaceFilter, asked: Sequence[Asked], query: QueryDict
) -> Empty:
    """What stood in the way of a filter that gives nothing, of `among` all places. Two queries at
    most."""
    by_parameter = {each.name: each for each in asked}
    fields = {name: by_parameter[key] for name, key in _PARAMETERS.items() if key in by_parameter}
    without = places.counts_without(among, wanted)
    helping = [name for name in fields if without.get(name)]
    if helping and len(fields) > 1:
        why = ""
        if len(helping) == 1:
            why = _("Villkoret ”%(condition)s” utesluter allt.") % {"condition": fields[helping[0]]}
        return Empty(_("Ingen plats passar alla villkor."), why, tuple(
            WayOut(_without(name, fields[name]), without[name], _less(query, fields[name].name))
            for name in helping
        ))  # fmt: skip
    if list(fields) == ["text"] and (way_out := _even_closed(wanted)):
        return Empty(_("Ingen plats passar."), "", (way_out,))
    if list(fields) == ["text"]:
        return Empty(_("Ingen plats heter %(value)s.") % {"value": fields["text"].value})
    if len(fields) < 2:
        return Empty(_("Ingen plats passar."))
    alone = places.counts_with_only(among, wanted)
    ways_out = tuple(
        WayOut(_only(name, fields[name]), alone[name], _one(fields[name]))
        for name in fields
        if alone.get(name)
    )
    return Empty(
        _("Ingen plats passar alla villkor."),
        _("Inget av villkoren räcker att ta bort. Sök på ett i taget."),
        ways_out,
    )


def _even_closed(wanted: places.PlaceFilter) -> WayOut | None:
    """The same words without the one for being open, where that leads to some places."""
    kept = [each for each in wanted.meanings if not each.is_open]
    if not kept or len(kept) == len(wanted.meanings):
        return None
    text = " ".join(each.word for each in kept)
    count = places.places_matching(replace(wanted, text=text, meanings=tuple(kept))).count()
    if not count:
        return None
    query = QueryDict(mutable=True)
    query["q"] = (
        " ".join(word for word in wanted.text.split() if fold(word) in text.split()) or text
    )
    return WayOut(_("Även de som är stängda i dag"), count, query.urlencode())


def _without(name: str, asked: Asked) -> str:
    words = {
        "text": _("Utan orden %(value)s"),
        "kind": _("Alla slag, inte bara %(value)s"),
        "area": _("Hela staden, inte bara %(value)s"),
        "open_on": _("Även de som är stängda i dag"),
        "step_free": _("Även utan känd stegfri entré"),
    }
    return words[name] % {"value": asked.value} if asked.value else words[name]


def _only(name: str, asked: Asked) -> str:
    words = {
        "text": _("Bara orden %(value)s"),
        "kind": _("Alla av slaget %(value)s"),
        "area": _("Allt i %(value)s"),
        "open_on": _("Allt som är öppet i dag"),
        "step_free": _("Allt med stegfri entré"),
    }
    return words[name] % {"value": asked.value} if asked.value else words[name]


def _less(query: QueryDict, parameter: str) -> str:
    left = query.copy()
    left.pop(parameter, None)
    left.pop("page", None)
    return left.urlencode()


def _one(asked: Asked) -> str:
    query = QueryDict(mutable=True)
    query[asked.name] = asked.given
    return query.urlencode()
