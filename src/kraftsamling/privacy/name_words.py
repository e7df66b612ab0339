"""Judges a single word: is it a first name, is it a surname, and how sure is that?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from . import lexicon
from .rulebook import NameRules
from .tokens import Token

NO: Final = 0
WEAK: Final = 1  # a rare name, or one that is a word or a place as well
STRONG: Final = 2


@dataclass(frozen=True, slots=True)
class NameWords:
    """The lexicon and the lists of words, together."""

    rules: NameRules
    known: Mapping[str, int]

    def given(self, token: Token) -> int:
        """How sure it is that the word is a first name; Anna-Karin counts when both halves do."""
        if self.is_never(token):
            return NO
        base = self._base(token)
        if token.lower in self.known or "-" not in token.lower:
            return self._given_word(base)
        return STRONG if all(map(self._given_word, base.split("-"))) else NO

    def surname(self, token: Token) -> int:
        """How sure it is that the word is a surname; of two with a hyphen the last one counts."""
        word = self._base(token)
        if "-" in word and word not in self.known:
            word = word.rsplit("-", 1)[1]
        if self.known.get(word, 0) & lexicon.SURNAME:
            return WEAK if self._is("ambiguous", word) else STRONG
        return STRONG if len(word) > 5 and word.endswith(self.rules.surname_endings) else NO

    def is_son(self, token: Token) -> bool:
        """Andersson and her like are nothing but surnames."""
        return self._base(token).endswith("sson")

    def is_never(self, token: Token) -> bool:
        """Whether the word is no name although somebody bears it."""
        return self._is("never", token.lower)

    def counts_in_lower_case(self, token: Token) -> bool:
        """Whether the word without its capital can still only be a name."""
        long_enough = len(token.text) > 2 and token.lower in self.known
        return long_enough and not self._is("lower_case_words", token.lower)

    def _given_word(self, word: str) -> int:
        if self._is("never", word):
            return NO
        flags = self.known.get(word, 0)
        if flags & lexicon.COMMON_GIVEN:
            return WEAK if self._is("ambiguous", word) else STRONG
        return WEAK if flags & lexicon.RARE_GIVEN else NO

    def _base(self, token: Token) -> str:
        """The word without a genitive s: Ahmeds is Ahmed, but Jonas is Jonas."""
        word = token.lower
        if word in self.known or not word.endswith("s") or word.endswith("ss"):
            return word
        return word[:-1].removesuffix("'")

    def _is(self, name: str, word: str) -> bool:
        return word in self.rules.lists[name]
