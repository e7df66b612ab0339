"""Loads the declared rules and makes them ready for use.

The TOML files in rules/ are the only source. The browser gets the same rules as JSON (see
build.py); what stands here in code has its twin in rulebook.mjs, and nothing else may decide.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from re import Pattern
from typing import Any, Final

from . import folding
from .checks import Tables

FILES: Final = ("identifiers", "dwellings", "descriptions", "names")


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
    check: str
    needs: str
    barred_by: Pattern[str] | None
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
    clothing_endings: tuple[str, ...]
    patterns: Mapping[str, Pattern[str]]
    longest_gap: int
    cues_with_person: int
    cues_without_person: int
    confidence: float


@dataclass(frozen=True, slots=True)
class NameRules:
    """What the name finder knows beside the lexicon: lists of lower-case words."""

    confidence: Mapping[str, float]
    lists: Mapping[str, frozenset[str]]
    surname_endings: tuple[str, ...]
    place_endings: tuple[str, ...]


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
        for key in ("pattern", "barred_by", "barred_without_cue"):
            if key in rule:
                rule[key] = _fill_in(rule[key], macros)
    return declared


def compiled(pattern: str) -> Pattern[str]:
    """Compile a portable pattern; a final `$` means the very end, as it does in JavaScript."""
    return re.compile(pattern.replace("$", r"\Z"))


def _fill_in(pattern: str, macros: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda match: macros[match[1]], pattern)


def _rule(declared: Mapping[str, Any]) -> Rule:
    return Rule(
        name=declared["name"],
        pattern=compiled(declared["pattern"]),
        check=declared.get("check", "found"),
        needs=declared.get("needs", ""),
        barred_by=_optional(declared, "barred_by"),
        barred_without_cue=_optional(declared, "barred_without_cue"),
        cue=_optional(declared, "cue"),
        cue_before=_optional(declared, "cue_before"),
        verdicts={key: Verdict(**value) for key, value in declared["verdicts"].items()},
    )


def _optional(declared: Mapping[str, Any], key: str) -> Pattern[str] | None:
    return compiled(declared[key]) if key in declared else None


def _tables(declared: Mapping[str, Any]) -> Tables:
    phones = declared["phones"]
    return Tables(
        public_prefixes=tuple(phones["public_prefixes"]),
        three_digit_areas=frozenset(phones["three_digit_areas"]),
        not_numbers=[compiled(pattern) for pattern in phones["not_numbers"]],
        plate_words=frozenset(declared["plates"]["words"].split()),
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
        words={
            word: category for key, category in categories.items() for word in declared[key].split()
        },
        clothing_endings=tuple(declared["clothing_endings"]),
        patterns={name: compiled(pattern) for name, pattern in declared["patterns"].items()},
        longest_gap=declared["longest_gap"],
        cues_with_person=declared["cues_with_person"],
        cues_without_person=declared["cues_without_person"],
        confidence=declared["confidence"],
    )


def _names(declared: Mapping[str, Any]) -> NameRules:
    lists = declared["words"] | declared["chains"] | declared["cues"]
    surname_endings, place_endings = lists.pop("surname_endings"), lists.pop("place_endings")
    return NameRules(
        confidence=declared["confidence"],
        lists={name: frozenset(words.split()) for name, words in lists.items()},
        surname_endings=tuple(surname_endings),
        place_endings=tuple(place_endings),
    )
