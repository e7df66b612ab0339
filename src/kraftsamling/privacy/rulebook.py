"""Loads the declared rules and makes them ready for use.

The TOML files in rules/ are the only source. The browser gets the same rules as JSON (see
build.py); what stands here in code has its twin in rulebook.mjs, and nothing else may decide.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from re import Pattern
from typing import Any, Final

from . import folding
from .checks import Tables

FILES: Final = ("identifiers", "dwellings", "descriptions", "names")
PATTERNS: Final = (
    "pattern",
    "needs",
    "barred_by",
    "barred_after",
    "barred_without_cue",
    "cue",
    "cue_before",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule's verdict leads to."""

    kind: str
    level: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of finding an identifier; the fields are explained in rules/identifiers.toml."""

    name: str
    pattern: Pattern[str]
    in_lower: bool
    check: str
    needs: Pattern[str] | None
    barred_by: Pattern[str] | None
    barred_after: Pattern[str] | None
    barred_without_cue: Pattern[str] | None
    cue: Pattern[str] | None
    cue_before: Pattern[str] | None
    verdicts: Mapping[str, Verdict]


@dataclass(frozen=True, slots=True)
class DwellingRules:
    """How the parts of a dwelling's address are found and put together."""

    parts: Mapping[str, Pattern[str]]
    street_endings: tuple[str, ...]
    street_leads: frozenset[str]
    street_number: Pattern[str]
    joints: frozenset[str]
    most_between: int
    combinations: tuple[frozenset[str], ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class DescriptionRules:
    """The words and patterns that describe a person's looks."""

    words: Mapping[str, str]
    coloured_clothing: frozenset[str]
    clothing_endings: tuple[str, ...]
    looks_endings: tuple[str, ...]
    colours: frozenset[str]
    colour_endings: tuple[str, ...]
    links: frozenset[str]
    without: frozenset[str]
    patterns: Mapping[str, Pattern[str]]
    longest_gap: int
    weight_with_person: int
    weight_without_person: int
    confidence: float


@dataclass(frozen=True, slots=True)
class NameRules:
    """What the name finder knows beside the lexicon: lists of lower-case words."""

    confidence: Mapping[str, float]
    lists: Mapping[str, frozenset[str]]
    surname_endings: tuple[str, ...]
    place_endings: tuple[str, ...]
    thing_endings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules, compiled."""

    identifiers: tuple[Rule, ...]
    tables: Tables
    dwellings: DwellingRules
    descriptions: DescriptionRules
    names: NameRules


@cache
def rulebook() -> Rulebook:
    """The committed rules, compiled once per process."""
    declared = declaration()
    identifiers = declared["identifiers"]
    return Rulebook(
        identifiers=tuple(_rule(rule) for rule in identifiers["rules"]),
        tables=_tables(identifiers),
        dwellings=_dwellings(declared["dwellings"]),
        descriptions=_descriptions(declared["descriptions"]),
        names=_names(declared["names"]),
    )


@cache
def declaration() -> Mapping[str, Any]:
    """The rules as plain data with the macros filled in: what the browser gets too."""
    declared: dict[str, Any] = {"folding": folding.rules()}
    for name in FILES:
        file = resources.files(__package__).joinpath(f"rules/{name}.toml")
        declared[name] = tomllib.loads(file.read_text(encoding="utf-8"))
    macros = declared["identifiers"].pop("macros")
    for rule in declared["identifiers"]["rules"]:
        for key in PATTERNS:
            if key in rule:
                rule[key] = _fill_in(rule[key], macros)
    return declared


def compiled(pattern: str) -> Pattern[str]:
    """Compile a portable pattern; a final `$` means the very end, as it does in JavaScript."""
    return re.compile(pattern.replace("$", r"\Z"))


def _fill_in(pattern: str, macros: Mapping[str, str]) -> str:
    """Macros filled in, those inside macros too."""
    while "{{" in pattern:
        pattern = re.sub(r"\{\{(\w+)\}\}", lambda match: macros[match[1]], pattern)
    return pattern


def _rule(declared: Mapping[str, Any]) -> Rule:
    return Rule(
        name=declared["name"],
        pattern=compiled(declared["pattern"]),
        in_lower=declared.get("in") == "lower",
        check=declared.get("check", "found"),
        needs=_optional(declared, "needs"),
        barred_by=_optional(declared, "barred_by"),
        barred_after=_optional(declared, "barred_after"),
        barred_without_cue=_optional(declared, "barred_without_cue"),
        cue=_optional(declared, "cue"),
        cue_before=_optional(declared, "cue_before"),
        verdicts={key: Verdict(**value) for key, value in declared["verdicts"].items()},
    )


def _optional(declared: Mapping[str, Any], key: str) -> Pattern[str] | None:
    return compiled(declared[key]) if key in declared else None


def _tables(declared: Mapping[str, Any]) -> Tables:
    phones, plates = declared["phones"], declared["plates"]
    return Tables(
        public_prefixes=tuple(phones["public_prefixes"]),
        three_digit_areas=frozenset(phones["three_digit_areas"]),
        four_digit_areas=frozenset(phones["four_digit_areas"].split()),
        not_numbers=[compiled(pattern) for pattern in phones["not_numbers"]],
        plate_words=frozenset(plates["words"].split()),
        plate_codes=frozenset(plates["codes"].split()),
        plate_rooms=frozenset(plates["rooms"].split()),
        models=frozenset(plates["models"].split()),
        model_numbers=frozenset(plates["model_numbers"].split()),
    )


def _dwellings(declared: Mapping[str, Any]) -> DwellingRules:
    return DwellingRules(
        parts={name: compiled(pattern) for name, pattern in declared["parts"].items()},
        street_endings=tuple(declared["street_endings"]),
        street_leads=frozenset(declared["street_leads"]),
        street_number=compiled(declared["street_number"]),
        joints=frozenset(declared["joints"]),
        most_between=declared["most_between"],
        combinations=tuple(frozenset(parts) for parts in declared["combinations"]),
        confidence=declared["confidence"],
    )


def _descriptions(declared: Mapping[str, Any]) -> DescriptionRules:
    categories = {
        "persons": "person",
        "clothing": "clothing",
        "looks": "looks",
        "origins": "origin",
    }
    return DescriptionRules(
        words=_forms(declared, ("clothing", "looks"))
        | {
            word: category for key, category in categories.items() for word in declared[key].split()
        },
        coloured_clothing=frozenset(declared["coloured_clothing"].split()),
        clothing_endings=tuple(declared["clothing_endings"]),
        looks_endings=tuple(declared["looks_endings"]),
        colours=frozenset(declared["colours"].split()),
        colour_endings=tuple(declared["colour_endings"]),
        links=frozenset(declared["links"].split()),
        without=frozenset(declared["without"].split()),
        patterns={name: compiled(pattern) for name, pattern in declared["patterns"].items()},
        longest_gap=declared["longest_gap"],
        weight_with_person=declared["weight_with_person"],
        weight_without_person=declared["weight_without_person"],
        confidence=declared["confidence"],
    )


def _forms(declared: Mapping[str, Any], categories: Sequence[str]) -> dict[str, str]:
    """The definite forms of what somebody wears: keps, kepsen."""
    return {
        word + ending: category
        for category in categories
        for word in declared[category].split()
        for ending in declared["definite_endings"]
    }


def _names(declared: Mapping[str, Any]) -> NameRules:
    lists = declared["words"] | declared["chains"] | declared["cues"]
    surname_endings, place_endings = lists.pop("surname_endings"), lists.pop("place_endings")
    thing_endings = lists.pop("thing_endings")
    return NameRules(
        confidence=declared["confidence"],
        lists={name: frozenset(words.split()) for name, words in lists.items()},
        surname_endings=tuple(surname_endings),
        place_endings=tuple(place_endings),
        thing_endings=tuple(thing_endings),
    )
