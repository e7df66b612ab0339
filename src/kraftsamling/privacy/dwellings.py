"""Finds dwellings: a street or an entrance with a floor, a flat's number, where somebody lives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .claims import Claim
from .folding import Folded
from .rulebook import DwellingRules
from .tokens import Token, begins_word


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an address: street, door, floor, side, entrance or residence."""

    name: str
    start: int
    end: int


def claims(folded: Folded, tokens: Sequence[Token], rules: DwellingRules) -> Iterator[Claim]:
    """Chains of neighbouring parts that together tell which dwelling is meant."""
    for chain in _chains(folded, _parts(folded, tokens, rules), rules):
        names = {part.name for part in chain}
        if any(combination <= names for combination in rules.combinations):
            start, end = chain[0].start, chain[-1].end
            # A bracket that opens inside closes inside too: Tallgatan 9 (lgh 1204).
            end += "(" in folded.text[start:end] and folded.text[end : end + 1] == ")"
            yield Claim("dwelling", start, end, "warn", rules.confidence)


def _parts(folded: Folded, tokens: Sequence[Token], rules: DwellingRules) -> list[Part]:
    found = list(_streets(folded, tokens, rules))
    for name, pattern in rules.parts.items():
        for match in pattern.finditer(folded.lower):
            start, end = match.span()
            if begins_word(folded.lower, start):
                found.append(Part(name, start, end))
    found.sort(key=lambda part: (part.start, -part.end))
    apart: list[Part] = []
    for part in found:
        if not apart or part.start >= apart[-1].end:
            apart.append(part)
    return apart


def _streets(folded: Folded, tokens: Sequence[Token], rules: DwellingRules) -> Iterator[Part]:
    for index, token in enumerate(tokens):
        if not token.lower.endswith(rules.street_endings):
            continue
        start = _street_start(tokens, index, rules)
        is_named = start < token.start or token.lower not in rules.street_endings
        number = rules.street_number.match(folded.lower, token.end)
        if is_named and number:
            yield Part("street", start, number.end())


def _street_start(tokens: Sequence[Token], index: int, rules: DwellingRules) -> int:
    """Södra Promenaden and Wilhelm Wibergs gata begin up to two words earlier."""
    first = index
    while first > max(0, index - 2) and tokens[first].gap == " ":
        lead = tokens[first - 1]
        if not lead.capital and lead.lower not in rules.street_leads:
            break
        first -= 1
    return tokens[first].start


def _chains(folded: Folded, parts: Sequence[Part], rules: DwellingRules) -> Iterator[list[Part]]:
    chain: list[Part] = []
    for part in parts:
        if chain and not _joins(folded.lower[chain[-1].end : part.start], rules):
            yield chain
            chain = []
        chain.append(part)
    if chain:
        yield chain


def _joins(between: str, rules: DwellingRules) -> bool:
    return len(between) <= rules.most_between and between.strip(" ,./(-") in rules.joints
