"""Finds names of persons among the words of a text.

A name is a word of the lexicon, but a word of the lexicon is not always a name: Björn, Sten and Maj
walk in the woods too, and Wilhelm Wibergs gata is a street. So what belongs to places and
organisations is covered first (coverage.py), every word is judged by itself (name_words.py), and
here the rest is weighed: where the capital stands, what stands before and after.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from . import lexicon
from .claims import Claim
from .coverage import Phrases, covered_words
from .name_words import NO, STRONG, WEAK, NameWords
from .rulebook import NameRules
from .tokens import Token

MOST_PARTS: Final = 5  # of one person's name
APART: Final = frozenset({" ", ". ", "-"})  # what stands between the parts of a name


def claims(tokens: Sequence[Token], rules: NameRules, phrases: Phrases) -> Iterator[Claim]:
    """Names of persons; `phrases` are the places and organisations that the caller knows."""
    yield from _Finder(
        tokens=tokens,
        rules=rules,
        words=NameWords(rules, lexicon.names()),
        covered=covered_words(tokens, rules, phrases),
        has_capitals=any(token.capital and not token.opening for token in tokens),
    ).claims()


@dataclass(frozen=True, slots=True)
class _Finder:
    """One text's words. Every question about a word gets NO, WEAK or STRONG as its answer."""

    tokens: Sequence[Token]
    rules: NameRules
    words: NameWords
    covered: Sequence[bool]
    has_capitals: bool

    def claims(self) -> Iterator[Claim]:
        index = 0
        while index < len(self.tokens):
            claim, last = self._claim_at(index)
            if claim:
                yield claim
            index = last + 1

    def _claim_at(self, index: int) -> tuple[Claim | None, int]:
        """The claim that begins at this word, if any, and its last word."""
        if self.covered[index]:
            return None, index
        last, strength = self._full_name(index)
        if strength:
            return self._claim("full_name", strength, index, last), last
        if strength := self._lone_given(index):
            return self._claim("first_name", strength, index, index), index
        if strength := self._lone_surname(index):
            return self._claim("last_name", strength, index, index), index
        return None, index

    def _claim(self, kind: str, strength: int, first: int, last: int) -> Claim:
        confidence = self.rules.confidence[kind if strength == STRONG else f"{kind}_weak"]
        return Claim(kind, self.tokens[first].start, self.tokens[last].end, "warn", confidence)

    # Full names: each answer comes with the last word of the name.

    def _full_name(self, first: int) -> tuple[int, int]:
        token = self.tokens[first]
        if not token.capital:
            return self._lower_case_name(first)
        last, rest = self._rest_of_name(first)
        if last == first:
            return self._reversed_name(first)
        return last, self._begins_name(token, rest)

    def _begins_name(self, token: Token, rest: int) -> int:
        """Whether this word begins a name whose other words are at best as sure as `rest`."""
        given = self.words.given(token)
        if given == STRONG:
            return STRONG if rest else WEAK
        if given == WEAK:
            return STRONG if rest == STRONG else WEAK if rest or not token.opening else NO
        # Before a sure surname: an initial, or a first name that the lexicon does not have.
        is_initial = len(token.text) == 1
        may_be_name = (is_initial or not token.opening) and not self.words.is_never(token)
        return WEAK if rest == STRONG and may_be_name else NO

    def _rest_of_name(self, first: int) -> tuple[int, int]:
        """How far a name goes on after its first word, and how sure its surest word there is."""
        last, best = first, NO
        for index in range(first + 1, min(first + MOST_PARTS, len(self.tokens))):
            token = self.tokens[index]
            ends_sentence = token.gap == ". " and len(self.tokens[index - 1].text) > 1
            if token.gap not in APART or ends_sentence:
                break
            if token.lower in self.rules.lists["particles"]:
                continue
            if not self._continues_name(index):
                break
            last, best = index, max(best, self.words.surname(token), self.words.given(token))
        return last, best

    def _continues_name(self, index: int) -> bool:
        token = self.tokens[index]
        if not token.capital or self.covered[index]:
            return False
        if self.words.surname(token) or self.words.given(token):
            return True
        return not self.words.is_never(token) and not token.shouted

    def _reversed_name(self, first: int) -> tuple[int, int]:
        """Andersson, Anna; but not a list of names."""
        after = first + 1
        if not self._has_gap(after, ", ") or self._has_gap(after + 1, ", "):
            return first, NO
        surname, given = self.tokens[first], self.tokens[after]
        is_surname = self.words.surname(surname) == STRONG and not self.words.given(surname)
        is_given = given.capital and not self.covered[after] and self.words.given(given) == STRONG
        return (after, STRONG) if is_surname and is_given else (first, NO)

    def _lower_case_name(self, first: int) -> tuple[int, int]:
        """anna andersson: both words must be beyond doubt."""
        after = first + 1
        if not self._has_gap(after, " ") or self.covered[after]:
            return first, NO
        given, surname = self.tokens[first], self.tokens[after]
        sure = self.words.given(given) == STRONG and self.words.surname(surname) == STRONG
        return (after, WEAK) if sure and not self.words.is_never(surname) else (first, NO)

    # Single names

    def _lone_given(self, index: int) -> int:
        token = self.tokens[index]
        strength = self.words.given(token)
        if strength == NO:
            return self._unknown_given(index)
        if not token.capital:
            return self._lower_case_given(index, strength)
        if strength == STRONG or self._is_after(index, "roles", "naming"):
            return strength
        is_place = token.lower in self.rules.lists["places"]
        if is_place and self._is_after(index, "place_prepositions"):
            return NO
        # Here the capital says nothing, so that only a person's verb makes a person of the word.
        if token.opening or token.shouted:
            return WEAK if self._is_before(index, "person_verbs") else NO
        return WEAK

    def _unknown_given(self, index: int) -> int:
        """Kallas Bobban: what follows is a name, whatever the lexicon says."""
        token = self.tokens[index]
        is_named = token.capital and self._is_after(index, "naming")
        return WEAK if is_named and not self.words.is_never(token) else NO

    def _lower_case_given(self, index: int, strength: int) -> int:
        """In lower case only a sure name counts, and only where a name is expected."""
        if strength != STRONG or not self.words.counts_in_lower_case(self.tokens[index]):
            return NO
        expected = (
            not self.has_capitals
            or self._is_after(index, "roles", "naming")
            or self._is_before(index, "person_verbs")
        )
        return WEAK if expected else NO

    def _lone_surname(self, index: int) -> int:
        token = self.tokens[index]
        strength = self.words.surname(token)
        if strength == NO or not token.capital or self.words.is_never(token):
            return NO
        if self._is_after(index, "roles", "naming"):
            return strength
        if strength == WEAK or token.shouted:
            return NO
        if self.words.is_son(token):
            return STRONG
        if token.opening:
            return WEAK if self._is_before(index, "surname_verbs") else NO
        return WEAK

    # The words beside

    def _is_after(self, index: int, *lists: str) -> bool:
        if index == 0 or self.tokens[index].gap not in (" ", ": "):
            return False
        before = self.tokens[index - 1].lower
        return any(before in self.rules.lists[name] for name in lists)

    def _is_before(self, index: int, name: str) -> bool:
        after = index + 1
        return self._has_gap(after, " ") and self.tokens[after].lower in self.rules.lists[name]

    def _has_gap(self, index: int, gap: str) -> bool:
        """Whether there is such a word and this stands before it."""
        return index < len(self.tokens) and self.tokens[index].gap == gap
