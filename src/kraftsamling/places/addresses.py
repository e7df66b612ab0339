"""Addresses as far as we keep them: a street and a number, never a door."""

import re
from dataclasses import dataclass

# 'Bredgatan 14 B lgh 1203, 2 tr': everything from the first of these words on leads indoors.
_INDOORS = re.compile(
    r"""[\s,]*\b(
        (?:lgh|lägenhet|apt|apartment|flat)\.?\s*(?:nr\.?\s*)?\d+\w?\b
      | (?:lgh|lägenhet|apt|apartment|flat)\b
      | \d{1,2}\s*(?:tr|trappor|vån|våningen)\b\.?
      | (?:tr|trappa|trappor|vån|våning|våningen|plan)\.?\s*\d{1,2}\b
      | (?:port|uppgång|ingång|trapphus|dörr)(?:kod)?\.?\s+\w{1,4}\b
      | (?:dörrkod|portkod)\b.*
      | c/o\b.*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_POSTCODE = re.compile(r"\b(?:SE?[- ])?\d{3}\s\d{2}\b.*$", re.IGNORECASE)
_STREET = re.compile(r"^\s*(?P<street>[^\d,]{2,120}?)\s*(?P<number>\d{1,4})(?!\d)")


@dataclass(frozen=True)
class StreetAddress:
    """A street and perhaps a house number; letters and doors are gone."""

    street: str
    number: int | None


def names_dwelling(text: str) -> bool:
    """Whether an address leads to an apartment, a stair or a person's door."""
    return _INDOORS.search(text) is not None


def without_dwelling(text: str) -> str:
    """The address as far as the house: apartment, stair, door code and postcode are cut off."""
    return _POSTCODE.sub("", _INDOORS.sub("", text)).strip(" ,;")


def to_street_address(text: str) -> StreetAddress:
    """What a text says of street and number: 'Bredgatan 14 B lgh 1203' → Bredgatan, 14."""
    outside = without_dwelling(text)
    match = _STREET.match(outside)
    if match is None:
        return StreetAddress(outside.split(",")[0].strip(), None)
    return StreetAddress(match["street"].strip(" ,"), int(match["number"]))
