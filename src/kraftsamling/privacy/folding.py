"""Reads odd Unicode as plain Swedish text while remembering where every character came from."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

# Stands for every character outside the basic plane, so that an index means the same in Python,
# which counts code points, and in JavaScript, which counts 16-bit units.
UNKNOWN: Final = "\ufffd"
# Most texts hold nothing odd, and are folded already.
PLAIN: Final = re.compile("[\n -~ÅÄÖåäöÉéÜü]*")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, its lower-case twin of the same length, and the way back.

    Character `i` of `text` stands for `original[starts[i]:ends[i]]`, in code points.
    """

    text: str
    lower: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of the folded characters `start` to `end` (at least one)."""
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class Table:
    """What each odd character becomes; `compose` joins a letter with its combining mark."""

    replace: Mapping[str, str]
    compose: Mapping[str, str]
    marks: frozenset[str]


def fold(text: str) -> Folded:
    """Fold `text`: invisible characters vanish, digits, dashes and spaces become plain."""
    if PLAIN.fullmatch(text):
        return Folded(text, text.lower(), tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    table = _table()
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, original in enumerate(text):
        character = original
        if original > "~":
            if original in table.marks:
                if folded:
                    folded[-1] = table.compose.get(folded[-1] + original, folded[-1])
                    ends[-1] = index + 1
                continue
            character = table.replace.get(original, original)
            if not character:
                continue
            if character > "\uffff":
                character = UNKNOWN
        elif original < " ":
            character = table.replace.get(original, original)
        folded.append(character)
        starts.append(index)
        ends.append(index + 1)
    plain = "".join(folded)
    return Folded(plain, _lower(plain), tuple(starts), tuple(ends))


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c if len(c.lower()) > 1 else c.lower() for c in text)


@cache
def _table() -> Table:
    return table_from(rules())


@cache
def rules() -> Mapping[str, Any]:
    """The declared folding, as it stands in rules/folding.toml."""
    return tomllib.loads(
        resources.files(__package__).joinpath("rules/folding.toml").read_text(encoding="utf-8")
    )


def table_from(declared: Mapping[str, Any]) -> Table:
    """Spell out the declared ranges, one entry a character."""
    replace = dict.fromkeys(_characters(declared["drop"]), "")
    replace |= dict.fromkeys(_characters(declared["space"]), " ")
    replace |= dict.fromkeys(_characters(declared["newline"]), "\n")
    replace |= dict.fromkeys(_characters(declared["hyphen"]), "-")
    replace |= dict.fromkeys(_characters(declared["apostrophe"]), "'")
    for zero in declared["zeros"]:
        replace |= {chr(int(zero, 16) + digit): str(digit) for digit in range(10)}
    wide = declared["fullwidth"]
    first, last, becomes = (int(wide[key], 16) for key in ("from", "to", "becomes"))
    replace |= {chr(code): chr(code - first + becomes) for code in range(first, last + 1)}
    compose = {
        pair[0] + chr(int(mark, 16)): pair[1]
        for mark, pairs in declared["compose"].items()
        for pair in re.findall(r"\S\S", pairs)
    }
    return Table(replace, compose, frozenset(_characters([declared["marks"]])))


def _characters(ranges: Iterable[str]) -> Iterator[str]:
    for item in ranges:
        first, _, last = item.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))
