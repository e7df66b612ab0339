"""Cuts a folded text into words."""

import re
from typing import Final, NamedTuple

from .folding import Folded

LETTER: Final = "A-Za-zÀ-ÖØ-öø-ɏ"
WORD: Final = re.compile(f"[{LETTER}]+(?:['-][{LETTER}]+)*")
WORD_CHARACTER: Final = re.compile(f"[0-9{LETTER}]")
PARTICLE: Final = re.compile(f"[{LETTER}]{{1,3}}['-]")
SENTENCE_BREAK: Final = frozenset('.!?:;\n"•*')


class Token(NamedTuple):
    """A word with its place in the folded text.

    `capital`: begins with a capital; `shouted`: is all capitals; `opening`: begins a sentence, a
    line or a quotation, where a capital says nothing; `gap`: what stands before it.
    A named tuple because a text has many and a dataclass takes twice the time to make.
    """

    start: int
    end: int
    text: str
    lower: str
    capital: bool
    shouted: bool
    opening: bool
    gap: str


def tokens_of(folded: Folded) -> list[Token]:
    """All words of the text, in order."""
    tokens: list[Token] = []
    previous_end = 0
    for match in WORD.finditer(folded.text):
        start, end = match.span()
        text = match[0]
        gap = folded.text[previous_end:start]
        tokens.append(
            Token(
                start=start,
                end=end,
                text=text,
                lower=folded.lower[start:end],
                capital=_has_capital(text, folded.lower[start:end]),
                shouted=len(text) > 1 and text[1] != folded.lower[start + 1],
                opening=not tokens or not SENTENCE_BREAK.isdisjoint(gap),
                gap=gap,
            )
        )
        previous_end = end
    return tokens


def _has_capital(text: str, lower: str) -> bool:
    """Whether the word begins with a capital, perhaps after a particle: al-Khafaji, d'Angelo."""
    if text[0] != lower[0]:
        return True
    particle = PARTICLE.match(text)
    return particle is not None and text[particle.end()] != lower[particle.end()]


def begins_word(text: str, index: int) -> bool:
    """Whether no letter or digit stands before this character."""
    return index == 0 or not WORD_CHARACTER.match(text[index - 1])
