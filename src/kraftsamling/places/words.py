"""Matching what is typed against many names, word by word.

Words are matched, not whole names: 'bibliotek hageby' finds 'Hageby bibliotek', and a half-typed
or misspelt word still finds its name. Everything is kept as arrays, so that ten thousand names
take a few milliseconds.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

_MOST_WORDS = 6
_MOST_SPELLINGS = 40
_LOWEST = 0.6
_JOINED_LOWEST = 78
_CONTENT = 0.8  # a score that needs no further attempts
_STREET_ENDINGS = ("gatan", "vagen", "granden", "stigen")
# 'parken' → 'park', 'skolan' → 'skola', 'museet' → 'museum': names are asked for as one speaks.
_DEFINITE = {"en": ("",), "et": ("", "um"), "n": ("",), "t": ("",), "na": ("",), "erna": ("er",)}


class WordIndex:
    """Scores folded names against a folded query: 0 for no match, about 1 for an exact one."""

    def __init__(self, names: Sequence[str]) -> None:
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(names):
            for word in dict.fromkeys(name.split()):
                rows[word].append(number)
        self._names = {name: number for number, name in reversed(list(enumerate(names)))}
        self._spellings = sorted(rows)
        self._rows = {word: np.array(found, dtype=np.int64) for word, found in rows.items()}
        self._text = "\n".join(self._spellings)
        ends = np.cumsum([len(spelling) + 1 for spelling in self._spellings], dtype=np.int64)
        self._ends = ends.tolist()
        self._joined = [name.replace(" ", "") for name in names]
        self._lengths = np.array([len(name.split()) for name in names], dtype=np.float64)
        self._size = len(names)

    def scores(self, query: str) -> NDArray[Any]:
        """A score for each name, in the order the names were given."""
        words = query.split()[:_MOST_WORDS]
        if not words or not self._size:
            return np.zeros(self._size)
        total = self._word_scores(words)
        if len(words) > 1 and total.max() < _CONTENT:
            # 'stads biblioteket': compounds written apart are the commonest slip in Swedish.
            for number in range(len(words) - 1):
                joined = [*words[:number], words[number] + words[number + 1], *words[number + 2 :]]
                total = np.maximum(total, self._word_scores(joined) * 0.97)
        self._add_joined(query.replace(" ", ""), total, is_compound=len(words) > 1)
        if query in self._names:
            total[self._names[query]] = max(1.05, total[self._names[query]])
        return total

    def _word_scores(self, words: Sequence[str]) -> NDArray[Any]:
        total = np.zeros(self._size)
        for word in words:
            best = np.zeros(self._size)
            for spelling, likeness in self._like(word).items():
                rows = self._rows[spelling]
                best[rows] = np.maximum(best[rows], likeness)
            total += best
        total /= len(words)
        total -= 0.015 * np.clip(self._lengths - len(words), 0, 6)
        total[total < _LOWEST] = 0
        return total

    def _like(self, word: str) -> dict[str, float]:
        """Spellings that `word` may stand for, with their likeness, 1 for the same."""
        found: dict[str, float] = {}
        for spelling, distance, _number in process.extract(
            word, self._spellings, scorer=OSA.distance, score_cutoff=_slips(word),
            limit=_MOST_SPELLINGS,
        ):  # fmt: skip
            found[spelling] = 1.0 if distance == 0 else 0.93 - 0.09 * distance
        if len(word) >= 2:
            for spelling in self._beginning_with(word):
                likeness = 0.84 + 0.14 * len(word) / len(spelling)
                found[spelling] = max(found.get(spelling, 0), likeness)
        if len(word) >= 4:
            for spelling in self._containing(word):
                found.setdefault(spelling, 0.78)
            for ending, replacements in _DEFINITE.items():
                for replacement in replacements:
                    base = word.removesuffix(ending) + replacement
                    if word.endswith(ending) and base in self._rows:
                        found[base] = max(found.get(base, 0), 0.92)
        if len(word) >= 5:
            self._add_half_typed(word, found)
        return found

    def _beginning_with(self, word: str) -> list[str]:
        start = bisect_left(self._spellings, word)
        end = bisect_left(self._spellings, word + "\U0010ffff")
        return self._spellings[start : min(end, start + 400)]

    def _containing(self, word: str) -> list[str]:
        """Compounds: 'stadsbiblioteket' holds 'bibliotek'. One search through all spellings."""
        found: list[str] = []
        position = self._text.find(word)
        while position >= 0 and len(found) < 400:
            number = bisect_right(self._ends, position)
            found.append(self._spellings[number])
            position = self._text.find(word, self._ends[number])
        return found

    def _add_half_typed(self, word: str, found: dict[str, float]) -> None:
        """Longer words whose beginning is `word` with a slip; the first letter is trusted."""
        slips, length = (1 if len(word) < 8 else 2), len(word)
        for spelling in self._beginning_with(word[0]):
            if spelling in found or len(spelling) <= length:
                continue
            if OSA.distance(word, spelling[:length], score_cutoff=slips) <= slips:
                found[spelling] = 0.72

    def _add_joined(self, query: str, total: NDArray[Any], *, is_compound: bool) -> None:
        """Names written apart or together: 'stads bibliotek', 'medborgar plats'."""
        if len(query) < 5:
            return
        for _name, likeness, number in process.extract(
            query, self._joined, scorer=fuzz.ratio, score_cutoff=_JOINED_LOWEST, limit=10
        ):
            # Of two words by themselves the typing errors have been counted already.
            if is_compound or self._lengths[number] > 1:
                total[number] = max(total[number], likeness / 100 * 0.95)


def _slips(word: str) -> int:
    """How many typing errors a word may hold, by its length; a street's ending gives no more.

    'Storgatan' and 'Skolgatan' differ in two letters of four, however long 'gatan' is.
    """
    ending = next((each for each in _STREET_ENDINGS if word.endswith(each)), "")
    length = len(word) - len(ending) if len(word) > len(ending) + 2 else len(word)
    if ending and length < len(word):
        return 1 if length < 7 else 2
    if length < 4:
        return 0
    return 1 if length < 7 else 2
