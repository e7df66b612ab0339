"""Numbers as people write them: decimal comma, spaces between thousands, a typographic minus."""

import math
import re

_SPACES = re.compile(r"[\s\u00a0\u202f']")
_NUMBER = re.compile(r"[+\-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+\-]?\d+)?")


def to_number(text: str) -> float:
    """The number, always finite. Raises ValueError for anything else, 'nan' and 'inf' included."""
    plain = _SPACES.sub("", text).replace("\u2212", "-")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"not a number: {text!r}")
    number = float(plain.replace(",", "."))
    if not math.isfinite(number):
        raise ValueError(f"not a finite number: {text!r}")
    return number


def to_whole_number(text: str) -> int:
    """A whole number; '12,0' is one, '12,5' raises ValueError."""
    number = to_number(text)
    if number != int(number):
        raise ValueError(f"not a whole number: {text!r}")
    return int(number)
