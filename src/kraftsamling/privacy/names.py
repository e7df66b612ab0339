"""Finds names of persons among the words of a text.

A name is a word of the lexicon, but a word of the lexicon is not always a name: Björn, Sten and Maj
walk in the woods too, and Wilhelm Wibergs gata is a street. So the finder first covers what belongs
to places and organisations and then weighs the rest: how sure the word is, where the capital
stands, what stands before and after.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from . import lexicon
from .claims import Claim
from .rulebook import NameRules
from .tokens import Token

NO, WEAK, STRONG = 0, 1, 2  # how sure it is that a word is a name
MOST_PARTS: Final = 5  # of one person's name
APART: Final = frozenset({" ", ". ", "-"})  # what stands between the parts of a name

Phrases = Mapping[str, Collection[tuple[str, ...]]]


@dataclass(slots=True)
class _Finder:
    tokens: Sequence[Token]
    rules: NameRules
    known: Mapping[str, int]
    covered: list[bool]
    has_capitals: bool

    def claims(self) -> Iterator[Claim]:
        index = 0
        while index < len(self.tokens):
            claim, index = self._claim_at(index)
            if claim:
                yield claim

    def _claim_at(self, index: int) -> tuple[Claim | None, int]:
        """The claim that begins at this word, if any, and where to go on."""
        if self.covered[index]:
            return None, index + 1
        last, kind = self._full_name(index)
        if kind:
            return self._claim(kind, "full_name", index, last), last + 1
        kind = self._lone_given(index)
        if kind:
            return self._claim(kind, "first_name", index, index), index + 1
        kind = self._lone_surname(index)
        if kind:
            return self._claim(kind, "last_name", index, index), index + 1
        return None, index + 1

    def _claim(self, strength: int, kind: str, first: int, last: int) -> Claim:
        confidence = self.rules.confidence[kind if strength == STRONG else f"{kind}_weak"]
        return Claim(kind, self.tokens[first].start, self.tokens[last].end, "warn", confidence)

    # Full names

    def _full_name(self, first: int) -> tuple[int, int]:
        """The last word of the name that begins here and how sure it is; NO if there is none."""
        token = self.tokens[first]
        if not token.capital:
            return self._lower_case_name(first)
        given, surname = self._given(token), self._surname(token)
        initial = len(token.text) == 1
        if given == NO and (initial or not token.opening) and self._is_never(token):
            return first, NO
        last, best = self._rest_of_name(first)
        if last == first:
            return self._reversed_name(first, surname)
        if given == STRONG or (given == WEAK and (best > NO or not token.opening)):
            return last, STRONG if best and (given == STRONG or best == STRONG) else WEAK
        may_be_unknown_given = initial or (not token.opening and not self._is_never(token))
        return (last, WEAK) if best == STRONG and may_be_unknown_given else (first, NO)

    def _rest_of_name(self, first: int) -> tuple[int, int]:
        """How far a name goes on after its first word, and the surest word in that rest."""
        last, best = first, NO
        index = first + 1
        while index < len(self.tokens) and index - first < MOST_PARTS:
            token = self.tokens[index]
            if token.gap not in APART or (
                token.gap == ". " and len(self.tokens[index - 1].text) > 1
            ):
                break
            if token.lower in self.rules.lists["particles"]:
                index += 1
                continue
            if not self._continues_name(index):
                break
            last, best = index, max(best, self._surname(token), self._given(token))
            index += 1
        return last, best

    def _continues_name(self, index: int) -> bool:
        token = self.tokens[index]
        if not token.capital or self.covered[index]:
            return False
        if self._surname(token) or self._given(token):
            return True
        return not self._is_never(token) and not (token.shouted and len(token.text) > 1)

    def _reversed_name(self, first: int, surname: int) -> tuple[int, int]:
        """Andersson, Anna."""
        after = first + 1
        if surname == NO or after >= len(self.tokens) or self.tokens[after].gap != ", ":
            return first, NO
        token = self.tokens[after]
        strength = self._given(token) if token.capital and not self.covered[after] else NO
        follows = after + 1 < len(self.tokens) and self.tokens[after + 1].gap == ", "
        if (
            surname == STRONG
            and strength == STRONG
            and not follows
            and not self._given(self.tokens[first])
        ):
            return after, STRONG
        return first, NO

    def _lower_case_name(self, first: int) -> tuple[int, int]:
        """anna andersson: both words must be beyond doubt, and neither a word of the language."""
        after = first + 1
        if self._given(self.tokens[first]) != STRONG or after >= len(self.tokens):
            return first, NO
        token = self.tokens[after]
        sure = token.gap == " " and not self.covered[after] and self._surname(token) == STRONG
        return (after, WEAK) if sure and not self._is_never(token) else (first, NO)

    # Single names

    def _lone_given(self, index: int) -> int:
        token = self.tokens[index]
        strength = self._given(token)
        if strength == NO:
            named = self._preceded_by(index, "naming") and token.capital
            return WEAK if named and not self._is_never(token) else NO
        if not token.capital:
            return self._lower_case_given(index, strength)
        if strength == STRONG or self._preceded_by(index, "roles", "naming"):
            return strength
        if token.lower in self.rules.lists["places"] and self._preceded_by(
            index, "place_prepositions"
        ):
            return NO
        if token.opening or token.shouted:
            return WEAK if self._followed_by(index, "person_verbs") else NO
        return WEAK

    def _lower_case_given(self, index: int, strength: int) -> int:
        """In lower case only a sure name counts, and only where a name is expected."""
        token = self.tokens[index]
        if strength != STRONG or len(token.text) < 3 or token.lower not in self.known:
            return NO
        if token.lower in self.rules.lists["lower_case_words"]:
            return NO
        expected = self._preceded_by(index, "roles", "naming") or not self.has_capitals
        return WEAK if expected or self._followed_by(index, "person_verbs") else NO

    def _lone_surname(self, index: int) -> int:
        token = self.tokens[index]
        strength = self._surname(token) if token.capital else NO
        if strength == NO or self._is_never(token):
            return NO
        if self._preceded_by(index, "roles", "naming"):
            return strength
        if strength == WEAK:
            return NO
        if self._base(token).endswith("sson") and not token.shouted:
            return STRONG
        return NO if token.opening or token.shouted else WEAK

    def _preceded_by(self, index: int, *lists: str) -> bool:
        if index == 0 or self.tokens[index].gap not in (" ", ": "):
            return False
        before = self.tokens[index - 1].lower
        return any(before in self.rules.lists[name] for name in lists)

    def _followed_by(self, index: int, name: str) -> bool:
        after = index + 1
        if after >= len(self.tokens) or self.tokens[after].gap != " ":
            return False
        return self.tokens[after].lower in self.rules.lists[name]

    # Single words

    def _given(self, token: Token) -> int:
        if token.lower in self.known or "-" not in token.lower:
            return self._given_word(self._base(token))
        halves = self._base(token).split("-")
        return STRONG if all(self._given_word(half) for half in halves) else NO

    def _given_word(self, word: str) -> int:
        flags = self.known.get(word, 0)
        if word in self.rules.lists["never"]:
            return NO
        if flags & lexicon.COMMON_GIVEN:
            return WEAK if word in self.rules.lists["ambiguous"] else STRONG
        return WEAK if flags & lexicon.RARE_GIVEN else NO

    def _surname(self, token: Token) -> int:
        word = self._base(token)
        if "-" in word and word not in self.known:
            word = word.rsplit("-", 1)[1]
        if self.known.get(word, 0) & lexicon.SURNAME:
            return WEAK if word in self.rules.lists["ambiguous"] else STRONG
        long_enough = len(word) > 5
        return STRONG if long_enough and word.endswith(self.rules.surname_endings) else NO

    def _base(self, token: Token) -> str:
        """The word without a genitive s: Ahmeds is Ahmed, but Jonas is Jonas."""
        word = token.lower
        if word not in self.known and word.endswith("s") and not word.endswith("ss"):
            return word[:-1].removesuffix("'")
        return word

    def _is_never(self, token: Token) -> bool:
        return token.lower in self.rules.lists["never"]


def claims(tokens: Sequence[Token], rules: NameRules, phrases: Phrases) -> Iterator[Claim]:
    """Names of persons; `phrases` are the places and organisations that the caller knows."""
    covered = _covered(tokens, rules, phrases)
    has_capitals = any(token.capital and not token.opening for token in tokens)
    yield from _Finder(tokens, rules, lexicon.names(), covered, has_capitals).claims()


def _covered(tokens: Sequence[Token], rules: NameRules, phrases: Phrases) -> list[bool]:
    """Which words belong to a place, an organisation or a thing."""
    covered = [False] * len(tokens)
    for index, token in enumerate(tokens):
        for phrase in phrases.get(token.lower, ()) or phrases.get(
            token.lower.removesuffix("s"), ()
        ):
            if _stands_at(tokens, index, phrase):
                covered[index : index + len(phrase)] = [True] * len(phrase)
        if token.lower in rules.lists["thing_nouns"] or _is_saint(tokens, index):
            end = _chain_end(tokens, index + 1)
            covered[index + 1 : end] = [True] * (end - index - 1)
        if token.capital and (index == 0 or not _is_chained(tokens, index)):
            end = _chain_end(tokens, index)
            if _names_a_place(tokens, index, end, rules):
                covered[index:end] = [True] * (end - index)
    return covered


def _stands_at(tokens: Sequence[Token], index: int, phrase: tuple[str, ...]) -> bool:
    """Whether the phrase stands here; its last word may have a genitive s."""
    words = [token.lower for token in tokens[index : index + len(phrase)]]
    return len(words) == len(phrase) and (
        words[:-1] == list(phrase[:-1]) and words[-1] in (phrase[-1], f"{phrase[-1]}s")
    )


def _is_saint(tokens: Sequence[Token], index: int) -> bool:
    """S:t Olofs kyrka, S:ta Maria."""
    token = tokens[index]
    return token.gap == ":" and token.lower in ("t", "ta") and tokens[index - 1].lower == "s"


def _is_chained(tokens: Sequence[Token], index: int) -> bool:
    return tokens[index].gap == " " and tokens[index - 1].capital


def _chain_end(tokens: Sequence[Token], index: int) -> int:
    """The end of the run of capitalised words that begins here, at most `MOST_PARTS` words on."""
    end = index
    limit = min(len(tokens), index + MOST_PARTS)
    while end < limit and tokens[end].capital and (end == index or tokens[end].gap == " "):
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
