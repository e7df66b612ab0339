"""Identifiers: unguessable where they stand in an address, readable where a person meets them."""

import re
import unicodedata

# Letters that NFKD leaves whole, though everyone types the plain letter for them.
_WHOLE_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "ß": "ss", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ı": "i"}
)


def to_slug(name: str, *, max_length: int = 80) -> str:
    """A name as lower-case ASCII words joined by hyphens: 'Hyresbostäder' → 'hyresbostader'.

    Raises ValueError when nothing is left (a name in another script needs its slug given).
    """
    decomposed = unicodedata.normalize("NFKD", name.lower().translate(_WHOLE_LETTERS))
    ascii_only = decomposed.encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:max_length].rstrip("-")
    if not slug:
        raise ValueError(f"no ASCII letters or digits in {name!r}")
    return slug


def to_free_slug(name: str, taken: set[str], *, max_length: int = 80) -> str:
    """A slug that is not in `taken`, numbered from 2 where needed."""
    base = to_slug(name, max_length=max_length - 5)
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
