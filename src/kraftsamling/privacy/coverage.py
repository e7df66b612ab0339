"""Covers the words that belong to places, organisations and things, so that they are no persons."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from .rulebook import NameRules
from .tokens import Token

LONGEST_CHAIN: Final = 5  # capitalised words in one name of a place
SPELT: Final = 3  # words of the spelling alphabet in a row

Phrases = Mapping[str, Collection[tuple[str, ...]]]


def covered_words(tokens: Sequence[Token], rules: NameRules, phrases: Phrases) -> list[bool]:
    """For each word whether it belongs to a place, an organisation or a thing."""
    covered = [False] * len(tokens)
    for index in range(len(tokens)):
        for start, end in _spans_at(tokens, index, rules, phrases):
            covered[start:end] = [True] * (end - start)
    return covered


def _spans_at(
    tokens: Sequence[Token], index: int, rules: NameRules, phrases: Phrases
) -> Iterator[tuple[int, int]]:
    """What is covered because of this word: a known name, a thing's name, a chain of capitals."""
    token = tokens[index]
    for phrase in phrases.get(token.lower) or phrases.get(token.lower.removesuffix("s"), ()):
        if _stands_at(tokens, index, phrase):
            yield index, index + len(phrase)
    if token.lower in rules.lists["thing_nouns"] or _is_saint(tokens, index):
        yield index + 1, _chain_end(tokens, index + 1)
    if "-" in token.text and _is_named_thing(token, rules):
        yield _chain_start(tokens, index), index + 1
    if token.lower in rules.lists["spelling"] and _is_spelling(tokens, index, rules):
        yield index, index + SPELT
    if token.capital and not _is_chained(tokens, index):
        end = _chain_end(tokens, index)
        if _names_a_place(tokens, index, end, rules):
            yield index, end


def _stands_at(tokens: Sequence[Token], index: int, phrase: tuple[str, ...]) -> bool:
    """Whether the phrase stands here; its last word may have a genitive s."""
    words = [token.lower for token in tokens[index : index + len(phrase)]]
    return len(words) == len(phrase) and (
        words[:-1] == list(phrase[:-1]) and words[-1] in (phrase[-1], f"{phrase[-1]}s")
    )


def _is_saint(tokens: Sequence[Token], index: int) -> bool:
    """S:t Olofs kyrka, S:ta Maria."""
    token = tokens[index]
    after_s = index > 0 and token.gap == ":" and tokens[index - 1].lower == "s"
    return after_s and token.lower in ("t", "ta")


def _is_named_thing(token: Token, rules: NameRules) -> bool:
    """Åberg-muralen: what follows the last hyphen is a common noun with its article."""
    before, _, noun = token.text.rpartition("-")
    return (
        len(noun) > 3
        and bool(before)
        and noun == noun.lower()
        and noun.endswith(rules.thing_endings)
    )


def _chain_start(tokens: Sequence[Token], index: int) -> int:
    """The first of at most two words before this one that are written as it is, capital or not."""
    first = index
    while (
        first > max(0, index - 2)
        and tokens[first].gap == " "
        and tokens[first - 1].capital == tokens[index].capital
    ):
        first -= 1
    return first


def _is_spelling(tokens: Sequence[Token], index: int, rules: NameRules) -> bool:
    """Adam Bertil Cesar: letters of the spelling alphabet, not people."""
    words = tokens[index : index + SPELT]
    return len(words) == SPELT and all(
        word.lower in rules.lists["spelling"] and (word is words[0] or word.gap == " ")
        for word in words
    )


def _is_chained(tokens: Sequence[Token], index: int) -> bool:
    return index > 0 and tokens[index].gap == " " and tokens[index - 1].capital


def _chain_end(tokens: Sequence[Token], first: int) -> int:
    """The end of the run of capitalised words that begins here, `LONGEST_CHAIN` words at most."""
    end = first
    limit = min(len(tokens), first + LONGEST_CHAIN)
    while end < limit and tokens[end].capital and (end == first or tokens[end].gap == " "):
        end += 1
    return end


def _names_a_place(tokens: Sequence[Token], first: int, end: int, rules: NameRules) -> bool:
    """A chain in the genitive before a place noun, or one that ends as a place or organisation."""
    last = tokens[end - 1].lower
    several = end - first > 1
    nouns = rules.lists["place_nouns"]
    if several and (last in nouns or last in rules.lists["organisation_endings"]):
        return True
    if several and last.endswith(rules.place_endings):
        return True
    if end >= len(tokens) or tokens[end].gap != " " or not last.endswith("s"):
        return False
    noun = tokens[end].lower
    return noun in nouns or (several and noun in rules.lists["place_nouns_after_two"])
