"""Which words are names in Sweden: the lexicon, its compact form and how it is read."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Final

COMMON_GIVEN: Final = 1
RARE_GIVEN: Final = 2
SURNAME: Final = 4

SHARED_LETTERS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def encode(names: Mapping[str, int]) -> str:
    """Write names and their flags as sorted, front-coded lines, the same bytes every time."""
    lines = []
    previous = ""
    for name in sorted(names):
        shared = _shared_length(previous, name)
        lines.append(f"{SHARED_LETTERS[shared]}{name[shared:]}{names[name]}")
        previous = name
    return "\n".join(lines) + "\n"


def decode(lines: Iterable[str]) -> dict[str, int]:
    """Read what `encode` wrote: lower-case name → flags."""
    names = {}
    name = ""
    for line in lines:
        name = name[: SHARED_LETTERS.index(line[0])] + line[1:-1]
        names[name] = int(line[-1])
    return names


def source() -> str:
    """The committed lexicon as text, exactly as the browser gets it."""
    return resources.files(__package__).joinpath("names.txt").read_text(encoding="utf-8")


@cache
def names() -> Mapping[str, int]:
    """The committed lexicon, decoded once per process (about 20 ms)."""
    return decode(source().splitlines())


def _shared_length(one: str, other: str) -> int:
    longest = min(len(one), len(other), len(SHARED_LETTERS) - 1)
    for length in range(longest):
        if one[length] != other[length]:
            return length
    return longest
